"""Copies of a SQLite ledger: of one moment while others write, refused where they are not whole, never over anything."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from engine.ledger import BadLedgerUrl, Ledger, LedgerUnavailable, SchemaMismatch, verify
from engine.ledger.copies import (
    BackupRefused,
    back_up,
    end_of,
    finished,
    forget,
    manifest_of,
    newest_copy,
    read_manifest,
    restore,
)
from engine.ledger.restored import held_against
from engine.signing import SigningKey
from tests.ledger.factories import AT, moment, stored

ROOT = Path(__file__).parents[2]
KEY = SigningKey.new()


@pytest.fixture
def written(sqlite_url: str) -> str:
    """A ledger with three decisions."""
    with Ledger.open(sqlite_url) as ledger:
        for _ in range(3):
            stored(ledger)
    return sqlite_url


@contextmanager
def traffic(ledger: Ledger) -> Iterator[list[str]]:
    """Somebody writes one decision after the other; their ids, as they are acknowledged."""
    acknowledged: list[str] = []
    go_on, some = threading.Event(), threading.Event()
    go_on.set()

    def write() -> None:
        while go_on.is_set():
            acknowledged.append(stored(ledger, answer=b"x" * 6000).id)
            if len(acknowledged) == 50:
                some.set()

    thread = threading.Thread(target=write)
    thread.start()
    assert some.wait(60)
    try:
        yield acknowledged
    finally:
        go_on.clear()
        thread.join()


def test_a_copy_made_under_traffic_holds_what_was_acknowledged_before_it(sqlite_url: str, tmp_path: Path) -> None:
    copy, back = tmp_path / "backups" / "one.db", f"sqlite:///{tmp_path / 'back' / 'ledger.db'}"
    with Ledger.open(sqlite_url) as ledger:
        with traffic(ledger) as acknowledged:
            before = list(acknowledged)
            manifest = back_up(sqlite_url, copy, AT)
            after = end_of(sqlite_url)[0]
        assert ledger.verify(expected=manifest.head).ok, "the chain that went on goes through the end of the copy"
    assert len(before) <= manifest.head.seq <= after.seq
    assert restore(copy, back, AT) == manifest
    with Ledger.open(back) as ledger:
        assert [one for one in before if ledger.decision(one) is None] == []
        stored(ledger)
        report = ledger.verify(expected=manifest.head)
    assert (report.ok, report.rows) == (True, manifest.head.seq + 1)


def test_a_copy_is_one_private_file_that_says_what_it_is(written: str, tmp_path: Path) -> None:
    copy = tmp_path / "backups" / "one.db"
    manifest = back_up(written, copy, AT)
    assert sorted(one.name for one in copy.parent.iterdir()) == ["one.db", "one.db.manifest.json"]
    assert {one.stat().st_mode & 0o777 for one in copy.parent.iterdir()} == {0o600}
    assert read_manifest(copy) == manifest
    assert (manifest.head.seq, manifest.made_at, manifest.verified) == (3, AT, True)
    assert manifest.recorded_at == end_of(written)[1]
    assert manifest.size == copy.stat().st_size
    assert verify(f"sqlite:///{copy}", expected=manifest.head).ok


def test_a_copy_of_a_ledger_in_which_nothing_is(sqlite_url: str, tmp_path: Path) -> None:
    manifest = back_up(sqlite_url, tmp_path / "copy.db", AT)
    assert (manifest.head.seq, manifest.recorded_at) == (0, None)
    assert read_manifest(tmp_path / "copy.db") == manifest


def test_nothing_is_overwritten(written: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(written, copy, AT)
    bytes_before = copy.read_bytes()
    with pytest.raises(BackupRefused, match="is there already"):
        back_up(written, copy, moment(1))
    with pytest.raises(BackupRefused, match="without --replace"):
        restore(copy, written, AT)
    assert copy.read_bytes() == bytes_before
    assert end_of(written)[0].seq == 3


def test_what_cannot_be_copied_leaves_nothing_behind(tmp_path: Path) -> None:
    for url, kind in (
        (f"sqlite:///{tmp_path / 'nowhere.db'}", LedgerUnavailable),
        ("postgresql+psycopg:///lexgate", BackupRefused),
        ("oracle://x", BadLedgerUrl),
    ):
        with pytest.raises(kind):
            back_up(url, tmp_path / "out" / "copy.db", AT)
    assert not (tmp_path / "out").exists()


def test_a_ledger_that_is_broken_is_not_copied_as_if_it_were_whole(written: str, tmp_path: Path) -> None:
    with sqlite3.connect(written.removeprefix("sqlite:///")) as hand:
        hand.execute("DROP TRIGGER decision_no_update")
        hand.execute("UPDATE decision SET outcome = 'block' WHERE seq = 2")
    hand.close()
    with pytest.raises(BackupRefused, match="broken at row 2"):
        back_up(written, tmp_path / "copy.db", AT)
    assert [one for one in tmp_path.iterdir() if "copy" in one.name] == []
    quick = back_up(written, tmp_path / "quick.db", AT, verified=False)
    assert not quick.verified
    with pytest.raises(BackupRefused, match="broken at row 2"):
        restore(tmp_path / "quick.db", f"sqlite:///{tmp_path / 'back.db'}", AT)
    assert not (tmp_path / "back.db").exists()


def test_a_copy_that_was_changed_is_refused(written: str, tmp_path: Path) -> None:
    copy, back = tmp_path / "copy.db", f"sqlite:///{tmp_path / 'back.db'}"
    back_up(written, copy, AT)
    whole = copy.read_bytes()
    copy.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BackupRefused, match="not what its manifest says"):
        restore(copy, back, AT)
    copy.write_bytes(whole)
    said = json.loads(manifest_of(copy).read_text())
    manifest_of(copy).write_text(json.dumps(said | {"head": f"2:{'ab' * 32}"}))
    with pytest.raises(BackupRefused, match="ends at 3:"):
        restore(copy, back, AT)
    manifest_of(copy).unlink()
    with pytest.raises(BackupRefused, match="never finished"):
        restore(copy, back, AT)
    assert not (tmp_path / "back.db").exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", '"x"', '{"format": "other/1"}', '{"format": "lexgate-backup/1", "made_at": "2026-11-27T09:00:00"}'],
)
def test_what_is_no_manifest_is_refused(text: str, tmp_path: Path) -> None:
    manifest_of(tmp_path / "copy.db").write_text(text)
    with pytest.raises(BackupRefused, match="no manifest"):
        read_manifest(tmp_path / "copy.db")


def test_a_copy_of_other_tables_is_left_to_the_version_that_wrote_it(written: str, tmp_path: Path) -> None:
    with sqlite3.connect(written.removeprefix("sqlite:///")) as hand:
        hand.execute("UPDATE alembic_version SET version_num = '0001'")
    hand.close()
    with pytest.raises(SchemaMismatch):
        back_up(written, tmp_path / "copy.db", AT)


def test_what_is_replaced_is_kept_beside(written: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    back_up(written, copy, AT)
    with Ledger.open(written) as ledger:
        more = stored(ledger).id
    restore(copy, written, AT, replace=True)
    place = Path(written.removeprefix("sqlite:///"))
    beside = f"sqlite:///{place.with_name(place.name + '.before-20261122T091500Z')}"
    assert end_of(written)[0].seq == 3
    with Ledger.open(beside) as ledger:
        assert ledger.decision(more) is not None
    assert verify(beside).rows == 4
    with pytest.raises(BackupRefused, match="try again in a second"):
        restore(copy, written, AT, replace=True)
    assert end_of(written)[0].seq == 3


def test_a_ledger_too_damaged_to_be_opened_is_replaced(written: str, tmp_path: Path) -> None:
    copy, place = tmp_path / "copy.db", Path(written.removeprefix("sqlite:///"))
    back_up(written, copy, AT)
    place.write_bytes(b"no database at all")
    restore(copy, written, AT, replace=True)
    assert verify(written).rows == 3


_HOLDS = """
import sys
from engine.ledger import Ledger
with Ledger.open(sys.argv[1]):
    print("open", flush=True)
    sys.stdin.readline()
"""


def test_a_ledger_that_is_served_is_not_replaced(written: str, tmp_path: Path) -> None:
    """An idle service: it holds no transaction, and still would go on writing to a file without a name."""
    copy = tmp_path / "copy.db"
    back_up(written, copy, AT)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, written], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(BackupRefused, match="in use"):
            restore(copy, written, AT, replace=True)
        holder.communicate("\n")
    restore(copy, written, AT, replace=True)
    assert verify(written).rows == 3


def test_the_copy_of_a_moment_is_the_newest_before_it(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with Ledger.open(sqlite_url) as ledger:
        for hour in range(3):
            stored(ledger)
            back_up(sqlite_url, folder / f"{hour}.db", AT + timedelta(hours=hour))
    (folder / "unfinished.db").write_bytes(b"")
    assert newest_copy(folder).name == "2.db"
    assert newest_copy(folder, AT + timedelta(hours=1, minutes=59)).name == "1.db"
    with pytest.raises(BackupRefused, match="after that moment"):
        newest_copy(folder, AT - timedelta(seconds=1))
    with pytest.raises(BackupRefused, match="no finished backup"):
        newest_copy(tmp_path / "empty")


def test_only_finished_copies_are_taken_away_and_the_newest_are_kept(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    for hour in range(4):
        back_up(sqlite_url, folder / f"{hour}.db", AT + timedelta(hours=hour))
    (folder / "notes.txt").write_text("ours")
    (folder / "unfinished.db").write_bytes(b"")
    assert [one.name for one in forget(folder, 2)] == ["0.db", "1.db"]
    assert [copy.name for _, copy in finished(folder)] == ["2.db", "3.db"]
    assert {"notes.txt", "unfinished.db"} < {one.name for one in folder.iterdir()}
    assert forget(folder, 2) == []


def test_what_a_ledger_that_came_back_has_lost_is_told(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    kept = []
    with Ledger.open(sqlite_url) as ledger:
        for hour in range(3):
            stored(ledger)
            kept.append(ledger.checkpoints.make(KEY, AT + timedelta(hours=hour)))
            if hour == 0:
                back_up(sqlite_url, copy, AT)
    checkpoints = [one for one in kept if one is not None]
    assert held_against(sqlite_url, checkpoints).complete
    restore(copy, sqlite_url, AT, replace=True)
    found = held_against(sqlite_url, checkpoints)
    assert (found.complete, found.report.ok, found.proved) == (False, True, 1)
    assert [one.head.seq for one in found.lost] == [3, 5]
    assert found.recorded_at == end_of(sqlite_url)[1]
    with Ledger.open(sqlite_url) as ledger:
        for _ in range(3):
            stored(ledger)
    again = held_against(sqlite_url, checkpoints)
    assert not again.complete
    assert again.report.first_bad is not None, "what was written over the gap is another chain"
