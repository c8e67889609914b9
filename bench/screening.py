"""Names against the real lists: how many of the meant are found, how many others are held, how many queries a second on one core.

All three in one configuration, the default one, on queries that the project makes itself. Beside it the other matchers.
"""

from __future__ import annotations

import gc
import gzip
import os
import resource
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench import screening_newspaper
from bench.screening_peers import Peer, peers
from bench.screening_queries import HELD_OUT, TIMED, TUNED, Case, adversarial, negatives, positives
from engine.screening.model import Edition, Listed, Query, Screened
from engine.screening.screener import Lists, ListScreener

ROOT: Final = Path(__file__).resolve().parent.parent
FIXTURES: Final = Path(os.environ.get("LEXGATE_FIXTURES", ROOT.parent / "shared" / "fixtures")) / "sanctions"
FILES: Final = (
    ("OFAC-SDN", "ofac-xml", "ofac_sdn_2024-05-07.xml.gz"),
    ("OFAC-NONSDN", "ofac-xml", "ofac_consolidated_nonsdn_2024-05-06.xml.gz"),
    ("UN-SC", "un-xml", "un_consolidated_2026-02-27.xml.gz"),
    ("EU-FSF", "eu-xml", "eu_fsf_full_1_1_2024-05-13.xml.gz"),
)
NOW: Final = datetime(2026, 11, 26, 12, tzinfo=UTC)
WARM_UP: Final = 777
"""The seed of queries before the clock starts: some seconds of traffic. None of them is measured."""
Loaded = list[tuple[Edition, tuple[Listed, ...]]]


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    found: int
    of: int

    @property
    def share(self) -> float:
        """0 to 1."""
        return self.found / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class SetRun:
    """What came of one set of queries."""

    name: str
    recall: dict[str, Share]
    """By variation."""
    false_positives: dict[str, Share]
    """By the kind of negative."""

    @property
    def found(self) -> Share:
        """Over all variations."""
        return _sum(self.recall)

    @property
    def wrong(self) -> Share:
        """Over all negatives."""
        return _sum(self.false_positives)


@dataclass(frozen=True, slots=True)
class ScreeningRun:
    """All of it."""

    entries: int
    names: int
    build_s: float
    megabytes: int
    per_second: tuple[float, ...]
    """Queries a second by round, positives and negatives in turn."""
    sets: tuple[SetRun, ...]
    """The seed that thresholds were chosen with, the one held out, two variations at once, newspapers."""
    peers: tuple[Peer, ...]

    @property
    def speed(self) -> float:
        """Queries a second in the median round."""
        return median(self.per_second)


def load() -> Loaded:
    """The real lists, by the project's own parsers."""
    from engine.screening.lists.formats import FORMATS, WHOLE
    from engine.screening.lists.reading import read

    if not FIXTURES.is_dir():
        raise FileNotFoundError(f"no lists at {FIXTURES}: set LEXGATE_FIXTURES to the folder above sanctions/")
    loaded: Loaded = []
    for code, form, file in FILES:
        with gzip.open(FIXTURES / file) as stream:
            reading = read({WHOLE: stream}, code, FORMATS[form])
        edition = Edition(code, "0" * 64, reading.published, NOW, file, len(reading.entries), (), 10_000)
        loaded.append((edition, reading.entries))
    return loaded


def measure(*, queries: int, rounds: int, against: int, cpu: int | None, loaded: Loaded | None = None) -> ScreeningRun:
    """`queries`: positives, and as many negatives; `against`: of each, for the peers, which are slow."""
    if cpu is not None:
        os.sched_setaffinity(0, {cpu})
    loaded = loaded or load()
    before, start = _memory(), time.perf_counter()
    lists = Lists(loaded)
    build, memory = time.perf_counter() - start, _memory() - before
    screener, entries = ListScreener(lists), lists.entries
    sets = [_set(f"seed {seed}", screener, *_drawn(entries, queries, seed)) for seed in (TUNED, HELD_OUT)]
    hard = adversarial(entries, max(queries // 5, 1), HELD_OUT)
    sets.append(_set("two variations at once", screener, hard, ()))
    sets.append(_set("as newspapers write them", screener, *screening_newspaper.cases(list(entries))))
    rates = _speed(lists, _drawn(entries, queries, TIMED), rounds)
    rivals = peers(entries, *_drawn(entries, against, HELD_OUT)) if against else []
    names = len(lists.names.parts)
    return ScreeningRun(len(entries), names, build, memory, rates, tuple(sets), tuple(rivals))


def _drawn(entries: Sequence[Listed], count: int, seed: int) -> tuple[list[Case], list[Case]]:
    return positives(entries, count, seed), negatives(entries, count, seed)


def _set(name: str, screener: ListScreener, meant: Sequence[Case], nobody: Sequence[Case]) -> SetRun:
    recall, false = Counter[str](), Counter[str]()
    for case in meant:
        found = _asked(screener, case)
        recall[case.made_by] += any(match.entry.id in case.right for match in found.matches)
    for case in nobody:
        false[case.made_by] += bool(_asked(screener, case).matches)
    return SetRun(name, _shares(recall, meant), _shares(false, nobody))


def _speed(lists: Lists, cases: tuple[list[Case], list[Case]], rounds: int) -> tuple[float, ...]:
    """Each round other queries, after the same warm-up: a query is never asked twice."""
    screener = ListScreener(lists)
    for case in (*positives(lists.entries, 500, WARM_UP), *negatives(lists.entries, 500, WARM_UP)):
        _asked(screener, case)
    mixed = [case for pair in zip(*cases, strict=True) for case in pair]
    size = len(mixed) // rounds
    rates: list[float] = []
    gc.collect()
    gc.freeze()
    for at in range(rounds):
        batch = [Query(case.text, case.kind) for case in mixed[at * size : (at + 1) * size]]
        start = time.perf_counter()
        for query in batch:
            screener.screen(query, NOW)
        rates.append(size / (time.perf_counter() - start))
    gc.unfreeze()
    return tuple(rates)


def _asked(screener: ListScreener, case: Case) -> Screened:
    return screener.screen(Query(case.text, case.kind), NOW)


def _shares(found: Counter[str], cases: Sequence[Case]) -> dict[str, Share]:
    of = Counter(case.made_by for case in cases)
    return {made_by: Share(found[made_by], count) for made_by, count in sorted(of.items())}


def _sum(shares: dict[str, Share]) -> Share:
    return Share(sum(one.found for one in shares.values()), sum(one.of for one in shares.values()))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def settings(*, quick: bool) -> dict[str, Any]:
    """How much is asked."""
    return {"queries": 600, "rounds": 3, "against": 0} if quick else {"queries": 4000, "rounds": 8, "against": 400}
