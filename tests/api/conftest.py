"""A service on a ledger of its own, and a caller of it. The law and the rates are read once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from starlette.datastructures import State
from starlette.types import ASGIApp

from api import passwords
from api.app import bare_app, create_app
from api.bundled import rates_file, samples
from api.fx import read_rates
from api.master_key import MasterKey
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.money import RateTable
from engine.packs import PackSet
from tests import shipped
from tests.api.client import SECRET, Client
from tests.api.people import Clock
from tests.empty import empty_ledger

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""Since when the law of the test services is in force: before whatever day a clock of a test is set to."""


@cache
def _rates() -> RateTable:
    return RateTable(read_rates(rates_file()))


def sample(name: str) -> dict[str, Any]:
    """A sample transaction."""
    found: dict[str, Any] = orjson.loads((samples() / f"{name}.json").read_bytes())
    return found


@pytest.fixture(scope="session", autouse=True)
def _routes_are_made_once() -> Iterator[None]:
    """FastAPI makes what answers a route when it is first asked for, anew in every application: here they share it."""
    first = bare_app()

    def another() -> FastAPI:
        app = copy(first)
        app.state = State()
        return app

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("api.app.bare_app", another)
        yield


@pytest.fixture(scope="session", autouse=True)
def _law_is_read_once() -> Iterator[None]:
    """Where a command or a service reads the folder of what is shipped."""
    with pytest.MonkeyPatch.context() as patch:
        shipped.read_once(patch, "api.commands.ledger", "api.service")
        yield


@pytest.fixture(scope="session")
def law() -> PackSet:
    return shipped.law()


@pytest.fixture(scope="module")
def open_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """Opens services, each on a new ledger with the test key, and closes them."""
    opened: list[Service] = []

    def make(**chosen: Any) -> Service:
        where: Path = tmp_path_factory.mktemp("ledger") / "lexgate.db"
        settings = Settings(database=empty_ledger(where), **chosen)
        ledger = Ledger.open(settings.database, queue_limit=settings.queue)
        MasterKey(settings).protect(ledger)
        service = Service.around(settings, shipped.law(), _rates(), ledger)
        ledger.remember_release(service.packs.release, LONG_AGO)
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
    """Makes callers of a service, all of one application, and closes their loops."""
    made: list[Client] = []
    apps: list[tuple[Service, bool, ASGIApp]] = []

    def app_of(service: Service, hot: bool) -> ASGIApp:
        found = next((app for known, kind, app in apps if known is service and kind is hot), None)
        if found is None:
            found = create_app(service, hot=hot)
            apps.append((service, hot, found))
        return found

    def make(service: Service, *, hot: bool = True, secret: str | None = SECRET, domains: str | None = "sca") -> Client:
        made.append(Client(app_of(service, hot), secret, domains))
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


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a password costs is tested once; elsewhere it would be most of the time."""
    monkeypatch.setattr(passwords, "COST", passwords.Cost(16, 1, 1))


_last: dict[int, datetime] = {}


@pytest.fixture
def clock(service: Service) -> Iterator[Clock]:
    """The clock of the service, set by hand. Each test begins two days after the one before."""
    before, clock = service.clock, Clock()
    clock.at = max(clock.at, _last.get(id(service), clock.at))
    service.clock = clock
    yield clock
    clock.passes(days=2)
    _last[id(service)] = clock.at
    service.clock = before
