"""Shedding load: what this process would answer too late it refuses at once, the least urgent first.

What is bounded is work in flight and not its rate: a request counts from when it is looked at until it is answered. The bound
follows the event loop. Where the loop comes late to its own alarm clock too much was let in, and the bound falls by a quarter;
where it does not the bound grows again, up to the one of the settings. What waits for others (a register, a disk) does not make
it late. A request that is shed is refused with 503: it is never answered, least of all with an allow.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from api.problems import Problem


class Priority(IntEnum):
    """How urgent a request is: the smaller, the longer it is let in."""

    COMMIT = 0
    """Money has moved, or moves back: commits, reversals, what became of a payment."""
    PREFLIGHT = 1
    """A payer waits."""
    QUOTE = 2
    """A basket waits: taxes, screenings, numbers."""
    CONSOLE = 3
    """A person waits, who can try again."""
    BACKTEST = 4
    """Nobody waits: back-tests, batches, everything asked again."""


_PERCENT: Final = {
    Priority.COMMIT: 100,
    Priority.PREFLIGHT: 90,
    Priority.QUOTE: 75,
    Priority.CONSOLE: 50,
    Priority.BACKTEST: 25,
}
"""How much of the bound may be taken when one of these comes in: the rest is kept free for what is more urgent."""
_LEAST: Final = 4
"""The bound falls to a quarter at least: so few are no burden, and whoever asks with a handful of connections is not refused
since the machine was busy with something else for a moment."""
TICK_SECONDS: Final = 0.1

_ALWAYS: Final = frozenset(("/healthz", "/readyz", "/metrics"))
_POSTED: Final = {
    "/v1/preflight": Priority.PREFLIGHT,
    "/v1/preflight/batch": Priority.BACKTEST,
    "/v1/tax/transactions": Priority.COMMIT,
    "/v1/screenings": Priority.QUOTE,
}
_TAX: Final = "/v1/tax/"
_LATER: Final = frozenset(("backtest", "backtests", "reevaluations", "replay", "replays", "shadow"))


def priority_of(method: str, path: str) -> Priority | None:
    """How urgent a request is; None: it is always let in, since somebody asks how this process is."""
    if method == "POST" and (known := _POSTED.get(path)) is not None:
        return known
    if path in _ALWAYS:
        return None
    if method == "POST" and (path.endswith("/reversals") or (path.endswith("/events") and "/decisions/" in path)):
        return Priority.COMMIT
    if not _LATER.isdisjoint(path.split("/")):
        return Priority.BACKTEST
    return Priority.QUOTE if path.startswith(_TAX) else Priority.CONSOLE


class Load(Collector):
    """What is in flight in this process, and how much may be. For one event loop: nothing is locked."""

    def __init__(self, most: int, late: float) -> None:
        """`most`: the bound at best. `late`: seconds by which the loop may come late."""
        self.most, self._late = most, late
        self.in_flight = 0
        self.shed = [0] * len(Priority)
        self._least = max(1, most // _LEAST)
        self._bound(most)

    @property
    def limit(self) -> int:
        """The bound as it is now."""
        return self._limit

    def has_room(self, priority: Priority) -> bool:
        """Whether a request would be let in now."""
        return self.in_flight < self._bounds[priority]

    def enter(self, priority: Priority) -> bool:
        """Let a request in; False: it is to be refused. Whoever was let in leaves."""
        if self.in_flight >= self._bounds[priority]:
            self.shed[priority] += 1
            return False
        self.in_flight += 1
        return True

    def leave(self) -> None:
        """A request is answered."""
        self.in_flight -= 1

    def came_late(self, seconds: float) -> None:
        """By how much the loop has come late: the bound follows."""
        if seconds > self._late:
            self._bound(max(self._least, self._limit * 3 // 4))
        elif self._limit < self.most:
            self._bound(min(self.most, self._limit + max(1, self._limit // 8)))

    async def watch(self) -> None:
        """Look how late the loop is, until it is cancelled."""
        while True:
            due = time.monotonic() + TICK_SECONDS
            await asyncio.sleep(TICK_SECONDS)
            self.came_late(time.monotonic() - due)

    def _bound(self, limit: int) -> None:
        self._limit = limit
        self._bounds = tuple(max(1, limit * _PERCENT[one] // 100) for one in Priority)

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """For Prometheus."""
        shed = CounterMetricFamily("lexgate_shed", "Requests refused since too much was asked.", labels=["priority"])
        for one in Priority:
            shed.add_metric([one.name.lower()], self.shed[one])
        yield shed
        yield GaugeMetricFamily("lexgate_in_flight", "Requests that are not answered yet.", value=self.in_flight)
        yield GaugeMetricFamily("lexgate_in_flight_limit", "How many may be, as of now.", value=self._limit)


def overloaded() -> Problem:
    """503 for what is shed."""
    return Problem(
        "overloaded",
        "More is asked than can be answered in time. Nothing was decided and nothing was stored: try again shortly.",
        headers={"retry-after": "1"},
    )
