"""`lexgate ingest`: sources asked from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from tests.empty import empty_ledger

HEAD = "id,jurisdiction,regulator,topics,url,form,language,watch,noise,confidence,found_in,note\n"
INSIDE = "de-bafin-1,DE,BaFin,aml,http://127.0.0.1/rss,feed,de,yes,,B,a list,\n"
LEFT = "de-bafin-2,DE,BaFin,aml,https://law.example/,links,de,no,,B,a list,to be located\n"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate ingest` on a ledger and a directory of its own."""
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
    (tmp_path / "sources.csv").write_text(HEAD + INSIDE + LEFT)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["ingest", *words, "--directory", str(tmp_path / "sources.csv")])

    return invoke


def test_a_source_within_the_house_is_not_asked_and_the_run_says_so(run: Run) -> None:
    once = run("once", "--contact", "mailto:us@example.org")
    assert once.exit_code == 1
    assert "1 sources asked: 1 forbidden_target; 0 new versions" in once.stdout
    assert "de-bafin-1: forbidden_target, 127.0.0.1 is 127.0.0.1, which is not public" in once.stdout
    again = run("once", "--contact", "mailto:us@example.org", "--json")
    assert (again.exit_code, orjson.loads(again.stdout)) == (0, []), "it is left alone for a day"


def test_how_sources_stand(run: Run) -> None:
    assert orjson.loads(run("status", "--json").stdout)[0]["next_at"] is None
    run("once", "--contact", "mailto:us@example.org")
    (told,) = orjson.loads(run("status", "--json").stdout)
    assert (told["source"], told["fault"], told["failures"], told["answered_at"]) == (
        "de-bafin-1",
        "forbidden_target",
        1,
        None,
    )
    assert "0 versions of publications are kept" in run("status").stdout


def test_a_directory_that_cannot_be_read_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(HEAD + INSIDE.replace("DE,", "XX,", 1))
    refused = run("status")
    assert refused.exit_code == 2
    assert "2: jurisdiction 'XX' is no country and no union" in refused.stderr
