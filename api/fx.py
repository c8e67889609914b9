"""Reads exchange rates in the forms in which the European Central Bank publishes them: CSV, the same zipped, and XML."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final
from xml.parsers import expat

from engine.money import RateRow

LARGEST: Final = 64 * 1024 * 1024
"""The whole history since 1999 is under 2 MB; more than this is something else."""

_NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_CODE: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_DAYS_FIRST: Final = re.compile(r"(\d{1,2}) (\w+) (\d{4})", re.ASCII)
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip


class RatesRefused(ValueError):
    """The file is not what it should be. Says where."""


def read_rates(path: Path) -> list[RateRow]:
    """The rows of a file, whichever of the forms it has. Raises RatesRefused, or OSError."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RatesRefused(f"{path.name} has more than {LARGEST // 1024 // 1024} MiB.")
    rows = list(_rows(content))
    if not rows:
        raise RatesRefused(f"{path.name} holds no exchange rates.")
    return rows


def _rows(content: bytes) -> Iterator[RateRow]:
    if content.startswith(b"PK\x03\x04"):
        content = _unzipped(content)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        yield from _from_xml(content)
    else:
        yield from _from_csv(content)


def _unzipped(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [info for info in archive.infolist() if info.filename.lower().endswith((".csv", ".xml"))]
            if len(names) != 1:
                raise RatesRefused(f"The archive holds {len(names)} CSV or XML files; one is wanted.")
            # What the archive claims about sizes is not believed: the reading itself ends at the limit.
            with archive.open(names[0]) as member:
                found = member.read(LARGEST + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise RatesRefused(f"The archive cannot be read: {error}") from None
    if len(found) > LARGEST:
        raise RatesRefused(f"{names[0].filename} has more than {LARGEST // 1024 // 1024} MiB.")
    return found


# -- CSV: a column a currency, a row a day; N/A where none was published ------------------------------------------------


def _from_csv(content: bytes) -> Iterator[RateRow]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RatesRefused("Not UTF-8 text.") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(lines, [])]
        codes = _codes(header)
        for number, cells in enumerate(lines, start=2):
            if any(cell.strip() for cell in cells):
                yield from _csv_row(codes, cells, number)
    except csv.Error as error:
        raise RatesRefused(f"Line {lines.line_num}: {error}.") from None


def _codes(header: list[str]) -> list[str]:
    if not header or header[0] != "Date":
        raise RatesRefused("Line 1: the first column must be `Date`, the others currency codes.")
    codes = header[1:-1] if header[-1] == "" else header[1:]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise RatesRefused(f"Line 1: `{code[:20]}` is not a currency code.")
    if len(set(codes)) != len(codes):
        raise RatesRefused("Line 1: a currency is there twice.")
    return codes


def _csv_row(codes: list[str], cells: list[str], line: int) -> Iterator[RateRow]:
    day = _day(cells[0].strip(), line)
    if len(cells) < len(codes) + 1 or any(cell.strip() for cell in cells[len(codes) + 1 :]):
        raise RatesRefused(f"Line {line}: {len(cells)} columns, not {len(codes) + 1}.")
    for code, cell in zip(codes, cells[1:], strict=False):
        number = cell.strip()
        if number not in ("", "N/A"):
            yield RateRow(day, code, _rate(number, f"Line {line}, {code}"))


def _day(text: str, line: int) -> date:
    named = _DAYS_FIRST.fullmatch(text)  # the file of the latest day writes `20 November 2026`
    try:
        if named and named[2] in _MONTHS:
            return date(int(named[3]), _MONTHS.index(named[2]) + 1, int(named[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise RatesRefused(f"Line {line}: `{text[:20]}` is not a date.") from None


def _rate(text: str, where: str) -> Decimal:
    rate = Decimal(text) if _NUMBER.fullmatch(text) else Decimal(0)
    if rate <= 0:
        raise RatesRefused(f"{where}: `{text[:20]}` is not a rate: a plain number above zero is wanted.")
    return rate


# -- XML: <Cube time="2026-11-20"><Cube currency="USD" rate="1.1172"/>...</Cube> -----------------------------------------


class _Envelope:
    """Listens to the parser."""

    def __init__(self) -> None:
        self.rows: list[RateRow] = []
        self._day: date | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name.rpartition(":")[2] != "Cube":
            return
        line = self.parser.CurrentLineNumber
        if "time" in attributes:
            self._day = _day(attributes["time"], line)
        elif "currency" in attributes:
            code = attributes["currency"]
            if self._day is None or not _CODE.fullmatch(code):
                raise RatesRefused(f"Line {line}: a rate without its day or with no currency code.")
            self.rows.append(RateRow(self._day, code, _rate(attributes.get("rate", ""), f"Line {line}, {code}")))

    def refuse(self, *_: object) -> None:
        """A document type could declare entities that grow without end, or name files."""
        raise RatesRefused("The file declares a document type; the European Central Bank's does not.")

    def read(self, content: bytes) -> Iterable[RateRow]:
        """All rows."""
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.refuse
        try:
            self.parser.Parse(content, True)
        except RatesRefused:
            raise
        except (expat.ExpatError, ValueError, LookupError) as error:
            # The last two: encodings that the parser does not know, or that have several bytes a character.
            raise RatesRefused(f"Not XML: {error}.") from None
        return self.rows


def _from_xml(content: bytes) -> Iterable[RateRow]:
    return _Envelope().read(content)
