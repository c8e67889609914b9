"""Instants as the ledger stores them: whole microseconds since 1970-01-01T00:00:00Z, exact and ordered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

Clock = Callable[[], datetime]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EVER: Final = 2**63 - 1
"""Later than any instant: the upper bound of a question that has none."""


def utc_now() -> datetime:
    """The clock of the machine."""
    return datetime.now(UTC)


def to_micros(instant: datetime) -> int:
    """Exact, without a float on the way. A naive datetime raises TypeError: it is not an instant."""
    since = instant - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(micros: int) -> datetime:
    """The instant in UTC."""
    return EPOCH + timedelta(microseconds=micros)
