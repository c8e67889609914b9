"""What is not what it looks like: told by kinds of wording that fooled the reader once, in other words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.ingest.read.items import read

PUBLISHED = date(2026, 11, 2)

STATUS = [
    ("withdrawn", "en", "GB", "No change to the limit for contactless payments", "No such decision was taken. What was written in the press is baseless."),
    ("withdrawn", "en", "GB", "Duty on vouchers", "The Minister has decided against the levy that was proposed in March."),
    ("withdrawn", "pt", "BR", "Perde validade a medida provisória da alíquota", "O Congresso não votou a tempo."),
    ("enforcement", "en", "GB", "Firms that have not complied with the transfer rules", "The firms below received a penalty. Entries are removed after a year."),
    ("enforcement", "de", "CH", "Verfahren gegen einen Zahlungsdienst abgeschlossen", "Das Institut hat schwer gegen die Sorgfaltspflichten verstossen."),
    ("in_force_scheduled", "en", "MT", "Cash: a lower limit", "The Regulations were gazetted. From 1 March 2027 no more than EUR 3,000 may be paid. The penalty of not less than 40% is unchanged."),
    ("consultation", "en", "ZA", "Draft notice on storage", "The Bank publishes for comment a draft that would oblige operators to store data at home."),
    ("consultation", "de", "CH", "Anhörung zur Verordnung eröffnet", "Vorgeschlagen wird, die Schwelle zu senken."),
    ("postponed", "es", "ES", "Ampliación del plazo", "Se amplía un año el plazo previsto en el Real Decreto 5/2025."),
    ("postponed", "en", "GB", "Receipts", "The obligation, which was to apply from 1 May 2027, will now apply from 1 May 2028."),
    ("postponed", "en", "IN", "Revised timeline for tokenisation", "Banks must comply by 1 October 2027."),
    ("in_force_scheduled", "es", "PE", "Doble factor", "La Superintendencia recuerda que, según la Resolución SBS N° 99-2026, rige a partir del 1 de julio de 2027 la obligación."),
    ("guidance", "es", "PE", "Doble factor", "La Superintendencia recuerda que, según la Resolución SBS N° 99-2020, rige la obligación."),
    ("announced", "en", "PH", "House passes bill on wallets", "The House of Representatives passed the bill. It was transmitted to the Senate."),
    ("guidance", "en", "GB", "What we expect of firms", "We expect firms to review controls. The Act was gazetted in 2019."),
    ("announced", "en", "EU", "EBA publishes standards", "The final draft technical standards lay down rules. They were submitted to the European Commission."),
    ("announced", "en", "CY", "Cash limit", "The Cabinet approved amendments to the law on Tuesday."),
    ("withdrawn", "en", "GB", "VAT", "The government repealed the increase that had been enacted for April."),
    ("postponed", "en", "US", "Relief", "The regulator extends the relief, and a new start date is 1 May 2028."),
    ("guidance", "en", "GB", "How we work", "A new page was added. It has passed many tests of readers."),
]  # fmt: skip


@pytest.mark.parametrize(("status", "language", "place", "title", "text"), STATUS)
def test_the_main_clause_tells_how_far_it_is(status: str, language: str, place: str, title: str, text: str) -> None:
    assert read(text, title=title, language=language, place=place).status.value == status


def test_value_added_tax_adds_nothing() -> None:
    assert (
        read("The page on value added tax was shortened.", title="Value added tax", place="SA").status.value
        == "guidance"
    )


SUBJECTS = [
    ("en", "Exchange rates for VAT: May 2027", "The rates apply from 1 to 31 May 2027.", True),
    ("en", "Customs: amendment of tariff headings", "The rate of duty on steel is increased from 10% to 13% from 1 May 2027.", True),
    ("es", "Tipo del Impuesto sobre Sociedades", "El tipo pasa del 19 % al 17 % a partir del 1 de enero de 2027.", True),
    ("vi", "Thông tư về tỷ lệ an toàn vốn", "Tỷ lệ tăng từ 8% lên 8,5% từ ngày 15/9/2027.", True),
    ("zh", "2027年税收收入统计", "新闻发布会介绍，税收收入增长8%。", True),
    ("en", "AML clinic: registration is open", "The fee is EUR 40.", True),
    ("en", "VAT on customs warehouses", "The rate of VAT is increased from 10% to 13%.", False),
    ("en", "Limit for cash at insurers", "Cash premiums are capped at EUR 500.", False),
    ("en", "Marketplaces appointed as withholding agents", "They withhold tax from payments from 1 May 2027.", False),
    ("de", "Quellensteuer auf Versicherungsleistungen", "Die Steuer auf Zahlungen steigt.", False),
]  # fmt: skip


@pytest.mark.parametrize(("language", "title", "text", "elsewhere"), SUBJECTS)
def test_a_title_of_another_subject_makes_no_law_of_ours(language: str, title: str, text: str, elsewhere: bool) -> None:
    found = read(text, title=title, language=language, place="XX", published=PUBLISHED)

    assert (found.status.value == "irrelevant") is elsewhere
    assert found.relevant is not elsewhere


EFFECTIVE = [
    ("en", "The limit applies to payments made after 31 December 2026.", date(2027, 1, 1)),
    ("en", "The limit applies three months after 31 December 2026.", None),
    ("en", "The Minister proposed on 24 October 2026 to increase the rate from 15% to 16%.", None),
    ("en", "As at 30 September 2026 there were 142 licensed firms, up from 131.", None),
    ("en", "The act was promulgated on 9 October and lowers the limit from EUR 700 to EUR 500. It takes effect on 1 July 2027.", date(2027, 7, 1)),
    ("en", "Since 30 September 2026 due diligence is required above EUR 500.", date(2026, 9, 30)),
    ("en", "Since 30 September 2026 we have had many questions.", None),
    ("en", "The comment period begins on 3 December 2026.", None),
    ("en", "Registration is open: the next session takes place on 3 December 2026.", None),
    ("es", "Deberán tener operativos los sistemas antes del 1 de enero de 2028.", date(2028, 1, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "day"), EFFECTIVE)
def test_a_day_is_one_of_application_by_its_own_clause(language: str, text: str, day: date | None) -> None:
    found = read(text, language=language, place="GB" if language == "en" else "ES").effective

    assert (None if found is None else found.day) == day


def test_of_what_is_put_off_the_last_day_is_the_new_one() -> None:
    found = read(
        "In January we said that firms would have to report from 1 April 2028. We are moving the start date. It will now apply "
        "from 1 October 2028.", title="Reports", place="GB",
    )  # fmt: skip

    assert found.status.value == "postponed"
    assert found.effective is not None
    assert found.effective.day == date(2028, 10, 1)


CHANGES = [
    ("de", "DE", "Der Satz wird von 19 % mit Wirkung vom 1. Januar 2027 auf 20 % angehoben.", ("19", "20")),
    ("de", "CH", "Neu gilt die Pflicht ab 8'000 Franken; bisher lag die Schwelle bei 12'000 Franken.", ("12000", "8000")),
    ("de", "DE", "Statt 50 Euro können künftig 75 Euro ohne PIN bezahlt werden.", ("50", "75")),
    ("pt", "PT", "É proibido pagar em numerário 4 000 euros ou mais; até agora o limite era de 6 000 euros.", ("6000", "4000")),
    ("pt", "BR", "O limite noturno sobe de R$ 1.000 para R$ 2.000.", ("1000", "2000")),
    ("it", "IT", "La soglia sale da 5.000 euro a 10.000 euro.", ("5000", "10000")),
    ("it", "IT", "Il limite è ridotto a 3.000 euro, rispetto agli attuali 5.000 euro.", ("5000", "3000")),
    ("cs", "CZ", "Sazba daně se od ledna zvyšuje z 21 % na 23 %, oznámilo ministerstvo financí v Praze.", ("21", "23")),
    ("en", "MT", "Payments of EUR 4,000 or more, instead of the present EUR 9,000, are prohibited.", ("9000", "4000")),
    ("en", "GB", "The threshold should be lowered from £140 to nil.", ("140", "0")),
    ("en", "GB", "Currently the rate is 20 %; it will be 22 % from 1 January 2027.", ("20", "22")),
    ("en", "GB", "The rate will be 22 % from 1 January 2027. It is currently 20 %.", ("20", "22")),
    ("en", "GB", "The number of payments without a PIN is raised from five to eight payments.", ("5", "8")),
    ("en", "GB", "Payers may make eight payments instead of five.", ("5", "8")),
    ("en", "GB", "Rate until 31 December 2026: 20 %\nRate from 1 January 2027: 22 %", ("20", "22")),
    ("en", "GB", "Rate, old and new\nStandard | 20 % | 22 %", ("20", "22")),
    ("en", "GB", "Limit per payment: old GBP 50, new GBP 100.", ("50", "100")),
    ("en", "GB", "The £1,000 threshold becomes £500.", ("1000", "500")),
    ("en", "GB", "The exemption drops to EUR 25 (EUR 30 before).", ("30", "25")),
    ("en", "GB", "In point (a), 'EUR 50' is replaced by 'EUR 80'.", ("50", "80")),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "numbers"), CHANGES)
def test_an_old_number_and_a_new_one_are_told_apart(
    language: str, place: str, text: str, numbers: tuple[str, str]
) -> None:
    found = read(text, language=language, place=place).pairs

    assert [(one.old.value if one.old else None, one.new.value) for one in found] == [tuple(map(Decimal, numbers))]


NO_CHANGES = [
    ("en", "LV", "Cards made up 71% of all payments, compared with 66% a year earlier."),
    ("en", "LV", "The minimum wage rises from EUR 780 to EUR 820."),
    ("en", "ZA", "As to income tax, the primary rebate goes from ZAR 17,000 to ZAR 18,000."),
    ("de", "CH", "Ende Juni waren Vermögenswerte von 7,4 Milliarden Franken gesperrt."),
    ("de", "CH", "Sie zog einen Gewinn von 4,2 Millionen Franken ein."),
    ("id", "ID", "Terkumpul penerimaan sebesar Rp33,8 triliun sampai April."),
    ("es", "MX", "La Ley de Ingresos para 2027 fija la tasa del 0.50%, por ejemplo."),
]


@pytest.mark.parametrize(("language", "place", "text"), NO_CHANGES)
def test_totals_wages_and_examples_change_nothing(language: str, place: str, text: str) -> None:
    assert read(text, language=language, place=place).pairs == ()


@pytest.mark.parametrize(("place", "text"), [
    ("INT", "Zambia has been added to the list. Bulgaria has been removed from the list."),
    ("EU", "The list of high-risk third countries is amended: Panama and Kenya are added."),
])  # fmt: skip
def test_whose_names_a_list_holds_has_not_made_it(place: str, text: str) -> None:
    assert read(text, title="Update: Bulgaria", place=place).places[0].name == place
