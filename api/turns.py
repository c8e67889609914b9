"""Work that one of several processes does at a time, because all of them would only do the same: by a row of the ledger."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from api.ids import DecisionIds
from api.logs import logger
from engine.ledger import Hold, Ledger, LedgerError

LEASE: Final = timedelta(seconds=10)
"""How long the work rests where the process that did it dies."""
_ASK_SECONDS: Final = 1.0
"""Between two looks whether it is free, of who does not have it."""
_log = logger("lexgate.turns")


class Turn:
    """One process's place at a piece of work. Not shared between threads."""

    def __init__(self, ledger: Ledger, name: str, clock: Callable[[], datetime], lease: timedelta = LEASE) -> None:
        self._monitoring, self._name, self._clock, self._lease = ledger.monitoring, name, clock, lease
        self._holder = DecisionIds(kind="wrk_")()
        self._hold: Hold | None = None
        self._ask_at = 0.0

    def mine(self) -> bool:
        """Whether this process does the work now. Waits for the disk where the lease is renewed. Raises LedgerError, after which
        the work is nobody's as far as this process knows."""
        if time.monotonic() < self._ask_at:
            return self._hold is not None
        held, self._hold = self._hold, None
        self._hold = self._monitoring.take(self._name, self._holder, self._clock(), self._lease)
        # Renewed at half time: what is begun as ours ends as ours.
        wait = self._lease.total_seconds() / 2 if self._hold is not None else _ASK_SECONDS
        self._ask_at = time.monotonic() + wait
        if self._hold is not None and held is None:
            _log.info("turn_taken", work=self._name)
        return self._hold is not None

    def give_back(self) -> None:
        """Another process need not wait for the lease to end."""
        if self._hold is not None:
            try:
                self._monitoring.release(self._hold)
            except LedgerError as error:
                _log.warning("turn_not_given_back", work=self._name, code=error.code)
            self._hold = None
