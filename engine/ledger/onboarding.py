"""Merchants on their way into service: each transition chained, each case as it stands, moved only from where it was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._chain import ONBOARDING
from engine.ledger._database import Database, Readers
from engine.ledger._sealed import CASE, MARK, seal_of, sealed
from engine.ledger._time import from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.onboarding_tables import OnboardingCaseRow, OnboardingMarkRow

BODY: Final = "body_sha256"
"""The key of a payload under which the body of the case after it is vouched for."""


class CaseEvent(NamedTuple):
    """A transition to be stored. `payload` is JSON-ready."""

    kind: str
    actor: str
    before: str | None
    after: str
    submitter: str
    first_approver: str | None
    high_risk: bool
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A case as its last transition leaves it."""

    id: str
    merchant: str
    state: str
    stage: str
    country: str
    deadline: date | None
    body: bytes
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """From where, on what and when a case is moved. `number`: of its last event as it was seen, 0 for a new case; `seen`: the
    other cases with its marks that the review knew of, or None where it asked for none."""

    number: int
    at: datetime
    release: str
    seen: Mapping[str, tuple[str, ...]] | None = None
    once: KeyedAnswer | None = None


class OnboardingWanted(NamedTuple):
    """What a list is narrowed to. None: anything."""

    state: str | None = None
    stage: str | None = None
    country: str | None = None
    merchant: str | None = None


@dataclass(frozen=True, slots=True)
class StoredCase:
    """A case as it stands."""

    id: str
    number: int
    merchant: str
    state: str
    stage: str
    country: str
    created_at: datetime
    updated_at: datetime
    deadline: date | None
    body: bytes


@dataclass(frozen=True, slots=True)
class StoredCaseEvent:
    """A transition as it stands in the chain."""

    seq: int
    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    before: str | None
    after: str
    first_approver: str | None
    high_risk: bool
    release: str
    payload: bytes


class UnknownCase(LookupError):
    """There is no case with this id."""


class CaseMoved(ValueError):
    """The case, or one that shares its marks, is not any more as it was seen."""


_ONE: Final = text(
    "SELECT id, number, merchant, state, stage, country, created_at, updated_at, deadline, body FROM onboarding_case"
    " WHERE id = :id"
)
_PAGE: Final = text(
    "SELECT id, number, merchant, state, stage, country, created_at, updated_at, deadline, body FROM onboarding_case"
    " WHERE id > :after AND (CAST(:state AS TEXT) IS NULL OR state = :state)"
    " AND (CAST(:stage AS TEXT) IS NULL OR stage = :stage) AND (CAST(:country AS TEXT) IS NULL OR country = :country)"
    " AND (CAST(:merchant AS TEXT) IS NULL OR merchant = :merchant) ORDER BY id LIMIT :limit"
)
_DUE: Final = text("SELECT id FROM onboarding_case WHERE deadline <= :day ORDER BY deadline, id")
_COUNT: Final = text("SELECT state, count(*) FROM onboarding_case GROUP BY state")
_EVENTS: Final = text(
    "SELECT seq, number, kind, at, recorded_at, actor, from_state, to_state, first_approver, high_risk, release, payload"
    " FROM onboarding_event WHERE case_id = :id ORDER BY number"
)
_OTHERS: Final = text(
    "SELECT m.case_id, c.state, c.merchant FROM onboarding_mark m JOIN onboarding_case c ON c.id = m.case_id"
    " WHERE m.mark = :mark AND m.case_id <> :id ORDER BY m.case_id"
)
_NUMBER: Final = text("SELECT number, merchant FROM onboarding_case WHERE id = :id")
_MOVE: Final = text(
    "UPDATE onboarding_case SET number = :number, state = :state, stage = :stage, country = :country, updated_at = :at,"
    " deadline = :deadline, body = :body, seal = :seal WHERE id = :id"
)
_UNMARK: Final = text("DELETE FROM onboarding_mark WHERE case_id = :id")


class Onboarding:
    """The cases of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        words = map(database.worded, (_ONE, _PAGE, _DUE, _COUNT, _EVENTS, _OTHERS, _NUMBER, _MOVE, _UNMARK))
        (
            self._one, self._page, self._due, self._count, self._events, self._others, self._number, self._move,
            self._unmark,
        ) = words  # fmt: skip

    def one(self, case_id: str) -> StoredCase | None:
        """The case with this id."""
        row = self._readers.row(self._one, {"id": case_id})
        return None if row is None else _case(row)

    def page(self, wanted: OnboardingWanted, *, limit: int, after: str | None) -> Page[StoredCase]:
        """Cases in the order in which they were opened."""
        asked = {**wanted._asdict(), "after": after or "", "limit": limit + 1}
        rows = self._readers.rows(self._page, asked)
        data = tuple(_case(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def due(self, day: date) -> tuple[str, ...]:
        """Cases whose deadline has come, the oldest first."""
        return tuple(row[0] for row in self._readers.rows(self._due, {"day": day.isoformat()}))

    def counted(self) -> dict[str, int]:
        """How many cases stand in each state."""
        return {state: int(number) for state, number in self._readers.rows(self._count)}

    def history(self, case_id: str) -> tuple[StoredCaseEvent, ...]:
        """Every transition, the first one first."""
        return tuple(_event(row) for row in self._readers.rows(self._events, {"id": case_id}))

    def others(self, case_id: str, marks: Sequence[str]) -> dict[str, tuple[tuple[str, str, str], ...]]:
        """Mark -> the other cases that have it: id, state, merchant."""
        return {mark: _triples(self._readers.rows(self._others, {"mark": mark, "id": case_id})) for mark in marks}

    def store(self, entry: CaseEntry, events: Sequence[CaseEvent], moved: Moved) -> Replayed | KeyReused | None:
        """Chain the transitions and keep the case. Waits for the disk.

        Raises CaseMoved where it is not as it was seen, UnknownCase, and EntryRefused where the database itself says no.
        `moved.once` is kept as what to say when the very request comes again. Without events only that is done.
        """

        def work(batch: Batch) -> Replayed | KeyReused | Exception | None:
            given = None if moved.once is None else batch.known(moved.once.key)
            if given is not None:
                return given
            found = batch.rows(self._number, {"id": entry.id})
            if (found[0][0] if found else 0) != moved.number:
                return CaseMoved(entry.id) if found else UnknownCase(entry.id)
            if moved.seen is not None and self._seen(batch, entry) != dict(moved.seen):
                return CaseMoved(entry.id)
            if events:
                self._write(batch, entry, events, moved)
            return None if moved.once is None else batch.claim(moved.once.key, moved.once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def _seen(self, batch: Batch, entry: CaseEntry) -> dict[str, tuple[str, ...]]:
        rows = {mark: batch.rows(self._others, {"mark": mark, "id": entry.id}) for mark in entry.marks}
        return {mark: tuple(row[0] for row in found) for mark, found in rows.items()}

    def _write(self, batch: Batch, entry: CaseEntry, events: Sequence[CaseEvent], moved: Moved) -> None:
        at, vouched = to_micros(moved.at), sha256(entry.body).hexdigest()
        for number, one in enumerate(events, moved.number + 1):
            last = {BODY: vouched} if number == moved.number + len(events) else {}
            columns = (
                entry.id, number, one.kind, at, batch.now, one.actor, one.before, one.after, one.submitter,
                one.first_approver, int(one.high_risk), moved.release,
            )  # fmt: skip
            payload = json.dumps({**one.payload, **last}, sort_keys=True, ensure_ascii=False).encode()
            batch.chain(ONBOARDING, columns, payload)
        number = moved.number + len(events)
        deadline = None if entry.deadline is None else entry.deadline.isoformat()
        known = batch.rows(self._number, {"id": entry.id})
        merchant = known[0][1] if known else entry.merchant
        seal = seal_of(CASE, (entry.id, merchant, entry.stage, entry.country, deadline))
        if moved.number == 0:
            row = (
                entry.id, number, merchant, entry.state, entry.stage, entry.country, at, at, deadline, entry.body, seal,
            )  # fmt: skip
            batch.insert(OnboardingCaseRow, [row])
        else:
            changes = {
                "number": number, "state": entry.state, "stage": entry.stage, "country": entry.country, "at": at,
                "deadline": deadline, "body": entry.body, "seal": seal, "id": entry.id,
            }  # fmt: skip
            batch.execute(self._move, changes)
            batch.execute(self._unmark, {"id": entry.id})
        if entry.marks:
            batch.insert(OnboardingMarkRow, [sealed(MARK, (mark, entry.id)) for mark in entry.marks])


def _triples(rows: Sequence[Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple((row[0], row[1], row[2]) for row in rows)


def _case(row: Sequence[Any]) -> StoredCase:
    identity, number, merchant, state, stage, country, created_at, updated_at, deadline, body = row
    until = None if deadline is None else date.fromisoformat(deadline)
    return StoredCase(
        identity, number, merchant, state, stage, country, from_micros(created_at), from_micros(updated_at), until, body
    )


def _event(row: Sequence[Any]) -> StoredCaseEvent:
    seq, number, kind, at, recorded_at, actor, before, after, first_approver, high_risk, release, payload = row
    return StoredCaseEvent(
        seq, number, kind, from_micros(at), from_micros(recorded_at), actor, before, after, first_approver,
        bool(high_risk), release, payload,
    )  # fmt: skip
