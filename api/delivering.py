"""Alerts delivered: a thread beside the service that queues what is told and sends what is due. Several processes may: each
delivery is held by one at a time.

Each destination is worked on by itself: one that hangs delays no other. Sending is at least once; the receiver knows a repeat by
its id.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api import __version__
from api.beside import Beside
from api.destinations import To, WebhookTo
from api.ids import DecisionIds
from api.logs import logger, places
from api.posting import Answered, Poster
from engine.alerts import Alert, AlertKind
from engine.ledger import (
    AttemptOutcome,
    LeaseLost,
    Ledger,
    LedgerError,
    Occasion,
    Sending,
    Told,
    Tried,
)

MOST_TRIES: Final = 12
FIRST_WAIT: Final = timedelta(seconds=5)
FACTOR: Final = 2.83
"""By which each wait is longer than the one before: the twelve tries reach over three days."""
JITTER: Final = 0.2
LEASE: Final = timedelta(minutes=5)
AT_ONCE: Final = 8
"""Requests to one destination."""
LETTERS: Final = 2
"""That are sent one after the other under one lease: a mail server may take a quarter of a minute at each of some seven steps."""
LOOK_SECONDS: Final = 1.0
OFF: Final = "incident.delivery.off"
DEAD: Final = "incident.delivery.dead"
_log = logger("lexgate.deliveries")


def wait_after(tries: int, chance: float) -> timedelta:
    """How long to wait after so many tries, from 1. `chance`: 0 to 1, so that what failed together does not come together."""
    return FIRST_WAIT * (FACTOR ** (tries - 1)) * (1 - JITTER + 2 * JITTER * chance)


def wanted(to: To, alert: Alert) -> bool:
    """Whether an alert goes to a destination; never what is told of the destination itself."""
    return to.filter.wants(alert) and not (alert.rule in (OFF, DEAD) and alert.subject == subject_of(to))


def subject_of(to: To) -> str:
    """The destination in incidents about it."""
    return f"destination {to.name}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a deliverer works with. `release`: the law in force, for the case that an incident opens."""

    ledger: Ledger
    to: Sequence[To]
    poster: Poster
    clock: Callable[[], datetime]
    release: Callable[[], str]
    chance: Callable[[], float] = random.random


class Deliverer(Beside):
    """A worker of its own, beside others."""

    def __init__(self, parts: Parts) -> None:
        super().__init__("lexgate-deliveries")
        self._parts, self._worker = parts, DecisionIds(kind="dlv_")()

    async def once(self) -> int:
        """Queue what was told, and try all that is due now, once. Returns how many attempts were made. Raises LedgerError."""
        self.know()
        return sum(await asyncio.gather(*map(self._look, self._parts.to)))

    def know(self) -> None:
        """Have the destinations in the ledger: from now on alerts are queued for them. Raises LedgerError."""
        for to in self._parts.to:
            self._parts.ledger.deliveries.know(to.destination, self._parts.clock())

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        # Letters are sent in threads, and wait for their servers there.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4 + len(self._parts.to), "deliveries"))
        lanes = [asyncio.create_task(self._lane(to)) for to in self._parts.to]
        while not self._stop.is_set():
            for at, lane in enumerate(lanes):
                if lane.done() and (error := lane.exception()) is not None:
                    # What it held is tried again when its lease is over.
                    name = self._parts.to[at].name
                    _log.error(
                        "deliveries_fault",
                        destination=name,
                        exception=type(error).__name__,
                        places=places(error.__traceback__),
                    )
                    lanes[at] = asyncio.create_task(self._lane(self._parts.to[at], LOOK_SECONDS))
            await asyncio.sleep(LOOK_SECONDS / 4)
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)

    async def _lane(self, to: To, pause: float = 0) -> None:
        known = False
        await asyncio.sleep(pause)
        while True:
            try:
                if not known:
                    await asyncio.to_thread(self._parts.ledger.deliveries.know, to.destination, self._parts.clock())
                    known = True
                busy = await self._look(to) > 0
            except LedgerError as error:
                _log.warning("deliveries_wait", destination=to.name, code=error.code)
                busy = False
            if not busy:
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, to: To) -> int:
        deliveries, clock = self._parts.ledger.deliveries, self._parts.clock
        await asyncio.to_thread(deliveries.queue, to.name, lambda alert: wanted(to, alert), clock())
        number = AT_ONCE if isinstance(to, WebhookTo) else LETTERS
        due = await asyncio.to_thread(deliveries.take, to.name, self._worker, clock(), LEASE, number)
        if isinstance(to, WebhookTo):
            await asyncio.gather(*(self._try(to, one) for one in due))
        else:
            for one in due:
                await self._try(to, one)
        return len(due)

    async def _try(self, to: To, sending: Sending) -> None:
        began, at = time.perf_counter(), self._parts.clock()
        answered = await self._parts.poster.send(to, sending, at)
        took = round((time.perf_counter() - began) * 1000)
        tried = self._tried(to, sending, answered, took)
        occasion = Occasion(tried.at, self._parts.release(), DecisionIds(kind="case_"))
        try:
            await asyncio.to_thread(self._parts.ledger.deliveries.leave, sending.delivery, tried, occasion)
        except LeaseLost:
            _log.warning("delivery_lease_lost", delivery=sending.delivery.id, destination=to.name)
            return
        tell = _log.info if answered.ok else _log.error if tried.outcome is not AttemptOutcome.FAILED else _log.warning
        tell(
            "alert_delivery", delivery=sending.delivery.id, alert=sending.alert.id, destination=to.name,
            outcome=tried.outcome.value, tries=sending.delivery.tries + 1, detail=answered.detail,
        )  # fmt: skip

    def _tried(self, to: To, sending: Sending, answered: Answered, took: int) -> Tried:
        now, tries = self._parts.clock(), sending.delivery.tries + 1
        if answered.ok:
            return Tried(AttemptOutcome.DELIVERED, now, answered.status, took, answered.detail)
        if answered.gone:
            said = (
                f"The destination {to.name} answered that it is gone (410): nothing goes there until it is switched on."
            )
            told = self._incident(to, OFF, now, f"{to.name}@{now.isoformat(timespec='minutes')}", said)
            return Tried(AttemptOutcome.GONE, now, answered.status, took, answered.detail, told=(told,))
        if tries >= MOST_TRIES:
            said = f"An alert could not be delivered to {to.name} in {tries} tries and was given up: {answered.detail}."
            told = self._incident(to, DEAD, now, f"{to.name}@{now.date()}", said)
            return Tried(AttemptOutcome.DEAD, now, answered.status, took, answered.detail, told=(told,))
        again = now + wait_after(tries, self._parts.chance())
        if answered.retry_after is not None:
            again = max(again, min(answered.retry_after, now + timedelta(days=1)))
        return Tried(AttemptOutcome.FAILED, now, answered.status, took, answered.detail, again)

    def _incident(self, to: To, rule: str, now: datetime, evidence: str, said: str) -> Told:
        """Of what is given up one a day: the list of what is dead has all of it."""
        return Told(Alert(
            AlertKind.INCIDENT, rule, "lexgate", __version__, "service", subject_of(to), (evidence,), now, "high", said,
        ))  # fmt: skip
