"""The file of a SQLite ledger: its pages and indexes by SQLite's own check, its tables and triggers against the migrations.

An index that is damaged answers questions wrongly while every row is as it was written. PostgreSQL keeps checksums of its own.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import create_engine, text

from engine.ledger._database import Connection, Database
from engine.ledger._schema import make_in

_SCHEMA: Final = text(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"
)


class Store:
    """What lies below the rows."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection, self._database = connection, database

    def fault(self) -> tuple[int, str, str] | None:
        """Nought, what is meant, what is wrong; None: nothing is."""
        if not self._database.is_sqlite:
            return None
        said = self._connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if said != "ok":
            return 0, "file", f"the file is damaged: {said.strip().splitlines()[-1]}"
        stored = {tuple(row) for row in self._connection.execute(self._database.worded(_SCHEMA)).fetchall()}
        differing = sorted(str(row[1]) for row in stored ^ expected_schema())
        if differing:
            return 0, "schema", f"{differing[0]} is not what this version makes: a table, index or trigger was changed"
        return None


@cache
def expected_schema() -> frozenset[tuple[Any, ...]]:
    """Every table, index and trigger that the migrations make."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            make_in(connection)
            return frozenset(tuple(row) for row in connection.execute(_SCHEMA))
    finally:
        engine.dispose()
