"""A socket before anything slow is done: a port that is taken is told at once."""

from __future__ import annotations

import socket

from api.commands.console import give_up


def listening(host: str, port: int) -> socket.socket:
    """The socket. Ends the command where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        give_up(f"cannot listen on {host}:{port}: {error.strerror or error}")
    listener.set_inheritable(True)
    return listener
