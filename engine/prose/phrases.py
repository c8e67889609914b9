"""Values of the rule language as phrases: `the amount plus the cash of the day`, `EUR 30 (low value limit)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, Protocol

from engine.language.law import Gap
from engine.language.tree import (
    Arith,
    Call,
    Const,
    Each,
    Expr,
    Fact,
    If,
    Let,
    Param,
    Past,
)
from engine.packs.model import Parameter, Value
from engine.prose.clause import Piece, Pieces, joined, merged, text
from engine.prose.lexicon import Lexicon, Named
from engine.prose.proper_names import humanised
from engine.prose.values import listed, place, shown, word

MOST_LISTED: Final = 12
"""Entries of a parameter's list that a sentence names; the parameter itself has all."""
_OPERATORS: Final = {"+": "plus", "-": "minus", "*": "times", "/": "over"}


class InForce(Protocol):
    """A parameter and its entry of the day, such as `engine.packs.compile.Held`."""

    @property
    def parameter(self) -> Parameter: ...
    @property
    def value(self) -> Value: ...


Truths = Callable[[Expr], Pieces]
"""A condition as one flat sentence."""


class Phrases:
    """The phrases of one language under the law of one day."""

    def __init__(
        self,
        lexicon: Lexicon,
        params: Mapping[str, InForce],
        groups: Mapping[str, str],
        truths: Truths,
        alike: frozenset[str],
    ):
        self.lexicon = lexicon
        self.params = params
        self.groups = groups
        self.truths = truths
        self.alike = alike

    def say(self, key: str, **holes: Pieces | str) -> Pieces:
        """A template of this language, filled."""
        return self.lexicon.say(key, **holes)

    def phrase(self, node: Expr, field: str = "", *, inside: bool = False) -> Pieces:
        """A value in words. `field`: what a word beside it is a word of. `inside`: bracketed where it has parts of its own."""
        if node.type.kind == "bool":
            return self.truth(node)
        found = self._phrase(node, field or field_of(node))
        compound = isinstance(node, Arith | If | Each) and not is_nought(node) and not _is_shift(node)
        return merged([*self.say("open"), *found, *self.say("close")]) if inside and compound else found

    def truth(self, node: Expr) -> Pieces:
        """A yes-or-no value as a thing: `whether ...`, or plainly yes or no."""
        if isinstance(node, Const):
            return (Piece("value", self.lexicon.templates["yes" if node.value else "no"]),)
        return self.say("truth", said=self.truths(node))

    def _phrase(self, node: Expr, field: str) -> Pieces:
        match node:
            case Const():
                return (self.const(node, field),)
            case Past(path=path, label=label):
                return (Piece("past", self.label_of(path, label), path),)
            case Fact():
                return (self.fact(node),)
            case Param():
                return self.param(node.name, field)
            case Let(name=name, label=label):
                return self.say("term", term=(Piece("term", self.label_of(name, label), name),))
            case Arith():
                return self._arith(node, field)
            case Call():
                return self._call(node, field)
            case If(test=test, then=then, other=other):
                sides = {"then": self.phrase(then, field, inside=True), "other": self.phrase(other, field, inside=True)}
                return self.say("if", test=self.truths(test), **sides)
            case Each():
                return self._each(node)
        raise AssertionError(type(node).__name__)

    # -- names --

    def label(self, said: str) -> str:
        """What a pack calls a term or a feature, in this language where it is known in it."""
        return self.lexicon.labels.get(said, said)

    def label_of(self, name: str, label: str) -> str:
        """The label of a term or feature; with its name where others have the same label."""
        said = self.label(label)
        return f"{said} ({humanised(name)})" if label in self.alike else said

    def name(self, parameter: str) -> str:
        """What a parameter is called."""
        return self.lexicon.names.get(parameter) or humanised(parameter)

    def named(self, path: str) -> Named:
        """What a fact, or an object of facts, is called; its path as words where no language has a name for it."""
        found = self.lexicon.fact(path)
        return humanised(path) if found is None else found

    def fact(self, node: Fact) -> Piece:
        """The name of a thing that the caller states, or of a field of an element."""
        if node.var is None:
            known = self.named(node.path)
        else:
            known = self.lexicon.element(node.path) or humanised(node.path)
        return Piece("fact", known if isinstance(known, str) else known[0], node.path)

    def one_of_list(self, path: str) -> Pieces:
        """An element of a list, as a thing."""
        return (Piece("fact", self.lexicon.one_of_list(path) or humanised(path), path),)

    # -- values --

    def const(self, node: Const, field: str) -> Piece:
        """A literal."""
        if isinstance(node.value, str) and (node.type.kind == "place" or field in PLACES):
            return Piece("place", place(self.lexicon, node.value, self.groups), node.value)
        return Piece("value", shown(self.lexicon, node.value, node.type.kind, node.type.unit, field))

    def words(self, values: tuple[object, ...], kind: str, field: str) -> Pieces:
        """The entries of a list that a condition itself writes."""
        if kind == "place" or field in PLACES:
            said = [place(self.lexicon, str(value), self.groups) for value in values]
        else:
            said = [
                shown(self.lexicon, value, kind if not isinstance(value, str) else "", None, field) for value in values
            ]
        return (Piece("value", listed(self.lexicon, said)),)

    def param(self, name: str, field: str = "") -> Pieces:
        """A parameter at its value of the day, and its name."""
        value = Piece("parameter", self.in_force(name, field), name)
        return self.say("value_of", value=(value,), name=(Piece("name", self.name(name), name),))

    def in_force(self, name: str, field: str = "") -> str:
        """The value of a parameter on the day, or why there is none."""
        held = self.params.get(name)
        return self.lexicon.templates["not_in_force"] if held is None else self.dated(held.parameter, held.value, field)

    def length(self, name: str) -> int:
        """How many entries a list has on the day; none where it has no value."""
        held = self.params.get(name)
        return len(held.value.value) if held is not None and isinstance(held.value.value, tuple) else 0

    def dated(self, parameter: Parameter, value: Value, field: str = "") -> str:
        """One entry of a parameter, or why it has no value."""
        if isinstance(value.value, Gap):
            return self.lexicon.templates["unread" if value.value is Gap.UNREAD else "no_value"]
        if isinstance(value.value, tuple):
            return self._entries(value.value, field)
        if isinstance(value.value, str) and parameter.kind != "place":
            return word(self.lexicon, value.value, field) if parameter.kind == "token" else value.value
        return shown(self.lexicon, value.value, parameter.kind, parameter.unit, field)

    def _entries(self, values: tuple[object, ...], field: str) -> str:
        said = [self._entry(one, field) for one in values]
        if len(said) <= MOST_LISTED:
            return listed(self.lexicon, said)
        template = self.lexicon.templates["more_of_them"]
        return template.format(shown=listed(self.lexicon, said[:MOST_LISTED]), number=len(said) - MOST_LISTED)

    def _entry(self, one: object, field: str) -> str:
        if not isinstance(one, str):
            return str(one)
        return place(self.lexicon, one, self.groups) if field in PLACES else word(self.lexicon, one, field)

    # -- what is worked out --

    def _arith(self, node: Arith, field: str) -> Pieces:
        if is_nought(node):
            return self.say("zero")
        if _is_shift(node):
            moment = self.phrase(node.left, inside=True)
            return self.say("earlier" if node.op == "-" else "later", duration=self.phrase(node.right), moment=moment)
        left, right = self.phrase(node.left, field, inside=True), self.phrase(node.right, field, inside=True)
        return self.say(_OPERATORS[node.op], left=left, right=right)

    def _call(self, node: Call, field: str) -> Pieces:
        args = [self.phrase(arg, field, inside=True) for arg in node.args]
        if node.name == "coalesce":
            return self.otherwise(args)
        if node.name in ("min", "max"):
            return self.say(node.name, items=self.joined(args))
        if node.name == "months_add":
            key = f"months_add.{_text_of(node.args[2])}"
            months = (Piece("value", shown(self.lexicon, getattr(node.args[1], "value", 0), "int", None)),)
            return self.say(key, first=args[0], second=months)
        return self.say(node.name, first=args[0], second=args[1] if len(args) > 1 else ())

    def otherwise(self, args: list[Pieces], key: str = "else") -> Pieces:
        """The first of several that is known."""
        first, *rest = args
        return self.say(key, first=first, second=self.otherwise(rest)) if rest else first

    def joined(self, items: list[Pieces]) -> Pieces:
        """Several, one after another."""
        found: list[Piece] = []
        for at, item in enumerate(items):
            found.extend((*(text(self.lexicon.templates["comma"]) if at else ()), *item))
        return merged(found)

    def _each(self, node: Each) -> Pieces:
        """A sum or a number: `any` and `all` are conditions, and never come here."""
        body = self.truths(node.body) if node.kind == "count" else self.phrase(node.body, inside=True)
        if node.where is None:
            return self.say(node.kind, one=self.one_of_list(node.path), body=body)
        return self.say(f"{node.kind}_where", one=self.one_of_list(node.path), body=body, where=self.truths(node.where))


COUNTRY: Final = "country"
PLACES: Final = frozenset(
    {COUNTRY, "region", "region_country", "region_subdivision", "issuer_country", "acquirer_country"}
)
"""Facts whose words are places, even where they are text."""


def field_of(node: Expr) -> str:
    """The last word of the fact that a value is of, through terms and what stands in for it; empty where it is of none."""
    match node:
        case Past():
            return ""
        case Fact(path=path):
            return path.rpartition(".")[2]
        case Let(body=body):
            return field_of(body)
        case Call(name="coalesce", args=args):
            return next((found for found in map(field_of, args) if found), "")
        case If(then=then, other=other):
            return field_of(then) or field_of(other)
    return ""


def is_nought(node: Expr) -> bool:
    """`amount - amount`: nothing, in the amount's own currency."""
    return (
        isinstance(node, Arith)
        and node.op == "-"
        and isinstance(node.left, Fact)
        and node.left == _at(node.right, node.left.at)
    )


def _at(node: Expr, at: int) -> Expr:
    return Fact(node.type, at, node.path, node.var) if type(node) is Fact else node


def _is_shift(node: Expr) -> bool:
    """A moment moved by a stated time."""
    return (
        isinstance(node, Arith)
        and isinstance(node.right, Const)
        and isinstance(node.right.value, timedelta)
        and (node.left.type.kind in ("date", "instant"))
    )


def _text_of(node: Expr) -> str:
    return str(getattr(node, "value", ""))


__all__ = ["COUNTRY", "PLACES", "InForce", "Phrases", "field_of", "is_nought", "joined"]
