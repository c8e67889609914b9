"""Instants as files stamp themselves with them."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.screening.lists.draft import day
from engine.screening.lists.errors import BrokenList


def instant(said: str) -> datetime | None:
    """An ISO instant, in UTC; without an offset it is UTC. Raises BrokenList for words that are none."""
    if not said:
        return None
    try:
        found = datetime.fromisoformat(said)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BrokenList("The file's own date is none") from None


def midnight(said: str) -> datetime | None:
    """A day (`dd/mm/yyyy`, ISO, `dd Mon yyyy`) at its beginning in UTC. Raises BrokenList for words that are none."""
    if not said:
        return None
    found = day(said)
    if found is None:
        raise BrokenList("The file's own date is none")
    return datetime(found.year, found.month, found.day, tzinfo=UTC)
