"""Generated statements made fewer: a variable that is read once is written where it is read.

What stands in an `and` or `or` is then computed only if it matters, and nothing is stored that is read at once. The values are
the same: generated expressions change nothing, and whatever converts money, which notes the rate it used, stays where it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

_STATEMENT: Final = re.compile(r" {4}(?! )(?:(v\d+) = )?(.*[^:])")
_ASSIGNED: Final = re.compile(r" *(v\d+) = ")
_VARIABLE: Final = re.compile(r"\bv\d+\b")
_EFFECT: Final = "convert("

DEEPEST: Final = 12
"""Brackets within brackets; Python reads no more than two hundred."""


def tightened(body: Sequence[str]) -> list[str]:
    """The same statements, in fewer lines.

    >>> tightened(["    v1 = row[3]", "    v2 = row[4]", "    v3 = v1 <= K5", "    v4 = v2 and v3", "    return (v4, v2, )"])
    ['    v2 = row[4]', '    return ((v2 and (row[3] <= K5)), v2, )']
    """
    assigned = Counter(found[1] for line in body if (found := _ASSIGNED.match(line)))
    inside, read = _read(body)
    waiting: dict[str, tuple[str, int]] = {}
    kept = []
    for line in body:
        found = _STATEMENT.fullmatch(line)
        if found is None:
            kept.append(line)
            continue
        name, text, deep = found[1], *_with(found[2], waiting)
        once = name is not None and read[name] == 1 and name in inside and assigned[name] == 1
        steady = all(assigned[other] <= 1 for other in _VARIABLE.findall(text))
        if once and steady and deep < DEEPEST and _EFFECT not in text:
            waiting[name] = text, deep + 1
        else:
            kept.append(f"    {name} = {text}" if name else f"    {text}")
    return kept


def _read(body: Sequence[str]) -> tuple[set[str], Counter[str]]:
    """The variables that a statement outside all blocks reads, and how often each variable is read anywhere."""
    inside: set[str] = set()
    read: Counter[str] = Counter()
    for line in body:
        found, assignment = _STATEMENT.fullmatch(line), _ASSIGNED.match(line)
        names = _VARIABLE.findall(line[assignment.end() :] if assignment else line)
        read.update(names)
        if found is not None:
            inside.update(names)
    return inside, read


def _with(text: str, waiting: dict[str, tuple[str, int]]) -> tuple[str, int]:
    """A text with the expressions that wait for it, and how deep its brackets are then."""
    deep = 0

    def replaced(found: re.Match[str]) -> str:
        nonlocal deep
        known = waiting.pop(found[0], None)
        if known is None:
            return found[0]
        deep = max(deep, known[1])
        return known[0] if _PLAIN.fullmatch(known[0]) else f"({known[0]})"

    return _VARIABLE.sub(replaced, text), deep


_PLAIN: Final = re.compile(r"row\[\d+\]|[A-Za-z]\w*")
"""What needs no brackets."""
