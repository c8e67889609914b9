"""Where the payments of a back-test come from: stored decisions, or a file of past payments, chunk by chunk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Protocol

import orjson

from api.backtest_files import (
    Measured,
    Wanted,
    compare_cut,
    compare_lines,
    cuts_of,
    digest_of_all,
    digest_of_file,
    files_of,
    form_of,
    rows_of,
)
from engine.backtest import Chunk, Source, Stored, compare_stored
from engine.ledger import Ledger, StoredDecision

LEDGER: Final = "ledger"
ARCHIVE: Final = "archive:"
"""Before the folder of an archive, from which the decisions are read before those of the ledger."""
CHUNK: Final = 250_000
"""Payments of a file that are asked at once: their columns take some 200 MB, their answers as much again."""
STORED_CHUNK: Final = 2_000
"""Stored decisions that are asked between two looks at whether to stop."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A source, how many payments a chunk of it has, how many chunks there are (None: nobody counted), and the chunks."""

    source: Source
    size: int
    total: int | None
    chunks: Iterator[Chunk]


# -- stored decisions -------------------------------------------------------------------------------------------------------


class Decided(Protocol):
    """Where stored decisions are: a ledger, or an archive with the ledger that goes on from it."""

    def newest_decision(self) -> tuple[int, bytes] | None: ...

    def stretch(
        self, since: datetime | None, until: datetime | None, *, after: int, upto: int, limit: int
    ) -> tuple[StoredDecision, ...]: ...


def is_stored(source: str) -> bool:
    """Whether a source is decisions that were stored, not a file of payments."""
    return source == LEDGER or source.startswith(ARCHIVE)


def decided(source: str, ledger: Ledger) -> Decided | None:
    """The decisions of a source; None: it is a file of payments. Raises ArchiveRefused where there is no such archive."""
    if source == LEDGER:
        return ledger
    if not source.startswith(ARCHIVE):
        return None
    # Archives are Parquet: most starts need nothing that reads it.
    from engine.ledger.archive.joined import Joined

    return Joined(ledger, ledger.archive_in(Path(source.removeprefix(ARCHIVE))))


class Place(NamedTuple):
    """How far a ledger was read: so many pages, to the row with this number, with so many decisions."""

    pages: int = 0
    after: int = 0
    decisions: int = 0


def ledger_source(ledger: Decided, wanted: Wanted, rates: str) -> tuple[Source, int]:
    """The decisions that there are now, and the number of the newest; what is added meanwhile is not asked.

    Where they lie makes no difference to what they are: an archive does not show in the name, nor in the digest.
    """
    newest = ledger.newest_decision() or (0, b"")
    digest = hashlib.sha256(orjson.dumps([newest[0], newest[1].hex(), wanted.told()])).hexdigest()
    return Source(LEDGER, LEDGER, f"sha256:{digest}", rates, True, wanted.told()), newest[0]


def open_ledger(ledger: Decided, wanted: Wanted, rates: str) -> Opened:
    """The decisions that the ledger holds now."""
    source, upto = ledger_source(ledger, wanted, rates)
    return Opened(source, STORED_CHUNK, None, _stored(ledger, upto, wanted))


def _stored(ledger: Decided, upto: int, wanted: Wanted) -> Iterator[Chunk]:
    for place, found in pages(ledger, upto, wanted):
        stored = [stored_of(one) for one in found]
        yield Chunk(place.pages - 1, partial(compare_stored, stored))


def stored_of(one: StoredDecision, *, answered: bool = False) -> Stored:
    """A stored decision as it is asked again; `answered`: with its answer."""
    facts, inputs, answer = one.bodies or (b"", b"", b"")
    return Stored(one.id, facts, inputs, answer if answered else None)


def pages(
    ledger: Decided, upto: int, wanted: Wanted, since: Place | None = None
) -> Iterator[tuple[Place, tuple[StoredDecision, ...]]]:
    """The decisions of each chunk, and how far the ledger is read with it; `since`: go on from there."""
    place = since or Place()
    first, last = wanted.span
    while wanted.limit is None or place.decisions < wanted.limit:
        size = STORED_CHUNK if wanted.limit is None else min(wanted.limit - place.decisions, STORED_CHUNK)
        found = ledger.stretch(first, last, after=place.after, upto=upto, limit=size)
        if not found:
            return
        place = Place(place.pages + 1, found[-1].seq, place.decisions + len(found))
        yield place, found


# -- files ------------------------------------------------------------------------------------------------------------------


def open_file(path: Path, wanted: Wanted, rates: str) -> Opened:
    """A file of past payments, or a folder of Parquet parts. Raises BadTable for what is none of these, and OSError."""
    form = form_of(path)
    found = [(str(one), digest_of_file(one)) for one in files_of(path)]
    source = file_source(path, form, digest_of_all(path, found), wanted, rates)
    if form == "ndjson":
        return Opened(source, CHUNK, None, _lines(path, wanted))
    measured = [Measured(name, digest, rows_of(Path(name), form)) for name, digest in found]
    cuts = list(cuts_of(measured, CHUNK, wanted.limit))
    chunks = (Chunk(cut.number, partial(compare_cut, form, cut, wanted)) for cut in cuts)
    return Opened(source, CHUNK, len(cuts), chunks)


def file_source(path: Path, form: str, digest: str, wanted: Wanted, rates: str) -> Source:
    """A file as the result names it."""
    return Source(form, path.name, digest, rates, False, wanted.told())


def _lines(path: Path, wanted: Wanted) -> Iterator[Chunk]:
    with path.open("rb") as file:
        lines = islice(enumerate(file, 1), wanted.limit)
        for number in range(2**31):
            some = list(islice(lines, CHUNK))
            if not some:
                return
            yield Chunk(number, partial(compare_lines, some, wanted))


__all__ = [
    "ARCHIVE",
    "CHUNK",
    "LEDGER",
    "STORED_CHUNK",
    "Decided",
    "Opened",
    "Place",
    "Wanted",
    "decided",
    "file_source",
    "is_stored",
    "ledger_source",
    "open_file",
    "open_ledger",
    "pages",
]
