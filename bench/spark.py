"""The back-test on a cluster of Apache Spark on this machine, held against one process on one core: one file, the same bytes."""

from __future__ import annotations

import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import polars as pl

from api import backtest_sources
from api.backtesting import Order, World, run_backtest
from api.bundled import rates_file, rulepacks
from api.fx import read_rates
from bench.past_payments import past_payments
from engine.backtest import LABEL
from engine.backtest.domains import KEYED
from engine.catalogue import FIELDS
from engine.money import RateTable
from engine.packs import PackSet, load_packs

BAR = 1.5
"""Time of a core of the cluster for that of a core of one process: what is asked for at most."""
CHUNKS_A_CORE = 2
_LIMITS = "EEA/sca/limits.yaml"
_MEMORY = 2048


@dataclass(frozen=True, slots=True)
class SparkRun:
    """What was measured: two releases over all payments of a file, from its first byte to the result."""

    payments: int
    executors: int
    """Of one core each."""
    alone_s: float
    """One process on one core, its releases read and its rules taken apart before; the median of the rounds."""
    spark_s: float
    """The cluster, which has done it once before; the median of the rounds."""
    start_s: float
    """Until there was a session."""
    first_s: float
    """The first time: workers begin, and read both releases."""
    same: bool
    """Whether both came to the same bytes."""

    @property
    def ratio(self) -> float:
        """Seconds of a core of the cluster for one second of a core of one process."""
        return self.spark_s * self.executors / self.alone_s


def measure(*, payments: int, rounds: int) -> SparkRun:
    """All cores of this machine, an executor for each. Raises SparkTrouble without Spark or Java."""
    from api.spark.session import cluster

    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="lexgate-bench-") as found:
        folder = Path(found)
        source, chunk = written(folder, payments), max(1, payments // (cores * CHUNKS_A_CORE))
        begun = time.perf_counter()
        master = f"local-cluster[{cores},1,{_MEMORY}]"
        address = {"spark__driver__host": "127.0.0.1", "spark__driver__bindAddress": "127.0.0.1"}
        with cluster(master, **address) as session:
            session.range(1).count()
            start = time.perf_counter() - begun
            body, times = _on_spark(session, source, chunk, folder, rounds)
        alone, took = _alone(source, chunk, rounds)
    return SparkRun(payments, cores, median(took), median(times[1:]), start, times[0], orjson.dumps(body) == alone)


def written(folder: Path, payments: int) -> Path:
    """The payments as a file that a back-test reads."""
    frame = past_payments(payments).frame
    names = [name for name in frame.columns if name in FIELDS or name == LABEL]
    at = pl.col("occurred_at").dt.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    path = folder / "past.parquet"
    frame.select(names).with_columns(at).write_parquet(path)
    return path


def _on_spark(session: Any, source: Path, chunk: int, folder: Path, rounds: int) -> tuple[dict[str, Any], list[float]]:
    from api.spark.driver import spark_backtest

    (order, candidate, world), times, body = _asked(source, chunk), [], {}
    for number in range(1 + rounds):
        begun = time.perf_counter()
        body = spark_backtest(session, order, candidate, world, folder=folder / f"work-{number}")
        times.append(time.perf_counter() - begun)
    return body, times


def _alone(source: Path, chunk: int, rounds: int) -> tuple[bytes, list[float]]:
    """In a process of its own: the threads of Polars are counted when it is loaded."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(_timed_alone, source, chunk, rounds).result()
    finally:
        del os.environ["POLARS_MAX_THREADS"]


def _timed_alone(source: Path, chunk: int, rounds: int) -> tuple[bytes, list[float]]:
    assert pl.thread_pool_size() == 1
    (order, candidate, world), times, body = _asked(source, chunk), [], {}
    for _ in range(1 + rounds):
        begun = time.perf_counter()
        body = run_backtest(order, candidate, world)
        times.append(time.perf_counter() - begun)
    return orjson.dumps(body), times[1:]


def _asked(source: Path, chunk: int) -> tuple[Order, PackSet, World]:
    """The law as it is, and with its small limits lowered: both releases are asked of every payment."""
    backtest_sources.CHUNK = chunk
    packs = load_packs(rulepacks())
    files = dict(packs.files)
    files[_LIMITS] = files[_LIMITS].replace('value: "30"', 'value: "25"')
    assert files != packs.files
    world = World(packs, RateTable(read_rates(rates_file())), "sha256:00")
    return Order(str(source), tuple(KEYED)), PackSet.of(files, near=packs), world


__all__ = ["BAR", "SparkRun", "measure"]
