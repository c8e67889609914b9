"""Erasure over HTTP and by command: what was answered is gone, what is left is listed, and nothing trips over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from api.backtest_sources import stored_of
from api.bulk_replay import Wanted, replay_all
from api.cli import app
from api.commands.console import out
from api.master_key import MasterKey, MasterKeyRefused
from api.rehearsal import require_side
from api.service import Service
from api.settings import PREFIX, Settings
from api.traffic import verdicts
from engine.backtest.compare import Releases, compare_stored
from engine.backtest.evaluate import Bench
from engine.ledger import Ledger, LedgerLocked, Scope
from engine.wrapping import Ring
from tests.api.client import Client
from tests.empty import empty_ledger

SAID = {
    "id": "canary-payer-4711",
    "name": "Kanariana Vogelsang",
    "date_of_birth": "1961-02-03",
    "address": "Kanarienweg 17",
    "email": "kanariana@vogelsang.example",
}


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    return open_service()


@pytest.fixture
def decided(client: Client, payment: dict[str, Any]) -> dict[str, Any]:
    """A payment full of canaries, decided."""
    return _decide(client, payment)


@pytest.fixture
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


def _decide(client: Client, payment: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {**payment, "reference": "canary-order-99", "payer": {**payment["payer"], **SAID}, **more}
    answer = client.post("/v1/preflight", body)
    assert answer.status == 200
    found: dict[str, Any] = answer.json()
    return found


def _erase(client: Client) -> dict[str, Any]:
    answer = client.post("/v1/subjects/erase", {"subject": SAID["id"], "reason": "Asked for, ticket 4711"})
    assert answer.status == 200
    found: dict[str, Any] = answer.json()
    return found


def _files(service: Service) -> Iterator[Path]:
    where = Path(service.settings.database.removeprefix("sqlite:///"))
    return (one for one in where.parent.iterdir() if one.is_file())


def test_no_byte_of_a_payment_lies_in_the_ledger(
    client: Client, service: Service, decided: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    client.post(f"/v1/decisions/{decided['id']}/events", {"kind": "captured", "at": "2026-11-22T10:00:00Z"})
    client.get("/v1/decisions?q=canary")
    canaries = [*SAID.values(), "canary-order-99"]
    assert not any(one.encode() in file.read_bytes() for file in _files(service) for one in canaries)
    assert not any(one in caplog.text for one in canaries)


def test_what_was_erased_answers_410_and_is_listed(client: Client, decided: dict[str, Any]) -> None:
    one = f"/v1/decisions/{decided['id']}"
    assert client.get(one).json()["id"] == decided["id"]
    done = _erase(client)
    assert (done["keys"], done["unprotected"], done["log_emptied"]) == (1, 0, True)
    for answer in (
        client.get(one), client.get(f"{one}/explanation"), client.post(f"{one}/replay"),
        client.get(f"{one}/document"), client.get(f"{one}/messages"),
    ):  # fmt: skip
        assert (answer.status, answer.json()["type"]) == (410, "urn:lexgate:problem:erased")
    short = client.get(f"{one}/summary").json()
    assert (short["id"], short["erased"], short["payer"], short["reference"]) == (decided["id"], True, None, None)
    assert client.get(f"{one}/events").status == 200
    for query in ("", "?outcome=" + decided["outcome"]):
        (whole,) = client.get(f"/v1/decisions{query}").json()["data"]
        assert (whole["id"], whole["erased"]) == (decided["id"], True)
        assert not set(whole) & {"findings", "sca"}
    for query in ("?view=summary", "?view=summary&outcome=" + decided["outcome"]):
        (summed,) = client.get(f"/v1/decisions{query}").json()["data"]
        assert (summed["erased"], summed["payer"]) == (True, None)


def test_the_status_tells_what_happened(client: Client, decided: dict[str, Any]) -> None:
    asked = {"subject": SAID["id"]}
    before = client.post("/v1/subjects/status", asked).json()
    assert (before["kept"], len(before["keys"])) == (True, 1)
    _erase(client)
    after = client.post("/v1/subjects/status", asked).json()
    assert (after["kept"], after["pseudonym"]) == (False, before["pseudonym"])
    assert after["keys"][0]["reason"] == "Asked for, ticket 4711"
    assert client.post("/v1/subjects/status", {"subject": "nobody"}).status == 404
    assert client.post("/v1/subjects/erase", {"subject": "nobody", "reason": "x"}).status == 404


def test_only_administrators_erase(
    client: Client, service: Service, make_client: Callable[..., Client], decided: dict[str, Any]
) -> None:
    service.ledger.keys.create(frozenset(Scope) - {Scope.ADMIN}, "other", "lx_" + "o" * 40)
    other = make_client(service, secret="lx_" + "o" * 40)
    asked = {"subject": SAID["id"], "reason": "x"}
    assert other.post("/v1/subjects/erase", asked).status == 403
    assert client.get(f"/v1/decisions/{decided['id']}").status == 200


def test_the_same_request_erases_once(client: Client, payment: dict[str, Any]) -> None:
    _decide(client, payment)
    asked, key = {"subject": SAID["id"], "reason": "x"}, {"idempotency-key": "erase-1"}
    first = client.post("/v1/subjects/erase", asked, key)
    _decide(client, payment)
    again = client.post("/v1/subjects/erase", asked, key)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert client.post("/v1/subjects/status", {"subject": SAID["id"]}).json()["kept"]


def test_an_idempotency_key_of_an_erased_payment_gives_nothing_again(client: Client, payment: dict[str, Any]) -> None:
    body = {**payment, "payer": {**payment["payer"], **SAID}}
    key = {"idempotency-key": "pay-1"}
    first = client.post("/v1/preflight", body, key)
    assert first.status == 200
    assert client.post("/v1/preflight", body, key).body == first.body
    _erase(client)
    assert client.post("/v1/preflight", body, key).status == 410


def test_what_reads_many_decisions_goes_on(client: Client, service: Service, payment: dict[str, Any]) -> None:
    _decide(client, payment)
    _decide(client, payment, payer={**payment["payer"], "id": "c-other"})
    _erase(client)
    ledger = service.ledger
    require_side(ledger, livemode=True)
    assert verdicts(ledger)["of"] == 1
    summary = replay_all(ledger, service.packs_of, Wanted(), lambda done, total: None)
    assert (summary.identical, sum(summary.failed.values())) == (1, 1)
    assert [bool(answer) for *_, answer in ledger.answered(after=0, limit=5)] == [False, True]
    assert ledger.verify().ok


def test_a_back_test_leaves_the_erased_out_and_counts_them(
    client: Client, service: Service, payment: dict[str, Any]
) -> None:
    _decide(client, payment)
    _decide(client, payment, payer={**payment["payer"], "id": "c-other"})
    _erase(client)
    bench = Bench(service.packs, ("sca",), service.rates)
    stored = [stored_of(one) for one in service.ledger.decisions(limit=5).data]
    compared = compare_stored(stored, Releases.of(bench, service.packs))
    assert (len(compared.frame), [one.reason for one in compared.left_out]) == (1, ["erased"])


# -- by command ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(service: Service, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setenv("LEXGATE_DATABASE", service.settings.database)

    def call(*arguments: str, ends: int = 0) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == ends, result.output
        return result

    return call


def test_the_command_erases_and_the_audit_passes(
    client: Client, service: Service, decided: dict[str, Any], run: Callable[..., Result]
) -> None:
    assert "kept under a key" in run("subjects", "status", SAID["id"]).output
    assert "the same answer" in run("replay", decided["id"]).output
    assert "1 keys destroyed" in run("subjects", "erase", SAID["id"], "--reason", "asked for").output
    assert "erased" in run("subjects", "status", SAID["id"]).output
    assert "were erased" in run("replay", decided["id"], ends=2).output
    assert "whole" in run("audit", "verify").output
    assert client.get(f"/v1/decisions/{decided['id']}").status == 410
    assert "nothing is kept" in run("subjects", "status", "nobody", ends=2).output


def test_a_rotation_at_once_leaves_no_old_key(
    client: Client, service: Service, payment: dict[str, Any], run: Callable[..., Result]
) -> None:
    _decide(client, payment)
    other = _decide(client, payment, payer={**payment["payer"], "id": "c-other"})
    (before,) = service.master.ring().ids
    run("subjects", "erase", SAID["id"], "--reason", "asked for", "--rotate")
    (after,) = service.master.ring().ids
    assert after != before
    assert set(service.ledger.subjects.used()) == {after}
    assert client.post(f"/v1/decisions/{other['id']}/replay").json()["identical"]
    assert client.get(f"/v1/decisions/{other['id']}").json() == other
    assert _decide(client, payment)["outcome"] == other["outcome"]
    assert service.ledger.verify().ok


def test_after_a_rotation_old_decisions_replay(
    client: Client, service: Service, decided: dict[str, Any], run: Callable[..., Result]
) -> None:
    run("keys", "master", "rotate")
    run("keys", "master", "retire")
    replayed = client.post(f"/v1/decisions/{decided['id']}/replay").json()
    assert replayed["identical"]
    assert "the same answer" in run("replay", decided["id"]).output


# -- whether it is on ---------------------------------------------------------------------------------------------------


def test_a_service_on_sqlite_protects_from_its_first_start(tmp_path: Path) -> None:
    settings = Settings(database=empty_ledger(tmp_path / "l.db"))
    with Ledger.open(settings.database) as ledger:
        MasterKey(settings).protect(ledger)
        assert (ledger.subjects.is_protected, ledger.subjects.is_open) == (True, True)
    with Ledger.open(settings.database) as ledger:
        assert (ledger.subjects.is_protected, ledger.subjects.is_open) == (True, False)
        MasterKey(settings).protect(ledger)
        assert ledger.subjects.is_open


def test_a_lost_or_another_key_does_not_open_it(tmp_path: Path) -> None:
    settings = Settings(database=empty_ledger(tmp_path / "l.db"))
    with Ledger.open(settings.database) as ledger:
        MasterKey(settings).protect(ledger)
    path = tmp_path / "l.master.key"
    if not path.exists():
        (path,) = tmp_path.glob("*.master.key")
    path.unlink()
    with Ledger.open(settings.database) as ledger:
        with pytest.raises(MasterKeyRefused, match="cannot be read"):
            MasterKey(settings).protect(ledger)
        assert not path.exists(), "another key would hide that it is lost"
        path.write_text(Ring.new().text())
        with pytest.raises(LedgerLocked):
            MasterKey(settings).protect(ledger)
        MasterKey(settings).unlock(ledger)
        assert not ledger.subjects.is_open


@pytest.mark.parametrize("protect", ["auto", "required"])
def test_without_a_key_it_is_said_or_refused(
    tmp_path: Path, protect: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("api.master_key._log.warning", lambda event, **_: told.append(event))
    settings = Settings(database=empty_ledger(tmp_path / "l.db"), master_key=tmp_path / "nowhere", protect=protect)
    with Ledger.open(settings.database) as ledger:
        if protect == "required":
            with pytest.raises(MasterKeyRefused, match="LEXGATE_PROTECT"):
                MasterKey(settings).protect(ledger)
        else:
            MasterKey(settings).protect(ledger)
            assert told == ["personal_data_in_the_clear"]
        assert not ledger.subjects.is_protected


def test_the_setting_has_its_name() -> None:
    assert PREFIX == "LEXGATE_"
    assert Settings(database="sqlite:///x").protect == "auto"
