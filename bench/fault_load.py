"""Callers that never give up: each asks about one payer's payments, one after the other, and again under the same key until it is
answered. What it was told, and what it was refused with, is what the run is judged by.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson

PREFLIGHT: Final = "/v1/preflight?domains=sca"
_TIMEOUT: Final = 20.0
_PAYMENT: Final = {
    "currency": "EUR", "asked_by": "acquirer",
    "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                "acquirer_country": "DE"},
}  # fmt: skip
HONEST: Final = frozenset({409, 429, 503})
"""Refusals that say: again later. 409: the same request is still under way, perhaps of a connection that was cut."""


@dataclass(slots=True)
class Asked:
    """A payment that was answered: what was asked, what was known of the payer, and the answer."""

    key: str
    body: bytes
    taken: tuple[str, ...]
    """Amounts of the payer's payments that were told as authorised before."""
    answer: bytes
    first_sent: datetime
    answered: datetime
    tries: int


@dataclass(slots=True)
class Told:
    """What came back in the whole run."""

    answered: list[Asked] = field(default_factory=list)
    refusals: Counter[int] = field(default_factory=Counter)
    dishonest: list[str] = field(default_factory=list)
    """Refusals that were not honest: another status, or no word of when to come again."""
    cut: int = 0
    """Connections that ended before their answer came."""
    by_second: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """From sending to the answer, of those that were answered at once."""
    sent: set[str] = field(default_factory=set)
    events: int = 0


class Caller:
    """One connection, and one payer at a time."""

    def __init__(self, number: int, port: int, key: str, told: Told, seed: int) -> None:
        self._number, self._port, self._told = number, port, told
        self._authorization = f"Bearer {key}"
        self._chance = random.Random(seed * 1000 + number)
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def run(self, over: asyncio.Event) -> None:
        """Until it is over; the request under way then is given up."""
        try:
            await self._run(over)
        finally:
            self._close()

    async def _run(self, over: asyncio.Event) -> None:
        payer = count = 0
        taken: list[str] = []
        while not over.is_set():
            count += 1
            if self._chance.random() < 0.12:
                payer, taken = payer + 1, []
            key = f"{self._number}-{payer}-{count}"
            amount = f"{self._chance.randint(300, 2999) / 100:.2f}"
            body = {
                **_PAYMENT,
                "amount": amount,
                "reference": key,
                "payer": {"id": f"p-{self._number}-{payer}", "country": "FR"},
            }
            if self._chance.random() < 0.5:
                body["occurred_at"] = datetime.now(UTC).isoformat()
            asked = await self._until_answered(PREFLIGHT, orjson.dumps(body), key, tuple(taken), over)
            if asked is None:
                return
            self._told.answered.append(asked)
            if self._chance.random() < 0.2:
                event = orjson.dumps({"kind": "authorised", "at": datetime.now(UTC).isoformat()})
                path = f"/v1/decisions/{orjson.loads(asked.answer)['id']}/events"
                if await self._until_answered(path, event, f"e-{key}", (), over) is None:
                    return
                self._told.events += 1
                taken.append(amount)

    async def _until_answered(
        self, path: str, body: bytes, key: str, taken: tuple[str, ...], over: asyncio.Event
    ) -> Asked | None:
        """None: it was over before."""
        first, tries = datetime.now(UTC), 0
        if path == PREFLIGHT:
            self._told.sent.add(key)
        while not over.is_set():
            tries += 1
            begun = time.perf_counter()
            try:
                status, headers, answer = await asyncio.wait_for(self._once(path, body, key), _TIMEOUT)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self._told.cut += 1
                self._close()
                await asyncio.sleep(self._chance.uniform(0.02, 0.2))
                continue
            if status in (200, 201):
                if path == PREFLIGHT:
                    self._told.by_second[int(time.time())] += 1
                    if tries == 1:
                        self._told.seconds.append(time.perf_counter() - begun)
                return Asked(key, body, taken, answer, first, datetime.now(UTC), tries)
            self._refused(status, headers, answer)
            await asyncio.sleep(self._chance.uniform(0.1, 0.5))
        return None

    def _refused(self, status: int, headers: dict[str, str], answer: bytes) -> None:
        self._told.refusals[status] += 1
        told = headers.get("content-type") == "application/problem+json"
        if status not in HONEST or "retry-after" not in headers or not told:
            self._told.dishonest.append(f"{status} {answer[:300]!r}")

    async def _once(self, path: str, body: bytes, key: str) -> tuple[int, dict[str, str], bytes]:
        if self._stream is None:
            self._stream = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._stream
        head = (
            f"POST {path} HTTP/1.1\r\nHost: lexgate\r\nContent-Type: application/json\r\nAuthorization: {self._authorization}\r\n"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = {name.lower(): said.strip() for name, _, said in (line.partition(":") for line in lines)}
        answer = await reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            self._close()
        return int(first.split()[1]), headers, answer

    def _close(self) -> None:
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None


def as_json(asked: Asked) -> Any:
    """An answer, parsed."""
    return orjson.loads(asked.answer)
