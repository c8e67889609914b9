"""Discounts, shipping, bundles and what is ancillary: whatever belongs together is spread and nothing of it is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tax.basket import discounted
from engine.tax.model import Treatment
from tests.tax.small_law import Family, families, line, place, rate, release, sale_told, says, sold, union

LAW = release(
    FR=place(
        rate("20"), rate("5.5", "books", "reduced"), rate("10", "restaurant", "reduced"), rate("0", "zero", "zero")
    ),
    EU=union("FR", "DE"),
)
CATEGORIES = st.sampled_from(["books", "standard", "restaurant", "zero"])
BOOK = {"category": "books", "tax_inclusive": False}
TOY = {"category": "standard", "tax_inclusive": False}


def told(*lines: dict[str, Any], **stated: Any) -> list[dict[str, Any]]:
    with families():
        return sold(LAW, *lines, **stated)["lines"]  # type: ignore[no-any-return]


def taxes(one: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(part["rate_percent"], part["taxable_amount"], part["amount"]) for part in one["components"]]


# -- discount on the whole ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("discount", "prices", "expected"),
    [
        ("1.00", ["10.00", "20.00"], ["9.67", "19.33"]),
        ("10.00", ["10.00", "10.00", "10.00"], ["6.66", "6.67", "6.67"]),
        ("0.01", ["10.00", "10.00"], ["9.99", "10.00"]),
        ("30.00", ["10.00", "20.00"], ["0.00", "0.00"]),
        ("0", ["10.00", "20.00"], ["10.00", "20.00"]),
        ("5.00", ["0.00", "10.00"], ["0.00", "5.00"]),
    ],
)
def test_a_discount_is_spread_in_proportion(discount: str, prices: list[str], expected: list[str]) -> None:
    sale = sale_told(*(line(str(at), amount=price) for at, price in enumerate(prices)), facts={"discount": discount})
    assert [f"{found.amount:.2f}" for found in discounted(sale).lines] == expected


@pytest.mark.parametrize("discount", ["30.01", "x", "1.005", "-1", None, True])
def test_a_discount_that_cannot_be_leaves_nothing_decided(discount: object) -> None:
    lines = told(line("1", amount="10.00", **TOY), line("2", amount="20.00", **TOY), facts={"discount": discount})
    assert [(one["treatment"], one["missing"]) for one in lines] == [("undecided", ["facts.discount"])] * 2


def test_a_discount_on_a_basket_with_an_unknown_price() -> None:
    lines = told(line("1", amount="10.00", **TOY), line("2", **TOY), facts={"discount": "1.00"})
    assert [one["missing"] for one in lines] == [["lines.amount"]] * 2


def test_tax_is_on_what_is_left() -> None:
    lines = told(line("1", amount="10.00", **BOOK), line("2", amount="20.00", **TOY), facts={"discount": "3.00"})
    assert [taxes(one) for one in lines] == [[("5.5", "9.00", "0.50")], [("20", "18.00", "3.60")]]


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8), st.data())
@settings(max_examples=60)
def test_no_cent_of_a_discount_is_lost(cents: list[int], data: st.DataObject) -> None:
    discount = Decimal(data.draw(st.integers(0, sum(cents)))) / 100
    lines = [line(str(at), amount=f"{Decimal(price) / 100:.2f}") for at, price in enumerate(cents)]
    before = sale_told(*lines, facts={"discount": f"{discount:.2f}"})
    after = discounted(before)
    assert sum(one.amount for one in before.lines) - sum(one.amount for one in after.lines) == discount
    assert all(0 <= one.amount <= was.amount for one, was in zip(after.lines, before.lines, strict=True))


# -- shipping -----------------------------------------------------------------------------------------------------------------


def shipping(amount: str, **more: Any) -> dict[str, Any]:
    return line("ship", category="shipping", kind="transport", amount=amount, tax_inclusive=False, **more)


def test_shipping_takes_the_rate_of_the_goods() -> None:
    assert taxes(told(line("1", amount="30.00", **BOOK), shipping("5.00"))[1]) == [("5.5", "5.00", "0.28")]


def test_shipping_of_goods_with_several_rates_is_split_by_value() -> None:
    """Art. 78(b) Directive: carriage is part of the price of what is carried."""
    found = told(line("1", amount="30.00", **BOOK), line("2", amount="10.00", **TOY), shipping("6.00"))[2]
    assert taxes(found) == [("5.5", "4.50", "0.25"), ("20", "1.50", "0.30")]
    assert (found["net"], found["tax"], found["gross"]) == ("6.00", "0.55", "6.55")
    assert [(part["like"], part["net"]) for part in found["parts"]] == [("1", "4.50"), ("2", "1.50")]
    assert found["treatment"] == "standard"
    assert ("Council Directive 2006/112/EC", "Art. 78(b)") in [
        (one["instrument"], one["provision"]) for one in found["law"]
    ]


def test_lines_of_one_rate_are_one_part() -> None:
    found = told(line("1", amount="3.00", **BOOK), line("2", amount="7.00", **BOOK), shipping("1.99"))[2]
    assert (taxes(found), found["parts"]) == ([("5.5", "1.99", "0.11")], [])


def test_odd_cents_of_shipping_are_not_lost() -> None:
    found = told(line("1", amount="10.00", **BOOK), line("2", amount="10.00", **TOY), shipping("4.99"))[2]
    assert [base for _, base, _ in taxes(found)] == ["2.50", "2.49"]


def test_free_goods_carry_shipping_alike() -> None:
    found = told(line("1", amount="0.00", **BOOK), line("2", amount="0.00", **TOY), shipping("4.00"))[2]
    assert [base for _, base, _ in taxes(found)] == ["2.00", "2.00"]


def test_shipping_of_nothing_is_a_supply_of_its_own() -> None:
    found = told(line("1", kind="digital", amount="10.00", **TOY), shipping("4.00"))[1]
    assert taxes(found) == [("20", "4.00", "0.80")]


def test_a_service_in_the_basket_bears_no_shipping() -> None:
    found = told(line("1", amount="10.00", **BOOK), line("2", kind="digital", amount="90.00", **TOY), shipping("4.00"))[
        2
    ]
    assert taxes(found) == [("5.5", "4.00", "0.22")]


def test_shipping_of_undecided_goods_is_undecided() -> None:
    found = told(line("1", amount="10.00", category="books", tax_inclusive=False, ship_to=None), shipping("4.00"))[1]
    assert (found["treatment"], found["missing"], found["tax"]) == ("undecided", ["lines.ship_to.country"], None)


def test_shipping_of_goods_whose_price_is_unknown_is_undecided() -> None:
    found = told(line("1", **BOOK), line("2", amount="1.00", **TOY), shipping("4.00"))[2]
    assert (found["treatment"], found["missing"]) == ("undecided", ["lines.amount"])


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (None, ["law.shipping_taxable"]),
        ("exempt", ["law.shipping_taxable"]),
        ("follows_goods", []),
        ("not_if_separate", []),
    ],
)
def test_retail_sales_taxes_differ_in_shipping(rule: str | None, expected: list[str]) -> None:
    """Some states tax it with the goods, others not when it is charged apart: what was not read is not guessed."""
    settings = {} if rule is None else {"shipping_taxable": rule}
    law = release(**{"US-TX": place(rate("6.25", tax="sales_tax"), **settings), "US": place()})
    there = {"ship_from": {"country": "US", "region": "TX"}, "ship_to": {"country": "US", "region": "TX"}}
    with families():
        found = sold(law, line("1", amount="10.00", **TOY, **there), shipping("4.00", **there))["lines"][1]
    assert found["missing"] == expected
    assert (found["tax"] is None) == bool(expected)
    if rule == "follows_goods":
        assert (found["treatment"], found["tax"]) == ("standard", "0.25")
    if rule == "not_if_separate":
        assert (found["treatment"], found["reason"], found["tax"]) == ("exempt", "shipping.not_taxable", "0.00")


def test_untaxed_goods_carry_untaxed_shipping() -> None:
    out = says(Treatment.ZERO, "export")
    with families(Family(inbound=says(Treatment.IMPORT, "import"), outbound=out)):
        abroad = {"ship_to": {"country": "US"}}
        lines = sold(LAW, line("1", amount="10.00", **TOY, **abroad), shipping("4.00", **abroad))["lines"]
    assert [(one["treatment"], one["reason"], one["tax"]) for one in lines] == [("zero", "export", "0.00")] * 2


# -- one supply of several elements ----------------------------------------------------------------------------------------------


def test_an_ancillary_element_shares_the_fate_of_its_principal() -> None:
    """C-349/96 Card Protection Plan: a gift wrap is taxed as the book is."""
    wrap = line("2", amount="2.00", category="standard", tax_inclusive=False, facts={"ancillary_to": "1"})
    found = told(line("1", amount="30.00", **BOOK), wrap)[1]
    assert taxes(found) == [("5.5", "2.00", "0.11")]
    assert "C-349/96 Card Protection Plan, C-41/04 Levob" in {one["instrument"] for one in found["law"]}


def test_the_order_of_lines_does_not_matter() -> None:
    wrap = line("2", amount="2.00", tax_inclusive=False, facts={"ancillary_to": "1"})
    assert taxes(told(wrap, line("1", amount="30.00", **BOOK))[0]) == [("5.5", "2.00", "0.11")]


@pytest.mark.parametrize("principal", ["nowhere", "2", "3", ["1"]])
def test_a_principal_that_is_none(principal: object) -> None:
    lines = told(
        line("1", amount="30.00", **BOOK),
        line("2", amount="2.00", tax_inclusive=False, facts={"ancillary_to": principal}),
        line("3", amount="2.00", tax_inclusive=False, facts={"ancillary_to": "2"}),
    )
    assert (lines[1]["treatment"], lines[1]["missing"]) == ("undecided", ["lines.facts.ancillary_to"])


def bundle(*parts: tuple[str, object], amount: str = "50.00") -> dict[str, Any]:
    stated = [{"category": category, "price": price} for category, price in parts]
    return line("1", amount=amount, tax_inclusive=False, facts={"bundle": stated})


def test_a_bundle_at_one_price_is_split_by_stand_alone_prices() -> None:
    found = told(bundle(("books", "20.00"), ("standard", "60.00")))[0]
    assert taxes(found) == [("5.5", "12.50", "0.69"), ("20", "37.50", "7.50")]
    assert [part["like"] for part in found["parts"]] == ["books", "standard"]
    assert (found["net"], found["gross"]) == ("50.00", "58.19")


def test_a_bundle_of_one_kind_of_goods() -> None:
    assert taxes(told(bundle(("books", "1.00"), amount="9.99"))[0]) == [("5.5", "9.99", "0.55")]


def test_odd_cents_of_a_bundle_are_not_lost() -> None:
    found = told(bundle(("books", "1"), ("standard", "1"), ("restaurant", "1"), amount="10.00"))[0]
    assert [base for _, base, _ in taxes(found)] == ["3.34", "3.33", "3.33"]


@pytest.mark.parametrize(
    "stated", [[], "books", [1], [{"category": "books"}], [{"price": "1"}], [{"category": "books", "price": "0"}], None]
)
def test_a_bundle_that_says_too_little(stated: object) -> None:
    found = told(line("1", amount="50.00", tax_inclusive=False, facts={"bundle": stated}))[0]
    assert (found["treatment"], found["missing"]) == ("undecided", ["lines.facts.bundle"])


def test_a_part_that_is_undecided_makes_the_bundle_undecided() -> None:
    law = release(FR=place(rate("5.5", "books", "reduced")))
    with families():
        found = sold(law, bundle(("books", "1"), ("standard", "1")))["lines"][0]
    assert (found["treatment"], found["components"], found["net"]) == ("undecided", [], None)


@given(
    st.lists(
        st.tuples(st.sampled_from(["books", "standard", "restaurant", "zero"]), st.integers(0, 10**6)),
        min_size=1,
        max_size=6,
    ),
    st.integers(0, 10**5),
    st.booleans(),
)
@settings(max_examples=80)
def test_lines_and_tax_are_the_total_in_both_price_modes(
    goods: list[tuple[str, int]], carriage: int, inclusive: bool
) -> None:
    lines = [
        line(str(at), category=category, amount=f"{Decimal(cents) / 100:.2f}", tax_inclusive=inclusive)
        for at, (category, cents) in enumerate(goods)
    ]
    ship = {**shipping(f"{Decimal(carriage) / 100:.2f}"), "tax_inclusive": inclusive}
    with families():
        tax = sold(LAW, *lines, ship)
    net, levied, gross = (sum(Decimal(one[key]) for one in tax["lines"]) for key in ("net", "tax", "gross"))
    stated = Decimal(sum(cents for _, cents in goods) + carriage) / 100
    assert net + levied == gross
    assert (gross if inclusive else net) == stated
    assert Decimal(tax["total"]) == levied
    assert levied == sum(Decimal(part["amount"]) for one in tax["lines"] for part in one["components"])
