"""`lexgate ingest`: sources asked from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from engine.ledger import ChangesWanted, Ledger
from tests.empty import empty_ledger
from tests.ingest.test_working import Reader, told
from tests.ledger.reading import publish

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
    told = {"sources": [], "read": {}}
    assert (again.exit_code, orjson.loads(again.stdout)) == (0, told), "it is left alone for a day"


def test_how_sources_stand(run: Run) -> None:
    assert orjson.loads(run("status", "--json").stdout)["sources"][0]["next_at"] is None
    run("once", "--contact", "mailto:us@example.org")
    whole = orjson.loads(run("status", "--json").stdout)
    (told,) = whole["sources"]
    assert (told["source"], told["fault"], told["failures"], told["answered_at"]) == (
        "de-bafin-1",
        "forbidden_target",
        1,
        None,
    )
    assert [(one["stage"], one["number"], one["failed"]) for one in whole["stages"]] == [("fetch", 1, 1)]
    assert "0 versions of publications are kept" in run("status").stdout


def test_a_directory_that_cannot_be_read_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sources.csv").write_text(HEAD + INSIDE.replace("DE,", "XX,", 1))
    refused = run("status")
    assert refused.exit_code == 2
    assert "2: jurisdiction 'XX' is no country and no union" in refused.stderr


class House:
    """A ledger, a table of its own sources, and a reader that stands in for the shipped one."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.url, self.feeds = empty_ledger(folder / "lexgate.db"), folder / "own.csv"
        self.table = folder / "sources.csv"
        self.table.write_text(HEAD + LEFT.replace("de-bafin-2", "be-fin-1"))
        self.reader = Reader({})
        monkeypatch.setenv("LEXGATE_DATABASE", self.url)
        monkeypatch.setenv("LEXGATE_FEEDS", str(self.feeds))
        monkeypatch.setattr("api.commands.ingest.shipped_understanding", lambda *_: self.reader)

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["ingest", *words])

    def once(self) -> Result:
        return self.run("once", "--contact", "mailto:us@example.org", "--directory", str(self.table))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(tmp_path, monkeypatch)


def test_what_was_kept_is_read_and_what_was_read_is_read_again_when_asked(house: House) -> None:
    with Ledger.open(house.url) as ledger:
        item = publish(ledger)
    first = house.once()
    assert (first.exit_code, "1 publications read: 1 changes, 0 none, 0 not read" in first.stdout) == (0, True)
    assert "0 publications read" in house.once().stdout
    assert "0 versions" in house.run("replay", "--from", str(item.seq + 1)).stdout
    assert "0 versions" in house.run("replay", "--source", "de-bafin-1").stdout
    assert "1 versions of publications are read again" in house.run("replay", "--source", "be-fin-1").stdout
    house.reader.known = {str(item.body["text"]): told(reader="reader-2")}
    assert "1 publications read: 1 changes" in house.once().stdout
    with Ledger.open(house.url) as ledger:
        assert [one.reader for one in ledger.readings.readings(item.seq)] == ["reader-1", "reader-2"]
        assert len(ledger.changes.page(ChangesWanted(), limit=9, after=None).data) == 1


def test_a_publication_that_cannot_be_read_ends_the_run_with_one_and_is_told(house: House) -> None:
    with Ledger.open(house.url) as ledger:
        item = publish(ledger, said="bad")
    house.reader.known = {"bad": ValueError("no text")}
    assert house.once().exit_code == 1
    told_of = orjson.loads(house.run("status", "--json", "--directory", str(house.table)).stdout)
    assert told_of["queue"]["waiting"]["number"] == 1
    assert told_of["versions"] == 1
    assert item.body["text"] == "bad"


def test_a_source_of_the_house_is_added_beside_what_came_with_the_software(house: House) -> None:
    line = (
        "--id",
        "de-house-1",
        "--jurisdiction",
        "DE",
        "--regulator",
        "Our bank",
        "--url",
        "https://bank.example/rss",
    )
    added = house.run("add-feed", *line, "--topics", "aml;sanctions", "--every-hours", "2")
    assert (added.exit_code, "de-house-1 is watched" in added.stdout) == (0, True)
    sources = orjson.loads(house.run("status", "--json").stdout)["sources"]
    assert "de-house-1" in {one["source"] for one in sources}
    assert len(sources) > 100, "those that came with the software are there as well"
    again = house.run("add-feed", *line)
    assert (again.exit_code, "de-house-1 is there twice" in again.stderr) == (2, True)
    assert house.feeds.read_text().count("de-house-1") == 1
