"""Days, months and moments: civil, exact, and unknown beyond the ends of the calendar."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.language.asking import Asked, ask

BERLIN, LA = timezone(timedelta(hours=1)), timezone(timedelta(hours=-8))


def created(moment: datetime) -> dict[str, Any]:
    """A payment under a mandate of that moment."""
    return {"payment.mandate.created_at": moment}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('payment_date + days(3) == date("2026-11-25")', True),
        ('payment_date - days(22) == date("2026-10-31")', True),
        ('payment_date - date("2026-11-20") == days(2)', True),
        ('payment_date - date("2026-11-20") < hours(49)', True),
        ('payment_date - date("2026-11-20") + hours(1) == hours(49)', True),
        ('date("2026-11-20") - payment_date < days(0)', True),
        ('payment_date + hours(36) == date("2026-11-23")', True),  # a day has no hours: whole days count
        ('payment_date - hours(36) == date("2026-11-21")', True),
        ('day_before(date("2026-03-01")) == date("2026-02-28")', True),
        ('day_before(date("2024-03-01")) == date("2024-02-29")', True),
        ('min(payment_date, date("2026-01-01")) == date("2026-01-01")', True),
        ('max(payment_date, date("2026-01-01")) == payment_date', True),
        ('payment_date in [date("2026-11-21"), date("2026-11-22")]', True),
        ('payment_date not in [date("2026-11-21")]', True),
        ('date("2019-09-14") <= payment_date < date("2026-11-22")', False),
    ],
)
def test_days(text: str, value: bool) -> None:
    assert ask(text) is value


@pytest.mark.parametrize(
    ("start", "months", "down", "up"),
    [
        ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
        ("2024-01-31", 1, "2024-02-29", "2024-03-01"),
        ("2026-03-31", -1, "2026-02-28", "2026-03-01"),
        ("2026-10-31", 1, "2026-11-30", "2026-12-01"),
        ("2026-12-31", 2, "2027-02-28", "2027-03-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-03-01"),
        ("2024-02-29", 48, "2028-02-29", "2028-02-29"),
        ("2026-01-15", 1, "2026-02-15", "2026-02-15"),
        ("2026-01-15", -13, "2024-12-15", "2024-12-15"),
        ("2026-01-15", 0, "2026-01-15", "2026-01-15"),
        ("2026-11-30", 1, "2026-12-30", "2026-12-30"),
    ],
)
def test_months_without_that_day(start: str, months: int, down: str, up: str) -> None:
    """The law must say where a month without the day ends: on its last day, or with the next month's first."""
    assert ask(f'months_add(date("{start}"), {months}, "down") == date("{down}")') is True
    assert ask(f'months_add(date("{start}"), {months}, "up") == date("{up}")') is True


@pytest.mark.parametrize(
    "text",
    [
        'day_before(date("0001-01-01")) < payment_date',
        'date("0001-01-01") - days(1) < payment_date',
        'date("9999-12-31") + days(1) > payment_date',
        'date("9999-12-31") + days(100000) > payment_date',
        'months_add(date("0001-01-01"), -1, "down") < payment_date',
        'months_add(date("9998-12-31"), 12, "up") > payment_date',
    ],
)
def test_beyond_the_calendar_nothing_is_known(text: str) -> None:
    asked = Asked(text)
    assert asked.value is None
    assert asked.missing == set(), "no fact would help"


def test_the_calendar_reaches_to_its_ends() -> None:
    assert ask('day_before(date("0001-01-02")) == date("0001-01-01")') is True
    assert ask('date("9999-12-30") + days(1) == date("9999-12-31")') is True


def test_the_day_of_a_moment_is_the_one_it_was_stated_in() -> None:
    text = 'day_of(payment.mandate.created_at) == date("2019-09-14")'
    assert ask(text, created(datetime(2019, 9, 14, 0, 30, tzinfo=BERLIN))) is True
    assert ask(text, created(datetime(2019, 9, 13, 23, 30, tzinfo=UTC))) is False, "the same moment, told in London"
    assert ask(text, created(datetime(2019, 9, 14, 23, 30, tzinfo=LA))) is True
    assert ask(text) is None


def test_moments_compare_as_moments() -> None:
    here, there = datetime(2026, 11, 22, 9, 0, tzinfo=BERLIN), datetime(2026, 11, 22, 0, 0, tzinfo=LA)
    facts = {"payment.mandate.notice_sent_at": here, "occurred_at": there}
    assert ask("payment.mandate.notice_sent_at == occurred_at", facts) is True
    assert ask("occurred_at - payment.mandate.notice_sent_at >= hours(24)", facts) is False
    later = {**facts, "occurred_at": there + timedelta(hours=24)}
    assert ask("occurred_at - payment.mandate.notice_sent_at >= hours(24)", later) is True
    assert ask("payment.mandate.notice_sent_at + hours(24) <= occurred_at", later) is True
    assert ask("occurred_at - hours(24) == payment.mandate.notice_sent_at", later) is True


def test_a_notice_sent_a_minute_late() -> None:
    facts = {
        "payment.mandate.notice_sent_at": datetime(2026, 11, 21, 12, 1, tzinfo=UTC),
        "occurred_at": datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    }
    assert ask("occurred_at - payment.mandate.notice_sent_at >= hours(24)", facts) is False


@pytest.mark.parametrize("text", ["occurred_at + days(1) > occurred_at", "occurred_at + hours(1) > occurred_at"])
def test_moments_end_with_the_calendar(text: str) -> None:
    assert ask(text, {"occurred_at": datetime.max.replace(tzinfo=UTC)}) is None
    assert ask(text, {"occurred_at": datetime(9999, 12, 30, 12, 0, tzinfo=UTC)}) is True
    assert ask(text, {"occurred_at": datetime(9999, 12, 31, 23, 0, tzinfo=UTC)}) is None, (
        "midnight would be the year 10000"
    )


def test_the_end_of_the_calendar_is_a_local_one() -> None:
    """23:30 on the last day in Berlin is an hour earlier in London: one more hour is too much there, and not here."""
    assert (
        ask("occurred_at + hours(1) > occurred_at", {"occurred_at": datetime(9999, 12, 31, 23, 30, tzinfo=BERLIN)})
        is None
    )
    assert (
        ask("occurred_at + hours(1) > occurred_at", {"occurred_at": datetime(9999, 12, 31, 22, 30, tzinfo=UTC)}) is True
    )


def test_a_choice_between_moments_keeps_their_offsets() -> None:
    text = 'day_of(payment.mandate.created_at if payment.own_account else payment.mandate.valid_until) == date("2026-11-22")'
    facts = {
        "payment.mandate.created_at": datetime(2026, 11, 22, 0, 30, tzinfo=BERLIN),
        "payment.mandate.valid_until": datetime(2026, 11, 21, 23, 30, tzinfo=UTC),
    }
    assert ask(text, {**facts, "payment.own_account": True}) is True
    assert ask(text, {**facts, "payment.own_account": False}) is False


def test_dates_of_the_law() -> None:
    since = {"params": {"since": date(2026, 11, 22)}}
    assert ask("payment_date >= since", **since) is True
    assert ask("payment_date >= since", day=date(2026, 11, 21), **since) is False
