"""Stored decisions beside another release, a few at a time: chunks put together, and which of them are told otherwise."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, Final

import polars as pl

from engine.backtest.compare import REF, Bodies, Compared
from engine.backtest.evaluate import verdict_of

OUTCOME: Final = "outcome"
AMOUNT: Final = "tax_amount"
"""What differs where a tax of another amount is told; `tax` is the verdict of its domain."""


def joined(parts: Sequence[Compared]) -> Compared:
    """One chunk of several that were asked in the same way, in their order. At least one."""
    starts = list(accumulate((one.frame.height for one in parts), initial=0))

    def bodies(place: int) -> Bodies:
        at = bisect_right(starts, place) - 1
        return parts[at].bodies(place - starts[at])

    left_out = tuple(out for one in parts for out in one.left_out)
    return Compared(pl.concat([one.frame for one in parts]), left_out, bodies)


def differing(compared: Compared, domains: Sequence[str]) -> list[list[Any]]:
    """Of each payment that is told otherwise: what it is called, its outcome then and now, and what is not the same of
    `outcome`, the verdicts of domains, and `tax_amount`. Another rule with the same verdict is no difference."""
    columns = {OUTCOME: OUTCOME, **{domain: verdict_of(domain) for domain in domains}, AMOUNT: "tax"}
    apart = [(pl.col(f"was.{name}") != pl.col(f"now.{name}")).alias(f"={what}") for what, name in columns.items()]
    frame = compared.frame.select(REF, "was.outcome", "now.outcome", *apart)
    found = frame.filter(pl.any_horizontal([f"={what}" for what in columns]))
    return [
        [ref, was, now, [what for what, other in zip(columns, flags, strict=True) if other]]
        for ref, was, now, *flags in found.iter_rows()
    ]
