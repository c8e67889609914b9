"""The section on all domains of docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.domains import Domains
from engine.decide import BUILT

BAR = 3.0
"""Times pydantic's validation that deciding all domains may cost."""


def summary(run: Domains | str) -> Iterator[str]:
    """Its line of the table at the top."""
    if isinstance(run, Domains):
        question = f"`engine.decide` for all {len(BUILT)} domains to pydantic's validation of the same body"
        yield f"| {question} | **{run.ratio:.2f} : 1** (bar: at most {BAR:.2f}) |"


def section(run: Domains | str) -> Iterator[str]:
    """The section."""
    yield "## All domains"
    yield ""
    if isinstance(run, str):
        yield f"Did not run: {run}"
        return
    yield (
        f"`{', '.join(BUILT)}`, of mixed payments: every other one as a checkout sends it, with a basket, the payer's id and a "
        "method. One process, the same bodies, the steps in turn. Medians of rounds."
    )
    yield ""
    yield (
        f"In scope of one payment are {min(run.in_scope)} to {max(run.in_scope)} rules, of the median payment "
        f"{median(run.in_scope):.0f}, of all payments together {run.together}: those in force at the places of the parties in "
        "the domains asked for. The procedures, rates and articles of tax are not counted."
    )
    yield ""
    yield "| step | times pydantic's validation | µs a payment |"
    yield "|---|---:|---:|"
    named = {
        "pydantic: `Transaction.model_validate_json(body)`": run.validate,
        "straight from JSON: `decode(body)`": run.decode,
        "`decide(facts, ...)`, the whole answer": run.decide,
        "`orjson.dumps(answer)`": run.serialise,
    }
    for name, values in named.items():
        share = median(value / base for value, base in zip(values, run.validate, strict=True))
        yield f"| {name} | {share:.2f} | {median(values):.1f} |"
