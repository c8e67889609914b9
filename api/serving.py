"""One process that answers: the service behind its sockets, until it is told to stop. Alone, or as a worker beside others."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

import uvicorn

from api.accounts import first_administrator
from api.app import create_app
from api.commands.connections import connections
from api.commands.console import err, give_up
from api.fx import RatesRefused
from api.huge_pages import collapse
from api.ledger_writer import beside
from api.logs import logger
from api.sequence_worker.choice import NoSequenceEngine
from api.service import Service
from api.settings import Settings
from api.shedder import Shedder
from engine.ledger import LedgerError
from engine.packs import PackError

_log = logger("lexgate.serve")
_BACKLOG: Final = 2048
_COLLECT: Final = (50_000, 20, 50)
"""A request leaves no circles behind: looking for them every 700 objects costs three requests in a hundred."""
_TURN_SECONDS: Final = 0.0002
"""How long the loop that decides may keep the writer of the ledger waiting for its turn. At the interpreter's own 5 ms the two
take turns like a relay, and each rests while the other runs."""


def nothing() -> None:
    """What is done where nobody waits for the start."""


def open_service(settings: Settings) -> Service:
    """The service, or an end with a sentence that says why not."""
    try:
        service = Service.open(settings)
        service.first_code = first_administrator(service.ledger, settings, service.clock())
        return service
    except PackError as error:
        give_up("the rulepacks cannot be used:", *(str(problem) for problem in error.problems))
    except (LedgerError, RatesRefused, NoSequenceEngine, OSError, ValueError) as error:
        give_up(str(error))


def answer(service: Service, sockets: Sequence[socket.socket], started: Callable[[], None] = nothing) -> None:
    """Answer on these sockets until a signal says otherwise. `started`: called once somebody can be answered."""
    settings = service.settings
    service.look_after_lists()
    service.watch_law()
    service.watch_rules()
    service.keep_checkpoints()
    service.index_decisions()
    service.reevaluate_nightly()
    service.deliver()
    service.retain()
    if settings.monitor == "on":
        service.watch()
    process = beside(settings)
    if process is not None:
        service.ledger.writer.write_beside(process)
    # What was made until now stays: the collector need not look at the law again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
    collapse()
    sys.setswitchinterval(_TURN_SECONDS)
    config = uvicorn.Config(
        create_app(service),
        loop="uvloop",
        http=connections(settings.receive_seconds, lambda: service.draining, Shedder(service)),
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=settings.graceful_seconds,
    )
    Server(config, service, started).run(sockets=list(sockets))


class Server(uvicorn.Server):
    """Tells the balancer before it stops accepting, and whoever waits once it has begun."""

    def __init__(self, config: uvicorn.Config, service: Service, started: Callable[[], None] = nothing) -> None:
        super().__init__(config)
        self._service, self._tell = service, started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to accept."""
        await super().startup(sockets)
        if self.started:
            self._tell()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM turns readiness to 503; the wait is over after `drain_seconds`, or at the second signal. SIGINT does not wait:
        another worker is there already, or a person sits before the terminal."""
        seconds = self._service.settings.drain_seconds
        if self._service.draining or seconds == 0 or sig == signal.SIGINT:
            self._service.draining = True
            super().handle_exit(sig, frame)
            return
        self._service.draining = True
        _log.info("draining", seconds=seconds)
        signal.signal(signal.SIGALRM, lambda *_: uvicorn.Server.handle_exit(self, sig, None))
        signal.alarm(seconds)


def greet(service: Service, listener: socket.socket) -> None:
    """Where it answers, and by which release."""
    address = address_of(listener)
    release = service.packs.release
    err.print(f"Lexgate answers on {address}  (documentation: {address}/docs)", soft_wrap=True)
    if service.settings.console == "on":
        err.print(f"The console is at {address}/console", soft_wrap=True)
    err.print(f"Release {release.version} {release.digest}, {len(service.packs.packs)} packs", soft_wrap=True)


def hand_over(service: Service) -> None:
    """Show what this start has made and nobody can read again: the first key, the first administrator's code."""
    if service.first_key is not None:
        err.print("This ledger had no API key. Here is one with all scopes; it is not shown again:", soft_wrap=True)
        err.print(f"    {service.first_key}", markup=False, soft_wrap=True)
        service.first_key = None
    if service.first_code is not None:
        err.print(
            "Nobody can sign in yet. Here is a one-time code for the first administrator, `admin`,", soft_wrap=True
        )
        err.print(f"good for {service.settings.setup_hours} hours, to choose a password with; it is not shown again:")
        err.print(f"    {service.first_code}", markup=False, soft_wrap=True)
        service.first_code = None


def address_of(listener: socket.socket) -> str:
    """What to type into a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
