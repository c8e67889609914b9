"""What administrators look after besides people and keys: deliveries and their log, sources, the chain verified on request."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.service import Service
from engine.ledger import AttemptOutcome, Destination, Scope, Taken, Tried
from tests.api.client import Client, Reply
from tests.api.people import bearer
from tests.ledger.alerting import match, occasion, tell
from tests.ledger.tampering import by_hand

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@pytest.fixture
def delivered(open_service: Callable[..., Service], make_client: Callable[..., Client]) -> Client:
    """Three alerts for one webhook, of which one was given up, one was taken, and one waits."""
    service = open_service()
    deliveries = service.ledger.deliveries
    deliveries.know(Destination("desk", "webhook", "https://desk.example", "sha256:ab"), AT)
    for number in range(3):
        tell(service.ledger, match(subject=f"c-{number}"))
        deliveries.queue("desk", lambda _: True, AT + timedelta(minutes=number))
    sent = deliveries.take("desk", "me", AT + timedelta(hours=1), timedelta(minutes=1), 2)
    for one, outcome, status in zip(sent, (AttemptOutcome.DEAD, AttemptOutcome.DELIVERED), (500, 200), strict=True):
        tried = Tried(outcome, AT + timedelta(hours=1), status, 12, "said so")
        deliveries.leave(one.delivery, tried, occasion())
    return make_client(service)


class TestDeliveries:
    def test_the_log_shows_the_newest_first_by_page(self, delivered: Client) -> None:
        first = delivered.get("/v1/deliveries?limit=2").json()
        rest = delivered.get(f"/v1/deliveries?limit=2&after={first['next']}").json()
        states = [one["state"] for one in first["data"] + rest["data"]]
        assert states == ["waiting", "delivered", "dead"]
        assert rest["next"] is None
        assert [one["state"] for one in delivered.get("/v1/deliveries?state=dead").json()["data"]] == ["dead"]
        assert delivered.get("/v1/deliveries?destination=elsewhere").json()["data"] == []

    def test_destinations_tell_how_they_stand(self, delivered: Client) -> None:
        (desk,) = delivered.get("/v1/destinations").json()["data"]
        numbers = [desk[name] for name in ("waiting", "delivered", "dead", "failed_attempts")]
        assert (desk["name"], desk["address"], numbers) == ("desk", "https://desk.example", [1, 1, 1, 1])

    def test_what_was_given_up_is_sent_again_once_and_with_a_reason(self, delivered: Client) -> None:
        (dead,) = delivered.get("/v1/deliveries?state=dead").json()["data"]
        path = f"/v1/deliveries/{dead['id']}"
        (attempt,) = delivered.get(path).json()["attempts"]
        assert (attempt["status"], attempt["outcome"], attempt["detail"]) == (500, "dead", "said so")
        once = {"idempotency-key": "again"}
        replayed = delivered.post(f"{path}/replay", {"reason": "It was down"}, once)
        assert (replayed.status, replayed.json()["state"], replayed.json()["tries"]) == (200, "waiting", 0)
        assert delivered.post(f"{path}/replay", {"reason": "It was down"}, once).body == replayed.body
        refused = delivered.post(f"{path}/replay", {"reason": "Once more"})
        assert (refused.status, refused.json()["type"]) == (409, "urn:lexgate:problem:not_possible")
        assert delivered.post("/v1/deliveries/dl_0/replay", {"reason": "?"}).status == 404
        assert delivered.get("/v1/deliveries/dl_0").status == 404


class TestFeeds:
    def wanted(self, **other: Any) -> dict[str, Any]:
        return {
            "id": "de-house-1", "jurisdiction": "DE", "regulator": "Our own", "url": "https://news.example/feed.xml",
            "topics": ["aml"], **other,
        }  # fmt: skip

    def test_a_source_of_the_house_is_watched(
        self, open_service: Callable[..., Service], make_client: Callable[..., Client], tmp_path: Path
    ) -> None:
        service = open_service(feeds=tmp_path / "own.csv")
        client = make_client(service)
        added = client.post("/v1/feeds", self.wanted(), {"idempotency-key": "f-1"})
        assert (added.status, added.json()["state"], added.json()["own"]) == (201, "never", True)
        assert client.post("/v1/feeds", self.wanted(), {"idempotency-key": "f-1"}).body == added.body
        assert client.post("/v1/feeds", self.wanted()).status == 422
        assert client.post("/v1/feeds", self.wanted(id="de-house-2", url="ftp://x", jurisdiction="XX")).status == 422
        mine = client.get("/v1/feeds?state=own").json()["data"]
        assert [one["id"] for one in mine] == ["de-house-1"]
        assert service.ledger.verify().ok

    def test_those_that_need_somebody_come_first(
        self, open_service: Callable[..., Service], make_client: Callable[..., Client]
    ) -> None:
        service = open_service()
        client = make_client(service)
        asked = [one["id"] for one in client.get("/v1/feeds?limit=2&state=never").json()["data"]]
        feeds, now = service.ledger.feeds, service.clock()
        fresh, failing = feeds.take(asked, "me", now, timedelta(minutes=5), 9)
        feeds.leave(fresh, Taken(replace(fresh, tried_at=now, answered_at=now, new_at=now)), occasion())
        feeds.leave(failing, Taken(replace(failing, tried_at=now, failures=3, fault="timeout")), occasion())
        first = client.get("/v1/feeds?limit=2").json()
        assert [(one["id"], one["state"], one["fault"]) for one in first["data"][:1]] == [
            (failing.source, "failing", "timeout")
        ]
        assert first["next"] == "2"
        assert client.get("/v1/feeds?state=fresh").json()["data"][0]["id"] == fresh.source
        service.clock = lambda: now + timedelta(days=400)
        assert client.get("/v1/feeds?state=silent").json()["data"][0]["id"] == fresh.source


class TestVerifying:
    def ended(self, client: Client, started: Reply) -> dict[str, Any]:
        for _ in range(600):
            found: dict[str, Any] = client.get(f"/v1/audit/verifications/{started.json()['id']}").json()
            if found["state"] != "running":
                return found
            time.sleep(0.05)
        raise AssertionError("it never ended")

    def test_a_ledger_that_nobody_has_touched_is_whole(self, client: Client, service: Service) -> None:
        _, auditor = service.ledger.keys.create([Scope.READ], "auditor")
        started = client.post("/v1/audit/verifications", b"", bearer(auditor))
        assert started.status == 202
        found = self.ended(client, started)
        assert (found["state"], found["first_bad"], found["rows"]) == ("whole", None, found["head"]["seq"])
        assert client.get("/v1/audit/verifications").json()["data"][0] == found
        assert client.get("/v1/audit/verifications/ver_0").status == 404

    def test_a_row_that_was_changed_is_named(
        self, open_service: Callable[..., Service], make_client: Callable[..., Client]
    ) -> None:
        service = open_service()
        with by_hand(service.settings.database) as hand:
            hand.execute("UPDATE api_key SET name = 'another'")
        client = make_client(service)
        found = self.ended(client, client.post("/v1/audit/verifications", b""))
        assert (found["state"], found["first_bad"]["table"]) == ("broken", "api_key")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/deliveries"),
        ("GET", "/v1/destinations"),
        ("POST", "/v1/deliveries/dl_0/replay"),
        ("POST", "/v1/feeds"),
        ("GET", "/v1/keys"),
        ("GET", "/v1/people"),
    ],
)
def test_only_administrators_come_near(client: Client, service: Service, method: str, path: str) -> None:
    _, secret = service.ledger.keys.create([one for one in Scope if one is not Scope.ADMIN], "all but one")
    headers = bearer(secret) | {"content-type": "application/json"}
    assert client.request(method, path, b"{}", headers).status == 403
