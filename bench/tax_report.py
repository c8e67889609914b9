"""The part of docs/benchmarks.md about tax: speed, and every country where the answers are not the same."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.tax import Speed, TaxRun


def section(found: TaxRun | str) -> Iterator[str]:
    """The lines of the section."""
    yield "## Tax"
    yield ""
    if isinstance(found, str):
        yield f"Did not run: {found}"
        return
    yield (
        f"The plainest case, on {found.day.isoformat()}: 100 of goods of the standard category, to a consumer at home, in each "
        "country in turn; in process, nothing stored. Lexgate answers with place, liability, treatment, rate, rounding and every "
        "article it rests on, in exact decimals; the others look up a rate, and node-sales-tax multiplies in floats. Medians of "
        "rounds. pyvat is asked about an electronic service: it knows no other."
    )
    yield ""
    yield "| library | version | answers a second | µs an answer | times Lexgate's speed | countries | other answers |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for speed in found.speeds:
        yield _row(speed, found.ours)
    for speed in found.speeds:
        yield from _differences(speed)


def ratio(speed: Speed, ours: Speed) -> float:
    """How many answers it gives while Lexgate gives one: the median of the rounds' ratios."""
    return median(mine / theirs for mine, theirs in zip(ours.microseconds, speed.microseconds, strict=True))


def _row(speed: Speed, ours: Speed) -> str:
    if speed.failure:
        return f"| {speed.name} | | **skipped**: {speed.failure} | | | | |"
    cells = [
        speed.name,
        speed.version or "",
        f"{speed.per_second:,.0f}",
        f"{median(speed.microseconds):.2f}",
        f"{ratio(speed, ours):.1f}",
        str(speed.known),
        str(len(speed.differing)) if speed is not ours else "",
    ]
    return f"| {' | '.join(cells)} |"


def _differences(speed: Speed) -> Iterator[str]:
    if not speed.known or not speed.version:
        return
    yield ""
    if not speed.differing:
        yield f"{speed.name} gives the same tax in all {speed.known} countries it knows."
        return
    yield f"### Where {speed.name} and Lexgate differ"
    yield ""
    yield f"The same tax in {speed.known - len(speed.differing)} of {speed.known} countries. Elsewhere, tax on 100:"
    yield ""
    yield f"| country | {speed.name} | Lexgate | on what Lexgate's answer rests |"
    yield "|---|---:|---:|---|"
    for one in speed.differing:
        ours = "undecided" if one.ours is None else f"{one.ours:f}"
        yield f"| {one.country} | {one.theirs:f} | {ours} | {one.why.replace('|', '/')} |"
