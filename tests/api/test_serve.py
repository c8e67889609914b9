"""`lexgate serve` as an operator meets it: a real process, its words, its end."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.bundled import samples
from engine.ledger import Ledger, Scope
from engine.ledger.keys import TEST_PREFIX
from tests.api.server import KEY, Server, small_world

BODY = (samples() / "eu-low-value.json").read_bytes()

Start = Callable[..., Server]

pytestmark = pytest.mark.slow


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers on one ledger, and ends those that a test leaves running."""
    started: list[Server] = []

    def begin(*, whole: bool = False, **chosen: Any) -> Server:
        small = {} if whole else small_world(tmp_path)
        started.append(Server(tmp_path, **{**small, **chosen}))
        return started[-1]

    yield begin
    for server in started:
        server.end(signal.SIGKILL)


def test_from_the_first_start_to_the_last(start: Start) -> None:
    """The key of automation, an answer, an end in order, and the same answer after another start."""
    server = start(whole=True).wait()
    first = server.answered("POST", "/v1/preflight?domains=sca", BODY, {"Idempotency-Key": "once"})
    assert first.status == 200, first.body
    assert json.loads(first.body)["outcome"] == "allow"
    assert server.call("GET", "/readyz").status == 200
    assert server.call("GET", "/v1/decisions").status == 200
    assert first.getheader("server") is None
    assert server.end(signal.SIGTERM) in (0, -signal.SIGTERM)
    assert not any(KEY in line for line in server.lines)

    again = start(whole=True).wait().answered("POST", "/v1/preflight?domains=sca", BODY, {"Idempotency-Key": "once"})
    assert (again.body, again.getheader("idempotent-replayed")) == (first.body, "true")


def test_the_first_key_is_shown_once(start: Start) -> None:
    server = start(key=None).wait()
    (secret,) = [line.strip() for line in server.lines if line.strip().startswith("lx_")]
    headers = {"Authorization": f"Bearer {secret}"}
    assert server.call("POST", "/v1/preflight", BODY, headers).status == 200
    assert server.call("POST", "/v1/preflight", BODY).status == 401
    server.end()

    server = start(key=None).wait()
    assert not any("lx_" in line for line in server.lines)
    assert server.call("POST", "/v1/preflight", BODY, headers).status == 200


def test_logs_are_lines_of_json_without_personal_data(start: Start) -> None:
    server = start(LEXGATE_LOG_LEVEL="debug").wait()
    private = json.loads(BODY) | {
        "reference": "private-1",
        "payer": {"id": "c-private", "name": "Jane Roe", "country": "FR"},
    }
    for body in (
        json.dumps(private),
        json.dumps(private | {"amount": 1.5}),
        '{"reference": "4111 1111 1111 1111"}',
        "{",
    ):
        server.call("POST", "/v1/preflight", body.encode())
    server.call("GET", "/v1/decisions?reference=private-1")
    server.end()
    logged = [line for line in server.lines if line.startswith("{")]
    assert all("event" in json.loads(line) for line in logged)
    said = "\n".join(server.lines)
    assert not any(word in said for word in ("private", "Jane", "Roe", "4111"))


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"LEXGATE_DATABASE": "sqlite:////proc/nowhere/lexgate.db"}, "cannot be opened"),
        ({"LEXGATE_DATABASE": "oracle://x"}, "Not a ledger address"),
        ({"LEXGATE_PORT": "http"}, "LEXGATE_PORT"),
        ({"LEXGATE_BOOTSTRAP_KEY": "with blank"}, "printable ASCII"),
        ({"LEXGATE_HOST": "203.0.113.77"}, "cannot listen on 203.0.113.77"),
    ],
)
def test_what_stops_the_start_is_told(start: Start, chosen: dict[str, str], said: str) -> None:
    server = start(**chosen)
    assert server.process.wait(timeout=180) == 2
    server.end()
    assert any(said in line for line in server.lines)
    assert not any("Traceback" in line for line in server.lines)


def test_test_mode_is_a_ledger_beside(start: Start, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    server = start(LEXGATE_TEST_DATABASE=url).wait()
    with Ledger.open(url) as ledger:
        ledger.keys.prefix = TEST_PREFIX
        _, secret = ledger.keys.create([Scope.DECIDE, Scope.READ], "tests")
    headers = {"Authorization": f"Bearer {secret}"}
    named = json.dumps(json.loads(BODY) | {"reference": "test_block"}).encode()
    told = server.call("POST", "/v1/preflight", named, headers)
    assert (told.status, json.loads(told.body)["outcome"], told.getheader("lexgate-mode")) == (200, "block", "test")
    assert server.call("POST", "/v1/preflight", named).status == 422
    assert len(json.loads(server.call("GET", "/v1/decisions", headers=headers).body)["data"]) == 1
    assert json.loads(server.call("GET", "/v1/decisions").body)["data"] == []
    server.end()
    # Its ledger as that of payments, and one ledger as both: neither starts.
    wrong = start(LEXGATE_DATABASE=url)
    assert wrong.process.wait(timeout=180) == 2
    wrong.end()
    assert any("decisions of test mode" in line for line in wrong.lines)
    both = start(LEXGATE_TEST_DATABASE=f"sqlite:///{tmp_path / 'lexgate.db'}")
    assert both.process.wait(timeout=180) == 2
    both.end()
    assert any("a ledger of its own" in line for line in both.lines)


def test_several_workers_need_postgresql(start: Start) -> None:
    """Both ledgers are looked at before either is opened."""
    shared = {"LEXGATE_DATABASE": "postgresql+psycopg://nobody@127.0.0.1:1/none", "LEXGATE_WORKERS": "2"}
    for chosen, named in (
        ({"arguments": ("--workers", "2")}, "LEXGATE_DATABASE"),
        ({**shared, "LEXGATE_TEST_DATABASE": "sqlite:///test.db"}, "LEXGATE_TEST_DATABASE"),
    ):
        server = start(**chosen)
        assert server.process.wait(timeout=180) == 2
        server.end()
        assert any(f"2 workers need a ledger on PostgreSQL ({named})" in line for line in server.lines)


def test_a_port_that_is_taken(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = start(LEXGATE_PORT=str(taken.getsockname()[1]))
        assert server.process.wait(timeout=180) == 2
        server.end()
        assert any("Address already in use" in line for line in server.lines)


def test_packs_that_cannot_be_used(start: Start, tmp_path: Path) -> None:
    (tmp_path / "law" / "XX").mkdir(parents=True)
    (tmp_path / "law" / "XX" / "pack.yaml").write_text("schema: rulepack/v1\n", encoding="utf-8")
    server = start(LEXGATE_RULEPACKS=str(tmp_path / "law"))
    assert server.process.wait(timeout=180) == 2
    server.end()
    assert any("XX/pack.yaml:" in line for line in server.lines)


def test_the_balancer_is_told_before_the_end(start: Start) -> None:
    server = start(LEXGATE_DRAIN_SECONDS="2").wait()
    server.process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert server.call("GET", "/readyz").status == 503
    assert server.call("POST", "/v1/preflight", BODY).status == 200
    assert server.process.wait(timeout=30) in (0, -signal.SIGTERM)


def test_what_was_accepted_is_answered_at_the_end(start: Start) -> None:
    """A stop in the middle of the work: every request that was taken is answered, and every answer is stored."""
    server = start().wait()
    answered: list[str] = []
    refused: list[str] = []

    def ask(number: int) -> None:
        for at in range(60):
            body = json.dumps({**json.loads(BODY), "reference": f"end-{number}-{at}"}).encode()
            try:
                answered.append(json.loads(server.call("POST", "/v1/preflight", body).body)["id"])
            except OSError as error:
                refused.append(type(error).__name__)
                return

    callers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
    for caller in callers:
        caller.start()
    time.sleep(0.3)
    server.end(signal.SIGTERM)
    for caller in callers:
        caller.join()
    assert answered
    again = start().wait()
    assert all(again.call("GET", f"/v1/decisions/{one}").status == 200 for one in answered)
