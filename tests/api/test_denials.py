"""Who was not let in stands in the chain, once for many; strangers cannot fill it."""

from __future__ import annotations

from typing import Any

import pytest

from api.denials import MOST, WINDOW, Denial, Denials, Why
from api.service import Service
from engine.ledger import KeyTerms, Scope
from tests.api.client import Client
from tests.api.people import Clock, bearer, notes


@pytest.fixture
def told(service: Service) -> Any:
    """What was told since, with how often."""
    service.ledger.writer.run(lambda batch: None)
    before = len(notes(service, "access.denied"))

    def told() -> list[dict[str, Any]]:
        service.ledger.writer.run(lambda batch: None)
        return [said for _, said in notes(service, "access.denied")[before:]]

    return told


def test_equal_ones_are_told_together(service: Service, clock: Clock, told: Any) -> None:
    denials = Denials(service.ledger, clock)
    for _ in range(50):
        denials(Denial(Why.SCOPE, "key_1", "10.0.0.1", "admin"))
    assert [said["times"] for said in told()] == [1]
    clock.passes(seconds=WINDOW.total_seconds())
    denials(Denial(Why.SCOPE, "key_1", "10.0.0.1", "admin"))
    assert [said["times"] for said in told()] == [1, 49, 1]
    denials(Denial(Why.SCOPE, "key_1", "10.0.0.1", "edit"))
    denials(Denial(Why.SCOPE, "key_1", "10.0.0.1", "edit"))
    denials.close()
    assert [(said["wanted"], said["times"]) for said in told()[3:]] == [("edit", 1), ("edit", 1)]
    assert service.ledger.verify().ok


def test_strangers_cannot_fill_the_ledger(service: Service, clock: Clock, told: Any) -> None:
    denials = Denials(service.ledger, clock)
    for number in range(5000):
        denials(Denial(Why.UNKNOWN, source=f"2001:db8::{number:x}"))
    denials.close()
    found = told()
    assert len(found) <= MOST + 2
    assert sum(said["times"] for said in found) == 5000
    assert found[-1]["source"] == "many"


def test_a_clock_that_steps_back_begins_anew(service: Service, clock: Clock, told: Any) -> None:
    denials = Denials(service.ledger, clock)
    denials(Denial(Why.SCOPE, "key_1"))
    clock.passes(hours=-1)
    denials(Denial(Why.SCOPE, "key_1"))
    assert [said["times"] for said in told()] == [1, 1]


def test_the_token_is_not_told(client: Client, service: Service, told: Any) -> None:
    client.get("/v1/drafts", bearer("lx_abc_a-secret-of-another-house"))
    _, secret = service.ledger.keys.create([Scope.READ], "elsewhere", terms=KeyTerms(sources=("10.0.0.0/8",)))
    client.get("/v1/drafts", bearer(secret))
    service.denials.close()
    found = told()
    assert {said["why"] for said in found} == {"unknown", "address"}
    assert "a-secret" not in repr(found)
    assert secret not in repr(found)


def test_a_key_learns_nothing_of_its_scopes_from_elsewhere(client: Client, service: Service) -> None:
    _, secret = service.ledger.keys.create([Scope.READ], "away", terms=KeyTerms(sources=("10.0.0.0/8",)))
    said = {client.get(path, bearer(secret)).json()["detail"] for path in ("/v1/drafts", "/v1/keys")}
    assert said == {"This key may not be used from this address."}
