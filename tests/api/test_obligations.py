"""Obligations over HTTP: a duty of SCA law is listed with its day, and ended by who may."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from api.owing import due_at
from tests.api.client import Client
from tests.api.conftest import sample


@pytest.fixture
def owing(client: Client) -> dict[str, Any]:
    """An Indian mandate that was charged without authentication: the payer must be told afterwards."""
    body: dict[str, Any] = {
        "reference": "sub-1",
        "occurred_at": "2026-11-22T12:00:00+05:30",
        "amount": "15000.00",
        "currency": "INR",
        "payment": {
            "instrument": "card", "method": "rupay", "channel": "remote", "initiator": "payee",
            "issuer_country": "IN", "acquirer_country": "IN",
            "mandate": {
                "authenticated": True, "being_set_up": False, "first": False, "max_amount": "15000.00",
                "category": "subscription", "valid_until": "2027-06-30T00:00:00+05:30",
                "notice_sent_at": "2026-11-21T12:00:00+05:30",
            },
        },
    }  # fmt: skip
    found: dict[str, Any] = client.post("/v1/preflight", body).json()
    assert [entry["code"] for entry in found["obligations"]] == ["send_post_debit_notice"]
    return found


def test_an_obligation_is_listed_as_the_answer_said_it(client: Client, owing: dict[str, Any]) -> None:
    listed = client.get(f"/v1/obligations?decision={owing['id']}").json()
    said = owing["obligations"][0]
    (found,) = listed["data"]
    assert {key: found[key] for key in ("code", "domain", "who", "due", "message")} == said
    assert (found["decision"], found["reference"], found["ended"]) == (owing["id"], "sub-1", None)
    assert client.get(f"/v1/obligations/{found['id']}").json() == found


def test_a_decision_without_obligations_adds_none(client: Client) -> None:
    made = client.post("/v1/preflight", sample("eu-low-value")).json()
    assert made["obligations"] == []
    assert client.get(f"/v1/obligations?decision={made['id']}&status=all").json() == {"data": [], "next": None}


def test_it_is_ended_once(client: Client, owing: dict[str, Any]) -> None:
    path = f"/v1/obligations/{owing['id']}.001/end"
    body = {"outcome": "fulfilled", "at": "2026-11-22T13:00:00+05:30", "note": "sent by text message"}
    first = client.post(path, body, {"idempotency-key": "end-1"})
    assert first.status == 200
    again = client.post(path, body, {"idempotency-key": "end-1"})
    assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
    assert client.post(path, {**body, "note": None}, {"idempotency-key": "end-1"}).status == 422
    refused = client.post(path, body)
    assert (refused.status, refused.json()["type"].rpartition(":")[2]) == (409, "ended_before")
    found = client.get(f"/v1/obligations/{owing['id']}.001").json()
    assert found["ended"]["outcome"] == "fulfilled"
    assert found["overdue"] is False
    assert client.get(f"/v1/obligations?decision={owing['id']}").json()["data"] == []


def test_what_is_not_there_cannot_be_ended(client: Client) -> None:
    assert client.post("/v1/obligations/dec_none.001/end", {"outcome": "waived"}).status == 404
    assert client.get("/v1/obligations/dec_none.001").status == 404
    assert client.post("/v1/obligations/dec_none.001/end", {"outcome": "forgotten"}).status == 422


def test_a_cursor_of_another_list_is_refused(client: Client) -> None:
    assert client.get("/v1/obligations?after=dec_1.001").status == 422
    assert client.get("/v1/obligations?status=all&after=5:dec_1.001").status == 422
    assert client.get("/v1/obligations?status=late").status == 422


def test_what_is_overdue_is_counted(client: Client, owing: dict[str, Any]) -> None:
    text = client.get("/metrics").body.decode()
    assert 'lexgate_obligations_open{domain="sca"}' in text
    assert 'lexgate_obligations_overdue{domain="sca"}' in text


def test_a_day_is_over_when_the_next_begins() -> None:
    assert due_at("2026-12-31") == datetime(2027, 1, 1, tzinfo=UTC)
    assert due_at("2026-12-31T10:00:00+08:00") == datetime(2026, 12, 31, 2, tzinfo=UTC)


@pytest.mark.parametrize("words", [None, "before the next payment", "2026-13-01", "2026-12-31T10:00:00", "9999-12-31"])
def test_what_names_no_instant_is_never_overdue(words: str | None) -> None:
    assert due_at(words) is None
