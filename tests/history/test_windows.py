"""Where windows begin, in the law's own words: the day of the cutoff, the weekend, days in which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from engine.windows import Window, WindowKind

NEW_YORK = "America/New_York"
TELLER = Window(WindowKind.BUSINESS_DAY, cutoff=time(17), zone=NEW_YORK)


def at(text: str, zone: str = NEW_YORK) -> datetime:
    """A local moment."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2026-11-19 16:59:59.999999", "2026-11-18 17:00"),  # Thursday's day, until its cutoff
        ("2026-11-19 17:00:00", "2026-11-19 17:00"),  # from the cutoff on, Friday's
        ("2026-11-20 17:00:00", "2026-11-20 17:00"),  # Friday evening is Monday's
        ("2026-11-21 12:00:00", "2026-11-20 17:00"),
        ("2026-11-22 23:00:00", "2026-11-20 17:00"),
        ("2026-11-23 16:59:59", "2026-11-20 17:00"),
        ("2026-11-23 17:00:00", "2026-11-23 17:00"),
    ],
)
def test_a_business_day_ends_at_its_cutoff_and_a_weekend_is_the_next_working_day(moment: str, start: str) -> None:
    assert TELLER.start(at(moment)) == at(start)


@pytest.mark.parametrize(
    ("moment", "start"),
    [
        ("2026-11-25 16:59", "2026-11-24 17:00"),
        ("2026-11-25 17:00", "2026-11-25 17:00"),  # the evening before Thanksgiving is Friday's
        ("2026-11-26 12:00", "2026-11-25 17:00"),
        ("2026-11-27 16:59", "2026-11-25 17:00"),
        (
            "2026-07-03 12:00",
            "2026-07-02 17:00",
        ),  # the Fourth is a Saturday: Friday is kept for it, and all of it is Monday's
        ("2026-07-06 16:59", "2026-07-02 17:00"),
    ],
)
def test_a_public_holiday_is_the_next_working_day(moment: str, start: str) -> None:
    window = Window(WindowKind.BUSINESS_DAY, cutoff=time(17), holidays="US", zone=NEW_YORK)
    assert window.start(at(moment)) == at(start)


def test_another_weekend() -> None:
    window = Window(WindowKind.BUSINESS_DAY, cutoff=time(14), weekend=(4, 5), zone="Asia/Riyadh")
    assert window.start(at("2026-11-20 12:00", "Asia/Riyadh")) == at("2026-11-19 14:00", "Asia/Riyadh")
    assert window.start(at("2026-11-22 13:59", "Asia/Riyadh")) == at("2026-11-19 14:00", "Asia/Riyadh")


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-20", 24)], ids=["spring", "autumn", "plain"]
)
def test_a_day_in_which_the_clocks_change_is_as_long_as_it_is(day: str, hours: int) -> None:
    window = Window(WindowKind.CALENDAR_DAY, zone=NEW_YORK)
    last = datetime.fromisoformat(f"{day} 23:59:59").replace(tzinfo=ZoneInfo(NEW_YORK)).astimezone(UTC)
    assert window.start(last) == at(f"{day} 00:00")
    assert round((last - window.start(last)).total_seconds() / 3600) == hours


def test_a_midnight_that_is_skipped_is_the_moment_of_the_change() -> None:
    window = Window(WindowKind.CALENDAR_DAY, zone="America/Asuncion")
    found = window.start(datetime(2023, 10, 1, 15, tzinfo=UTC))
    assert found == datetime(2023, 10, 1, 4, tzinfo=UTC)


def test_an_hour_that_comes_twice_does_not_turn_the_business_day_back() -> None:
    window = Window(WindowKind.BUSINESS_DAY, cutoff=time(1, 30), weekend=(), zone=NEW_YORK)
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # 01:30 for the first time
    assert window.start(datetime(2026, 11, 1, 5, 29, 59, tzinfo=UTC)) == datetime(2026, 10, 31, 5, 30, tzinfo=UTC)
    assert window.start(first) == first
    assert window.start(datetime(2026, 11, 1, 6, 15, tzinfo=UTC)) == first  # 01:15 for the second time


def test_months_and_years_are_those_of_the_zone() -> None:
    moment = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)  # midnight of the new year in India
    month, year = (
        Window(WindowKind.CALENDAR_MONTH, zone="Asia/Kolkata"),
        Window(WindowKind.CALENDAR_YEAR, zone="Asia/Kolkata"),
    )
    assert month.start(moment) == year.start(moment) == moment
    before = datetime(2026, 12, 31, 18, 29, 59, tzinfo=UTC)
    assert month.start(before) == datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
    assert year.start(before) == datetime(2025, 12, 31, 18, 30, tzinfo=UTC)


def test_hours_and_days_back_are_of_sixty_minutes_and_twenty_four_hours() -> None:
    moment = at("2026-03-09 02:30")
    assert Window(WindowKind.ROLLING, hours=24).start(moment) == datetime(2026, 3, 8, 6, 30, tzinfo=UTC)
    assert Window(WindowKind.LINKED, days=365).start(moment) == datetime(2025, 3, 9, 6, 30, tzinfo=UTC)


def test_before_the_calendar_there_is_no_window() -> None:
    with pytest.raises(OverflowError):
        Window(WindowKind.LINKED, days=2).start(datetime(1, 1, 1, 12, tzinfo=UTC))
