"""Editions of lists as they were put to use, and loads that were refused. What stands in them is nothing the ledger can read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._chain import GENESIS, link
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.errors import EntryRefused
from engine.ledger.screening_tables import EDITION, REFUSAL, ScreeningEditionRow, ScreeningRefusalRow

LOADED: Final = "lists.loaded"
UNCHANGED: Final = "lists.unchanged"
REFUSED: Final = "lists.refused"

_SPEED: Final = 6


class ListMoved(EntryRefused):
    """Another edition came in while this one was read: read it again against that one."""

    code = "list_moved"


@dataclass(frozen=True, slots=True)
class EditionEntry:
    """An edition to be kept. Bodies are given plain and stored compressed."""

    list: str
    digest: str
    """sha256 of the file as it came."""
    source: str
    format: str
    published: datetime | None
    at: datetime
    entries: int
    stale_after_days: int | None
    counts: Mapping[str, int]
    added: Sequence[str]
    removed: Sequence[str]
    changed: Sequence[str]
    versions: Mapping[str, str]
    content: bytes
    original: bytes | None
    """The file as it came; None: only its digest is kept."""
    after: int | None
    """The number of the edition it was held against; None: there was none."""
    accepted_by: str | None = None
    accepted_reason: str | None = None


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition without its bodies. `added`, `removed`, `changed`: how many entries, against the edition `after`."""

    seq: int
    list: str
    digest: str
    source: str
    format: str
    published: datetime | None
    loaded_at: datetime
    entries: int
    stale_after_days: int | None
    added: int
    removed: int
    changed: int
    after: int | None
    accepted_by: str | None
    accepted_reason: str | None
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class StoredDelta:
    """Keys by which an edition differs from the one before."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedLoad:
    """A load that was refused. `kept`: the digest of the edition that stayed in force."""

    list: str
    source: str
    digest: str | None
    at: datetime
    code: str
    reason: str
    kept: str | None


_LATEST: Final = text(
    "SELECT seq, list, digest, source, format, published, at, entries, stale_after_days, added, removed, changed, after,"
    " accepted_by, accepted_reason, counts FROM screening_edition"
    " WHERE seq IN (SELECT max(newest.seq) FROM screening_edition newest GROUP BY newest.list) ORDER BY list"
)
_OF_LIST: Final = text(
    "SELECT seq, list, digest, source, format, published, at, entries, stale_after_days, added, removed, changed, after,"
    " accepted_by, accepted_reason, counts FROM screening_edition"
    " WHERE list = :list ORDER BY seq DESC LIMIT :limit"
)
_HEADS: Final = text("SELECT list, max(seq) FROM screening_edition GROUP BY list ORDER BY list")
_HEAD: Final = text("SELECT max(seq) FROM screening_edition WHERE list = :list")
_DELTA: Final = text("SELECT delta FROM screening_edition WHERE seq = :seq")
_VERSIONS: Final = text("SELECT versions FROM screening_edition WHERE seq = :seq")
_CONTENT: Final = text("SELECT content FROM screening_edition WHERE seq = :seq")
_ORIGINAL: Final = text("SELECT original FROM screening_edition WHERE seq = :seq")
_REFUSALS: Final = text(
    "SELECT list, source, digest, at, code, reason, kept FROM screening_refusal"
    " WHERE :list IN ('', list) ORDER BY seq DESC LIMIT :limit"
)
_REFUSED: Final = text("SELECT list, count(*) FROM screening_refusal GROUP BY list ORDER BY list")


class Lists:
    """The lists in the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._latest, self._of_list, self._heads = map(database.worded, (_LATEST, _OF_LIST, _HEADS))
        self._head, self._refusals, self._refused = map(database.worded, (_HEAD, _REFUSALS, _REFUSED))
        self._delta, self._versions, self._content, self._original = map(
            database.worded, (_DELTA, _VERSIONS, _CONTENT, _ORIGINAL)
        )
        self._put_edition = database.insertion(ScreeningEditionRow)
        self._put_refusal = database.insertion(ScreeningRefusalRow)

    def keep(self, entry: EditionEntry) -> StoredEdition:
        """Put an edition to use. Raises ListMoved where its list has another edition by now than `after`. Waits for the disk."""
        # Megabytes are compressed here and not in the writer: others wait for it.
        bodies = _bodies(entry)
        return self._writer.run(lambda batch: self._keep(batch, entry, bodies))

    def unchanged(self, code: str, digest: str, source: str, at: datetime) -> None:
        """Note that the file in force was found again. Waits for the disk."""
        payload = json.dumps({"digest": digest, "source": source}, sort_keys=True).encode()
        self._writer.run(lambda batch: batch.note(UNCHANGED, code, to_micros(at), payload))

    def refuse(self, refused: RefusedLoad) -> None:
        """Record a load that was refused. Waits for the disk."""
        self._writer.run(lambda batch: self._refuse(batch, refused))

    def latest(self) -> tuple[StoredEdition, ...]:
        """The edition in force of each list."""
        return tuple(_edition(row) for row in self._readers.rows(self._latest))

    def editions(self, code: str, *, limit: int = 50) -> tuple[StoredEdition, ...]:
        """The editions of a list, the newest first."""
        return tuple(_edition(row) for row in self._readers.rows(self._of_list, {"list": code, "limit": limit}))

    def in_force(self, code: str) -> StoredEdition | None:
        """The last edition of a list."""
        return next(iter(self.editions(code, limit=1)), None)

    def fingerprint(self) -> str:
        """Another text after every edition: cheap to ask for, so that whoever holds lists in memory notices a new one."""
        return ",".join(f"{code}={seq}" for code, seq in self._readers.rows(self._heads))

    def content(self, seq: int) -> bytes | None:
        """The entries of an edition as they were given."""
        return self._body(self._content, seq)

    def original(self, seq: int) -> bytes | None:
        """The file as it came, where it was kept."""
        return self._body(self._original, seq)

    def versions(self, seq: int) -> Mapping[str, str]:
        """The versions of an edition's entries by key; nothing for an edition that is not there."""
        found = self._body(self._versions, seq)
        return json.loads(found) if found is not None else {}

    def delta(self, seq: int) -> StoredDelta | None:
        """By what an edition differs from the one before it."""
        found = self._body(self._delta, seq)
        return None if found is None else StoredDelta(*map(tuple, json.loads(found)))

    def refusals(self, code: str | None = None, *, limit: int = 50) -> tuple[RefusedLoad, ...]:
        """Loads that were refused, the last one first; of one list, if one is given."""
        rows = self._readers.rows(self._refusals, {"list": code or "", "limit": limit})
        return tuple(RefusedLoad(row[0], row[1], row[2], from_micros(row[3]), row[4], row[5], row[6]) for row in rows)

    def refused(self) -> dict[str, int]:
        """How many loads of each list were ever refused."""
        return dict(map(tuple, self._readers.rows(self._refused)))

    def _body(self, sql: str, seq: int) -> bytes | None:
        row = self._readers.row(sql, {"seq": seq})
        return None if row is None or row[0] is None else zlib.decompress(bytes(row[0]))

    def _keep(self, batch: Batch, entry: EditionEntry, bodies: tuple[bytes | None, ...]) -> StoredEdition:
        ((last,),) = batch.rows(self._head, {"list": entry.list})
        if last != entry.after:
            raise ListMoved(f"{entry.list} has got another edition meanwhile: load the file again")
        columns = _columns(entry, batch.now)
        said = {
            "digest": entry.digest,
            "source": entry.source,
            "entries": entry.entries,
            "sha256": seal(EDITION, columns, *bodies),
        }
        seq = batch.note(LOADED, entry.list, to_micros(entry.at), json.dumps(said, sort_keys=True).encode())
        batch.execute(self._put_edition, (seq, *columns, *bodies))
        return _edition((seq, *columns[:6], *columns[7:]))

    def _refuse(self, batch: Batch, refused: RefusedLoad) -> None:
        columns = (
            refused.list,
            refused.source,
            refused.digest,
            to_micros(refused.at),
            batch.now,
            refused.code,
            refused.reason,
            refused.kept,
        )
        said = {"code": refused.code, "source": refused.source, "sha256": seal(REFUSAL, columns)}
        seq = batch.note(REFUSED, refused.list, columns[3], json.dumps(said, sort_keys=True).encode())
        batch.execute(self._put_refusal, (seq, *columns))


def seal(table: str, columns: Sequence[object], *bodies: bytes | None) -> str:
    """The SHA-256 of a row beside the chain, all but its number: the note in the chain vouches for the row through it."""
    kept = [body for body in bodies if body is not None]
    return link(GENESIS, (table, len(kept), *columns), *kept).hex()


def _bodies(entry: EditionEntry) -> tuple[bytes | None, ...]:
    delta = [list(entry.added), list(entry.removed), list(entry.changed)]
    plain = (
        json.dumps(delta, separators=(",", ":"), ensure_ascii=False).encode(),
        json.dumps(dict(entry.versions), separators=(",", ":"), ensure_ascii=False, sort_keys=True).encode(),
        entry.content,
        entry.original,
    )
    return tuple(None if body is None else zlib.compress(body, _SPEED) for body in plain)


def _columns(entry: EditionEntry, now: int) -> tuple[object, ...]:
    return (
        entry.list,
        entry.digest,
        entry.source,
        entry.format,
        None if entry.published is None else to_micros(entry.published),
        to_micros(entry.at),
        now,
        entry.entries,
        entry.stale_after_days,
        len(entry.added),
        len(entry.removed),
        len(entry.changed),
        entry.after,
        entry.accepted_by,
        entry.accepted_reason,
        json.dumps(dict(entry.counts), sort_keys=True),
    )


def _edition(row: Sequence[Any]) -> StoredEdition:
    (
        seq,
        code,
        digest,
        source,
        format_,
        published,
        at,
        entries,
        stale,
        added,
        removed,
        changed,
        after,
        by,
        reason,
        counts,
    ) = row
    return StoredEdition(
        seq=seq,
        list=code,
        digest=digest,
        source=source,
        format=format_,
        published=None if published is None else from_micros(published),
        loaded_at=from_micros(at),
        entries=entries,
        stale_after_days=stale,
        added=added,
        removed=removed,
        changed=changed,
        after=after,
        accepted_by=by,
        accepted_reason=reason,
        counts=json.loads(counts),
    )
