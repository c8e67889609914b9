"""Finds a sequence in a window: what each event states and comes to, whether it could be told, and who matches."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from engine.language.interpret import Seen
from engine.packs.scenario import Scenario
from engine.patterns.terms import fields_in
from engine.scenarios.measures import Taking, takings
from engine.scenarios.plan import MOST_FACTS, Fact, Plan, plan_of
from engine.scenarios.reference import Matcher
from engine.scenarios.truth import judge
from engine.scenarios.window import Window


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one scenario in one window: places of events, or what would have to be known."""

    places: tuple[int, ...] | None
    missing: frozenset[str] = frozenset()
    numbers: Mapping[str, int] | None = None
    """The measures that were taken."""
    truncated: bool = False
    named: Mapping[str, int] | None = None
    """Of a sequence that was found: the place of each event that it names."""
    seen: Seen | None = None
    """Of a counting scenario: its condition, and the value of each part."""


@dataclass(frozen=True, slots=True)
class Near:
    """The events around the one at hand that a sequence could be made of."""

    reach: range
    """Every place that is within the window of the one at hand."""
    places: tuple[int, ...]
    """Of those, in order, the ones that are matched."""
    whole: bool
    """None was left out that could have had a part."""


class Sought:
    """One sequence for one segment, ready to be looked for."""

    def __init__(self, scenario: Scenario, segment: str):
        params = {name: parameter.value(segment) for name, parameter in scenario.parameters.items()}
        self.plan: Plan = plan_of(scenario, segment)
        self._window = params[scenario.window]
        known = takings(scenario.measures, params)
        self._read = _read(scenario, known)
        named = {name for _, name in self._read}
        self._since = {name: taking for name, taking in known.items() if name in named and taking.measure.since}
        self._takings = {name: taking for name, taking in known.items() if name in named and name not in self._since}
        self._own = {
            alias: (condition, judge(condition, (alias,), params)) for alias, condition in scenario.aliases.items()
        }
        self._has_absent = scenario.absent is not None
        self.hears_both = any(self._comes_in(alias) for alias in self._own)
        """One of its events is money that comes in: so who is paid may be whom the last word is about."""
        across = [scenario.across] if scenario.across else []
        self._between = frozenset(of.field for condition in across for of in fields_in(condition))

    def _comes_in(self, alias: str) -> bool:
        _, own = self._own[alias]
        return own(({"flow": "out"},)) is False and own(({"flow": "in"},)) is not False

    def look(self, window: Window, unit: str, matcher: Matcher, focus: int) -> Found:
        """The earliest match among the events around the one at a place, of which that one is part."""
        everything = window.facts(unit)
        if all(own((everything[focus],)) is False for _, own in self._own.values()):
            return Found(None)
        times = [int(fact["ts"]) for fact in everything]
        near = self._near(everything, times, focus)
        if not self._possible(everything, near):
            return Found(None, truncated=not near.whole)
        facts, missing = self._facts(everything, times, near)
        match = matcher.first(self.plan, facts, near.places.index(focus))
        if match is None:
            return Found(None, missing, truncated=not near.whole)
        places = tuple(near.places[place] for place in match)
        named = dict(zip(self._own, places, strict=True))
        return Found(places, numbers=self._numbers(facts, match), truncated=not near.whole, named=named)

    def possible(self, window: Window, unit: str) -> dict[str, int]:
        """Of each event that is named: how many of the newest events of a window it could be, measures left open."""
        newest = window.facts(unit)[-MOST_FACTS:]
        return {alias: sum(own((fact,)) is not False for fact in newest) for alias, (_, own) in self._own.items()}

    def _near(self, everything: Sequence[Fact], times: Sequence[int], focus: int) -> Near:
        """The nearest events of each part alike: so that nobody hides the one by many of the other, or of none."""
        first = bisect_left(times, times[focus] - self._window)
        reach = range(first, bisect_right(times, times[focus] + self._window))
        parts = [[at for at in reach if own((everything[at],)) is not False] for _, own in self._own.values()]
        if self._has_absent:
            parts.append(list(reach))
        ranked = [sorted(part, key=lambda at: abs(at - focus)) for part in parts]
        found = {focus}
        for at in chain.from_iterable(zip_longest(*ranked)):
            if at is not None and at not in found:
                if len(found) == MOST_FACTS:
                    return Near(reach, tuple(sorted(found)), whole=False)
                found.add(at)
        return Near(reach, tuple(sorted(found)), whole=True)

    def _possible(self, everything: Sequence[Fact], near: Near) -> bool:
        """Whether each of those that are named could be some event; measures left open."""
        return all(any(own((everything[at],)) is not False for at in near.places) for _, own in self._own.values())

    def _facts(
        self, everything: Sequence[Fact], times: Sequence[int], near: Near
    ) -> tuple[list[dict[str, int | str]], frozenset[str]]:
        """The events as facts with their measures, and what some of them would have to state.

        An event of which it cannot be told whether it is one of those that are meant, states nothing that would make it one.
        """
        totals = {name: taking.totals(everything, near.reach) for name, taking in self._since.items()}
        found: list[dict[str, int | str]] = []
        missing: set[str] = set()
        for seq, at in enumerate(near.places):
            fact: dict[str, int | str] = {**everything[at], "seq": seq}
            if any(own((fact,)) is not False for _, own in self._own.values()):
                self._measure(fact, everything, times, at)
                fact |= {name: total for name, each in totals.items() if (total := each[at]) is not None}
                missing |= self._lacking(fact)
            found.append(fact)
        return found, frozenset(missing)

    def _measure(self, fact: dict[str, int | str], everything: Sequence[Fact], times: Sequence[int], at: int) -> None:
        for name, taking in self._takings.items():
            value = taking.value(everything, taking.members(everything, times, at))
            if value is not None:
                fact[name] = value

    def _lacking(self, fact: Fact) -> set[str]:
        lacking: set[str] = set()
        for condition, own in self._own.values():
            held = own((fact,))
            if held is None:
                lacking.update(of.field for of in fields_in(condition) if of.field not in fact)
            elif held:
                # A measure is not known only where some amount is not.
                measured = self._since.keys() | self._takings.keys()
                lacking.update("amount" if name in measured else name for name in self._between if name not in fact)
        return lacking

    def _numbers(self, facts: Sequence[Fact], match: Sequence[int]) -> dict[str, int]:
        at = dict(zip(self._own, match, strict=True))
        found: dict[str, int] = {}
        for alias, name in self._read:
            if alias not in at:
                continue
            ends = [facts[at[alias]].get(name)]
            if name in self._since:
                ends.append(facts[at[str(self._since[name].measure.since)]].get(name))
            known = [int(end) for end in ends if end is not None]
            if len(known) == len(ends):
                found[name] = known[0] - sum(known[1:])
        return found

    def counted(self, window: Window, unit: str, places: Sequence[int]) -> tuple[int, ...]:
        """The matched events and those that their measures counted."""
        everything = window.facts(unit)
        times = [int(fact["ts"]) for fact in everything]
        at = dict(zip(self._own, places, strict=True))
        found = set(places)
        for alias, name in self._read:
            if alias not in at:
                continue
            taking = self._since.get(name)
            if taking is None:
                found.update(self._takings[name].members(everything, times, at[alias]))
            else:
                found.update(taking.between(everything, at[str(taking.measure.since)], at[alias]))
        return tuple(sorted(found))


def _read(scenario: Scenario, known: Mapping[str, Taking]) -> tuple[tuple[str, str], ...]:
    """The measures that some condition reads, each with the name of the event whose measure it is."""
    conditions = [*scenario.aliases.values(), *([scenario.across] if scenario.across else ())]
    if scenario.absent:
        conditions.append(scenario.absent[1])
    found = ((of.alias, of.field) for condition in conditions for of in fields_in(condition) if of.field in known)
    return tuple(dict.fromkeys(found))
