"""A file of past payments looked over once: its digest, its rows, and where it can be cut so that nobody reads all of it again.

A Parquet file tells by itself where its rows are. Of text only who has read everything before a row knows where it begins: a
line may go on in the next one where a text in quotes does. So one worker reads the file once, and writes down where records end.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import polars as pl

from api.backtest_files import Block, Measured, bytes_of, digest_of_file, rows_of

BLOCK: Final = 16 * 2**20
"""Bytes of CSV between two places at which it may be cut: a chunk reads at most so many in vain."""
_QUOTE, _END = b'"', b"\n"


def survey(path: Path, form: str, lines: int, block: int = BLOCK) -> Measured:
    """Look over one file; NDJSON is cut every so many `lines`. Raises BadTable, OSError."""
    digest, name = digest_of_file(path), str(path)
    if form == "parquet":
        return Measured(name, digest, rows_of(path, form))
    if form == "ndjson":
        cut = tuple(_lines(path, lines))
        return Measured(name, digest, sum(one.rows for one in cut), 0, cut)
    rows = rows_of(path, form)
    header = _header(path, block)
    cut = tuple(_counted(path, header, block)) if header else ()
    # Whoever counts rows in the pieces must come to the count of the whole; else the file is read as a whole each time.
    return (
        Measured(name, digest, rows, header, cut)
        if sum(one.rows for one in cut) == rows
        else Measured(name, digest, rows)
    )


def _lines(path: Path, every: int) -> Iterator[Block]:
    """Stretches of so many lines; the last may be shorter, and end without an end of line."""
    begin = position = count = 0
    with path.open("rb") as file:
        while some := file.read(BLOCK):
            at = 0
            while count + some.count(_END, at) >= every:
                for _ in range(every - count):
                    at = some.index(_END, at) + 1
                yield Block(begin, position + at, every)
                begin, count = position + at, 0
            count += some.count(_END, at)
            position += len(some)
            last = some[-1:]
    if begin < position:
        yield Block(begin, position, count + (last != _END))


def _header(path: Path, block: int) -> int:
    """How many bytes the first record has; 0: it does not end within a block."""
    with path.open("rb") as file:
        some = file.read(block)
    at = -1
    while (at := some.find(_END, at + 1)) >= 0:
        if some.count(_QUOTE, 0, at) % 2 == 0:
            return at + 1
    return 0


def _counted(path: Path, header: int, block: int) -> Iterator[Block]:
    head = bytes_of(path, 0, header)
    for begin, end in _stretches(path, header, block):
        table = pl.scan_csv(BytesIO(head + bytes_of(path, begin, end)), infer_schema=False)
        try:
            first = table.select(pl.nth(0)).collect()
        except pl.exceptions.PolarsError:  # what is wrong is told when the chunk is read, as of a file that is not cut
            return
        yield Block(begin, end, first.height)


def _stretches(path: Path, begin: int, block: int) -> Iterator[tuple[int, int]]:
    """From where to where records go, nearly a block each, or longer where one record is."""
    odd, position = 0, begin
    with path.open("rb") as file:
        file.seek(begin)
        while some := file.read(block):
            odd ^= some.count(_QUOTE) & 1
            position += len(some)
            end = _last_end(some, odd)
            if end:
                yield begin, position - len(some) + end
                begin = position - len(some) + end
    if begin < position:
        yield begin, position


def _last_end(some: bytes, odd: int) -> int:
    """Where the last record ends that ends in these bytes; 0: none does. `odd`: whether a text is open at their end."""
    at = len(some)
    while (end := some.rfind(_END, 0, at)) >= 0:
        odd ^= some.count(_QUOTE, end, at) & 1
        if not odd:
            return end + 1
        at = end
    return 0


__all__ = ["survey"]
