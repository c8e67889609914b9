"""How a source is asked: how often, how much, how long, and how soon again when it gave nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from ingest.fetch.faults import Fault

_MOST_FAILURES: Final = 12
"""Beyond this the wait does not grow."""


@dataclass(frozen=True, slots=True)
class Manners:
    """Of one source. Defaults are for a regulator's page that changes some times a week."""

    every: timedelta = timedelta(hours=6)
    """Between two looks where nothing is wrong."""
    silent_after: timedelta = timedelta(days=45)
    """Without anything new, after which somebody should ask whether the source has moved."""
    most_bytes: int = 10_000_000
    """As unpacked; of what is sent as well."""
    seconds: float = 30.0
    """For one fetch, redirects and robots.txt not counted separately: all of it."""
    redirects: int = 5
    pause: timedelta = timedelta(seconds=2)
    """Between two requests to one host."""
    first_wait: timedelta = timedelta(minutes=5)
    longest_wait: timedelta = timedelta(days=1)
    """How long a source that fails is left alone at most."""
    respect_robots: bool = True


def next_try(
    manners: Manners, at: datetime, fault: Fault | None, failures: int, chance: float, retry_after: datetime | None
) -> datetime:
    """When to look again. `failures`: in a row, this one included; `chance`: 0 to 1, so that sources do not come in step.

    After success within a tenth of the usual time; after a fault with full jitter (the wait doubles, and is drawn from its upper
    half); what the server itself asked for is kept, up to the longest wait.
    """
    if fault is None:
        return at + manners.every * (0.95 + 0.1 * chance)
    if fault.of_the_source:
        return at + manners.longest_wait * (0.95 + 0.1 * chance)
    doublings: int = min(max(failures - 1, 0), _MOST_FAILURES)
    wait = min(manners.first_wait * (1 << doublings), manners.longest_wait)
    again = at + wait * (0.5 + 0.5 * chance)
    if retry_after is not None:
        again = max(again, min(retry_after, at + manners.longest_wait))
    return again


def told_to_wait(value: str | None, at: datetime) -> datetime | None:
    """`Retry-After` (RFC 9110, 10.2.3): seconds, or a date. None where it says neither, or a time that is over."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return at + timedelta(seconds=min(int(text[:9]), 10**8))
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    return found if found > at else None
