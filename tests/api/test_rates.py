"""How often a key may ask: what every answer says of it, and what is answered when it is too often."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from api.rates import _MOST, Rates
from api.service import Service
from engine.ledger import ApiKey, KeyRate, Scope
from tests.api.client import Client
from tests.api.conftest import sample
from tests.api.people import bearer, made, notes

PAYMENT = sample("eu-low-value")
SECOND = 1_000_000_000


class Ticks:
    """Nanoseconds, passed by hand."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def ticks(service: Service) -> Ticks:
    """The clock of the buckets, which begin anew and full."""
    found = Ticks()
    service.rates_of_keys = Rates(service.settings.rate, found)
    return found


def limited(service: Service, requests: int, seconds: int, *scopes: Scope) -> tuple[ApiKey, dict[str, str | None]]:
    key, secret = service.ledger.keys.create(scopes or Scope, f"{requests}/{seconds}", rate=KeyRate(requests, seconds))
    return key, bearer(secret)


def said(reply: Any) -> tuple[str, str]:
    return reply.headers["ratelimit-policy"], reply.headers["ratelimit"]


def test_every_answer_says_what_is_left(client: Client, ticks: Ticks) -> None:
    policy = '"key";q=10000;w=2'
    assert said(client.post("/v1/preflight", PAYMENT)) == (policy, '"key";r=9999;t=1')
    assert said(client.get("/v1/decisions")) == (policy, '"key";r=9998;t=1')
    assert said(client.post("/v1/preflight", b"{")) == (policy, '"key";r=9997;t=1')
    assert said(client.post("/v1/tax/calculations", b"{")) == (policy, '"key";r=9996;t=1')
    ticks.now += SECOND
    assert said(client.post("/v1/preflight", PAYMENT)) == (policy, '"key";r=9999;t=1')


def test_who_is_not_let_in_pays_nothing_and_is_told_nothing(client: Client, service: Service, ticks: Ticks) -> None:
    """Else somebody without a key would learn how much another asks."""
    _, narrow = limited(service, 2, 60, Scope.READ)
    for headers, status in ((bearer("lx_unknown"), 401), (narrow, 403)):
        for _ in range(3):
            reply = client.post("/v1/preflight", PAYMENT, headers)
            assert reply.status == status
            assert not {"ratelimit", "ratelimit-policy"} & set(reply.headers)
    assert said(client.get("/v1/decisions", narrow)) == ('"key";q=2;w=60', '"key";r=1;t=30')


@pytest.mark.parametrize("hot", [True, False])
@pytest.mark.parametrize("path", ["/v1/preflight", "/v1/tax/calculations", "/v1/keys"])
def test_too_often_is_429_and_says_when_to_come_again(
    service: Service, make_client: Callable[..., Client], ticks: Ticks, hot: bool, path: str
) -> None:
    client = make_client(service, hot=hot)
    _, headers = limited(service, 3, 60)
    before = len(service.ledger.decisions(limit=100).data)
    method = "GET" if path == "/v1/keys" else "POST"
    for _ in range(3):
        assert client.request(method, path, PAYMENT if method == "POST" else b"", headers).status in (200, 422)
    reply = client.request(method, path, PAYMENT if method == "POST" else b"", headers)
    assert (reply.status, reply.headers["content-type"]) == (429, "application/problem+json")
    assert reply.headers["retry-after"] == "20"
    assert said(reply) == ('"key";q=3;w=60', '"key";r=0;t=20')
    told = reply.json()
    assert (told["type"], told["status"], told["title"]) == ("urn:lexgate:problem:rate_limited", 429, "Asked too often")
    assert "3 times in 60 s" in told["detail"]
    assert "outcome" not in told
    decided = 3 if path == "/v1/preflight" else 0
    assert len(service.ledger.decisions(limit=100).data) == before + decided, "nothing was decided"
    ticks.now += 20 * SECOND
    assert client.request(method, path, PAYMENT if method == "POST" else b"", headers).status in (200, 422)


def test_hot_route_and_twin_answer_the_same_bytes(
    open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> None:
    replies = []
    for hot in (True, False):
        service = open_service(rate_requests=2, rate_seconds=10)
        service.rates_of_keys = Rates(service.settings.rate, Ticks())
        client = make_client(service, hot=hot)
        bodies: list[Any] = [b"{", b'{"amount": 1.5}', PAYMENT]
        replies.append([client.post("/v1/preflight", body, {"x-request-id": "req_same"}) for body in bodies])
    assert [one.status for one in replies[0]] == [422, 422, 429]
    for hot, plain in zip(*replies, strict=True):
        assert (hot.body, hot.headers) == (plain.body, plain.headers)


def test_each_key_has_a_bucket_of_its_own(client: Client, service: Service, ticks: Ticks) -> None:
    _, first = limited(service, 1, 60)
    _, second = limited(service, 1, 61)
    assert [client.get("/v1/decisions", one).status for one in (first, second, first, second)] == [200, 200, 429, 429]
    assert client.get("/v1/decisions").status == 200


def test_every_line_of_a_batch_is_a_request(client: Client, service: Service, ticks: Ticks) -> None:
    _, headers = limited(service, 5, 50)
    lines = headers | {"content-type": "application/x-ndjson"}
    line = orjson.dumps(PAYMENT) + b"\n"
    reply = client.post("/v1/preflight/batch", line * 3, lines)
    assert (reply.status, said(reply)) == (200, ('"key";q=5;w=50', '"key";r=2;t=30'))
    refused = client.post("/v1/preflight/batch", line * 3, lines)
    assert (refused.status, refused.headers["retry-after"]) == (429, "10")
    assert said(refused) == ('"key";q=5;w=50', '"key";r=2;t=10'), "what is refused is not paid"
    ticks.now += 10 * SECOND
    assert client.post("/v1/preflight/batch", line * 3, lines).status == 200
    ticks.now += 50 * SECOND
    never = client.post("/v1/preflight/batch", line * 6, lines)
    assert (never.status, never.codes()) == (422, {("", "number_of_lines")}), "no wait would ever be long enough"


def test_without_a_limit_nothing_is_said(
    open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> None:
    service = open_service(rate_requests=0)
    client = make_client(service)
    assert not {"ratelimit", "ratelimit-policy"} & set(client.post("/v1/preflight", PAYMENT).headers)
    batch = client.post("/v1/preflight/batch", orjson.dumps(PAYMENT), {"content-type": "application/x-ndjson"})
    assert batch.status == 200


def test_a_key_is_made_with_a_rate_keeps_it_and_is_given_another(
    client: Client, service: Service, ticks: Ticks
) -> None:
    wanted = {"name": "till 7", "scopes": ["read"], "rate": {"requests": 2, "seconds": 60}}
    key = client.post("/v1/keys", wanted).json()
    assert key["rate"] == {"requests": 2, "seconds": 60}
    rotated = client.post(f"/v1/keys/{key['id']}/rotate", {}).json()
    assert rotated["rate"] == key["rate"]
    headers = bearer(key["secret"])
    assert said(client.get("/v1/drafts", headers))[0] == '"key";q=2;w=60'
    path, other = f"/v1/keys/{key['id']}/rate", {"rate": {"requests": 7, "seconds": 1}, "reason": "Sales begin"}
    first, again = (client.post(path, other, {"idempotency-key": "r-1"}) for _ in range(2))
    assert (first.json()["rate"], again.body) == (other["rate"], first.body)
    assert said(client.get("/v1/drafts", headers)) == ('"key";q=7;w=1', '"key";r=6;t=1')
    back = client.post(path, {"rate": None, "reason": "Over"})
    assert back.json()["rate"] is None
    assert said(client.get("/v1/drafts", headers))[0] == '"key";q=10000;w=2'
    assert [one.get("reason") for _, one in notes(service, "key_rate.")][-2:] == ["Sales begin", "Over"]
    assert client.post("/v1/keys/key_0/rate", {"rate": None, "reason": "x y z"}).status == 404
    assert service.ledger.verify().ok


@pytest.mark.parametrize("rate", [{"requests": 0, "seconds": 1}, {"requests": 1, "seconds": 0}, {"requests": 1}, "1/1"])
def test_what_is_no_rate_is_refused(client: Client, rate: Any) -> None:
    assert client.post("/v1/keys", {"name": "x", "scopes": ["read"], "rate": rate}).status == 422


def test_buckets_that_are_full_again_are_let_go(service: Service) -> None:
    clock, key = Ticks(), service.ledger.keys.list()[0]
    rates = Rates(KeyRate(1, 10), clock)
    for number in range(_MOST):
        rates.charge(ApiKey(f"key_{number:x}", "", key.scopes, key.created_at, None))
    clock.now += 10 * SECOND
    rates.charge(key)
    assert len(rates._buckets) == 1


def test_fields_are_structured(client: Client, ticks: Ticks) -> None:
    """RFC 9651: a list of strings with whole numbers as parameters."""
    policy, limit = said(client.get("/v1/decisions"))
    assert re.fullmatch(r'"key";q=[1-9]\d*;w=[1-9]\d*', policy)
    assert re.fullmatch(r'"key";r=\d+;t=\d+', limit)


@pytest.mark.usefixtures("cheap_passwords")
def test_a_person_is_limited_as_the_settings_say(client: Client, ticks: Ticks) -> None:
    _, token = made(client, "auditor", "auditor")
    assert said(client.get("/v1/drafts", bearer(token))) == ('"key";q=10000;w=2', '"key";r=9999;t=1')
    assert said(client.get("/v1/session", bearer(token)))[1] == '"key";r=9998;t=1'
