"""What else is known of whom is asked about, held against an entry: time of birth, gender, country, kind.

Agreement lifts, contradiction lowers; what is unknown on either side does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from engine.screening.model import Born, EntityKind, Listed, Query
from engine.screening.policy import MatchPolicy

CIRCA: Final = timedelta(days=2 * 366)
"""How far a year that a list calls approximate may be off."""
SLACK: Final = timedelta(days=366)
"""Years of birth that are one apart contradict nothing: lists reckon back from an age."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that agrees or contradicts. `weight` in ten-thousandths."""

    code: str
    weight: int
    queried: str
    listed: str
    supports: bool = False
    """Enough beside a weak alias."""
    vetoes: bool = False
    """Nothing is confirmed against it."""


def evidence(query: Query, entry: Listed, policy: MatchPolicy) -> tuple[Evidence, ...]:
    """All that speaks for and against, without names and identifiers."""
    return tuple(_all(query, entry, policy))


def most_lift(query: Query, policy: MatchPolicy) -> int:
    """What could be added to a name at most, by what is known of whom is asked about."""
    return (policy.birth_date if query.births else 0) + (policy.country if query.countries else 0)


def _all(query: Query, entry: Listed, policy: MatchPolicy) -> Iterator[Evidence]:
    if query.births and entry.births:
        yield from _births(query, entry, policy)
    if query.gender and entry.genders and query.gender not in entry.genders:
        yield Evidence("gender", -policy.gender_conflict, query.gender, ", ".join(entry.genders), vetoes=True)
    if query.countries:
        listed = (*entry.nationalities, *entry.countries)
        common = sorted(set(query.countries).intersection(listed))
        if common:
            yield Evidence("country", policy.country, ", ".join(query.countries), ", ".join(common), supports=True)
    if EntityKind.UNKNOWN not in (query.kind, entry.kind) and query.kind is not entry.kind:
        yield Evidence("kind", -policy.kind_conflict, query.kind, entry.kind, vetoes=True)


def _births(query: Query, entry: Listed, policy: MatchPolicy) -> Iterator[Evidence]:
    """The best of all pairs: a list may know of several births, and so may a customer file."""
    pairs = [(one, other) for one in query.births for other in entry.births]
    for one, other in pairs:
        if one.earliest == one.latest == other.earliest == other.latest:
            yield Evidence("birth_date", policy.birth_date, told(one), told(other), supports=True)
            return
    for one, other in pairs:
        if _agree(one, other):
            yield Evidence("birth_year", policy.birth_year, told(one), told(other), supports=True)
            return
    if not any(_may_be(one, other) for one, other in pairs):
        queried, listed = ", ".join(map(told, query.births)), ", ".join(map(told, entry.births))
        yield Evidence("birth_conflict", -policy.birth_conflict, queried, listed, vetoes=True)


def _agree(one: Born, other: Born) -> bool:
    """Spans that overlap, or a day and month that changed places."""
    if one.earliest <= other.latest and other.earliest <= one.latest:
        return True
    days = one.earliest == one.latest and other.earliest == other.latest
    return days and _swapped(one.earliest) == other.earliest


def _swapped(day: date) -> date | None:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else None


def _may_be(one: Born, other: Born) -> bool:
    slack = CIRCA if one.circa or other.circa else SLACK
    return one.earliest - slack <= other.latest and other.earliest - slack <= one.latest


def told(born: Born) -> str:
    """A day, a year, or from when to when."""
    about = "about " if born.circa else ""
    if born.earliest == born.latest:
        return about + born.earliest.isoformat()
    whole_year = (born.earliest.month, born.earliest.day, born.latest.month, born.latest.day) == (1, 1, 12, 31)
    if whole_year and born.earliest.year == born.latest.year:
        return f"{about}{born.earliest.year}"
    return f"{about}{born.earliest.isoformat()} to {born.latest.isoformat()}"
