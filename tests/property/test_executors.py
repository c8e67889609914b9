"""Interpreter, general function, function made for one shape and frame never differ: not in a value, not in a reason."""

import operator
from collections import Counter
from datetime import date
from decimal import Decimal, InvalidOperation
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine.facts import Facts, collapse
from engine.language.check import check
from engine.language.compile import NamedRule, compile_rules
from engine.language.frame import compile_frame, facts_to_frame
from engine.language.interpret import Interpreter, Seen
from engine.language.law import Law, Moment
from engine.language.specialise import WARM, Grown, ShapeWriter
from engine.language.why import Explainer, Reason
from engine.money import Money
from tests.property.grown import RATES, Converter, Grower, World, facts_named, grow_facts, grow_moment, grow_world

RULES, PAYMENTS, WORLDS = 6, 6, 170
ROOMY = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""What is found is readable as it is; shrinking it would take minutes."""


def interpreted(rules: list[NamedRule], law: Law, facts: dict[str, Any], moment: Moment) -> dict[str, Seen]:
    """Every rule through the interpreter."""
    seen: dict[str, Seen] = {}
    interpreter = Interpreter(facts, law, moment, seen)
    for rule in rules:
        seen[rule.id] = interpreter.see(rule.condition)
    return seen


def told(world: World, rule: str, facts: dict[str, Any], moment: Moment) -> str:
    """All that is needed to see a difference again."""
    lets = {name: text for name, text in world.texts.items() if name.startswith("let")}
    return f"{rule}: {world.texts[rule]}\n{lets}\n{facts}\n{moment.day} {moment.hour}\n{world.law.params}"


def test_all_executors_agree() -> None:
    tally: Counter[str] = Counter()

    @settings(ROOMY, max_examples=WORLDS)
    @given(st.randoms(use_true_random=False))
    def agree(rnd: Random) -> None:
        world = grow_world(rnd, RULES)
        named = facts_named(world.rules)
        payments = [grow_facts(rnd, named) for _ in range(PAYMENTS)]
        moments = [grow_moment(rnd) for _ in range(PAYMENTS)]
        general = compile_rules(world.rules, world.law)
        columns = (
            compile_frame(world.rules, world.law)
            .evaluate(facts_to_frame(payments, moments), rates=RATES)
            .to_dict(as_series=False)
        )
        for row, (facts, moment) in enumerate(zip(payments, moments, strict=True)):
            shaped = Facts(facts)
            special = compile_rules(world.rules, world.law, ShapeWriter(world.law, shaped.shape))(shaped, moment)
            found = general(facts, moment)
            seen = interpreted(world.rules, world.law, facts, moment)
            for at, rule in enumerate(world.rules):
                truth = seen[rule.id].value
                answers = {"general": found[at], "special": special[at]}
                if rule.id in columns:
                    answers["frame"] = columns[rule.id][row]
                assert all(answer is truth for answer in answers.values()), (
                    f"{truth}, but {answers}\n{told(world, rule.id, facts, moment)}"
                )
                tally.update(["pairs", f"is {truth}", *answers])

    agree()
    assert tally["pairs"] >= 5_000
    assert tally["frame"] >= tally["pairs"] * 0.4, "the frame fragment hardly meets what is written"
    assert min(tally["is True"], tally["is False"], tally["is None"]) >= tally["pairs"] * 0.05


@settings(ROOMY, max_examples=60)
@given(st.randoms(use_true_random=False))
def test_explanations_agree_with_the_interpreter(rnd: Random) -> None:
    world = grow_world(rnd, RULES)
    explainer = Explainer({rule.id: rule for rule in world.rules}, world.law)
    named = facts_named(world.rules)
    for _ in range(PAYMENTS):
        facts, moment = Facts(grow_facts(rnd, named, missing=0.2)), grow_moment(rnd)
        shaped = explainer.of_shape(facts.shape)
        seen = interpreted(world.rules, world.law, facts, moment)
        for rule in world.rules:
            where = told(world, rule.id, facts, moment)
            if seen[rule.id].value is None:
                missing = set(seen[rule.id].missing)
                for asked in (explainer, shaped):
                    assert set(asked.missing(rule.id)(facts, moment)) == missing, where
                    assert set(asked.wanting(rule.id)(facts, moment)) == collapse(missing, facts), where
                continue
            polarity = "held" if seen[rule.id].value else "failed"
            reasons = getattr(explainer, polarity)(rule.id)(facts, moment)
            assert reasons, f"nothing is said\n{where}"
            assert getattr(shaped, polarity)(rule.id)(facts, moment) == reasons, where
            for reason in reasons:
                assert consistent(reason), f"{reason}\n{where}"


COUNTED, COUNTED_IN = "payment.since_authenticated.amount", "payment.since_authenticated.currency"


@settings(ROOMY, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_code_grown_for_regular_payments_answers_no_other(rnd: Random) -> None:
    """Payments that state the same facts, with counters in one currency or another, each come often."""
    world = grow_world(rnd, RULES)
    counted = Grower(rnd, world, simple=False).money_in("EUR", 0)
    world.rules.append(NamedRule("counted", check(f"{COUNTED} <= {counted}", world.scope)))
    grown, general = Grown(world.rules, world.law), compile_rules(world.rules, world.law)
    run, named, moment = (
        grown.evaluate(),
        facts_named(world.rules),
        Moment(date(2026, 11, 22), 12, Converter(date(2026, 11, 22))),
    )
    stated = [grow_facts(rnd, named, missing=0) for _ in range(3)]
    payments = [
        Facts({**facts, COUNTED: Money(Decimal(rnd.choice(["30", "50", "100"])), currency), COUNTED_IN: currency})
        for facts in stated
        for currency in ("EUR", "USD", "JPY")
    ]
    expected = [general(facts, moment) for facts in payments]
    for _ in range(WARM + 1):
        for facts, statuses in zip(payments, expected, strict=True):
            assert run(facts, moment) == statuses, f"{facts}\n{world.texts}\n{world.law.params}"
    assert {facts.shape for facts in payments} == set(grown.made)


_SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}


def consistent(reason: Reason) -> bool:
    """Whether what is said holds as it stands: `29.99 EUR <= 30.00 EUR`, not `30.01 EUR <= 30.00 EUR`."""
    if reason.kind == "is_not":
        return reason.text != reason.expected
    if reason.kind != "compare":
        return reason.kind in ("is", "rule", "not_rule") and bool(reason.label)
    left, sign, right = next(reason.text.partition(f" {sign} ") for sign in _SIGNS if f" {sign} " in reason.text)
    (a, unit_a), (b, unit_b) = number(left), number(right)
    return unit_a == unit_b and (a is None or b is None or bool(_SIGNS[sign.strip()](a, b)))


def number(text: str) -> tuple[Decimal | None, str]:
    """`24.90 EUR` -> 24.90 and EUR; what is no number stands for itself."""
    first, _, unit = text.partition(" ")
    try:
        return Decimal(first), unit
    except InvalidOperation:
        return None, ""
