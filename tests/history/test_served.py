"""What the service tells its ledger is enough for the features: cash, transfers, deposits, with or without a channel."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import orjson
import pytest

from api.app import create_app
from api.service import Service
from api.settings import Settings
from engine.features import question
from engine.ledger import Ledger, Scope
from engine.money import Money
from engine.packs.packset import PackSet, read_packs
from engine.packs.release import seal
from engine.replay import facts_from
from tests.api.client import SECRET, Client
from tests.history.test_decided import FILES, NOW, RATES, body


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Service]:
    packs, notes = read_packs(FILES)
    assert not notes.problems
    with Ledger.open(sqlite_url) as ledger:
        ledger.keys.create(Scope, "test", SECRET)
        law = PackSet(packs, FILES, seal(FILES, "1"))
        made = Service.around(Settings(database=sqlite_url), law, RATES, ledger)
        made.clock = lambda: NOW
        yield made


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    found = Client(create_app(service))
    yield found
    found.close()


def total(service: Service, name: str, hour: int = 15) -> tuple[Money, ...]:
    """A feature of a payment of the customer, as the ledger answers it."""
    feature = service.packs.packs["US"].domains["aml"].features[name]
    asked = question(feature, facts_from(body("1", hour=hour)))
    assert asked is not None
    answer = service.ledger.history.features([asked])[0]
    assert answer is not None
    return answer.amounts


def told(client: Client, request: bytes, *kinds: str) -> str:
    """A preflight, and what is told of it."""
    decision: dict[str, Any] = client.post("/v1/preflight", request).json()
    for minute, kind in enumerate(kinds):
        event = {"kind": kind, "at": NOW.replace(minute=minute).isoformat()}
        assert client.post(f"/v1/decisions/{decision['id']}/events", event).status == 200
    return str(decision["id"])


@pytest.mark.parametrize("kind", ["sale", "deposit", "transfer", "payout", "withdrawal", "refund"])
def test_every_kind_of_payment_counts_once_it_is_executed(client: Client, service: Service, kind: str) -> None:
    request = body("4000.00", hour=14, kind=kind)
    told(client, request)
    assert total(service, "cash_today") == ()
    told(client, request, "authorised", "captured")
    assert total(service, "cash_today") == (Money(Decimal("4000.00"), "USD"),)


def test_a_failure_takes_it_back_and_a_refund_does_not(client: Client, service: Service) -> None:
    told(client, body("4000.00", hour=14), "captured", "refunded")
    told(client, body("300.00", hour=14), "captured", "failed")
    assert total(service, "cash_today") == (Money(Decimal("4000.00"), "USD"),)


def test_a_payment_without_a_moment_happens_when_it_is_decided(client: Client, service: Service) -> None:
    request = {key: value for key, value in orjson.loads(body("5.00")).items() if key != "occurred_at"}
    told(client, orjson.dumps(request), "captured")
    assert total(service, "cash_today", hour=15) == ()
    assert total(service, "cash_today", hour=16) == (Money(Decimal("5.00"), "USD"),)


def test_the_same_event_told_twice_counts_once(client: Client, service: Service) -> None:
    decision = told(client, body("4000.00", hour=14), "captured")
    event = {"kind": "captured", "at": NOW.isoformat()}
    assert client.post(f"/v1/decisions/{decision}/events", event).status == 200
    assert total(service, "cash_today") == (Money(Decimal("4000.00"), "USD"),)


def test_a_service_knows_that_its_law_asks_of_the_past(service: Service) -> None:
    assert service.past_keys
