"""The console over the small law of the bureau, without a browser: pages as their text, each visitor with a key of the house."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp

from api.app import create_app
from api.service import Service
from tests.api.bureau import Bureau
from tests.api.client import Client

_ORIGIN = "http://testserver"


class Desk:
    """Somebody's browser, as far as it sends cookies and says where it comes from."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._runner = asyncio.Runner()
        self.browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url=_ORIGIN,
            cookies={"lexgate_session": secret}, headers={"origin": _ORIGIN},
        )  # fmt: skip

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """A page; where it sends somewhere else, nobody follows."""
        return self._runner.run(self.browser.get(path, headers=headers))

    def post(self, path: str, data: Mapping[str, str]) -> httpx.Response:
        """A form that is sent."""
        return self._runner.run(self.browser.post(path, data=data))

    def close(self) -> None:
        """Let go."""
        self._runner.run(self.browser.aclose())
        self._runner.close()


class Rooms:
    """Everybody of the bureau at a desk: `rooms["ann"]`; her calls of the interface are `rooms.bureau["ann"]`."""

    def __init__(self, folder: Path) -> None:
        self._apps: dict[int, ASGIApp] = {}
        self.bureau = Bureau(folder, self._caller)
        self._desks: dict[str, Desk] = {}

    def _app(self, service: Service) -> ASGIApp:
        return self._apps.setdefault(id(service), self._apps.get(id(service)) or create_app(service))

    def _caller(self, service: Service, *, secret: str, **_: Any) -> Client:
        return Client(self._app(service), secret)

    def __getitem__(self, who: str) -> Desk:
        if who not in self._desks:
            secret = self.bureau[who].secret
            assert secret is not None
            self._desks[who] = Desk(self._app(self.bureau.service), secret)
        return self._desks[who]

    def text(self, who: str, path: str, status: int = 200) -> str:
        """A page."""
        answer = self[who].get(f"/console{path}")
        assert answer.status_code == status, answer.text
        return answer.text

    def close(self) -> None:
        """Let everybody go; the ledger holds."""
        for desk in self._desks.values():
            desk.close()
        for person in self.bureau.people.values():
            person.close()
        assert self.bureau.service.ledger.verify().ok
        self.bureau.service.close()
