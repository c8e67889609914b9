"""The tests of one file run in place: what each expects, what comes out, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.packs.compile import compile_domain
from engine.packs.model import Pack, Rule, Test
from engine.packs.packset import PackSet
from engine.packs.testing import RunCases, RunScenarios, run_test, test_day


@dataclass(frozen=True, slots=True)
class Ran:
    """One test as run. `kind`: `rule`, `case` or `scenario`; `of`: the id of the rule or scenario."""

    kind: str
    of: str
    name: str
    line: int
    on: date | None
    expected: Any
    found: str
    """Empty where it was as expected; else what happened instead, and the reasons."""

    @property
    def passed(self) -> bool:
        """Whether it was as expected."""
        return not self.found


def run_tests(
    packs: PackSet, path: str, rule: str | None, run_cases: RunCases, run_scenarios: RunScenarios
) -> tuple[Ran, ...]:
    """The tests that stand in a file, or those of one of its rules or scenarios; in the order of the file."""
    pack = packs.packs.get(path.partition("/")[0])
    if pack is None:
        return ()
    found = [*_rules(packs, pack, path, rule), *_others(packs, pack, path, rule, run_cases, run_scenarios)]
    return tuple(sorted(found, key=lambda one: one.line))


def _rules(packs: PackSet, pack: Pack, path: str, wanted: str | None) -> Iterator[Ran]:
    for domain in pack.domains.values():
        for rule in domain.rules:
            if rule.spot.file == path and wanted in (None, rule.id):
                for test in rule.tests:
                    yield _ran(packs, pack, domain.name, rule, test)


def _ran(packs: PackSet, pack: Pack, domain: str, rule: Rule, test: Test) -> Ran:
    day = test_day(test, rule, pack)
    chain = packs.layers.lineage(pack.jurisdiction, day)
    # The release keeps what it has compiled: a second test of the same days costs nothing.
    key = f"tests of {chain} {domain} {packs.layers.segment(chain, domain, day)}"
    if key not in packs.derived:
        packs.derived[key] = compile_domain(packs.layers, chain, domain, day)
    expected = {"outcome": test.expect, "missing": list(test.missing)}
    found = run_test(packs.derived[key], rule, test, day)
    return Ran("rule", rule.id, test.name, test.spot.line, day, expected, found)


def _others(
    packs: PackSet, pack: Pack, path: str, wanted: str | None, run_cases: RunCases, run_scenarios: RunScenarios
) -> Iterable[Ran]:
    domains = [part for part in pack.domains.values() if path in part.files]
    if wanted is None and any(case.spot.file == path for part in domains for case in part.cases):
        for case in run_cases(packs, [pack.jurisdiction]):
            if case.spot.file == path:
                yield Ran("case", "", case.name, case.spot.line, None, dict(case.expected), case.found)
    if any(one.spot.file == path and wanted in (None, one.id) for part in domains for one in part.scenarios):
        for test in run_scenarios(packs, [pack.jurisdiction]):
            if test.spot.file == path and wanted in (None, test.rule):
                yield Ran("scenario", test.rule, test.name, test.spot.line, None, {}, test.found)
