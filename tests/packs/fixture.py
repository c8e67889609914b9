"""A small set of packs without a fault, and the edits that give it one."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from engine.cases import run_cases
from engine.packs.lint import lint_files
from engine.packs.packset import read_files
from engine.packs.problems import Problem
from engine.scenarios.testing import run_scenario_tests

HERE = Path(__file__).parent
SHIPPED = HERE.parents[1] / "rulepacks"
TODAY = date(2026, 11, 22)


@cache
def good() -> dict[str, str]:
    """The files of the packs without a fault."""
    return read_files(HERE / "good")


def edited(edits: list[dict[str, str]]) -> dict[str, str]:
    """The good files after some edits: `old` stands exactly once and becomes `new`; without `old`, a whole file."""
    files = dict(good())
    for edit in edits:
        name = edit["file"]
        if "old" in edit:
            assert files[name].count(edit["old"]) == 1, f"{edit['old']!r} does not stand exactly once in {name}"
            files[name] = files[name].replace(edit["old"], edit["new"])
        else:
            files[name] = edit["new"]
    return files


def lint(edits: list[dict[str, str]], today: date | None = TODAY) -> list[Problem]:
    """What the linter says after some edits."""
    return lint_files(edited(edits), today=today, run_cases=run_cases, run_scenarios=run_scenario_tests)


def load(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """Every case of a folder of data: `(file: name, case)`."""
    return [
        (f"{path.stem}: {case['name']}", case)
        for path in sorted((HERE / folder).glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
