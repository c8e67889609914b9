"""A real process that is asked too much, asked too slowly, and told to end in the middle of it."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.bundled import samples
from api.master_key import MasterKey
from api.settings import Settings
from engine.ledger import Ledger
from tests.api.server import KEY, Server, small_world

BODY = (samples() / "eu-low-value.json").read_bytes()
PATIENCE = 60

pytestmark = pytest.mark.slow


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers on one ledger, and ends those that a test leaves running."""
    started: list[Server] = []

    def begin(**chosen: Any) -> Server:
        started.append(Server(tmp_path, **{**small_world(tmp_path), **chosen}))
        return started[-1].wait()

    yield begin
    for server in started:
        server.end(signal.SIGKILL)


class Half:
    """A preflight of which a half was sent."""

    def __init__(self, server: Server) -> None:
        self._line = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
        head = f"POST /v1/preflight?domains=sca HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
        head += f"content-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n"
        self._line.sendall(head.encode() + BODY[:20])

    def rest(self) -> None:
        self._line.sendall(BODY[20:])

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """All that comes until the line is closed; status nought: nothing came."""
        found = b""
        try:
            while True:
                found += (piece := self._line.recv(65536))
                head, _, body = found.partition(b"\r\n\r\n")
                lines = head.decode("latin-1").split("\r\n")
                headers = dict(one.lower().split(": ", 1) for one in lines[1:] if ": " in one)
                if not piece or (headers and len(body) >= int(headers.get("content-length", 0))):
                    break
        except ConnectionError:
            pass
        self._line.close()
        return (int(lines[0].split()[1]), headers, body) if found else (0, {}, b"")


def until(done: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not done():
        assert time.monotonic() < begun + PATIENCE
        time.sleep(0.02)


def in_flight(server: Server) -> int:
    lines = server.call("GET", "/metrics").body.decode().splitlines()
    return int(float(next(one.split()[1] for one in lines if one.startswith("lexgate_in_flight "))))


def closed(server: Server) -> bool:
    """Whether the service takes no more lines."""
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
    except OSError:
        return True
    return False


def test_a_process_that_is_full_refuses_at_once_and_finishes_what_it_took(start: Callable[..., Server]) -> None:
    server = start(LEXGATE_IN_FLIGHT="8", LEXGATE_RECEIVE_SECONDS="300", LEXGATE_LATE_MILLISECONDS="60000")
    halves = [Half(server) for _ in range(7)]
    until(lambda: in_flight(server) == 7)
    shed = server.call("POST", "/v1/preflight?domains=sca", BODY)
    assert (shed.status, shed.getheader("retry-after")) == (503, "1")
    assert json.loads(shed.body)["type"] == "urn:lexgate:problem:overloaded"
    assert server.call("GET", "/v1/decisions").status == 503
    assert server.call("GET", "/readyz").status == 200
    assert server.call("POST", "/v1/tax/transactions", b"{}").status == 422, "what has happened is heard"
    for half in halves:
        half.rest()
    assert [half.answer()[0] for half in halves] == [200] * 7
    until(lambda: in_flight(server) == 0)
    good = server.call("POST", "/v1/preflight?domains=sca", BODY)
    assert (good.status, good.getheader("ratelimit-policy")) == (200, '"key";q=10000;w=2')


def test_whoever_is_slow_is_ended_and_the_others_are_answered(start: Callable[..., Server]) -> None:
    server = start(LEXGATE_RECEIVE_SECONDS="1")
    trickling, silent = Half(server), socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    headless = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE)
    headless.sendall(b"POST /v1/preflight HTTP/1.1\r\nhost: x\r\n")
    assert server.call("POST", "/v1/preflight?domains=sca", BODY).status == 200
    status, headers, body = trickling.answer()
    assert (status, headers["connection"], json.loads(body)["type"]) == (
        408,
        "close",
        "urn:lexgate:problem:body_too_slow",
    )
    assert silent.recv(100) == b""
    assert headless.recv(100).startswith(b"HTTP/1.1 408 ")
    with ExitStack() as lines:
        lines.callback(silent.close)
        lines.callback(headless.close)


@pytest.mark.parametrize("drain", ["0", "3"])
def test_what_was_accepted_is_finished_before_the_end(start: Callable[..., Server], tmp_path: Path, drain: str) -> None:
    """Readiness first, then no new lines, then the end; and what was half sent when it began is decided, answered and stored."""
    server = start(LEXGATE_DRAIN_SECONDS=drain, LEXGATE_RECEIVE_SECONDS="300", LEXGATE_GRACEFUL_SECONDS="120")
    half = Half(server)
    until(lambda: in_flight(server) == 1)
    server.process.send_signal(signal.SIGTERM)
    if drain != "0":
        until(lambda: server.call("GET", "/readyz").status == 503)
        taken = server.call("POST", "/v1/preflight?domains=sca", BODY)
        assert (taken.status, taken.getheader("connection")) == (200, "close"), "still taken, and sent elsewhere"
    until(lambda: closed(server))
    assert server.process.poll() is None, "it waits for what it has accepted"
    half.rest()
    status, headers, body = half.answer()
    assert (status, headers["connection"]) == (200, "close")
    assert server.process.wait(timeout=PATIENCE) in (0, -signal.SIGTERM)
    server.end()
    url = f"sqlite:///{tmp_path / 'lexgate.db'}"
    with Ledger.open(url) as ledger:
        MasterKey(Settings(database=url)).unlock(ledger)
        stored = ledger.decision(json.loads(body)["id"])
        assert stored is not None
        assert stored.answer == body
        assert ledger.verify().ok


def test_what_takes_longer_than_the_grace_is_cut_without_an_answer(start: Callable[..., Server]) -> None:
    server = start(LEXGATE_GRACEFUL_SECONDS="1", LEXGATE_RECEIVE_SECONDS="300")
    half = Half(server)
    until(lambda: in_flight(server) == 1)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=PATIENCE) in (0, -signal.SIGTERM)
    status, _, body = half.answer()
    assert status in (0, 500, 503)
    assert b"outcome" not in body
    server.end()
