"""POST /v1/preflight, asked before every payment: plain ASGI, no framework, no model, no log line.

Whatever is not plain goes to the model, which decides and explains. `api.twin` is the same route as FastAPI would have
it; both must give the same bytes for every body.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.types import Receive, Scope, Send

from api.admission import ClientGone, Told, Wish, admit, request_id_of
from api.bodies import LARGE
from api.deciding import Answered, Asked, answer, facts_in, problem_of
from api.domains import domains_of
from api.languages import best_language
from api.problems import MEDIA_TYPE, Problem, instance_of
from api.rates import Pairs
from api.service import Service
from api.sources import source_of
from api.time_limits import too_slow
from api.tracing import Marks
from engine.ledger import LedgerError
from engine.ledger import Scope as KeyScope

PATH: Final = "/v1/preflight"
_JSON: Final = (b"content-type", b"application/json")
_WISH: Final = Wish(KeyScope.DECIDE, PATH)
_REPLAYED: Final = (b"idempotent-replayed", b"true")


class HotPreflight:
    """The route."""

    __slots__ = ("_service",)

    def __init__(self, service: Service):
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        started = time.perf_counter()
        headers = dict(scope["headers"])
        request_id, told = request_id_of(headers), Told()
        tracing = self._service.tracing
        marks = None if tracing is None else tracing.chosen(headers)
        try:
            answered = await self._in_time(scope, headers, receive, told, marks)
        except Problem as problem:
            await self._refuse(problem, scope, request_id, send, told, marks)
        except LedgerError as error:
            # Wherever it was read: who asks, what was answered under this key before.
            await self._refuse(problem_of(error), scope, request_id, send, told, marks)
        except ClientGone:
            return
        else:
            await self._send(answered, request_id, send, told.rate)
            self._service.metrics.tally.took(time.perf_counter() - started)
            if tracing is not None and marks is not None:
                marks.mark("answer")
                tracing.finish(marks, 200, traced(answered))

    async def _in_time(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, told: Told, marks: Marks | None
    ) -> Answered:
        seconds = self._service.settings.request_seconds
        deadlines = self._service.deadlines
        begun = deadlines.begin(seconds)
        try:
            return await self._answer(scope, headers, receive, told, marks)
        except asyncio.CancelledError:
            if deadlines.is_over(begun):
                raise too_slow(seconds) from None
            raise
        finally:
            deadlines.end(begun)

    async def _answer(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, told: Told, marks: Marks | None
    ) -> Answered:
        service = self._service
        source = source_of(scope, headers, service.settings.trusted_networks)
        admitted = await admit(service, headers, receive, _WISH, source, told)
        locale = best_language(headers.get(b"accept-language"), service.packs.languages)
        body = admitted.body
        if marks is not None:
            marks.mark("admit")
        # A body that takes long to read must not keep the others waiting.
        facts = facts_in(body) if len(body) < LARGE else await asyncio.to_thread(facts_in, body)
        if marks is not None:
            marks.mark("read")
        asked = Asked(admitted.key.id, body, locale, admitted.once, domains_of(scope), admitted.key.terms, marks)
        return await answer(service, facts, asked)

    async def _refuse(
        self, problem: Problem, scope: Scope, request_id: str, send: Send, told: Told, marks: Marks | None
    ) -> None:
        service = self._service
        service.metrics.problems.labels(problem.kind).inc()
        await send_problem(problem, scope, request_id, send, told.rate)
        if service.tracing is not None and marks is not None:
            marks.mark("refuse")
            service.tracing.finish(marks, problem.status, {"lexgate.problem": problem.kind})

    async def _send(self, answered: Answered, request_id: str, send: Send, rate: Pairs) -> None:
        release = (b"lexgate-release", answered.release.encode())
        headers = [
            _JSON,
            (b"content-length", b"%d" % len(answered.body)),
            (b"x-request-id", request_id.encode()),
            release,
            *rate,
        ]
        if answered.replayed:
            headers.append(_REPLAYED)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answered.body})


def traced(answered: Answered) -> dict[str, str | int | bool]:
    """What a span says of an answer: nothing that the caller sent."""
    told: dict[str, str | int | bool] = {"lexgate.release": answered.release, "lexgate.replayed": answered.replayed}
    return told | {"lexgate.outcome": answered.outcome} if answered.outcome else told


async def send_problem(problem: Problem, scope: Scope, request_id: str, send: Send, rate: Pairs = ()) -> None:
    """Send a refusal."""
    body = problem.body(instance_of(scope), request_id)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"x-request-id", request_id.encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in problem.headers.items()),
        *rate,
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
