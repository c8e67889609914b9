"""A draft of a rulepack made of a change that was read: on the release in force, worked out anew, and checked. Nothing that is
released is touched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from api.change_views import taken_back
from api.draft_schemas import FILE_PATTERN
from api.drafting import CheckFound, Desk
from engine.changes import LawChange
from engine.drafting import Draft, DraftStep, opened
from engine.ledger import Along, DraftFile
from engine.packs import PackSet
from ingest.working import Redraft

_FILE: Final = re.compile(FILE_PATTERN)


class NotDraftable(ValueError):
    """No draft can be made of it. `reasons`: each of them."""

    def __init__(self, *reasons: str) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


@dataclass(frozen=True, slots=True)
class Made:
    """A draft that is to be kept: its steps with what they bring, its files, what its check found."""

    draft: Draft
    steps: tuple[tuple[DraftStep, Along | None], ...]
    files: Mapping[str, DraftFile]
    check: CheckFound


def make(desk: Desk, redraft: Redraft | None, packs: PackSet, change: LawChange, draft_id: str, title: str) -> Made:
    """A draft with the files that the change would change. Where its check refuses anything it is made all the same, and told:
    a person mends it. Raises NotDraftable."""
    if redraft is None:
        raise NotDraftable("This service has nothing that reads publications.")
    if against := taken_back(desk.ledger, desk.ledger.changes.history(change.id)):
        raise NotDraftable(*against)
    item = desk.ledger.feeds.item(change.item)
    assert item is not None, "what is read is kept"
    found = redraft.draft(item, change, packs)
    if found.reasons:
        raise NotDraftable(*found.reasons)
    texts = {path: text for path, text in sorted(found.files.items()) if packs.files.get(path) != text}
    if not texts:
        raise NotDraftable("The release in force says so already.")
    if odd := [path for path in texts if not _FILE.fullmatch(path)]:
        raise NotDraftable(f"{odd[0]} is no file of a release.")
    told = {"change": change.id, "item": change.item, "source": change.source}
    first = opened(draft_id, packs.release.digest, title, desk.actor, desk.now, details=told)
    files = {path: DraftFile(path, 1, desk.actor, text) for path, text in texts.items()}
    check = desk.check(first.draft, files)
    second = desk.keep_check(first.draft, check)
    steps: list[tuple[DraftStep, Along | None]] = [(first, Along(tuple(files.values())))]
    if second is not None:
        steps.append((second, None))
    return Made(steps[-1][0].draft, tuple(steps), files, check)
