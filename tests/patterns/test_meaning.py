"""The normal form means what the condition means, whatever an event leaves out."""

from hypothesis import given
from hypothesis import strategies as st

from engine.patterns.normal import MOST_BRANCHES, branches
from engine.patterns.parse import PatternFault
from engine.patterns.terms import AllOf, AnyOf, Compare, Condition, Number, Of, Product, Sum, Whole, Word
from engine.scenarios.plan import resolved
from engine.scenarios.reference import _holds
from engine.scenarios.truth import judge

ALIASES = ("one", "two")
FIELD = st.builds(Of, st.sampled_from(ALIASES), st.sampled_from(["amount", "ts"]))
NUMBER: st.SearchStrategy[Number] = st.recursive(
    st.one_of(FIELD, st.builds(Whole, st.integers(-5, 5))),
    lambda inner: st.one_of(
        st.builds(Sum, inner, inner, st.sampled_from([1, -1])),
        st.builds(Product, inner, st.builds(Whole, st.integers(-3, 3))),
    ),
    max_leaves=4,
)
COMPARE = st.one_of(
    st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBER, NUMBER),
    st.builds(
        Compare, st.sampled_from(["==", "!="]),
        st.builds(Of, st.sampled_from(ALIASES), st.just("kind")), st.builds(Word, st.sampled_from(["sale", "refund"])),
    ),
)  # fmt: skip
CONDITION: st.SearchStrategy[Condition] = st.recursive(
    COMPARE,
    lambda inner: st.one_of(
        st.builds(AllOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
FACT = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.integers(-5, 5), "ts": st.integers(-5, 5), "kind": st.sampled_from(["sale", "refund", "payout"]),
    },
)  # fmt: skip


@given(CONDITION, FACT, FACT)
def test_some_conjunction_holds_where_the_condition_is_sure_to(condition: Condition, one: dict, two: dict) -> None:
    try:
        found = branches(condition)
    except PatternFault:
        return
    assert len(found) <= MOST_BRANCHES
    flat = any(all(_holds(resolved(compare, {}), ALIASES)((one, two)) for compare in branch) for branch in found)
    assert flat is (judge(condition, ALIASES, {})((one, two)) is True)


@given(CONDITION, FACT, FACT)
def test_what_is_known_is_not_taken_back_by_what_is_stated_later(condition: Condition, one: dict, two: dict) -> None:
    told = judge(condition, ALIASES, {})
    before = told((one, two))
    full = {"amount": 1, "ts": 2, "kind": "sale"}
    assert before is None or told(({**full, **one}, {**full, **two})) is before
