"""Neutral conditions: three-valued truth, negation pushed inwards, and hoisting change no answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.eea_reference import rules as reference_rules
from bench.naive import fired, truth
from bench.payments import bodies, rows
from bench.sharing import share
from bench.tree import (
    And,
    BenchRule,
    Compare,
    Condition,
    Flag,
    In,
    Kind,
    Known,
    MixedKindError,
    Not,
    Op,
    Or,
    Row,
    Sum,
    kinds,
    leaves,
    positive,
)

NUMBERS, WORDS, FLAGS = ("n", "m"), ("w",), ("f", "g")

leaf = st.one_of(
    st.builds(Compare, st.sampled_from(Op), st.sampled_from([*NUMBERS, Sum(NUMBERS)]), st.integers(-2, 2)),
    st.builds(In, st.sampled_from(WORDS), st.sampled_from([("a",), ("a", "b")]), st.booleans()),
    st.builds(Flag, st.sampled_from(FLAGS), st.booleans()),
    st.builds(Known, st.sampled_from([*NUMBERS, *WORDS, *FLAGS]), st.booleans()),
)
conditions = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)
rows_ = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NUMBERS, st.integers(-2, 2)),
        **dict.fromkeys(WORDS, st.sampled_from(["a", "b", "c"])),
        **dict.fromkeys(FLAGS, st.booleans()),
    },
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (And((Flag("f"), Flag("absent"))), None),
        (And((Flag("f", wanted=False), Flag("absent"))), False),
        (Or((Flag("f"), Flag("absent"))), True),
        (Not(Flag("absent")), None),
        (Compare(Op.LE, Sum(("n", "absent")), 5), None),
        (Compare(Op.LE, Sum(("n", "n")), 6), True),
        (In("w", ("a",), wanted=False), True),
        (In("absent", ("a",), wanted=False), None),
        (Known("absent"), False),
    ],
)
def test_unknown_is_not_false(condition: Condition, expected: bool | None) -> None:
    assert truth(condition, {"f": True, "n": 3, "w": "b"}) is expected


@given(conditions, rows_)
def test_pushing_negation_inwards_changes_no_truth_value(condition: Condition, row: Row) -> None:
    rewritten = positive(condition)
    assert truth(rewritten, row) is truth(condition, row)
    assert not any(isinstance(part, Not) for part in _all(rewritten))


@given(conditions, rows_)
def test_without_negation_unknown_may_be_read_as_false(condition: Condition, row: Row) -> None:
    """What the adapters of two-valued engines rely on."""
    assert _two_valued(positive(condition), row) is (truth(condition, row) is True)


@given(st.lists(conditions, min_size=1, max_size=5), rows_)
def test_hoisting_changes_no_answer(found: list[Condition], row: Row) -> None:
    rules = [BenchRule(str(number), condition) for number, condition in enumerate([*found, *found])]
    shared = share(rules)
    known = dict(row)
    for name, condition in shared.lets:
        known[name] = truth(condition, known) is True
    assert fired(shared.rules, known) == fired(rules, row)


def test_hoisting_names_what_rules_share() -> None:
    common = Or((Flag("f"), Flag("g")))
    rules = [BenchRule("one", And((common, Flag("a")))), BenchRule("two", And((common, Flag("b"))))]
    assert [condition for _, condition in share(rules).lets] == [common]


def test_a_field_of_two_kinds_is_refused() -> None:
    with pytest.raises(MixedKindError, match="'x' is used as bool and as int"):
        kinds([BenchRule("one", And((Flag("x"), Compare(Op.EQ, "x", 1))))])


def test_reference_rules_are_exercised() -> None:
    """Each fires for some payment and is silent for another, and some are unknown."""
    rules, payments = reference_rules(), rows(bodies(6000, callers=0))
    for rule in rules:
        assert {truth(rule.condition, row) for row in payments} >= {True, False}, rule.id
    assert None in {truth(rule.condition, row) for rule in rules for row in payments[:50]}
    assert kinds(rules)["amount"] is Kind.INT


def _all(condition: Condition) -> list[Condition]:
    if isinstance(condition, And | Or):
        return [condition, *(found for part in condition.parts for found in _all(part))]
    return [condition, *_all(condition.part)] if isinstance(condition, Not) else [condition]


def _two_valued(condition: Condition, row: Row) -> bool:
    if isinstance(condition, And | Or):
        values = [_two_valued(part, row) for part in condition.parts]
        return all(values) if isinstance(condition, And) else any(values)
    assert [condition] == list(leaves(condition))
    return truth(condition, row) is True
