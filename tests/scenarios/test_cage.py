"""The cage: what happens to the process in it changes no answer, and none of it goes untold."""

import ast
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from api.sequence_worker import NoSequenceEngine, choice, chosen_matcher
from api.sequence_worker import matcher as matching
from api.sequence_worker.matcher import DurableMatcher
from api.sequence_worker.worker import Worker, WorkerFailed
from bench.sequences import survive
from engine.alerts import Alert, AlertKind
from engine.scenarios.durable import LARGEST, TooLarge, handed, ruleset
from engine.scenarios.reference import REFERENCE
from tests.scenarios.shipped import READY
from tests.scenarios.windows import random_window

PLAN = next(plan for plan in READY.plans if plan.tag == "scenario.pass_through/standard")
FACTS = [
    {"seq": 0, "ts": 0, "flow": "in", "amount": 300_000, "kind": "transfer", "further": 300_000, "left": 0},
    {"seq": 1, "ts": 60, "flow": "out", "amount": 280_000, "kind": "transfer", "further": 300_000, "left": 280_000},
]


@pytest.fixture
def told() -> list[Alert]:
    return []


@pytest.fixture
def caged(told: list[Alert]) -> Iterator[DurableMatcher]:
    matcher = DurableMatcher([PLAN], told.append, lambda: datetime(2026, 3, 2, tzinfo=UTC), check_one_in=1)
    yield matcher
    matcher.close()


def test_it_finds_what_is_there(caged: DurableMatcher, told: list[Alert]) -> None:
    assert caged.first(PLAN, FACTS) == (0, 1)
    assert caged.first(PLAN, FACTS, focus=1) == (0, 1)
    assert (caged.asked, told) == (2, [])


def test_the_process_is_another_and_knows_nothing_of_ours(caged: DurableMatcher) -> None:
    caged.first(PLAN, FACTS)
    assert caged.pid not in (None, os.getpid())
    assert Path(f"/proc/{caged.pid}/environ").read_bytes() in (b"", b"LC_CTYPE=C.UTF-8\0")


def test_a_killed_process_is_replaced_and_told_of(caged: DurableMatcher, told: list[Alert]) -> None:
    caged.first(PLAN, FACTS)
    first = caged.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert caged.first(PLAN, FACTS) == (0, 1), "the reference answers"
    assert caged.first(PLAN, FACTS) == (0, 1)
    assert caged.pid not in (None, first)
    assert [(alert.kind, alert.rule, alert.subject_kind) for alert in told] == [
        (AlertKind.INCIDENT, "incident.sequences.worker", "service")
    ]


def test_one_that_dawdles_is_ended(told: list[Alert]) -> None:
    matcher = DurableMatcher([PLAN], told.append, lambda: datetime(2026, 3, 2, tzinfo=UTC), seconds=5)
    matcher.first(PLAN, FACTS)
    pid = matcher.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    matcher._seconds = 0
    assert matcher.first(PLAN, FACTS) == (0, 1)
    assert "did not answer" in told[0].summary
    assert not Path(f"/proc/{pid}").exists()
    matcher.close()


def test_the_same_failure_on_the_same_window_is_one_alert(caged: DurableMatcher, told: list[Alert]) -> None:
    for _ in range(2):
        caged.first(PLAN, FACTS)
        os.kill(caged.pid or 0, signal.SIGKILL)
        caged.first(PLAN, FACTS)
    assert len({alert.id for alert in told}) == 1


def test_a_disagreement_is_an_incident_and_the_reference_counts(
    caged: DurableMatcher, told: list[Alert], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caged._worker, "ask", lambda _facts, _seconds: [])
    assert caged.first(PLAN, FACTS) == (0, 1)
    assert [alert.rule for alert in told] == ["incident.sequences.disagreement"]
    assert caged.differed == 1


def test_what_fails_again_and_again_is_left_alone_for_a_while(
    caged: DurableMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_facts: Any, _seconds: float) -> Any:
        raise WorkerFailed("no")

    monkeypatch.setattr(caged._worker, "ask", fail)
    for _ in range(matching.MOST_FAILURES + 3):
        assert caged.first(PLAN, FACTS) == (0, 1)
    assert caged.asked == matching.MOST_FAILURES


def test_numbers_beyond_what_it_compares_exactly_never_reach_it(caged: DurableMatcher) -> None:
    huge = [{**fact, "amount": LARGEST} for fact in FACTS]
    with pytest.raises(TooLarge):
        handed(PLAN, huge)
    assert caged.first(PLAN, huge) == REFERENCE.first(PLAN, huge) == (0, 1)
    assert caged.asked == 0


def test_a_window_of_too_many_combinations_goes_to_the_reference(
    caged: DurableMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MOST_COMBINATIONS", 0)
    assert caged.first(PLAN, FACTS) == (0, 1)
    assert caged.asked == 0


def test_windows_leave_nothing_behind_for_the_next(caged: DurableMatcher) -> None:
    for _ in range(3):
        assert caged.first(PLAN, FACTS[:1]) is None
        assert caged.first(PLAN, FACTS[1:]) is None
        assert caged.first(PLAN, FACTS) == (0, 1)


def test_a_process_that_served_long_enough_is_replaced() -> None:
    worker = Worker(ruleset([PLAN]))
    worker.worn_after = 2
    pids = set()
    for _ in range(4):
        assert worker.ask(handed(PLAN, FACTS), 30) == [["e0", "e1"]]
        pids.add(worker.pid)
    worker.close()
    assert len(pids) == 2


@pytest.mark.slow
def test_killed_at_random_it_loses_and_changes_nothing() -> None:
    wrong, dead, incidents = survive(READY.plans, 1_000, Random(4), 50)
    assert wrong == 0
    assert dead >= 5
    assert incidents <= dead


def test_by_default_it_is_not_started() -> None:
    assert chosen_matcher("reference", READY.plans, lambda _alert: None, lambda: datetime.now(UTC)) is REFERENCE


def test_asked_for_and_not_installed_it_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda _name: None)
    with pytest.raises(NoSequenceEngine, match=r"LEXGATE_SEQUENCES=durable .* lexgate\[sequences\]"):
        chosen_matcher("durable", READY.plans, lambda _alert: None, lambda: datetime.now(UTC))


@pytest.mark.parametrize("wanted", ["durable", "both"])
def test_asked_for_and_installed_it_is_started_with_the_first_question(wanted: Any) -> None:
    matcher = chosen_matcher(wanted, READY.plans, lambda _alert: None, lambda: datetime.now(UTC))
    assert isinstance(matcher, DurableMatcher)
    assert matcher.pid is None
    assert matcher.first(PLAN, FACTS) == (0, 1)
    matcher.close()


def test_the_engine_is_imported_by_the_caged_program_alone() -> None:
    room = Path(choice.__file__).parent
    knowing = {
        path.name
        for path in room.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("durable")
    }
    assert knowing == {"caged.py"}


def test_random_windows_through_the_matcher_answer_as_the_reference() -> None:
    incidents: list[Alert] = []
    matcher, dice = DurableMatcher(READY.plans, incidents.append, lambda: datetime.now(UTC)), Random(11)
    for turn in range(280):
        plan = READY.plans[turn % len(READY.plans)]
        facts = random_window(plan, dice)
        focus = len(facts) - 1 if turn % 2 else None
        assert matcher.first(plan, facts, focus) == REFERENCE.first(plan, facts, focus)
    assert incidents == []
    assert matcher.asked > 50
    matcher.close()
