"""Decisions by minute and outcome, of all workers: read from the ledger, and a minute that is over only once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

Read = Callable[[datetime, datetime], Mapping[tuple[datetime, str], int]]
MINUTE: Final = timedelta(minutes=1)
SETTLED: Final = timedelta(minutes=2)
"""After so long nothing is stored in a minute any more: a batch carries the instant at which it began."""
KEPT: Final = timedelta(hours=50)


class Minutes:
    """What was counted. `read`: `Decisions.minutes`."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known: dict[datetime, Counter[str]] = {}
        self._span: tuple[datetime, datetime] | None = None
        """From which minute to which, without it, all is known."""
        self._lock = threading.Lock()

    def since(self, first: datetime, now: datetime) -> dict[datetime, Counter[str]]:
        """Minute -> outcome -> number, from the minute of `first` to that of `now`; minutes without any are left out. Raises
        LedgerError."""
        begin, settled = minute_of(first), minute_of(now - SETTLED)
        with self._lock:
            self._settle(begin, max(begin, settled))
            open_ones = _by_minute(self._read(max(begin, settled), now + MINUTE))
            return {at: one for at, one in {**self._known, **open_ones}.items() if at >= begin}

    def _settle(self, begin: datetime, end: datetime) -> None:
        span = self._span
        if span is None or begin < span[0] or end < span[1]:
            # Further back than before, or a clock that was put back: all of it again.
            self._known = _by_minute(self._read(begin, end))
            self._span = begin, end
            return
        if end > span[1]:
            self._known.update(_by_minute(self._read(span[1], end)))
            oldest = max(span[0], end - KEPT)
            self._known = {at: one for at, one in self._known.items() if at >= oldest}
            self._span = oldest, end


def minute_of(at: datetime) -> datetime:
    """The minute in which an instant lies."""
    return at.replace(second=0, microsecond=0)


def _by_minute(rows: Mapping[tuple[datetime, str], int]) -> dict[datetime, Counter[str]]:
    found: dict[datetime, Counter[str]] = {}
    for (at, outcome), number in rows.items():
        found.setdefault(at, Counter())[outcome] += number
    return found
