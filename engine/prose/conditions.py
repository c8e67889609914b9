"""Conditions of the rule language as trees of sentences. Every expression has one; different meanings read differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.language.render import source
from engine.language.tree import (
    And,
    Call,
    Compare,
    Const,
    Contains,
    Each,
    Expr,
    Fact,
    If,
    IsKnown,
    Let,
    Not,
    OneOf,
    Or,
    Param,
    RuleRef,
    Within,
)
from engine.places import COUNTRIES, SUBDIVISIONS
from engine.prose.clause import LEAF, Clause, Piece, Pieces
from engine.prose.flat import said
from engine.prose.lexicon import Lexicon
from engine.prose.phrases import COUNTRY, InForce, Phrases, field_of
from engine.prose.spans import Span, spans
from engine.prose.values import place

_PLAIN: Final = {"<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
_MOMENTS: Final = {"<": "before", "<=": "on_or_before", ">": "after", ">=": "on_or_after"}
_EQUAL: Final = {"==": False, "!=": True}
_FIGURES: Final = frozenset({"int", "decimal", "money", "rate", "duration"})
_QUANTIFIED: Final = {
    ("any", False): "some",
    ("any", True): "no_one",
    ("all", False): "every",
    ("all", True): "not_every",
}


class Conditions:
    """Tells conditions in one language under the law of one day."""

    def __init__(
        self,
        lexicon: Lexicon,
        params: Mapping[str, InForce],
        groups: Mapping[str, str],
        titles: Mapping[str, str],
        places: Mapping[int, Span] | None = None,
        alike: frozenset[str] = frozenset(),
    ):
        self.lexicon = lexicon
        self.titles = titles
        self.phrases = Phrases(lexicon, params, groups, self._flat, alike)
        self._spans = places or {}

    def tell(self, tree: Expr, written: str = "") -> Clause:
        """The clauses of a condition. `written`: the author's text, so that each clause knows where it stands in it."""
        if not written:
            return self._clause(tree)
        phrases = self.phrases
        found = spans(tree, written)
        placed = Conditions(self.lexicon, phrases.params, phrases.groups, self.titles, found, phrases.alike)
        return placed._clause(tree)

    def _flat(self, node: Expr) -> Pieces:
        return said(self._clause(node), self.lexicon)

    def _clause(self, node: Expr, negated: bool = False, whole: Expr | None = None) -> Clause:
        """`negated`: what `not` before the node says; `whole`: the node with its `not`."""
        whole = whole or node
        match node:
            case Not(body=body):
                return self._clause(body, not negated, whole)
            case And(items=items):
                return self._group("not_all" if negated else "all", items, whole)
            case Or(items=items):
                return self._group("none" if negated else "any", items, whole)
            case If(test=test, then=then, other=other):
                parts = (self._clause(test), self._clause(then, negated), self._clause(other, negated))
                children = tuple(
                    self._headed(kind, part) for kind, part in zip(("when", "so", "else"), parts, strict=True)
                )
                return self._made("choose", self.phrases.say("head.choose"), whole, children)
            case Each():
                return self._each(node, negated, whole)
        return self._made(LEAF, self._sentence(node, negated), whole)

    def _made(self, kind: str, pieces: Pieces, node: Expr, children: tuple[Clause, ...] = ()) -> Clause:
        start, end = self._spans.get(id(node), (0, 0))
        return Clause(kind, pieces, children, source(node), start, end)

    def _group(self, kind: str, items: tuple[Expr, ...], whole: Expr) -> Clause:
        return self._made(kind, self.phrases.say(f"head.{kind}"), whole, tuple(self._clause(item) for item in items))

    def _each(self, node: Each, negated: bool, whole: Expr) -> Clause:
        kind = _QUANTIFIED[node.kind, negated]
        where = () if node.where is None else (self._headed("where", self._clause(node.where)),)
        pieces = self.phrases.say(f"head.{kind}", one=self.phrases.one_of_list(node.path))
        return self._made(kind, pieces, whole, (*where, self._clause(node.body)))

    def _headed(self, kind: str, part: Clause) -> Clause:
        """A part of a condition under the words that say which part it is."""
        return Clause(kind, self.phrases.say(f"head.{kind}"), (part,), part.expression, part.start, part.end)

    # -- one sentence --

    def _sentence(self, node: Expr, negated: bool) -> Pieces:
        match node:
            case Fact():
                return self._stated(node, negated)
            case Let(name=name, label=label):
                term = (Piece("term", self.phrases.label_of(name, label), name),)
                return self._say("applies", negated, term=term)
            case RuleRef(rule=rule):
                return self._say("rule_applies", negated, term=(Piece("rule", self.titles.get(rule, rule), rule),))
            case Param(name=name):
                value = Piece("parameter", self.phrases.in_force(name), name)
                return self._say(
                    "switch", negated, name=(Piece("name", self.phrases.name(name), name),), value=(value,)
                )
            case Const(value=value):
                return self.phrases.say("always" if value is not negated else "never")
            case Compare():
                return self._compare(node, negated)
            case OneOf(left=left, values=values):
                words = self.phrases.words(values, left.type.kind, field_of(left))
                key = self._among(len(values), negated)
                return self.phrases.say(key, left=self.phrases.phrase(left, inside=True), right=words)
            case Contains(item=item, items=items):
                return self._contains(item, items, negated)
            case Within(left=left, group=group):
                return self._within(left, group, negated)
            case IsKnown():
                return self._known(node, negated)
            case Call(args=args):
                first, *rest = [self._flat(arg) if not at else self.phrases.truth(arg) for at, arg in enumerate(args)]
                return self.phrases.otherwise([first, *rest], "not_else" if negated else "else")
        raise AssertionError(type(node).__name__)

    def _say(self, key: str, negated: bool, **holes: Pieces) -> Pieces:
        return self.phrases.say(f"not_{key}" if negated else key, **holes)

    def _stated(self, node: Fact, negated: bool) -> Pieces:
        if node.var is None:
            named = self.phrases.named(node.path)
        else:
            named = self.lexicon.element(node.path) or self.phrases.named(node.path)
        if isinstance(named, tuple):
            return (Piece("fact", named[1] if negated else named[0], node.path),)
        return self._say("applies", negated, term=(Piece("fact", named, node.path),))

    def _compare(self, node: Compare, negated: bool) -> Pieces:
        left, right = node.left, node.right
        if left.type.kind == "bool":
            return self._same_truth(node, negated)
        field = COUNTRY if "place" in (left.type.kind, right.type.kind) else field_of(left) or field_of(right)
        sides = {
            side: self.phrases.phrase(part, field, inside=True) for side, part in (("left", left), ("right", right))
        }
        if node.op in _EQUAL:
            differ = _EQUAL[node.op] is not negated
            figures = left.type.kind in _FIGURES
            key = ("not_exactly" if differ else "exactly") if figures else ("is_not" if differ else "is")
            return self.phrases.say(key, **sides)
        table = _MOMENTS if left.type.kind in ("date", "instant") else _PLAIN
        return self._say(table[node.op], negated, **sides)

    def _same_truth(self, node: Compare, negated: bool) -> Pieces:
        differ = _EQUAL[node.op] is not negated
        for part, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(part, Const):
                return said(self._clause(other, differ is part.value), self.lexicon)
        return self._say("same_truth", differ, left=self._flat(node.left), right=self._flat(node.right))

    def _among(self, count: int, negated: bool) -> str:
        """To be one of a single word is to be that word."""
        if count == 1:
            return "is_not" if negated else "is"
        return "none_of" if negated else "one_of"

    def _contains(self, item: Expr, items: Expr, negated: bool) -> Pieces:
        field = field_of(item) or field_of(items)
        if isinstance(items, Param):
            key = self._among(self.phrases.length(items.name), negated)
            left = self.phrases.phrase(item, field, inside=True)
            return self.phrases.say(key, left=left, right=self.phrases.param(items.name, field))
        sides = {"list": self.phrases.phrase(items, inside=True), "item": self.phrases.phrase(item, field, inside=True)}
        return self.phrases.say("holds_not" if negated else "holds", **sides)

    def _within(self, left: Expr, group: str, negated: bool) -> Pieces:
        named = place(self.lexicon, group, self.phrases.groups)
        one = group in COUNTRIES or group in SUBDIVISIONS
        sides = {"left": self.phrases.phrase(left, inside=True), "place": (Piece("place", named, group),)}
        return self._say("within" if one else "within_group", negated, **sides)

    def _known(self, node: IsKnown, negated: bool) -> Pieces:
        named = self.phrases.named(node.shown)
        what = (Piece("fact", named if isinstance(named, str) else named[0], node.shown),)
        return self._say("known" if isinstance(named, str) else "known_truth", negated, what=what)
