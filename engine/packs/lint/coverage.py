"""Tests: every rule shown to fire, to be silent and to be unknown; every condition both ways; every date on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from engine.catalogue import SILENT
from engine.language.render import source
from engine.language.tree import And, Expr, If, IsKnown, Let, Not, Or, RuleRef, facts_used, params_used
from engine.packs.lint.atoms import FALSE, TRUE, UNKNOWN, has_facts, mask
from engine.packs.lint.cells import ALWAYS
from engine.packs.lint.examples import Example, examples, parts_seen
from engine.packs.lint.limits import thresholds
from engine.packs.lint.logic import Unit, inside, units
from engine.packs.lint.questions import Setting, meetings
from engine.packs.lint.render import given
from engine.packs.lint.solve import Witness
from engine.packs.lint.view import View
from engine.packs.model import UNREAD_START, Domain, Pack, Rule
from engine.packs.problems import Spot
from engine.packs.testing import run_rule_tests

UNSOUND: Final = frozenset(
    {
        "duplicate-id", "extends-beyond", "name-taken", "overlay-type", "time-empty", "time-order", "time-parameter-gap",
        "unless-circle", "unless-self",
    }
)  # fmt: skip
"""Findings after which tests of a pack would only say the same again, or cannot be run."""
_DAY: Final = timedelta(days=1)
_SHOWN: Final = (
    (TRUE, "test-fires", "fires", "fire"),
    (FALSE, "test-silent", "silent", "be silent while it is in force"),
    (UNKNOWN, "test-unknown", "unknown", "be unknown"),
)
_WORDS: Final = {TRUE: "true", FALSE: "false"}


def embedded(view: View) -> None:
    """Everything that is asked of the tests of a pack."""
    unsound = {problem.spot.file.partition("/")[0] for problem in view.found if problem.code in UNSOUND}
    for pack, part in view.domains():
        if unsound & set(view.chain(pack)):
            continue
        found = examples(view, pack, part)
        for rule in part.rules:
            own = [example for example in found if example.rule is rule]
            _outcomes(view, pack, part, rule, own)
            _dates(view, pack, part, rule, own)
        _conditions(view, pack, part, found)
        thresholds(view, pack, part, found)
    runnable = [pack.jurisdiction for pack in view.reviewed() if not unsound & set(view.chain(pack))]
    for result in run_rule_tests(view.release, runnable) if runnable else ():
        if not result.passed:
            view.report("test-fails", result.spot, f"The test {result.name!r} of {result.rule} found {result.found}.")


# -- outcomes ------------------------------------------------------------------------------------------------------------------


def _outcomes(view: View, pack: Pack, part: Domain, rule: Rule, own: list[Example]) -> None:
    """What the law of some period lets happen must be shown: an amount that nobody has read keeps a rule from firing."""
    shown = {example.outcome for example in own}
    for outcome, code, word, said in _SHOWN:
        if word not in shown and (witness := _can(view, pack, part, rule, outcome)):
            message = f"{rule.id} can {said} and no test shows it."
            view.report(code, _tests(view, rule), message, f"Add one, such as given: {given(witness.facts)}.")


def _can(view: View, pack: Pack, part: Domain, rule: Rule, outcome: int) -> Witness | None:
    for setting in meetings(view, pack, part, [rule]):
        found = setting.really([(setting.conditions[0], outcome)])
        if isinstance(found, Witness):
            return found
    return None


def _tests(view: View, rule: Rule) -> Spot:
    return view.at(rule.spot, "tests") if rule.tests else rule.spot


# -- dates ---------------------------------------------------------------------------------------------------------------------


def _dates(view: View, pack: Pack, part: Domain, rule: Rule, own: list[Example]) -> None:
    """Begin, end and every change of a number, from both sides."""
    days = {example.day for example in own}
    bounds = [(rule.start, f"{rule.id} begins")] if rule.start != UNREAD_START else []
    bounds += [(rule.end, f"{rule.id} ends")] if rule.end else []
    bounds += list(_changes(view, pack, part, rule))
    for day, said in bounds:
        lacking = [one for one in (day - _DAY, day) if one not in days]
        if lacking:
            message = f"{said} on {day} and no test runs on {' or on '.join(map(str, lacking))}."
            view.report("test-date", _tests(view, rule), message)


def _changes(view: View, pack: Pack, part: Domain, rule: Rule) -> Iterator[tuple[date, str]]:
    chain = view.chain(pack)
    for name in sorted(params_used(rule.when)):
        before = None
        for period in view.lives(rule, chain, part.name):
            value = view.law(view.chain(pack, period.start), part.name, period.start).params.get(name)
            if before is not None and value is not None and value != before[0]:
                yield period.start, f"{name} changes"
            before = (value,)


# -- conditions ------------------------------------------------------------------------------------------------------------------


def _conditions(view: View, pack: Pack, part: Domain, found: list[Example]) -> None:
    """Conditions of a rule over its own tests; conditions inside a let over every test that reaches the let."""
    shown: dict[int, int] = {}
    named: dict[tuple[str, str], int] = {}
    for example in found:
        for seen in parts_seen(example.seen) if example.seen else ():
            if seen.node.type.kind == "bool":
                shown[id(seen.node)] = shown.get(id(seen.node), 0) | mask(seen.value)
            if isinstance(seen.node, Let | RuleRef):
                key = (example.rule.id, source(seen.node))
                named[key] = named.get(key, 0) | mask(seen.value)
    for unit in units(view, pack, part):
        if unit.owner.spot in view.flawed:
            continue
        for node in _asked(unit.body):
            if not isinstance(node, Let):
                _covered(view, unit, node, shown.get(id(node), 0))
            elif isinstance(unit.owner, Rule):
                _covered(view, unit, node, named.get((unit.owner.id, node.name), 0))
        if isinstance(unit.owner, Rule):
            _excepted(view, unit.owner, named)


def _excepted(view: View, rule: Rule, named: dict[tuple[str, str], int]) -> None:
    """An exception is shown to except at least once."""
    for at, name in enumerate(rule.unless):
        if not named.get((rule.id, name), 0) & TRUE and rule.tests:
            message = f"No test of {rule.id} shows the exception {name}."
            view.report("test-condition", view.at(rule.spot, "unless", at), message)


def _asked(body: Expr) -> Iterable[Expr]:
    """The conditions of an expression that a test can show: its comparisons, flags and lets."""
    for node in inside(body):
        connective = isinstance(node, And | Or | Not | If)
        if node.type.kind == "bool" and not connective and has_facts(node):
            yield node


def _covered(view: View, unit: Unit, node: Expr, outcome: int) -> None:
    for wanted, word in _WORDS.items():
        if not outcome & wanted and (witness := _reachable(unit.settings, node, wanted)):
            message = f"No test of {unit.name} makes `{source(node)}` {word}."
            view.report("test-condition", unit.spot(node), message, f"Add one, such as given: {given(witness.facts)}.")
    if outcome & UNKNOWN or isinstance(node, IsKnown | Let) or facts_used(node) <= ALWAYS | SILENT.keys():
        return
    if _reachable(unit.settings, node, UNKNOWN):
        message = f"No test of {unit.name} leaves `{source(node)}` unknown."
        view.report("test-condition-unknown", unit.spot(node), message)


def _reachable(found: list[Setting], node: Expr, wanted: int) -> Witness | None:
    for setting in found:
        answer = setting.really([(node, wanted)])
        if isinstance(answer, Witness):
            return answer
    return None


CHECKS: Final[tuple[Callable[[View], None], ...]] = (embedded,)
"""The checks of this module, in their order."""
