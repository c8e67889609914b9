"""How far a change is: publication is not law, law is not in force, and what was announced may never come."""

from datetime import date

import pytest

from ingest.read.model import DateRole, Status
from tests.ingest.read.items import read

TRAPS = [
    ("withdrawn", "BE", "Belgium drops the VAT rise on take-away meals", "The Belgian government has withdrawn its plan to raise the VAT rate on take-away meals from 6 % to 12 % on 1 March 2026.", date(2026, 1, 20)),
    ("announced", "BE", "Belgium to raise VAT on take-away meals", "The government announced that it plans to raise the VAT rate on take-away meals from 6 % to 12 % from 1 March 2026.", date(2025, 11, 24)),
    ("withdrawn", "ZA", "VAT increase withdrawn", "The Minister of Finance announced that the increase of the VAT rate from 15% to 15.5%, which was to take effect on 1 May 2025, will not proceed.", date(2025, 4, 24)),
    ("announced", "ZA", "Budget 2025: VAT", "The Minister of Finance proposes to increase the VAT rate from 15% to 15.5% on 1 May 2025.", date(2025, 3, 12)),
    ("withdrawn", "EU", "No EU VAT of 22 %", "The Commission denies reports that an EU VAT of 22 % will apply from 1 January 2027. No such rate has been adopted.", date(2026, 3, 1)),
    ("withdrawn", "EU", "Fact check: 22 % EU VAT", "Reports of a uniform VAT rate of 22 % are false. Such a rate never existed.", date(2026, 3, 1)),
    ("postponed", "EU", "Reporting postponed", "The application of the reporting rules, adopted in 2025, is postponed to 1 January 2028.", date(2026, 3, 1)),
    ("postponed", "US", "Compliance date extended", "FinCEN extends the compliance date of the final rule to 1 January 2028.", date(2026, 3, 1)),
    ("withdrawn", "GB", "Levy repealed", "The levy was repealed before it applied.", date(2026, 3, 1)),
    ("withdrawn", "DE", "Court annuls the order", "The Federal Administrative Court annulled the order of 3 May 2026 on cash payments.", date(2026, 8, 1)),
    ("withdrawn", "BR", "Decree struck down", "The Supreme Court struck down the decree that raised the tax from 0.38 % to 1.1 %.", date(2025, 7, 1)),
    ("consultation", "EU", "EBA consults on draft RTS", "The EBA launched a consultation on draft standards under Regulation (EU) 2024/1624, which was adopted in 2024. Comments may be sent by 6 June 2026.", date(2026, 3, 6)),
    ("announced", "EU", "Payment services: Commission proposal", "The proposal would apply from 1 January 2028.", date(2026, 3, 6)),
    ("announced", "IE", "Bill on cash published", "The bill must still be approved by Parliament. It would enter into force on 1 July 2027.", date(2026, 3, 6)),
    ("announced", "IE", "Law not yet adopted", "The law on cash limits has not yet been adopted.", date(2026, 3, 6)),
    ("announced", "IN", "Cabinet approves draft bill", "The Cabinet approved a draft bill on digital payments.", date(2026, 3, 6)),
    ("in_force_scheduled", "EE", "VAT rises to 24 %", "Parliament has adopted the VAT Act amendments. The standard rate rises from 22 % to 24 % on 1 July 2027.", date(2026, 12, 1)),
    ("in_force_scheduled", "GB", "Regulations made", "The Payment Services (Amendment) Regulations 2026 were made on 3 May 2026 and come into force on 1 October 2026.", date(2026, 5, 4)),
    ("in_force", "GB", "Regulations in force", "The Payment Services (Amendment) Regulations 2026 came into force on 1 October 2026.", date(2026, 10, 2)),
    ("in_force", "SG", "New limit", "MAS has issued a notice. The limit of S$5,000 applies with immediate effect.", date(2026, 10, 2)),
    ("adopted", "FR", "Act published", "The act was published in the Official Journal. A decree will set the day from which it applies.", date(2026, 10, 2)),
    ("guidance", "EU", "Guidelines on customer due diligence", "The EBA published guidelines on remote onboarding.", date(2026, 10, 2)),
    ("guidance", "GB", "VAT on digital services: questions and answers", "HMRC clarifies how the place of supply is found.", date(2026, 10, 2)),
    ("guidance", "IE", "Reminder: reporting of beneficial owners", "The Central Bank reminds firms of their duties.", date(2026, 10, 2)),
    ("enforcement", "GB", "FCA fines bank £10 million", "The bank was fined for failures in its anti-money laundering controls.", date(2026, 10, 2)),
    ("enforcement", "LT", "Licence of payment institution revoked", "The Bank of Lithuania revoked the licence of a payment institution.", date(2026, 10, 2)),
    ("enforcement", "LT", "Authorisation withdrawn", "The authorisation of the firm has been withdrawn for breaches of the law.", date(2026, 10, 2)),
    ("postponed", "US", "Rule suspended", "The agency suspended the rule on cash reporting.", date(2026, 10, 2)),
    ("adopted", "EG", "Cap lifted", "The Central Bank of Egypt cancelled the cap of EGP 60,000 on transfers.", date(2026, 10, 2)),
    ("withdrawn", "PL", "President vetoes crypto act", "The act, which would have applied from 1 July 2026, was vetoed.", date(2026, 5, 2)),
    ("announced", "NL", "Government to raise VAT", "The rate would go up from 21% to 22% on 1 January 2027. The measure requires approval by parliament.", date(2026, 5, 2)),
    ("withdrawn", "NG", "VAT stays at 7.5%", "The ministry said there are no plans to increase VAT from 7.5% to 10%.", date(2026, 5, 2)),
    ("guidance", "KE", "Update", "Correction: an earlier version of this notice stated that the rate was 15.2 %. The correct rate is 12.5 %.", date(2026, 5, 2)),
    ("guidance", "RU", "Operators and data", "The agency reminds operators that the act, in force since 1 July 2026, prohibits databases abroad.", date(2026, 10, 2)),
    ("adopted", "INT", "FATF updates its grey list", "The FATF added two jurisdictions to the list of jurisdictions under increased monitoring.", date(2026, 2, 13)),
    ("in_force_scheduled", "EU", "Corrigendum to Regulation (EU) 2024/886", "Corrigendum: in Article 5, for 9 October 2025 read 9 October 2027. The Regulation applies from 9 October 2027.", date(2026, 2, 13)),
]  # fmt: skip


@pytest.mark.parametrize(("status", "place", "title", "text", "published"), TRAPS)
def test_the_status_is_no_more_law_than_the_text(
    status: str, place: str, title: str, text: str, published: date
) -> None:
    assert read(text, title=title, place=place, published=published).status.value == status


OTHERS = [
    ("es", "ES", "announced", "El Gobierno propone subir el IVA del 21 % al 23 % a partir del 1 de enero de 2027."),
    ("es", "ES", "announced", "El proyecto de ley eleva el límite y está pendiente de aprobación."),
    ("es", "ES", "in_force_scheduled", "El Congreso aprobó la Ley 7/2026. El tipo pasa del 21 % al 23 % a partir del 1 de enero de 2027."),
    ("es", "CL", "withdrawn", "El Ministerio retiró el proyecto que subía el IVA del 19 % al 20 %."),
    ("es", "CO", "withdrawn", "La Corte declaró inconstitucional el decreto sobre el impuesto."),
    ("es", "MX", "postponed", "La CNBV aplaza la entrada en vigor de la circular al 1 de julio de 2027."),
    ("es", "ES", "consultation", "Se abre consulta pública sobre el reglamento. Comentarios hasta el 15 de diciembre de 2026."),
    ("es", "ES", "withdrawn", "Hacienda desmiente una subida del IVA: la noticia es falsa."),
    ("fr", "FR", "announced", "Le gouvernement envisage de relever le taux de TVA de 10 % à 12 %."),
    ("fr", "FR", "in_force_scheduled", "Le décret publié au Journal officiel porte le taux de 10 % à 12 % à compter du 1er janvier 2027."),
    ("fr", "BE", "withdrawn", "Le gouvernement renonce à la hausse de la TVA sur les plats à emporter."),
    ("fr", "FR", "postponed", "L'entrée en vigueur de la facturation électronique est reportée au 1er septembre 2027."),
    ("fr", "FR", "consultation", "L'ACPR ouvre une consultation publique sur le projet d'instruction."),
    ("fr", "FR", "withdrawn", "Le Conseil d'État annule l'arrêté du 3 mai 2026."),
    ("fr", "FR", "enforcement", "Sanction : l'ACPR prononce une amende de 2 millions d'euros à l'encontre d'un établissement."),
    ("de", "DE", "announced", "Die Bundesregierung plant, den Steuersatz von 19 auf 21 Prozent zu erhöhen."),
    ("de", "DE", "announced", "Der Gesetzentwurf muss noch vom Bundestag beschlossen werden."),
    ("de", "DE", "in_force_scheduled", "Der Bundesrat hat dem Gesetz zugestimmt. Es tritt am 1. Januar 2027 in Kraft."),
    ("de", "DE", "withdrawn", "Die Erhöhung der Mehrwertsteuer tritt nicht in Kraft, der Entwurf wurde zurückgezogen."),
    ("de", "DE", "postponed", "Die Anwendung der Verordnung wird auf den 1. Juli 2027 verschoben."),
    ("de", "DE", "consultation", "Die BaFin konsultiert den Entwurf des Rundschreibens. Stellungnahmen sind bis zum 15. Dezember 2026 möglich."),
    ("de", "DE", "guidance", "Die BaFin hat ein Merkblatt zu Zahlungsdiensten mit Hinweisen aktualisiert."),
    ("de", "DE", "enforcement", "Die BaFin hat gegen ein Institut ein Bußgeld in Höhe von 500.000 Euro verhängt."),
    ("pt", "BR", "announced", "O governo propõe elevar a alíquota de 18% para 20%."),
    ("pt", "BR", "in_force_scheduled", "O Banco Central editou a Resolução BCB nº 142, que entra em vigor em 1º de dezembro de 2026."),
    ("pt", "BR", "postponed", "O Banco Central adiou a entrada em vigor para 1º de julho de 2027."),
    ("pt", "BR", "withdrawn", "A Receita Federal desmente a taxação do Pix: a notícia é falsa."),
    ("pt", "BR", "consultation", "O Banco Central abre consulta pública sobre o limite. Contribuições até 15 de dezembro de 2026."),
    ("zh", "CN", "in_force_scheduled", "国务院公布《增值税法实施条例》，自2027年1月1日起施行。"),
    ("zh", "CN", "in_force_scheduled", "《非银行支付机构监督管理条例实施细则》已经审议通过，现予公布，自2027年7月9日起施行。"),
    ("zh", "CN", "consultation", "中国人民银行就《条例（征求意见稿）》公开征求意见。"),
    ("zh", "CN", "announced", "财政部正在研究调整增值税税率。"),
    ("zh", "CN", "postponed", "该办法的施行日期推迟至2027年7月1日。"),
    ("zh", "CN", "withdrawn", "税务总局辟谣：所谓税率上调的消息不属实。"),
    ("zh", "CN", "enforcement", "中国人民银行对某支付机构处以罚款500万元。"),
    ("id", "ID", "in_force_scheduled", "Bank Indonesia menerbitkan PBI yang mulai berlaku pada tanggal 1 Januari 2027."),
    ("id", "ID", "announced", "Pemerintah berencana menaikkan tarif PPN dari 11 persen menjadi 12 persen."),
    ("id", "ID", "withdrawn", "Kenaikan tarif PPN dibatalkan oleh pemerintah."),
    ("id", "ID", "postponed", "Penerapan aturan baru ditunda hingga 1 Juli 2027."),
    ("id", "ID", "withdrawn", "Ditjen Pajak membantah kabar kenaikan tarif; kabar itu tidak benar."),
    ("vi", "VN", "in_force_scheduled", "Quốc hội đã thông qua Nghị quyết giảm thuế suất từ 10% xuống 8% từ ngày 01/01/2027."),
    ("vi", "VN", "announced", "Bộ Tài chính đề xuất giảm thuế suất từ 10% xuống 8%."),
    ("vi", "VN", "consultation", "Ngân hàng Nhà nước lấy ý kiến góp ý đối với dự thảo Thông tư đến ngày 15/12/2026."),
    ("vi", "VN", "postponed", "Chính phủ hoãn áp dụng quy định đến ngày 01/07/2027."),
    ("it", "IT", "in_force_scheduled", "La legge, pubblicata in Gazzetta Ufficiale, entra in vigore il 1° gennaio 2027."),
    ("nl", "NL", "announced", "Het kabinet stelt voor het btw-tarief te verhogen van 9 naar 21 procent."),
    ("pl", "PL", "in_force_scheduled", "Sejm uchwalił ustawę, która wchodzi w życie 1 stycznia 2027."),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "status", "text"), OTHERS)
def test_the_status_is_read_in_other_languages(language: str, place: str, status: str, text: str) -> None:
    assert read(text, language=language, place=place).status.value == status


def test_the_same_law_is_scheduled_the_day_before_and_in_force_on_the_day() -> None:
    text = "Parliament adopted the act. The rate rises from 20 % to 22 % with effect from 1 January 2027."
    assert read(text, place="EE", published=date(2026, 12, 31)).status is Status.IN_FORCE_SCHEDULED
    assert read(text, place="EE", published=date(2027, 1, 1)).status is Status.IN_FORCE


def test_adopted_law_without_a_day_is_only_adopted() -> None:
    assert read("Parliament adopted the act on cash payments.", place="EE").status is Status.ADOPTED


def test_a_withdrawal_that_is_denied_withdraws_nothing() -> None:
    assert read("The proposal has not been withdrawn.", place="EU").status is Status.ANNOUNCED


def test_a_circular_that_is_withdrawn_and_replaced_is_law_that_changes() -> None:
    text = "MAS has issued a new notice. Notice 3 is withdrawn and replaced by the new notice with effect from 1 July 2027."
    assert read(text, title="MAS issues new notice", place="SG").status is Status.IN_FORCE_SCHEDULED


def test_cash_that_is_withdrawn_is_no_withdrawal_of_law() -> None:
    assert (
        read("Parliament adopted a limit for cash withdrawals of EUR 500 from 1 July 2027.", place="GR").status
        is Status.IN_FORCE_SCHEDULED
    )


def test_what_is_withdrawn_has_no_day_of_application() -> None:
    item = read("The plan to apply the rate of 12 % from 1 March 2027 has been withdrawn.", place="BE")
    assert item.status is Status.WITHDRAWN
    assert {one.role for one in item.dates} == {DateRole.MENTIONED}
    assert item.effective is None


def test_the_words_that_decide_are_shown() -> None:
    item = read("The increase was withdrawn.", place="BE")
    assert item.status_span is not None
    assert item.quoted(item.status_span) == "withdrawn"


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Corrigendum to Regulation (EU) 2024/886"), ("en", "This notice replaces our notice of 3 May 2026."), ("en", "The ministry withdraws the announcement of 3 May."), ("en", "Erratum: the rate is 12.5 %, not 15.2 %."),
    ("es", "Corrección de errores de la Ley 7/2026"), ("fr", "Rectificatif au décret n° 2026-364"), ("de", "Berichtigung der Verordnung (EU) 2024/886"), ("pt", "Retificação da Resolução BCB nº 142"),
    ("zh", "更正公告"), ("id", "Ralat atas pengumuman tarif"), ("vi", "Đính chính Thông tư 10/2026/TT-BTC"), ("it", "Errata corrige al decreto"),
])  # fmt: skip
def test_words_of_correction_are_found(language: str, text: str) -> None:
    item = read(text, title="", language=language, place=None)
    assert item.corrects is not None


def test_an_item_that_corrects_nothing_says_so() -> None:
    assert read("Parliament adopted the act.", place="GB").corrects is None
