"""From Python's syntax tree to our typed tree: every name resolved, every type known, every unit agreed."""

from __future__ import annotations

import ast
from dataclasses import replace
from decimal import Decimal
from typing import Final

from engine.language.errors import TypeFault, did_you_mean
from engine.language.functions import FUNCTIONS, LITERALS, literal
from engine.language.parse import column_of, parse
from engine.language.scope import CLOCK, Scope
from engine.language.tree import (
    And,
    Arith,
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
    Past,
    Within,
    children,
    walk,
)
from engine.language.types import BOOL, DECIMAL, DURATION, INT, MONEY, NUMBERS, ORDERED, STRING, WORDS, Type, of_field
from engine.places import COUNTRIES, SUBDIVISIONS

_OPS: Final = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITH: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_QUANTIFIERS: Final = frozenset({"any", "all", "count", "sum"})
_RESERVED: Final = frozenset({"true", "false"})

MAX_SPELT_OUT: Final = 1000
MAX_SPELT_OUT_DEPTH: Final = 40
"""Nodes and levels of an expression with its lets written out, so that lets of lets stay small as well."""


def check(text: str, scope: Scope, *, want: Type | None = None) -> Expr:
    """The typed tree of an expression. Raises LanguageError with code, column and what was probably meant.

    >>> str(check('amount <= eur("30")', Scope()).type)
    'yes or no'
    """
    tree = _Checker(scope).visit(parse(text))
    _check_spelt_out(tree)
    if want is not None and tree.type.kind != want.kind:
        raise TypeFault("type-mismatch", f"This is {tree.type}; {want} is wanted here.", tree.at)
    return tree


def _check_spelt_out(tree: Expr) -> None:
    waiting, count = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > MAX_SPELT_OUT or depth > MAX_SPELT_OUT_DEPTH:
            limits = f"{MAX_SPELT_OUT} parts and {MAX_SPELT_OUT_DEPTH} levels"
            raise TypeFault(
                "expr-too-large", f"With its lets written out the expression has more than {limits}.", tree.at
            )
        waiting.extend((child, depth + 1) for child in children(node))


class _Checker:
    """One pass over one expression."""

    def __init__(self, scope: Scope):
        self.scope = scope
        self.vars: dict[str, str] = {}

    def visit(self, node: ast.expr) -> Expr:
        """The typed form of a node."""
        return getattr(self, f"_{type(node).__name__.lower()}")(node)  # type: ignore[no-any-return]

    # -- names and literals --

    def _constant(self, node: ast.Constant) -> Expr:
        at, value = column_of(node), node.value
        if isinstance(value, bool):
            raise TypeFault("literal", f"Write {str(value).lower()} in lower case.", at)
        if isinstance(value, int):
            if abs(value) >= 10**15:
                raise TypeFault("literal", "A whole number of at most 15 digits is wanted.", at)
            return Const(INT, at, value)
        if isinstance(value, str):
            return Const(STRING, at, value)
        if isinstance(value, float):
            raise TypeFault(
                "literal-float", 'No floating point: write decimal("1.5"), percent("0.13") or eur("30.00").', at
            )
        raise TypeFault("literal", f"The language has no place for {value!r}.", at)

    def _name(self, node: ast.Name) -> Expr:
        return self._resolve(node.id, column_of(node))

    def _attribute(self, node: ast.Attribute) -> Expr:
        return self._resolve(self._dotted(node), column_of(node))

    def _dotted(self, node: ast.expr) -> str:
        if isinstance(node, ast.Attribute):
            return f"{self._dotted(node.value)}.{node.attr}"
        if isinstance(node, ast.Name):
            return node.id
        raise TypeFault("name", "Only names of facts may carry a dot.", column_of(node))

    def _resolve(self, name: str, at: int) -> Expr:
        if name in _RESERVED:
            return Const(BOOL, at, name == "true")
        self._one_meaning(name, at)
        if name in CLOCK:
            return Fact(CLOCK[name], at, name)
        if name in self.scope.params:
            return Param(self.scope.params[name], at, name)
        if name in self.scope.lets:
            let = self.scope.lets[name]
            return Let(let.body.type, at, name, let.label, let.body)
        if name in self.scope.features:
            feature = self.scope.features[name]
            return Past(feature.type, at, name, None, feature.label, feature.needs)
        head, _, rest = name.partition(".")
        if head in self.vars:
            return self._element(self.vars[head], head, rest, at)
        known = self.scope.fields.get(name)
        kind = of_field(known) if known else None
        if kind is not None:
            return Fact(kind, at, name)
        if known is not None and known.kind == "open":
            said = f"{name} holds facts without a declared type: only is_known({name}) can be asked."
            raise TypeFault("type-mismatch", said, at)
        if known is not None:
            raise TypeFault(
                "type-mismatch", f"{name} is a list of objects: use any(), all(), count() or sum() over it.", at
            )
        if name in self.scope.objects:
            raise TypeFault("name-object", f"{name} has several fields: name one of them, or ask is_known({name}).", at)
        raise TypeFault(
            "name-unknown",
            f"There is no fact, parameter or let named {name}.",
            at,
            did_you_mean(name, self.scope.names()),
        )

    def _one_meaning(self, name: str, at: int) -> None:
        """A reviewer who reads `amount` must not have to know that a pack has a parameter of that name."""
        if name not in self.scope.fields and name not in CLOCK and name not in self.scope.features:
            return
        for kind, names in (("parameter", self.scope.params), ("let", self.scope.lets)):
            if name in names:
                raise TypeFault("name-taken", f"{name} is a fact, and no {kind} may have its name.", at, "Rename it.")

    def _element(self, path: str, var: str, rest: str, at: int) -> Expr:
        fields = self.scope.fields[path].item
        known = fields.get(rest)
        kind = of_field(known) if known else None
        if kind is None:
            hint = did_you_mean(rest, fields)
            raise TypeFault("name-unknown", f"An element of {path} has no field {rest or '(none named)'}.", at, hint)
        return Fact(kind, at, rest, var)

    # -- logic --

    def _boolop(self, node: ast.BoolOp) -> Expr:
        kind: type[And | Or] = And if isinstance(node.op, ast.And) else Or
        items: list[Expr] = []
        for value in node.values:
            item = self._truth(value)
            items.extend(item.items if isinstance(item, kind) else (item,))
        return kind(BOOL, column_of(node), tuple(items))

    def _truth(self, node: ast.expr) -> Expr:
        return self._expect(self.visit(node), BOOL, "yes or no")

    def _expect(self, found: Expr, want: Type, said: str) -> Expr:
        if found.type.kind != want.kind:
            raise TypeFault("type-mismatch", f"This is {found.type}; {said} is wanted here.", found.at)
        return found

    def _unaryop(self, node: ast.UnaryOp) -> Expr:
        at = column_of(node)
        if isinstance(node.op, ast.Not):
            return Not(BOOL, at, self._truth(node.operand))
        body = self.visit(node.operand)
        if isinstance(body, Const) and body.type.kind in NUMBERS:
            return Const(body.type, at, body.value.copy_negate() if isinstance(body.value, Decimal) else -body.value)
        raise TypeFault("type-mismatch", "Only a number can be negative.", at)

    def _ifexp(self, node: ast.IfExp) -> Expr:
        then, other = self.visit(node.body), self.visit(node.orelse)
        return If(self._common([then, other]), column_of(node), self._truth(node.test), then, other)

    def _common(self, items: list[Expr]) -> Type:
        first = items[0].type
        for item in items[1:]:
            kinds = {first.kind, item.type.kind}
            if kinds <= NUMBERS:
                first = DECIMAL if "decimal" in kinds else INT
            elif kinds == {"money"}:
                first = self._money_type(first, item)
            elif kinds == {"list"}:
                self._same_items(first, item)
            elif kinds == {"enum"}:
                first = replace(first, values=(first.values or frozenset()) | (item.type.values or frozenset()))
            elif kinds <= WORDS and len(kinds) > 1:
                first = STRING
            elif len(kinds) > 1:
                raise TypeFault(
                    "type-mismatch",
                    f"This is {item.type}, the other is {first}: they cannot stand for each other.",
                    item.at,
                )
        return first

    def _same_items(self, left: Type, right: Expr) -> None:
        kinds = {inner.item.kind for inner in (left, right.type) if inner.item}
        if len(kinds) > 1 and not (kinds <= WORDS or kinds <= NUMBERS):
            raise TypeFault("type-mismatch", f"This is a {right.type}, the other a {left}.", right.at)

    def _money_type(self, left: Type, right: Expr) -> Type:
        if left.unit and right.type.unit and left.unit != right.type.unit:
            raise TypeFault(
                "unit-mismatch",
                f"Money in {left.unit} meets money in {right.type.unit}: one must be converted by a stated amount.",
                right.at,
            )
        return left if left.unit else right.type

    # -- comparison --

    def _compare(self, node: ast.Compare) -> Expr:
        operands = [node.left, *node.comparators]
        parts = [self._pair(op, operands[i], operands[i + 1]) for i, op in enumerate(node.ops)]
        return parts[0] if len(parts) == 1 else And(BOOL, column_of(node), tuple(parts))

    def _pair(self, op: ast.cmpop, left_node: ast.expr, right_node: ast.expr) -> Expr:
        at = column_of(left_node)
        if isinstance(op, ast.In | ast.NotIn):
            found = self._membership(left_node, right_node)
            return Not(BOOL, at, found) if isinstance(op, ast.NotIn) else found
        sign = _OPS[type(op)]
        left, right = self.visit(left_node), self.visit(right_node)
        kinds = {left.type.kind, right.type.kind}
        if kinds == {"money"}:
            unit = self._money_type(left.type, right).unit
            return Compare(BOOL, at, sign, left, right, unit or "=")
        if "list" in kinds:
            raise TypeFault("type-mismatch", "A list is not compared: ask whether something is in it.", at)
        if kinds <= WORDS:
            self._words(left, right)
            self._words(right, left)
        elif not (kinds <= NUMBERS or len(kinds) == 1):
            raise TypeFault(
                "type-mismatch",
                f"{_said(left)} is {left.type}, {_said(right)} is {right.type}: they do not compare.",
                at,
            )
        if sign not in ("==", "!=") and not kinds <= ORDERED:
            raise TypeFault("type-mismatch", f"{left.type} has no order: use == or !=.", at)
        return Compare(BOOL, at, sign, left, right)

    def _words(self, left: Expr, right: Expr) -> None:
        """A constant beside an enumeration or a place must be one of its words."""
        if not isinstance(right, Const):
            return
        if left.type.values is not None and right.value not in left.type.values:
            hint = did_you_mean(right.value, left.type.values) or f"Known: {', '.join(sorted(left.type.values))}."
            raise TypeFault("enum-value", f"{_said(left)} is never {right.value!r}.", right.at, hint)
        if left.type.kind == "place" and right.value not in COUNTRIES and right.value not in SUBDIVISIONS:
            raise TypeFault("enum-value", f"{right.value!r} is not an ISO 3166 place.", right.at)

    def _membership(self, left_node: ast.expr, right_node: ast.expr) -> Expr:
        left = self.visit(left_node)
        if isinstance(right_node, ast.List):
            return self._one_of(left, right_node)
        items = self.visit(right_node)
        if items.type.kind != "list" or items.type.item is None:
            raise TypeFault("type-mismatch", f"This is {items.type}; a list is wanted after `in`.", items.at)
        kinds = {left.type.kind, items.type.item.kind}
        if not (len(kinds) == 1 or kinds <= WORDS or kinds <= NUMBERS):
            raise TypeFault("type-mismatch", f"A {items.type} never holds {left.type}.", left.at)
        self._words(replace(items, type=items.type.item), left)
        return Contains(BOOL, left.at, left, items)

    def _one_of(self, left: Expr, node: ast.List) -> Expr:
        values = [self.visit(item) for item in node.elts]
        if not values:
            raise TypeFault("list-empty", "Nothing is in an empty list.", column_of(node))
        for value in values:
            kinds = {left.type.kind, value.type.kind}
            if not isinstance(value, Const):
                raise TypeFault(
                    "type-mismatch", "Only literals stand in a list: name a parameter for the whole list.", value.at
                )
            if not (kinds <= WORDS or kinds <= NUMBERS or kinds == {"date"}):
                raise TypeFault("type-mismatch", f"This is {value.type}; {left.type} is wanted here.", value.at)
            self._words(left, value)
        return OneOf(BOOL, left.at, left, tuple(value.value for value in values if isinstance(value, Const)))

    # -- arithmetic --

    def _binop(self, node: ast.BinOp) -> Expr:
        op = _ARITH[type(node.op)]
        left, right = self.visit(node.left), self.visit(node.right)
        return Arith(self._arith_type(op, left, right), column_of(node), op, left, right)

    def _arith_type(self, op: str, left: Expr, right: Expr) -> Type:
        a, b = left.type.kind, right.type.kind
        if op in "+-":
            if a == b == "money":
                return self._money_type(left.type, right)
            if a in NUMBERS and b in NUMBERS:
                return DECIMAL if "decimal" in (a, b) else INT
            if a == b and a in ("rate", "duration"):
                return left.type
            if a in ("date", "instant") and b == "duration":
                return left.type
            if op == "-" and a == b and a in ("date", "instant"):
                return DURATION
        elif op == "*" and (a in NUMBERS or b in NUMBERS) and {a, b} <= NUMBERS | {"money", "rate"}:
            other = right.type if a in NUMBERS else left.type
            return (DECIMAL if "decimal" in (a, b) else INT) if other.kind in NUMBERS else other
        elif op == "/":
            return self._quotient(left, right)
        raise TypeFault("type-mismatch", f"{left.type} {op} {right.type} has no meaning.", left.at)

    def _quotient(self, left: Expr, right: Expr) -> Type:
        if not (isinstance(right, Const) and right.type.kind in NUMBERS):
            raise TypeFault(
                "division", "Divide by a literal, or use ratio(a, b), which is unknown where b is nought.", right.at
            )
        if right.value == 0:
            raise TypeFault("division", "Division by nought.", right.at)
        if left.type.kind in NUMBERS:
            return DECIMAL
        if left.type.kind in ("money", "rate"):
            return left.type
        raise TypeFault("type-mismatch", f"{left.type} cannot be divided.", left.at)

    # -- calls --

    def _call(self, node: ast.Call) -> Expr:
        at = column_of(node)
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise TypeFault("call", "Only the functions of the language can be called, without named arguments.", at)
        name = node.func.id
        if name in _QUANTIFIERS and len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            return self._each(name, node.args[0], at)
        if name == "is_known":
            return self._is_known(node, at)
        if name == "within":
            return self._within(node, at)
        if name in LITERALS or (len(name) == 3 and name.upper() in _currencies()):
            return self._literal(name, node, at)
        if name not in FUNCTIONS:
            raise TypeFault(
                "function-unknown",
                f"There is no function {name}.",
                at,
                did_you_mean(name, [*FUNCTIONS, *LITERALS, *_QUANTIFIERS, "is_known", "within"]),
            )
        args = tuple(self.visit(arg) for arg in node.args)
        if name == "coalesce":
            self._stated_only(args)
        if name in ("min", "max", "coalesce") and len(args) > 1:
            common = self._common(list(args))
            if common.kind not in ORDERED and name != "coalesce":
                raise TypeFault("type-mismatch", f"{common} has no order.", at)
            return Call(common, at, name, args)
        return Call(FUNCTIONS[name](args, at), at, name, args)

    @staticmethod
    def _stated_only(args: tuple[Expr, ...]) -> None:
        """A past that is not known must never be taken for another value."""
        for part in (part for arg in args for part in walk(arg) if isinstance(part, Past)):
            raise TypeFault("feature-use", f"{part.path} is known of the past: nothing stands in for it.", part.at)

    def _literal(self, name: str, node: ast.Call, at: int) -> Expr:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Constant):
            raise TypeFault("literal", f"{name}() takes one literal.", at)
        return literal(name, node.args[0].value, at)

    def _is_known(self, node: ast.Call, at: int) -> Expr:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.Name | ast.Attribute):
            raise TypeFault("call", "is_known() takes the name of a fact.", at)
        path = self._dotted(node.args[0])
        if path in self.scope.fields:
            return IsKnown(BOOL, at, (path,), path)
        if path in self.scope.objects:
            paths = tuple(sorted(name for name in self.scope.fields if name.startswith(path + ".")))
            return IsKnown(BOOL, at, paths, path)
        if path in self.scope.features:
            raise TypeFault("feature-use", f"{path} is known of the past, not stated: nobody asks whether it is.", at)
        raise TypeFault("name-unknown", f"There is no fact named {path}.", at, did_you_mean(path, self.scope.fields))

    def _within(self, node: ast.Call, at: int) -> Expr:
        if len(node.args) != 2 or not isinstance(node.args[1], ast.Constant) or not isinstance(node.args[1].value, str):
            raise TypeFault(
                "call",
                'within() takes a place and a quoted country, subdivision or group, as in within(payer.country, "EEA").',
                at,
            )
        left, group = self._expect(self.visit(node.args[0]), Type("place"), "a place"), node.args[1].value
        if group not in self.scope.groups and group not in COUNTRIES and group not in SUBDIVISIONS:
            raise TypeFault(
                "place-unknown",
                f"{group} is neither a place nor a group with members.",
                at,
                did_you_mean(group, self.scope.groups),
            )
        return Within(BOOL, at, left, group)

    def _each(self, kind: str, node: ast.GeneratorExp, at: int) -> Expr:
        source = node.generators[0]
        if (
            len(node.generators) != 1
            or len(source.ifs) > 1
            or not isinstance(source.target, ast.Name)
            or source.is_async
        ):
            raise TypeFault("quantifier", f"Write {kind}(condition for x in list if condition).", at)
        path, var = self._dotted(source.iter), source.target.id
        known = self.scope.fields.get(path)
        if known is None or known.kind != "list:object":
            lists = [name for name, fact in self.scope.fields.items() if fact.kind == "list:object"]
            raise TypeFault(
                "name-unknown", f"{path} is not a list of objects.", column_of(source.iter), did_you_mean(path, lists)
            )
        if self.vars or var in self.scope.names() or var in self.scope.objects or var in _RESERVED:
            raise TypeFault("quantifier", f"{var} is taken, or quantifiers are nested.", at)
        self.vars[var] = path
        where = self._truth(source.ifs[0]) if source.ifs else None
        body = self.visit(node.elt)
        del self.vars[var]
        if any(isinstance(part, Each) for tree in (body, where) if tree for part in walk(tree)):
            raise TypeFault("quantifier", "Quantifiers are not nested, not even through a let.", at)
        return Each(self._each_type(kind, body), at, kind, var, path, body, where)

    def _each_type(self, kind: str, body: Expr) -> Type:
        if kind == "sum":
            if body.type.kind not in ("int", "decimal", "money"):
                raise TypeFault("type-mismatch", f"{body.type} cannot be summed.", body.at)
            return body.type
        self._expect(body, BOOL, "yes or no")
        return INT if kind == "count" else BOOL

    def _list(self, node: ast.List) -> Expr:
        raise TypeFault("list", "A list of literals stands only after `in`.", column_of(node))

    def _generatorexp(self, node: ast.GeneratorExp) -> Expr:
        raise TypeFault("quantifier", "`for` stands only inside any(), all(), count() or sum().", column_of(node))


def _currencies() -> frozenset[str]:
    from engine.money import DIGITS

    return frozenset(DIGITS)


def _said(node: Expr) -> str:
    match node:
        case Fact(path=path):
            return path
        case Param(name=name) | Let(name=name):
            return name
        case Const(value=value):
            return repr(value) if isinstance(value, str) else str(value)
    return "This"


def constants(tree: Expr) -> list[Decimal]:
    """Numeric literals in a condition: numbers that should have been parameters."""
    return [
        Decimal(node.value)
        for node in walk(tree)
        if isinstance(node, Const) and node.type.kind in ("int", "decimal", "money", "rate")
    ]


__all__ = ["MONEY", "check", "constants"]
