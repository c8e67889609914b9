"""The entry: scenarios asked of one subject's events, or of everybody's, and what they found, as alerts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from engine.alerts import Alert
from engine.history import History, NullHistory
from engine.language.law import Convert, no_rates
from engine.packs.feature import Feature
from engine.packs.model import Pack
from engine.packs.packset import PackSet
from engine.packs.scenario import SEGMENT, Counts, Inside, Scenario, ScenarioKind
from engine.scenarios.counting import Counted, Members, day_of
from engine.scenarios.event import PARTIES, Event, Subject
from engine.scenarios.graph import look_over
from engine.scenarios.made import made
from engine.scenarios.plan import Plan
from engine.scenarios.reference import REFERENCE, Matcher
from engine.scenarios.sequence import Found, Sought
from engine.scenarios.telling import alert_of, graph_alert
from engine.scenarios.window import Window, window_of

_REMEMBERED: Final = 4000


@dataclass(frozen=True, slots=True)
class Ready:
    """A scenario of a pack, for every segment that differs."""

    scenario: Scenario
    pack: Pack
    counted: Mapping[str, Counted]
    sought: Mapping[str, Sought]

    def segment(self, wanted: str) -> str:
        """The segment whose values hold: the standard one where no parameter has a value for the wanted one."""
        return wanted if wanted in self.scenario.segments else self.scenario.segments[0]

    def is_asked_of(self, kind: str, *, told: bool) -> bool:
        """Whether subjects of a kind are asked about. Of payments that were told of, a party has one window, as payer and as
        payee: what completes a sequence may be what it was paid, where that is told last."""
        key = self.scenario.key.kind
        both = told and key in PARTIES and kind in PARTIES and any(sought.hears_both for sought in self.sought.values())
        return key == kind or both


class Scenarios:
    """All scenarios of a release, ready. Immutable but for a cache of who is in which group on which day."""

    def __init__(
        self, ready: Iterable[Ready], members: Callable[[date], Members], *, told: bool = True
    ):  # fmt: skip
        """`told`: asked of payments that were told of, in whatever order; False: of one before it is made, which is the last of
        any sequence, and so about who pays in it alone."""
        self.ready = tuple(ready)
        self._members, self._days = members, dict[date, Members]()
        alone = [one for one in self.ready if one.scenario.shape is None]
        self._by_key = {kind: tuple(one for one in alone if one.is_asked_of(kind, told=told)) for kind in _kinds(alone)}

    @classmethod
    def of(cls, packs: PackSet, inside: Inside | None = None) -> Scenarios:
        """The scenarios of a release; with `inside`, only those that are asked then."""
        found = [
            _ready(scenario, pack, domain.features)
            for _, pack in sorted(packs.packs.items())
            for domain in pack.domains.values()
            for scenario in domain.scenarios
            if inside is None or scenario.inside is inside
        ]
        return cls(found, packs.layers.members, told=inside is not Inside.PREFLIGHT)

    def about(self, subject: Subject) -> tuple[Ready, ...]:
        """Those that are asked of subjects of this kind, graphs left out."""
        return self._by_key.get(subject.kind, ())

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans of all sequences, for who hands them to an engine."""
        return tuple(sought.plan for ready in self.ready for sought in ready.sought.values())

    def reach(self, kind: str) -> timedelta:
        """How far back from the newest event the events of a subject of this kind are wanted: older is in no window."""
        ready = self._by_key.get(kind, ())
        return timedelta(seconds=max((_reach(one.scenario) for one in ready), default=0))

    @property
    def longest(self) -> timedelta:
        """The longest of these reaches."""
        return max((self.reach(kind) for kind in self._by_key), default=timedelta())

    def members(self, day: date) -> Members:
        """Who is in which group of places on a day."""
        found = self._days.get(day)
        if found is None:
            if len(self._days) > _REMEMBERED:
                self._days.clear()
            found = self._days[day] = self._members(day)
        return found


@dataclass(frozen=True, slots=True)
class Means:
    """What evaluation is handed of the world."""

    matcher: Matcher = REFERENCE
    convert: Convert = no_rates
    """At the rates of the newest event's day."""
    history: History = field(default_factory=NullHistory)
    """Answers features of the past. Without one, scenarios that ask for some stay unknown."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A scenario that could not be told, and the fields that nobody stated."""

    scenario: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of one window."""

    alerts: tuple[Alert, ...]
    unknown: tuple[Unknown, ...]
    truncated: bool
    """There were more events than sequences look at; sums and counts are over all of them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One scenario as it was asked of one window, and what came of it."""

    ready: Ready
    window: Window
    at: int
    """The place of the event at hand."""
    found: Found

    @property
    def fired(self) -> bool | None:
        """None: it could not be told, for want of what `found` says."""
        return True if self.found.places is not None else (None if self.found.missing else False)

    @property
    def evidence(self) -> tuple[str, ...]:
        """Sorted ids of the events it was found by."""
        return tuple(sorted(self.window.events[place].id for place in self.found.places or ()))


ALONE: Final = Means()


def evaluate(
    scenarios: Scenarios, subject: Subject, events: Iterable[Event], means: Means = ALONE, focus: str | None = None
) -> list[Alert]:
    """Alerts about a subject, from the events of its window. See `examine`."""
    return list(examine(scenarios, subject, events, means, focus).alerts)


def examine(
    scenarios: Scenarios, subject: Subject, events: Iterable[Event], means: Means = ALONE, focus: str | None = None
) -> Examined:
    """Ask every scenario about subjects of this kind. The order of `events` does not matter; each has an id of its own.

    `focus` is the id of the event that was just told, or is about to happen; without it, the newest of all. A counting scenario
    is asked of that event, and of a sequence only what it is part of is told: so each is told when it comes to be, a late event
    finds what it completes, and no payment waits for a pattern that it has no part in.
    """
    looked = look(scenarios, subject, events, means, focus)
    return Examined(
        tuple(alert_of(one.ready.scenario, one.ready.pack, one.window, one.found) for one in looked if one.fired),
        tuple(Unknown(one.ready.scenario.id, tuple(sorted(one.found.missing))) for one in looked if one.fired is None),
        any(one.found.truncated for one in looked),
    )


def look(
    scenarios: Scenarios, subject: Subject, events: Iterable[Event], means: Means = ALONE, focus: str | None = None
) -> tuple[Looked, ...]:
    """As `examine`: each scenario that was asked, whatever came of it."""
    window = window_of(subject, events, means.convert)
    if not window.events:
        return ()
    focus = window.events[-1].id if focus is None else focus
    found = []
    for ready in scenarios.about(subject):
        counted = window if ready.scenario.counts is Counts.ATTEMPTS else window.made()
        at = _place(counted, focus)
        if at is not None:
            found.append(Looked(ready, counted, at, _look(scenarios, ready, counted, means, at)))
    return tuple(found)


def _place(window: Window, focus: str) -> int | None:
    """Where the event at hand stands; None: it is no payment that was made, and completes nothing."""
    return next((at for at, event in enumerate(window.events) if event.id == focus), None)


def _look(scenarios: Scenarios, ready: Ready, window: Window, means: Means, at: int) -> Found:
    segment = ready.segment(window.subject.segment)
    if ready.scenario.kind is ScenarioKind.COUNTING:
        counted = ready.counted[segment]
        members = scenarios.members(day_of(window.events[at])) if counted.by_place else {}
        return counted.look(window, means.history, members, at)
    sought = ready.sought[segment]
    found = sought.look(window, ready.scenario.unit, means.matcher, at)
    if found.places is None:
        return found
    places = sought.counted(window, ready.scenario.unit, found.places)
    return replace(found, places=places)


def evaluate_all(scenarios: Scenarios, events: Iterable[Event], convert: Convert = no_rates) -> list[Alert]:
    """The graph scenarios over everybody's events together: a batch, as of the newest of them."""
    everything = made(sorted(events, key=lambda event: (event.at, event.id)))
    return [
        graph_alert(ready.scenario, ready.pack, found)
        for ready in scenarios.ready
        if ready.scenario.shape is not None
        for found in look_over(ready.scenario, everything, convert)
    ]


def graph_reach(packs: PackSet) -> timedelta:
    """The longest window of any graph scenario of a release; nought where it has none."""
    graphs = (
        scenario
        for pack in packs.packs.values()
        for domain in pack.domains.values()
        for scenario in domain.scenarios
        if scenario.shape is not None
    )
    return timedelta(seconds=max((one.parameters["span"].value(SEGMENT) for one in graphs), default=0))


def _ready(scenario: Scenario, pack: Pack, features: Mapping[str, Feature]) -> Ready:
    counting, sequence = scenario.kind is ScenarioKind.COUNTING, scenario.kind is ScenarioKind.SEQUENCE
    return Ready(
        scenario,
        pack,
        {name: Counted(scenario, name, features) for name in scenario.segments} if counting else {},
        {name: Sought(scenario, name) for name in scenario.segments} if sequence else {},
    )


def _reach(scenario: Scenario) -> int:
    """Seconds: the window of a sequence and what is measured at its first event, or the longest measure."""

    def longest(name: str) -> int:
        parameter = scenario.parameters[name]
        return max(parameter.value(segment) for segment in scenario.segments)

    measured = max((longest(measure.within) for measure in scenario.measures.values() if measure.within), default=0)
    return measured + (longest(scenario.window) if scenario.window else 0)


def _kinds(ready: Iterable[Ready]) -> frozenset[str]:
    kinds = frozenset(one.scenario.key.kind for one in ready)
    return kinds | frozenset(PARTIES) if kinds & frozenset(PARTIES) else kinds
