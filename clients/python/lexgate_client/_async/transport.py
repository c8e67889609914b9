"""Sends calls, again where that is safe."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import TypeVar

import httpx

from lexgate_client._beside import Page
from lexgate_client._calls import Answered, Call, Options, call_of, lost, not_reached, pause_before_next, settle
from lexgate_client._decision import Decision, Replay
from lexgate_client._model import Answer
from lexgate_client._pauses import async_sleep
from lexgate_client._wire import Query, read
from lexgate_client.errors import LexgateError, UnexpectedAnswer

T = TypeVar("T")


class AsyncTransport:
    """One connection pool, one key."""

    def __init__(self, options: Options, http: httpx.AsyncClient | None = None) -> None:
        self.options = options
        self._http = http or httpx.AsyncClient(follow_redirects=False)
        self._own = http is None

    async def close(self) -> None:
        """Let the connections go."""
        if self._own:
            await self._http.aclose()

    async def send(self, call: Call) -> Answered:
        """The answer. Raises LexgateError: a failure is never an answer."""
        retries, began, tries = self.options.retries, time.monotonic(), 0
        while True:
            tries += 1
            found = await self._try(call, tries, retries.budget - (time.monotonic() - began))
            if isinstance(found, Answered):
                return found
            pause = pause_before_next(retries, found, tries, time.monotonic() - began)
            if pause is None:
                raise found
            await async_sleep(pause)

    async def _try(self, call: Call, tries: int, left: float) -> Answered | LexgateError:
        options = self.options
        try:
            answer = await self._http.request(
                call.method, options.url(call), params=tuple(call.query) or None, content=call.body,
                headers=options.headers(call), timeout=max(min(options.timeout, left), 0.001), follow_redirects=False,
            )  # fmt: skip
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return not_reached(call, error, tries)
        except httpx.HTTPError as error:
            return lost(call, error, tries)
        return settle(call, answer.status_code, answer.headers, answer.content, tries)

    async def ask(
        self,
        method: str,
        path: str,
        into: type[T],
        *,
        query: Query | None = None,
        body: object = None,
        idempotency_key: str | None = None,
        language: str | None = None,
    ) -> T:
        """One call and its answer as it is typed."""
        call = call_of(method, path, query=query, body=body, idempotency_key=idempotency_key, language=language)
        answered = await self.send(call)
        found = read(answered.body, into, answered.meta)
        if isinstance(found, Answer):
            found._meta = answered.meta
        decision = found.decision if isinstance(found, Replay) else found
        if isinstance(decision, Decision) and decision.livemode is self.options.is_test:
            raise UnexpectedAnswer("An answer of test mode to a live key, or the other way round", answered.meta)
        return found

    async def pages(self, path: str, into: type[T], query: Query | None = None) -> AsyncIterator[T]:
        """All that a list has, page by page as it is asked for."""
        after: str | None = None
        while True:
            page: Page[T] = await self.ask("GET", path, Page[into], query={**(query or {}), "after": after})  # type: ignore[valid-type]
            for one in page.data:
                yield one
            if page.next is None or page.next == after:
                return
            after = page.next
