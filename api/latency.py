"""How long answers took, minute by minute, in one process: a ring of the last day beside the histogram."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

KEPT: Final = 24 * 60
"""Minutes."""
_FINEST, _LONGEST, _STEP = 0.000_1, 20.0, 1.1


def _bounds() -> tuple[float, ...]:
    found = [_FINEST]
    while found[-1] < _LONGEST:
        found.append(found[-1] * _STEP)
    return tuple(found)


BOUNDS: Final = _bounds()
"""Seconds; each is a tenth above the one before, and so is the error of what is read off at most."""


@dataclass(frozen=True, slots=True)
class Took:
    """The answers of one minute. `middle`, `high`: half of them, and 99 of 100, took no longer; seconds."""

    at: datetime
    answers: int
    middle: float
    high: float


class Latency:
    """Written by one event loop, read by whoever asks. A minute without an answer is not kept."""

    __slots__ = ("_clock", "_counts", "_minutes", "since")

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._minutes = [-1] * KEPT
        self._counts = [array("L", bytes(0)) for _ in range(KEPT)]
        self.since: Final = datetime.fromtimestamp(clock(), UTC)
        """When this process began to count."""

    def took(self, seconds: float) -> None:
        """An answer was given after so long."""
        minute = int(self._clock()) // 60
        slot = minute % KEPT
        if self._minutes[slot] != minute:
            self._counts[slot] = array("L", (0,) * (len(BOUNDS) + 1))
            self._minutes[slot] = minute
        self._counts[slot][bisect_left(BOUNDS, seconds)] += 1

    def last(self, minutes: int) -> list[Took]:
        """The last minutes in which anything was answered, this one included, the oldest first."""
        now = int(self._clock()) // 60
        wanted = range(now - min(minutes, KEPT) + 1, now + 1)
        return [_told(one, self._counts[one % KEPT]) for one in wanted if self._minutes[one % KEPT] == one]


def _told(minute: int, counts: array[int]) -> Took:
    at = datetime.fromtimestamp(minute * 60, UTC)
    summed = list(accumulate(counts))
    return Took(at, summed[-1], _quantile(summed, 50), _quantile(summed, 99))


def _quantile(summed: list[int], of_hundred: int) -> float:
    """The bound below which so many of a hundred lie; the last one where they took longer than it."""
    rank = -(-summed[-1] * of_hundred // 100)
    return BOUNDS[min(bisect_left(summed, rank), len(BOUNDS) - 1)]
