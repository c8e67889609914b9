"""Laws, circulars and notices, under one name each."""

import pytest

from tests.ingest.read.items import read

NAMED = [
    ("en", "EU", "Under Directive (EU) 2015/2366 firms must act.", [("Directive (EU) 2015/2366", "directive", "")]),
    ("en", "EU", "Under Directive 2015/2366/EU firms must act.", [("Directive (EU) 2015/2366", "directive", "")]),
    ("en", "EU", "PSD2 is the law that firms must follow.", [("Directive (EU) 2015/2366", "directive", "")]),
    ("en", "EU", "Article 97(1)(a) of Directive (EU) 2015/2366 is changed.", [("Directive (EU) 2015/2366", "directive", "Art. 97(1)(a)")]),
    ("en", "EU", "Commission Delegated Regulation (EU) 2018/389, Art. 16(2) is changed.", [("Delegated Regulation (EU) 2018/389", "regulation", "Art. 16(2)")]),
    ("en", "EU", "Commission Implementing Regulation (EU) 2024/1234 is made.", [("Implementing Regulation (EU) 2024/1234", "regulation", "")]),
    ("en", "EU", "Regulation (EU) No 260/2012 is amended today.", [("Regulation (EU) No 260/2012", "regulation", "")]),
    ("en", "EU", "Council Directive 2006/112/EC sets the rates.", [("Directive 2006/112/EC", "directive", "")]),
    ("en", "EU", "The AMLR applies and DORA applies as well.", [("Regulation (EU) 2024/1624", "regulation", ""), ("Regulation (EU) 2022/2554", "regulation", "")]),
    ("en", "EU", "The proposal COM(2023) 367 is discussed.", [("COM(2023) 367", "bill", "")]),
    ("de", "DE", "Die Richtlinie (EU) 2015/2366 gilt für alle Institute.", [("Directive (EU) 2015/2366", "directive", "")]),
    ("de", "DE", "Die Delegierte Verordnung (EU) 2018/389 wird geändert.", [("Delegated Regulation (EU) 2018/389", "regulation", "")]),
    ("de", "DE", "Nach § 12 Abs. 2 Nr. 15 UStG sinkt der Steuersatz für Restaurants.", [("Umsatzsteuergesetz (UStG)", "act", "§ 12 Abs. 2 Nr. 15")]),
    ("de", "DE", "Die Pflichten nach dem Geldwäschegesetz werden verschärft.", [("Geldwäschegesetz (GwG)", "act", "")]),
    ("de", "DE", "Das Jahressteuergesetz 2026 ändert den Steuersatz.", [("Jahressteuergesetz 2026", "act", "")]),
    ("fr", "FR", "Le règlement (UE) 2016/679 s'applique à tous les traitements.", [("Regulation (EU) 2016/679", "regulation", "")]),
    ("fr", "FR", "Le règlement délégué (UE) 2018/389 est modifié pour les banques.", [("Delegated Regulation (EU) 2018/389", "regulation", "")]),
    ("fr", "FR", "La loi n° 2024-364 modifie le taux de la taxe.", [("Loi n° 2024-364", "act", "")]),
    ("fr", "FR", "Le décret n° 2026-12 fixe le nouveau montant.", [("Décret n° 2026-12", "decree", "")]),
    ("es", "ES", "La Ley 37/1992 regula el impuesto sobre el valor añadido.", [("Ley 37/1992", "act", "")]),
    ("es", "ES", "El artículo 91 de la Ley 37/1992 se modifica desde hoy.", [("Ley 37/1992", "act", "Art. 91")]),
    ("es", "ES", "El Real Decreto-ley 4/2024 rebaja el tipo de los alimentos.", [("Real Decreto-ley 4/2024", "decree", "")]),
    ("es", "ES", "El Reglamento (UE) 2016/679 se aplica a los datos.", [("Regulation (EU) 2016/679", "regulation", "")]),
    ("es", "AR", "La Ley 25.246 fue modificada por el Congreso.", [("Ley 25.246", "act", "")]),
    ("pt", "BR", "A Lei Complementar nº 214/2025 institui o novo imposto.", [("Lei Complementar 214/2025", "act", "")]),
    ("pt", "BR", "A Lei nº 13.709, de 14 de agosto de 2018, trata de dados.", [("Lei 13.709/2018", "act", "")]),
    ("pt", "BR", "A Resolução BCB nº 1 aprova o regulamento do Pix.", [("Resolução BCB 1", "decision", "")]),
    ("pt", "BR", "A Circular 3.978 dispõe sobre a prevenção à lavagem.", [("Circular 3.978", "circular", "")]),
    ("pt", "BR", "A LGPD protege os dados pessoais dos clientes.", [("Lei 13.709/2018", "act", "")]),
    ("zh", "CN", "《中华人民共和国个人信息保护法》第三十八条规定了出境条件。", [("个人信息保护法", "act", "第三十八条")]),
    ("zh", "CN", "现印发《金融机构客户尽职调查管理办法》，请遵照执行。", [("金融机构客户尽职调查管理办法", "regulation", "")]),
    ("zh", "CN", "财政部 税务总局公告2026年第12号规定了新的税率。", [("财政部 税务总局公告2026年第12号", "notice", "")]),
    ("id", "ID", "UU No. 7 Tahun 2021 mengatur tarif pajak pertambahan nilai.", [("UU No. 7 Tahun 2021", "act", "")]),
    ("id", "ID", "PMK 131/2024 mengatur tarif pajak pertambahan nilai.", [("PMK 131/2024", "regulation", "")]),
    ("id", "ID", "Peraturan Menteri Keuangan Nomor 131 Tahun 2024 mengatur tarif pajak.", [("PMK No. 131 Tahun 2024", "regulation", "")]),
    ("vi", "VN", "Nghị định 52/2024/NĐ-CP quy định về thanh toán không dùng tiền mặt.", [("Nghị định 52/2024/NĐ-CP", "decree", "")]),
    ("vi", "VN", "Thông tư số 40/2024/TT-NHNN hướng dẫn về dịch vụ trung gian thanh toán.", [("Thông tư 40/2024/TT-NHNN", "circular", "")]),
    ("vi", "VN", "Quyết định 11/2023/QĐ-TTg quy định mức giao dịch phải báo cáo.", [("Quyết định 11/2023/QĐ-TTg", "decision", "")]),
    ("en", "RU", "Federal Law No. 23-FZ governs the data of users.", [("Federal Law No. 23-FZ", "act", "")]),
    ("en", "GB", "The Finance Act 2026 sets the rate.", [("Finance Act 2026", "act", "")]),
    ("en", "GB", "Under section 5 of the Finance Act 2026 it is set.", [("Finance Act 2026", "act", "section 5")]),
    ("en", "GB", "The Payment Services (Amendment) Regulations 2026 are made.", [("Payment Services (Amendment) Regulations 2026", "regulation", "")]),
    ("en", "GB", "The order is published as S.I. 2026/123 today.", [("S.I. 2026/123", "regulation", "")]),
    ("en", "US", "FinCEN amends 31 CFR 1010.311 for all banks.", [("31 CFR 1010.311", "regulation", "")]),
    ("en", "US", "The Bank Secrecy Act applies to all banks.", [("Bank Secrecy Act", "act", "")]),
    ("en", "SG", "MAS Notice 626 is amended for all banks.", [("MAS Notice 626", "notice", "")]),
    ("en", "IS", "Act No. 90/2018 on data is amended here.", [("Act No. 90/2018", "act", "")]),
    ("en", "IN", "The Digital Personal Data Protection Act 2023 is in force.", [("Digital Personal Data Protection Act 2023", "act", "")]),
    ("en", "INT", "The FATF revised Recommendation 16 on payments.", [("FATF Recommendation 16", "other", "")]),
    ("en", "EU", "The EBA published EBA/GL/2022/15 for firms.", [("EBA/GL/2022/15", "guidelines", "")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "expected"), NAMED)
def test_an_instrument_has_one_name(language: str, place: str, text: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(text, language=language, place=place).instruments
    assert [(one.name, one.kind, one.provision) for one in found] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The minister will act on the law.",
        "We act in good faith under civil law.",
        "A notice was put on the door of the house.",
        "The order of 12 desks was delivered on time.",
    ],
)
def test_words_of_every_day_are_no_instruments(text: str) -> None:
    assert read(text, place="GB").instruments == ()


def test_a_short_name_is_read_by_the_place() -> None:
    assert [one.name for one in read("The PSR applies to all payments in the market.", place="EU").instruments] == [
        "Payment Services Regulation (PSR)"
    ]
    british = read("The PSR consults on the market for card schemes.", place="GB")
    assert british.instruments == ()
    assert [one.name for one in british.regulators] == ["PSR"]


def test_an_instrument_named_twice_is_given_once_for_each_provision() -> None:
    text = "Article 5 of Regulation (EU) 2024/886 and Article 6 of Regulation (EU) 2024/886 change. Regulation (EU) 2024/886 and Article 5 of Regulation (EU) 2024/886."
    assert [one.provision for one in read(text, place="EU").instruments] == ["Art. 5", "Art. 6", ""]
