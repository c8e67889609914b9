"""Many payments in one request: a line each, answered in their order as soon as each is on disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api.admission import Bounds, Told, once_of, read_body
from api.bodies import require_lines
from api.deciding import Asked, answer, facts_in, problem_of, request_digest
from api.domains import Domains, chosen
from api.gate import Caller, Locale, Serving, needs
from api.problems import Fault, Problem, refused
from api.schemas import WRITES
from api.service import Service
from api.shedding import Priority, overloaded
from api.twin import IdempotencyKey
from engine.facts import Facts
from engine.ledger import ApiKey, KeyReused, LedgerError, Scope
from engine.ledger import IdempotencyKey as LedgerKey

PATH: Final = "/v1/preflight/batch"
LINES: Final = 1000
_WINDOW: Final = 32
"""Lines under way at once: enough to share commits, few enough that other callers get their turn."""
_BUSY_TRIES: Final = 40
_BUSY_SECONDS: Final = 0.05

router = APIRouter(route_class=needs(Scope.DECIDE), tags=["preflight"])

_LINES_OF_JSON: Final = {"application/x-ndjson": {"schema": {"type": "string"}}}
_DOCUMENT: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": f"One Transaction a line, as for /v1/preflight; at most {LINES} lines. Blank lines are passed over.",
        "content": _LINES_OF_JSON,
    }
}


@dataclass(frozen=True, slots=True)
class _Batch:
    """One request, as far as all its lines share it."""

    service: Service
    key: ApiKey
    locale: str | None
    once: tuple[str, str] | None
    domains: str | None

    def asked(self, number: int, line: bytes) -> Asked:
        """One line as a request of its own, with an idempotency key of its own under the batch's."""
        once = None if self.once is None else (f"{self.once[0]} line", f"{self.once[1]}#{number}")
        return Asked(self.key.id, line, self.locale, once, self.domains, self.key.terms)


@router.post(
    PATH,
    response_class=Response,
    responses={**WRITES, 200: {"description": "A Decision or a Problem a line, in order", "content": _LINES_OF_JSON}},
    openapi_extra=_DOCUMENT,
    summary="Decide on many payments",
)
async def batch(
    request: Request,
    service: Serving,
    key: Caller,
    locale: Locale,
    domains: Domains = None,
    _once: IdempotencyKey = None,
) -> Response:
    """NDJSON in, NDJSON out, in the same order; one bad line never fails the others.

    With an `Idempotency-Key`, lines that were decided before are given again byte for byte, and only the rest is decided.
    """
    headers = dict(request.scope["headers"])
    require_lines(headers.get(b"content-type"))
    once = once_of(headers, key, PATH)
    bounds = Bounds(service.settings.max_batch_bytes, service.settings.batch_receive_seconds)
    body = await read_body(service, headers, request.receive, bounds)
    lines = list(_lines(body))
    if not 1 <= len(lines) <= LINES:
        raise refused(Fault("", "number_of_lines", f"1 to {LINES} lines are wanted, not {len(lines)}"))
    most = service.rates_of_keys.most(key)
    if most is not None and len(lines) > most:
        raise refused(Fault("", "number_of_lines", f"This key may ask {most} times at once, not {len(lines)}"))
    # Each line is a request.
    told: Told = request.state.told
    told.rate = ()
    told.rate = service.rates_of_keys.charge_in_all(key, len(lines))
    chosen(domains)  # refused once, and not line by line
    shared = _Batch(service, key, locale, once, domains)
    return await _opened(shared, lines, request_digest(body, domains))


def _lines(body: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        stripped = line.strip(b" \t\r")
        if stripped:
            yield number, stripped


async def _opened(shared: _Batch, lines: list[tuple[int, bytes]], digest: bytes) -> Response:
    """The stream of answers. Raises 409 or 422 for an idempotency key that cannot be used."""
    once, running = shared.once, shared.service.running
    if once is None:
        return _Stream(shared, lines)
    if once in running:
        raise Problem(
            "still_running", "Its answer will be given again under the same key.", headers={"retry-after": "1"}
        )
    running.add(once)
    with ExitStack() as unless_opened:
        unless_opened.callback(running.discard, once)
        replayed = await _claimed(shared.service, LedgerKey(*once, digest))
        unless_opened.pop_all()
    return _Stream(shared, lines, {"idempotent-replayed": "true"} if replayed else None)


async def _claimed(service: Service, key: LedgerKey) -> bool:
    """Take the key for the batch as a whole. True: it was taken before, by the same lines."""
    try:
        known = await service.ledger.writer.perform(lambda rows: rows.claim(key, b""))
    except LedgerError as error:
        raise problem_of(error) from error
    if isinstance(known, KeyReused):
        raise Problem("key_reused", "It came with another body. Use a new key for a new request.")
    return known is not None


class _Stream(StreamingResponse):
    """The answers; when they end, however they end, the idempotency key is free to be asked for again."""

    def __init__(self, shared: _Batch, lines: list[tuple[int, bytes]], headers: dict[str, str] | None = None):
        super().__init__(_answers(shared, lines), headers=headers, media_type="application/x-ndjson")
        self._shared = shared

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self._shared.once is not None:
                self._shared.service.running.discard(self._shared.once)


async def _answers(shared: _Batch, lines: list[tuple[int, bytes]]) -> AsyncIterator[bytes]:
    waiting: deque[asyncio.Task[bytes]] = deque()
    try:
        for number, line in lines:
            waiting.append(asyncio.create_task(_answer(shared, number, line)))
            if len(waiting) >= _WINDOW:
                yield await waiting.popleft() + b"\n"
        while waiting:
            yield await waiting.popleft() + b"\n"
    finally:
        for task in waiting:
            task.cancel()


async def _answer(shared: _Batch, number: int, line: bytes) -> bytes:
    # No request id in a line: with an idempotency key the same lines are answered by the same bytes.
    try:
        if len(line) > shared.service.settings.max_body_bytes:
            raise Problem("body_too_large", f"At most {shared.service.settings.max_body_bytes} bytes a line.")
        return await _patiently(shared, facts_in(line), shared.asked(number, line))
    except Problem as problem:
        shared.service.metrics.problems.labels(problem.kind).inc()
        return problem.body(PATH, None, number)


async def _patiently(shared: _Batch, facts: Facts, asked: Asked) -> bytes:
    """A full queue is waited for: a batch has the time that a payment has not."""
    for _ in range(_BUSY_TRIES):
        try:
            return await _line(shared.service, facts, asked)
        except Problem as problem:
            if problem.kind not in ("busy", "overloaded"):
                raise
            await asyncio.sleep(_BUSY_SECONDS)
    return await _line(shared.service, facts, asked)


async def _line(service: Service, facts: Facts, asked: Asked) -> bytes:
    """One line: in flight as a request of its own, and before payments the one to wait. Batches take few places themselves, so
    that there are some for their lines."""
    if not service.load.enter(Priority.QUOTE):
        raise overloaded()
    try:
        return (await answer(service, facts, asked)).body
    finally:
        service.load.leave()
