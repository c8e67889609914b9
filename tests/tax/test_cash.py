"""Cash and digits: the day before and after each change, ties, refunds, and tables that cannot be used."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.currencies import cash_rounded, currencies
from engine.money import DIGITS
from engine.packs.model import Confidence
from engine.places import COUNTRIES
from engine.tax.cash import TableRefused, read_currencies

NOW = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("amount", "currency", "place", "paid"),
    [
        ("10.02", "CHF", "CH", "10.00"),
        ("10.03", "CHF", "LI", "10.05"),
        ("10.24", "DKK", "DK", "10.00"),
        ("10.25", "DKK", "DK", "10.50"),
        ("10.74", "DKK", "GL", "10.50"),
        ("10.75", "DKK", "DK", "11.00"),
        ("10.49", "SEK", "SE", "10"),
        ("10.50", "SEK", "SE", "11"),
        ("10.50", "NOK", "NO", "11"),
        ("10.49", "CZK", "CZ", "10"),
        ("102", "HUF", "HU", "100"),
        ("103", "HUF", "HU", "105"),
        ("20.42", "AUD", "AU", "20.40"),
        ("20.43", "AUD", "KI", "20.45"),
        ("1.05", "NZD", "NZ", "1.00"),
        ("1.06", "NZD", "NZ", "1.10"),
        ("1.02", "CAD", "CA-QC", "1.00"),
        ("14.97", "EUR", "FI", "14.95"),
        ("14.98", "EUR", "NL", "15.00"),
        ("30.76", "EUR", "EE", "30.75"),
        ("14.97", "EUR", "DE", "14.97"),
        ("0.01", "EUR", "SK", "0.05"),
        ("0.01", "EUR", "FI", "0.00"),
        ("0.01", "USD", "US", "0.01"),
        ("14.97", "EUR", "CH", "14.97"),
    ],
)
def test_a_total_is_rounded_where_the_coins_are_gone(amount: str, currency: str, place: str, paid: str) -> None:
    found = cash_rounded(Decimal(amount), currency, place, NOW)
    assert found.amount == Decimal(paid)
    assert found.difference == Decimal(paid) - Decimal(amount)


@pytest.mark.parametrize(
    ("currency", "place", "first_day", "before", "after"),
    [
        ("SEK", "SE", "2010-10-01", "10.50", "10"),
        ("NOK", "NO", "2012-05-01", "10.50", "10"),
        ("DKK", "DK", "2008-10-01", "10.40", "10.50"),
        ("CZK", "CZ", "2008-11-01", "10.40", "10"),
        ("NZD", "NZ", "2006-11-01", "10.40", "10.40"),
        ("CAD", "CA", "2013-02-04", "10.42", "10.40"),
        ("EUR", "BE", "2019-12-01", "10.42", "10.40"),
        ("EUR", "IE", "2015-10-28", "10.42", "10.40"),
        ("EUR", "IT", "2018-01-01", "10.42", "10.40"),
        ("EUR", "SK", "2022-07-01", "10.42", "10.40"),
        ("EUR", "EE", "2025-01-01", "10.42", "10.40"),
        ("EUR", "LT", "2025-05-01", "10.42", "10.40"),
    ],
)
def test_the_rule_starts_on_its_day(currency: str, place: str, first_day: str, before: str, after: str) -> None:
    day = date.fromisoformat(first_day)
    amount = Decimal("10.42") if "10.42" in (before, after) else Decimal("10.40")
    assert cash_rounded(amount, currency, place, day - timedelta(days=1)).amount == Decimal(before)
    assert cash_rounded(amount, currency, place, day).amount == Decimal(after)


@given(
    st.decimals(-10_000, 10_000, places=2),
    st.sampled_from([(rule.currency, place) for rule in currencies().rules for place in sorted(rule.places)]),
)
def test_cash_differs_by_half_a_step_at_most_and_is_whole_steps(amount: Decimal, where: tuple[str, str]) -> None:
    found = cash_rounded(amount, *where, NOW)
    assert found.rule is not None
    assert found.amount % found.rule.step == 0
    limit = found.rule.step if found.rule.never_nothing else found.rule.step / 2
    assert abs(found.difference) <= limit
    assert cash_rounded(-amount, *where, NOW).amount == -found.amount
    assert cash_rounded(found.amount, *where, NOW).difference == 0


def test_every_rule_says_where_it_comes_from_and_how_sure_it_is() -> None:
    for rule in currencies().rules:
        assert rule.places <= COUNTRIES
        assert rule.confidence is not Confidence.A
        assert rule.url or rule.confidence is Confidence.R
        assert DIGITS[rule.currency] >= -rule.step.normalize().as_tuple().exponent


def test_rules_of_one_place_never_hold_at_once() -> None:
    rules = currencies().rules
    for at, one in enumerate(rules):
        for other in rules[at + 1 :]:
            if one.currency == other.currency and one.places & other.places:
                assert (one.end or date.max) <= other.start or (other.end or date.max) <= one.start


# -- digits --------------------------------------------------------------------------------------------------------------


def test_the_table_has_every_currency_with_the_digits_of_iso_4217() -> None:
    table = currencies()
    assert table.known() == set(DIGITS)
    present = {code: table.digits(code, NOW) for code in table.known()}
    assert {code: digits for code, digits in present.items() if digits is not None and digits != DIGITS[code]} == {}
    assert {code for code, digits in present.items() if digits is None} == {
        "BGN", "HRK", "SLL", "ZWL", "ANG", "CUC", "MRO", "STD", "VEF",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("currency", "day", "digits"),
    [
        ("JPY", "2026-11-22", 0),
        ("EUR", "2026-11-22", 2),
        ("KWD", "2026-11-22", 3),
        ("CLF", "2026-11-22", 4),
        ("ISK", "2006-12-31", 2),
        ("ISK", "2007-01-01", 0),
        ("HRK", "2022-12-31", 2),
        ("HRK", "2023-01-01", None),
        ("BGN", "2025-12-31", 2),
        ("BGN", "2026-01-01", None),
        ("XCG", "2025-03-30", None),
        ("XCG", "2025-03-31", 2),
        ("XAU", "2026-11-22", None),
    ],
)
def test_a_currency_has_its_digits_on_its_days(currency: str, day: str, digits: int | None) -> None:
    assert currencies().digits(currency, date.fromisoformat(day)) == digits


CASH = "currency,places,step,from,to,tie,never_nothing,basis,instrument,source_url,confidence,note\n"
DIGIT = "currency,digits,from,to,name,source,confidence\n"


@pytest.mark.parametrize(
    ("cash", "digits", "said"),
    [
        ("EUR,FI,0,,,up,no,law,,,R,\n", "", "cash.csv, line 2: a step above zero"),
        ("EUR,FI,0.05,,,sideways,no,law,,,R,\n", "", "cash.csv, line 2"),
        ("EUR,,0.05,,,up,no,law,,,R,\n", "", "cash.csv, line 2"),
        ("EUR,FI,x,,,up,no,law,,,R,\n", "", "cash.csv, line 2"),
        ("EUR,FI,0.05,2020-01-01,2019-01-01,up,no,law,,,R,\n", "", "it ends before it starts"),
        ("EUR,FI,0.05\n", "", "not as many columns"),
        ("EUR,FI,0.05,,,up,no,law,,,Z,\n", "", "cash.csv, line 2"),
        ("", "EUR,two,,,Euro,x,A\n", "digits.csv, line 2"),
        ("", "EUR,2,yesterday,,Euro,x,A\n", "digits.csv, line 2"),
    ],
)
def test_a_table_that_cannot_be_used_says_where(cash: str, digits: str, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        read_currencies(CASH + cash, DIGIT + digits)
