"""Amounts of the law are in one currency, payments in any: converted at a published, dated rate that the answer names."""

import pytest

from tests.law.telling import CONTACTLESS, Told, counted, pay


def dollars(amount: str, **more: str) -> Told:
    """A small payment in dollars within the area."""
    return pay(f"{amount} USD", counted("0.00 EUR"), **more)  # type: ignore[arg-type]


def test_26_dollars_are_under_30_euros() -> None:
    told = dollars("26.00")
    assert told.verdict == "exempt: low_value"
    assert told.because["amount"].startswith("23.2725")
    assert told.because["amount"].endswith(" EUR <= 30.00 EUR")
    rate = next(rate for rate in told.body["fx"] if rate["from"] == "USD")
    assert (rate["to"], rate["date"], rate["source"]) == ("EUR", "2026-10-30", "ECB euro reference rates")
    assert rate["rate"].startswith("0.8950948800572860")


@pytest.mark.parametrize(("amount", "exempt"), [("33.51", True), ("33.52", False)])
def test_the_limit_in_dollars_of_that_day(amount: str, exempt: bool) -> None:
    """1.1172 dollars a euro: 30 euros are 33.516 dollars."""
    assert (dollars(amount).outcome == "allow") is exempt


def test_a_weekend_takes_the_rate_of_friday() -> None:
    told = dollars("26.00", on="2026-11-01")
    assert [rate["date"] for rate in told.body["fx"] if rate["from"] == "USD"] == ["2026-10-30"]


def test_the_rate_is_that_of_the_payment_s_own_day() -> None:
    assert [rate["date"] for rate in dollars("26.00", on="2020-03-02").body["fx"] if rate["from"] == "USD"] == [
        "2020-03-02"
    ]


def test_a_currency_without_a_rate_closes_the_exemption_by_name() -> None:
    """One franc is not one euro."""
    told = pay("20 XAF", counted("0.00 EUR"))
    assert told.outcome == "challenge"
    assert "no exchange rate from XAF to EUR" in told.closed["low_value"]
    assert told.body["fx"] == []
    assert "rates.XAF.EUR" not in told.missing, "a rate is not the caller's to state"


def test_a_rate_too_old_is_no_rate() -> None:
    told = pay("20.00 RUB", counted("0.00 EUR"))
    assert "no exchange rate from RUB to EUR" in told.closed["low_value"]
    before = pay("20.00 RUB", counted("0.00 EUR"), on="2022-03-01")
    assert before.verdict == "exempt: low_value"


def test_no_rate_at_all_before_the_table_begins() -> None:
    told = pay("20.00 USD", on="2019-09-12")
    assert told.body["fx"] == []


def test_a_payment_in_euros_needs_no_rate() -> None:
    assert pay("30.00 EUR", counted("0.00 EUR")).body["fx"] == []


def test_counters_in_another_currency_are_converted_as_well() -> None:
    """70 euros and 33.51 dollars are under 100; 71 euros and 33.51 dollars are not."""
    under = pay("33.51 USD", counted("70.00 EUR"))
    over = pay("33.51 USD", counted("71.00 EUR"))
    assert (under.verdict, over.outcome) == ("exempt: low_value", "challenge")


EXACTLY_50 = [
    ("303.46 BRL", "2026-10-30"),  # 6.0692 reals a euro
    ("18297.50 HUF", "2026-10-29"),  # 365.95 forints a euro
    ("1217.65 CZK", "2026-10-30"),  # 24.353 crowns a euro
]


@pytest.mark.parametrize(("amount", "day"), EXACTLY_50)
def test_an_amount_that_is_exactly_the_limit_is_within_it(amount: str, day: str) -> None:
    """The law says "does not exceed". A rate worked out to 34 digits must not push a payment over the limit."""
    assert pay(amount, CONTACTLESS, counted("0.00 EUR"), on=day).verdict == "exempt: contactless"
