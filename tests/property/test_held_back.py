"""A rule that is held back stops nothing, lets nothing through, and changes nothing where it says nothing."""

from functools import cache
from random import Random
from typing import Any

import orjson
import pytest

from engine.decide import decide
from engine.decision import Decision
from engine.history import NullHistory
from engine.packs.packset import PackSet
from engine.regimes.sca_answer import OUTCOMES
from engine.replay import replay
from tests.held_back import holding_back, stopping
from tests.property.shipped import NOW, RATES, as_facts, grow_payment, packs, request_of

DOMAINS = ("sca", "aml", "kyc", "residency", "methods")


def told(facts: dict[str, Any], law: PackSet, domains: tuple[str, ...] = DOMAINS) -> Decision:
    """The answer of a law."""
    return decide(
        as_facts(facts), law, NullHistory(), rates=RATES, decision_id="dec_1", now=NOW, locale="en", domains=domains
    )


@cache
def without(*names: str) -> PackSet:
    """The shipped law with these rules held back."""
    return holding_back(packs(), *names)


@cache
def all_stopping() -> frozenset[str]:
    """Every rule that could be held back."""
    return frozenset(name for domain in DOMAINS for name in stopping(packs(), domain))


def named(body: dict[str, Any]) -> list[str]:
    """The rules that an answer names, and that could be held back."""
    fired = {f"{one['pack']}/{one['rule']}" for one in body["findings"]}
    asking = {rule for entry in body["missing"] for rule in entry["asked_by"]}
    return sorted(one for one in all_stopping() if one in fired or one.partition("/")[2] in asking)


@pytest.mark.parametrize("seed", range(4))
def test_where_it_would_stop_a_payment_a_person_looks_at_it(seed: int) -> None:
    rnd, held = Random(seed), 0
    for _ in range(250):
        facts = grow_payment(rnd)
        for domain in ("sca", "aml", "kyc", "methods"):
            before = told(facts, packs(), (domain,)).body
            for name in rnd.sample(names := named(before), min(1, len(names))):
                after = told(facts, without(name), (domain,)).body
                floor = min(OUTCOMES[before["outcome"]], OUTCOMES["review"])
                assert OUTCOMES[after["outcome"]] >= floor, (name, facts)
                if after["outcome"] != before["outcome"]:
                    held += 1
                    assert after["outcome"] in ("review", "block"), (name, facts)
                    assert [one for one in after["findings"] if "demoted" in one], (name, facts)
                    assert "sca.no_duty" not in {one["rule"] for one in after["findings"]}, (name, facts)
    assert held > 20


@pytest.mark.parametrize("seed", range(3))
def test_where_it_says_nothing_the_answer_is_the_same_byte_for_byte(seed: int) -> None:
    rnd = Random(100 + seed)
    several = sorted(rnd.sample(sorted(all_stopping()), 12))
    law, compared = without(*several), 0
    for _ in range(300):
        facts = grow_payment(rnd)
        before = told(facts, packs()).body
        if not set(named(before)) & set(several):
            compared += 1
            assert orjson.dumps(told(facts, law).body) == orjson.dumps(before), facts
    assert compared > 100


def test_a_decision_under_it_is_repeated_byte_for_byte() -> None:
    rnd, seen = Random(7), 0
    for _ in range(300):
        facts = grow_payment(rnd)
        for name in named(told(facts, packs()).body)[:1]:
            first = told(facts, without(name))
            body = request_of(facts)
            again = replay(body, orjson.loads(orjson.dumps(first.inputs)), without(name))
            seen += 1
            assert orjson.dumps(again.body) == orjson.dumps(first.body), (name, facts)
    assert seen > 50


def test_all_rules_held_back_at_once_block_nothing_by_themselves() -> None:
    law, rnd = without(*sorted(all_stopping())), Random(11)
    for _ in range(300):
        facts = grow_payment(rnd)
        before, after = told(facts, packs()).body, told(facts, law).body
        assert OUTCOMES[after["outcome"]] >= min(OUTCOMES[before["outcome"]], OUTCOMES["review"]), facts
        for one in after["findings"]:
            assert one["effect"] != "block" or "demoted" in one or one["domain"] != "aml", facts
