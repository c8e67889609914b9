"""Deliveries and their tries, JSON-ready: as the interface and as the command line tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from engine.ledger import Delivery, DeliveryState, StoredAttempt

Tell = Callable[[datetime | None], str | None]
"""How an instant is written."""


def delivery_body(one: Delivery, told: Tell) -> dict[str, Any]:
    """One alert on its way to one destination. When it is tried next is told only while it waits."""
    waits = one.state is DeliveryState.WAITING
    return {
        "id": one.id, "alert": one.alert, "destination": one.destination, "state": one.state.value, "tries": one.tries,
        "queued_at": told(one.queued_at), "next_at": told(one.next_at) if waits else None, "ended_at": told(one.ended_at),
    }  # fmt: skip


def attempt_body(one: StoredAttempt, told: Tell) -> dict[str, Any]:
    """One try."""
    return {
        "number": one.number, "at": told(one.at), "outcome": one.outcome.value, "status": one.status or None,
        "milliseconds": one.milliseconds, "detail": one.detail,
    }  # fmt: skip
