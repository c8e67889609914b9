"""Routes of FastAPI behind the same door as the hot one: key and scope, media type, size, strict JSON, no card data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from api.admission import Admitted, Bounds, Told, Wish, read_body, received
from api.bodies import LARGE, parse, require_json
from api.denials import Denial, Why
from api.key_limits import is_limited, require_reach
from api.languages import best_language
from api.problems import Problem
from api.service import Service
from api.sources import source_of
from engine.ledger import ApiKey, Scope

SCHEME = "ApiKey"
"""Its name in the document."""

_SMALL: Final = 16_384
"""Bytes of a body from somebody who is not known."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Guarded(APIRoute):
    """A route that is entered with a key of one scope. What was admitted lies in `request.state`."""

    wanted: Scope | None
    """None: whoever was let in may."""
    otherwise: Scope | None = None
    """Another scope that opens it as well; what the key may then do the route itself looks at."""
    lists = False
    """Whether a list may stand where the other routes want an object."""
    national = False
    """Whether bodies consist of identity or tax numbers."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        told = options.pop("openapi_extra", None) or {}
        scopes = [one.value for one in (self.wanted, self.otherwise) if one is not None]
        security: list[dict[str, list[str]]] = [{SCHEME: [one]} for one in scopes] or [{SCHEME: []}]
        super().__init__(path, endpoint, openapi_extra={**told, "security": security}, **options)

    def get_route_handler(self) -> _Handler:
        """FastAPI's own handler, behind the door."""
        inner = super().get_route_handler()
        reads_json, wish = self.body_field is not None, Wish(self.wanted, self.path_format, self.otherwise)
        read = partial(parse, lists=self.lists, national=self.national)

        async def handle(request: Request) -> Response:
            service: Service = request.app.state.service
            headers = dict(request.scope["headers"])
            source = source_of(request.scope, headers, service.settings.trusted_networks)
            # The front puts into the answer what this comes to hold, whatever the answer is.
            told = request.state.told = Told()
            # Whoever may not come in is told so before a byte of the body is read.
            key = await service.door.authenticate(headers.get(b"authorization"), wish.wanted, wish.otherwise, source)
            told.rate = service.rates_of_keys.charge(key)
            if is_limited(key.terms):
                await _within_reach(service, key, wish.route, request)
            if reads_json:
                admitted = await received(service, headers, request.receive, wish, key)
                request.state.admitted, request.state.key = admitted, admitted.key
                body = admitted.body
                tree = read(body) if len(body) < LARGE else await asyncio.to_thread(read, body)
                # Read once, and by the strict parser: FastAPI finds both where it would have put them itself.
                request._body, request._json = body, tree
            else:
                request.state.key = key
            return await inner(request)

        return handle


async def _within_reach(service: Service, key: ApiKey, route: str, request: Request) -> None:
    try:
        await require_reach(service.ledger, key, route, request.method, request.path_params)
    except Problem:
        service.door.deny(Denial(Why.LIMITS, key.id, _source(request)))
        raise


class Open(APIRoute):
    """A route that anybody may enter, since whoever comes has no key yet. Its body is read as strictly as any other."""

    def get_route_handler(self) -> _Handler:
        """FastAPI's own handler, behind a careful look at the body."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            service: Service = request.app.state.service
            headers = dict(request.scope["headers"])
            require_json(headers.get(b"content-type"))
            settings = service.settings
            bounds = Bounds(min(_SMALL, settings.max_body_bytes), settings.receive_seconds)
            body = await read_body(service, headers, request.receive, bounds)
            request._body, request._json = body, parse(body)
            return await inner(request)

        return handle


def needs(
    scope: Scope | None, *, otherwise: Scope | None = None, lists: bool = False, national: bool = False
) -> type[APIRoute]:
    """The class of routes that want a key with this scope, or the other one; None: any key. `lists`: their bodies may be lists;
    `national`: they consist of identity or tax numbers."""
    options = {"wanted": scope, "otherwise": otherwise, "lists": lists, "national": national}
    return type(f"Guarded{'' if scope is None else scope.name.title()}", (_Guarded,), options)


def _service(request: Request) -> Service:
    found: Service = request.app.state.service
    return found


def _admitted(request: Request) -> Admitted:
    found: Admitted = request.state.admitted
    return found


def _key(request: Request) -> ApiKey:
    found: ApiKey = request.state.key
    return found


_Wanted = Annotated[
    str | None, Header(alias="Accept-Language", description="Language of the sentences; codes never change.")
]


def _locale(service: Annotated[Service, Depends(_service)], accept_language: _Wanted = None) -> str | None:
    wanted = accept_language.encode("latin-1", "replace") if accept_language else None
    return best_language(wanted, service.packs.languages)


def _source(request: Request) -> str:
    service: Service = request.app.state.service
    return source_of(request.scope, dict(request.scope["headers"]), service.settings.trusted_networks)


Source = Annotated[str, Depends(_source)]
"""The address of the caller."""
Serving = Annotated[Service, Depends(_service)]
Entered = Annotated[Admitted, Depends(_admitted)]
Caller = Annotated[ApiKey, Depends(_key)]
Locale = Annotated[str | None, Depends(_locale)]
"""The language the Accept-Language header asks for, of those there are."""
