"""`python -m api.ledger_writer FILE`: writes decisions for the process that started it, which speaks over this open file.

`lexgate serve` starts it by itself; nobody else has a use for it.
"""

from __future__ import annotations

import gc
import os
import socket
import struct
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe

from api.logs import configure
from api.master_key import MasterKey
from api.settings import Settings, read_settings
from engine.ledger import Ledger
from engine.ledger.beside import ANSWERS, Beside, write_for_another


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def beside(settings: Settings) -> Beside | None:
    """The process, where the settings want one: by themselves on SQLite, and where there is a core for it."""
    is_wanted = settings.writer == "beside" or (settings.writer == "auto" and cores() > 1)
    return Beside(_command, _line) if is_wanted and settings.database.startswith("sqlite") else None


def _line() -> tuple[Connection, Connection]:
    """Both ends of a line. Whoever sends to one that takes nothing hears of it after as long as a batch may take."""
    here, there = Pipe()
    with socket.socket(fileno=os.dup(here.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(ANSWERS.total_seconds()), 0))
    return here, there


def _command(line: int) -> Sequence[str]:
    return [sys.executable, "-m", "api.ledger_writer", str(line)]


def main(line: int) -> None:
    """Until the other side ends. Raises LedgerError, MasterKeyRefused, SettingsRefused: then it is not there, and the service
    writes by itself."""
    settings = read_settings()
    configure(settings.log_level)
    with Ledger.open(settings.database) as ledger:
        if ledger.subjects.is_protected:
            MasterKey(settings).protect(ledger)
        gc.collect()
        gc.freeze()
        write_for_another(line, ledger.writer.write_here)


if __name__ == "__main__":
    main(int(sys.argv[1]))
