"""A back-test on a cluster, from its first chunk to its last. What comes of it is byte for byte what one process comes to."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

import orjson

from api import backtest_sources
from api.backtest_files import Block, Cut, Measured, cuts_of, digest_of_all, files_of, form_of
from api.backtest_folder import Folder
from api.backtest_sources import STORED_CHUNK, file_source, is_stored, ledger_source
from api.backtesting import Order, World
from api.software import software
from api.spark.errors import SparkTrouble
from api.spark.pieces import Piece, take_away, written
from api.spark.session import reason
from api.spark.shipped import ship
from api.spark.tasks import SCHEMA, TABLE, Job, Survey, Told, run
from engine.backtest import (
    NOBODY,
    BadTable,
    Bench,
    Chunk,
    Compared,
    Releases,
    Source,
    Stopped,
    Watch,
    count,
    identity,
    result,
)
from engine.packs import PackSet

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOOK_SECONDS: Final = 0.5
"""Between two looks at what was counted meanwhile."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """A source, how many payments a chunk of it has at most, and the chunks: those to be counted, and how many there are."""

    source: Source
    size: int
    form: Any
    total: int
    work: tuple[Cut | Piece, ...]


def spark_backtest(
    session: SparkSession, order: Order, candidate: PackSet, world: World, *, folder: Path, watch: Watch = NOBODY
) -> dict[str, Any]:
    """The body of a back-test, as `api.backtesting.run_backtest` gives it. Every machine must see `folder` under this name.

    Raises BadTable, OtherBacktest, Stopped, and SparkTrouble.
    """
    folder = folder.absolute()  # not resolved: a link may lead elsewhere on another machine
    bench = Bench(world.active, order.domains, world.rates, order.legal_day)
    releases = Releases.of(bench, candidate, full=order.full)
    if is_stored(order.source):
        found, kept = _of_ledger(order, world, releases, folder, watch)
    else:
        found, kept = _of_file(session, order, world, releases, folder)
    law = ship(folder, releases)
    job = Job(software(), str(folder), law, found.form, order.wanted, found.work)
    counted_by_all(session, job, kept, watch)
    for one in found.work:
        take_away(folder, one.number)
    counted = count(chunks(found.total, folder), releases, kept)
    return result(counted, releases, found.source, world.active.words(order.locale))


# -- sources ----------------------------------------------------------------------------------------------------------------


def _of_ledger(order: Order, world: World, releases: Releases, folder: Path, watch: Watch) -> tuple[Cutting, Folder]:
    if world.ledger is None:
        raise ValueError("stored decisions are asked for, and no ledger is given")
    source, upto = ledger_source(world.ledger, order.wanted, world.rates_digest)
    kept = Folder(folder, identity(releases, source, STORED_CHUNK))
    pieces: list[Piece | int] = []
    for piece in written(world.ledger, upto, order.wanted, folder, kept.numbers()):
        if watch.stop():
            raise Stopped
        pieces.append(piece)
    work = tuple(one for one in pieces if isinstance(one, Piece))
    return Cutting(source, STORED_CHUNK, "stored", len(pieces), work), kept


def _of_file(
    session: SparkSession, order: Order, world: World, releases: Releases, folder: Path
) -> tuple[Cutting, Folder]:
    path, size = Path(order.source).absolute(), backtest_sources.CHUNK
    form = form_of(path)
    asked = Survey(software(), form, size, tuple(map(str, files_of(path))))
    measured = [_measured(told) for told in _all(_Working(session, asked))]
    digest = digest_of_all(path, [(one.path, one.digest) for one in measured])
    source = file_source(path, form, digest, order.wanted, world.rates_digest)
    kept = Folder(folder, identity(releases, source, size))
    cuts, done = list(cuts_of(measured, size, order.wanted.limit)), kept.numbers()
    return Cutting(source, size, form, len(cuts), tuple(cut for cut in cuts if cut.number not in done)), kept


def _measured(told: Told) -> Measured:
    path, digest, rows, header, blocks = orjson.loads(told.text)
    return Measured(path, digest, rows, header, tuple(Block(*one) for one in blocks))


def chunks(total: int, folder: Path) -> Iterator[Chunk]:
    """Chunks that were counted by others: whoever asks them for payments learns that they are not there."""
    for number in range(total):
        yield Chunk(number, partial(_not_there, folder, number))


def _not_there(folder: Path, number: int, _releases: Releases) -> Compared:
    raise SparkTrouble(
        f"Chunk {number} was counted and is not in {folder}: it must be on storage that every machine sees."
    )


# -- work -------------------------------------------------------------------------------------------------------------------


def counted_by_all(session: SparkSession, job: Job, kept: Folder, watch: Watch) -> None:
    """Let the cluster count. Raises Stopped where the watch says so: what was counted until then is kept."""
    if watch.stop():
        raise Stopped
    seen, payments = kept.numbers(), 0
    done = len(seen)
    for number in seen:
        payments += (kept.tally(number) or {}).get("payments", 0)
    if not job.work:
        watch.step(done, payments)
        return
    working = _Working(session, job)
    for _ in working.looks():
        fresh = kept.numbers() - seen
        seen |= fresh
        payments += sum((kept.tally(number) or {}).get("payments", 0) for number in fresh)
        watch.step(len(seen), payments)
        if watch.stop():
            working.stop()
            raise Stopped
    _all(working)


class _Working:
    """A job of Spark in a thread of its own, so that somebody can look on and end it."""

    def __init__(self, session: SparkSession, job: Job | Survey):
        self._context, self._group = session.sparkContext, f"lexgate {secrets.token_hex(6)}"
        many = len(job.work)
        # One row a task: the place of its work in the list.
        self._frame = session.range(0, many, 1, many).mapInArrow(partial(run, job), SCHEMA)
        self._pool = ThreadPoolExecutor(1)
        self._future: Future[list[Any]] = self._pool.submit(self._collect)

    def _collect(self) -> list[Any]:
        self._context.setJobGroup(self._group, "lexgate")
        return self._frame.collect()

    def looks(self) -> Iterator[None]:
        """One a moment, until it has ended; and one then. Whatever ends this early ends the work."""
        try:
            while not self._future.done():
                wait([self._future], timeout=LOOK_SECONDS)
                yield
        finally:
            if not self._future.done():
                self.stop()

    def stop(self) -> None:
        """End it. What runs at this moment is not waited for."""
        self._context.cancelJobGroup(self._group)
        self._pool.shutdown(wait=True)

    def told(self) -> list[Told]:
        """What came of all. Raises SparkTrouble."""
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        for _ in self.looks():
            pass
        self._pool.shutdown(wait=True)
        try:
            return [Told(*row) for row in self._future.result()]
        except (Py4JError, PySparkException) as error:
            raise SparkTrouble(f"The cluster did not do its work: {reason(error)}") from None


def _all(working: _Working) -> Iterable[Told]:
    """What was told of everything, in order; the first trouble is raised."""
    found = sorted(working.told())
    for one in found:
        if one.trouble:
            _raise(one.trouble)
    return found


def _raise(trouble: str) -> NoReturn:
    if trouble.startswith(TABLE):
        raise BadTable(trouble.removeprefix(TABLE))
    raise SparkTrouble(trouble)


__all__ = ["Cutting", "chunks", "counted_by_all", "spark_backtest"]
