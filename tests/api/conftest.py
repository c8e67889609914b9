"""A service on a ledger of its own, and a caller of it. The law and the rates are read once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.app import create_app
from api.bundled import rates_file, rulepacks, samples
from api.fx import read_rates
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.money import RateTable
from engine.packs import PackSet, load_packs
from tests.api.client import SECRET, Client


@cache
def _law() -> PackSet:
    return load_packs(rulepacks())


@cache
def _rates() -> RateTable:
    return RateTable(read_rates(rates_file()))


def sample(name: str) -> dict[str, Any]:
    """A sample transaction."""
    found: dict[str, Any] = orjson.loads((samples() / f"{name}.json").read_bytes())
    return found


@pytest.fixture(scope="session")
def law() -> PackSet:
    return _law()


@pytest.fixture(scope="module")
def open_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """Opens services, each on a new ledger with the test key, and closes them."""
    opened: list[Service] = []

    def make(**chosen: Any) -> Service:
        where: Path = tmp_path_factory.mktemp("ledger") / "lexgate.db"
        settings = Settings(database=f"sqlite:///{where}", **chosen)
        ledger = Ledger.open(settings.database, queue_limit=settings.queue)
        service = Service.around(settings, _law(), _rates(), ledger)
        ledger.remember_release(service.packs.release, service.clock())
        ledger.keys.create(Scope, "test", SECRET)
        opened.append(service)
        return service

    yield make
    for service in opened:
        service.close()


@pytest.fixture(scope="module")
def service(open_service: Callable[..., Service]) -> Service:
    """One service for the tests of a module."""
    return open_service()


@pytest.fixture(scope="module")
def make_client() -> Iterator[Callable[..., Client]]:
    """Makes callers of a service, and closes their loops."""
    made: list[Client] = []

    def make(service: Service, *, hot: bool = True, secret: str | None = SECRET, domains: str | None = "sca") -> Client:
        made.append(Client(create_app(service, hot=hot), secret, domains))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture(scope="module")
def client(service: Service, make_client: Callable[..., Client]) -> Client:
    return make_client(service)


@pytest.fixture
def payment() -> dict[str, Any]:
    """The contract's own example."""
    return sample("eu-low-value")
