"""The linter: every fault of reading, and every check that needs no history, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.packs.lint import cases, cost, coverage, groups, law, logic, messages, relations, shape, tax, times
from engine.packs.lint.codes import CODES, Code
from engine.packs.lint.view import View
from engine.packs.model import Pack
from engine.packs.packset import PackSet, read_packs
from engine.packs.problems import Problem
from engine.packs.testing import RunCases
from engine.packs.yaml import parsed_once


def lint_files(
    files: Mapping[str, str], *, today: date | None = None, run_cases: RunCases | None = None
) -> list[Problem]:
    """Everything there is to say of these files, in the order of their lines.

    What is said only of certain days (staleness, deadlines) is left out where no day is given, and what comes out of cases
    where nobody is brought to decide them (`engine.cases.run_cases`).
    """
    with parsed_once():
        return _linted(files, today, run_cases)


def _linted(files: Mapping[str, str], today: date | None, run_cases: RunCases | None) -> list[Problem]:
    packs, notes = read_packs(files)
    hurt = {problem.spot.file.partition("/")[0] for problem in notes.problems if problem.severity == "error"}
    lineage = {code: _lineage(code, packs) for code in packs}
    sound = {code: pack for code, pack in packs.items() if not hurt & {code, *lineage[code]}}
    unread = hurt - packs.keys()
    doubted = (
        frozenset(packs) if unread else frozenset(one for code in packs.keys() - sound.keys() for one in lineage[code])
    )
    view = View(sound, files, today, doubted, run_cases)
    for module in (shape, law, groups, times, tax, logic, relations, coverage, messages, cost, cases):
        for check in module.CHECKS:
            check(view)
    return sorted([*notes.problems, *view.found], key=lambda problem: (problem.spot, problem.code, problem.message))


def _lineage(code: str, packs: Mapping[str, Pack]) -> set[str]:
    """Everything a pack extends, as far as it could be read."""
    found: set[str] = set()
    waiting = [code]
    while waiting:
        new = set(packs[waiting.pop()].extends) & packs.keys() - found
        found |= new
        waiting.extend(new)
    return found


def lint(packs: PackSet, today: date | None = None, run_cases: RunCases | None = None) -> list[Problem]:
    """As `lint_files`, for packs that are loaded."""
    return lint_files(packs.files, today=today, run_cases=run_cases)


__all__ = ["CODES", "Code", "lint", "lint_files"]
