"""The few values of each fact that the comparisons of a condition can tell apart, and whether it may go unstated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations, islice, pairwise, product
from typing import Any, Final

from engine.catalogue import NAMED, ROOT, Node
from engine.language.interpret import is_within
from engine.language.law import Law
from engine.language.scope import CLOCK, LOCAL_HOUR
from engine.language.tree import Compare, Contains, Expr, Fact, OneOf, Past, Within, walk
from engine.language.types import Type
from engine.money import DIGITS, Money
from engine.packs.lint.atoms import Atom, Reader, elements, measured, numbers_of
from engine.places import COUNTRIES, SUBDIVISIONS


class _Absent:
    """The value of a fact that is not stated."""

    def __repr__(self) -> str:
        return "not stated"


ABSENT: Final = _Absent()
OTHER: Final = "something_else"
NONE: Final[frozenset[str]] = frozenset()
_FINE: Final = Decimal("0.001")
_DAY: Final = timedelta(days=1)
_FEW: Final = 12
_LONGEST: Final = 4
"""Elements of a list that are tried; what counts further stays undecided."""


def _stated(node: Node, prefix: str, *, always: bool) -> Iterator[str]:
    for key, info in node.model.model_fields.items():
        sure = always and (info.is_required() or info.default is not None)
        if key in node.facts and sure:
            yield node.facts[key].path
        elif key in node.parts:
            yield from _stated(node.parts[key], f"{prefix}{key}.", always=sure)


ALWAYS: Final = frozenset({*_stated(ROOT, "", always=True), *CLOCK})
"""Facts that every payment states, or that have a value where it does not."""


@dataclass(slots=True)
class Marks:
    """What the comparisons hold a fact against."""

    values: set[Any] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    sizes: set[int] = field(default_factory=set)


class Cells:
    """Representative values of the facts that some comparisons read."""

    def __init__(self, atoms: Iterable[Atom], reader: Reader, days: tuple[date, date], dense: frozenset[str] = NONE):
        self.reader, self.days = reader, days
        self.dense = dense
        """Kinds of numbers that are tried between any two values too: rates as they are stated, amounts as converted ones lie."""
        self.step = Decimal(1).scaleb(-DIGITS.get(reader.currency, 2))
        self._made: dict[str, tuple[Any, ...]] = {}
        self.marks: dict[str, Marks] = {}
        self.mixed: dict[str, set[Any]] = {}
        """Constants of comparisons that read several facts at once."""
        self.past: dict[str, Type] = {}
        """What is known of past payments, and its type: no catalogue has it."""
        for one in atoms:
            self.past.update((part.path, part.type) for part in walk(one.node) if isinstance(part, Past))
            for path in one.facts:
                self.marks.setdefault(path, Marks())
            if one.path is not None:
                self._mark(one, self.marks[one.path])
            else:
                self._mix(one)

    # -- gathering --

    def _mark(self, one: Atom, marks: Marks) -> None:
        node = one.node
        match node:
            case Compare(left=left, right=right, unit=unit):
                fact, other = (left, right) if measured(left) else (right, left)
                value = self.reader.constant(other, unit)
                if value is not None:
                    (marks.values if isinstance(fact, Fact) or fact.type.kind == "date" else marks.sizes).add(value)
            case OneOf(values=values):
                marks.values.update(values)
            case Within(group=group):
                marks.groups.add(group)
            case Contains(item=item, items=items):
                found = self.reader.constant(items if isinstance(item, Fact) else item)
                marks.values.update(found if isinstance(found, tuple) else () if found is None else {found})

    def _mix(self, one: Atom) -> None:
        values = {self.reader.constant(part) for part in numbers_of(one.node)} - {None}
        for path in one.facts:
            self.mixed.setdefault(path, set()).update(values)

    # -- values --

    def of(self, path: str) -> tuple[Any, ...]:
        """The values of a fact that single comparisons tell apart; ABSENT where it may go unstated."""
        if path not in self._made:
            found = tuple(self._values(path, self.marks.get(path, Marks())))
            self._made[path] = found if path in ALWAYS else (*found, ABSENT)
        return self._made[path]

    def wide(self, path: str) -> tuple[Any, ...]:
        """As `of`, with values that comparisons of several facts may turn on."""
        extra = self._widened(path, self.mixed.get(path, set()))
        return tuple(dict.fromkeys([*self.of(path), *extra]))

    def _values(self, path: str, marks: Marks) -> Iterable[Any]:
        if path in CLOCK:
            return self._clock(path, marks.values)
        if path in self.past:
            return self._of_past(path, marks.values)
        known = NAMED[path]
        kind, _, item = known.kind.partition(":")
        if kind == "bool":
            return (True, False)
        if kind == "list":
            return _lists(sorted(known.values or ()), marks) if item != "object" else ((),)
        if kind == "place":
            return places(marks, self.reader.law)
        if kind == "enum":
            rest = sorted((known.values or frozenset()) - marks.values)
            return [*sorted(marks.values & (known.values or frozenset())), *rest[:1]]
        return self._ordered(kind, marks.values)

    def _of_past(self, path: str, values: set[Any]) -> Iterable[Any]:
        """Amounts of the past stand in a currency of their own."""
        found, unit = self._ordered(self.past[path].kind, values), self.past[path].unit
        return [Money(value.amount, unit) if unit and isinstance(value, Money) else value for value in found]

    def _ordered(self, kind: str, values: set[Any]) -> Iterable[Any]:
        if kind == "money":
            return [Money(number, self.reader.currency) for number in _around(values, self.step, kind in self.dense)]
        if kind == "int":
            return [int(number) for number in _around(values, Decimal(1))]
        if kind in ("rate", "decimal"):
            return _around(values, _FINE, kind in self.dense)
        if kind == "date":
            return _days(values) or [self.days[0]]
        if kind == "instant":
            return [datetime.combine(day, time(12), UTC) for day in _days(values) or [self.days[0]]]
        return [*sorted(str(value) for value in values), OTHER]

    def _clock(self, path: str, values: set[Any]) -> list[Any]:
        if path == LOCAL_HOUR:
            near = {hour + step for hour in values for step in (-1, 0, 1)} | {12}
            return sorted(hour for hour in near if 0 <= hour <= 23)
        near_days = {self.days[0], self.days[1], *_days(values)}
        return sorted(day for day in near_days if self.days[0] <= day <= self.days[1])

    def _widened(self, path: str, values: set[Any]) -> Iterable[Any]:
        if path in self.past:
            numbers = {Decimal(value) for value in values if isinstance(value, int | Decimal)}
            return self._of_past(path, {*numbers, *(abs(a - b) for a in numbers for b in numbers), Decimal(1)})
        if path in CLOCK or path not in NAMED:
            return ()
        known = NAMED[path]
        kind = known.kind.partition(":")[0]
        if kind in ("money", "int", "rate", "decimal"):
            numbers = {Decimal(value) for value in values if isinstance(value, int | Decimal)}
            return self._ordered(kind, {*numbers, *(abs(a - b) for a in numbers for b in numbers), Decimal(1)})
        if kind in ("date", "instant"):
            spans = {value for value in values if isinstance(value, timedelta)} | {_DAY}
            return self._ordered(
                kind, {day + sign * span for day in self.days for span in spans for sign in (-1, 0, 1)}
            )
        if kind == "enum":
            return sorted(known.values or ())
        return ("FR", "US") if kind == "place" else () if kind in ("bool", "list") else ("one", "two")

    def lists(self, path: str, nodes: Iterable[Expr]) -> tuple[Any, ...]:
        """Lists of objects for the quantifiers that read them."""
        fields: dict[str, list[Any]] = {}
        for node in nodes:
            for each, fact in elements(node):
                if each.path == path:
                    values = [value for part in numbers_of(each) if (value := self.reader.constant(part)) is not None]
                    fields[fact.path] = self._element_values(path, fact.path, values)
        items = [
            {key: value for key, value in zip(fields, chosen, strict=True) if value is not ABSENT}
            for chosen in islice(product(*fields.values()), _FEW)
        ]
        more = [(item,) * size for item in items for size in range(1, _LONGEST + 1)]
        return ((), *more, *combinations(items[:4], 2), ABSENT)

    def _element_values(self, path: str, name: str, values: list[Any]) -> list[Any]:
        known = NAMED[path].item[name]
        kind = known.kind.partition(":")[0]
        if kind == "bool":
            return [True, False, ABSENT]
        if kind == "enum":
            return [*sorted(known.values or ()), ABSENT]
        if kind == "place":
            return ["FR", "US", ABSENT]
        fitting = {value for value in values if isinstance(value, Decimal | int)} if kind != "token" else set(values)
        return [*self._ordered(kind, fitting), ABSENT]


def _around(values: Iterable[Any], step: Decimal, dense: bool = False) -> list[Decimal]:
    """Each value with its neighbours, nought, and something beyond them all; never below nought. `dense`: and something between
    any two."""
    numbers = {Decimal(value) for value in values}
    near = {number + sign * step for number in numbers for sign in (-1, 0, 1)}
    found = sorted(
        number for number in {Decimal(0), step, *near, max(numbers, default=Decimal(0)) * 2 + 1} if number >= 0
    )
    return sorted({*found, *((low + high) / 2 for low, high in pairwise(found))}) if dense else found


def _days(values: Iterable[Any]) -> list[date]:
    return sorted({value + step * _DAY for value in values if isinstance(value, date) for step in (-1, 0, 1)})


def _lists(known: list[str], marks: Marks) -> list[tuple[Any, ...]]:
    """Lists of every size that is asked for, with and without the items that are asked for."""
    wanted = sorted(marks.values, key=str)
    others = [value for value in known if value not in marks.values] or [OTHER, "another_thing", "a_third_thing"]
    longest = max((int(size) for size in marks.sizes), default=0) + 1
    found: list[tuple[Any, ...]] = []
    for size in range(len(wanted) + 1):
        for chosen in combinations(wanted, size):
            found += [(*chosen, *others[:more]) for more in range(longest + 1)]
    return list(dict.fromkeys(found))


def places(marks: Marks, law: Law) -> list[str]:
    """One place of every kind that the constants and groups tell apart."""
    inside = {place for group in marks.groups for place in law.members.get(group, ())}
    special = sorted(marks.values | inside | {group for group in marks.groups if group in SUBDIVISIONS})
    found: dict[Any, str] = {}
    for code in [*special, *sorted(COUNTRIES)]:
        kind = (
            code if code in marks.values else None,
            *(is_within(code, group, law) for group in sorted(marks.groups)),
        )
        found.setdefault(kind, code)
    return list(found.values())
