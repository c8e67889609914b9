"""What runs on the workers: chunks counted one by one, each left as a file, and a row told of each.

What is wrong with the work itself is told as a row and not raised: trying again on another machine would not help. Whatever else
happens to a worker is Spark's to see, and it gives the chunk to another.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple

import orjson
import pyarrow as pa

from api.backtest_files import Cut, Wanted, compare_cut
from api.backtest_folder import CHUNKS, chunk_file, keep_tally
from api.reevaluating import compared_and_told
from api.software import software
from api.spark.pieces import Piece, read_piece, stored_in
from api.spark.shipped import Law, loaded
from api.spark.survey import survey
from engine.backtest import (
    BadTable,
    Chunk,
    Compared,
    Releases,
    compare_stored,
    tally_of,
)

SCHEMA: Final = "number long, told string, trouble string"
_SCHEMA: Final = pa.schema([("number", pa.int64()), ("told", pa.string()), ("trouble", pa.string())])
TABLE: Final = "table: "
"""Begins the trouble of a file that is no table of payments."""


@dataclass(frozen=True, slots=True)
class Job:
    """Chunks to be counted. Everything big is a file: what is sent are names, numbers and digests."""

    software: str
    folder: str
    law: Law
    form: Literal["csv", "parquet", "ndjson", "stored", "answered"]
    wanted: Wanted
    work: tuple[Cut | Piece, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """Files to be looked over."""

    software: str
    form: str
    lines: int
    work: tuple[str, ...]


class Told(NamedTuple):
    """What came of one: a text, or what is wrong."""

    number: int
    text: str = ""
    trouble: str = ""


def run(job: Job | Survey, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Do each piece of work whose place in the list comes in."""
    for batch in batches:
        for place in batch.column("id").to_pylist():
            told = _tried(job, place)
            yield pa.RecordBatch.from_pylist([dict(zip(_SCHEMA.names, told, strict=True))], schema=_SCHEMA)


def _tried(job: Job | Survey, place: int) -> Told:
    if software() != job.software:
        where = socket.gethostname()
        return Told(
            place, trouble=f"{where} has {software()}, and it was called from {job.software}: install the same."
        )
    try:
        return _surveyed(job, place) if isinstance(job, Survey) else _counted(job, job.work[place])
    except BadTable as error:
        return Told(place, trouble=f"{TABLE}{error}")
    except (FileNotFoundError, PermissionError) as error:
        why = f"{socket.gethostname()} cannot read {error.filename}: it must be on storage that every machine sees."
        return Told(place, trouble=why)
    except ValueError as error:
        return Told(place, trouble=str(error))


def _surveyed(job: Survey, place: int) -> Told:
    found = survey(Path(job.work[place]), job.form, job.lines)
    return Told(place, orjson.dumps([*found[:4], [list(block) for block in found.blocks]]).decode())


def _counted(job: Job, one: Cut | Piece) -> Told:
    """Count one chunk, unless its file is there: another try may have left it."""
    folder = Path(job.folder)
    if not chunk_file(folder / CHUNKS, one.number).exists():
        releases = loaded(folder, job.law)
        chunk = Chunk(one.number, partial(_compared, job, one))
        keep_tally(folder / CHUNKS, one.number, tally_of(chunk, releases))
    return Told(one.number)


def _compared(job: Job, one: Cut | Piece, releases: Releases) -> Compared:
    folder = Path(job.folder)
    if isinstance(one, Cut):
        return compare_cut(job.form, one, job.wanted, releases)
    if job.form == "stored":
        return compare_stored(stored_in(folder, one), releases)
    return compared_and_told(folder, one.number, read_piece(folder, one), releases)


__all__ = ["SCHEMA", "TABLE", "Job", "Survey", "Told", "run"]
