"""A closed-loop HTTP load generator that costs little itself: raw protocol, requests built beforehand.

Each connection sends its next request when the answer to the last one is complete. Latencies are those of a busy
server, not of one at a given rate: compare throughputs, and read p99 as a bound.

    python -m bench.load --port 8000 --seconds 5 --connections 64
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import uvloop

from bench.payments import bodies, mixed, with_basket

PATH = "/v1/preflight"
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"


class BadAnswer(RuntimeError):
    """An answer this generator cannot follow."""


@dataclass(slots=True)
class Tally:
    """What came back within the measured time."""

    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    refused: bytes = b""
    """The first answer that was not a success."""
    open: bool = False

    def add(self, status: int, seconds: float, answer: bytes) -> None:
        """One complete answer."""
        if not self.open:
            return
        self.statuses[status] += 1
        self.latencies.append(seconds)
        if status >= 300 and not self.refused:
            self.refused = answer


class Answers:
    """Cuts what comes on one connection into whole answers: each is asked for when the one before is complete."""

    __slots__ = ("_buffer", "_needed")

    def __init__(self) -> None:
        self._buffer, self._needed = b"", 0

    def hear(self, data: bytes) -> bytes | None:
        """The answer, once the announced length is there."""
        self._buffer = self._buffer + data if self._buffer else data
        if not self._needed:
            end = self._buffer.find(HEAD_END)
            if end < 0:
                return None
            self._needed = end + len(HEAD_END) + content_length(self._buffer[:end])
        if len(self._buffer) < self._needed:
            return None
        answer, self._buffer, self._needed = self._buffer, b"", 0
        return answer


class Client(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, requests: Sequence[bytes], start: int, tally: Tally) -> None:
        self._requests, self._next, self._tally = requests, start, tally
        self._answers = Answers()
        self._sent = 0.0
        self.stopped = False
        self.lost: Exception | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start asking."""
        self._transport: Any = transport
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that hangs up while it is asked is an error of the run."""
        if not self.stopped:
            self.lost = error or ConnectionResetError("the server closed a keep-alive connection")

    def data_received(self, data: bytes) -> None:
        """Collect until the announced length is there."""
        answer = self._answers.hear(data)
        if answer is not None:
            self._complete(answer)

    def _complete(self, answer: bytes) -> None:
        self._tally.add(int(answer[9:12]), time.perf_counter() - self._sent, answer)
        if self.stopped:
            self._transport.close()
        else:
            self._send()

    def _send(self) -> None:
        request = self._requests[self._next]
        self._next = (self._next + 1) % len(self._requests)
        self._sent = time.perf_counter()
        self._transport.write(request)


def content_length(head: bytes) -> int:
    """How many bytes follow a head. Raises BadAnswer where it does not say."""
    lowered = head.lower()
    at = lowered.find(LENGTH)
    if at < 0:
        raise BadAnswer(f"no Content-Length in {head[:200]!r}")
    return int(lowered[at + len(LENGTH) :].split(b"\r\n", 1)[0])


def request_bytes(body: bytes, *, port: int, key: str, domains: str = "sca") -> bytes:
    """A complete request."""
    head = (
        f"POST {PATH}?domains={domains} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {key}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(
    requests: Sequence[bytes], *, port: int, seconds: float, warm_up: float, connections: int
) -> dict[str, Any]:
    """Keep so many connections busy for so long; what was answered after the warm-up."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    stride = max(1, len(requests) // connections)
    clients = [Client(requests, number * stride % len(requests), tally) for number in range(connections)]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)
    await asyncio.sleep(warm_up)
    tally.open, begun, used = True, time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    tally.open, elapsed = False, time.perf_counter() - begun
    used = time.process_time() - used
    for client in clients:
        client.stopped = True
    lost = [str(client.lost) for client in clients if client.lost]
    await asyncio.sleep(0.2)
    return summary(tally, elapsed=elapsed, used=used, lost=lost)


def summary(tally: Tally, *, elapsed: float, used: float, lost: list[str]) -> dict[str, Any]:
    """Throughput, latencies and everything that was not a success."""
    times = sorted(tally.latencies)
    return {
        "per_second": sum(tally.statuses.values()) / elapsed,
        "statuses": {str(status): count for status, count in sorted(tally.statuses.items())},
        "p50_ms": percentile(times, 0.50) * 1000,
        "p99_ms": percentile(times, 0.99) * 1000,
        "generator_cpu": used / elapsed,
        "lost": lost,
        "refused": tally.refused.decode("utf-8", "replace")[:2000],
    }


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share does not exceed."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1))]


def main() -> None:
    """Run once and print one JSON document."""
    parser = argparse.ArgumentParser(description="Closed-loop load on POST /v1/preflight.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--key", default="lx_bench")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm-up", type=float, default=1.0)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--payments", type=int, default=2000)
    parser.add_argument("--domains", default="sca", help="domains to ask for; with tax every payment has a basket")
    parser.add_argument("--mixed", action="store_true", help="every other payment as a checkout sends it")
    parser.add_argument("--cpu", type=int)
    asked = parser.parse_args()
    if asked.cpu is not None:
        os.sched_setaffinity(0, {asked.cpu})
    payments = bodies(asked.payments)
    if asked.mixed:
        payments = mixed(payments)
    elif "tax" in asked.domains.split(","):
        payments = [with_basket(body, number) for number, body in enumerate(payments)]
    requests = [
        request_bytes(orjson.dumps(body), port=asked.port, key=asked.key, domains=asked.domains) for body in payments
    ]
    found = uvloop.run(
        drive(requests, port=asked.port, seconds=asked.seconds, warm_up=asked.warm_up, connections=asked.connections)
    )
    print(json.dumps(found))


if __name__ == "__main__":
    main()
