"""Amounts, percentages, counts and periods, exact or not at all."""

from decimal import Decimal

import pytest

from ingest.read.model import Unit
from ingest.read.numerals import read_han, read_number
from ingest.read.quantities import quantities
from ingest.read.sheet import lay_out


def told(text: str, language: str, place: str | None) -> list[tuple[str, str]]:
    found, _ = quantities(lay_out(text, language=language, jurisdiction=place))
    return [(f"{one.value.normalize():f}", one.currency or one.unit.value) for one in found]


AMOUNTS = [
    ("en", "EU", "EUR 30", "30", "EUR"), ("en", "IE", "€30.50", "30.5", "EUR"), ("de", "DE", "€ 30,00", "30", "EUR"), ("en", "IE", "30 euros", "30", "EUR"), ("de", "DE", "10.000 Euro", "10000", "EUR"),
    ("pt", "BR", "R$ 1.000,00", "1000", "BRL"), ("en", "BR", "R$ 1.000,00", "1000", "BRL"), ("id", "ID", "Rp 2.000.000", "2000000", "IDR"), ("id", "ID", "Rp2 juta", "2000000", "IDR"), ("id", "ID", "Rp1,5 miliar", "1500000000", "IDR"),
    ("vi", "VN", "500.000₫", "500000", "VND"), ("vi", "VN", "10 triệu đồng", "10000000", "VND"), ("vi", "VN", "2 tỷ đồng", "2000000000", "VND"), ("zh", "CN", "人民币5万元", "50000", "CNY"), ("zh", "CN", "5万元", "50000", "CNY"),
    ("zh", "CN", "1亿元", "100000000", "CNY"), ("zh", "CN", "五万元", "50000", "CNY"), ("zh", "CN", "1000美元", "1000", "USD"), ("zh", "HK", "800港元", "800", "HKD"), ("en", "US", "US$3,000", "3000", "USD"), ("en", "CA", "US$3,000", "3000", "USD"),
    ("en", "US", "$10,000", "10000", "USD"), ("en", "CA", "$10,000", "10000", "CAD"), ("en", "AU", "$10,000", "10000", "AUD"), ("es", "MX", "$10,000.00", "10000", "MXN"), ("es", "CL", "$10.000", "10000", "CLP"), ("en", "GB", "£1.5 million", "1500000", "GBP"),
    ("en", "IN", "Rs 20 lakh", "2000000", "INR"), ("en", "IN", "₹2.5 crore", "25000000", "INR"), ("en", "IN", "Rs. 1,00,000", "100000", "INR"), ("en", "PK", "Rs 50,000", "50000", "PKR"), ("en", "CZ", "CZK 50 000", "50000", "CZK"), ("en", "CZ", "50 000 Kč", "50000", "CZK"),
    ("fr", "FR", "3 000 €", "3000", "EUR"), ("fr", "FR", "1,5 million d'euros", "1500000", "EUR"), ("fr", "FR", "2 milliards d'euros", "2000000000", "EUR"), ("es", "ES", "2,5 millones de euros", "2500000", "EUR"), ("de", "DE", "1,5 Mio. Euro", "1500000", "EUR"),
    ("de", "CH", "CHF 100'000", "100000", "CHF"), ("en", "ZA", "R1 000", "1000", "ZAR"), ("en", "KE", "KSh 150,000", "150000", "KES"), ("en", "NG", "₦5,000", "5000", "NGN"), ("en", "SE", "SEK 15,000", "15000", "SEK"), ("en", "SG", "S$5,000", "5000", "SGD"),
    ("en", "US", "USD 250k", "250000", "USD"), ("en", "GB", "£85m", "85000000", "GBP"), ("es", "CO", "1.000 pesos colombianos", "1000", "COP"), ("it", "IT", "5.000 euro", "5000", "EUR"), ("nl", "NL", "€ 3.000", "3000", "EUR"), ("pl", "PL", "15 000 zł", "15000", "PLN"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "place", "text", "value", "currency"), AMOUNTS)
def test_an_amount_is_exact_with_its_currency(language: str, place: str, text: str, value: str, currency: str) -> None:
    assert told(text, language, place) == [(value, currency)]


@pytest.mark.parametrize(("language", "place", "text"), [
    ("en", None, "EUR 1.500"), ("en", "DE", "EUR 1.500"), ("en", None, "$10,000"), ("en", "EU", "$10,000"), ("en", "ES", "500 pesos"), ("en", "DE", "Rs 50"), ("en", "EU", "section A5"), ("en", "EU", "COVID-19"),
])  # fmt: skip
def test_an_amount_that_could_be_two_is_not_given(language: str, place: str | None, text: str) -> None:
    assert [one for one in told(text, language, place) if one[1].isupper()] == []


PERCENTAGES = [
    ("en", "21 %", "21"), ("en", "21%", "21"), ("en", "21 per cent", "21"), ("en", "21 percent", "21"), ("en", "0.3 %", "0.3"), ("en", "2.125 %", "2.125"), ("en", "five per cent", "5"), ("fr", "21 pour cent", "21"), ("fr", "5,5 %", "5.5"),
    ("es", "21 por ciento", "21"), ("es", "10,5 %", "10.5"), ("de", "21 Prozent", "21"), ("de", "7,7 %", "7.7"), ("pt", "21 por cento", "21"), ("zh", "6%", "6"), ("zh", "百分之六", "6"), ("zh", "百分之十三", "13"), ("zh", "百分之零点五", "0.5"), ("zh", "6％", "6"),
    ("id", "12 persen", "12"), ("id", "0,5%", "0.5"), ("vi", "8%", "8"), ("vi", "10 phần trăm", "10"), ("it", "22 per cento", "22"), ("nl", "21 procent", "21"), ("en", "at 20 basis points", "0.2"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "value"), PERCENTAGES)
def test_a_percentage_is_exact(language: str, text: str, value: str) -> None:
    assert told(text, language, None) == [(value, "percent")]


@pytest.mark.parametrize(("language", "text"), [
    ("en", "2 percentage points"), ("en", "0.5 percentage point"), ("en", "2 pp"), ("en", "by 25 basis points"), ("fr", "2 points de pourcentage"), ("es", "2 puntos porcentuales"), ("de", "2 Prozentpunkte"), ("pt", "2 pontos percentuais"),
    ("zh", "6个百分点"), ("id", "1 poin persentase"), ("vi", "2 điểm phần trăm"), ("en", "between 5 % and 9 %"), ("en", "5-9 %"), ("en", "ranging from 5 % to 9 %"), ("es", "entre 5 % y 9 %"), ("fr", "entre 5 % et 9 %"), ("de", "zwischen 5 % und 9 %"),
])  # fmt: skip
def test_points_and_ranges_are_no_rates(language: str, text: str) -> None:
    assert told(text, language, None) == []


@pytest.mark.parametrize(("language", "text", "value", "unit"), [
    ("en", "90 days", "90", Unit.DAYS), ("en", "ninety days", "90", Unit.DAYS), ("en", "10 business days", "10", Unit.DAYS), ("en", "six months", "6", Unit.MONTHS), ("en", "12 months", "12", Unit.MONTHS), ("en", "5 years", "5", Unit.YEARS),
    ("en", "5 consecutive transactions", "5", Unit.COUNT), ("en", "five consecutive transactions", "5", Unit.COUNT), ("fr", "180 jours", "180", Unit.DAYS), ("fr", "six mois", "6", Unit.MONTHS), ("es", "30 días", "30", Unit.DAYS), ("de", "90 Tage", "90", Unit.DAYS),
    ("de", "sechs Monate", "6", Unit.MONTHS), ("pt", "30 dias", "30", Unit.DAYS), ("zh", "30个工作日", "30", Unit.DAYS), ("zh", "三个月", "3", Unit.MONTHS), ("id", "30 hari", "30", Unit.DAYS), ("vi", "30 ngày", "30", Unit.DAYS), ("id", "enam bulan", "6", Unit.MONTHS),
])  # fmt: skip
def test_a_count_or_period_has_its_unit(language: str, text: str, value: str, unit: Unit) -> None:
    assert told(text, language, None) == [(value, unit.value)]


@pytest.mark.parametrize(("form", "language", "place", "value"), [
    ("1,234.56", "en", "GB", "1234.56"), ("1.234,56", "de", "DE", "1234.56"), ("1.234.567", "es", "ES", "1234567"), ("1,234,567", "en", "US", "1234567"), ("1,00,000", "en", "IN", "100000"), ("3,978", "en", "GB", "3978"), ("3.978", "pt", "BR", "3978"),
    ("0.125", "en", "GB", "0.125"), ("0,125", "de", "DE", "0.125"), ("1'000", "de", "CH", "1000"), ("1 000", "fr", "FR", "1000"), ("10,000", "es", "MX", "10000"),
])  # fmt: skip
def test_point_and_comma_are_read_as_the_place_writes_them(form: str, language: str, place: str, value: str) -> None:
    assert read_number(form, language, place) == Decimal(value)


@pytest.mark.parametrize("form", ["1,2,3", "1.2,3.4", "12.34.56", "1,234.56.7"])
def test_a_number_of_no_known_form_is_not_read(form: str) -> None:
    assert read_number(form, "en", "GB") is None


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("六", 6),
        ("十三", 13),
        ("二十", 20),
        ("一百零五", 105),
        ("三千五百", 3500),
        ("五万", 50000),
        ("二〇二七", 2027),
        ("两亿", 200_000_000),
    ],
)
def test_chinese_numerals_are_whole_numbers(form: str, value: int) -> None:
    assert read_han(form) == value


def test_the_piece_of_the_text_is_the_number_with_its_unit() -> None:
    text = "A limit of EUR 30 and a rate of 21 per cent."
    found, _ = quantities(lay_out(text, language="en", jurisdiction="EU"))
    assert [text[one.span.start : one.span.end] for one in found] == ["EUR 30", "21 per cent"]
