"""The whole life, walked at random: whatever people do in whatever order, what four eyes and the stages forbid never happens."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from api.onboarding import Bench, case_of
from engine.ledger import Ledger
from engine.onboarding.life import decided, handed_in, hit, opened, swept, trading
from engine.onboarding.model import Application, Case, Document, Transition
from engine.onboarding.refusals import Refused
from engine.onboarding.states import (
    DECISIONS,
    FINAL,
    IN_SERVICE,
    MACHINE,
    PASSING,
    State,
    Trading,
    Who,
    allowed,
)
from tests.empty import empty_ledger
from tests.onboarding.applying import CONDITIONS, DAY, PERSON, UNDRAWN, applied, asked, document, packs

PEOPLE = st.sampled_from(["key_1", "key_2", "key_3", "key_4"])
HANDED = ("created", "submitted", "changed", "documents_added", "materially_changed")
CHANGES: list[dict[str, Any]] = [
    {"address": "2 rue du Four"}, {"industry": "7995"}, {"industry": "5942"}, {"country": "DE"},
    {"owners": [{**PERSON, "share": "100", "politically_exposed": "foreign"}]}, {"owners": [{**PERSON, "share": "20"}]},
    {"account": {"iban": "FR15 2004 1010 0505 0001 3M02 606", "holder": "Librairie Martin SARL"}},
    {"expected": {"countries": ["IR"]}},
]  # fmt: skip


class Life(RuleBasedStateMachine):
    """One case, four people, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.day = DAY
        self.case: Case | None = None
        self.history: list[Transition] = []
        self.screening: dict[str, str] | None = {}

    def everything(self, actor: str = MACHINE) -> Any:
        assert self.case is not None
        return self._asked(self.case.application, actor)

    def _asked(self, application: Application, actor: str) -> Any:
        registers = {} if self.screening == {} else {"screening": self.screening}
        return asked(application, actor, self.day, **registers)

    def take(self, made: list[Transition]) -> None:
        state, number = (self.case.state, self.case.number) if self.case else (None, 0)
        for one in made:
            number += 1
            assert (one.before, one.case.number) == (state, number)
            assert one.before is None or any(allowed(one.before, one.kind, one.case.state, who) for who in Who)
            state = one.case.state
        self.history += made
        if made:
            self.case = made[-1].case

    @initialize(who=PEOPLE, draft=st.booleans(), screened=st.booleans(), change=st.sampled_from([{}, *CHANGES]))
    def open(self, who: str, draft: bool, screened: bool, change: dict[str, Any]) -> None:
        self.screening = {} if screened else None
        application = applied(**change)
        self.take(opened("onb_1", application, self._asked(application, who), draft=draft))

    @rule(who=PEOPLE, change=st.sampled_from(CHANGES))
    def change(self, who: str, change: dict[str, Any]) -> None:
        assert self.case is not None
        new = Application.model_validate({**self.case.application.model_dump(exclude_none=True), **change})
        try:
            self.take(handed_in(self.case, new, [], self._asked(new, who)))
        except Refused:
            assert self.case.state in FINAL

    @rule(who=PEOPLE)
    def renew(self, who: str) -> None:
        assert self.case is not None
        kinds = ("proof_of_address", "bank_statement", "register_extract", "ownership_chart", "licence")
        fresh = [document(kind, issued_on=self.day, expires_on=self.day + timedelta(days=3650)) for kind in kinds]
        card = document("identity_document", "Anne Martin", expires_on=self.day + timedelta(days=400))
        try:
            self.take(
                handed_in(
                    self.case, None, [Document.model_validate(one) for one in [*fresh, card]], self.everything(who)
                )
            )
        except Refused:
            assert self.case.state in FINAL

    @rule(who=PEOPLE, decision=st.sampled_from([*DECISIONS, "approve", "approve", "activate", "activate"]))
    def decide(self, who: str, decision: str) -> None:
        assert self.case is not None
        conditions = CONDITIONS.model_copy(update={"account_verified_on": self.day})
        try:
            self.take(decided(self.case, decision, "r", conditions, self.everything(who)))
        except Refused:
            return

    @rule(days=st.sampled_from([1, 30, 200, 2000]))
    def wait(self, days: int) -> None:
        assert self.case is not None
        self.day += timedelta(days=days)
        self.take(swept(self.case, self.everything()))
        assert swept(self.case, self.everything()) == [], "a second sweep finds nothing"
        assert self.case.deadline is None or self.case.deadline > self.day, "and so the deadline lies ahead"

    @rule()
    def strike(self) -> None:
        assert self.case is not None
        try:
            self.take(hit(self.case, ["Anne Martin"], self.everything()))
        except Refused:
            return

    @invariant()
    def it_rests(self) -> None:
        assert self.case is None or self.case.state not in PASSING

    @invariant()
    def two_persons(self) -> None:
        """Nobody approves what they handed in, and a high risk has two approvers."""
        handed: set[str] = set()
        for before, one in zip([None, *self.history], self.history, strict=False):
            if one.kind in HANDED:
                handed.add(one.actor)
            if one.case.state is State.APPROVED and one.before is not State.APPROVED:
                assert one.actor not in handed
                if one.case.high_risk:
                    assert before is not None
                    assert before.kind == "first_approved"
                    assert len({before.actor, one.actor, MACHINE}) == 3
                    assert before.actor not in handed
            if one.kind in ("activated", "reinstated", "rejected", "terminated"):
                assert one.actor not in handed

    @invariant()
    def nothing_skips(self) -> None:
        """In service only after an approval since the last review began."""
        stage: list[str] = []
        for one in self.history:
            if one.case.state is State.AUTO_REVIEW:
                stage = ["reviewed"]
            elif one.case.state is State.APPROVED:
                assert stage == ["reviewed"]
                stage = ["reviewed", "approved"]
            elif one.case.state in IN_SERVICE:
                assert stage == ["reviewed", "approved"]

    @invariant()
    def trading_is_never_more_than_was_approved(self) -> None:
        if self.case is None:
            return
        now = trading(self.case, self.day)
        if now is not Trading.NONE:
            assert any(one.kind == "activated" for one in self.history)
            assert not self.case.held
            assert self.case.state not in FINAL
        if now is Trading.FULL:
            assert self.case.state is State.ACTIVE

    @invariant()
    def the_end_is_the_end(self) -> None:
        assert all(one.before not in FINAL for one in self.history)


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestLife = Life.TestCase


class StoredLife(Life):
    """The same, with a ledger that refuses what four eyes forbid: it accepts whatever the engine lets happen."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = False
        self.folder = TemporaryDirectory()
        self.ledger = Ledger.open(empty_ledger(Path(self.folder.name) / "lexgate.db"))

    def take(self, made: list[Transition]) -> None:
        number = self.case.number if self.case else 0
        super().take(made)
        if made:
            self.refused = True
            Bench(self.ledger, packs(UNDRAWN), datetime.combine(self.day, time(9), UTC)).store(made, number, None, None)
            self.refused = False

    def teardown(self) -> None:
        try:
            if self.case is not None and not self.refused:
                stored = self.ledger.onboarding.one(self.case.id)
                assert stored is not None
                assert case_of(stored) == self.case
                assert len(self.ledger.onboarding.history(self.case.id)) == self.case.number
            assert self.ledger.verify().ok
        finally:
            self.ledger.close()
            self.folder.cleanup()


# Shrinking would write a ledger for each step of it.
StoredLife.TestCase.settings = settings(
    max_examples=8, stateful_step_count=25, deadline=None, phases=[Phase.reuse, Phase.generate]
)
TestStoredLife = StoredLife.TestCase
