"""A seller who declares that every sale is recorded here need not count: the ledger's own totals stand behind its thresholds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from api.taxing import transaction_of
from tests.api.taxes import Shop, book, law_shop

__all__ = ["law_shop"]

SINCE = "2025-01-01"
ABROAD = ("FR", "standard")
HOME = ("DE", "reduced")


def seller(shop: Shop, **changes: Any) -> str:
    """A German bookseller with a number in France, who may stay below the EUR 10,000 of Art. 59c."""
    numbers = [{"jurisdiction": "DE", "number": "DE1"}, {"jurisdiction": "FR", "number": "FR1"}]
    profile = {"country": "DE", "establishments": [], "registrations": numbers, "all_sales_recorded_since": SINCE}
    return shop.merchant(**{**profile, **changes})


def ask(shop: Shop, merchant: str, amount: str = "10.70", **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = shop.calculate(book(merchant, amount=amount, **changes)).json()
    return found


def sell(shop: Shop, merchant: str, amount: str, **changes: Any) -> dict[str, Any]:
    return shop.sell(book(merchant, amount=amount, **changes))


def place(found: dict[str, Any]) -> str | None:
    (line,) = found["tax"]["lines"]
    return line["country"] if line["tax"] is not None else None


def test_whoever_declares_nothing_is_asked_for_the_totals_as_before(law_shop: Shop) -> None:
    found = ask(law_shop, seller(law_shop, all_sales_recorded_since=None))
    assert found["tax"]["verdict"] == "undecided"
    assert [one["field"] for one in found["missing"]] == [
        "payee.facts.eu_cross_border_total", "payee.facts.eu_cross_border_total_previous_year",
    ]  # fmt: skip
    assert "recorded" not in found["tax"]


def test_whoever_declares_it_is_taxed_at_home_below_the_threshold_and_told_why(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    sell(law_shop, merchant, "1070.00")
    found = ask(law_shop, merchant)
    assert place(found) == "DE"
    now, before = found["tax"]["recorded"]
    assert now == {
        "fact": "payee.facts.eu_cross_border_total", "jurisdiction": "EU", "window": "calendar_year", "from": "2026-01-01",
        "to": "2026-11-22", "amount": "1000.00", "highest": None, "currency": "EUR", "transactions": None, "stated": None,
        "used": "ledger", "as_of": found["calculated_at"],
    }  # fmt: skip
    assert (before["window"], before["amount"], before["to"]) == ("previous_calendar_year", "0.00", "2025-12-31")
    said = [step["answer"] for step in found["tax"]["lines"][0]["steps"] if step["question"] == "threshold"]
    assert said[0].startswith(
        "This ledger holds sales of 1000.00 EUR from 2026-01-01 to 2026-11-22; the seller declared"
    )


def test_the_very_supply_that_crosses_is_taxed_where_the_customer_is(law_shop: Shop) -> None:
    """Art. 59c(2): 9,900.00 so far; 100.00 more reach the threshold and do not exceed it, a cent more does."""
    merchant = seller(law_shop)
    sell(law_shop, merchant, "10593.00")
    assert place(ask(law_shop, merchant, "107.00")) == "DE"
    assert place(ask(law_shop, merchant, "107.02")) == "FR"
    assert place(sell(law_shop, merchant, "214.00")) == "FR"
    assert place(ask(law_shop, merchant, "0.10")) == "FR"


def test_what_was_sold_at_home_or_outside_the_union_does_not_count(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    sell(law_shop, merchant, "99999.00", to="DE")
    assert ask(law_shop, merchant)["tax"]["recorded"][0]["amount"] == "0.00"


def test_last_year_is_looked_at_as_well(law_shop: Shop) -> None:
    merchant = seller(law_shop, all_sales_recorded_since="2024-01-01")
    sell(law_shop, merchant, "10700.00", occurred_at="2025-12-31T10:00:00+01:00")
    sell(law_shop, merchant, "10.70", occurred_at="2025-12-31T11:00:00+01:00")
    assert place(ask(law_shop, merchant)) == "FR"
    assert place(ask(law_shop, merchant, occurred_at="2027-01-02T10:00:00+01:00")) == "DE"


def test_a_refund_does_not_undo_a_crossing(law_shop: Shop) -> None:
    """Art. 59c(2): from the sale that exceeds it, the places of the customers hold for the rest of the year and the next."""
    merchant = seller(law_shop)
    sell(law_shop, merchant, "10593.00")
    crossing = sell(law_shop, merchant, "5000.00")
    assert law_shop.back(crossing["id"])(mode="full").status == 200
    found = ask(law_shop, merchant)
    assert place(found) == "FR"
    (now, *_) = found["tax"]["recorded"]
    assert (now["amount"], float(now["highest"]) > 10000) == ("9900.00", True)
    assert "which refunds do not undo" in str(found["tax"]["lines"][0]["steps"])
    refunded = seller(law_shop)
    for _ in range(3):
        sold = sell(law_shop, refunded, "5350.00")
        assert law_shop.back(sold["id"])(mode="full").status == 200
    assert place(ask(law_shop, refunded)) == "DE", "15,000 in all, and never more than 5,000 at a time"


@pytest.mark.parametrize(
    ("since", "missing"),
    [
        ("2025-01-01", set()),
        ("2025-01-02", {"eu_cross_border_total_previous_year"}),
        ("2026-01-01", {"eu_cross_border_total_previous_year"}),
        ("2026-01-02", {"eu_cross_border_total", "eu_cross_border_total_previous_year"}),
        ("2026-11-22", {"eu_cross_border_total", "eu_cross_border_total_previous_year"}),
    ],
)
def test_only_windows_that_lie_wholly_after_the_day_are_known(law_shop: Shop, since: str, missing: set[str]) -> None:
    found = ask(law_shop, seller(law_shop, all_sales_recorded_since=since))
    assert {one["field"].removeprefix("payee.facts.") for one in found["missing"]} == missing


def facts(**stated: str) -> dict[str, Any]:
    return {"facts": {"eu_cross_border_total": "0", "eu_cross_border_total_previous_year": "0", **stated}}


def test_where_the_ledger_holds_more_than_is_stated_the_larger_counts(law_shop: Shop) -> None:
    """A total that was stated in spring must not keep a seller below the threshold in autumn."""
    merchant = seller(law_shop, **facts(eu_cross_border_total="50.00"))
    sell(law_shop, merchant, "10593.00")
    found = ask(law_shop, merchant, "214.00")
    (now, before) = found["tax"]["recorded"]
    assert place(found) == "FR"
    assert (now["amount"], now["stated"], now["used"]) == ("9900.00", "50.00", "ledger")
    assert (before["amount"], before["stated"], before["used"]) == ("0.00", "0", "stated")
    assert "more than the 50.00 stated: the larger counts" in str(found["tax"]["lines"][0]["steps"])


def test_it_does_so_in_a_year_that_it_knows_in_part(law_shop: Shop) -> None:
    merchant = seller(law_shop, **facts(), all_sales_recorded_since="2026-06-01")
    sell(law_shop, merchant, "10700.00")
    assert place(ask(law_shop, merchant)) == "FR"


def test_what_is_stated_stands_where_it_is_more(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    question = book(merchant)
    question["payee"] |= facts(eu_cross_border_total="12000.00")
    found = law_shop.calculate(question).json()
    assert place(found) == "FR"
    assert found["tax"]["recorded"][0]["used"] == "stated"


def test_it_is_the_total_that_the_thresholds_show(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    for amount in ("1070.00", "53.49", "999.99"):
        sell(law_shop, merchant, amount)
    (union,) = law_shop.get(f"/v1/tax/thresholds?merchant={merchant}")["data"]
    assert ask(law_shop, merchant)["tax"]["recorded"][0]["amount"] == union["total"]["amount"]


# -- elsewhere ---------------------------------------------------------------------------------------------------------


def saas(merchant: str, amount: str, to: str = "US-TX") -> dict[str, Any]:
    """A seat of software, sold in dollars, without tax."""
    line = {"id": "1", "kind": "digital", "category": "saas", "amount": amount, "tax_inclusive": False}
    country = {"country": to[:2], **({"region": to} if len(to) > 2 else {})}
    return book(merchant, payer={"type": "individual", **country, "postal_code": "73301"}, lines=[line], currency="USD")


def test_a_state_of_the_united_states_counts_its_own_twelve_months(law_shop: Shop) -> None:
    """34 Tex. Admin. Code 3.286: USD 500,000 in the preceding twelve months."""
    numbers = [{"jurisdiction": "US-NY", "number": "NY1"}]
    merchant = seller(law_shop, country="US", region="US-NY", registrations=numbers)
    first = law_shop.calculate(saas(merchant, "400000.00")).json()
    assert (first["tax"]["lines"][0]["reason"], first["tax"]["recorded"][0]["amount"]) == ("below_threshold", "0.00")
    assert first["tax"]["recorded"][0]["fact"] == "payee.facts.turnover.US-TX"
    law_shop.sell(saas(merchant, "400000.00"))
    law_shop.sell(saas(merchant, "100000.01"))
    then = law_shop.calculate(saas(merchant, "1.00")).json()
    assert then["tax"]["recorded"][0]["amount"] == "500000.01"
    assert then["tax"]["lines"][0]["reason"] != "below_threshold"
    other = law_shop.calculate(saas(merchant, "1.00", to="US-CA")).json()
    assert all(one["amount"] == "0.00" for one in other["tax"].get("recorded", ()))


# -- kept and asked again -----------------------------------------------------------------------------------------------


def test_a_calculation_done_again_is_the_same_byte_for_byte_whatever_was_sold_since(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    sell(law_shop, merchant, "10593.00")
    found = ask(law_shop, merchant)
    sell(law_shop, merchant, "5000.00")
    again = law_shop.client.post(f"/v1/tax/calculations/{found['id']}/replay", {}).json()
    assert (again["identical"], again["differences"]) == (True, [])
    assert place(ask(law_shop, merchant)) == "FR"


def test_a_decision_on_a_payment_knows_the_same_and_is_replayed(law_shop: Shop) -> None:
    merchant = seller(law_shop)
    sell(law_shop, merchant, "10593.00")
    payment = {"instrument": "card", "channel": "remote", "issuer_country": "FR", "acquirer_country": "DE"}
    question = {**book(merchant, amount="107.02"), "amount": "107.02", "payment": payment}
    decided = law_shop.client.post("/v1/preflight?domains=sca,tax", question).json()
    assert decided["tax"]["lines"][0]["country"] == "FR"
    assert decided["tax"]["recorded"][0]["amount"] == "9900.00"
    sell(law_shop, merchant, "5000.00")
    again = law_shop.client.post(f"/v1/decisions/{decided['id']}/replay", {}).json()
    assert again["identical"] is True
    explained = law_shop.get(f"/v1/decisions/{decided['id']}/explanation")
    assert "9900.00" in str(explained["tax"]["lines"][0]["steps"])


def test_calculations_among_commits_read_a_total_that_was_committed(law_shop: Shop) -> None:
    """Never half of a sale, and never less than before."""
    merchant = seller(law_shop)
    made = [law_shop.calculate(book(merchant, amount="107.00")).json()["id"] for _ in range(12)]
    taxes = law_shop.service.ledger.taxes

    def commit(name: str) -> None:
        stored = taxes.calculation(name)
        assert stored is not None
        taxes.commit(transaction_of(stored, None, law_shop.clock.now, "key", law_shop.service.new_transaction()))

    seen: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(commit, name) for name in made]
        while not all(job.done() for job in jobs):
            seen.append(ask(law_shop, merchant)["tax"]["recorded"][0]["amount"])
        for job in jobs:
            job.result()
    amounts = [int(amount.removesuffix(".00")) for amount in seen]
    assert amounts == sorted(amounts)
    assert all(amount % 100 == 0 for amount in amounts)
    assert ask(law_shop, merchant)["tax"]["recorded"][0]["amount"] == "1200.00"
