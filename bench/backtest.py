"""The back-test: a million past payments asked in columns, held against `engine.decide` payment by payment."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from api.bundled import rates_file, rulepacks
from api.fx import read_rates
from bench.past_payments import past_payments
from engine.backtest import Bench, Payments, evaluate_batch, one_by_one
from engine.backtest.domains import KEYED
from engine.backtest.evaluate import BY, columns
from engine.money import RateTable
from engine.packs import load_packs

BAR = 20.0
"""Payments in columns for each payment alone: what is asked for at least."""
FOREIGN = 2
"""Payments in a thousand that are not in euro, and so asked alone."""
WARM = 20_000
"""Payments before the clock starts: the law is compiled by then, as it is in a service."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BacktestRun:
    """What was measured. Times are of one release; a back-test asks two."""

    payments: int
    compared: int
    """Payments, spread evenly over all of them, that were asked both ways."""
    differing: int
    alone: int
    """Of all payments, those that were asked one by one in the columns' own time."""
    kinds: int
    """Different answers."""
    columns_s: float
    """All payments in columns, those alone among them included; the median of the rounds."""
    alone_us: float
    """One payment by `engine.decide`, facts made beforehand; the best round."""
    threads: int

    @property
    def per_second(self) -> float:
        """Payments a second in columns."""
        return self.payments / self.columns_s

    @property
    def ratio(self) -> float:
        """Times the payments of the same time one by one on one core."""
        return self.alone_us * 1e-6 * self.payments / self.columns_s


def measure(*, payments: int, compared: int, rounds: int) -> BacktestRun:
    """One release over payments of the euro area, Germany first; every domain that columns can be asked of."""
    bench = Bench(load_packs(rulepacks()), tuple(KEYED), RateTable(read_rates(rates_file())))
    past = past_payments(payments, foreign=FOREIGN)
    evaluate_batch(past.slice(0, WARM), bench)
    times = []
    for _ in range(rounds):
        found, seconds = _timed(lambda: evaluate_batch(past, bench))
        times.append(seconds)
    some = _spread(past, compared)
    facts = some.facts_at(range(some.frame.height))
    ready = Payments(some.frame, facts)
    # The first round grows the code that the engine makes for payments of one form; the best counts.
    rows, best = min((_timed(lambda: one_by_one(ready, bench)) for _ in range(2)), key=lambda one: one[1])
    same = found.gather_every(max(1, payments // compared))
    names = columns(bench.domains)
    differing = same.select(pl.any_horizontal(pl.col(name) != rows[name] for name in names).sum()).item()
    return BacktestRun(
        payments,
        some.frame.height,
        differing,
        found.filter(pl.col(BY) == "alone").height,
        found.select(names).n_unique(),
        sorted(times)[len(times) // 2],
        best * 1e6 / some.frame.height,
        pl.thread_pool_size(),
    )


def _spread(past: Payments, count: int) -> Payments:
    return Payments(past.frame.gather_every(max(1, past.frame.height // count)))


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


__all__ = ["BAR", "FOREIGN", "BacktestRun", "measure"]
