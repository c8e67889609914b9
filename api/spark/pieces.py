"""Stored decisions as Parquet files, one a chunk, so that workers need no way into the ledger.

The one process that may read the ledger writes them as a stream, page by page: nothing is held, and nobody else is given its
address or its password. They hold personal data, and are taken away as soon as they are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
import polars as pl

from api.backtest_folder import content_of, put
from api.backtest_sources import Decided, Place, Wanted, pages
from engine.backtest import Answered, Stored
from engine.ledger import StoredDecision
from engine.packs.release import digest_of

PIECES: Final = "pieces"
_SCHEMA: Final = {
    "id": pl.String, "facts": pl.Binary, "inputs": pl.Binary, "answer": pl.Binary, "release": pl.String,
}  # fmt: skip


class Piece(NamedTuple):
    """A chunk of stored decisions in a file."""

    number: int
    digest: str


def write_piece(folder: Path, number: int, decisions: Iterable[StoredDecision]) -> Piece:
    """Write one."""
    rows = [(one.id, *(one.bodies or (b"", b"", b"")), one.release) for one in decisions]
    buffer = BytesIO()
    pl.DataFrame(rows, schema=_SCHEMA, orient="row").write_parquet(buffer)
    content = buffer.getvalue()
    path = piece_file(folder, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    put(path, content)
    return Piece(number, digest_of(content))


def read_piece(folder: Path, piece: Piece) -> list[Answered]:
    """What is in one. Raises ValueError where its bytes are not those that were written, and OSError."""
    content = content_of(piece_file(folder, piece.number), piece.digest)
    return [Answered(*row) for row in pl.read_parquet(BytesIO(content)).iter_rows()]


def stored_in(folder: Path, piece: Piece) -> list[Stored]:
    """The same without what was answered."""
    return [Stored(one.id, one.body, one.inputs) for one in read_piece(folder, piece)]


def piece_file(folder: Path, number: int) -> Path:
    """Where a piece is."""
    return folder / PIECES / f"{number:06d}.parquet"


def take_away(folder: Path, number: int) -> None:
    """A piece that is not needed any more."""
    piece_file(folder, number).unlink(missing_ok=True)


# -- of a back-test ---------------------------------------------------------------------------------------------------------


def written(ledger: Decided, upto: int, wanted: Wanted, folder: Path, counted: Iterable[int]) -> Iterator[Piece | int]:
    """Each chunk in turn: its piece, or its number where it was `counted` before. Stopped, it goes on where it was."""
    done, known = set(counted), _known(folder)
    (folder / PIECES).mkdir(parents=True, exist_ok=True)
    since = None
    for number in range(len(known)):
        place, digest = known[number]
        since = place
        if number in done:
            yield number
        elif piece_file(folder, number).exists():
            yield Piece(number, digest)
        else:
            before = known[number - 1][0] if number else None
            _, found = next(pages(ledger, upto, wanted, before))
            yield write_piece(folder, number, found)
    for place, found in pages(ledger, upto, wanted, since):
        number = place.pages - 1
        piece = Piece(number, "") if number in done else write_piece(folder, number, found)
        put(_mark(folder, number), orjson.dumps({"place": list(place), "digest": piece.digest}))
        yield number if number in done else piece


def _known(folder: Path) -> list[tuple[Place, str]]:
    """What was written before, from the first chunk on without a gap."""
    found: list[tuple[Place, str]] = []
    while (path := _mark(folder, len(found))).exists():
        tree: dict[str, Any] = orjson.loads(path.read_bytes())
        found.append((Place(*tree["place"]), tree["digest"]))
    return found


def _mark(folder: Path, number: int) -> Path:
    return folder / PIECES / f"{number:06d}.json"


__all__ = ["Piece", "piece_file", "read_piece", "stored_in", "take_away", "write_piece", "written"]
