"""The tables: what the migrations make is what the classes say, and no other version is touched."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

import engine.ledger
from engine.ledger import (
    BadLedgerUrl,
    Ledger,
    LedgerCorrupt,
    LedgerUnavailable,
    SchemaMismatch,
    _database,
    _schema,
    verify,
)
from engine.ledger._database import CHECKPOINT_PAGES, PAGE_BYTES, Database
from engine.ledger.tables import APPEND_ONLY, METADATA
from tests.ledger.conftest import Postgres
from tests.ledger.factories import entry, store, stored
from tests.ledger.tampering import by_hand
from tests.ledger.whole import fill

ROOT = Path(__file__).parents[2]
MIGRATIONS = Path(engine.ledger.__file__).parent / "migrations"


# An index of an expression is not read back from SQLite: the test after this one looks for it by name.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_the_migrations_make_what_the_classes_say(url: str) -> None:
    database = Database(url, readonly=True)
    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, METADATA)
    # SQLite cannot let go of a foreign key without making the table anew: those of 0001 and 0004 stay there.
    kept = {("event", "decision"), ("obligation", "decision")} if database.is_sqlite else set()
    left = [
        one for one in found if one[0] != "remove_fk" or (one[1].table.name, one[1].referred_table.name) not in kept
    ]
    assert left == []


def test_the_partial_indexes_are_as_the_classes_say(sqlite_url: str) -> None:
    """Alembic does not compare what an index leaves out."""
    with by_hand(sqlite_url, guarded=True) as hand:
        made = dict(
            hand.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
        )
    for table in METADATA.tables.values():
        for index in table.indexes:
            where = index.dialect_options["sqlite"]["where"]
            assert made[index.name].partition(" WHERE ")[2] == ("" if where is None else str(where)), index.name


def test_the_known_revision_is_the_last_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [_schema.REVISION]


def test_opening_again_changes_nothing(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        made = stored(ledger)
    with Ledger.open(sqlite_url) as ledger:
        assert ledger.decision(made.id) is not None
        assert ledger.verify().rows == 1


def test_many_may_make_the_tables_at_once(tmp_path: Path, postgres: Postgres) -> None:
    """Three processes, each with two ledgers, on each store."""
    postgres.sql("CREATE DATABASE fresh")
    for address in (f"sqlite:///{tmp_path / 'new.db'}", postgres.url("fresh")):
        children = [subprocess.Popen([sys.executable, "-c", OPEN_TWICE, address], cwd=ROOT) for _ in range(3)]
        assert [child.wait(60) for child in children] == [0, 0, 0]
        with Ledger.open(address) as ledger:
            store(ledger, entry())
            assert ledger.verify().rows == 1


@pytest.mark.parametrize(
    ("fails", "opens"),
    [([IntegrityError], True), ([IntegrityError, IntegrityError], False), ([OperationalError], False)],
)
def test_tables_made_by_another_at_the_same_time_are_found(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, fails: list[type[DBAPIError]], opens: bool
) -> None:
    upgrade = _schema._upgrade

    def contested(database: Database) -> None:
        if fails:
            raise fails.pop(0)("CREATE TABLE", {}, Exception("already exists"))
        upgrade(database)

    fails = list(fails)
    monkeypatch.setattr(_schema, "_upgrade", contested)
    if opens:
        Ledger.open(sqlite_url).close()
    else:
        with pytest.raises(LedgerUnavailable, match="already exists"):
            Ledger.open(sqlite_url)


OPEN_TWICE = """
import sys
from concurrent.futures import ThreadPoolExecutor
from engine.ledger import Ledger
with ThreadPoolExecutor(2) as pool:
    for ledger in list(pool.map(Ledger.open, sys.argv[1:] * 2)):
        ledger.close()
"""


@pytest.mark.parametrize("address", ["sqlite_url", "own_postgres_url"])
def test_tables_of_a_newer_version_are_left_alone(request: pytest.FixtureRequest, address: str) -> None:
    url = request.getfixturevalue(address)
    with by_hand(url, guarded=True) as hand:
        hand.execute("UPDATE alembic_version SET version_num = '9999'")
    for use in (Ledger.open, verify):
        with pytest.raises(SchemaMismatch, match="version 9999; this Lexgate knows version"):
            use(url)


def test_the_file_is_set_up_for_durability(sqlite_url: str) -> None:
    connection = Database(sqlite_url).connect()
    asked = ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint", "page_size", "busy_timeout")
    answers = [connection.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in asked]
    connection.close()
    assert answers == ["wal", 2, 1, CHECKPOINT_PAGES, PAGE_BYTES, 5000]


def test_a_new_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "ledger.db"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        stored(ledger)
        assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_a_server_that_does_not_wait_for_its_disk_is_asked_to(own_postgres_url: str) -> None:
    with by_hand(own_postgres_url, guarded=True) as hand:
        (name,) = hand.execute("SELECT current_database()").fetchone()
        hand.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    connection = Database(own_postgres_url).connect()
    assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    connection.close()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ledger.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x.db?mode=ro",
        "mysql://host/db",
        "sqlite+aiosqlite:///x",
    ],
)
def test_an_address_that_means_nothing_is_refused_with_the_right_forms(address: str) -> None:
    with pytest.raises(BadLedgerUrl, match=r"sqlite:////absolute/path or postgresql\+psycopg://"):
        Ledger.open(address)


def test_a_password_is_not_told() -> None:
    with pytest.raises(LedgerUnavailable) as failed:
        Ledger.open("postgresql://lexgate:hunter2@127.0.0.1:1/none")
    assert "hunter2" not in str(failed.value)
    assert "lexgate:***@127.0.0.1:1" in str(failed.value)


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(BadLedgerUrl, match=r"lexgate\[scale\]"):
        Ledger.open("postgresql://host/db")


def test_a_place_where_no_file_can_be_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(LedgerUnavailable, match="cannot be opened"):
        Ledger.open(f"sqlite:///{tmp_path}/file/ledger.db")
    with pytest.raises(LedgerUnavailable, match="cannot be opened"):
        Ledger.open(f"sqlite:///{tmp_path}")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(LedgerUnavailable, match="not a database"):
        Ledger.open(f"sqlite:///{path}")
    assert path.read_text() == "Dear Sir or Madam, " * 100


def test_a_chain_that_was_cut_is_not_written_on(url: str) -> None:
    with Ledger.open(url) as ledger:
        store(ledger, entry(), entry())
    with by_hand(url) as hand:
        hand.execute("DELETE FROM decision WHERE seq = 2")
    with pytest.raises(LedgerCorrupt, match="ends at row 1, but its head names row 2"):
        Ledger.open(url)


def test_a_file_that_cannot_be_written_is_refused(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_database, "BUSY_SECONDS", 0)
    path = sqlite_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute("BEGIN EXCLUSIVE")  # root may write any file: a lock stands for the missing right
    try:
        with pytest.raises(LedgerUnavailable, match="locked"):
            Ledger.open(sqlite_url)
    finally:
        connection.close()


def test_a_server_that_can_only_be_read_is_refused(own_postgres_url: str) -> None:
    with by_hand(own_postgres_url, guarded=True) as hand:
        (name,) = hand.execute("SELECT current_database()").fetchone()
        hand.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(LedgerUnavailable, match=r"cannot be written: .*read-only"):
        Ledger.open(own_postgres_url)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_was_written_stays(url: str, table: str) -> None:
    """By raw SQL, with the rights of the service itself."""
    _one_row_in(url, table)
    changes = [f"UPDATE {table} SET recorded_at = 0", f"DELETE FROM {table}"]
    if not url.startswith("sqlite"):
        changes.append(f"TRUNCATE {table} CASCADE")
    with by_hand(url, guarded=True) as hand:
        for change in changes:
            with pytest.raises(Database(url).driver.IntegrityError, match="is append-only"):
                hand.execute(change)
        assert hand.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= 1


def _one_row_in(url: str, table: str) -> None:
    fill(url, 8)
    with by_hand(url, guarded=True) as hand:
        assert hand.execute(f"SELECT count(*) FROM {table}").fetchone()[0] >= 1


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_rows_of_before_there_were_seals_are_sealed_as_they_are_found(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'older.db'}"
    if store == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        postgres.sql("CREATE DATABASE older")
        url = postgres.url("older")
    database = Database(url)
    with database.engine().begin() as connection:
        command, config, _ = _schema._alembic_for(connection)
        command.upgrade(config, "0010")
        connection.exec_driver_sql("UPDATE head SET probed_at = 7, recorded_at = 7")
        for row in OLDER:
            connection.exec_driver_sql(row if store == "sqlite" else row.replace("x''", "''"))
    with Ledger.open(url) as ledger:
        assert ledger.verify().first_bad is None
        stored(ledger)
        assert ledger.verify().first_bad is None
        with by_hand(url, guarded=True) as hand, pytest.raises(database.driver.IntegrityError, match="append-only"):
            hand.execute("UPDATE answer SET recorded_at = 0")
    with by_hand(url) as hand:
        hand.execute("UPDATE answer SET key = 'k2'")
    bad = verify(url).first_bad
    assert bad is not None
    assert bad.table == "answer"


OLDER = (
    "INSERT INTO answer (scope, key, request_sha256, decision_id, answer, recorded_at) VALUES ('s', 'k', x'', NULL, x'', 5)",
    "INSERT INTO monitor VALUES ('words', 3, '', 'worker 1', 9, 0, 0)",
    "INSERT INTO known_party VALUES ('payer', 'c-1', 3, 'd', '', x'')",
    "INSERT INTO watched_event VALUES ('dec_1', 3, 9, x'')",
    "INSERT INTO watched_subject VALUES ('party', 'c-1', 9, 'dec_1')",
)


def test_a_row_replaced_by_hand_is_found(sqlite_url: str) -> None:
    """SQLite's REPLACE deletes without asking the trigger: the chain must tell."""
    with Ledger.open(sqlite_url) as ledger:
        store(ledger, entry(), entry(), entry())
    with by_hand(sqlite_url, guarded=True) as hand:
        hand.execute("INSERT OR REPLACE INTO decision SELECT * FROM (SELECT * FROM decision WHERE seq = 3) WHERE 1")
        assert verify(sqlite_url).ok, "the same row again is no change"
        columns = [row[1] for row in hand.execute("PRAGMA table_info(decision)").fetchall()]
        chosen = ", ".join("'block'" if name == "outcome" else name for name in columns)
        hand.execute(f"INSERT OR REPLACE INTO decision SELECT {chosen} FROM decision WHERE seq = 2")
    report = verify(sqlite_url)
    assert report.first_bad is not None
    assert report.first_bad.seq == 2
