"""Asks an archive for decisions: one by its id, or those of a stretch of time, the oldest first.

Before a file is read for the first time it is held against the digest of its manifest: what was changed answers nobody.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import polars as pl

from engine.ledger._bodies import Bodies, is_sealed
from engine.ledger._chain import DECISION
from engine.ledger._time import EVER, to_micros
from engine.ledger.archive.manifest import MANIFESTS, ArchiveRefused, Manifest, Part, manifests_in
from engine.ledger.archive.parts import collected, require_sound, scan
from engine.ledger.decisions import stored_of
from engine.ledger.entries import StoredDecision
from engine.ledger.errors import LedgerLocked

Opened = Callable[[Sequence[Sequence[Any]]], Sequence[StoredDecision]]
"""Makes decisions of rows. Raises LedgerLocked."""
_T = TypeVar("_T", int, str)
_COLUMNS: Final = (*DECISION.envelope, *DECISION.parts, "hash")
"""As `stored_of` wants them."""


def as_they_lie(rows: Sequence[Sequence[Any]]) -> tuple[StoredDecision, ...]:
    """Decisions whose bodies are not sealed. Raises LedgerLocked: the keys are in the ledger that they were taken out of."""
    if any(is_sealed(row[17]) for row in rows):
        raise LedgerLocked("Bodies of this archive are sealed: their keys are in the ledger")
    return tuple(stored_of(row, Bodies(None, *row[17:20])) for row in rows)


class Archive:
    """One folder. It looks for further months where it is asked for what it does not know."""

    def __init__(self, folder: Path, opened: Opened = as_they_lie) -> None:
        """`opened`: how the ledger opens bodies, which has the keys (`Ledger.archive_in`)."""
        self.folder, self._opened = folder, opened
        self._marks: tuple[tuple[str, int, int], ...] = ()
        self._months: tuple[Manifest, ...] = ()
        self._sound: set[tuple[str, int, int]] = set()
        self._lock = Lock()

    def months(self) -> tuple[Manifest, ...]:
        """The manifests, the oldest first. Raises ArchiveRefused."""
        marks = _marks(self.folder)
        with self._lock:
            if marks != self._marks or not marks:
                self._months, self._marks = manifests_in(self.folder), marks
            return self._months

    def newest_decision(self) -> tuple[int, bytes] | None:
        """The number and the hash of the last decision; None: it holds none. Raises ArchiveRefused."""
        for part in reversed(self._parts()):
            self._require_sound(part)
            seq, digest = collected(part, scan(self.folder, part).select("seq", "hash").tail(1)).row(0)
            return int(seq), bytes(digest)
        return None

    def decision(self, decision_id: str) -> StoredDecision | None:
        """The decision with this id; None: it is not in here. Raises ArchiveRefused.

        Only files whose smallest and largest id lie around it are read, and of these the groups of rows where the same holds.
        """
        for part in self._parts():
            if not _bound(part.first_id) <= decision_id <= _bound(part.last_id):
                continue
            rows = self._ask(part, pl.col("id") == decision_id, 1)
            if rows:
                return self._opened(rows)[0]
        return None

    def stretch(
        self, since: datetime | None, until: datetime | None, *, after: int, upto: int, limit: int
    ) -> tuple[StoredDecision, ...]:
        """Those among the rows from `after`, without it, to `upto` that were made from one instant to another, without it: the
        oldest first, at most so many. Only files that may hold some are read."""
        first = -EVER if since is None else to_micros(since)
        last = EVER if until is None else to_micros(until)
        found: list[StoredDecision] = []
        seq, at = pl.col("seq"), pl.col("at")
        wanted = (seq > after) & (seq <= upto) & (at >= first) & (at < last)
        for part in self._parts():
            if len(found) >= limit:
                break
            if part.last_seq <= after or part.first_seq > upto:
                continue
            if _bound(part.last_at) >= first and _bound(part.first_at) < last:
                found += self._opened(self._ask(part, wanted, limit - len(found)))
        return tuple(found)

    def _parts(self) -> Sequence[Part]:
        return [part for month in self.months() for part in month.parts if part.table == DECISION.name]

    def _ask(self, part: Part, wanted: pl.Expr, limit: int) -> Sequence[tuple[Any, ...]]:
        """Rows of a file: groups whose marks exclude them are not read."""
        self._require_sound(part)
        return collected(part, scan(self.folder, part).filter(wanted).head(limit).select(_COLUMNS)).rows()

    def _require_sound(self, part: Part) -> None:
        try:
            seen = (self.folder / part.path).stat()
            mark = (part.sha256, seen.st_mtime_ns, seen.st_ino)
        except OSError:
            mark = (part.sha256, 0, 0)
        with self._lock:
            if mark not in self._sound:
                require_sound(self.folder, part)
                self._sound.add(mark)


def _marks(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """By which a manifest that came or changed is known."""
    try:
        return tuple(
            (entry.name, entry.stat().st_mtime_ns, entry.stat().st_ino)
            for entry in sorted(os.scandir(folder / MANIFESTS), key=lambda entry: entry.name)
        )
    except OSError:
        return ()


def _bound(bound: _T | None) -> _T:
    """A bound of a part of decisions, which has all of them."""
    if bound is None:
        raise ArchiveRefused("A part of decisions does not say what it holds")
    return bound
