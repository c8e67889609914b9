"""A key in a browser: a session stands in its place, and opens nothing once the key does not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.service import Service
from engine.ledger import KeyTerms, Scope
from tests.api.client import SECRET, Client
from tests.api.people import Clock, bearer, forget, made, notes
from tests.console.visiting import Visitor, visited

pytestmark = pytest.mark.usefixtures("cheap_passwords")


def opened(client: Client, secret: str) -> str:
    reply = client.post("/v1/key-sessions", {}, bearer(secret))
    assert reply.status == 201, reply.body
    token: str = reply.json()["token"]
    assert token.startswith("lxs_")
    return token


def test_it_opens_what_the_key_does(client: Client, service: Service, clock: Clock) -> None:
    key, secret = service.ledger.keys.create([Scope.READ], "desk")
    token = opened(client, secret)
    caller = client.get("/v1/session", bearer(token)).json()["caller"]
    assert (caller["id"], caller["kind"], caller["scopes"]) == (key.id, "key", ["read"])
    assert client.get("/v1/keys", bearer(token)).status == 403
    assert service.ledger.verify().ok


def test_it_ends_with_the_key(client: Client, service: Service, clock: Clock) -> None:
    key, secret = service.ledger.keys.create([Scope.READ], "gone")
    token = opened(client, secret)
    assert client.get("/v1/session", bearer(token)).status == 200
    service.ledger.keys.revoke(key.id)
    forget(service)
    assert client.get("/v1/session", bearer(token)).status == 401
    service.denials.close()
    service.ledger.writer.run(lambda batch: None)
    assert ("session_over", key.id) in {(said["why"], said["holder"]) for _, said in notes(service, "access.denied")}


def test_it_ends_by_itself_and_by_signing_out(client: Client, service: Service, clock: Clock) -> None:
    _, secret = service.ledger.keys.create([Scope.READ], "ends")
    first, second = opened(client, secret), opened(client, secret)
    assert client.request("DELETE", "/v1/session", headers=bearer(first)).status == 204
    assert client.get("/v1/session", bearer(first)).status == 401
    assert client.get("/v1/session", bearer(second)).status == 200
    clock.passes(minutes=31)
    forget(service)
    assert client.get("/v1/session", bearer(second)).status == 401
    assert client.get("/v1/session", bearer(secret)).status == 200


def test_it_lasts_no_longer_than_the_key(client: Client, service: Service, clock: Clock) -> None:
    ends = clock() + timedelta(hours=1)
    service.ledger.writer._clock = clock
    _, secret = service.ledger.keys.create([Scope.READ], "short", terms=KeyTerms(ends))
    reply = client.post("/v1/key-sessions", {}, bearer(secret))
    assert reply.json()["expires_at"] == ends.isoformat()


def test_limits_of_the_key_are_its_own(client: Client, service: Service, clock: Clock) -> None:
    terms = KeyTerms(sources=("127.0.0.0/8",), merchants=("m-1",))
    _, secret = service.ledger.keys.create(Scope, "bound", terms=terms)
    token = opened(client, secret)
    assert client.get("/v1/decisions", bearer(token)).status == 403
    assert client.get("/v1/law", bearer(token)).status == 200


def test_no_session_is_made_of_a_session(client: Client, service: Service, clock: Clock) -> None:
    _, person = made(client, "twice-in", "auditor")
    for token in (person, opened(client, SECRET)):
        assert client.post("/v1/key-sessions", {}, bearer(token)).status == 409


def test_the_console_keeps_no_key(tmp_path: Path) -> None:
    with visited(tmp_path) as service:
        key, secret = service.ledger.keys.create([Scope.READ], "desk")
        visitor = Visitor(service)
        assert visitor.post("/sign-in", {"key": secret, "then": "/console"}).status_code == 303
        assert visitor.cookies["lexgate_session"].startswith("lxs_")
        assert secret not in repr(visitor.cookies)
        assert visitor.me()["caller"]["id"] == key.id
        assert visitor.post("/sign-out", {}).status_code == 303
        assert service.signed_in(visitor.cookies["lexgate_session"]) is None
        assert Visitor(service).post("/sign-in", {"key": "lx_wrong", "then": "/console"}).status_code == 401
