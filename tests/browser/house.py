"""A whole Lexgate with its console in a thread of this process, on a ledger of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from api.app import create_app
from api.bundled import rates_file
from api.fx import read_rates
from api.master_key import MasterKey
from api.service import Clock, Service, utc_now
from api.settings import Settings
from engine.ledger import Ledger, Scope
from engine.ledger.roles import SCOPES
from engine.money import RateTable
from tests import shipped
from tests.empty import empty_ledger

ROLES: dict[str, tuple[str, ...]] = {role.value: tuple(sorted(scopes)) for role, scopes in SCOPES.items()}
"""What people of a role may do."""


class House:
    """The running service, on a new ledger or on that which the folder has. `key(role)` is the API key of somebody with that
    role; `api` calls it with all scopes. `opened`: when it began, for one that is to have a past; its ledger goes by the
    clock of the service."""

    def __init__(self, folder: Path, *, opened: datetime | None = None, **chosen: Any) -> None:
        path = folder / "lexgate.db"
        settings = Settings(database=f"sqlite:///{path}" if path.exists() else empty_ledger(path), **chosen)
        begun: Clock = utc_now if opened is None else lambda: opened
        now = begun
        ledger = Ledger.open(settings.database, clock=lambda: now())
        MasterKey(settings).protect(ledger)
        rates = RateTable(read_rates(rates_file()))
        self.service = Service.around(settings, shipped.law(), rates, ledger, begun)
        now = lambda: self.service.clock()  # noqa: E731
        ledger.remember_release(self.service.packs.release, self.service.clock())
        self.service.rehearse()
        self._keys: dict[str, str] = {}
        listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(self.service), log_config=None, access_log=False, timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        self.api = httpx.Client(
            base_url=self.address, headers={"Authorization": f"Bearer {self.key('all', Scope)}"}, timeout=60
        )
        self.service.clock = utc_now

    def key(self, name: str, scopes: Iterable[str] | None = None) -> str:
        """The secret of the key of this name; made when it is first asked for, with the scopes of the role of that name
        (`officer`, or `officer-2` for a second one) or those given."""
        if name not in self._keys:
            wanted = ROLES[name.partition("-")[0]] if scopes is None else scopes
            self._keys[name] = self.service.ledger.keys.create(wanted, name)[1]
        return self._keys[name]

    def as_(self, name: str) -> httpx.Client:
        """Calls the interface as somebody of a role."""
        return httpx.Client(base_url=self.address, headers={"Authorization": f"Bearer {self.key(name)}"}, timeout=60)

    def close(self) -> None:
        """End it."""
        self.api.close()
        self._server.should_exit = True
        self._thread.join(timeout=30)
