"""A proposal as an edit of the packs: the dated value with its source and evidence, and tests for the days before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.packs import PackError, PackSet
from engine.packs.lines import EditRefused, File
from engine.packs.read import PACK_FILE
from engine.packs.rewriting import raise_version
from ingest.impact.model import Action, Proposal
from ingest.impact.skeleton import skeletons
from ingest.impact.sourcing import evidence_of, source_for
from ingest.impact.writing import add_members, add_rate, add_value, localise, move_value, remove_members
from ingest.link.target import Target, TargetKind

_FIRST_YEAR: Final = 1900
_TOLD_OF: Final = {
    "FATF-GREY": "fatf_list", "FATF-BLACK": "fatf_list", "HIGH-RISK-EU": "eu_high_risk_third_country",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Edited:
    """Files that are changed, path within the folder of packs -> whole new text: as a draft takes them."""

    files: Mapping[str, str]
    tests: int
    """Skeleton tests that were written."""
    notes: tuple[str, ...]
    """What a person should know of the edit: where no test could be written, and why."""


def edit(proposal: Proposal, files: Mapping[str, str], *, release: PackSet | None = None) -> Edited:
    """The edit of one proposal. Raises EditRefused where it cannot be written.

    `release`: the packs of `files`, where they are loaded already: it saves seconds.
    """
    return edit_all((proposal,), files, release=release)


def edit_all(proposals: Sequence[Proposal], files: Mapping[str, str], *, release: PackSet | None = None) -> Edited:
    """The edit of several proposals of one publication, one after the other; each pack gets one new version.

    Whether a proposal is draftable is not asked: a person may decide to write one that a machine may not. Raises EditRefused.
    """
    near = release if release is not None else PackSet.of(files)
    now = dict(files)
    notes: list[str] = []
    asked: list[tuple[Proposal, Target]] = []
    tests = 0
    for proposal in proposals:
        for target in _targets(proposal):
            tests += _write(proposal, target, now)
            asked.append((proposal, target))
    for code in sorted({target.place for _, target in asked}):
        _version(code, now)
    packs = _loaded(now, near)
    for proposal, target in asked:
        if proposal.action is Action.SET and target.kind is TargetKind.PARAMETER and proposal.effective is not None:
            found = skeletons(target, proposal.effective, near, packs)
            for path, rules in found.by_file.items():
                now[path] = found.inserted(path, now[path], rules)
            tests += found.count
            notes.extend(found.notes)
        elif target.kind is TargetKind.RATE:
            notes.append(f"{target.id}: a pack has no form for tests of rates; both days are told with the impact.")
        notes.extend(_beside(proposal, target, near))
    _loaded(now, packs)
    changed = {path: text for path, text in now.items() if files.get(path) != text}
    return Edited(changed, tests, tuple(dict.fromkeys(notes)))


def _beside(proposal: Proposal, target: Target, release: PackSet) -> Iterator[str]:
    """What tells people of the same list in the packs of the places, and what no rule reads."""
    name = _TOLD_OF.get(target.place) if target.kind is TargetKind.LIST else None
    for place in proposal.places if name is not None else ():
        pack = release.packs.get(place)
        if pack is not None and "aml" in pack.domains and name in pack.domains["aml"].parameters:
            yield f"{place}/aml/{name} tells people of the list and is read by no rule: it is not changed along."


def _targets(proposal: Proposal) -> tuple[Target, ...]:
    if proposal.target is None or proposal.action is Action.LOOK:
        raise EditRefused("Nothing is proposed that can be written: a person must see what it is.")
    if proposal.effective is None:
        raise EditRefused("The day from which it holds is not told.")
    if proposal.effective.year < _FIRST_YEAR:
        raise EditRefused(f"{proposal.effective} is no day from which a law could be changed now.")
    return (proposal.target, *proposal.twins)


def _write(proposal: Proposal, target: Target, now: dict[str, str]) -> int:
    """Into `now`; how many tests came along."""
    day = proposal.effective
    assert day is not None, "asked by `_targets`"
    manifest = f"{target.place}/{PACK_FILE}"
    if manifest not in now or (target.kind is not TargetKind.LIST and target.path not in now):
        raise EditRefused(f"The file of {target.id} is not among those of the release.")
    if proposal.action is Action.MOVE:
        file = File(target.path, now[target.path])
        move_value(file, target, date.fromisoformat(proposal.old), day, evidence_of(proposal))
        now[target.path] = file.written()
        return 0
    if target.kind is TargetKind.LIST:
        _write_list(proposal, manifest, day, now)
        return 0
    sourced = source_for(proposal, File(manifest, now[manifest]), target)
    file = File(target.path, now[target.path])
    tests = 0
    if proposal.action is Action.REQUIRE:
        tests = localise(file, target, proposal, sourced, day)
    elif target.kind is TargetKind.RATE:
        add_rate(file, target, proposal, sourced, day)
    elif target.kind is TargetKind.PARAMETER:
        add_value(file, target, proposal, sourced, day)
    else:
        raise EditRefused(f"{target.id} is a rule: a person must write what it becomes.")
    now[target.path] = file.written()
    if sourced.manifest is not None:
        now[manifest] = sourced.manifest.written()
    return tests


def _write_list(proposal: Proposal, manifest: str, day: date, now: dict[str, str]) -> None:
    file = File(manifest, now[manifest])
    assert proposal.target is not None, "asked by `_targets`"
    if proposal.action is Action.REMOVE:
        remove_members(file, proposal, evidence_of(proposal), day)
    else:
        add_members(file, proposal, source_for(proposal, file, proposal.target), day)
    now[manifest] = file.written()


def _version(code: str, now: dict[str, str]) -> None:
    path = f"{code}/{PACK_FILE}"
    file = File(path, now[path])
    raise_version(file)
    now[path] = file.written()


def _loaded(files: Mapping[str, str], near: PackSet) -> PackSet:
    try:
        return PackSet.of(files, near=near)
    except PackError as error:
        raise EditRefused(f"The packs cannot be read after the edit: {error}") from None


__all__ = ["EditRefused", "Edited", "edit", "edit_all"]
