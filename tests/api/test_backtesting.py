"""Back-tests from the command line and in a process of their own: of files and of the ledger, stopped, taken up, refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from click.testing import Result
from typer.testing import CliRunner

from api import backtest_sources, backtest_worker
from api.backtest_sources import LEDGER, Wanted, open_file, open_ledger
from api.backtesting import RESULT, BacktestJob, Order, OtherBacktest, World, release_in, run_backtest
from api.cli import app
from api.settings import PREFIX, Settings
from engine.backtest import BadTable
from engine.decide import decide
from engine.ledger import Ledger
from engine.packs import PackSet
from engine.replay import RememberedHistory, facts_from
from tests.backtest.past import Past, files, halved, law, rates
from tests.empty import empty_ledger
from tests.ledger.factories import entry, store

HEAD = (
    "amount,currency,payment.instrument,payment.channel,payment.initiator,occurred_at,"
    "payment.issuer_country,payment.acquirer_country,payment.since_authenticated.count,payment.since_authenticated.policy"
)
ROW = "40.00,EUR,card,contactless,payer,2026-10-0{day}T10:00:00+02:00,DE,DE,1,count"


def csv(folder: Path, rows: int = 12, name: str = "past.csv") -> Path:
    """Contactless payments of 40 euro, on the first days of October; the second row is none."""
    lines = [ROW.format(day=1 + row % 9) for row in range(rows)]
    lines[1] = lines[1].replace("40.00", "forty")
    path = folder / name
    path.write_text("\n".join((HEAD, *lines)) + "\n")
    return path


def written(folder: Path, packs: PackSet) -> Path:
    """The packs as files."""
    for path, text in packs.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return folder


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder of packs with smaller limits."""
    return str(written(tmp_path_factory.mktemp("candidate"), halved()))


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a ledger of its own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)
    database = empty_ledger(tmp_path / "lexgate.db")
    monkeypatch.setenv("LEXGATE_DATABASE", database)
    return database


@pytest.fixture
def run(environment: str, candidate: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs `lexgate backtest` with the candidate."""
    known = {candidate: halved()}
    monkeypatch.setattr("api.commands.backtest.law", lambda folder=None: known.get(str(folder), law()))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(app, ["backtest", "--candidate", candidate, *words])

    return invoke


def world(ledger: Ledger | None = None) -> World:
    """The active law and some rates."""
    return World(law(), rates(), "sha256:00", ledger)


def order(source: Path | str, **more: Any) -> Order:
    """Of authentication alone."""
    return Order(str(source), ("sca",), **more)


# -- the command --------------------------------------------------------------------------------------------------------------


def test_a_file_of_payments_under_a_candidate(run: Callable[..., Result], tmp_path: Path) -> None:
    said = run("--source", str(csv(tmp_path)), "--domains", "sca")
    assert said.exit_code == 0, said.output
    assert "Of 11 payments 11 would be answered otherwise: 11 more strictly, 0 less." in said.stdout
    assert "| 2 | decimal_form |" in said.stdout


def test_one_document_for_machines_and_one_for_the_shelf(run: Callable[..., Result], tmp_path: Path) -> None:
    page, data = tmp_path / "page.md", tmp_path / "data.json"
    first = run("--source", str(csv(tmp_path)), "--domains", "sca", "--json", "--out", str(data))
    assert json.loads(first.stdout) == json.loads(data.read_bytes())
    assert run("--source", str(csv(tmp_path)), "--domains", "sca", "--out", str(page)).stdout == ""
    assert page.read_text().startswith("# Back-test")


def test_days_and_a_limit(run: Callable[..., Result], tmp_path: Path) -> None:
    words = ("--source", str(csv(tmp_path)), "--domains", "sca", "--json")
    some = json.loads(run(*words, "--from", "2026-10-03", "--to", "2026-10-04").stdout)
    assert some["payments"]["evaluated"] == 3
    assert some["source"]["from"] == "2026-10-03"
    assert json.loads(run(*words, "--limit", "5").stdout)["payments"]["evaluated"] == 4


def test_a_table_is_not_asked_for_tax_unless_it_is_wanted(run: Callable[..., Result], tmp_path: Path) -> None:
    said = json.loads(run("--source", str(csv(tmp_path, 3)), "--json").stdout)
    assert said["domains"] == ["sca", "aml", "kyc", "residency", "methods"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--source", "past.txt"), "past.txt is none of .csv, .parquet, .ndjson, .jsonl"),
        (("--source", "nowhere.csv"), "nowhere.csv"),
        (("--domains", "vat"), "One or more of sca"),
        (("--from", "yesterday"), "--from"),
        (("--candidate", "sha256:00"), "neither a folder nor the digest"),
        (("--candidate", "0" * 64), "neither a folder nor the digest"),
    ],
)
def test_a_call_that_cannot_be_answered_says_why(
    run: Callable[..., Result], words: tuple[str, ...], sentence: str
) -> None:
    said = run(*words)
    assert said.exit_code == 2
    assert sentence in said.stderr.replace("\n", " ")


# -- sources ------------------------------------------------------------------------------------------------------------------


def test_lines_of_json_bring_baskets_and_labels(tmp_path: Path) -> None:
    past, path = Past(11), tmp_path / "past.ndjson"
    lines = [orjson.dumps({**past.body(number), "label": number == 0}) for number in range(20)]
    no_time = orjson.dumps({key: value for key, value in past.body(1).items() if key != "occurred_at"})
    bad_label = orjson.dumps({**past.body(1), "label": "perhaps"})
    path.write_bytes(b"\n".join([*lines, b"{", b"[]", b'{"amount": "1"}', no_time, bad_label]) + b"\n")
    body = run_backtest(order(path), halved(), world())
    assert body["payments"]["evaluated"] == 20
    assert [one["payment"] for one in body["left_out_payments"]] == ["21", "22", "23", "24", "25"]
    assert body["left_out_payments"][0]["reason"] == "json_invalid"
    assert (body["labels"]["known"], body["labels"]["bad"]) == (20, 1)


def test_lines_none_of_which_is_a_payment(tmp_path: Path) -> None:
    path = tmp_path / "past.ndjson"
    path.write_bytes(b"{}\n")
    body = run_backtest(order(path), halved(), world())
    assert (body["payments"]["evaluated"], body["payments"]["left_out"]) == (0, 1)


def test_every_form_of_a_file_says_the_same(tmp_path: Path) -> None:
    path = csv(tmp_path)
    table = pl.read_csv(path, infer_schema=False)
    table.write_parquet(tmp_path / "past.parquet")
    found = [run_backtest(order(tmp_path / name), halved(), world()) for name in ("past.csv", "past.parquet")]
    assert found[0]["source"].pop("digest") != found[1]["source"].pop("digest")
    assert [one["source"].pop("kind") for one in found] == ["csv", "parquet"]
    assert [one["source"].pop("name") for one in found] == ["past.csv", "past.parquet"]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", ["broken.parquet", "ragged.csv"])
def test_a_file_that_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(f"{HEAD}\n{ROW},1,2,3,4\n" if name.endswith("csv") else "not this")
    with pytest.raises(BadTable, match="cannot be read as"):
        run_backtest(order(path), halved(), world())


def test_the_ledger_is_asked_in_order_and_up_to_now(environment: str) -> None:
    with Ledger.open(environment) as ledger:
        opened = open_ledger(ledger, Wanted(date(2026, 1, 1), None, 10), "sha256:00")
        assert list(opened.chunks) == []
        assert opened.source.known
        body = run_backtest(order(LEDGER), halved(), world(ledger))
    assert body["payments"]["evaluated"] == 0
    with pytest.raises(ValueError, match="no ledger is given"):
        run_backtest(order(LEDGER), halved(), world())


def test_stored_decisions_are_asked_with_what_was_known_then(environment: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_sources, "STORED_CHUNK", 2)
    request = {
        "occurred_at": "2026-10-01T10:00:00+02:00", "amount": "40.00", "currency": "EUR", "payer": {"id": "c-1"},
        "payment": {"instrument": "card", "channel": "contactless", "initiator": "payer", "issuer_country": "DE",
                    "acquirer_country": "DE"},
    }  # fmt: skip
    body = orjson.dumps(request)
    facts = facts_from(body)
    past = RememberedHistory({"history": {"count": 1, "amounts": [["5.00", "EUR"]]}})
    made = decide(facts, law(), past, rates=rates(), decision_id="dec_1", now=facts["occurred_at"], domains=("sca",))
    entries = [entry(facts=body, inputs=orjson.dumps(made.inputs), release=law().release.digest) for _ in range(3)]
    with Ledger.open(environment) as ledger:
        store(ledger, *entries)
        found = run_backtest(order(LEDGER), halved(), world(ledger))
        limited = run_backtest(order(LEDGER, wanted=Wanted(limit=1)), halved(), world(ledger))
    assert found["verdicts"]["sca"] == [{"was": "exempt", "now": "required", "payments": 3}]
    assert found["source"]["past_known"]
    assert found["payments"]["one_by_one"] == 3
    assert limited["payments"]["evaluated"] == 1


# -- work in a folder ---------------------------------------------------------------------------------------------------------


def test_work_taken_up_ends_in_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backtest_sources, "CHUNK", 5)
    path, folder = csv(tmp_path), tmp_path / "work"
    whole = orjson.dumps(run_backtest(order(path), halved(), world(), folder=folder))
    kept = sorted((folder / "chunks").iterdir())
    assert [one.name for one in kept] == ["000000.json", "000001.json", "000002.json"]
    kept[1].unlink()
    assert orjson.dumps(run_backtest(order(path), halved(), world(), folder=folder)) == whole


def test_a_folder_with_other_work_is_refused(tmp_path: Path) -> None:
    path, folder = csv(tmp_path), tmp_path / "work"
    run_backtest(order(path), halved(), world(), folder=folder)
    with pytest.raises(OtherBacktest, match="full is not the same"):
        run_backtest(order(path, full=True), halved(), world(), folder=folder)


def test_an_order_is_read_as_it_was_written() -> None:
    asked = Order("past.csv", ("sca", "aml"), Wanted(date(2026, 1, 1), None, 7), date(2027, 1, 1), True, "fr")
    assert Order.read(asked.json()) == asked


def test_a_job_in_a_process_of_its_own(environment: str, tmp_path: Path) -> None:
    path, folder = csv(tmp_path, 40), tmp_path / "job"
    job = BacktestJob.ordered(folder, order(path), law(), halved(), [("LEXGATE_DATABASE", environment)])
    assert job.progress.state == "waiting"
    assert job.result() is None
    job.start()
    assert job.wait(300).state == "done", job.progress
    body = job.result()
    assert body is not None
    assert body["payments"]["evaluated"] == 39
    assert BacktestJob(folder).progress.state == "done"
    job.cancel()
    assert job.progress.state == "done"


def test_a_job_says_why_it_failed(environment: str, tmp_path: Path) -> None:
    job = BacktestJob.ordered(tmp_path / "job", order(tmp_path / "past.txt"), law(), halved())
    job.start()
    found = job.wait(300)
    assert found.state == "failed"
    assert "past.txt is none of" in found.detail


def test_a_job_whose_process_dies_has_failed(environment: str, tmp_path: Path) -> None:
    job = BacktestJob(tmp_path / "nothing")
    job.start()
    assert job.wait(300).state == "failed"


def test_the_worker_stops_where_it_is_told_to(
    environment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Told to stop before its first chunk, it counts none; told nothing, it takes the work up and ends it."""
    handlers: list[Any] = []
    folder = tmp_path / "job"
    BacktestJob.ordered(folder, order(csv(tmp_path)), law(), halved())
    monkeypatch.setattr(
        backtest_worker,
        "release_in",
        lambda _folder, digest, near=None: {one.release.digest: one for one in (law(), halved())}[digest],
    )
    monkeypatch.setattr(backtest_worker.os, "nice", lambda _by: 0)

    def at_once(number: int, handler: Any) -> None:
        handlers.append(number)
        handler(number, None)

    monkeypatch.setattr(backtest_worker.signal, "signal", at_once)
    assert backtest_worker.main([str(folder)]) == 0
    assert orjson.loads(capsysbinary.readouterr().out.splitlines()[-1])["state"] == "stopped"
    assert not (folder / RESULT).exists()
    monkeypatch.setattr(backtest_worker.signal, "signal", lambda _number, _handler: None)
    assert backtest_worker.main([str(folder)]) == 0
    assert (folder / RESULT).exists()


def test_a_release_whose_bytes_are_not_its_own_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    BacktestJob.ordered(folder, order("x.csv"), law(), halved())
    digest = law().release.digest
    assert release_in(folder, digest).release.digest == digest
    (folder / f"{digest.replace(':', '-')}.release").write_bytes(b"{}")
    with pytest.raises(ValueError, match="not what its name says"):
        release_in(folder, digest)


def test_files_of_payments_know_no_past(tmp_path: Path) -> None:
    assert not open_file(csv(tmp_path), Wanted(), "sha256:00").source.known
    assert "EEA/pack.yaml" in files()
