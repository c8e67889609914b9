"""Payments that touch no changed law are told alike by construction; every other is asked of both releases."""

from __future__ import annotations

import pytest

from engine.backtest import Bench, Releases, compare_payments, payments_of
from engine.backtest.compare import SAME
from engine.backtest.touched import Touched
from engine.facts import Facts
from engine.packs import PackSet
from tests.backtest.past import Past, files, halved, law, rates, release


def edited(path: str, was: str = "\n", now: str = "\n# looked at again\n") -> PackSet:
    """The packs with one file changed."""
    text = files()[path]
    assert was in text
    return release({path: text.replace(was, now, 1)}, "3")


def test_the_same_release_touches_nothing() -> None:
    touched = Touched(law(), law())
    assert touched.packs == ()
    assert not touched.one(Past(1).facts(1)[0])
    assert not touched.of(payments_of(Past(1).facts(50))).any()


def test_a_change_of_a_group_touches_its_members() -> None:
    touched = Touched(law(), halved())
    assert touched.packs == ("EEA",)
    assert [place for place in ("DE", "FR", "RE", "US", "JP") if touched.place(place)] == ["DE", "FR", "RE"]
    assert touched.place("GB"), "it was a member once, and its law goes on from there"


def test_a_change_of_a_country_touches_its_parts_and_its_ways_to_pay() -> None:
    touched = Touched(law(), edited("NL/methods.yaml"))
    assert touched.packs == ("NL",)
    assert touched.place("NL")
    assert not touched.place("DE")
    assert touched.method("ideal")
    assert not touched.method("giropay")


def test_the_law_of_the_world_touches_everything() -> None:
    path = next(path for path in files() if path.startswith("WORLD/") and path.endswith(".yaml"))
    touched = Touched(law(), edited(path))
    assert touched.one(Past(1).facts(1)[0])
    assert touched.of(payments_of(Past(1).facts(20))).all()


def test_a_list_that_conditions_ask_about_touches_everything() -> None:
    path = next(path for path in files() if path.startswith("FATF-BLACK/"))
    assert Touched(law(), edited(path)).of(payments_of(Past(1).facts(20))).all()


@pytest.mark.slow
def test_columns_and_single_payments_are_touched_alike() -> None:
    facts = Past(3).facts(400)
    for other in (halved(), edited("NL/methods.yaml"), edited("DE/aml.yaml")):
        touched = Touched(law(), other)
        assert touched.of(payments_of(facts)).to_list() == [touched.one(one) for one in facts]


def test_baskets_may_name_places_that_nobody_looks_for() -> None:
    facts = Facts({**Past(4).facts(1)[0], "lines": ({"id": "1"},)})
    assert Touched(law(), halved()).one(facts)


@pytest.mark.slow
def test_untouched_payments_are_told_what_both_releases_would_say() -> None:
    facts, other = Past(5).facts(300), edited("NL/methods.yaml", "EUR", "USD")
    bench = Bench(law(), ("sca", "aml", "kyc", "methods"), rates())
    some = compare_payments(payments_of(facts), Releases.of(bench, other)).frame
    full = compare_payments(payments_of(facts), Releases.of(bench, other, full=True)).frame
    assert some.drop("by").equals(full.drop("by"))
    assert some.filter(some["by"] == SAME).height > 50
    assert full.filter(full["by"] == SAME).is_empty()
