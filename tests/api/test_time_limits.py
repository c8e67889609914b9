"""Slow bodies, slow work and slow lines are ended; whoever is given up is told what is known, and never an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from api.app import create_app
from api.commands.connections import LONGEST_HEAD, Refuse, connections, nothing_refused
from api.service import Service
from api.time_limits import within
from tests.api.client import SECRET, Client, _scope
from tests.api.conftest import sample

PAYMENT = sample("eu-low-value")
HEADERS = {"authorization": f"Bearer {SECRET}", "content-type": "application/json", "x-request-id": "req_same"}


def pair(
    open_service: Callable[..., Service], make_client: Callable[..., Client], **chosen: Any
) -> list[tuple[Service, Client]]:
    """The hot application and the plain one."""
    found = []
    for hot in (True, False):
        service = open_service(**chosen)
        found.append((service, make_client(service, hot=hot)))
    return found


def trickled(client: Client, path: str = "/v1/preflight") -> tuple[int, dict[bytes, bytes], bytes]:
    """What is answered to a body that begins and does not come to an end."""

    async def call() -> tuple[int, dict[bytes, bytes], bytes]:
        parts = [b'{"amount"']
        sent: list[Any] = []

        async def receive() -> Any:
            if parts:
                return {"type": "http.request", "body": parts.pop(), "more_body": True}
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            sent.append(message)

        await client.app(_scope("POST", path, HEADERS), receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]

    return client.loop.run_until_complete(call())


def test_a_body_that_trickles_is_408_on_the_hot_route_and_its_twin(
    open_service: Callable[..., Service], make_client: Callable[..., Client]
) -> None:
    (service, hot), (_, plain) = pair(open_service, make_client, receive_seconds=1)
    first, second = trickled(hot), trickled(plain)
    status, headers, body = first
    assert (status, headers[b"connection"]) == (408, b"close"), "the rest of it would be read as another request"
    assert b"urn:lexgate:problem:body_too_slow" in body
    assert (second[0], second[2], sorted(second[1].items())) == (status, body, sorted(headers.items()))
    assert service.load.in_flight == 0
    assert not service.ledger.decisions(limit=1).data


@pytest.mark.parametrize("path", ["/v1/sessions", "/v1/preflight/batch", "/v1/tax/calculations"])
def test_a_body_that_trickles_is_408_elsewhere(
    open_service: Callable[..., Service], make_client: Callable[..., Client], path: str
) -> None:
    client = make_client(open_service(receive_seconds=1, batch_receive_seconds=1))
    if path.endswith("batch"):
        of_lines = HEADERS | {"content-type": "application/x-ndjson"}
        client.app = _with(client.app, of_lines)
    assert trickled(client, path)[0] == 408


def _with(app: Any, headers: dict[str, str]) -> Any:
    async def call(scope: Any, receive: Any, send: Any) -> None:
        await app(
            scope | {"headers": [(name.encode(), value.encode()) for name, value in headers.items()]}, receive, send
        )

    return call


def test_a_decision_that_takes_too_long_is_503_and_can_be_asked_for_again(
    open_service: Callable[..., Service], make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk hangs. What was given up is stored all the same, and the idempotency key finds it."""
    replies = []
    for service, client in pair(open_service, make_client, request_seconds=1):
        write, release = service.ledger.writer.write, asyncio.Event()

        async def hang(entry: Any, write: Any = write, release: Any = release) -> Any:
            written = asyncio.ensure_future(write(entry))
            await release.wait()
            return await written

        with monkeypatch.context() as patch:
            patch.setattr(service.ledger.writer, "write", hang)
            reply = client.post("/v1/preflight", PAYMENT, {"idempotency-key": "k-1", "x-request-id": "req_same"})
            client.loop.call_soon(release.set)
            client.loop.run_until_complete(asyncio.sleep(0.1))
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert reply.json()["type"] == "urn:lexgate:problem:too_slow"
        assert "outcome" not in reply.json()
        replies.append(reply)
        again = client.post("/v1/preflight", PAYMENT, {"idempotency-key": "k-1"})
        assert (again.status, again.headers["idempotent-replayed"]) == (200, "true")
        assert len(service.ledger.decisions(limit=9).data) == 1
        assert service.load.in_flight == 0
    (hot, plain) = replies
    assert (hot.body, hot.headers) == (plain.body, plain.headers)


# -- any application ----------------------------------------------------------------------------------------------------------


def run(app: Any, seconds: int = 1) -> tuple[list[Any], list[str], Exception | None]:
    """What is sent, what happened in its order, and what was raised."""
    sent: list[Any] = []
    order: list[str] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def call() -> Exception | None:
        try:
            await within(seconds, app, ({"type": "http"}, asyncio.Event().wait, send), lambda: order.append("ended"))  # type: ignore[arg-type]
        except Exception as error:
            order.append("raised")
            await asyncio.sleep(0.3)
            return error
        await asyncio.sleep(0)
        return None

    return sent, order, asyncio.run(call())


def test_an_answer_that_was_begun_in_time_may_take_longer() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start"})
        await asyncio.sleep(1.2)
        await send({"type": "http.response.body"})

    sent, order, error = run(app)
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    assert (order, error) == (["ended"], None)


def test_work_that_is_given_up_counts_until_it_is_done_and_answers_nobody() -> None:
    """A thread cannot be stopped: as long as it works it has its place."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.to_thread(time.sleep, 1.2)
        await send({"type": "http.response.start"})

    sent, order, error = run(app)
    assert (sent, order) == ([], ["raised", "ended"])
    assert "too_slow" in repr(getattr(error, "kind", ""))


def test_what_an_application_raises_is_raised() -> None:
    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        raise KeyError("x")

    _, order, error = run(app)
    assert isinstance(error, KeyError)
    assert order == ["ended", "raised"]


def test_what_fails_after_it_was_given_up_is_logged(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, dict[str, Any]]] = []

    class Log:
        def warning(self, event: str, **more: Any) -> None:
            said.append((event, more))

    monkeypatch.setattr("api.time_limits._log", Log())

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        await asyncio.sleep(1.1)
        raise KeyError("secret words")

    run(app)
    assert [(event, more["exception"]) for event, more in said] == [("given_up_and_failed", "KeyError")]
    assert "secret" not in repr(said)


def test_who_is_cancelled_stops_the_application() -> None:
    stopped: list[bool] = []

    async def app(_scope: Any, _receive: Any, _send: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(True)
            raise

    async def call() -> None:
        task = asyncio.ensure_future(within(60, app, ({}, None, None), lambda: stopped.append(False)))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)

    asyncio.run(call())
    assert stopped == [True, False]


# -- lines --------------------------------------------------------------------------------------------------------------------


def over_a_line(
    work: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[Any]],
    *,
    is_ending: Callable[[], bool] = bool,
    keep_alive: int = 1,
    into: list[ServerState] | None = None,
    refuse: Refuse = nothing_refused,
) -> Any:
    """What comes of some work on a connection to a small application, with a tenth of a second for everything. `into`: where the
    state of its server is put."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while scope["path"] != "/refused" and (await receive()).get("more_body"):
            pass
        if scope["path"] == "/slow":
            await asyncio.sleep(0.5)
        large = scope["path"] == "/large"
        body = b"x" * 32_000_000 if large else b"ok"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body[:-1], "more_body": True})
        await send({"type": "http.response.body", "body": body[-1:]})

    async def call() -> Any:
        config = Config(app, lifespan="off", log_config=None, timeout_keep_alive=keep_alive)
        config.load()
        state, loop = ServerState(), asyncio.get_running_loop()
        if into is not None:
            into.append(state)
        line = connections(0.1, is_ending, refuse)
        server = await loop.create_server(lambda: line(config=config, server_state=state, app_state={}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            return await asyncio.wait_for(work(reader, writer), 20)
        finally:
            writer.close()
            server.close()

    return asyncio.run(call())


async def _to_the_end(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b"reset"


def test_who_says_nothing_is_let_go() -> None:
    async def work(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> bytes:
        return await _to_the_end(reader)

    assert over_a_line(work) == b""


@pytest.mark.parametrize("begin", [b"P", b"GET / HTTP/1.1\r\nhost: x\r\n", b"GET / HTTP/1.1\r\nhost: x\r\nx-a: "])
def test_who_does_not_finish_a_head_is_let_go(begin: bytes) -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(begin)
        return await _to_the_end(reader)

    assert over_a_line(work).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_comes_drop_by_drop_has_no_more_time_than_another() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        async def drip() -> None:
            writer.write(b"GET / HTTP/1.1\r\n")
            while True:
                writer.write(b"x-a: b\r\n")
                await asyncio.sleep(0.01)

        dripping = asyncio.ensure_future(drip())
        try:
            return await _to_the_end(reader)
        finally:
            dripping.cancel()

    assert over_a_line(work)[:13] in (b"HTTP/1.1 408 ", b"reset")


def test_a_second_head_that_is_not_finished_is_let_go_as_well() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        await reader.readuntil(b"ok")
        writer.write(b"GET / HTTP")
        return await _to_the_end(reader)

    assert over_a_line(work).startswith(b"HTTP/1.1 408 ")


def test_a_head_without_an_end_is_cut() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET / HTTP/1.1\r\n")
        await asyncio.sleep(0)
        writer.write(b"x-a: " + b"b" * (LONGEST_HEAD * 8))
        return await _to_the_end(reader)

    assert over_a_line(work)[:13] in (b"HTTP/1.1 431 ", b"reset")


def test_who_does_not_fetch_an_answer_is_let_go() -> None:
    there: list[ServerState] = []

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(b"GET /large HTTP/1.1\r\nhost: x\r\n\r\n")
        while not there[0].connections:
            await asyncio.sleep(0.01)
        while there[0].connections:
            await asyncio.sleep(0.01)
        reader._transport.resume_reading()  # type: ignore[attr-defined]
        try:
            return len(await reader.read())
        except ConnectionError:
            return 0

    assert over_a_line(work, into=there) < 32_000_000


def test_an_answer_may_take_longer_than_a_head() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(posted("/slow"))
        first = await reader.readuntil(b"ok")
        writer.write(posted("/slow") + b"POST / HTTP")
        return first + await reader.readuntil(b"ok")

    assert over_a_line(work).count(b"HTTP/1.1 200 ") == 2


def test_a_body_that_goes_on_after_its_answer_has_an_end() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"POST /refused HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
        await reader.readuntil(b"ok")

        async def drip() -> None:
            while True:
                writer.write(b"x")
                await asyncio.sleep(0.01)

        dripping = asyncio.ensure_future(drip())
        try:
            return await _to_the_end(reader)
        finally:
            dripping.cancel()

    assert over_a_line(work) in (b"", b"reset")


def test_who_is_in_time_is_answered_twice_on_one_line_and_then_told_to_go_where_the_service_ends() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[bytes]:
        found = []
        for _ in range(2):
            writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
            found.append(await reader.readuntil(b"ok"))
        return found

    assert all(b"connection: close" not in one for one in over_a_line(work))

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        return await _to_the_end(reader)

    ended = over_a_line(once, is_ending=lambda: True)
    assert ended.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in ended
    assert ended.endswith(b"ok")


REFUSED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\nno"


def refusing(method: bytes, target: bytes, headers: Any) -> bytes | None:
    assert (method, dict(headers)[b"host"]) == (b"POST", b"x")
    return REFUSED if target.startswith(b"/full") else None


def posted(path: str, body: bytes = b"{}", more: str = "") -> bytes:
    return f"POST {path} HTTP/1.1\r\nhost: x\r\n{more}content-length: {len(body)}\r\n\r\n".encode() + body


def test_what_is_refused_at_once_leaves_the_line_as_it_was() -> None:
    """Whole, in pieces, and several requests together: each gets its own answer, and no body is read as a head."""

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> list[bytes]:
        found = []
        for piece in (posted("/full?x=1"), posted("/"), posted("/full") + posted("/full")):
            writer.write(piece)
            found.append(await reader.readexactly(len(REFUSED)) if b"full" in piece else await reader.readuntil(b"ok"))
        found.append(await reader.readexactly(len(REFUSED)))
        whole = posted("/full", b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}")
        writer.write(whole[:60])
        found.append(await reader.readexactly(len(REFUSED)))
        writer.write(whole[60:] + posted("/"))
        found.append(await reader.readuntil(b"ok"))
        return found

    found = over_a_line(work, refuse=refusing)
    assert [one.split()[1] for one in found] == [b"503", b"200", b"503", b"503", b"503", b"200"]


def test_who_was_refused_and_says_nothing_more_is_let_go() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(posted("/full"))
        return await _to_the_end(reader)

    assert over_a_line(work, refuse=refusing) == REFUSED


def test_a_line_of_refusals_is_not_taken_for_one_that_says_nothing() -> None:
    """Longer than a head may take: the first alarm must not outlive the first head."""

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        found = b""
        for _ in range(6):
            writer.write(posted("/full"))
            found = await reader.readexactly(len(REFUSED))
            await asyncio.sleep(0.05)
        writer.write(posted("/"))
        return found + await reader.readuntil(b"ok")

    assert over_a_line(work, refuse=refusing).startswith(REFUSED + b"HTTP/1.1 200 ")


@pytest.mark.parametrize(("more", "ending"), [("connection: close\r\n", False), ("", True)])
def test_a_line_that_is_to_be_closed_is_closed_after_a_refusal(more: str, ending: bool) -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(posted("/full", more=more))
        return await _to_the_end(reader)

    assert over_a_line(work, is_ending=lambda: ending, refuse=refusing) == REFUSED


def test_who_waits_for_a_word_before_the_body_is_answered_by_the_application() -> None:
    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(posted("/full", b"", "expect: 100-continue\r\n"))
        return await reader.readuntil(b"ok")

    assert b"HTTP/1.1 200 " in over_a_line(work, refuse=refusing)


def test_the_service_has_such_lines(service: Service) -> None:
    assert create_app(service) is not None
    kind = connections(service.settings.receive_seconds, lambda: service.draining)
    assert (kind.seconds, kind.is_ending()) == (10, False)
