"""`python -m api.serve_worker PLACE TOLD SOCKET...`: one of several workers, started by a supervisor that it does not outlive.

It inherits its sockets, that of the common address first, and says on the pipe TOLD that it answers. Standard input is a line on
which nothing is said: its end means that the supervisor is gone.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import typer

from api.logs import configure, hooks
from api.service import Service
from api.serving import answer, greet, hand_over, open_service
from api.settings import Settings, read_settings

READY: Final = b"ready\n"
FIRST: Final = 1
"""The place of the worker that is started before the others: it says where the service answers."""
Opened = Callable[[Settings], Service]


@dataclass(frozen=True, slots=True)
class Post:
    """What a worker is told at its start."""

    place: int
    told: int
    """The pipe on which it says that it answers."""
    sockets: tuple[int, ...]

    @classmethod
    def read(cls, arguments: list[str]) -> Post:
        """As the supervisor writes it."""
        place, told, *sockets = map(int, arguments)
        return cls(place, told, tuple(sockets))

    def arguments(self) -> list[str]:
        """As it is read."""
        return [str(number) for number in (self.place, self.told, *self.sockets)]


def main(arguments: list[str], opened: Opened = open_service) -> int:
    """Answer until told otherwise. 0; 2 where the start failed, as for `lexgate serve`."""
    post = Post.read(arguments)
    threading.Thread(target=_end_with_supervisor, name="lexgate-line", daemon=True).start()
    settings = read_settings()
    configure(settings.log_level, post.place)
    sockets = [socket.socket(fileno=number) for number in post.sockets]
    try:
        service = opened(settings)
    except typer.Exit as refused:
        return refused.exit_code
    if post.place == FIRST:
        greet(service, sockets[0])
    hand_over(service)
    try:
        answer(service, sockets, lambda: _tell(post.told))
    except KeyboardInterrupt:
        # uvicorn raises the signal again that ended it: the supervisor's word that another worker has taken over.
        return 0
    return 0


def _tell(told: int) -> None:
    os.write(told, READY)
    os.close(told)


def _end_with_supervisor() -> None:
    """Nobody would restart or stop a worker that has lost its supervisor."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    hooks()
    sys.exit(main(sys.argv[1:]))
