"""A matcher that asks the cage, and falls back to the reference wherever the cage fails. Nothing that happens to it is silent."""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from api.sequence_worker.worker import Worker, WorkerFailed
from engine.alerts import Alert, AlertKind
from engine.scenarios.durable import TooLarge, handed, ruleset
from engine.scenarios.plan import Fact, Plan
from engine.scenarios.reference import REFERENCE, Match

DEADLINE_SECONDS: Final = 2.0
MOST_COMBINATIONS: Final = 20_000
"""Windows in which more could be combined go to the reference at once: it stops at the first match, the engine does not."""
MOST_FAILURES: Final = 5
"""Failures in a row after which the cage is left alone for a while."""
REST_SECONDS: Final = 60.0
SAMPLED: Final = 64
"""With a check, one window in so many is looked at by both."""

Tell = Callable[[Alert], None]


class DurableMatcher:
    """Finds sequences by durable_rules. May be shared between threads; they take turns."""

    def __init__(
        self, plans: Sequence[Plan], tell: Tell, now: Callable[[], datetime], *,
        check_one_in: int = 0, seconds: float = DEADLINE_SECONDS,
    ):  # fmt: skip
        self._worker, self._turn = Worker(ruleset(plans)), threading.Lock()
        self._tell, self._now, self._check, self._seconds = tell, now, check_one_in, seconds
        self._failures, self._resting_until = 0, 0.0
        self.asked = self.failed = self.differed = 0
        """Windows that went to the cage, that it failed on, and in which the reference found something else."""

    @property
    def pid(self) -> int | None:
        """Of the caged process, while there is one."""
        return self._worker.pid

    def first(self, plan: Plan, facts: Sequence[Fact], focus: int | None = None) -> Match | None:
        """As `Matcher` says. The reference answers where the cage does not."""
        number = REFERENCE.combinations(plan, facts, focus)
        if not number:
            return None
        given = _given(plan, facts) if number <= MOST_COMBINATIONS and self._ready() else None
        if given is None:
            return REFERENCE.first(plan, facts, focus)
        digest = _digest(given)
        found = self._ask(plan, given, digest)
        if found is None:
            return REFERENCE.first(plan, facts, focus)
        match = min((one for one in found if focus is None or focus in one), default=None)
        return self._checked(plan, facts, focus, match, digest) if self._is_sampled(digest) else match

    def keep_for_ever(self) -> None:
        """Never replace a process that is well: for who measures what it loses of memory."""
        self._worker.worn_after = sys.maxsize

    def close(self) -> None:
        """End the caged process."""
        with self._turn:
            self._worker.close()

    def _ready(self) -> bool:
        return time.monotonic() >= self._resting_until

    def _ask(self, plan: Plan, given: list[dict[str, Any]], digest: str) -> list[Match] | None:
        with self._turn:
            self.asked += 1
            try:
                found = [_places(ids) for ids in self._worker.ask(given, self._seconds)]
            except (WorkerFailed, ValueError) as error:
                self._fail()
                self._incident("worker", plan, digest, str(error))
                return None
            self._failures = 0
            return found

    def _fail(self) -> None:
        self.failed += 1
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self._failures, self._resting_until = 0, time.monotonic() + REST_SECONDS

    def _is_sampled(self, digest: str) -> bool:
        return self._check > 0 and int(digest[:8], 16) % self._check == 0

    def _checked(
        self, plan: Plan, facts: Sequence[Fact], focus: int | None, match: Match | None, digest: str
    ) -> Match | None:
        """What the reference finds, which is what counts."""
        truth = REFERENCE.first(plan, facts, focus)
        if truth != match:
            self.differed += 1
            self._incident("disagreement", plan, digest, f"found {match} where the reference finds {truth}")
        return truth

    def _incident(self, what: str, plan: Plan, digest: str, said: str) -> None:
        summary = f"Sequences: {said}, at {plan.tag}; the reference matcher answered."
        alert = Alert(
            AlertKind.INCIDENT, f"incident.sequences.{what}", plan.tag, "", "service", "sequences",
            (f"window:{digest[:32]}",), self._now(), "high", summary,
        )  # fmt: skip
        self._tell(alert)


def _given(plan: Plan, facts: Sequence[Fact]) -> list[dict[str, Any]] | None:
    """The facts that some rule could be about; None where a number is too large for the engine."""
    try:
        found = handed(plan, facts)
    except TooLarge:
        return None
    return [found[place] for place in REFERENCE.relevant(plan, facts)]


def _digest(given: list[dict[str, Any]]) -> str:
    return hashlib.sha256(orjson.dumps(given, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _places(ids: list[str]) -> Match:
    """`["e3", "e11"]` as the places 3 and 11: the events of a match stand in the order of time."""
    return tuple(sorted(int(name.removeprefix("e")) for name in ids))
