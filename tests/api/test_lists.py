"""Lists over HTTP and on the command line, their numbers for Prometheus, and what an operator may choose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.cli import app
from api.commands.console import err, out
from api.service import Service
from api.settings import PREFIX, Settings, SettingsRefused, read_settings
from engine.ledger import AlertsWanted, CasesWanted, Ledger
from tests.api.client import Client
from tests.empty import empty_ledger
from tests.screening.loading import put, un_list

Run = Callable[..., Result]
FIRST, SECOND = un_list(range(20)), un_list(range(1, 21))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `lexgate lists` in a wide terminal on an empty folder."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    monkeypatch.setenv("LEXGATE_DATABASE", empty_ledger(tmp_path / "lexgate.db"))
    monkeypatch.chdir(tmp_path)
    # A command has a process of its own, in which nobody has set up a log: tests before may have.
    monkeypatch.setattr("api.screening_lists.structlog.is_configured", lambda: False)
    for console in (out, err):
        monkeypatch.setattr(console, "width", 200)
    for name, whole in (
        ("first.xml", FIRST),
        ("second.xml", SECOND),
        ("cut.xml", FIRST[:-40]),
        ("few.xml", un_list([1])),
    ):
        (tmp_path / name).write_bytes(whole)
    return lambda *words: CliRunner().invoke(app, ["lists", *words])


def _json(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service]) -> Service:
    service = open_service(screening_lists="UN-SC,OFAC-SDN", screening_stale_days="UN-SC=3")
    service.clock = lambda: datetime(2026, 3, 1, tzinfo=UTC)
    for whole in (FIRST, SECOND, FIRST[:-40]):
        put(service.ledger, whole)
    return service


class TestCommands:
    """`lexgate lists load | list | diff | refused`."""

    def test_a_list_is_loaded_and_listed(self, run: Run) -> None:
        loaded = run("load", "first.xml", "--list", "UN-SC")
        assert (loaded.exit_code, loaded.stdout) == (0, "UN-SC: 20 entries; 20 added, 0 removed, 0 changed\n")
        (one,) = _json(run("list", "--json"))["data"]
        assert (one["code"], one["edition"]["entries"], one["refused"], one["required"]) == ("UN-SC", 20, 0, False)
        shown = run("list").stdout
        assert re.search(r"UN-SC +2026-02-27 +\d{4}-\d{2}-\d{2} +\d+ d of 7 +20 +0 +stale", shown), shown

    def test_loading_again_says_that_nothing_changed(self, run: Run) -> None:
        run("load", "first.xml", "--list", "UN-SC")
        assert _json(run("load", "first.xml", "--list", "UN-SC", "--json"))["state"] == "unchanged"
        assert _json(run("load", "first.xml", "--list", "UN-SC", "--json", "--again"))["state"] == "loaded"

    def test_two_editions_are_compared(self, run: Run) -> None:
        run("load", "first.xml", "--list", "UN-SC")
        run("load", "second.xml", "--list", "UN-SC")
        found = _json(run("diff", "UN-SC", "--json"))
        assert (found["added"], found["removed"], found["changed"]) == (["QDe.20"], ["QDe.0"], [])
        back = _json(run("diff", "UN-SC", "--json", "--from", found["to"][:12], "--to", found["from"][:12]))
        assert (back["added"], back["removed"]) == (["QDe.0"], ["QDe.20"])
        assert "  added    QDe.20\n  removed  QDe.0" in run("diff", "UN-SC").stdout

    def test_a_refused_file_ends_with_one_and_is_remembered(self, run: Run) -> None:
        run("load", "first.xml", "--list", "UN-SC")
        bad = run("load", "cut.xml", "--list", "UN-SC")
        assert bad.exit_code == 1
        assert "stays in force" in bad.stderr
        assert "[list_truncated]" in bad.stderr
        as_json = run("load", "few.xml", "--list", "UN-SC", "--json")
        assert as_json.exit_code == 1
        assert json.loads(as_json.stdout)["code"] == "list_shrunk"
        told = _json(run("refused", "--json"))["data"]
        assert [one["code"] for one in told] == ["list_shrunk", "list_truncated"]
        assert "cut.xml" in run("refused", "UN-SC").stdout

    def test_a_refused_file_is_one_line_for_machines_that_read_logs(self, run: Run) -> None:
        lines = map(json.loads, run("load", "cut.xml", "--list", "UN-SC").stderr.splitlines()[:-1])
        (line,) = (line for line in lines if line["event"] == "list_refused")
        assert (line["event"], line["list"], line["code"], line["kept"]) == (
            "list_refused",
            "UN-SC",
            "list_truncated",
            None,
        )
        assert line["alert"].startswith("al_")

    def test_a_refused_file_opens_a_case_once(self, run: Run, tmp_path: Path) -> None:
        run("load", "first.xml", "--list", "UN-SC")
        for _ in range(2):
            assert run("load", "cut.xml", "--list", "UN-SC").exit_code == 1
        assert run("load", "few.xml", "--list", "UN-SC").exit_code == 1
        with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
            (case,) = ledger.cases.page(CasesWanted(), limit=9, after=None).data
            told = ledger.alerts.page(AlertsWanted(), limit=9, after=None).data
            assert ledger.verify().ok
        assert (case.subject_kind, case.subject, case.severity, case.number) == ("list", "UN-SC", "high", 2)
        assert sorted(one.alert.rule for one in told) == ["lists.list_shrunk", "lists.list_truncated"]
        assert {one.case_id for one in told} == {case.id}

    def test_an_address_that_does_not_answer_opens_a_case(self, run: Run, tmp_path: Path) -> None:
        assert run("load", "https://127.0.0.1:9/list.xml", "--list", "UN-SC").exit_code == 1
        with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
            (case,) = ledger.cases.page(CasesWanted(), limit=9, after=None).data
        assert (case.subject_kind, case.subject) == ("list", "UN-SC")

    def test_a_smaller_edition_needs_a_person_and_a_reason(self, run: Run) -> None:
        run("load", "first.xml", "--list", "UN-SC")
        few = ("load", "few.xml", "--list", "UN-SC", "--accept-shrink")
        for words in (few, (*few, "--by", "A. Officer"), (*few, "--reason", "x"), (*few[:-1], "--by", "A")):
            assert run(*words).exit_code == 2
        accepted = run(*few, "--by", "A. Officer", "--reason", "Resolution 9999")
        assert accepted.exit_code == 0, accepted.output
        (one,) = _json(run("list", "--json"))["data"]
        assert (one["edition"]["accepted_by"], one["edition"]["accepted_reason"]) == ("A. Officer", "Resolution 9999")

    @pytest.mark.parametrize(
        "words",
        [
            ("load", "first.xml", "--list", "NO-SUCH"),
            ("load", "first.xml"),
            ("load", "none.xml", "--list", "UN-SC"),
            ("load", "first.xml", "https://example.org/a", "--list", "UN-SC"),
            ("diff", "UN-SC"),
            ("diff", "NO-SUCH"),
            ("refused", "NO-SUCH"),
        ],
    )
    def test_a_call_that_cannot_be(self, run: Run, words: tuple[str, ...]) -> None:
        assert run(*words).exit_code == 2

    def test_an_address_that_does_not_answer_is_a_refused_load(self, run: Run) -> None:
        failed = run("load", "http://127.0.0.1:9/secret.xml?token=secret", "--list", "UN-SC")
        assert failed.exit_code == 1
        (told,) = _json(run("refused", "--json"))["data"]
        assert (told["code"], told["source"]) == ("list_unavailable", "http://127.0.0.1:9/secret.xml")

    def test_lists_that_are_required_and_missing_are_listed(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LEXGATE_SCREENING_LISTS", "EU-FSF, UN-SC")
        run("load", "first.xml", "--list", "UN-SC")
        found = {one["code"]: one for one in _json(run("list", "--json"))["data"]}
        assert (found["EU-FSF"]["edition"], found["EU-FSF"]["stale"], found["EU-FSF"]["required"]) == (None, True, True)
        assert "missing" in run("list").stdout

    def test_an_operator_may_keep_digests_only(self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("LEXGATE_LIST_KEEP_FILES", "false")
        run("load", "first.xml", "--list", "UN-SC")
        with Ledger.open(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
            (stored,) = ledger.lists.latest()
            assert ledger.lists.original(stored.seq) is None


class TestHttp:
    """`GET /v1/lists` and `/v1/lists/{code}/diff`."""

    def test_every_list_that_is_loaded_or_required_is_told(self, client: Client) -> None:
        found = {one["code"]: one for one in client.get("/v1/lists").json()["data"]}
        assert list(found) == ["OFAC-SDN", "UN-SC"]
        assert (found["OFAC-SDN"]["edition"], found["OFAC-SDN"]["stale"]) == (None, True)
        un = found["UN-SC"]
        assert (un["age_days"], un["stale_after_days"], un["stale"], un["refused"]) == (1, 3, False, 1)
        assert (un["edition"]["entries"], un["edition"]["removed"]) == (20, 1)

    def test_a_list_grows_stale(self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "clock", lambda: datetime(2026, 3, 3, tzinfo=UTC))
        assert client.get("/v1/lists").json()["data"][1]["stale"]

    def test_what_changed(self, client: Client) -> None:
        found = client.get("/v1/lists/UN-SC/diff").json()
        assert (found["added"], found["removed"], found["changed"]) == (["QDe.20"], ["QDe.0"], [])
        named = client.get("/v1/lists/UN-SC/diff?names=true").json()["names"]
        assert (found["names"], set(named)) == ({}, {"QDe.0", "QDe.20"})
        assert all(named.values())
        back = client.get(f"/v1/lists/UN-SC/diff?from={found['newer']}&to={found['older']}").json()
        assert (back["added"], back["removed"]) == (["QDe.0"], ["QDe.20"])

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/v1/lists/EU-FSF/diff", 404),
            ("/v1/lists/UN-SC/diff?from=" + "0" * 64, 404),
            ("/v1/lists/UN-SC/diff?to=" + "0" * 64, 404),
            ("/v1/lists/UN-SC/diff?from=x", 422),
            ("/v1/lists/%20/diff", 422),
        ],
    )
    def test_what_is_not_there(self, client: Client, path: str, status: int) -> None:
        assert client.get(path).status == status

    def test_prometheus_is_told_ages_and_refusals(self, client: Client) -> None:
        text = client.get("/metrics").body.decode()
        assert 'lexgate_list_load_refused_total{list="UN-SC"} 1.0' in text
        assert re.search(r'^lexgate_list_age_days\{list="UN-SC"\} \d+\.', text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCREENING_LISTS", "UN-SC,NO-SUCH"),
        ("SCREENING_STALE_DAYS", "UN-SC"),
        ("SCREENING_STALE_DAYS", "UN-SC=0"),
        ("SCREENING_STALE_DAYS", "UN-SC=soon"),
        ("SCREENING_STALE_DAYS", "NO-SUCH=3"),
        ("LIST_MAX_BYTES", "1"),
        ("LIST_TIMEOUT_SECONDS", "0"),
    ],
)
def test_a_setting_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(SettingsRefused, match=f"^LEXGATE_{name}: "):
        read_settings()


def test_lists_and_days_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXGATE_SCREENING_LISTS", " UN-SC, OS-sanctions,UN-SC ,")
    monkeypatch.setenv("LEXGATE_SCREENING_STALE_DAYS", "UN-SC = 3,OS-sanctions=1")
    chosen = read_settings()
    assert chosen.required_lists == ("UN-SC", "OS-sanctions")
    assert chosen.stale_days == {"UN-SC": 3, "OS-sanctions": 1}


def test_no_list_is_required_unless_it_is_chosen() -> None:
    assert Settings(screening_lists="").required_lists == ()
