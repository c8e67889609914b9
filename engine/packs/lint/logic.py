"""Logic of one rule: conditions that are never or always true, parts that are idle, branches that are never taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from engine.language.interpret import Seen
from engine.language.render import source
from engine.language.tree import And, Each, Expr, If, Let, Not, Or, Param, RuleRef, children, walk
from engine.language.types import BOOL
from engine.packs.lint.atoms import FALSE, TRUE, UNKNOWN, has_facts, mask
from engine.packs.lint.questions import Setting, ask, settings
from engine.packs.lint.solve import Answer, Goal
from engine.packs.lint.view import View
from engine.packs.model import Domain, LetDef, Pack, Rule
from engine.packs.problems import Spot

MEANT: Final = (Let, RuleRef, Param)
"""Not looked into: lets are checked by themselves, settings are chosen."""
OUTCOMES: Final = ((TRUE, "condition-never", "true"), (FALSE, "condition-always", "false"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A condition or a let, and the periods in which it must make sense."""

    owner: Rule | LetDef
    body: Expr
    settings: list[Setting]

    @property
    def name(self) -> str:
        """What a finding calls the rule or the let."""
        return self.owner.id if isinstance(self.owner, Rule) else f"the let {self.owner.name}"

    @property
    def said(self) -> str:
        """What a finding calls the expression."""
        return f"the condition of {self.name}" if isinstance(self.owner, Rule) else self.name

    def spot(self, node: Expr) -> Spot:
        """Where a part stands in the file."""
        return self.owner.text.locate(node.at - 1)

    def refuse(self, view: View, code: str, node: Expr, message: str) -> None:
        """Report a fault of logic."""
        view.flawed.add(self.owner.spot)
        view.report(code, self.spot(node), message)


def units(view: View, pack: Pack, part: Domain) -> tuple[Unit, ...]:
    """The lets of a domain that its rules use, and its rules."""
    key = (pack.jurisdiction, part.name)
    if key not in view.kept:
        view.kept[key] = tuple(_units(view, pack, part))
    found: tuple[Unit, ...] = view.kept[key]
    return found


def _units(view: View, pack: Pack, part: Domain) -> Iterator[Unit]:
    for let in part.lets.values():
        users = [rule for rule in part.rules if any(_is_let(node, let.name) for node in walk(rule.when))]
        if users:
            yield Unit(let, let.body, settings(view, pack, part, [let.body], users))
    for rule in part.rules:
        yield Unit(rule, rule.when, settings(view, pack, part, [rule.when], [rule]))


def _is_let(node: Expr, name: str) -> bool:
    return isinstance(node, Let) and node.name == name


def conditions(view: View) -> None:
    """Every rule and every let of every pack."""
    for pack, part in view.domains():
        for unit in units(view, pack, part):
            if isinstance(unit.owner, Rule):
                _rule(view, unit)
            else:
                _parts(view, unit)


def _rule(view: View, unit: Unit) -> None:
    if not has_facts(unit.body):
        return
    for outcome, code, said in OUTCOMES:
        found = ask(unit.settings, [(unit.body, outcome)])
        if found is Answer.NONE:
            unit.refuse(view, code, unit.body, f"{_capital(unit.said)} is {said} of no payment.")
            return
        if found is Answer.UNDECIDED and unit.settings:
            message = f"Whether {unit.said} is {said} of any payment could not be decided."
            unit.refuse(view, "condition-undecided", unit.body, message)
            return
    _parts(view, unit)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


# -- parts -------------------------------------------------------------------------------------------------------------------


def _parts(view: View, unit: Unit) -> None:
    evidence = Evidence(unit)
    constant = _constant(view, unit, evidence)
    for node in inside(unit.body):
        if isinstance(node, And | Or) and not any(id(part) in constant for part in inside(node)):
            _implied(view, unit, node, evidence)
    for node, guards in _branches(unit.body, ()):
        if id(node.test) not in constant and has_facts(node.test):
            _branch(view, unit, node, guards)


def inside(node: Expr) -> Iterator[Expr]:
    """A node and the parts below it that are this author's own words, innermost last."""
    yield node
    if isinstance(node, (Each, *MEANT)):
        return
    for child in children(node):
        yield from inside(child)


class Evidence:
    """What the embedded tests already show of the parts of a unit: most need no search."""

    def __init__(self, unit: Unit):
        self.outcomes: dict[int, int] = {}
        self.matters: set[tuple[int, int]] = set()
        for setting in unit.settings:
            for seen in setting.seen(unit.body):
                self._collect(seen)

    def _collect(self, seen: Seen) -> None:
        if seen.node.type.kind == "bool":
            self.outcomes[id(seen.node)] = self.outcomes.get(id(seen.node), 0) | mask(seen.value)
        if isinstance(seen.node, And | Or):
            values = [item.value for item in seen.below]
            for at, value in enumerate(values):
                if _differs(isinstance(seen.node, And), values[:at] + values[at + 1 :], value):
                    self.matters.add((id(seen.node), at))
        if not isinstance(seen.node, Each):
            for below in seen.below:
                self._collect(below)


def _differs(conjunctive: bool, rest: list[bool | None], item: bool | None) -> bool:
    """Whether a junction would come out otherwise without the item."""
    decisive = not conjunctive
    if decisive in rest:
        return False
    return item is decisive or (item is None and None not in rest)


def _constant(view: View, unit: Unit, evidence: Evidence) -> set[int]:
    """Report the innermost parts that are never or always true; the ids of them and of what contains them."""
    found: set[int] = set()
    for node in reversed(list(inside(unit.body))):
        if (
            node.type.kind != "bool"
            or isinstance(node, (*MEANT, Not))
            or not has_facts(node)
            or (node is unit.body and isinstance(unit.owner, Rule))
        ):
            continue
        if any(id(part) in found for part in inside(node)):
            continue
        for outcome, code, said in ((TRUE, "part-never", "is never true"), (FALSE, "part-always", "is never false")):
            shown = evidence.outcomes.get(id(node), 0) & outcome
            if shown or not _impossible(view, unit, node, [[(node, outcome)]]):
                continue
            found.add(id(node))
            unit.refuse(view, code, node, f"In {unit.said}, `{source(node)}` {said}.")
            break
    return found


def _impossible(view: View, unit: Unit, node: Expr, goals: list[list[Goal]]) -> bool:
    """Whether it is proved for every period that no payment reaches any of the goals; what is not decided is reported."""
    answers = [ask(unit.settings, goal, loose=True) for goal in goals]
    if Answer.UNDECIDED in answers and unit.settings and all(isinstance(answer, Answer) for answer in answers):
        message = f"Whether `{source(node)}` matters in {unit.said} could not be decided."
        unit.refuse(view, "condition-undecided", node, message)
    return all(answer is Answer.NONE for answer in answers)


def _implied(view: View, unit: Unit, node: And | Or, evidence: Evidence) -> None:
    """Report the items that never make a difference, the last first."""
    kept = list(node.items)
    conjunctive = isinstance(node, And)
    sure, other = (TRUE, FALSE) if conjunctive else (FALSE, TRUE)
    for at in range(len(node.items) - 1, -1, -1):
        item = node.items[at]
        if (id(node), at) in evidence.matters or not has_facts(item) or len(kept) == 1:
            continue
        items = tuple(part for part in kept if part is not item)
        rest = items[0] if len(items) == 1 else type(node)(BOOL, node.at, items)
        goals: list[list[Goal]] = [[(rest, sure), (item, other | UNKNOWN)], [(rest, UNKNOWN), (item, other)]]
        if _impossible(view, unit, item, goals):
            kept.remove(item)
            verb = "follows from the rest" if conjunctive else "adds nothing to the rest"
            unit.refuse(view, "part-implied", item, f"In {unit.said}, `{source(item)}` {verb}.")


def _branches(node: Expr, guards: tuple[Goal, ...]) -> Iterator[tuple[If, tuple[Goal, ...]]]:
    """Every `if`, with what the tests around it must have answered."""
    if isinstance(node, (Each, *MEANT)):
        return
    if isinstance(node, If):
        yield node, guards
        yield from _branches(node.test, guards)
        yield from _branches(node.then, (*guards, (node.test, TRUE)))
        yield from _branches(node.other, (*guards, (node.test, FALSE)))
        return
    for child in children(node):
        yield from _branches(child, guards)


def _branch(view: View, unit: Unit, node: If, guards: tuple[Goal, ...]) -> None:
    for outcome, branch in ((TRUE, node.then), (FALSE, node.other)):
        if _impossible(view, unit, branch, [[*guards, (node.test, outcome)]]):
            message = f"In {unit.said}, `{source(branch)}` is never reached."
            unit.refuse(view, "branch-unreachable", branch, message)


CHECKS: Final[tuple[Callable[[View], None], ...]] = (conditions,)
"""The checks of this module, in their order."""
