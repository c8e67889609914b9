"""A language: its templates, and what facts, words and places are called in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from engine.prose.clause import Piece, Pieces, merged, text

Named = str | tuple[str, str]
"""The name of a thing; or of a yes-or-no fact, the sentence where it is so and the one where it is not."""

_HOLE: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. Adding a language is adding one of these; nothing else knows of it."""

    code: str
    templates: Mapping[str, str]
    """Key -> sentence with holes. Every language has the same keys."""
    parties: Mapping[str, str]
    of_a_party: Mapping[str, Named]
    facts: Mapping[str, Named]
    lists: Mapping[str, str]
    elements: Mapping[str, Named]
    words: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    """What packs call their terms and features, in their own language -> in this one."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Parameter -> its name in this language; what is not here keeps its own name, with spaces."""
    title: Callable[[str], str | None] = field(default=lambda _title: None)
    """The title of a rule that no catalogue of the release has, in this language."""
    spaced: bool = False
    """Whether a space stands between this script and Latin letters or figures."""

    def fact(self, path: str) -> Named | None:
        """What a fact of the payment, or an object of facts, is called. None: this language has no name for it."""
        found = self.facts.get(path)
        if found is not None:
            return found
        head, _, rest = path.partition(".")
        party, named = self.parties.get(head), self.of_a_party.get(rest)
        if party is None or named is None:
            return None
        return _of(named, party)

    def element(self, path: str) -> Named | None:
        """What a field of an element of a list is called."""
        return self.elements.get(path)

    def say(self, key: str, **holes: Pieces | str) -> Pieces:
        """A template, filled."""
        found = fill(self.templates[key], **holes)
        return _apart(found) if self.spaced else found

    def one_of_list(self, path: str) -> str | None:
        """What one element of a list is called."""
        head, _, rest = path.rpartition(".")
        found = self.lists.get(rest)
        return None if found is None else found.format(party=self.parties.get(head, head))


def _of(named: Named, party: str) -> Named:
    return (
        named.format(party=party)
        if isinstance(named, str)
        else (named[0].format(party=party), named[1].format(party=party))
    )


@lru_cache(maxsize=4096)
def _cut(template: str) -> tuple[tuple[str, bool], ...]:
    """A template as texts and the names of holes (true)."""
    return tuple((part, at % 2 == 1) for at, part in enumerate(_HOLE.split(template)) if part)


def fill(template: str, **holes: Pieces | str) -> Pieces:
    """A template with its holes filled by pieces, or by plain text."""
    found: list[Pieces] = []
    for part, hole in _cut(template):
        filled = holes[part] if hole else part
        found.append(text(filled) if isinstance(filled, str) else filled)
    return merged(piece for pieces in found for piece in pieces)


def _apart(pieces: Pieces) -> Pieces:
    """A space wherever Chinese and Latin meet between two pieces."""
    found: list[Piece] = []
    for piece in pieces:
        if found and _meet(found[-1].text[-1:], piece.text[:1]):
            found.append(Piece("text", " "))
        found.append(piece)
    return merged(found)


def _meet(before: str, after: str) -> bool:
    return (_latin(before) and "\u4e00" <= after <= "\u9fff") or ("\u4e00" <= before <= "\u9fff" and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
