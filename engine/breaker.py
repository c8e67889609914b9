"""When a rule has run away: how many payments it stopped lately, held against the time before. Counting in whole numbers.

A rate is the share of the payments that a rule's pack was applied to. Whoever counts says which minute it is; nothing here has a
clock. One customer who tries again and again within a minute is one payment.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.packs.demotions import STOPS, Numbers

MEMORY: Final = 24 * 60
"""Minutes of the time before that are remembered."""
_KEYS: Final = {"methods": "method"}
"""Where an answer names a domain otherwise than its packs do."""
_STOPPED: Final[Mapping[str, frozenset[str]]] = {
    "sca": frozenset({"required"}),
    "aml": frozenset({"block"}),
    "kyc": frozenset({"collect", "refuse"}),
    "methods": frozenset({"collect", "refuse"}),
}
"""By domain, the verdicts by which it stops a payment."""
_LOOKED_AT: Final = tuple((domain, _KEYS.get(domain, domain), verdicts) for domain, verdicts in _STOPPED.items())

RuleId = tuple[str, str]
"""Pack and id of a rule."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a rule has run away: all three are exceeded, or reached where it says so."""

    window: int = 5
    """Minutes, the one under way among them."""
    minimum: int = 100
    """Payments that it must have stopped within the window; of the time before at least so many must be known, or nothing is."""
    ceiling: int = 50
    """Percent of the payments of the window: more than that."""
    factor: int = 5
    """Times the share of the time before: more than that. A rule that never stopped anything has none."""


@dataclass(frozen=True, slots=True)
class Runaway:
    """A rule (`DE/aml.house_cash`) that stops far more than it did."""

    rule: str
    numbers: Numbers


@dataclass(slots=True)
class _Minute:
    """What was counted within one minute."""

    minute: int
    asked: Counter[str] = field(default_factory=Counter)
    """Payments by pack."""
    stopped: Counter[RuleId] = field(default_factory=Counter)
    seen: set[tuple[str, Hashable]] = field(default_factory=set)


class Counts:
    """The counts of one process."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._window: deque[_Minute] = deque()
        self._before: deque[_Minute] = deque()
        self._asked: Counter[str] = Counter()
        self._stopped: Counter[RuleId] = Counter()

    def add(self, minute: int, packs: Iterable[str], stopped: tuple[RuleId, ...], payer: str | None = None) -> None:
        """One payment that these packs were applied to and these rules stopped. `minute`: of any epoch, never falling."""
        last = self._at(minute)
        if payer is not None:
            key = payer, stopped
            if key in last.seen:
                return
            last.seen.add(key)
        last.asked.update(packs)
        if stopped:
            last.stopped.update(set(stopped))

    def restart(self, minute: int) -> None:
        """Another release answers: what was counted within the window says nothing of it, and is no time before either."""
        self._move(minute)
        self._window.clear()

    def runaway(self, minute: int) -> tuple[Runaway, ...]:
        """The rules that have run away, by name."""
        self._move(minute)
        stopped: Counter[RuleId] = Counter()
        asked: Counter[str] = Counter()
        for one in self._window:
            stopped.update(one.stopped)
            asked.update(one.asked)
        found = []
        for rule, count in sorted(stopped.items()):
            if count >= self.limits.minimum:
                pack, name = rule
                known = count, asked[pack], self._stopped[rule], self._asked[pack]
                if has_run_away(*known, self.limits):
                    found.append(Runaway(f"{pack}/{name}", Numbers(*known, f"PT{self.limits.window}M")))
        return tuple(found)

    def _at(self, minute: int) -> _Minute:
        if not self._window or self._window[-1].minute != minute:
            self._move(minute)
            self._window.append(_Minute(minute))
        return self._window[-1]

    def _move(self, minute: int) -> None:
        """What has left the window is the time before; what is older than that is forgotten."""
        while self._window and self._window[0].minute <= minute - self.limits.window:
            one = self._window.popleft()
            one.seen.clear()
            self._before.append(one)
            self._asked.update(one.asked)
            self._stopped.update(one.stopped)
        while self._before and self._before[0].minute <= minute - self.limits.window - MEMORY:
            one = self._before.popleft()
            self._asked.subtract(one.asked)
            self._stopped.subtract(one.stopped)


def has_run_away(stopped: int, asked: int, stopped_before: int, asked_before: int, limits: Limits) -> bool:
    """Whether the counts of one rule exceed the limits."""
    if stopped < limits.minimum or stopped * 100 <= limits.ceiling * asked:
        return False
    if asked_before < limits.minimum:
        return True
    return stopped * asked_before > limits.factor * stopped_before * asked


def stops_of(body: Mapping[str, Any]) -> tuple[RuleId, ...]:
    """The rules by which an answer stops its payment. Asked of every payment that is not simply allowed: it takes little."""
    stopping = [
        (domain, STOPS[domain])
        for domain, key, verdicts in _LOOKED_AT
        if (said := body.get(key)) is not None and said["verdict"] in verdicts and not said.get("satisfied")
    ]
    return tuple([
        (one["pack"], one["rule"])
        for domain, effects in stopping
        for one in body["findings"]
        if one["domain"] == domain and one["effect"] in effects and "demoted" not in one
    ])  # fmt: skip


def why(numbers: Numbers) -> str:
    """What is told of a rule that ran away, in one line."""
    before = "nothing is known of the time before"
    if numbers.asked_before:
        before = f"of the {numbers.asked_before} before it stopped {numbers.stopped_before}"
    return f"It stopped {numbers.stopped} of {numbers.asked} payments within {numbers.window}; {before}."


__all__ = ["MEMORY", "Counts", "Limits", "Runaway", "has_run_away", "stops_of", "why"]
