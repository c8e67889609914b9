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


def entry(identity: str) -> DecisionEntry:
    """A decision of a usual size, which the database cannot make smaller."""
    facts, inputs, answer = (secrets.token_hex(size // 2).encode() for size in _BYTES.values())
    return DecisionEntry(
        identity, datetime.now(UTC), "key_1", None, identity, "allow", "FR", "sha256:" + "ab" * 32, facts, inputs, answer
    )  # fmt: skip


async def _write(ledger: Ledger, seconds: float, callers: int) -> int:
    ids, until, written = DecisionIds(), time.monotonic() + seconds, 0

    async def one() -> None:
        nonlocal written
        while time.monotonic() < until:
            await ledger.writer.write(entry(ids()))
            written += 1

    await asyncio.gather(*(one() for _ in range(callers)))
    return written


def work(url: str, seconds: float, callers: int) -> tuple[int, float]:
    """What one process wrote, and what it used of a core meanwhile, in seconds."""
    with Ledger.open(url) as ledger:
        used = time.process_time()
        written = asyncio.run(_write(ledger, seconds, callers))
        return written, time.process_time() - used


def main() -> None:
    """Print one JSON document."""
    parser = argparse.ArgumentParser(description="What one chain takes.")
    parser.add_argument("url")
    parser.add_argument("--writers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--callers", type=int, default=64, help="decisions that wait at a time, in each process")
    parser.add_argument("--seconds", type=float, default=5)
    asked = parser.parse_args()
    Ledger.open(asked.url).close()
    found = []
    for writers in asked.writers:
        with get_context("spawn").Pool(writers) as pool:
            rows = pool.starmap(work, [(asked.url, asked.seconds, asked.callers)] * writers)
        total, used = sum(written for written, _ in rows), sum(seconds for _, seconds in rows)
        found.append({
            "writers": writers, "per_second": round(total / asked.seconds), "writer_us_each": round(used / total * 1e6),
            "load": round(os.getloadavg()[0], 1),
        })  # fmt: skip
    print(json.dumps(found))


if __name__ == "__main__":
    main()
