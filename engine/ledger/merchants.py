"""Merchants' profiles: every version is kept, the latest holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._chain import MERCHANT
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import Page
from engine.ledger.tax_entries import StoredProfile

_LATEST: Final = text(
    "SELECT id, version, at, key_id, profile FROM merchant WHERE id = :id ORDER BY version DESC LIMIT 1"
)
_VERSION: Final = text("SELECT id, version, at, key_id, profile FROM merchant WHERE id = :id AND version = :version")
_PAGE: Final = text(
    "SELECT m.id, m.version, m.at, m.key_id, m.profile FROM merchant m WHERE m.id > :after"
    " AND m.version = (SELECT max(v.version) FROM merchant v WHERE v.id = m.id) ORDER BY m.id LIMIT :limit"
)


class Merchants:
    """The merchants of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._latest, self._version, self._page = map(database.worded, (_LATEST, _VERSION, _PAGE))

    def put(self, merchant: str, profile: bytes, at: datetime, key_id: str) -> tuple[StoredProfile, bool]:
        """Keep a profile as the next version, and say whether it is new: the same bytes as the latest change nothing.

        Waits for the disk.
        """

        def store(batch: Batch) -> tuple[StoredProfile, bool]:
            rows = batch.rows(self._latest, {"id": merchant})
            last = _profile(rows[0]) if rows else None
            if last is not None and last.profile == profile:
                return last, False
            version = 1 if last is None else last.version + 1
            batch.chain(MERCHANT, (merchant, version, to_micros(at), batch.now, key_id), profile)
            return StoredProfile(merchant, version, at, key_id, profile), True

        return self._writer.run(store)

    def one(self, merchant: str, version: int | None = None) -> StoredProfile | None:
        """A merchant's profile as it is, or as it was in one version."""
        sql = self._latest if version is None else self._version
        row = self._readers.row(sql, {"id": merchant} if version is None else {"id": merchant, "version": version})
        return None if row is None else _profile(row)

    def page(self, *, limit: int, after: str | None) -> Page[StoredProfile]:
        """All merchants as they are, in the order of their ids; `after` is the cursor of the page before."""
        rows = self._readers.rows(self._page, {"after": after or "", "limit": limit + 1})
        data = tuple(_profile(row) for row in rows[:limit])
        return Page(data, data[-1].merchant if len(rows) > limit else None)


def _profile(row: Sequence[Any]) -> StoredProfile:
    merchant, version, at, key_id, profile = row
    return StoredProfile(merchant, version, from_micros(at), key_id, profile)
