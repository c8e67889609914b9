"""Clearances in the ledger: why a match is not meant, proposed by one person, approved by another, until it lapses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._parties import PartyWriter
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Vault
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import ClearanceRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed


class ClearanceState(StrEnum):
    """Where a clearance stands."""

    PROPOSED = "proposed"
    """It waits for another person, and clears nothing yet."""
    HOLDING = "holding"
    LAPSED = "lapsed"
    """Its day is over, approved or not."""
    REVOKED = "revoked"


class ClearancesWanted(NamedTuple):
    """What a list is narrowed to. None: anything."""

    subject: str | None = None
    state: ClearanceState | None = None


@dataclass(frozen=True, slots=True)
class StoredClearance:
    """A clearance. It holds only for the subject's data, the entry's version and the features that it names."""

    id: str
    subject: str
    subject_digest: str
    """SHA-256 of what was screened of the subject."""
    entry: str
    """`LIST:key`."""
    entry_digest: str
    """SHA-256 of the entry as it was matched."""
    features: tuple[str, ...]
    """Codes of what matched, sorted."""
    screening: str
    reason: str
    author: str
    created_at: datetime
    expires_at: datetime
    approver: str | None = None
    approved_at: datetime | None = None
    revoked_by: str | None = None
    revoked_at: datetime | None = None
    revoke_reason: str | None = None

    def state(self, at: datetime) -> ClearanceState:
        """Where it stands at an instant."""
        if self.revoked_at is not None:
            return ClearanceState.REVOKED
        if self.expires_at <= at:
            return ClearanceState.LAPSED
        return ClearanceState.PROPOSED if self.approved_at is None else ClearanceState.HOLDING

    def holds(self, at: datetime) -> bool:
        """Whether it may clear anything at an instant."""
        return self.approved_at is not None and self.revoked_at is None and self.approved_at <= at < self.expires_at


class UnknownClearance(LookupError):
    """There is no clearance with this id."""


class ClearanceDone(ValueError):
    """It was approved, revoked or outlived before."""


class OwnClearance(ValueError):
    """Its author does not approve it."""


_ONE: Final = text(
    "SELECT id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at, expires_at,"
    " approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance WHERE id = :id"
)
_PAGE: Final = text(
    "SELECT id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at, expires_at,"
    " approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance"
    " WHERE id > :after AND (CAST(:subject AS TEXT) IS NULL OR subject = :subject)"
    " AND (CAST(:state AS TEXT) IS NULL OR :state = CASE WHEN revoked_at IS NOT NULL THEN 'revoked'"
    " WHEN expires_at <= :now THEN 'lapsed' WHEN approved_at IS NULL THEN 'proposed' ELSE 'holding' END)"
    " ORDER BY id LIMIT :limit"
)
_HOLDING: Final = text(
    "SELECT id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at, expires_at,"
    " approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance"
    " WHERE approved_at <= :now AND revoked_at IS NULL AND expires_at > :now ORDER BY id"
)
_OF: Final = text(
    "SELECT id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at, expires_at,"
    " approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance"
    " WHERE subject = :subject AND approved_at <= :now AND revoked_at IS NULL AND expires_at > :now ORDER BY id"
)
_LAPSED: Final = text(
    "SELECT DISTINCT subject FROM clearance"
    " WHERE approved_at IS NOT NULL AND revoked_at IS NULL AND expires_at > :since AND expires_at <= :now ORDER BY subject"
)
_APPROVE: Final = text("UPDATE clearance SET approver = :by, approved_at = :at WHERE id = :id")
_REVOKE: Final = text("UPDATE clearance SET revoked_by = :by, revoked_at = :at, revoke_reason = :reason WHERE id = :id")

Outcome = Replayed | KeyReused | None


class Clearances:
    """The clearances of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer = readers, writer
        words = map(database.worded, (_ONE, _PAGE, _HOLDING, _OF, _LAPSED, _APPROVE, _REVOKE))
        self._one, self._page, self._holding, self._of, self._lapsed, self._approve, self._revoke = words
        self._parties = PartyWriter(database, vault)
        self._insert = database.insertion(ClearanceRow)

    def one(self, clearance_id: str) -> StoredClearance | None:
        """The clearance with this id."""
        row = self._readers.row(self._one, {"id": clearance_id})
        return None if row is None else _stored(row)

    def page(self, wanted: ClearancesWanted, *, now: datetime, limit: int, after: str | None) -> Page[StoredClearance]:
        """Clearances in the order in which they were proposed."""
        state = None if wanted.state is None else wanted.state.value
        asked = {"subject": wanted.subject, "state": state, "now": to_micros(now), "after": after or ""}
        rows = self._readers.rows(self._page, {**asked, "limit": limit + 1})
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def holding(self, now: datetime) -> tuple[StoredClearance, ...]:
        """Those that may clear a match now: approved, not revoked, not outlived."""
        return tuple(_stored(row) for row in self._readers.rows(self._holding, {"now": to_micros(now)}))

    def of(self, subject: str, now: datetime) -> tuple[StoredClearance, ...]:
        """Those of one subject that may clear a match now."""
        return tuple(_stored(row) for row in self._readers.rows(self._of, {"subject": subject, "now": to_micros(now)}))

    def lapsed(self, since: datetime, now: datetime) -> tuple[str, ...]:
        """Subjects of approved clearances that ran out after `since`, up to and with now."""
        rows = self._readers.rows(self._lapsed, {"since": to_micros(since), "now": to_micros(now)})
        return tuple(row[0] for row in rows)

    def propose(self, clearance: StoredClearance, once: KeyedAnswer | None = None) -> Outcome:
        """Keep one that nobody has approved yet. Waits for the disk."""

        def work(batch: Batch) -> Outcome:
            given = None if once is None else batch.claim(once.key, once.answer)
            if given is None:
                batch.execute(self._insert, _row(clearance))
                said = _Said("clearance.proposed", clearance.author, clearance.created_at, clearance.reason)
                _note(batch, clearance, said)
            return given

        return self._writer.run(work)

    def approve(
        self, clearance_id: str, by: str, at: datetime, reason: str, once: KeyedAnswer | None = None
    ) -> Outcome:
        """By another person than its author. Raises UnknownClearance, ClearanceDone, OwnClearance."""

        def change(found: StoredClearance) -> StoredClearance:
            if found.approver is not None or found.revoked_at is not None or found.expires_at <= at:
                raise ClearanceDone(clearance_id)
            if found.author == by:
                raise OwnClearance(clearance_id)
            return replace(found, approver=by, approved_at=at)

        told = {"by": by, "at": to_micros(at), "id": clearance_id}
        return self._change(
            clearance_id, change, (self._approve, told), _Said("clearance.approved", by, at, reason), once
        )

    def revoke(self, clearance_id: str, by: str, at: datetime, reason: str, once: KeyedAnswer | None = None) -> Outcome:
        """By anybody who may, at once: it clears nothing any more, and its subject is screened anew.

        Raises UnknownClearance, ClearanceDone.
        """

        def change(found: StoredClearance) -> StoredClearance:
            if found.revoked_at is not None:
                raise ClearanceDone(clearance_id)
            return replace(found, revoked_by=by, revoked_at=at, revoke_reason=reason)

        told = {"by": by, "at": to_micros(at), "reason": reason, "id": clearance_id}
        return self._change(
            clearance_id, change, (self._revoke, told), _Said("clearance.revoked", by, at, reason), once
        )

    def _change(
        self,
        clearance_id: str,
        change: Callable[[StoredClearance], StoredClearance],
        update: tuple[str, dict[str, object]],
        said: _Said,
        once: KeyedAnswer | None,
    ) -> Outcome:
        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            rows = batch.rows(self._one, {"id": clearance_id})
            if not rows:
                return UnknownClearance(clearance_id)
            try:
                after = change(_stored(rows[0]))
            except (ClearanceDone, OwnClearance) as refusal:
                return refusal
            batch.execute(*update)
            if after.revoked_at is not None:
                self._parties.anew(batch, after.subject)
            _note(batch, after, said)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found


class _Said(NamedTuple):
    """What was done with a clearance, by whom, when and why."""

    kind: str
    actor: str
    at: datetime
    reason: str


def _note(batch: Batch, clearance: StoredClearance, said: _Said) -> None:
    told = {"actor": said.actor, "reason": said.reason, "subject": clearance.subject, "entry": clearance.entry}
    vouch(batch, said.kind, clearance.id, to_micros(said.at), told, [("clearance", clearance.id, _row(clearance))])


def _row(one: StoredClearance) -> tuple[object, ...]:
    return (
        one.id, one.subject, one.subject_digest, one.entry, one.entry_digest, orjson.dumps(one.features).decode(),
        one.screening, one.reason, one.author, to_micros(one.created_at), to_micros(one.expires_at), one.approver,
        _micros(one.approved_at), one.revoked_by, _micros(one.revoked_at), one.revoke_reason,
    )  # fmt: skip


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _stored(row: Sequence[Any]) -> StoredClearance:
    identity, subject, subject_digest, entry, entry_digest, features, screening, reason, author, *times = row
    created_at, expires_at, approver, approved_at, revoked_by, revoked_at, revoke_reason = times
    return StoredClearance(
        identity, subject, subject_digest, entry, entry_digest, tuple(orjson.loads(features)), screening, reason, author,
        from_micros(created_at), from_micros(expires_at), approver,
        None if approved_at is None else from_micros(approved_at), revoked_by,
        None if revoked_at is None else from_micros(revoked_at), revoke_reason,
    )  # fmt: skip
