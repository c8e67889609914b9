"""The rules as they were applied, whole, so that any decision can be made again."""

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

ACTIVATED: Final = "release.activated"


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
    """A release in the ledger. `activated_at` is its first activation."""

    digest: str
    version: str
    canonical: bytes
    activated_at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Activation:
    """From `activated_at` on, this release was applied here."""

    digest: str
    activated_at: datetime
    recorded_at: datetime


_ONE: Final = text(
    "SELECT digest, version, canonical, activated_at, recorded_at, seq FROM release WHERE digest = :digest"
)
_NEWEST: Final = text(
    "SELECT digest, version, canonical, activated_at, recorded_at, seq FROM release"
    " WHERE seq < :after ORDER BY seq DESC LIMIT :limit"
)
_ACTIVATIONS: Final = text(
    "SELECT subject, at, recorded_at FROM note WHERE kind = 'release.activated' ORDER BY seq DESC LIMIT :limit"
)


class Releases:
    """The releases that were put to use here."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._one, self._newest, self._activations = map(database.worded, (_ONE, _NEWEST, _ACTIVATIONS))

    def remember(self, release: Release, activated_at: datetime) -> None:
        """Keep the release, and note that it is in force. The one that is in force already changes nothing."""
        at = to_micros(activated_at)
        self._writer.run(lambda batch: self._remember(batch, release, at))

    def one(self, digest: str) -> StoredRelease | None:
        """The release with this digest."""
        row = self._readers.row(self._one, {"digest": digest})
        return None if row is None else _stored(row)

    def page(self, *, limit: int, after: str | None) -> Page[StoredRelease]:
        """The newest first; `after` is the cursor of the page before. Raises ValueError for another's cursor."""
        rows = self._readers.rows(self._newest, {"after": int(after) if after else EVER, "limit": limit + 1})
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, str(rows[limit - 1][5]) if len(rows) > limit else None)

    def activations(self, *, limit: int) -> tuple[Activation, ...]:
        """Which release was in force from when, the newest first."""
        rows = self._readers.rows(self._activations, {"limit": limit})
        return tuple(Activation(digest, from_micros(at), from_micros(known)) for digest, at, known in rows)

    def _remember(self, batch: Batch, release: Release, at: int) -> None:
        known = batch.rows(self._one, {"digest": release.digest})
        if known and known[0][2] != release.canonical:
            raise EntryRefused(f"The release {release.digest} is in the ledger with other contents")
        last = batch.rows(self._activations, {"limit": 1})
        if known and last and last[0][0] == release.digest:
            return
        payload = {"sha256": sha256(release.canonical).hexdigest(), "version": release.version}
        seq = batch.note(ACTIVATED, release.digest, at, json.dumps(payload, sort_keys=True).encode())
        if not known:
            batch.insert(ReleaseRow, [(release.digest, seq, release.version, at, batch.now, release.canonical)])


def _stored(row: Sequence[Any]) -> StoredRelease:
    digest, version, canonical, activated_at, recorded_at, _ = row
    return StoredRelease(digest, version, canonical, from_micros(activated_at), from_micros(recorded_at))
