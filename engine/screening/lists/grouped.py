"""Entries whose rows lie apart in a file: gathered by key, in the order in which each is first met."""

from __future__ import annotations

from collections.abc import Iterator

from engine.screening.lists.draft import Draft
from engine.screening.lists.errors import BrokenList, HostileList
from engine.screening.lists.limits import Limits
from engine.screening.model import EntityKind


class Groups:
    """The drafts of one file, and what was put into each already."""

    __slots__ = ("_drafts", "_limits", "_met")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._drafts: dict[str, Draft] = {}
        self._met: set[tuple[str, str]] = set()

    def draft(self, key: str, kind: EntityKind) -> Draft:
        """The entry with this key, begun where it is met first. Raises BrokenList for a row without a key."""
        if not key:
            raise BrokenList("A row without the key of its entry")
        found = self._drafts.get(key)
        if found is None:
            if len(self._drafts) >= self._limits.entries:
                raise HostileList(f"More than {self._limits.entries} entries")
            found = self._drafts[key] = Draft(key, kind)
        return found

    def new(self, draft: Draft, mark: str) -> bool:
        """Whether this mark is met for the first time in an entry; rows repeat what they have in common."""
        met = (draft.key, mark)
        if met in self._met:
            return False
        self._met.add(met)
        return True

    def __iter__(self) -> Iterator[Draft]:
        """Every entry; each is let go of as it is given out."""
        self._met.clear()
        while self._drafts:
            yield self._drafts.pop(next(iter(self._drafts)))
