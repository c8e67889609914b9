"""How long a request may take: until its body is here, and until it is answered.

A request that is given up may still be at work, in a thread that nobody can stop, or waiting for the disk: what it does may yet
be stored. So its caller is told that it is not known; an idempotency key finds out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.logs import logger, places
from api.problems import Problem

_log = logger("lexgate.time_limits")
LOOK_SECONDS: Final = 0.25


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


class Deadlines:
    """One alarm clock for the requests of an event loop. A timer for each would cost the hot route more than all other limits
    together; so the clock looks four times a second, and whoever is over is ended by the next look."""

    __slots__ = ("_alarm", "_due", "_loop", "_over")

    def __init__(self) -> None:
        self._due: dict[asyncio.Task[Any], float] = {}
        self._over: set[asyncio.Task[Any]] = set()
        self._alarm: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def begin(self, seconds: float) -> tuple[asyncio.Task[Any], float | None]:
        """From now on the task at hand has so long. Returns what `end` wants; there is always an end."""
        task = asyncio.current_task()
        assert task is not None, "requests are tasks"
        before = self._due.get(task)
        self._due[task] = time.monotonic() + seconds
        loop = task.get_loop()
        if self._alarm is None or self._loop is not loop:
            self._loop = loop
            self._alarm = loop.call_later(LOOK_SECONDS, self._look)
        return task, before

    def end(self, begun: tuple[asyncio.Task[Any], float | None]) -> None:
        """What had so long is over; what it was a part of has what is left of its own time."""
        task, before = begun
        if before is None:
            self._due.pop(task, None)
        else:
            self._due[task] = before

    def is_over(self, begun: tuple[asyncio.Task[Any], float | None]) -> bool:
        """Whether a task was cancelled by this clock, and by nobody else. Asked once, by whoever was cancelled."""
        task = begun[0]
        if task not in self._over:
            return False
        self._over.discard(task)
        return task.uncancel() == 0

    def _look(self) -> None:
        now = time.monotonic()
        for task, due in list(self._due.items()):
            if due <= now and task.get_loop() is self._loop:
                del self._due[task]
                self._over.add(task)
                task.cancel()
        self._alarm = None
        if self._due and self._loop is not None:
            self._alarm = self._loop.call_later(LOOK_SECONDS, self._look)


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
