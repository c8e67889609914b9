"""A back-test from its first chunk to its last: counted chunk by chunk, so that it can be watched, stopped and taken up again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from engine.backtest.compare import Compared, Releases
from engine.backtest.result import Source
from engine.backtest.tally import Tally, tally, together


class Chunk(NamedTuple):
    """Some payments of a source, not read yet."""

    number: int
    """From 0 on."""
    compare: Callable[[Releases], Compared]
    """Reads them and asks both releases."""


class Kept(Protocol):
    """Where tallies wait for work to be taken up again."""

    def tally(self, number: int) -> Tally | None:
        """The tally of a chunk that was counted before."""
        ...

    def keep(self, number: int, counted: Tally) -> None:
        """Keep the tally of a chunk."""
        ...


class NothingKept:
    """Nothing is kept: stopped work begins anew."""

    def tally(self, number: int) -> Tally | None:
        """None."""
        return None

    def keep(self, number: int, counted: Tally) -> None:
        """Keeps nothing."""


class Stopped(Exception):
    """Somebody wanted it to end. What was counted is kept."""


class Watch(NamedTuple):
    """Who looks on: `step(chunks done, payments counted)` after each chunk, and `stop()`, asked before each."""

    step: Callable[[int, int], None] = lambda _done, _payments: None
    stop: Callable[[], bool] = lambda: False


NOBODY = Watch()


def count(chunks: Iterable[Chunk], releases: Releases, kept: Kept, watch: Watch = NOBODY) -> Tally:
    """The tally of all chunks. Raises Stopped where the watch says so; what was counted until then is kept."""
    found: list[Tally] = []
    payments = 0
    for chunk in chunks:
        if watch.stop():
            raise Stopped
        counted = kept.tally(chunk.number)
        if counted is None:
            counted = tally_of(chunk, releases)
            kept.keep(chunk.number, counted)
        found.append(counted)
        payments += counted["payments"]
        watch.step(len(found), payments)
    return together(found)


def tally_of(chunk: Chunk, releases: Releases) -> Tally:
    """What a chunk comes to, as it will be read again: work taken up ends in the same bytes as work that was never stopped."""
    counted: Tally = json.loads(json.dumps(tally(chunk.compare(releases), releases.was.domains), sort_keys=True))
    return counted


def identity(releases: Releases, source: Source, chunk: int) -> Mapping[str, Any]:
    """What must be the same for tallies to be of one back-test: the releases, the source, and how they are asked."""
    bench = releases.was
    return {
        "was": bench.packs.release.digest,
        "now": releases.now.packs.release.digest,
        "source": source.digest,
        "wanted": dict(source.wanted),
        "domains": list(bench.domains),
        "rates": source.rates,
        "legal_day": bench.legal_day.isoformat() if bench.legal_day else None,
        "full": releases.full,
        "chunk": chunk,
    }
