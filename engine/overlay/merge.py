"""Two changes of the same release put together, entry by entry; never one over the other without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge as in_order
from itertools import pairwise
from typing import Final, TypeVar

from engine.overlay.entries import ROOT, taken_apart
from engine.overlay.marks import marked
from engine.overlay.model import Conflict, Entry
from engine.overlay.versions import settled

Files = Mapping[str, str]
Told = TypeVar("Told")
Own = tuple[str, ...]
_SPACES: Final = re.compile(r"\s+")
_AROUND: Final = re.compile(r" (?=[{}\[\],:]|$)|(?<=[{}\[\]]) |^ ")


@dataclass(frozen=True, slots=True)
class Merged:
    """All files after a merge, and what it could not settle. Where there is a conflict, marks stand in the text."""

    files: dict[str, str]
    conflicts: tuple[Conflict, ...]


def merge(base: Files, ours: Files, theirs: Files) -> Merged:
    """What `ours` and `theirs` each made of `base`, together.

    What only one side touched is as that side has it, byte for byte. An entry that both changed in different ways is a conflict.
    The version of a pack that is as neither side has it is the next one after both. Raises nothing of its own.
    """
    merging = _Merging()
    files: dict[str, str] = {}
    for path in sorted({*base, *ours, *theirs}):
        text = merging.file(path, base.get(path), ours.get(path), theirs.get(path))
        if text is not None:
            files[path] = text
    return Merged(settled(files, ours, theirs), tuple(merging.conflicts))


class _Merging:
    """One merge under way: conflicts are numbered as they are found."""

    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def file(self, path: str, base: str | None, ours: str | None, theirs: str | None) -> str | None:
        """The text of a file; None: it is gone."""
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if ours is None or theirs is None:
            number = self._conflict(path, "", base, ours, theirs)
            return marked(number, None, None) + (ours or theirs or "")
        sides = (taken_apart(path, base or ""), taken_apart(path, ours), taken_apart(path, theirs))
        return self._both(path, "", *sides)

    def _both(self, file: str, at: str, base: Entry | None, ours: Entry, theirs: Entry) -> str:
        """An entry that both sides have."""
        before = base or Entry(ours.key, ("",))
        if not before.slots == ours.slots == theirs.slots:
            if base is not None and not base.text and ours.slots == theirs.slots:
                before = Entry(ours.key, ("",) * len(ours.own), ours.slots, dict.fromkeys(ours.slots, ()))
            else:
                return self._whole(file, at, base, ours, theirs)
        own = _one_of(before.own, ours.own, theirs.own) or _one_but_for_layout(before.own, ours.own, theirs.own)
        number = None
        if own is None:
            if at.endswith("version") and file.endswith("/pack.yaml"):
                own = max(ours.own, theirs.own)  # the version is settled when all files are
            else:
                number = self._conflict(file, at, base.text if base else None, ours.text, theirs.text)
                own = theirs.own
        parts = [own[0]]
        for slot, piece in zip(ours.slots, own[1:], strict=True):
            below = f"{at}.{slot}" if slot else at
            rows = self._rows(file, below, before.inner[slot], ours.inner[slot], theirs.inner[slot])
            if not rows and (ours.inner[slot] or theirs.inner[slot]):
                return self._whole(file, at, base, ours, theirs)
            parts += [rows, piece]
        text = "".join(parts)
        return text if number is None else marked(number, ours.text, text)

    def _whole(self, file: str, at: str, base: Entry | None, ours: Entry, theirs: Entry) -> str:
        """An entry whose parts are not the same on all sides."""
        texts = (base.text if base else None, ours.text, theirs.text)
        text = _one_of(*texts)
        return marked(self._conflict(file, at, *texts), ours.text, theirs.text) if text is None else text

    def _rows(self, file: str, at: str, base: Sequence[Entry], ours: Sequence[Entry], theirs: Sequence[Entry]) -> str:
        """The entries below one, in the order in which they are merged."""
        was, mine, new = ({entry.key: entry for entry in side} for side in (base, ours, theirs))
        return "".join(
            self._row(file, f"{at}[{key}]" if at else key, was.get(key), mine.get(key), new.get(key))
            for key in _order(list(was), list(mine), list(new))
        )

    def _row(self, file: str, at: str, base: Entry | None, ours: Entry | None, theirs: Entry | None) -> str:
        if ours is not None and theirs is not None:
            return ours.text if ours.text == theirs.text else self._both(file, at, base, ours, theirs)
        left = ours or theirs
        if left is None or (base is not None and left.text == base.text):
            return ""
        if base is None:
            return left.text
        mine, new = ours.text if ours else None, theirs.text if theirs else None
        return marked(self._conflict(file, at, base.text, mine, new), mine, new)

    def _conflict(self, file: str, path: str, base: str | None, ours: str | None, theirs: str | None) -> int:
        number = len(self.conflicts) + 1
        self.conflicts.append(Conflict(number, file, path, base, ours, theirs))
        return number


def _one_of(base: Told, ours: Told, theirs: Told) -> Told | None:
    """What it is where at most one side changed it, or both alike. None: they differ."""
    if theirs in (base, ours):
        return ours
    return theirs if ours == base else None


def _one_but_for_layout(base: Own, ours: Own, theirs: Own) -> Own | None:
    """As `_one_of`, where one side moved nothing but spaces and line ends."""
    was, mine, new = ([_AROUND.sub("", _SPACES.sub(" ", piece)) for piece in side] for side in (base, ours, theirs))
    if mine == was:
        return theirs
    return ours if new in (was, mine) else None


def _order(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[str]:
    """Every key once: what both sides have in the order of the side that moved anything, theirs if both did; what one side
    added after what it stood behind there, and what was taken out by one where it stood."""
    mine, new = set(ours), set(theirs)
    common = [key for key in theirs if key in mine]
    of_base = [key for key in base if key in mine and key in new]
    unmoved = [key for key in common if key in set(base)] == of_base
    skeleton = [key for key in ours if key in new] if unmoved else common
    gaps = [_gaps(side, set(skeleton)) for side in (ours, theirs)]
    for key in ("", *skeleton):
        if key:
            yield key
        runs = sorted((gap.get(key, []) for gap in gaps), key=lambda run: run[:1])
        sorted_runs = all(a <= b for run in runs for a, b in pairwise(run))
        yield from in_order(*runs) if sorted_runs else [one for run in runs for one in run]


def _gaps(side: Sequence[str], skeleton: set[str]) -> dict[str, list[str]]:
    """What stands behind each key of the skeleton that is not of it; behind the empty key what stands before all."""
    found: dict[str, list[str]] = {}
    last = ""
    for key in side:
        if key in skeleton:
            last = key
        else:
            found.setdefault(last, []).append(key)
    return found


__all__ = ["ROOT", "Merged", "merge"]
