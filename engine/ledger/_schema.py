"""Brings the tables to the version this software knows, or says why it will not."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from engine.ledger._database import Database, one_line
from engine.ledger.errors import LedgerUnavailable, SchemaMismatch

REVISION: Final = "0026"
"""The last step of engine/ledger/migrations."""

_VERSIONS: Final = "alembic_version"
_FAILURES: Final = (DBAPIError, UnicodeError)
# A damaged file makes SQLite complain in words that are damaged as well.
_alembic = Lock()
# Alembic keeps the migration at hand in a global: one at a time in a process.


def upgrade(database: Database) -> None:
    """Walk the migrations forward, in one transaction. Does nothing, and loads no Alembic, where nothing is to do."""
    try:
        _upgrade(database)
    except _FAILURES as error:
        if not isinstance(error, IntegrityError | ProgrammingError):
            raise _unreadable(database, error) from error
        # PostgreSQL: another process was making the same tables, and they are found at the second try.
        try:
            _upgrade(database)
        except _FAILURES as again:
            raise _unreadable(database, again) from again


def require(database: Database) -> None:
    """Raise unless the tables are of the version this software knows."""
    engine = database.engine()
    try:
        with engine.connect() as connection:
            found = _revision(connection)
    except _FAILURES as error:
        raise _unreadable(database, error) from error
    finally:
        engine.dispose()
    if found != REVISION:
        raise SchemaMismatch(_mismatch(database, found))


def make_in(connection: Connection) -> None:
    """Make all tables, as the migrations do, in a store that has none."""
    command, config, _ = _alembic_for(connection)
    with _alembic:
        command.upgrade(config, "head")


def _upgrade(database: Database) -> None:
    engine = database.engine()
    try:
        with engine.begin() as connection:
            found = _revision(connection)
            if found != REVISION:
                _migrate(connection, database, found)
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(_VERSIONS):
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _migrate(connection: Connection, database: Database, found: str | None) -> None:
    command, config, known = _alembic_for(connection)
    if found is not None and found not in known:
        raise SchemaMismatch(_mismatch(database, found))
    with _alembic:
        command.upgrade(config, "head")


def _alembic_for(connection: Connection) -> tuple[Any, Any, set[str]]:
    """Alembic's commands, its settings for a connection, and the revisions there are."""
    # Loading Alembic takes longer than everything else at a start; most starts do not need it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return command, config, {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _unreadable(database: Database, error: DBAPIError | UnicodeError) -> LedgerUnavailable:
    reason = one_line(getattr(error, "orig", None) or error)
    return LedgerUnavailable(f"The tables of the ledger at {database.name} cannot be read or made: {reason}")


def _mismatch(database: Database, found: str | None) -> str:
    state = "has no tables of a ledger yet" if found is None else f"has tables of version {found}"
    return f"The ledger at {database.name} {state}; this Lexgate knows version {REVISION}: use the one that wrote it"
