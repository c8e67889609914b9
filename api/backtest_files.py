"""Files of past payments: how they are read, chunk by chunk, by one process or by many, so that each chunk is the same.

A table is one file, or a folder of Parquet parts in the order of their names. What a chunk is made of is told as plain
values, so that whoever sees the same files can read it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

import orjson
import polars as pl
from pydantic import ValidationError

from engine.backtest import (
    BadTable,
    Compared,
    LeftOut,
    Payments,
    Releases,
    compare_payments,
    payments_of,
    read_table,
)
from engine.facts import Facts
from engine.replay import facts_from

FORMS: Final = {".csv": "csv", ".parquet": "parquet", ".ndjson": "ndjson", ".jsonl": "ndjson"}
"""File names by their ends."""
PARTS: Final = "*.parquet"
_EVER, _NEVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments: from the start of `first` to the end of `last` (days in UTC), and at most so many, the oldest first."""

    first: date | None = None
    last: date | None = None
    limit: int | None = None

    def told(self) -> dict[str, Any]:
        """JSON-ready."""
        days = {"from": self.first, "to": self.last}
        return {**{key: day.isoformat() if day else None for key, day in days.items()}, "limit": self.limit}

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The instants from which and before which."""
        first = datetime.combine(self.first, time(), UTC) if self.first else _EVER
        last = datetime.combine(self.last + timedelta(days=1), time(), UTC) if self.last else _NEVER
        return first, last


class Part(NamedTuple):
    """Some rows of a file: `rows` of them, after the first `first`. `end`: only the bytes from `begin` to there are read, below
    the first `header` bytes; 0: the whole file."""

    path: str
    first: int
    rows: int
    begin: int = 0
    end: int = 0
    header: int = 0


class Cut(NamedTuple):
    """What a chunk is made of. `row`: the number of its first payment."""

    number: int
    row: int
    parts: tuple[Part, ...]


class Block(NamedTuple):
    """Bytes of a file that begin and end with a record, and how many rows they are."""

    begin: int
    end: int
    rows: int


class Measured(NamedTuple):
    """A file looked over once. `blocks`: none where nobody looked for them."""

    path: str
    digest: str
    rows: int
    header: int = 0
    blocks: tuple[Block, ...] = ()


# -- which files ------------------------------------------------------------------------------------------------------------


def form_of(path: Path) -> str:
    """How a file, or a folder of parts, is read. Raises BadTable."""
    if path.is_dir():
        return "parquet"
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise BadTable(f"{path.name} is none of {', '.join(FORMS)}: the end of its name tells how it is read.")
    return form


def files_of(path: Path) -> tuple[Path, ...]:
    """The file, or the parts of a folder in the order of their names. Raises BadTable for a folder without any."""
    if not path.is_dir():
        return (path,)
    found = tuple(sorted(one for one in path.glob(PARTS) if not one.name.startswith((".", "_"))))
    if not found:
        raise BadTable(f"{path.name} holds no {PARTS}: a folder is read as a table in parts.")
    return found


def digest_of_file(path: Path) -> str:
    """sha256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_all(path: Path, found: Sequence[tuple[str, str]]) -> str:
    """Of the one file, or of all parts with their names."""
    if not path.is_dir():
        return f"sha256:{found[0][1]}"
    named = [[Path(name).name, digest] for name, digest in found]
    return f"sha256:{hashlib.sha256(orjson.dumps(named)).hexdigest()}"


# -- chunks of tables -------------------------------------------------------------------------------------------------------


def rows_of(path: Path, form: str) -> int:
    """How many rows a table has. Raises BadTable."""
    return int(_collected(path.name, form, path, lambda table: table.select(pl.len())).item())


def cuts_of(measured: Sequence[Measured], size: int, limit: int | None) -> Iterator[Cut]:
    """The chunks of a table, of `size` rows each and the last of what is left."""
    total = sum(one.rows for one in measured)
    total = total if limit is None else min(total, limit)
    for number, start in enumerate(range(0, total, size)):
        yield Cut(number, start + 1, tuple(_parts(measured, start, min(start + size, total))))


def _parts(measured: Sequence[Measured], start: int, end: int) -> Iterator[Part]:
    before = 0
    for one in measured:
        first, last = max(start - before, 0), min(end - before, one.rows)
        if first < last:
            yield _within_blocks(one, first, last) if one.blocks else Part(one.path, first, last - first)
        before += one.rows


def _within_blocks(one: Measured, first: int, last: int) -> Part:
    """The rows, and no more of the file than the blocks that hold them."""
    touched, before, skipped = [], 0, 0
    for block in one.blocks:
        if before + block.rows <= first:
            skipped = before + block.rows
        elif before < last:
            touched.append(block)
        before += block.rows
    return Part(one.path, first - skipped, last - first, touched[0].begin, touched[-1].end, one.header)


def compare_cut(form: str, cut: Cut, wanted: Wanted, releases: Releases) -> Compared:
    """Read a chunk and ask both releases. Raises BadTable, OSError."""
    if form == "ndjson":
        (part,) = cut.parts
        lines = BytesIO(bytes_of(Path(part.path), part.begin, part.end))
        return compare_lines(list(enumerate(lines, cut.row)), wanted, releases)
    tables = [_read(form, part) for part in cut.parts]
    try:
        table = tables[0] if len(tables) == 1 else pl.concat(tables)
    except pl.exceptions.PolarsError as error:
        raise BadTable(f"The parts are not of one table: {error}") from None
    payments, left_out = read_table(table, cut.row)
    return compare_payments(_within(payments, wanted), releases, left_out)


def _read(form: str, part: Part) -> pl.DataFrame:
    path = Path(part.path)
    source: Path | IO[bytes] = path
    if part.end:
        source = BytesIO(bytes_of(path, 0, part.header) + bytes_of(path, part.begin, part.end))
    return _collected(path.name, form, source, lambda table: table.slice(part.first, part.rows))


def _collected(
    name: str, form: str, source: Path | IO[bytes], wanted: Callable[[pl.LazyFrame], pl.LazyFrame]
) -> pl.DataFrame:
    """What is wanted of a table; of CSV every cell as text, so that nothing is guessed. Raises BadTable."""
    try:
        table = pl.scan_parquet(source) if form == "parquet" else pl.scan_csv(source, infer_schema=False)
        return wanted(table).collect()
    except pl.exceptions.PolarsError as error:
        raise BadTable(f"{name} cannot be read as {form}: {error}") from None


def bytes_of(path: Path, begin: int, end: int) -> bytes:
    """The bytes of a file from `begin` to `end`. Raises BadTable where the file does not go on so far any more."""
    with path.open("rb") as file:
        file.seek(begin)
        content = file.read(end - begin)
    if len(content) != end - begin:
        raise BadTable(f"{path.name} was changed while it was read.")
    return content


def _within(payments: Payments, wanted: Wanted) -> Payments:
    """Those of the days that are wanted."""
    first, last = wanted.span
    at = pl.col("occurred_at")
    inside = payments.frame.select((at >= first) & (at < last)).to_series()
    facts = None if payments.facts is None else [one for one, kept in zip(payments.facts, inside, strict=True) if kept]
    return payments if inside.all() else Payments(payments.frame.filter(inside), facts)


# -- chunks of lines --------------------------------------------------------------------------------------------------------


def compare_lines(lines: Sequence[tuple[int, bytes]], wanted: Wanted, releases: Releases) -> Compared:
    """Transactions as the contract spells them, one a line; beside its fields a line may have a `label`."""
    facts: list[Facts] = []
    rows: list[int] = []
    labels: list[bool | None] = []
    left_out: list[LeftOut] = []
    for row, line in lines:
        try:
            stated, label = _one(line)
        except (ValueError, ValidationError) as error:
            left_out.append(LeftOut(str(row), *_why(error)))
        else:
            facts.append(stated)
            rows.append(row)
            labels.append(label)
    payments = payments_of(facts, rows, labels if any(label is not None for label in labels) else None)
    return compare_payments(_within(payments, wanted) if facts else payments, releases, left_out)


def _one(line: bytes) -> tuple[Facts, bool | None]:
    tree = orjson.loads(line)
    if not isinstance(tree, dict):
        raise ValueError("a line holds one JSON object")
    label = tree.pop("label", None)
    if label is not None and not isinstance(label, bool):
        raise ValueError("label: true or false is wanted, or nothing")
    facts = facts_from(orjson.dumps(tree))
    if "occurred_at" not in facts:
        raise ValueError("occurred_at: a past payment says when it was")
    return facts, label


def _why(error: ValueError) -> tuple[str, str]:
    if isinstance(error, ValidationError):
        first: Mapping[str, Any] = error.errors(include_url=False)[0]
        return str(first["type"]), f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}"
    return ("json_invalid" if isinstance(error, orjson.JSONDecodeError) else "value"), str(error)


__all__ = [
    "Block",
    "Cut",
    "Measured",
    "Part",
    "Wanted",
    "bytes_of",
    "compare_cut",
    "compare_lines",
    "cuts_of",
    "digest_of_all",
    "digest_of_file",
    "files_of",
    "form_of",
    "rows_of",
]
