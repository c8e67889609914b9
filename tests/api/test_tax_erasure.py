"""Whom was sold to, erased over HTTP: what was worked out, sold and given back answers 410; what was charged counts on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.bundled import rulepacks
from api.service import Service
from tests.api.client import Client, Reply
from tests.api.fake_vies import FakeVies, running, yes
from tests.api.server import Server, opened, small_world
from tests.api.taxes import book

CALCULATIONS, TRANSACTIONS = "/v1/tax/calculations", "/v1/tax/transactions"
PAYER = "canary-payer-4711"
NUMBER = "00743110157"
SAID = {
    "id": PAYER, "name": "Kanariana Vogelsang", "date_of_birth": "1961-02-03", "address": "Kanarienweg 17",
    "email": "kanariana@vogelsang.example", "country": "FR", "type": "individual",
}  # fmt: skip
PROFILE = {"country": "DE", "registrations": [{"jurisdiction": "DE", "scheme": "oss", "number": "DE123"}]}
KEYS = {name: {"idempotency-key": f"canary-key-{name}"} for name in ("calculate", "commit", "back", "ids")}
CANARIES = ["canary-", "Kanari", "kanari", "1961-02-03", NUMBER]


def sale(**more: Any) -> dict[str, Any]:
    """A book for somebody who is all canaries."""
    body = book("shop-1", reference="canary-order-99")
    return {**body, "payer": SAID, **more}


def firm() -> dict[str, Any]:
    """A translation for a sole trader, who is known by a number."""
    return {
        "reference": "canary-order-100", "currency": "EUR",
        "payee": {"country": "DE", "registrations": [{"jurisdiction": "DE", "number": "DE136695976"}]},
        "payer": {**SAID, "country": "IT", "type": "organisation", "tax_ids": [{"country": "IT", "value": NUMBER}]},
        "lines": [{"id": "1", "kind": "service", "category": "translation", "amount": "100.00", "tax_inclusive": False}],
    }  # fmt: skip


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeVies]:
    with running() as found:
        found.will_say(yes(requestIdentifier="WAPI-canary-1"))
        yield found


@pytest.fixture
def service(fake: FakeVies, open_service: Callable[..., Service]) -> Service:
    return open_service(vies="on", vies_url=fake.url, vies_attempts=1, vies_in_calculations="ask")


@pytest.fixture
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    made = make_client(service, domains="tax")
    reply = made.request("PUT", "/v1/merchants/shop-1", PROFILE, {"content-type": "application/json"})
    assert reply.status == 200, reply.json()
    return made


def _ok(reply: Reply) -> Any:
    assert reply.status == 200, reply.json()
    return reply.json()


class Life:
    """A sale under idempotency keys, half of it given back; and how each step is asked for again."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.calculation = _ok(self.calculate())["id"]
        self.transaction = _ok(self.commit())["id"]
        self.reversal = _ok(self.back())["id"]

    def calculate(self) -> Reply:
        return self.client.post(CALCULATIONS, sale(), KEYS["calculate"])

    def commit(self) -> Reply:
        body = {"calculation": self.calculation, "reference": "canary-invoice-1"}
        return self.client.post(TRANSACTIONS, body, KEYS["commit"])

    def back(self) -> Reply:
        body = {"mode": "partial", "amount": "10.00", "tax_inclusive": True, "reference": "canary-credit-1"}
        return self.client.post(f"{TRANSACTIONS}/{self.transaction}/reversals", body, KEYS["back"])


def _erase(client: Client, subject: str = PAYER) -> Any:
    return _ok(client.post("/v1/subjects/erase", {"subject": subject, "reason": "Asked for, ticket 4711"}))


def _gone(reply: Reply) -> None:
    assert (reply.status, reply.json()["type"]) == (410, "urn:lexgate:problem:erased"), reply.body
    assert not any(one.encode() in reply.body for one in CANARIES)


def test_a_sale_is_read_replayed_and_answered_again_until_it_is_erased(client: Client) -> None:
    life = Life(client)
    again = f"{CALCULATIONS}/{life.calculation}/replay"
    assert _ok(client.post(again))["identical"] is True
    assert [one.status for one in (life.calculate(), life.commit(), life.back())] == [200, 200, 200]
    shown = _ok(client.get(f"{TRANSACTIONS}/{life.transaction}"))
    assert (shown["reference"], shown["reversals"][0]["id"]) == ("canary-invoice-1", life.reversal)
    assert _erase(client)["keys"] == 1
    for reply in (
        client.get(f"{CALCULATIONS}/{life.calculation}"), client.post(again),
        client.get(f"{TRANSACTIONS}/{life.transaction}"), life.calculate(), life.commit(), life.back(),
        client.post(TRANSACTIONS, {"calculation": life.calculation}),
        client.post(f"{TRANSACTIONS}/{life.transaction}/reversals", {"mode": "full"}),
    ):  # fmt: skip
        _gone(reply)


def test_what_was_not_sold_yet_is_not_sold_any_more(client: Client) -> None:
    made = _ok(client.post(CALCULATIONS, sale()))
    _erase(client)
    _gone(client.post(TRANSACTIONS, {"calculation": made["id"]}))
    assert client.post(TRANSACTIONS, {"calculation": "calc_none"}).status == 404


def test_returns_and_thresholds_count_on(client: Client, service: Service) -> None:
    Life(client)
    asked = (
        "/v1/tax/returns?merchant=shop-1&scheme=oss&period=2026-Q4",
        "/v1/tax/thresholds?merchant=shop-1",
    )
    before = [_ok(client.get(one)) for one in asked]
    assert before[0]["rows"]
    _erase(client)
    assert [_ok(client.get(one)) for one in asked] == before
    assert not any(one.encode() in orjson.dumps(before) for one in CANARIES), "accounts name nobody"
    assert service.ledger.verify().ok


def test_numbers_are_answered_again_until_they_are_erased(client: Client, service: Service, fake: FakeVies) -> None:
    questions = [{"country": "IT", "value": NUMBER}, {"country": "DE", "value": "DE136695976"}]
    many = orjson.dumps(questions)
    first = client.post("/v1/tax/ids/validate", many, KEYS["ids"])
    assert [one["state"] for one in _ok(first)] == ["valid", "valid"]
    again = client.post("/v1/tax/ids/validate", many, KEYS["ids"])
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert client.post("/v1/tax/ids/validate", questions[0], KEYS["ids"]).status == 422
    one = client.post("/v1/tax/ids/validate", questions[0], {"idempotency-key": "canary-one"})
    assert _ok(one) == first.json()[0]
    assert client.post("/v1/tax/ids/validate", questions[0], {"idempotency-key": "canary-one"}).body == one.body
    told = service.ledger.consultations
    assert len(told.since(f"IT{NUMBER}", service.clock().replace(year=2020))) == 1
    assert _erase(client, f"IT{NUMBER}")["keys"] == 1
    assert told.since(f"IT{NUMBER}", service.clock().replace(year=2020)) == []
    _gone(client.post("/v1/tax/ids/validate", many, KEYS["ids"]))
    _gone(client.post("/v1/tax/ids/validate", questions[0], {"idempotency-key": "canary-one"}))
    assert service.ledger.verify().ok


def _seen(folder: Path) -> list[str]:
    held = b"".join(one.read_bytes() for one in folder.iterdir() if one.is_file())
    return [one for one in CANARIES if one.encode() in held]


def test_no_byte_of_it_lies_in_the_ledger(client: Client, service: Service, caplog: pytest.LogCaptureFixture) -> None:
    Life(client)
    _ok(client.post(CALCULATIONS, firm()))
    _ok(client.post("/v1/tax/ids/validate", {"country": "IT", "value": NUMBER}, KEYS["ids"]))
    folder = Path(service.settings.database.removeprefix("sqlite:///")).parent
    assert _seen(folder) == []
    assert _erase(client)["log_emptied"] is True
    assert _seen(folder) == []
    assert not any(one in caplog.text for one in CANARIES)
    assert service.ledger.verify().ok


@pytest.mark.slow
def test_a_real_service_keeps_nothing_of_who_was_erased(tmp_path: Path, fake: FakeVies) -> None:
    """Both streams of the process, and every file that it leaves; the ledger's log while it is served."""
    settings = small_world(tmp_path)
    for code in ("EU", "DE", "FR", "IT", "HIGH-RISK-EU", "ADEQUACY-EU"):
        shutil.copytree(rulepacks() / code, tmp_path / "law" / code)
    vies = {"LEXGATE_VIES": "on", "LEXGATE_VIES_URL": fake.url, "LEXGATE_VIES_IN_CALCULATIONS": "ask"}
    server = Server(tmp_path, **settings, **vies, LEXGATE_LOG_LEVEL="debug")
    try:
        server.wait()
        call = partial(_called, server)
        call("/v1/merchants/shop-1", PROFILE, method="PUT")
        made = call(CALCULATIONS, sale(), "canary-key-1")
        charged = call(TRANSACTIONS, {"calculation": made["id"], "reference": "canary-invoice-1"}, "canary-key-2")
        back = f"{TRANSACTIONS}/{charged['id']}/reversals"
        call(back, {"mode": "full", "reference": "canary-credit-1"}, "canary-key-3")
        call(CALCULATIONS, firm(), "canary-key-4")
        answer = call("/v1/tax/ids/validate", [{"country": "IT", "value": NUMBER}], "canary-key-5")
        assert [one["state"] for one in answer] == ["valid"]
        assert _seen(tmp_path) == []
        done = call("/v1/subjects/erase", {"subject": PAYER, "reason": "Ticket 4711"})
        assert (done["keys"], done["log_emptied"]) == (1, True)
        assert server.call("GET", f"{CALCULATIONS}/{made['id']}").status == 410
        assert server.call("GET", f"{TRANSACTIONS}/{charged['id']}").status == 410
        assert _seen(tmp_path) == []
    finally:
        server.end()
    assert _seen(tmp_path) == []
    with opened(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
        assert ledger.verify().ok
    assert not any(one in "\n".join(server.lines) for one in CANARIES)


def _called(server: Server, path: str, body: Any, key: str = "", method: str = "POST") -> Any:
    reply = server.call(method, path, orjson.dumps(body), {"idempotency-key": key} if key else None)
    assert reply.status == 200, reply.body
    return orjson.loads(reply.body)
