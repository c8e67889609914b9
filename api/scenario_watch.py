"""Records of the monitor held against the scenarios of a release."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from api.sequence_worker.choice import Choice, chosen_matcher
from api.sequence_worker.matcher import DurableMatcher, Tell
from engine.alerts import Alert
from engine.asked import Conversion
from engine.history import History
from engine.ledger import Watched
from engine.money import RateTable
from engine.packs import PackSet
from engine.packs.scenario import Inside
from engine.scenarios.evaluate import Looked, Means, Scenarios, evaluate, evaluate_all, look
from engine.scenarios.event import Event, Subject
from engine.scenarios.reference import REFERENCE, Matcher

_LAST: Final = 2**62
"""Microseconds: later than anything that was told."""


class ScenarioWatch:
    """Asks all scenarios about one subject. May be shared between threads."""

    def __init__(
        self,
        packs: PackSet,
        rates: RateTable,
        history: History,
        *,
        choice: Choice,
        tell: Tell,
        now: Callable[[], datetime],
    ) -> None:
        """`tell` is given incidents of the engine of sequences. Raises NoSequenceEngine."""
        self._scenarios, self._rates, self._history = Scenarios.of(packs), rates, history
        first = [one for one in self._scenarios.ready if one.scenario.inside is Inside.PREFLIGHT]
        self._first = Scenarios(first, packs.layers.members, told=False)
        self._matcher = chosen_matcher(choice, self._scenarios.plans, tell, now)

    def __call__(self, subject_kind: str, subject: str, events: Sequence[Watched], focus: str) -> Sequence[Alert]:
        """What was found about a subject, of which `focus` is part."""
        found = [event_of(one) for one in events]
        return evaluate(
            self._scenarios, Subject(subject_kind, subject), found, self._means(found, self._matcher), focus
        )

    def over_everybody(self, events: Sequence[Watched]) -> Sequence[Alert]:
        """What was found in everybody's payments together: circles, hubs and layers."""
        if not events:
            return ()
        found = [event_of(one) for one in events]
        return evaluate_all(self._scenarios, found, self._conversion(found))

    @property
    def longest(self) -> timedelta:
        """How far back the longest window of any scenario of one subject reaches, in any segment."""
        return self._scenarios.longest

    def reach(self, subject_kind: str) -> timedelta | None:
        """How far back a payment is looked at before it is made; None: nothing is watched for then of subjects of this kind."""
        return self._first.reach(subject_kind) if self._first.about(Subject(subject_kind, "")) else None

    def before(self, subject_kind: str, subject: str, events: Sequence[Watched], focus: str) -> Sequence[Looked]:
        """Each scenario that is asked about a subject before the payment `focus` is made, as if it were, and what came of it. The
        plain matcher finds sequences here: no payment waits for another process."""
        found = [_as_if_made(event_of(one)) if one.id == focus else event_of(one) for one in events]
        return look(self._first, Subject(subject_kind, subject), found, self._means(found, REFERENCE), focus)

    def _means(self, events: Sequence[Event], matcher: Matcher) -> Means:
        return Means(matcher, self._conversion(events), self._history)

    def _conversion(self, events: Sequence[Event]) -> Conversion:
        return Conversion(self._rates, max(one.at for one in events).date())

    def close(self) -> None:
        """Let the engine of sequences go, where one was started."""
        if isinstance(self._matcher, DurableMatcher):
            self._matcher.close()


def event_of(watched: Watched) -> Event:
    """A record as scenarios look at it."""
    body: dict[str, Any] = orjson.loads(watched.body)
    since, told = body.pop("customer_since", None), body.pop("told", None)
    opened = None if since is None else datetime.fromisoformat(since)
    return Event(
        id=watched.id, at=watched.at, customer_since=opened, told=None if told is None else tuple(told), **body
    )  # fmt: skip


def _as_if_made(event: Event) -> Event:
    """The payment that is asked about, as the last word about its reference."""
    return replace(event, status="executed", told=(_LAST, 0))
