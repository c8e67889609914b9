"""Periods of returns: quarters, months, and the months of national stagger groups."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class Period(NamedTuple):
    """Some whole months; both days are within."""

    label: str
    first: date
    last: date

    @property
    def due(self) -> date:
        """The end of the following month (Directive 2006/112/EC, Art. 364, 369f, 369s)."""
        return month_end(self.last + timedelta(days=1))

    @property
    def months(self) -> int:
        """How many."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1


def quarter_of(day: date) -> Period:
    """The calendar quarter of a day."""
    number = (day.month - 1) // 3
    first = date(day.year, 3 * number + 1, 1)
    return Period(f"{day.year:04d}-Q{number + 1}", first, month_end(date(day.year, 3 * number + 3, 1)))


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    return Period(f"{day.year:04d}-{day.month:02d}", day.replace(day=1), month_end(day))


def month_end(day: date) -> date:
    """The last day of a day's month."""
    later = day.replace(day=28) + timedelta(days=4)
    return later - timedelta(days=later.day)


def read(text: str) -> Period | None:
    """`2026-Q4`, `2026-11`, or some months `2026-11..2027-01` (a year at most). None: no period.

    >>> read("2026-Q4").last, read("2026-02").last, read("2026-13")
    (datetime.date(2026, 12, 31), datetime.date(2026, 2, 28), None)
    """
    found = _QUARTER.fullmatch(text)
    if found:
        return quarter_of(date(int(found[1]), 3 * int(found[2]), 1)) if _sane(found[1]) else None
    first, dots, last = text.partition("..")
    ends = [_MONTH.fullmatch(part) for part in ((first, last) if dots else (first,))]
    if not all(end and _sane(end[1]) for end in ends):
        return None
    months = [month_of(date(int(end[1]), int(end[2]), 1)) for end in ends if end]
    period = Period(text, months[0].first, months[-1].last)
    return period if 1 <= period.months <= 12 else None


def _sane(year: str) -> bool:
    return 1900 <= int(year) <= 2199
