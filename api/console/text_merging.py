"""What two people made of one text, line by line: where they touched different lines, both are kept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """The text of both. `clean`: they touched different lines; where they touched the same ones, mine stands."""

    text: str
    clean: bool


def merged(base: str, mine: str, theirs: str) -> Merged:
    """A merge of three texts by lines.

    >>> merged("a\\nb\\nc\\n", "a\\nB\\nc\\n", "a\\nb\\nC\\n")
    Merged(text='a\\nB\\nC\\n', clean=True)
    """
    lines = base.splitlines(keepends=True)
    own, other = _hunks(lines, mine.splitlines(keepends=True)), _hunks(lines, theirs.splitlines(keepends=True))
    kept = [hunk for hunk in other if hunk not in own and not any(_meet(hunk, one) for one in own)]
    clean = all(hunk in own or hunk in kept for hunk in other)
    found, at = [], 0
    for start, end, text in sorted([*own, *kept]):
        found += [*lines[at:start], *text]
        at = end
    return Merged("".join([*found, *lines[at:]]), clean)


Hunk = tuple[int, int, tuple[str, ...]]
"""Lines of the base from one to before another, and what stands there instead."""


def _hunks(base: list[str], text: list[str]) -> list[Hunk]:
    matcher = difflib.SequenceMatcher(None, base, text, autojunk=False)
    return [(a, b, tuple(text[c:d])) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _meet(one: Hunk, two: Hunk) -> bool:
    """Whether two changes touch the same lines, or stand at the same place."""
    return one[0] <= two[1] and two[0] <= one[1]
