"""`?domains=`: what is decided is what was asked for, and by default all of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from api.service import Service
from engine.decide import BUILT
from engine.decision import DecisionBody
from engine.joined import KEYS
from tests.api.client import Client, Reply
from tests.api.conftest import sample

PATH = "/v1/preflight"
BATCH = "/v1/preflight/batch"
NDJSON = {"content-type": "application/x-ndjson"}


ALL = list(BUILT)


@pytest.fixture(scope="module")
def caller(service: Service, make_client: Callable[..., Client]) -> Client:
    """One who names no domains unless a path does."""
    return make_client(service, domains=None)


@pytest.fixture(scope="module")
def plain(service: Service, make_client: Callable[..., Client]) -> Client:
    """The same before the plain twin of the route."""
    return make_client(service, hot=False, domains=None)


@pytest.mark.parametrize(
    ("query", "domains"),
    [
        ("", ALL),
        ("?domains=sca", ["sca"]),
        ("?domains=tax", ["tax"]),
        ("?domains=sca,tax", ["sca", "tax"]),
        ("?domains=tax,sca", ["sca", "tax"]),
        ("?domains=sca,sca", ["sca"]),
        ("?domains=sca%2Ctax", ["sca", "tax"]),
        ("?domains=tax&domains=sca", ["sca"]),
        ("?domains=methods,aml", ["aml", "methods"]),
        ("?domains=kyc,residency", ["kyc", "residency"]),
        ("?other=tax", ALL),
    ],
)
def test_the_answer_has_the_parts_that_were_asked_for(
    caller: Client, plain: Client, payment: dict[str, Any], query: str, domains: list[str]
) -> None:
    for client in (caller, plain):
        reply = client.post(PATH + query, payment)
        found = reply.json()
        assert (reply.status, found["domains"]) == (200, domains)
        assert [domain for domain in ALL if KEYS.get(domain, domain) in found] == domains
        DecisionBody.model_validate(found)


@pytest.mark.parametrize(
    "words", ["", "weather", "sca,weather", "SCA", "sca,,tax", " sca", "sca;tax", "4111111111111111"]
)
def test_a_word_that_is_no_domain_is_refused(
    caller: Client, plain: Client, payment: dict[str, Any], words: str
) -> None:
    replies = [client.post(f"{PATH}?domains={words}", payment, {"x-request-id": "same"}) for client in (caller, plain)]
    for reply in replies:
        assert (reply.status, reply.json()["type"]) == (422, "urn:lexgate:problem:parameters_refused")
        assert reply.codes() == {("domains", "not_allowed")}
    assert replies[0].body == replies[1].body
    assert "weather" not in replies[0].body.decode()


@pytest.mark.parametrize("body", [b"{", b'{"amount": 1.5}', b"[]"])
def test_a_bad_body_is_told_before_a_bad_query(caller: Client, plain: Client, body: bytes) -> None:
    replies = [client.post(f"{PATH}?domains=x", body, {"x-request-id": "same"}) for client in (caller, plain)]
    assert replies[0].body == replies[1].body
    assert replies[0].json()["type"] == "urn:lexgate:problem:body_refused"


def test_nothing_is_stored_for_a_word_that_is_no_domain(caller: Client, payment: dict[str, Any]) -> None:
    caller.post(f"{PATH}?domains=x", {**payment, "reference": "no-domain"})
    assert caller.get("/v1/decisions?reference=no-domain").json()["data"] == []


def test_the_same_key_for_other_domains_is_another_request(caller: Client, payment: dict[str, Any]) -> None:
    def ask(query: str) -> Reply:
        return caller.post(PATH + query, payment, {"idempotency-key": "one-question"})

    first = ask("?domains=sca")
    assert ask("?domains=sca").body == first.body
    for other in ("", "?domains=tax", "?domains=sca,tax"):
        assert ask(other).json()["type"] == "urn:lexgate:problem:key_reused"


@pytest.mark.parametrize("kind", ["refund", "payout", "transfer", "deposit", "withdrawal"])
def test_only_sales_are_taxed(caller: Client, payment: dict[str, Any], kind: str) -> None:
    assert caller.post(PATH, {**payment, "kind": kind}).json()["tax"]["verdict"] == "not_applicable"


def test_an_unknown_merchant_is_asked_about(caller: Client, payment: dict[str, Any]) -> None:
    found = caller.post(PATH, payment).json()
    assert found["tax"]["verdict"] == "undecided"
    assert {"payee.country", "payee.registrations"} <= {one["field"] for one in found["missing"]}
    assert found["outcome"] == "collect"


class TestBatch:
    """The same for every line."""

    def lines(self, caller: Client, payment: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
        body = b"\n".join([orjson.dumps(payment)] * 2)
        return [orjson.loads(one) for one in caller.post(BATCH + query, body, NDJSON).body.splitlines()]

    @pytest.mark.parametrize(("query", "domains"), [("", ALL), ("?domains=tax", ["tax"]), ("?domains=sca", ["sca"])])
    def test_all_lines_are_asked_alike(
        self, caller: Client, payment: dict[str, Any], query: str, domains: list[str]
    ) -> None:
        assert [one["domains"] for one in self.lines(caller, payment, query)] == [domains] * 2

    def test_a_word_that_is_no_domain_refuses_the_whole(self, caller: Client, payment: dict[str, Any]) -> None:
        reply = caller.post(f"{BATCH}?domains=x", orjson.dumps(payment), NDJSON)
        assert (reply.status, reply.codes()) == (422, {("domains", "not_allowed")})

    def test_the_same_key_for_other_domains(self, caller: Client, payment: dict[str, Any]) -> None:
        headers = {**NDJSON, "idempotency-key": "a-batch"}
        assert caller.post(BATCH, orjson.dumps(payment), headers).status == 200
        assert caller.post(BATCH, orjson.dumps(payment), headers).status == 200
        assert caller.post(f"{BATCH}?domains=sca", orjson.dumps(payment), headers).status == 422


@pytest.fixture(scope="module")
def stored(caller: Client) -> dict[str, str]:
    """Query -> id of a decision."""
    payment = sample("eu-low-value")
    return {
        query: caller.post(PATH + query, payment).json()["id"]
        for query in ("", "?domains=sca", "?domains=tax", "?domains=aml,kyc,residency,methods")
    }


class TestAfterwards:
    """Stored with its domains, a decision is replayed and explained with them."""

    @pytest.mark.parametrize("query", ["", "?domains=sca", "?domains=tax", "?domains=aml,kyc,residency,methods"])
    def test_replayed_byte_for_byte(self, caller: Client, stored: dict[str, str], query: str) -> None:
        found = caller.post(f"/v1/decisions/{stored[query]}/replay").json()
        assert (found["identical"], found["differences"]) == (True, [])

    @pytest.mark.parametrize(
        ("query", "tax", "places"), [("", True, True), ("?domains=sca", False, True), ("?domains=tax", True, False)]
    )
    def test_explained(self, caller: Client, stored: dict[str, str], query: str, tax: bool, places: bool) -> None:
        found = caller.get(f"/v1/decisions/{stored[query]}/explanation").json()
        assert ("tax" in found, bool(found["places"])) == (tax, places)

    def test_a_stored_profile_is_used_and_kept(self, service: Service, caller: Client, payment: dict[str, Any]) -> None:
        asked: list[str] = []

        def profiles(merchant: str) -> dict[str, Any]:
            asked.append(merchant)
            return {"country": "DE", "registrations": []}

        before, service.profiles = service.profiles, profiles
        try:
            decision = caller.post(PATH, payment).json()
        finally:
            service.profiles = before
        assert set(asked) == {"m-1"}
        assert "payee.country" not in {one["field"] for one in decision["missing"]}
        assert caller.post(f"/v1/decisions/{decision['id']}/replay").json()["identical"] is True


def test_the_parameter_is_documented(caller: Client) -> None:
    document = caller.get("/openapi.json").json()
    for path in (PATH, BATCH):
        (parameter,) = [one for one in document["paths"][path]["post"]["parameters"] if one["name"] == "domains"]
        assert (parameter["in"], parameter["required"]) == ("query", False)
    assert {"TaxVerdict", "TaxLine", "TaxComponent"} <= document["components"]["schemas"].keys()
