"""The floor: what the same server does when it only reads JSON and writes it back."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def echo(request: Request) -> JSONResponse:
    """The body, parsed and written again."""
    return JSONResponse(await request.json())


app = Starlette(routes=[Route("/v1/preflight", echo, methods=["POST"])])
