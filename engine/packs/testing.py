"""Embedded tests: the examples that travel with each rule, run on the interpreter and on the compiled executor alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from engine.facts import collapse
from engine.language.interpret import Interpreter, Seen
from engine.language.law import Moment, no_rates
from engine.language.tree import RuleRef, walk
from engine.packs.compile import Active, Compiled, compile_domain
from engine.packs.model import UNREAD_START, Domain, Pack, Rule, Test
from engine.packs.packset import PackSet
from engine.packs.problems import Spot


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test as run: `found` is what happened, empty where it was as expected."""

    jurisdiction: str
    rule: str
    name: str
    spot: Spot
    found: str

    @property
    def passed(self) -> bool:
        """Whether it was as expected."""
        return not self.found


def run_rule_tests(packs: PackSet, jurisdictions: Iterable[str] | None = None) -> Iterator[TestResult]:
    """Run every rule's embedded tests."""
    for code in sorted(jurisdictions or packs.packs):
        pack = packs.packs[code]
        for domain in pack.domains.values():
            yield from _domain_tests(packs, pack, domain)


def _domain_tests(packs: PackSet, pack: Pack, domain: Domain) -> Iterator[TestResult]:
    compiled: dict[tuple[tuple[str, ...], date], Compiled] = {}
    for rule in domain.rules:
        for test in rule.tests:
            day = test_day(test, rule, pack)
            chain = packs.layers.lineage(pack.jurisdiction, day)
            key = (chain, packs.layers.segment(chain, domain.name, day))
            if key not in compiled:
                compiled[key] = compile_domain(packs.layers, chain, domain.name, day)
            found = run_test(compiled[key], rule, test, day)
            yield TestResult(pack.jurisdiction, rule.id, test.name, test.spot, found)


def test_day(test: Test, rule: Rule, pack: Pack) -> date:
    """The day a test runs on: its own, or the last day of the rule, or the day the pack was verified."""
    if test.on is not None:
        return test.on
    if rule.end is not None:
        return date.fromordinal(rule.end.toordinal() - 1)
    return max(pack.verified.on, rule.start if rule.start != UNREAD_START else date.min)


def run_test(compiled: Compiled, rule: Rule, test: Test, day: date) -> str:
    """What was found instead of what was expected; empty where they agree."""
    moment = Moment(day, test.hour, no_rates)
    position = next((at for at, active in enumerate(compiled.rules) if active.rule.id == rule.id), None)
    if position is None:
        return "" if test.expect == "silent" else f"the rule is not in force on {day.isoformat()}"
    quick = compiled.evaluate(test.given, moment)[position]
    seen = see_one(compiled, test.given, moment, rule.id)
    if quick is not seen.value:
        return f"the executors disagree: {quick} compiled, {seen.value} interpreted"
    outcome = {True: "fires", False: "silent", None: "unknown"}[quick]
    if outcome != test.expect:
        return f"{outcome}{_because(compiled, rule.id, quick, test.given, moment)}"
    missing = collapse(seen.missing, test.given)
    if outcome == "unknown" and missing != set(test.missing):
        return f"unknown for want of {', '.join(sorted(missing))}"
    return ""


def _because(compiled: Compiled, rule: str, status: bool | None, facts: dict[str, Any] | Any, moment: Moment) -> str:
    if status is None:
        return f": {', '.join(sorted(set(compiled.explainer.missing(rule)(facts, moment))))} not known"
    explain = compiled.explainer.held(rule) if status else compiled.explainer.failed(rule)
    return ": " + "; ".join(f"{reason.label} {reason.text}" for reason in explain(facts, moment)[:3])


def see_one(compiled: Compiled, facts: Any, moment: Moment, rule: str) -> Seen:
    """One rule through the interpreter, and of the others only those it turns on."""
    seen: dict[str, Seen] = {}
    interpreter = Interpreter(facts, compiled.law, moment, seen)
    for active in _turns_on(compiled, rule):
        seen[active.rule.id] = interpreter.see(active.condition)
    return seen[rule]


def _turns_on(compiled: Compiled, rule: str) -> tuple[Active, ...]:
    """A rule after all the rules that it names, and those that they name, exceptions first."""
    known: dict[str, tuple[Active, ...]] = compiled.derived.setdefault("turns_on", {})
    if rule not in known:
        wanted = {rule}
        for active in reversed(compiled.rules):
            if active.rule.id in wanted:
                wanted.update(node.rule for node in walk(active.condition) if isinstance(node, RuleRef))
        known[rule] = tuple(active for active in compiled.rules if active.rule.id in wanted)
    return known[rule]


def see_all(compiled: Compiled, facts: Any, moment: Moment) -> dict[str, Seen]:
    """Every rule through the interpreter, exceptions before those that name them."""
    seen: dict[str, Seen] = {}
    interpreter = Interpreter(facts, compiled.law, moment, seen)
    for active in compiled.rules:
        seen[active.rule.id] = interpreter.see(active.condition)
    return seen


# -- cases -------------------------------------------------------------------------------------------------------------------

GIVEN: Final = "case-given"
ELSEWHERE: Final = "case-elsewhere"
FAILS: Final = "case-fails"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case as decided. `code` is the kind of fault and `found` tells it; both are empty where all is as expected."""

    jurisdiction: str
    name: str
    spot: Spot
    code: str = ""
    found: str = ""
    expected: Mapping[str, Any] = field(default_factory=dict)
    got: Mapping[str, Any] = field(default_factory=dict)
    """What the answer says in the fields that the case names."""

    @property
    def passed(self) -> bool:
        """Whether it was as expected."""
        return not self.code


RunCases = Callable[[PackSet, Iterable[str]], Iterable[CaseResult]]
"""Decides the cases of some packs of a release. Handed in by who may know: packs do not know who decides (`engine.cases`)."""

RunScenarios = Callable[[PackSet, Iterable[str]], Iterable[TestResult]]
"""Runs the tests of scenarios, handed in likewise (`engine.scenarios.testing`)."""
