"""What differs between two texts, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

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
