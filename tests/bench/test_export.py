"""The exporter: the pack's typed rules and their neutral translation fire for the same payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.export import NotExactError, integer, scalar
from bench.lexgate import CompiledExecutor, InterpretedExecutor, Law
from bench.naive import fired
from bench.payments import SEED, bodies
from bench.tree import Known, leaves
from engine.money import Money


@pytest.fixture(scope="module")
def law() -> Law:
    return Law()


def test_all_rules_of_the_pack_are_exported(law: Law) -> None:
    exported = {rule.id for rule in law.rules}
    assert exported | set(law.exporter.settled()) == {active.rule.id for active in law.compiled.rules}
    assert {"sca.low_value", "sca.tra", "sca.mit", "sca.article_2_flag"} <= exported


def test_translation_fires_for_the_same_payments(law: Law) -> None:
    executor = CompiledExecutor(law)
    always = {rule for rule, value in law.exporter.settled().items() if value}
    for facts in law.facts(bodies(2000)):
        assert fired(law.rules, law.row(facts)) | always == executor.decide(facts), facts


@settings(max_examples=60)
@given(st.integers(0, 2**32).filter(lambda seed: seed != SEED))
def test_translation_holds_for_other_payments_too(law: Law, seed: int) -> None:
    executor = InterpretedExecutor(law)
    always = {rule for rule, value in law.exporter.settled().items() if value}
    for facts in law.facts(bodies(5, seed=seed)):
        assert fired(law.rules, law.row(facts)) | always == executor.decide(facts), facts


def test_rows_hold_only_what_is_stated(law: Law) -> None:
    facts = law.facts(
        [{"amount": "12.34", "currency": "EUR", "payment": {"instrument": "card", "issuer_country": "FR"}}]
    )
    row = law.row(facts[0])
    assert row["amount"] == 1234
    assert "payment.channel" not in row


def test_what_others_cannot_say_is_derived(law: Law) -> None:
    assert any(name.startswith("derived.distinct") for name in law.exporter.derived)
    known = [leaf for rule in law.rules for leaf in leaves(rule.condition) if isinstance(leaf, Known)]
    assert known, "no rule asks whether something is stated: this branch is no longer tested by the pack"


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [(Decimal("30.00"), "money", 3000), (Decimal("0.5"), "rate", 50), (5, "int", 5), (date(1, 1, 2), "date", 2)],
)
def test_numbers_are_scaled_exactly(value: object, kind: str, expected: int) -> None:
    assert integer(value, kind) == expected


def test_what_integers_cannot_hold_is_refused() -> None:
    with pytest.raises(NotExactError, match="finer than 1/100"):
        integer(Decimal("0.005"), "rate")
    with pytest.raises(NotExactError, match="not in EUR"):
        scalar(Money(Decimal(1), "USD"), "money")
