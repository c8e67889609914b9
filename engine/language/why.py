"""Why a rule fired, stayed silent or could not tell: the compiled executor's quick explanation.

For one rule and one known outcome, a generated function gathers the atomic conditions that decided it, with both values.
The interpreter gives the whole ladder; this gives the line that goes into every answer, in microseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from engine.catalogue import FIELDS
from engine.facts import Shape, collapse
from engine.language.compile import DEEPEST, NamedRule, Writer, is_literal
from engine.language.interpret import Interpreter
from engine.language.law import OWN, Gap, Law, missing_law, missing_rate
from engine.language.render import label, show
from engine.language.specialise import ShapeWriter
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
    past_missing,
)

_NEGATED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Reason(NamedTuple):
    """One atomic condition as found: `kind` is compare, is, is_not or rule; `text` carries the values."""

    kind: str
    label: str
    text: str
    expected: str = ""


_reason: Final[Callable[[tuple[str, str, str, str]], Reason]] = partial(tuple.__new__, Reason)
"""As `Reason(...)`, in a third of the time: a dozen are made for every answer."""

_REMEMBERED: Final = 4096


class Atom:
    """An atomic condition and whether it held: how to say it with the values it was decided on."""

    __slots__ = ("_fixed", "_there", "expected", "held", "label", "left", "op", "right", "unit")

    def __init__(
        self, left: Expr, op: str, *, held: bool, right: Expr | None = None, unit: str | None = None, expected: str = ""
    ):
        self.left, self.op, self.right, self.unit = left, op if held else _NEGATED.get(op, op), right, unit
        self.held, self.expected, self.label = held, expected, label(left)
        self._fixed = isinstance(right, Const | Param)
        self._there: dict[str | None, str] = {}
        """A number of the law in words, by the unit it was read in. Two facts may be equal and be written differently."""

    def say(self, left: Any, right: Any, currency: str) -> Reason:
        """The condition with its values; `currency` is the transaction's own."""
        unit = currency if self.unit == OWN else self.unit
        here = show(left, self.left.type, unit)
        if self.right is None:
            return _reason(("is" if self.held else "is_not", self.label, here, self.expected))
        there = self._there.get(unit) if self._fixed else show(right, self.right.type, unit)
        if there is None:
            there = self._there[unit] = show(right, self.right.type, unit)
        if self.op == "==":
            return _reason(("is", self.label, here, ""))
        if self.op == "!=":
            return _reason(("is_not", self.label, here, there))
        return _reason(("compare", self.label, f"{here} {self.op} {there}", ""))


class Sayings(dict[Any, Reason]):
    """What an atom says of each value of one fact of few values, worked out once a value."""

    def __init__(self, atom: Atom):
        super().__init__()
        self._atom = atom

    def __missing__(self, value: Any) -> Reason:
        if len(self) > _REMEMBERED:
            self.clear()
        said = self[value] = self._atom.say(
            value, None if self._atom.right is None else _constant(self._atom.right), ""
        )
        return said


def _constant(node: Expr) -> Any:
    return node.value if isinstance(node, Const) else None


Explain = Callable[[Mapping[str, Any], Any], list[Any]]
"""(facts, moment) -> reasons, or names of missing facts."""

_SETTLED: Final = re.compile(r" {4}found\.append\((K\d+)\)")
"""A generated line that says the same of every payment."""


class Explanation(NamedTuple):
    """How to explain one rule with one outcome; `always`: what that says whatever the payment, None where it varies."""

    tell: Explain
    always: tuple[Any, ...] | None


_Write = Callable[[Expr, str | None], None]


class Explainer:
    """Generates, on first need, the three explanations of each rule of a pack set in one period of law."""

    def __init__(self, rules: Mapping[str, NamedRule], law: Law, shape: Shape | None = None):
        self._rules = rules
        self._law = law
        self._shape = shape
        self._made: dict[tuple[str, str], Explanation] = {}

    def of_shape(self, shape: Shape) -> Explainer:
        """The same for payments of one shape: what all of them state or leave out is folded in."""
        return Explainer(self._rules, self._law, shape)

    def held(self, rule: str) -> Explain:
        """Reasons of a rule that fired."""
        return self.of("held", rule).tell

    def failed(self, rule: str) -> Explain:
        """Reasons of a rule that stayed silent: the first conditions that failed."""
        return self.of("failed", rule).tell

    def missing(self, rule: str) -> Explain:
        """Names of the facts that an undecided rule needs."""
        return self.of("missing", rule).tell

    def wanting(self, rule: str) -> Explain:
        """As `missing`, an object of which nothing is stated being named as a whole (`engine.facts.collapse`)."""
        return self.of("wanting", rule).tell

    def of(self, polarity: str, rule: str) -> Explanation:
        """One of the four, with what it always says, if it always says the same."""
        made = self._made.get((polarity, rule))
        if made is None:
            whole = polarity == "wanting"
            if self._shape is None:
                writer: _Why = _WhyWriter(self._law, self._rules, whole=whole)
            else:
                writer = _ShapeWhyWriter(self._law, self._rules, self._shape, whole=whole)
            made = self._made[polarity, rule] = writer.explain(polarity, self._rules[rule].condition)
        return made


class _Why(Writer):
    """Writes, beside the values, what to append to `found` for a node of a known outcome."""

    rules: Mapping[str, NamedRule]
    whole: bool
    _stated: dict[str, str]

    def begin(self, rules: Mapping[str, NamedRule], *, whole: bool) -> None:
        """What every writer of explanations knows beside the law."""
        self.rules, self.whole, self._stated = rules, whole, {}
        self.constants.update(missing_rate=missing_rate, each_missing=self._each_missing)

    def explain(self, polarity: str, condition: Expr) -> Explanation:
        """The explanation of one rule and one outcome."""
        self.line("found = []")
        self.head.append(f"    own = facts[{self.constant('currency')}]")
        {"held": self.held, "failed": self.failed, "missing": self.missing, "wanting": self.missing}[polarity](
            condition, None
        )
        said = [_SETTLED.fullmatch(line) for line in self.lines[1:]]
        self.line("return found")
        always = tuple(self.constants[found[1]] for found in said if found) if all(said) else None
        return Explanation(self.function("why"), always)

    def _ruleref(self, node: RuleRef, unit: str | None) -> str:
        return self.value(self.rules[node.rule].condition, unit)

    def _append(self, atom: Atom, left: str, right: str = "None") -> None:
        few = atom.left.type.kind in ("enum", "bool", "place", "string") and isinstance(atom.right, Const | None)
        if few and is_literal(left):
            right_value = _constant(atom.right) if atom.right is not None else None
            self.line(f"found.append({self.constant(atom.say(self.literal(left), right_value, ''))})")
            return
        if few:
            self.line(f"found.append({self.constant(Sayings(atom))}[{left}])")
            return
        self.line(f"found.append({self.constant(atom.say)}({left}, {right}, own))")

    def _branch(self, keyword: str, then: Callable[[], None]) -> None:
        self.line(keyword)
        self.indent += 1
        before = len(self.lines)
        then()
        if len(self.lines) == before:
            self.line("pass")
        self.indent -= 1

    # -- decided --

    def held(self, node: Expr, unit: str | None) -> None:
        """Write the reasons of a node known to be true."""
        match node:
            case And(items=items):
                for item in items:
                    self.held(item, unit)
            case Or(items=items):
                self._first(items, unit, "True", self.held)
            case _:
                self._atom(node, unit, self.held, self.failed)

    def failed(self, node: Expr, unit: str | None) -> None:
        """Write the reasons of a node known to be false."""
        match node:
            case And(items=items):
                self._first(items, unit, "False", self.failed)
            case Or(items=items):
                for item in items:
                    self.failed(item, unit)
            case _:
                self._atom(node, unit, self.failed, self.held)

    def _first(self, items: tuple[Expr, ...], unit: str | None, wanted: str, write: _Write) -> None:
        """The first item with the decisive value explains alone."""
        outer = self.indent
        if outer + len(items) > DEEPEST:
            self._first_of_many(items, unit, wanted, write)
            return
        for item in items:
            value = self.value(item, unit)
            if is_literal(value):
                if value == wanted:
                    write(item, unit)
                    break
                continue
            self._branch(f"if {value} is {wanted}:", lambda item=item: write(item, unit))  # type: ignore[misc]
            self.line("else:")
            self.indent += 1
        if self.indent > outer:
            self.line("pass")
        self.indent = outer

    def _first_of_many(self, items: tuple[Expr, ...], unit: str | None, wanted: str, write: _Write) -> None:
        """As `_first`, side by side instead of one inside the other."""
        outer, looking = self.indent, self.name()
        self.line(f"{looking} = True")
        for item in items:
            self.line(f"if {looking}:")
            self.indent += 1
            value = self.value(item, unit)
            self.line(f"if {value} is {wanted}:")
            self.indent += 1
            self.line(f"{looking} = False")
            write(item, unit)
            self.indent = outer

    def _atom(self, node: Expr, unit: str | None, same: _Write, opposite: _Write) -> None:
        held = same == self.held
        match node:
            case Not(body=body):
                opposite(body, unit)
            case Let(body=body):
                same(body, unit)
            case If():
                self._chosen(node, unit, same)
            case Compare(op=op, left=left, right=right, unit=inner):
                atom = Atom(left, op, held=held, right=right, unit=inner)
                self._append(atom, self.value(left, inner), self.value(right, inner))
            case OneOf(left=left, values=values):
                expected = " / ".join(str(value) for value in values)
                self._append(Atom(left, "in", held=held, expected=expected), self.value(left, None))
            case Within(left=left, group=group):
                self._append(Atom(left, "in", held=held, expected=group), self.value(left, None))
            case Contains(item=item, items=items):
                self._append(Atom(items, "in", held=held, expected=label(item)), self.value(items, None))
            case RuleRef(rule=rule):
                name = self.constant(Reason("rule", rule, "true") if held else Reason("not_rule", rule, "false"))
                self.line(f"found.append({name})")
            case Fact() | Param() | Const() | Each() | IsKnown() | Call():
                self._append(Atom(node, "is", held=held, expected="true"), self.value(node, unit))

    def _chosen(self, node: If, unit: str | None, write: _Write) -> None:
        test = self.value(node.test, unit)
        if is_literal(test) and test != "None":
            taken = self.literal(test)
            if not isinstance(
                node.test, Param
            ):  # a setting of the pack is no reason; a fact is, whoever always states it
                (self.held if taken else self.failed)(node.test, unit)
            write(node.then if taken else node.other, unit)
            return
        self._branch(
            f"if {test} is False:", lambda: self._explain_both(self.failed, node.test, write, node.other, unit)
        )
        self._branch(f"elif {test} is True:", lambda: self._explain_both(self.held, node.test, write, node.then, unit))
        self._branch("else:", lambda: write(node.then, unit))

    @staticmethod
    def _explain_both(first: _Write, test: Expr, second: _Write, branch: Expr, unit: str | None) -> None:
        first(test, unit)
        second(branch, unit)

    # -- unknown --

    def missing(self, node: Expr, unit: str | None) -> None:
        """Write the names of what a node known to be unknown lacks."""
        match node:
            case And(items=items) | Or(items=items):
                self._each_unknown(items, unit)
            case Not(body=body) | Let(body=body):
                self.missing(body, unit)
            case RuleRef(rule=rule):
                self.missing(self.rules[rule].condition, unit)
            case Compare(left=left, right=right, unit=inner):
                self._each_unknown((left, right), inner)
            case Arith(left=left, right=right):
                self._each_unknown((left, right), unit)
            case OneOf(left=left) | Within(left=left):
                self.missing(left, None)
            case Contains(item=item, items=many):
                self._each_unknown((item, many), None)
            case Call(name=name, args=args):
                inner = node.args[0].type.unit or unit if name in ("amount_of", "ratio") else unit
                self._each_unknown(args, inner)
            case If():
                self._missing_if(node, unit)
            case Fact():
                self._missing_fact(node, unit)
            case Param(name=name):
                self._missing_param(node, unit)
            case Const() if node.type.kind == "money":
                self._missing_money(self.constant_money(node, node.value), unit)
            case Each():
                self.line(f"found.extend(each_missing({self.constant(node)}, {self.constant(unit)}, facts, moment))")

    def _each_unknown(self, items: tuple[Expr, ...], unit: str | None) -> None:
        for item in items:
            value = self.value(item, unit)
            if is_literal(value):
                if value == "None":
                    self.missing(item, unit)
                continue
            self._branch(f"if {value} is None:", lambda item=item: self.missing(item, unit))  # type: ignore[misc]

    def _missing_if(self, node: If, unit: str | None) -> None:
        test = self.value(node.test, unit)
        if is_literal(test) and test != "None":
            self.missing(node.then if self.literal(test) else node.other, unit)
            return
        self._branch(f"if {test} is False:", lambda: self.missing(node.other, unit))
        self._branch(f"elif {test} is True:", lambda: self.missing(node.then, unit))
        self._branch("else:", lambda: self._each_unknown((node.test, node.then, node.other), unit))

    def _missing_fact(self, node: Fact, unit: str | None) -> None:
        def name() -> None:
            self._name_past(node) if isinstance(node, Past) else self._name_fact(node.path)

        raw = self._load_whole(node.path) if node.type.kind == "money" else "None"
        if raw == "None":
            name()
            return
        if raw in self.sure:
            self._missing_money(raw, unit)
            return
        self._branch(f"if {raw} is None:", name)
        self._branch("else:", lambda: self._missing_money(raw, unit))

    def _name_past(self, node: Past) -> None:
        needs, whole = node.needs, self.whole

        def lacking(facts: Mapping[str, Any]) -> list[str]:
            missing = past_missing(needs, facts)
            return sorted(collapse(missing, facts) if whole else missing)

        self.line(f"found.extend({self.constant(lacking)}(facts))")

    def _name_fact(self, path: str) -> None:
        parent = path.rpartition(".")[0]
        path_name = self.constant(path)
        siblings = sorted(field for field in FIELDS if field.rpartition(".")[0] == parent)
        if not self.whole or "." not in parent or not siblings or self.states(siblings) is True:
            self.line(f"found.append({path_name})")
            return
        if self.states(siblings) is False:
            self.line(f"found.append({self.constant(parent)})")
            return
        if parent not in self._stated:
            self._stated[parent] = self.name()
            tests = " or ".join(f"{self.constant(sibling)} in facts" for sibling in siblings)
            self.head.append(f"    {self._stated[parent]} = {tests}")
        self.line(f"found.append({path_name} if {self._stated[parent]} else {self.constant(parent)})")

    def states(self, paths: list[str]) -> bool | None:
        """Whether every payment this is written for states one of these facts; None where that varies."""
        return None

    def _missing_param(self, node: Param, unit: str | None) -> None:
        value = self.law.params.get(node.name, Gap.NONE)
        if isinstance(value, Gap):
            self.line(f"found.append({self.constant(missing_law(node.name))})")
        elif node.type.kind == "money":
            self._missing_money(self.constant_money(node, value), unit)

    def constant_money(self, node: Expr, value: Any) -> str:
        """A constant of a declared currency as Money."""
        from engine.money import Money

        return self.constant(Money(value, node.type.unit or ""))

    def _missing_money(self, money: str, unit: str | None) -> None:
        target = f"facts[{self.constant('currency')}]" if (unit or OWN) == OWN else self.constant(unit)
        self.line(f"found.append(missing_rate({money}[1], {target}))")

    def _each_missing(self, node: Each, unit: str | None, facts: Mapping[str, Any], moment: Any) -> list[str]:
        missing = Interpreter(facts, self.law, moment, {}).see(node, unit).missing
        return sorted(collapse(missing, facts) if self.whole else missing)


class _WhyWriter(_Why):
    """Explains any payment."""

    def __init__(self, law: Law, rules: Mapping[str, NamedRule], *, whole: bool):
        super().__init__(law, hoist=whole)
        self.begin(rules, whole=whole)


class _ShapeWhyWriter(_Why, ShapeWriter):
    """Explains payments of one shape."""

    def __init__(self, law: Law, rules: Mapping[str, NamedRule], shape: Shape, *, whole: bool):
        ShapeWriter.__init__(self, law, shape, hoist=whole)
        self.begin(rules, whole=whole)

    def states(self, paths: list[str]) -> bool | None:
        """A shape always tells."""
        return any(path in self.shape.paths for path in paths)


__all__ = ["Atom", "Explain", "Explainer", "Explanation", "Reason"]
