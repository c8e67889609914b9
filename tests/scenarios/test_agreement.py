"""The engine in its cage and the reference matcher find the same, to the last match."""

from random import Random

import pytest

from api.sequence_worker.worker import Worker
from bench.sequences import agree
from engine.scenarios.durable import handed, ruleset
from engine.scenarios.reference import REFERENCE
from tests.scenarios.shipped import READY
from tests.scenarios.windows import random_window

WINDOWS = 4_200


@pytest.mark.slow
def test_over_thousands_of_random_windows_of_every_plan() -> None:
    run = agree(READY.plans, WINDOWS, Random(2026))
    assert (run.windows, run.plans, run.differed) == (WINDOWS, len(READY.plans), 0)
    assert run.matched > WINDOWS // 8, "windows without matches prove little"


def test_full_windows_agree_as_well() -> None:
    worker, dice = Worker(ruleset(READY.plans)), Random(7)
    for plan in READY.plans[:8]:
        facts = random_window(plan, dice, most=40)
        if REFERENCE.combinations(plan, facts) < 5_000:
            found = {tuple(sorted(int(name[1:]) for name in ids)) for ids in worker.ask(handed(plan, facts), 60)}
            assert found == REFERENCE.all(plan, facts)
    worker.close()


def test_every_plan_is_matched_by_some_window() -> None:
    """Otherwise the comparison would hold its tongue about that plan."""
    for plan in READY.plans:
        dice = Random(3)
        assert any(REFERENCE.first(plan, random_window(plan, dice)) is not None for _ in range(400)), plan.tag


def test_every_join_ends_with_what_is_always_true() -> None:
    """Without it the engine reads beyond the end of a conjunction whose last part is false."""
    for rule in ruleset(READY.plans).values():
        (first,) = rule["all"][0]
        for part in rule["all"][1:]:
            (conjunction,) = part.values()
            assert conjunction["$and"][-1] == {"$lte": {"zero": {first: "one"}}}


def test_rules_hold_flat_conjunctions_of_whole_numbers_and_words_only() -> None:
    def leaves(part: object) -> list[object]:
        if isinstance(part, dict):
            return [leaf for value in part.values() for leaf in leaves(value)]
        return [leaf for value in part for leaf in leaves(value)] if isinstance(part, list) else [part]

    text = repr(ruleset(READY.plans))
    assert "$or" not in text
    assert {type(leaf) for leaf in leaves(ruleset(READY.plans))} == {int, str}
