"""Birth dates in all the forms that lists write them in: a day, a month, a year, from one to another, about.

What cannot be read is None, never a guess: the caller keeps the words.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

from engine.screening.model import Born

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_EARLIEST, _LATEST = 1000, 2200

_CIRCA: Final = re.compile(r"^(?:circa|approximately|approx\.?|about|around|c\.|ca\.?|~)\s*", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s+(?:to|and|-|–)\s+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"^between\s+", re.IGNORECASE)
_YEARS: Final = re.compile(r"(\d{4})\s*[-–]\s*(\d{4})", re.ASCII)
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_MONTH_YEAR: Final = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{4})", re.ASCII)
_MONTH: Final = re.compile(r"([A-Za-z]{3,9})\.?", re.ASCII)
_DAY_MONTH_YEAR: Final = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:T.*)?", re.ASCII)
_BRITISH: Final = re.compile(r"(\d{1,2}|dd|00)/(\d{1,2}|mm|00)/(\d{4})", re.ASCII | re.IGNORECASE)


def born(text: str) -> Born | None:
    """A birth date as a list writes it in words or figures; days come before months in `dd/mm/yyyy`."""
    said = " ".join(text.split()).strip(" .")
    rest = _CIRCA.sub("", said)
    found = _span(_BETWEEN.sub("", rest)) or _single(rest)
    return None if found is None else Born(found[0], found[1], circa=rest != said)


def born_on(year: int, month: int | None = None, day: int | None = None, *, circa: bool = False) -> Born | None:
    """A birth date from its parts."""
    found = _days(year, month, day)
    return None if found is None else Born(*found, circa=circa)


def born_between(first: int, last: int, *, circa: bool = False) -> Born | None:
    """From the first day of a year to the last day of another."""
    start, end = _days(first, None, None), _days(last, None, None)
    return None if start is None or end is None or first > last else Born(start[0], end[1], circa=circa)


def _span(text: str) -> tuple[date, date] | None:
    years = _YEARS.fullmatch(text)
    ends = [years[1], years[2]] if years else _RANGE.split(text)
    if len(ends) != 2:
        return None
    last = _single(ends[1])
    first = _single(ends[0])
    if first is None and last is not None and _MONTH.fullmatch(ends[0]):
        # "Between Aug. and Sep. 1977": the year is said once.
        first = _single(f"{ends[0]} {last[1].year}")
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _single(text: str) -> tuple[date, date] | None:
    said = text.strip(" .")
    if _YEAR.fullmatch(said):
        return _days(int(said), None, None)
    if match := _MONTH_YEAR.fullmatch(said):
        return _days(int(match[2]), _month(match[1]), None) if _month(match[1]) else None
    if match := _DAY_MONTH_YEAR.fullmatch(said):
        return _days(int(match[3]), _month(match[2]), int(match[1])) if _month(match[2]) else None
    if match := _ISO.fullmatch(said):
        return _days(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _BRITISH.fullmatch(said):
        return _british(match)
    return None


def _british(match: re.Match[str]) -> tuple[date, date] | None:
    """`dd/mm/1945`, `00/05/1945`: letters or noughts stand for what is not known. Without its month a day says nothing."""
    day, month = (int(part) if part.isdigit() and int(part) else None for part in (match[1], match[2]))
    return _days(int(match[3]), month, day if month else None)


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    if not _EARLIEST <= year <= _LATEST:
        return None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        return None
    longest = monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, longest)
    return (date(year, month, day),) * 2 if 1 <= day <= longest else None


def _month(name: str) -> int | None:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else None
