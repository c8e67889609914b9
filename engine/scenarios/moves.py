"""Money that moved from one party to another: what the graph scenarios look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.language.law import Convert
from engine.patterns.fields import DONE
from engine.scenarios.event import Event
from engine.scenarios.window import minor, seconds_of


@dataclass(frozen=True, slots=True)
class Move:
    """One payment between two parties."""

    id: str
    ts: int
    source: str
    target: str
    amount: int
    """In minor units of the scenario's currency."""


@dataclass(frozen=True, slots=True)
class Traced:
    """Moves that together have a shape."""

    hub: str
    parties: tuple[str, ...]
    moves: tuple[Move, ...]
    truncated: bool = False


MOVING = frozenset({"transfer", "payout"})
"""Kinds of payment that pass money on. A sale is paid for goods: what comes of it is no longer the same money."""


def moves_of(events: Sequence[Event], unit: str, convert: Convert, floor: int) -> list[Move]:
    """The payments between two parties from an amount on, oldest first. One whose amount is not known counts as the floor."""
    found = []
    for event in events:
        if event.kind not in MOVING or event.status not in DONE:
            continue
        if event.payer is None or event.payee is None or event.payer == event.payee:
            continue
        amount = minor(event.amount, event.currency, unit, convert)
        known = floor if amount is None else amount
        if known >= floor:
            found.append(Move(event.id, seconds_of(event.at), event.payer, event.payee, known))
    return sorted(found, key=lambda move: (move.ts, move.id))
