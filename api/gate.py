"""Routes of FastAPI behind the same door as the hot one: key and scope, media type, size, strict JSON, no card data."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from api.admission import Admitted, admit
from api.bodies import LARGE, parse
from api.languages import best_language
from api.service import Service
from engine.ledger import ApiKey, Scope

SCHEME = "ApiKey"
"""Its name in the document."""

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Guarded(APIRoute):
    """A route that is entered with a key of one scope. What was admitted lies in `request.state`."""

    wanted: Scope
    otherwise: Scope | None = None
    """Another scope that opens it as well; what the key may then do the route itself looks at."""
    lists = False
    """Whether a list may stand where the other routes want an object."""
    national = False
    """Whether bodies consist of identity or tax numbers."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        told = options.pop("openapi_extra", None) or {}
        scopes = [one.value for one in (self.wanted, self.otherwise) if one is not None]
        super().__init__(
            path, endpoint, openapi_extra={**told, "security": [{SCHEME: [one]} for one in scopes]}, **options
        )

    def get_route_handler(self) -> _Handler:
        """FastAPI's own handler, behind the door."""
        inner = super().get_route_handler()
        reads_json, wanted, path, otherwise = self.body_field is not None, self.wanted, self.path_format, self.otherwise
        read = partial(parse, lists=self.lists, national=self.national)

        async def handle(request: Request) -> Response:
            service: Service = request.app.state.service
            headers = dict(request.scope["headers"])
            if reads_json:
                admitted = await admit(service, headers, request.receive, wanted, path, otherwise)
                request.state.admitted, request.state.key = admitted, admitted.key
                body = admitted.body
                tree = read(body) if len(body) < LARGE else await asyncio.to_thread(read, body)
                # Read once, and by the strict parser: FastAPI finds both where it would have put them itself.
                request._body, request._json = body, tree
            else:
                request.state.key = await service.door.authenticate(headers.get(b"authorization"), wanted, otherwise)
            return await inner(request)

        return handle


def needs(
    scope: Scope, *, otherwise: Scope | None = None, lists: bool = False, national: bool = False
) -> type[APIRoute]:
    """The class of routes that want a key with this scope, or the other one. `lists`: their bodies may be lists of objects;
    `national`: they consist of identity or tax numbers."""
    options = {"wanted": scope, "otherwise": otherwise, "lists": lists, "national": national}
    return type(f"Guarded{scope.name.title()}", (_Guarded,), options)


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


Serving = Annotated[Service, Depends(_service)]
Entered = Annotated[Admitted, Depends(_admitted)]
Caller = Annotated[ApiKey, Depends(_key)]
Locale = Annotated[str | None, Depends(_locale)]
"""The language the Accept-Language header asks for, of those there are."""
