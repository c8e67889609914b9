"""The ingester put together: sources fetched when they are due, what they publish read, linked and told of, until told to stop.

Nothing is remembered in the process: whoever is started again goes on where the ledger says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from api.ids import DecisionIds
from api.logs import logger
from api.understanding import Understanding
from engine.ledger import Ledger, LedgerError, Occasion
from ingest.directory import Source
from ingest.gathering import Gathered, Gatherer
from ingest.stages import Tally, TimedFetcher
from ingest.working import Understand, Worker

PAUSE_SECONDS = 30.0
"""Between two looks at what is due."""
WELL = ("new", "same", "unchanged")
"""What may come of asking a source where nothing is wrong."""
_log = logger("lexgate.ingest")


def now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Ingester:
    """One process: what fetches, and what reads."""

    gatherer: Gatherer
    worker: Worker
    tally: Tally
    """Of what is fetched; the worker has its own, in its own thread."""

    async def fetch(self) -> list[Gathered]:
        """Ask every source that is due. Raises LedgerError."""
        found = await self.gatherer.once()
        stages = self.tally.stages(now())
        if stages:
            await asyncio.to_thread(self.worker.readings.ran, stages)
        return found

    async def read(self) -> dict[str, int]:
        """Read all that waits, and tell of what is due. Raises LedgerError."""
        return await asyncio.to_thread(self.worker.once)

    async def once(self) -> tuple[list[Gathered], dict[str, int]]:
        """Each once, the one after the other. Raises LedgerError."""
        try:
            return await self.fetch(), await self.read()
        finally:
            await self.close()

    async def run(self, stop: asyncio.Event, pause: float = PAUSE_SECONDS) -> None:
        """Both side by side until told to stop: a source that is slow keeps nothing from being read. Where the ledger cannot be
        written, they wait."""
        self.worker.stopped = stop.is_set
        try:
            await asyncio.gather(_again(self.fetch, stop, pause), _again(self._read_and_log, stop, pause))
        finally:
            await self.close()

    async def close(self) -> None:
        """Let go of connections and of the processes that read documents."""
        await self.gatherer.close()

    async def _read_and_log(self) -> None:
        came = await self.read()
        if came:
            tell = _log.warning if came.get("failed") else _log.info
            tell("publications_read", **came)


def _log_one(one: Gathered) -> None:
    """One line for each source, a warning where it gave nothing."""
    tell = _log.info if one.outcome in WELL else _log.warning
    tell("source_asked", source=one.source, outcome=one.outcome, new=one.new, detail=one.detail)


async def _again(step: Callable[[], object], stop: asyncio.Event, pause: float) -> None:
    while not stop.is_set():
        try:
            await step()  # type: ignore[misc]
        except LedgerError as error:
            _log.warning("ingest_waits", code=error.code)
        try:
            await asyncio.wait_for(stop.wait(), pause)
        except TimeoutError:
            continue


def ingester(
    ledger: Ledger, sources: Mapping[str, Source], contact: str, reader: Understand | Understanding
) -> Ingester:
    """One that works on a ledger. `contact`: told to the sources."""
    name = DecisionIds(kind="ing_")()

    def occasion() -> Occasion:
        holds = ledger.activations.now(now())
        return Occasion(now(), holds.release if holds else "", DecisionIds(kind="case_"))

    tally, fetcher = Tally(), TimedFetcher(contact)
    fetcher.tally = tally
    gatherer = Gatherer(ledger.feeds, sources, fetcher, now, occasion, name, heard=_log_one)
    return Ingester(gatherer, worker_of(ledger, sources, reader, occasion, name), tally)


def worker_of(
    ledger: Ledger, sources: Mapping[str, Source], reader: Understand, occasion: Callable[[], Occasion], name: str
) -> Worker:
    """What reads."""
    return Worker(ledger.feeds, ledger.readings, ledger.changes, sources, reader, now, occasion, name)
