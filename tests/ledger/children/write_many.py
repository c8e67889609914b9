"""Writes decisions, sixteen at a time, once a line comes in, and tells their numbers: `write_many.py URL NAME COUNT`."""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from engine.ledger import Ledger, Stored
from tests.ledger.factories import asked, entry


async def write(ledger: Ledger, name: str, numbers: range) -> list[int]:
    """One after the other."""
    seqs = []
    for number in numbers:
        made = entry(id=f"dec_{name}_{number:06d}", idempotency=asked(f"{name}-{number}", b""))
        result = await ledger.writer.write(made)
        assert isinstance(result, Stored)
        seqs.append(result.seq)
        await asyncio.sleep(0.002)  # let the other process in: SQLite's lock knows no queue
    return seqs


async def main(url: str, name: str, how_many: int) -> list[int]:
    """Sixteen callers."""
    with Ledger.open(url) as ledger:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        shares = [range(start, how_many, 16) for start in range(16)]
        told = await asyncio.gather(*(write(ledger, name, share) for share in shares))
        return [seq for seqs in told for seq in seqs]


if __name__ == "__main__":
    url, name, how_many = sys.argv[1:]
    sys.stdout.write(json.dumps(asyncio.run(main(url, name, int(how_many)))))
