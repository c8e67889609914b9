"""Who owns a merchant in the end. At exactly 25 percent two laws part."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.onboarding.model import Owner
from engine.onboarding.ownership import STRICTER, Ownership, Threshold, owners_of, shown
from tests.onboarding.applying import applied, law, packs

MORE_THAN_25 = Threshold(Fraction(25), "gt")
AT_LEAST_15 = Threshold(Fraction(15), "gte")


def person(name: str, share: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "share": share, "country": "FR", "politically_exposed": "none", **more}


def firm(name: str, share: str | None, *owners: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**person(name, share, **more), "type": "organisation", "owners": list(owners) or None}


def found(*owners: dict[str, Any], by: Threshold = STRICTER, **more: Any) -> Ownership:
    return owners_of(applied(owners=list(owners), **more), by)


def names(ownership: Ownership) -> dict[str, str]:
    return {one.name: one.by for one in ownership.beneficial}


def doubts(ownership: Ownership) -> set[str]:
    return {why for why, _ in ownership.doubts}


@pytest.mark.parametrize(
    ("share", "rest", "threshold", "is_one"),
    [
        ("25.00", "75.00", STRICTER, True),
        ("25.00", "75.00", MORE_THAN_25, False),
        ("25.000000000001", "74.999999999999", MORE_THAN_25, True),
        ("24.999999999999", "75.000000000001", STRICTER, False),
        ("15", "85", AT_LEAST_15, True),
    ],
)
def test_an_owner_at_exactly_the_threshold(share: str, rest: str, threshold: Threshold, is_one: bool) -> None:
    """AMLR Art. 52 and Canada: 25 or more. Directive 2015/849, the United Kingdom, Norway: more than 25. Uruguay: 15."""
    ownership = found(person("A", share), person("B", rest), by=threshold)
    assert ("A" in names(ownership)) is is_one
    assert names(ownership)["B"] == "ownership"
    assert not ownership.doubts


def test_a_third_three_times_is_exact() -> None:
    """50 % of 50 % is 25 %, whatever a binary fraction makes of it."""
    chart = firm("H", "75", *(person(name, "33.333333333333") for name in "PQR"))
    assert set(names(found(chart, person("Z", "25")))) == {"Z"}, "a third, cut short, is less than a third"
    half = firm("H", "50", person("P", "50"), person("Q", "50"))
    assert names(found(half, person("Z", "50"))) == {"P": "ownership", "Q": "ownership", "Z": "ownership"}


def test_shares_multiply_along_a_chain_and_add_up_over_paths() -> None:
    """20 % directly, and 50 % of a firm with 10 %: exactly 25 %."""
    ownership = found(person("P", "20"), firm("H", "10", person("P", "50"), person("Q", "50")), person("R", "70"))
    assert names(ownership) == {"P": "ownership", "R": "ownership"}
    assert names(
        found(person("P", "20"), firm("H", "10", person("P", "49.9"), person("Q", "50.1")), person("R", "70"))
    ) == {"R": "ownership"}


def test_a_majority_in_the_holder_counts_as_the_whole_holding() -> None:
    """51 % of a firm that holds 30 % is 15.3 % of the capital, and control of 30 % (AMLR Art. 54)."""
    ownership = found(firm("H", "30", person("P", "51"), person("Q", "49")), person("R", "70"))
    assert names(ownership) == {"P": "control_of_holder", "R": "ownership"}
    half = found(firm("H", "30", person("P", "50"), person("Q", "50")), person("R", "70"))
    assert names(half) == {"R": "ownership"}


def test_votes_are_looked_at_beside_the_capital() -> None:
    ownership = found(person("P", "5", votes="60"), person("R", "95", votes="40"))
    assert names(ownership) == {"P": "votes", "R": "ownership"}


def test_control_by_other_means_needs_no_share() -> None:
    ownership = found(person("P", None, control=["right_to_appoint"]), person("R", "100"))
    assert names(ownership) == {"P": "control", "R": "ownership"}
    assert not ownership.doubts
    behind = found(firm("H", "0", person("P", "100"), control=["veto"]), person("R", "100"))
    assert names(behind)["P"] == "control"


def test_one_person_under_one_name_is_one_person() -> None:
    """Without a day of birth, a name may be anybody's of that name: it is added to each."""
    first, second = {"date_of_birth": "1980-01-01"}, {"date_of_birth": "1990-01-01"}
    same = found(
        person("Jo Doe", "15", **first),
        firm("H", "20", person("JO DOE", "60", **first), person("Q", "40")),
        person("R", "65"),
    )
    assert "Jo Doe" in names(same)
    others = found(
        person("Jo Doe", "15", **first),
        firm("H", "20", person("Jo Doe", "40", **second), person("Q", "60")),
        person("R", "65"),
    )
    assert "Jo Doe" not in names(others)
    undated = found(
        person("Jo Doe", "15", **first), firm("H", "20", person("Jo Doe", "50"), person("Q", "50")), person("R", "65")
    )
    assert "Jo Doe" in names(undated)
    by_id = found(
        person("J. Doe", "15", id="p1"),
        firm("H", "20", person("Jo Doe", "50", id="p1"), person("Q", "50")),
        person("R", "65"),
    )
    assert "J. Doe" in names(by_id)


def test_a_chain_that_ends_at_a_firm_is_a_doubt() -> None:
    assert doubts(found(firm("H", "25"), person("R", "75"))) == {"chain_open", "owner_may_be_hidden"}
    assert doubts(found(firm("H", "25", listed=True), person("R", "75"))) == set()
    many = [firm(f"H{number}", "6") for number in range(5)]
    assert doubts(found(*many, person("R", "70"))) == {"owner_may_be_hidden"}, "one person may be behind them all"


@pytest.mark.parametrize(
    ("shares", "doubt"),
    [
        (["75"], {"owner_may_be_hidden"}),
        (["75.000001"], set()),
        (["20", "75"], {"owner_may_be_hidden"}),
        (["60", "40.000001"], {"share_over_100", "votes_over_100"}),
        (["100", None], {"share_not_stated"}),
    ],
)
def test_the_shares_must_come_to_something_sensible(shares: list[str | None], doubt: set[str]) -> None:
    """What nobody accounts for may be somebody's; 20 % and 5 % nobody knows of may be one person's."""
    assert doubts(found(*(person(f"P{at}", share) for at, share in enumerate(shares)))) == doubt


def test_where_nobody_is_found_the_managers_stand_in_and_it_is_recorded() -> None:
    """AMLR Art. 22(2)."""
    ownership = found(*(person(f"P{number}", "10") for number in range(10)))
    assert names(ownership) == {"Anne Martin": "senior_manager"}
    assert "nobody_found" in doubts(ownership)


def test_nothing_stated_is_a_doubt_and_a_sole_trader_has_no_owners() -> None:
    assert doubts(owners_of(applied(owners=None), STRICTER)) == {"owners_not_stated", "nobody_found"}
    alone = owners_of(applied(owners=None, legal_form="sole_trader"), STRICTER)
    assert (names(alone), alone.doubts) == ({"Anne Martin": "senior_manager"}, ())
    nobody = owners_of(applied(owners=None, directors=None, legal_form="sole_trader"), STRICTER)
    assert doubts(nobody) == {"no_director"}


_LAW = """domain: kyc
parameters:
  beneficial_owner_threshold:
    type: decimal
    basis: house
    confidence: R
    values:
      - {from: "2020-01-01", value: "25"}
  beneficial_owner_comparator:
    type: token
    basis: house
    confidence: R
    values:
      - {from: "2020-01-01", value: gt}
      - {from: "2027-07-10", value: gte}
"""


def test_the_law_says_the_threshold_and_silence_is_the_stricter() -> None:
    assert str(law(applied()).threshold) == ">= 25"
    release = packs(("FR/kyc.yaml", "", _LAW))
    assert str(law(applied(), date(2027, 7, 9), release).threshold) == "> 25"
    assert str(law(applied(), date(2027, 7, 10), release).threshold) == ">= 25"
    assert str(law(applied(acquirer_country="GB"), release=release).threshold) == ">= 25", "whoever takes it on"
    unread = packs(("FR/kyc.yaml", "", _LAW.replace('value: "25"', "unread: true")))
    assert str(law(applied(), date(2027, 7, 9), unread).threshold) == ">= 25"
    no_sign = packs(("FR/kyc.yaml", "", _LAW.replace("value: gt}", "unread: true}")))
    assert str(law(applied(), date(2027, 7, 9), no_sign).threshold) == ">= 25"


def _charts() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Charts of three levels, whole to the last percent."""
    cuts = st.lists(st.integers(1, 99), max_size=3, unique=True)

    def level(
        inner: st.SearchStrategy[list[dict[str, Any]]] | None, cut: list[int]
    ) -> st.SearchStrategy[list[dict[str, Any]]]:
        bounds = [0, *sorted(cut), 100]
        shares = [str(b - a) for a, b in pairwise(bounds)]
        who = st.sampled_from("PQRSTU").map(lambda name: person(name, None, date_of_birth="1980-01-01"))
        one = who if inner is None else who | inner.map(lambda owners: firm("H", None, *owners))
        return st.tuples(*(one for _ in shares)).map(
            lambda owners: [{**owner, "share": share} for owner, share in zip(owners, shares, strict=True)]
        )

    deep = cuts.flatmap(lambda cut: level(None, cut))
    for _ in range(2):
        below = deep
        deep = cuts.flatmap(lambda cut, below=below: level(below, cut))  # type: ignore[misc]
    return deep


def _leaves(owners: list[Owner], whole: Fraction = Fraction(100)) -> dict[str, Fraction]:
    """The plainest reckoning there is, as an oracle."""
    total: dict[str, Fraction] = {}
    for owner in owners:
        held = whole * Fraction(owner.share or 0) / 100
        parts = {owner.name: held} if owner.type == "individual" else _leaves(owner.owners or [], held)
        for name, part in parts.items():
            total[name] = total.get(name, Fraction()) + part
    return total


@given(_charts())
def test_all_paths_together_are_the_whole_and_nobody_at_the_threshold_is_lost(chart: list[dict[str, Any]]) -> None:
    application = applied(owners=chart)
    oracle = _leaves(application.owners or [])
    assert sum(oracle.values()) == 100
    told = {one.name: one for one in owners_of(application, STRICTER).beneficial if one.by != "senior_manager"}
    assert {name for name, share in oracle.items() if share >= 25} <= set(told)
    assert all(shown(oracle[name]) == one.share for name, one in told.items())
    assert not owners_of(application, STRICTER).doubts or not told
