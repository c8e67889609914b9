"""How often a key may ask: a token bucket for each, in this process, and what it says of itself in every answer.

The fields are those of draft-ietf-httpapi-ratelimit-headers-11: `RateLimit-Policy` tells the quota and its window, `RateLimit`
what is left of it. A bucket holds a whole quota and fills by a quota a window: in any time t a key gets through at most
`quota + quota * t / window`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from api.problems import Problem
from engine.ledger import ApiKey, KeyRate

Pairs = tuple[tuple[bytes, bytes], ...]
"""Headers as ASGI has them."""

_SECOND: Final = 1_000_000_000
_MOST: Final = 10_000
"""Buckets from which on those that are full again are let go: a new one would be full as well."""


class Bucket:
    """The tokens of one key. All in whole numbers: a request is as many parts as its window has nanoseconds, and a nanosecond
    fills in as many parts as the quota has requests. Nothing is ever rounded."""

    __slots__ = ("_at", "_capacity", "_fills", "_level", "_part", "policy", "rate")

    def __init__(self, rate: KeyRate, now: int) -> None:
        """Full. `now`: nanoseconds of a clock of any begin."""
        self.rate = rate
        self._part = rate.seconds * _SECOND
        self._fills = rate.requests * _SECOND
        self._capacity = self._level = rate.requests * self._part
        self._at = now
        self.policy: Final = (b"ratelimit-policy", b'"key";q=%d;w=%d' % (rate.requests, rate.seconds))

    def take(self, number: int, now: int) -> bool:
        """Take tokens; False: they are not there, and none is taken. A clock that goes back fills in nothing and takes nothing
        away: the bucket waits until it has come to where it was."""
        passed = now - self._at
        if passed > 0:
            self._at = now
            level = self._level + passed * self.rate.requests
            self._level = level if level < self._capacity else self._capacity
        wanted = number * self._part
        if wanted > self._level:
            return False
        self._level -= wanted
        return True

    def put_back(self) -> None:
        """A token that was taken a moment ago."""
        self._level = min(self._capacity, self._level + self._part)

    @property
    def left(self) -> int:
        """Tokens that are there."""
        return self._level // self._part

    @property
    def is_full(self) -> bool:
        """Whether nothing is missing, as of the last look."""
        return self._level == self._capacity

    def whole_in(self) -> int:
        """Seconds until it is full, rounded up."""
        return -((self._level - self._capacity) // self._fills)

    def ready_in(self, number: int) -> int:
        """Seconds until so many tokens are there, rounded up, one at least: a caller who comes back then is served."""
        return max(1, -((self._level - number * self._part) // self._fills))

    def tell(self) -> tuple[bytes, bytes]:
        """What is left, and when it is whole, as a header."""
        # Not by `left` and `whole_in`: every answer of the hot route has it.
        level = self._level
        return b"ratelimit", b'"key";r=%d;t=%d' % (level // self._part, -((level - self._capacity) // self._fills))


class Rates:
    """The buckets of one process. For one event loop: nothing is locked."""

    __slots__ = ("_buckets", "_default", "_now")

    def __init__(self, default: KeyRate | None, now: Callable[[], int] = time.monotonic_ns) -> None:
        self._default, self._now = default, now
        self._buckets: dict[str, Bucket] = {}

    def charge(self, key: ApiKey, number: int = 1) -> Pairs:
        """Take tokens of a key: the headers that say what is left; none where nothing limits it. Raises 429."""
        rate = key.rate or self._default
        if rate is None:
            return ()
        now = self._now()
        bucket = self._buckets.get(key.id)
        if bucket is None or (bucket.rate is not rate and bucket.rate != rate):
            bucket = self._new(key.id, rate, now)
        if not bucket.take(number, now):
            raise _too_often(bucket, number)
        return bucket.policy, bucket.tell()

    def charge_in_all(self, key: ApiKey, number: int) -> Pairs:
        """As `charge`, for a request that turns out to be so many: the one that was paid at the door counts. Raises 429, and then
        nothing was paid."""
        bucket = self._buckets.get(key.id)
        if bucket is not None:
            bucket.put_back()
        return self.charge(key, number)

    def most(self, key: ApiKey) -> int | None:
        """How many tokens a key can have at once; None: nothing limits it."""
        rate = key.rate or self._default
        return None if rate is None else rate.requests

    def _new(self, key_id: str, rate: KeyRate, now: int) -> Bucket:
        if len(self._buckets) >= _MOST:
            for bucket in self._buckets.values():
                bucket.take(0, now)
            self._buckets = {one: bucket for one, bucket in self._buckets.items() if not bucket.is_full}
        made = self._buckets[key_id] = Bucket(rate, now)
        return made


def _too_often(bucket: Bucket, number: int) -> Problem:
    seconds, rate = bucket.ready_in(number), bucket.rate
    # Where both are there, `t` and Retry-After name the same instant.
    return Problem(
        "rate_limited",
        f"This key may ask {rate.requests} times in {rate.seconds} s. Nothing was done: try again in {seconds} s.",
        headers={
            "retry-after": str(seconds),
            "ratelimit-policy": bucket.policy[1].decode("ascii"),
            "ratelimit": f'"key";r={bucket.left};t={seconds}',
        },
    )
