"""A thousand single bytes, each flipped in a ledger of ten thousand decisions: the audit finds a thousand.

Half of them are flipped in a value of a column, every table alike often, by a hand that leaves triggers and indexes in order;
half in the bytes of the file that belong to records of tables and indexes (`pages`). A byte is drawn anew only where no row of
any table reads differently for it, and no index: SQLite reads some record headers alike, such as both reserved types as NULL.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from engine.ledger import LedgerError, verify
from tests.ledger.pages import Span, spans
from tests.ledger.tampering import by_hand
from tests.ledger.whole import fill

NIGHT = bool(os.environ.get("LEXGATE_NIGHTLY"))
DECISIONS = 10_000 if NIGHT else 500
FLIPS = 1_000 if NIGHT else 100


@pytest.fixture(scope="module")
def whole() -> Iterator[Path]:
    """The ledger that is tampered with, in memory where there is any: durability is proven elsewhere."""
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        path = Path(folder) / "whole.db"
        fill(f"sqlite:///{path}", DECISIONS)
        report = verify(f"sqlite:///{path}")
        assert report.first_bad is None
        assert report.rows > DECISIONS
        log = path.with_name("whole.db-wal")
        assert not log.exists() or log.stat().st_size == 0, "all of it is in the file"
        yield path


def found(path: Path) -> bool:
    try:
        return not verify(f"sqlite:///{path}").ok
    except LedgerError:
        return True


@pytest.mark.slow
def test_a_flipped_byte_in_any_value_of_any_table_is_found(whole: Path) -> None:
    dice = Random(11)
    tables = _tables(whole)
    # Each table in turn: of nearly every one some value is flipped, however few flips there are.
    turns = sorted(tables)
    dice.shuffle(turns)
    missed, tried, drawn = [], Counter(), 0
    while tried.total() < FLIPS // 2:
        table = turns[drawn % len(turns)]
        # A file of its own each time: a log that a hand left behind would be read with the next one.
        copy = whole.with_name(f"copy{drawn}.db")
        drawn += 1
        shutil.copy(whole, copy)
        what = _flip_value(copy, table, dice)
        if what is not None:
            tried[table] += 1
            missed += [] if found(copy) else [what]
        for name in whole.parent.glob(f"{copy.name}*"):
            name.unlink()
    assert missed == []
    assert len(tried) >= len(tables) * 2 // 3, "of nearly every table some value was flipped"


@pytest.mark.slow
def test_a_flipped_byte_in_any_record_of_the_file_is_found(whole: Path) -> None:
    dice, copy = Random(13), whole.with_name("raw.db")
    shutil.copy(whole, copy)
    trees = spans(copy)
    rows, missed, alike, tried = _everything(whole), Counter(), 0, 0
    assert verify(f"sqlite:///{copy}").rows > DECISIONS
    assert not found(copy)
    chosen = [_by_tree, _by_size]
    while tried < FLIPS // 2:
        name, place = chosen[tried % 2](trees, dice)
        before = _set(copy, place, lambda byte: byte ^ dice.randrange(1, 256))
        seen = found(copy)
        assert not copy.with_name("raw.db-wal").exists() or copy.with_name("raw.db-wal").stat().st_size == 0
        if not seen and _everything(copy) == rows:
            alike += 1
        else:
            tried += 1
            missed.update([] if seen else [name])
        _set(copy, place, lambda _, before=before: before)
    assert missed == Counter()
    assert alike <= FLIPS // 50, "record headers that read alike are few"


def _by_tree(trees: dict[str, list[Span]], dice: Random) -> tuple[str, int]:
    name = dice.choice(sorted(name for name, found in trees.items() if found))
    return name, _in(trees[name], dice)


def _by_size(trees: dict[str, list[Span]], dice: Random) -> tuple[str, int]:
    (name,) = dice.choices(list(trees), [sum(span.length for span in found) for found in trees.values()])
    return name, _in(trees[name], dice)


def _in(found: list[Span], dice: Random) -> int:
    (span,) = dice.choices(found, [span.length for span in found])
    return span.start + dice.randrange(span.length)


def _set(path: Path, place: int, change: Callable[[int], int]) -> int:
    with path.open("r+b") as file:
        file.seek(place)
        before = file.read(1)[0]
        file.seek(place)
        file.write(bytes([change(before)]))
    return before


def _tables(path: Path) -> list[str]:
    connection = sqlite3.connect(path)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    empty = [name for name in names if connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] == 0]
    connection.close()
    # What was taken out needs an archive beside the ledger, and keys of subjects a master key: `test_archive_drop` and
    # `test_protection` tamper with those.
    assert sorted(empty) == ["archived_span", "subject", "subject_lookup"], "each other table has rows to tamper with"
    return [name for name in names if name not in empty]


def _flip_value(path: Path, table: str, dice: Random) -> str | None:
    """One byte of one value of one row. None: the value is NULL, or the database itself would not have it."""
    with by_hand(f"sqlite:///{path}") as hand:
        columns = [row[1] for row in hand.execute(f"PRAGMA table_info({table})").fetchall()]
        keys = [row[1] for row in hand.execute(f"PRAGMA table_info({table})").fetchall() if row[5]]
        (number,) = hand.execute(f"SELECT count(*) FROM {table}").fetchone()
        row = hand.execute(f"SELECT * FROM {table} LIMIT 1 OFFSET {dice.randrange(number)}").fetchone()
        column = dice.choice(columns)
        value = row[columns.index(column)]
        if value is None or value in ("", b""):
            return None
        where = " AND ".join(f"{key} = ?" for key in keys)
        changed = _flipped(value, dice)
        try:
            hand.execute(
                f"UPDATE {table} SET {column} = {'CAST(? AS TEXT)' if isinstance(value, str) else '?'} WHERE {where}",
                (changed, *(row[columns.index(key)] for key in keys)),
            )
        except (sqlite3.IntegrityError, OverflowError):
            return None
    return f"{table}.{column}"


def _flipped(value: Any, dice: Random) -> Any:
    """Another byte in one place."""
    if isinstance(value, int):
        changed = value ^ (dice.randrange(1, 256) << 8 * dice.randrange(8))
        return changed - 2**64 if changed >= 2**63 else changed
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    raw[dice.randrange(len(raw))] ^= dice.randrange(1, 256)
    return bytes(raw)


def _everything(path: Path) -> object:
    """Every value of every table with its type, and what the indexes find."""
    connection = sqlite3.connect(path)
    connection.text_factory = bytes
    try:
        names = [name.decode() for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        return rows, connection.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.DatabaseError as error:
        return str(error)
    finally:
        connection.close()
