"""How long a request may take: until its body is here, and until it is answered.

A request that is given up may still be at work, in a thread that nobody can stop, or waiting for the disk: what it does may yet
be stored. So its caller is told that it is not known; an idempotency key finds out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import logger, places
from api.problems import Problem

_log = logger("lexgate.time_limits")


def too_slow(seconds: int) -> Problem:
    """503 for a request that is not answered in time."""
    return Problem(
        "too_slow",
        f"Not done within {seconds} s. Whether anything was stored is not known: send it again under the same Idempotency-Key.",
        headers={"retry-after": "5"},
    )


async def within(seconds: int, app: ASGIApp, call: tuple[Scope, Receive, Send], ended: Callable[[], None]) -> None:
    """Let an application answer in time; an answer that was begun in time may take longer. Raises Problem 503.

    `ended` is called when the application is done, which may be after this has ended.
    """
    scope, receive, send = call
    state = _State(send)
    task = asyncio.ensure_future(_awaited(app(scope, receive, state.send)))
    task.add_done_callback(lambda _: ended())
    try:
        await asyncio.wait((task,), timeout=seconds)
        if task.done() or state.started:
            await task
            return
    except asyncio.CancelledError:
        task.cancel()
        raise
    state.over = True
    task.add_done_callback(_unheard)
    raise too_slow(seconds)


class _State:
    """Whether an answer was begun, or nobody waits for one any more."""

    __slots__ = ("_send", "over", "started")

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = self.over = False

    async def send(self, message: Message) -> None:
        if not self.over:
            self.started = True
            await self._send(message)


async def _awaited(call: Awaitable[None]) -> None:
    await call


def _unheard(task: asyncio.Future[None]) -> None:
    """What became of a request that was given up."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        _log.warning("given_up_and_failed", exception=type(error).__name__, places=places(error.__traceback__))
