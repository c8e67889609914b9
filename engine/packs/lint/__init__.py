"""The linter: every fault of reading, and every check that needs no history, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from engine.packs.demotions import read_demotions
from engine.packs.lint import (
    cases,
    cost,
    coverage,
    groups,
    law,
    logic,
    messages,
    relations,
    scenarios,
    shape,
    tax,
    times,
)
from engine.packs.lint.codes import CODES, Code
from engine.packs.lint.view import View
from engine.packs.model import Pack
from engine.packs.packset import PackSet, read_packs
from engine.packs.problems import Problem
from engine.packs.testing import RunCases, RunScenarios
from engine.packs.yaml import parsed_once

CHECKED: Final = (shape, law, groups, times, tax, logic, relations, coverage, messages, cost, cases, scenarios)


def lint_files(
    files: Mapping[str, str],
    *,
    today: date | None = None,
    run_cases: RunCases | None = None,
    run_scenarios: RunScenarios | None = None,
) -> list[Problem]:
    """Everything there is to say of these files, in the order of their lines.

    What is said only of certain days (staleness, deadlines) is left out where no day is given, and what comes out of cases
    where nobody is brought to decide them (`engine.cases.run_cases`), nor what comes out of tests of scenarios
    (`engine.scenarios.testing.run_scenario_tests`).
    """
    with parsed_once():
        return _linted(files, today, run_cases, run_scenarios)


def _linted(
    files: Mapping[str, str], today: date | None, run_cases: RunCases | None, run_scenarios: RunScenarios | None
) -> list[Problem]:
    packs, notes = read_packs(files)
    read_demotions(files, packs, notes)
    hurt = {problem.spot.file.partition("/")[0] for problem in notes.problems if problem.severity == "error"}
    lineage = {code: _lineage(code, packs) for code in packs}
    sound = {code: pack for code, pack in packs.items() if not hurt & {code, *lineage[code]}}
    unread = hurt - packs.keys()
    doubted = (
        frozenset(packs) if unread else frozenset(one for code in packs.keys() - sound.keys() for one in lineage[code])
    )
    view = View(sound, files, today, doubted, run_cases, run_scenarios)
    for module in CHECKED:
        for check in module.CHECKS:
            check(view)
    return sorted([*notes.problems, *view.found], key=lambda problem: (problem.spot, problem.code, problem.message))


def lint_changed(
    packs: PackSet,
    folders: Iterable[str],
    *,
    today: date | None = None,
    run_cases: RunCases | None = None,
    run_scenarios: RunScenarios | None = None,
) -> list[Problem]:
    """What there is to say of some packs of a release and of those that extend them: of a change, in a fraction of the time.

    The others are known, and not gone through again. Warnings of reading are told of what was read anew only.
    """
    changed = frozenset(folders)
    focus = frozenset(code for code in packs.packs if not changed.isdisjoint({code, *_lineage(code, packs.packs)}))
    with parsed_once():
        view = View(packs.packs, packs.files, today, frozenset(), run_cases, run_scenarios, focus)
        for module in CHECKED:
            for check in module.CHECKS:
                check(view)
    told = focus | changed
    mine = [problem for problem in view.found if problem.spot.file.partition("/")[0] in told]
    return sorted(mine, key=lambda problem: (problem.spot, problem.code, problem.message))


def _lineage(code: str, packs: Mapping[str, Pack]) -> set[str]:
    """Everything a pack extends, as far as it could be read."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        new = set(packs[waiting.pop()].extends) & packs.keys() - found
        found |= new
        waiting.extend(new)
    return found


def lint(
    packs: PackSet,
    today: date | None = None,
    run_cases: RunCases | None = None,
    run_scenarios: RunScenarios | None = None,
) -> list[Problem]:
    """As `lint_files`, for packs that are loaded."""
    return lint_files(packs.files, today=today, run_cases=run_cases, run_scenarios=run_scenarios)


__all__ = ["CODES", "Code", "lint", "lint_changed", "lint_files"]
