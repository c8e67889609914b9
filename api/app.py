"""The service as one ASGI application: the hot route, and FastAPI behind it for everything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import __version__, twin
from api.admission import ClientGone, Told, request_id_of
from api.console.app import console
from api.console.backend import Backend
from api.console.routing import PREFIX
from api.deciding import problem_of
from api.hot import PATH, HotPreflight, send_problem
from api.logs import logger, places
from api.openapi import DESCRIPTION, TAGS, document
from api.other_side import OtherSide, is_test
from api.problems import MEDIA_TYPE, Problem, instance_of, invalid_body, invalid_parameters
from api.rates import Pairs
from api.routes import (
    audit,
    backtests,
    batch,
    cases,
    changes,
    decisions,
    deliveries,
    demotions,
    draft_diffs,
    draft_editing,
    drafts,
    events,
    feeds,
    holds,
    keys,
    law,
    lists,
    merchants,
    obligations,
    onboarding,
    operations,
    overview,
    people,
    reevaluations,
    retention,
    rulepacks,
    screenings,
    sessions,
    signatures,
    subjects,
    tax,
    tax_ids,
    tax_reports,
    trials,
    upgrades,
)
from api.service import Service
from api.shedding import overloaded, priority_of
from api.sources import CONSOLE
from api.time_limits import within
from engine.ledger import LedgerError

_log = logger("lexgate.api")
_PAGES = f"{PREFIX}/"


def create_app(service: Service, *, hot: bool = True) -> ASGIApp:
    """The application. `hot=False` leaves the plain twin of the hot route in its place, for comparison."""
    inner = plain_app(service)
    front = Front(service, inner, HotPreflight(service) if hot else None)
    whole = ServerErrorMiddleware(front, handler=_on_fault)
    if service.rehearsal is not None:
        front.rehearsal = OtherSide(create_app(service.rehearsal, hot=hot))
    if service.settings.console == "on":
        front.pages = console(Backend.inside(whole))
    return whole


def plain_app(service: Service) -> FastAPI:
    """FastAPI with every route, the hot one's twin among them."""
    app = bare_app()
    app.state.service = service
    app.openapi = cache(lambda: document(app, service))  # type: ignore[method-assign]
    return app


def bare_app() -> FastAPI:
    """The routes without a service."""
    app = FastAPI(
        title="Lexgate",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        exception_handlers=_HANDLERS,
    )
    for module in (twin, batch, decisions, events, tax, tax_ids, tax_reports):
        app.include_router(module.router)
    for router in (
        merchants.reading,
        merchants.editing,
        obligations.reading,
        obligations.reviewing,
        onboarding.reading,
        onboarding.submitting,
        onboarding.reviewing,
        screenings.screening,
        cases.router,
        screenings.looking,
        screenings.clearing,
        changes.reading,
        changes.editing,
        rulepacks.router,
        law.router,
        drafts.reading,
        drafts.editing,
        drafts.either,
        drafts.approving,
        drafts.ruling,
        draft_diffs.router,
        draft_editing.looking,
        draft_editing.editing,
        backtests.reading,
        backtests.testing,
        trials.reading,
        trials.trying,
        reevaluations.router,
        upgrades.reading,
        upgrades.editing,
        signatures.reading,
        signatures.approving,
        demotions.reading,
        lists.router,
        sessions.asking,
        sessions.entering,
        sessions.own,
        people.anybody,
        people.router,
        keys.router,
        subjects.router,
        deliveries.router,
        feeds.reading,
        feeds.ruling,
        holds.reviewing,
        holds.lifting,
        retention.router,
        audit.router,
        operations.router,
        overview.reading,
    ):
        app.include_router(router)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    service: Service = app.state.service
    watching = asyncio.create_task(service.load.watch())
    yield
    watching.cancel()
    if service.vies is not None:
        await service.vies.client.aclose()
    service.close()


class Front:
    """Sends the hot route its requests, and gives every other answer its request id and the release in force."""

    __slots__ = ("_hot", "_inner", "_service", "pages", "rehearsal")

    def __init__(self, service: Service, inner: ASGIApp, hot: ASGIApp | None):
        self._hot = hot
        self._inner = inner
        self._service = service
        self.pages: ASGIApp | None = None
        """The console, which asks through this front as anybody else does; None: it is off."""
        self.rehearsal: ASGIApp | None = None
        """What answers test keys; None: there is no test mode."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the start and the end."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        if self.rehearsal is not None and scope["path"].startswith("/v1/") and is_test(scope):
            # Another service, with limits of its own.
            await self.rehearsal(scope, receive, send)
            return
        priority, load = priority_of(scope["method"], scope["path"]), self._service.load
        # A page of the console in this process was let in; what it asks for is a part of it.
        if priority is None or (scope["client"] and scope["client"][0] == CONSOLE):
            await self._route(scope, receive, send, _nothing)
        elif load.enter(priority):
            await self._route(scope, receive, send, load.leave)
        else:
            self._service.metrics.problems.labels("overloaded").inc()
            await send_problem(overloaded(), scope, request_id_of(dict(scope["headers"])), send)

    async def _route(self, scope: Scope, receive: Receive, send: Send, leave: Callable[[], None]) -> None:
        """`leave` is called once, when the work is done."""
        if self._hot is not None and scope["path"] == PATH and scope["method"] == "POST":
            app = self._hot
        elif self.pages is not None and (scope["path"] == PREFIX or scope["path"].startswith(_PAGES)):
            app = self.pages
        else:
            await self._answer(scope, receive, send, leave)
            return
        try:
            await app(scope, receive, send)
        finally:
            leave()

    async def _answer(self, scope: Scope, receive: Receive, send: Send, leave: Callable[[], None]) -> None:
        request_id = request_id_of(dict(scope["headers"]))
        scope.setdefault("state", {})["request_id"] = request_id
        named = (b"x-request-id", request_id.encode())
        shows_release = scope["path"].startswith("/v1/")

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"] = [*message["headers"], named, *_rate_told(scope)]
                if (
                    shows_release
                    and message["status"] < 400
                    and not any(name == b"lexgate-release" for name, _ in headers)
                ):
                    headers.append(self._service.law.header)
            await send(message)

        try:
            await within(self._service.settings.request_seconds, self._inner, (scope, receive, send_named), leave)
        except Problem as problem:
            self._service.metrics.problems.labels(problem.kind).inc()
            await send_problem(problem, scope, request_id, send, _rate_told(scope))


def _rate_told(scope: Scope) -> Pairs:
    """What the answer says of its caller's rate; nothing while nobody is known to have come."""
    told: Told | None = scope["state"].get("told")
    return () if told is None else told.rate


def _nothing() -> None:
    """Nobody was counted."""


# -- refusals -------------------------------------------------------------------------------------------------------


def respond(request: Request, problem: Problem) -> Response:
    """A problem as a response."""
    body = problem.body(instance_of(request.scope), getattr(request.state, "request_id", None))
    return Response(body, problem.status, problem.headers, MEDIA_TYPE)


async def _on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    service: Service = request.app.state.service
    service.metrics.problems.labels(problem.kind).inc()
    return respond(request, problem)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return await _on_problem(request, invalid_request(error.errors(), error.body))


def invalid_request(errors: Sequence[Mapping[str, Any]], body: object) -> Problem:
    """422 for what FastAPI found: in the body, or else in the path, the query or the headers."""
    inside = [{**error, "loc": error["loc"][1:]} for error in errors if error["loc"][0] == "body"]
    return invalid_body(inside, body) if inside else invalid_parameters(errors)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kinds = {
        405: ("method_not_allowed", "Another method is wanted here."),
        404: ("not_found", "There is no such path."),
    }
    kind, detail = kinds.get(error.status_code, ("body_refused", "The request cannot be read."))
    return await _on_problem(request, Problem(kind, detail, headers=error.headers))


async def _on_ledger(request: Request, error: Exception) -> Response:
    assert isinstance(error, LedgerError)
    _log.warning("ledger_trouble", code=error.code)
    return await _on_problem(request, problem_of(error))


async def _on_gone(_request: Request, _error: Exception) -> Response:
    return Response(status_code=499)


async def _on_fault(request: Request, error: Exception) -> Response:
    request_id = getattr(request.state, "request_id", None) or request_id_of(dict(request.scope["headers"]))
    _log.error("fault", request_id=request_id, exception=type(error).__name__, places=places(error.__traceback__))
    problem = Problem("internal_error", "It has been logged under this request id.")
    body = problem.body(instance_of(request.scope), request_id)
    return Response(body, problem.status, {"x-request-id": request_id}, MEDIA_TYPE)


_HANDLERS: Any = {
    Problem: _on_problem,
    RequestValidationError: _on_invalid,
    HTTPException: _on_http,
    LedgerError: _on_ledger,
    ClientGone: _on_gone,
    Exception: _on_fault,
}
