"""The thread that makes new decisions findable."""

from __future__ import annotations

from typing import Final

from api.beside import Beside
from api.logs import logger
from api.turns import Turn
from engine.ledger import Ledger, LedgerError

_BUSY: Final = 50
_IDLE: Final = 2_000
"""Decisions of one bite. Two thousand take a tenth of a second; so do five hundred where decisions are made beside them, and
whoever asks then waits for that."""
_BUSY_SECONDS: Final = 0.1
"""Between two small bites."""
_log = logger("lexgate.search")


class Indexer(Beside):
    """Makes decisions findable, in a thread of its own. While decisions are being made it takes small bites: whoever asks must
    not wait for those who will look."""

    def __init__(self, ledger: Ledger, turn: Turn | None = None) -> None:
        """`turn`: of several processes one does it; None: there are no others."""
        super().__init__("lexgate-search")
        self._ledger, self._turn = ledger, turn
        self._last: object = None

    def look(self) -> float:
        """Take some in. Returns for how many seconds to rest."""
        try:
            if self._turn is not None and not self._turn.mine():
                return 1.0
            newest = self._ledger.newest_decision()
            busy, self._last = newest != self._last, newest
            bite = _BUSY if busy else _IDLE
            taken = self._ledger.search.take_in(bite)
            if taken < bite:
                return 1.0
            return _BUSY_SECONDS if busy else 0.05
        except LedgerError as error:
            _log.warning("search_not_taken_in", code=error.code)
            return 5.0

    def _run(self) -> None:
        while not self._stop.wait(self.look()):
            pass
        if self._turn is not None:
            self._turn.give_back()
