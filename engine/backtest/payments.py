"""Past payments as columns: one row a payment, one column a fact, beside them the number of the row in its source.

The columns are those of `engine.language.columns`. What stands in lists of objects, and in open facts, is no column: payments
that state any bring their facts along, and are asked one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Final

import polars as pl

from engine.catalogue import FIELDS
from engine.facts import Facts
from engine.language.columns import columns_of, facts_of_row, facts_to_frame, row_columns

ROW: Final = "row"
"""The number of a payment in its source, from 1 on."""
LABEL: Final = "label"
"""Whether a payment turned out to be fraud or to be charged back; null where nobody knows."""
_APART: Final = frozenset({"list:object", "open"})
"""Kinds of facts whose content is no column."""


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments that were read and found to be such.

    `frame` has the columns `row` (UInt64), perhaps `label` (Boolean), and those of each fact that any payment states; beside
    every amount stands its currency. `facts`, where given, are those of each row, in order: they win over the columns.
    """

    frame: pl.DataFrame
    facts: Sequence[Facts] | None = None
    paths: frozenset[str] = field(init=False)
    """The facts that have a column."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "paths", frozenset(name for name in self.frame.columns if name in FIELDS))

    @property
    def plain(self) -> pl.Expr:
        """Whether columns tell all that a payment states."""
        apart = [pl.col(path).is_null() for path in sorted(self.paths) if FIELDS[path].kind in _APART]
        return pl.all_horizontal(apart) if apart else pl.lit(True)

    def column(self, path: str) -> pl.Expr:
        """The values of a fact: all unknown, in the type of its kind, where no payment states it."""
        return pl.col(path) if path in self.paths else pl.lit(None, dtype=columns_of(path)[path])

    def stated(self, name: str, *, empty: bool = False) -> pl.Expr:
        """Whether a fact, or anything of an object, is stated; `empty`: also where it is stated as empty."""
        inside = [pl.col(path).is_not_null() for path in sorted(self.paths) if path.startswith(f"{name}.")]
        own = [self._filled(name, empty=empty)] if name in self.paths else []
        return reduce(or_, [*own, *inside]) if own or inside else pl.lit(False)

    def _filled(self, name: str, *, empty: bool) -> pl.Expr:
        there, kind = pl.col(name).is_not_null(), FIELDS[name].kind
        if empty or kind in _APART:
            return there
        if kind.startswith("list:"):
            return there & (pl.col(name).list.len() > 0)
        return there & (pl.col(name) != "") if kind in ("text", "token") else there

    def facts_at(self, places: Sequence[int]) -> list[Facts]:
        """The facts of the payments at these places of the frame."""
        if self.facts is not None:
            return [self.facts[place] for place in places]
        paths = sorted(self.paths)
        rows = self.frame[list(places)].select(row_columns(paths))
        return [Facts(facts_of_row(row, paths)) for row in rows.iter_rows(named=True)]

    def slice(self, start: int, length: int) -> Payments:
        """Some of them."""
        part = None if self.facts is None else self.facts[start : start + length]
        return Payments(self.frame.slice(start, length), part)


def payments_of(
    facts: Sequence[Facts], rows: Iterable[int] | None = None, labels: Sequence[bool | None] | None = None
) -> Payments:
    """Payments whose facts are known. Raises NotColumnar for numbers that no column holds exactly."""
    columns: dict[str, Any] = {ROW: pl.Series(ROW, rows or range(1, len(facts) + 1), pl.UInt64())}
    if labels is not None:
        columns[LABEL] = pl.Series(LABEL, labels, pl.Boolean())
    frame = facts_to_frame([_columnar(one) for one in facts])
    return Payments(frame.with_columns(columns.values()), facts)


def _columnar(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {path: value for path, value in facts.items() if path in FIELDS}
