"""`lexgate serve`: one process, one worker, until it is told to stop."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from types import FrameType
from typing import Final

import uvicorn

from api.accounts import first_administrator
from api.app import create_app
from api.commands.connections import connections
from api.commands.console import err, give_up
from api.commands.sockets import listening
from api.fx import RatesRefused
from api.logs import configure, logger
from api.sequence_worker.choice import NoSequenceEngine
from api.service import Service
from api.settings import Settings, SettingsRefused, read_settings, unknown_variables
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


def serve() -> None:
    """Start the service."""
    try:
        settings = read_settings()
    except SettingsRefused as error:
        give_up(*str(error).splitlines())
    configure(settings.log_level)
    for name in unknown_variables():
        _log.warning("setting_not_known", name=name)
    listener = listening(settings.host, settings.port)
    service = open_service(settings)
    _greet(service, listener)
    service.look_after_lists()
    service.watch_law()
    service.watch_rules()
    service.keep_checkpoints()
    service.index_decisions()
    service.reevaluate_nightly()
    service.deliver()
    if settings.monitor == "on":
        service.watch()
    # What was made until now stays: the collector need not look at the law again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT)
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
    Server(config, service).run(sockets=[listener])


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


class Server(uvicorn.Server):
    """Tells the balancer before it stops accepting."""

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal turns readiness to 503; the wait is over after `drain_seconds`, or at the second signal."""
        seconds = self._service.settings.drain_seconds
        if self._service.draining or seconds == 0:
            self._service.draining = True
            super().handle_exit(sig, frame)
            return
        self._service.draining = True
        _log.info("draining", seconds=seconds)
        signal.signal(signal.SIGALRM, lambda *_: uvicorn.Server.handle_exit(self, sig, None))
        signal.alarm(seconds)


def _greet(service: Service, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    release = service.packs.release
    err.print(f"Lexgate answers on {address}  (documentation: {address}/docs)", soft_wrap=True)
    if service.settings.console == "on":
        err.print(f"The console is at {address}/console", soft_wrap=True)
    err.print(f"Release {release.version} {release.digest}, {len(service.packs.packs)} packs", soft_wrap=True)
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
