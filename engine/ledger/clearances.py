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
from engine.ledger._case_seals import ERASED, CaseSeals, Under, names, opened, sealed_in
from engine.ledger._database import Database, Readers
from engine.ledger._parties import PartyWriter
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Ask, Vault
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import ClearanceRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import BodyErased


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
    erased: bool = False
    """What it said of its subject was erased: it clears nothing, and shows its envelope and a pseudonym."""

    def state(self, at: datetime) -> ClearanceState:
        """Where it stands at an instant."""
        if self.revoked_at is not None:
            return ClearanceState.REVOKED
        if self.expires_at <= at:
            return ClearanceState.LAPSED
        return ClearanceState.PROPOSED if self.approved_at is None else ClearanceState.HOLDING

    def holds(self, at: datetime) -> bool:
        """Whether it may clear anything at an instant."""
        stands = self.approved_at is not None and self.approved_at <= at < self.expires_at
        return stands and self.revoked_at is None and not self.erased


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
    " WHERE id > :after AND (CAST(:subject AS TEXT) IS NULL OR subject IN (:subject, :plain))"
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
    " WHERE subject IN (:subject, :plain) AND approved_at <= :now AND revoked_at IS NULL AND expires_at > :now ORDER BY id"
)
_LAPSED: Final = text(
    "SELECT id, subject, subject_digest, entry, entry_digest, features, screening, reason, author, created_at, expires_at,"
    " approver, approved_at, revoked_by, revoked_at, revoke_reason FROM clearance"
    " WHERE approved_at IS NOT NULL AND revoked_at IS NULL AND expires_at > :since AND expires_at <= :now ORDER BY id"
)
_APPROVE: Final = text("UPDATE clearance SET approver = :by, approved_at = :at WHERE id = :id")
_REVOKE: Final = text("UPDATE clearance SET revoked_by = :by, revoked_at = :at, revoke_reason = :reason WHERE id = :id")

Outcome = Replayed | KeyReused | None
_Opened = tuple[bytes | None] | None
"""What a sealed text says; nothing in it: it was erased. None: the text was not sealed."""


class Clearances:
    """The clearances of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer, self._vault = readers, writer, vault
        self._seals = CaseSeals(database)
        words = map(database.worded, (_ONE, _PAGE, _HOLDING, _OF, _LAPSED, _APPROVE, _REVOKE))
        self._one, self._page, self._holding, self._of, self._lapsed, self._approve, self._revoke = words
        self._parties = PartyWriter(database, vault)
        self._insert = database.insertion(ClearanceRow)

    def one(self, clearance_id: str) -> StoredClearance | None:
        """The clearance with this id."""
        return next(iter(self._stored(self._readers.rows(self._one, {"id": clearance_id}))), None)

    def page(self, wanted: ClearancesWanted, *, now: datetime, limit: int, after: str | None) -> Page[StoredClearance]:
        """Clearances in the order in which they were proposed."""
        state = None if wanted.state is None else wanted.state.value
        kept, plain = names(self._vault, wanted.subject)
        asked = {"subject": kept, "plain": plain, "state": state, "now": to_micros(now), "after": after or ""}
        rows = self._readers.rows(self._page, {**asked, "limit": limit + 1})
        data = self._stored(rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def holding(self, now: datetime) -> tuple[StoredClearance, ...]:
        """Those that may clear a match now: approved, not revoked, not outlived."""
        return self._left(self._readers.rows(self._holding, {"now": to_micros(now)}))

    def of(self, subject: str, now: datetime) -> tuple[StoredClearance, ...]:
        """Those of one subject that may clear a match now."""
        kept, plain = names(self._vault, subject)
        return self._left(self._readers.rows(self._of, {"subject": kept, "plain": plain, "now": to_micros(now)}))

    def lapsed(self, since: datetime, now: datetime) -> tuple[str, ...]:
        """Subjects of approved clearances that ran out after `since`, up to and with now."""
        rows = self._readers.rows(self._lapsed, {"since": to_micros(since), "now": to_micros(now)})
        return tuple(sorted({one.subject for one in self._left(rows)}))

    def propose(self, clearance: StoredClearance, once: KeyedAnswer | None = None) -> Outcome:
        """Keep one that nobody has approved yet. Waits for the disk."""

        def work(batch: Batch) -> Outcome:
            given = None if once is None else batch.claim(once.key, once.answer)
            if given is None:
                row = _row(clearance, self._seals.under(batch, "party", clearance.subject))
                batch.execute(self._insert, row)
                said = _Said("clearance.proposed", clearance.author, clearance.created_at, clearance.reason)
                _note(batch, clearance, said._replace(reason=self._sealed(batch, clearance, said)), row)
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

        told = {"by": by, "at": to_micros(at), "id": clearance_id}
        return self._change(
            clearance_id, change, (self._revoke, told), _Said("clearance.revoked", by, at, reason), once
        )

    def _sealed(self, batch: Batch, clearance: StoredClearance, said: _Said) -> str:
        """Why something was done, as it is kept. What is about the erased may be revoked: why is not said then."""
        if clearance.erased:
            return ERASED
        try:
            under = self._seals.under(batch, "party", clearance.subject)
        except BodyErased:
            return ERASED
        return under.seal_text(_about(clearance.id, said.kind), said.reason)

    def _stored(self, rows: Sequence[Any]) -> tuple[StoredClearance, ...]:
        return _read(self._vault, self._readers.rows, rows)

    def _left(self, rows: Sequence[Any]) -> tuple[StoredClearance, ...]:
        """Without those of the erased."""
        return tuple(one for one in self._stored(rows) if not one.erased)

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
            (found,) = _read(batch.vault, batch.rows, rows)
            try:
                after = change(found)
            except (ClearanceDone, OwnClearance) as refusal:
                return refusal
            statement, told = update
            row = (
                *rows[0][:11],
                after.approver,
                _micros(after.approved_at),
                after.revoked_by,
                _micros(after.revoked_at),
            )
            why = self._sealed(batch, found, said)
            if after.revoked_at is not None:
                told = {**told, "reason": why}
            row = (*row, None if after.revoked_at is None else why)
            batch.execute(statement, told)
            if after.revoked_at is not None and not found.erased:
                self._parties.anew(batch, after.subject)
            _note(batch, after, said._replace(reason=why), row)
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


def _note(batch: Batch, clearance: StoredClearance, said: _Said, row: tuple[Any, ...]) -> None:
    """What the chain says for good is sealed where the row is."""
    told = {"actor": said.actor, "reason": said.reason, "subject": row[1], "entry": clearance.entry}
    vouch(batch, said.kind, clearance.id, to_micros(said.at), told, [("clearance", clearance.id, row)])


def _about(identity: str, part: str) -> str:
    return f"clearance {identity} {part}"


def _row(one: StoredClearance, under: Under) -> tuple[object, ...]:
    """As it is stored: who it is about, the digest of their data, what matched and why, sealed as one."""
    digest, features, reason = one.subject_digest, one.features, one.reason
    if under.key is not None:
        said = orjson.dumps([one.subject, digest, features, reason]).decode()
        digest, features, reason = "", (), under.seal_text(_about(one.id, "reason"), said)
    return (
        one.id, under.subject, digest, one.entry, one.entry_digest, orjson.dumps(features).decode(),
        one.screening, reason, one.author, to_micros(one.created_at), to_micros(one.expires_at), one.approver,
        _micros(one.approved_at), one.revoked_by, _micros(one.revoked_at), one.revoke_reason,
    )  # fmt: skip


def _micros(at: datetime | None) -> int | None:
    return None if at is None else to_micros(at)


def _read(vault: Vault, ask: Ask, rows: Sequence[Any]) -> tuple[StoredClearance, ...]:
    kept = [
        (_about(row[0], part), body)
        for row in rows
        for part, column in (("reason", 7), ("clearance.revoked", 15))
        if (body := sealed_in(row[column])) is not None
    ]
    said = iter(opened(vault, ask, kept))
    return tuple(
        _stored(row, *(None if sealed_in(row[column]) is None else (next(said),) for column in (7, 15))) for row in rows
    )


def _stored(row: Sequence[Any], proposed: _Opened, revoked: _Opened) -> StoredClearance:
    identity, subject, subject_digest, entry, entry_digest, features, screening, reason, author, *times = row
    erased = proposed is not None and proposed[0] is None
    matched = orjson.loads(features)
    if proposed is not None and proposed[0] is not None:
        subject, subject_digest, matched, reason = orjson.loads(proposed[0])
    elif erased:
        reason = ERASED
    if revoked is not None:
        times[-1] = ERASED if revoked[0] is None else revoked[0].decode()
    created_at, expires_at, approver, approved_at, revoked_by, revoked_at, revoke_reason = times
    return StoredClearance(
        identity, subject, subject_digest, entry, entry_digest, tuple(matched), screening, reason, author,
        from_micros(created_at), from_micros(expires_at), approver,
        None if approved_at is None else from_micros(approved_at), revoked_by,
        None if revoked_at is None else from_micros(revoked_at), revoke_reason, erased,
    )  # fmt: skip
