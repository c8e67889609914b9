"""Whether some payment makes conditions come out as wanted: a witness, a proof that there is none, or an honest "not decided".

Facts are cut into the ranges that comparisons can tell apart (`cells`), and the search walks through them, cutting off every
branch in which a wanted outcome has become impossible. What that leaves is tried on the interpreter, so a witness is a real
payment. Comparisons of several facts are first taken as free; numbers for them are looked for only at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import islice, product
from typing import Any, Final

from engine.catalogue import NAMED, SILENT
from engine.language.interpret import Interpreter
from engine.language.law import Convert, Law, Moment
from engine.language.scope import LOCAL_HOUR, PAYMENT_DATE
from engine.language.tree import And, Const, Expr, If, IsKnown, Let, Not, Or
from engine.money import Money
from engine.packs.lint.atoms import ANY, FALSE, TRUE, UNKNOWN, Atom, Reader, leaves, mask
from engine.packs.lint.cells import ABSENT, ALWAYS, NONE, Cells

STEPS: Final = 3000
"""Branches looked at for one question."""
TRIALS: Final = 3000
"""Payments tried for comparisons of several facts."""
NOON: Final = 12

Goal = tuple[Expr, int]
"""A condition and the outcomes wanted of it."""
Facts = Mapping[str, Any]
_Space = dict[str, tuple[Any, ...]]


class Answer(Enum):
    """What there is to say without a witness."""

    NONE = "none"
    """No payment does it: proved."""
    UNDECIDED = "undecided"
    """The work was capped, or comparisons of several facts stood in the way."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A payment that does it, and when."""

    facts: Facts
    day: date
    hour: int


class _Exhausted(Exception):
    """The cap on the work was reached."""


def same_amount(money: Money, _unit: str) -> Any:
    """The convert of a search: one for one, for no rate could make a comparison of one amount impossible."""
    return money.amount


class Question:
    """The payments that some conditions can tell apart under one period of law."""

    def __init__(
        self,
        conditions: Iterable[Expr],
        law: Law,
        days: tuple[date, date],
        currency: str,
        *,
        convert: Convert = same_amount,
        dense: frozenset[str] = NONE,
    ):
        self.law, self.days, self.currency, self._convert = law, days, currency, convert
        self.reader = Reader(law, self._moment(days[1], NOON), currency)
        self._atoms: dict[int, tuple[tuple[Any, Atom], ...]] = {}
        self._known: dict[int, tuple[str, ...]] = {}
        self._kept = list(conditions)
        atoms = [one for node in self._kept for one in self._gather(node)]
        self.cells = Cells(atoms, self.reader, days, dense)
        self.mixed = sorted({path for one in atoms if one.path is None for path in one.facts})
        self._mixed_nodes = [one.node for one in atoms if one.path is None]
        self._plain: _Space = {one.path: self.cells.of(one.path) for one in atoms if one.path is not None}
        self._presence()

    def _gather(self, node: Expr) -> list[Atom]:
        """The atoms below a condition, tests of operands included."""
        found: list[Atom] = []
        for leaf in leaves(node):
            if isinstance(leaf, IsKnown):
                self._known[id(leaf)] = leaf.paths
                continue
            if isinstance(leaf, Const) or id(leaf) in self._atoms:
                continue
            self._atoms[id(leaf)] = self.reader.split(leaf)
            for guards, one in self._atoms[id(leaf)]:
                found += [one] if one.facts else []
                found += [inner for test, _ in guards for inner in self._gather(test)]
        return found

    def _presence(self) -> None:
        """`is_known` asks of an object whether any of its facts is there: one besides those compared is enough."""
        for paths in self._known.values():
            if not any(path in self._plain or path in self.mixed for path in paths):
                gone = () if paths[0] in ALWAYS else (ABSENT,)
                self._plain[paths[0]] = (*self.cells.of(paths[0])[:1], *gone)

    def _moment(self, day: date, hour: int) -> Moment:
        return Moment(day, hour, self._convert)

    @property
    def space(self) -> _Space:
        """Every value of every fact that single comparisons tell apart."""
        return dict(self._plain)

    # -- asking --

    def find(self, goals: Sequence[Goal], seeds: Iterable[Facts] = ()) -> Witness | Answer:
        """A payment under which every condition has one of its wanted outcomes. Seeds are payments to try first."""
        seeded = self.among(goals, seeds)
        if seeded is not None:
            return seeded
        self._goals, self._steps, self._trials, self._doubt = goals, STEPS, TRIALS, False
        try:
            found = self._search(self.space)
        except _Exhausted:
            return Answer.UNDECIDED
        return found or (Answer.UNDECIDED if self._doubt else Answer.NONE)

    def among(self, goals: Sequence[Goal], seeds: Iterable[Facts]) -> Witness | None:
        """The first of some payments under which every condition has one of its wanted outcomes."""
        held = (seed for seed in seeds if self._holds(goals, seed, self.days[1], NOON))
        return next((Witness(seed, self.days[1], NOON) for seed in held), None)

    def _holds(self, goals: Sequence[Goal], facts: Facts, day: date, hour: int) -> bool:
        interpreter = Interpreter({"currency": self.currency, **facts}, self.law, self._moment(day, hour), {})
        return all(mask(interpreter.see(node).value) & wanted for node, wanted in goals)

    def _search(self, space: _Space) -> Witness | None:
        self._steps -= 1
        if self._steps < 0:
            raise _Exhausted
        open_goal = None
        for node, wanted in self._goals:
            outcomes = self.possible(node, space)
            if not outcomes & wanted:
                return None
            if outcomes & ~wanted and open_goal is None:
                open_goal = node
        name = self._undecided(open_goal, space) if open_goal is not None else None
        if name is None:
            return self._try(space)
        for value in space[name]:
            found = self._search({**space, name: (value,)})
            if found is not None:
                return found
        return None

    # -- outcomes that are possible --

    def possible(self, node: Expr, space: _Space) -> int:
        """Every outcome the node may have in a space, and perhaps more."""
        match node:
            case And(items=items):
                return _conjunction([self.possible(item, space) for item in items])
            case Or(items=items):
                return _swapped(_conjunction([_swapped(self.possible(item, space)) for item in items]))
            case Not(body=body):
                return _swapped(self.possible(body, space))
            case Let(body=body):
                return self.possible(body, space)
            case If(test=test, then=then, other=other):
                return self._chosen(test, self.possible(then, space), self.possible(other, space), space)
            case Const(value=value):
                return mask(value)
            case IsKnown():
                return self._stated(node, space)
        outcomes = 0
        for guards, one in self._atoms.get(id(node), ()):
            outcomes |= self._guarded(guards, self._outcomes(one, space), space)
        return outcomes or ANY

    def _chosen(self, test: Expr, then: int, other: int, space: _Space) -> int:
        tested = self.possible(test, space)
        outcomes = (then if tested & TRUE else 0) | (other if tested & FALSE else 0)
        return outcomes | (UNKNOWN | (then & other) if tested & UNKNOWN else 0)

    def _guarded(self, guards: Any, outcomes: int, space: _Space) -> int:
        for test, answer in guards:
            tested = self.possible(test, space)
            if not tested & ((TRUE if answer else FALSE) | UNKNOWN):
                return 0
            outcomes |= UNKNOWN if tested & UNKNOWN else 0
        return outcomes

    def _stated(self, node: IsKnown, space: _Space) -> int:
        there = gone = False
        for path in node.paths:
            values = space.get(path, self.cells.of(path) if path in self.mixed else (ABSENT,))
            if ABSENT not in values:
                return TRUE
            there, gone = there or len(values) > 1, gone or ABSENT in values
        return (TRUE if there else 0) | (FALSE if gone else 0)

    def _outcomes(self, one: Atom, space: _Space) -> int:
        if not one.facts:
            return mask(self.reader.constant(one.node))
        if one.path is None:
            return self._free(one, space)
        outcomes = 0
        for value in space[one.path]:
            if value not in one.values:
                one.values[value] = self._one(one, value)
            outcomes |= one.values[value]
        return outcomes

    def _free(self, one: Atom, space: _Space) -> int:
        if one.key in space:
            return sum(space[one.key])
        ranges = [space.get(path, self.cells.of(path)) for path in one.facts]
        if any(values == (ABSENT,) for values in ranges) and not one.facts & SILENT.keys():
            return UNKNOWN
        return ANY if any(ABSENT in values for values in ranges) else TRUE | FALSE

    def _one(self, one: Atom, value: Any) -> int:
        facts: dict[str, Any] = {"currency": self.currency}
        day, hour = self.days[1], NOON
        if one.path == PAYMENT_DATE:
            day = value
        elif one.path == LOCAL_HOUR:
            hour = value
        elif value is not ABSENT and one.path is not None:
            facts[one.path] = value
        return mask(Interpreter(facts, self.law, self._moment(day, hour), {}).see(one.node).value)

    # -- what to decide next --

    def _undecided(self, node: Expr, space: _Space) -> str | None:
        """A fact, or a comparison of several facts, that still keeps the node open."""
        if self.possible(node, space) in (TRUE, FALSE, UNKNOWN):
            return None
        match node:
            case And(items=items) | Or(items=items):
                return self._first(items, space)
            case Not(body=body) | Let(body=body):
                return self._undecided(body, space)
            case If(test=test, then=then, other=other):
                return self._first((test, then, other), space)
            case IsKnown(paths=paths):
                return next((path for path in paths if len(space.get(path, ())) > 1), None)
        for guards, one in self._atoms.get(id(node), ()):
            found = self._first(tuple(test for test, _ in guards), space) or self._variable(one, space)
            if found:
                return found
        return None

    def _first(self, nodes: tuple[Expr, ...], space: _Space) -> str | None:
        return next((found for node in nodes if (found := self._undecided(node, space))), None)

    def _variable(self, one: Atom, space: _Space) -> str | None:
        if one.path is not None:
            return one.path if len(space[one.path]) > 1 else None
        if not one.facts or one.key in space:
            return None
        outcomes = self._free(one, space)
        space[one.key] = tuple(outcome for outcome in (TRUE, FALSE, UNKNOWN) if outcomes & outcome)
        return one.key

    # -- real payments --

    def _try(self, space: _Space) -> Witness | None:
        """Payments within a space, on the interpreter."""
        fixed = {path: values[0] for path, values in space.items() if path in self._plain}
        if not self.mixed:
            return self._payment(fixed)
        ranges = [self._range(path, space) for path in self.mixed]
        for values in islice(product(*ranges), 400):
            self._trials -= 1
            if self._trials < 0:
                raise _Exhausted
            found = self._payment({**fixed, **dict(zip(self.mixed, values, strict=True))})
            if found is not None:
                return found
        self._doubt = True
        return None

    def _range(self, path: str, space: _Space) -> tuple[Any, ...]:
        if path in NAMED and NAMED[path].kind == "list:object":
            return self.cells.lists(path, self._mixed_nodes)
        values = self.cells.wide(path)
        kept = space.get(path)
        return kept if kept is not None and len(kept) == 1 and path not in self._numeric() else values

    def _numeric(self) -> frozenset[str]:
        kinds = ("money", "int", "rate", "decimal", "date", "instant")
        past = self.cells.past
        return frozenset(path for path in self.mixed if path in past or (path in NAMED and NAMED[path].kind in kinds))

    def _payment(self, chosen: Mapping[str, Any]) -> Witness | None:
        facts = {path: value for path, value in chosen.items() if value is not ABSENT}
        day, hour = facts.pop(PAYMENT_DATE, self.days[1]), facts.pop(LOCAL_HOUR, NOON)
        if self._holds(self._goals, facts, day, hour):
            return Witness(facts, day, hour)
        if not self.mixed:
            self._doubt = True
        return None


def _conjunction(outcomes: list[int]) -> int:
    """Kleene's `and` on sets of outcomes."""
    found = 0
    if all(item & TRUE for item in outcomes):
        found |= TRUE
    if any(item & FALSE for item in outcomes):
        found |= FALSE
    if all(item & (TRUE | UNKNOWN) for item in outcomes) and any(item & UNKNOWN for item in outcomes):
        found |= UNKNOWN
    return found


def _swapped(outcomes: int) -> int:
    return (outcomes & UNKNOWN) | (FALSE if outcomes & TRUE else 0) | (TRUE if outcomes & FALSE else 0)


def days_of(start: date, end: date | None) -> tuple[date, date]:
    """First and last day to try in a period; an open start or end is cut to the life of present law."""
    last = end - timedelta(days=1) if end else max(start, date(2030, 12, 31))
    return max(start, min(last, date(2000, 1, 1))), last
