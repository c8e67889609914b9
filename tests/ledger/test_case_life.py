"""Any life of a case: whatever persons and the machine do in whatever order, two persons stand behind what is grave, and the
database agrees with every step that the rules allow."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.casework import (
    CaseFile,
    CaseRefused,
    CaseState,
    Step,
    Verdict,
    approved,
    claimed,
    decided,
    noted,
    reopened,
)
from engine.ledger import AlertsWanted, CaseMoved, CasesWanted, Ledger
from tests.ledger.alerting import RELEASE, alert, end, match, tell
from tests.ledger.factories import AT

PERSONS = st.sampled_from(["ann", "ben"])
SUBJECTS = st.sampled_from(["c-7", "c-8"])
SEVERITIES = st.sampled_from(["low", "medium", "high"])
HUMAN = st.sampled_from([one for one in Verdict if one is not Verdict.DELISTED])


class Life(RuleBasedStateMachine):
    """One ledger, two subjects, three officers, one list."""

    empty: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.empty, self.folder / "ledger.db")
        self.ledger = Ledger.open(f"sqlite:///{self.folder / 'ledger.db'}")
        self.at, self.count = AT, 0

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert self.ledger.verify().ok
            self.ledger.close()
            shutil.rmtree(self.folder)

    @rule(subject=SUBJECTS, severity=SEVERITIES, listed=st.booleans(), entry=st.integers(1, 2))
    def found(self, subject: str, severity: str, listed: bool, entry: int) -> None:
        self.count += 1
        if listed:
            tell(self.ledger, match(f"UN-SC:{entry}", subject, f"p:{entry}", severity=severity))
        else:
            tell(self.ledger, alert(f"scenario.{self.count}", subject, severity=severity))

    @rule(subject=SUBJECTS, entry=st.integers(1, 2))
    def delisted(self, subject: str, entry: int) -> None:
        end(self.ledger, match(f"UN-SC:{entry}", subject, f"p:{entry}"))

    @rule(actor=PERSONS, verdict=HUMAN, agrees=st.booleans())
    def somebody_works(self, actor: str, verdict: Verdict, agrees: bool) -> None:
        """The next thing to do with the first case that is not decided."""
        case = next((one for one in self.cases() if one.state is not CaseState.DECIDED), None)
        if case is None:
            return
        steps: dict[CaseState, Callable[[], Step]] = {
            CaseState.OPEN: lambda: claimed(case, actor, self.at, None),
            CaseState.CLAIMED: lambda: decided(case, actor, self.at, verdict, "r"),
            CaseState.PROPOSED: lambda: approved(case, actor, self.at, "r", agrees=agrees),
        }
        self.take(steps[case.state])

    @rule(actor=PERSONS, at=st.integers(0, 9), what=st.sampled_from(["note", "take over", "reopen"]))
    def somebody_does_something_else(self, actor: str, at: int, what: str) -> None:
        cases = self.cases()
        if not cases:
            return
        case = cases[at % len(cases)]
        steps: dict[str, Callable[[], Step]] = {
            "note": lambda: noted(case, actor, self.at, "r"),
            "take over": lambda: claimed(case, actor, self.at, "r"),
            "reopen": lambda: reopened(case, actor, self.at, "r"),
        }
        self.take(steps[what])

    def take(self, step_of: Callable[[], Step]) -> None:
        """What the rules allow, the database takes, but for a second open case of a subject."""
        self.at += timedelta(minutes=1)
        try:
            step = step_of()
        except CaseRefused:
            return
        try:
            self.ledger.cases.store(step, self.at, RELEASE)
        except CaseMoved:
            assert step.kind == "reopened", "the subject has another case by now"

    @invariant()
    def what_is_grave_has_two_persons(self) -> None:
        for case in self.cases():
            if case.state is not CaseState.DECIDED or case.verdict is Verdict.DELISTED:
                continue
            if case.verdict is Verdict.REPORT or case.severity == "high":
                assert case.proposed_by is not None
                assert case.decided_by not in (None, "system", case.proposed_by)

    @invariant()
    def every_alert_is_in_a_case_and_every_subject_has_one_open_case_at_most(self) -> None:
        cases = self.cases()
        still_open = [(one.subject_kind, one.subject) for one in cases if one.state is not CaseState.DECIDED]
        assert len(still_open) == len(set(still_open))
        known = {one.id for one in cases}
        for stored in self.alerts():
            assert stored.case_id in known

    def cases(self) -> list[CaseFile]:
        if not hasattr(self, "ledger"):
            return []
        return list(self.ledger.cases.page(CasesWanted(), limit=200, after=None).data)

    def alerts(self) -> tuple[Any, ...]:
        return self.ledger.alerts.page(AlertsWanted(), limit=200, after=None).data if hasattr(self, "ledger") else ()


def test_any_life_of_a_case(sqlite_url: str) -> None:
    Life.empty = Path(sqlite_url.removeprefix("sqlite:///"))
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=30,
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


pytestmark = pytest.mark.slow
