"""The one thread that writes: whatever waits when a commit returns is the next batch. It may have decisions written by a process
beside it (`beside`), and writes nothing meanwhile: there is one writer.

An answer is acknowledged after the commit that stored it, never before. A batch may fill for a moment under load; a caller who
asks alone waits for nothing.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue
from typing import Any, Final, NamedTuple, TypeVar

from engine.ledger._batch import Ahead, Batch, Statements
from engine.ledger._callers import Target, tell
from engine.ledger._database import Connection, Cursor, Database, one_line
from engine.ledger._time import Clock, to_micros
from engine.ledger._vault import Vault
from engine.ledger.beside import Beside, BesideLost, Reply
from engine.ledger.entries import DecisionEntry, Done, Written
from engine.ledger.errors import EntryRefused, LedgerBusy, LedgerClosed, LedgerError, LedgerUnavailable

T = TypeVar("T")
Task = Callable[[Batch], T]
"""Work inside the transaction, for what is not a decision. It fails alone: its savepoint is undone."""

QUEUE_LIMIT: Final = 4096
"""At 6 kB an entry some 25 MB, and a second of work: more waiting would only be later refusals."""
BATCH_LIMIT: Final = 512
"""Bounds the time to a commit, and with it the wait of the first in the batch."""
BUSY: Final = 4
"""Entries in a batch from which on the next one may fill before it is written."""
FILL: Final = timedelta(milliseconds=3)
"""Under load the loop that decides and this thread share one interpreter: a batch of four costs each of its entries a third of
the hand-overs and of the sync, a batch of thirty almost none. Measured at 64 connections: a fifth more answers a second. A
caller who asks alone waits for nothing."""
AHEAD: Final = 1
"""Batches that are handed over to a process beside before what became of the first is waited for: one that it writes, and so many
that it finds when it has done so."""
CONFLICT_TRIES: Final = 8
PROBE_SECONDS: Final = 1
WAITS: Final = timedelta(seconds=30)
"""How long a decision may have waited to be written, on top of what clocks may differ by: longer, and another clock made it."""

_ANOTHER_TIME: Final = "It was decided at a time that is not that of the ledger's server"
_log = logging.getLogger(__name__)


class _Item(NamedTuple):
    """What is to be written, and who hears what became of it."""

    work: DecisionEntry | Task[Any]
    target: Target
    loop: asyncio.AbstractEventLoop | None
    ahead: Ahead | None = None
    """A decision as it is kept."""


@dataclass(frozen=True, slots=True)
class Health:
    """How the writer is. `trouble` says why nothing can be written now; None: all is well."""

    trouble: str | None
    waiting: int
    rows: int
    batches: int
    last_commit: timedelta

    @property
    def ok(self) -> bool:
        """Whether a decision could be stored now."""
        return self.trouble is None


class Writer:
    """Group commit over a bounded queue. It decides nothing: it stores what it is given, in the order it came."""

    def __init__(
        self, database: Database, vault: Vault, *, clock: Clock, limit: int = QUEUE_LIMIT, skew: timedelta | None = None
    ) -> None:
        """`skew`: how far this clock may be from that of the database's server, beyond which nothing is written; None: that is
        not looked at."""
        self._database = database
        self._sql = Statements(database, vault)
        self._clock = clock
        self._limit, self._skew = limit, skew
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._cursor: Cursor | None = None
        self._trouble: str | None = None
        self._beside: Beside | None = None
        self._handed: deque[list[_Item]] = deque()
        """What is written beside, and nobody has been told of."""
        self._prepared = False
        self._rows = self._batches = self._commit_nanos = self._last_size = 0
        self._thread = threading.Thread(target=self._run, name="lexgate-ledger-writer", daemon=True)

    def start(self) -> None:
        """Prove that the store can be written, then begin. Raises what is in the way."""
        try:
            self._probe()
        except self._database.driver.Error as error:
            self._disconnect()
            why = f"The ledger at {self._database.name} cannot be written: {one_line(error)}"
            raise LedgerUnavailable(why) from error
        except LedgerError:
            self._disconnect()
            raise
        self._thread.start()

    def write_beside(self, beside: Beside) -> None:
        """From now on have decisions written there, where several wait. It is ended with this writer."""
        beside.start()
        self._beside = beside

    def write_here(self, entries: Sequence[DecisionEntry]) -> Reply:
        """Write a batch in the thread of whoever calls. For a process that writes for another, and whose own writer has nothing
        to do."""
        results = self._outcome([_Item(entry, _unheard, None) for entry in entries])
        return Reply(self._trouble, self._commit_nanos, results)

    def submit(self, entry: DecisionEntry, done: Done) -> None:
        """Queue a decision. `done` is called from the writer's thread. Raises LedgerBusy when the queue is full."""
        self._put(_Item(entry, done, None, self._sealed(entry)))

    async def write(self, entry: DecisionEntry) -> Written:
        """Store a decision. Many waiters of one loop are woken by one call."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Written] = loop.create_future()
        self._put(_Item(entry, future, loop, self._sealed(entry)))
        return await future

    def run(self, task: Task[T]) -> T:
        """Do the work inside the next transaction and wait for its commit. Blocks: not for an event loop."""
        future: Future[T] = Future()

        def done(result: Any) -> None:
            if isinstance(result, LedgerError):
                future.set_exception(result)
            else:
                future.set_result(result)

        self._put(_Item(task, done, None))
        return future.result()

    def later(self, task: Task[Any]) -> None:
        """Do the work when there is time for it, and tell nobody: for what need not be known for certain. Never raises."""
        try:
            self._put(_Item(task, _unheard, None))
        except LedgerError:
            _log.debug("Not written: the ledger is busy or closed")

    async def perform(self, task: Task[T]) -> T:
        """As `run`, for an event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(_Item(task, future, loop))
        return await future

    def now(self) -> datetime:
        """The instant by the ledger's clock."""
        return self._clock()

    def health(self) -> Health:
        """A snapshot, for readiness and metrics."""
        trouble = "The ledger is closed" if self._closed else self._trouble
        last = timedelta(microseconds=self._commit_nanos // 1000)
        return Health(trouble, self._queue.qsize(), self._rows, self._batches, last)

    def close(self) -> None:
        """Store what was accepted, then stop."""
        with self._gate:
            first, self._closed = not self._closed, True
        if first:
            self._queue.put(None)
        self._thread.join()

    def _sealed(self, entry: DecisionEntry) -> Ahead | None:
        """An entry as it is kept, made by whoever hands it over: whoever holds the head has less to do, and nobody to share an
        interpreter with."""
        return None if self._beside is not None else self._sql.sealed(entry)

    def _put(self, item: _Item) -> None:
        with self._gate:
            if self._closed:
                raise LedgerClosed("The ledger is closed")
            waiting = self._queue.qsize()
            if waiting >= self._limit:
                raise LedgerBusy(waiting)
            self._queue.put(item)

    def _run(self) -> None:
        while (items := self._collect()) is not None:
            if items:
                self._take(items)
                self._last_size = len(items)
            elif self._handed:
                self._hear()
            else:
                self._recover()
        self._disconnect()
        if self._beside is not None:
            self._beside.close()

    def _collect(self) -> list[_Item] | None:
        """What waits now; nothing, if it is time to hear what was written beside, or to look after a broken store; None at the
        end."""
        if self._handed:
            # While it writes, the next batch fills.
            assert self._beside is not None, "it was handed to somebody"
            return [] if self._beside.has_replied(FILL) else self._waiting(BATCH_LIMIT)
        try:
            first = self._queue.get(timeout=PROBE_SECONDS if self._trouble else None)
        except Empty:
            return []
        if first is None:
            return None
        if self._last_size >= BUSY and not self._is_beside() and not self._closed:
            time.sleep(FILL.total_seconds())
        return [first, *self._waiting(BATCH_LIMIT - 1)]

    def _waiting(self, most: int) -> list[_Item]:
        """So many at most of those that are in the queue now."""
        items: list[_Item] = []
        for _ in range(min(self._queue.qsize(), most)):
            item = self._queue.get_nowait()
            if item is None:
                # The end, but not before this batch: nothing can follow the mark that ends the queue.
                self._queue.put(None)
                break
            items.append(item)
        return items

    def _take(self, items: list[_Item]) -> None:
        """Have decisions written beside, where several wait; all else here, afterwards: it may speak of them."""
        decided = [item for item in items if isinstance(item.work, DecisionEntry)]
        # Alone beside another process is slower than alone here: where few come, they are written here.
        is_busy = len(decided) >= BUSY or self._last_size >= BUSY
        if decided and (self._handed or (is_busy and self._is_beside())):
            self._hand_over(decided)
            items = [item for item in items if not isinstance(item.work, DecisionEntry)]
        while len(self._handed) > (0 if items else AHEAD):
            self._hear()
        if items:
            # Others may join them.
            results = self._outcome(items)
            _tell(items, results)

    def _is_beside(self) -> bool:
        """Whether there is a process that writes."""
        return self._beside is not None and self._beside.is_ready()

    def _hand_over(self, items: list[_Item]) -> None:
        assert self._beside is not None, "it is handed to somebody"
        self._handed.append(items)
        try:
            self._beside.hand_over([item.work for item in items if isinstance(item.work, DecisionEntry)])
        except BesideLost as error:
            self._lost(error)

    def _hear(self) -> None:
        """Tell those whose decisions were handed over first what became of them."""
        assert self._beside is not None, "they were handed to somebody"
        try:
            reply = self._beside.reply()
        except BesideLost as error:
            self._lost(error)
            return
        items = self._handed.popleft()
        if reply.trouble is None:
            self._commit_nanos = reply.commit_nanos
            self._count(items)
            _tell(items, reply.results)
        else:
            _tell(items, self._failed(items, reply.trouble))

    def _lost(self, error: BesideLost) -> None:
        """The store is as well as it was: the next batch is written here."""
        why = f"The process that writes decisions was lost, and whether this one was stored is not known: {error}"
        while self._handed:
            items = self._handed.popleft()
            _tell(items, [LedgerUnavailable(why) for _ in items])

    def _outcome(self, items: list[_Item]) -> Sequence[Any]:
        """What became of each item. Whatever goes wrong, every waiting caller hears of it."""
        try:
            results = self._commit(items)
        except self._database.driver.Error as error:
            return self._failed(items, one_line(error))
        except (LedgerError, OSError) as error:
            return self._failed(items, one_line(error))
        except Exception as error:  # the edge of the thread: callers wait for it, so it must survive
            _log.exception("The ledger's writer met an error it does not know")
            return self._failed(items, f"{type(error).__name__}: {one_line(error)}")
        self._count(items)
        return results

    def _count(self, items: list[_Item]) -> None:
        self._trouble = None
        self._batches += 1
        self._rows += len(items)

    def _failed(self, items: list[_Item], why: str) -> list[LedgerError]:
        self._trouble = why
        self._disconnect()
        return [LedgerUnavailable(f"The ledger could not be written: {why}") for _ in items]

    def _recover(self) -> None:
        try:
            self._probe()
        except Exception as error:  # the edge of the thread: it looks again in a second, whatever it met
            _log.debug("The store of the ledger is still not to be written", exc_info=True)
            self._disconnect()
            self._trouble = one_line(error)
        else:
            self._trouble = None

    def _commit(self, items: list[_Item]) -> Sequence[Any]:
        store, tries = self._together, 0
        while True:
            cursor = self._ready()
            try:
                return store(cursor, items)
            except Exception as error:
                # Whatever it was, nothing of the transaction may stay: the next one begins on clean ground.
                self._rollback(cursor)
                if self._database.is_conflict(error) and tries < CONFLICT_TRIES:
                    tries += 1
                    time.sleep(random.uniform(1, 2**tries) / 1000)  # noqa: S311  to part two writers, no secret
                elif self._database.is_refusal(error) and store == self._together:
                    store = self._one_by_one
                else:
                    raise

    def _together(self, cursor: Cursor, items: list[_Item]) -> list[Any]:
        """All in one go: the decisions first, then the tasks, which may speak of them. What came while another process held the
        head joins: waited for once, the head is for as many as there are."""
        batch = self._batch(cursor)
        items += self._waiting(BATCH_LIMIT - len(items))
        results: list[Any] = [None] * len(items)
        places = [place for place, item in enumerate(items) if isinstance(item.work, DecisionEntry)]
        tasks = [place for place, item in enumerate(items) if not isinstance(item.work, DecisionEntry)]
        for place in self._of_another_time(items, places):
            places.remove(place)
            results[place] = LedgerUnavailable(_ANOTHER_TIME)
        entries: list[Any] = [items[place].work for place in places]
        known = batch.claimed(entries)
        kept = batch.kept(entries, known, [items[place].ahead for place in places])
        begun = time.perf_counter_ns()
        with nullcontext() if tasks else self._database.together(self._connection):
            for place, result in zip(places, batch.store(entries, known, kept), strict=True):
                results[place] = result
            for place in tasks:
                results[place] = self._apart(cursor, batch, _alone(items[place].work))
            self._finish(cursor, batch)
        if not tasks:
            self._commit_nanos = time.perf_counter_ns() - begun
        batch.end()
        return results

    def _one_by_one(self, cursor: Cursor, items: list[_Item]) -> list[Any]:
        """After a refusal: still one commit, but a savepoint for each, so that none suffers for another."""
        batch = self._batch(cursor)
        late = set(self._of_another_time(items, range(len(items))))
        results = [
            LedgerUnavailable(_ANOTHER_TIME) if place in late else self._apart(cursor, batch, _alone(item.work))
            for place, item in enumerate(items)
        ]
        if all(isinstance(result, EntryRefused) for result in results):
            batch.check_head()
        self._finish(cursor, batch)
        batch.end()
        return results

    def _apart(self, cursor: Cursor, batch: Batch, task: Task[Any]) -> Any:
        place = batch.place()
        cursor.execute("SAVEPOINT apart")
        try:
            result = task(batch)
        except Exception as error:
            if not isinstance(error, LedgerError) and not self._database.is_refusal(error):
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT apart")
            batch.return_to(place)
            result = error if isinstance(error, LedgerError) else EntryRefused(f"Not stored: {one_line(error)}")
        cursor.execute("RELEASE SAVEPOINT apart")
        return result

    def _finish(self, cursor: Cursor, batch: Batch) -> None:
        batch.leave()
        begun = time.perf_counter_ns()
        cursor.execute("COMMIT")
        self._commit_nanos = time.perf_counter_ns() - begun

    def _batch(self, cursor: Cursor) -> Batch:
        """Begins a transaction, once nobody else holds the head."""
        batch = Batch(cursor, self._sql, lambda: to_micros(self._clock()))
        if self._skew is not None and batch.apart is not None:
            apart = timedelta(microseconds=batch.apart)
            if abs(apart) > self._skew:
                raise LedgerUnavailable(
                    f"The clock of this machine is {apart.total_seconds():+.0f} seconds from that of the ledger's server:"
                    " nothing is decided by a wrong time. Set the clock, or allow more by LEXGATE_CLOCK_SKEW_SECONDS"
                )
        return batch

    def _of_another_time(self, items: list[_Item], places: Iterable[int]) -> list[int]:
        """The decisions whose instant is far from now, which is that of the server: the clock has jumped since they were made.
        They may rest on the law of another day, and on another past."""
        if self._skew is None or self._database.is_sqlite:
            return []
        now, skew = self._clock(), self._skew + WAITS
        return [
            place
            for place in places
            if isinstance(entry := items[place].work, DecisionEntry) and abs(entry.at - now) > skew
        ]

    def _ready(self) -> Cursor:
        if self._cursor is None:
            self._connection = self._database.connect()
            self._cursor = self._connection.cursor()
        if not self._prepared:
            self._sql.prepare(self._cursor)
            self._prepared = True
        return self._cursor

    def _probe(self) -> None:
        """Write one word and see it committed: a store that can be read may still be full."""
        cursor = self._ready()
        batch = self._batch(cursor)
        batch.check_head()
        batch.execute(self._sql.probe)
        cursor.execute("COMMIT")

    def _rollback(self, cursor: Cursor) -> None:
        self._prepared = False  # with a transaction that failed psycopg forgets what was prepared
        try:
            cursor.execute("ROLLBACK")
        except self._database.driver.Error:
            # Some failures end the transaction by themselves, and a lost connection has none.
            _log.debug("Nothing to roll back", exc_info=True)

    def _disconnect(self) -> None:
        connection, self._connection, self._cursor, self._prepared = self._connection, None, None, False
        if connection is not None:
            try:
                connection.close()
            except self._database.driver.Error:
                _log.warning("The connection to the ledger could not be closed in order", exc_info=True)


def _tell(items: list[_Item], results: Sequence[Any]) -> None:
    tell([(item.target, item.loop) for item in items], results)


def _alone(work: DecisionEntry | Task[Any]) -> Task[Any]:
    if isinstance(work, DecisionEntry):
        entry = work
        return lambda batch: batch.decisions([entry])[0]
    return work


def _unheard(_result: Any) -> None:
    """What became of work that nobody waits for."""
