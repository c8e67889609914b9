"""The hot route and its plain FastAPI twin give the same status and the same bytes for every body."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from api.service import Service
from tests.api.client import Client, Reply
from tests.api.corpus import bodies

CORPUS = list(dict.fromkeys(bodies()))
NOW = datetime(2026, 11, 22, 9, 15, 1, 123456, tzinfo=UTC)


@pytest.fixture(scope="module")
def pair(open_service: Callable[..., Service], make_client: Callable[..., Client]) -> tuple[Client, Client]:
    """The hot application and the plain one, each on a ledger of its own, with the same clock and the same ids."""
    found = []
    for hot in (True, False):
        service = open_service()
        service.clock = lambda: NOW
        service.new_id = (f"dec_{number:026d}" for number in count()).__next__
        found.append(make_client(service, hot=hot, domains=None))
    return found[0], found[1]


def _both(pair: tuple[Client, Client], body: bytes, **headers: str | None) -> tuple[Reply, Reply]:
    named = {"x-request-id": "req_same", **{key.replace("_", "-"): value for key, value in headers.items()}}
    return pair[0].post("/v1/preflight", body, named), pair[1].post("/v1/preflight", body, named)


def test_the_corpus_is_large_and_of_both_kinds(pair: tuple[Client, Client]) -> None:
    assert len(CORPUS) >= 300
    statuses = [_both(pair, body)[0].status for body in CORPUS[::7]]
    assert statuses.count(200) >= 10
    assert statuses.count(422) >= 10


@pytest.mark.parametrize("at", range(len(CORPUS)))
def test_same_status_and_bytes(pair: tuple[Client, Client], at: int) -> None:
    hot, plain = _both(pair, CORPUS[at])
    assert (hot.status, hot.body) == (plain.status, plain.body)
    assert hot.headers.items() == plain.headers.items()
    assert hot.status in (200, 422)


HEADERS = [
    {"authorization": None},
    {"authorization": "Basic eDp5"},
    {"authorization": "Bearer lx_unknown"},
    {"authorization": "bearer lx_test_0123456789"},
    {"content_type": None},
    {"content_type": "text/plain"},
    {"content_type": "application/json; charset=utf-8"},
    {"content_type": "application/vnd.api+json"},
    {"content_type": "application/jsonx"},
    {"content_length": "99999999"},
    {"accept_language": "fr-CH, fr;q=0.9, en;q=0.8"},
    {"accept_language": "xx, *;q=0.5"},
    {"accept_language": ";;;q=9,,\xff"},
    {"idempotency_key": ""},
    {"idempotency_key": "with blank"},
    {"idempotency_key": "k" * 256},
    {"idempotency_key": "4111111111111111"},
]


@pytest.mark.parametrize("headers", HEADERS, ids=str)
@pytest.mark.parametrize("body", [CORPUS[0], b"{", b'{"amount": 1.5}'], ids=["good", "not JSON", "bad"])
def test_same_for_every_header(pair: tuple[Client, Client], headers: dict[str, str | None], body: bytes) -> None:
    hot, plain = _both(pair, body, **headers)
    assert (hot.status, hot.body) == (plain.status, plain.body)
    assert hot.headers == plain.headers


def test_same_when_a_key_comes_again(pair: tuple[Client, Client]) -> None:
    first = _both(pair, CORPUS[0], idempotency_key="once")
    again = _both(pair, CORPUS[0], idempotency_key="once")
    other = _both(pair, CORPUS[1], idempotency_key="once")
    assert first[0].body == again[0].body == first[1].body == again[1].body
    assert again[0].headers == again[1].headers
    assert "idempotent-replayed" in again[0].headers
    assert other[0].status == other[1].status == 422
    assert other[0].body == other[1].body
