"""Sockets before anything slow is done: a port that is taken is told at once."""

from __future__ import annotations

import socket

from api.commands.console import give_up


def listening(host: str, port: int) -> socket.socket:
    """The socket. Ends the command where the port is taken."""
    try:
        return bound(host, port)
    except OSError as error:
        give_up(f"cannot listen on {host}:{port}: {error.strerror or error}")


def bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket at an address. `shared`: others may be bound to the same one, and the kernel deals out callers among those that
    listen. Raises OSError."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.set_inheritable(True)
    return listener
