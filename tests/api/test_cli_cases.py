"""`lexgate screen`, `lexgate cases` and `lexgate monitor`: the same as over HTTP, and no way round four eyes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.service import Service
from api.settings import PREFIX, Settings
from engine.ledger import AlertsWanted, Ledger, Scope
from tests.api.conftest import _rates
from tests.empty import empty_ledger
from tests.ledger.alerting import alert, tell
from tests.monitoring.rings import Circles, ring
from tests.monitoring.watching import paid
from tests.shipped import law

Run = Callable[..., Result]


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger with a case of c-7 in it."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.delenv("LEXGATE_KEY", raising=False)
    where = empty_ledger(tmp_path / "lexgate.db")
    monkeypatch.setenv("LEXGATE_DATABASE", where)
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setattr("api.commands.cases.law_in_force", lambda _ledger: law())
    monkeypatch.setattr("api.commands.monitor.open_service", _around)
    with Ledger.open(where) as ledger:
        for name, scope in (("ann", Scope.REVIEW), ("ben", Scope.REVIEW), ("reader", Scope.READ)):
            ledger.keys.create([scope], name, f"lx_secret_of_{name}_0123456789")
        tell(ledger, alert())
    return where


def _around(chosen: Settings) -> Service:
    """A service on the ledger of the settings; the law is read once for all tests."""
    return Service.around(chosen, law(), _rates(), Ledger.open(chosen.database))


@pytest.fixture
def run(address: str) -> Run:
    def invoke(*words: str, by: str | None = None) -> Result:
        env = {"LEXGATE_KEY": f"lx_secret_of_{by}_0123456789"} if by else {}
        return CliRunner().invoke(app, words, env=env)

    return invoke


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_case_is_worked_on_by_two(run: Run) -> None:
    (case,) = _json(run("cases", "list", "--json"))["cases"]
    assert (case["subject"], case["state"]) == ("c-7", "open")
    claimed = _json(run("cases", "claim", case["id"], "--json", by="ann"))
    assert claimed["state"] == "claimed"
    decide = ("cases", "decide", case["id"], "report", "--reason", "Structured.", "--json")
    assert _json(run(*decide, by="ann"))["state"] == "proposed"
    own = run("cases", "approve", case["id"], "--reason", "Fine.", by="ann")
    assert (own.exit_code, "Whoever proposed it does not approve it." in own.output) == (2, True)
    done = _json(run("cases", "approve", case["id"], "--reason", "Agreed.", "--json", by="ben"))
    assert (done["state"], done["decision"]) == ("decided", "report")
    shown = run("cases", "show", case["id"]).output
    assert "payer c-7: decided" in shown
    assert "approved" in shown


def test_a_proposal_is_sent_back(run: Run) -> None:
    (case,) = _json(run("cases", "list", "--json"))["cases"]
    run("cases", "claim", case["id"], by="ann")
    run("cases", "decide", case["id"], "report", "--reason", "Structured.", by="ann")
    back = run("cases", "approve", case["id"], "--reason", "Not yet.", "--decline", "--json", by="ben")
    assert (_json(back)["state"], _json(back)["decision"]) == ("claimed", None)


@pytest.mark.parametrize("by", ["reader", "nobody"])
def test_only_a_reviewers_key_moves_a_case(run: Run, by: str) -> None:
    (case,) = _json(run("cases", "list", "--state", "open", "--json"))["cases"]
    refused = run("cases", "claim", case["id"], by=by)
    assert (refused.exit_code, "lacks the scope" in refused.output) == (2, True)
    assert run("cases", "claim", case["id"]).exit_code == 2, "nobody at all"
    assert run("cases", "claim", "case_9", by="ann").exit_code == 2
    assert _json(run("cases", "show", case["id"], "--json"))["number"] == 1


def test_a_case_is_listed_in_words(run: Run) -> None:
    told = run("cases", "list").output
    assert "case_" in told
    assert "c-7" in told
    assert run("cases", "show", "case_9").exit_code == 2


def test_without_lists_nobody_is_clear(run: Run, address: str) -> None:
    result = run("screen", "Mona Listed", "--birth-date", "1961", "--country", "FR", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["verdict"], [one["code"] for one in found["reasons"]]) == ("review", ["no_lists"])
    with Ledger.open(address) as ledger:
        stored = ledger.screenings.one(found["id"])
    assert stored is not None
    assert json.loads(stored.answer) == found
    assert "Nothing was screened: no list is loaded." in run("screen", "Mona Listed").output


def test_a_question_that_is_none_is_refused(run: Run) -> None:
    refused = run("screen", "Mona", "--birth-date", "yesterday")
    assert (refused.exit_code, "/birth_date" in refused.output) == (2, True)


def test_the_monitor_works_until_nothing_waits(run: Run, address: str) -> None:
    with Ledger.open(address) as ledger:
        paid(ledger)
    assert "items worked through" in run("monitor", "run", "--once").output
    (_, intake, scenarios) = _json(run("monitor", "status", "--json"))["consumers"]
    assert (intake["consumer"], intake["waiting"]) == ("intake", 0)
    assert (scenarios["consumer"], scenarios["waiting"]) == ("scenarios", 0)
    assert "intake" in run("monitor", "status").output
    assert run("monitor", "anew").exit_code == 0
    assert _json(run("monitor", "status", "--json"))["consumers"][1]["waiting"] > 0


def test_everybodys_payments_are_looked_over_when_asked(
    run: Run, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watching(chosen: Settings) -> Service:
        service = _around(chosen)
        service.evaluate_graphs = Circles()
        return service

    monkeypatch.setattr("api.commands.monitor.open_service", watching)
    with Ledger.open(address) as ledger:
        made = ring(ledger, end=datetime.now(UTC) - timedelta(days=1))
    assert _json(run("monitor", "status", "--json"))["graphs"] is None
    assert "not looked over yet" in run("monitor", "status").output
    looked = run("monitor", "graphs")
    assert (looked.exit_code, "1 new alerts" in looked.output) == (0, True), looked.output
    assert "0 new alerts" in run("monitor", "graphs", "--days", "40").output
    day = _json(run("monitor", "status", "--json"))["graphs"]
    assert day in run("monitor", "status").output
    with Ledger.open(address) as ledger:
        (told,) = ledger.alerts.page(AlertsWanted(rule="scenario.cycle"), limit=9, after=None).data
    assert list(told.alert.evidence) == made


def test_nobody_looks_over_payments_without_graph_scenarios(
    run: Run, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(chosen: Settings) -> Service:
        service = _around(chosen)
        service.evaluate_graphs = None
        return service

    monkeypatch.setattr("api.commands.monitor.open_service", without)
    refused = run("monitor", "graphs")
    assert (refused.exit_code, "no graph scenario" in refused.output) == (2, True)


def test_a_look_that_another_worker_is_at_is_refused(run: Run, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def watching(chosen: Settings) -> Service:
        service = _around(chosen)
        service.evaluate_graphs = Circles()
        return service

    monkeypatch.setattr("api.commands.monitor.open_service", watching)
    with Ledger.open(address) as ledger:
        ledger.monitoring.take("graphs", "other", datetime.now(UTC), timedelta(hours=1))
    refused = run("monitor", "graphs")
    assert (refused.exit_code, "another worker" in refused.output) == (2, True)
