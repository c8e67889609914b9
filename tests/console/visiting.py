"""A console without a browser: a service of its own, and visitors who keep their cookie."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from api.bundled import rates_file
from api.fx import read_rates
from api.service import Service
from api.settings import Settings
from engine.ledger import Ledger
from engine.money import RateTable
from tests import shipped
from tests.empty import empty_ledger

ADDRESS = "http://lexgate.test"


@contextmanager
def visited(folder: Path, **chosen: Any) -> Iterator[Service]:
    """A service on a ledger of its own."""
    settings = Settings(database=empty_ledger(folder / "lexgate.db"), **chosen)
    ledger = Ledger.open(settings.database)
    service = Service.around(settings, shipped.law(), RateTable(read_rates(rates_file())), ledger)
    ledger.remember_release(service.packs.release, service.clock())
    yield service
    service.close()


class Visitor:
    """Somebody with a browser of few words. Follows no redirect."""

    def __init__(self, service: Service, token: str | None = None) -> None:
        self.service = service
        self.cookies: dict[str, str] = {"lexgate_language": "en"} | (
            {} if token is None else {"lexgate_session": token}
        )

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        return self._ask("GET", path, headers=headers)

    def post(self, path: str, form: Mapping[str, Any]) -> httpx.Response:
        """What a form of the page would send."""
        return self._ask("POST", path, data=form, headers={"sec-fetch-site": "same-origin"})

    def sent(self, path: str, form: Mapping[str, Any]) -> str:
        """The page that answers a form at once."""
        answer = self.post(path, form)
        assert answer.status_code == 200, answer.text
        return answer.text

    def me(self) -> dict[str, Any]:
        """Who the interface says this is."""
        headers = {"authorization": f"Bearer {self.cookies['lexgate_session']}"}
        found: dict[str, Any] = self._ask("GET", "/v1/session", headers=headers, begin="").json()
        return found

    def _ask(self, method: str, path: str, *, begin: str = "/console", **sent: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(create_app(self.service))
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=self.cookies) as client:
                answer = await client.request(method, begin + path, **sent)
            self.cookies |= dict(answer.cookies)
            return answer

        return asyncio.run(ask())
