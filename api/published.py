"""Reads exchange rates of any publisher in a form of our own: CSV, one quotation a row.

`date,from,to,rate` and, where a rate is used on other days than its own, `valid_from,valid_to`. Without them it is used on its
date and, published on a Friday, on the Saturday and Sunday after it: of a bank's holidays nothing is known here.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from api.fx import LARGEST, RatesRefused
from engine.money import DIGITS, PublishedRate

COLUMNS: Final = ("date", "from", "to", "rate")
PERIOD: Final = ("valid_from", "valid_to")
PUBLISHER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
"""Names of publishers: `GB.hmrc_period_or_market`."""
LONGEST: Final = timedelta(days=366)
"""Nobody publishes a rate for more than a year."""

_NUMBER: Final = re.compile(r"\d{1,12}(\.\d{1,12})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FRIDAY: Final = 4


class PublishedFile(NamedTuple):
    """What a file holds. `sha256`: of its bytes."""

    rows: list[PublishedRate]
    sha256: str


def read_published(path: Path) -> PublishedFile:
    """The rows of a file, all of them or none. Raises RatesRefused with line and reason, or OSError."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RatesRefused(f"{path.name} has more than {LARGEST // 1024 // 1024} MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RatesRefused("Not UTF-8 text.") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(_rows(lines))
    except csv.Error as error:
        raise RatesRefused(f"Line {lines.line_num}: {error}.") from None
    if not rows:
        raise RatesRefused(f"{path.name} holds no exchange rates.")
    return PublishedFile(rows, sha256(content).hexdigest())


def _rows(lines: Iterator[list[str]]) -> Iterator[PublishedRate]:
    header = [cell.strip() for cell in next(lines, [])]
    if sorted(header) not in (sorted(COLUMNS), sorted(COLUMNS + PERIOD)):
        raise RatesRefused(
            f"Line 1: the columns must be {','.join(COLUMNS)} or {','.join(COLUMNS + PERIOD)}, in any order."
        )
    known: dict[tuple[str, str, date], int] = {}
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = _row(dict(zip(header, _cells(cells, len(header), number), strict=True)), number)
        key = row.base, row.target, row.start
        if key in known:
            raise RatesRefused(
                f"Line {number}: {row.base} to {row.target} from {row.start} is in line {known[key]} too."
            )
        known[key] = number
        yield row


def _cells(cells: Sequence[str], wanted: int, line: int) -> list[str]:
    if len(cells) != wanted:
        raise RatesRefused(f"Line {line}: {len(cells)} columns, not {wanted}.")
    return [cell.strip() for cell in cells]


def _row(said: dict[str, str], line: int) -> PublishedRate:
    day = _day(said["date"], line)
    start = _day(said["valid_from"], line) if said.get("valid_from") else day
    end = _day(said["valid_to"], line) if said.get("valid_to") else _last(start)
    if end < start or end - start > LONGEST:
        raise RatesRefused(f"Line {line}: from {start} to {end} is no period, or one of more than a year.")
    base, target = _code(said["from"], line), _code(said["to"], line)
    if base == target:
        raise RatesRefused(f"Line {line}: {base} to {target} needs no rate.")
    rate = Decimal(said["rate"]) if _NUMBER.fullmatch(said["rate"]) else Decimal(0)
    if rate <= 0:
        raise RatesRefused(f"Line {line}: `{said['rate'][:20]}` is not a rate: a plain number above zero is wanted.")
    return PublishedRate(day, base, target, rate, start, end)


def _last(start: date) -> date:
    """The last day of use of a rate whose file does not say: nothing is published at weekends."""
    return start + timedelta(days=2) if start.weekday() == _FRIDAY else start


def _day(text: str, line: int) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RatesRefused(f"Line {line}: `{text[:20]}` is not a date such as 2026-11-20.")


def _code(text: str, line: int) -> str:
    if text not in DIGITS:
        raise RatesRefused(f"Line {line}: `{text[:20]}` is not a currency code.")
    return text
