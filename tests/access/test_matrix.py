"""The access matrix: every route x everybody who may not enter it. What is expected stands in two files, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from api.app import create_app
from api.service import Service
from tests.access.house import Guest, Things, bare, contents, furnished, guests, without_ids
from tests.access.table import (
    CONSOLE,
    INTERFACE,
    ROLES,
    Line,
    routes_of_the_console,
    routes_of_the_interface,
)
from tests.api.client import Client, Reply
from tests.api.people import notes

pytestmark = pytest.mark.untraced

PAYMENT = {
    "amount": "9.00", "currency": "EUR", "payment": {"instrument": "card", "channel": "remote", "issuer_country": "FR"},
    "payee": {"merchant": "m-2"},
}  # fmt: skip

LET_IN = {200, 202, 204, 404, 409, 412, 415, 422, 428}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all, with one thing of every kind in it."""
    with furnished(tmp_path_factory.mktemp("house")) as service:
        yield service


@pytest.fixture(scope="module")
def client(house: Service) -> Iterator[Client]:
    client = Client(create_app(house), domains=None)
    yield client
    client.close()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, list[Guest]]]:
    """A house with nothing in it, and those who have a key of it."""
    with bare(tmp_path_factory.mktemp("bare")) as service:
        client = Client(create_app(service), domains=None)
        yield client, [one for one in guests(service) if one.name.startswith("key") and not one.why]
        client.close()


@pytest.fixture(scope="module")
def things(house: Service) -> Things:
    return Things(house)


@pytest.fixture(scope="module")
def everybody(house: Service) -> list[Guest]:
    return guests(house)


class TestTheTable:
    def test_no_route_of_the_interface_is_missing(self) -> None:
        assert {(one.method, one.path) for one in INTERFACE} == routes_of_the_interface()

    def test_no_page_is_missing(self) -> None:
        assert {(one.method, one.path) for one in CONSOLE} == routes_of_the_console()

    def test_it_says_what_the_reference_says(self) -> None:
        """Every row of a table of the reference that names a route and its scope."""
        known = {(one.method, one.path): one for one in INTERFACE}
        said = list(_documented())
        assert len(said) > 30
        for method, path, scope in said:
            found = known[method, path]
            assert found.who == {"none": "nobody", "any person": "any"}.get(scope, scope), (method, path)

    def test_the_roles_are_those_of_the_reference(self) -> None:
        text = Path("docs/reference/identity.md").read_text()
        rows = re.findall(r"^\| `(\w+)` \| (`\w+`(?:, `\w+`)*) \|", text, re.MULTILINE)
        assert {role: set(re.findall(r"\w+", scopes)) for role, scopes in rows} == ROLES


def _documented() -> Iterator[tuple[str, str, str]]:
    """Method, path and scope of the rows of identity.md: "`GET`, `DELETE /v1/sessions`, `/confirm`"."""
    by_shape = {_shape(one.path): one.path for one in INTERFACE}
    for line in Path("docs/reference/identity.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.replace(r"\|", " ").split("|")]
        if len(cells) < 4 or not re.match(r"`(GET|POST|DELETE|PUT)\b", cells[1]):
            continue
        methods: list[str] = []
        begun, base = False, ""
        for chunk in re.findall(r"`([^`]+)`", cells[1]):
            *verbs, last = re.findall(r"[A-Z]{3,6}\b|/\S+", chunk)
            if not last.startswith("/"):
                verbs, last = [last], ""
            methods = methods + verbs if begun and verbs else verbs or methods
            begun = not last
            if last:
                tried = (last, base + last, base.rpartition("/")[0] + last)
                base = next(by_shape[_shape(one)] for one in tried if _shape(one) in by_shape)
                for method in methods:
                    yield method, base, cells[2].strip("`")


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


class TestTheInterface:
    def test_whoever_may_not_enter_learns_nothing_and_writes_nothing(
        self, client: Client, house: Service, things: Things, everybody: list[Guest]
    ) -> None:
        before = contents(house)
        asked = 0
        for guest in everybody:
            for line in INTERFACE:
                if line.open or (not guest.why and line.lets_in(guest.scopes) and not _is_closed(line, guest)):
                    continue
                asked += 1
                there, lost = _both(client, line, guest, things)
                wanted = guest.status if guest.why else 403
                assert there[0] == wanted, (guest.name, line, there)
                assert there == lost, (guest.name, line)
        assert asked > 2500
        assert contents(house) == before

    def test_each_is_told_in_the_chain(
        self, house: Service, client: Client, things: Things, everybody: list[Guest]
    ) -> None:
        """Those who are known by name, for want of what; strangers by their address."""
        for guest in everybody:
            refused = (
                one for one in INTERFACE if not one.open and (_is_closed(one, guest) or not one.lets_in(guest.scopes))
            )
            line = next(refused)
            assert _call(client, line, guest, things.path(line.path, there=True)).status in (401, 403)
        house.denials.close()
        house.ledger.writer.run(lambda batch: None)
        told = [said for _, said in notes(house, "access.denied")]
        for guest in everybody:
            wanted = guest.why or ("limits" if guest.bound else "scope")
            subject = {"holder": guest.holder} if guest.holder else {"source": "127.0.0.1"}
            assert any(said["why"] == wanted and subject.items() <= said.items() for said in told), guest.name
        assert house.ledger.verify().ok

    def test_whoever_may_enter_is_let_in(self, keys: tuple[Client, list[Guest]], things: Things) -> None:
        """A matrix that nobody passes would prove nothing. Writes are sent as what they cannot be: 415 is behind the door."""
        client, holders = keys
        by_scope = {next(iter(one.scopes)): one for one in holders if not one.bound}
        for line in INTERFACE:
            for scope in () if line.open else line.who.split("|"):
                guest = by_scope["screen" if scope == "any" else scope]
                reply = _call(client, line, guest, things.path(line.path, there=False), "text/plain")
                assert reply.status in LET_IN, (guest.name, line, reply.body)

    def test_another_method_opens_nothing(self, client: Client) -> None:
        for path in sorted({one.path for one in INTERFACE}):
            for method in ("PATCH", "OPTIONS", "TRACE", "HEAD"):
                reply = client.request(method, path.replace("{", "").replace("}", ""), b"", {"authorization": None})
                assert reply.status in (404, 405), (method, path)


class TestLimits:
    """A key of merchant m-1, and one of a country: theirs is there, and nothing of anybody else's."""

    def test_what_is_beyond_them_is_as_if_it_were_not(
        self, client: Client, house: Service, things: Things, everybody: list[Guest]
    ) -> None:
        before = contents(house)
        for guest in (one for one in everybody if one.bound):
            for line in (one for one in INTERFACE if one.limits == "own"):
                if "merchant" in line.path and guest.bound == "country":
                    continue
                there, lost = _both(client, line, guest, things)
                assert there[0] == 404, (guest.name, line, there)
                assert there == lost, (guest.name, line)
        assert contents(house) == before

    def test_their_own_is_there_and_that_of_others_is_not(
        self, keys: tuple[Client, list[Guest]], things: Things
    ) -> None:
        client, holders = keys
        anybody, guest = (
            next(one for one in holders if one.name == name) for name in ("key decide", "key of a merchant")
        )
        found = {}
        for holder, merchant in ((guest, "m-1"), (anybody, "m-2")):
            body = PAYMENT | {"payee": {"merchant": merchant}}
            found[merchant] = client.post("/v1/preflight", body, {"authorization": holder.header}).json()["id"]
        for line in (
            one for one in INTERFACE if one.limits == "own" and "decision" in one.path and one.method == "GET"
        ):
            for merchant, status in (("m-1", 200), ("m-2", 404)):
                path = things.path(line.path, there=True, decision=found[merchant])
                assert _call(client, line, guest, path).status == status, (line, merchant)
        event = {"kind": "authorised"}
        for merchant, status in (("m-1", 200), ("m-2", 404)):
            told = client.post(f"/v1/decisions/{found[merchant]}/events", event, {"authorization": guest.header})
            assert told.status == status

    def test_payments_of_others_are_not_decided(self, client: Client, house: Service, everybody: list[Guest]) -> None:
        before = contents(house)
        for guest in (one for one in everybody if one.bound):
            headers = {"authorization": guest.header}
            assert client.post("/v1/preflight", PAYMENT, headers).status == 403
            lines = client.post(
                "/v1/preflight/batch", orjson.dumps(PAYMENT), {**headers, "content-type": "application/x-ndjson"}
            )
            assert orjson.loads(lines.body)["status"] == 403
        assert contents(house) == before

    def test_the_law_is_everybodys(self, keys: tuple[Client, list[Guest]], things: Things) -> None:
        client, holders = keys
        for guest in (one for one in holders if one.bound):
            for line in (one for one in INTERFACE if one.limits == "law" and one.method == "GET"):
                reply = _call(client, line, guest, things.path(line.path, there=False))
                assert reply.status in (200, 404, 409, 422), (guest.name, line)


class TestTheConsole:
    def test_whoever_may_not_enter_learns_nothing_and_writes_nothing(
        self, client: Client, house: Service, things: Things, everybody: list[Guest]
    ) -> None:
        before = contents(house)
        asked = 0
        strangers = ("nobody", "bad key", "revoked key", "ended session", "key elsewhere")
        for guest in (one for one in everybody if one.name in (*strangers, *ROLES)):
            for line in CONSOLE:
                if line.open or (not guest.why and line.lets_in(guest.scopes)):
                    continue
                asked += 1
                there, lost = (_page(client, line, guest, things.path(line.path, there=real)) for real in (True, False))
                wanted = 403 if not guest.why else 303 if line.method == "GET" else 401
                if guest.why == "address":
                    wanted = 303 if line.method == "GET" else 401
                assert there[0] == wanted, (guest.name, line, there)
                assert there == lost, (guest.name, line)
        assert asked > 700
        assert contents(house) == before

    def test_what_another_site_sends_is_not_heard(self, client: Client, everybody: list[Guest]) -> None:
        guest = next(one for one in everybody if one.name == "officer")
        for line in (one for one in CONSOLE if one.method == "POST"):
            for site in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}):
                headers = {"cookie": f"lexgate_session={guest.token}", "authorization": None, **_FORM, **site}
                assert client.post(line.path, b"then=/console", headers).status == 403, line


_FORM: dict[str, str | None] = {"content-type": "application/x-www-form-urlencoded"}


def _is_closed(line: Line, guest: Guest) -> bool:
    return bool(guest.bound) and line.limits == "closed"


def _both(client: Client, line: Line, guest: Guest, things: Things) -> tuple[Any, Any]:
    """What is answered about a thing that is there, and about one that is not: status, headers, body."""
    found = []
    for there in (True, False):
        path = things.path(line.path, there=there)
        reply = _call(client, line, guest, path)
        # What is left of a rate turns on when it is asked, and on nothing else.
        headers = {
            name: "" if name == "ratelimit" else value
            for name, value in reply.headers.items()
            if name not in ("x-request-id", "content-length")
        }
        found.append((reply.status, headers, without_ids(reply.body, path)))
    return found[0], found[1]


def _call(client: Client, line: Line, guest: Guest, path: str, media: str = "application/json") -> Reply:
    headers = {"authorization": guest.header, "content-type": None if line.method == "GET" else media}
    return client.request(line.method, path, b"" if line.method == "GET" else b"{}", headers)


def _page(client: Client, line: Line, guest: Guest, path: str) -> Any:
    cookie = None if guest.token is None or " " in guest.token or not guest.token else f"lexgate_session={guest.token}"
    headers: dict[str, str | None] = {"authorization": None, "cookie": cookie, "sec-fetch-site": "same-origin"}
    if line.method == "POST":
        headers |= _FORM
    reply = client.request(line.method, path, b"", headers)
    asked = (path, path.replace("/", "%2F"))
    location = without_ids(
        reply.headers.get("location", "").encode(), *asked, path.replace("%", "%25").replace("/", "%2F")
    )
    return reply.status, location, without_ids(reply.body, *asked)
