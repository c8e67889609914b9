"""Proposals of the examples, and the service's own checks over an edited pack set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from engine.cases import run_cases
from engine.packs import PackSet
from engine.packs.format import check
from engine.packs.lint import lint_changed
from engine.packs.lint.changed import changed_folders, released_alike
from engine.packs.testing import run_rule_tests
from engine.scenarios.testing import run_scenario_tests
from ingest.impact import Proposal, Publication, propose
from ingest.impact.edit import Edited, edit_all
from ingest.link import Linker
from ingest.read.model import Reading
from tests.shipped import law

PUBLISHED = date(2026, 11, 20)
TODAY = date(2026, 11, 27)
SOURCE = Publication("An act is published", "https://law.example/act/1", "Official Gazette")


@cache
def linker() -> Linker:
    return Linker(law())


def proposals(one: Reading, source: Publication = SOURCE, jurisdiction: str | None = None) -> tuple[Proposal, ...]:
    links = linker().links(one, jurisdiction=jurisdiction)
    return propose(one, links, law(), published=PUBLISHED, source=source)


def edited(found: Iterable[Proposal]) -> tuple[Edited, PackSet]:
    """The edit, and the packs that it makes."""
    made = edit_all(tuple(found), law().files, release=law())
    return made, PackSet.of({**law().files, **made.files}, near=law())


def faults(made: Mapping[str, str], packs: PackSet) -> list[str]:
    """All that a draft of these files would be told: the linter with cases and scenarios, the format, the version, the tests."""
    folders = changed_folders(law().files, packs.files)
    problems = [
        *lint_changed(packs, folders, today=TODAY, run_cases=run_cases, run_scenarios=run_scenario_tests),
        *released_alike(law(), packs),
        *(problem for path, text in made.items() for problem in check(text, path)),
    ]
    failed = [
        f"{one.rule}: {one.name}: {one.found}" for one in run_rule_tests(packs, sorted(folders)) if not one.passed
    ]
    return [*map(str, problems), *failed]
