"""The clock of retention: what no law asks for any more is erased day by day, where the house wants that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from api.beside import Beside
from api.logs import logger
from api.retaining import Ran, Retention
from api.turns import Turn
from engine.ledger import LedgerError

BY: Final = "system"
BITE: Final = 100
"""Payers erased at once."""
LOOK_SECONDS: Final = 60.0
"""Between two bites."""
REST_LOOKS: Final = 60
"""Looks to rest when the end was reached: nothing becomes due within the hour but by the day's change."""
_log = logger("lexgate.retention")


class RetentionClock(Beside):
    """A thread that erases what is due, a bite at a time. Of several processes one does it."""

    def __init__(
        self, retention: Callable[[], Retention], told: Callable[[Ran], None], turn: Turn | None = None
    ) -> None:
        """`told`: hears of each run."""
        super().__init__("lexgate-retention")
        self._retention, self._told, self._turn = retention, told, turn
        self._place: str | None = None
        self._rest = 0

    def look(self) -> bool:
        """Take a bite. Whether one was taken."""
        try:
            if self._turn is not None and not self._turn.mine():
                return False
            if self._rest:
                self._rest -= 1
                return False
            ran = self._retention().run(BY, limit=BITE, after=self._place)
        except LedgerError as error:
            _log.warning("retention_not_run", code=error.code)
            return False
        self._told(ran)
        self._place = ran.next
        self._rest = REST_LOOKS if ran.next is None else 0
        _log.info("retention_ran", erased=ran.erased, failed=ran.failed, seen=ran.counted)
        return True

    def _run(self) -> None:
        while not self._stop.wait(LOOK_SECONDS):
            self.look()
        if self._turn is not None:
            self._turn.give_back()
