"""`python -m bench.fault_service`: Lexgate's own supervisor and workers, each worker with a clock that the run can turn.

With arguments it is one of the workers, as the supervisor starts them. The clock of the worker at place N is so many seconds off
as the file N in the folder FAULT_CLOCKS says; no such file: it is right.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from api.accounts import first_administrator
from api.logs import configure
from api.serve_worker import Post, main
from api.service import Service
from api.settings import Settings, read_settings
from api.supervisor import Sockets, Supervisor

CLOCKS: Final = "FAULT_CLOCKS"
_LOOK_SECONDS: Final = 0.02


class TurnedClock:
    """The machine's clock, so far off as a file says."""

    def __init__(self, file: Path) -> None:
        self._file, self._off, self._look_at = file, timedelta(0), 0.0

    def __call__(self) -> datetime:
        """The instant as this worker believes it to be."""
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + _LOOK_SECONDS
            try:
                self._off = timedelta(seconds=float(self._file.read_text()))
            except (OSError, ValueError):
                self._off = timedelta(0)
        return datetime.now(UTC) + self._off


def opened(settings: Settings, clock: TurnedClock) -> Service:
    """The service with that clock."""
    service = Service.open(settings, clock=clock)
    service.first_code = first_administrator(service.ledger, settings, clock())
    return service


def supervise() -> int:
    """As `lexgate serve --workers` does."""
    settings = read_settings()
    configure(settings.log_level)
    sockets = Sockets(settings.host, settings.port, settings.workers)
    command = (sys.executable, "-m", "bench.fault_service")
    seconds = settings.drain_seconds + settings.graceful_seconds
    return asyncio.run(Supervisor(sockets, settings.workers, seconds=seconds, command=command).run())


def run(arguments: list[str]) -> int:
    """The supervisor, or a worker."""
    if not arguments:
        return supervise()
    clock = TurnedClock(Path(os.environ[CLOCKS]) / str(Post.read(arguments).place))
    return main(arguments, lambda settings: opened(settings, clock))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
