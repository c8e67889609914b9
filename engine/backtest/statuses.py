"""The rules of one law asked of columns of payments, and their answers packed into a few whole numbers a payment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import and_, or_
from typing import Any, Final

import polars as pl

from engine.backtest.payments import Payments
from engine.backtest.plan import Pairs, Plan
from engine.language.columns import currency_column, target
from engine.packs.compile import Active, Compiled
from engine.packs.model import ParameterRef

ALONE: Final = "alone"
"""Whether a payment must be asked one by one."""
_IN_A_BYTE: Final = 4
_IN_A_WORD: Final = 32
"""Answers of two bits: false, true, unknown."""
_UNKNOWN: Final = 2

Truth = pl.Series | bool | None
"""Of each payment true, false or null for what cannot be told; or the same for all of them."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a domain wants to know beside its rules: when a payment must be asked by itself, and more answers that tell payments
    apart."""

    alone: Sequence[pl.Expr] = ()
    bits: Sequence[pl.Expr] = ()


@dataclass(slots=True)
class Rows:
    """The payments that a law speaks for, out of all. A column is taken out when it is first asked for: most never are."""

    frame: pl.DataFrame
    own: pl.Series | None = None
    """Which rows; None: all of them."""
    height: int = field(init=False)
    _taken: dict[str, pl.Series] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.height = self.frame.height if self.own is None else int(self.own.sum())

    def select(self, asked: Iterable[pl.Expr], beside: pl.DataFrame | None = None) -> pl.DataFrame:
        """Expressions over these rows; `beside`: columns that have their length already."""
        asked = list(asked)
        there = frozenset() if beside is None else frozenset(beside.columns)
        names = dict.fromkeys(name for expr in asked for name in expr.meta.root_names() if name not in there)
        if missing := [name for name in names if name not in self._taken]:
            columns = self.frame.select(missing)
            if self.own is not None:
                columns = columns.filter(self.own)
            self._taken.update(zip(missing, columns.get_columns(), strict=True))
        own = [self._taken[name] for name in names]
        return pl.DataFrame(own if beside is None else [*own, *beside.get_columns()]).select(asked)


class Asking:
    """The rules of one law over the payments that it speaks for, with their local days and hours.

    Amounts are compared where they stand in the currency of the law. Elsewhere the question stays open, and where a rule hangs on
    it the payment is asked by itself, with its amounts converted exactly.
    """

    def __init__(self, compiled: Compiled, plan: Plan, payments: Payments, rows: Rows):
        self.compiled, self.payments, self._plan, self._rows = compiled, payments, plan, rows
        self._native: dict[tuple[str, str], pl.Series | None] = {}
        steps = self._steps()
        self._fixed = {rule: steps[at] for rule, at in plan.rules.items() if not isinstance(steps[at], pl.Series)}
        columns = {f"={rule}": steps[at] for rule, at in plan.rules.items() if rule not in self._fixed}
        for rule, numbers in plan.parts.items():
            columns |= {
                f"={rule}#{number}": steps[number] for number in numbers if isinstance(steps[number], pl.Series)
            }
        self._told = pl.DataFrame(
            [truth.alias(name) for name, truth in columns.items() if isinstance(truth, pl.Series)]
        )

    # -- the plan carried out --

    def _steps(self) -> list[Truth]:
        asked = self._rows.select(atom.expr.alias(str(at)) for at, atom in enumerate(self._plan.atoms)).get_columns()
        atoms = [self._where_native(truth, atom.pairs) for truth, atom in zip(asked, self._plan.atoms, strict=True)]
        nothing = pl.Series([None], dtype=pl.Boolean).new_from_index(0, self._rows.height)
        found: list[Truth] = []
        for step in self._plan.steps:
            if step.kind == "fixed":
                found.append(step.value)
            elif step.kind == "atom":
                found.append(atoms[step.of[0]])
            elif step.kind == "not":
                body = found[step.of[0]]
                found.append(
                    ~body if isinstance(body, pl.Series) else None
                )  # a fixed one was turned when it was planned
            else:
                truths = [one if isinstance(one, pl.Series) else nothing for one in map(found.__getitem__, step.of)]
                found.append(reduce(and_ if step.kind == "and" else or_, truths))
        return found

    def _where_native(self, truth: pl.Series, pairs: Pairs) -> pl.Series:
        """A comparison, open where an amount stands in another currency."""
        for native in map(self._in_unit, sorted(pairs)):
            if native is None:
                continue
            truth = truth.to_frame("truth").select(pl.when(native).then(pl.col("truth")))["truth"]
        return truth

    def _in_unit(self, pair: tuple[str, str]) -> pl.Series | None:
        """Where an amount stands in its currency, or is not stated; None: everywhere."""
        if pair not in self._native:
            path, unit = pair
            own = pl.col(path).is_null() | (pl.col(currency_column(path)) == target(unit))
            native = self._rows.select([own]).to_series()
            self._native[pair] = None if native.all() else native
        return self._native[pair]

    def _foreign(self) -> list[pl.Expr]:
        """Where a rule is open and may hang on an amount in another currency."""
        found = []
        for rule, pairs in self._plan.pairs.items():
            natives = [native for native in map(self._in_unit, sorted(pairs)) if native is not None]
            if natives and rule not in self._fixed:
                found.append(self.truth(rule).is_null() & ~pl.lit(reduce(and_, natives)))
        return found

    # -- what domains ask --

    def truth(self, rule: str) -> pl.Expr:
        """Whether a rule holds."""
        return pl.lit(self._fixed[rule], dtype=pl.Boolean) if rule in self._fixed else pl.col(f"={rule}")

    def told(self, active: Active) -> pl.Expr:
        """Whether a rule holds for sure."""
        return self.truth(active.rule.id).fill_null(False)

    def asked(self, active: Active) -> pl.Expr:
        """Whether a rule holds, or might."""
        return self.truth(active.rule.id).fill_null(True)

    def never(self, active: Active) -> bool:
        """Whether no payment here could make a rule hold."""
        return self._fixed.get(active.rule.id, True) is False

    def parts(self, active: Active) -> list[pl.Expr]:
        """The truth of everything in a rule's condition that has one, where the whole cannot be told."""
        open_ = self.truth(active.rule.id).is_null()
        names = [f"={active.rule.id}#{number}" for number in dict.fromkeys(self._plan.parts[active.rule.id])]
        return [pl.when(open_).then(pl.col(name)).otherwise(False) for name in names if name in self._told.columns]

    def detail(self, active: Active, name: str) -> tuple[str, ...]:
        """The words of a detail of an effect, from its dated parameter where one gives it."""
        words = self._detail(active, name)
        return tuple(words) if isinstance(words, (tuple, list)) else ()

    def word(self, active: Active, name: str) -> str | None:
        """The same of a detail of one word."""
        word = self._detail(active, name)
        return word if isinstance(word, str) else None

    def _detail(self, active: Active, name: str) -> Any:
        found = active.rule.effect.details.get(name)
        return self.compiled.law.params.get(found.name) if isinstance(found, ParameterRef) else found

    def packed(self, looked: Looked) -> pl.DataFrame:
        """The answers of all rules and of what the domain looked at, as `p0`, `p1` ..., and whether a payment stands alone."""
        rules = [pl.col(f"={rule}") for rule in self._plan.rules if rule not in self._fixed]
        answers = [*rules, *looked.bits]
        words = [answers[at : at + _IN_A_WORD] for at in range(0, len(answers), _IN_A_WORD)]
        none = pl.col("currency").is_null()  # never: it gives what has one value for all payments its length
        packed = [_word(word, none).alias(f"p{at}") for at, word in enumerate(words)]
        alone = reduce(or_, [*looked.alone, *self._foreign()], none).fill_null(False).alias(ALONE)
        return self._rows.select([*packed, alone], self._told)


def _word(answers: Sequence[pl.Expr], none: pl.Expr) -> pl.Expr:
    whole = none.cast(pl.UInt64)
    for at in range(0, len(answers), _IN_A_BYTE):
        whole = whole + _byte(answers[at : at + _IN_A_BYTE]).cast(pl.UInt64) * pl.lit(4**at, dtype=pl.UInt64)
    return whole


def _byte(answers: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(
        lambda whole, one: whole + one,
        (one.cast(pl.UInt8).fill_null(_UNKNOWN) * pl.lit(4**at, dtype=pl.UInt8) for at, one in enumerate(answers)),
    )
