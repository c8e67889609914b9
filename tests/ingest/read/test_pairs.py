"""Which number takes the place of which."""

import pytest

from ingest.read.dates import days
from ingest.read.model import Unit
from ingest.read.pairs import pairs
from ingest.read.quantities import quantities
from ingest.read.sheet import lay_out


def told(text: str, language: str, place: str | None = None) -> list[tuple[str | None, str, str]]:
    """(old, new, unit or currency) of a text, amounts in plain figures."""
    sheet = lay_out(text, language=language, jurisdiction=place)
    return [
        (
            None if one.old is None else f"{one.old.value.normalize():f}",
            f"{one.new.value.normalize():f}",
            one.new.currency or one.new.unit.value,
        )
        for one in pairs(sheet, *quantities(sheet, [day.span for day in days(sheet)]))
    ]


ENGLISH = [
    ("The standard rate of VAT is raised from 19 % to 22 %.", [("19", "22", "percent")]),
    ("The rate rises from 19 to 22 per cent.", [("19", "22", "percent")]),
    ("VAT on books goes down from 10% to 5%.", [("10", "5", "percent")]),
    ("The limit is raised to 22 % (from 20 %).", [("20", "22", "percent")]),
    ("The rate was cut to 5 percent from 10 percent.", [("10", "5", "percent")]),
    ("The threshold is lowered to EUR 3,000, down from EUR 10,000.", [("10000", "3000", "EUR")]),
    ("The threshold for cash payments is reduced from EUR 10,000 to EUR 3,000.", [("10000", "3000", "EUR")]),
    ("The act replaces 21 % by 12 %.", [("21", "12", "percent")]),
    ("21 % is replaced by 12 %.", [("21", "12", "percent")]),
    ("Restaurants will charge 12 % instead of 21 %.", [("21", "12", "percent")]),
    ("The new rate is 12 % (previously 21 %).", [("21", "12", "percent")]),
    ("The rate, currently 20 %, will rise to 22 %.", [("20", "22", "percent")]),
    ("The rate, currently 20 %, will be 22 %.", [("20", "22", "percent")]),
    ("In regulation 5, for \"£10,000\" substitute \"£15,000\".", [("10000", "15000", "GBP")]),
    ("GST falls from 18 per cent to 5 per cent; the threshold rises from INR 20 lakh to INR 40 lakh.", [("18", "5", "percent"), ("2000000", "4000000", "INR")]),
    ("The exemption now covers 180 days instead of 90 days.", [("90", "180", "days")]),
    ("The period is extended from six months to twelve months.", [("6", "12", "months")]),
    ("The number is cut from 5 consecutive transactions to 3 consecutive transactions.", [("5", "3", "count")]),
    ("The reduced rates go from 5 % and 12 % to 6 % and 14 % respectively.", [("5", "6", "percent"), ("12", "14", "percent")]),
    ("Standard rate: 16 % -> 18 %\nReduced rate: 8 % → 9 %", [("16", "18", "percent"), ("8", "9", "percent")]),
    ("The fee cap changes from 0.2 % to 0.15 %.", [("0.2", "0.15", "percent")]),
    ("The limit was increased from US$3,000 to US$5,000 on 1 May.", [("3000", "5000", "USD")]),
    ("From 1 January 2027 the rate is increased from 20 % to 22 %.", [("20", "22", "percent")]),
    ("The contactless limit is set at £100.", [(None, "100", "GBP")]),
    ("The fee shall not exceed EUR 50.", [(None, "50", "EUR")]),
    ("The standard rate will be 22 %.", [(None, "22", "percent")]),
    ("Parliament raised the standard rate of VAT to 22 %.", [(None, "22", "percent")]),
    ("The standard rate of 20 % is raised by 2 percentage points to 22 %.", [("20", "22", "percent")]),
    ("The rate rises by 2 percentage points to 22 %.", [(None, "22", "percent")]),
    ("The reduced rate of 14 per cent will decrease to 13.5 per cent.", [("14", "13.5", "percent")]),
    ("The reduced rates of 5% and 9% are replaced by a single rate of 11%.", [("5", "11", "percent"), ("9", "11", "percent")]),
    ("The cap is set at 0.2% for debit cards and 0.3% for credit cards.", [(None, "0.2", "percent"), (None, "0.3", "percent")]),
    ("The rate was reduced from 7.5% to 5% as of 1 January 2026 and to 2.5% as of 1 January 2027.", [("7.5", "5", "percent"), ("5", "2.5", "percent")]),
    ("Firms must report transactions of more than AED 55,000 from 1 October 2026, down from the previous AED 70,000.", [("70000", "55000", "AED")]),
    ("The limit has been enhanced from ₹1,000 to ₹2,000.", [("1000", "2000", "INR")]),
    ("Cash payments exceeding EUR 10,000 are prohibited.", [(None, "10000", "EUR")]),
]  # fmt: skip
NOT_PAIRS = [
    "Rates between 5 % and 9 % apply.", "Fees vary from 5 % to 9 %.", "Fines range from 2 % to 4 % of turnover.",
    "An increase of 2 percentage points is expected.", "The rate rises by 2 percentage points.",
    "The company was fined EUR 50,000.", "Payments grew from 5 % to 9 %.", "Comments may be sent from 5 to 9 May.",
    "Rates of 5 % and 9 % apply.", "A penalty of up to 4 % of turnover may be imposed.",
    "Inflation is at 2 %.", "The statutory rate is 10 %.", "Revenue increased to EUR 5 million.",
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_english_pairs_are_read_exactly(text: str, expected: list[tuple[str | None, str, str]]) -> None:
    assert told(text, "en", "GB") == expected


@pytest.mark.parametrize("text", NOT_PAIRS)
def test_what_is_no_change_gives_no_old_number(text: str) -> None:
    assert [one for one in told(text, "en", "EU") if one[0] is not None] == []


@pytest.mark.parametrize("text", ["The company was fined EUR 50,000.", "A penalty of up to 4 % of turnover may be imposed.", "An increase of 2 percentage points is expected.", "Fees between 5 % and 9 % apply."])  # fmt: skip
def test_fines_points_and_ranges_set_nothing(text: str) -> None:
    assert told(text, "en", "EU") == []


OTHERS = [
    ("es", "ES", "El tipo general del IVA pasa del 21 % al 23 %.", [("21", "23", "percent")]),
    ("es", "ES", "Se reduce el tipo de 21% a 10%.", [("21", "10", "percent")]),
    ("es", "MX", "El límite se eleva de $8,000 a $10,000.", [("8000", "10000", "MXN")]),
    ("es", "ES", "El límite para pagos en efectivo se reduce de 2.500 euros a 1.000 euros.", [("2500", "1000", "EUR")]),
    ("es", "ES", "El tipo será del 10 % en lugar del 21 %.", [("21", "10", "percent")]),
    ("es", "CL", "El IVA sube al 20 por ciento desde el 19 por ciento.", [("19", "20", "percent")]),
    ("es", "ES", "El tipo reducido se fija en el 8 %.", [(None, "8", "percent")]),
    ("es", "ES", "El plazo se amplía de 30 días a 60 días.", [("30", "60", "days")]),
    ("fr", "FR", "Le taux réduit passe de 10 % à 12 %.", [("10", "12", "percent")]),
    ("fr", "FR", "Le taux est porté de 5,5 % à 10 %.", [("5.5", "10", "percent")]),
    ("fr", "FR", "Le plafond est relevé de 30 euros à 50 euros.", [("30", "50", "EUR")]),
    ("fr", "BE", "Le taux sera de 12 % au lieu de 6 %.", [("6", "12", "percent")]),
    ("fr", "FR", "Le seuil est ramené à 3 000 € (contre 10 000 € auparavant).", [("10000", "3000", "EUR")]),
    ("fr", "FR", "Le taux normal est fixé à 21 %.", [(None, "21", "percent")]),
    ("fr", "FR", "Le délai passe de 90 jours à 180 jours.", [("90", "180", "days")]),
    ("de", "DE", "Der Steuersatz wird von 19 auf 21 Prozent erhöht.", [("19", "21", "percent")]),
    ("de", "DE", "Der Steuersatz sinkt zum 1. Januar von 19 % auf 7 %.", [("19", "7", "percent")]),
    ("de", "AT", "Die Obergrenze wird von 10.000 Euro auf 3.000 Euro gesenkt.", [("10000", "3000", "EUR")]),
    ("de", "DE", "Der Satz beträgt künftig 7 Prozent statt 19 Prozent.", [("19", "7", "percent")]),
    ("de", "DE", "Der Betrag wird auf 50 Euro (bisher 30 Euro) angehoben.", [("30", "50", "EUR")]),
    ("de", "DE", "Die Frist wird von 90 Tagen auf 180 Tage verlängert.", [("90", "180", "days")]),
    ("de", "CH", "Der Normalsatz steigt von 7,7 % auf 8,1 %.", [("7.7", "8.1", "percent")]),
    ("pt", "BR", "A alíquota passa de 18% para 20%.", [("18", "20", "percent")]),
    ("pt", "BR", "O limite noturno foi elevado de R$ 1.000,00 para R$ 3.000,00.", [("1000", "3000", "BRL")]),
    ("pt", "PT", "A taxa reduzida desce de 13 % para 6 %.", [("13", "6", "percent")]),
    ("pt", "PT", "A taxa será de 6 % em vez de 23 %.", [("23", "6", "percent")]),
    ("pt", "BR", "O limite foi fixado em R$ 500,00.", [(None, "500", "BRL")]),
    ("zh", "CN", "增值税税率由6%调整为9%。", [("6", "9", "percent")]),
    ("zh", "CN", "限额从5万元提高到10万元。", [("50000", "100000", "CNY")]),
    ("zh", "CN", "税率从百分之十三降至百分之九。", [("13", "9", "percent")]),
    ("zh", "CN", "个人所得税起征点由3500元提高至5000元。", [("3500", "5000", "CNY")]),
    ("zh", "CN", "税率上调了3个百分点。", []),
    ("zh", "CN", "单笔限额不得超过5万元。", [(None, "50000", "CNY")]),
    ("id", "ID", "Tarif PPN naik dari 11 persen menjadi 12 persen.", [("11", "12", "percent")]),
    ("id", "ID", "Batas transaksi diubah dari Rp2.000.000 menjadi Rp10.000.000.", [("2000000", "10000000", "IDR")]),
    ("id", "ID", "Batas saldo dinaikkan dari Rp10 juta menjadi Rp20 juta.", [("10000000", "20000000", "IDR")]),
    ("id", "ID", "Biaya ditetapkan sebesar 0,3 persen.", [(None, "0.3", "percent")]),
    ("vi", "VN", "Thuế suất thuế GTGT giảm từ 10% xuống 8%.", [("10", "8", "percent")]),
    ("vi", "VN", "Hạn mức được nâng từ 10 triệu đồng lên 20 triệu đồng.", [("10000000", "20000000", "VND")]),
    ("vi", "VN", "Mức thuế suất mới là 8%.", [(None, "8", "percent")]),
    ("it", "IT", "L'aliquota IVA è ridotta dal 22% al 10%.", [("22", "10", "percent")]),
    ("it", "IT", "Il limite è elevato da 1.000 euro a 5.000 euro.", [("1000", "5000", "EUR")]),
    ("nl", "NL", "Het btw-tarief gaat van 9 procent naar 21 procent.", [("9", "21", "percent")]),
    ("pl", "PL", "Stawka VAT wzrasta z 8% do 23%.", [("8", "23", "percent")]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "expected"), OTHERS)
def test_pairs_of_other_languages_are_read_exactly(
    language: str, place: str, text: str, expected: list[tuple[str | None, str, str]]
) -> None:
    assert told(text, language, place) == expected


@pytest.mark.parametrize(("text", "about"), [
    ("The standard rate of VAT is raised from 19 % to 22 %.", "The standard rate of VAT"),
    ("Parliament raised the reduced rate for hotels from 5 % to 7 %.", "the reduced rate for hotels"),
    ("From 1 May, the threshold for reporting is lowered from EUR 500 to EUR 300.", "the threshold for reporting"),
    ("Standard rate: 16 % -> 18 %", "Standard rate"),
])  # fmt: skip
def test_a_pair_says_of_what(text: str, about: str) -> None:
    sheet = lay_out(text, language="en", jurisdiction="EU")
    assert [one.about for one in pairs(sheet, *quantities(sheet))] == [about]


def test_each_pair_of_a_list_has_its_own_subject() -> None:
    text = "The standard rate rises from 20 % to 22 %.\nThe reduced rate rises from 5 % to 7 %."
    sheet = lay_out(text, language="en", jurisdiction="GB")
    assert [one.about for one in pairs(sheet, *quantities(sheet))] == ["The standard rate", "The reduced rate"]


def test_what_the_title_and_the_text_both_tell_is_one_pair() -> None:
    text = "VAT up from 20 % to 22 %\nThe rate is raised from 20 % to 22 %, so that it will be 22 %."
    sheet = lay_out(text, language="en", jurisdiction="GB")
    assert [(one.old.value, one.new.value) for one in pairs(sheet, *quantities(sheet)) if one.old] == [(20, 22)]


def test_different_currencies_are_not_old_and_new() -> None:
    sheet = lay_out("The limit is raised from EUR 30 to USD 50.", language="en", jurisdiction="EU")
    assert all(one.old is None for one in pairs(sheet, *quantities(sheet)))


def test_a_bare_number_takes_the_unit_of_its_partner() -> None:
    sheet = lay_out("The rate rises from 19 to 22 per cent.", language="en", jurisdiction="EU")
    (pair,) = pairs(sheet, *quantities(sheet))
    assert pair.old is not None
    assert (pair.old.unit, pair.old.value) == (Unit.PERCENT, 19)
