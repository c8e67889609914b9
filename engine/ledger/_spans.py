"""What was taken out of the ledger, month by month: read, and told to whoever walks over it."""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._chain import Head
from engine.ledger._time import from_micros

ALL: Final = text(
    "SELECT month, from_seq, to_seq, prev, hash, manifest, place, until, taken, stayed, recorded_at, stayed_sha256, kept"
    " FROM archived_span ORDER BY from_seq"
)
DROPPED: Final = "archive.dropped"
"""The kind of the notes that vouch for these rows."""


@dataclass(frozen=True, slots=True)
class Span:
    """One month that was taken out. `taken`: how many decisions; `stayed`: how many rows are in the ledger still."""

    month: str
    first: int
    prev: bytes
    head: Head
    manifest: str
    place: str
    until: int
    taken: int
    stayed: int
    stayed_sha256: str
    kept: Sequence[int]
    """The numbers of the decisions that stayed, in order."""

    @property
    def over(self) -> datetime:
        """The instant at which the month was over."""
        return from_micros(self.until)

    def keeps(self, seq: int) -> bool:
        """Whether a decision stayed."""
        place = bisect_left(self.kept, seq)
        return place < len(self.kept) and self.kept[place] == seq


class Stayed:
    """Counts the rows of a span that stay, and makes the digest that its note holds."""

    def __init__(self) -> None:
        self.rows = 0
        self._digest = sha256()

    def hear(self, seq: int, digest: bytes) -> None:
        """One row more, in order."""
        self.rows += 1
        self._digest.update(seq.to_bytes(8, "big") + digest)

    @property
    def sha256(self) -> str:
        """Of all of them."""
        return self._digest.hexdigest()


def span_of(row: Sequence[Any]) -> Span:
    """A row, as `ALL` asks for it. Raises ValueError, zlib.error for what was never written."""
    month, first, last, prev, digest, manifest, place, until, taken, stayed, _, stayed_sha256, kept = row
    return Span(
        month, first, bytes(prev), Head(last, bytes(digest)), manifest, place, until, taken, stayed, stayed_sha256,
        unpacked(bytes(kept)),
    )  # fmt: skip


def packed(numbers: Iterable[int]) -> bytes:
    """Rising numbers: the differences, 8 bytes each, compressed."""
    steps, last = array("q"), 0
    for number in numbers:
        steps.append(number - last)
        last = number
    return zlib.compress(steps.tobytes(), 9)


def unpacked(content: bytes) -> Sequence[int]:
    """The inverse of `packed`."""
    found = array("q")
    found.frombytes(zlib.decompress(content))
    last = 0
    for place, step in enumerate(found):
        last += step
        found[place] = last
    return found
