"""The console in a process of its own: it shows what an interface at an address answers, and says so when there is none."""

from __future__ import annotations

import asyncio

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from api.commands.pages import alone
from api.console.backend import Backend


async def _session(request: Request) -> JSONResponse:
    if request.headers.get("authorization") != "Bearer lx_known":
        return JSONResponse({"title": "Unauthenticated", "status": 401}, 401)
    caller = {"id": "key_1", "kind": "key", "name": "desk", "display_name": "Desk", "roles": [], "scopes": ["read"]}
    return JSONResponse({"caller": caller, "expires_at": None})


def _asked(backend: Backend, path: str, **more: object) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(alone(backend))
        async with httpx.AsyncClient(transport=transport, base_url="http://console.example") as client:
            return await client.get(path, **more)  # type: ignore[arg-type]

    return asyncio.run(ask())


def test_its_first_page_is_the_console():
    answer = _asked(Backend.inside(Starlette()), "/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/console")


def test_somebody_whom_the_interface_does_not_know_is_asked_to_sign_in():
    interface = Starlette(routes=[Route("/v1/session", _session)])
    answer = _asked(Backend.inside(interface), "/console/drafts/x", headers={"cookie": "lexgate_session=lx_other"})
    assert answer.status_code in (303, 404)
    answer = _asked(Backend.inside(interface), "/console", headers={"cookie": "lexgate_session=lx_other"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in?then=%2Fconsole")


def test_an_interface_that_cannot_be_reached_is_told_and_nothing_is_shown():
    nowhere = Backend.at("http://127.0.0.1:1")
    answer = _asked(nowhere, "/console", headers={"cookie": "lexgate_session=lx_known"})
    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
