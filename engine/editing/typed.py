"""What the checker says of one file while it is written: the reader at once, the checks of its pack when the hand rests.

It is the checker of drafts and of the command line, asked about less: packs that extend the one in hand, and cases of others, are
for the check of the whole draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engine.packs.fields import Notes
from engine.packs.lint import CHECKED
from engine.packs.lint.changed import released_alike
from engine.packs.lint.view import View
from engine.packs.model import Pack
from engine.packs.packset import PackSet, by_folder, pack_files, read_one
from engine.packs.problems import PackError, Problem
from engine.packs.read import PACK_FILE
from engine.packs.testing import RunCases, RunScenarios
from engine.packs.yaml import parsed_once, read_yaml


class Depth(StrEnum):
    """How much of the checker is asked."""

    READING = "reading"
    """The reader alone: syntax, names, types, units. Fit for every pause of a hand."""
    CHECKS = "checks"
    """Every check of the pack in hand, its tests and its cases as well."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the text in hand. `near`: the packs around it, of the draft or, where that cannot be read, of its
    base."""

    near: PackSet
    base: PackSet
    """What the draft is made of: a changed pack needs a later version than it has there."""
    files: Mapping[str, str]
    """Of the draft, those that cannot be read as well."""
    today: date
    run_cases: RunCases | None = None
    run_scenarios: RunScenarios | None = None
    reads: dict[tuple[str, str], tuple[Pack | None, Notes]] = field(default_factory=dict)
    """What was read of each path and text: whoever asks twice for one text waits once."""


def checked(known: Known, path: str, text: str, depth: Depth = Depth.CHECKS) -> tuple[Problem, ...]:
    """What there is to say of a file with this text, and of its pack's others where the text is the reason; in the order of
    lines, those of the file in hand first."""
    with parsed_once():
        found = _checked(known, path, text, depth)
    own = sorted(found, key=lambda one: (one.spot.file != path, one.spot, one.code, one.message))
    return tuple(dict.fromkeys(own))


def _checked(known: Known, path: str, text: str, depth: Depth) -> list[Problem]:
    files = {**known.files, path: text}
    if not _of_a_pack(path, files):
        return _elsewhere(known, files)
    pack, notes = pack_of(known, path, text)
    if pack is None or depth is Depth.READING or any(one.severity == "error" for one in notes.problems):
        return list(notes.problems)
    code = pack.jurisdiction
    packs = {**known.near.packs, code: pack}
    view = View(packs, files, known.today, frozenset(), known.run_cases, known.run_scenarios, frozenset({code}))
    for module in CHECKED:
        for check in module.CHECKS:
            check(view)
    mine = [one for one in view.found if one.spot.file.partition("/")[0] == code]
    version = [one for one in released_alike(known.base, view.release) if one.spot.file.partition("/")[0] == code]
    return [*notes.problems, *mine, *version]


def pack_of(known: Known, path: str, text: str) -> tuple[Pack | None, Notes]:
    """The pack of a file with this text, as far as it can be read, and what the reader says of it."""
    files, code = {**known.files, path: text}, path.partition("/")[0]
    if not _of_a_pack(path, files):
        return None, Notes()
    if by_folder(pack_files(files))[code] == known.near.folders.get(code):
        return known.near.packs[code], Notes()
    if (path, text) not in known.reads:
        known.reads[path, text] = _read(known, path, text, files)
    return known.reads[path, text]


def _read(known: Known, path: str, text: str, files: Mapping[str, str]) -> tuple[Pack | None, Notes]:
    notes = Notes()
    try:
        read_yaml(text, path)
    except PackError as error:
        # Of a text that is no file nothing else is worth saying.
        notes.problems.extend(error.problems)
        return None, notes
    return read_one(path.partition("/")[0], files, known.near, notes), notes


def _of_a_pack(path: str, files: Mapping[str, str]) -> bool:
    return path.endswith(".yaml") and f"{path.partition('/')[0]}/{PACK_FILE}" in files


def _elsewhere(known: Known, files: Mapping[str, str]) -> list[Problem]:
    """Of what belongs to no pack: messages, tables, rules that are held back."""
    try:
        PackSet.of(files, near=known.near)
    except PackError as error:
        return list(error.problems)
    return []
