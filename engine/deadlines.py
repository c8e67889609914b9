"""Terms of the law and the days on which they end. Pure: the days off are looked up in a calendar that is handed in.

A term is a text of the pack, in this grammar:

    term     = number unit | ordinal "of the" months | "end of the" span | "first" count kind "days of the next quarter"
             | "immediately" | words
    unit     = "hours" | "days" | kind "days" | "weeks" | "months" | "years"        one of them in the singular
    kind     = "working" | "business" | "banking"
    ordinal  = "day" number
    months   = "next month" | "second next month"
    span     = "week" | "month" | "next month" | "quarter"

Words that are no term (`as soon as practicable`) have no date: the answer repeats them. The day of the event is not counted, so
that one day ends on the morrow. A term in calendar days, weeks, months or years ends where it ends, on a day off as well: no
law that was read moves it. A month without that day ends on its last. Working and business days leave out the weekend and the
public holidays of the place; banking days its bank holidays as well, where the calendar knows them. Hours go by the clock.
"""

from __future__ import annotations

import re
import warnings
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

import holidays

DaysOff = Callable[[date], bool]
"""Whether a day is not worked at a place."""

_COUNTED: Final = re.compile(r"(\d{1,4}) (?:(working|business|banking) )?(hour|day|week|month|year)s?")
_DAY_OF: Final = re.compile(r"day (\d{1,2}) of the (second )?next month")
_END_OF: Final = re.compile(r"end of the (week|month|next month|quarter)")
_FIRST_OF: Final = re.compile(r"first (\d{1,2}) (working|business|banking) days of the next quarter")
_FAR: Final = 4000
"""Days looked at for the end of a term: more than any law gives."""


class Term(NamedTuple):
    """A term that was understood."""

    number: int
    unit: str
    """hours, days, weeks, months, years, day_of_month, end_of, first_of_quarter, immediately."""
    kind: str = "calendar"
    """calendar, working, business, banking; of `end_of` the span."""


@cache
def read_term(text: str) -> Term | None:
    """The term that a text states; None for words without a date.

    >>> read_term("10 business days")
    Term(number=10, unit='days', kind='business')
    """
    if text == "immediately":
        return Term(0, "immediately")
    if found := _COUNTED.fullmatch(text):
        if found[2] and found[3] != "day":
            return None
        return Term(int(found[1]), f"{found[3]}s", found[2] or "calendar")
    if found := _DAY_OF.fullmatch(text):
        return Term(int(found[1]), "day_of_month", "second" if found[2] else "next")
    if found := _END_OF.fullmatch(text):
        return Term(0, "end_of", found[1])
    if found := _FIRST_OF.fullmatch(text):
        return Term(int(found[1]), "first_of_quarter", found[2])
    return None


def due(term: Term, start: datetime, off: DaysOff) -> date | datetime:
    """When a term ends that an event starts. `start` is local to the institution; an instant is given back for hours alone.

    `off` is the calendar of the kind of days that the term counts (see `calendar_of`).
    """
    day = start.date()
    match term.unit:
        case "immediately":
            return start
        case "hours":
            # By the clock: an hour that summer time takes away is not given back.
            return (start.astimezone(UTC) + timedelta(hours=term.number)).astimezone(start.tzinfo)
        case "days" if term.kind != "calendar":
            return _worked(day, term.number, off)
        case "days":
            return day + timedelta(days=term.number)
        case "weeks":
            return day + timedelta(weeks=term.number)
        case "months":
            return _months(day, term.number)
        case "years":
            return _months(day, 12 * term.number)
        case "day_of_month":
            first = _months(day.replace(day=1), 2 if term.kind == "second" else 1)
            return first.replace(day=min(term.number, monthrange(first.year, first.month)[1]))
        case "first_of_quarter":
            return _worked(_quarter_end(day), term.number, off)
    return _end_of(day, term.kind)


def _end_of(day: date, span: str) -> date:
    if span == "week":
        return day + timedelta(days=6 - day.weekday())
    if span == "quarter":
        return _quarter_end(day)
    first = _months(day.replace(day=1), 1 if span == "next month" else 0)
    return first.replace(day=monthrange(first.year, first.month)[1])


def _quarter_end(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year, month, monthrange(day.year, month)[1])


def _worked(day: date, count: int, off: DaysOff) -> date:
    for _ in range(_FAR):
        if count == 0:
            return day
        day += timedelta(days=1)
        if not off(day):
            count -= 1
    raise ValueError("a calendar without working days")


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


# -- calendars -------------------------------------------------------------------------------------------------------------


class Calendars:
    """The days off of places, and a record of what was asked of them, so that a decision can be reproduced letter by letter
    although a later release of the calendar knows other holidays."""

    def __init__(self, kept: Mapping[str, Any] | None = None):
        self._kept = kept or {}
        self.used: dict[str, dict[str, bool]] = {}
        """Calendar, as `US/working` -> day -> whether it was off: JSON-ready."""

    def of(self, place: str, kind: str) -> DaysOff:
        """The calendar of a country or a part of one for days of a kind."""
        name = f"{place}/{'banking' if kind == 'banking' else 'working'}"
        kept, used = self._kept.get(name, {}), self.used.setdefault(name, {})

        def off(day: date) -> bool:
            known = kept.get(day.isoformat())
            used[day.isoformat()] = found = is_off(place, kind, day) if known is None else bool(known)
            return found

        return off


def is_off(place: str, kind: str, day: date) -> bool:
    """Whether a day is not worked at a place, by the calendar that is installed. A place that it does not know has only its
    Saturdays and Sundays off, which makes terms end early rather than late."""
    known = _calendar(place, kind, day.year)
    if known is None:
        return day.weekday() >= 5
    return not known.is_working_day(day) if kind != "banking" else day in known or known._is_weekend(day)


@cache
def _calendar(place: str, kind: str, year: int) -> holidays.HolidayBase | None:
    """Of a year whose movable feasts nobody has computed yet, the fixed ones alone: terms end early rather than late."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):
        return _holidays(place, kind, year)


def _holidays(place: str, kind: str, year: int) -> holidays.HolidayBase | None:
    country, _, part = place.partition("-")
    try:
        plain = holidays.country_holidays(country, years=year, observed=True)
    except NotImplementedError:
        return None
    categories = {"public"}
    if kind == "banking" and "bank" in plain.supported_categories:
        categories.add("bank")
    subdivision = part if part in plain.subdivisions else None
    return holidays.country_holidays(country, subdiv=subdivision, years=year, observed=True, categories=categories)
