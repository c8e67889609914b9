"""Delimited text as it streams: rows by their columns, with the limits and the errors of the house.

A line is read as UTF-8. Where a list is known to come in Windows-1252 as well (HM Treasury, old files of the Commission), a
line that is no UTF-8 is read as that.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from engine.screening.lists.errors import BrokenList, EmptyList, HostileList, TruncatedList, UnknownFormat
from engine.screening.lists.limits import Bounded, Limits, clean

Row = dict[str, str]

_END_OF_FILE: Final = b"\x1a"
"""DOS's mark at the end of a text, which OFAC's flat files still carry."""
_BOM: Final = "\ufeff"


def lines(stream: BinaryIO, limits: Limits, *, western: bool = False) -> Iterator[str]:
    """The lines of a text with their ends. `western`: Windows-1252 where a line is no UTF-8."""
    source, number = Bounded(stream, limits), 0
    while line := source.readline():
        number += 1
        if line.strip() == _END_OF_FILE:
            if source.read(64).strip():
                raise BrokenList(f"Line {number}: the text goes on after its end-of-file mark")
            return
        if b"\0" in line:
            raise BrokenList(f"Line {number}: NUL bytes")
        text = _decoded(line, number, western=western)
        yield text.removeprefix(_BOM) if number == 1 else text


def rows(source: Iterator[str], *, delimiter: str = ",", width: int | None = None) -> Iterator[list[str]]:
    """The cells of each row, trimmed; rows without a word are left out. `width`: how many columns each row must have."""
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    short: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if short is not None:
                raise BrokenList(f"Line {reader.line_num}: a row before it has {len(short)} columns, not {width}")
            if width is not None and len(cells) != width:
                short = cells
                continue
            yield [clean(cell) for cell in cells]
    except csv.Error as error:
        raise _told(error, reader.line_num) from None
    if short is not None:
        kind = TruncatedList if width is not None and len(short) < width else BrokenList
        raise kind(f"Line {reader.line_num}: the last row has {len(short)} columns, not {width}")


def table(source: Iterator[str], wanted: Sequence[str], *, delimiter: str = ",") -> Iterator[Row]:
    """Rows by the names in the first of them, folded in case. Raises UnknownFormat where a wanted one is not there."""
    cells = rows(source, delimiter=delimiter)
    head = [name.casefold() for name in next(cells, [])]
    if not head:
        raise EmptyList("The file is empty")
    missing = [name for name in wanted if name.casefold() not in head]
    if missing:
        raise UnknownFormat(f"No column {', '.join(missing[:5])} in the first row")
    for row in _squared(cells, len(head)):
        # Of columns with one name the first counts: the old file of the Commission repeats the entry's number in each block.
        yield dict(zip(reversed(head), reversed(row), strict=True))


def _squared(cells: Iterator[list[str]], width: int) -> Iterator[list[str]]:
    """Every row as wide as the head; only the last may tell of a cut."""
    number, short = 1, 0
    for row in cells:
        number += 1
        if short:
            raise BrokenList(f"Row {short} has not the {width} columns of the first row")
        if len(row) == width or not any(row[width:]):
            padded = row[:width]
            if len(padded) == width:
                yield padded
                continue
        short = number
    if short:
        raise TruncatedList(f"The last row has not the {width} columns of the first")


def _decoded(line: bytes, number: int, *, western: bool) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        if not western:
            raise BrokenList(f"Line {number}: not UTF-8") from None
    try:
        return line.decode("cp1252")
    except UnicodeDecodeError:
        raise BrokenList(f"Line {number}: neither UTF-8 nor Windows-1252") from None


def _told(error: csv.Error, line: int) -> BrokenList | HostileList:
    said = str(error)
    if "field limit" in said:
        return HostileList(f"Line {line}: a value of more than {csv.field_size_limit()} characters")
    if "unexpected end of data" in said:
        return TruncatedList(f"Line {line}: the text ends inside a quotation")
    return BrokenList(f"Line {line}: {said}")
