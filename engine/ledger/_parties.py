"""Known parties as the monitor keeps them: who has a name, and which lists have seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database
from engine.ledger._sealed import PARTY, sealed
from engine.ledger.watch_tables import KnownPartyRow

NOT_SCREENED: Final = ""


@dataclass(frozen=True, slots=True)
class KnownParty:
    """Somebody with a name: what is screened of them, and a digest of it."""

    subject_kind: str
    subject: str
    seq: int
    digest: str
    body: bytes
    screened_by: str = NOT_SCREENED
    """Fingerprint of the lists that have seen these very data; empty: none has."""


_ONE: Final = text(
    "SELECT subject_kind, subject, seq, digest, screened_by, body FROM known_party"
    " WHERE subject_kind = :kind AND subject = :subject"
)
_NAMED: Final = text(
    "SELECT subject_kind, subject, seq, digest, screened_by, body FROM known_party"
    " WHERE subject_kind IN ('payer', 'payee', 'merchant') AND subject = :subject"
)
_PUT: Final = text(
    "UPDATE known_party SET seq = :seq, digest = :digest, screened_by = :by, body = :body, seal = :seal"
    " WHERE subject_kind = :kind AND subject = :subject"
)


class PartyWriter:
    """Keeps them within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._one, self._named, self._put = map(database.worded, (_ONE, _NAMED, _PUT))
        self._insert = database.insertion(KnownPartyRow)

    def know(self, batch: Batch, party: KnownParty) -> None:
        """Later words hold; what they say the same is not screened anew."""
        rows = self._of(batch, party)
        row = (party.subject_kind, party.subject, party.seq, party.digest, NOT_SCREENED, party.body)
        if not rows:
            batch.execute(self._insert, sealed(PARTY, row))
        elif rows[0][2] < party.seq and rows[0][3] != party.digest:
            self._keep(batch, row)

    def screened(self, batch: Batch, party: KnownParty, fingerprint: str) -> None:
        """These lists have seen a party, if it is still as they saw it."""
        for kind, subject, seq, digest, _, body in self._of(batch, party):
            if digest == party.digest:
                self._keep(batch, (kind, subject, seq, digest, fingerprint, body))

    def anew(self, batch: Batch, subject: str) -> None:
        """No lists have seen this subject, under whatever kind it is named."""
        for kind, name, seq, digest, _, body in batch.rows(self._named, {"subject": subject}):
            self._keep(batch, (kind, name, seq, digest, NOT_SCREENED, body))

    def _of(self, batch: Batch, party: KnownParty) -> list[Any]:
        return batch.rows(self._one, {"kind": party.subject_kind, "subject": party.subject})

    def _keep(self, batch: Batch, row: Sequence[object]) -> None:
        names = ("kind", "subject", "seq", "digest", "by", "body", "seal")
        batch.execute(self._put, dict(zip(names, sealed(PARTY, row), strict=True)))
