"""A VIES on this machine that answers as it is told, over real connections."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATH = "/rest-api/check-vat-number"


@dataclass(frozen=True, slots=True)
class Says:
    """One reply: a status and a body, after some seconds; `hangs_up` closes the connection instead."""

    body: Any = None
    status: int = 200
    after: float = 0
    hangs_up: bool = False


def yes(**more: Any) -> Says:
    return Says({"valid": True, "requestDate": "2026-11-22T09:15:01.000Z", "requestIdentifier": "", **more})


def no(**more: Any) -> Says:
    return Says({"valid": False, "requestDate": "2026-11-22T09:15:01.000Z", "requestIdentifier": "", **more})


def fails(code: str, status: int = 400) -> Says:
    """The shape in which VIES refuses."""
    return Says({"actionSucceed": False, "errorWrappers": [{"error": code}]}, status)


@dataclass
class FakeVies:
    """What it will say, in order (the last again and again), and what it was asked."""

    url: str = ""
    replies: deque[Says] = field(default_factory=deque)
    asked: list[dict[str, Any]] = field(default_factory=list)
    most_at_once: int = 0
    _under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def will_say(self, *replies: Says) -> None:
        self.replies.clear()
        self.replies.extend(replies)
        self.asked.clear()

    def answer(self, path: str, body: dict[str, Any]) -> Says:
        with self._lock:
            assert path == PATH
            self.asked.append(body)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
            reply = self.replies.popleft() if len(self.replies) > 1 else self.replies[0]
        time.sleep(reply.after)
        with self._lock:
            self._under_way -= 1
        return reply


@contextmanager
def running() -> Iterator[FakeVies]:
    """The server for as long as the block lasts."""
    fake = FakeVies()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake.answer))
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_port}/rest-api"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(answer: Callable[[str, dict[str, Any]], Says]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply = answer(self.path, body)
            if reply.hangs_up:
                self.close_connection = True
                return
            content = reply.body.encode() if isinstance(reply.body, str) else json.dumps(reply.body).encode()
            try:
                self.send_response(reply.status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, format: str, *_args: Any) -> None:
            pass

    return Handler
