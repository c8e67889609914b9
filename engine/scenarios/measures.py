"""What a scenario counts and sums over the events of a window, up to each of them.

An event that does not state what the condition of a measure asks is not left out, unless the measure says that it is: it might be
one of those that count, and who says nothing must not look smaller for it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.packs.scenario import IT, MEASURED_AMOUNTS, NOW, Measure, MeasureOf
from engine.scenarios.plan import Fact
from engine.scenarios.truth import Judge, judge


@dataclass(frozen=True, slots=True)
class Taking:
    """A measure with its parameters in place."""

    measure: Measure
    within: int
    skip: int
    counts: Judge

    def members(self, facts: Sequence[Fact], times: Sequence[int], at: int) -> list[int]:
        """The places of the events that count at the event at a place. `times`: of all, in seconds, ascending.

        The window holds what happened from `within` seconds before up to the event itself, or up to `skip` seconds before
        where there is one; both ends are inside.
        """
        now, counted = facts[at], (True, None) if self.measure.unstated else (True,)
        first = bisect_left(times, times[at] - self.within)
        behind = bisect_right(times, times[at] - self.skip) if self.skip else at + 1
        last = at if self.measure.own and not self.skip else at - 1
        return [place for place in range(first, min(behind, last + 1)) if self.counts((facts[place], now)) in counted]

    def totals(self, facts: Sequence[Fact], places: range) -> dict[int, int | None]:
        """The running total at each of some places, from the first of them on; None from where an amount is not known."""
        found: dict[int, int | None] = {}
        total: int | None = 0
        for place in places:
            if total is not None and self.between(facts, place - 1, place):
                amount = 1 if self.measure.of is MeasureOf.COUNT else facts[place].get("amount")
                total = None if amount is None else total + int(amount)
            found[place] = total
        return found

    def between(self, facts: Sequence[Fact], after: int, upto: int) -> list[int]:
        """The places of the events that count behind one place, up to and with another."""
        counted = (True, None) if self.measure.unstated else (True,)
        return [place for place in range(after + 1, upto + 1) if self.counts((facts[place],)) in counted]

    def value(self, facts: Sequence[Fact], members: Sequence[int]) -> int | None:
        """What the events that count come to; None where an amount is not known. Of no event it is nought."""
        of = self.measure.of
        if of is MeasureOf.COUNT:
            return len(members)
        if of is MeasureOf.DISTINCT:
            return len({facts[place].get(str(self.measure.field)) for place in members} - {None})
        amounts = [facts[place].get("amount") for place in members]
        known = [int(amount) for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return None
        return sum(known) if of is MeasureOf.SUM else (min if of is MeasureOf.MIN else max)(known, default=0)


def takings(measures: Mapping[str, Measure], params: Mapping[str, int]) -> dict[str, Taking]:
    """The measures of a scenario for a segment."""
    return {
        name: Taking(
            measure,
            params[measure.within] if measure.within else 0,
            params[measure.skip] if measure.skip else 0,
            judge(measure.condition, (IT, NOW), params),
        )
        for name, measure in measures.items()
    }


def is_amount(measure: Measure) -> bool:
    """Whether a measure is money."""
    return measure.of in MEASURED_AMOUNTS
