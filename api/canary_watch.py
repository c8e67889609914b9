"""Lets a canary answer, and ends it by itself: in every process that serves, each by the same rows of the ledger.

Of all that see a reason to withdraw it one writes it down, and tells of it in the same transaction. Whoever sees the reason stops
at once, whether or not it could be written.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from api import __version__
from api.canary_sides import Sides
from api.ids import DecisionIds
from api.law_in_force import LawInForce
from api.logs import logger
from engine.alerts import Alert, AlertKind
from engine.drafting import Activation
from engine.ledger import Occasion, Told, TrialMoved
from engine.trials import (
    Cause,
    GuardState,
    Trial,
    TrialKind,
    TrialStep,
    numbers_of,
    stands_behind,
    superseded,
    withdrawn,
)

if TYPE_CHECKING:
    from api.service import Service

GUARD_SECONDS: Final = 1.0
"""Between two looks at what a canary has decided."""
RULE: Final = "incident.canary."
"""How the rules of such alerts begin; the cause follows."""
_log = logger("lexgate.canary")


class CanaryWatch:
    """What looks after canaries, in the thread that looks after the law. Its caller sees to it that one looks at a time."""

    def __init__(
        self,
        service: Service,
        usable: Callable[[str], LawInForce | None],
        retire: Callable[[LawInForce], None],
    ) -> None:
        """`usable`: a release, ready, or None where it may not answer or cannot be read; `retire`: it answers nobody any more."""
        self._service, self._usable, self._retire = service, usable, retire
        self._known: tuple[int, tuple[Trial, ...]] = 0, ()
        self._wrong: dict[str, tuple[Cause, str]] = {}
        """Canaries that answer nobody here, and why: until it is written down."""
        self._guarded_at = 0.0

    def look(self, holds: Activation | None) -> bool:
        """Serve, stop, withdraw. `holds`: what is in force by now. Whether anything changed. Raises LedgerError."""
        service = self._service
        while service.fallen:
            fall = service.fallen.popleft()
            self._wrong[fall.trial.id] = Cause.CRASH, f"A payment could not be decided under it ({fall.error})."
        running, changed = self._running(), False
        self._wrong = {one.id: self._wrong[one.id] for one in running if one.id in self._wrong}
        for trial in running:
            if holds is not None and holds.release != trial.base:
                changed |= self._supersede(trial, holds.release)
        canary = next((one for one in running if one.kind is TrialKind.CANARY), None)
        if canary is None or (holds is not None and holds.release != canary.base):
            return self._stop() or changed
        return self._serve(canary) or changed

    def _running(self) -> tuple[Trial, ...]:
        """Trials that go on; read again where there is a new event."""
        stored = self._service.ledger.trials
        last = stored.last()
        if last != self._known[0]:
            self._known = last, stored.running()
        return self._known[1]

    def _serve(self, trial: Trial) -> bool:
        service = self._service
        draft = service.ledger.drafts.one(trial.draft or "")
        if not stands_behind(draft, trial):
            self._wrong.setdefault(
                trial.id, (Cause.DRAFT, "Its draft was changed, sent back or withdrawn: nobody approves it now.")
            )
        if trial.id in self._wrong:
            return self._withdraw(trial)
        serving = service.law.canary
        if serving is not None and serving.trial == trial:
            return self._guard(trial)
        if service.law.digest != trial.base:
            return self._stop()  # this process has not come so far yet
        law = self._usable(trial.release)
        if law is None:
            why = "A process that serves cannot read it, or nobody who is trusted here signed it."
            self._wrong[trial.id] = Cause.UNUSABLE, why
            return self._withdraw(trial)
        self._stop()
        service.sides = Sides(service.ledger, trial)
        service.serve_canary(law, trial)
        _log.info("canary_serves", trial=trial.id, release=trial.release, share=trial.share)
        return True

    def _guard(self, trial: Trial) -> bool:
        if time.monotonic() - self._guarded_at < GUARD_SECONDS:
            return False
        verdict = self._sides(trial).verdict()
        self._guarded_at = time.monotonic()
        if verdict.state is not GuardState.LEFT:
            return False
        self._wrong[trial.id] = Cause.GUARDRAIL, verdict.sentences()[0]
        return self._withdraw(trial)

    def _sides(self, trial: Trial) -> Sides:
        service = self._service
        if service.sides is None or service.sides.trial.id != trial.id:
            service.sides = Sides(service.ledger, trial)
        return service.sides

    def _withdraw(self, trial: Trial) -> bool:
        """Stop, then write it down with an incident. What could not be written is tried again at the next look."""
        self._stop()
        service, (cause, why) = self._service, self._wrong[trial.id]
        now = service.clock()
        step = withdrawn(trial, now, cause, why, numbers_of(*self._sides(trial).read()))
        told = Told(Alert(
            AlertKind.INCIDENT, f"{RULE}{cause}", "lexgate", __version__, "service", trial.id, (trial.id,), now, "high",
            f"The canary {trial.id} of {trial.release} was withdrawn. {why}",
        ))  # fmt: skip
        if self._ended(step, told):
            _log.error("canary_withdrawn", trial=trial.id, release=trial.release, cause=cause.value, reason=why)
        del self._wrong[trial.id]
        return True

    def _supersede(self, trial: Trial, by: str) -> bool:
        """The release in force is not its base any more."""
        is_canary = trial.kind is TrialKind.CANARY
        if is_canary:
            self._stop()
        numbers = numbers_of(*self._sides(trial).read()) if is_canary else {}
        if self._ended(superseded(trial, self._service.clock(), by, numbers)):
            _log.info("trial_superseded", trial=trial.id, kind=trial.kind.value, by=by)
        self._wrong.pop(trial.id, None)
        return True

    def _ended(self, step: TrialStep, told: Told | None = None) -> bool:
        """Whether it was this process that wrote it down. The trial is not read again before that is known."""
        service = self._service
        occasion = Occasion(service.clock(), service.law.digest, DecisionIds(kind="case_"))
        try:
            service.ledger.trials.end(step, told=told, occasion=occasion)
        except TrialMoved:
            return False
        return True

    def _stop(self) -> bool:
        canary = self._service.stop_canary()
        if canary is None:
            return False
        if canary.scenarios is not self._service.law.scenarios:
            self._retire(canary)
        trial = canary.trial
        _log.info("canary_stops", trial=trial.id if trial else None)
        return True
