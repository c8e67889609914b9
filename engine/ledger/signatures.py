"""Signatures of releases, the public keys of those who approve, and releases that were brought here in a signed file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.releases import Release, ReleaseWriter
from engine.ledger.signature_tables import ReleaseImportRow, ReleaseSignatureRow, SigningKeyRow

_OF: Final = text(
    "SELECT release, draft, public_key, statement, signature, recorded_at FROM release_signature"
    " WHERE release = :release ORDER BY seq"
)
_KEY: Final = text("SELECT public_key FROM signing_key WHERE holder = :holder ORDER BY seq DESC LIMIT 1")
_IMPORTS: Final = text(
    "SELECT actor, recorded_at, public_key FROM release_import WHERE release = :release ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class ReleaseSignature:
    """A publisher's signature under a statement about a release. `draft`: the publisher's own name of it."""

    release: str
    draft: str
    public_key: bytes
    statement: bytes
    signature: bytes
    recorded_at: datetime | None = None
    """As it was kept; None: it is not kept yet."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Who brought a release here, when, and whose signature was under it."""

    actor: str
    recorded_at: datetime
    public_key: bytes


class SignatureWriter:
    """Keeps signatures within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._insert = database.insertion(ReleaseSignatureRow)

    def keep(self, batch: Batch, one: ReleaseSignature, at: int) -> None:
        """Chain a signature."""
        row = (batch.seq + 1, one.release, one.draft, batch.now, one.public_key, one.statement, one.signature)
        told = {"draft": one.draft, "public_key": one.public_key.hex()}
        vouch(batch, "signature.release", one.release, at, told, [("release_signature", str(row[0]), row)])
        batch.execute(self._insert, row)


class Signatures:
    """The signatures of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._of, self._key, self._imports = map(database.worded, (_OF, _KEY, _IMPORTS))
        self._insert_key = database.insertion(SigningKeyRow)
        self._insert_import = database.insertion(ReleaseImportRow)
        self._signatures, self._releases = SignatureWriter(database), ReleaseWriter(database)

    def of(self, release: str) -> tuple[ReleaseSignature, ...]:
        """Every signature under a release, the first one first."""
        return tuple(_signature(row) for row in self._readers.rows(self._of, {"release": release}))

    def key_of(self, holder: str) -> bytes | None:
        """The public key that an API key has registered last."""
        row = self._readers.row(self._key, {"holder": holder})
        return None if row is None else bytes(row[0])

    def register(self, holder: str, public: bytes, at: datetime) -> None:
        """From now on this public key is the holder's. Waits for the disk. The same again changes nothing."""

        def work(batch: Batch) -> None:
            known = batch.rows(self._key, {"holder": holder})
            if known and bytes(known[0][0]) == public:
                return
            row = (batch.seq + 1, holder, batch.now, public)
            told = {"public_key": public.hex()}
            vouch(batch, "signature.key", holder, to_micros(at), told, [("signing_key", str(row[0]), row)])
            batch.execute(self._insert_key, row)

        self._writer.run(work)

    def imports(self, release: str) -> tuple[Imported, ...]:
        """Who brought a release here."""
        rows = self._readers.rows(self._imports, {"release": release})
        return tuple(Imported(actor, from_micros(recorded_at), bytes(key)) for actor, recorded_at, key in rows)

    def take_in(self, release: Release, signed: ReleaseSignature, actor: str, at: datetime) -> None:
        """Keep a release that was brought here, with its signature and who brought it. Waits for the disk.

        Raises EntryRefused where its digest stands for something else here.
        """

        def work(batch: Batch) -> None:
            self._releases.keep(batch, release, to_micros(at))
            known = [bytes(row[4]) for row in batch.rows(self._of, {"release": release.digest})]
            if signed.signature not in known:
                self._signatures.keep(batch, signed, to_micros(at))
            row = (batch.seq + 1, release.digest, actor, batch.now, signed.public_key)
            told = {"actor": actor, "public_key": signed.public_key.hex()}
            left = [("release_import", str(row[0]), row)]
            vouch(batch, "signature.import", release.digest, to_micros(at), told, left)
            batch.execute(self._insert_import, row)

        self._writer.run(work)


def _signature(row: Sequence[Any]) -> ReleaseSignature:
    release, draft, public_key, statement, signature, recorded_at = row
    return ReleaseSignature(
        release, draft, bytes(public_key), bytes(statement), bytes(signature), from_micros(recorded_at)
    )
