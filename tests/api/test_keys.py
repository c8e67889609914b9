"""Keys as administrators look after them: shown once, limited, replaced with an overlap, revoked for good."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from api.service import Service
from api.sources import CONSOLE
from tests.api.client import Client
from tests.api.people import Clock, bearer, forget, made, notes

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def key(client: Client, **wanted: Any) -> dict[str, Any]:
    reply = client.post("/v1/keys", {"name": "till 7", "scopes": ["read"], **wanted})
    assert reply.status == 201, reply.body
    found: dict[str, Any] = reply.json()
    return found


def test_a_key_is_shown_once_and_opens_what_it_was_made_for(client: Client, clock: Clock) -> None:
    body = {"name": "till 7", "scopes": ["read"]}
    first, again = (client.post("/v1/keys", body, {"idempotency-key": "k-1"}) for _ in range(2))
    secret = first.json()["secret"]
    assert again.json() == first.json() | {"secret": None}
    assert client.get("/v1/drafts", bearer(secret)).status == 200
    assert client.get("/v1/keys", bearer(secret)).status == 403
    shown = client.get(f"/v1/keys/{first.json()['id']}")
    assert shown.json()["state"] == "good"
    assert secret.encode() not in shown.body + client.get("/v1/keys?limit=100").body


def test_who_made_it_stands_in_the_chain(client: Client, service: Service, clock: Clock) -> None:
    person, token = made(client, "maker", "administrator")
    reply = client.post("/v1/keys", {"name": "by a person", "scopes": ["read"]}, bearer(token))
    assert reply.status == 201
    client.post(f"/v1/keys/{reply.json()['id']}/revoke", {"reason": "Not needed"}, bearer(token))
    found = [said for _, said in notes(service, "key.") if said.get("by") == person]
    assert [one.get("reason") for one in found] == [None, "Not needed"]
    assert service.ledger.verify().ok


def test_a_key_ends_when_its_time_is_over(client: Client, service: Service, clock: Clock) -> None:
    clock.at = service.ledger.writer.now()
    until = clock.at.replace(microsecond=0)
    late = client.post("/v1/keys", {"name": "x", "scopes": ["read"], "expires_at": until.isoformat()})
    assert late.codes() == {("/expires_at", "instant_range")}
    made_key = key(client, expires_at=(until.replace(year=until.year + 1)).isoformat())
    assert client.get("/v1/session", bearer(made_key["secret"])).json()["expires_at"] == made_key["expires_at"]
    writer = service.ledger.writer
    before = writer._clock
    writer._clock = lambda: until.replace(year=until.year + 1)
    try:
        forget(service)
        assert client.get("/v1/session", bearer(made_key["secret"])).status == 401
    finally:
        writer._clock = before


def test_a_key_is_replaced_with_an_overlap(client: Client, service: Service, clock: Clock) -> None:
    clock.at = service.ledger.writer.now()
    old = key(client, scopes=["read", "tax"], sources=["127.0.0.1"])
    new = client.post(f"/v1/keys/{old['id']}/rotate", {"overlap_hours": 2}).json()
    assert new["id"] != old["id"]
    assert [new[name] for name in ("name", "scopes", "sources")] == [
        old[name] for name in ("name", "scopes", "sources")
    ]
    assert {client.get("/v1/session", bearer(one["secret"])).status for one in (old, new)} == {200}
    assert client.get(f"/v1/keys/{old['id']}").json()["expires_at"] is not None
    at_once = client.post(f"/v1/keys/{new['id']}/rotate", {"overlap_hours": 0}).json()
    clock.at = service.ledger.writer.now()
    assert client.get("/v1/session", bearer(new["secret"])).status == 401
    assert client.get("/v1/session", bearer(at_once["secret"])).status == 200
    assert client.get(f"/v1/keys/{new['id']}").json()["state"] == "expired"
    assert client.post(f"/v1/keys/{new['id']}/rotate", {}).status == 409
    assert client.post("/v1/keys/key_0/rotate", {}).status == 404
    assert service.ledger.verify().ok


def test_a_key_is_good_from_its_own_addresses_alone(client: Client, clock: Clock) -> None:
    inside, outside = key(client, sources=["127.0.0.0/8"]), key(client, sources=["203.0.113.0/24"])
    assert client.get("/v1/drafts", bearer(inside["secret"])).status == 200
    refused = client.get("/v1/drafts", bearer(outside["secret"]))
    assert (refused.status, refused.json()["type"]) == (403, "urn:lexgate:problem:forbidden")
    forged = bearer(outside["secret"]) | {"x-forwarded-for": "203.0.113.7"}
    assert client.get("/v1/drafts", forged).status == 403, "nobody believes what anybody can write"
    wrong = client.post("/v1/keys", {"name": "x", "scopes": ["read"], "sources": ["10.0.0.0/8", "10.0.0.1/8"]})
    assert wrong.codes() == {("/sources/1", "network_form")}


def test_a_proxy_is_believed_where_it_is_trusted() -> None:
    from ipaddress import ip_network

    from api.sources import source_of

    trusted = (ip_network("10.0.0.0/8"),)
    said = {b"x-forwarded-for": b"198.51.100.9, 203.0.113.7, 10.0.0.3"}
    assert source_of({"client": ("10.0.0.1", 1)}, said, trusted) == "203.0.113.7"
    assert source_of({"client": ("192.0.2.1", 1)}, said, trusted) == "192.0.2.1"
    assert source_of({"client": (CONSOLE, 0)}, {b"x-forwarded-for": b"203.0.113.7"}, ()) == "203.0.113.7"
    assert source_of({"client": ("10.0.0.1", 1)}, {b"x-forwarded-for": b"unknown"}, trusted) == "10.0.0.1"
    assert source_of({"client": None}, said, trusted) == ""


def test_no_key_makes_accounts_and_law(client: Client) -> None:
    refused = client.post("/v1/keys", {"name": "x", "scopes": ["admin", "approve"]})
    assert refused.codes() == {("/scopes", "roles_conflict")}


def test_a_revoked_key_is_out_at_once_here(client: Client, clock: Clock) -> None:
    gone = key(client)
    assert client.get("/v1/drafts", bearer(gone["secret"])).status == 200
    revoked = client.post(f"/v1/keys/{gone['id']}/revoke", {"reason": "Lost"}, {"idempotency-key": "r-1"})
    assert revoked.json()["state"] == "revoked"
    assert client.get("/v1/drafts", bearer(gone["secret"])).status == 401
    again = client.post(f"/v1/keys/{gone['id']}/revoke", {"reason": "Lost"}, {"idempotency-key": "r-1"})
    assert (again.body, again.headers["idempotent-replayed"]) == (revoked.body, "true")
    own = client.get("/v1/session").json()["caller"]["id"]
    assert client.post(f"/v1/keys/{own}/revoke", {"reason": "?"}).status == 409
    assert client.post("/v1/keys/key_0/revoke", {"reason": "?"}).status == 404


def test_when_a_key_was_last_seen_is_told_to_the_minute(client: Client, service: Service, clock: Clock) -> None:
    seen = key(client)
    assert client.get(f"/v1/keys/{seen['id']}").json()["used_at"] is None
    for _ in range(3):
        forget(service)
        client.get("/v1/drafts", bearer(seen["secret"]))
    service.ledger.writer.run(lambda batch: None)
    assert client.get(f"/v1/keys/{seen['id']}").json()["used_at"] is not None
    assert service.ledger.verify().ok


def test_keys_are_listed_in_pages(client: Client) -> None:
    key(client)
    first = client.get("/v1/keys?limit=1").json()
    rest = client.get(f"/v1/keys?limit=100&after={first['next']}").json()
    ids = [one["id"] for one in first["data"] + rest["data"]]
    assert len(ids) == len(set(ids)) == len(client.get("/v1/keys?limit=100").json()["data"])
    assert rest["next"] is None


class TestLimits:
    """A key that may ask about some countries and merchants asks about no others, by one payment or many."""

    def paid(self, payment: dict[str, Any], **payer: str) -> dict[str, Any]:
        return {**payment, "payer": {**payment["payer"], **payer}}

    def test_a_key_asks_about_its_own_countries(self, client: Client, payment: dict[str, Any]) -> None:
        limited = key(client, scopes=["decide"], countries=["DE", "FR"])
        headers = bearer(limited["secret"])
        assert client.post("/v1/preflight", payment, headers).status == 200
        refused = client.post("/v1/preflight", self.paid(payment, country="IT"), headers)
        assert (refused.status, refused.json()["type"]) == (403, "urn:lexgate:problem:forbidden")
        nowhere = {**payment, "payment": {"instrument": "card"}, "payer": {}, "payee": {}}
        assert client.post("/v1/preflight", nowhere, headers).status in (403, 422), (
            "what is not stated is not among them"
        )

    def test_a_key_asks_about_its_own_merchants(self, client: Client, payment: dict[str, Any]) -> None:
        limited = key(client, scopes=["decide"], merchants=["m-7"])
        headers = bearer(limited["secret"])
        assert client.post("/v1/preflight", {**payment, "payee": {"country": "DE"}}, headers).status == 403
        assert client.post("/v1/preflight", {**payment, "payee": {"merchant": "m-8"}}, headers).status == 403

    def test_each_line_of_a_batch_is_looked_at(self, client: Client, payment: dict[str, Any]) -> None:
        limited = key(client, scopes=["decide"], countries=["DE", "FR"])
        lines = b"\n".join(map(orjson.dumps, (payment, self.paid(payment, country="IT"))))
        headers = bearer(limited["secret"]) | {"content-type": "application/x-ndjson"}
        reply = client.post("/v1/preflight/batch", lines, headers)
        first, second = map(orjson.loads, reply.body.splitlines())
        assert first["id"].startswith("dec_")
        assert (second["status"], second["line"]) == (403, 2)
