"""The rules of the house, held against every module there is.

An exception is a line in EXCEPTIONS with its reason; one that is not needed any more fails the build as well.
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest

from tests.house import rules
from tests.house.source import PACKAGES, Found, Rule, load, modules

ROOMS: dict[Rule, tuple[str, ...]] = {
    rules.floats: ("engine",),
    rules.clocks: ("engine",),
    rules.executors: PACKAGES,
    rules.composed_sql: PACKAGES,
    rules.broad_excepts: PACKAGES,
    rules.long_files: PACKAGES,
    rules.long_functions: PACKAGES,
    rules.undescribed: PACKAGES,
    rules.silent_marks: PACKAGES,
}
"""Each rule and the packages it holds in."""

OUTSIDE: dict[Rule, dict[str, str]] = {
    rules.clocks: {"engine/ledger/*": "the ledger stamps what it writes; no decision reads that clock"},
    rules.executors: {
        "engine/language/compile*.py": "where checked trees become functions, and nothing else does",
        "engine/layouts.py": "where orders of known keys become functions; no key and no value reaches the text",
    },
}
"""Rule -> pattern of modules where it does not hold at all -> why."""

EXCEPTIONS: dict[tuple[Rule, str, str], str] = {
    (
        rules.floats,
        "engine/language/errors.py",
        "the float 0.7",
    ): "how alike two names must be to be suggested; no money",
    (
        rules.composed_sql,
        "engine/ledger/_database.py",
        "SQL put*",
    ): "PRAGMA takes no parameters; whole-number constants enter",
    (
        rules.composed_sql,
        "engine/ledger/migrations/versions/r0011_seals_and_signatures.py",
        "SQL put*",
    ): "names of tables and columns, all constants of the migration, enter",
    (
        rules.composed_sql,
        "engine/ledger/migrations/versions/r0012_trials.py",
        "SQL put*",
    ): "conditions and names of triggers, all constants of the migration, enter",
    (
        rules.composed_sql,
        "engine/ledger/trials.py",
        "SQL put*",
    ): "the columns of a trial, a constant that four statements share, enter",
    (
        rules.composed_sql,
        "engine/ledger/migrations/versions/r0013_demotions.py",
        "SQL put*",
    ): "the same condition in both stores, a constant of the migration, enters",
    (
        rules.broad_excepts,
        "api/bulk_replay.py",
        "*",
    ): "the edge of a long run: one decision that cannot be replayed is counted, and does not hide the others",
    (
        rules.broad_excepts,
        "api/canary.py",
        "*",
    ): "the edge of a release under trial: the law in force decides, and the canary is withdrawn",
    (
        rules.broad_excepts,
        "api/shadowing.py",
        "*",
    ): "the edge of a release under trial: what it trips over is counted, and hides no other decision",
    (
        rules.broad_excepts,
        "engine/ledger/_writer.py",
        "*",
    ): "the edge of the writer's thread: callers wait, it must survive",
    (
        rules.broad_excepts,
        "engine/ledger/_callers.py",
        "*",
    ): "the same edge: what one caller does with its result harms no other",
    (
        rules.broad_excepts,
        "ingest/working.py",
        "*",
    ): "the edge of hostile text: what one publication trips a reader over is kept and told, and does not stall the others",
    (
        rules.broad_excepts,
        "api/monitoring.py",
        "*",
    ): "the edge of the scenarios and lists: what one payment trips over is told, and does not stall the others",
}
"""(rule, module, pattern of what is found) -> why it may stand."""


def _inside(rule: Rule) -> list[str]:
    outside = OUTSIDE.get(rule, {})
    return [path for path in modules(*ROOMS[rule]) if not any(fnmatchcase(path, pattern) for pattern in outside)]


def _unexcused(rule: Rule, path: str) -> Iterator[Found]:
    excused = [what for by, where, what in EXCEPTIONS if (by, where) == (rule, path)]
    for found in rule(load(path)):
        if not any(fnmatchcase(found.what, pattern) for pattern in excused):
            yield found


CASES = [pytest.param(rule, path, id=f"{rule.__name__}-{path}") for rule in ROOMS for path in _inside(rule)]


@pytest.mark.parametrize(("rule", "path"), CASES)
def test_module_keeps_the_rule(rule: Rule, path: str) -> None:
    found = sorted(_unexcused(rule, path))
    assert not found, f"{rule.__doc__}\n" + "\n".join(f"  {path}:{place.line}: {place.what}" for place in found)


@pytest.mark.parametrize(("exception", "why"), EXCEPTIONS.items())
def test_exception_is_needed_and_explained(exception: tuple[Rule, str, str], why: str) -> None:
    rule, path, what = exception
    assert len(why.split()) >= 4
    assert any(fnmatchcase(found.what, what) for found in rule(load(path))), "not needed any more: take the line out"


def test_every_rule_has_its_rooms() -> None:
    own = {rule for rule in vars(rules).values() if callable(rule) and rule.__module__ == rules.__name__}
    assert {rule for rule in own if not rule.__name__.startswith("_")} == set(ROOMS)


def test_the_engine_is_read() -> None:
    assert "engine/__init__.py" in modules("engine")
