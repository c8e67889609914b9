"""Facts of the law that somebody should look at again: when each was last seen to hold, and how surely it is known.

How long a fact keeps is a small dated table with reasons (`data/staleness/recheck.csv`), not a number in the code: from a day
on, so many days for a confidence. What ended is not looked at again; what comes is.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from typing import Final

from engine.packs.model import Cite, Confidence, Domain, Pack, Parameter, Value, Verified
from engine.packs.problems import Spot

_COLUMNS: Final = ["from", "confidence", "days", "reason"]


class BadTable(ValueError):
    """The table cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Keeps:
    """From a day on, facts of a confidence are looked at again after so many days, for a reason."""

    start: date
    confidence: Confidence
    days: int
    reason: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a pack with the day by which somebody should have looked at it again."""

    pack: str
    domain: str | None
    """None: of the whole pack, such as a member of a group."""
    kind: str
    """parameter, rule, rate, territory or member."""
    name: str
    confidence: str
    verified_on: date
    verified_by: str
    due: date
    source: str | None
    """The title of the instrument, where one is cited."""
    at: str | None
    url: str | None
    spot: Spot

    def overdue(self, today: date) -> int:
        """Days beyond its day; below nought: days that are left."""
        return (today - self.due).days


def read_table(text: str) -> tuple[Keeps, ...]:
    """The table. Raises BadTable for a row that is none, and where a confidence has no first row."""
    rows = csv.DictReader(StringIO(text))
    if rows.fieldnames != _COLUMNS:
        raise BadTable(f"the first line must be {','.join(_COLUMNS)}")
    found = []
    for number, row in enumerate(rows, 2):
        try:
            start, confidence = date.fromisoformat(row["from"]), Confidence(row["confidence"])
            days, reason = int(row["days"]), row["reason"].strip()
        except (ValueError, TypeError, AttributeError) as error:
            raise BadTable(f"line {number}: a day, a confidence, a number of days and a reason are wanted") from error
        if days < 1 or not reason:
            raise BadTable(f"line {number}: at least one day, and a reason")
        found.append(Keeps(start, confidence, days, reason))
    missing = [grade.value for grade in Confidence if not any(one.confidence is grade for one in found)]
    if missing:
        raise BadTable(f"there is no row for confidence {', '.join(missing)}")
    return tuple(found)


def facts(packs: Mapping[str, Pack], table: Iterable[Keeps], today: date) -> Iterator[Fact]:
    """Every fact that holds today or later, in the order of the packs."""
    policy = tuple(table)
    for code in sorted(packs):
        pack = packs[code]
        yield from _of_pack(_Clerk(pack, policy, today), pack, today)


def stale(packs: Mapping[str, Pack], table: Iterable[Keeps], today: date) -> list[Fact]:
    """Facts beyond their day, the most urgent first: the least sure of those that are longest overdue."""
    found = [one for one in facts(packs, table, today) if one.overdue(today) > 0]
    return sorted(found, key=lambda one: (-one.overdue(today), _RANK[one.confidence], one.pack, one.name))


_RANK: Final = {"R": 0, "C": 1, "B": 2, "A": 3}


class _Clerk:
    """Gives each fact of a pack its day."""

    def __init__(self, pack: Pack, policy: tuple[Keeps, ...], today: date) -> None:
        self._pack, self._policy, self._today = pack, policy, today

    def fact(
        self,
        place: tuple[str | None, str, str],
        grade: Confidence,
        verified: Verified | None,
        cite: Cite | None,
        spot: Spot,
    ) -> Fact:
        """`place`: domain, kind, name. `verified`: its own, or the pack's."""
        seen, (domain, kind, name) = verified or self._pack.verified, place
        source = self._pack.sources.get(cite.source) if cite else None
        return Fact(
            self._pack.jurisdiction, domain, kind, name, grade.value, seen.on, seen.by, seen.on + self._keeps(grade),
            source.title if source else None, cite.at if cite else None, source.url if source else None, spot,
        )  # fmt: skip

    def _keeps(self, grade: Confidence) -> timedelta:
        """By the row of today: the latest that has begun, or the first there is."""
        own = sorted((one for one in self._policy if one.confidence is grade), key=lambda one: one.start)
        begun = [one for one in own if one.start <= self._today]
        return timedelta(days=(begun[-1] if begun else own[0]).days)


def _of_pack(clerk: _Clerk, pack: Pack, today: date) -> Iterator[Fact]:
    for member in pack.members:
        if member.confidence is not None and _lasts(member.end, today):
            yield clerk.fact((None, "member", member.place), member.confidence, None, member.cite, member.spot)
    for part in pack.domains.values():
        yield from _of_domain(clerk, part, today)


def _of_domain(clerk: _Clerk, part: Domain, today: date) -> Iterator[Fact]:
    for parameter in part.parameters.values():
        for value in _holding(parameter, today):
            place = part.name, "parameter", f"{parameter.name}[from={value.start.isoformat()}]"
            grade, cite = value.confidence or parameter.confidence, value.cite or parameter.cite
            yield clerk.fact(place, grade, parameter.verified, cite, value.spot)
    for rule in part.rules:
        if _lasts(rule.end, today):
            yield clerk.fact((part.name, "rule", rule.id), rule.confidence, rule.verified, rule.cite, rule.spot)
    for rate in part.rates:
        if _lasts(rate.end, today):
            yield clerk.fact((part.name, "rate", rate.id), rate.confidence, rate.verified, rate.cite, rate.spot)
    for one in part.territories:
        if _lasts(one.end, today):
            yield clerk.fact((part.name, "territory", one.id), one.confidence, None, one.cite, one.spot)


def _holding(parameter: Parameter, today: date) -> list[Value]:
    """The value in force and those to come; what is pending has no day yet."""
    dated = [value for value in parameter.values if not value.pending]
    begun = [value for value in dated if value.start <= today]
    return [*begun[-1:], *(value for value in dated if value.start > today)]


def _lasts(end: date | None, today: date) -> bool:
    return end is None or end > today
