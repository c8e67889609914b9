"""What was really paid: money moved, and each payment once, however often it was tried.

The rule is that of history, but that nothing captured is replaced: there a correction is meant, here somebody may be hiding.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engine.patterns.fields import DONE
from engine.scenarios.event import Event

UNTOLD: Final = "abandoned"
"""Nothing was told of it: it takes no other attempt's place."""


def made(events: Iterable[Event]) -> tuple[Event, ...]:
    """The payments that were made, in the order in which they are handed in.

    Of several attempts of one payer under one reference the one that was told of last is the payment; where it failed, there is
    none. But what was captured was paid, whatever else is tried under its reference: two captured are two payments, and nobody
    hides the second behind the first. What nobody told of was not paid, as far as is known.
    """
    told = [event for event in events if event.status != UNTOLD]
    last: dict[tuple[str | None, str], Event] = {}
    for event in told:
        if event.reference is not None:
            key = event.payer, event.reference
            last[key] = max(last.get(key, event), event, key=_word)
    holds = {event.id for event in last.values()}
    return tuple(
        event
        for event in told
        if event.status in DONE and (event.captured or event.reference is None or event.id in holds)
    )


def _word(event: Event) -> tuple[int, int, str]:
    """When the last word about it was told; of events without one, when they happened."""
    at, number = event.told or (int(event.at.timestamp()) * 1_000_000, 0)
    return at, number, event.id
