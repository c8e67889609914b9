"""The section on history of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.history import GROWN, PAYERS, ROWS, HistoryRun

BAR = 3.0
"""Times one SELECT that the features may cost."""


def summary(run: HistoryRun | str) -> Iterator[str]:
    """Its lines of the table at the top."""
    if isinstance(run, HistoryRun):
        question = f"{run.features} history features over {ROWS:,} stored payments to one indexed SELECT"
        yield f"| {question} | **{run.ratio:.2f} : 1** (bar: at most {BAR:.2f}) |"
        few, many = GROWN
        yield f"| the same of a key with {many:,} payments to one with {few:,} | **{run.growth:.2f} : 1** |"


def section(run: HistoryRun | str) -> Iterator[str]:
    """The section."""
    yield "## History"
    yield ""
    if isinstance(run, str):
        yield f"Did not run: {run}"
        return
    few, many = GROWN
    yield (
        f"{ROWS:,} payments of {PAYERS:,} payers in a year, in SQLite. The {run.features} features are sums and numbers over a "
        "business day, 24 hours, 30 days, a calendar month and a year, of cash and of everything, exact in each currency, "
        "answered by one statement. The SELECT answers one of them from a plain table with an index on payer and moment: the "
        "exact amounts of the cash that one payer paid in in 30 days. Rounds in turn; figures are medians of rounds."
    )
    yield ""
    yield "| question | times the SELECT | µs |"
    yield "|---|---:|---:|"
    yield f"| one indexed SELECT | 1.00 | {median(run.select):,.1f} |"
    covered = median(ours / theirs for ours, theirs in zip(run.covered, run.select, strict=True))
    yield f"| the same in floats, from a covering index, summed by SQLite | {covered:.2f} | {median(run.covered):,.1f} |"
    yield f"| {run.features} features | {run.ratio:.2f} | {median(run.six):,.1f} |"
    yield f"| {run.features} features of a payer with {few:,} payments | | {median(run.few):,.1f} |"
    yield f"| {run.features} features of a payer with {many:,} payments | | {median(run.many):,.1f} |"
    yield ""
    yield f"A million payments were taken into the forms of these features, as for a new release, in {run.build_s:,.0f} s."
