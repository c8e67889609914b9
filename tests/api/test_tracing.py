"""Traces: off by default, a few when on, and nothing in them that a caller sent."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from api.service import Service
from api.settings import Settings, SettingsRefused, read_settings
from api.tracing import Tracing, tracing_of
from engine.ledger import LedgerUnavailable
from tests.api.client import Client

CANARY = "canary-3f9a"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


@pytest.fixture
def spans(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Every preflight is traced, into memory."""
    kept = InMemorySpanExporter()
    tracing = Tracing(SimpleSpanProcessor(kept), 100)
    monkeypatch.setattr(service, "tracing", tracing)
    yield kept
    tracing.close()


def by_name(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {one.name: one for one in kept.get_finished_spans()}


def test_parts_of_the_work_follow_one_another_inside_the_whole(
    client: Client, spans: InMemorySpanExporter, payment: dict[str, Any]
) -> None:
    reply = client.post("/v1/preflight", payment)
    found = by_name(spans)
    whole = found.pop("POST /v1/preflight")
    assert list(found) == ["admit", "read", "decide", "store", "answer"]
    assert dict(whole.attributes or {}) == {
        "http.request.method": "POST", "http.route": "/v1/preflight", "http.response.status_code": 200,
        "lexgate.release": reply.headers["lexgate-release"], "lexgate.replayed": False,
        "lexgate.outcome": reply.json()["outcome"],
    }  # fmt: skip
    began = whole.start_time
    for part in found.values():
        assert part.parent is not None
        assert whole.context is not None
        assert (part.parent.span_id, part.start_time) == (whole.context.span_id, began)
        began = part.end_time
    assert whole.end_time == began


def test_nothing_that_a_caller_sent_is_in_a_trace(
    client: Client, spans: InMemorySpanExporter, payment: dict[str, Any]
) -> None:
    private = {
        **payment,
        "reference": CANARY,
        "payer": {"id": CANARY, "name": CANARY, "country": "FR", "email": f"{CANARY}@x.fr"},
    }
    headers = {
        "x-request-id": CANARY,
        "idempotency-key": CANARY,
        "accept-language": CANARY,
        "tracestate": f"a={CANARY}",
    }
    for body in (private, private, {**private, "amount": CANARY}, f'{{"{CANARY}"'.encode()):
        client.post("/v1/preflight", body, headers)
    client.post("/v1/preflight", private, {"authorization": f"Bearer lx_{CANARY}"})
    sent = spans.get_finished_spans()
    statuses = [one.attributes["http.response.status_code"] for one in sent if one.attributes and one.parent is None]
    assert statuses == [200, 200, 422, 422, 401]
    assert CANARY not in "".join(one.to_json() for one in sent)


def test_a_trace_belongs_to_that_of_the_caller_who_cannot_ask_for_one(
    client: Client,
    service: Service,
    spans: InMemorySpanExporter,
    payment: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.post("/v1/preflight", payment, {"traceparent": PARENT})
    whole = by_name(spans)["POST /v1/preflight"]
    assert whole.context is not None
    assert f"{whole.context.trace_id:032x}" == PARENT.split("-")[1]
    for other in ("", "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-xx", PARENT.upper()):
        spans.clear()
        client.post("/v1/preflight", payment, {"traceparent": other})
        assert by_name(spans)["POST /v1/preflight"].parent is None
    spans.clear()
    monkeypatch.setattr("api.tracing.random.random", lambda: 0.02)
    monkeypatch.setattr(service.tracing, "_share", 0.01)
    client.post("/v1/preflight", payment, {"traceparent": PARENT[:-1] + "1"})
    assert spans.get_finished_spans() == ()


def test_a_fault_of_ours_is_told_as_one(
    client: Client,
    service: Service,
    spans: InMemorySpanExporter,
    payment: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fails(_entry: object) -> None:
        raise LedgerUnavailable("The disk is full")

    monkeypatch.setattr(service.ledger.writer, "write", fails)
    assert client.post("/v1/preflight", payment).status == 503
    found = by_name(spans)
    whole = found["POST /v1/preflight"]
    assert whole.status.status_code is StatusCode.ERROR
    assert (whole.attributes or {})["lexgate.problem"] == "unavailable"
    assert "disk" not in whole.to_json()
    assert list(found)[-2:] == ["refuse", "POST /v1/preflight"]


def test_off_unless_a_receiver_is_named(service: Service) -> None:
    assert service.tracing is None
    assert tracing_of(Settings()) is None
    assert Settings().traces_percent == 1


def test_on_where_one_is_named() -> None:
    made = tracing_of(Settings(traces="http://127.0.0.1:9/v1/traces"))
    assert made is not None
    made.close()


def test_without_the_extra_the_start_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsRefused, match="extra `otel`"):
        tracing_of(Settings(traces="http://127.0.0.1:9/v1/traces"))


@pytest.mark.parametrize(
    ("name", "value"), [("TRACES", "file:///etc/passwd"), ("TRACES_PERCENT", "0"), ("TRACES_PERCENT", "101")]
)
def test_settings_that_cannot_be(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"LEXGATE_{name}", value)
    with pytest.raises(SettingsRefused, match=f"LEXGATE_{name}"):
        read_settings()


def test_nothing_of_it_is_loaded_where_it_is_off() -> None:
    """The library takes memory and time: only an operator who asks for traces pays."""
    told = subprocess.run(
        [sys.executable, "-c", "import api.hot, sys; print('opentelemetry.sdk' in sys.modules)"],
        cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "False"


def test_a_receiver_gets_them(
    client: Client, service: Service, payment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By OTLP over HTTP, in Protocol Buffers, to a server of this test."""
    got: list[tuple[str, str | None, bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.path, self.headers["content-type"], body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/v1/traces"
        tracing = tracing_of(Settings(traces=address, traces_percent=Decimal(100)))
        assert tracing is not None
        monkeypatch.setattr(service, "tracing", tracing)
        client.post("/v1/preflight", {**payment, "reference": CANARY})
        tracing.close()
        server.shutdown()
        thread.join()
    ((path, kind, body),) = got
    assert (path, kind) == ("/v1/traces", "application/x-protobuf")
    plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    assert all(name in plain for name in (b"POST /v1/preflight", b"decide", b"store", b"lexgate.outcome"))
    assert CANARY.encode() not in plain


def test_a_receiver_that_is_gone_costs_spans_and_no_answer(
    client: Client, service: Service, payment: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    tracing = tracing_of(Settings(traces=f"http://127.0.0.1:{port}/v1/traces", traces_percent=Decimal(100)))
    assert tracing is not None
    monkeypatch.setattr(service, "tracing", tracing)
    monkeypatch.setattr("api.tracing.CLOSING_MILLISECONDS", 200)
    assert client.post("/v1/preflight", payment).status == 200
    tracing.close()
