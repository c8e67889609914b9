"""Embedded tests of scenarios: the examples that travel with each, looked for by the reference matcher."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from engine.features import StatedFeatures
from engine.history import NullHistory
from engine.money import DIGITS, Money
from engine.packs.packset import PackSet
from engine.packs.read_scenario_parts import SEEN
from engine.packs.scenario import Scenario, ScenarioTest
from engine.packs.testing import TestResult
from engine.patterns.fields import FIELDS, FieldKind
from engine.scenarios.evaluate import Means, Scenarios, evaluate_all, examine
from engine.scenarios.event import Event, Subject, subjects_of

START: Final = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When the events of tests begin: a Monday."""
SUBJECT: Final = "C"
"""The subject of tests: what their events name as C."""

_APART: Final = (FieldKind.WORD, FieldKind.IDENTITY)
_DERIVED: Final = SEEN | {"currency"}
_TEXTS: Final = (
    *(name for name, field in FIELDS.items() if field.kind in _APART and name not in _DERIVED), "direction", "reference",
)  # fmt: skip


class _Stated(NullHistory):
    """What a test says of the past, by the names of features."""

    def __init__(self, stated: Mapping[str, Any]):
        self.features = StatedFeatures(stated).features  # type: ignore[method-assign]


def run_scenario_tests(packs: PackSet, jurisdictions: Iterable[str] | None = None) -> Iterator[TestResult]:
    """Run every scenario's embedded tests."""
    chosen = frozenset(jurisdictions if jurisdictions is not None else packs.packs)
    for ready in Scenarios.of(packs).ready:
        if ready.pack.jurisdiction not in chosen:
            continue
        scenarios = Scenarios([ready], packs.layers.members)
        for test in ready.scenario.tests:
            found = run_scenario_test(scenarios, ready.scenario, test)
            yield TestResult(ready.pack.jurisdiction, ready.scenario.id, test.name, test.spot, found)


def run_scenario_test(scenarios: Scenarios, scenario: Scenario, test: ScenarioTest) -> str:
    """What was found instead of what was expected; empty where they agree."""
    outcome, evidence = outcome_of(scenarios, scenario, test)
    if outcome != test.expect:
        return f"{outcome}" + (f": {', '.join(evidence)}" if evidence else "")
    if test.found and set(test.found) != set(evidence):
        return f"by {', '.join(evidence)}"
    return ""


def outcome_of(scenarios: Scenarios, scenario: Scenario, test: ScenarioTest) -> tuple[str, tuple[str, ...]]:
    """`fires`, `silent` or `unknown`, and the events it was found by or the fields that are missing."""
    events = [event for stated in test.events for event in events_of(stated, scenario)]
    if scenario.shape is not None:
        alerts = evaluate_all(scenarios, events)
        return ("fires" if alerts else "silent"), alerts[0].evidence if alerts else ()
    subject = _asked(scenarios, events, test.segment)
    if subject is None:
        return "silent", ()
    means = Means(history=_Stated(test.history)) if test.history else Means()
    found = examine(scenarios, subject, events, means)
    if found.alerts:
        return "fires", found.alerts[0].evidence
    return ("unknown", found.unknown[0].missing) if found.unknown else ("silent", ())


def _asked(scenarios: Scenarios, events: Sequence[Event], segment: str) -> Subject | None:
    """C, as whom the monitor would ask about it once the newest event is told; None: it would not ask."""
    newest = max(events, key=lambda event: (event.at, event.id))
    about = (one for one in subjects_of(newest) if one.key == SUBJECT and scenarios.about(one))
    return next((Subject(one.kind, one.key, segment) for one in about), None)


def events_of(stated: Mapping[str, Any], scenario: Scenario) -> Iterator[Event]:
    """The events that one line of a test stands for."""
    times = stated.get("times", 1)
    kind = scenario.key.kind
    own = {kind: SUBJECT} if kind in ("card", "merchant") and scenario.shape is None else {}
    for turn in range(times):
        named: dict[str, Any] = {name: _turned(stated[name], turn) for name in _TEXTS if name in stated}
        money = stated.get("amount", Money(Decimal("100.00"), scenario.unit))
        at = START + stated["at"] + turn * stated["every"] if turn else START + stated["at"]
        since = stated.get("since")
        yield Event(
            id=stated["id"] + (str(turn + 1) if times > 1 else ""), at=at,
            amount=int(money.amount.scaleb(DIGITS[money.currency])), currency=money.currency,
            customer_since=None if since is None else at - since, **{"kind": "transfer", **own, **named},
        )  # fmt: skip


def _turned(text: str, turn: int) -> str:
    return text.replace("#", str(turn + 1))
