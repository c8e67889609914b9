"""Makes one process after another that monitors a ledger until it is killed: `monitor_victims.py URL`.

Each line that comes in starts one; its number goes out. They are forked, so that many deaths do not cost as many imports.
"""

import os
import sys
import threading
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from api.monitoring import Monitor, Pace
from api.service import utc_now
from engine.ledger import Ledger
from tests.monitoring.watching import thrice

PACE = Pace(words=2, events=1, lease=timedelta(milliseconds=20), pause=timedelta(milliseconds=1))
"""As small steps as can be: the more of them, the more places to die in."""


def watch(url: str) -> None:
    """Work for ever, and silently: what this process says is read as numbers of victims."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    ledger = Ledger.open(url)
    Monitor(ledger, utc_now, "sha256:" + "ab" * 32, thrice, pace=PACE).run(threading.Event())


def main(url: str) -> None:
    """One victim for each line."""
    for _ in sys.stdin:
        victim = os.fork()
        if victim == 0:
            watch(url)
        sys.stdout.write(f"{victim}\n")
        sys.stdout.flush()
        os.waitpid(victim, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
