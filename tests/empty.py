"""Ledgers that are made once in a process: each test gets a copy of the file, empty or with the same rows in it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

from engine.ledger import Ledger

Fill = Callable[[str], object]
"""Writes to the ledger at an address, and closes it."""


def empty_ledger(path: Path) -> str:
    """Put a SQLite ledger there in which nothing is written. Returns its address."""
    path.write_bytes(_made())
    return f"sqlite:///{path}"


def filled_ledger(url: str, fill: Fill) -> str:
    """Fill the empty ledger at this address: a SQLite file is replaced by one that was filled before. Returns the address."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).write_bytes(_made(fill))
    else:
        fill(url)
    return url


@cache
def _made(fill: Fill | None = None) -> bytes:
    with tempfile.TemporaryDirectory(prefix="lexgate-") as folder:
        path = Path(folder) / "made.db"
        if fill is None:
            Ledger.open(f"sqlite:///{path}").close()
        else:
            fill(empty_ledger(path))
        log = path.with_name("made.db-wal")
        assert not log.exists() or log.stat().st_size == 0, "all of it is in the file"
        return path.read_bytes()
