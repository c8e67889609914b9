"""The section on the ingester of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.ingest import BAR, IngestRun


def summary(run: IngestRun | str) -> Iterator[str]:
    """Its line of the table at the top."""
    if isinstance(run, IngestRun):
        yield (
            f"| publications of regulators read and linked a second, one core | **{run.per_second:,.0f}** (bar: at least"
            f" {BAR:,.0f}) |"
        )


def section(run: IngestRun | str) -> Iterator[str]:
    """The section."""
    yield "## Publications of regulators"
    yield ""
    if isinstance(run, str):
        yield f"Did not run: {run}"
        return
    yield (
        f"The {run.publications} labelled publications of the evaluation set in {run.languages} languages, {run.characters:,.0f} "
        f"characters on average, {run.relevant} held to be relevant: read (language, numbers, days, laws, places, status, "
        "classifiers) and, where relevant, linked with all packs. One core, after one pass; rounds in turn, medians. How well "
        "they are read is told by `make eval-ingest`."
    )
    yield ""
    yield "| step | a second | µs | times splitting into words |"
    yield "|---|---:|---:|---:|"
    for name, rounds in (("split into words", run.words), ("read", run.read), ("read and linked", run.linked)):
        typical = median(rounds)
        times = median(ours / theirs for ours, theirs in zip(rounds, run.words, strict=True))
        yield f"| {name} | {1e6 / typical:,.0f} | {typical:,.0f} | {times:.1f} |"
