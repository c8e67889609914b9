"""What became of a payment counts; what was only asked about does not."""

from __future__ import annotations

from typing import Any

import pytest

from api.service import Service
from tests.api.client import Client
from tests.api.conftest import sample

AT = "2026-11-22T10:{minute:02d}:00+01:00"


def _ask(client: Client, payer: str, minute: int, **changes: Any) -> dict[str, Any]:
    body = sample("eu-low-value")
    del body["payment"]["since_authenticated"]
    body |= {"occurred_at": AT.format(minute=minute), "reference": f"{payer}-{minute}", **changes}
    body["payer"]["id"] = payer
    found: dict[str, Any] = client.post("/v1/preflight", body).json()
    return found


def _tell(client: Client, decision: str, kind: str, minute: int) -> int:
    body = {"kind": kind, "at": AT.format(minute=minute)}
    return client.post(f"/v1/decisions/{decision}/events", body).status


def _sum(answer: dict[str, Any]) -> str | None:
    """The counter with this payment, as the low-value rule compared it."""
    texts = [text for finding in answer["findings"] for text in finding["because"].values()]
    texts += [closed["because"] for closed in answer["sca"]["closed"]]
    return next((text.rpartition(" <= ")[0] or text for text in texts if "100.00 EUR" in text), None)


def test_counters_grow_with_what_was_executed(client: Client) -> None:
    first = _ask(client, "grows", 1)
    assert _sum(_ask(client, "grows", 2)) == "24.90 EUR"
    assert _tell(client, first["id"], "authorised", 1) == 200
    assert _sum(_ask(client, "grows", 3)) == "49.80 EUR"
    assert _tell(client, first["id"], "authorised", 1) == 200
    assert _tell(client, first["id"], "captured", 2) == 200
    assert _sum(_ask(client, "grows", 4)) == "49.80 EUR"


def test_a_failure_takes_it_back(client: Client) -> None:
    first = _ask(client, "fails", 1)
    _tell(client, first["id"], "authorised", 2)
    _tell(client, first["id"], "failed", 3)
    assert _sum(_ask(client, "fails", 10)) == "24.90 EUR"


def test_an_authentication_starts_again(client: Client) -> None:
    first, second = _ask(client, "starts", 1), _ask(client, "starts", 2)
    _tell(client, first["id"], "authorised", 1)
    _tell(client, second["id"], "authenticated", 3)
    assert _sum(_ask(client, "starts", 4)) == "24.90 EUR"


def test_the_limit_is_reached(client: Client) -> None:
    for minute in range(1, 6):
        answer = _ask(client, "limit", minute)
        _tell(client, answer["id"], "authorised", minute)
    assert [answer["outcome"], answer["sca"]["verdict"]] == ["challenge", "required"]


def test_what_the_payee_started_does_not_count(client: Client) -> None:
    payment = {**sample("eu-low-value")["payment"], "initiator": "payee", "mandate": {"authenticated": True}}
    del payment["since_authenticated"]
    first = _ask(client, "payee", 1, payment=payment)
    _tell(client, first["id"], "authorised", 1)
    assert _sum(_ask(client, "payee", 2)) == "24.90 EUR"


def test_refunds_do_not_count(client: Client) -> None:
    first = _ask(client, "refunds", 1, kind="refund")
    _tell(client, first["id"], "authorised", 1)
    assert _sum(_ask(client, "refunds", 2)) == "24.90 EUR"


def test_the_answer_and_the_record(client: Client, service: Service) -> None:
    decision = _ask(client, "record", 1)["id"]
    body = {"kind": "captured", "at": "2026-11-22T10:20:00+01:00", "details": {"acquirer_reference": "74"}}
    reply = client.post(f"/v1/decisions/{decision}/events", body)
    assert reply.json() == {"decision": decision, "kind": "captured", "at": "2026-11-22T10:20:00+01:00"}
    (event,) = service.ledger.history.events(decision)
    assert (event.kind, event.details, event.key_id) == (
        "captured", b'{"acquirer_reference":"74"}', service.ledger.keys.list()[0].id,
    )  # fmt: skip


def test_the_time_is_now_unless_told(client: Client, service: Service) -> None:
    decision = _ask(client, "now", 1)["id"]
    before = service.clock()
    client.post(f"/v1/decisions/{decision}/events", {"kind": "authorised"})
    assert before <= service.ledger.history.events(decision)[0].at <= service.clock()


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, ("/kind", "missing")),
        ({"kind": "eaten"}, ("/kind", "not_allowed")),
        ({"kind": "authorised", "at": "now"}, ("/at", "instant_form")),
        ({"kind": "authorised", "when": "x"}, ("/when", "unknown_field")),
        ({"kind": "authorised", "details": {"rate": 0.5}}, ("/details", "float_refused")),
        ({"kind": "authorised", "details": {"cvv": "1"}}, ("/details/cvv", "cvv_refused")),
    ],
)
def test_a_body_that_cannot_be(client: Client, body: dict[str, Any], fault: tuple[str, str]) -> None:
    reply = client.post("/v1/decisions/dec_x/events", body)
    assert (reply.status, reply.codes()) == (422, {fault})


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_the_ends_of_the_calendar_are_no_fault_of_ours(client: Client, at: str) -> None:
    decision = _ask(client, "ends", 1)["id"]
    assert client.post(f"/v1/decisions/{decision}/events", {"kind": "authorised", "at": at}).status in (200, 422)


def test_a_decision_that_never_was(client: Client) -> None:
    reply = client.post("/v1/decisions/dec_unknown/events", {"kind": "authorised"})
    assert (reply.status, reply.json()["detail"]) == (404, "There is no such decision here.")
