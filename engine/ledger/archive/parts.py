"""Parquet files of chained rows: all columns of their table in its own order, nothing left out and nothing made of them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import file_digest
from heapq import merge
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import polars as pl
from sqlalchemy import LargeBinary, Text

from engine.ledger._chain import CHAINED, DECISION, Chained
from engine.ledger.archive.manifest import CHAIN, DECISIONS, ArchiveRefused, Manifest, Part, make_folder, sync

PART_ROWS: Final = 50_000
PART_BYTES: Final = 64 * 1024 * 1024
"""A part ends at so many rows, or so many bytes of bodies: what is held in memory while it is written."""
GROUP_ROWS: Final = 2_000
"""Rows between two marks of smallest and largest values: what is read to find one row."""
BY_NAME: Final = {chained.name: chained for chained in CHAINED}
UNREADABLE: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError)


def columns_of(chained: Chained) -> dict[str, pl.DataType]:
    """The columns of a table's files and their types."""
    table = chained.table.__table__.columns  # type: ignore[attr-defined]
    order = (*chained.envelope, "prev", "hash", *chained.parts)
    return {name: _type(table[name].type) for name in order}


def _type(stored: Any) -> pl.DataType:
    if isinstance(stored, LargeBinary):
        return pl.Binary()
    return pl.String() if isinstance(stored, Text) else pl.Int64()


def path_of(month: str, table: str, number: int) -> str:
    """Where a part lies in its archive."""
    year, number_of_month = month.split("-")
    root, name = (DECISIONS, "part") if table == DECISION.name else (CHAIN, table)
    return f"{root}/year={year}/month={number_of_month}/{name}-{number:05d}.parquet"


def write_part(folder: Path, path: str, chained: Chained, rows: Sequence[Sequence[Any]]) -> Part:
    """Write one, whole or not at all, and for its owner only."""
    place = folder / path
    make_folder(place.parent)
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    schema = columns_of(chained)
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "wb+") as file:
        frame = pl.DataFrame([_plain(row) for row in rows], schema=schema, orient="row", strict=True)
        frame.write_parquet(file, compression="zstd", row_group_size=GROUP_ROWS, statistics=True)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
        file.seek(0)
        digest = file_digest(file, "sha256").hexdigest()
    draft.replace(place)
    sync(place.parent)
    bounds: dict[str, Any] = {}
    if chained is DECISION:
        for name in ("id", "at"):
            at = chained.envelope.index(name)
            bounds |= {f"first_{name}": min(row[at] for row in rows), f"last_{name}": max(row[at] for row in rows)}
    return Part(path, chained.name, len(rows), size, digest, rows[0][0], rows[-1][0], **bounds)


def _plain(row: Sequence[Any]) -> list[Any]:
    """PostgreSQL's driver hands out views of memory."""
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]


def digest_of(folder: Path, part: Part) -> str:
    """The SHA-256 of a part as it lies there. Raises ArchiveRefused."""
    try:
        with (folder / part.path).open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ArchiveRefused(f"{part.path} cannot be read: {error.strerror}") from None


def require_sound(folder: Path, part: Part) -> None:
    """Raise ArchiveRefused unless a part is byte for byte what its manifest says."""
    if digest_of(folder, part) != part.sha256:
        raise ArchiveRefused(f"{part.path} is not what its manifest says")


def scan(folder: Path, part: Part) -> pl.LazyFrame:
    """A part, to be asked."""
    return pl.scan_parquet(folder / part.path, hive_partitioning=False)


def collected(part: Part, wanted: pl.LazyFrame) -> pl.DataFrame:
    """What is asked of a part. Raises ArchiveRefused where it cannot be read."""
    try:
        return wanted.collect()
    except UNREADABLE as error:
        raise ArchiveRefused(f"{part.path} cannot be read: {str(error).splitlines()[0]}") from None


def rows_of(folder: Path, manifest: Manifest, above: int = 0) -> Iterator[tuple[Chained, tuple[Any, ...]]]:
    """The rows of a month above a number, in the order of their numbers; a group of each table at a time is held."""
    tables = [_of_table(folder, manifest, chained, above) for chained in CHAINED]
    return ((chained, row) for _, chained, row in merge(*tables, key=itemgetter(0)))


def _of_table(
    folder: Path, manifest: Manifest, chained: Chained, above: int
) -> Iterator[tuple[int, Chained, tuple[Any, ...]]]:
    schema = columns_of(chained)
    for part in manifest.parts:
        if part.table != chained.name or part.last_seq <= above:
            continue
        for first in range(0, part.rows, GROUP_ROWS):
            frame = collected(part, scan(folder, part).slice(first, GROUP_ROWS))
            if dict(frame.schema) != schema:
                raise ArchiveRefused(f"{part.path} has other columns than {chained.name}")
            for row in frame.iter_rows():
                if row[0] > above:
                    yield row[0], chained, row
