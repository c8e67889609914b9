"""The EUR 10,000 of Art. 59c: its conditions, its two years, the very supply that crosses it, and what is not known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.tax.model import Ruling, SaleLine, Seller
from engine.tax.recorder import Question, Recorder, Total
from tests.tax.asking import EU, ask, asked, business, cites, consumer, goods, home, percent, seller, service, told
from tests.tax.laws import europe_with, union_text

OVER = ("standard", "FR", "distance_sale", "domestic")
BELOW = ("standard", "DE", "below_threshold", "domestic")


def small(total: Any = "0", before: Any = "0", *registrations: str, country: str = "DE", **facts: Any) -> Seller:
    """A seller that could charge in France, and has sold that much across borders, this year and last."""
    known = {"eu_cross_border_total": total, "eu_cross_border_total_previous_year": before, **facts}
    known = {name: value for name, value in known.items() if value is not None}
    return seller(country, f"standard:{country}", "standard:FR", *registrations, **known)


def sold(amount: str, total: Any = "0", before: Any = "0", **more: Any) -> Ruling:
    return ask(goods("DE", "FR", amount=amount, **more), small(total, before), consumer("FR"))


# -- the comparator ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("so_far", "amount", "expected"),
    [
        ("0", "10000.00", BELOW),
        ("0", "10000.01", OVER),
        ("9900.00", "100.00", BELOW),
        ("9900.00", "100.01", OVER),
        ("9900.01", "100.00", OVER),
        ("9999.99", "0.01", BELOW),
        ("9999.99", "0.02", OVER),
        ("10000.00", "0.00", BELOW),
        ("10000.00", "0.01", OVER),
        ("10000.01", "0.00", OVER),
        (10000, "0.00", BELOW),
        (Decimal("10000.01"), "0.00", OVER),
    ],
)
def test_the_total_may_reach_the_threshold_and_not_exceed_it(
    so_far: Any, amount: str, expected: tuple[str, ...]
) -> None:
    assert told(sold(amount, so_far)) == expected


@pytest.mark.parametrize(
    ("before", "expected"), [("10000.00", BELOW), ("10000.01", OVER), ("0", BELOW), ("250000", OVER)]
)
def test_last_year_counts_as_well(before: str, expected: tuple[str, ...]) -> None:
    assert told(sold("1.00", "0", before)) == expected


def test_the_very_supply_that_crosses_is_taxed_at_destination() -> None:
    found = sold("200.00", "9900.00")
    assert told(found) == OVER
    assert percent(found) == "20"
    assert cites(found, "Art. 33(a)")
    assert any("10100.00 EUR, over 10000" in step.answer for step in found.steps)


def test_below_it_the_home_rate_holds() -> None:
    found = sold("100.00", "9900.00")
    assert percent(found) == "19"
    assert cites(found, "Art. 59c, 32")
    assert any("10000.00 EUR, not over 10000" in step.answer for step in found.steps)


# -- its conditions ----------------------------------------------------------------------------------------------------

CONDITIONS = [
    ("one Member State", small(), BELOW),
    ("a seller outside the Union never has it", small(country="US"), OVER),
    ("nor one in Great Britain", small(country="GB"), OVER),
    ("nor one in the Canary Islands", small(country="ES-CN"), OVER),
    ("two Member States: none", small(establishments=["PL"]), OVER),
    ("an establishment named among the facts", small(established_in=["DE", "PL"]), OVER),
    ("an establishment in its own State is no second one", small(establishments=["DE"]), BELOW),
    ("an establishment outside the Union is no second one", small(establishments=["US", "CH"]), BELOW),
    ("opted for destination", small(eu_total_opted_out=True), OVER),
    ("did not opt", small(eu_total_opted_out=False), BELOW),
    (
        "registered for the Union scheme: opted",
        small("0", "0", "oss:DE"),
        ("standard", "FR", "oss.distance_sale", "oss"),
    ),
    ("registered, and says that it did not opt", small("0", "0", "oss:DE", eu_total_opted_out=False), BELOW),
]


@pytest.mark.parametrize(("who", "expected"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS])
def test_the_conditions_of_the_threshold(who: Seller, expected: tuple[str, ...]) -> None:
    assert told(ask(goods("DE", "FR"), who, consumer("FR"))) == expected


def test_goods_that_leave_from_another_state_do_not_have_it() -> None:
    found = ask(goods("PL", "FR"), small(), consumer("FR"))
    assert told(found) == OVER
    assert cites(found, "Art. 33, 59c(3)")
    assert found.confidence == "C", "the Commission's reading is a secondary source"


def test_a_digital_service_has_no_place_to_leave_from() -> None:
    found = ask(service("digital", "saas"), small(), consumer("FR"))
    assert told(found) == BELOW
    assert cites(found, "Art. 59c, 45")


def test_a_seller_in_northern_ireland_has_it_for_goods() -> None:
    found = ask(goods("XI", "FR"), small(country="XI"), consumer("FR"))
    assert told(found) == ("standard", "XI", "below_threshold", "domestic")


def test_a_small_enterprise_stays_exempt_at_home_below_the_threshold() -> None:
    who = seller("DE", "small_business:DE", eu_cross_border_total="0", eu_cross_border_total_previous_year="0")
    assert told(ask(goods("DE", "FR"), who, consumer("FR"))) == ("exempt", "DE", "small_business", None)


def test_it_is_not_asked_within_one_state_or_for_a_business() -> None:
    unknown = seller("DE", "standard:DE")
    assert ask(goods("DE", "DE"), unknown, consumer("DE")).reason == "rate.standard"
    assert ask(goods("DE", "FR"), unknown, business("FR")).reason == "intra_community"


# -- what counts -------------------------------------------------------------------------------------------------------


def test_the_lines_of_one_order_count_together() -> None:
    first, second = goods("DE", "FR", amount="60.00"), goods("DE", "FR", amount="60.00", id="2")
    for line, beside in ((first, second), (second, first)):
        assert told(ask(line, small("9900.00"), consumer("FR"), beside=[beside])) == OVER
    assert told(ask(first, small("9880.00"), consumer("FR"), beside=[second])) == BELOW


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (goods("DE", "DE", amount="5000.00", id="2"), BELOW),
        (goods("DE", "US", amount="5000.00", id="2"), BELOW),
        (service("accommodation", "hotel", where="FR", amount="5000.00", id="2"), BELOW),
        (service("digital", "saas", amount="5000.00", id="2"), OVER),
        (goods("DE", "IT", amount="5000.00", id="2"), OVER),
    ],
    ids=["goods at home", "an export", "another service", "a digital service", "goods to a third State"],
)
def test_only_distance_sales_and_digital_services_count(other: SaleLine, expected: tuple[str, ...]) -> None:
    assert told(ask(goods("DE", "FR"), small("9900.00"), consumer("FR"), beside=[other])) == expected


@pytest.mark.parametrize(
    ("amount", "so_far", "expected"),
    [("119.00", "9900.00", BELOW), ("119.01", "9900.00", OVER), ("119.00", "9900.01", OVER)],
)
def test_a_price_with_tax_counts_without_the_home_tax(amount: str, so_far: str, expected: tuple[str, ...]) -> None:
    assert told(sold(amount, so_far, inclusive=True)) == expected


@pytest.mark.parametrize(
    ("so_far", "expected"),
    [
        ("9881.00", BELOW),
        ("9900.00", ("undecided", None, "threshold.unknown", None)),
        ("9900.01", OVER),
    ],
    ids=["below either way", "it decides", "over either way"],
)
def test_whether_the_price_holds_the_tax_is_asked_where_it_decides(so_far: str, expected: tuple[str, ...]) -> None:
    found = sold("119.00", so_far, inclusive=None)
    assert told(found) == expected
    if expected[0] == "undecided":
        assert found.missing == ("lines.tax_inclusive",)


def test_an_unknown_home_rate_is_asked_where_it_decides() -> None:
    found = sold("119.00", "9950.00", inclusive=True, category=None)
    assert told(found) == ("undecided", None, "threshold.unknown", None)
    assert found.missing == ("lines.category",)


# -- other currencies: Art. 59c(5) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "expected"), [("1000.00", BELOW), ("1000.10", OVER)])
def test_other_currencies_count_at_the_rate_of_one_fixed_day(amount: str, expected: tuple[str, ...]) -> None:
    found = ask(goods("DE", "FR", amount=amount), small("9900.00"), consumer("FR"), currency="SEK")
    assert told(found) == expected


@pytest.mark.parametrize("currency", ["USD", "CHF"])
def test_without_a_rate_that_decides_it_is_undecided(currency: str) -> None:
    law = europe_with(EU=union_text("distance_sales_threshold_rate_date"))
    found = ask(goods("DE", "FR"), small("9900.00"), consumer("FR"), currency=currency, law=law)
    assert told(found) == ("undecided", None, "threshold.unknown", None)
    assert found.missing == (f"fx.{currency}.EUR",)


def test_no_rate_is_needed_where_the_total_is_over_already() -> None:
    assert told(ask(goods("DE", "FR"), small("0", "10000.01"), consumer("FR"), currency="CHF")) == OVER


# -- what is not known -------------------------------------------------------------------------------------------------

UNKNOWN = [
    ("this year's total", small(None, "0"), ("payee.facts.eu_cross_border_total",)),
    ("last year's total", small("0", None), ("payee.facts.eu_cross_border_total_previous_year",)),
    ("both totals", small(None, None),
     ("payee.facts.eu_cross_border_total", "payee.facts.eu_cross_border_total_previous_year")),
    ("a total that is no number", small("about 5000", "0"), ("payee.facts.eu_cross_border_total",)),
    ("a total that is not finite", small("NaN", "0"), ("payee.facts.eu_cross_border_total",)),
    ("a flag instead of a total", small(True, "0"), ("payee.facts.eu_cross_border_total",)),
    ("where the seller is", small(country="DE").__class__(consumer(None).address, small().registrations, (), {}),
     ("payee.country",)),
    ("whether it opted", seller("DE", unknown=True, eu_cross_border_total="0", eu_cross_border_total_previous_year="0"),
     ("payee.facts.eu_total_opted_out", "payee.registrations")),
]  # fmt: skip


@pytest.mark.parametrize(("who", "missing"), [row[1:] for row in UNKNOWN], ids=[row[0] for row in UNKNOWN])
def test_what_is_not_known_opens_no_exception(who: Seller, missing: tuple[str, ...]) -> None:
    found = ask(goods("DE", "FR"), who, consumer("FR"))
    assert told(found) == ("undecided", None, "threshold.unknown", None)
    assert found.missing == missing


@pytest.mark.parametrize(
    "who",
    [small("10000.01", None), small(None, "10000.01")],
    ids=["over this year, last year unknown", "over last year, this year unknown"],
)
def test_one_year_over_it_is_enough(who: Seller) -> None:
    assert told(ask(goods("DE", "FR"), who, consumer("FR"))) == OVER


def test_a_sale_that_is_over_it_alone_needs_no_totals() -> None:
    assert told(sold("10000.01", None, None)) == OVER


def test_where_the_threshold_was_not_read_nothing_is_decided() -> None:
    law = europe_with(EU=union_text("distance_sales_threshold"))
    found = ask(goods("DE", "FR"), small(), consumer("FR"), law=law)
    assert found.missing == ("law.EU.distance_sales_threshold",)


@pytest.mark.parametrize(("day", "reason"), [("2021-06-30", "law.not_read"), ("2021-07-01", "below_threshold")])
def test_the_rules_of_before_july_2021_are_not_built(day: str, reason: str) -> None:
    assert ask(goods("DE", "FR"), small(), consumer("FR"), on=day).reason == reason


# -- liability at destination ------------------------------------------------------------------------------------------

SCHEMES = [
    ("the Union scheme", home("DE", "oss:DE"), ("standard", "FR", "oss.distance_sale", "oss")),
    ("a registration there", home("DE", "standard:FR"), ("standard", "FR", "distance_sale", "domestic")),
    ("both: the scheme is all or nothing", home("DE", "oss:DE", "standard:FR"),
     ("standard", "FR", "oss.distance_sale", "oss")),
    ("established there", home("DE", "standard:FR", establishments=["FR"]),
     ("standard", "FR", "distance_sale", "domestic")),
    ("neither: due and charged", home("DE"), ("standard", "FR", "registration_required", None)),
    ("a registration elsewhere does not help", home("DE", "standard:IT"),
     ("standard", "FR", "registration_required", None)),
    ("the import scheme does not cover it", home("DE", "ioss:DE:IM1"), ("standard", "FR", "registration_required", None)),
    ("a seller outside the Union may use the Union scheme for goods", seller("US", "oss:DE"),
     ("standard", "FR", "oss.distance_sale", "oss")),
    ("registrations not stated: the tax is the same under each", seller("DE", unknown=True, eu_total_opted_out=True),
     ("standard", "FR", "registrations.unknown", None)),
    ("registrations not stated, last year far above", seller("DE", unknown=True, eu_cross_border_total_previous_year="50000"),
     ("standard", "FR", "registrations.unknown", None)),
    ("registrations not stated, of a small enterprise, which may be exempt abroad as well",
     seller("DE", unknown=True, eu_total_opted_out=True, small_business=True),
     ("undecided", "FR", "registrations.unknown", None)),
    ("registrations not stated, of one that says it is not small",
     seller("DE", unknown=True, eu_total_opted_out=True, small_business=False),
     ("standard", "FR", "registrations.unknown", None)),
    ("the scheme starts today", home("DE", "oss:DE::2026-11-22"), ("standard", "FR", "oss.distance_sale", "oss")),
    ("the scheme starts tomorrow", home("DE", "oss:DE::2026-11-23"), ("standard", "FR", "registration_required", None)),
]  # fmt: skip


@pytest.mark.parametrize(("who", "expected"), [row[1:] for row in SCHEMES], ids=[row[0] for row in SCHEMES])
def test_under_which_scheme_a_distance_sale_is_declared(who: Seller, expected: tuple[str, ...]) -> None:
    found = ask(goods("DE", "FR"), who, consumer("FR"))
    assert told(found) == expected
    if expected[0] == "standard":
        assert percent(found) == "20", "a tax that is due is charged, whatever is registered"
    if expected[2] == "registration_required":
        assert any("due all the same" in step.answer for step in found.steps)
    if expected[2] == "registrations.unknown":
        assert found.missing == ("payee.registrations",)


# -- the year before -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2026-01-01", ("standard", "DE", "below_threshold", "domestic")),
        ("2026-11-22", ("standard", "DE", "below_threshold", "domestic")),
        ("2025-12-31", ("undecided", None, "threshold.unknown", None)),
        ("2026-11-23", ("undecided", None, "threshold.unknown", None)),
        ("this year", ("undecided", None, "threshold.unknown", None)),
    ],
)
def test_who_began_this_year_is_not_asked_for_the_year_before(opened: str, expected: tuple[str, ...]) -> None:
    """Art. 59c(1)(c): the total of the preceding calendar year is nothing where there was no business."""
    who = seller("DE", "standard:DE", eu_cross_border_total="0", opened_at=opened)
    found = ask(goods("DE", "FR"), who, consumer("FR"))
    assert told(found) == expected
    if expected[0] == "undecided":
        assert found.missing == ("payee.facts.eu_cross_border_total_previous_year",)


def test_a_first_year_that_passes_the_threshold_is_taxed_at_destination() -> None:
    who = seller(
        "DE", "oss:DE", "standard:DE", eu_cross_border_total="9950", opened_at="2026-03-01", eu_total_opted_out=False
    )
    assert told(ask(goods("DE", "FR"), who, consumer("FR"))) == ("standard", "FR", "oss.distance_sale", "oss")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ("0", ("standard", "DE", "below_threshold", "domestic")),
        ("10000.00", ("standard", "DE", "below_threshold", "domestic")),
        ("10000.01", ("standard", "FR", "distance_sale", "domestic")),
    ],
)
def test_sales_of_the_year_before_that_the_ledger_holds_speak_against_a_business_that_began_this_year(
    held: str, expected: tuple[str, ...]
) -> None:
    """What is recorded is larger than nothing: a first year opens no exception that the ledger contradicts."""

    def totals(question: Question) -> Total:
        before = question.window.kind == "previous_calendar_year"
        return Total(Decimal(held if before else 0), None, 1)

    who = small(None, None, opened_at="2026-03-01")
    recorder = Recorder("m", date(2026, 1, 1), totals)
    found = EU.domestic(replace(asked(goods("DE", "FR"), who, consumer("FR")), recorded=recorder))
    assert told(found) == expected
    said = " ".join(step.answer for step in found.steps)
    assert ("the business began on 2026-03-01" in said) is (held == "0")
