"""A rule that is held back, among the changes of a release and in what they mean."""

import orjson
import pytest

from api.diff_page import page
from api.diff_schemas import ComparisonBody
from engine.diffs import Act, Kind, Verdict, compare
from engine.diffs.body import body_of, markdown
from engine.packs.packset import PackSet
from engine.words import Words
from tests.held_back import demotion, holding_back, stopping
from tests.packs.fixture import good

LAW = PackSet.of(good(), "1")
RULE = stopping(LAW, "sca")[0]
HELD = holding_back(LAW, RULE)


def said(was: PackSet, now: PackSet) -> list[str]:
    """Every sentence of the comparison's changes."""
    return [one["said"] for one in body_of(compare(was, now), Words("en", {}))["changes"]]


def test_it_is_one_change_that_touches_its_domain() -> None:
    (change,) = compare(LAW, HELD, meaning=False).changes
    assert (change.kind, change.act) == (Kind.DEMOTION, Act.ADDED)
    assert change.touches == {"sca"}
    assert change.bears


def test_it_is_told_to_an_officer() -> None:
    pack, _, rule = RULE.partition("/")
    (sentence,) = said(LAW, HELD)
    assert sentence == (
        f"Held back in {pack}: {rule} (The payer pays electronically) stops no payment;"
        " a person looks at those that it would stop. It stopped 120 of 150 payments."
    )
    (lifted,) = said(HELD, LAW)
    assert lifted == f"No longer held back in {pack}: {rule} (The payer pays electronically) stops payments again."


def test_another_reason_is_words_only() -> None:
    other = PackSet.of(
        {**HELD.files, "house/demoted.yaml": HELD.files["house/demoted.yaml"].replace("120 of", "121 of")}
    )
    (change,) = compare(HELD, other).changes
    assert change.act is Act.CHANGED
    assert not change.bears


def test_its_meaning_is_a_payment_that_is_looked_at() -> None:
    found = [one for one in compare(LAW, HELD).meanings if one.verdict is Verdict.COUNTEREXAMPLE]
    assert found
    for one in found:
        assert one.example is not None
        assert (one.example.was["outcome"], one.example.now["outcome"]) == ("challenge", "review")


@pytest.mark.parametrize("numbers", [None, demotion(RULE).numbers])
def test_a_release_compared_with_itself_has_no_change(numbers: object) -> None:
    assert compare(HELD, HELD).changes == ()


@pytest.mark.parametrize("sides", [(LAW, HELD), (HELD, LAW)])
def test_it_is_told_on_a_page_and_as_json(sides: tuple[PackSet, PackSet]) -> None:
    found, words = compare(*sides), Words("en", {})
    ComparisonBody.model_validate_json(orjson.dumps(body_of(found, words)))
    for text in (markdown(found, words), page(found, words)):
        assert RULE.partition("/")[2] in text
        assert "eld back in" in text
