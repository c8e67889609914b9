"""Money compares with money, in one currency, at a dated rate; without a rate nothing is known, and a rate is never 1."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.language.types import Type
from engine.money import Money
from tests.language.asking import Asked, ask, eur, usd, xaf

LIMIT = {"params": {"limit": eur("30.00")}}


@pytest.mark.parametrize(("amount", "within"), [("29.99", True), ("30", True), ("30.00", True), ("30.01", False)])
def test_the_limit_itself_is_within(amount: str, within: bool) -> None:
    assert ask("amount <= limit", {"amount": eur(amount)}, **LIMIT) is within
    assert ask("amount > limit", {"amount": eur(amount)}, **LIMIT) is not within


@pytest.mark.parametrize(("amount", "within"), [("37.50", True), ("37.51", False)])
def test_conversion_at_the_rate_of_the_day(amount: str, within: bool) -> None:
    """1.25 dollars a euro: 37.50 dollars are 30 euros, to the cent."""
    assert ask("amount <= limit", {"amount": usd(amount)}, **LIMIT) is within
    assert ask("limit >= amount", {"amount": usd(amount)}, **LIMIT) is within
    assert ask('amount <= eur("30")', {"amount": usd(amount)}) is within


def test_conversion_into_a_currency_that_is_not_the_euro() -> None:
    limit = {"params": {"limit": usd("1.25")}}
    assert ask("amount <= limit", {"amount": eur("1.00")}, **limit) is True
    assert ask("amount <= limit", {"amount": Money(Decimal("160"), "JPY")}, **limit) is True
    assert ask("amount <= limit", {"amount": Money(Decimal("161"), "JPY")}, **limit) is False


def test_no_rate_is_not_a_rate_of_one() -> None:
    for amount in ("1", "30", "1000000"):
        asked = Asked("amount <= limit", {"amount": xaf(amount)}, **LIMIT)
        assert asked.value is None
        assert asked.missing == {"rates.XAF.EUR"}


def test_a_rate_that_is_too_old_is_none() -> None:
    assert ask("amount <= limit", {"amount": usd("1")}, day=date(2027, 2, 21), **LIMIT) is True
    asked = Asked("amount <= limit", {"amount": usd("1")}, day=date(2027, 2, 23), **LIMIT)
    assert asked.missing == {"rates.USD.EUR"}
    assert Asked("amount <= limit", {"amount": usd("1")}, day=date(2026, 11, 21), **LIMIT).missing == {"rates.USD.EUR"}


def test_two_facts_are_compared_in_the_currency_of_the_payment() -> None:
    text = "payment.since_authenticated.amount <= amount"
    facts: dict[str, Any] = {"amount": usd("125"), "payment.since_authenticated.currency": "EUR"}
    assert ask(text, {**facts, "payment.since_authenticated.amount": eur("100")}) is True
    assert ask(text, {**facts, "payment.since_authenticated.amount": eur("100.01")}) is False
    without = Asked(text, {**facts, "payment.since_authenticated.amount": xaf("1")})
    assert without.missing == {"rates.XAF.USD"}


def test_sums_across_currencies() -> None:
    text = "payment.since_authenticated.amount + amount <= limit"
    facts = {"amount": usd("12.50"), "payment.since_authenticated.currency": "EUR"}
    assert ask(text, {**facts, "payment.since_authenticated.amount": eur("20.00")}, **LIMIT) is True
    assert ask(text, {**facts, "payment.since_authenticated.amount": eur("20.01")}, **LIMIT) is False
    assert Asked(text, facts, **LIMIT).missing == {"payment.since_authenticated.amount"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('amount + eur("5") == eur("35")', True),
        ('amount - eur("5") == eur("25")', True),
        ('amount * 3 == eur("90")', True),
        ('3 * amount == eur("90")', True),
        ('amount * decimal("1.5") == eur("45")', True),
        ('amount / 4 == eur("7.50")', True),
        ('amount / 7 < eur("4.29")', True),
        ('amount / decimal("2.5") == eur("12")', True),
        ('abs(eur("5") - amount) == eur("25")', True),
        ('min(amount, eur("29")) == eur("29")', True),
        ('max(amount, eur("29")) == eur("30")', True),
        ('round_half_up(amount + eur("2.50"), 5) == eur("35")', True),
        ('round_half_up(amount + eur("2.49"), 5) == eur("30")', True),
        ('floor_to(amount + eur("4.99"), 5) == eur("30")', True),
        ('floor_to(eur("0") - amount, 7) == eur("0") - eur("35")', True),
        ('amount_of(amount + eur("0")) == 30', True),
        ('amount_of(eur("30")) in [30, 100]', True),
        ('ratio(amount + eur("0"), eur("40")) == decimal("0.75")', True),
        ('coalesce(payer.balance, amount) == eur("30")', True),
        ('(amount if payment.own_account else eur("30")) == eur("30")', True),
        ('eur("1") < eur("2")', True),
    ],
)
def test_arithmetic(text: str, value: bool) -> None:
    assert ask(text, {"amount": eur("30.00")}) is value


def test_functions_of_an_amount_convert_first() -> None:
    assert ask('floor_to(amount, 5) == eur("30")', {"amount": usd("40")}) is True, "40 dollars are 32 euros"
    assert ask('amount_of(amount + eur("0")) == 32', {"amount": usd("40")}) is True
    assert Asked('amount_of(amount + eur("0")) == 32', {"amount": xaf("40")}).missing == {"rates.XAF.EUR"}


def test_every_digit_counts() -> None:
    """No float, and no precision of 28 digits, is anywhere on the way."""
    facts = {"lines": (), "payment.limits.day_total": eur("999999999999999999.99")}
    assert ask('payment.limits.day_total + eur("0.01") == eur("999999999999999999.99") + eur("0.01")', facts) is True
    assert ask('payment.limits.day_total * 1000000 < eur("999999999999999999.99") * 1000001', facts) is True
    huge = 'abs(decimal("-123456789012345678.123456789012")) == decimal("123456789012345678.123456789012")'
    assert ask(huge) is True
    assert ask('-decimal("123456789012345678.123456789012") == decimal("-123456789012345678.123456789012")') is True


def test_rates_are_basis_points() -> None:
    facts = {"payment.fraud_rate.bps": Decimal("13")}
    assert ask('payment.fraud_rate.bps <= percent("0.13")', facts) is True
    assert ask('payment.fraud_rate.bps <= bps("12.999999999999")', facts) is False
    assert ask('payment.fraud_rate.bps * 2 == percent("0.13") + bps("13")', facts) is True


def test_a_limit_the_law_does_not_set_is_unknown() -> None:
    asked = Asked("amount <= limit", {"amount": eur("1")}, params={"limit": Type("money", unit="EUR")})
    assert asked.missing == {"law.limit"}
    assert Asked("amount <= limit", {}, params={"limit": Type("money", unit="EUR")}).missing == {"amount", "law.limit"}


@pytest.mark.parametrize("currency", ["EUR", "USD", "XAF"])
def test_only_what_is_converted_needs_a_rate(currency: str) -> None:
    facts = {"amount": Money(Decimal("10"), currency), "payer.balance": Money(Decimal("10"), currency)}
    assert ask("amount <= payer.balance", facts) is True
    assert ask("amount * 2 > payer.balance", facts) is True
