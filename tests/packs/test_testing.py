"""The test of a rule is run on that rule and on what it turns on, and comes out as it would among all rules."""

from __future__ import annotations

import pytest

from engine.language.law import Moment, no_rates
from engine.language.tree import RuleRef, walk
from engine.packs.compile import Compiled, compile_domain
from engine.packs.testing import see_all, see_one
from engine.packs.testing import test_day as day_of
from tests.shipped import law


@pytest.mark.slow
def test_a_rule_seen_alone_is_seen_as_among_all_others() -> None:
    packs, looked = law(), 0
    for code in ("WORLD", "EEA", "EU", "GB", "IN"):
        pack = packs.packs[code]
        for domain in pack.domains.values():
            named = [rule for rule in domain.rules if rule.unless]
            for rule in named:
                for test in rule.tests:
                    day = day_of(test, rule, pack)
                    chain = packs.layers.lineage(code, day)
                    compiled = compile_domain(packs.layers, chain, domain.name, day)
                    if not refers(compiled, rule.id):
                        continue
                    moment = Moment(day, test.hour, no_rates)
                    seen = see_all(compiled, test.given, moment)
                    assert see_one(compiled, test.given, moment, rule.id) == seen[rule.id], (rule.id, test.name)
                    looked += 1
            if looked > 60:
                break
    assert looked > 20


def refers(compiled: Compiled, rule: str) -> bool:
    """Whether a rule is in force, and turns on another."""
    conditions = [active.condition for active in compiled.rules if active.rule.id == rule]
    return any(isinstance(node, RuleRef) for condition in conditions for node in walk(condition))
