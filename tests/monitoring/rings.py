"""Money that goes in a circle, and the shipped scenario that looks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from api.monitoring import Monitor, Pace
from engine.alerts import Alert
from engine.ledger import Ledger, Watched
from engine.scenarios import Event, evaluate_all
from tests.monitoring.watching import NOW, World, paid, payment
from tests.scenarios.shipped import READY
from tests.scenarios.telling import only

CYCLE = only(READY, "cycle")
RULE = "scenario.cycle"
DAY = timedelta(days=1)


def pay(ledger: Ledger, payer: str, payee: str, at: datetime, *, executed: bool = True, **changes: Any) -> str:
    """A transfer of 2000 EUR. Returns the id of its decision."""
    stated = {"amount": "2000.00", "kind": "transfer", "occurred_at": at.isoformat(), "payee": {"id": payee}, **changes}
    return paid(ledger, payment(payer, payer={"id": payer, "country": "FR"}, **stated), executed=executed)


def ring(ledger: Ledger, end: datetime = NOW - DAY, who: str = "ring", span: timedelta = 2 * DAY) -> list[str]:
    """Three transfers in a circle, the last at `end`, the first so long before. Returns the ids of their decisions."""
    people = [f"{who}-{number}" for number in range(3)]
    return sorted(
        pay(ledger, people[at], people[(at + 1) % 3], end - span + span * at / 2) for at in range(len(people))
    )


@dataclass
class Circles:
    """The shipped scenario, and what it was asked about."""

    asked: list[list[str]] = field(default_factory=list)

    def __call__(self, events: Sequence[Watched]) -> list[Alert]:
        assert [(one.at, one.id) for one in events] == sorted((one.at, one.id) for one in events)
        self.asked.append([one.id for one in events])
        return evaluate_all(CYCLE, [_event(one) for one in events])


def worker(world: World, circles: Circles | None = None, **changes: Any) -> Monitor:
    """A worker that looks over everybody's payments as well."""
    made = {"graph_reach": 30 * DAY, "graph_page": 2, "words": 3, "events": 2, "parties": 2, **changes}
    return world.worker(evaluate_graphs=circles or Circles(), pace=Pace(**made))


def found(world: World) -> list[tuple[str, ...]]:
    """The evidence of every circle that was told."""
    return sorted(one.evidence for one in world.alerts() if one.rule == RULE)


def _event(watched: Watched) -> Event:
    return Event(id=watched.id, at=watched.at, **orjson.loads(watched.body))
