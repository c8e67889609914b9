"""Load at a rate of its own: a request is sent when it is due, whether or not those before it are answered.

Latencies are counted from when a request was due, not from when it could be sent: who waits for a connection, or for a sender
that is late, waits. Each connection carries one request at a time; there are more of them than a service lets in at once.
"""

from __future__ import annotations

import asyncio
import random
import time
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.load import HEAD_END, Answers, percentile

TICK: Final = 0.001
"""Seconds between two looks at what is due: the finest that the event loop's clock has."""
PATIENCE: Final = 10.0
"""Seconds that are waited for the last answers."""
FRESH: Final = 2.0
"""Seconds that a line may have been idle: servers close those that are so for five."""
CUT: Final = 0
"""Instead of a status: the line was cut before the answer was there."""
_RETRY: Final = b"\r\nretry-after:"


def schedule(rate: float, seconds: float, seed: int, start: float = 0.0) -> list[float]:
    """When requests of independent callers are due, so many a second on average: in seconds from the begin, ascending."""
    chance, due, found = random.Random(seed), start, []
    while (due := due + chance.expovariate(rate)) < start + seconds:
        found.append(due)
    return found


@dataclass(slots=True)
class Sent:
    """What became of each request, in the order of the answers."""

    due: array[float] = field(default_factory=lambda: array("d"))
    """Seconds from the begin of the run."""
    took: array[float] = field(default_factory=lambda: array("d"))
    """Seconds from when it was due until its answer was there."""
    status: array[int] = field(default_factory=lambda: array("H"))
    retry: array[int] = field(default_factory=lambda: array("b"))
    """Whether the answer said when to come again."""
    late: array[float] = field(default_factory=lambda: array("d"))
    """Seconds from when a request was due until it was sent."""
    unanswered: int = 0

    def add(self, due: float, took: float, status: int, retry: bool) -> None:
        """One answer, or one line that was cut."""
        self.due.append(due)
        self.took.append(took)
        self.status.append(status)
        self.retry.append(retry)

    def between(self, since: float, until: float) -> Part:
        """Of those that were due then."""
        return part_of(zip(self.due, self.took, self.status, self.retry, strict=True), since, until)


@dataclass(slots=True)
class Part:
    """A span of a run, in seconds, and what became of the requests that were due in it."""

    seconds: float
    answered: list[float] = field(default_factory=list)
    """How long the answers with 200 took."""
    refused: list[float] = field(default_factory=list)
    """The same of honest refusals: 503 with Retry-After."""
    other: Counter[int] = field(default_factory=Counter)
    """All the rest, by status."""

    def add(self, took: float, status: int, retry: bool) -> None:
        """One request."""
        if status == 200:
            self.answered.append(took)
        elif status == 503 and retry:
            self.refused.append(took)
        else:
            self.other[status] += 1

    @property
    def number(self) -> int:
        """Of all requests."""
        return len(self.answered) + len(self.refused) + self.other.total()

    def answered_ms(self, share: float) -> float:
        """Within so many milliseconds this share of the answers with 200 was there."""
        return percentile(sorted(self.answered), share) * 1000

    def refused_ms(self, share: float) -> float:
        """The same of refusals."""
        return percentile(sorted(self.refused), share) * 1000


def part_of(rows: Iterable[tuple[float, float, int, int]], since: float, until: float) -> Part:
    """Of rows of `Sent` those that were due then."""
    part = Part(until - since)
    for due, took, status, retry in rows:
        if since <= due < until:
            part.add(took, status, bool(retry))
    return part


class _Line(asyncio.Protocol):
    """One keep-alive connection, which is idle or waits for one answer."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._answers = Answers()
        self.due: float | None = None
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._sender.lost(self)

    def send(self, request: bytes, due: float) -> None:
        self.due = due
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        answer = self._answers.hear(data)
        if answer is not None:
            self._sender.answered(self, answer)


class Sender:
    """Sends what is due. `requests` are sent in turn."""

    def __init__(self, requests: Sequence[bytes], port: int, connections: int) -> None:
        self._requests, self._port, self._connections = requests, port, connections
        self._idle: deque[_Line] = deque()
        self._lines: set[_Line] = set()
        self._waiting: deque[float] = deque()
        self._opening: set[asyncio.Task[None]] = set()
        self._next, self._begun, self._over = 0, 0.0, False
        self.sent = Sent()

    async def run(self, times: Sequence[float]) -> Sent:
        """All of a schedule, and the answers that come within ten seconds of its end."""
        while len(self._lines) < self._connections:
            await self._open()
        self._begun, at = time.perf_counter(), 0
        while at < len(times):
            now = time.perf_counter() - self._begun
            while at < len(times) and times[at] <= now:
                self._due(times[at])
                at += 1
            await asyncio.sleep(TICK)
        until = time.perf_counter() + PATIENCE
        while self._open_requests() and time.perf_counter() < until:
            await asyncio.sleep(0.01)
        self.sent.unanswered, self._over = self._open_requests(), True
        for line in list(self._lines):
            line.transport.close()
        await asyncio.sleep(0.05)
        return self.sent

    def answered(self, line: _Line, answer: bytes) -> None:
        """The line is free again."""
        assert line.due is not None, "nothing is answered that was not asked"
        took = time.perf_counter() - self._begun - line.due
        status = int(answer[9:12])
        self.sent.add(line.due, took, status, status != 200 and _RETRY in answer[: answer.find(HEAD_END)].lower())
        line.due = None
        if self._waiting:
            self._send(line, self._waiting.popleft())
        else:
            line.idle_since = time.perf_counter()
            self._idle.append(line)

    def lost(self, line: _Line) -> None:
        """A server closes lines that are idle for long: no matter. One that was to bring an answer is an answer lost."""
        self._lines.discard(line)
        if self._over:
            return
        if line.due is None:
            self._idle = deque(one for one in self._idle if one is not line)
        else:
            self.sent.add(line.due, time.perf_counter() - self._begun - line.due, CUT, False)
            line.due = None
            self._more()

    def _due(self, due: float) -> None:
        # In turn, so that all workers get their share; but a line that was idle for long may be about to be closed by the server.
        while self._idle and time.perf_counter() - self._idle[0].idle_since > FRESH:
            self._idle.popleft().transport.close()
        if self._idle:
            self._send(self._idle.popleft(), due)
        else:
            self._waiting.append(due)
            self._more()

    def _more(self) -> None:
        if self._waiting and len(self._lines) + len(self._opening) < self._connections:
            task = asyncio.get_running_loop().create_task(self._open())
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    def _send(self, line: _Line, due: float) -> None:
        self.sent.late.append(time.perf_counter() - self._begun - due)
        line.send(self._requests[self._next], due)
        self._next = (self._next + 1) % len(self._requests)

    async def _open(self) -> None:
        line = _Line(self)
        await asyncio.get_running_loop().create_connection(lambda: line, "127.0.0.1", self._port)
        self._lines.add(line)
        if self._waiting:
            self._send(line, self._waiting.popleft())
        else:
            line.idle_since = time.perf_counter()
            self._idle.append(line)

    def _open_requests(self) -> int:
        return len(self._waiting) + sum(line.due is not None for line in self._lines)


def recovered_after(sent: Sent, end: float, until: float, bound_ms: float) -> float | None:
    """Seconds after the end of an overload until the first of two seconds in a row in which all were answered with 200, and 99 of
    a hundred within the bound. None: there are none. Looked for in steps of a quarter second."""
    rows = [row for row in zip(sent.due, sent.took, sent.status, sent.retry, strict=True) if row[0] >= end]
    for step in range(max(0, int((until - end - 2) * 4) + 1)):
        since = end + step / 4
        if all(_well(part_of(rows, since + more, since + more + 1), bound_ms) for more in (0, 1)):
            return step / 4
    return None


def _well(part: Part, bound_ms: float) -> bool:
    return bool(part.answered) and len(part.answered) == part.number and part.answered_ms(0.99) <= bound_ms
