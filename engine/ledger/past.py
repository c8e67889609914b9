"""Features of past payments, answered from entries that are kept for the forms that the packs declare.

The contract is `docs/reference/history.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any, Final

import orjson

from engine.history import FeatureAnswer, FeatureForm, FeatureQuestion, Of
from engine.ledger import _past_sql as sql
from engine.ledger._database import Database, Readers
from engine.ledger._past import Keeper
from engine.ledger._past_values import (
    DAY,
    EXTREME,
    HOUR,
    TOTAL,
    Named,
    Total,
    between,
    groups,
    spec_of,
    tidy,
    total_of,
    unsorted,
)
from engine.ledger._time import to_micros
from engine.ledger._vault import Vault
from engine.ledger._writer import Writer
from engine.money import Money

_REMEMBERED: Final = 10_000
_MEASURED: Final = {Of.SUM: TOTAL, Of.COUNT: TOTAL, Of.MIN: EXTREME, Of.MAX: EXTREME}


class PastFeatures:
    """Answers questions about the past, all of one decision with one look."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer = readers, writer
        self.keeper = Keeper(database, vault)
        self._look = partial(_Look, vault.of_past)
        self._database = database
        self._all = database.worded(sql.SQLITE_ALL if database.is_sqlite else sql.POSTGRES_ALL)
        self._form, self._forms = database.worded(sql.FORM), database.worded(sql.FORMS)
        self._totals: dict[int, tuple[str, tuple[str, ...]]] = {}
        """Number of points -> the statement that looks them up, and the names of its parameters."""
        self._numbers: dict[int, tuple[FeatureForm, int]] = {}
        """By identity: forms are made once a release, and a form among the keys is hashed anew each time."""

    def prepare(self, forms: Iterable[FeatureForm]) -> None:
        """Keep entries for these forms from now on, and for all that was told before. Waits for the disk.

        The first time a form is seen takes some seconds for each million payments, in which nothing else is stored.
        """
        wanted = {spec_of(form) for form in forms}
        if wanted - {spec for _, spec in self._readers.rows(self._forms)}:
            self._writer.run(lambda batch: self.keeper.prepare(batch, wanted))

    def make_anew(self) -> None:
        """Work everything out from the chain again. Waits for the disk; nothing else is stored meanwhile."""
        self._writer.run(self.keeper.make_anew)

    def answers(self, asked: Sequence[FeatureQuestion]) -> list[FeatureAnswer | None]:
        """What was paid, as far as it is known now. None for a form that no pack declared when the service started."""
        look = self._look()
        for at, question in enumerate(asked):
            number = self._number(question.form)
            if number is not None:
                look.add(at, question, number)
        rows = self._rows(look)
        return look.answers(asked, rows)

    def _number(self, form: FeatureForm) -> int | None:
        found = self._numbers.get(id(form))
        if found is not None:
            return found[1]
        row = self._readers.row(self._form, {"spec": spec_of(form)})
        if row is None:
            return None
        if len(self._numbers) >= _REMEMBERED:
            self._numbers.clear()
        self._numbers[id(form)] = form, row[0]
        return int(row[0])

    def _rows(self, look: _Look) -> list[Any]:
        if not look.known:
            return []
        if not look.spans and not look.searches:
            row = self._readers.rows(*self._only_totals(look.points))[0]
            return [(0, at, row[2 * at], row[2 * at + 1], None) for at in range(len(look.points))]
        points = orjson.dumps([(at, *point) for at, point in enumerate(look.points)]).decode()
        spans, searches = orjson.dumps(look.spans).decode(), orjson.dumps(look.searches).decode()
        return self._readers.rows(self._all, {"points": points, "spans": spans, "searches": searches})

    def _only_totals(self, points: Sequence[_Point]) -> tuple[str, dict[str, Any]]:
        number = len(points)
        if number not in self._totals:
            names = tuple([f"{name}{at}" for at in range(number) for name in sql.POINT])
            self._totals[number] = self._database.worded(sql.totals(number)), names
        text, names = self._totals[number]
        return text, dict(zip(names, chain.from_iterable(points), strict=True))


_Point = tuple[int, str, int, int, int]
"""A form, a group, and an instant: its day, the beginning of that day, and itself."""


class _Look:
    """What must be looked up for some questions, each thing once."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self.known: set[int] = set()
        self.points: list[_Point] = []
        self.spans: list[tuple[int, int, str, int, int, int]] = []
        self.searches: list[tuple[int, int, str, int, int]] = []
        self._places: dict[tuple[int, str, int], int] = {}
        self._ends: dict[int, tuple[tuple[int, int], ...]] = {}
        """Of a question about totals: the points where its windows end and begin, one pair a group."""
        self._made: dict[tuple[tuple[int, int], ...], Total] = {}

    def add(self, at: int, asked: FeatureQuestion, number: int) -> None:
        """One question and the number of its form."""
        self.known.add(at)
        start, end = to_micros(asked.start), to_micros(asked.end)
        measure, place = _MEASURED.get(asked.form.of), groups(asked, self._named)
        if measure == TOTAL:
            self._ends[at] = tuple([(self._point(number, grp, end), self._point(number, grp, start)) for grp in place])
        elif measure == EXTREME:
            self.spans += [(at, number, grp, *span) for grp in place for span in _spans(start, end)]
        else:
            self.searches += [(at, number, grp, start, end) for grp in place]

    def _point(self, number: int, grp: str, at: int) -> int:
        """The place of what was paid before an instant."""
        key = number, grp, at
        if key not in self._places:
            self._places[key] = len(self.points)
            day = at // DAY
            self.points.append((number, grp, day, day * DAY, at))
        return self._places[key]

    def answers(self, asked: Sequence[FeatureQuestion], rows: Iterable[Any]) -> list[FeatureAnswer | None]:
        """The answers to the questions, from what was found."""
        points: dict[int, tuple[Total, Total]] = {}
        ends: dict[int, dict[str, list[str]]] = {}
        values: dict[int, set[str]] = {}
        for kind, at, first, low, high in rows:
            if kind == 0:
                points[at] = total_of(first), total_of(low)
            elif kind == 1:
                ends.setdefault(at, {}).setdefault(first, []).extend((low, high))
            else:
                values.setdefault(at, set()).add(first)
        return [
            self._answer(question.form.of, self._total(at, points), ends.get(at, {}), values.get(at, set()))
            if at in self.known
            else None
            for at, question in enumerate(asked)
        ]

    def _total(self, at: int, points: dict[int, tuple[Total, Total]]) -> Total:
        """What was paid between the instants of a question; worked out once for all that ask for the same."""
        pairs = self._ends.get(at, ())
        found = self._made.get(pairs)
        if found is None:
            found = self._made[pairs] = {}
            for end, start in pairs:
                between(points[end], points[start], found)
        return found

    @staticmethod
    def _answer(of: Of, total: Total, ends: dict[str, list[str]], values: set[str]) -> FeatureAnswer:
        if of is Of.DISTINCT:
            return FeatureAnswer(number=len(values))
        if of is Of.COUNT:
            return FeatureAnswer(number=sum(number for _, number in total.values()))
        if of is Of.SUM:
            return FeatureAnswer(_by_code({code: amount for code, (amount, number) in total.items() if number}))
        extreme = min if of is Of.MIN else max
        return FeatureAnswer(_by_code({code: unsorted(extreme(found)) for code, found in ends.items()}))


def _by_code(amounts: dict[str, Any]) -> tuple[Money, ...]:
    return tuple(tidy(amounts[code], code) for code in sorted(amounts))


def _spans(start: int, end: int) -> list[tuple[int, int, int]]:
    """A window as (length, from, to): whole days in the middle, whole hours beside them, single payments at the edges."""
    found = [(0, start, end)]
    for length in (HOUR, DAY):
        wider = []
        for size, first, last in found:
            inner, outer = -(-first // length) * length, last // length * length
            if size != (0 if length == HOUR else HOUR) or inner >= outer:
                wider.append((size, first, last))
            else:
                wider += [(size, first, inner), (length, inner, outer), (size, outer, last)]
        found = [span for span in wider if span[1] < span[2]]
    return found
