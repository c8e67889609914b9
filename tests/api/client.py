"""A caller of the application without a network: one event loop, plain ASGI, replies as they were sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import ASGIApp

PREFLIGHTS = ("/v1/preflight", "/v1/preflight/batch")
SECRET = "lx_test_0123456789"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body)

    def codes(self) -> set[tuple[str, str]]:
        """Pointer (or parameter) and code of every fault of a problem."""
        return {(fault.get("pointer", fault.get("parameter")), fault["code"]) for fault in self.json()["errors"]}


class Client:
    """Calls an application. Sends the test key and JSON unless told otherwise.

    Asks preflights about authentication alone unless their path names domains: what these tests say of outcomes, they say of
    authentication. `domains=None` asks as a caller does who names none.
    """

    def __init__(self, app: ASGIApp, secret: str | None = SECRET, domains: str | None = "sca") -> None:
        self.app = app
        self.secret = secret
        self.domains = domains
        self.loop = asyncio.new_event_loop()

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()

    def get(self, path: str, headers: Mapping[str, str | None] | None = None) -> Reply:
        return self.request("GET", path, b"", headers)

    def post(self, path: str, body: Any = b"", headers: Mapping[str, str | None] | None = None) -> Reply:
        return self.request("POST", path, body, headers)

    def request(
        self, method: str, path: str, body: Any = b"", headers: Mapping[str, str | None] | None = None
    ) -> Reply:
        return self.loop.run_until_complete(self.send(method, path, body, headers))

    def together(self, calls: Iterable[Any]) -> list[Reply]:
        """Several calls at once: `client.together(client.send(...) for ...)`."""

        async def gather() -> list[Reply]:
            return list(await asyncio.gather(*calls))

        return self.loop.run_until_complete(gather())

    async def send(
        self, method: str, path: str, body: Any = b"", headers: Mapping[str, str | None] | None = None
    ) -> Reply:
        """One call. A body that is not bytes is sent as JSON; a list of bytes is sent in parts, without its length."""
        parts = body if isinstance(body, list) else [body if isinstance(body, bytes) else orjson.dumps(body)]
        named: dict[str, str | None] = {"authorization": f"Bearer {self.secret}" if self.secret else None}
        if method == "POST":
            named["content-type"] = "application/json"
            named["content-length"] = None if isinstance(body, list) else str(len(parts[0]))
        named |= {name.lower(): value for name, value in (headers or {}).items()}
        if method == "POST" and path in PREFLIGHTS and self.domains is not None:
            path = f"{path}?domains={self.domains}"
        return await _call(self.app, _scope(method, path, named), parts)


def _scope(method: str, path: str, headers: Mapping[str, str | None]) -> dict[str, Any]:
    plain, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items() if value is not None],
        "server": ("lexgate.test", 80),
        "client": ("127.0.0.1", 50000),
    }


async def _call(app: ASGIApp, scope: dict[str, Any], parts: list[bytes]) -> Reply:
    waiting = [
        {"type": "http.request", "body": part, "more_body": at + 1 < len(parts)} for at, part in enumerate(parts)
    ]
    sent: list[Any] = []
    ended = asyncio.Event()

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        await ended.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    ended.set()
    start, *bodies = sent
    headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], headers, b"".join(message.get("body", b"") for message in bodies))
