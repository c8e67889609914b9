"""A small world to be watched: payments, a scenario, a list, and a worker with a clock that stands where it is put."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import orjson

from api.monitoring import Monitor, Pace
from api.screening import Loaded, Screening
from engine.alerts import Alert, AlertKind
from engine.casework import CaseFile
from engine.history import EventKind
from engine.ledger import AlertsWanted, CasesWanted, Ledger, Watched
from engine.screening.model import (
    Band,
    Edition,
    EntityKind,
    Feature,
    Listed,
    ListedName,
    Match,
    Query,
    Screened,
)
from tests.ledger.factories import AT, entry, store

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
_numbers = count(1)


def payment(who: str = "c-7", **changes: Any) -> dict[str, Any]:
    """A request as it is stored with its decision."""
    made: dict[str, Any] = {
        "amount": "900.00", "currency": "EUR", "occurred_at": AT.isoformat(), "payment": {"instrument": "card"},
        "payer": {"id": who, "country": "FR"}, "payee": {"id": "p-1", "country": "DE"},
    }  # fmt: skip
    return made | changes


def paid(ledger: Ledger, body: dict[str, Any] | bytes | None = None, *, executed: bool = True) -> str:
    """A payment that was decided, and made. Returns the id of its decision."""
    body = payment() if body is None else body
    facts = body if isinstance(body, bytes) else orjson.dumps(body)
    made = entry(facts=facts, counted=None)
    store(ledger, made)
    if executed:
        ledger.history.record_event(made.id, EventKind.AUTHORISED, AT + timedelta(seconds=next(_numbers)))
    return made.id


def thrice(subject_kind: str, subject: str, events: Sequence[Watched], _focus: str) -> list[Alert]:
    """A scenario: three payments of one payer that were made."""
    made = [one for one in events if orjson.loads(one.body)["status"] == "executed"]
    if subject_kind != "payer" or len(made) < 3:
        return []
    first = made[:3]
    return [
        Alert(
            AlertKind.SCENARIO, "scenario.thrice", "WORLD", "1", subject_kind, subject,
            tuple(sorted(one.id for one in first)), max(one.at for one in first), "medium", "Three payments.",
        )
    ]  # fmt: skip


@dataclass
class Register:
    """A list of names that match when they are the same, by an entry's key."""

    names: dict[str, str]
    code: str = "UN-SC"
    band: Band = Band.POSSIBLE
    remarks: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def screen(self, query: Query, at: datetime) -> Screened:
        self.asked.append(query.name or "")
        matches = tuple(self.match(key) for key, name in self.names.items() if name == query.name)
        edition = Edition(self.code, "ab" * 32, NOW, NOW, "register.xml", len(self.names))
        return Screened("review" if matches else "clear", matches, (edition,))

    def match(self, key: str) -> Match:
        """The match of an entry with whoever has its name."""
        name = self.names[key]
        listed = Listed(self.code, key, EntityKind.PERSON, (ListedName(name),), remarks=self.remarks.get(key))
        return Match(listed, Decimal("0.9000"), self.band, (Feature("name", Decimal("0.9000"), name, name),))


@dataclass
class World:
    """What a worker works with, to be changed under it."""

    ledger: Ledger
    now: datetime = NOW
    register: Register | None = None
    edition: int = 1
    newer: Register | None = None
    """What is new in this edition; None: that is not known."""

    def screening(self) -> Screening:
        return Screening(self._loaded)

    def _loaded(self) -> Loaded | None:
        if self.register is None:
            return None
        return Loaded(self.register, f"edition-{self.edition}", lambda _before: self.newer)

    def worker(self, **changes: Any) -> Monitor:
        made: dict[str, Any] = {
            "evaluate": thrice,
            "screening": self.screening(),
            "pace": Pace(words=3, events=2, parties=2),
        }
        return Monitor(self.ledger, lambda: self.now, "sha256:" + "ab" * 32, **(made | changes))

    def alerts(self) -> list[Alert]:
        return [one.alert for one in self.ledger.alerts.page(AlertsWanted(), limit=200, after=None).data]

    def cases(self, **wanted: Any) -> list[CaseFile]:
        return list(self.ledger.cases.page(CasesWanted(**wanted), limit=200, after=None).data)

    def told(self) -> list[tuple[Any, ...]]:
        """Everything that the monitor has made, without ids that are new each time."""
        alerts = self.ledger.alerts.page(AlertsWanted(), limit=200, after=None).data
        cases = [
            (one.subject_kind, one.subject, one.state, one.severity, one.number, tuple(a.id for a in one.alerts))
            for one in self.cases()
        ]
        return [
            *((one.alert.id, one.told, one.ended_at is None) for one in alerts),
            *sorted(cases),
            self.ledger.monitoring.lags(),
            self.ledger.monitoring.parties(f"edition-{self.edition}"),
        ]


def names(*told: str) -> Iterable[dict[str, Any]]:
    """Payments of payers with these names."""
    for number, name in enumerate(told):
        yield payment(f"c-{number}", payer={"id": f"c-{number}", "name": name, "country": "FR"})
