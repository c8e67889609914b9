"""Laws that are cited by a title or a day, and numbers with the body between: as lawyers write them."""

from __future__ import annotations

import pytest

from tests.ingest.read.items import read

CITED = [
    ("de", "CH", "Der Bundesrat hat die Verordnung über die Bekämpfung der Geldwäscherei geändert.", "Verordnung über die Bekämpfung der Geldwäscherei"),
    ("de", "AT", "Nach dem Finanzmarktaufsichtsgesetz und der Online-Identifikationsverordnung gilt das.", "Online-Identifikationsverordnung"),
    ("de", "CH", "Die Datenbearbeitungsverordnung-FINMA wird geändert und tritt bald in Kraft.", "Datenbearbeitungsverordnung-FINMA"),
    ("en", "EE", "The amendments to the Law on Payment Institutions and Electronic Money were adopted.", "Law on Payment Institutions and Electronic Money"),
    ("en", "GB", "The Value Added Tax (Place of Supply of Services) Order is amended from 1 May.", "Value Added Tax (Place of Supply of Services) Order"),
    ("en", "NG", "The duties follow from the Revenue Activities Act and from nothing else.", "Revenue Activities Act"),
    ("en", "NZ", "The Finance Bill was introduced, and the Goods and Services Tax Law stays.", "Finance Bill"),
    ("en", "US-NY", "Licensees under 23 NYCRR 201 must file every year with the Department.", "23 NYCRR 201"),
    ("en", "AE", "Firms are reminded that the Payment Token Services Rulebook applies to them.", "Payment Token Services Rulebook"),
    ("en", "PH", "Circular 1170 lowers the fee, and Executive Order 14067 does not.", "Circular 1170"),
    ("en", "ZA", "The Value-Added Tax Act, No. 89 of 1991 sets the rate of the tax.", "Value-Added Tax Act No. 89 of 1991"),
    ("es", "MX", "Se reforma la Ley Federal para la Prevención e Identificación de Operaciones con Recursos de Procedencia Ilícita.",
     "Ley Federal para la Prevención e Identificación de Operaciones con Recursos de Procedencia Ilícita"),
    ("es", "ES", "La Circular del Banco de España 4/2026 entra en vigor mañana y modifica la anterior.", "Circular 4/2026"),
    ("pt", "PT", "O Aviso do Banco de Portugal n.º 9/2027 altera o regime e a Lei Geral Tributária.", "Aviso 9/2027"),
    ("fr", "FR", "L'arrêté du 3 mars 2027 abaisse le seuil de déclaration des opérations.", "Arrêté du 3 mars 2027"),
    ("fr", "MA", "La Circulaire n° 7/W/2027 relève le plafond des paiements en espèces.", "Circulaire n° 7/W/2027"),
    ("id", "ID", "POJK Nomor 8 Tahun 2027 mewajibkan bank menyimpan data di dalam negeri.", "POJK No. 8 Tahun 2027"),
    ("vi", "VN", "Luật Quản lý thuế được sửa đổi và có hiệu lực từ ngày 01/7/2027.", "Luật Quản lý thuế"),
    ("zh", "CN", "根据银发〔2027〕36号文件，支付机构应当调整业务流程并报告情况。", "银发〔2027〕36号"),
    ("zh", "CN", "《反洗钱法》自明年起施行，金融机构应当做好准备并修订制度。", "反洗钱法"),
    ("it", "IT", "Il decreto legislativo n. 231/2007 è modificato e la soglia è ridotta a 1.000 euro.", "Decreto legislativo n. 231/2007"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "name"), CITED)
def test_a_law_is_known_by_its_title(language: str, place: str, text: str, name: str) -> None:
    assert name in [one.name for one in read(text, language=language, place=place).instruments]


NONE = [
    ("en", "US", "By order of the court the code of conduct on the website was changed by law."),
    ("en", "GB", "The Court Order was served, and the Civil Code of Practice group met."),
    ("en", "GB", "Retail Payment Activities grew, and the Lawson Billing Ordered Codex was sold."),
    ("de", "DE", "Ein Gesetz ist noch keine Verordnung; der Gesetzgeber und das Gesetzblatt warten."),
    ("es", "ES", "La ley del más fuerte no es una norma, y el reglamento de la casa tampoco."),
    ("pt", "PT", "A lei da oferta e da procura não é uma norma do banco, nem o código postal."),
]


@pytest.mark.parametrize(("language", "place", "text"), NONE)
def test_what_only_sounds_like_a_law_is_none(language: str, place: str, text: str) -> None:
    assert read(text, language=language, place=place).instruments == ()


def test_a_directive_of_the_union_is_not_cut_by_its_title() -> None:
    found = read("Commission Delegated Regulation (EU) 2018/389 is amended.", language="en", place="EU").instruments

    assert [one.name for one in found] == ["Delegated Regulation (EU) 2018/389"]
