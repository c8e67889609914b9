"""Stored decisions: listed, shown as they were answered, explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from api.service import Service
from engine.ledger import LedgerUnavailable
from tests.api.client import Client
from tests.api.conftest import sample


@pytest.fixture(scope="module")
def answered(client: Client) -> list[bytes]:
    """Seven answers, the oldest first."""
    body = sample("gb-remote")
    return [client.post("/v1/preflight", {**body, "reference": f"list-{at % 3}"}).body for at in range(7)]


def _id(answer: bytes) -> str:
    return answer[7 : answer.index(b'"', 8)].decode()


class TestListing:
    """The newest first, page by page."""

    def test_pages(self, client: Client, answered: list[bytes]) -> None:
        seen: list[bytes] = []
        path = "/v1/decisions?limit=3"
        pages = 0
        while path:
            page = client.get(path)
            seen += [decision["id"] for decision in page.json()["data"]]
            pages += 1
            path = f"/v1/decisions?limit=3&after={page.json()['next']}" if page.json()["next"] else ""
        assert pages == -(-len(seen) // 3)
        ours = [_id(answer) for answer in reversed(answered)]
        assert [one for one in seen if one in set(ours)] == ours

    def test_the_answers_stand_in_it_as_they_were_given(self, client: Client, answered: list[bytes]) -> None:
        listed = client.get("/v1/decisions?limit=200").body
        places = [listed.index(answer) for answer in reversed(answered)]
        assert places == sorted(places)

    def test_of_one_reference(self, client: Client, answered: list[bytes]) -> None:
        found = client.get("/v1/decisions?reference=list-1").json()["data"]
        assert [decision["id"] for decision in found] == [_id(answered[4]), _id(answered[1])]

    def test_nothing_of_an_unknown_reference(self, client: Client) -> None:
        assert client.get("/v1/decisions?reference=nobody").json() == {"data": [], "next": None}

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("after=" + "x" * 65, "after"),
         ("reference=", "reference"), ("reference=%00", "reference")],
    )  # fmt: skip
    def test_a_query_that_cannot_be(self, client: Client, query: str, parameter: str) -> None:
        reply = client.get(f"/v1/decisions?{query}")
        assert reply.status == 422
        assert {fault["parameter"] for fault in reply.json()["errors"]} == {parameter}


class TestShowing:
    """The very bytes."""

    def test_bytes(self, client: Client, service: Service, answered: list[bytes]) -> None:
        reply = client.get(f"/v1/decisions/{_id(answered[0])}")
        assert reply.body == answered[0]
        assert reply.headers["lexgate-release"] == service.packs.release.digest

    @pytest.mark.parametrize("path", ["", "/explanation"])
    def test_not_existing(self, client: Client, path: str) -> None:
        reply = client.get(f"/v1/decisions/dec_unknown{path}")
        assert (reply.status, reply.json()["type"]) == (404, "urn:lexgate:problem:not_found")

    def test_a_store_that_cannot_be_read(
        self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(_decision_id: str) -> None:
            raise LedgerUnavailable("/secret/path")

        monkeypatch.setattr(service.ledger, "decision", fail)
        reply = client.get("/v1/decisions/dec_x")
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert b"secret" not in reply.body


class TestExplanation:
    """Every rule that was looked at, with the value of each part."""

    @pytest.fixture
    def ladder(self, client: Client, payment: dict[str, Any]) -> Callable[..., dict[str, Any]]:
        def explain(**headers: str) -> dict[str, Any]:
            decision = client.post("/v1/preflight", payment).json()["id"]
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            found: dict[str, Any] = client.get(f"/v1/decisions/{decision}/explanation", named).json()
            return found

        return explain

    def test_the_rule_that_decided(self, ladder: Callable[..., dict[str, Any]]) -> None:
        rules = {rule["rule"]: rule for rule in ladder()["places"][0]["rules"]}
        assert rules["sca.low_value"]["fired"] is True
        assert rules["sca.tra"]["fired"] is not True
        assert "payment.fraud_rate" in " ".join(rules["sca.tra"]["missing"])
        assert rules["sca.low_value"]["law"]["provision"].startswith("Art. 16")

    def test_the_numbers_of_a_comparison(self, ladder: Callable[..., dict[str, Any]]) -> None:
        rules = {rule["rule"]: rule for rule in ladder()["places"][0]["rules"]}
        values = set(_values(rules["sca.low_value"]["because"]))
        assert {"24.90 EUR", "30.00 EUR", "64.90 EUR", "100.00 EUR"} <= values

    def test_the_findings_are_among_the_rules_that_fired(self, client: Client, payment: dict[str, Any]) -> None:
        decision = client.post("/v1/preflight", payment).json()
        places = client.get(f"/v1/decisions/{decision['id']}/explanation").json()["places"]
        fired = {rule["rule"] for place in places for rule in place["rules"] if rule["fired"]}
        assert {finding["rule"] for finding in decision["findings"]} <= fired

    def test_in_another_language(self, ladder: Callable[..., dict[str, Any]], service: Service) -> None:
        wanted = service.packs.languages[-1]
        assert ladder(accept_language=wanted)["locale"] == wanted
        assert ladder()["locale"] == "en"


def _values(step: dict[str, Any]) -> list[str]:
    return [str(step["value"]), *(value for part in step.get("below", []) for value in _values(part))]
