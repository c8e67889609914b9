"""Whether a number that rises makes the law stricter or milder: by what the number is of."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ingest.impact.model import Direction
from ingest.link.target import Entry, TargetKind

_MILDER_UP: Final = (
    "contactless", "low_value", "tra_", "threshold", "cash_payment", "emoney_sdd", "report_amount", "_max", "limit", "deadline",
    "renewal", "relief", "window", "exempt",
)  # fmt: skip
"""The law asks less of whoever stays below: the higher it is, the fewer are asked."""
_STRICTER_UP: Final = ("retention_min", "retention_years", "_min", "factors", "elements", "years")
_LISTS: Final = {"ADEQUACY": Direction.MILDER}


def of_number(entry: Entry, old: Decimal | None, new: Decimal) -> Direction:
    """Of a number that takes the place of another."""
    if old is None:
        return Direction.UNTOLD
    if old == new:
        return Direction.NEITHER
    up, name = new > old, entry.target.name
    if entry.target.kind is TargetKind.RATE or (entry.target.domain == "tax" and "rate" in name):
        return Direction.HIGHER if up else Direction.LOWER
    if any(part in name for part in _STRICTER_UP):
        return Direction.STRICTER if up else Direction.MILDER
    if any(part in name for part in _MILDER_UP):
        return Direction.MILDER if up else Direction.STRICTER
    return Direction.UNTOLD


def of_list(code: str, *, added: bool) -> Direction:
    """Of a place that comes onto a list or leaves it."""
    coming = next((found for begin, found in _LISTS.items() if code.startswith(begin)), Direction.STRICTER)
    if added:
        return coming
    return Direction.MILDER if coming is Direction.STRICTER else Direction.STRICTER


__all__ = ["of_list", "of_number"]
