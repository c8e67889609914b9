"""The back-test's section of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator

from bench.backtest import BAR, FOREIGN, BacktestRun
from bench.spark import BAR as SPARK_BAR
from bench.spark import SparkRun
from engine.backtest.domains import KEYED

MISSING = "Skipped: "
"""Begins what is told where there is no Spark here: loud, and no failure."""


def summary(found: BacktestRun | str) -> Iterator[str]:
    """Its line of the first table."""
    if not isinstance(found, str):
        yield (
            f"| a back-test in columns to `engine.decide` one by one on one core, payments a second | **{found.ratio:.1f} : 1** "
            f"(bar: at least {BAR:.0f}) |"
        )


def section(found: BacktestRun | str) -> Iterator[str]:
    """Its section."""
    yield "## The back-test"
    yield ""
    if isinstance(found, str):
        yield f"Not measured: {found}."
        return
    yield (
        f"{found.payments:,} generated payments of the euro area, Germany first, over 80 days, one optional field in ten missing "
        f"with each caller, {FOREIGN} in a thousand in another currency; all rules of {', '.join(KEYED)} in force for each, "
        "under one release. Tax is not among them: it is reckoned sale by sale."
    )
    yield ""
    yield "| | |"
    yield "|---|---:|"
    yield f"| all payments in columns, {found.threads} threads, s | {found.columns_s:.1f} |"
    yield f"| payments a second | {found.per_second:,.0f} |"
    yield f"| of them asked one by one, within that time | {found.alone:,} |"
    yield f"| one payment by `engine.decide` with its facts ready, one core, µs | {found.alone_us:.0f} |"
    yield f"| payments in columns to payments one by one, a second | **{found.ratio:.1f} : 1** |"
    yield f"| different answers | {found.kinds:,} |"
    yield f"| payments asked both ways, spread evenly | {found.compared:,} |"
    yield f"| of them told another outcome, verdict or rule | {found.differing} |"
    yield ""
    yield (
        "What is compared is the whole of what a back-test tells of a payment, not the words of its answer. A back-test asks two "
        "releases, and of payments that no changed law touches only one. Two processes of the "
        "compiled engine would halve the ratio."
    )


def spark_summary(found: SparkRun | str) -> Iterator[str]:
    """Its line of the first table."""
    if not isinstance(found, str):
        yield (
            "| a back-test on Spark to one process, time of a core for the same payments | "
            f"**{found.ratio:.2f} : 1** (bar: at most {SPARK_BAR:.2f}) |"
        )


def spark_section(found: SparkRun | str) -> Iterator[str]:
    """Its section."""
    yield "### On Apache Spark"
    yield ""
    if isinstance(found, str):
        yield f"Not measured: {found}"
        return
    each = found.payments / found.spark_s / found.executors
    yield (
        f"{found.payments:,} of these payments as a Parquet file, two releases, from the first byte to the result: on a cluster "
        f"of {found.executors} executors of one core each, in processes of their own on this machine, and in one process on one "
        "core. The same chunks; the median of the rounds after the first."
    )
    yield ""
    yield "| | |"
    yield "|---|---:|"
    yield f"| one process, one core, s | {found.alone_s:.1f} |"
    yield f"| the cluster, {found.executors} cores, s | {found.spark_s:.1f} |"
    yield f"| payments a second and core, one process | {found.payments / found.alone_s:,.0f} |"
    yield f"| payments a second and core, the cluster | {each:,.0f} |"
    yield f"| time of a core of the cluster to that of one process | **{found.ratio:.2f} : 1** |"
    yield f"| until there is a session, s | {found.start_s:.1f} |"
    yield f"| the first back-test of a session, in which workers read both releases, s | {found.first_s:.1f} |"
    yield f"| the same bytes | {'yes' if found.same else 'NO'} |"
