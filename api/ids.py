"""Ids of decisions and taxes: a prefix (`dec_`) and a UUIDv7 in Crockford's base 32. They sort by time and rise in a process."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

PREFIX: Final = "dec_"
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = [high + low for high in _ALPHABET for low in _ALPHABET]
"""Ten bits at a time."""

_COUNTER_BITS: Final = 74
_COUNTER_TOP: Final = (1 << _COUNTER_BITS) - 1
_LOW_62: Final = (1 << 62) - 1
_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62


def milliseconds() -> int:
    """The machine's clock since 1970."""
    return time.time_ns() // 1_000_000


class DecisionIds:
    """A source of ids. Within one millisecond, and where the clock steps back, it counts on from the last one."""

    __slots__ = ("_begins", "_chance", "_clock", "_counter", "_kind", "_last", "_lock", "_prefix", "_top")

    def __init__(self, clock: Callable[[], int] = milliseconds, *, kind: str = PREFIX):
        self._clock = clock
        self._kind = kind
        # Ids must not meet, but may be guessed: they open nothing. Asking the system each time costs a call to it.
        self._chance = random.Random(secrets.randbits(256)).getrandbits  # noqa: S311  seeded by the system; ids are no secrets
        self._last = -1
        self._counter = 0
        self._prefix = self._begins = ""
        self._top = -1
        self._lock = threading.Lock()

    def __call__(self) -> str:
        """The next id."""
        with self._lock:
            now = self._clock()
            # The top bit of a fresh counter stays clear: it can be counted up for as long as a clock may stand still.
            if now > self._last:
                self._begin(now, self._chance(_COUNTER_BITS - 1))
            else:
                self._counter += 1
                if self._counter > _COUNTER_TOP:
                    self._begin(self._last + 1, 0)
            counter, prefix = self._counter, self._prefix
        low = _VERSION | ((counter >> 62) << 64) | _VARIANT | (counter & _LOW_62)
        # `encode` of the other eighty bits, written out: this runs for every decision.
        return (
            f"{prefix}{_PAIRS[low >> 70]}{_PAIRS[low >> 60 & 1023]}{_PAIRS[low >> 50 & 1023]}{_PAIRS[low >> 40 & 1023]}"
            f"{_PAIRS[low >> 30 & 1023]}{_PAIRS[low >> 20 & 1023]}{_PAIRS[low >> 10 & 1023]}{_PAIRS[low & 1023]}"
        )

    def _begin(self, now: int, counter: int) -> None:
        self._last, self._counter = now, counter
        if now >> 10 != self._top:
            self._top, self._begins = now >> 10, self._kind + encode(now, _HIGH_SHIFTS)[:-2]
        self._prefix = self._begins + _PAIRS[now & 1023]


def ms_of(decision_id: str) -> int | None:
    """The milliseconds since 1970 at which an id of a decision was made; None: it is no such id.

    >>> ms_of("dec_" + encode(1_700_000_000_000, _HIGH_SHIFTS) + "0" * 16)
    1700000000000
    """
    time_, low = decision_id[len(PREFIX) : len(PREFIX) + 10], decision_id[len(PREFIX) + 10 :]
    if not decision_id.startswith(PREFIX) or len(low) != 16 or not set(time_ + low) <= set(_ALPHABET):
        return None
    number = 0
    for letter in time_:
        number = number << 5 | _ALPHABET.index(letter)
    return number


_HIGH_SHIFTS: Final = range(40, -1, -10)
"""The 48 bits of the time, in ten characters; all but the last two stand for a second."""


def encode(number: int, shifts: range) -> str:
    """A number in base 32, two characters for each shift, the most significant first.

    >>> encode(2**48 - 1, _HIGH_SHIFTS), encode(1, range(70, -1, -10))
    ('7zzzzzzzzz', '0000000000000001')
    """
    pairs = _PAIRS
    return "".join([pairs[(number >> shift) & 1023] for shift in shifts])
