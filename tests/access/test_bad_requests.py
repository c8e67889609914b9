"""Bad requests: each is refused cleanly or taken as the plain text that it is; never a fault of ours, and nothing left behind.

What is *refused* (4xx, a problem or a page) leaves the ledger as it was. What is *taken* is data: it is stored and given back as
what it was, and no part of it becomes a header, a line of the log, a path, a statement or markup.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import orjson
import pytest
import structlog

from api.app import create_app
from api.logs import CHATTY, configure
from api.service import Service
from engine.ledger import Scope
from engine.tax.returns_csv import cell
from tests.access.corpus import Case, bytes_of, cases, text_of
from tests.access.house import bare, contents
from tests.api.client import SECRET, Client, Reply

pytestmark = pytest.mark.untraced

PAYMENT = {
    "amount": "9.00", "currency": "EUR", "payment": {"instrument": "card", "channel": "remote", "issuer_country": "FR"},
}  # fmt: skip
BODIES: dict[str, dict[str, Any]] = {
    "/v1/preflight": PAYMENT,
    "/v1/screenings": {"name": "Ivan Petrov", "country": "RU"},
    "/v1/drafts": {"title": "A limit"},
    "/v1/sessions": {"name": "mona", "password": "a few words nobody says"},
    "/v1/setup": {"name": "mona", "code": "lxi_x", "password": "a few words nobody says"},
    "/v1/keys": {"name": "till 7", "scopes": ["read"]},
    "/v1/people": {"name": "mona", "display_name": "Mona", "roles": ["auditor"]},
    "/v1/feeds": {
        "id": "own-1",
        "regulator": "BaFin",
        "country": "DE",
        "url": "https://law.example/rss",
        "kind": "rss",
    },
    "/v1/tax/ids/validate": {"country": "DE", "value": "DE136695976"},
    "/v1/sign-in/openid/finish": {"kept": "x", "state": "y", "code": "z"},
    "/v1/merchants/m-9": {"name": "Books", "country": "DE"},
}
STRIDE = int(os.environ.get("LEXGATE_TEST_STRIDE", "11"))
"""Every so many-th text goes into a place, another one each time; 1: every text into every place, which takes minutes."""
KEPT_WHOLE = {"then": "redirect", "kept": "redirect", "x-request-id": "header", "idempotency-key": "header"}
"""Where one kind is tried in all its forms."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class House:
    """A service, a caller who may everything, and what the ledger held before."""

    def __init__(self, service: Service) -> None:
        self.service = service
        service.ledger.keys.create(Scope, "test", SECRET)
        self.client = Client(create_app(service), domains=None)
        self.session = self.client.post("/v1/key-sessions", {}).json()["token"]
        self.draft = self.client.post("/v1/drafts", {"title": "A limit"}).json()["id"]
        self.before = contents(service, "decision_search")

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str | None]) -> Reply:
        """One request, and whatever holds of every answer."""
        reply = self.client.request(method, path, body, headers)
        told = (method, path[:200], reply.status, reply.body[:300])
        assert reply.status < 500 or reply.status == 503, told
        for name, value in reply.headers.items():
            assert not _CONTROL.search(name + value), told
            assert "x-injected" not in name, told
        if reply.status >= 400 and not path.startswith("/console"):
            assert reply.headers["content-type"] == "application/problem+json", told
            assert orjson.loads(reply.body)["status"] == reply.status, told
        return reply

    def left_alone(self, told: object) -> None:
        """Nothing was written, but for what counts who came."""
        found = contents(self.service, "decision_search")
        assert [name for name in found if found[name] != self.before[name]] == [], told

    def took(self) -> None:
        """What is there now was meant."""
        self.before = contents(self.service, "decision_search")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with bare(tmp_path_factory.mktemp("bad")) as service:
        house = House(service)
        yield house
        house.client.close()


@pytest.fixture(autouse=True)
def _answers_afterwards(house: House) -> Iterator[None]:
    """Whatever was sent: the service is ready, decides, and its chain is whole."""
    yield
    assert house.client.get("/readyz").status == 200
    assert house.client.post("/v1/preflight", PAYMENT).status == 200
    assert house.service.ledger.verify().ok
    house.took()


def test_the_corpus_is_as_large_as_it_is_said_to_be() -> None:
    names = ("strings", "bodies", "requests", "yaml", "xml", "archives")
    assert sum(len(cases(name)) for name in names) >= 550
    for name in (*names, "places"):
        found = [case["name"] for case in cases(name)]
        assert len(found) == len(set(found)), name


def test_every_text_in_every_place(house: House) -> None:
    strings, number, refused = cases("strings"), 0, 0
    for at, place in enumerate(cases("places")):
        wrote = False
        for number_of, string in enumerate(strings):
            if (number_of + at) % STRIDE and KEPT_WHOLE.get(place.get("field", "")) != string["kind"]:
                continue
            number += 1
            reply = _put(house, place, text_of(string))
            refused += reply.status >= 400
            wrote = wrote or (reply.status < 400 and place["method"] != "GET")
            if 300 <= reply.status < 400:
                _stays_here(reply, place)
            _is_inert(reply, string, place)
        if wrote:
            house.took()
        else:
            house.left_alone(place)
    assert number > len(strings) * len(cases("places")) / (STRIDE + 1)
    assert refused > number / 4


def _put(house: House, place: Case, text: str) -> Reply:
    """A text in its place. What no client could send is sent as near to it as one can come."""
    headers: dict[str, str | None] = {"content-type": "application/json"} if place["method"] != "GET" else {}
    path, body = place["path"].replace("{draft}", house.draft), b""
    if path.startswith("/console"):
        headers |= {
            "authorization": None,
            "cookie": f"lexgate_session={house.session}",
            "sec-fetch-site": "same-origin",
        }
    raw = text.encode("utf-8", "surrogatepass")
    match place["where"]:
        case "query" | "path":
            path = path.replace("{}", quote(raw, safe="" if place["where"] == "query" else "/")[:60_000])
            # What a server hands on is decoded; the query is not.
            if place["where"] == "path":
                path = place["path"].replace("{draft}", house.draft).replace("{}", text.replace("?", "%3F")[:20_000])
            body = (
                orjson.dumps(PAYMENT)
                if "preflight" in path
                else b'{"text":"a: 1"}'
                if place["method"] == "PUT"
                else b""
            )
            headers |= {"if-match": '"x"'} if place["method"] in ("PUT", "DELETE") else {}
        case "header":
            # A server of HTTP lets no line end through (RFC 9110, 5.5); it is left out as one would leave it out.
            headers[place["field"]] = raw.translate(None, b"\r\n\0").decode("latin-1")
            body = orjson.dumps({"title": "A limit"}) if place["method"] == "POST" else b""
        case "body":
            body = orjson.dumps(_with(BODIES[path], place["field"], text))
        case "form":
            headers["content-type"] = "application/x-www-form-urlencoded"
            body = urlencode({**_FORMS.get(path, {}), place["field"]: raw}).encode()
    return house.send(place["method"], path, body, headers)


_FORMS: dict[str, dict[str, str]] = {
    "/console/sign-in": {"name": "mona", "password": "x"},
    "/console/set-up": {"name": "mona", "password": "a few words", "again": "a few words"},
}


def _with(body: dict[str, Any], field: str, text: str) -> dict[str, Any]:
    """The body with a text at the end of a path."""
    first, _, rest = field.partition(".")
    value: Any = [text] if field == "sources" else text
    return {**body, first: _with(body.get(first, {}), rest, text) if rest else value}


def _stays_here(reply: Reply, place: Case) -> None:
    """Nobody is sent elsewhere."""
    target = urlsplit(reply.headers["location"])
    assert (target.scheme, target.netloc) == ("", ""), (reply.headers["location"], place)
    assert target.path == "/console" or target.path.startswith("/console/"), (reply.headers["location"], place)
    assert "\\" not in reply.headers["location"]
    assert not reply.headers["location"].startswith("//")


def _is_inert(reply: Reply, string: Case, place: Case) -> None:
    """Markup stays text, and a template is not worked out."""
    if "text/html" in reply.headers.get("content-type", ""):
        if string["kind"] == "markup" and "<" in string["text"]:
            assert string["text"].encode() not in reply.body, (string["name"], place)
        assert b"script-src 'self';" in reply.headers.get("content-security-policy", "").encode(), place
        assert reply.headers["x-content-type-options"] == "nosniff"
    if string["text"] in ("{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>"):
        assert b">49<" not in reply.body, place
    assert b"root:x:0" not in reply.body, place


def test_every_body(house: House) -> None:
    for hot, case in itertools.product((True, False), cases("bodies")):
        path = "/v1/preflight" if hot else "/v1/screenings"
        reply = house.send("POST", path, bytes_of(case), {"content-type": "application/json"})
        wanted = case.get("status", 422)
        if hot and case.get("wanted") == "data":
            assert reply.status == 200, case["name"]
            house.took()
            continue
        assert reply.status == wanted, (case["name"], hot, reply.body[:200])
        if hot:
            house.left_alone(case["name"])


def test_every_request(house: House) -> None:
    odd = []
    for case in cases("requests"):
        headers: dict[str, str | None] = dict(case.get("headers", {}))
        body = bytes.fromhex(case["hex"]) if "hex" in case else case.get("body", "").encode()
        if "form" in case:
            body = urlencode(case["form"]).encode()
            headers |= {"cookie": f"lexgate_session={house.session}", "authorization": None}
        reply = house.send(case["method"], case["path"], body, headers)
        wanted = case["status"] if isinstance(case["status"], list) else [case["status"]]
        if reply.status not in wanted:
            odd.append((case["name"], reply.status, reply.body[:100]))
        if 300 <= reply.status < 400:
            _stays_here(reply, case)
    assert odd == [], odd
    house.left_alone("requests")


def test_bodies_that_lie_about_their_length(house: House) -> None:
    """What a server hands on in parts, with a length that is not theirs."""
    for length in ("0", "1", "99999"):
        reply = house.send(
            "POST", "/v1/preflight", b"{", {"content-length": length, "content-type": "application/json"}
        )
        assert reply.status == 422
    parts: Any = [b"x" * 65_536] * 20
    reply = house.client.request("POST", "/v1/preflight", parts, {"content-type": "application/json"})
    assert reply.status == 413
    house.left_alone("lengths")


def test_ids_of_others_are_not_found_and_not_ended(house: House) -> None:
    """Nobody ends, reads or changes what is another's by naming it."""
    _, other = house.service.ledger.keys.create([Scope.READ], "other")
    for method, path in (
        ("DELETE", "/v1/sessions/ses_000000000000000000000000"), ("GET", "/v1/sessions"), ("POST", "/v1/session/profile"),
    ):  # fmt: skip
        headers = {"authorization": f"Bearer {other}", "content-type": "application/json"}
        assert house.send(method, path, b"{}", headers).status in (404, 409)


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """The log as `lexgate serve` sets it up."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    chatty = {name: logging.getLogger(name).level for name in CHATTY}
    configure("info")
    yield capsys
    root.handlers = handlers
    root.setLevel(level)
    for name, before in chatty.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def test_no_line_of_the_log_is_forged(house: House, logs: pytest.CaptureFixture[str]) -> None:
    """Whatever is sent, a line of the log is one JSON object, and says nothing of what was sent."""
    for at, place in enumerate(cases("places")):
        for number, string in enumerate(one for one in cases("strings") if one["kind"] in ("log", "header")):
            if (number + at) % 4 == 0:
                _put(house, place, f"CANARY{text_of(string)}")
    logging.getLogger("lexgate.test").warning("line one\n{}\x1b[31m")
    house.took()
    written = logs.readouterr().err.splitlines()
    assert orjson.loads(written[-1])["event"] == "line one\n{}\x1b[31m"
    for line in written:
        assert orjson.loads(line).keys() >= {"event", "level", "timestamp"}
        assert not _CONTROL.search(line)
        assert "CANARY" not in line


def test_a_table_holds_no_formula() -> None:
    """Of what a merchant is called, a spreadsheet computes nothing."""
    for string in (one for one in cases("strings") if one["kind"] == "csv"):
        assert not re.match(r"[=+\-@\t\r]", cell(text_of(string))), string["name"]
    assert [cell(one) for one in ("-7.00", "7.00", None, "-x")] == ["-7.00", "7.00", "", "'-x"]
