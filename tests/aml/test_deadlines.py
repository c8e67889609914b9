"""Terms: each unit, both edges, weekends of three kinds, holidays, ends of months, the institution's own midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deadlines import Calendars, Term, due, is_off, read_term

NEW_YORK, TOKYO, RIYADH = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Riyadh")


def at(day: str, zone: ZoneInfo | None = None, hour: int = 12) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), zone or UTC).replace(hour=hour)


def ends(text: str, day: str, place: str = "US", zone: ZoneInfo | None = None) -> str:
    term = read_term(text)
    assert term is not None
    return due(term, at(day, zone), Calendars().of(place, term.kind)).isoformat()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("15 days", Term(15, "days")),
        ("1 day", Term(1, "days")),
        ("5 working days", Term(5, "days", "working")),
        ("1 business day", Term(1, "days", "business")),
        ("3 banking days", Term(3, "days", "banking")),
        ("24 hours", Term(24, "hours")),
        ("2 weeks", Term(2, "weeks")),
        ("1 month", Term(1, "months")),
        ("7 years", Term(7, "years")),
        ("day 15 of the next month", Term(15, "day_of_month", "next")),
        ("day 15 of the second next month", Term(15, "day_of_month", "second")),
        ("end of the week", Term(0, "end_of", "week")),
        ("end of the quarter", Term(0, "end_of", "quarter")),
        ("first 10 working days of the next quarter", Term(10, "first_of_quarter", "working")),
        ("immediately", Term(0, "immediately")),
    ],
)
def test_a_term_is_read(text: str, term: Term) -> None:
    assert read_term(text) == term


@pytest.mark.parametrize(
    "text", ["as soon as practicable", "promptly", "5 working hours", "2 banking weeks", "days", "", "15days"]
)
def test_words_that_are_no_term_have_no_date(text: str) -> None:
    assert read_term(text) is None


@pytest.mark.parametrize(
    ("text", "day", "end"),
    [
        ("15 days", "2026-11-22", "2026-12-07"),
        ("1 day", "2026-12-31", "2027-01-01"),
        ("2 weeks", "2026-11-22", "2026-12-06"),
        ("1 month", "2026-01-31", "2026-02-28"),
        ("1 month", "2028-01-31", "2028-02-29"),
        ("1 year", "2028-02-29", "2029-02-28"),
        ("day 15 of the next month", "2026-11-01", "2026-12-15"),
        ("day 15 of the next month", "2026-11-30", "2026-12-15"),
        ("day 15 of the next month", "2026-12-31", "2027-01-15"),
        ("day 15 of the second next month", "2026-11-30", "2027-01-15"),
        ("day 31 of the next month", "2026-01-10", "2026-02-28"),
        ("end of the week", "2026-11-22", "2026-11-22"),
        ("end of the week", "2026-11-23", "2026-11-29"),
        ("end of the month", "2026-02-03", "2026-02-28"),
        ("end of the next month", "2026-01-31", "2026-02-28"),
        ("end of the quarter", "2026-11-22", "2026-12-31"),
    ],
)
def test_calendar_terms_end_where_they_end(text: str, day: str, end: str) -> None:
    """A day off does not move them: no law that was read says so."""
    assert ends(text, day) == end


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-11-20", "2026-11-23"),  # Friday: the next working day is Monday
        ("2026-11-21", "2026-11-23"),  # Saturday
        ("2026-11-22", "2026-11-23"),  # Sunday
        ("2026-11-23", "2026-11-24"),
        ("2026-11-25", "2026-11-27"),  # Thanksgiving is left out
        ("2026-12-24", "2026-12-28"),  # Christmas, then the weekend
        ("2026-12-31", "2027-01-04"),  # New Year on a Friday
    ],
)
def test_a_working_day_in_the_united_states_leaves_out_weekends_and_holidays(day: str, end: str) -> None:
    assert ends("1 working day", day) == end


def test_fifteen_business_days_cross_a_year() -> None:
    assert ends("15 business days", "2026-12-18") == "2027-01-12"


@pytest.mark.parametrize(
    ("place", "day", "end"),
    [
        ("SA", "2026-11-26", "2026-11-29"),  # Thursday in Riyadh: Friday and Saturday are off
        ("KW", "2026-11-26", "2026-11-29"),
        ("AE", "2026-11-26", "2026-11-27"),  # the Emirates work on Friday since 2022
        ("AE", "2026-11-27", "2026-11-30"),
        ("AE", "2021-11-25", "2021-11-28"),  # and did not before
        ("DE", "2026-11-27", "2026-11-30"),
    ],
)
def test_the_weekend_is_the_one_of_the_place(place: str, day: str, end: str) -> None:
    assert ends("1 working day", day, place) == end


def test_years_whose_movable_feasts_nobody_knows_yet_have_the_fixed_ones() -> None:
    assert ends("1 working day", "2040-08-14", "IN") == "2040-08-16"


def test_a_place_without_a_calendar_has_its_weekends_off_and_nothing_else() -> None:
    assert not is_off("XX", "working", date(2026, 12, 25))
    assert is_off("XX", "working", date(2026, 12, 26))


def test_a_part_of_a_country_has_the_holidays_of_the_part() -> None:
    assert is_off("DE-BY", "working", date(2026, 1, 6))
    assert not is_off("DE", "working", date(2026, 1, 6))


def test_banking_days_leave_out_the_holidays_of_banks() -> None:
    assert is_off("BE", "banking", date(2026, 5, 15))
    assert not is_off("BE", "working", date(2026, 5, 15))


def test_hours_go_by_the_clock_and_not_by_the_dial() -> None:
    """In the night in which clocks go back, 24 hours end an hour earlier on the dial."""
    start = datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK)
    term = read_term("24 hours")
    assert term is not None
    assert due(term, start, Calendars().of("US", "calendar")).isoformat() == "2026-11-01T11:00:00-05:00"


def test_the_institutions_own_midnight_decides_which_day_it_was() -> None:
    late = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
    term = read_term("15 days")
    assert term is not None
    off = Calendars().of("JP", "calendar")
    assert due(term, late.astimezone(NEW_YORK), off).isoformat() == "2026-12-07"
    assert due(term, late.astimezone(TOKYO), off).isoformat() == "2026-12-08"


def test_immediately_is_the_moment_itself() -> None:
    assert ends("immediately", "2026-11-22", zone=RIYADH).startswith("2026-11-22T12:00:00")


def test_the_first_days_of_a_quarter_begin_after_it() -> None:
    assert ends("first 10 working days of the next quarter", "2026-12-31", "MX") == "2027-01-15"
    assert ends("first 1 working days of the next quarter", "2026-10-01", "MX") == "2027-01-04"


# -- what was asked is kept ------------------------------------------------------------------------------------------------


def test_the_days_that_were_looked_at_are_kept() -> None:
    calendars = Calendars()
    due(Term(2, "days", "working"), at("2026-11-25"), calendars.of("US", "working"))
    assert calendars.used == {
        "US/working": {
            "2026-11-26": True,
            "2026-11-27": False,
            "2026-11-28": True,
            "2026-11-29": True,
            "2026-11-30": False,
        }
    }


def test_kept_days_speak_instead_of_the_calendar() -> None:
    """A later release of the calendar may know other holidays: the decision stays what it was."""
    kept = {"US/working": {"2026-11-26": False}}
    assert due(Term(1, "days", "working"), at("2026-11-25"), Calendars(kept).of("US", "working")) == date(2026, 11, 26)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="without working days"):
        due(Term(1, "days", "working"), at("2026-11-25"), lambda _day: True)


DATES = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))


@given(DATES, st.integers(1, 40), st.sampled_from(["US", "DE", "SA", "IN", "XX"]))
def test_a_working_term_ends_on_a_day_that_is_worked_and_counts_each(day: date, number: int, place: str) -> None:
    off = Calendars().of(place, "working")
    end = due(Term(number, "days", "working"), at(day.isoformat()), off)
    assert not isinstance(end, datetime)
    worked = [
        one
        for one in (date.fromordinal(at_) for at_ in range(day.toordinal() + 1, end.toordinal() + 1))
        if not off(one)
    ]
    assert len(worked) == number
    assert worked[-1] == end


@given(
    DATES,
    st.sampled_from(
        ["3 working days", "15 days", "1 month", "day 15 of the next month", "end of the quarter", "24 hours"]
    ),
)
def test_a_term_never_ends_before_it_begins(day: date, text: str) -> None:
    term = read_term(text)
    assert term is not None
    end = due(term, at(day.isoformat()), Calendars().of("GB", term.kind))
    assert (end.date() if isinstance(end, datetime) else end) >= day
