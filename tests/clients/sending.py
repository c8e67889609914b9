"""Clients whose requests end here: each is answered by the next word of a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import orjson
import pytest

from lexgate_client import AsyncLexgate, Lexgate, Retries
from tests.clients.answers import DECISION

URL = "https://lexgate.test"
KEY = "lx_0123456789ab_not_a_real_one"
PAYMENT: Any = {
    "amount": "24.90", "currency": "EUR", "payer": {"country": "FR"}, "payment": {"instrument": "card", "channel": "remote"},
}  # fmt: skip
Word = httpx.Response | Exception
EAGER = Retries(tries=4, first=0, longest=0, chance=lambda: 0.0)
"""Asks again without a pause, but for what `Retry-After` says."""


def decided(**changed: Any) -> httpx.Response:
    """An answer of the service."""
    headers = {"content-type": "application/json", "x-request-id": "req_1", "lexgate-release": "sha256:aa"}
    return httpx.Response(200, headers=headers, content=orjson.dumps({**DECISION, **changed}))


def refused(status: int, kind: str = "", headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    """A problem; without a kind what something in between says."""
    if not kind:
        return httpx.Response(status, headers={"content-type": "text/html", **(headers or {})}, text="<h1>Bad</h1>")
    told = {"type": f"urn:lexgate:problem:{kind}", "title": "No", "status": status, "detail": "Because.", **more}
    named = {"content-type": "application/problem+json", "x-request-id": "req_2", **(headers or {})}
    return httpx.Response(status, headers=named, content=orjson.dumps(told))


class Script:
    """What is answered, in order, and what was sent."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.words: Iterator[Word] = iter(words)
        self.sent: list[httpx.Request] = []
        self.pauses: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        word = next(self.words)
        if isinstance(word, Exception):
            raise word
        # A response belongs to the client that it was given to: each gets one of its own.
        return httpx.Response(word.status_code, headers=word.headers, content=word.content)

    @property
    def keys(self) -> list[str | None]:
        return [one.headers.get("idempotency-key") for one in self.sent]


Ask = Callable[[Lexgate], Any]
Talk = Callable[..., tuple[Any, Script]]


@contextmanager
def scripted(*words: Word, key: str = KEY, **options: Any) -> Iterator[tuple[Lexgate, Script]]:
    """A client that waits."""
    script = Script(words)
    options = {"retries": EAGER, **options}
    with (
        httpx.Client(transport=httpx.MockTransport(script)) as http,
        pytest.MonkeyPatch.context() as patch,
        Lexgate(URL, key, http=http, **options) as client,
    ):
        patch.setattr("lexgate_client._sync.transport.sleep", script.pauses.append)
        yield client, script


def asynchronously(
    ask: Callable[[AsyncLexgate], Any], *words: Word, key: str = KEY, **options: Any
) -> tuple[Any, Script]:
    """The same by the client for asyncio. Returns what came, or the error."""
    script = Script(words)
    options = {"retries": EAGER, **options}

    async def pause(seconds: float) -> None:
        script.pauses.append(seconds)

    async def run() -> Any:
        async with (
            httpx.AsyncClient(transport=httpx.MockTransport(script)) as http,
            AsyncLexgate(URL, key, http=http, **options) as client,
        ):
            return await ask(client)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lexgate_client._async.transport.async_sleep", pause)
        try:
            return asyncio.run(run()), script
        except Exception as error:  # the error is what is asked for
            return error, script


def synchronously(ask: Ask, *words: Word, key: str = KEY, **options: Any) -> tuple[Any, Script]:
    """As `asynchronously`, by the client that waits."""
    with scripted(*words, key=key, **options) as (client, script):
        try:
            return ask(client), script
        except Exception as error:  # the error is what is asked for
            return error, script


both = pytest.mark.parametrize("talk", [synchronously, asynchronously], ids=["sync", "async"])
