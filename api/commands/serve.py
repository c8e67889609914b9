"""`lexgate serve`: one process, or several workers behind one socket, until it is told to stop."""

from __future__ import annotations

import asyncio
import socket

import typer

from api.commands.console import err, give_up
from api.commands.sockets import listening
from api.logs import configure, logger
from api.serving import address_of, answer, greet, hand_over, open_service
from api.settings import Settings, SettingsRefused, read_settings, unknown_variables
from api.supervisor import Sockets, Supervisor

_log = logger("lexgate.serve")


def serve(workers: int | None = None) -> None:
    """Start the service. `workers`: how many processes; None: as the settings say."""
    try:
        settings = read_settings()
    except SettingsRefused as error:
        give_up(*str(error).splitlines())
    configure(settings.log_level)
    for name in unknown_variables():
        _log.warning("setting_not_known", name=name)
    number = settings.workers if workers is None else workers
    if number > 1 and settings.database.startswith("sqlite"):
        give_up(
            f"{number} workers need a ledger on PostgreSQL (LEXGATE_DATABASE): a SQLite ledger has one writer, and two"
            " processes that write it make every hundredth answer wait for half a second. Leave --workers out"
        )
    if number > 1:
        raise typer.Exit(_supervised(settings, number))
    listener = listening(settings.host, settings.port)
    service = open_service(settings)
    greet(service, listener)
    hand_over(service)
    answer(service, [listener])


def _supervised(settings: Settings, number: int) -> int:
    """Several workers, until the last of them has ended. Returns how that went."""
    own = _own_sockets(settings, number)
    try:
        sockets = Sockets(settings.host, settings.port, number, own)
    except OSError as error:
        give_up(f"cannot listen on {settings.host}:{settings.port}: {error.strerror or error}")
    for place, one in enumerate(own, 1):
        err.print(f"Worker {place} answers on {address_of(one)} as well", soft_wrap=True)
    supervisor = Supervisor(sockets, number, seconds=settings.drain_seconds + settings.graceful_seconds)
    return asyncio.run(supervisor.run())


def _own_sockets(settings: Settings, number: int) -> tuple[socket.socket, ...]:
    """The socket of each worker, where they have some: it stays when the worker is replaced."""
    first = settings.worker_ports
    if first is None:
        return ()
    return tuple(listening(settings.host, first + place if first else 0) for place in range(number))
