"""What differs between two releases, and what it means."""

from __future__ import annotations

import pytest

from api.diff_schemas import ComparisonBody
from api.service import Service
from engine.packs import PackSet
from engine.packs.release import seal
from tests.api.client import Client


@pytest.fixture
def other(service: Service, law: PackSet) -> str:
    """Digest of a release with another limit from the first of December 2026."""
    path, value = "EEA/sca/limits.yaml", '{from: "2019-09-14", value: "30"}'
    assert law.files[path].count(value) == 1
    later = f'{value}\n      - {{from: "2026-12-01", value: "50"}}'
    release = seal({**law.files, path: law.files[path].replace(value, later)}, "0.9")
    service.ledger.remember_release(release, service.clock())
    return release.digest


def test_the_text_and_what_it_means(client: Client, service: Service, other: str) -> None:
    reply = client.get(f"/v1/releases/{service.packs.release.digest}/diff/{other}")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    found = ComparisonBody.model_validate(reply.json())
    assert (found.was, found.now) == (service.packs.release.digest, other)
    assert (found.touches_statute, found.text_only, found.domains) == (True, False, ["sca"])
    (change,) = found.changes
    assert change.path == "parameters.low_value_single_max.values[from=2026-12-01]"
    assert change.said.startswith("remote, inclusive, from 1 December 2026: EUR 50.00 (was EUR 30.00).")
    (meaning,) = found.meanings
    assert (meaning.name, meaning.verdict, meaning.equal_before) == ("sca.low_value", "counterexample", True)
    assert meaning.example is not None
    assert (meaning.example.was.outcome, meaning.example.now.outcome) == ("challenge", "allow")
    sent = client.post("/v1/preflight?domains=sca", meaning.example.transaction)
    assert (sent.status, sent.json()["outcome"]) == (200, "challenge")


def test_a_page_for_people(client: Client, service: Service, other: str) -> None:
    path = f"/v1/releases/{service.packs.release.digest}/diff/{other}"
    reply = client.request("GET", path, b"", {"accept": "text/html", "accept-language": "de"})
    assert (reply.status, reply.headers["content-language"]) == (200, "de")
    assert reply.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    text = reply.body.decode()
    assert '<html lang="de">' in text
    assert "<script" not in text
    assert "ab 1. Dezember 2026: EUR 50.00 (bisher EUR 30.00)" in text


@pytest.mark.parametrize("query", ["domain=aml", "jurisdiction=FR", "domain=tax&domain=kyc&jurisdiction=DE"])
def test_only_what_was_asked_for(client: Client, service: Service, other: str, query: str) -> None:
    found = client.get(f"/v1/releases/{service.packs.release.digest}/diff/{other}?{query}").json()
    assert (found["changes"], found["meanings"]) == ([], [])


def test_the_same_release(client: Client, service: Service) -> None:
    digest = service.packs.release.digest.removeprefix("sha256:")
    found = client.get(f"/v1/releases/{digest}/diff/{digest}").json()
    assert (found["changes"], found["said"]) == ([], ["The two releases say the same, in the same words."])


@pytest.mark.parametrize(("tail", "status"), [("0" * 64, 404), ("x", 422), ("{same}?domain=gambling", 422)])
def test_what_cannot_be_compared(client: Client, service: Service, tail: str, status: int) -> None:
    digest = service.packs.release.digest
    assert client.get(f"/v1/releases/{digest}/diff/{tail.format(same=digest)}").status == status
