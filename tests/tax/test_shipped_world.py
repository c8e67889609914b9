"""The shipped law outside the Union, asked as a caller asks it: what a small law of a test can hide."""

from __future__ import annotations

from typing import Any

import pytest

from engine.packs.model import Confidence
from engine.tax.law import TaxLaw
from tests.property.shipped import packs
from tests.tax.small_law import body, line
from tests.tax.test_everywhere import assess_told, stated

LAW = TaxLaw(packs())
WITHOUT_COUNT = ["US-AL", "US-CA", "US-CO", "US-FL", "US-IL", "US-MA", "US-TN", "US-TX", "US-WA", "US-WI"]
"""States that never counted transactions, or no longer do."""


def told(
    start: str, end: str, *, kind: str = "goods", currency: str = "USD", amount: str = "100.00", registered: str = "",
    payee: dict[str, Any] | None = None, **fields: Any,
) -> Any:  # fmt: skip
    """The answer for one line. `registered`: where the seller is."""
    own = [{"jurisdiction": place} for place in registered.split()]
    request = body(
        line(amount=amount, kind=kind, category="standard", ship_from=stated(start), ship_to=stated(end),
             tax_inclusive=False, **fields),
        payer={**stated(end), "type": "individual"}, currency=currency,
        payee={**stated(start), "registrations": own, **(payee or {})},
    )  # fmt: skip
    return assess_told(request, LAW).answer["lines"][0]


def turnover(place: str, amount: str, currency: str) -> dict[str, Any]:
    return {"facts": {"turnover": {place: {"amount": amount, "currency": currency}}}}


def parts(found: Any) -> list[str]:
    return [f"{part['name']} {part['rate_percent']}" for part in found["components"]]


@pytest.mark.parametrize("state", WITHOUT_COUNT)
def test_where_no_transactions_are_counted_the_amount_alone_decides(state: str) -> None:
    found = told("US-OR", state, payee=turnover(state, "50000", "USD"))
    assert (found["treatment"], found["reason"]) == ("no_obligation", "below_threshold")
    found = told("US-OR", state, payee=turnover(state, "600000", "USD"), facts={"local_rate": "0"})
    assert found["treatment"] == "standard"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("IN-MH", "IN-MH", ["CGST 9", "SGST 9"]),
        ("IN-CH", "IN-CH", ["CGST 9", "UTGST 9"]),
        ("IN-MH", "IN-KA", ["IGST 18"]),
    ],
)
def test_goods_within_india_go_by_the_state_they_are_sent_to(start: str, end: str, expected: list[str]) -> None:
    assert parts(told(start, end, currency="INR", registered=start)) == expected


@pytest.mark.parametrize(("place", "country", "percent"), [("MC", "FR", "TVA 20"), ("IM", "GB", "VAT 20")])
def test_a_number_of_a_place_that_is_treated_as_another_is_one_there(place: str, country: str, percent: str) -> None:
    found = told(place, place, currency="EUR", registered=place)
    assert (found["country"], found["treatment"], parts(found)) == (country, "standard", [percent])


def test_puerto_rico_has_a_sales_tax_of_its_own_that_was_not_read() -> None:
    found = told("US-OR", "US-PR", registered="US-PR", facts={"local_rate": "0"})
    assert (found["treatment"], found["missing"]) == ("undecided", ["law.has_consumption_tax"])


def test_an_island_under_its_code_as_a_part_of_the_united_states() -> None:
    assert told("US-OR", "US-VI")["country"] == "VI"


@pytest.mark.parametrize(
    ("start", "end", "amount", "currency", "treatment"),
    [
        ("CN", "NO", "3000.00", "NOK", "import"),
        ("US-OR", "AU", "1000.01", "AUD", "import"),
        ("CN", "SG", "400.01", "SGD", "import"),
        ("CN", "DE", "150.01", "EUR", "import"),
        ("CN", "GB", "135.01", "GBP", "import"),
        ("DE", "NO", "3000.00", "NOK", "zero"),
        ("AU", "NO", "3000.00", "NOK", "zero"),
    ],
)
def test_above_the_limit_of_low_value_the_border_taxes(
    start: str, end: str, amount: str, currency: str, treatment: str
) -> None:
    """The origin speaks where its own law on exports was read: the Union, the Kingdom, Australia."""
    found = told(start, end, amount=amount, currency=currency, quantity="1", consignment_value=amount)
    assert (found["treatment"], found["tax"]) == (treatment, "0.00")


def test_where_there_is_no_such_tax_its_own_law_says_so() -> None:
    found = told("US-OR", "KW", kind="digital")
    assert (found["country"], found["treatment"], found["reason"]) == ("KW", "out_of_scope", "no_such_tax")
    assert found["law"]
    assert found["confidence"] in set(Confidence)


@pytest.mark.parametrize("facts", [{"established_in": 5}, {"nexus": 7}, {"established_in": "TX"}])
def test_a_list_of_places_that_is_none_tells_nothing(facts: dict[str, Any]) -> None:
    found = told("US-OR", "US-TX", payee={"facts": facts})
    assert found["reason"] == "turnover.unknown"


@pytest.mark.parametrize("registered", ["FR", "RE"])
def test_the_state_registers_the_sellers_of_its_islands(registered: str) -> None:
    """A shop on Réunion is registered with the French administration: it charges the island's own 8.5 %."""
    found = told("RE", "RE", currency="EUR", registered=registered)
    assert parts(found) == ["TVA 8.5"]


# -- delivery that is charged apart ---------------------------------------------------------------------------------------


def delivered(state: str, local: str = "0") -> Any:
    """Goods and their delivery within a state."""
    there = {"ship_from": stated(state), "ship_to": stated(state), "tax_inclusive": False, "kind": "goods"}
    lines = [
        line("1", amount="100.00", category="standard", facts={"local_rate": local}, **there),
        line("2", amount="10.00", category="shipping", facts={"local_rate": local}, **there),
    ]
    own = [{"jurisdiction": state}]
    request = body(*lines, payer={**stated(state), "type": "individual"}, currency="USD",
                   payee={**stated(state), "registrations": own})  # fmt: skip
    return assess_told(request, LAW).answer["lines"][1]


@pytest.mark.parametrize(("state", "tax"), [("US-TX", "0.63"), ("US-NY", "0.40"), ("US-WA", "0.65"), ("US-PA", "0.60")])
def test_delivery_follows_the_goods_where_the_state_taxes_it(state: str, tax: str) -> None:
    found = delivered(state)
    assert (found["treatment"], found["tax"]) == ("standard", tax)
    assert found["confidence"] in ("C", "R"), "only summaries of the states' rules were read"


@pytest.mark.parametrize("state", ["US-AZ", "US-CO", "US-ID", "US-MD", "US-OK", "US-UT", "US-VA", "US-WY"])
def test_delivery_that_is_charged_apart_is_not_taxed_where_the_state_says_so(state: str) -> None:
    found = delivered(state)
    assert (found["treatment"], found["reason"], found["tax"]) == ("exempt", "shipping.not_taxable", "0.00")


@pytest.mark.parametrize("state", ["US-CA", "US-FL", "US-IL", "US-KS", "US-LA", "US-MI", "US-MO"])
def test_delivery_whose_tax_turns_on_how_it_is_done_stays_undecided(state: str) -> None:
    """Common carrier, the buyer's option to fetch the goods, cost and no more: none of it is read here yet."""
    found = delivered(state)
    assert (found["treatment"], found["missing"]) == ("undecided", ["law.shipping_taxable"])
