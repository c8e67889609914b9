"""JSON bodies as they are read on every route: strictly, once, and never by a parser that guesses.

RFC 8259 leaves open what a duplicate key means; here it is refused, and so are depths that no transaction has, and the
NUL character, which not every store can hold.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

from api.guard import inspect, may_hold_number, squeezed
from api.problems import Fault, Problem, escape, refused

DEEPEST: Final = 32
"""Levels of nesting. The deepest field of a Transaction lies on the fourth."""

LARGE: Final = 65_536
"""Bytes from which on a body is read in a thread of its own."""

_JSON: Final = re.compile(rb"application/(?:[\w.-]+\+)?json[ \t]*(?:;.*)?", re.IGNORECASE | re.DOTALL)
_LINES: Final = re.compile(
    rb"application/(?:x-ndjson|ndjson|jsonl|x-jsonl|x-jsonlines|json)[ \t]*(?:;.*)?", re.IGNORECASE | re.DOTALL
)
_PLAIN_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)


def require_json(content_type: bytes | None) -> None:
    """Raise 415 for anything but JSON."""
    if content_type != b"application/json" and not (content_type and _JSON.fullmatch(content_type)):
        raise Problem("media_type", "Send the body as application/json.")


def require_lines(content_type: bytes | None) -> None:
    """Raise 415 for anything but JSON, one document a line."""
    if not (content_type and _LINES.fullmatch(content_type)):
        raise Problem("media_type", "Send the body as application/x-ndjson.")


def parse(body: bytes, *, lists: bool = False, national: bool = False) -> Any:
    """The object in a body, or with `lists` the list that may stand there instead; free of card data. Raises 422.

    `national`: the body consists of identity or tax numbers, of which many look like card numbers of another length.
    """
    tree = _load(body, lists=lists)
    keys, depth = shape(tree)
    if depth > DEEPEST:
        raise refused(Fault("", "too_deep", f"Nested more than {DEEPEST} levels deep"))
    inspect(body, tree, national=national)
    # After the look at card data: from here on the names of keys may be repeated in a fault.
    if squeezed(body).count(_KEY) != keys:
        _refuse_duplicates(body)
    if b"\\u0000" in body:
        _refuse_nul(tree)
    return tree


def parse_plain(body: bytes) -> tuple[dict[str, Any], int] | None:
    """As `parse`, for a body that nothing is wrong with at first sight, provided that all its objects together have as many
    keys as is said beside it; None: it wants `parse`.

    The depth, and names of verification data, are left to a decoder that knows every key. Raises 422 for what is no object.
    """
    tree = _load(body)
    alike = squeezed(body)
    return None if may_hold_number(body, alike) else (tree, alike.count(_KEY))


_KEY: Final = b'":'
"""INVARIANT: in a body without its blanks this stands at least once for each key it writes. So as often as there are keys
in the objects that were read means that none was written twice; anything else is looked at closely."""


def _load(body: bytes, *, lists: bool = False) -> Any:
    try:
        tree: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise refused(Fault("", "json_invalid", f"Not JSON: {error}")) from None
    if tree.__class__ is not dict and not (lists and tree.__class__ is list):
        wanted = "An object or a list of objects is wanted" if lists else "An object is wanted"
        raise refused(Fault("", "object_expected", wanted))
    return tree


def count_keys(tree: Any) -> int:
    """How many keys there are in all objects."""
    keys = 0
    waiting: list[Any] = [tree]
    for item in waiting:
        if item.__class__ is dict:
            keys += len(item)
            for value in item.values():
                if value.__class__ is dict or value.__class__ is list:
                    waiting.append(value)
        else:
            for value in item:
                if value.__class__ is dict or value.__class__ is list:
                    waiting.append(value)
    return keys


def shape(tree: Any) -> tuple[int, int]:
    """How many keys there are in all objects, and how many levels."""
    depth = 0
    level: list[Any] = [tree]
    while level:
        depth += 1
        inner = (item.values() if isinstance(item, dict) else item for item in level)
        level = [value for values in inner for value in values if isinstance(value, dict | list)]
    return count_keys(tree), depth


class _Twice:
    """Stands where an object with a duplicate key was."""

    def __init__(self, key: str):
        self.key = key


def _object(pairs: list[tuple[str, Any]]) -> Any:
    known: dict[str, Any] = {}
    for key, value in pairs:
        if key in known:
            return _Twice(key)
        known[key] = value
    return known


def _refuse_duplicates(body: bytes) -> None:
    # Numbers stay text: nothing here looks at them, and the longest ones would not be converted at all.
    tree = json.loads(body, object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)
    found = [
        Fault(
            pointer,
            "duplicate_key",
            f"The key {value.key} is there twice" if _plain(value.key) else "A key is there twice",
        )
        for pointer, value in walk(tree)
        if isinstance(value, _Twice)
    ]
    if found:
        raise refused(*found)


def _refuse_nul(tree: Any) -> None:
    found = [
        Fault(pointer, "nul_character", "The character U+0000 cannot be stored")
        for pointer, value in walk(tree)
        if (isinstance(value, str) and "\0" in value) or (isinstance(value, dict) and any("\0" in key for key in value))
    ]
    if found:
        raise refused(*found)


def walk(tree: Any) -> list[tuple[str, Any]]:
    """Every value with its JSON Pointer, containers before what is in them. Not recursive."""
    found: list[tuple[str, Any]] = []
    waiting: list[tuple[str, Any]] = [("", tree)]
    while waiting:
        pointer, value = waiting.pop()
        found.append((pointer, value))
        if isinstance(value, dict):
            below = [(f"{pointer}/{escape(key)}", item) for key, item in value.items()]
        elif isinstance(value, list):
            below = [(f"{pointer}/{index}", item) for index, item in enumerate(value)]
        else:
            continue
        waiting.extend(reversed(below))
    return found


def _plain(key: str) -> bool:
    return _PLAIN_KEY.fullmatch(key) is not None and not key.isdecimal()
