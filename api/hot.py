"""POST /v1/preflight, asked before every payment: plain ASGI, no framework, no model, no log line.

Whatever is not plain goes to the model, which decides and explains. `api.twin` is the same route as FastAPI would have
it; both must give the same bytes for every body.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from starlette.types import Receive, Scope, Send

from api.admission import ClientGone, Wish, admit, request_id_of
from api.bodies import LARGE
from api.deciding import Answered, Asked, answer, facts_in, problem_of
from api.domains import domains_of
from api.languages import best_language
from api.problems import MEDIA_TYPE, Problem, instance_of
from api.service import Service
from api.sources import source_of
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
        request_id = request_id_of(headers)
        try:
            answered = await self._answer(scope, headers, receive)
        except Problem as problem:
            await self._refuse(problem, scope, request_id, send)
        except LedgerError as error:
            # Wherever it was read: who asks, what was answered under this key before.
            await self._refuse(problem_of(error), scope, request_id, send)
        except ClientGone:
            return
        else:
            await self._send(answered, request_id, send)
            self._service.metrics.tally.took(time.perf_counter() - started)

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answered:
        service = self._service
        source = source_of(scope, headers, service.settings.trusted_networks)
        admitted = await admit(service, headers, receive, _WISH, source)
        locale = best_language(headers.get(b"accept-language"), service.packs.languages)
        body = admitted.body
        # A body that takes long to read must not keep the others waiting.
        facts = facts_in(body) if len(body) < LARGE else await asyncio.to_thread(facts_in, body)
        asked = Asked(admitted.key.id, body, locale, admitted.once, domains_of(scope), admitted.key.terms)
        return await answer(service, facts, asked)

    async def _refuse(self, problem: Problem, scope: Scope, request_id: str, send: Send) -> None:
        self._service.metrics.problems.labels(problem.kind).inc()
        await send_problem(problem, scope, request_id, send)

    async def _send(self, answered: Answered, request_id: str, send: Send) -> None:
        release = (b"lexgate-release", answered.release.encode())
        headers = [
            _JSON,
            (b"content-length", b"%d" % len(answered.body)),
            (b"x-request-id", request_id.encode()),
            release,
        ]
        if answered.replayed:
            headers.append(_REPLAYED)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answered.body})


async def send_problem(problem: Problem, scope: Scope, request_id: str, send: Send) -> None:
    """Send a refusal."""
    body = problem.body(instance_of(scope), request_id)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"x-request-id", request_id.encode()),
        *((name.encode(), value.encode("latin-1")) for name, value in problem.headers.items()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
