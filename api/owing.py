"""From the obligations of an answer to what is listed, with the instant from which each is overdue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.ledger import Owed


def owed_by(obligations: Sequence[Mapping[str, Any]]) -> tuple[Owed, ...]:
    """The obligations of an answer, ready to be stored with it."""
    return tuple(
        Owed(entry["code"], entry["domain"], entry["who"], entry["due"], due_at(entry["due"]), entry["message"])
        for entry in obligations
    )


def due_at(due: str | None) -> datetime | None:
    """The instant from which an obligation is overdue: the one it names, or the end of the day it names, in UTC.

    None: the law gives no day, or gives it in words ("before the next payment"). Such an obligation is listed, never overdue.
    """
    if due is None:
        return None
    try:
        if len(due) == 10:
            return datetime.combine(date.fromisoformat(due) + timedelta(days=1), time(), UTC)
        found = datetime.fromisoformat(due)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo is not None else None
