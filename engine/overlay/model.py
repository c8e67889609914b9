"""The parts of a file that have a name of their own, and what two sides could not agree on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of a file under its stable key: a parameter, one of its values, a rule, one of its tests, a row, a sentence.

    `own`: its text without what stands in its slots, in pieces; `slots`: slot i stands between piece i and the next. All pieces
    and slots together are the text of the file, byte for byte.
    """

    key: str
    own: tuple[str, ...]
    slots: tuple[str, ...] = ()
    inner: Mapping[str, Sequence[Entry]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def text(self) -> str:
        """The whole of it."""
        parts = [self.own[0]]
        for slot, piece in zip(self.slots, self.own[1:], strict=True):
            parts += [*(entry.text for entry in self.inner[slot]), piece]
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same entry, changed by both sides in different ways. None: it is not there."""

    number: int
    """From 1, over all files: the marks in the text say it."""
    file: str
    path: str
    """Of the entry in its file: `parameters[small_max].values[2024-01-01]`; empty: the whole file."""
    base: str | None
    """As both sides had it."""
    ours: str | None
    """As the house, or the draft, has it."""
    theirs: str | None
    """As what came with the software, or the release in force, has it."""
