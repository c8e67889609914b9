"""The same key and body: the stored answer, byte for byte. Another body: 422. Still running: 409."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from api.service import Service
from engine.ledger import Scope
from tests.api.client import Client, Reply

PATH = "/v1/preflight"
TYPE = "urn:lexgate:problem:"


def _key(name: str) -> dict[str, str | None]:
    return {"idempotency-key": name}


def test_again(client: Client, service: Service, payment: dict[str, Any]) -> None:
    first = client.post(PATH, payment, _key("again"))
    stored = len(service.ledger.decisions(limit=200).data)
    again = client.post(PATH, payment, _key("again"))
    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["lexgate-release"] == first.headers["lexgate-release"]
    assert "idempotent-replayed" not in first.headers
    assert len(service.ledger.decisions(limit=200).data) == stored


def test_another_body(client: Client, payment: dict[str, Any]) -> None:
    first = client.post(PATH, payment, _key("other"))
    reply = client.post(PATH, {**payment, "reference": "ord-other"}, _key("other"))
    assert (first.status, reply.status, reply.json()["type"]) == (200, 422, TYPE + "key_reused")


def test_the_same_meaning_in_other_bytes_is_another_body(client: Client, payment: dict[str, Any]) -> None:
    client.post(PATH, orjson.dumps(payment), _key("bytes"))
    assert client.post(PATH, orjson.dumps(payment) + b" ", _key("bytes")).status == 422


def test_a_refused_request_leaves_the_key_free(client: Client, payment: dict[str, Any]) -> None:
    assert client.post(PATH, {"amount": 1.5}, _key("free")).status == 422
    assert client.post(PATH, payment, _key("free")).status == 200


def test_without_a_key_each_call_is_a_decision(client: Client, payment: dict[str, Any]) -> None:
    assert client.post(PATH, payment).json()["id"] != client.post(PATH, payment).json()["id"]


def test_keys_belong_to_the_caller(client: Client, service: Service, payment: dict[str, Any]) -> None:
    _, secret = service.ledger.keys.create([Scope.DECIDE], "neighbour")
    mine = client.post(PATH, payment, _key("shared"))
    theirs = client.post(PATH, payment, {**_key("shared"), "authorization": f"Bearer {secret}"})
    assert theirs.status == 200
    assert theirs.json()["id"] != mine.json()["id"]


def test_it_outlives_the_process(client: Client, service: Service, payment: dict[str, Any], make_client: Any) -> None:
    first = client.post(PATH, payment, _key("restart"))
    other = Service.around(service.settings, service.packs, service.rates, service.ledger)
    again = make_client(other).post(PATH, payment, _key("restart"))
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")


def test_still_running(
    client: Client, service: Service, payment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = service.ledger.writer
    real, let_go = writer.write, asyncio.Event()

    async def slow(entry: Any) -> Any:
        await let_go.wait()
        return await real(entry)

    monkeypatch.setattr(writer, "write", slow)

    async def race() -> list[Reply]:
        first = asyncio.ensure_future(client.send("POST", PATH, payment, _key("race")))
        while not service.running:
            await asyncio.sleep(0)
        second = await client.send("POST", PATH, payment, _key("race"))
        let_go.set()
        return [await first, second, await client.send("POST", PATH, payment, _key("race"))]

    first, second, third = client.loop.run_until_complete(race())
    assert (first.status, second.status, third.status) == (200, 409, 200)
    assert (second.json()["type"], second.headers["retry-after"]) == (TYPE + "still_running", "1")
    assert (third.body, third.headers["idempotent-replayed"]) == (first.body, "true")
    assert service.running == set()


def test_fifty_at_once_decide_once(client: Client, service: Service, payment: dict[str, Any]) -> None:
    payment["reference"] = "storm-1"
    replies = client.together(client.send("POST", PATH, payment, _key("storm")) for _ in range(50))
    assert {reply.status for reply in replies} <= {200, 409}
    assert len({reply.body for reply in replies if reply.status == 200}) == 1
    assert len(service.ledger.decisions(limit=9, reference="storm-1").data) == 1


def test_two_processes_at_once_decide_once(
    client: Client, service: Service, payment: dict[str, Any], make_client: Any
) -> None:
    """Where neither knows of the other's running request, the ledger has the last word."""
    payment["reference"] = "pair-1"
    twin = make_client(Service.around(service.settings, service.packs, service.rates, service.ledger))
    replies = client.together(one.send("POST", PATH, payment, _key("pair")) for one in (client, twin))
    assert [reply.status for reply in replies] == [200, 200]
    assert replies[0].body == replies[1].body
    assert len(service.ledger.decisions(limit=9, reference="pair-1").data) == 1


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\xe9", "4111111111111111"])
def test_a_key_that_cannot_be_kept(client: Client, payment: dict[str, Any], key: str) -> None:
    reply = client.post(PATH, payment, _key(key))
    assert (reply.status, reply.codes()) == (422, {("Idempotency-Key", "idempotency_key_form")})


class TestEvents:
    """The same for what became of a payment."""

    def test_again(self, client: Client, payment: dict[str, Any]) -> None:
        path = f"{PATH[:3]}/decisions/{client.post(PATH, payment).json()['id']}/events"
        event = {"kind": "authorised", "at": "2026-11-22T10:15:04+01:00"}
        first = client.post(path, event, _key("event"))
        again = client.post(path, event, _key("event"))
        other = client.post(path, {**event, "kind": "failed"}, _key("event"))
        assert (first.status, again.status, other.status) == (200, 200, 422)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")

    def test_the_same_body_for_another_decision_is_another_request(
        self, client: Client, payment: dict[str, Any]
    ) -> None:
        ids = [client.post(PATH, payment).json()["id"] for _ in range(2)]
        event = {"kind": "authorised", "at": "2026-11-22T10:15:04+01:00"}
        statuses = [client.post(f"/v1/decisions/{one}/events", event, _key("two")).status for one in ids]
        assert statuses == [200, 422]

    def test_routes_do_not_share_keys(self, client: Client, payment: dict[str, Any]) -> None:
        decision = client.post(PATH, payment, _key("route")).json()["id"]
        event = {"kind": "authorised", "at": "2026-11-22T10:15:04+01:00"}
        assert client.post(f"/v1/decisions/{decision}/events", event, _key("route")).status == 200
