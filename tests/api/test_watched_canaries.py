"""A service whose monitor is on, and a payer who is erased: no byte of what was stated of them is left in the files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.screening import Screening
from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client
from tests.api.screenings import Sanctions, listed
from tests.ledger.alerting import alert, only_case, tell

CANARIES = {
    "payer": "canary-payer-4711", "name": "Kanariana Vogelsang", "born": "1961-02-03", "street": "Kanarienweg 17",
    "email": "kanariana@vogelsang.example", "phone": "+49304711224400", "iban": "DE02120300000000202051",
    "card": "471147-2244", "reference": "canary-order-99", "device": "canary-device-3", "ip": "203.0.113.177",
    "said": "canary-details-81", "owner": "Ottokar Kanarienbesitz", "national": "canary-passport-7",
    "payee's name": "Finkelbert Amselweg", "payee's birth": "1959-08-07",
}  # fmt: skip


@pytest.fixture
def service(open_service: Callable[..., Service]) -> Service:
    return open_service()


@pytest.fixture
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


def stated(payment: dict[str, Any], **payee: Any) -> dict[str, Any]:
    """A payment whose payer says everything of itself."""
    payer = {
        "id": CANARIES["payer"], "name": CANARIES["name"], "date_of_birth": CANARIES["born"], "type": "individual",
        "address": CANARIES["street"], "email": CANARIES["email"], "phone": {"number": CANARIES["phone"]},
        "national_ids": [{"country": "DE", "type": "passport", "value": CANARIES["national"]}],
        "owners": [{"name": CANARIES["owner"], "share": "60"}],
    }  # fmt: skip
    paid_by = {
        "account": {"iban": CANARIES["iban"]}, "card": {"bin": "471147", "last4": "2244"},
        "facts": {"device": CANARIES["device"], "ip": CANARIES["ip"]},
    }  # fmt: skip
    nobody = {"name": CANARIES["payee's name"], "date_of_birth": CANARIES["payee's birth"], "type": "individual"}
    return {
        **payment, "reference": CANARIES["reference"], "payer": {**payment["payer"], **payer},
        "payment": {**payment["payment"], **paid_by}, "payee": {**nobody, "country": "FR", **payee},
    }  # fmt: skip


def pay(client: Client, body: dict[str, Any]) -> str:
    answer = client.post("/v1/preflight", body)
    assert answer.status == 200, answer.json()
    identity: str = answer.json()["id"]
    happened = {"kind": "captured", "at": "2026-11-22T10:00:00Z", "details": {"said": CANARIES["said"]}}
    assert client.post(f"/v1/decisions/{identity}/events", happened).status == 200
    return identity


def lying_in(service: Service) -> set[str]:
    files = [one.read_bytes() for one in _files(service)]
    return {name for name, value in CANARIES.items() if any(value.encode() in file for file in files)}


def _files(service: Service) -> Iterator[Path]:
    where = Path(service.settings.database.removeprefix("sqlite:///"))
    return (one for one in where.parent.iterdir() if one.is_file())


def kept(service: Service) -> int:
    """How many parties and records the monitor has."""
    monitoring = service.ledger.monitoring
    return len(monitoring.changed(0, 99)) + monitoring.parties("")[0]


def test_no_byte_of_whoever_was_erased_is_left(
    client: Client, service: Service, payment: dict[str, Any], capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    pay(client, stated(payment))
    other = pay(client, {**payment, "payer": {**payment["payer"], "id": "c-other"}})
    service.ledger.search.take_in(99)
    worker = service.monitor()
    assert worker.run_once() > 0
    assert kept(service) >= 4
    assert lying_in(service) == set()
    asked = {"subject": CANARIES["payer"], "reason": "Asked for, ticket 4711"}
    assert client.post("/v1/subjects/erase", asked).json()["keys"] == 1
    worker.run_once()
    worker.give_back()
    assert lying_in(service) == set()
    assert [one.id for one in service.ledger.monitoring.changed(0, 99)] == [other]
    told = capfd.readouterr()
    assert not any(value in told.out + told.err + caplog.text for value in CANARIES.values())
    assert service.ledger.verify().ok


def test_an_open_case_is_a_reason_not_to_erase(client: Client, service: Service, payment: dict[str, Any]) -> None:
    pay(client, stated(payment))
    tell(service.ledger, alert(subject=CANARIES["payer"]))
    case = only_case(service.ledger)
    answer = client.post("/v1/subjects/erase", {"subject": CANARIES["payer"], "reason": "x"})
    assert (answer.status, answer.json()["type"]) == (409, "urn:lexgate:problem:not_possible")
    assert case.id in answer.json()["detail"]
    assert client.post("/v1/subjects/status", {"subject": CANARIES["payer"]}).json()["kept"]


# -- with a match, a case and a clearance ------------------------------------------------------------------------------


def worked_on(service: Service, client: Client, ben: Client, payment: dict[str, Any]) -> dict[str, str]:
    """The payer's name is listed; somebody screens it again, decides the case, and two clear the match. Ids of all of it."""
    service.screening = Screening(Sanctions(listed("UN-SC", "QDx.1", CANARIES["name"]), codes=("UN-SC",)))
    body = stated(payment)
    body["payer"].pop("date_of_birth")
    decision = pay(client, body)
    worker = service.monitor()
    worker.run_once()
    worker.give_back()
    case = only_case(service.ledger)
    why = {"reason": f"{CANARIES['name']} sent {CANARIES['national']}."}
    assert client.post(f"/v1/cases/{case.id}/claim", {}).status == 200
    assert client.post(f"/v1/cases/{case.id}/notes", {"text": CANARIES["street"]}).status == 200
    said = {"decision": "false_positive", **why}
    done = client.post(f"/v1/cases/{case.id}/decision", said).json()
    assert done["state"] == "decided", done
    asked = {"name": CANARIES["name"], "subject": CANARIES["payer"], "country": "FR"}
    screening = client.post("/v1/screenings", asked).json()
    ends = (service.clock() + timedelta(days=90)).isoformat()
    proposed = {"screening": screening["id"], "entry": "UN-SC:QDx.1", "expires_at": ends, **why}
    clearance = client.post("/v1/clearances", proposed).json()
    assert ben.post(f"/v1/clearances/{clearance['id']}/approval", why).json()["holds"] is True
    assert service.ledger.clearances.of(CANARIES["payer"], service.clock())
    return {
        "decision": decision, "case": case.id, "alert": case.alerts[0].id, "screening": screening["id"],
        "clearance": clearance["id"],
    }  # fmt: skip


def test_no_byte_of_a_case_is_left_of_whoever_was_erased(
    client: Client, service: Service, make_client: Callable[..., Client], payment: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    _, secret = service.ledger.keys.create([Scope.REVIEW], "ben")
    ids = worked_on(service, client, make_client(service, secret=secret), payment)
    assert lying_in(service) == set()
    case = client.get(f"/v1/cases/{ids['case']}").json()
    assert case["subject"] == CANARIES["payer"]
    asked = {"subject": CANARIES["payer"], "reason": "Asked for, ticket 4711"}
    assert client.post("/v1/subjects/erase", asked).status == 200
    assert lying_in(service) == set()
    after = client.get(f"/v1/cases/{ids['case']}").json()
    assert (after["state"], after["subject"][:4], after["number"]) == ("decided", "lxs_", case["number"])
    assert {one["reason"] for one in after["history"]} == {"Erased."}
    assert client.get(f"/v1/cases/{ids['case']}/payments").status == 200
    alert_ = client.get(f"/v1/alerts/{ids['alert']}").json()
    assert (alert_["summary"], alert_["evidence"]) == ("Erased.", [])
    clearance = client.get(f"/v1/clearances/{ids['clearance']}").json()
    assert (clearance["reason"], clearance["features"], clearance["holds"]) == ("Erased.", [], False)
    assert client.get(f"/v1/screenings/{ids['screening']}").status == 410
    assert client.get("/v1/screenings").json()["data"] == []
    for listing in ("/v1/cases", "/v1/alerts", "/v1/clearances"):
        assert client.get(listing).status == 200
    assert client.post(f"/v1/cases/{ids['case']}/reopen", {"reason": "x"}).status == 410
    assert not any(value in caplog.text for value in CANARIES.values())
    assert service.ledger.verify().ok
