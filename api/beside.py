"""Threads beside the service: begun with it, ended before it lets go of the ledger."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Beside(ABC):
    """A thread of its own. Whoever is one works in `_run` until `_stop` is set."""

    def __init__(self, name: str) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the step at hand. Nothing happens where it was never begun."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @abstractmethod
    def _run(self) -> None: ...
