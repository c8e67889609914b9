"""What a canary and the law beside it have decided since it began, read from the ledger once and row by row onwards."""

from __future__ import annotations

import threading
from typing import Final

from engine.ledger import Ledger
from engine.trials import Counts, Guardrail, Trial, Verdict, judged

ROWS: Final = 20_000
"""Decisions that one statement counts."""


class Sides:
    """The two sides of one canary. May be shared between threads."""

    def __init__(self, ledger: Ledger, trial: Trial) -> None:
        self.trial = trial
        self._ledger, self._through = ledger, trial.begun
        self._canary, self._control = Counts(), Counts()
        self._turn = threading.Lock()

    def read(self) -> tuple[Counts, Counts]:
        """What was decided under the canary and under its base until now. What was read before is not read again.

        Raises LedgerError."""
        with self._turn:
            while True:
                counts, last = self._ledger.outcomes(after=self._through, below=self.trial.over, limit=ROWS)
                for (release, outcome), number in counts.items():
                    if release == self.trial.release:
                        self._canary = self._canary.plus(outcome, number)
                    elif release == self.trial.base:
                        self._control = self._control.plus(outcome, number)
                self._through = last
                if sum(counts.values()) < ROWS:
                    return self._canary, self._control

    def known(self) -> tuple[Counts, Counts]:
        """The same, as it was when it was last read."""
        with self._turn:
            return self._canary, self._control

    def verdict(self) -> Verdict:
        """What the guardrail says now. Raises LedgerError."""
        return judged(self.trial.guardrail or Guardrail(), *self.read())
