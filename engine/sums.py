"""What a payment and its lines say of each other: names that are there once, and what is paid by other means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

PAID_OTHERWISE: Final = "paid_otherwise"
"""Fact of the payment: what is paid for the same lines by other means, as a voucher; a decimal string in its currency."""


class Disagreement(NamedTuple):
    """Two statements that cannot both be true, told at one of them."""

    pointer: str
    code: str
    message: str


def repeated(ids: Sequence[str | None]) -> Iterator[Disagreement]:
    """Lines with the same id. A line without one is named by its number, as the answer names it."""
    numbers = {str(at) for at, name in enumerate(ids, start=1) if name is None}
    known: set[str] = set()
    for at, name in enumerate(ids):
        if name is None:
            continue
        if name in known:
            yield Disagreement(f"/lines/{at}/id", "duplicate_id", "Another line has this id")
        elif name in numbers:
            yield Disagreement(f"/lines/{at}/id", "duplicate_id", "Another line has this number, and no id of its own")
        known.add(name)


def agree(lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether lines of flat facts (`engine.facts`) have names that are there once."""
    if len(lines) < 2:
        return True
    ids = [line.get("id") for line in lines]
    return (len(set(ids)) == len(ids) and None not in ids) or next(repeated(ids), None) is None
