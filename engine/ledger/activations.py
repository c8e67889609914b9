"""Which release is in force from when. Nothing is ever taken out: what was scheduled and given up is cancelled by another row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.drafting import MACHINE, Activation, ActivationKind, DraftNotPossible, in_force
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.draft_tables import ActivationRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Replayed
from engine.ledger.errors import EntryRefused
from engine.ledger.releases import Release, ReleaseWriter

_ALL: Final = text(
    "SELECT seq, release, active_from, kind, actor, recorded_at, draft, cancels, reason FROM activation ORDER BY seq"
)
_LAST: Final = text("SELECT coalesce(max(seq), 0) FROM activation")


class ActivationWriter:
    """Puts releases in force within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._all = database.worded(_ALL)
        self._insert = database.insertion(ActivationRow)

    def all(self, batch: Batch) -> list[Activation]:
        """Every activation, the first one first."""
        return [_activation(row) for row in batch.rows(self._all)]

    def started(self, batch: Batch, digest: str, at: datetime, seq: int) -> None:
        """What came with the software, by the note that keeps it."""
        started = (seq, digest, to_micros(at), ActivationKind.STARTED.value, MACHINE, batch.now, None, None, "")
        batch.execute(self._insert, started)

    def write(self, batch: Batch, one: Activation) -> None:
        """Chain it. Its `seq` and `recorded_at` are the chain's."""
        row = (
            batch.seq + 1, one.release, to_micros(one.active_from), one.kind.value, one.actor, batch.now, one.draft,
            one.cancels, one.reason,
        )  # fmt: skip
        told = {"actor": one.actor, "draft": one.draft, "reason": one.reason}
        vouch(batch, f"activation.{one.kind}", one.release, row[2], told, [("activation", str(row[0]), row)])
        batch.execute(self._insert, row)


class Activations:
    """The activations of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._all, self._last = map(database.worded, (_ALL, _LAST))
        self._activations, self._releases = ActivationWriter(database), ReleaseWriter(database)

    def all(self) -> list[Activation]:
        """Every activation, the first one first."""
        return [_activation(row) for row in self._readers.rows(self._all)]

    def last(self) -> int:
        """The number of the newest: while it stays the same, so does everything here."""
        row = self._readers.row(self._last)
        return 0 if row is None else int(row[0])

    def names(self, release: str) -> bool:
        """Whether a release is, was or will be in force: something was put in force that nobody took out of the schedule."""
        every = self.all()
        cancelled = {one.cancels for one in every}
        return any(one.release == release and one.seq not in cancelled for one in every if one.cancels is None)

    def now(self, at: datetime) -> Activation | None:
        """The one that holds at an instant."""
        return in_force(self.all(), at)

    def start(self, release: Release, at: datetime) -> None:
        """What came with the software is in force, unless it is already, or people have put something else in force: that may
        have happened since the caller looked. Waits for the disk."""

        def work(batch: Batch) -> None:
            self._releases.same(batch, release)
            holds = in_force(self._activations.all(batch), at)
            chosen = holds is not None and holds.kind is not ActivationKind.STARTED
            if holds is None or (holds.release != release.digest and not chosen):
                seq = self._releases.start(batch, release, to_micros(at))
                self._activations.started(batch, release.digest, at, seq)

        self._writer.run(work)

    def switch(
        self, digest: str, at: datetime, kind: ActivationKind, actor: str, reason: str, once: KeyedAnswer | None = None
    ) -> Replayed | KeyReused | None:
        """An earlier release again, or one that was brought here, at once. Waits for the disk.

        Raises EntryRefused for a release that is not here, DraftNotPossible for one to go back to that was never in force.
        """

        def work(batch: Batch) -> Replayed | KeyReused | Exception | None:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            if not self._releases.known(batch, digest):
                return EntryRefused(f"There is no release {digest}")
            if kind is ActivationKind.ROLLED_BACK and not _held(self._activations.all(batch), digest, at):
                return DraftNotPossible("This release was never in force here.")
            self._activations.write(batch, _new(digest, at, kind, actor, reason))
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found


def _held(activations: list[Activation], digest: str, at: datetime) -> bool:
    """Whether a release was in force, be it for a moment: what was taken back before it bit was not."""
    cancelled = {one.cancels for one in activations}
    return any(
        one.release == digest and one.active_from <= at and one.seq not in cancelled
        for one in activations
        if one.kind is not ActivationKind.CANCELLED
    )


def _new(digest: str, at: datetime, kind: ActivationKind, actor: str, reason: str = "") -> Activation:
    return Activation(0, digest, at, kind, actor, at, reason=reason)


def _activation(row: Sequence[Any]) -> Activation:
    seq, release, active_from, kind, actor, recorded_at, draft, cancels, reason = row
    return Activation(
        seq, release, from_micros(active_from), ActivationKind(kind), actor, from_micros(recorded_at), draft, cancels,
        reason,
    )  # fmt: skip
