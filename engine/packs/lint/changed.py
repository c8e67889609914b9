"""What is said of a change only: a release beside the one that it was made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.packs.lint.codes import CODES
from engine.packs.packset import PackSet, by_folder
from engine.packs.problems import Problem, Spot
from engine.packs.read import PACK_FILE
from engine.packs.staleness import Fact


def changed_folders(was: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    """The packs, and folders of messages or tables, whose files differ."""
    before, after = by_folder(was), by_folder(now)
    return frozenset(code for code in before.keys() | after.keys() if before.get(code) != after.get(code))


def released_alike(base: PackSet, release: PackSet) -> Iterator[Problem]:
    """A change changes something; and a pack of another text has another, later version: a released version never changes."""
    if base.files == release.files:
        yield _problem("draft-empty", Spot("", 1, 1), "The draft changes nothing.")
    for code in sorted(changed_folders(base.files, release.files)):
        was, now = base.packs.get(code), release.packs.get(code)
        if was is not None and now is not None and _number(now.version) <= _number(was.version):
            said = f"The pack {code} differs from {was.version}, and says that it is {now.version}."
            yield _problem("draft-version", Spot(f"{code}/{PACK_FILE}", now.spot.line, now.spot.column), said)


def not_looked_at(one: Fact, *, refuse: bool) -> Problem:
    """A fact of the draft beyond the day by which somebody should have looked at it again. `refuse`: as an error."""
    said = (
        f"{one.kind.capitalize()} {one.name} of {one.pack} was last seen to hold on {one.verified_on} ({one.confidence}):"
        f" somebody should have looked again by {one.due}."
    )
    found = _problem("draft-stale", one.spot, said)
    return replace(found, severity="error") if refuse else found


def _number(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in version.replace("-", ".").split("."))


def _problem(code: str, spot: Spot, message: str) -> Problem:
    known = CODES[code]
    return Problem(code, spot, message, known.remedy, known.severity)
