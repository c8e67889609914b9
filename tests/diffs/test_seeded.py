"""Seeded changes of law, each with the verdict it must have."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.diffs import Comparison, Counterexample, Verdict, compare, prove
from engine.diffs.past import ToldPast
from engine.facts import facts_of
from engine.money import FixedRates, Money
from engine.packs.packset import PackSet
from engine.transaction import Transaction
from tests.diffs.seeded import SEEDED, Seeded


@pytest.mark.parametrize("seeded", SEEDED, ids=[one.story.replace(" ", "-") for one in SEEDED])
def test_each_change_has_its_verdict(seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "prover", lambda: None)  # whether one is installed must not matter here
    was, now = seeded.sides()
    found = compare(was, now)
    verdicts: dict[str, set[Verdict]] = defaultdict(set)
    for meaning in found.meanings:
        verdicts[meaning.name].add(meaning.verdict)
    assert {name: verdicts[name] for name in seeded.verdicts} == seeded.verdicts
    assert {one.within for one in found.meanings if one.verdict is Verdict.EQUIVALENT} <= {seeded.within, None}
    assert seeded.within in {one.within for one in found.meanings} | {None}
    assert found.text_only is seeded.text_only
    assert found.changes
    _examples_are_real(found, was, now)


def _examples_are_real(found: Comparison, was: PackSet, now: PackSet) -> None:
    for meaning in found.meanings:
        assert (meaning.verdict is Verdict.COUNTEREXAMPLE) <= (meaning.example is not None)
        if meaning.verdict is Verdict.COUNTEREXAMPLE and meaning.example is not None:
            answers = [decided(meaning.example, packs) for packs in (was, now)]
            assert [answer["outcome"] for answer in answers] == [
                meaning.example.was["outcome"],
                meaning.example.now["outcome"],
            ]
            assert meaning.example.differences
            for difference in meaning.example.differences:
                assert difference["was"] != difference["now"]
            assert {**answers[0], "rulepacks": None} != {**answers[1], "rulepacks": None}
            if meaning.start is not None:
                day = datetime.fromisoformat(meaning.example.transaction["occurred_at"]).date()
                assert meaning.start <= day
                assert meaning.end is None or day < meaning.end
                assert meaning.example.day_before is not False


def decided(example: Counterexample, packs: PackSet) -> dict[str, Any]:
    """The answer to a counterexample, sent as its JSON."""
    facts = facts_of(Transaction.model_validate_json(orjson.dumps(example.transaction)))
    known = {
        name: Money(value["amount"], value["currency"]) if isinstance(value, dict) else value
        for name, value in example.known.items()
    }
    at = datetime.fromisoformat(example.transaction["occurred_at"])
    past = ToldPast(example.past, known)
    return decide(
        facts, packs, past, rates=FixedRates(()), decision_id="again", now=at, locale="en", domains=example.domains
    ).body
