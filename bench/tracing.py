"""What traces cost a preflight: the same service asked in turn without them, with one in a hundred, and with all.

    python -m bench.tracing [ROUNDS]

In one process and without a network, so that nothing hides the cost: the hot route, the ledger with its flush, and spans that are
made, kept in the library's queue and thrown away. Rounds alternate; of each way the middle round counts.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from api.app import create_app
from api.bundled import samples
from api.service import Service
from api.settings import Settings
from api.tracing import Tracing

KEY = "lx_bench_0123456789"
ASKED = 500
"""A round."""
TOGETHER = 16


class Nowhere(SpanExporter):
    """Takes spans and forgets them."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """All went well."""
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing to do."""


async def _ask(app, body: bytes) -> None:
    scope = {
        "type": "http", "method": "POST", "path": "/v1/preflight", "raw_path": b"/v1/preflight", "query_string": b"",
        "headers": [(b"authorization", f"Bearer {KEY}".encode()), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "scheme": "http", "http_version": "1.1",
    }  # fmt: skip
    status = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    await app(scope, receive, send)
    assert status == [200], status


async def _round(app, body: bytes) -> float:
    async def caller() -> None:
        for _ in range(ASKED // TOGETHER):
            await _ask(app, body)

    began = time.process_time()
    await asyncio.gather(*(caller() for _ in range(TOGETHER)))
    return (time.process_time() - began) / (ASKED // TOGETHER * TOGETHER) * 1e6


async def _measure(service: Service, rounds: int) -> dict[str, float]:
    app, body = create_app(service), (samples() / "eu-low-value.json").read_bytes()
    ways = {
        "off": None,
        "1 %": Tracing(BatchSpanProcessor(Nowhere()), 1),
        "100 %": Tracing(BatchSpanProcessor(Nowhere()), 100),
    }
    took: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(rounds + 1):
        for way, tracing in ways.items():
            service.tracing = tracing
            took[way].append(await _round(app, body))
    for tracing in ways.values():
        if tracing is not None:
            tracing.close()
    service.tracing = None
    return {way: statistics.median(found[1:]) for way, found in took.items()}


def main() -> None:
    """Print the middle of each way, in microseconds of processor time a preflight, and its ratio to the first."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.db'}"
        service = Service.open(Settings(database=url, bootstrap_key=KEY, breaker="off"))
        try:
            found = asyncio.run(_measure(service, rounds))
        finally:
            service.close()
    told = {
        way: {"microseconds": round(took, 1), "ratio": round(took / found["off"], 3)} for way, took in found.items()
    }
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
