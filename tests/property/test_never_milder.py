"""Silence never helps: less information never turns a yes into a no, nor an answer into a milder one.

Of single rules this is Kleene's monotony. Of whole decisions it is the promise of the contract: missing data closes an
exemption by name and never opens one. What is excepted stands in SILENCE_MEANS and LEFT_TO_HISTORY, with its reason; what
is found beside it is a fault.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.catalogue import SILENT
from engine.decide import decide
from engine.history import History, NullHistory
from engine.language.compile import NamedRule, compile_rules
from engine.language.tree import Call, IsKnown, walk
from engine.money import Money
from tests.property.grown import facts_named, grow_facts, grow_moment, grow_world
from tests.property.shipped import (
    DAYS,
    NOW,
    RATES,
    Memory,
    as_facts,
    grow_payment,
    packs,
    places,
    rules_of,
)

ROOMY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""What is found is readable as it is; shrinking it would take minutes."""
COUNTED = "payment.since_authenticated.amount"
COUNTED_IN = "payment.since_authenticated.currency"

SILENCE_MEANS = {
    "amount": "always stated: without it there is no payment",
    "currency": "always stated, with the amount",
    "payment.instrument": "always stated: it says what is being used",
    "occurred_at": "default: now",
    "kind": "default: sale",
    "asked_by": "default: merchant, who asks through its acquirer",
    COUNTED_IN: "travels with its amount",
    "payment.limits.issuer_contactless": "a limit of the issuer's own below the law's: silence is that it has none",
    "payment.limits.user_threshold": "a limit of the payer's own, below or above the default: silence is the default",
    **{path: f"silence is {told!r}: a report nobody made, a purpose nobody stated" for path, told in SILENT.items()},
}
"""Facts whose absence is a statement of its own, by the contract or the catalogue."""

ADVERSE = {
    "payment.risk.level": "high",  # a finding of the monitoring: where none is stated, none was made
    "payment.method": "static_barcode",  # the pack for China says so: an adverse statement, whose absence means none
}
"""Words that only ever make an answer stricter, and that nobody has to deny."""

LEFT_TO_HISTORY = "payment.since_authenticated."
"""Counters that the caller does not state are taken from what history knows of the payer."""

RANK = {"allow": 0, "challenge": 1, "collect": 2, "review": 3, "block": 4}


def without(facts: dict[str, Any], path: str) -> dict[str, Any]:
    """The same payment, saying less. An amount takes its currency along."""
    gone = {path, COUNTED_IN} if path == COUNTED else {path}
    return {key: value for key, value in facts.items() if key not in gone}


def saying_less(facts: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every way to leave one thing unsaid, inside lists as well; silence that means something apart."""
    for path, value in facts.items():
        if path not in SILENT and path != "currency":
            yield path, without(facts, path)
        for at, element in enumerate(value) if isinstance(value, tuple) and not isinstance(value, Money) else ():
            for key in element if isinstance(element, dict) else ():
                less = {name: inner for name, inner in element.items() if name != key}
                yield f"{path}[{at}].{key}", {**facts, path: (*value[:at], less, *value[at + 1 :])}


# -- rules --------------------------------------------------------------------------------------------------------------


@settings(ROOMY, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_less_information_never_flips_a_rule(rnd: Random) -> None:
    world = grow_world(rnd, 6, simple=True)
    run, named = compile_rules(world.rules, world.law), facts_named(world.rules)
    for _ in range(4):
        facts, moment = grow_facts(rnd, named), grow_moment(rnd)
        full = run(facts, moment)
        for gone, less in saying_less(facts):
            for rule, was, now in zip(world.rules, full, run(less, moment), strict=True):
                assert now is None or now is was, f"without {gone}: {was} -> {now}\n{world.texts[rule.id]}\n{facts}"


def monotone(rules: list[NamedRule]) -> list[bool]:
    """Whether each rule asks about facts, and never about what is known; a rule with exceptions is as good as they are."""
    found: dict[str, bool] = {}
    for rule in rules:
        parts = list(walk(rule.condition))
        asks = any(isinstance(part, IsKnown) or (isinstance(part, Call) and part.name == "coalesce") for part in parts)
        found[rule.id] = not asks and all(found.get(getattr(part, "rule", ""), True) for part in parts)
    return list(found.values())


def test_less_information_never_flips_a_shipped_rule() -> None:
    checked = 0
    for place in places():
        for day in sorted(set(DAYS)):
            law = packs().law(place, "sca", day)
            rules, rnd = rules_of(law), Random(f"{place} {day}")
            named, plain = facts_named(rules), monotone(rules_of(law))
            for _ in range(8 if rules else 0):
                facts, moment = grow_facts(rnd, named, missing=0.05), grow_moment(rnd)
                full = law.evaluate(facts, moment)
                for gone, less in saying_less(facts):
                    for rule, sound, was, now in zip(rules, plain, full, law.evaluate(less, moment), strict=True):
                        checked += sound
                        assert not sound or now is None or now is was, f"{place} {rule.id} without {gone}: {facts}"
    assert checked > 50_000


# -- decisions ------------------------------------------------------------------------------------------------------------


def outcome(facts: dict[str, Any], history: History) -> str:
    """What the shipped law makes of it."""
    told = decide(as_facts(facts), packs(), history, rates=RATES, decision_id="dec_1", now=NOW, locale="en").body
    return str(told["outcome"])


def excepted(path: str, facts: dict[str, Any], history: History) -> bool:
    """Whether the silence of this fact has a meaning of its own."""
    if path in SILENCE_MEANS or ADVERSE.get(path) == facts[path]:
        return True
    remembered = not isinstance(history, NullHistory) and "payer.id" in facts
    return remembered and path.startswith(LEFT_TO_HISTORY)


def milder_without(facts: dict[str, Any], history: History) -> str | None:
    """A fact without which the answer is milder."""
    full = RANK[outcome(facts, history)]
    for path in facts:
        if not excepted(path, facts, history) and RANK[outcome(without(facts, path), history)] < full:
            return path
    return None


def smallest(facts: dict[str, Any], history: History) -> dict[str, Any]:
    """As few facts as still show the fault."""
    for path in list(facts):
        if path not in SILENCE_MEANS:
            less = without(facts, path)
            if milder_without(less, history):
                return smallest(less, history)
    return facts


@settings(ROOMY, max_examples=1500)
@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_silence_never_makes_a_decision_milder(seed: int) -> None:
    rnd = Random(seed)
    facts = grow_payment(rnd)
    history: History = NullHistory() if rnd.random() < 0.6 else Memory(2, Money(rnd.choice([20, 80]), "EUR"))
    if milder_without(facts, history):
        least = smallest(facts, history)
        gone = milder_without(least, history) or ""
        pytest.fail(f"{outcome(least, history)}, but {outcome(without(least, gone), history)} without {gone}: {least}")
