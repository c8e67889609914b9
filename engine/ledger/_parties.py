"""Known parties as the monitor keeps them: who has a name, and which lists have seen it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import DataKey
from engine.ledger._database import Database
from engine.ledger._sealed import PARTY, sealed
from engine.ledger._vault import Vault
from engine.ledger._watched import NOT_SCREENED, KnownParty, Watching, known_between
from engine.ledger.watch_tables import KnownPartyRow

_ONE: Final = text(
    "SELECT subject_kind, subject, seq, digest, screened_by, body FROM known_party"
    " WHERE subject_kind = :kind AND subject = :subject"
)
_NAMED: Final = text(
    "SELECT subject_kind, subject, seq, digest, screened_by, body FROM known_party"
    " WHERE subject_kind IN ('payer', 'payee', 'merchant') AND subject >= :first AND subject <= :last"
)
_PUT: Final = text(
    "UPDATE known_party SET seq = :seq, digest = :digest, screened_by = :by, body = :body, seal = :seal"
    " WHERE subject_kind = :kind AND subject = :subject"
)


class PartyWriter:
    """Keeps them within a transaction of the caller's."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._one, self._named, self._put = map(database.worded, (_ONE, _NAMED, _PUT))
        self._insert = database.insertion(KnownPartyRow)
        self._watching = Watching(database, vault)

    def know(self, batch: Batch, party: KnownParty, keys: Mapping[int, DataKey | None]) -> None:
        """Later words hold; what they say the same is not screened anew. `keys`: those of decisions, as of this transaction.
        Whoever was erased is not known again by what was said before."""
        subject, digest, body, number = party.subject, party.digest, party.body, None
        if self._watching.is_protected:
            key = self._watching.key_of_party(batch, keys, party)
            if key is None:
                return
            subject, body = self._watching.sealed_party(key, party)
            digest, number = self._watching.digest(digest), key.id
        rows = batch.rows(self._one, {"kind": party.subject_kind, "subject": subject})
        row = (party.subject_kind, subject, party.seq, digest, party.screened_by, body)
        if not rows:
            batch.execute(self._insert, (*sealed(PARTY, row), number))
        elif rows[0][2] < party.seq and rows[0][3] != digest:
            self._keep(batch, (*row[:4], NOT_SCREENED, body))

    def screened(self, batch: Batch, party: KnownParty, fingerprint: str) -> None:
        """These lists have seen a party, if it is still as they saw it."""
        digest = self._watching.digest(party.digest) if self._watching.is_protected else party.digest
        asked = {"kind": party.subject_kind, "subject": party.row or party.subject}
        for kind, subject, seq, known, _, body in batch.rows(self._one, asked):
            if known == digest:
                self._keep(batch, (kind, subject, seq, known, fingerprint, body))

    def anew(self, batch: Batch, subject: str) -> None:
        """No lists have seen this subject, under whatever kind it is named."""
        for kind, name, seq, digest, _, body in self._called(batch, subject):
            self._keep(batch, (kind, name, seq, digest, NOT_SCREENED, body))

    def knows(self, batch: Batch, subject: str) -> bool:
        """Whether anything is kept of this subject, under whatever kind it is named."""
        return bool(self._called(batch, subject))

    def _called(self, batch: Batch, subject: str) -> list[Any]:
        if self._watching.is_protected:
            return batch.rows(self._named, known_between(batch.vault, subject))
        return batch.rows(self._named, {"first": subject, "last": subject})

    def _keep(self, batch: Batch, row: Sequence[Any]) -> None:
        names = ("kind", "subject", "seq", "digest", "by", "body", "seal")
        batch.execute(self._put, dict(zip(names, sealed(PARTY, row), strict=True)))
