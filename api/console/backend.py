"""The public interface as the console uses it: in the same process, or at an address. There is no side door."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

import httpx
import orjson
from starlette.types import ASGIApp

from api.sources import CONSOLE

_SECONDS: Final = 60
_PAGE: Final = 200
"""Entries of a list that are asked for at once: as many as the interface gives."""
_ORIGIN: Final = "http://lexgate.internal"
"""Stands in the URLs of calls within one process; nothing is ever looked up by it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the interface said."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def ok(self) -> bool:
        """Whether it did what was asked."""
        return self.status < 400

    def json(self) -> Any:
        """The body. Raises ValueError where it is none."""
        return orjson.loads(self.content)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    @property
    def etag(self) -> str | None:
        """The version of what was read."""
        return self.headers.get("etag")


class Refused(Exception):
    """The interface said no: RFC 9457."""

    def __init__(self, status: int, problem: Mapping[str, Any] | None = None, retry_after: str | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.problem: Mapping[str, Any] = problem or {}
        self.retry_after = retry_after

    @property
    def faults(self) -> list[dict[str, Any]]:
        """What is wrong with the body, with JSON Pointers."""
        found: list[dict[str, Any]] = self.problem.get("errors") or []
        return found

    @property
    def code(self) -> str:
        """The last part of the problem's type: `not_possible`, `case_moved` ..."""
        return str(self.problem.get("type", "")).rpartition("/")[2].rpartition(":")[2]


class Backend:
    """Where the interface is."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @classmethod
    def inside(cls, app: ASGIApp) -> Backend:
        """The interface of this process."""
        transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(CONSOLE, 0))
        return cls(httpx.AsyncClient(transport=transport, base_url=_ORIGIN, timeout=_SECONDS))

    @classmethod
    def at(cls, address: str) -> Backend:
        """The interface of another process: `https://lexgate.example`."""
        return cls(httpx.AsyncClient(base_url=address, timeout=_SECONDS, follow_redirects=False))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One call. A body that is bytes or text is sent as it is, anything else as JSON. Whatever it answers is returned;
        only an interface that cannot be reached is `Refused`, as a 503; and what is no plain path, as a 404: a path is made of
        what somebody's browser sent, which must name a thing and never another route or its parameters."""
        if not _is_plain(path):
            raise Refused(404, {"title": "Nothing here"})
        sent = dict(headers or {})
        content: bytes | None = None
        if isinstance(body, bytes | str):
            content = body.encode() if isinstance(body, str) else body
        elif body is not None:
            content = orjson.dumps(body)
            sent.setdefault("content-type", "application/json")
        params = [
            (name, str(item))
            for name, value in (query or {}).items()
            for item in (value if isinstance(value, list | tuple) else [value])
            if item not in (None, "")
        ]
        try:
            found = await self._client.request(method, path, params=params, content=content, headers=sent)
        except httpx.InvalidURL:
            raise Refused(404, {"title": "Nothing here"}) from None
        except httpx.HTTPError:
            raise Refused(503, {"title": "Lexgate cannot be reached", "detail": "Nothing was changed."}) from None
        return Answer(found.status_code, dict(found.headers), found.content)


class Api:
    """The interface in the name of one caller: what is refused is raised."""

    def __init__(self, backend: Backend, token: str | None, language: str, source: str = "") -> None:
        """`source`: where the caller comes from, as `X-Forwarded-For` says it."""
        self._backend = backend
        self._headers = {"accept-language": language}
        if source:
            self._headers["x-forwarded-for"] = source
        if token is not None:
            self._headers["authorization"] = f"Bearer {token}"

    async def ask(self, method: str, path: str, *, allow: tuple[int, ...] = (), **more: Any) -> Answer:
        """One call. Raises Refused for an answer of 400 or more that is not among those allowed."""
        headers = {**self._headers, **(more.pop("headers", None) or {})}
        answer = await self._backend.ask(method, path, headers=headers, **more)
        if not answer.ok and answer.status not in allow:
            raise Refused(answer.status, _problem(answer), answer.headers.get("retry-after"))
        return answer

    async def get(self, path: str, **query: Any) -> Any:
        """The JSON that is there. Raises Refused."""
        return (await self.ask("GET", path, query=query)).json()

    async def maybe(self, path: str, **query: Any) -> Any:
        """The JSON that is there; None: it is not, or not for this caller."""
        answer = await self.ask("GET", path, query=query, allow=(403, 404))
        return answer.json() if answer.ok else None

    async def every(self, path: str, *, most: int | None = None, **query: Any) -> tuple[list[dict[str, Any]], bool]:
        """Whatever a list has, up to `most` entries, and whether there is more. Raises Refused."""
        found: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            part = await self.get(path, **query, limit=_PAGE, after=after)
            found += part["data"]
            after = part["next"]
            if after is None or (most is not None and len(found) >= most):
                return found[:most], after is not None

    async def post(self, path: str, body: Any = None, *, once: str | None = None, **query: Any) -> Any:
        """The JSON that is answered; None where there is no body. `once` is the Idempotency-Key. Raises Refused."""
        headers = {"idempotency-key": once} if once else {}
        answer = await self.ask("POST", path, query=query, body={} if body is None else body, headers=headers)
        return answer.json() if answer.content else None


_PLAIN: Final = re.compile(r"(/[^/?#\\\s\x00-\x1f\x7f]+)+")


def _is_plain(path: str) -> bool:
    steps = unquote(path).split("/")
    return _PLAIN.fullmatch(path) is not None and not any(step in (".", "..") for step in steps)


def _problem(answer: Answer) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"title": "Unexpected answer", "status": answer.status}
