"""The section on scenarios of docs/benchmarks.md: what is found in a simulated bank, and whether the two matchers agree."""

from __future__ import annotations

from collections.abc import Iterator

from bench.scenarios import FALSE, RECALL, ScenariosRun, table
from bench.sequences import SequencesRun


def summary(scenarios: ScenariosRun | str, sequences: SequencesRun | str) -> Iterator[str]:
    """Its lines of the table at the top."""
    if isinstance(scenarios, ScenariosRun):
        lowest = min(hit / laid for hit, laid in scenarios.found.values())
        question = f"patterns found of {scenarios.laid:,} laid among {scenarios.events:,} payments; the worst scenario"
        yield f"| {question} | **{scenarios.hits / scenarios.laid:.1%}; {lowest:.0%}** (bar: at least {RECALL:.0%} of each) |"
        yield f"| alerts for each ordinary payment | **{scenarios.false_share:.3%}** (bar: at most {FALSE:.1%}) |"
    if isinstance(sequences, SequencesRun):
        question = f"windows of {sequences.windows:,} in which durable_rules and the plain matcher differ"
        yield f"| {question} | **{sequences.differed}** (bar: none) |"


def section(scenarios: ScenariosRun | str, sequences: SequencesRun | str) -> Iterator[str]:
    """The section."""
    yield "## Scenarios"
    yield ""
    yield from _found(scenarios)
    yield ""
    yield from _agreed(sequences)


def _found(run: ScenariosRun | str) -> Iterator[str]:
    if isinstance(run, str):
        yield f"The simulated bank did not run: {run}"
        return
    yield (
        f"A simulated bank of private customers and businesses makes {run.events:,} ordinary payments in 300 days, failed "
        f"attempts among them. Then {run.each} instances of each scenario are laid there, as somebody would who means to "
        "escape: cash handed to several takers, sums split into parts, a little more out than in. Each event is told in its "
        "turn, and every scenario asked of everybody whom it concerns. An instance is found by an alert of its own scenario that "
        "names at least half of its payments. What is found in the ordinary payments alone is counted before "
        "alerts of one pattern are joined."
    )
    yield ""
    yield (
        f"{run.windows:,} windows, {run.per_second:,.0f} a second on one core, with the matcher `{run.matcher}`; "
        f"{run.incidents} incidents. The alerts on ordinary traffic name {run.named:.2%} of its payments."
    )
    yield ""
    yield from table(run)


def _agreed(run: SequencesRun | str) -> Iterator[str]:
    if isinstance(run, str):
        yield f"The two matchers were not compared: {run}"
        return
    yield (
        f"{run.windows:,} random windows over the {run.plans} plans of sequences, {run.matched:,} of them with matches: every "
        f"match of durable_rules in its process compared with every match of the plain matcher. {run.differed} differ. "
        f"The way over the pipe included, durable_rules took {run.ratio:.1f} times as long as the plain matcher."
    )
