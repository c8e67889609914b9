"""Rules of one domain at one place, asked of one payment: which hold, which cannot be told, and what is said of each.

What is found holds for every payment of one shape with the same statuses, so that it names no value of any payment.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from engine.facts import Facts, Shape
from engine.language.compile import Evaluate
from engine.language.law import Moment
from engine.language.specialise import KEPT
from engine.language.tree import Each, Expr, Fact, walk
from engine.language.why import Explainer, Explanation
from engine.packs.compile import Active, Compiled, Held
from engine.packs.model import Confidence, weakest

REMEMBERED: Final = 4096
"""Verdicts kept for a shape of payment, and for all shapes without code of their own: more than traffic shows, at 2 kB each."""

NOT_STATED: Final = ("law.", "rates.")
"""How facts begin that no caller states: numbers of the law that nobody read, and exchange rates."""

Statuses = tuple[bool | None, ...]


class Line:
    """A rule as the verdict uses it: its place among the statuses, its effect, and what is always said of it."""

    __slots__ = ("active", "available", "effect", "grade", "id", "index", "name", "paths", "static")

    def __init__(self, index: int, active: Active, regime: Held | None):
        self.index, self.active, self.effect = index, active, active.rule.effect
        self.id, self.name = active.rule.id, active.rule.effect.name
        self.static: dict[str, dict[str, Any]] = {}
        """What a finding always says of this rule, by language."""
        self.paths = _few_valued(active.condition)
        self.available = {
            "name": self.name, "by": list(self.effect.by), "liability": self.effect.liability or "/".join(self.effect.by)
        }  # fmt: skip
        self.grade = weaker(active.rule.confidence, regime)


_FEW: Final = frozenset({"enum", "bool", "place"})


def _few_valued(condition: Expr) -> tuple[str, ...] | None:
    """The facts whose values a condition reads, where all are of few values: words of a closed set, flags, places, and lists of
    such. What it asks of other rules and of the presence of facts, statuses and shape tell."""
    read = [node for node in walk(condition) if isinstance(node, Fact | Each)]
    if any(not isinstance(fact, Fact) or (fact.type.item or fact.type).kind not in _FEW for fact in read):
        return None
    return tuple(sorted({fact.path for fact in read}))


class Spoken:
    """What is said of each rule of a compiled domain: of any payment, or of those of one shape. Made on first need."""

    __slots__ = ("_explainer", "_said", "brief", "kept", "ruled", "run")

    def __init__(self, explainer: Explainer, run: Evaluate, brief: Evaluate):
        self._explainer = explainer
        self._said: dict[tuple[str, int], Explanation] = {}
        self.run = run
        """The statuses of the rules."""
        self.brief = brief
        """Of them, those that tell payments of the shape apart."""
        self.kept: dict[Hashable, Any] = {}
        """What was made of them, by all that decides it."""
        self.ruled: dict[Statuses, Ruled] = {}
        """The same of domains without an order of questions, where the rules have code for the shape."""

    def of(self, polarity: str, line: Line) -> Explanation:
        """How to explain one rule that held, failed, or is wanting facts."""
        said = self._said.get((polarity, line.index))
        if said is None:
            said = self._said[polarity, line.index] = self._explainer.of(polarity, line.id)
        return said


def spoken_of(compiled: Compiled, shape: Shape | None) -> Spoken:
    """What is said of payments of this shape where the rules themselves have code for it, else what is said of any."""
    known: dict[Shape | None, Spoken] = compiled.spoken
    found = known.get(shape)
    if found is None:
        found = known.get(None)
        if found is None:
            found = known[None] = Spoken(compiled.explainer, compiled.evaluate, compiled.evaluate)
        run = compiled.executor.made.get(shape) if shape is not None else None
        if run is None or shape is None:
            return found
        if len(known) > KEPT:
            for old in [one for one in known if one is not None]:
                known.pop(old, None)
        found = known[shape] = Spoken(compiled.explainer.of_shape(shape), run, compiled.executor.brief(shape))
    return found


def weaker(confidence: Confidence, regime: Held | None) -> str:
    """The weaker of a rule's confidence and its regime's own."""
    held = None if regime is None else regime.value.confidence or regime.parameter.confidence
    return weakest((confidence, held)) or confidence.value


# -- domains without an order of questions -----------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Ruled:
    """The rules of one place's law that hold for payments of one shape with these statuses, and those that cannot be told."""

    compiled: Compiled
    spoken: Spoken
    fired: tuple[Line, ...]
    open: tuple[Line, ...]
    fixed: Mapping[str, Any]
    """The facts that all these payments state in the same words, and the words."""
    derived: dict[Hashable, Any] = field(default_factory=dict)
    """What a domain makes of these rules once and keeps, such as the answer in one language with its blanks."""

    def of(self, kind: str) -> tuple[Line, ...]:
        """The rules of one kind of effect that fired, by id."""
        return tuple(line for line in self.fired if line.effect.kind == kind)

    def flagged(self, name: str) -> bool | None:
        """Whether a flag of the pack is raised; None where it cannot be told, False where the pack has no such flag."""
        if any(line.effect.kind == "flag" and line.name == name for line in self.fired):
            return True
        return None if any(line.effect.kind == "flag" and line.name == name for line in self.open) else False

    def missing(self, facts: Mapping[str, Any], moment: Moment) -> dict[str, list[str]]:
        """What the rules that cannot be told lack of this payment: the fact, and the rules that ask for it."""
        return wanting(self.spoken, self.open, facts, moment)


def ruled(compiled: Compiled, facts: Facts, moment: Moment) -> Ruled:
    """The rules of one place's law asked of one payment; remembered for the payments that they would be the same for."""
    try:
        spoken: Spoken = compiled.spoken[facts.shape]
    except KeyError:
        return _met(compiled, facts, moment)
    told_apart = spoken.brief(facts, moment)
    found = spoken.ruled.get(told_apart)
    if found is None:
        found = _ruled(compiled, spoken, spoken.run(facts, moment), facts.shape.fixed)
        if len(spoken.ruled) >= REMEMBERED:
            spoken.ruled.clear()
        spoken.ruled[told_apart] = found
    return found


def _met(compiled: Compiled, facts: Facts, moment: Moment) -> Ruled:
    """The same for a shape whose payments are not known yet to have code of their own."""
    statuses = compiled.evaluate(facts, moment)
    shape = facts.shape
    spoken = spoken_of(compiled, shape)
    key = shape, statuses
    found: Ruled | None = spoken.kept.get(key)
    if found is None:
        found = _ruled(compiled, spoken, statuses, shape.fixed)
        remember(spoken, key, found)
    return found


def _ruled(compiled: Compiled, spoken: Spoken, statuses: Statuses, fixed: Mapping[str, Any]) -> Ruled:
    lines = _lines(compiled)
    return Ruled(
        compiled,
        spoken,
        tuple(line for line in lines if statuses[line.index] is True),
        tuple(line for line in lines if statuses[line.index] is None),
        fixed,
    )


def wanting(spoken: Spoken, lines: Iterable[Line], facts: Mapping[str, Any], moment: Moment) -> dict[str, list[str]]:
    """What undecided rules lack, by fact. What asks for all that another asks for, and more, is asked when that is known; a
    number of the law or an exchange rate is named only where a rule hangs on nothing else. May be shared: not to be changed."""
    lines = tuple(lines)
    key = ("wanting", *[line.index for line in lines])
    known: dict[str, list[str]] | None = spoken.kept.get(key)
    if known is not None:
        return known
    lacking = [(line, frozenset(lacks(spoken, line, facts, moment))) for line in lines]
    found: dict[str, list[str]] = {}
    for line, names in lacking:
        if any(fewer < names for _, fewer in lacking):
            continue
        stated = [name for name in sorted(names) if not name.startswith(NOT_STATED)]
        for name in stated or sorted(names):
            found.setdefault(name, []).append(line.id)
    if all(spoken.of("wanting", line).always is not None for line in lines):
        remember(spoken, key, found)
    return found


def remember(spoken: Spoken, key: Hashable, made: Any) -> None:
    """Keep what was made of rules, and not more than so much of it."""
    if len(spoken.kept) >= REMEMBERED:
        spoken.kept.clear()
    spoken.kept[key] = made


def lacks(spoken: Spoken, line: Line, facts: Mapping[str, Any], moment: Moment) -> Iterable[str]:
    """What one undecided rule lacks of a payment."""
    said = spoken.of("wanting", line)
    return said.always if said.always is not None else said.tell(facts, moment)


def _lines(compiled: Compiled) -> tuple[Line, ...]:
    found: tuple[Line, ...] | None = compiled.derived.get("lines")
    if found is None:
        made = (Line(at, active, None) for at, active in enumerate(compiled.rules))
        found = compiled.derived["lines"] = tuple(sorted(made, key=lambda line: line.id))
    return found
