"""The section on screening of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator

from bench.screening import ScreeningRun, SetRun
from bench.screening_peers import NEAREST, Peer

RECALL, FALSE, SPEED, TIMES = 0.96, 0.01, 1000, 10
"""The bars: recall at least, false positives at most, queries a second at least, times nomenklatura's logic-v1 at least."""


def times(run: ScreeningRun, peer: Peer) -> float:
    """Our queries for each of theirs."""
    return run.speed / peer.per_second if peer.per_second else 0.0


def summary(run: ScreeningRun | str) -> Iterator[str]:
    """Its lines of the table at the top."""
    if not isinstance(run, ScreeningRun):
        return
    held_out = run.sets[1]
    yield (
        f"| names found on the lists, of those meant | **{held_out.found.share:.1%}** at "
        f"**{held_out.wrong.share:.2%}** false (bars: {RECALL:.0%}, {FALSE:.0%}) |"
    )
    yield f"| names screened a second on one core | **{run.speed:,.0f}** (bar: at least {SPEED:,}) |"
    for peer in run.peers:
        if not peer.failure:
            yield f"| the same to `{peer.name}` | {times(run, peer):.0f} : 1 |"


def section(run: ScreeningRun | str) -> Iterator[str]:
    """The section."""
    yield "## Screening"
    yield ""
    if isinstance(run, str):
        yield f"Did not run: {run}"
        return
    yield (
        f"{run.entries:,} entries with {run.names:,} different names of the lists of OFAC (2024-05), the United Nations "
        f"(2026-02) and the European Union (2024-05), old on purpose. The index is made in {run.build_s:.1f} s "
        f"and takes {run.megabytes} MB. "
        "Queries have a name and whether it is a person's, nothing else. Found: the right entry, or one that has a name in "
        "common with it, is `possible` or `confirmed`. False: anything is, for a name of nobody on the lists. How the "
        "queries are made is told in `bench/screening_queries.py`; thresholds were chosen with the first seed, the second "
        "was not looked at."
    )
    yield ""
    yield "| queries | found | false | queries |"
    yield "|---|---:|---:|---:|"
    for one in run.sets:
        false = f"{one.wrong.share:.2%}" if one.wrong.of else ""
        yield f"| {one.name} | {one.found.share:.1%} | {false} | {one.found.of:,} + {one.wrong.of:,} |"
    yield ""
    yield from _classes(run.sets[1])
    yield from _peers(run)


def _classes(held_out: SetRun) -> Iterator[str]:
    yield "Of the seed held out:"
    yield ""
    yield "| variation | found | of | nobody | false | of |"
    yield "|---|---:|---:|---|---:|---:|"
    left, right = list(held_out.recall.items()), list(held_out.false_positives.items())
    for at in range(max(len(left), len(right))):
        meant = f"{left[at][0]} | {left[at][1].share:.1%} | {left[at][1].of}" if at < len(left) else " | | "
        nobody = f"{right[at][0]} | {right[at][1].share:.1%} | {right[at][1].of}" if at < len(right) else " | | "
        yield f"| {meant} | {nobody} |"
    yield ""


def _peers(run: ScreeningRun) -> Iterator[str]:
    if not run.peers:
        return
    yield (
        f"The others, on a part of the same queries. nomenklatura compares and does not search: it was handed {NEAREST} "
        "entries a query, the right ones among them, and finding these was not timed. Each threshold was chosen "
        "afterwards, in its favour, so that it holds as many of these negatives as it may; the last column is at 0.7, which "
        "its own documentation works with."
    )
    yield ""
    yield "| matcher | version | found | false | threshold | queries a second | Lexgate's to its | found, false at 0.7 |"
    yield "|---|---|---:|---:|---:|---:|---:|---:|"
    yield f"| Lexgate | | {run.sets[1].found.share:.1%} | {run.sets[1].wrong.share:.2%} | | {run.speed:,.0f} | | |"
    for peer in run.peers:
        if peer.failure:
            yield f"| {peer.name} | | SKIPPED: {peer.failure} | | | | | |"
        else:
            usual = f"{peer.usual[0]:.1%}, {peer.usual[1]:.1%}" if peer.usual else ""
            yield (
                f"| {peer.name} | {peer.version} | {peer.recall:.1%} | {peer.false_positives:.2%} | {peer.threshold:.2f} | "
                f"{peer.per_second:,.1f} | {times(run, peer):.0f} : 1 | {usual} |"
            )
