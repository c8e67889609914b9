"""Shadows: what each release on trial would have answered, evaluated beside the service from the decisions as they are stored.

A worker takes the next decisions of a shadow, asks them of the release as a back-test does, and leaves what they came to with
how far it has looked: of two workers at the same decisions one leaves it. Nothing of a shadow is ever served.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from api.backtest_sources import stored_of
from api.logs import logger
from engine.backtest import (
    Bench,
    Compared,
    LeftOut,
    Releases,
    Stored,
    Tally,
    compare_stored,
    differing,
    joined,
    nothing,
    tally,
    together,
)
from engine.decide import BUILT
from engine.ledger import Ledger, LedgerError, Piece, StoredDecision, TrialMoved
from engine.money import RateTable
from engine.packs import PackError, PackSet
from engine.trials import Trial

CRASHED: Final = "crashed"
"""Why a decision is left out that the release cannot decide on."""
_KEPT: Final = 16
"""Shadows whose releases stay loaded, and whose sums stay in memory."""
_ENDLESS: Final = 2**63 - 1
_log = logger("lexgate.shadows")


@dataclass(frozen=True, slots=True)
class ShadowPace:
    """How much at a time, and how often."""

    chunk: int = 200
    """Decisions of one piece at most."""
    slice: int = 20
    """Decisions between two rests: each rest is as long as the work before it, so that half of a core stays free at least."""
    patience: timedelta = timedelta(seconds=10)
    """So long the first decision waits at most for others to fill a piece."""
    pause: timedelta = timedelta(seconds=1)
    """Between two looks when there is nothing to do."""
    aside: timedelta = timedelta(seconds=30)
    """How long a worker leaves a shadow to the other one that was quicker."""


@dataclass(slots=True)
class ShadowWorker:
    """One worker. Several may run beside each other, in one process or in many."""

    ledger: Ledger
    packs_of: Callable[[str], PackSet | None]
    rates: RateTable
    clock: Callable[[], datetime]
    pace: ShadowPace = field(default_factory=ShadowPace)
    rest: Callable[[float], object] = time.sleep
    _loaded: OrderedDict[str, Releases] = field(default_factory=OrderedDict)
    _unusable: set[str] = field(default_factory=set)
    _aside: dict[str, float] = field(default_factory=dict)
    """Shadows that are left to another worker, and until when."""

    def run(self, stop: threading.Event) -> None:
        """Work, wait, work, until told to stop. A ledger that fails is tried again after a pause."""
        self.rest = stop.wait
        while not stop.is_set():
            try:
                if self.step():
                    continue
            except LedgerError as error:
                _log.warning("shadows_wait", code=error.code)
            stop.wait(self.pace.pause.total_seconds())

    def run_once(self) -> int:
        """Evaluate all that waits, without a rest. Returns how many decisions that were."""
        self.rest, done = lambda _seconds: None, 0
        while step := self.step(patient=False):
            done += step
        return done

    def step(self, *, patient: bool = True) -> int:
        """One piece of each shadow for which enough waits; `patient`: or has waited long enough. Returns how many decisions were
        looked at. Raises LedgerError."""
        return sum(self._piece(trial, patient=patient) for trial in self.ledger.trials.to_count())

    def _piece(self, trial: Trial, *, patient: bool) -> int:
        if self._aside.get(trial.id, 0) > time.monotonic():
            return 0
        stored, (number, after) = self.ledger.trials, self.ledger.trials.cursor(trial)
        if patient and trial.running:
            waits = stored.waiting(trial, after, self.pace.chunk)
            waited = timedelta() if waits.since is None else self.clock() - waits.since
            if waits.decisions < self.pace.chunk and waited < self.pace.patience:
                return 0
        releases = self._releases(trial)
        if releases is None:
            return 0
        upto = _ENDLESS if trial.over is None else trial.over - 1
        decisions = self.ledger.stretch(None, None, after=after, upto=upto, limit=self.pace.chunk)
        if not decisions:
            return 0
        compared = joined([self._rested(part, trial, releases) for part in _slices(decisions, self.pace.slice)])
        counted, apart = tally(compared, BUILT), differing(compared, BUILT)
        piece = Piece(trial.id, number + 1, after, decisions[-1].seq, len(decisions), counted, apart)
        try:
            stored.leave(piece)
        except TrialMoved:
            self._aside[trial.id] = time.monotonic() + self.pace.aside.total_seconds()
            return 0
        return len(decisions)

    def _rested(self, part: tuple[StoredDecision, ...], trial: Trial, releases: Releases) -> Compared:
        """A few decisions, and a rest as long as they took."""
        begun = time.monotonic()
        found = compared_beside(
            [stored_of(one, answered=one.release == trial.base) for one in part],
            releases,
        )
        self.rest(time.monotonic() - begun)
        return found

    def _releases(self, trial: Trial) -> Releases | None:
        """Both releases, loaded. None, once told in the log, where this version of the software cannot read one."""
        if trial.id in self._loaded:
            self._loaded.move_to_end(trial.id)
            return self._loaded[trial.id]
        if trial.id in self._unusable:
            return None
        releases = releases_of(trial, self.packs_of, self.rates)
        if releases is None:
            self._unusable.add(trial.id)
            _log.error("shadow_unusable", trial=trial.id, release=trial.release)
            return None
        self._loaded[trial.id] = releases
        while len(self._loaded) > _KEPT:
            self._loaded.popitem(last=False)
        return releases


def _slices(decisions: tuple[StoredDecision, ...], size: int) -> list[tuple[StoredDecision, ...]]:
    return [decisions[start : start + size] for start in range(0, len(decisions), size)]


def releases_of(trial: Trial, packs_of: Callable[[str], PackSet | None], rates: RateTable) -> Releases | None:
    """The two releases that a shadow compares; None where one is not here or cannot be read."""
    try:
        base, tried = packs_of(trial.base), packs_of(trial.release)
    except (PackError, ValueError):
        return None
    return None if base is None or tried is None else Releases.of(Bench(base, BUILT, rates), tried)


def compared_beside(stored: list[Stored], releases: Releases) -> Compared:
    """Stored decisions under both releases. One that cannot be decided on is left out by name, and hides no other."""
    try:
        return compare_stored(stored, releases)
    except Exception as error:  # the edge of a release under trial: what it trips over is counted
        if len(stored) > 1:
            return joined([compared_beside([one], releases) for one in stored])
        _log.warning("shadow_crashed", decision=stored[0].id, exception=type(error).__name__)
        return Compared(
            compare_stored([], releases).frame, (LeftOut(stored[0].id, CRASHED, type(error).__name__),), _none
        )


def _none(_place: int) -> tuple[dict[str, object], dict[str, object]]:
    raise IndexError("nothing was compared")


@dataclass(slots=True)
class Sums:
    """What shadows have counted, added up: what was read of a shadow before is not read again."""

    ledger: Ledger
    _known: OrderedDict[str, tuple[int, Tally]] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def of(self, trial_id: str) -> Tally:
        """The tally of all pieces until now. Raises LedgerError."""
        with self._turn:
            number, found = self._known.get(trial_id, (0, nothing()))
            while pieces := self.ledger.trials.pieces(trial_id, number):
                found = together([found, *(dict(one.tally) for one in pieces)])
                number = pieces[-1].number
            self._known[trial_id] = number, found
            self._known.move_to_end(trial_id)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
            return found
