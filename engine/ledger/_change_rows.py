"""Changes as rows, and the one way to write a step of one: chained, with the row as it leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import orjson

from engine.changes import OPEN, ChangeState, ChangeStep, Evidence, LawChange, Read
from engine.ledger._batch import Batch
from engine.ledger._change_sql import MOVE, ONE, TOLD
from engine.ledger._database import Database
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger.alerts import AlertWriter, Occasion, Over
from engine.ledger.change_tables import ChangeStepRow, LawChangeRow

NAMES: Final = (
    "id", "number", "state", "item", "reading", "source", "publisher", "title", "search", "status", "jurisdiction", "domains",
    "change_type", "effective", "draftable", "confidence", "assignee", "draft", "merged_into", "corrects", "opened_at",
    "updated_at", "evidence",
)  # fmt: skip
_STANDING: Final = (*OPEN, ChangeState.DRAFTED)
"""Where what was told of a change still stands."""


@dataclass(frozen=True, slots=True)
class StoredChangeStep:
    """A step of a change as it stands beside the chain. `seq`: of the note that vouches for it."""

    seq: int
    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    before: str | None
    after: str
    reason: str
    release: str
    payload: dict[str, Any]


class ChangeWriter:
    """Reads and moves changes within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._one, self._move, self._told = map(database.worded, (ONE, MOVE, TOLD))
        self._insert, self._insert_step = database.insertion(LawChangeRow), database.insertion(ChangeStepRow)
        self._alerts = AlertWriter(database)

    def one(self, batch: Batch, name: str) -> LawChange | None:
        """The change with this id."""
        rows = batch.rows(self._one, {"id": name})
        return change_of(rows[0]) if rows else None

    def root(self, batch: Batch, change: LawChange) -> LawChange:
        """The change that stands for it: itself, unless it was merged."""
        while change.merged_into is not None:
            into = self.one(batch, change.merged_into)
            assert into is not None, "a change is kept"
            change = into
        return change

    def write(self, batch: Batch, step: ChangeStep, occasion: Occasion) -> LawChange:
        """Chain a step, and keep the change as it leaves it; what was told of one that is settled is over. Returns the change."""
        change, at = step.change, to_micros(occasion.at)
        before = None if step.before is None else step.before.value
        payload = orjson.dumps(dict(step.details), option=orjson.OPT_SORT_KEYS)
        event = (
            batch.seq + 1, change.id, change.number, step.kind, at, batch.now, step.actor, before, change.state.value,
            change.read.status, change.draft, step.reason, occasion.release, payload,
        )  # fmt: skip
        row = row_of(change)
        left = [("law_change", change.id, row), ("change_step", f"{change.id}#{change.number}", event)]
        told = {"actor": step.actor, "from": before, "to": change.state.value, "reason": step.reason, **step.details}
        vouch(batch, f"change.{step.kind}", change.id, at, told, left)
        if change.number == 1:
            batch.execute(self._insert, row)
        else:
            batch.execute(self._move, dict(zip(NAMES, row, strict=True)))
        batch.execute(self._insert_step, event)
        if change.state not in _STANDING and step.before in _STANDING:
            for (alert,) in batch.rows(self._told, {"id": change.id}):
                self._alerts.end(batch, Over(alert, f"The change is {change.state}."), occasion)
        return change


def row_of(change: LawChange) -> tuple[object, ...]:
    """A change as its row keeps it."""
    read = change.read
    evidence = orjson.dumps([[one.says, one.sentence] for one in read.evidence])
    return (
        change.id, change.number, change.state.value, change.item, change.reading, change.source, change.publisher, read.title,
        read.title.casefold(), read.status, read.jurisdiction, f",{','.join(read.domains)},", read.change,
        None if read.effective is None else read.effective.isoformat(), int(read.draftable), change.confidence, change.assignee,
        change.draft, change.merged_into, change.corrects, to_micros(change.opened_at), to_micros(change.updated_at), evidence,
    )  # fmt: skip


def change_of(row: Sequence[Any]) -> LawChange:
    """The inverse of `row_of`."""
    identity, number, state, item, reading, source, publisher, title, _, status, jurisdiction, domains, kind = row[:13]
    effective, draftable, confidence, assignee, draft, merged_into, corrects, opened_at, updated_at, evidence = row[13:]
    read = Read(
        title, status, jurisdiction, tuple(one for one in domains.split(",") if one), kind,
        None if effective is None else date.fromisoformat(effective), bool(draftable),
        tuple(Evidence(*one) for one in orjson.loads(bytes(evidence))),
    )  # fmt: skip
    return LawChange(
        identity, number, ChangeState(state), item, reading, source, publisher, read, confidence, from_micros(opened_at),
        from_micros(updated_at), assignee, draft, merged_into, corrects,
    )  # fmt: skip


def on_reading(change: LawChange, reading: int) -> LawChange:
    """A change upon the reading it was found by."""
    return replace(change, reading=reading)


def step_of(row: Sequence[Any]) -> StoredChangeStep:
    """A step of its row."""
    seq, number, kind, at, recorded_at, actor, before, after, reason, release, payload = row
    return StoredChangeStep(
        seq, number, kind, from_micros(at), from_micros(recorded_at), actor, before, after, reason, release,
        orjson.loads(bytes(payload)),
    )  # fmt: skip
