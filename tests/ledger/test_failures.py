"""When the store fails: nobody is told a lie, nothing acknowledged is lost, and service comes back by itself."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.ledger import DecisionEntry, Ledger, LedgerUnavailable, Stored, verify
from engine.ledger import _writer as writer_module
from engine.ledger._database import Database, one_line
from tests.ledger.factories import entry, held, store, stored, together
from tests.ledger.tampering import by_hand

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look after a broken store ten times as often."""
    monkeypatch.setattr(writer_module, "PROBE_SECONDS", 0.1)


def eventually(ledger: Ledger, wanted: Callable[[Ledger], bool]) -> bool:
    end = time.monotonic() + 20
    while not wanted(ledger) and time.monotonic() < end:
        time.sleep(0.02)
    return wanted(ledger)


def limit_pages(ledger: Ledger, more: int) -> None:
    """The file of this connection may grow by so many pages."""

    def limit(batch: object) -> None:
        cursor = batch._cursor  # type: ignore[attr-defined]
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + more}")

    ledger.writer.run(limit)


def test_a_full_disk_is_told_to_every_caller_and_loses_nothing(sqlite_url: str) -> None:
    big = 40_000
    with Ledger.open(sqlite_url) as ledger:
        before = [stored(ledger) for _ in range(3)]
        limit_pages(ledger, 4)
        failed = [entry(answer=bytes(big)) for _ in range(5)]
        results = together(ledger, *failed)
        assert [type(result) for result in results] == [LedgerUnavailable] * 5
        assert "full" in str(results[0])
        after = [stored(ledger) for _ in range(3)]
        assert ledger.health().ok, "a new connection has no such limit: the disk has room again"
        assert all(ledger.decision(made.id) is not None for made in before + after)
        assert all(ledger.decision(made.id) is None for made in failed)
        assert ledger.verify().rows == 6


def test_a_store_that_stays_broken_is_reported_and_found_mended(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = Database.connect

    looked: list[Database] = []

    def broken(self: Database) -> object:
        looked.append(self)
        raise LedgerUnavailable("the disk is gone")

    with Ledger.open(sqlite_url) as ledger:
        stored(ledger)
        limit_pages(ledger, 0)
        monkeypatch.setattr(Database, "connect", broken)
        for _ in range(2):
            with pytest.raises(LedgerUnavailable):
                store(ledger, entry(answer=bytes(40_000)))
        assert not ledger.health().ok
        seen = len(looked)
        assert eventually(ledger, lambda one: len(looked) >= seen + 2), "it looks again by itself"
        assert ledger.health().trouble == "the disk is gone"
        monkeypatch.setattr(Database, "connect", connect)
        assert eventually(ledger, lambda one: one.health().ok), "nobody has to write for it to be found"
        stored(ledger)
        assert ledger.verify().rows == 2


def test_an_event_loop_hears_of_it(sqlite_url: str) -> None:
    async def main(ledger: Ledger) -> list[object]:
        with held(ledger):
            writes = [asyncio.ensure_future(ledger.writer.write(entry(answer=bytes(90_000)))) for _ in range(3)]
            await asyncio.sleep(0)
        return await asyncio.gather(*writes, return_exceptions=True)

    with Ledger.open(sqlite_url) as ledger:
        limit_pages(ledger, 1)
        results = asyncio.run(main(ledger))
        assert [type(result) for result in results] == [LedgerUnavailable] * 3
        assert len({id(result) for result in results}) == 3, "an exception of one's own: it carries one's traceback"


@pytest.mark.slow
def test_a_disk_that_refuses_to_write_and_then_relents(tmp_path: Path) -> None:
    """A real refusal of write(2), in a process of its own: the limit of a file's size."""
    told = _child("full_disk.py", tmp_path)
    assert told["before"] == told["after"] == ["Stored"] * 5
    assert set(told["during"]) == {"LedgerUnavailable"}
    assert (told["trouble"] is not None, told["mended"]) == (True, True)
    report = verify(f"sqlite:///{tmp_path / 'ledger.db'}")
    assert (report.ok, report.rows) == (True, 10)


@pytest.mark.slow
def test_a_file_system_without_room_and_then_with(tmp_path: Path) -> None:
    """ENOSPC from a file system of eight megabytes: the empty tables and their journal take five."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small], capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"no right to mount a small file system here: {mounted.stderr.strip()}")
    try:
        _fill_and_free(small)
    finally:
        subprocess.run(["umount", "-l", small], check=True)


def _fill_and_free(small: Path) -> None:
    with Ledger.open(f"sqlite:///{small / 'ledger.db'}") as ledger:
        kept: list[DecisionEntry] = [stored(ledger)]
        (small / "ballast").write_bytes(bytes(1_000_000))
        while (made := _accepted(ledger)) is not None:
            kept.append(made)
        assert not ledger.health().ok
        assert len(kept) > 3
        (small / "ballast").unlink()
        assert eventually(ledger, lambda one: one.health().ok)
        kept.append(stored(ledger))
        assert all(ledger.decision(made.id) is not None for made in kept)
        assert (ledger.verify().ok, ledger.verify().rows) == (True, len(kept))


def _accepted(ledger: Ledger) -> DecisionEntry | None:
    try:
        return stored(ledger, answer=bytes(50_000))
    except LedgerUnavailable:
        return None


def test_a_server_that_drops_the_line_is_called_again(own_postgres_url: str) -> None:
    with Ledger.open(own_postgres_url) as ledger:
        made = stored(ledger)
        assert ledger.decision(made.id) is not None  # a reader is connected now, too
        with by_hand(own_postgres_url) as hand:
            hand.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with pytest.raises(LedgerUnavailable):
            store(ledger, entry())
        assert isinstance(store(ledger, entry())[0], Stored)
        assert ledger.decision(made.id) is not None, "a stale reader is replaced"
        assert ledger.health().ok
        assert ledger.verify().rows == 2


def test_writers_that_meet_are_parted_and_tried_again(postgres_url: str) -> None:
    """A serialization failure, as a stricter server reports it, harms nobody."""
    tries = []

    def conflict(batch: object) -> str:
        tries.append(1)
        if len(tries) < 3:
            batch.execute("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$")  # type: ignore[attr-defined]
        return "done"

    with Ledger.open(postgres_url) as ledger:
        assert ledger.writer.run(conflict) == "done"
        assert len(tries) == 3
        assert ledger.health().ok


def test_writers_that_always_meet_give_up(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "CONFLICT_TRIES", 2)

    def conflict(batch: object) -> None:
        batch.execute("DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40P01'; END $$")  # type: ignore[attr-defined]

    with Ledger.open(postgres_url) as ledger:
        with pytest.raises(LedgerUnavailable, match="conflict"):
            ledger.writer.run(conflict)
        store(ledger, entry())


def test_a_disk_that_fails_below_the_driver_is_told_as_well(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: Database) -> object:
        raise OSError(30, "Read-only file system")

    with Ledger.open(sqlite_url) as ledger:
        limit_pages(ledger, 0)
        monkeypatch.setattr(Database, "connect", gone)
        for why in ("full", "Read-only file system"):
            with pytest.raises(LedgerUnavailable, match=why):
                store(ledger, entry(answer=bytes(40_000)))


def test_a_connection_that_cannot_even_be_closed_is_left_behind(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Stuck:
        """A driver's connection in a bad way."""

        def cursor(self) -> object:
            raise sqlite3.OperationalError("disk I/O error")

        def close(self) -> None:
            raise sqlite3.OperationalError("unable to close")

    connect = Database.connect
    with Ledger.open(sqlite_url) as ledger:
        limit_pages(ledger, 0)
        monkeypatch.setattr(Database, "connect", lambda _: Stuck())
        for why in ("full", "disk I/O error"):
            with pytest.raises(LedgerUnavailable, match=why):
                store(ledger, entry(answer=bytes(40_000)))
        assert "could not be closed in order" in caplog.text
        monkeypatch.setattr(Database, "connect", connect)
        store(ledger, entry())


def test_a_question_asked_while_the_ledger_closes_is_answered(sqlite_url: str) -> None:
    with Ledger.open(sqlite_url) as ledger:
        made = stored(ledger)
        ledger.decision(made.id)
        readers = ledger._readers
        idle = readers._idle.pop()

        class Slow:
            """A connection that is asked at the wrong moment."""

            def execute(self, *question: object) -> object:
                readers.close()
                return idle.execute(*question)

            def close(self) -> None:
                idle.close()

        readers._idle.append(Slow())
        assert ledger.decision(made.id) is not None
        assert not readers._idle
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            idle.execute("SELECT 1")


def test_a_head_moved_by_hand_stops_the_writer(sqlite_url: str) -> None:
    """Every row would be refused as a duplicate: that is the store's fault, not the entries'."""
    with Ledger.open(sqlite_url) as ledger:
        store(ledger, entry(), entry())
        with by_hand(sqlite_url) as hand:
            hand.execute("UPDATE head SET seq = 1")
        with pytest.raises(LedgerUnavailable, match="ends at row 2, but its head names row 1"):
            store(ledger, entry())
        assert not ledger.health().ok


def test_a_head_that_is_gone_stops_the_writer(ledger: Ledger) -> None:
    ledger.writer.run(lambda batch: batch.execute("DELETE FROM head"))
    with pytest.raises(LedgerUnavailable, match="head of the chain is missing"):
        store(ledger, entry())


@pytest.mark.slow
@pytest.mark.parametrize("store_of", ["sqlite_url", "postgres_url"])
def test_two_processes_never_fork_the_chain(request: pytest.FixtureRequest, store_of: str) -> None:
    url = request.getfixturevalue(store_of)
    script = str(ROOT / "tests/ledger/children/write_many.py")
    children = [
        subprocess.Popen(
            [sys.executable, script, url, f"p{number}", "400"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    assert [child.stdout.readline() for child in children] == ["ready\n"] * 2
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [json.loads(child.communicate(timeout=120)[0]) for child in children]
    seqs = [seq for one in told for seq in one]
    assert sorted(seqs) == list(range(1, 801))
    report = verify(url)
    assert (report.ok, report.rows) == (True, 800)
    turns = sum(1 for seq in range(1, 800) if (seq in set(told[0])) != (seq + 1 in set(told[0])))
    assert turns > 1, "they never wrote at the same time: the test would prove nothing"


def _child(name: str, folder: Path) -> dict[str, object]:
    script = ROOT / "tests/ledger/children" / name
    done = subprocess.run(
        [sys.executable, str(script), str(folder)], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(done.stdout)


class InvalidText(Exception):
    """As the driver of PostgreSQL says it: its words quote the value."""

    sqlstate = "22P02"


class Duplicate(Exception):
    sqlstate = "23505"


def test_a_value_that_a_database_refuses_is_not_quoted() -> None:
    assert one_line(InvalidText('invalid input syntax for type bigint: "Jane Doe"')) == "InvalidText (22P02)"
    told = (
        'duplicate key value violates unique constraint "decision_pkey"\nDETAIL:  Key (id)=(Jane Doe) already exists.'
    )
    assert one_line(Duplicate(told)) == 'duplicate key value violates unique constraint "decision_pkey"'
