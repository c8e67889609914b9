"""The frame executor: rules as Polars expressions over columns of past transactions. The back-test runs on it.

Null is unknown, and Polars' `&` and `|` are Kleene's. Numbers are whole Int128 with a scale known while writing, and a bound
on their size that keeps every step within 34 digits: what could be rounded, or overflow, is refused with the reason and never
computed. An amount in another currency than the one it is compared in leaves the columns: that comparison is made row by row
by the interpreter, at the row's own exact rate. Which columns there are: `columns`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from operator import and_, eq, ge, gt, le, lt, ne, or_
from typing import Any, Final

import polars as pl

from engine.catalogue import SILENT
from engine.language.columns import (
    NUMBER,
    SCALE,
    NotColumnar,
    columns_of,
    currency_column,
    facts_of_row,
    facts_to_frame,
    offset_column,
    prepared,
    rate_column,
    row_columns,
    target,
    with_rates,
)
from engine.language.compile import NamedRule
from engine.language.frame_values import (
    COUNTED,
    EPOCH,
    HELD,
    NUMERIC,
    ONE_DAY,
    WIDE,
    Column,
    NotInFrame,
    alike,
    between,
    calculated,
    chosen,
    day_of,
    divided,
    extreme,
    first_known,
    fits,
    fixed,
    moved,
    unknown,
    whole,
)
from engine.language.interpret import Interpreter, is_within
from engine.language.law import OWN, Gap, Law, Moment
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
    facts_used,
)
from engine.money import Money, Rate, RateTable, convert
from engine.places import COUNTRIES, country_of

_COMPARE: Final = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_SOVEREIGN: Final = {code: country_of(code) for code in sorted(COUNTRIES) if country_of(code) != code}


@dataclass(frozen=True, slots=True)
class FrameRule:
    """A rule as an expression over columns, or the reason why it is none."""

    id: str
    expr: pl.Expr | None
    reason: str = ""
    paths: frozenset[str] = frozenset()
    """The facts it reads."""
    pairs: frozenset[tuple[str, str]] = frozenset()
    """The amounts it may have to convert, by path, and into what."""


@dataclass(frozen=True, slots=True)
class FrameRules:
    """The rules of one period of law, for frames."""

    rules: tuple[FrameRule, ...]

    @property
    def refused(self) -> dict[str, str]:
        """The rules outside the frame fragment, and why."""
        return {rule.id: rule.reason for rule in self.rules if rule.expr is None}

    def evaluate(self, frame: pl.DataFrame, *, rates: RateTable | None = None) -> pl.DataFrame:
        """For each rule in the fragment a column of true, false or null (unknown). Raises NotColumnar.

        A fact without a column is unknown in every row; `payment_date` and `local_hour` are columns like any other.
        """
        inside = [rule for rule in self.rules if rule.expr is not None]
        pairs = {pair for rule in inside for pair in rule.pairs}
        ready = with_rates(prepared(frame, {path for rule in inside for path in rule.paths}), pairs, rates)
        # The currency is always stated: `true and x` is x, and even a rule without any fact gets a value in every row.
        every = pl.col("currency").is_not_null()
        ready = ready.with_columns((every & rule.expr).alias(rule.id) for rule in inside if rule.expr is not None)
        return ready.select(rule.id for rule in inside)


def compile_frame(rules: Sequence[NamedRule], law: Law) -> FrameRules:
    """Each rule as an expression, or the reason why not. A rule may refer only to rules before it."""
    writer = Writer(law)
    for rule in rules:
        writer.add(rule)
    return FrameRules(tuple(writer.rules.values()))


class Writer:
    """Writes rules one after the other. The back-test writes them with less: `engine.backtest.plan`."""

    def __init__(self, law: Law):
        self.law = law
        self.rules: dict[str, FrameRule] = {}
        self._paths: set[str] = set()
        self._pairs: set[tuple[str, str]] = set()
        self._amounts: list[set[tuple[str, str]]] = []
        """The amounts read by each comparison being written, and the units they are read in."""

    def add(self, rule: NamedRule) -> None:
        """Write one rule, or note why it is not written."""
        self._paths, self._pairs = set(facts_used(rule.condition)), set()
        try:
            expr = self.see(rule.condition, None).expr
        except NotInFrame as refused:
            self.rules[rule.id] = FrameRule(rule.id, None, str(refused))
        else:
            self.rules[rule.id] = FrameRule(rule.id, expr, "", frozenset(self._paths), frozenset(self._pairs))

    def see(self, node: Expr, unit: str | None) -> Column:
        """The column of a node; money in `unit`."""
        return getattr(self, "_" + type(node).__name__.lower())(node, unit)  # type: ignore[no-any-return]

    def column(self, path: str) -> pl.Expr:
        """Where the values of a fact stand, or the offsets of its instants."""
        return pl.col(path)

    # -- leaves --

    def _const(self, node: Const, unit: str | None) -> Column:
        return self._fixed(node, node.value, unit)

    def _param(self, node: Param, unit: str | None) -> Column:
        value = self.law.params.get(node.name, Gap.NONE)
        return unknown(node.type.kind) if isinstance(value, Gap) else self._fixed(node, value, unit)

    @staticmethod
    def _fixed(node: Expr, value: Any, unit: str | None) -> Column:
        if node.type.kind == "money" and unit not in (None, node.type.unit):
            raise NotInFrame(f"a fixed amount in {node.type.unit} is wanted in another currency")
        return fixed(node.type.kind, value)

    def _fact(self, node: Fact, unit: str | None) -> Column:
        kind, column, silent = node.type.kind, self.column(node.path), SILENT.get(node.path)
        if silent is not None:
            told = list(silent) if isinstance(silent, tuple) else silent
            column = column.fill_null(pl.lit(told, columns_of(node.path)[node.path]))
        if kind == "money":
            self._amounts[-1].add((node.path, unit or OWN))
        if kind in ("decimal", "rate", "money"):
            return Column(column.to_physical(), SCALE, 10**NUMBER.precision)
        if kind == "instant":
            offset = self.column(offset_column(node.path)).fill_null(0).cast(WIDE) * whole(1_000_000)
            return Column(column.to_physical().cast(WIDE), offset=offset)
        if kind == "int":
            return Column(column.cast(WIDE), 0, 2**63)
        return Column(column.to_physical().cast(WIDE) if kind == "date" else column)

    def _past(self, node: Past, _unit: str | None) -> Column:
        raise NotInFrame(f"{node.path} is known of past payments, which are no column")

    def _isknown(self, node: IsKnown, _unit: str | None) -> Column:
        return Column(reduce(or_, [self.column(path).is_not_null() for path in node.paths]))

    def _ruleref(self, node: RuleRef, _unit: str | None) -> Column:
        rule = self.rules[node.rule]
        if rule.expr is None:
            raise NotInFrame(f"its exception {rule.id} is not in the frame: {rule.reason}")
        self._paths |= rule.paths
        self._pairs |= rule.pairs
        return Column(rule.expr)

    def _let(self, node: Let, unit: str | None) -> Column:
        return self.see(node.body, unit)

    def _each(self, node: Each, _unit: str | None) -> Column:
        raise NotInFrame(f"{node.kind}() looks into {node.path}, a list of objects, which is no column")

    # -- logic --

    def _not(self, node: Not, _unit: str | None) -> Column:
        return Column(~self.see(node.body, None).expr)

    def _and(self, node: And, _unit: str | None) -> Column:
        return Column(reduce(and_, [self.see(item, None).expr for item in node.items]))

    def _or(self, node: Or, _unit: str | None) -> Column:
        return Column(reduce(or_, [self.see(item, None).expr for item in node.items]))

    def _if(self, node: If, unit: str | None) -> Column:
        setting = self._setting(node.test)
        if setting is not None:
            return self.see(node.then if setting else node.other, unit)
        self._no_list(node)
        test = self.see(node.test, None).expr
        return chosen(test, self.see(node.then, unit), self.see(node.other, unit), node.type.kind)

    def _setting(self, node: Expr) -> bool | None:
        """A test that this period of law has already decided."""
        if isinstance(node, Let):
            return self._setting(node.body)
        value = node.value if isinstance(node, Const) else None
        if isinstance(node, Param):
            value = self.law.params.get(node.name)
        return value if isinstance(value, bool) else None

    @staticmethod
    def _no_list(node: Expr) -> None:
        if node.type.kind == "list":
            raise NotInFrame("a choice between lists is no column")

    # -- comparison --

    def _atom(self, node: Expr, build: Callable[[], pl.Expr]) -> Column:
        """A truth made of values: in columns where every amount stands in its unit, by the interpreter elsewhere."""
        self._amounts.append(set())
        try:
            expr = build()
        finally:
            amounts = sorted(self._amounts.pop())
        if not amounts:
            return Column(expr)
        self._pairs.update(amounts)
        native = reduce(
            and_,
            [pl.col(path).is_null() | (pl.col(currency_column(path)) == target(unit)) for path, unit in amounts],
        )
        return Column(pl.when(native).then(expr).otherwise(self._by_row(node, native)))

    def _by_row(self, node: Expr, native: pl.Expr) -> pl.Expr:
        paths, law = {*facts_used(node), "currency"}, self.law
        pairs = sorted(pair for pair in self._pairs if pair[0] in paths)
        columns = [native.alias("native"), *row_columns(paths), *(pl.col(rate_column(*pair)) for pair in pairs)]

        def look(batch: pl.Series) -> pl.Series:
            found: list[bool | None] = [None] * len(batch)
            rows = batch.struct.unnest().with_row_index("row").filter(~pl.col("native"))
            for row in rows.iter_rows(named=True):
                facts = facts_of_row(row, paths)
                moment = Moment(row.get(PAYMENT_DATE, EPOCH), row.get(LOCAL_HOUR, 0), _RowRates(row, facts, pairs))
                found[row["row"]] = Interpreter(facts, law, moment, {}).see(node).value
            return pl.Series(found, dtype=pl.Boolean)

        return pl.struct(columns).map_batches(look, return_dtype=pl.Boolean, is_elementwise=True)

    def _compare(self, node: Compare, _unit: str | None) -> Column:
        def build() -> pl.Expr:
            sides = [self.see(node.left, node.unit), self.see(node.right, node.unit)]
            left, right = alike(sides, node.left.type.kind)
            return _COMPARE[node.op](left.expr, right.expr)  # type: ignore[no-any-return]

        return self._atom(node, build)

    def _oneof(self, node: OneOf, _unit: str | None) -> Column:
        def build() -> pl.Expr:
            left, kind = self.see(node.left, None), node.left.type.kind
            if kind not in COUNTED:
                return left.expr.is_in(list(node.values))
            left, *items = alike([left, *(fixed(kind, value) for value in node.values)], kind)
            return reduce(or_, [left.expr == item.expr for item in items])

        return self._atom(node, build)

    def _contains(self, node: Contains, _unit: str | None) -> Column:
        def build() -> pl.Expr:
            item, items = self.see(node.item, None), self.see(node.items, None).expr
            if node.item.type.kind in NUMERIC:
                if item.scale > SCALE:
                    raise NotInFrame(f"a number with more than {SCALE} decimals is looked for in a list")
                fits(item.most * 10 ** (SCALE - item.scale), HELD)
                item, items = item.at(SCALE), items.list.eval(pl.element().to_physical())
            known = item.expr.is_not_null() & items.is_not_null()
            return pl.when(known).then(items.list.contains(item.expr))

        return self._atom(node, build)

    def _within(self, node: Within, _unit: str | None) -> Column:
        told = self.law.params.get(node.left.name) if isinstance(node.left, Param) else None
        if isinstance(told, str):
            return Column(pl.lit(is_within(told, node.group, self.law)))
        place = self.see(node.left, None).expr
        country = place.str.slice(0, 2).replace(_SOVEREIGN)
        members = self.law.members.get(node.group)
        if members is None:
            return Column((place == node.group) | (country == node.group))
        return Column(place.is_in(sorted(members)) | country.is_in(sorted(members)))

    # -- numbers and dates --

    def _arith(self, node: Arith, unit: str | None) -> Column:
        left, right = self.see(node.left, unit), self.see(node.right, unit)
        kind = node.left.type.kind
        if kind in ("date", "instant"):
            return between(left, right, kind) if node.right.type.kind == kind else moved(node.op, left, right, kind)
        if node.op == "/":
            return divided(left, Decimal(node.right.value if isinstance(node.right, Const) else 0))
        return calculated(node.op, left, right, node.type.kind)

    def _call(self, node: Call, unit: str | None) -> Column:
        if node.name == "amount_of":
            return self.see(node.args[0], node.args[0].type.unit)
        kind, args = node.type.kind, [self.see(arg, unit) for arg in node.args]
        match node.name:
            case "min" | "max":
                return extreme(args, kind, lt if node.name == "min" else gt)
            case "coalesce":
                self._no_list(node)
                return first_known(args, kind)
            case "abs":
                return replace(args[0], expr=args[0].expr.abs())
            case "day_before":
                return moved("-", args[0], ONE_DAY, "date")
            case "day_of":
                return day_of(args[0])
            case "distinct":
                return Column(args[0].expr.list.n_unique().cast(WIDE), 0, 2**32)
        raise NotInFrame(f"{node.name}() is not written for columns")


class _RowRates:
    """Converts at the rates that stand in one row."""

    __slots__ = ("_rates",)

    def __init__(self, row: Mapping[str, Any], facts: Mapping[str, Any], pairs: Sequence[tuple[str, str]]):
        self._rates: dict[tuple[str, str], Rate] = {}
        for path, unit in pairs:
            text, money = row[rate_column(path, unit)], facts.get(path)
            if text is not None and money is not None:
                key = money.currency, facts["currency"] if unit == OWN else unit
                self._rates[key] = Rate(*key, Decimal(text), EPOCH, "the frame")

    def __call__(self, money: Money, unit: str) -> Decimal | None:
        rate = self._rates.get((money.currency, unit))
        return None if rate is None else convert(money, rate)


__all__ = ["FrameRule", "FrameRules", "NotColumnar", "NotInFrame", "Writer", "compile_frame", "facts_to_frame"]
