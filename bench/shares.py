"""What processes have used of the cores, and on which cores they may run. Linux: from `/proc`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PARENT, _USED = 1, slice(11, 15)
"""Places in `/proc/PID/stat` after the name: the parent; the time of the process and of children that have ended, in ticks."""


def stat_of(text: str) -> list[str]:
    """The fields of `/proc/PID/stat` after the name, which may hold anything."""
    return text.rpartition(") ")[2].split()


def family(process: int) -> list[int]:
    """A process and all that descend from it and are there."""
    parents = {pid: int(fields[_PARENT]) for pid, fields in _all().items()}
    found = [process]
    for one in found:
        found += [pid for pid, parent in parents.items() if parent == one]
    return found


def seconds_used(processes: Iterable[int]) -> float:
    """Of a core, by these and by their children that have ended."""
    known = _all()
    return sum(sum(map(int, known[one][_USED])) for one in processes if one in known) / _TICKS


def confine(processes: Iterable[int], cores: set[int]) -> None:
    """Let processes, with all their threads and those to come, run on these cores alone."""
    for process in processes:
        for thread in _threads(process):
            try:
                os.sched_setaffinity(thread, cores)
            except ProcessLookupError:
                continue  # it has just ended


def _threads(process: int) -> list[int]:
    try:
        return [int(entry.name) for entry in (_PROC / str(process) / "task").iterdir()]
    except FileNotFoundError:
        return []


def _all() -> dict[int, list[str]]:
    found = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = stat_of((entry / "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
    return found
