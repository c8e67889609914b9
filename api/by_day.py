"""What is worked out of a whole release for a day, and kept until either is another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

_Found = TypeVar("_Found")


class ByDay:
    """By name: one key and what came of it. Whoever asks while it is worked out waits for it."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[object, Any]] = {}
        self._lock = threading.Lock()

    def of(self, name: str, key: object, work: Callable[[], _Found]) -> _Found:
        """As it was worked out under this key, or now."""
        with self._lock:
            known = self._known.get(name)
            if known is None or known[0] != key:
                known = self._known[name] = key, work()
            found: _Found = known[1]
            return found
