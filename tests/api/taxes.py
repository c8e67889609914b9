"""A service under the small law of tax, and the questions that its tests ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.money import RateRow, RateTable
from engine.packs import PackSet
from engine.tax import procedure
from tests.api.client import SECRET, Client, Reply
from tests.empty import empty_ledger
from tests.tax.smalllaw import EndsHere, packs

NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
RATES = (
    RateRow(date(2026, 9, 30), "USD", Decimal("1.10")),
    RateRow(date(2026, 11, 20), "USD", Decimal("1.25")),
    RateRow(date(2026, 12, 31), "USD", Decimal("1.20")),
    RateRow(date(2027, 1, 4), "SEK", Decimal("11.00")),
    RateRow(date(2026, 11, 20), "AUD", Decimal("1.60")),
)
_merchants = count(1)


@dataclass
class Moment:
    """The clock of the service and of its ledger."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Shop:
    """A service with a clock that the test sets, and a caller of it."""

    client: Client
    service: Service
    clock: Moment

    @contextmanager
    def at(self, when: str) -> Iterator[None]:
        """Within, it is this instant."""
        before, self.clock.now = self.clock.now, datetime.fromisoformat(when)
        try:
            yield
        finally:
            self.clock.now = before

    def merchant(self, **profile: Any) -> str:
        """A merchant of its own for one test: a German bookseller unless told otherwise."""
        name = f"shop-{next(_merchants)}"
        said = {
            "country": "DE",
            "registrations": [{"jurisdiction": "DE", "scheme": "oss", "number": "DE123"}],
            **profile,
        }
        reply = self.put(name, said)
        assert reply.status == 200, reply.json()
        return name

    def put(self, name: str, profile: dict[str, Any]) -> Reply:
        headers = {"content-type": "application/json"}
        return self.client.request("PUT", f"/v1/merchants/{name}", profile, headers)

    def calculate(self, question: dict[str, Any], **headers: str) -> Reply:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.client.post("/v1/tax/calculations", question, named)

    def commit(self, calculation: str, reference: str | None = None, **headers: str) -> Reply:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        body = {"calculation": calculation, "reference": reference}
        return self.client.post("/v1/tax/transactions", body, named)

    def sell(self, question: dict[str, Any]) -> dict[str, Any]:
        """Calculate and commit; the transaction."""
        calculated = self.calculate(question)
        assert calculated.status == 200, calculated.json()
        reply = self.commit(calculated.json()["id"])
        assert reply.status == 200, reply.json()
        found: dict[str, Any] = reply.json()
        return found

    def back(self, transaction: str, **headers: str) -> Callable[..., Reply]:
        """Give back: `shop.back(id)(mode="full")`."""
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return lambda **body: self.client.post(f"/v1/tax/transactions/{transaction}/reversals", body, named)

    def get(self, path: str) -> Any:
        reply = self.client.get(path)
        assert reply.status == 200, reply.json()
        return reply.json()


def book(merchant: str | None = None, *, to: str = "FR", amount: str = "24.90", **changes: Any) -> dict[str, Any]:
    """A book sent from Germany, its price with tax."""
    line = {
        "id": "1", "kind": "goods", "category": "books", "amount": amount, "tax_inclusive": True,
        "ship_from": {"country": "DE"}, "ship_to": {"country": to[:2], **({"region": to} if len(to) > 2 else {})},
    }  # fmt: skip
    payee = {"merchant": merchant} if merchant else {"country": "DE", "registrations": []}
    made = {
        "reference": "ord-1", "occurred_at": "2026-11-22T10:15:00+01:00", "currency": "EUR",
        "payer": {"type": "individual", "country": to[:2]}, "payee": payee, "lines": [line],
    }  # fmt: skip
    return {**made, **changes}


@pytest.fixture(scope="module")
def small_law() -> Iterator[PackSet]:
    """The small law, with its stand-in for the procedure."""
    with pytest.MonkeyPatch.context() as patch:
        regime = EndsHere()
        patch.setattr(procedure, "regime_of", lambda *_: regime)
        yield packs()


def _open(law: PackSet, where: Path) -> Iterator[Shop]:
    clock = Moment()
    settings = Settings(database=empty_ledger(where / "lexgate.db"))
    ledger = Ledger.open(settings.database, clock=clock)
    service = Service.around(settings, law, RateTable(RATES), ledger)
    service.clock = clock
    ledger.remember_release(law.release, NOW)
    ledger.keys.create(Scope, "test", SECRET)
    made = Shop(Client(create_app(service)), service, clock)
    yield made
    made.client.close()
    service.close()


@pytest.fixture(scope="module")
def shop(small_law: PackSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One service for the tests of a module; each has merchants of its own."""
    yield from _open(small_law, tmp_path_factory.mktemp("ledger"))


@pytest.fixture
def lone_shop(small_law: PackSet, tmp_path: Path) -> Iterator[Shop]:
    """A service of its own, for tests that go into the future: a ledger's time never runs backwards."""
    yield from _open(small_law, tmp_path)


@pytest.fixture(scope="module")
def law_shop(law: PackSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One service for the tests of a module under the shipped law."""
    yield from _open(law, tmp_path_factory.mktemp("ledger"))
