"""The clock of the nightly re-evaluation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from api.beside import Beside
from api.logs import logger
from api.reevaluations import Reevaluations
from engine.packs import PackSet

LOOK_SECONDS: Final = 30.0
"""Between two looks at the clock."""
LATE: Final = timedelta(hours=1)
"""How late it may begin. A service that starts in the middle of the day does not begin in the middle of the day."""
_log = logger("lexgate.reevaluation")


class Nightly(Beside):
    """A thread that begins one a day, from a local hour on. Several processes may: one of them begins it."""

    def __init__(
        self, at: time, zone: tzinfo, runs: Reevaluations, packs: Callable[[], PackSet], new_id: Callable[[], str],
        clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__("lexgate-reevaluation")
        self._at, self._zone, self._runs, self._packs, self._new_id, self._clock = at, zone, runs, packs, new_id, clock

    def look(self) -> bool:
        """Begin one if it is due. Whether one was begun."""
        now = self._clock()
        # Where clocks are put forward and leave the hour out, it is read by the offset before: an hour later by the new one.
        due = datetime.combine(now.astimezone(self._zone).date(), self._at, self._zone)
        if not timedelta(0) <= now - due < LATE:
            return False
        try:
            begun = self._runs.begin_night(due.date(), self._new_id, self._packs(), now)
        except OSError as error:
            _log.error("reevaluation_not_begun", reason=str(error))
            return False
        if begun:
            _log.info("reevaluation_begun", night=due.date().isoformat())
        return begun

    def _run(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_SECONDS):
            self.look()


__all__ = ["Nightly"]
