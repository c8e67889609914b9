"""`lexgate console`: the pages in a process of their own, over an interface at an address."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route

from api.commands.connections import connections
from api.commands.console import err, give_up
from api.commands.sockets import listening
from api.console.app import console
from api.console.backend import Backend
from api.console.routing import PREFIX
from api.logs import configure

_GRACE_SECONDS: Final = 10
_RECEIVE_SECONDS: Final = 10
"""As long as the service waits by default."""


def pages(address: str, host: str, port: int) -> None:
    """Serve the console until told to stop."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        give_up(f"{address} is no address of an interface: https://lexgate.example")
    configure("info")
    listener = listening(host, port)
    own = listener.getsockname()
    shown = f"[{own[0]}]:{own[1]}" if ":" in own[0] else f"{own[0]}:{own[1]}"
    err.print(f"The console is at http://{shown}{PREFIX}, over {address}", soft_wrap=True)
    config = uvicorn.Config(
        alone(Backend.at(address.rstrip("/"))),
        loop="uvloop",
        http=connections(_RECEIVE_SECONDS),
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def alone(backend: Backend) -> Starlette:
    """The console and nothing else; its first page is the first of the address."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await backend.close()

    async def first(_request: Request) -> Response:
        return RedirectResponse(PREFIX, 307)

    async def lives(_request: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [Route("/", first), Route("/healthz", lives), Mount("", console(backend))]
    return Starlette(routes=routes, lifespan=lifespan)
