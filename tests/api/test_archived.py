"""Decisions that were taken out of the ledger: read and replayed from the archive byte for byte, or said to lie there; and the
commands that put them there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.archived import missing
from api.cli import app
from api.ids import DecisionIds, ms_of
from api.record_metrics import _archive
from api.replaying import replayed
from api.settings import PREFIX, Settings
from engine.decide import decide
from engine.history import NullHistory
from engine.ledger import Ledger, LedgerUnavailable
from engine.ledger.archive.drop import drop
from engine.replay import facts_from
from tests.api.old_payments import fill
from tests.backtest.past import law, rates
from tests.empty import empty_ledger
from tests.ledger.archiving import NOW, archived, facts_at
from tests.ledger.factories import entry, store

WHEN = datetime(2021, 2, 2, 10, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> tuple[str, Path, str]:
    """A ledger whose decision of a month is archived, the archive, and the id of the decision."""
    url, folder = empty_ledger(tmp_path / "ledger.db"), tmp_path / "archive"
    name = DecisionIds(lambda: int(WHEN.timestamp() * 1000))()
    body = facts_at(WHEN)
    made = decide(facts_from(body), law(), NullHistory(), rates=rates(), decision_id=name, now=WHEN, domains=("sca",))
    with Ledger.open(url, clock=lambda: WHEN) as ledger:
        answer = orjson.dumps(made.body)
        store(ledger, entry(id=name, at=WHEN, facts=body, inputs=orjson.dumps(made.inputs), answer=answer,
                            release=law().release.digest))  # fmt: skip
    archived(url, folder)
    return url, folder, name


def test_a_decision_is_read_and_replayed_as_before(old: tuple[str, Path, str]) -> None:
    url, folder, name = old
    with Ledger.open(url, clock=lambda: NOW) as ledger:
        before = ledger.decision(name)
        assert before is not None
        answer = replayed(lambda _: law(), before, None, None)
        drop(ledger, url, folder, WHEN.date().replace(month=3), at=NOW)
        assert ledger.decision(name) is None
        ledger.read_archive(folder)
        assert ledger.decision(name) == before
        again = ledger.decision(name)
        assert again is not None
        assert replayed(lambda _: law(), again, None, None) == answer
    assert answer["identical"]


def test_without_its_archive_it_is_said_where_it_lies(old: tuple[str, Path, str]) -> None:
    url, folder, name = old
    with Ledger.open(url, clock=lambda: NOW) as ledger:
        assert missing(ledger, Settings(), name).kind == "not_found"
        drop(ledger, url, folder, WHEN.date().replace(month=3), at=NOW)
        (span,) = ledger.taken_out()
        problem = missing(ledger, Settings(), name)
        assert (problem.kind, problem.status) == ("archived", 404)
        assert "Decisions of 2021-02 were taken out of this ledger" in problem.detail
        assert span.manifest in problem.detail
        later = DecisionIds(lambda: int(NOW.timestamp() * 1000))()
        assert missing(ledger, Settings(), later).kind == "not_found"
        assert missing(ledger, Settings(archive=folder), name).kind == "not_found", "it was looked for there"


@pytest.mark.parametrize("name", ["", "dec_", "dec_nobody", "x" * 30, "dec_" + "0" * 25 + "u", "dec_" + "é" * 26])
def test_what_is_no_id_tells_no_moment(name: str) -> None:
    assert ms_of(name) is None


def test_an_archive_that_is_broken_is_not_nothing(old: tuple[str, Path, str]) -> None:
    url, folder, name = old
    with Ledger.open(url, clock=lambda: NOW) as ledger:
        drop(ledger, url, folder, WHEN.date().replace(month=3), at=NOW)
        ledger.read_archive(folder)
        for path in folder.glob("decisions/*/*/*.parquet"):
            path.write_bytes(b"")
        with pytest.raises(LedgerUnavailable, match="The archive cannot be read"):
            ledger.decision(name)


def test_metrics_tell_how_far_the_archive_reaches(old: tuple[str, Path, str], tmp_path: Path) -> None:
    found = {family.name: [one.value for one in family.samples] for family in _archive(old[1])}
    end = datetime(2021, 3, 1, tzinfo=UTC).timestamp()
    assert found == {"lexgate_archived_rows": [1], "lexgate_archive_timestamp_seconds": [end]}
    for folder in (None, tmp_path / "nowhere"):
        assert [family.samples for family in _archive(folder)] == [[], []]


# -- commands -----------------------------------------------------------------------------------------------------------------


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["archive", *words])


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a ledger with a past; its archive."""
    url, folder = empty_ledger(tmp_path / "ledger.db"), tmp_path / "archive"
    fill(url)
    monkeypatch.setenv(f"{PREFIX}DATABASE", url)
    monkeypatch.setenv(f"{PREFIX}ARCHIVE", str(folder))
    return folder


def told(result: Result) -> Any:
    return orjson.loads(result.stdout)


def test_the_commands_write_verify_and_take_out(house: Path) -> None:
    written = told(run("write", "--before", "2021-04-01", "--json"))
    assert [(one["month"], one["signed"]) for one in written["months"]] == [
        ("2021-01", True), ("2021-02", True), ("2021-03", True),
    ]  # fmt: skip
    assert "no month is over" in run("write", "--before", "2021-04-01").stdout
    found = told(run("verify", "--signed", "--json"))
    assert (found["ok"], found["unsigned"], found["rows"]) == (True, [], 12)
    gone = told(run("drop", "--through", "2021-02-28", "--json"))
    assert [(one["month"], one["taken"]) for one in gone["months"]] == [("2021-01", 4), ("2021-02", 4)]
    assert "nothing is archived up to that day" in run("drop", "--through", "2021-02-28").stdout
    audit = CliRunner().invoke(app, ["audit", "verify"])
    assert "8 decisions of 2021-01 to 2021-02 lie in the archive, and were not read" in audit.stdout
    whole = CliRunner().invoke(app, ["audit", "verify", "--archive", str(house), "--json"])
    assert told(whole)["ok"]
    assert [one["taken"] for one in told(whole)["archived"]] == [4, 4]


def test_the_commands_say_what_is_wrong(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "whole: 3 months" in (run("write", "--before", "2021-04-01"), run("verify"))[1].stdout
    path = house / "manifests" / "2021-02.json"
    path.write_text(path.read_text().replace('"rows": 4', '"rows": 5', 1))
    broken = run("verify")
    assert (broken.exit_code, "broken: 2021-02.json is not as it was written" in broken.stdout) == (1, True)
    refused = run("drop", "--through", "2021-01-31")
    assert (refused.exit_code, "The archive is not whole" in refused.stderr.replace("\n", " ")) == (2, True)
    assert run("drop", "--through", "2021-01-31", "--keep-days", "5").exit_code == 2
    other = run("verify", "--signed", "--alone", "--key", "00" * 32, "--json")
    assert other.exit_code == 1
    monkeypatch.delenv(f"{PREFIX}ARCHIVE")
    assert "name the folder of the archive" in run("verify").stderr.replace("\n", " ")
