"""Long alternations of regular expressions sorted by the letter that they begin with, so that few are tried at each word.

Python's `re` tries the branches of an alternation one after another. Branches that begin with different letters exclude each
other, so that only the order of those with the same letter matters, and that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

_OPENS: Final = "(?:"
_OPTIONAL: Final = "?*"


def by_letter(named: Iterable[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    """(name, alternatives) in the order in which they are tried -> one alternation, and the name of each of its groups.

    ValueError where an alternative does not begin with a letter or with a group of such.
    """
    letters: dict[str, dict[str, list[str]]] = {}
    for name, words in named:
        for alternative in alternatives(words):
            for letter, rest in _begun(alternative):
                letters.setdefault(letter, {}).setdefault(name, []).append(rest)
    branches: list[str] = []
    names: dict[str, str] = {}
    for letter, groups in letters.items():
        inner: list[str] = []
        for name, rests in groups.items():
            group = f"g{len(names)}"
            names[group] = name
            inner.append(f"(?P<{group}>{'|'.join(rests)})")
        branches.append(f"{re.escape(letter)}(?:{'|'.join(inner)})")
    return "|".join(branches), names


def alternatives(words: str) -> list[str]:
    """The branches of an alternation, at its outermost."""
    found, start, depth, at, in_class = [], 0, 0, 0, False
    while at < len(words):
        sign = words[at]
        if sign == "\\":
            at += 1
        elif in_class:
            in_class = sign != "]"
        elif sign == "|" and not depth:
            found.append(words[start:at])
            start = at + 1
        else:
            in_class = sign == "["
            depth += (sign == "(") - (sign == ")")
        at += 1
    return [*found, words[start:]]


def _begun(alternative: str) -> Iterator[tuple[str, str]]:
    """The letters that an alternative may begin with, each with what follows it; a group at its head is taken apart."""
    if not alternative.startswith(_OPENS):
        if not alternative[:1].isalnum() or alternative[1:2] in ("?", "*", "+", "{"):
            raise ValueError(f"{alternative!r} does not begin with a letter")
        yield alternative[0], alternative[1:]
        return
    end = _closing(alternative)
    inside, rest = alternative[len(_OPENS) : end], alternative[end + 1 :]
    optional = rest[:1] in _OPTIONAL and bool(rest)
    if optional and rest[0] == "*":
        raise ValueError(f"{alternative!r} begins with a group that is repeated")
    rest = rest[1:] if optional else rest
    for one in alternatives(inside):
        yield from _begun(one + rest)
    if optional:
        yield from _begun(rest)


def _closing(alternative: str) -> int:
    """Where the group ends that an alternative begins with."""
    depth, at, in_class = 0, 0, False
    while at < len(alternative):
        sign = alternative[at]
        if sign == "\\":
            at += 1
        elif in_class:
            in_class = sign != "]"
        else:
            in_class = sign == "["
            depth += (sign == "(") - (sign == ")")
            if not depth:
                return at
        at += 1
    raise ValueError(f"{alternative!r} has a group that is not closed")
