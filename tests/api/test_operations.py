"""For those who run the service."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import orjson
import pytest

from api.bundled import samples
from api.service import Service
from engine.decide import BUILT
from engine.ledger import Health
from tests.api.client import Client


def test_alive_without_touching_the_ledger(client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ledger", None)
    reply = client.get("/healthz")
    assert (reply.status, reply.json()) == (200, {"status": "ok"})


class TestReadiness:
    """Packs compiled, ledger writable, not about to stop."""

    def test_ready(self, client: Client, service: Service) -> None:
        body = client.get("/readyz").json()
        assert body["status"] == "ready"
        assert body["release"] == service.packs.release.digest
        assert body["rates_until"] == str(service.rates.latest())

    def test_a_ledger_that_cannot_be_written(
        self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        health = service.ledger.health()
        broken = Health("disk full at /secret", health.waiting, health.rows, health.batches, health.last_commit)
        monkeypatch.setattr(service.ledger, "health", lambda: broken)
        reply = client.get("/readyz")
        assert (reply.status, reply.json()["type"]) == (503, "urn:lexgate:problem:not_ready")
        assert b"secret" not in reply.body

    def test_about_to_stop(self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(service, "draining", True)
        reply = client.get("/readyz")
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")


def _number(client: Client, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", client.get("/metrics").body.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_metrics_count_answers_and_refusals(client: Client, payment: dict[str, Any]) -> None:
    names = (
        'lexgate_decisions_total{outcome="allow"}',
        'lexgate_problems_total{kind="body_refused"}',
        "lexgate_preflight_seconds_count",
        "lexgate_idempotent_replays_total",
    )
    before = [_number(client, name) for name in names]
    for _ in range(2):
        client.post("/v1/preflight", payment, {"idempotency-key": "metrics"})
    client.post("/v1/preflight", {})
    assert [_number(client, name) - was for name, was in zip(names, before, strict=True)] == [1, 1, 2, 1]


def test_metrics_tell_of_the_ledger(client: Client) -> None:
    assert _number(client, "lexgate_ledger_writable") == 1
    assert client.get("/metrics").headers["content-type"].startswith("text/plain; version=0.0.4")


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


_WAYS_IN = {("get", "/v1/sign-in")} | {
    ("post", f"/v1/{path}") for path in ("sessions", "setup", "sign-in/openid", "sign-in/openid/finish")
}
"""Who comes in by them holds no token yet, and so no key of theirs can have been used."""


class TestDocument:
    """OpenAPI 3.1, complete and true."""

    def test_version_and_license(self, document: dict[str, Any]) -> None:
        assert document["openapi"] == "3.1.0"
        assert document["info"]["license"]["identifier"] == "Apache-2.0"

    def test_every_reference_leads_somewhere(self, document: dict[str, Any]) -> None:
        text = orjson.dumps(document).decode()
        names = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
        assert names <= document["components"]["schemas"].keys()
        assert "HTTPValidationError" not in document["components"]["schemas"]

    def test_every_operation_tells_its_refusals(self, document: dict[str, Any]) -> None:
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if (method, path) in _WAYS_IN:
                    # Nobody is signed in there yet.
                    assert "security" not in operation, (method, path)
                elif path.startswith("/v1/"):
                    assert {"401", "403", "503"} <= operation["responses"].keys(), (method, path)
                    assert operation["security"], (method, path)
                if "requestBody" in operation:
                    # A PUT twice is a PUT once: it needs no key, and so none can be running.
                    keyed = method == "post" and (method, path) not in _WAYS_IN
                    wanted = {"413", "415", "422"} | ({"409"} if keyed else set())
                    assert wanted <= operation["responses"].keys(), (method, path)
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        assert list(response["content"]) == ["application/problem+json"], (method, path, status)

    def test_the_examples_are_answered(self, document: dict[str, Any], client: Client) -> None:
        body = document["paths"]["/v1/preflight"]["post"]["requestBody"]["content"]["application/json"]
        assert set(body["examples"]) == {path.stem for path in samples().glob("*.json")}
        assert {client.post("/v1/preflight", one["value"]).status for one in body["examples"].values()} == {200}

    def test_the_example_answer_was_really_answered(self, document: dict[str, Any], client: Client) -> None:
        content = document["paths"]["/v1/preflight"]["post"]
        example = content["responses"]["200"]["content"]["application/json"]["example"]
        asked = content["requestBody"]["content"]["application/json"]["examples"]["eu-low-value"]["value"]
        answer = client.post(f"/v1/preflight?domains={','.join(BUILT)}", asked).json()
        own = ("id", "evaluated_at")
        assert {k: v for k, v in answer.items() if k not in own} == {k: v for k, v in example.items() if k not in own}

    def test_the_scope_is_told(self, document: dict[str, Any]) -> None:
        assert document["paths"]["/v1/preflight"]["post"]["security"] == [{"ApiKey": ["decide"]}]
        assert document["components"]["securitySchemes"]["ApiKey"]["scheme"] == "bearer"


class _Page(HTMLParser):
    """What a page loads and where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attributes:
            if name in ("src", "href"):
                self.addresses.append(value or "")
            if name == "id":
                self.ids.add(value or "")


class TestPage:
    """The same for people."""

    @pytest.fixture
    def page(self, client: Client) -> _Page:
        found = _Page()
        found.feed(client.get("/docs").body.decode())
        return found

    def test_it_loads_nothing(self, page: _Page, client: Client) -> None:
        assert not {"script", "link", "img", "iframe"} & set(page.tags)
        assert all(address.startswith("#") or address == "openapi.json" for address in page.addresses)
        assert "default-src 'none'" in client.get("/docs").headers["content-security-policy"]

    def test_its_links_lead_somewhere(self, page: _Page) -> None:
        assert {address[1:] for address in page.addresses if address.startswith("#")} <= page.ids

    def test_it_names_every_route(self, client: Client, document: dict[str, Any]) -> None:
        text = client.get("/docs").body.decode()
        assert all(path in text for path in document["paths"])


def test_an_unknown_path(client: Client) -> None:
    reply = client.get("/v2/preflight")
    assert (reply.status, reply.headers["content-type"]) == (404, "application/problem+json")
    assert reply.json()["instance"] == "/v2/preflight"


def test_a_slash_too_many_is_another_path(client: Client) -> None:
    assert client.get("/v1/decisions/").status in (404, 422)
    assert client.post("/v1/preflight/", {}).status == 404


@pytest.mark.parametrize("path", ["/v1/rulepacks", "/healthz", "/nowhere"])
def test_every_answer_carries_a_request_id(client: Client, path: str) -> None:
    assert client.get(path, {"x-request-id": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert client.get(path).headers["x-request-id"].startswith("req_")


def test_the_release_is_told_where_law_is_served(client: Client, service: Service) -> None:
    assert client.get("/v1/rulepacks").headers["lexgate-release"] == service.packs.release.digest
    assert "lexgate-release" not in client.get("/healthz").headers
