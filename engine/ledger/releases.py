"""Releases of the law, whole, so that any decision can be made again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import Page
from engine.ledger.errors import EntryRefused
from engine.ledger.tables import ReleaseRow

KEPT: Final = "release.kept"
ACTIVATED: Final = "release.activated"
"""Kept, and in force from then on: what came with the software. Its note vouches for the activation as well."""


class Release(Protocol):
    """What the packs call a release, as far as the ledger keeps it."""

    @property
    def digest(self) -> str: ...

    @property
    def canonical(self) -> bytes: ...

    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A release in the ledger, kept since `kept_at`. When it was in force, the activations say."""

    digest: str
    version: str
    canonical: bytes
    kept_at: datetime
    recorded_at: datetime


_ONE: Final = text(
    "SELECT digest, version, canonical, activated_at, recorded_at, seq FROM release WHERE digest = :digest"
)
_NEWEST: Final = text(
    "SELECT digest, version, canonical, activated_at, recorded_at, seq FROM release"
    " WHERE seq < :after ORDER BY seq DESC LIMIT :limit"
)


class ReleaseWriter:
    """Keeps releases within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        self._one = database.worded(_ONE)
        self._insert = database.insertion(ReleaseRow)

    def known(self, batch: Batch, digest: str) -> bool:
        """Whether it is here."""
        return bool(batch.rows(self._one, {"digest": digest}))

    def keep(self, batch: Batch, release: Release, at: int) -> None:
        """Keep a release that may be put in force. Raises EntryRefused where its digest stands for something else."""
        if not self.same(batch, release):
            self._write(batch, release, at, _note(batch, KEPT, release, at))

    def start(self, batch: Batch, release: Release, at: int) -> int:
        """Keep a release and say that it is in force, in one note. Returns the number of the note. Raises EntryRefused."""
        known = self.same(batch, release)
        seq = _note(batch, ACTIVATED, release, at)
        if not known:
            self._write(batch, release, at, seq)
        return seq

    def same(self, batch: Batch, release: Release) -> bool:
        """Whether it is here. Raises EntryRefused where its digest stands for something else."""
        known = batch.rows(self._one, {"digest": release.digest})
        if known and known[0][2] != release.canonical:
            raise EntryRefused(f"The release {release.digest} is in the ledger with other contents")
        return bool(known)

    def _write(self, batch: Batch, release: Release, at: int, seq: int) -> None:
        batch.execute(self._insert, (release.digest, seq, release.version, at, batch.now, release.canonical))


def _note(batch: Batch, kind: str, release: Release, at: int) -> int:
    payload = {"sha256": sha256(release.canonical).hexdigest(), "version": release.version}
    return batch.note(kind, release.digest, at, json.dumps(payload, sort_keys=True).encode())


_VERSION: Final = text("SELECT version FROM release WHERE digest = :digest")


class Releases:
    """The releases that are kept here."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._one, self._newest, self._version = map(database.worded, (_ONE, _NEWEST, _VERSION))
        self._releases = ReleaseWriter(database)

    def keep(self, release: Release, at: datetime) -> None:
        """Keep a release that may be put in force. Waits for the disk. Raises EntryRefused."""
        self._writer.run(lambda batch: self._releases.keep(batch, release, to_micros(at)))

    def one(self, digest: str) -> StoredRelease | None:
        """The release with this digest."""
        row = self._readers.row(self._one, {"digest": digest})
        return None if row is None else _stored(row)

    def version(self, digest: str) -> str | None:
        """The version of the release with this digest; its contents are not read."""
        row = self._readers.row(self._version, {"digest": digest})
        return None if row is None else str(row[0])

    def page(self, *, limit: int, after: str | None) -> Page[StoredRelease]:
        """The newest first; `after` is the cursor of the page before. Raises ValueError for another's cursor."""
        rows = self._readers.rows(self._newest, {"after": int(after) if after else EVER, "limit": limit + 1})
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, str(rows[limit - 1][5]) if len(rows) > limit else None)


def _stored(row: Sequence[Any]) -> StoredRelease:
    digest, version, canonical, kept_at, recorded_at, _ = row
    return StoredRelease(digest, version, canonical, from_micros(kept_at), from_micros(recorded_at))
