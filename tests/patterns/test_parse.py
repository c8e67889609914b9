"""What a pattern may say, and with which reason everything else is refused."""

import pytest

from engine.patterns.normal import MOST_BRANCHES, branches
from engine.patterns.parse import Names, PatternFault, parse
from engine.patterns.terms import AllOf, AnyOf, Compare, Of, Param, Product, Sum, Whole, Word

NAMES = Names(("came", "went"), {"share", "span"}, {"parts"})


def test_a_share_is_said_in_whole_numbers() -> None:
    assert parse("went.amount * 100 >= came.amount * share", NAMES) == Compare(
        ">=", Product(Of("went", "amount"), Whole(100)), Product(Of("came", "amount"), Param("share"))
    )


def test_a_word_may_stand_on_either_side() -> None:
    assert parse('"in" == came.flow', NAMES) == parse('came.flow == "in"', NAMES)


def test_not_is_carried_down_to_the_comparisons() -> None:
    found = parse('not (came.flow == "in" and came.amount < 5)', NAMES)
    assert found == AnyOf(
        (Compare("!=", Of("came", "flow"), Word("in")), Compare(">=", Of("came", "amount"), Whole(5)))
    )


def test_a_chain_is_every_comparison_of_it() -> None:
    assert parse("1 <= came.amount < 5", NAMES) == AllOf(
        (Compare("<=", Whole(1), Of("came", "amount")), Compare("<", Of("came", "amount"), Whole(5)))
    )


def test_a_flag_stands_for_itself() -> None:
    assert parse("not came.cross_border", NAMES) == Compare("==", Of("came", "cross_border"), Word(0))


def test_measures_are_numbers_of_an_event() -> None:
    assert parse("went.parts - came.parts >= 3", NAMES) == Compare(
        ">=", Sum(Of("went", "parts"), Of("came", "parts"), -1), Whole(3)
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("came.amount / 2 > 5", "Nothing is divided"),
        ("came.amount > 0.5", "whole"),
        ("came.amount * went.amount > 5", "not multiplied with one another"),
        ("max(came.amount, 5) > 5", "no place for a function"),
        ("came.amount", "is no flag"),
        ('came.payer == "customer"', "not compared with a word"),
        ("came.payer < went.payer", "have no order"),
        ("came.payer == went.amount", "different kinds"),
        ("came.flow + 1 > 2", "Only numbers"),
        ('came.flow == "inn"', "never 'inn'"),
        ("came.amunt > 5", "no field amunt"),
        ("gone.amount > 5", "No event is called gone"),
        ("limit > came.amount", "no parameter limit"),
        ("came > 5", "is an event"),
        ("share > 5", "No field of an event"),
        ("came.amount > 99999999999999999", "too large"),
        ("5 if came.cross_border else 6", "no place for"),
        ("came.flow in 5", "followed by a list"),
        ("any(x.amount > 5 for x in linked)", "no place for"),
        ("(lambda: 1)() == 1", "lambda"),
        ("came.__class__ == 1", "no field"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_matched_exactly_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(PatternFault, match=reason):
        parse(text, NAMES)


def test_alternatives_become_conjunctions_of_their_own() -> None:
    found = branches(parse('came.kind in ["sale", "transfer"] and (went.amount > 1 or went.amount < 0)', NAMES))
    assert len(found) == 4
    assert all(len(branch) == 2 for branch in found)


def test_too_many_alternatives_are_refused() -> None:
    text = " and ".join(
        f'{alias}.kind in ["sale", "transfer", "refund", "deposit"]' for alias in ("came", "went", "came")
    )
    with pytest.raises(PatternFault, match=f"more than {MOST_BRANCHES} rules"):
        branches(parse(text, NAMES))
