"""Any sequence of calls, by everybody in turn: what one answer names, later calls ask about. No fault of ours, no answer that the
document does not tell, nobody where the table does not let them in.

Calls are drawn from the document; ids are those that were told before, every other time. The same calls each time: what the walk
meets depends on what it did before, which no tool that repeats a walk from its middle could bear.
LEXGATE_TEST_DEEP=20 walks twenty times as far.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as AsgiScope

from api.app import bare_app, create_app
from api.openapi import describe
from api.service import Service
from api.settings import Settings
from tests.access.house import Guest, another, guests
from tests.access.table import INTERFACE, ROLES, Line
from tests.api.documented import CHECKS, lasting
from tests.api.lived_in import lived_in

pytestmark = [pytest.mark.slow, pytest.mark.untraced]

ROUNDS = 2 * int(os.environ.get("LEXGATE_TEST_DEEP", "1"))
"""How often each route is asked."""
DRAWN = 2
ELSEWHERE = {"/v1/preflight": "/v1/decisions", "/v1/key-sessions": "/v1/sessions"}
"""Where what is made lies, if not under what has made it."""
LINES = {(one.method, one.path.replace(":path}", "}")): one for one in INTERFACE}
PLAIN = re.compile(r"[\w./:%?=&,+~@-]*")


def drawable(document: dict[str, Any]) -> dict[str, Any]:
    """The document, but for the paths of files: the tool draws none with a slash, and real ones are put in afterwards."""
    for line in document["paths"].values():
        for operation in line.values():
            for one in operation.get("parameters", ()):
                if one["in"] == "path" and one["name"] == "path":
                    one["schema"] = {"type": "string", "pattern": "^[a-z]{2,8}$"}
    return document


def named_by(paths: dict[str, Any]) -> dict[str, set[str]]:
    """By a collection, the parameters of what lies under it: its ids are theirs."""
    found: dict[str, set[str]] = {}
    for path in paths:
        under = re.escape(ELSEWHERE.get(path, path)) + r"/\{(\w+)"
        found[path] = {one[1] for to in paths if (one := re.match(under, to))} if "{" not in path else set()
    return found


class Door:
    """Everybody who comes, in turn; whoever was shut out meanwhile comes again with something that is good."""

    def __init__(self, service: Service) -> None:
        self.service = service
        everybody = guests(service)
        self.strangers = [one for one in everybody if one.why]
        self.people = [one for one in everybody if not one.why]
        self.number, self.came = count(), Counter[str]()
        self.guest = self.strangers[0]

    def next(self) -> None:
        """Every other time somebody who may make things, so that there is something to ask about."""
        turn = next(self.number)
        if turn % 12 == 11:
            found = self.strangers[turn // 12 % len(self.strangers)]
        elif turn % 2:
            makers = [
                one
                for one in self.people
                if one.name in ("officer", "administrator", "analyst", "key decide", "key tax")
            ]
            found = self._good(makers[turn // 2 % len(makers)])
        else:
            found = self._good(self.people[turn // 2 % len(self.people)])
        self.came[found.name] += 1
        self.guest = found

    def _good(self, guest: Guest) -> Guest:
        assert guest.token is not None
        look = self.service.signed_in if guest.name in ROLES else self.service.ledger.keys.authenticate
        found = look(guest.token)
        if found is not None and found.scopes == guest.scopes:
            return guest
        fresh = another(self.service, guest, next(self.number))
        self.people[self.people.index(guest)] = fresh
        return fresh


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, dict[str, str]]]:
    folder = tmp_path_factory.mktemp("house")
    made, there = lived_in(Settings(database=f"sqlite:///{folder}/lexgate.db", feeds=folder / "own.csv"))
    yield made, there
    made.close()


class Walk:
    """What was told so far."""

    def __init__(self, service: Service, there: dict[str, str]) -> None:
        self.door, self.there, self.dice = Door(service), there, Random(20261122)
        document = drawable(describe(bare_app()))
        self.schema = schemathesis.openapi.from_dict(document)
        self.schema.app = _entered_by(self.door, create_app(service))
        self.named = named_by(document["paths"])
        self.known: dict[str, list[str]] = defaultdict(list)
        self.asked, self.let_in, self.again = Counter[str](), Counter[Line](), 0

    def call(self, case: schemathesis.Case) -> None:
        """One call, and whatever holds of every answer."""
        self._ask_of_what_is_there(case)
        self.door.next()
        response = case.call(timeout=60)
        line = LINES[case.method.upper(), case.path]
        self.asked[self.door.guest.name] += 1
        self._is_let_in_as_the_table_says(line, response.status_code, response.request.path_url)
        case.validate_response(response, checks=CHECKS)
        if response.status_code < 300 and response.content and self.named[case.path]:
            said = orjson.loads(response.content)
            for one in [said, *said.get("data", ())] if isinstance(said, dict) else ():
                for name in self.named[case.path] if isinstance(one.get("id"), str) else ():
                    self.known[name].append(one["id"])

    def _ask_of_what_is_there(self, case: schemathesis.Case) -> None:
        for name in case.path_parameters or ():
            told = self.known[name]
            found = self.dice.choice(told) if told and self.dice.random() < 0.6 else self.there.get(name, "")
            if found and self.dice.random() < 0.8:
                case.path_parameters[name] = found
                self.again += found in told
        sold = self.known["calculation_id"]
        if (
            case.path == "/v1/tax/transactions"
            and case.method.upper() == "POST"
            and sold
            and isinstance(case.body, dict)
        ):
            case.body["calculation"] = self.dice.choice(sold)

    def _is_let_in_as_the_table_says(self, line: Line, status: int, path: str) -> None:
        guest = self.door.guest
        told = (guest.name, line, status, path)
        if line.open or not PLAIN.fullmatch(path):
            return
        if guest.why:
            assert status == guest.status, told
        elif not line.lets_in(guest.scopes) or (guest.bound and line.limits == "closed"):
            assert status == 403, told
        else:
            self.let_in[line] += status < 300


def drawn(operation: Any) -> list[schemathesis.Case]:
    """A few calls of a route, as the document allows them: the same each time."""
    found: list[schemathesis.Case] = []

    @settings(
        max_examples=DRAWN, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy())
    def draw(case: schemathesis.Case) -> None:
        found.append(case)

    draw()
    return found


def test_any_sequence_by_everybody(lived: tuple[Service, dict[str, str]]) -> None:
    service, there = lived
    walk = Walk(service, there)
    calls = [drawn(one.ok()) for one in walk.schema.get_all_operations()]
    for turn in range(ROUNDS):
        walk.dice.shuffle(calls)
        for cases in calls:
            service.door.forget()
            walk.call(cases[turn % len(cases)])
    assert walk.asked.total() == ROUNDS * len(calls)
    assert len(calls) > 0.95 * len(INTERFACE), "nearly every route is in the document"
    assert set(ROLES) <= walk.asked.keys(), "every role came"
    assert sum(1 for one in walk.let_in.values() if one) > 40, "many routes were passed"
    assert walk.again > 40, "many calls asked about what was told before"
    assert service.ledger.verify().ok


def _entered_by(door: Door, app: ASGIApp) -> ASGIApp:
    """The application, called by whoever's turn it is: the tool makes up tokens of its own."""

    async def call(scope: AsgiScope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"authorization"]
        if door.guest.header is not None:
            headers.append((b"authorization", door.guest.header.encode()))
        await app({**scope, "headers": headers}, receive, send)

    return lasting(lambda: call)
