"""What follows for one record: kept through which day, erased by which day, by which articles, or not known.

Years are counted by the calendar: a term of n years from a day ends with the same date n years on, and from the 29th of February
with the 28th where there is no 29th (as in Art. 3 of Regulation (EEC, Euratom) No 1182/71). The record may go on the day after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from engine.retention.law import Bound, Concern, RetentionLaw, Term, Trigger


class Kind(StrEnum):
    """What a record is."""

    DECISION = "decision"
    TAX = "tax_transaction"
    SCREENING = "screening"
    ONBOARDING = "onboarding_case"
    CASE = "case"


CONCERNS: Final = {
    Kind.DECISION: (Concern.AML, Concern.ACCOUNTING, Concern.PAYMENT),
    Kind.TAX: (Concern.ACCOUNTING, Concern.SCHEME, Concern.PAYMENT),
    Kind.SCREENING: (Concern.AML,),
    Kind.ONBOARDING: (Concern.AML,),
    Kind.CASE: (Concern.AML,),
}
"""Whose terms hold for a record."""
_WANTED: Final = frozenset({Concern.AML, Concern.ACCOUNTING})
"""Bodies of law that every place has: where a pack is silent about one, the law is not known. Few have one about payments."""
CALENDAR_YEAR: Final = (12, 31)
_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """What may be done with a record today."""

    KEEP = "keep"
    """A law asks for it still."""
    MAY = "may"
    """No law asks for it any more."""
    MUST = "must"
    """A law says that it goes, and none asks for it."""
    UNKNOWN = "unknown"
    """It cannot be told: it stays."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a term is reckoned from. `day` is the local day of the payment, or of whatever it is."""

    kind: Kind
    day: date
    places: tuple[str, ...]
    """Whose law holds: of the obliged entity, of whoever is paid. All of them do."""
    occasional: bool = False
    """An occasional transaction, outside of a relationship."""
    obliged: bool = True
    """Whether anti-money-laundering law reaches whoever asked. A screening, a case and an onboarding are its own doing."""
    ended: date | None = None
    """When the relationship ended; None: nobody knows, or it has not."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator says where the law is silent."""

    years: int | None = None
    """How long a record is kept about which no pack says so, or whose trigger nobody knows; None: it stays."""
    year_end: tuple[int, int] = CALENDAR_YEAR
    """Month and day on which the financial year ends."""


NO_POLICY: Final = Policy()


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A term, and the day it comes to: the last one on which it keeps, or the last one by which it erases. None: not known."""

    term: Term
    day: date | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """What holds for a record. Days are dates, the last of a term."""

    keep_through: date | None
    """The latest day of a term that keeps; None: nothing at all says so."""
    erase_by: date | None
    """The last day on which it may lie here; None: no law says so."""
    unknown: tuple[str, ...]
    """What is not known, in words. Empty: the law is known, or the operator's policy stands for it."""
    by_policy: bool
    """The operator's own years were taken for what is not known."""
    conflicts: tuple[str, ...]
    """Terms that erase before another one lets go: the one that keeps wins."""
    unverified: bool
    """One of the two days stands on one secondary source, or on memory, alone."""
    reckoned: tuple[Reckoned, ...]

    @property
    def deciding(self) -> tuple[Reckoned, ...]:
        """The terms whose days are the days of the answer."""
        ends = {Bound.KEEP: self.keep_through, Bound.ERASE: self.erase_by}
        return tuple(one for one in self.reckoned if one.day is not None and one.day == ends[one.term.bound])

    def state(self, today: date) -> State:
        """What may be done on a day."""
        if self.unknown or self.keep_through is None:
            return State.UNKNOWN
        if today <= self.keep_through:
            return State.KEEP
        # What keeps and what erases may end on one day: it goes on the day after.
        return State.MUST if self.erase_by is not None and today >= self.erase_by else State.MAY


def schedule(law: RetentionLaw, record: Record, policy: Policy = NO_POLICY) -> Schedule:
    """What holds for a record under the law of the day that `law` is of."""
    concerns = _concerns(record)
    terms = [term for place in dict.fromkeys(record.places) for term in law.of(place) if term.concern in concerns]
    reckoned = tuple(Reckoned(term, _end(term, record, policy)) for term in dict.fromkeys(terms))
    keeping = [one for one in reckoned if one.term.bound is Bound.KEEP]
    unknown = tuple(dict.fromkeys((*_silent(law, record, concerns), *_open(keeping))))
    by_policy = bool(unknown) and policy.years is not None
    ends = [one.day for one in keeping if one.day is not None]
    if unknown and policy.years is not None:
        ends.append(years_on(max(record.day, record.ended or record.day), policy.years))
    keep = max(ends, default=None)
    erasing = [one for one in reckoned if one.term.bound is Bound.ERASE and one.day is not None]
    erase = min((one.day for one in erasing if one.day is not None), default=None)
    made = Schedule(
        keep, erase, () if by_policy else unknown, by_policy, tuple(_conflicts(erasing, keep)), False, reckoned
    )
    sides = [[one.term.unverified for one in made.deciding if one.term.bound is bound] for bound in Bound]
    unverified = any(side and all(side) for side in sides)
    return Schedule(keep, erase, made.unknown, by_policy, made.conflicts, unverified, reckoned)


def years_on(day: date, years: int) -> date:
    """The same date so many years on; the 29th of February becomes the 28th where there is none.

    >>> years_on(date(2020, 2, 29), 5)
    datetime.date(2025, 2, 28)
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def year_end(day: date, end: tuple[int, int]) -> date:
    """The last day of the financial year that a day lies in. An end on the 29th of February is the last day of February.

    >>> year_end(date(2026, 7, 1), (6, 30))
    datetime.date(2027, 6, 30)
    """
    for year in (day.year, day.year + 1):
        found = _last(year, end)
        if found >= day:
            return found
    raise AssertionError("a financial year ends within a year")


def _last(year: int, end: tuple[int, int]) -> date:
    month, day = end
    return date(year, 3, 1) - _DAY if (month, day) == (2, 29) else date(year, month, day)


def _concerns(record: Record) -> tuple[Concern, ...]:
    found = CONCERNS[record.kind]
    if record.kind is Kind.DECISION and not record.obliged:
        return tuple(one for one in found if one is not Concern.AML)
    return found


def _end(term: Term, record: Record, policy: Policy) -> date | None:
    if term.years is None:
        return None
    begin: date | None = record.day
    if term.trigger is Trigger.YEAR_END:
        begin = year_end(record.day, policy.year_end)
    elif term.trigger is Trigger.RELATIONSHIP_END and not record.occasional:
        # What is recorded after the end, a late screening, is kept from its own day on.
        begin = None if record.ended is None else max(record.ended, record.day)
    return None if begin is None else years_on(begin, term.years)


def _silent(law: RetentionLaw, record: Record, concerns: Iterable[Concern]) -> list[str]:
    """Places and bodies of law about which no pack says how long. What the world recommends is nobody's law."""
    if not record.places:
        return ["no place is stated whose law holds"]
    return [
        f"{place}: no pack says how long {concern.value} law keeps it"
        for place in dict.fromkeys(record.places)
        for concern in concerns
        if concern in _WANTED and not any(term.settles and term.concern is concern for term in law.of(place))
    ]


def _open(keeping: Iterable[Reckoned]) -> list[str]:
    """Terms that keep, of which no end can be told."""
    found = []
    for one in keeping:
        where = f"{one.term.pack}: {one.term.name}"
        if one.term.years is None:
            found.append(f"{where}: nobody has read how many years")
        elif one.day is None:
            found.append(f"{where}: runs from the end of the relationship, which is not known")
    return found


def _conflicts(erasing: Iterable[Reckoned], keep: date | None) -> list[str]:
    return [
        f"{one.term.pack} {one.term.name} erases by {one.day.isoformat()}, but it is kept through {keep.isoformat()}"
        for one in erasing
        if one.day is not None and keep is not None and one.day < keep
    ]
