"""What is found of one payment by domains that gather: what to ask for, what is missing, which limits are exceeded, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from engine.asked import Asked, Part, applied
from engine.facts import Facts
from engine.language.law import Gap, Moment
from engine.packs import model
from engine.packs.compile import Compiled
from engine.packs.model import ParameterRef, weakest
from engine.regimes.forms import Listed, filled
from engine.regimes.ruling import Line, Ruled, wanting
from engine.regimes.wording import Findings

_KEPT: Final = 1000


class Spoke(NamedTuple):
    """The law of one place, asked of one payment."""

    place: str
    compiled: Compiled
    moment: Moment
    ruled: Ruled


class Found:
    """What is gathered of one payment: each finder adds to it, and none takes away."""

    __slots__ = (
        "asked", "collect", "domain", "facts", "fired", "grades", "level", "limits", "missing", "obligations", "past", "refused",
        "unsettled",
    )  # fmt: skip

    def __init__(self, asked: Asked, facts: Facts, domain: str):
        self.asked, self.facts, self.domain = asked, facts, domain
        """The facts as the rules of the domain see them."""
        self.level = "none"
        self.collect: dict[str, str] = {}
        self.limits: list[dict[str, Any]] = []
        self.refused = False
        self.unsettled = False
        self.missing: dict[str, list[str]] = {}
        self.obligations: list[dict[str, Any]] = []
        self.fired: list[tuple[Spoke, Line]] = []
        self.grades: set[str] = set()
        self.past: list[dict[str, Any]] = []
        """What history answered, kept so that the decision can be repeated."""

    def tell(self, spoke: Spoke, line: Line) -> None:
        """Name a rule among the findings; the verdict rests on it."""
        self.fired.append((spoke, line))
        self.grades.add(line.grade)

    def rests_on(self, part: Part) -> None:
        """Let the confidence of what another domain said count for the verdict."""
        if part.said["confidence"] is not None:
            self.grades.add(part.said["confidence"])

    def want(self, field: str, why: str) -> None:
        """Ask the customer for a field; the first reason stands."""
        self.collect.setdefault(field, why)

    def lack(self, fields: Iterable[str], rule: str) -> None:
        """A fact without which the answer could still be stricter."""
        self.unsettled = True
        for field in fields:
            rules = self.missing.setdefault(field, [])
            if rule not in rules:
                rules.append(rule)

    def lacking(self, spoke: Spoke, lines: Iterable[Line]) -> None:
        """The fewest facts that would settle rules which cannot be told."""
        for field, rules in wanting(spoke.ruled.spoken, tuple(lines), self.facts, spoke.moment).items():
            for rule in rules:
                self.lack((field,), rule)

    @property
    def verdict(self) -> str:
        """What has been asked for is asked for at once, also where more could be asked for later."""
        if self.refused:
            return "refuse"
        if self.collect:
            return "collect"
        return "undecided" if self.unsettled else "met"

    def findings(self) -> Iterator[dict[str, Any]]:
        """Why, with the values that were compared."""
        for spoke, listed in self.listed():
            yield from filled((*listed.few, *listed.many), listed.entries, self.facts, (spoke.moment,))

    def listed(self) -> Iterator[tuple[Spoke, Listed]]:
        """Each rule that was told of, as its finding with blanks for the values that were compared."""
        for spoke, line in self.fired:
            key = (self.domain, self.asked.words.locale, line.index)
            listed: Listed | None = spoke.ruled.derived.get(key)
            if listed is None:
                finding = Findings(self.asked.words)
                finding.all_of((line,), self.domain, spoke.ruled.spoken, 0)
                listed = spoke.ruled.derived[key] = Listed(finding.entries, finding.blanks)
            yield spoke, listed

    def lacked(self) -> list[dict[str, Any]]:
        """One entry a fact that is missing."""
        return [
            {"field": field, "asked_by": rules, "would_settle": [self.domain]}
            for field, rules in sorted(self.missing.items())
        ]

    @property
    def confidence(self) -> str | None:
        """The weakest that the verdict rests on; None where nothing was asked of anybody."""
        return weakest(self.grades)


def stated(facts: Mapping[str, Any], path: str) -> bool:
    """Whether a field of the Transaction, or anything of an object, is stated; of `facts` of a party one key by its name."""
    if path in facts:
        return bool(facts[path] not in ((), ""))
    parent, _, key = path.rpartition(".")
    if parent.endswith(".facts"):
        return key in (facts.get(parent) or {})
    inside = path + "."
    return any(other.startswith(inside) for other in facts)


def statable(facts: Mapping[str, Any], path: str) -> bool:
    """Whether payments that state the same facts might state this: False where none of them does, whatever the values are."""
    inside = path + "."
    return (
        path in facts or path.rpartition(".")[0].endswith(".facts") or any(other.startswith(inside) for other in facts)
    )


def detail(spoke: Spoke, line: Line, name: str) -> Any:
    """A detail of an effect, from its dated parameter where one gives it. None: there is none; a Gap: not read, or no limit."""
    found = line.effect.details.get(name)
    if isinstance(found, ParameterRef):
        return spoke.compiled.law.params.get(found.name)
    return found


def graded(found: Found, spoke: Spoke, line: Line, name: str) -> None:
    """Let the confidence of a detail's parameter count for the verdict."""
    ref = line.effect.details.get(name)
    held = spoke.compiled.params.get(ref.name) if isinstance(ref, ParameterRef) else None
    if held is not None:
        found.grades.add((held.value.confidence or held.parameter.confidence).value)


def parameter_of(line: Line, name: str) -> str:
    """The name of the parameter behind a detail."""
    ref = line.effect.details.get(name)
    return ref.name if isinstance(ref, ParameterRef) else name


def known(value: Any) -> bool:
    """Whether there is a value to compute with."""
    return value is not None and not isinstance(value, Gap)


def on_unknown(asked: Asked, spokes: Sequence[Spoke], domain: str) -> list[str]:
    """What a missing fact leads to, as the nearest pack of each law says; everywhere's word where no place is known."""
    if not spokes:
        return [model.on_unknown((asked.packs.packs["WORLD"],), domain) or "collect"]
    found = []
    for spoke in spokes:
        derived = spoke.compiled.derived
        word: str | None = derived.get("on_unknown")
        if word is None:
            word = derived["on_unknown"] = model.on_unknown(spoke.compiled.chain, domain) or "collect"
        found.append(word)
    return found


def all_applied(asked: Asked, spokes: Sequence[Spoke]) -> list[dict[str, Any]]:
    """Exactly which packs were applied, each once."""
    if not spokes:
        return []
    first = spokes[0]
    if len(spokes) == 1:
        return applied(asked.packs, first.compiled, first.moment.day)
    known: dict[Any, list[dict[str, Any]]] | None = first.compiled.derived.get("applied_with")
    if known is None:
        known = first.compiled.derived["applied_with"] = {}
    key: Any
    if len(spokes) == 2:
        second = spokes[1]
        key = first.moment.day, id(second.compiled), second.moment.day
    else:
        key = tuple([(id(spoke.compiled), spoke.moment.day) for spoke in spokes])
    together = known.get(key)
    if together is None:
        if len(known) > _KEPT:
            known.clear()
        found = {
            entry["jurisdiction"]: entry
            for spoke in reversed(spokes)
            for entry in applied(asked.packs, spoke.compiled, spoke.moment.day)
        }
        together = known[key] = [found[code] for code in sorted(found)]
    return together
