"""A fault run as a page: what was asked, what broke and for how long it was felt, and what was found afterwards."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.fault_check import Verdict
from bench.fault_load import Told
from bench.load import percentile

_SHOWN = 20
_SETTLED = 15
"""Seconds after the end of a fault within which its effect is looked for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that was broken, from when to when by the machine's clock."""

    began: float
    ended: float
    told: str


def report(
    told: Told, faults: list[Fault], verdict: Verdict, seconds: float, seed: int, *, monitor: bool = False
) -> str:
    """Markdown."""
    answered = len(told.answered)
    waits = sorted(told.seconds)
    again = sum(asked.tries > 1 for asked in told.answered)
    held = "everything holds" if verdict.ok and not told.dishonest else "**something does not hold**"
    lines = [
        "# Fault run",
        "",
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {seconds:.0f} s, two workers, PostgreSQL, {os.cpu_count()} cores that the"
        f" callers and the database share, the monitor {'in the workers' if monitor else 'off'}, seed {seed}: {held}.",
        "",
        "| | |",
        "|---|---|",
        f"| preflights answered | {answered}, {answered / seconds:.0f} a second over all, faults included |",
        f"| in the best second, in the median second | {_best(told)}, {_median(told)} |",
        f"| answered at the first try, median / p99 | {_ms(waits, 0.5)} / {_ms(waits, 0.99)} ms |",
        f"| answered only after another try | {again} |",
        f"| refusals | {', '.join(f'{number} of {status}' for status, number in sorted(told.refusals.items())) or 'none'} |",
        f"| connections that were cut | {told.cut} |",
        f"| events told | {told.events} |",
        f"| rows of the chain | {verdict.rows} |",
        "",
        "## What must hold",
        "",
        "| | found |",
        "|---|---|",
        *(f"| {what} | {_number(found)} |" for what, found in _held(told, verdict)),
        f"| stored, and not answered before the run ended (allowed) | {verdict.unanswered} |",
        "",
        *_details(told, verdict),
        "## Faults",
        "",
        "| second | what | seconds without any answer |",
        "|---|---|---|",
        *(
            f"| {fault.began - faults[0].began:.0f} | {fault.told} | {_silence(told, fault, upto)} |"
            for fault, upto in zip(faults, [*(one.began for one in faults[1:]), float("inf")], strict=True)
        ),
        "",
    ]
    return "\n".join(lines)


def _held(told: Told, verdict: Verdict) -> list[tuple[str, list[str]]]:
    return [
        ("answers that are not stored as they were given", verdict.lost),
        ("keys with more than one decision", verdict.doubled),
        ("decisions that nobody asked for", verdict.strangers),
        ("answers milder than the reference", verdict.milder),
        ("answers otherwise than the reference", verdict.other),
        ("answers of another time", verdict.untimely),
        ("bad rows of the chain", [verdict.broken] if verdict.broken else []),
        ("refusals that are not an honest 503 or 409 with Retry-After", told.dishonest),
    ]


def _details(told: Told, verdict: Verdict) -> list[str]:
    lines = []
    for what, found in _held(told, verdict):
        if found:
            lines += [f"### {what}", "", *(f"- `{one}`" for one in found[:_SHOWN]), ""]
    return lines


def _number(found: list[str]) -> str:
    return f"**{len(found)}**" if found else "none"


def _ms(waits: list[float], share: float) -> int:
    return round(percentile(waits, share) * 1000)


def _best(told: Told) -> int:
    return max(told.by_second.values(), default=0)


def _median(told: Told) -> int:
    numbers = sorted(told.by_second.values())
    return numbers[len(numbers) // 2] if numbers else 0


def _silence(told: Told, fault: Fault, upto: float) -> int:
    """The longest run of whole seconds without an answer, from the begin of a fault to a while after its end, to the next one or
    to the end of the run."""
    end = min(int(fault.ended) + _SETTLED, upto, max(told.by_second, default=0))
    longest = run = 0
    for second in range(int(fault.began) + 1, int(end)):
        run = 0 if told.by_second[second] else run + 1
        longest = max(longest, run)
    return longest
