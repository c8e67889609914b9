"""When the law has moved on: drafts brought up to date, and what came with a new version of the software put under what the house
has in force. Both are merges; what they cannot settle a person must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from api.drafting import Desk, Laws
from engine.drafting import MACHINE, ActivationKind, Draft, DraftStep, in_force, opened, rebased
from engine.ledger import Along, DraftFile, DraftMoved
from engine.overlay import Merged, merge, standing_marks
from engine.overlay.versions import number
from engine.words import Words


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What came with the software, and waits until persons have put it in force."""

    shipped: str
    """Digest of it."""
    version: str
    upstream: str
    """Digest of what came with the software that the house's law was made of."""
    held: str
    """Digest of the house's law, in force meanwhile."""
    draft: Draft | None
    """The newest draft of the upgrade."""


def waiting(laws: Laws) -> Upgrade | None:
    """The upgrade that waits, if one does: the house has its own law in force, made of something older than what came with the
    software of this process."""
    desk = Desk(laws, MACHINE)
    holds = in_force(desk.activations, desk.now)
    if holds is None or holds.kind is ActivationKind.STARTED or holds.release == laws.shipped:
        return None
    upstream, version = desk.upstream(holds.release), laws.ledger.release_version(laws.shipped)
    if upstream is None or upstream == laws.shipped or version is None:
        return None
    before = laws.ledger.release_version(upstream)
    if before is None or number(version) < number(before):
        return None
    return Upgrade(laws.shipped, version, upstream, holds.release, _newest(laws, laws.shipped))


def _newest(laws: Laws, shipped: str) -> Draft | None:
    """Drafts of one upgrade are numbered: the last that is there."""
    found, count = None, 0
    while (draft := laws.ledger.drafts.one(_name(shipped, count))) is not None:
        found, count = draft, count + 1
    return found


def _name(shipped: str, count: int) -> str:
    """Every process comes to the same id, and so only one opens it."""
    return f"drf_{sha256(f'{shipped} {count}'.encode()).hexdigest()[:26]}"


def offer(laws: Laws) -> Upgrade | None:
    """Open a draft of the upgrade that waits, unless one was opened before, by whatever process. Waits for the disk."""
    found = waiting(laws)
    if found is None or found.draft is not None:
        return found
    open_upgrade(laws, found, MACHINE)
    return waiting(laws)


def open_upgrade(laws: Laws, upgrade: Upgrade, actor: str) -> None:
    """A draft of an upgrade: what came with the software, with the house's own changes merged into it."""
    desk, count = Desk(laws, actor), 0
    while laws.ledger.drafts.one(_name(upgrade.shipped, count)) is not None:
        count += 1
    sides = [laws.files_of(digest) for digest in (upgrade.upstream, upgrade.held, upgrade.shipped)]
    base, ours, theirs = ({} if side is None else side for side in sides)
    merged = merge(base, ours, theirs)
    step = opened(
        _name(upgrade.shipped, count), upgrade.shipped, f"Upgrade to {upgrade.version}", actor, desk.now,
        replaces=upgrade.held, details=_told(merged),
    )  # fmt: skip
    try:
        laws.ledger.drafts.store(step, desk.now, _along(step, merged, theirs, frozenset()))
    except DraftMoved:
        return  # another process was first, with the same


def rebase(desk: Desk, draft: Draft, onto: str) -> tuple[DraftStep, Along]:
    """The draft's edits upon another release. Raises LookupError for one that is not here, and what `engine.drafting` raises."""
    theirs = desk.laws.files_of(onto)
    base = desk.laws.files_of(draft.follows)
    if theirs is None or base is None:
        raise LookupError(onto)
    merged = merge(base, desk.files_of(draft), theirs)
    upgrade = draft.replaces is not None and desk.upstream(onto) != draft.base
    step = rebased(draft, desk.actor, desk.now, onto, upgrade=upgrade, details=_told(merged))
    under = desk.base_files(draft) if upgrade else theirs
    return step, _along(step, merged, under, frozenset(desk.written(draft)))


def _along(step: DraftStep, merged: Merged, under: Mapping[str, str], written: frozenset[str]) -> Along:
    """The files of a draft that differ from its base, or did before."""
    differing = {path for path in {*merged.files, *under} if merged.files.get(path) != under.get(path)}
    files = (
        DraftFile(path, step.draft.number, step.actor, merged.files.get(path)) for path in sorted(differing | written)
    )
    return Along(tuple(files))


def _told(merged: Merged) -> dict[str, Any]:
    return {"conflicts": [asdict(one) for one in merged.conflicts]}


def conflicts_of(desk: Desk, draft: Draft, words: Words) -> list[dict[str, Any]]:
    """What the last merge of a draft could not settle, in all three versions, and whether its marks still stand."""
    merges = [one.payload["conflicts"] for one in desk.ledger.drafts.history(draft.id) if "conflicts" in one.payload]
    files = desk.files_of(draft)
    marks = {
        (one.file, one.number): one.line
        for one in standing_marks({path: files.get(path, "") for path in desk.written(draft)})
    }
    return [
        {**one, "line": marks.get((one["file"], one["number"])), "stands": (one["file"], one["number"]) in marks,
         "said": words.say(f"overlay.{_what(one)}").format(entry=one["path"] or one["file"], file=one["file"])}
        for one in (merges[-1] if merges else ())
    ]  # fmt: skip


def _what(conflict: Mapping[str, Any]) -> str:
    if conflict["ours"] is None:
        return "taken_out_here"
    if conflict["theirs"] is None:
        return "taken_out_there"
    return "added_by_both" if conflict["base"] is None else "changed_by_both"


def upgrade_body(laws: Laws, found: Upgrade | None, words: Words) -> dict[str, Any]:
    """The upgrade that waits, as JSON."""
    if found is None:
        return {"waits": False, "upgrade": None}
    desk, draft = Desk(laws, MACHINE), found.draft
    conflicts = [] if draft is None else conflicts_of(desk, draft, words)
    return {
        "waits": True,
        "upgrade": {
            "shipped": found.shipped, "version": found.version, "upstream": found.upstream, "in_force": found.held,
            "draft": draft and draft.id, "state": draft and desk.stands(draft), "conflicts": conflicts,
        },
    }  # fmt: skip
