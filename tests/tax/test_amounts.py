"""The arithmetic: nothing is lost, whatever the currency, the price mode, the rates and the rule of rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.packs.model import Confidence
from engine.tax.amounts import Charged, allocate, minor_unit, reckon, sum_of, without_tax
from engine.tax.model import Component, Step
from engine.tax.rounding import Rounding

CURRENCIES = ["EUR", "JPY", "KWD"]
D = Decimal


def rule(level: str = "line", method: str = "half_up", whole: str | None = None) -> Rounding:
    return Rounding(method, level, f"test/{level}/{method}", Confidence.A, Step("rounding", ""), whole)


def tax(percent: str, name: str = "VAT", share: str = "1", jurisdiction: str = "FR") -> Component:
    return Component(name, jurisdiction, D(percent), D(share), f"{jurisdiction}/x", Confidence.A)


def one(
    amount: str, *taxes: Component, inclusive: bool = False, rounding: Rounding | None = None, **more: D
) -> Charged:
    return Charged(D(amount), inclusive, taxes, "FR", rounding or rule(), **more)


# -- one line ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "price", "percent", "inclusive", "net", "levied", "gross"),
    [
        ("EUR", "24.90", "5.5", True, "23.60", "1.30", "24.90"),
        ("EUR", "24.90", "5.5", False, "24.90", "1.37", "26.27"),
        ("EUR", "100.00", "20", True, "83.33", "16.67", "100.00"),
        ("EUR", "0.01", "20", False, "0.01", "0.00", "0.01"),
        ("EUR", "0.00", "20", True, "0.00", "0.00", "0.00"),
        ("EUR", "0.05", "10", False, "0.05", "0.01", "0.06"),
        ("EUR", "0.04", "10", False, "0.04", "0.00", "0.04"),
        ("JPY", "1080", "8", True, "1000", "80", "1080"),
        ("JPY", "999", "10", False, "999", "100", "1099"),
        ("KWD", "1.234", "5", False, "1.234", "0.062", "1.296"),
        ("KWD", "1.234", "5", True, "1.175", "0.059", "1.234"),
        ("CHF", "107.70", "8.1", True, "99.63", "8.07", "107.70"),
    ],
)
def test_a_price_with_and_without_its_tax(
    currency: str, price: str, percent: str, inclusive: bool, net: str, levied: str, gross: str
) -> None:
    (found,) = reckon([one(price, tax(percent), inclusive=inclusive)], currency)
    assert (found.net, found.tax, found.gross) == (D(net), D(levied), D(gross))


def test_several_taxes_in_one_price_share_it_by_their_rates() -> None:
    """tax_i = gross x r_i / (100 + sum of r): Quebec's 5 and 9.975 % on a price of 114.975 are 5 and 9.975 on 100."""
    (found,) = reckon([one("114.98", tax("5", "GST"), tax("9.975", "QST"), inclusive=True)], "CAD")
    assert [part.amount for part in found.levied] == [D("5.00"), D("9.98")]
    assert found.net == D("100.00")


def test_taxes_beside_each_other_are_not_compounded() -> None:
    (found,) = reckon([one("100.00", tax("5", "GST"), tax("9.975", "QST"))], "CAD")
    assert [part.amount for part in found.levied] == [D("5.00"), D("9.98")]


def test_only_a_share_of_the_price_is_taxed() -> None:
    """Texas taxes 80 % of data processing: 6.25 % of 80.00."""
    (found,) = reckon([one("100.00", tax("6.25", share="0.8"))], "USD")
    assert (found.levied[0].base, found.tax) == (D("80.00"), D("5.00"))


def test_a_share_within_an_inclusive_price() -> None:
    """Indonesia: 12 % of 11/12 of the price is 11 % of it."""
    share = str(D(11) / D(12))
    (found,) = reckon([one("111000.00", tax("12", "PPN", share), inclusive=True)], "IDR")
    assert (found.net, found.tax) == (D("100000.00"), D("11000.00"))


def test_duties_enter_the_base_of_a_price_without_tax() -> None:
    (found,) = reckon([one("100.00", tax("20"), duties=D("3.00"))], "EUR")
    assert (found.net, found.tax, found.gross, found.duties) == (D("103.00"), D("20.60"), D("123.60"), D("3.00"))


def test_duties_are_within_an_inclusive_price() -> None:
    (found,) = reckon([one("120.00", tax("20"), inclusive=True, duties=D("3.00"))], "EUR")
    assert (found.net, found.tax, found.gross) == (D("100.00"), D("20.00"), D("120.00"))


def test_what_is_not_taxed_is_its_price() -> None:
    (found,) = reckon([Charged(D("12.30"), False, (), "FR", None)], "EUR")
    assert (found.net, found.tax, found.gross, found.levied) == (D("12.30"), D(0), D("12.30"), ())


# -- rounding -----------------------------------------------------------------------------------------------------------------

THREE = ["0.99", "0.99", "0.99"]
FOOD_AND_OTHER = [("66", "8"), ("66", "8"), ("19", "10"), ("19", "10")]


@pytest.mark.parametrize(
    ("level", "method", "expected"),
    [
        ("line", "half_up", ["0.20", "0.20", "0.20"]),
        ("line", "down", ["0.19", "0.19", "0.19"]),
        ("line", "up", ["0.20", "0.20", "0.20"]),
        ("invoice", "half_up", ["0.20", "0.20", "0.19"]),
        ("invoice", "down", ["0.20", "0.20", "0.19"]),
        ("invoice", "up", ["0.20", "0.20", "0.20"]),
        ("invoice_rate", "half_up", ["0.20", "0.20", "0.19"]),
    ],
)
def test_for_each_line_or_once_on_the_total(level: str, method: str, expected: list[str]) -> None:
    """Three times 20 % of 0.99 is 0.594: 0.60 by lines, 0.59 once."""
    found = reckon([one(price, tax("20"), rounding=rule(level, method)) for price in THREE], "EUR")
    assert [str(part.tax) for part in found] == expected


def test_once_for_each_rate_of_an_invoice() -> None:
    """Japan: 8 % food and 10 % other goods are two sums."""
    rounding = rule("invoice_rate", "down")
    lines = [
        one(price, tax(percent), rounding=rounding)
        for price, percent in [("66", "8"), ("66", "8"), ("19", "10"), ("19", "10")]
    ]
    found = reckon(lines, "JPY")
    assert sum_of([part.tax for part in found[:2]]) == 10  # 10.56
    assert sum_of([part.tax for part in found[2:]]) == 3  # 3.8


def test_the_same_lines_in_one_sum_would_be_more() -> None:
    rounding = rule("invoice", "down")
    lines = [
        one(price, tax(percent), rounding=rounding)
        for price, percent in [("66", "8"), ("66", "8"), ("19", "10"), ("19", "10")]
    ]
    assert sum_of([part.tax for part in reckon(lines, "JPY")]) == 14  # 14.36


@pytest.mark.parametrize(
    ("price", "total"), [("2.77", "0"), ("2.78", "1"), ("100.00", "18"), ("102.77", "18"), ("102.78", "19")]
)
def test_india_rounds_a_tax_to_whole_rupees(price: str, total: str) -> None:
    """CGST Act s. 170: fifty paise or more count as a rupee."""
    found = reckon([one(price, tax("18", "IGST"), rounding=rule("invoice", whole="INR"))], "INR")
    assert found[0].tax == D(total)
    assert found[0].tax.as_tuple().exponent == -2


def test_whole_rupees_are_of_rupees_only() -> None:
    (found,) = reckon([one("2.77", tax("18"), rounding=rule("invoice", whole="INR"))], "USD")
    assert found.tax == D("0.50")


def test_whole_rupees_over_several_lines_still_add_up() -> None:
    found = reckon([one("3.33", tax("9", "CGST"), rounding=rule("invoice", whole="INR")) for _ in range(5)], "INR")
    assert sum_of([part.tax for part in found]) == 1  # 1.4985


def test_state_and_local_tax_are_rounded_as_one() -> None:
    """SSUTA s. 324: 4 % and 2.25 % of 1.10 are 0.06875: 0.07 together, 0.06 apart."""
    taxes = tax("4", "State"), tax("2.25", "County")
    together = reckon([one("1.10", *taxes, rounding=rule("line_total"))], "USD")
    apart = reckon([one("1.10", *taxes, rounding=rule("line"))], "USD")
    assert (together[0].tax, apart[0].tax) == (D("0.07"), D("0.06"))


def test_each_tax_has_a_sum_of_its_own() -> None:
    lines = [one("0.10", tax("5", "GST"), tax("7", "PST"), rounding=rule("invoice")) for _ in range(3)]
    found = reckon(lines, "CAD")
    sums = [sum_of([line.levied[at].amount for line in found]) for at in (0, 1)]
    assert sums == [D("0.02"), D("0.02")]  # 0.015 and 0.021


def test_places_are_rounded_apart() -> None:
    here = Charged(D("0.12"), False, (tax("20"),), "FR", rule("invoice"))
    there = Charged(D("0.12"), False, (tax("20", jurisdiction="DE"),), "DE", rule("invoice"))
    assert [part.tax for part in reckon([here, there], "EUR")] == [D("0.02"), D("0.02")]


# -- spreading -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "weights", "unit", "expected"),
    [
        ("10.00", ["1", "1", "1"], "0.01", ["3.34", "3.33", "3.33"]),
        ("0.01", ["1", "1", "1"], "0.01", ["0.01", "0.00", "0.00"]),
        ("0.02", ["1", "2", "3"], "0.01", ["0.00", "0.01", "0.01"]),
        ("100", ["1", "1", "1"], "1", ["34", "33", "33"]),
        ("1.000", ["1", "2"], "0.001", ["0.333", "0.667"]),
        ("5.00", ["0", "1"], "0.01", ["0.00", "5.00"]),
        ("5.00", ["0", "0"], "0.01", ["2.50", "2.50"]),
        ("0.00", ["3", "4"], "0.01", ["0.00", "0.00"]),
        ("7.00", ["9.99"], "0.01", ["7.00"]),
    ],
)
def test_spread_by_largest_remainder(total: str, weights: list[str], unit: str, expected: list[str]) -> None:
    assert allocate(D(total), [D(weight) for weight in weights], D(unit)) == [D(part) for part in expected]


def test_what_is_spread_is_whole() -> None:
    with pytest.raises(ValueError, match="no whole number"):
        allocate(D("0.001"), [D(1), D(1)], D("0.01"))


@pytest.mark.parametrize(
    ("gross", "percents", "net"),
    [
        ("119.00", ["19"], "100.00"),
        ("1.00", ["20"], "0.83"),
        ("114.98", ["5", "9.975"], "100.00"),
        ("9.99", [], "9.99"),
    ],
)
def test_a_price_without_the_tax_of_home(gross: str, percents: list[str], net: str) -> None:
    assert without_tax(D(gross), [tax(percent) for percent in percents], "EUR") == D(net)


# -- what holds of every basket -----------------------------------------------------------------------------------------

percents = st.decimals(min_value=0, max_value=50, places=3)
shares = st.sampled_from([D(1), D(1), D(1), D("0.8"), D(11) / D(12)])
rules = st.builds(
    rule,
    st.sampled_from(["line", "line_total", "invoice", "invoice_rate"]),
    st.sampled_from(["half_up", "down", "up"]),
)


@st.composite
def baskets(draw: st.DrawFn) -> tuple[str, list[Charged]]:
    currency = draw(st.sampled_from(CURRENCIES))
    unit, rounding = minor_unit(currency), draw(rules)
    taxes = draw(st.lists(st.tuples(percents, shares), min_size=1, max_size=3))
    lines = []
    for minor in draw(st.lists(st.integers(0, 10**9), min_size=1, max_size=6)):
        parts = [
            Component(f"tax {at}", "FR", percent, share, "FR/x", Confidence.A)
            for at, (percent, share) in enumerate(taxes)
        ]
        lines.append(Charged(minor * unit, draw(st.booleans()), tuple(parts), "FR", rounding))
    return currency, lines


@given(baskets())
def test_net_and_tax_are_gross_and_nothing_is_finer_than_a_minor_unit(basket: tuple[str, list[Charged]]) -> None:
    currency, lines = basket
    unit = minor_unit(currency)
    for line, found in zip(lines, reckon(lines, currency), strict=True):
        assert found.net + found.tax == found.gross
        assert (found.gross if line.inclusive else found.net) == line.amount
        assert found.tax == sum_of([part.amount for part in found.levied])
        assert all(amount % unit == 0 for amount in (found.net, found.tax, found.gross))
        assert found.tax >= 0


@given(baskets())
def test_lines_add_up_to_the_total_as_it_is_rounded(basket: tuple[str, list[Charged]]) -> None:
    """No more than a minor unit for every sum that was rounded lies between all taxes and the exact tax."""
    currency, lines = basket
    found = reckon(lines, currency)
    exact = sum_of([part.unrounded for amounts in found for part in amounts.levied])
    total = sum_of([amounts.tax for amounts in found])
    sums = sum(len(amounts.levied) for amounts in found)
    assert abs(total - exact) <= sums * minor_unit(currency)


@given(baskets())
def test_on_the_invoice_level_each_tax_is_its_exact_sum_rounded_once(basket: tuple[str, list[Charged]]) -> None:
    currency, lines = basket
    lines = [Charged(line.amount, line.inclusive, line.components, "FR", rule("invoice")) for line in lines]
    found = reckon(lines, currency)
    for at in range(len(lines[0].components)):
        exact = sum_of([amounts.levied[at].unrounded for amounts in found])
        total = sum_of([amounts.levied[at].amount for amounts in found])
        assert abs(total - exact) <= minor_unit(currency) / 2


@given(
    st.integers(0, 10**12),
    st.lists(st.decimals(0, 10**6, places=4), min_size=1, max_size=12),
    st.sampled_from(CURRENCIES),
)
def test_spreading_loses_nothing(minor: int, weights: list[D], currency: str) -> None:
    unit = minor_unit(currency)
    parts = allocate(minor * unit, weights, unit)
    assert sum_of(parts) == minor * unit
    assert all(part >= 0 and part % unit == 0 for part in parts)
    of = sum_of(weights)
    if of and len(parts) > 1:
        assert all(abs(part - minor * unit * weight / of) < unit for part, weight in zip(parts, weights, strict=True))


@given(st.integers(0, 10**9), percents, st.sampled_from(CURRENCIES))
def test_there_and_back_again(minor: int, percent: D, currency: str) -> None:
    """The tax put on a price is the tax found in the result, to a minor unit."""
    unit, part = minor_unit(currency), Component("VAT", "FR", percent, D(1), "FR/x", Confidence.A)
    (put,) = reckon([Charged(minor * unit, False, (part,), "FR", rule())], currency)
    (back,) = reckon([Charged(put.gross, True, (part,), "FR", rule())], currency)
    assert abs(back.tax - put.tax) <= unit
