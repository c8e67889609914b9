"""`lexgate ledger`: a copy, the way back, and what was lost, as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from engine.ledger import Ledger
from engine.signing import SigningKey
from tests.empty import empty_ledger
from tests.ledger.factories import stored

KEY = SigningKey.new()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a ledger of one decision, a key, a folder for backups and one for checkpoints."""
    (tmp_path / "key.pem").write_bytes(KEY.pem())
    (tmp_path / "backups").mkdir()
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
    monkeypatch.setenv("LEXGATE_SIGNING_KEY", str(tmp_path / "key.pem"))
    monkeypatch.setenv("LEXGATE_CHECKPOINTS", str(tmp_path / "kept"))
    monkeypatch.setenv("LEXGATE_BACKUPS", str(tmp_path / "backups"))
    decide(tmp_path)
    return tmp_path


def decide(site: Path) -> None:
    with Ledger.open(f"sqlite:///{site / 'lexgate.db'}") as ledger:
        stored(ledger)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def said(result: Result, status: int = 0) -> str:
    assert result.exit_code == status, result.output
    return " ".join(result.output.split())


def test_from_a_backup_to_the_word_that_nothing_is_lost(site: Path) -> None:
    made = json.loads(said(run("ledger", "backup", "--json")))
    assert Path(made["backup"]).parent == site / "backups"
    assert (made["head"]["seq"], made["verified"], made["removed"]) == (1, True, [])
    told = said(run("ledger", "restore"), 2)
    assert "nothing is overwritten without --replace" in told
    for one in site.glob("lexgate.db*"):
        one.unlink()
    assert json.loads(said(run("ledger", "restore", "--json")))["sha256"] == made["sha256"]
    said(run("audit", "checkpoint"))
    assert "whole: 2 rows" in said(run("ledger", "check"))


def test_what_was_lost_is_told_with_the_files_that_prove_it(site: Path) -> None:
    said(run("audit", "checkpoint"))
    said(run("ledger", "backup"))
    assert "through 1 of the checkpoints" in said(run("ledger", "check"))
    decide(site)
    said(run("audit", "checkpoint"))
    said(run("ledger", "restore", "--replace"))
    told = said(run("ledger", "check"), 1)
    assert "lost: rows 3 to 3 at least. The chain ends at row 2" in told
    assert "checkpoint-0000000000000003.json" in told
    found = json.loads(said(run("ledger", "check", "--json"), 1))
    assert (found["complete"], found["proved"], [one["seq"] for one in found["lost"]]) == (False, 1, [3])
    (site / "kept" / "checkpoint-0000000000000003.json").rename(site / "put-away.json")
    assert "whole: 2 rows" in said(run("ledger", "check"))


def test_a_chain_made_anew_is_no_loss_but_a_break(site: Path) -> None:
    said(run("audit", "checkpoint"))
    (site / "lexgate.db").unlink()
    empty_ledger(site / "lexgate.db")
    decide(site)
    assert "broken at row 1" in said(run("ledger", "check"), 1)


def test_copies_are_kept_as_many_as_wanted(site: Path) -> None:
    for name in ("a.db", "b.db"):
        said(run("ledger", "backup", str(site / "backups" / name), "--quick"))
    told = said(run("ledger", "backup", "--keep", "2"))
    assert "taken away:" in told
    assert len(list((site / "backups").glob("*.manifest.json"))) == 2


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("backup", "/proc/nowhere/x.db"), "No backup was made"),
        (("backup", "{site}/one.db", "--keep", "2"), "name a folder, not a file"),
        (("restore", "{site}/backups"), "no finished backup"),
        (("restore", "{site}/one.db", "--until", "2026-11-27T09:00:00+00:00"), "name a folder of copies"),
        (("check", "--checkpoints", "{site}/nowhere"), "no checkpoint in"),
        (("check", "--checkpoints", "{site}", "--key", "zz"), "zz"),
    ],
)
def test_a_call_that_is_wrong_is_told_so(site: Path, words: tuple[str, ...], because: str) -> None:
    assert because in said(run("ledger", *(word.format(site=site) for word in words)), 2)


def test_a_moment_before_the_first_backup(site: Path) -> None:
    said(run("ledger", "backup"))
    told = said(run("ledger", "restore", str(site / "backups"), "--until", "2020-01-01T00:00:00+00:00", "--replace"), 2)
    assert "after that moment" in told


def test_no_folder_is_guessed(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LEXGATE_BACKUPS")
    monkeypatch.delenv("LEXGATE_CHECKPOINTS")
    assert "LEXGATE_BACKUPS" in said(run("ledger", "backup"), 2)
    assert "LEXGATE_BACKUPS" in said(run("ledger", "restore"), 2)
    assert "LEXGATE_CHECKPOINTS" in said(run("ledger", "check"), 2)
