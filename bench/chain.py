"""`python -m bench.chain URL`: how many decisions a second one chain takes, from one and from several writing processes.

Each process has a writer of its own, as a worker has, and hands it decisions of a usual size as fast as they are stored: nothing
is decided, so this is what the ledger alone can do. The ledger at URL is filled with rows that mean nothing: use a database made
for it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import time
from datetime import UTC, datetime
from multiprocessing import get_context
from typing import Final

from api.ids import DecisionIds
from engine.ledger import DecisionEntry, Ledger

_BYTES: Final = {"facts": 700, "inputs": 300, "answer": 4_000}
"""Of a preflight about authentication."""
_SENTENCE: Final = {"rule": "", "because": "The amount is below the limit of the exemption", "verdict": "allow"}


def entry(identity: str, bodies: str = "text") -> DecisionEntry:
    """A decision of a usual size. Its bodies are text like that of an answer, or as if they were encrypted: a database makes the
    first smaller, which takes it as long as all the rest of the row, and gives up at once with the second."""
    make = _text if bodies == "text" else secrets.token_bytes
    facts, inputs, answer = map(make, _BYTES.values())
    return DecisionEntry(
        identity, datetime.now(UTC), "key_1", None, identity, "allow", "FR", "sha256:" + "ab" * 32, facts, inputs, answer
    )  # fmt: skip


def _text(size: int) -> bytes:
    found = [{**_SENTENCE, "rule": secrets.token_hex(8)} for _ in range(max(1, size // 100))]
    return json.dumps(found).encode()


async def _write(ledger: Ledger, seconds: float, callers: int, bodies: str) -> int:
    ids, until, written = DecisionIds(), time.monotonic() + seconds, 0

    async def one() -> None:
        nonlocal written
        while time.monotonic() < until:
            await ledger.writer.write(entry(ids(), bodies))
            written += 1

    await asyncio.gather(*(one() for _ in range(callers)))
    return written


def work(url: str, seconds: float, callers: int, bodies: str) -> tuple[int, float]:
    """What one process wrote, and what it used of a core meanwhile, in seconds."""
    with Ledger.open(url) as ledger:
        used = time.process_time()
        written = asyncio.run(_write(ledger, seconds, callers, bodies))
        return written, time.process_time() - used


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description="What one chain takes.")
    parser.add_argument("url")
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--callers", type=int, default=64, help="decisions that wait at a time, in each process")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--bodies", choices=["text", "encrypted"], default="text")
    asked = parser.parse_args()
    Ledger.open(asked.url).close()
    found = []
    for writers in asked.writers:
        with get_context("spawn").Pool(writers) as pool:
            rows = pool.starmap(work, [(asked.url, asked.seconds, asked.callers, asked.bodies)] * writers)
        total, used = sum(written for written, _ in rows), sum(seconds for _, seconds in rows)
        found.append({
            "writers": writers, "per_second": round(total / asked.seconds), "writer_us_each": round(used / total * 1e6),
            "load": round(os.getloadavg()[0], 1),
        })  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
