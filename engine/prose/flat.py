"""A tree of clauses as one sentence, with brackets where it would otherwise be read in two ways."""

from __future__ import annotations

from typing import Final

from engine.prose.clause import LEAF, Clause, Piece, Pieces, merged, text
from engine.prose.lexicon import Lexicon

HEADED: Final = frozenset({"then", "where", "when", "so", "else"})
"""Clauses whose own words stand before those of their children."""


def said(clause: Clause, lexicon: Lexicon) -> Pieces:
    """The whole clause with its children."""
    kind, children = clause.kind, clause.children
    templates = lexicon.templates
    if kind == LEAF or not children:
        return clause.pieces
    if kind in ("all", "any"):
        return _joined(children, templates["and" if kind == "all" else "or"], lexicon)
    if kind in ("not_all", "none"):
        return lexicon.say(f"flat.{kind}", items=_joined(children, templates["comma"], lexicon))
    if kind == "choose":
        test, then, other = (_inside(part.children[0], lexicon) for part in children)
        return lexicon.say("flat.choose", test=test, then=then, other=other)
    if kind in HEADED:
        items = _joined(children, templates["comma"], lexicon)
        return merged([*clause.pieces, *text(templates["colon"] + templates["gap"]), *items])
    *which, asked = children
    body = _inside(asked, lexicon)
    if not which:
        return lexicon.say("flat.each", head=clause.pieces, body=body)
    where = _inside(which[0].children[0], lexicon)
    return lexicon.say("flat.each_where", head=clause.pieces, where=where, body=body)


def _joined(children: tuple[Clause, ...], between: str, lexicon: Lexicon) -> Pieces:
    found: list[Piece] = []
    for at, child in enumerate(children):
        found.extend((*(text(between) if at else ()), *_inside(child, lexicon)))
    return merged(found)


def _inside(child: Clause, lexicon: Lexicon) -> Pieces:
    pieces = said(child, lexicon)
    if child.kind == LEAF:
        return pieces
    return merged([*text(lexicon.templates["open"]), *pieces, *text(lexicon.templates["close"])])
