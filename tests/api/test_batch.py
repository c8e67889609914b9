"""A thousand payments in one request: in order, each on its own, one bad line never failing the others."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from api.routes.batch import LINES
from api.service import Service
from engine.ledger import LedgerBusy, LedgerUnavailable
from tests.api.client import Client, Reply
from tests.api.conftest import sample

PATH = "/v1/preflight/batch"
NDJSON = {"content-type": "application/x-ndjson"}


def _lines(number: int, stem: str) -> list[bytes]:
    body = sample("gb-remote")
    return [orjson.dumps({**body, "reference": f"{stem}-{at}"}) for at in range(number)]


def _send(client: Client, lines: list[bytes], **headers: str) -> Reply:
    return client.post(PATH, b"\n".join(lines), {**NDJSON, **headers})


def _answers(reply: Reply) -> list[dict[str, Any]]:
    assert reply.body.endswith(b"\n")
    return [orjson.loads(line) for line in reply.body.splitlines()]


def test_a_thousand_lines_in_their_order(client: Client, service: Service) -> None:
    reply = _send(client, _lines(LINES, "thousand"))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/x-ndjson")
    answers = _answers(reply)
    assert [answer["reference"] for answer in answers] == [f"thousand-{at}" for at in range(LINES)]
    stored = service.ledger.decision(answers[-1]["id"])
    assert stored is not None
    assert stored.answer == reply.body.splitlines()[-1]


def test_one_bad_line_fails_alone(client: Client) -> None:
    good = _lines(4, "mixed")
    bad = [b"{", b'{"amount": 1.5}', b"[]", b'{"reference": "4111111111111111"}']
    answers = _answers(_send(client, [line for pair in zip(good, bad, strict=True) for line in pair]))
    assert [answer.get("reference") for answer in answers[::2]] == [f"mixed-{at}" for at in range(4)]
    assert [(answer["status"], answer["line"]) for answer in answers[1::2]] == [(422, 2), (422, 4), (422, 6), (422, 8)]
    assert [answer["errors"][0]["code"] for answer in answers[1::2]] == [
        "json_invalid", "float_refused", "object_expected", "pan_refused",
    ]  # fmt: skip


def test_a_line_is_answered_as_it_would_be_alone(client: Client) -> None:
    line = _lines(1, "alone")[0]
    alone, inside = client.post("/v1/preflight", line).json(), _answers(_send(client, [line]))[0]
    own = ("id", "evaluated_at")
    assert {k: v for k, v in alone.items() if k not in own} == {k: v for k, v in inside.items() if k not in own}


def test_blank_lines_are_passed_over_but_counted(client: Client) -> None:
    answers = _answers(client.post(PATH, b"\n\r\n{\n  \n" + _lines(1, "blank")[0] + b"\r\n\n", NDJSON))
    assert answers[0]["line"] == 3
    assert answers[1]["reference"] == "blank-0"
    assert len(answers) == 2


@pytest.mark.parametrize("number", [0, LINES + 1])
def test_the_number_of_lines_is_bounded(client: Client, number: int) -> None:
    reply = _send(client, [b"{}"] * number)
    assert (reply.status, reply.codes()) == (422, {("", "number_of_lines")})


@pytest.mark.parametrize("kind", ["application/x-ndjson; charset=utf-8", "application/jsonl", "application/json"])
def test_the_names_of_the_form(client: Client, kind: str) -> None:
    assert client.post(PATH, _lines(1, "name")[0], {"content-type": kind}).status == 200


@pytest.mark.parametrize("kind", [None, "text/plain", "application/xml"])
def test_other_forms_are_refused(client: Client, kind: str | None) -> None:
    assert client.post(PATH, _lines(1, "form")[0], {"content-type": kind}).status == 415


def test_the_body_and_each_line_are_bounded(open_service: Any, make_client: Any) -> None:
    small = make_client(open_service(max_body_bytes=1024, max_batch_bytes=4096))
    assert small.post(PATH, b" " * 4097, NDJSON).status == 413
    answers = _answers(small.post(PATH, b'{"reference": "' + b"x" * 1500 + b'"}\n' + _lines(1, "small")[0], NDJSON))
    assert answers[0]["status"] == 413
    assert answers[1]["reference"] == "small-0"


def test_the_language_is_that_of_the_request(client: Client, service: Service) -> None:
    wanted = service.packs.languages[-1]
    assert _answers(_send(client, _lines(1, "language"), **{"accept-language": wanted}))[0]["locale"] == wanted


class TestIdempotency:
    """The whole again, byte for byte, its faults included."""

    def test_again(self, client: Client, service: Service) -> None:
        lines = [*_lines(40, "keyed"), b"{"]
        first = _send(client, lines, **{"idempotency-key": "batch"})
        again = _send(client, lines, **{"idempotency-key": "batch"})
        assert again.body == first.body
        assert (again.headers["idempotent-replayed"], first.headers.get("idempotent-replayed")) == ("true", None)
        assert len(service.ledger.decisions(limit=9, reference="keyed-0").data) == 1

    def test_another_body(self, client: Client) -> None:
        _send(client, _lines(2, "first"), **{"idempotency-key": "batch-2"})
        reply = _send(client, _lines(3, "first"), **{"idempotency-key": "batch-2"})
        assert (reply.status, reply.json()["type"]) == (422, "urn:lexgate:problem:key_reused")

    def test_still_running(self, client: Client, service: Service) -> None:
        async def race() -> list[Reply]:
            first = asyncio.ensure_future(
                client.send("POST", PATH, b"\n".join(_lines(200, "race")), {**NDJSON, "idempotency-key": "batch-3"})
            )
            while not service.running:
                await asyncio.sleep(0)
            second = await client.send("POST", PATH, b"{}", {**NDJSON, "idempotency-key": "batch-3"})
            return [await first, second]

        first, second = client.loop.run_until_complete(race())
        assert (first.status, second.status) == (200, 409)
        assert service.running == set()

    def test_what_was_cut_off_is_taken_up_again(
        self, client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Lines that were stored before are given again; only the rest is decided."""
        lines, writer = _lines(3, "cut"), service.ledger.writer
        real = writer.write

        async def only_the_first(entry: Any) -> Any:
            if entry.reference != "cut-0":
                raise LedgerUnavailable("gone")
            return await real(entry)

        with monkeypatch.context() as patched:
            patched.setattr(writer, "write", only_the_first)
            first = _send(client, lines, **{"idempotency-key": "batch-4"})
        again = _send(client, lines, **{"idempotency-key": "batch-4"})
        assert [answer.get("status") for answer in _answers(first)] == [None, 503, 503]
        assert [answer.get("reference") for answer in _answers(again)] == ["cut-0", "cut-1", "cut-2"]
        assert again.body.splitlines()[0] == first.body.splitlines()[0]
        assert again.headers["idempotent-replayed"] == "true"


def test_a_full_queue_is_waited_for(client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    writer, refusals = service.ledger.writer, [LedgerBusy(1)] * 5
    real = writer.write

    async def now_and_then(entry: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return await real(entry)

    monkeypatch.setattr(writer, "write", now_and_then)
    monkeypatch.setattr("api.routes.batch._BUSY_SECONDS", 0.001)
    assert [answer["reference"] for answer in _answers(_send(client, _lines(3, "busy")))] == [
        "busy-0",
        "busy-1",
        "busy-2",
    ]


def test_a_queue_that_stays_full_is_told(client: Client, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuse(_entry: Any) -> Any:
        raise LedgerBusy(1)

    monkeypatch.setattr(service.ledger.writer, "write", refuse)
    monkeypatch.setattr("api.routes.batch._BUSY_SECONDS", 0.001)
    assert [answer["status"] for answer in _answers(_send(client, _lines(2, "full")))] == [503, 503]
