"""For every route of the console and every role: who may not, sees neither link nor button, and gets through neither by the
address nor by a console that has forgotten to ask."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from unittest import mock

import httpx
import pytest
from starlette.types import ASGIApp

from api.console import menu
from api.console.app import console
from api.console.backend import Backend
from api.console.routing import PREFIX, Route
from engine.ledger.roles import SCOPES
from tests.browser import caseroom
from tests.browser.crawling import Table, address_of, every_route, led_to, may, read
from tests.browser.house import ROLES, House

pytestmark = pytest.mark.untraced
ROUTES = every_route()
FRESH = httpx.Limits(max_keepalive_connections=0)
"""A connection that the server has closed while nothing was asked is not taken up again."""
_PAGES = 60
"""Pages that a crawl looks at: enough to come to every kind of page, within the time of a test."""
_ROWS = (
    "SELECT (SELECT count(*) FROM decision) + (SELECT count(*) FROM event)"
    " + (SELECT count(*) FROM note WHERE kind <> 'access.denied')"
)
_OF_A_KIND = 2
"""Pages of one route that a crawl looks at."""


@pytest.fixture(scope="module")
def filled(house: House) -> House:
    """A house with something on every page."""
    caseroom.fill(house)
    return house


@pytest.fixture(params=sorted(ROLES))
def role(request: pytest.FixtureRequest) -> str:
    """Each role in turn."""
    found: str = request.param
    return found


@pytest.fixture
def client(filled: House, role: str) -> Iterator[httpx.Client]:
    """Somebody of the role, without a browser."""
    cookies = {"lexgate_session": filled.key(role)}
    with httpx.Client(
        base_url=filled.address, cookies=cookies, headers={"Origin": filled.address}, timeout=60, limits=FRESH
    ) as made:
        yield made


def _named(route: Route) -> str:
    return f"{route.method} {route.path or '/'}"


def test_the_roles_here_are_those_that_people_have():
    assert {role: set(scopes) for role, scopes in ROLES.items()} == {
        role.value: {one.value for one in scopes} for role, scopes in SCOPES.items()
    }


def test_every_page_is_in_the_table_once():
    seen = [(one.method, one.path) for one in ROUTES]
    assert len(seen) == len(set(seen))
    ways_in = {"/sign-in", "/sign-in/provider", "/sign-in/openid", "/set-up"}
    assert {one.path for one in ROUTES if one.open} == {*ways_in, "/sign-out", "/preferences"}


def test_who_may_not_does_not_get_through_by_the_address(client, role, filled):
    before, through = _chain(filled), []
    for route in ROUTES:
        if may(ROLES[role], route):
            continue
        answer = client.request(
            route.method, address_of(route), data={"reason": "x"} if route.method == "POST" else None
        )
        if answer.status_code != 403:
            through.append(f"{_named(route)}: {answer.status_code}")
    assert not through, "\n".join(through)
    assert _chain(filled) == before


def test_who_may_is_not_refused(client, role):
    refused = [
        _named(route)
        for route in ROUTES
        if route.method == "GET" and may(ROLES[role], route) and client.get(address_of(route)).status_code in (401, 403)
    ]
    assert not refused, "\n".join(refused)


def test_a_console_that_forgets_to_ask_lets_nobody_through_either(filled, role):
    """The interface is what refuses: pages are no guard of their own."""
    bare = tuple(replace(one, needs=()) for one in menu.routes())
    with mock.patch.object(menu, "routes", return_value=bare):
        backend = Backend.at(filled.address)
        pages = console(backend)
    wanted = [one for one in menu.routes() if one.method == "POST" and not may(ROLES[role], one)]
    key, before = filled.key(role), _chain(filled)
    through = asyncio.run(_sent(pages, backend, wanted, key))
    assert not through, "\n".join(through)
    assert _chain(filled) == before


async def _sent(pages: ASGIApp, backend: Backend, wanted: list[Route], key: str) -> list[str]:
    """The routes that did something for somebody who may not use them."""
    through = []
    transport = httpx.ASGITransport(pages, raise_app_exceptions=False)
    headers = {"Origin": "http://console.test"}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://console.test", cookies={"lexgate_session": key}, headers=headers
    ) as client:
        for route in wanted:
            answer = await client.post(address_of(route), data={"reason": "x", "decision": "approve"})
            if answer.status_code < 400:
                through.append(f"{_named(route)}: {answer.status_code}")
    await backend.close()
    return through


def test_nobody_sees_a_link_or_a_button_that_they_may_not_use(client, role):
    table, faults = Table(), []
    waiting, asked, looked = deque([PREFIX]), {PREFIX}, dict.fromkeys(ROUTES, 0)
    for _ in range(_PAGES):
        if not waiting:
            break
        here = waiting.popleft()
        answer = client.get(here, follow_redirects=True)
        if answer.status_code >= 400:
            # 409: a file that cannot be made yet says so, to everybody.
            faults += [f"{here} answers {answer.status_code}"] if answer.status_code != 409 else []
            continue
        for method, address in led_to(here, read(answer.text)):
            if not table.ours(address):
                continue
            route = table.route(method, address)
            if route is None:
                faults.append(f"{here} leads to {method} {address}, which is not there")
            elif not may(ROLES[role], route):
                faults.append(f"{here} shows {method} {address}, which needs {' or '.join(route.needs)}")
            elif method == "GET" and address.partition("#")[0] not in asked and looked[route] < _OF_A_KIND:
                looked[route] += 1
                asked.add(address.partition("#")[0])
                waiting.append(address.partition("#")[0])
    assert not faults, "\n".join(sorted(set(faults)))
    assert sum(looked.values()) >= 3


def test_nobody_at_all_is_shown_a_page(filled):
    with httpx.Client(limits=FRESH, base_url=filled.address, headers={"Origin": filled.address}, timeout=60) as client:
        shown = []
        for route in ROUTES:
            if route.open:
                continue
            answer = client.request(
                route.method, address_of(route), data={"reason": "x"} if route.method == "POST" else None
            )
            signs_in = answer.status_code == 401 or "/sign-in" in answer.headers.get("location", "")
            if not signs_in:
                shown.append(f"{_named(route)}: {answer.status_code}")
    assert not shown, "\n".join(shown)


def _chain(house: House) -> int:
    """How many rows the chain has, but for those that tell of calls that were denied: whatever is written leaves one."""
    assert house.service.ledger.verify().ok
    with sqlite3.connect(house.service.settings.database.removeprefix("sqlite:///")) as connection:
        (rows,) = connection.execute(_ROWS).fetchone()
    return int(rows)
