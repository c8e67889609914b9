"""JSON is read strictly, and the quick way of reading it misses nothing."""

from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.bodies import count_keys, parse, parse_plain, shape, walk
from api.problems import Problem

_leaves = st.none() | st.booleans() | st.integers(-999, 999) | st.text('ab":\\ é\n', max_size=6)
_trees = st.recursive(
    _leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab":\\ ', max_size=4), inner, max_size=4),
)
_objects = st.dictionaries(st.text('ab":\\ ', max_size=4), _trees, max_size=5)
_spaces = st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\n", "\t:"), (",", ":\n")])


@given(_objects, _spaces, st.booleans())
def test_an_object_is_read_as_it_is_however_it_is_written(tree: dict[str, Any], spaces: Any, escaped: bool) -> None:
    body = json.dumps(tree, separators=spaces, ensure_ascii=escaped).encode()
    assert parse(body) == tree
    plain = parse_plain(body)
    assert plain is None or plain[0] == tree


@given(_objects, _spaces, st.data())
def test_a_key_that_is_there_twice_is_always_seen(tree: dict[str, Any], spaces: Any, data: st.DataObject) -> None:
    if not tree:
        return
    key = data.draw(st.sampled_from(sorted(tree)))
    text = json.dumps(tree, separators=spaces)
    again = json.dumps({key: 1}, separators=spaces)[1:-1]
    body = (text[:-1] + spaces[0] + again + "}").encode()
    plain = parse_plain(body)
    assert plain is None or plain[1] != count_keys(plain[0])
    with pytest.raises(Problem) as refused:
        parse(body)
    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {("", "duplicate_key")}


def test_the_first_of_two_equal_keys_cannot_hide_what_it_holds() -> None:
    with pytest.raises(Problem) as refused:
        parse(b'{"a": "4111111111111111", "a": "x"}')
    assert "4111" not in str([fault.body() for fault in refused.value.faults])


def test_a_long_key_is_not_repeated() -> None:
    with pytest.raises(Problem) as refused:
        parse(b'{"Jane Doe": 1, "Jane Doe": 2}')
    assert refused.value.faults[0].message == "A key is there twice"


def test_keys_and_levels_are_counted() -> None:
    assert shape({"a": {"b": [{"c": 1, "d": [[]]}]}, "e": 1}) == (5, 6)
    assert count_keys({}) == 0


def test_levels_are_bounded() -> None:
    def nested(levels: int) -> bytes:
        return b'{"a":' * levels + b"1" + b"}" * levels

    assert parse(nested(32))
    with pytest.raises(Problem, match="1 fault"):
        parse(nested(33))


def test_walking_names_every_place() -> None:
    assert dict(walk({"a/b": [1, {"~": None}]})) == {
        "": {"a/b": [1, {"~": None}]},
        "/a~1b": [1, {"~": None}],
        "/a~1b/0": 1,
        "/a~1b/1": {"~": None},
        "/a~1b/1/~0": None,
    }


def test_depth_is_no_danger_to_the_stack() -> None:
    body = orjson.dumps({"facts": "["}).replace(b'"["', b"[" * 1000 + b"]" * 1000)
    with pytest.raises(Problem):
        parse(body)
