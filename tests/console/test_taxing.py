"""A quote from a form, and the straight line of a forecast."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api.console import taxing
from api.console.forms import Form


def _asked(**fields: str) -> dict[str, Any]:
    return taxing.question(Form(tuple(fields.items())))


def test_a_form_becomes_the_question_of_the_interface() -> None:
    asked = taxing.question(Form((
        ("currency", "eur"), ("seller_country", "fr"), ("registrations", "FR standard, fr oss FR123"),
        ("buyer_type", "individual"),
        ("buyer_country", "DE"), ("tax_id", "DE1"), ("day", "2026-11-22"), ("1.kind", "goods"), ("1.amount", "23.54"),
        ("1.from", "FR"), ("1.to", "us-tx"), ("1.inclusive", "1"), ("2.category", "books"), ("3.amount", "5"),
    )))  # fmt: skip
    assert asked["currency"] == "EUR"
    assert asked["occurred_at"] == "2026-11-22T12:00:00Z"
    assert asked["payer"] == {"type": "individual", "country": "DE", "tax_ids": [{"country": "DE", "value": "DE1"}]}
    assert asked["payee"]["registrations"] == [
        {"jurisdiction": "FR", "scheme": "standard"}, {"jurisdiction": "FR", "scheme": "oss", "number": "FR123"},
    ]  # fmt: skip
    first, third = asked["lines"]
    assert first == {
        "id": "1", "kind": "goods", "amount": "23.54", "tax_inclusive": True, "ship_from": {"country": "FR"},
        "ship_to": {"country": "US", "region": "US-TX"},
    }  # fmt: skip
    assert third == {"id": "3", "amount": "5", "tax_inclusive": False}


def test_further_facts_are_joined_by_their_names_and_places() -> None:
    more = '{"payee": {"facts": {"turnover": 10.50}}, "lines": [{"facts": {"excise": false}}]}'
    asked = _asked(**{"currency": "EUR", "seller_country": "FR", "1.amount": "5", "more": more})
    assert asked["payee"] == {"country": "FR", "facts": {"turnover": "10.50"}}
    assert asked["lines"][0]["facts"] == {"excise": False}


@pytest.mark.parametrize("more", ["{", "[1]", '"text"', "12"])
def test_further_facts_that_are_no_object_are_refused(more: str) -> None:
    with pytest.raises(taxing.NotJson):
        _asked(currency="EUR", more=more)


@pytest.mark.parametrize("name", taxing.SAMPLES)
def test_every_sample_is_a_question(name: str) -> None:
    asked = _asked(**taxing.SAMPLES[name][1])
    assert asked["lines"]
    assert asked["payee"]["facts"]["established_in"]


def _entry(**changes: Any) -> dict[str, Any]:
    return {
        "threshold": {"amount": "10000.00", "currency": "EUR"}, "window": {"from": "2026-01-01", "to": "2026-12-31"},
        "by_month": [{"month": "2026-09", "total": "900.00"}, {"month": "2026-10", "total": "1000.00"}],
        "forecast": {"per_day": "10.00", "date": None}, **changes,
    }  # fmt: skip


def test_the_line_goes_on_at_the_same_rate_to_the_end_of_the_window() -> None:
    drawn = taxing.line_of_forecast(_entry(), date(2026, 10, 31))
    assert drawn is not None
    assert drawn["labels"] == ["2026-09", "2026-10", "2026-11", "2026-12"]
    assert drawn["totals"] == ["900.00", "1000.00", None, None]
    assert drawn["carried"] == [None, "1000.00", "1300.00", "1610.00"]
    assert drawn["limit"] == ["10000.00"] * 4


def test_it_ends_where_it_meets_the_limit_and_nothing_is_drawn_of_what_is_unknown() -> None:
    met = taxing.line_of_forecast(_entry(forecast={"per_day": "500.00", "date": "2026-11-18"}), date(2026, 10, 31))
    assert met is not None
    assert met["labels"][-1] == "2026-11"
    assert taxing.line_of_forecast(_entry(threshold=None), date(2026, 10, 31)) is None
    assert taxing.line_of_forecast(_entry(by_month=None), date(2026, 10, 31)) is None


@pytest.mark.parametrize(
    ("today", "quarter", "month"),
    [
        (date(2026, 1, 5), "2025-Q4", "2025-12"), (date(2026, 4, 1), "2026-Q1", "2026-03"),
        (date(2026, 12, 31), "2026-Q3", "2026-11"),
    ],
)  # fmt: skip
def test_the_period_that_was_over_last(today: date, quarter: str, month: str) -> None:
    assert (taxing.periods(today)["oss"], taxing.periods(today)["ioss"]) == (quarter, month)
