"""Prose as a tree: sentences that know what they stand for, so that a page can set them, link them and fold them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text.

    `kind`: text, fact, value, place, parameter (its value), name (of a parameter), term, past (a feature), rule, effect.
    """

    kind: str
    text: str
    ref: str | None = None
    """What it is about: the path of a fact, the name of a parameter, term or feature, the code of a place, the id of a rule."""


Pieces = tuple[Piece, ...]

LEAF: Final = "is"
"""The kind of a clause that has no parts."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition or a consequence in words.

    `kind`: `is` (one sentence), `all`, `any`, `not_all`, `none` (of the children), `choose` (children:
    `when`, `so` and `else`, each with one child), `some`, `every`, `no_one`, `not_every` (of a list's elements: the last child is
    asked of each; `where` before it says of which), `then` (a consequence; its details), `detail`.
    """

    kind: str
    pieces: Pieces
    children: tuple[Clause, ...] = ()
    expression: str = ""
    """What it stands for, in the rule language. Empty for consequences."""
    start: int = 0
    end: int = 0
    """Columns of the author's text, from 0, the end excluded. Both nought where the text is not at hand."""

    @property
    def text(self) -> str:
        """The sentence without its children."""
        return joined(self.pieces)


def joined(pieces: Iterable[Piece]) -> str:
    """Pieces as plain text."""
    return "".join(piece.text for piece in pieces)


def text(said: str) -> Pieces:
    """Words that stand for nothing but themselves; none for the empty text."""
    return (Piece("text", said),) if said else ()


def merged(pieces: Iterable[Piece]) -> Pieces:
    """Neighbouring plain texts as one piece."""
    found: list[Piece] = []
    for piece in pieces:
        if found and piece.kind == found[-1].kind == "text":
            found[-1] = Piece("text", found[-1].text + piece.text)
        elif piece.text:
            found.append(piece)
    return tuple(found)
