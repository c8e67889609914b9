"""`python -m api.backtest_worker FOLDER`: one ordered back-test. It tells how far it is on standard output, a JSON object a line.

It yields to everything else on the machine, stops between two chunks when it is told to, and leaves `result.json` at the end.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import FrameType

import orjson

from api.backtest_folder import ORDER, RESULT, OtherBacktest, put, release_in
from api.backtest_life import Life
from api.backtesting import NICE, Order, Progress, run_backtest, world_of
from api.logs import configure, hooks
from api.master_key import MasterKey
from api.settings import SettingsRefused, read_settings
from engine.backtest import BadTable, Stopped, Watch
from engine.ledger import Ledger, LedgerError


def main(arguments: list[str]) -> int:
    """Do what the folder orders. 0 where it is done or stopped, 1 where it failed."""
    folder = Path(arguments[0])
    return at_work(folder, lambda watch: _work(folder, watch))


def at_work(folder: Path, work: Callable[[Watch], None]) -> int:
    """Something long in a folder, which may be told to stop, by a signal or from elsewhere, and gives way. 0 where it is done or
    stopped, 1 where it failed."""
    stop: list[bool] = []

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.append(True)

    signal.signal(signal.SIGTERM, end)
    os.nice(NICE)
    life = Life(folder)
    watch = Watch(
        lambda chunks, payments: tell(Progress("running", chunks, payments)),
        lambda: bool(stop) or life.asked_to_stop,
    )
    try:
        with life:
            work(watch)
    except Stopped:
        tell(Progress("stopped"))
    except (BadTable, OtherBacktest, LedgerError, SettingsRefused, ValueError, OSError) as error:
        tell(Progress("failed", detail=str(error)))
        return 1
    return 0


def _work(folder: Path, watch: Watch) -> None:
    written = orjson.loads((folder / ORDER).read_bytes())
    order, settings = Order.read(orjson.dumps(written["order"])), read_settings()
    active = release_in(folder, written["was"])
    candidate = release_in(folder, written["now"], near=active)
    with Ledger.open(settings.database) as ledger:
        MasterKey(settings).unlock(ledger)
        world = world_of(active, ledger, settings, order.source)
        body = run_backtest(order, candidate, world, folder=folder, watch=watch)
    put(folder / RESULT, orjson.dumps(body, option=orjson.OPT_INDENT_2))
    tell(Progress("done", payments=body["payments"]["evaluated"]))


def tell(progress: Progress) -> None:
    """How far it is, to whoever started the process."""
    sys.stdout.buffer.write(orjson.dumps(asdict(progress)) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    configure("warning")
    hooks()
    sys.exit(main(sys.argv[1:]))
