"""Publications read: whose turn each version is, what a reader made of it, and the change that comes of it, in one transaction.

A version is held by one worker at a time, for a while; whoever leaves anything must still hold it. A reader that dies leaves
nothing, and the version is read again when its lease is over: reading is at least once, its effects are exactly once. A version
is of one change at most, whose name follows from the version's number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import orjson

from engine.changes import Read, index_of, read_of
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._finding import Finder, NewReading
from engine.ledger._reading_sql import STATEMENTS
from engine.ledger._sealed import FEED_WORK, INGEST_STAGE, SEALED, sealed
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alerts import AlertWriter, Occasion, Told
from engine.ledger.change_tables import FeedReadingRow, FeedWorkRow, IngestStageRow
from engine.ledger.entries import Page

WAITING: Final = "waiting"
IRRELEVANT: Final = "irrelevant"
CHANGE: Final = "change"
FAILED: Final = "failed"
AT_ONCE: Final = from_micros(0)
"""What is new is read before what is read again."""
_MANY: Final = 1_000
"""Versions that are entered in one transaction."""


@dataclass(frozen=True, slots=True)
class Work:
    """A version of a publication, and whether it was read."""

    item: int
    source: str
    since: datetime
    """Since when it waits, or waited."""
    next_at: datetime
    state: str = WAITING
    """`waiting`, `irrelevant`, `change`, or `failed`: no reader could read it."""
    holder: str = ""
    held_until: datetime | None = None
    tries: int = 0
    fault: str = ""
    reading: int = 0


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading as it is kept."""

    seq: int
    item: int
    reader: str
    release: str
    recorded_at: datetime
    relevance: int
    relevant: bool
    body: Mapping[str, Any]

    @property
    def read(self) -> Read:
        """What a change would be found and worked by."""
        return read_of(self.body["index"])

    @property
    def publisher(self) -> str:
        """Whose publication it was when it was read."""
        return str(self.body["publisher"])


@dataclass(frozen=True, slots=True)
class Stage:
    """How a stage of the ingester last ran."""

    stage: str
    ran_at: datetime
    number: int
    failed: int
    middle: timedelta
    high: timedelta
    """95 of 100 took no longer."""
    longest: timedelta
    total: int = 0
    """How many there ever were."""


class Readings:
    """What was read. `finder` makes the change of a reading."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._sql = {name: database.worded(statement) for name, statement in STATEMENTS.items()}
        if not database.is_sqlite:
            self._sql["due"] += " FOR UPDATE SKIP LOCKED"
        tables = (FeedWorkRow, FeedReadingRow, IngestStageRow)
        self._insert = {table: database.insertion(table) for table in tables}
        self._finder, self._alerts = Finder(database), AlertWriter(database)

    def take(self, holder: str, now: datetime, lease: timedelta, limit: int) -> list[Work]:
        """Hold versions that are to be read, the longest due first, until `now + lease`. Waits for the disk."""

        def work(batch: Batch) -> list[Work]:
            self._enter(batch)
            due = batch.rows(self._sql["due"], {"now": to_micros(now), "limit": limit})
            held = [replace(_work(row), holder=holder, held_until=now + lease) for row in due]
            for one in held:
                self._put(batch, one)
            return held

        return self._writer.run(work)

    def leave(self, done: Sequence[tuple[Work, NewReading]], occasion: Occasion) -> list[str]:
        """Keep what was read of versions that are held, and what comes of each. Returns the state of each, or `lease_lost` where
        another worker has taken it meanwhile: of that one nothing is left. Waits for the disk."""

        def work(batch: Batch) -> list[str]:
            return [self._one(batch, held, new, occasion) for held, new in done]

        return self._writer.run(work)

    def fail(self, held: Work, fault: str, again: datetime | None, told: Sequence[Told], occasion: Occasion) -> bool:
        """A version could not be read: it waits until `again`, or is given up and told. False: another worker has it."""

        def work(batch: Batch) -> bool:
            now = self._held(batch, held)
            if now is None:
                return False
            state, at = (FAILED, now.next_at) if again is None else (WAITING, again)
            after = replace(now, state=state, holder="", held_until=None, tries=now.tries + 1, fault=fault, next_at=at)
            self._put(batch, after)
            for one in told:
                self._alerts.tell(batch, one, occasion)
            return True

        return self._writer.run(work)

    def again(self, now: datetime, *, since: int = 0, source: str | None = None) -> int:
        """Have versions from a number on read once more, whatever came of them. Returns how many. Waits for the disk."""

        def work(batch: Batch, after: int) -> list[Work]:
            asked = {"after": max(after, since - 1), "source": source, "limit": _MANY}
            found = [_work(row) for row in batch.rows(self._sql["read"], asked)]
            for one in found:
                at = replace(one, state=WAITING, holder="", held_until=None, tries=0, fault="", since=now, next_at=now)
                self._put(batch, at)
            return found

        number, after = 0, -1
        while found := self._writer.run(lambda batch, after=after: work(batch, after)):  # type: ignore[misc]
            number, after = number + len(found), found[-1].item
        return number

    def reading(self, seq: int) -> StoredReading | None:
        """The reading with this number."""
        row = self._readers.row(self._sql["reading"], {"seq": seq})
        return None if row is None else _reading(row)

    def readings(self, item: int) -> tuple[StoredReading, ...]:
        """Every reading of a version, the first one first."""
        return tuple(_reading(row) for row in self._readers.rows(self._sql["readings"], {"item": item}))

    def work(self, item: int) -> Work | None:
        """Whether a version was read. None: it is not entered yet, or there is none."""
        row = self._readers.row(self._sql["one"], {"item": item})
        return None if row is None else _work(row)

    def irrelevant(self, *, limit: int, after: int) -> Page[StoredReading]:
        """What was read and held to be no change, in the order of the versions. `next` of the page is a number."""
        asked = {"after": after, "limit": limit + 1}
        rows = self._readers.rows(self._sql["irrelevant"], asked)
        found = tuple(_reading(row) for row in rows[:limit])
        return Page(found, str(found[-1].item) if len(rows) > limit else None)

    def queue(self) -> dict[str, tuple[int, datetime | None]]:
        """Of each state how many versions are in it, and since when the first of them. What is not entered yet waits."""
        rows = {
            state: (int(number), from_micros(since)) for state, number, since in self._readers.rows(self._sql["queue"])
        }
        number, since = self._readers.row(self._sql["unentered"])
        if number:
            known, first = rows.get(WAITING, (0, from_micros(since)))
            rows[WAITING] = known + int(number), min(first, from_micros(since))
        return {state: (number, since) for state, (number, since) in rows.items()}

    def failed(self, limit: int) -> tuple[Work, ...]:
        """What no reader could read."""
        return tuple(_work(row) for row in self._readers.rows(self._sql["failed"], {"limit": limit}))

    # -- stages --

    def ran(self, stages: Sequence[Stage]) -> None:
        """Keep how stages last ran. Waits for the disk."""

        def work(batch: Batch) -> None:
            for one in stages:
                known = batch.rows(self._sql["stage"], {"stage": one.stage})
                total = one.number + (int(known[0][0]) if known else 0)
                row = (
                    one.stage, to_micros(one.ran_at), one.number, one.failed, _micros(one.middle), _micros(one.high),
                    _micros(one.longest), total,
                )  # fmt: skip
                batch.execute(self._sql["forget_stage"], {"stage": one.stage})
                batch.execute(self._insert[IngestStageRow], sealed(INGEST_STAGE, row))

        self._writer.run(work)

    def stages(self) -> tuple[Stage, ...]:
        """How each stage last ran."""
        return tuple(_stage(row) for row in self._readers.rows(self._sql["stages"]))

    # -- within a transaction --

    def _one(self, batch: Batch, held: Work, new: NewReading, occasion: Occasion) -> str:
        now = self._held(batch, held)
        if now is None:
            return "lease_lost"
        asked = {"item": held.item, "reader": new.reader, "release": new.release}
        known = batch.rows(self._sql["same_reading"], asked)
        seq = known[0][0] if known else self._keep(batch, held.item, new)
        state = CHANGE if self._finder.find(batch, held.item, new, seq, occasion, anew=not known) else IRRELEVANT
        after = replace(now, state=state, holder="", held_until=None, tries=0, fault="", reading=seq)
        self._put(batch, after)
        return state

    def became(self, batch: Batch, item: int, state: str) -> None:
        """A person has moved a version that was read, within a transaction of the caller's."""
        rows = batch.rows(self._sql["one"], {"item": item})
        if rows and (now := _work(rows[0])).state != WAITING:
            self._put(batch, replace(now, state=state))

    def _held(self, batch: Batch, held: Work) -> Work | None:
        rows = batch.rows(self._sql["one"], {"item": held.item})
        now = _work(rows[0]) if rows else None
        same = now is not None and (now.holder, now.held_until) == (held.holder, held.held_until)
        return now if same else None

    def _enter(self, batch: Batch) -> None:
        for seq, source, at in batch.rows(self._sql["new"], {"limit": _MANY}):
            row = _row(Work(seq, source, from_micros(at), AT_ONCE))
            batch.execute(self._insert[FeedWorkRow], sealed(FEED_WORK, row))

    def _put(self, batch: Batch, work: Work) -> None:
        names = (*SEALED[FEED_WORK], "seal")
        batch.execute(self._sql["put"], dict(zip(names, sealed(FEED_WORK, _row(work)), strict=True)))

    def _keep(self, batch: Batch, item: int, new: NewReading) -> int:
        body = {**new.body, "index": index_of(new.read), "publisher": new.publisher}
        seq, packed = batch.seq + 1, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        row = (
            seq, item, new.reader, new.release, batch.now, new.relevance, int(new.relevant), new.sketch, packed,
        )  # fmt: skip
        told = {"item": item, "reader": new.reader, "relevance": new.relevance, "relevant": new.relevant}
        vouch(batch, "feed.reading", str(item), batch.now, told, [("feed_reading", str(seq), row)])
        batch.execute(self._insert[FeedReadingRow], row)
        return seq


def _row(work: Work) -> tuple[object, ...]:
    until = 0 if work.held_until is None else to_micros(work.held_until)
    return (
        work.item, work.source, work.state, work.holder, until, work.tries, to_micros(work.since), to_micros(work.next_at),
        work.fault[:500], work.reading,
    )  # fmt: skip


def _work(row: Sequence[Any]) -> Work:
    item, source, state, holder, until, tries, since, next_at, fault, reading = row
    held = from_micros(until) if until else None
    return Work(item, source, from_micros(since), from_micros(next_at), state, holder, held, tries, fault, reading)


def _reading(row: Sequence[Any]) -> StoredReading:
    seq, item, reader, release, recorded_at, relevance, relevant, body = row
    return StoredReading(
        seq, item, reader, release, from_micros(recorded_at), relevance, bool(relevant), orjson.loads(bytes(body))
    )


def _micros(took: timedelta) -> int:
    return took // timedelta(microseconds=1)


def _stage(row: Sequence[Any]) -> Stage:
    stage, ran_at, number, failed, middle, high, longest, total = row
    took = [timedelta(microseconds=one) for one in (middle, high, longest)]
    return Stage(stage, from_micros(ran_at), number, failed, took[0], took[1], took[2], total)
