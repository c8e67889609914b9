"""The store behind the ledger: one address, two dialects, and raw connections that are prepared the same way.

The hot path speaks to the driver itself. SQLAlchemy writes the statements, once, and carries the migrations.
"""

from __future__ import annotations

import os
import sqlite3
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache, lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from types import ModuleType
from typing import Any, Final, Protocol

import orjson
from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.sql import ClauseElement
from sqlmodel import SQLModel

from engine.ledger.errors import BadLedgerUrl, LedgerClosed, LedgerUnavailable

BUSY_SECONDS: Final = 5
"""How long one process waits while another one writes."""
STATEMENTS: Final = 512
"""Statements that a connection keeps prepared: of batches, one for every number of rows."""
PAGE_BYTES: Final = 16_384
"""A decision of 6 kB fits one page; measured against 4 kB it takes a quarter less time to write, and no more alone."""
CHECKPOINT_PAGES: Final = 1024
"""16 MiB of log, then it is copied into the file: short pauses often instead of long ones seldom. With 4 MiB pages of indexes are
copied for every few decisions anew."""
CACHE_KIB: Final = 32_768
"""Of pages that the connection that writes holds: at the 2 MiB that are usual three pages were read again for each decision."""
LOG_BYTES: Final = 64 * 1024 * 1024
"""What the log file may keep after a long reader let it grow."""
READERS: Final = 16
"""Connections for reading that one process holds on PostgreSQL at most: a server has a hundred for all of them."""
_NEVER: Final = 2**62
SILENT_MILLISECONDS: Final = 10_000
"""How long what was sent to PostgreSQL may stay without any word of having come: then the line is taken for cut."""

Parameters = Mapping[str, Any] | Sequence[Any]


class Cursor(Protocol):
    """What both drivers' cursors can do, as far as the ledger needs it."""

    rowcount: int

    def execute(self, sql: str, parameters: Parameters = ..., /) -> Any: ...

    def executemany(self, sql: str, rows: Iterable[Parameters], /) -> Any: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def fetchmany(self, size: int, /) -> list[Any]: ...

    def nextset(self) -> bool | None: ...


class Connection(Protocol):
    """What both drivers' connections can do, as far as the ledger needs it."""

    def cursor(self) -> Any: ...

    def execute(self, sql: str, parameters: Parameters = ..., /) -> Any: ...

    def close(self) -> None: ...


# A ledger has some three hundred statements, and each opening asks for all: wording them takes longer than the rest of it.


@lru_cache(maxsize=2048)
def _worded(statement: ClauseElement, is_sqlite: bool) -> str:
    dialect: Any = (sqlite if is_sqlite else postgresql).dialect
    return str(statement.compile(dialect=dialect(paramstyle="named" if is_sqlite else "pyformat")))


@cache
def _insertion(table: type[SQLModel], unless_known: bool, rows: int, is_sqlite: bool) -> str:
    spoken: Any = sqlite if is_sqlite else postgresql
    insert: Any = spoken.insert(table)
    if unless_known:
        insert = insert.on_conflict_do_nothing()
    worded = str(insert.compile(dialect=spoken.dialect(paramstyle="qmark" if is_sqlite else "format")))
    before, word, rest = worded.partition(" VALUES ")
    row, conflict, after = rest.partition(" ON CONFLICT")
    return before + word + ", ".join([row] * rows) + conflict + after


_postgres: Any = postgresql.dialect


@cache
def _arrays_insertion(table: type[SQLModel], unless_known: bool) -> tuple[str, tuple[str, ...]]:
    columns, dialect = table.__table__.columns, _postgres()  # type: ignore[attr-defined]
    types = tuple(column.type.compile(dialect=dialect).partition(" ")[0] for column in columns)
    before, _, _ = _insertion(table, False, 1, False).partition(" VALUES ")
    arrays = ", ".join(f"CAST(%s AS {name}[])" for name in types)
    known = " ON CONFLICT DO NOTHING" if unless_known else ""
    return f"{before} SELECT * FROM unnest({arrays}){known}", types  # noqa: S608  of names in the code alone


class Database:
    """Where the ledger is. It opens connections and words statements; it neither reads nor writes rows."""

    def __init__(self, url: str, *, readonly: bool = False) -> None:
        self.url = _address(url)
        self.readonly = readonly
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.driver: ModuleType = sqlite3 if self.is_sqlite else _psycopg()

    @property
    def name(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def address(self) -> str:
        """The whole address. Not for logs."""
        return self.url.render_as_string(hide_password=False)

    @property
    def begin(self) -> str:
        """Opens a write transaction that holds the lock from its first word."""
        return "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN ISOLATION LEVEL READ COMMITTED"

    @property
    def begin_reading(self) -> str:
        """Opens a transaction that sees one moment throughout."""
        return "BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def worded(self, statement: ClauseElement) -> str:
        """The statement in this dialect, its parameters by name."""
        return _worded(statement, self.is_sqlite)

    def listed(self, values: Iterable[object]) -> object:
        """Values as one parameter: a list on PostgreSQL (`= ANY`), its JSON on SQLite (`IN (SELECT value FROM json_each`)."""
        return orjson.dumps(list(values)).decode() if self.is_sqlite else list(values)

    def insertion(self, table: type[SQLModel], *, unless_known: bool = False, rows: int = 1) -> str:
        """An INSERT of all columns in their order, its parameters by position; of so many rows at once."""
        return _insertion(table, unless_known, rows, self.is_sqlite)

    def insertion_of_arrays(self, table: type[SQLModel], *, unless_known: bool = False) -> tuple[str, tuple[str, ...]]:
        """An INSERT of any number of rows on PostgreSQL, its parameters one array a column (`_arrays`), and their types."""
        return _arrays_insertion(table, unless_known)

    @contextmanager
    def together(self, connection: Any) -> Iterator[None]:
        """Statements whose results nobody needs, sent on PostgreSQL without waiting between them: one journey for all. What was
        wrong with one of them is raised at the end, and none after it was done."""
        if self.is_sqlite or not self.driver.Pipeline.is_supported():
            yield
            return
        # Of a statement that was to be prepared and was not done the driver would believe for ever that it is: what is prepared
        # already is used, and nothing more is.
        prepared, connection.prepare_threshold = connection.prepare_threshold, _NEVER
        try:
            with connection.pipeline():
                yield
        finally:
            connection.prepare_threshold = prepared

    def connect(self) -> Connection:
        """A connection of its own, in autocommit mode: transactions are begun and ended by word."""
        try:
            return self._connect_sqlite() if self.is_sqlite else self._connect_postgres(autocommit=True)
        except (self.driver.Error, OSError, UnicodeError) as error:
            raise LedgerUnavailable(f"The ledger at {self.name} cannot be opened: {one_line(error)}") from error

    def engine(self) -> Engine:
        """For migrations only."""
        if not self.is_sqlite:
            return create_engine(self.url, creator=lambda: self._connect_postgres(autocommit=False), poolclass=NullPool)
        engine = create_engine(self.url, creator=self._connect_sqlite, poolclass=NullPool)
        begin = self.begin_reading if self.readonly else self.begin
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    def is_refusal(self, error: Exception) -> bool:
        """Whether the error speaks of the entry at hand, and not of the store."""
        driver = self.driver
        if isinstance(error, driver.Error):
            return isinstance(
                error, driver.IntegrityError | driver.DataError | driver.ProgrammingError | driver.NotSupportedError
            ) or (self.is_sqlite and type(error) is driver.InterfaceError)
        return isinstance(error, TypeError | ValueError | ArithmeticError | AttributeError)

    def is_conflict(self, error: Exception) -> bool:
        """Whether another writer was in the way and the transaction, wholly undone, may be tried again."""
        return getattr(error, "sqlstate", None) in {"40001", "40P01"}

    def _connect_sqlite(self) -> sqlite3.Connection:
        path = Path(str(self.url.database))
        if self.readonly:
            connection = _open_readonly(path)
        else:
            _make_private(path)
            connection = sqlite3.connect(
                path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS
            )
        try:
            for pragma in _PRAGMAS[self.readonly]:
                connection.execute(pragma)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _connect_postgres(self, *, autocommit: bool) -> Any:
        from engine.ledger._arrays import register as register_arrays

        options: dict[str, Any] = {
            "connect_timeout": BUSY_SECONDS,
            "tcp_user_timeout": SILENT_MILLISECONDS,
            "client_encoding": "UTF8",
            **self.url.translate_connect_args(username="user", database="dbname"),
        }
        connection = self.driver.connect(**{**options, **self.url.query}, autocommit=True)
        register_arrays(connection)
        for setting in _SETTINGS[self.readonly]:
            connection.execute(setting)
        connection.autocommit = autocommit
        return connection


_PRAGMAS: Final = {
    False: (
        f"PRAGMA page_size = {PAGE_BYTES}",  # before the file has its first page; without effect afterwards
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "PRAGMA foreign_keys = ON",
        f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}",
        f"PRAGMA journal_size_limit = {LOG_BYTES}",
    ),
    True: ("PRAGMA query_only = ON",),
}

OF_WRITER: Final = (
    # Else what a statement of many rows would undo is written to a file of its own, each time.
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA cache_size = -{CACHE_KIB}",
)
"""What the one connection that writes asks for besides, on SQLite."""

_SETTINGS: Final = {
    False: (
        # A server told not to wait for the disk is asked to wait for ours; a stricter setting is left alone.
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
        "SET lock_timeout = '5s'",
        # A writer that was stopped in mid-transaction must not keep the others from the head of the chain.
        "SET idle_in_transaction_session_timeout = '30s'",
        # Bodies are made smaller while the head is held: by the server's own method that takes as long as the rest of a row.
        "SELECT set_config('default_toast_compression', 'lz4', false) FROM pg_settings"
        " WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)",
    ),
    True: ("SET default_transaction_read_only = on",),
}


class Readers:
    """Connections for reading, one for each reader at a time, kept open between questions. On PostgreSQL at most `READERS`: who
    comes when all are taken waits for one.

    Each question is its own short transaction: a long one would keep SQLite from emptying its log.
    """

    __slots__ = ("_closed", "_database", "_idle", "_room")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._idle: deque[Connection] = deque()
        self._room: AbstractContextManager[Any] = nullcontext() if database.is_sqlite else BoundedSemaphore(READERS)
        self._closed = False

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Any]:
        """All rows of the answer."""
        with self._room:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._ask(self._open(), sql, parameters)
            try:
                return self._ask(connection, sql, parameters)
            except LedgerUnavailable:
                # The connection may have grown stale in the meantime: a new one shows whether the store is there.
                return self._ask(self._open(), sql, parameters)

    def row(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first row of the answer, or None."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def close(self) -> None:
        """Close what is idle now, and the rest as it comes back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def _open(self) -> Connection:
        if self._closed:
            raise LedgerClosed("The ledger is closed")
        return self._database.connect()

    def _ask(self, connection: Connection, sql: str, parameters: Parameters) -> list[Any]:
        try:
            rows: list[Any] = connection.execute(sql, parameters).fetchall()
        except self._database.driver.Error as error:
            connection.close()
            raise LedgerUnavailable(f"The ledger cannot be read: {one_line(error)}") from error
        self._idle.append(connection)
        if self._closed:
            self.close()
        return rows


def one_line(error: BaseException) -> str:
    """The first line of an error's text, or the name of its type. Where PostgreSQL refuses a value (class 22 of SQLSTATE), its
    code alone: the text quotes the value."""
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str) and state.startswith("22"):
        return f"{type(error).__name__} ({state})"
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadLedgerUrl(f"Not a ledger address: {url!r}. {_FORMS}") from None
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername == "sqlite" and address.database not in {None, "", ":memory:"} and not address.query:
        return address
    if address.drivername == "postgresql+psycopg":
        return address
    raise BadLedgerUrl(f"Not a ledger address: {address.render_as_string()!r}. {_FORMS}")


_FORMS: Final = (
    "Use sqlite:///relative/path, sqlite:////absolute/path or postgresql+psycopg://user:password@host/database"
)


def _psycopg() -> ModuleType:
    try:
        import psycopg
    except ImportError as error:
        raise BadLedgerUrl("A PostgreSQL ledger needs the driver psycopg: pip install 'lexgate[scale]'") from error
    return psycopg


def _make_private(path: Path) -> None:
    """The ledger holds personal data: a new file, and with it its log, is for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _open_readonly(path: Path) -> sqlite3.Connection:
    """Without the right to write beside the file a finished ledger is still readable, if no log lies beside it."""
    address = path.absolute().as_uri()
    log = path.with_name(path.name + "-wal")
    frozen = not os.access(path.parent, os.W_OK) and not log.exists()
    return sqlite3.connect(
        f"{address}?immutable=1" if frozen else f"{address}?mode=ro",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
