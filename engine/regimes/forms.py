"""Lists of an answer with blanks in them: what is the same for many payments is worded once, the rest for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.facts import Facts
from engine.language.law import Moment

Tell = Callable[[Mapping[str, Any], Moment], Any]
"""What fills a blank for one payment."""


@dataclass(frozen=True, slots=True)
class Blank:
    """A place in a list of the answer, under which law's day and rates it is filled in, and with what."""

    at: int
    side: int
    tell: Tell
    paths: tuple[str, ...] | None
    """The facts it rests on, where all of them are of few values."""


class Listed:
    """Entries of a list of the answer: whole ones, and blanks."""

    __slots__ = ("entries", "few", "many")

    def __init__(self, entries: list[Any], blanks: Sequence[Blank]):
        self.entries = entries
        self.few = tuple(blank for blank in blanks if blank.paths is not None)
        self.many = tuple(blank for blank in blanks if blank.paths is None)


def filled(blanks: Sequence[Blank], entries: list[Any], facts: Facts, moments: Sequence[Moment]) -> list[Any]:
    """A copy of the entries with these blanks filled in."""
    copy = entries.copy()
    for blank in blanks:
        copy[blank.at] = blank.tell(facts, moments[blank.side])
    return copy
