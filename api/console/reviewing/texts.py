"""Text beside text: what differs line by line in files, and leaf by leaf in values."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_AROUND: Final = 3
"""Lines that are the same, shown around each that is not."""
_MOST: Final = 1500
"""Lines of one file that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference. `sign`: `+`, `-`, a blank, or `@` where lines are left out."""

    sign: str
    before: int | None
    after: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Differing:
    """What differs in one file."""

    lines: tuple[Line, ...]
    added: int
    removed: int
    cut: bool
    """There is more than is shown."""


def differing(before: str, after: str) -> Differing:
    """Line by line, with some lines around each difference."""
    lines = list(_lines(before.splitlines(), after.splitlines()))
    added, removed = (sum(one.sign == sign for one in lines) for sign in "+-")
    return Differing(tuple(lines[:_MOST]), added, removed, len(lines) > _MOST)


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(_AROUND):
        yield Line("@", None, None, f"{group[0][1] + 1}")
        for tag, old, old_end, new, new_end in group:
            if tag == "equal":
                for step in range(old_end - old):
                    yield Line(" ", old + step + 1, new + step + 1, before[old + step])
                continue
            for at in range(old, old_end):
                yield Line("-", at + 1, None, before[at])
            for at in range(new, new_end):
                yield Line("+", None, at + 1, after[at])


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of a record that differs; None: it is not there."""

    name: str
    was: str | None
    now: str | None


def leaves(was: Any, now: Any, named: list[str]) -> list[Leaf]:
    """The leaves of a change that differ: those that are named, or all of what came or went."""
    if not isinstance(was, Mapping) and not isinstance(now, Mapping):
        return [Leaf("", shown(was), shown(now))]
    before = was if isinstance(was, Mapping) else {}
    after = now if isinstance(now, Mapping) else {}
    names = named or [name for name in {**before, **after} if before.get(name) != after.get(name)]
    found = [(name, _at(before, name), _at(after, name)) for name in names]
    return [Leaf(name, shown(old), shown(new)) for name, old, new in found if _told(old) or _told(new)]


def _told(value: Any) -> bool:
    return value not in (None, "", [], {})


def _at(record: Mapping[str, Any], name: str) -> Any:
    """A leaf by its path with points; what is not there is None."""
    if name in record:
        return record[name]
    head, _, rest = name.partition(".")
    inner = record.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None


def shown(value: Any) -> str | None:
    """A value for people to read: text as it is, the rest as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=None if not isinstance(value, dict | list) else 1)
