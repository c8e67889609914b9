"""The compiled executor: one specialised Python function per (pack set, period of law), generated from the typed tree.

Only text written in this module reaches `compile()`. Names are generated (`v17`), and whatever comes from a pack - paths,
words, numbers - enters as an object in the function's globals (`K3`), never as text. Parameters are folded in as constants.
The generated code is checked against that promise before it is executed (`_audit`).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from engine.catalogue import SILENT
from engine.language.functions import RUN
from engine.language.interpret import COMPARE, arithmetic, call, is_within
from engine.language.law import OWN, Gap, Law
from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
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
    RuleRef,
    Within,
)
from engine.money import EXACT, Money
from engine.places import COUNTRIES, SUBDIVISIONS

VERSION: Final = 1
"""Of this code generator: part of every key under which compiled rules are cached."""

DIRECT: Final = frozenset({"abs", "day_before", "day_of", "distinct"})
"""Functions of one argument that need no preparation of it."""

DEEPEST: Final = 40
"""Items of a junction nest so far, then stand side by side: Python reads no more than a hundred levels of indentation."""

_LINE: Final = re.compile(r"[A-Za-z0-9_ .,:=<>!()\[\]+*-]*")
"""What a generated line may consist of: no quote, no backslash, no brace, no semicolon, no hash, no newline."""


@dataclass(frozen=True, slots=True)
class NamedRule:
    """A rule as the executors see it: its id and its condition, exceptions included as `RuleRef`s to earlier rules."""

    id: str
    condition: Expr


Statuses = tuple[bool | None, ...]
Evaluate = Callable[[Mapping[str, Any], Any], Statuses]
"""(facts, moment) -> True, False or None for every rule, in order."""


def compile_rules(
    rules: Sequence[NamedRule], law: Law, writer: Writer | None = None, *, brief: bool = False
) -> Evaluate:
    """One function for all the rules under one period of law. A rule may refer only to rules before it.

    `brief`: of the statuses only those that differ between the payments the writer writes for, each once: enough to tell two of
    them apart.
    """
    writer = writer or Writer(law)
    writer.prelude()
    for rule in rules:
        writer.status[rule.id] = writer.value(rule.condition, None)
    statuses = [writer.status[rule.id] for rule in rules]
    if brief:
        statuses = list(dict.fromkeys(status for status in statuses if not is_literal(status)))
    if all(map(is_literal, statuses)):
        writer.line(f"return {writer.constant(tuple(map(writer.literal, statuses)))}")
    else:
        writer.line(f"return ({''.join(f'{status}, ' for status in statuses)})")
    return writer.function("evaluate")  # type: ignore[no-any-return]


_WORDS: Final = frozenset({"True", "False", "None"})


def is_literal(name: str) -> bool:
    """Whether a generated name is a value known while writing."""
    return name in _WORDS or name.startswith("K")


class Writer:
    """Writes the body of one function, statement by statement."""

    def __init__(self, law: Law, *, hoist: bool = True):
        self.law = law
        self.hoist = hoist
        """Whether comparisons of facts are made once, before anything else, instead of where they are first needed."""
        self.converted: dict[tuple[str | Money, str], None] = {}
        """Facts and amounts of the law that are converted whatever a payment states, and into which currency: a rate is noted as
        used when it is asked for, so code for some payments must ask as code for all does."""
        self.head: list[str] = []
        """Facts are read once, before anything is decided, whichever branch first asked for them."""
        self.lines: list[str] = []
        self.indent = 1
        self.constants: dict[str, Any] = {
            "Decimal": Decimal,
            "EXACT": EXACT,
            "arithmetic": arithmetic,
            "call": call,
            "Money": Money,
        }
        self.status: dict[str, str] = {}
        self._count = 0
        self._loaded: dict[tuple[str, str | None], str] = {}
        self._element: str | None = None
        self._interned: dict[tuple[type, Any], str] = {}
        self._early: dict[str, str] = {}
        self._early_names: set[str] = set()
        self.sure: set[str] = set()
        """Variables that are never None."""

    # -- the text --

    def line(self, text: str) -> None:
        """One generated statement at the present indentation."""
        self.lines.append("    " * self.indent + text)

    def name(self) -> str:
        """A fresh local variable."""
        self._count += 1
        return f"v{self._count}"

    def constant(self, value: Any) -> str:
        """The generated name of an object from the pack; small literals of our own are written as such."""
        if value is None or value is True or value is False:
            return str(value)
        key = (type(value), value) if isinstance(value, str | int | Decimal | frozenset) else (type(value), id(value))
        name = self._interned.get(key)
        if name is None:
            self._count += 1
            name = self._interned[key] = f"K{self._count}"
            self.constants[name] = value
        return name

    def function(self, name: str, arguments: str = "facts, moment") -> Any:
        """Compile what was written and return the function."""
        body = self.finished([*self.head, *self.lines])
        opening = ["    F = facts.get"] if any("F(" in line for line in body) else []
        source = "\n".join([f"def {name}({arguments}):", *opening, *body])
        _audit(source)
        space: dict[str, Any] = {"__builtins__": {"sum": sum, "min": min, "max": max, "any": any}, **self.constants}
        code: CodeType = compile(source, f"<lexgate {name}>", "exec")
        exec(code, space)  # noqa: S102  our own generated text, audited above
        return space[name]

    def finished(self, body: list[str]) -> list[str]:
        """The statements as they are compiled."""
        return body

    # -- facts --

    def _load(self, path: str) -> str:
        key = (path, None)
        if key not in self._loaded:
            name = self.name()
            silent = SILENT.get(path)
            if path == PAYMENT_DATE:
                source = "moment.day"
            elif path == LOCAL_HOUR:
                source = "moment.hour"
            elif silent is not None:
                source = f"F({self.constant(path)}, {self.constant(silent)})"
            else:
                source = f"F({self.constant(path)})"
            self.head.append(f"    {name} = {source}")
            self._loaded[key] = name
            self._early_names.add(name)
        return self._loaded[key]

    def prelude(self) -> None:
        """Write what stands before all rules."""

    def _load_whole(self, path: str) -> str:
        """An amount with its currency."""
        return self._load(path)

    def _load_money(self, path: str, unit: str) -> str:
        key = (path, unit)
        if key not in self._loaded:
            raw, name = self._load(path), self.name()
            self.converted[key] = None
            self.head.append(f"    {name} = None if {raw} is None else {self._convert(raw, unit)}")
            self._loaded[key] = name
            self._early_names.add(name)
        return self._loaded[key]

    def _convert(self, money: str, unit: str) -> str:
        target = f"facts[{self.constant('currency')}]" if unit == OWN else self.constant(unit)
        return f"{money}[0] if {money}[1] == {target} else moment.convert({money}, {target})"

    # -- values --

    def value(self, node: Expr, unit: str | None) -> str:
        """Write what computes a node; the name (or literal) that holds its value, None meaning unknown."""
        return getattr(self, "_" + type(node).__name__.lower())(node, unit)  # type: ignore[no-any-return]

    def _const(self, node: Const, unit: str | None) -> str:
        return self._constant_money(node, node.value, unit)

    def _param(self, node: Param, unit: str | None) -> str:
        value = self.law.params.get(node.name, Gap.NONE)
        return "None" if isinstance(value, Gap) else self._constant_money(node, value, unit)

    def _constant_money(self, node: Expr, value: Any, unit: str | None) -> str:
        if node.type.kind != "money" or unit is None or unit == node.type.unit:
            return self.constant(value)
        plain = Money(value, node.type.unit or "")
        self.converted[plain, unit] = None
        name, money = self.name(), self.constant(plain)
        self.head.append(f"    {name} = {self._convert(money, unit)}")
        return name

    def _fact(self, node: Fact, unit: str | None) -> str:
        if node.var is None:
            return self._load_money(node.path, unit or OWN) if node.type.kind == "money" else self._load(node.path)
        raw = self.name()
        self.line(f"{raw} = {self._element}.get({self.constant(node.path)})")
        if node.type.kind != "money":
            return raw
        name = self.name()
        self.line(f"{name} = None if {raw} is None else {self._convert(raw, unit or OWN)}")
        return name

    def _past(self, node: Past, unit: str | None) -> str:
        return self._fact(node, unit)

    def _isknown(self, node: IsKnown, _unit: str | None) -> str:
        name = self.name()
        tests = " or ".join(f"{self.constant(path)} in facts" for path in node.paths)
        self.line(f"{name} = {tests}")
        self.sure.add(name)
        return name

    def _ruleref(self, node: RuleRef, _unit: str | None) -> str:
        return self.status[node.rule]

    def _let(self, node: Let, unit: str | None) -> str:
        return self.value(node.body, unit)

    def _not(self, node: Not, unit: str | None) -> str:
        return self._known(f"not {(body := self.value(node.body, unit))}", operator.not_, body)

    def _and(self, node: And, unit: str | None) -> str:
        return self._junction(node.items, unit, decisive="False", neutral="True")

    def _or(self, node: Or, unit: str | None) -> str:
        return self._junction(node.items, unit, decisive="True", neutral="False")

    def _junction(self, items: tuple[Expr, ...], unit: str | None, *, decisive: str, neutral: str) -> str:
        """Kleene's `and` and `or`, short-circuiting: nothing after a decisive item is evaluated."""
        name, outer, so_far, sure = "", self.indent, neutral, True
        for item in items:
            mark, indent, named = len(self.lines), self.indent, name
            if so_far != neutral:
                if not name:
                    name = self.name()
                    self.line(f"{name} = {so_far}")
                self.line(f"if {name} is not {decisive}:")
                self.indent += 1
            value = self.value(item, unit)
            if value == neutral and so_far != neutral:
                del self.lines[mark:]
                name, self.indent = named, indent
                continue
            if value == decisive:
                del self.lines[mark:]
                self.indent = outer
                return decisive
            sure = sure and value in self.sure
            if so_far == neutral:
                so_far = value
                continue
            self.line(f"if {value} is not {neutral}:")
            self.line(f"    {name} = {value}")
            if self.indent > DEEPEST:
                self.indent = outer
        self.indent = outer
        if name and sure:
            self.sure.add(name)
        return name or so_far

    def _if(self, node: If, unit: str | None) -> str:
        test = self.value(node.test, unit)
        if is_literal(test) and test != "None":  # a reading or setting of the pack, or a fact every such payment states
            return self.value(node.then if self.literal(test) else node.other, unit)
        name = self.name()
        self.line(f"if {test} is None:")
        self.indent += 1
        then, other = self.value(node.then, unit), self.value(node.other, unit)
        self.line(f"{name} = {then} if {then} is not None and {then} == {other} else None")
        self.indent -= 1
        for keyword, branch in ((f"elif {test}:", node.then), ("else:", node.other)):
            self.line(keyword)
            self.indent += 1
            value = self.value(branch, unit)
            self.line(f"{name} = {value}")
            self.indent -= 1
        return name

    def _compare(self, node: Compare, _unit: str | None) -> str:
        if _asks_for_any(node) and isinstance(node.left, Call):
            items, op = self.value(node.left.args[0], None), "==" if node.op == "==" else "!="
            return self._known(f"{items} {op} {self.constant(())}", lambda many: COMPARE[op](many, ()), items)
        left, right = self.value(node.left, node.unit), self.value(node.right, node.unit)
        return self._known(f"{left} {node.op} {right}", COMPARE[node.op], left, right)

    def _known(self, expression: str, fold: Callable[..., Any], *operands: str, sure: bool = True) -> str:
        """An expression of known operands, unknown where one of them is. Constants are worked out here and now.

        `sure`: known operands always give a known value.
        """
        if "None" in operands:
            return "None"
        if all(map(is_literal, operands)):
            return self.constant(fold(*map(self.literal, operands)))
        known = self._early.get(expression)
        if known is not None:
            return known
        name = self.name()
        tests = [f"{operand} is None" for operand in operands if not is_literal(operand) and operand not in self.sure]
        guard = f"None if {' or '.join(tests)} else " if tests else ""
        if sure and not tests:
            self.sure.add(name)
        if self.hoist and all(is_literal(operand) or operand in self._early_names for operand in operands):
            self.head.append(f"    {name} = {guard}{expression}")
            self._early[expression] = name
            self._early_names.add(name)
        else:
            self.line(f"{name} = {guard}{expression}")
        return name

    def literal(self, name: str) -> Any:
        """The value behind a literal or a constant."""
        return {"True": True, "False": False, "None": None}[name] if name in _WORDS else self.constants[name]

    def _oneof(self, node: OneOf, _unit: str | None) -> str:
        left, values = self.value(node.left, None), frozenset(node.values)
        return self._known(f"{left} in {self.constant(values)}", values.__contains__, left)

    def _contains(self, node: Contains, _unit: str | None) -> str:
        item, items = self.value(node.item, None), self.value(node.items, None)
        return self._known(f"{item} in {items}", lambda x, many: x in many, item, items)

    def _within(self, node: Within, _unit: str | None) -> str:
        left = self.value(node.left, None)
        places = places_within(node.group, self.law.members.get(node.group))
        return self._known(f"{left} in {self.constant(places)}", places.__contains__, left)

    def _arith(self, node: Arith, unit: str | None) -> str:
        left, right = self.value(node.left, unit), self.value(node.right, unit)
        kind = node.type.kind
        method = {"+": "add", "-": "subtract", "*": "multiply"}.get(node.op)

        def fold(a: Any, b: Any) -> Any:
            return arithmetic(node.op, a, b, whole=kind == "int")

        if kind == "int" and method:
            return self._known(f"{left} {node.op} {right}", fold, left, right)
        if kind in ("money", "decimal", "rate") and method:
            return self._known(f"EXACT.{method}({left}, {right})", fold, left, right)
        return self._known(f"arithmetic({self.constant(node.op)}, {left}, {right})", fold, left, right, sure=False)

    def _call(self, node: Call, unit: str | None) -> str:
        if node.name in ("amount_of", "ratio"):
            unit = node.args[0].type.unit or unit
        args = [self.value(arg, unit) for arg in node.args]
        if node.name == "amount_of":
            return args[0]
        if node.name in DIRECT:
            run = RUN[node.name]
            return self._known(f"{self.constant(run)}({args[0]})", run, *args, sure=node.name != "day_before")
        if node.name == "coalesce":
            first, *others = self._counting(args)
            if not others:
                return first
            name = self.name()
            self.line(f"{name} = {first}")
            for arg in others:
                self.line(f"if {name} is None:")
                self.line(f"    {name} = {arg}")
            return name

        def fold(*values: Any) -> Any:
            return call(node.name, list(values))

        return self._known(f"call({self.constant(node.name)}, [{', '.join(args)}])", fold, *args, sure=False)

    def _counting(self, args: list[str]) -> list[str]:
        """The arguments of `coalesce` that count: none of what is never known, none after what always is."""
        found: list[str] = []
        for arg in args:
            if arg != "None":
                found.append(arg)
            if arg in self.sure or (is_literal(arg) and arg != "None"):
                break
        return found or ["None"]

    def _each(self, node: Each, unit: str | None) -> str:
        """A loop of Kleene steps; the body is written once, inside."""
        items, name, element, outer = self._load(node.path), self.name(), self.name(), self._element
        neutral = {"any": "False", "all": "True"}.get(node.kind) or ("0" if node.type.kind == "int" else "Decimal(0)")
        self.line(f"{name} = None if {items} is None else {neutral}")
        self.line(f"for {element} in {items} or ():")
        self.indent, self._element = self.indent + 1, element
        where = self.value(node.where, None) if node.where else "True"
        body = self.value(node.body, unit)
        if node.kind == "count":
            counted = self.name()
            self.line(f"{counted} = None if {body} is None else 1 if {body} else 0")
            body = counted
        part = self.name()
        self.line(f"if {where} is True:")
        self.line(f"    {part} = {body}")
        self.line(f"elif {where} is False or {body} is not None and {body} == {neutral}:")
        self.line(f"    {part} = {neutral}")
        self.line("else:")
        self.line(f"    {part} = None")
        self._accumulate(node.kind, name, part, whole=node.type.kind == "int")
        self.indent, self._element = self.indent - 1, outer
        return name

    def _accumulate(self, kind: str, name: str, part: str, *, whole: bool) -> None:
        if kind in ("any", "all"):
            decisive = "True" if kind == "any" else "False"
            self.line(f"if {part} is {decisive}:")
            self.line(f"    {name} = {decisive}")
            self.line("    break")
            self.line(f"if {part} is None:")
            self.line(f"    {name} = None")
        else:
            total = f"{name} + {part}" if whole else f"EXACT.add({name}, {part})"
            self.line(f"{name} = None if {name} is None or {part} is None else {total}")


def _asks_for_any(node: Compare) -> bool:
    """`distinct(list) > 0` and its like: whether there is anything, which needs no counting."""
    counted = isinstance(node.left, Call) and node.left.name == "distinct"
    return counted and isinstance(node.right, Const) and node.right.value == 0 and node.op in (">", "!=", "==")


@lru_cache(maxsize=256)
def places_within(group: str, members: frozenset[str] | None) -> frozenset[str]:
    """Every ISO place that is, or lies in, a group of these members (None: a country or subdivision)."""
    law = Law(members={} if members is None else {group: members})
    return frozenset(place for place in COUNTRIES | SUBDIVISIONS if is_within(place, group, law))


def _audit(source: str) -> None:
    """Refuse generated text with any character that a literal, a string or a comment would need."""
    for line in source.split("\n"):
        if not _LINE.fullmatch(line):
            raise AssertionError("the code generator wrote a line outside its alphabet")
