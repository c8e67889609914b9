"""One look at the sources that are due: asked at once, each by itself, and what came of each kept in one transaction.

Fetching is at least once, keeping is exactly once: a worker that dies between the two leaves nothing, and the source is asked
again when its lease is over.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from engine.alerts import Alert, AlertKind
from engine.ledger import Document, Feeds, FeedState, LeaseLost, NewItem, Occasion, Taken, Told
from ingest.directory import Source
from ingest.feeds import Item, Read, Unreadable
from ingest.feeds.apart import Apart, Page, ReadingFailed
from ingest.fetch import Asked, Fault, Fetched, Fetcher, Missed, Unchanged, next_try

VERSION: Final = "1"
"""Of what is read of a document; told with alerts."""
DEAD_AFTER: Final = 5
"""Failures in a row, from which somebody is told. What the directory must mend is told at the second."""
DEAD: Final = "incident.feed.dead"
SILENT: Final = "incident.feed.silent"
LEASE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What came of one source."""

    source: str
    outcome: str
    """`new`, `same`, `unchanged`, or the fault."""
    new: int = 0
    """Versions of publications that were not known."""
    detail: str = ""


@dataclass(slots=True)
class Gatherer:
    """A worker. Several may work beside each other, in one process or in many: the ledger says whose turn it is."""

    feeds: Feeds
    sources: Mapping[str, Source]
    fetcher: Fetcher
    clock: Callable[[], datetime]
    occasion: Callable[[], Occasion]
    worker: str
    chance: Callable[[], float] = random.random
    at_once: int = 16
    apart: Apart = field(default_factory=Apart)
    """Where documents are read."""
    heard: Callable[[Gathered], None] = lambda _one: None
    """Is told of each source as soon as it is done: for the log."""

    async def once(self) -> list[Gathered]:
        """Ask every watched source that is due now, one look each. Raises LedgerError.

        A source that takes long holds one of `at_once` places, and no other source waits for it.
        """
        watched = [one.id for one in self.sources.values() if one.watch]
        found: list[Gathered] = []
        busy: set[asyncio.Task[Gathered]] = set()
        try:
            while True:
                free = self.at_once - len(busy)
                held = await asyncio.to_thread(self.feeds.take, watched, self.worker, self.clock(), LEASE, free)
                busy |= {asyncio.create_task(self._one(one)) for one in held}
                if not busy:
                    return found
                done, busy = await asyncio.wait(busy, return_when=asyncio.FIRST_COMPLETED)
                for one in done:
                    found.append(one.result())
                    self.heard(found[-1])
        finally:
            for left in busy:
                left.cancel()

    async def close(self) -> None:
        """Let go of the connections, and end the processes that read."""
        await self.fetcher.close()
        await asyncio.to_thread(self.apart.close)

    async def _one(self, held: FeedState) -> Gathered:
        source = self.sources[held.source]
        asked = Asked(source.url, held.etag or None, held.last_modified or None, source.manners)
        taken, told = await self._taken(source, held, await self.fetcher.fetch(asked))
        try:
            new = await asyncio.to_thread(self.feeds.leave, held, taken, self.occasion())
        except LeaseLost:
            return Gathered(source.id, "lease_lost", 0, "another worker has it")
        return replace(told, new=new, outcome="new" if new else told.outcome)

    async def _taken(
        self, source: Source, held: FeedState, came: Fetched | Unchanged | Missed
    ) -> tuple[Taken, Gathered]:
        match came:
            case Missed():
                return self._missed(source, held, came, came.fault.value)
            case Unchanged():
                return Taken(self._answered(source, held), told=self._silence(source, held)), Gathered(
                    source.id, "unchanged"
                )
        document = Document(came.digest, came.url, came.content_type, came.body)
        try:
            found = await self.apart.reading(
                Page(came.body, came.url, came.content_type, source.adapter, source.language)
            )
        except Unreadable as error:
            missed, word = Missed(came.url, Fault.ANSWER, str(error), came.at), error.code
        except ReadingFailed as error:
            missed, word = Missed(came.url, error.fault, str(error), came.at), error.fault.value
        else:
            return self._read(source, held, came, document, found)
        taken, told = self._missed(
            source, held, replace(missed, detail=f"{missed.detail[:300]}; kept as {came.digest}"), word
        )
        return replace(taken, document=document), told

    def _read(
        self, source: Source, held: FeedState, came: Fetched, document: Document, found: Read
    ) -> tuple[Taken, Gathered]:
        state = replace(
            self._answered(source, held),
            etag=came.etag or "",
            last_modified=came.last_modified or "",
            moved_to=came.moved or "",
        )
        taken = Taken(state, document, tuple(map(new_item, oldest_first(found.items))), self._silence(source, held))
        return taken, Gathered(source.id, "same", detail="; ".join(found.faults)[:300])

    def _answered(self, source: Source, held: FeedState) -> FeedState:
        now = self.clock()
        again = next_try(source.manners, now, None, 0, self.chance(), None)
        return replace(held, tried_at=now, answered_at=now, failures=0, fault="", detail="", next_at=again)

    def _missed(self, source: Source, held: FeedState, missed: Missed, fault: str) -> tuple[Taken, Gathered]:
        """What could not be fetched, or not be read: the next time it is asked for whole. `fault`: the word it is told by."""
        now, failures, detail = self.clock(), held.failures + 1, missed.detail
        again = next_try(source.manners, now, missed.fault, failures, self.chance(), missed.retry_after)
        state = replace(
            held, tried_at=now, failures=failures, fault=fault, detail=detail, next_at=again, etag="", last_modified=""
        )
        enough = 2 if missed.fault.of_the_source else DEAD_AFTER
        told: tuple[Told, ...] = ()
        if failures >= enough:
            said = f"{source.regulator} ({source.id}) could not be read {failures} times in a row: {fault}, {detail}"
            told = (self._alert(DEAD, source, held.answered_at or held.known_at, said),)
        return Taken(state, told=told), Gathered(source.id, fault, 0, detail)

    def _silence(self, source: Source, held: FeedState) -> tuple[Told, ...]:
        since = held.new_at or held.known_at
        if self.clock() - since < source.manners.silent_after:
            return ()
        said = f"{source.regulator} ({source.id}) has published nothing new since {since.date()}: has it moved its publications?"
        return (self._alert(SILENT, source, since, said),)

    def _alert(self, rule: str, source: Source, since: datetime, said: str) -> Told:
        """One alert for one stretch of silence, however often it is seen."""
        evidence = (f"{source.id}@{since.isoformat()}",)
        return Told(Alert(
            AlertKind.INCIDENT, rule, "lexgate", VERSION, "service", f"feed {source.id}", evidence, since, "medium", said[:500],
        ))  # fmt: skip


def oldest_first(items: Sequence[Item]) -> list[Item]:
    """Items in the order in which they were published: what takes something back is read after it. Those without a time stay as
    they stand, before the others: nobody can say when they were."""
    early = datetime.min.replace(tzinfo=UTC)
    return sorted(items, key=lambda one: one.published_at or one.updated_at or early)


def new_item(one: Item) -> NewItem:
    """An item as it is kept."""
    body = {
        "title": one.title, "text": one.text, "link": one.link, "language": one.language, "cut": one.cut,
        "published_at": one.published_at.isoformat() if one.published_at else None,
        "updated_at": one.updated_at.isoformat() if one.updated_at else None,
    }  # fmt: skip
    return NewItem(one.key, one.digest, body)


def by_id(sources: Iterable[Source]) -> dict[str, Source]:
    """Sources by their ids."""
    return {one.id: one for one in sources}
