"""Whether somebody who is not listed belongs to somebody who is: the fifty percent rules, each as its regime has it.

United States: owned 50 percent or more, directly or indirectly, in the aggregate, by blocked persons (OFAC, revised guidance of
13 August 2014); *indirectly* is through entities that are so owned themselves, whose holdings then count in full (FAQ 401).
European Union: 50 percent or more since the Council's Best Practices of 3 July 2024, more than 50 percent before, in the
aggregate; or control. United Kingdom: more than 50 percent, or control, of one listed person at a time (OFSI's general guidance).

Shares are also multiplied along chains and added over paths. Where that alone reaches the threshold, where control alone speaks
in the United States, where several listed owners together reach it in the United Kingdom, or where unknown shares could, a person
decides. All arithmetic is exact, and owners may own each other in circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from engine.screening.model import Owner

Chart = Mapping[str, Sequence[Owner]]
"""Who is owned -> by whom. Whoever is not a key has no known owners."""

HALF: Final = Fraction(50)
WHOLE: Final = Fraction(100)
EU_FROM_HALF: Final = date(2024, 7, 3)
"""Council of the European Union, Best Practices for restrictive measures, 11623/24."""


class Regime(StrEnum):
    """Whose law is asked."""

    US = "us"
    EU = "eu"
    UK = "uk"


class Holding(StrEnum):
    """What comes of it."""

    CLEAR = "clear"
    REVIEW = "review"
    """A person decides; until then held."""
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Owned:
    """The answer for one entity under one regime."""

    verdict: Holding
    percent: Decimal
    """Held by listed persons and by what they own, as the regime counts; rounded down to four decimals, for show."""
    multiplied: Decimal
    """The same by multiplying along all chains."""
    by: tuple[str, ...]
    """Listed persons who stand behind it, sorted."""
    reasons: tuple[str, ...]
    """ownership | control | multiplied | together | share_unknown | over_100 | circular, sorted."""


@dataclass(frozen=True, slots=True)
class _Rule:
    from_half: bool
    together: bool
    control: bool

    def met(self, percent: Fraction) -> bool:
        return percent > HALF or (self.from_half and percent == HALF)


def rule_of(regime: Regime, on: date) -> _Rule:
    """The regime's rule as of a day."""
    if regime is Regime.US:
        return _Rule(from_half=True, together=True, control=False)
    if regime is Regime.EU:
        return _Rule(from_half=on >= EU_FROM_HALF, together=True, control=True)
    return _Rule(from_half=False, together=False, control=True)


def owned_by_listed(entity: str, chart: Chart, listed: Iterable[str], regime: Regime, on: date) -> Owned:
    """Whether an entity is to be treated as listed because of who owns or controls it."""
    names, rule = frozenset(listed), rule_of(regime, on)
    above = _above(entity, chart)
    behind = sorted(names & above)
    reasons = set(_doubts(above, chart))
    groups = [names] if rule.together else [frozenset({one}) for one in behind]
    counted, blocked = Fraction(), False
    for group in groups:
        share, held = _held(entity, chart, group, rule)
        counted = max(counted, share)
        blocked = blocked or held
        if held:
            reasons.add("ownership" if rule.met(share) else "control")
    multiplied = _multiplied(entity, chart, names, above)
    if not blocked and behind:
        reasons.update(_suspicions(entity, chart, names, rule, multiplied))
    if multiplied is None:
        reasons.add("circular")
    verdict = Holding.BLOCKED if blocked else Holding.REVIEW if reasons and behind else Holding.CLEAR
    return Owned(verdict, _shown(counted), _shown(multiplied or Fraction()), tuple(behind), tuple(sorted(reasons)))


def _above(entity: str, chart: Chart) -> frozenset[str]:
    """Everybody up all chains, the entity itself not among them unless it owns itself in a circle."""
    found: set[str] = set()
    todo = [entity]
    while todo:
        for owner in chart.get(todo.pop(), ()):
            if owner.key not in found:
                found.add(owner.key)
                todo.append(owner.key)
    return frozenset(found)


def _held(
    entity: str, chart: Chart, listed: frozenset[str], rule: _Rule, *, most: bool = False
) -> tuple[Fraction, bool]:
    """What listed persons hold of the entity, those they own counted in full, and whether the rule is met.

    The least set that is closed under the rule: a circle of companies does not block itself.
    """
    taken = set(listed)
    while True:
        more = {
            one
            for one in chart
            if one not in taken
            and (rule.met(_share(one, chart, taken, most=most)) or _steered(one, chart, taken, rule))
        }
        if not more:
            break
        taken |= more
    return _share(entity, chart, taken, most=most), entity in taken


def _share(entity: str, chart: Chart, holders: Iterable[str], *, most: bool = False) -> Fraction:
    """Percent held directly by these; with `most`, what is unknown of them as high as it can be."""
    inside = set(holders)
    owners = chart.get(entity, ())
    known = sum((Fraction(one.percent) for one in owners if one.key in inside and one.percent is not None), Fraction())
    if most and any(one.key in inside and one.percent is None for one in owners):
        others = sum((Fraction(one.percent) for one in owners if one.key not in inside and one.percent), Fraction())
        return max(known, WHOLE - others)
    return known


def _steered(entity: str, chart: Chart, holders: set[str], rule: _Rule) -> bool:
    return rule.control and any(one.controls and one.key in holders for one in chart.get(entity, ()))


def _suspicions(
    entity: str, chart: Chart, listed: frozenset[str], rule: _Rule, multiplied: Fraction | None
) -> Iterator[str]:
    """Why a person should look, though the rule itself is not met."""
    together = _held(entity, chart, listed, rule)[1]
    if together:
        yield "together"
    elif multiplied is not None and rule.met(multiplied):
        yield "multiplied"
    steered = _Rule(rule.from_half, together=True, control=True)
    if not rule.control and _held(entity, chart, listed, steered)[1]:
        yield "control"
    if not together and _held(entity, chart, listed, rule, most=True)[1]:
        yield "share_unknown"


def _doubts(above: frozenset[str], chart: Chart) -> Iterator[str]:
    """What does not add up."""
    for owned, owners in chart.items():
        total = sum((Fraction(one.percent) for one in owners if one.percent is not None), Fraction())
        if total > WHOLE and (owned in above or any(one.key in above for one in owners)):
            yield "over_100"


def _multiplied(entity: str, chart: Chart, listed: frozenset[str], above: frozenset[str]) -> Fraction | None:
    """Shares multiplied along chains, added over all paths, circles to their limit. None: a circle that owns itself wholly.

    With e(x) what listed persons hold of x in the end: e(x) = sum of share(x, o) * (1 if o is listed, else e(o)).
    """
    unknown = sorted({entity, *(one for one in above if one not in listed and one in chart)} - (listed - {entity}))
    place = {one: at for at, one in enumerate(unknown)}
    rows = [_row(one, chart, listed - {entity}, place) for one in unknown]
    solved = _solved(rows)
    return solved[place[entity]] * WHOLE if solved is not None else None


def _row(entity: str, chart: Chart, listed: frozenset[str], place: Mapping[str, int]) -> list[Fraction]:
    row = [Fraction()] * (len(place) + 1)
    row[place[entity]] = Fraction(1)
    for owner in chart.get(entity, ()):
        part = Fraction(owner.percent or 0) / WHOLE
        if owner.key in listed:
            row[-1] += part
        elif owner.key in place:
            row[place[owner.key]] -= part
    return row


def _solved(rows: list[list[Fraction]]) -> list[Fraction] | None:
    """Gauss and Jordan, exactly. None: no single solution."""
    for at in range(len(rows)):
        pivot = next((row for row in range(at, len(rows)) if rows[row][at]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for other in range(len(rows)):
            if other != at and (factor := rows[other][at]):
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[at], strict=True)]
    return [row[-1] for row in rows]


def _shown(percent: Fraction) -> Decimal:
    return Decimal(int(percent * 10_000)) / 10_000
