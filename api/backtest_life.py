"""Whether a back-test is at work, for those who did not start it: its process touches a file in its folder, and heeds another."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final

ALIVE: Final = "alive"
STOP: Final = "stop"
BEAT_SECONDS: Final = 2.0
DEAD_SECONDS: Final = 20.0
"""A process that has not touched its file for so long is gone."""


def is_fresh(path: Path) -> bool:
    """Whether some process has touched the file lately, and so lives."""
    try:
        touched = path.stat().st_mtime
    except OSError:
        return False
    return time.time() - touched < DEAD_SECONDS


def is_alive(folder: Path) -> bool:
    """Whether some process works in the folder."""
    return is_fresh(folder / ALIVE)


def alive_in(folder: Path) -> set[str]:
    """The names of the folders below in which some process works."""
    return {path.parent.name for path in folder.glob(f"*/{ALIVE}") if is_alive(path.parent)}


def begin(folder: Path) -> None:
    """Said by whoever starts the process: from now on others see it at work. Of a folder that is not there the process tells."""
    (folder / STOP).unlink(missing_ok=True)
    if folder.is_dir():
        (folder / ALIVE).touch()


def end(folder: Path) -> None:
    """Nobody works in the folder any more."""
    for name in (ALIVE, STOP):
        (folder / name).unlink(missing_ok=True)


def ask_to_stop(folder: Path) -> None:
    """Let whoever works in the folder stop after the chunk under way."""
    (folder / STOP).touch()


class Life:
    """Kept up while a process works: `with Life(folder) as life:`. `asked_to_stop` says whether somebody wants it to end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lexgate-life", daemon=True)
        self.asked_to_stop = False

    def __enter__(self) -> Life:
        (self._folder / ALIVE).touch()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        end(self._folder)

    def _beat(self) -> None:
        while not self._over.wait(BEAT_SECONDS):
            (self._folder / ALIVE).touch()
            self.asked_to_stop = self.asked_to_stop or (self._folder / STOP).exists()
