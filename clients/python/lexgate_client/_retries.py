"""When to ask again, and after how long."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

AGAIN: Final = frozenset((429, 502, 503, 504))
"""Answers after which the same request is sent again, under the same idempotency key."""


@dataclass(frozen=True, slots=True)
class Retries:
    """Full jitter (Brooker, "Exponential Backoff And Jitter"): between nought and a ceiling that doubles."""

    tries: int = 4
    """Of one call, the first one among them. 1: never again."""
    first: float = 0.2
    """Seconds: the ceiling of the first pause."""
    longest: float = 5.0
    """Seconds: no ceiling is higher. `Retry-After` is kept whatever it says."""
    budget: float = 20.0
    """Seconds for the whole call. A pause that would not fit is not begun: the last refusal is raised at once."""
    chance: Callable[[], float] = random.random
    """From [0, 1)."""

    def __post_init__(self) -> None:
        if self.tries < 1 or self.budget <= 0 or self.first < 0 or self.longest < 0:
            raise ValueError("At least one try, and time for it")

    def pause(self, tried: int, retry_after: float | None) -> float:
        """Seconds to wait after so many tries: what the service asked for, and never less."""
        ceiling = min(self.longest, self.first * 2.0 ** (tried - 1))
        drawn = self.chance() * ceiling
        return drawn if retry_after is None else max(retry_after, 0.0) + drawn


NEVER: Final = Retries(tries=1)


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds: a number, or a date."""
    said = headers.get("retry-after")
    if said is None:
        return None
    if said.strip().isdecimal() and said.isascii():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max((until - datetime.now(UTC)).total_seconds(), 0.0)
