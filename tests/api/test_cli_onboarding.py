"""`lexgate onboarding`: the list of cases, one of them whole, and the daily sweep."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import out
from api.onboarding import Bench
from api.settings import PREFIX, Settings
from engine.ledger import Ledger
from engine.onboarding.life import decided, opened
from tests.empty import empty_ledger
from tests.onboarding.applying import CONDITIONS, applied, packs

Run = Callable[..., Result]
THEN = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LATER = datetime(2031, 1, 1, 9, 0, tzinfo=UTC)
"""The identity card of the sample ended the day before."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate onboarding`, years later, on a ledger with one merchant in service."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    address = empty_ledger(tmp_path / "lexgate.db")
    monkeypatch.setenv("LEXGATE_DATABASE", address)
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setattr("api.commands.onboarding.law_in_force", lambda _ledger: packs())
    monkeypatch.setattr("api.commands.onboarding.utc_now", lambda: LATER)
    with Ledger.open(address) as ledger:
        take_on(Bench(ledger, packs(), THEN))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["onboarding", *words])

    return invoke


def take_on(bench: Bench) -> None:
    asked, seen = bench.asked("onb_1", applied(), "key_1")
    made = opened("onb_1", applied(), asked, draft=False)
    bench.store(made, 0, seen, None)
    for decision in ("approve", "activate"):
        case = made[-1].case
        asked, seen = bench.asked("onb_1", applied(), "key_2")
        made = decided(case, decision, "seen", CONDITIONS, asked)
        bench.store(made, case.number, seen, None)


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_cases_are_listed(run: Run) -> None:
    (found,) = _json(run("list", "--json"))["cases"]
    assert (found["id"], found["state"], found["deadline"]) == ("onb_1", "active", "2031-01-01")
    assert _json(run("list", "--state", "draft", "--json"))["cases"] == []
    assert "onb_1" in run("list").stdout


def test_one_is_shown_with_its_history(run: Run) -> None:
    found = _json(run("show", "onb_1", "--json"))
    assert [line["event"] for line in found["history"]][-2:] == ["activation_begun", "activated"]
    told = run("show", "onb_1").stdout
    assert "onb_1 m-7: active (stage active, trading full)" in told
    assert "not_performed: screening not_screened" in told
    assert run("show", "onb_9").exit_code == 2


def test_the_sweep_moves_what_is_due_once(run: Run) -> None:
    assert _json(run("sweep", "--json")) == {
        "moved": [{"id": "onb_1", "events": ["document_expired"], "state": "info_requested"}]
    }
    assert _json(run("sweep", "--json")) == {"moved": []}
    assert run("sweep").stdout == "0 cases moved\n"
    assert "missing: identity_document of Anne Martin, expired" in run("show", "onb_1").stdout
