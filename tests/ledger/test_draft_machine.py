"""Any life of the law: whatever persons do with drafts in whatever order, nothing is in force that was not approved by enough
others, no approval outlives an edit, and the ledger keeps what a simple model of it expects."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.drafting import (
    ActivationKind,
    Draft,
    DraftRefused,
    DraftState,
    in_force,
    rebased,
    reviewed,
    sent_back,
    standing,
)
from engine.ledger import DraftMoved, Ledger
from tests.ledger.conftest import Postgres
from tests.ledger.factories import AT
from tests.ledger.lawmaking import SHIPPED, Office, made_of

NAMES = ["ann", "ben", "cleo", "dan"]
PERSONS = st.sampled_from(NAMES)
WHICH = st.integers(0, 2)
OPEN = ("draft", "checked", "submitted", "approved")


@dataclass
class Model:
    """What is believed of one draft, without the engine's word."""

    state: str = "draft"
    editors: set[str] = field(default_factory=set)
    yes: list[str] = field(default_factory=list)
    required: int = 0
    base: str = SHIPPED.digest
    since: datetime | None = None
    breaker: str = ""
    reviewed: str = ""

    def void(self) -> None:
        self.state, self.yes, self.required = "draft", [], 0


class Life(RuleBasedStateMachine):
    """One ledger, three drafts at most, four officers, a clock."""

    make: Callable[[], tuple[str, Callable[[], None]]]
    reached: ClassVar[Counter[str]] = Counter()
    """How often a walk came to each state, over all walks."""

    @initialize(who=st.permutations(NAMES), times=st.integers(0, 8))
    def begin(self, who: list[str], times: int) -> None:
        address, self.forget = type(self).make()
        self.ledger = Ledger.open(address)
        self.office, self.at = Office(self.ledger), AT
        self.ledger.remember_release(SHIPPED, AT)
        self.drafts: dict[str, Model] = {}
        self.blessed: set[str] = {SHIPPED.digest}
        """Digests that may be in force: shipped, approved by enough others, or put in force by broken glass."""
        self.planned: list[tuple[datetime, int, str, str]] = [(AT, 0, SHIPPED.digest, "")]
        """(from, order, digest, draft) of what was put in force and not taken back."""
        self.somebody_opens(who[0])
        self.persons_lead_it_on(0, who, 0, times)

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert self.ledger.verify().ok
            self.ledger.close()
            self.forget()

    # -- what persons do --

    @precondition(lambda self: len(self.drafts) < 3)
    @rule(who=PERSONS)
    def somebody_opens(self, who: str) -> None:
        name = f"drf_{len(self.drafts)}"
        self.office.open(name, who, self.at, self.held())
        self.drafts[name] = Model(editors={who}, base=self.held())

    @rule(
        which=WHICH, who=PERSONS, path=st.sampled_from(["A/a.yaml", "B/b.yaml"]), text=st.sampled_from(["1", "2", None])
    )
    def somebody_writes(self, which: int, who: str, path: str, text: str | None) -> None:
        def done(model: Model) -> None:
            model.void()
            model.editors.add(who)

        self.expect(
            which, lambda one: one.state in OPEN, lambda draft: self.office.edit(draft, who, self.at, path, text), done
        )

    @rule(which=WHICH, who=PERSONS)
    def somebody_brings_it_up_to_date(self, which: int, who: str) -> None:
        held = self.held()

        def done(model: Model) -> None:
            model.void()
            model.editors.add(who)
            model.base = held

        self.expect(
            which, lambda one: one.state in OPEN and one.base != held,
            lambda draft: self.keep(rebased(draft, who, self.at, held)), done,
        )  # fmt: skip

    @rule(which=WHICH, who=PERSONS, required=st.integers(1, 3), statute=st.booleans())
    def it_is_checked(self, which: int, who: str, required: int, statute: bool) -> None:
        asked = max(required, 2) if statute else required

        def done(model: Model) -> None:
            model.state, model.yes, model.required = "checked", [], asked

        self.expect(
            which, lambda one: one.state in ("draft", "checked"),
            lambda draft: self.office.check(draft, who, self.at, asked, statute=statute), done,
        )  # fmt: skip

    @rule(which=WHICH, who=PERSONS)
    def somebody_submits(self, which: int, who: str) -> None:
        def done(model: Model) -> None:
            model.state, model.yes = "submitted", []

        self.expect(
            which, lambda one: one.state == "checked", lambda draft: self.office.submit(draft, who, self.at), done
        )

    @rule(which=WHICH, who=PERSONS)
    def somebody_approves(self, which: int, who: str) -> None:
        def may(model: Model) -> bool:
            return model.state == "submitted" and who not in model.editors and who not in model.yes

        def done(model: Model) -> None:
            model.yes.append(who)
            model.state = "approved" if len(model.yes) >= model.required else "submitted"

        self.expect(which, may, lambda draft: self.office.approve(draft, who, self.at), done)

    @rule(which=WHICH, who=PERSONS)
    def somebody_approves_other_contents(self, which: int, who: str) -> None:
        self.expect(
            which, lambda _: False, lambda draft: self.office.approve(draft, who, self.at, "sha256:other"), Model.void
        )

    @rule(which=WHICH, who=PERSONS)
    def somebody_sends_it_back(self, which: int, who: str) -> None:
        may = lambda one: one.state in ("submitted", "approved")  # noqa: E731
        self.expect(which, may, lambda draft: self.keep(sent_back(draft, who, self.at, "r")), Model.void)

    @rule(which=WHICH, who=PERSONS, minutes=st.integers(-30, 90))
    def somebody_schedules(self, which: int, who: str, minutes: int) -> None:
        since = self.at + timedelta(minutes=minutes)

        def may(model: Model) -> bool:
            if model.state != "approved" or minutes < 0:
                return False
            return self.held(since) == model.base and not any(one[0] > since for one in self.planned)

        self.put(which, may, lambda draft: self.office.schedule(draft, who, self.at, since), since)

    @rule(which=WHICH, who=PERSONS)
    def somebody_breaks_the_glass(self, which: int, who: str) -> None:
        def may(model: Model) -> bool:
            return model.state in ("checked", "submitted") and self.held() == model.base

        self.put(which, may, lambda draft: self.office.break_glass(draft, who, self.at), self.at, breaker=who)

    @rule(which=WHICH, who=PERSONS)
    def somebody_reviews(self, which: int, who: str) -> None:
        def may(model: Model) -> bool:
            return bool(model.breaker) and not model.reviewed and who not in (*model.editors, model.breaker)

        def done(model: Model) -> None:
            model.reviewed = who

        def take(draft: Draft) -> Draft:
            broke = next((one.actor for one in self.ledger.drafts.history(draft.id) if one.kind == "broke_glass"), "")
            return self.keep(reviewed(draft, who, self.at, "r", broke))

        self.expect(which, may, take, done)

    @rule(which=WHICH, who=PERSONS, seldom=st.integers(0, 3))
    def somebody_withdraws(self, which: int, who: str, seldom: int) -> None:
        if seldom:
            return

        def may(model: Model) -> bool:
            return model.state in OPEN or (model.state == "scheduled" and (model.since or self.at) > self.at)

        def done(model: Model) -> None:
            model.state = "withdrawn"
            self.planned = [one for one in self.planned if one[3] != self.name(which)]

        self.expect(which, may, lambda draft: self.office.withdraw(draft, who, self.at), done)

    @rule(which=st.integers(0, 5), who=PERSONS)
    def somebody_goes_back(self, which: int, who: str) -> None:
        known = sorted({one[2] for one in self.planned})
        digest = known[which % len(known)]
        was = any(one[2] == digest and one[0] <= self.at for one in self.planned)
        try:
            self.ledger.activations.switch(digest, self.at, ActivationKind.ROLLED_BACK, who, "r")
        except DraftRefused:
            assert not was
            return
        assert was
        self.planned.append((self.at, len(self.ledger.activations.all()), digest, ""))

    @rule(minutes=st.integers(1, 60))
    def time_passes(self, minutes: int) -> None:
        self.at += timedelta(minutes=minutes)

    @precondition(lambda self: bool(self.drafts))
    @rule(who=PERSONS)
    def two_write_at_once(self, who: str) -> None:
        """Of two steps taken from the same sight of a draft, the second one is not stored."""
        draft = next((one for name in self.drafts if (one := self.stored(name)).state is DraftState.DRAFT), None)
        if draft is None:
            return
        self.office.edit(draft, who, self.at, "A/a.yaml", "first")
        self.drafts[draft.id].editors.add(who)
        with pytest.raises(DraftMoved):
            self.office.edit(draft, who, self.at, "A/a.yaml", "second")

    @precondition(lambda self: bool(self.drafts))
    @rule(which=WHICH, who=st.permutations(NAMES), minutes=st.sampled_from([0, 40]), times=st.integers(1, 6))
    def persons_lead_it_on(self, which: int, who: list[str], minutes: int, times: int) -> None:
        """So that walks get far: the next thing to do with a draft, by one person after another."""
        steps: dict[str, Callable[[str], None]] = {
            "draft": lambda actor: self.it_is_checked(which, actor, 1 + minutes // 40, statute=False),
            "checked": lambda actor: self.somebody_submits(which, actor),
            "submitted": lambda actor: self.somebody_approves(which, actor),
            "approved": lambda actor: self.somebody_schedules(which, actor, minutes),
        }
        for at in range(times):
            model, actor = self.drafts[self.name(which)], who[at % len(who)]
            if model.state == "draft" and model.base != self.held():
                self.somebody_brings_it_up_to_date(which, actor)
            elif model.state in steps:
                steps[model.state](actor)
            self.reached[model.state] += 1

    # -- what must hold --

    @invariant()
    def the_ledger_is_as_the_model_expects(self) -> None:
        for name, model in (self.drafts if hasattr(self, "ledger") else {}).items():
            draft = self.stored(name)
            assert (draft.state.value, set(draft.editors), list(draft.approvals)) == (
                model.state,
                model.editors,
                model.yes,
            )
            assert (draft.base, draft.reviewed_by or "", draft.emergency) == (
                model.base,
                model.reviewed,
                bool(model.breaker),
            )
            assert (draft.content is None) == (model.state == "draft") or model.state == "withdrawn"
            last = self.ledger.drafts.history(name)[-1]
            assert (last.number, last.after, last.content) == (draft.number, model.state, draft.content)

    @invariant()
    def nothing_is_in_force_that_was_not_approved_by_enough_others(self) -> None:
        if not hasattr(self, "ledger"):
            return
        activations = self.ledger.activations.all()
        for minutes in (0, 45, 200):
            then = self.at + timedelta(minutes=minutes)
            holds = in_force(activations, then)
            assert holds is not None
            assert holds.release in self.blessed
            assert holds.release == self.held(then)
        holding = self.held()
        for name in self.drafts:
            draft = self.stored(name)
            if standing(draft, activations, self.at) == "active":
                assert draft.content == holding

    # -- inside --

    def name(self, which: int) -> str:
        return f"drf_{which % len(self.drafts)}" if self.drafts else ""

    def stored(self, name: str) -> Draft:
        found = self.ledger.drafts.one(name)
        assert found is not None
        return found

    def held(self, at: datetime | None = None) -> str:
        now = at or self.at
        return max(one for one in self.planned if one[0] <= now)[2]

    def keep(self, step: object) -> Draft:
        self.ledger.drafts.store(step, self.at)  # type: ignore[arg-type]
        return step.draft  # type: ignore[attr-defined,no-any-return]

    def expect(
        self, which: int, may: Callable[[Model], bool], take: Callable[[Draft], Draft], done: Callable[[Model], None]
    ) -> bool:
        """The step is taken where the model allows it, and refused where it does not."""
        name = self.name(which)
        if not name:
            return False
        model, draft = self.drafts[name], self.stored(name)
        allowed = may(replace(model))
        try:
            take(draft)
        except DraftRefused:
            assert not allowed, f"{name} is {model}"
            assert self.stored(name) == draft, "what is refused moves nothing"
            return False
        assert allowed, f"{name} is {model}"
        done(model)
        return True

    def put(
        self,
        which: int,
        may: Callable[[Model], bool],
        take: Callable[[Draft], Draft],
        since: datetime,
        breaker: str = "",
    ) -> None:
        """As `expect`, of what puts a draft in force."""
        name = self.name(which)
        digest = made_of(self.ledger, self.stored(name)).digest if name else ""

        def done(model: Model) -> None:
            assert breaker or len(set(model.yes) - model.editors) >= model.required
            model.state, model.since, model.breaker = "scheduled", since, breaker
            self.blessed.add(digest)
            self.planned.append((since, len(self.ledger.activations.all()), digest, name))

        self.expect(which, may, take, done)


def _walk(examples: int, steps: int) -> None:
    Life.reached.clear()
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"checked", "submitted", "approved", "scheduled"} <= Life.reached.keys(), "no walk came far"


def test_any_life_of_the_law(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = Path(sqlite_url.removeprefix("sqlite:///"))

    def make() -> tuple[str, Callable[[], None]]:
        folder = Path(tempfile.mkdtemp())
        shutil.copy(empty, folder / "ledger.db")
        return f"sqlite:///{folder / 'ledger.db'}", lambda: shutil.rmtree(folder)

    monkeypatch.setattr(Life, "make", staticmethod(make), raising=False)
    _walk(40, 50)


@pytest.mark.slow
def test_any_life_of_the_law_on_a_server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    def make() -> tuple[str, Callable[[], None]]:
        name = f"ledger_{uuid4().hex}"
        return postgres.empty(name), lambda: postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")

    monkeypatch.setattr(Life, "make", staticmethod(make), raising=False)
    _walk(10, 30)
