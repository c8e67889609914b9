"""Goods into the Union: EUR 150 and the import scheme, the platform of Art. 14a(1), the customs duty of 2026, who imports."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from engine.tax.eu import EU
from engine.tax.model import Buyer, Ruling, SaleLine, Seller
from tests.tax.asking import ask, asked, business, cites, consumer, goods, home, nameless, percent, seller, told
from tests.tax.laws import europe_with, union_text

IOSS = "ioss:IE:IM3720000012"
SCHEME = ("ioss", "FI", "ioss.import", "ioss")


def parcel(value: str | None = "100.00", start: str = "CN", end: str = "FI", **more: Any) -> SaleLine:
    return goods(start, end, value=value, **{"tariff_headings": 1, **more})


def sent(line: SaleLine, who: Seller | None = None, buyer: Buyer | None = None, **more: Any) -> Ruling:
    return ask(line, who or seller("CN", IOSS), buyer or consumer("FI"), way="inbound", **more)


# -- the limit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("149.99", "EUR", SCHEME),
        ("150.00", "EUR", SCHEME),
        ("150.01", "EUR", ("import", "FI", "import.above_threshold", None)),
        ("0.01", "EUR", SCHEME),
        ("166.66", "USD", SCHEME),
        ("166.67", "USD", ("import", "FI", "import.above_threshold", None)),
    ],
)
def test_a_consignment_may_reach_the_limit_and_not_exceed_it(
    value: str, currency: str, expected: tuple[str, ...]
) -> None:
    found = sent(parcel(value), currency=currency)
    assert told(found) == expected


def test_the_consignment_counts_and_not_the_item() -> None:
    found = sent(goods("CN", "FI", amount="20.00", value="160.00"))
    assert found.reason == "import.above_threshold"


def test_the_value_may_be_stated_of_the_sale_in_its_own_currency() -> None:
    line = goods("CN", "FI", tariff_headings=1)
    whole = {"consignment": {"value": "200.00", "currency": "USD", "items": 2}}
    assert sent(line, facts=whole).reason == "import.above_threshold"
    whole["consignment"]["value"] = "100.00"
    assert told(sent(line, facts=whole)) == SCHEME


def test_under_the_scheme_the_tax_is_charged_at_checkout() -> None:
    found = sent(parcel())
    assert percent(found) == "25.5"
    for article in ("Art. 14(4)(2), 33(c)", "Art. 143(1)(ca)", "Art. 369l to 369x"):
        assert cites(found, article)


# -- who, what, how ----------------------------------------------------------------------------------------------------

CASES: list[tuple[str, SaleLine, Seller, Buyer, tuple[str, str | None, str, str | None], str]] = [
    ("no scheme: the recipient pays at the border", parcel(), seller("CN"), consumer("FI"),
     ("import", "FI", "import.special_arrangements", None), "Art. 369y to 369zb"),
    ("a scheme that starts tomorrow", parcel(), seller("CN", f"{IOSS}:2026-11-23"), consumer("FI"),
     ("import", "FI", "import.special_arrangements", None), "Art. 369y to 369zb"),
    ("a scheme that starts today", parcel(), seller("CN", f"{IOSS}:2026-11-22"), consumer("FI"), SCHEME, "Art. 33(c)"),
    ("the Union scheme is not the import scheme", parcel(), seller("CN", "oss:DE"), consumer("FI"),
     ("import", "FI", "import.special_arrangements", None), "Art. 369y to 369zb"),
    ("a scheme without a number", parcel(), seller("CN", "ioss:IE"), consumer("FI"),
     ("undecided", "FI", "ioss.number_unknown", None), "Art. 143(1)(ca)"),
    ("a parcel of unknown worth, of a seller without the import scheme: at the border whatever it is worth",
     goods("CN", "FI"), seller("CN"), consumer("FI"), ("import", "FI", "import.recipient", None), "Art. 30, 60, 201"),
    ("a parcel of unknown worth, of a seller with the import scheme", goods("CN", "FI"), seller("CN", IOSS), consumer("FI"),
     ("undecided", "FI", "consignment.unknown", None), "Art. 14(4)(2), 33(c)"),
    ("registrations not stated", parcel(), seller("CN", unknown=True), consumer("FI"),
     ("undecided", "FI", "registrations.unknown", None), "Art. 369l, 369m"),
    ("a seller within the Union ships from outside", parcel(), home("DE", "ioss:DE:IM2760000001"), consumer("FI"), SCHEME,
     "Art. 33(c)"),
    ("alcohol is outside the scheme", parcel(category="alcohol"), seller("CN", IOSS), consumer("FI"),
     ("import", "FI", "import.excise", None), "Art. 369l"),
    ("tobacco is outside the scheme", parcel(category="tobacco"), seller("CN", IOSS), consumer("FI"),
     ("import", "FI", "import.excise", None), "Art. 369l"),
    ("whatever the category, if the line says excise", parcel(excise=True), seller("CN", IOSS), consumer("FI"),
     ("import", "FI", "import.excise", None), "Art. 369l"),
    ("perfume with alcohol in it, stated to be free of excise", parcel(category="alcohol", excise=False),
     seller("CN", IOSS), consumer("FI"), SCHEME, "Art. 33(c)"),
    ("neither excise nor category is stated", parcel(category=None), seller("CN", IOSS), consumer("FI"),
     ("undecided", "FI", "excise.unknown", None), "Art. 369l"),
    ("the value is not stated", parcel(None), seller("CN", IOSS), consumer("FI"),
     ("undecided", "FI", "consignment.unknown", None), "Art. 14(4)(2), 33(c)"),
    ("a business imports", parcel(), seller("CN", IOSS), business("FI"),
     ("import", "FI", "import.recipient", None), "Art. 30, 201"),
    ("a business imports, of any value", parcel("5000"), seller("CN", IOSS), business("FI"),
     ("import", "FI", "import.recipient", None), "Art. 30, 201"),
    ("a company without a number, up to the limit", parcel(), seller("CN", IOSS), nameless("FI"),
     ("undecided", None, "customer.unknown", None), "Art. 18(1)(b)"),
    ("a company without a number, over the limit: both import", parcel("151"), seller("CN", IOSS), nameless("FI"),
     ("import", "FI", "import.above_threshold", None), "Art. 30, 60, 201"),
    ("over the limit the recipient is presumed to import", parcel("151"), seller("CN"), consumer("FI"),
     ("import", "FI", "import.above_threshold", None), "Art. 30, 60, 201"),
    ("the seller imports, to a consumer", parcel("5000"), seller("CN", "standard:FI"),
     Buyer(consumer("FI").address, "individual", (), {}, {"recipient_importer": False}),
     ("standard", "FI", "import.seller", "domestic"), "Art. 32, second paragraph"),
    ("the seller imports without a registration", parcel("5000"), seller("CN"),
     Buyer(consumer("FI").address, "individual", (), {}, {"recipient_importer": False}),
     ("standard", "FI", "registration_required", None), "Art. 32, second paragraph"),
    ("the seller imports, to a business, where the State shifts the tax", parcel("5000", end="FR"),
     seller("CN", "standard:FR"), business("FR", recipient_importer=False),
     ("reverse_charge", "FR", "reverse_charge.art_194", None), "Art. 194"),
    ("the seller imports in one State and delivers in another", parcel("5000", import_country="DE"),
     seller("CN", "standard:FI"), Buyer(consumer("FI").address, "individual", (), {}, {"recipient_importer": False}),
     ("standard", "FI", "import.other_state", "domestic"), "Art. 33(b)"),
    ("imported in one State, delivered in another, no scheme", parcel(import_country="DE"), seller("CN", "standard:FI"),
     consumer("FI"), ("standard", "FI", "import.other_state", "domestic"), "Art. 33(b)"),
    ("the same over the limit", parcel("151", import_country="DE"), seller("CN", "standard:FI"), consumer("FI"),
     ("standard", "FI", "import.other_state", "domestic"), "Art. 33(b)"),
    ("the Union scheme does not cover it", parcel("151", import_country="DE"), seller("CN", "oss:DE"), consumer("FI"),
     ("standard", "FI", "registration_required", None), "Art. 33(b)"),
    ("imported where it is delivered", parcel("151", import_country="FI"), seller("CN", "standard:FI"), consumer("FI"),
     ("import", "FI", "import.above_threshold", None), "Art. 30, 60, 201"),
    ("a platform with the scheme is deemed to sell", parcel(marketplace=True), seller("IE", IOSS), consumer("FI"), SCHEME,
     "Art. 14a(1), 36b"),
    ("whoever stands behind it", parcel(marketplace=True, underlying_seller_country="DE"), seller("US", IOSS),
     consumer("FI"), SCHEME, "Art. 14a(1), 36b"),
    ("a platform without the scheme", parcel(marketplace=True), seller("IE"), consumer("FI"),
     ("import", "FI", "import.special_arrangements", None), "Art. 369y to 369zb"),
    ("over the limit it is not deemed to sell", parcel("150.01", marketplace=True), seller("IE", IOSS), consumer("FI"),
     ("import", "FI", "import.above_threshold", None), "Art. 30, 60, 201"),
    ("the seller behind a platform owes nothing", parcel(named_supplier="platform"), seller("CN"), consumer("FI"),
     ("no_obligation", "FI", "platform_liable", None), "Art. 14a(1), 36b"),
    ("the seller behind a platform, over the limit", parcel("151", named_supplier="platform"), seller("CN"),
     consumer("FI"), ("import", "FI", "import.above_threshold", None), "Art. 30, 60, 201"),
    ("from Great Britain", parcel(start="GB SW1A 1AA"), seller("GB", IOSS), consumer("FI"), SCHEME, "Art. 33(c)"),
    ("from the Canary Islands, a third territory", parcel(start="ES 35001"), seller("ES-CN", IOSS), consumer("FI"), SCHEME,
     "Art. 33(c)"),
    ("from Büsingen", parcel(start="DE 78266"), seller("DE", IOSS), consumer("FI"), SCHEME, "Art. 33(c)"),
    ("from Northern Ireland it is no import at all", parcel(start="XI"), seller("XI", "oss:XI"), consumer("FI"),
     ("standard", "FI", "oss.distance_sale", "oss"), "Art. 33(a)"),
    ("to Northern Ireland the Union's rules hold", parcel(end="XI"), seller("CN", IOSS), consumer("XI"),
     ("ioss", "XI", "ioss.import", "ioss"), "Art. 33(c)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "who", "buyer", "expected", "article"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_goods_from_outside(line: SaleLine, who: Seller, buyer: Buyer, expected: tuple[str, ...], article: str) -> None:
    found = sent(line, who, buyer)
    assert told(found) == expected
    assert cites(found, article)


@pytest.mark.parametrize(
    ("line", "who", "missing"),
    [
        (parcel(None), seller("CN", IOSS), "lines.consignment_value"),
        (parcel(), seller("CN", unknown=True), "payee.registrations"),
        (parcel(), seller("CN", "ioss:IE"), "payee.registrations.number"),
        (parcel(category=None), seller("CN", IOSS), "lines.category"),
        (parcel(tariff_headings=None), seller("CN", IOSS), "lines.facts.tariff_headings"),
    ],
)
def test_what_is_missing_is_named(line: SaleLine, who: Seller, missing: str) -> None:
    found = sent(line, who)
    assert found.missing == (missing,)
    assert found.country == "FI"


def test_without_an_exchange_rate_the_limit_decides_nothing() -> None:
    found = sent(parcel(), currency="CHF")
    assert (found.reason, found.missing) == ("consignment.unknown", ("fx.CHF.EUR.2026-11-22",))


# -- the days of the law -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "reason"), [("2021-06-30", "import.recipient"), ("2021-07-01", "ioss.import")])
def test_the_scheme_began_on_a_day(day: str, reason: str) -> None:
    assert sent(parcel(), on=day).reason == reason


def test_without_a_limit_in_the_pack_everything_is_taxed_at_the_border() -> None:
    assert sent(parcel(), law=europe_with(EU=union_text("low_value_import_threshold"))).treatment == "import"


@pytest.mark.parametrize(
    ("day", "duty"),
    [("2026-06-30", None), ("2026-07-01", "3"), ("2028-06-30", "3"), ("2028-07-01", None)],
    ids=["the day before", "the first day", "the last day", "the day after"],
)
def test_the_customs_duty_has_its_days(day: str, duty: str | None) -> None:
    found = sent(parcel(), on=day)
    assert found.duties == (() if duty is None else (("customs_duty", Decimal(duty), "EUR"),))
    assert cites(found, "Art. 86(1)(a), 78") is (duty is not None)


@pytest.mark.parametrize(("headings", "duty"), [(0, None), (1, "3"), (2, "6"), ("2", "6"), (7, "21")])
def test_each_tariff_heading_bears_the_duty(headings: Any, duty: str | None) -> None:
    found = sent(parcel(tariff_headings=headings))
    assert found.duties == (() if duty is None else (("customs_duty", Decimal(duty), "EUR"),))


@pytest.mark.parametrize("headings", [None, True, "two", "-1", "1.5"])
def test_headings_that_are_no_number_are_not_known(headings: Any) -> None:
    found = sent(parcel(tariff_headings=headings))
    assert (found.reason, found.missing) == ("headings.unknown", ("lines.facts.tariff_headings",))


def test_before_the_duty_nobody_asks_for_headings() -> None:
    assert told(sent(parcel(tariff_headings=None), on="2026-06-30")) == SCHEME


@pytest.mark.parametrize(("start", "bears"), [("CN", True), ("GB", True), ("DE 78266", True), ("ES 35001", False), ("AX", False),
                                              ("SM", False)])  # fmt: skip
def test_within_the_customs_territory_there_is_no_duty(start: str, bears: bool) -> None:
    assert bool(sent(parcel(start=start)).duties) is bears


def test_a_price_that_holds_the_duty_is_the_base_as_it_stands() -> None:
    found = sent(parcel(duty_in_price=True, tariff_headings=None))
    assert (told(found), found.duties) == (SCHEME, ())
    assert cites(found, "Art. 86(1)(a), 78")


@pytest.mark.parametrize(
    ("headings", "each"), [(1, ["3", None, None]), (2, ["3", "3", None]), (3, ["3", "3", "3"]), (4, ["6", "3", "3"])]
)
def test_the_duty_of_a_parcel_is_spread_over_its_lines_without_loss(headings: int, each: list[str | None]) -> None:
    lines = [parcel(tariff_headings=headings, id=str(number)) for number in (1, 2, 3)]
    first = asked(lines[0], seller("CN", IOSS), consumer("FI"), beside=lines[1:])
    duties = [EU.inbound(replace(first, line=line)).duties for line in lines]
    assert [duty[0][1] if duty else None for duty in duties] == [Decimal(one) if one else None for one in each]
    assert sum(duty[0][1] for duty in duties if duty) == 3 * headings


def test_a_duty_without_the_scheme_is_the_customs_own_business() -> None:
    assert sent(parcel(), seller("CN")).duties == ()
    assert sent(parcel("151")).duties == ()
