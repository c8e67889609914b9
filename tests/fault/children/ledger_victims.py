"""Makes one process after another that writes decisions until it is killed: `ledger_victims.py URL LOG`.

Each line that comes in starts one; its number goes out. It notes every acknowledged id in LOG by one write(2), which a
killed process cannot take back. They are forked, not started, so that twenty deaths do not cost twenty imports.
"""

import asyncio
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from engine.ledger import EventKind, Ledger, Stored
from tests.ledger.factories import AT, asked, entry

CALLERS = 32


async def caller(ledger: Ledger, log: int, name: str) -> None:
    """Decide for ever; tell of every fifth decision what became of it."""
    number = 0
    while True:
        number += 1
        made = entry(id=f"dec_{name}_{number:06d}", answer=os.urandom(3000), idempotency=asked(f"{name}-{number}", b""))
        assert isinstance(await ledger.writer.write(made), Stored)
        os.write(log, f"{made.id}\n".encode())
        if number % 5 == 0:
            await asyncio.to_thread(ledger.history.record_event, made.id, EventKind.AUTHORISED, AT)
            os.write(log, f"{made.id} authorised\n".encode())


async def write(url: str, log: int) -> None:
    """All callers at once."""
    ledger = Ledger.open(url)
    await asyncio.gather(*(caller(ledger, log, f"{os.getpid()}_{one:02d}") for one in range(CALLERS)))


def main(url: str, path: str) -> None:
    """One victim for each line."""
    log = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for _ in sys.stdin:
        victim = os.fork()
        if victim == 0:
            asyncio.run(write(url, log))
        sys.stdout.write(f"{victim}\n")
        sys.stdout.flush()
        os.waitpid(victim, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
