"""Who may come in: 401 without a key that is known, 403 without the scope, and revoked keys are out within moments."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from api.auth import REMEMBERED_SECONDS, Door
from api.problems import Problem
from api.service import Service
from engine.ledger import LedgerUnavailable, Scope
from tests.api.client import SECRET, Client
from tests.api.conftest import sample

ROUTES = [
    ("POST", "/v1/preflight", Scope.DECIDE),
    ("POST", "/v1/preflight/batch", Scope.DECIDE),
    ("POST", "/v1/decisions/dec_x/events", Scope.DECIDE),
    ("GET", "/v1/decisions", Scope.READ),
    ("GET", "/v1/decisions/dec_x", Scope.READ),
    ("GET", "/v1/decisions/dec_x/explanation", Scope.READ),
    ("POST", "/v1/decisions/dec_x/replay", Scope.READ),
    ("GET", "/v1/rulepacks", Scope.READ),
    ("GET", "/v1/rulepacks/FR", Scope.READ),
    ("GET", "/v1/law", Scope.READ),
    ("GET", "/v1/law/FR", Scope.READ),
    ("GET", "/v1/law/compare?a=FR&b=DE&domain=sca", Scope.READ),
    ("GET", "/v1/law/grid?table=rates", Scope.READ),
    ("GET", "/v1/law/parameters", Scope.READ),
    ("GET", "/v1/law/FR/parameters/low_value_single_max/history", Scope.READ),
    ("GET", "/v1/releases", Scope.READ),
    ("GET", f"/v1/releases/{'0' * 64}", Scope.READ),
    ("GET", f"/v1/releases/{'0' * 64}/diff/{'1' * 64}", Scope.READ),
]


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer lx_unknown", f"Basic {SECRET}", SECRET, f"Bearer {'x' * 600}"]
)
def test_without_a_known_key(client: Client, method: str, path: str, scope: Scope, header: str | None) -> None:
    reply = client.request(method, path, b"{}", {"authorization": header})
    assert (reply.status, reply.json()["type"]) == (401, "urn:lexgate:problem:unauthenticated")
    assert reply.headers["www-authenticate"].startswith('Bearer realm="lexgate"')
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_without_the_scope(client: Client, service: Service, method: str, path: str, scope: Scope) -> None:
    _, secret = service.ledger.keys.create([one for one in Scope if one is not scope], "all but one")
    reply = client.request(method, path, b"{}", {"authorization": f"Bearer {secret}"})
    assert (reply.status, reply.json()["type"]) == (403, "urn:lexgate:problem:forbidden")
    assert f'scope="{scope}"' in reply.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_with_the_scope_alone(client: Client, service: Service, method: str, path: str, scope: Scope) -> None:
    _, secret = service.ledger.keys.create([scope], "just one")
    assert client.request(method, path, b"{}", {"authorization": f"Bearer {secret}"}).status not in (401, 403)


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"])
def test_open_to_all(client: Client, path: str) -> None:
    assert client.get(path, {"authorization": None}).status == 200


def test_the_secret_is_not_told(client: Client, payment: dict[str, Any]) -> None:
    reply = client.post("/v1/preflight", payment, {"authorization": "Bearer lx_wrong_secret"})
    assert b"wrong_secret" not in reply.body + str(reply.headers).encode()


def test_a_key_is_asked_about_before_the_body_is(client: Client) -> None:
    assert client.post("/v1/preflight", b"{", {"authorization": None}).status == 401


def test_a_revoked_key_is_out_within_moments(
    client: Client, service: Service, payment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, secret = service.ledger.keys.create([Scope.DECIDE], "soon gone")
    headers = {"authorization": f"Bearer {secret}"}
    assert client.post("/v1/preflight", payment, headers).status == 200
    service.ledger.keys.revoke(key.id)
    later = REMEMBERED_SECONDS * 1_000_000_000
    real = time.monotonic_ns
    monkeypatch.setattr("api.auth.time.monotonic_ns", lambda: real() + later)
    assert client.post("/v1/preflight", payment, headers).status == 401


def test_only_the_first_look_asks_the_ledger(client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    keys = service.ledger.keys
    real = keys.authenticate
    monkeypatch.setattr(keys, "authenticate", lambda secret: asked.append(secret) or real(secret))
    door = Door(keys)
    for _ in range(5):
        client.loop.run_until_complete(door.authenticate(f"Bearer {SECRET}".encode(), Scope.READ))
    assert asked == [SECRET]


def test_unknown_keys_are_not_remembered(client: Client, service: Service) -> None:
    door = Door(service.ledger.keys)
    for number in range(5):
        with pytest.raises(Problem):
            client.loop.run_until_complete(door.authenticate(f"Bearer lx_{number}".encode(), Scope.READ))
    assert door._known == {}


@pytest.mark.parametrize("hot", [True, False])
def test_where_the_ledger_cannot_say_who_asks_the_answer_is_503(
    service: Service, make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, hot: bool
) -> None:
    """It is no refusal of the key, and no fault of ours: ask again shortly."""

    def gone(_secret: str) -> None:
        raise LedgerUnavailable("The ledger cannot be read: the server closed the connection")

    monkeypatch.setattr(service.ledger.keys, "authenticate", gone)
    client = make_client(service, hot=hot)
    for path in ("/v1/preflight", "/v1/preflight/batch"):
        reply = client.post(path, sample("eu-low-value"), {"authorization": "Bearer lx_not_seen_before"})
        assert (reply.status, reply.json()["type"]) == (503, "urn:lexgate:problem:unavailable")
        assert "retry-after" in reply.headers
        assert "server closed" not in reply.body.decode()
