"""Calls that were not let in, told in the chain: who, from where, for want of what, and how often.

Nobody waits for it, and nobody fills the ledger with it: of equal ones the first is told at once, and how many more there were
when ten minutes are over or the service closes. Of those who are not known only so many are told apart.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from engine.ledger import Ledger

WINDOW: Final = timedelta(minutes=10)
MOST: Final = 200
"""Denials that are told apart within a window; what is beyond is told together."""


class Why(StrEnum):
    """For want of what somebody is not let in."""

    NO_TOKEN = "no_token"  # noqa: S105  a word for that there was none
    """No `Authorization`, or none that can be read."""
    UNKNOWN = "unknown"
    """A token that nobody ever had here."""
    REVOKED = "revoked"
    EXPIRED = "expired"
    SESSION_OVER = "session_over"
    """A session that has ended, or whose person or key may not come in."""
    SCOPE = "scope"
    ADDRESS = "address"
    """A key that may not be used from there."""
    LIMITS = "limits"
    """A key that may not ask about these countries or merchants."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A call that was not let in."""

    why: Why
    holder: str = ""
    """Id of the key, or of the person. Empty: nobody knows."""
    source: str = ""
    """The address it came from. Of somebody who is known it is that of the first such call."""
    wanted: str = ""
    """The scope that is wanted there. Empty: any."""


Deny = Callable[[Denial], None]
_MANY: Final = Denial(Why.UNKNOWN, source="many")


class Denials:
    """What one process has to tell."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger, self._clock = ledger, clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, ...], tuple[Denial, int]] = {}
        self._since: datetime | None = None

    def __call__(self, denial: Denial) -> None:
        """Tell one, or count it with its like."""
        now = self._clock()
        key = (denial.why, denial.holder or denial.source, denial.wanted)
        with self._lock:
            if self._since is None or not self._since <= now < self._since + WINDOW:
                self._tell_rest(now)
                self._since = now
            if key not in self._known and len(self._known) >= MOST:
                denial, key = _MANY, (_MANY.why, _MANY.source, "")
            first, more = self._known.get(key, (denial, -1))
            self._known[key] = first, more + 1
            if more < 0:
                self._note(first, 1, now)

    def close(self) -> None:
        """Tell what was counted and not told yet."""
        with self._lock:
            self._tell_rest(self._clock())

    def _tell_rest(self, now: datetime) -> None:
        for denial, more in self._known.values():
            if more:
                self._note(denial, more, now)
        self._known.clear()

    def _note(self, denial: Denial, times: int, now: datetime) -> None:
        self._ledger.people.deny(now, denial.holder or denial.source, {**asdict(denial), "times": times})
