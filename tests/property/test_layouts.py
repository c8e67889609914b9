"""Code written for one layout of bodies reads what the general decoder reads, and leaves to it whatever is not exactly so."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import count_keys
from bench.payments import bodies, mixed
from engine import facts, layouts
from engine.decoding import PLAN, NotPlain, decode_tree
from engine.facts import Facts

BODIES = mixed(bodies(400))
JUNK = [
    None, True, False, 0, 1, -1, 10**30, "", "x", "DE", "UK", "XX", "EUR", "EURO", "1", "1.00", "1.005", "-1", "1e3", "NaN", [],
    ["x"], ["low"], {}, {"a": 1}, [{}], [{"id": "1"}], "2026-11-26", "2026-02-30", "2026-11-26T10:00:00Z", "a" * 201,
    "é", "\ud800",
]  # fmt: skip


@pytest.fixture
def _nothing_met(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many functions are written in a window: what other tests of the process have warmed must not count here."""
    monkeypatch.setattr(facts, "_layouts", {})
    monkeypatch.setattr(layouts, "_LISTS", {})
    monkeypatch.setattr(layouts, "_ROOT", layouts.Layouts(PLAN, layouts._write_root))


def warmed(body: Any) -> None:
    # The lists in a body are met one after the other: the first when the body has code, the next when the elements before have.
    for _ in range(4 * layouts.WARM):
        layouts.read(body)


def general(body: Any) -> Facts | None:
    try:
        return decode_tree(body)
    except NotPlain:
        return None


def same(found: Facts, other: Facts) -> bool:
    return (
        list(found.items()) == list(other.items())
        and [type(value) for value in found.values()] == [type(value) for value in other.values()]
        and found.row == other.row
        # Shapes are forgotten when there are too many: one that is made anew is another object with the same contents.
        and found.shape.places == other.shape.places
        and found.shape.fixed == other.shape.fixed
    )


@pytest.mark.usefixtures("_nothing_met")
def test_a_layout_that_comes_often_is_read_by_code_of_its_own() -> None:
    for body in BODIES[:12]:
        warmed(body)
        read, known = layouts.read(body), general(body)
        assert read is not None
        assert known is not None
        assert same(read.facts, known)
        assert read.facts.shape is known.shape
        assert read.keys == count_keys(body)


def _levels(tree: Any) -> list[Any]:
    inside = list(tree.values()) if isinstance(tree, dict) else tree if isinstance(tree, list) else []
    return ([tree] if isinstance(tree, dict) else []) + [level for one in inside for level in _levels(one)]


@given(st.integers(0, len(BODIES) - 1), st.randoms(use_true_random=False))
def test_whatever_stands_in_a_field_is_read_as_the_general_decoder_reads_it(which: int, rng: random.Random) -> None:
    body = orjson.loads(orjson.dumps(BODIES[which]))
    warmed(body)
    for _ in range(rng.randint(1, 2)):
        level = rng.choice([one for one in _levels(body) if one])
        level[rng.choice(sorted(level))] = rng.choice(JUNK)
    read, known = layouts.read(body), general(body)
    if read is not None:
        assert known is not None
        assert same(read.facts, known)
        assert read.keys == count_keys(body)


@pytest.mark.parametrize(
    "body", [None, 1, "x", [], [["payment"]], {}, {"amount": "1"}, {"payment": ["instrument", "channel"]}]
)
def test_what_is_no_payment_is_nobodys_layout(body: Any) -> None:
    for _ in range(layouts.WARM + 2):
        assert layouts.read(body) is None


@pytest.mark.usefixtures("_nothing_met")
def test_a_list_in_place_of_an_object_is_not_taken_for_one() -> None:
    body = {"amount": "1.00", "currency": "EUR", "payment": {"instrument": "card"}, "payee": {"country": "DE"}}
    warmed(body)
    assert layouts.read(body) is not None
    assert layouts.read({**body, "payment": ["instrument"]}) is None
    assert layouts.read({**body, "payee": "country"}) is None


def test_bodies_of_ever_new_layouts_write_no_code() -> None:
    before = len(layouts._ROOT._tops)
    names = [f"k{number}" for number in range(200)]
    for name in names:
        assert layouts.read({"amount": "1.00", name: 1}) is None
    assert len(layouts._ROOT._tops) == before
