"""How a hand that has the whole database tampers with it: past the triggers, with plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.ledger._database import Connection, Database
from engine.ledger.tables import APPEND_ONLY


@contextmanager
def by_hand(url: str, *, guarded: bool = False) -> Iterator[Connection]:
    """A connection of a hand's own. Unless `guarded`, the triggers stand aside."""
    database = Database(url)
    connection = database.connect()
    aside = [] if guarded or not database.is_sqlite else connection.execute(_TRIGGERS).fetchall()
    try:
        if not guarded:
            for statement in _unguard(database):
                connection.execute(statement)
        yield connection
    finally:
        # A hand that knows its trade leaves no trace.
        there = {name for name, _ in connection.execute(_TRIGGERS).fetchall()} if aside else set()
        for name, statement in aside:
            if name not in there:
                connection.execute(statement)
        connection.close()


_TRIGGERS = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"


def _unguard(database: Database) -> list[str]:
    if database.is_sqlite:
        verbs = [(table, verb) for table in (*APPEND_ONLY, "archived_span") for verb in ("UPDATE", "DELETE")]
        open_doors = ["PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"]
        drops = [f"DROP TRIGGER IF EXISTS {table}_no_{verb}" for table, verb in verbs]
        return [*open_doors, *drops, "DROP TRIGGER IF EXISTS obligation_ends_once"]
    return ["SET session_replication_role = replica"]


def placeholder(url: str) -> str:
    """How the store's driver writes a parameter."""
    return "?" if url.startswith("sqlite") else "%s"


def altered(value: object) -> object:
    """The smallest change of a value: the last letter (made no digit, so that no other row has it), the next number, one bit."""
    match value:
        case None:
            return None
        case bytes():
            return value[:-1] + bytes([value[-1] ^ 1]) if value else b"\0"
        case int():
            return value + 1
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 0x10) if value else "x"
    raise AssertionError(f"no such column: {value!r}")
