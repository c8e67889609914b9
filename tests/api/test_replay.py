"""The same question again: the same bytes under the same law, and what differs under another."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from api.service import Service
from engine.ledger import Scope
from engine.packs.packset import PackSet
from tests.api.client import SECRET, Client
from tests.api.conftest import sample
from tests.api.corpus import bodies


def _decide(client: Client, body: dict[str, Any]) -> str:
    found: str = client.post("/v1/preflight", body).json()["id"]
    return found


@pytest.fixture(scope="module")
def stricter(law: PackSet) -> PackSet:
    """The law with a low-value limit of 20 euros in the EEA."""
    path = next(path for path, text in law.files.items() if path.startswith("EEA/") and "low_value_single_max:" in text)
    head, name, tail = law.files[path].partition("low_value_single_max:")
    files = {**law.files, path: head + name + tail.replace('value: "30"', 'value: "20"', 1)}
    return PackSet.of(files, "2027.1.0", near=law)


def test_as_it_was(client: Client, service: Service, payment: dict[str, Any]) -> None:
    decision = _decide(client, payment)
    reply = client.post(f"/v1/decisions/{decision}/replay")
    body = reply.json()
    assert (reply.status, body["identical"], body["differences"]) == (200, True, [])
    assert body["release"] == service.packs.release.digest == reply.headers["lexgate-release"]
    assert body["decision"]["id"] == decision


def test_it_stores_nothing(client: Client, service: Service, payment: dict[str, Any]) -> None:
    decision = _decide(client, payment)
    before = service.ledger.decisions(limit=200).data[0].id
    client.post(f"/v1/decisions/{decision}/replay")
    assert service.ledger.decisions(limit=200).data[0].id == before == decision


@pytest.mark.parametrize("day", ["2017-06-01", "2017-06-01T10:00:00Z", "2017-06-01T23:30:00-05:00"])
def test_under_the_law_of_another_day(client: Client, payment: dict[str, Any], day: str) -> None:
    body = client.post(f"/v1/decisions/{_decide(client, payment)}/replay?legal_time={day}").json()
    assert (body["identical"], body["legal_day"]) == (False, "2017-06-01")
    pointers = {difference["pointer"]: difference for difference in body["differences"]}
    assert pointers["/rulepacks/0/as_of"]["now"] == "2017-06-01"
    assert pointers["/sca/exemption"]["was"] == "low_value"


@pytest.mark.parametrize("day", ["yesterday", "2017-13-01", "2017-06-01T10:00", ""])
def test_a_day_that_is_none(client: Client, payment: dict[str, Any], day: str) -> None:
    reply = client.post(f"/v1/decisions/{_decide(client, payment)}/replay?legal_time={day}")
    assert reply.status == 422
    assert {fault["parameter"] for fault in reply.json()["errors"]} == {"legal_time"}


def test_under_another_release(client: Client, service: Service, stricter: PackSet, payment: dict[str, Any]) -> None:
    decision = _decide(client, payment)
    service.ledger.remember_release(stricter.release, service.clock())
    reply = client.post(f"/v1/decisions/{decision}/replay?release={stricter.release.digest}")
    body = reply.json()
    assert (body["identical"], body["release"]) == (False, stricter.release.digest)
    assert body["decision"]["outcome"] == "challenge"
    assert {"pointer": "/outcome", "was": "allow", "now": "challenge"} in body["differences"]


def test_an_old_decision_under_its_own_release(
    client: Client, service: Service, stricter: PackSet, payment: dict[str, Any], make_client: Any
) -> None:
    """The law has moved on; the decision stands as it was made."""
    decision = _decide(client, payment)
    service.ledger.remember_release(stricter.release, service.clock())
    later = make_client(Service.around(service.settings, stricter, service.rates, service.ledger))
    assert later.post(f"/v1/decisions/{decision}/replay").json()["identical"] is True
    now = later.post(
        f"/v1/decisions/{decision}/replay?release={stricter.release.digest.removeprefix('sha256:')}"
    ).json()
    assert now["decision"]["outcome"] == "challenge"
    assert later.get(f"/v1/decisions/{decision}/explanation").json()["release"] == service.packs.release.digest
    assert later.get(f"/v1/decisions/{decision}").headers["lexgate-release"] == service.packs.release.digest


@pytest.mark.parametrize("release", ["sha256:" + "0" * 64, "latest", "sha256:", "%00"])
def test_a_release_that_never_was(client: Client, payment: dict[str, Any], release: str) -> None:
    reply = client.post(f"/v1/decisions/{_decide(client, payment)}/replay?release={release}")
    assert (reply.status, reply.json()["detail"]) == (404, "There is no such release here.")


def test_a_decision_that_never_was(client: Client) -> None:
    assert client.post("/v1/decisions/dec_unknown/replay").status == 404


def test_what_history_said_is_remembered(client: Client, payment: dict[str, Any]) -> None:
    """Payments told about afterwards change new answers, not old ones."""
    del payment["payment"]["since_authenticated"]
    payment["payer"]["id"] = "replay-payer"
    first = _decide(client, payment)
    client.post(f"/v1/decisions/{first}/events", {"kind": "authorised", "at": "2026-11-22T10:15:04+01:00"})
    second = _decide(client, {**payment, "occurred_at": "2026-11-22T11:00:00+01:00", "reference": "second"})
    for decision in (first, second):
        assert client.post(f"/v1/decisions/{decision}/replay").json()["identical"] is True


@pytest.mark.slow
def test_a_thousand_stored_decisions_byte_for_byte(client: Client, service: Service) -> None:
    """Whatever was accepted: bent samples, foreign currencies, history, languages."""
    for number, body in enumerate(_thousand()):
        client.post(
            "/v1/preflight", body, {"accept-language": service.packs.languages[number % len(service.packs.languages)]}
        )
    stored, after = [], None
    while len(stored) < 1000:
        page = service.ledger.decisions(limit=200, after=after)
        stored += page.data
        after = page.next
        assert after is not None or len(stored) >= 1000
    again = [client.post(f"/v1/decisions/{one.id}/replay") for one in stored[:1000]]
    assert [reply.json()["identical"] for reply in again] == [True] * 1000
    assert all(orjson.dumps(reply.json()["decision"]) == one.answer for reply, one in zip(again, stored, strict=False))


def _thousand() -> list[bytes]:
    accepted = list(bodies())
    names = ["eu-low-value", "gb-remote", "eu-one-leg-out", "in-e-mandate", "vn-transfer", "br-pix", "jp-3ds"]
    for number in range(1100):
        body = sample(names[number % len(names)])
        body["reference"] = f"thousand-{number}"
        body["amount"] = str(number % 90 + 1)
        body["currency"] = ("EUR", "USD", "JPY", "GBP", "XOF", "CHF")[number % 6]
        body["payer"] = {"id": f"p-{number % 17}", "country": "FR"}
        body["payment"].pop("since_authenticated", None)
        accepted.append(orjson.dumps(body))
    return accepted


def test_only_readers_may(client: Client, service: Service, payment: dict[str, Any]) -> None:
    _, secret = service.ledger.keys.create([Scope.DECIDE], "decides only")
    decision = _decide(client, payment)
    reply = client.post(f"/v1/decisions/{decision}/replay", b"", {"authorization": f"Bearer {secret}"})
    assert reply.status == 403
    assert client.post(f"/v1/decisions/{decision}/replay", b"", {"authorization": f"Bearer {SECRET}"}).status == 200
