"""HTTP connections of the service: uvicorn's, with an end to whoever connects and says nothing, says it drop by drop, or does not
fetch what was answered; and closed after the answer when the service is about to stop, so that callers go elsewhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 65_536
"""Bytes of a head that comes in pieces. One that comes whole may be as long as what is read at once: a quarter of a MB."""
LAST_SECONDS: Final = 1.0
"""For so long whoever has opened a line and not asked yet may still ask, once the service is ending: its first request would
otherwise be lost with the line, and nothing told it to go elsewhere."""
_TOO_SLOW: Final = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_LONG: Final = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


Refuse = Callable[[bytes, bytes, Sequence[tuple[bytes, bytes]]], bytes | None]
"""Of a method, a target and headers, the whole answer that is given at once: what follows of the request is passed over. None: it
is for the application."""


def nothing_refused(_method: bytes, _target: bytes, _headers: Sequence[tuple[bytes, bytes]]) -> None:
    """Everything is for the application."""


class Connection(HttpToolsProtocol):
    """One line. Whoever makes it sets `seconds`, `is_ending` and `refuse` in a class of their own."""

    seconds: float
    """Until a head is whole after its first byte, or after the line was opened; until an answer that is stuck moves again."""
    is_ending: Callable[[], bool]
    refuse: Refuse

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._in_head, self._came = False, 0
        self._is_passed_over, self._refused_at = False, 0.0
        self._alarm: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._alarm = self.loop.call_later(self.seconds, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._quiet()
        self._wake()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes. A head that is not whole after them is waited for."""
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._came += len(data)
            if self._came > LONGEST_HEAD:
                self._refuse(_TOO_LONG)
            elif self._alarm is None:
                self._alarm = self.loop.call_later(self.seconds, self._give_up)
        elif (
            self._alarm is None and not self._is_passed_over and self.cycle is not None and self.cycle.response_complete
        ):
            # The rest of a body that was answered before it was here: nobody reads it, and it must end.
            self._alarm = self.loop.call_later(self.seconds, self._give_up)

    def shutdown(self) -> None:
        """The service is ending. A line that has been answered on is closed, as its caller expects; one whose first request, or
        the rest of a head, is still on its way is answered before."""
        if self._in_head or (self.cycle is None and not self._refused_at):
            self._quiet()
            self._alarm = self.loop.call_later(min(self.seconds, LAST_SECONDS), self._give_up)
        else:
            super().shutdown()

    def on_message_begin(self) -> None:
        """The first byte of a head."""
        self._in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """A head is whole."""
        self._in_head, self._came = False, 0
        if self._alarm is not None:
            self._quiet()
        if self._was_refused():
            return
        if self._resting is not None:
            self._wake()
        super().on_headers_complete()
        if self.is_ending() and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Some of a body."""
        if not self._is_passed_over:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is whole."""
        if not self._is_passed_over:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """The caller does not fetch what is sent."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The caller fetches again."""
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
        if self.flow is not None:
            super().resume_writing()

    def _was_refused(self) -> bool:
        """Answer what is refused at once: without a task, a timer or an application. Under load that is most of what comes, and
        what a refusal costs is missing where answers are made."""
        self._is_passed_over = False
        # What another answer is made for, or what waits for a word before it sends, takes the long way.
        if self.expect_100_continue or not (self.cycle is None or self.cycle.response_complete):
            return False
        answer = self.refuse(self.parser.get_method(), self.url, self.headers)
        if answer is None:
            return False
        self._is_passed_over = True
        self.transport.write(answer)
        self._refused_at = self.loop.time()
        if not self.parser.should_keep_alive() or self.is_ending():
            self.transport.close()
        elif self._resting is None:
            self._resting = self.loop.call_later(self.timeout_keep_alive, self._rest)
        return True

    def _rest(self) -> None:
        """Close where nothing more was refused for a while: one timer for all that is."""
        self._resting = None
        left = self._refused_at + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._resting = self.loop.call_later(left, self._rest)
        elif not self.transport.is_closing():
            self.transport.close()

    def _wake(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            self._resting = None

    def _quiet(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _give_up(self) -> None:
        self._alarm = None
        if self.cycle is not None and not self.cycle.response_complete:
            # Half of the next head, while this answer is made: it is not cut off for that.
            self._alarm = self.loop.call_later(self.seconds, self._give_up)
        elif not self.transport.is_closing():
            # Whoever has said nothing at all is not waiting for an answer.
            self._refuse(_TOO_SLOW if self._came else b"")

    def _refuse(self, answer: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer)
        self.transport.close()


def connections(
    seconds: float, is_ending: Callable[[], bool] = bool, refuse: Refuse = nothing_refused
) -> type[Connection]:
    """The kind of lines of one server."""
    chosen = {"seconds": seconds, "is_ending": staticmethod(is_ending), "refuse": staticmethod(refuse)}
    return type("Line", (Connection,), chosen)
