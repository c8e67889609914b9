"""What regulators publish, as it is kept: who asks which source next, and what came of it, in one transaction.

A source is held by one worker at a time, for a while. Whoever leaves anything must still hold it: a worker that was slow, dead or
doubled leaves nothing. A version of a publication is kept once, however often it is fetched.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._sealed import FEED_STATE, SEALED, sealed
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alerts import AlertWriter, Occasion, Told
from engine.ledger.errors import LeaseLost
from engine.ledger.feed_tables import FeedDocumentRow, FeedItemRow, FeedStateRow


@dataclass(frozen=True, slots=True)
class FeedState:
    """How a source was last asked."""

    source: str
    known_at: datetime
    """Since when it is watched."""
    next_at: datetime
    etag: str = ""
    last_modified: str = ""
    tried_at: datetime | None = None
    answered_at: datetime | None = None
    """When it last gave anything, be it that nothing has changed."""
    new_at: datetime | None = None
    """When it last gave something new."""
    failures: int = 0
    """In a row."""
    fault: str = ""
    """Why the last try gave nothing; empty: it did."""
    detail: str = ""
    moved_to: str = ""
    """Where it says that it has moved for good."""
    holder: str = ""
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it came. `digest`: `sha256:` of its bytes."""

    digest: str
    url: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NewItem:
    """A version of a publication. `digest`: of what it says; `body`: JSON-ready, all of it."""

    key: str
    digest: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A version of a publication as it is kept."""

    seq: int
    source: str
    key: str
    digest: str
    document: str
    corrects: int | None
    """The number of the version before."""
    recorded_at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a fetch leaves."""

    state: FeedState
    document: Document | None = None
    """What came, whether or not anything could be read of it."""
    items: tuple[NewItem, ...] = ()
    told: tuple[Told, ...] = ()


_STATEMENTS: Final = {
    "all": text(
        "SELECT source, etag, last_modified, known_at, tried_at, answered_at, new_at, failures, fault, detail, moved_to, next_at,"
        " holder, held_until FROM feed_state ORDER BY source"
    ),
    "one": text(
        "SELECT source, etag, last_modified, known_at, tried_at, answered_at, new_at, failures, fault, detail, moved_to, next_at,"
        " holder, held_until FROM feed_state WHERE source = :source"
    ),
    "put": text(
        "UPDATE feed_state SET etag = :etag, last_modified = :last_modified, known_at = :known_at, tried_at = :tried_at,"
        " answered_at = :answered_at, new_at = :new_at, failures = :failures, fault = :fault, detail = :detail,"
        " moved_to = :moved_to, next_at = :next_at, holder = :holder, held_until = :held_until, seal = :seal"
        " WHERE source = :source"
    ),
    "document": text("SELECT digest FROM feed_document WHERE digest = :digest"),
    "content": text("SELECT url, content_type, packed FROM feed_document WHERE digest = :digest"),
    "version": text("SELECT seq FROM feed_item WHERE source = :source AND key = :key AND digest = :digest"),
    "last": text("SELECT coalesce(max(seq), 0) FROM feed_item WHERE source = :source AND key = :key"),
    "after": text(
        "SELECT seq, source, key, digest, document, corrects, recorded_at, body FROM feed_item WHERE seq > :after"
        " ORDER BY seq LIMIT :limit"
    ),
    "item": text(
        "SELECT seq, source, key, digest, document, corrects, recorded_at, body FROM feed_item WHERE seq = :seq"
    ),
    "count": text("SELECT count(*) FROM feed_item"),
}


class Feeds:
    """The ingester's side of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._sql = {name: database.worded(statement) for name, statement in _STATEMENTS.items()}
        tables = (FeedStateRow, FeedDocumentRow, FeedItemRow)
        self._insert = {table: database.insertion(table) for table in tables}
        self._alerts = AlertWriter(database)

    def states(self) -> tuple[FeedState, ...]:
        """Every source that was ever to be watched."""
        return tuple(_state(row) for row in self._readers.rows(self._sql["all"]))

    def take(self, sources: Iterable[str], holder: str, now: datetime, lease: timedelta, limit: int) -> list[FeedState]:
        """Hold those of the sources that are due, the longest due first, until `now + lease`. Waits for the disk."""
        wanted = frozenset(sources)

        def work(batch: Batch) -> list[FeedState]:
            known = {one.source: one for one in map(_state, batch.rows(self._sql["all"]))}
            for source in sorted(wanted - known.keys()):
                known[source] = FeedState(source, now, now)
                batch.execute(self._insert[FeedStateRow], sealed(FEED_STATE, _row(known[source])))
            due = [
                one
                for one in known.values()
                if one.source in wanted and one.next_at <= now and (one.held_until is None or one.held_until <= now)
            ]
            due.sort(key=lambda one: (one.next_at, one.source))
            held = [replace(one, holder=holder, held_until=now + lease) for one in due[:limit]]
            for one in held:
                self._put(batch, one)
            return held

        return self._writer.run(work)

    def leave(self, held: FeedState, taken: Taken, occasion: Occasion) -> int:
        """Keep what came of a source that is held, and let it go. Returns how many versions were new. Waits for the disk.

        Raises LeaseLost where another worker has taken it meanwhile.
        """

        def work(batch: Batch) -> int | Exception:
            rows = batch.rows(self._sql["one"], {"source": held.source})
            now = _state(rows[0]) if rows else None
            if now is None or (now.holder, now.held_until) != (held.holder, held.held_until):
                return LeaseLost(f"The source {held.source} is not any more as this worker holds it")
            new = [one for one in taken.items if not self._has(batch, held.source, one)]
            if taken.document is not None:
                self._keep(batch, taken.document)
            for one in new:
                assert taken.document is not None, "what is read is read of a document"
                self._add(batch, held.source, one, taken.document.digest)
            state = taken.state
            if new:
                state = replace(state, new_at=occasion.at)
            self._put(batch, replace(state, holder="", held_until=None))
            for told in taken.told:
                self._alerts.tell(batch, told, occasion)
            return len(new)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def document(self, digest: str) -> Document | None:
        """A document, byte by byte."""
        row = self._readers.row(self._sql["content"], {"digest": digest})
        return None if row is None else Document(digest, row[0], row[1], zlib.decompress(bytes(row[2])))

    def items(self, after: int, limit: int) -> tuple[StoredItem, ...]:
        """Versions that were kept after a number, in their order."""
        return tuple(_item(row) for row in self._readers.rows(self._sql["after"], {"after": after, "limit": limit}))

    def item(self, seq: int) -> StoredItem | None:
        """One version."""
        row = self._readers.row(self._sql["item"], {"seq": seq})
        return None if row is None else _item(row)

    def number(self) -> int:
        """How many versions are kept."""
        return int(self._readers.row(self._sql["count"])[0])

    # -- within a transaction --

    def _put(self, batch: Batch, state: FeedState) -> None:
        names = (*SEALED[FEED_STATE], "seal")
        batch.execute(self._sql["put"], dict(zip(names, sealed(FEED_STATE, _row(state)), strict=True)))

    def _has(self, batch: Batch, source: str, one: NewItem) -> bool:
        asked = {"source": source, "key": one.key, "digest": one.digest}
        return bool(batch.rows(self._sql["version"], asked))

    def _keep(self, batch: Batch, document: Document) -> None:
        if batch.rows(self._sql["document"], {"digest": document.digest}):
            return
        packed = zlib.compress(document.content, 6)
        size = len(document.content)
        row = (batch.seq + 1, document.digest, document.url, document.content_type, size, batch.now, packed)
        told = {"url": document.url, "size": size}
        vouch(batch, "feed.document", document.digest, batch.now, told, [("feed_document", str(row[0]), row)])
        batch.execute(self._insert[FeedDocumentRow], row)

    def _add(self, batch: Batch, source: str, one: NewItem, document: str) -> None:
        before = batch.rows(self._sql["last"], {"source": source, "key": one.key})[0][0]
        body = orjson.dumps(one.body, option=orjson.OPT_SORT_KEYS)
        row = (batch.seq + 1, source, one.key, one.digest, document, before, batch.now, body)
        told = {"source": source, "key": one.key, "digest": one.digest}
        vouch(batch, "feed.item", source, batch.now, told, [("feed_item", str(row[0]), row)])
        batch.execute(self._insert[FeedItemRow], row)


def _row(state: FeedState) -> tuple[object, ...]:
    return (
        state.source, state.etag, state.last_modified, to_micros(state.known_at), _micros(state.tried_at),
        _micros(state.answered_at), _micros(state.new_at), state.failures, state.fault, state.detail, state.moved_to,
        to_micros(state.next_at), state.holder, _micros(state.held_until),
    )  # fmt: skip


def _micros(at: datetime | None) -> int:
    return 0 if at is None else to_micros(at)


def _instant(micros: int) -> datetime | None:
    return from_micros(micros) if micros else None


def _state(row: Sequence[Any]) -> FeedState:
    source, etag, modified, known_at, tried, answered, new, failures, fault, detail, moved, next_at, holder, until = row
    return FeedState(
        source, from_micros(known_at), from_micros(next_at), etag, modified, _instant(tried), _instant(answered), _instant(new),
        failures, fault, detail, moved, holder, _instant(until),
    )  # fmt: skip


def _item(row: Sequence[Any]) -> StoredItem:
    seq, source, key, digest, document, corrects, recorded_at, body = row
    return StoredItem(
        seq, source, key, digest, document, corrects or None, from_micros(recorded_at), orjson.loads(bytes(body))
    )
