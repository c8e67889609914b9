"""An archive and the ledger that goes on from it, read as one: each decision once."""

from __future__ import annotations

from datetime import datetime

from engine.ledger._ledger import Ledger
from engine.ledger.archive.manifest import ArchiveRefused
from engine.ledger.archive.read import Archive
from engine.ledger.entries import StoredDecision


class Joined:
    """What back-tests ask of a ledger, answered from the archive up to its last row and from the ledger after it.

    Decisions that lie in both, since nobody took them out of the ledger, are read from the archive.
    """

    def __init__(self, ledger: Ledger, archive: Archive) -> None:
        """Raises ArchiveRefused where there is no archive."""
        self._ledger, self._archive = ledger, archive
        months = archive.months()
        if not months:
            raise ArchiveRefused(f"There is no month of an archive in {archive.folder}")
        self._end = months[-1].head

    def newest_decision(self) -> tuple[int, bytes] | None:
        """The number and the hash of the newest decision."""
        newest = self._ledger.newest_decision()
        return newest if newest is not None and newest[0] > self._end.seq else self._archive.newest_decision()

    def stretch(
        self, since: datetime | None, until: datetime | None, *, after: int, upto: int, limit: int
    ) -> tuple[StoredDecision, ...]:
        """As `Ledger.stretch`."""
        old = self._archive.stretch(since, until, after=after, upto=min(upto, self._end.seq), limit=limit)
        if len(old) >= limit or upto <= self._end.seq:
            return old
        left = limit - len(old)
        return old + self._ledger.stretch(since, until, after=max(after, self._end.seq), upto=upto, limit=left)
