"""Where the chain ends is signed day by day, copied out of the database, and held against the ledger by a command of its own."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.checkpointing import Checkpointer
from api.cli import app
from engine.ledger import Ledger
from engine.signing import SigningKey
from tests.empty import empty_ledger
from tests.ledger.factories import stored

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
KEY = SigningKey.new()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a ledger, a key, and room for checkpoints."""
    (tmp_path / "key.pem").write_bytes(KEY.pem())
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
    monkeypatch.setenv("LEXGATE_SIGNING_KEY", str(tmp_path / "key.pem"))
    monkeypatch.setenv("LEXGATE_CHECKPOINTS", str(tmp_path / "kept"))
    with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
        stored(ledger)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["audit", *words])


def decide(site: Path) -> None:
    with Ledger.open(f"sqlite:///{site / 'lexgate.db'}") as ledger:
        stored(ledger)


def test_a_day_is_signed_and_held_against_the_ledger(site: Path) -> None:
    assert json.loads(run("checkpoint", "--json").stdout)["made"] is True
    assert "nothing has happened" in run("checkpoint").stdout
    decide(site)
    assert "signed: 3:" in run("checkpoint").stdout
    kept = str(site / "kept")
    found = run("verify", "--checkpoints", kept)
    assert (found.exit_code, "through 2 signed checkpoints" in found.stdout) == (0, True)
    by_key = run("verify", "--checkpoints", kept, "--key", KEY.public.hex(), "--json")
    assert json.loads(by_key.stdout)["checkpoints"] == 2


def test_a_chain_that_was_cut_off_does_not_reach_its_checkpoint(site: Path) -> None:
    whole = (site / "lexgate.db").read_bytes()
    decide(site)
    run("checkpoint")
    for name in ("lexgate.db", "lexgate.db-wal", "lexgate.db-shm"):
        (site / name).unlink(missing_ok=True)
    (site / "lexgate.db").write_bytes(whole)
    assert run("verify").exit_code == 0, "nothing inside the ledger can tell"
    found = run("verify", "--checkpoints", str(site / "kept"))
    assert (found.exit_code, "row is missing" in found.stdout) == (1, True)


def test_a_checkpoint_taken_away_or_changed_is_told(site: Path) -> None:
    for _ in range(3):
        decide(site)
        run("checkpoint")
    files = sorted((site / "kept").iterdir())
    middle = files[1].read_bytes()
    files[1].unlink()
    gone = run("verify", "--checkpoints", str(site / "kept"))
    assert (gone.exit_code, "one was taken away" in gone.stdout) == (1, True)
    files[1].write_bytes(middle.replace(b'"seq":4', b'"seq":5').replace(b"2026", b"2027"))
    changed = run("verify", "--checkpoints", str(site / "kept"))
    assert (changed.exit_code, "proves nothing" in changed.stdout) == (1, True)
    files[1].write_bytes(middle)
    strange = run("verify", "--checkpoints", str(site / "kept"), "--key", SigningKey.new().public.hex())
    assert (strange.exit_code, "not trusted" in strange.stdout) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "--key", "ab" * 32], "--checkpoints"),
        (["verify", "--checkpoints", "empty"], "no checkpoint"),
        (["verify", "--checkpoints", "kept", "--key", "none"], "neither"),
    ],
)
def test_a_call_that_means_nothing_ends_with_two(site: Path, words: list[str], said: str) -> None:
    found = run(*words)
    assert (found.exit_code, said in found.stderr) == (2, True)


def test_without_a_key_nothing_is_signed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_SIGNING_KEY", str(site / "none.pem"))
    assert run("checkpoint").exit_code == 2
    monkeypatch.delenv("LEXGATE_SIGNING_KEY")
    monkeypatch.setenv("LEXGATE_DATABASE", "postgresql://server/lexgate")
    found = run("checkpoint")
    assert (found.exit_code, "LEXGATE_SIGNING_KEY" in found.stderr) == (2, True)


def test_a_folder_that_cannot_be_written_is_told_and_the_checkpoint_stays(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "kept").write_text("a file")
    found = run("checkpoint")
    assert (found.exit_code, "it is in the ledger" in found.stderr or "in the ledger" in found.stderr) == (2, True)
    monkeypatch.setenv("LEXGATE_CHECKPOINTS", str(site / "later"))
    run("checkpoint")
    assert len(list((site / "later").iterdir())) == 1, "what is not out yet is copied with the next"


def test_the_service_signs_once_a_day_however_many_look(site: Path) -> None:
    now = [NOW]
    with Ledger.open(f"sqlite:///{site / 'lexgate.db'}") as ledger:
        watchers = [Checkpointer(ledger, KEY, site / "kept", timedelta(days=1), lambda: now[0]) for _ in range(2)]
        assert [one.look() is not None for one in watchers] == [True, False]
        stored(ledger)
        now[0] += timedelta(hours=23)
        assert [one.look() for one in watchers] == [None, None]
        now[0] += timedelta(hours=1)
        assert [one.look() is not None for one in watchers] == [True, False]
        (site / "kept" / "x").mkdir()
        watchers[0].start()
        watchers[0].stop()
        blocked = Checkpointer(ledger, KEY, site / "key.pem", timedelta(0), lambda: now[0])
        stored(ledger)
        assert blocked.look() is None, "the log says why"
        assert ledger.verify().ok


def test_the_file_says_what_the_chain_says(site: Path) -> None:
    run("checkpoint")
    (file,) = (site / "kept").iterdir()
    said = json.loads(json.loads(file.read_bytes())["statement"])
    hand = sqlite3.connect(site / "lexgate.db")
    (digest,) = hand.execute("SELECT hash FROM decision WHERE seq = 1").fetchone()
    hand.close()
    assert said["head"] == {"hash": digest.hex(), "seq": 1}
