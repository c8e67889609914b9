"""Where and with what a run was made."""

from __future__ import annotations

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

PACKAGES = ("fastapi", "httptools", "orjson", "pydantic", "sqlalchemy", "starlette", "uvicorn", "uvloop")
SYNCS = 50


@dataclass(frozen=True, slots=True)
class Machine:
    """What a reader needs to know before comparing absolutes."""

    cpu: str
    cores: int
    system: str
    python: str
    sqlite: str
    fsync_ms: float
    load: float
    at: datetime
    packages: tuple[tuple[str, str], ...]


def machine(folder: Path) -> Machine:
    """Look at this machine; `folder` is where the ledger of the run will be."""
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.release()}",
        python=f"{platform.python_implementation()} {platform.python_version()}",
        sqlite=sqlite3.sqlite_version,
        fsync_ms=_fsync_ms(folder),
        load=os.getloadavg()[0],
        at=datetime.now(UTC),
        packages=tuple((name, _version(name)) for name in PACKAGES),
    )


def cores() -> tuple[int | None, int | None]:
    """One core for what is measured and one for what drives it; nothing is pinned where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


def _cpu() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"


def _lines(path: Path) -> Sequence[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return ()


def _fsync_ms(folder: Path) -> float:
    """The median time of a small write and its fsync: what a durable answer cannot be faster than."""
    found: list[float] = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            begun = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            found.append(time.perf_counter() - begun)
    return median(found) * 1000


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
