"""The service ends: what was already on its way to it is answered, and no line is kept for what may never come."""

from __future__ import annotations

import asyncio

import pytest
from uvicorn.server import ServerState

from tests.api.test_time_limits import REFUSED, over_a_line, posted, refusing


def ended(*before: bytes, after: bytes = b"", refuse: bool = False) -> bytes:
    """What comes on a line after some was sent and answered, the service was told to end, and more was sent then."""
    states: list[ServerState] = []
    over: list[bool] = []

    async def work(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for piece in before:
            writer.write(piece)
            if b"\r\n\r\n" in piece:
                await (reader.readexactly(len(REFUSED)) if refuse else reader.readuntil(b"ok"))
        await asyncio.sleep(0.02)
        over.append(True)
        for line in list(states[0].connections):
            line.shutdown()
        await asyncio.sleep(0.02)
        writer.write(after)
        try:
            return await reader.read()
        except ConnectionError:
            return b"reset"

    found: bytes = over_a_line(
        work, is_ending=lambda: bool(over), keep_alive=9, into=states, **({"refuse": refusing} if refuse else {})
    )
    return found


WHOLE = posted("/")


@pytest.mark.parametrize("come", [0, 1, 20, len(WHOLE) - 3])
def test_a_first_request_that_is_on_its_way_is_answered_and_the_line_closed(come: int) -> None:
    found = ended(WHOLE[:come], after=WHOLE[come:])
    assert found.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in found
    assert found.endswith(b"ok")


def test_a_second_request_that_has_begun_is_answered() -> None:
    found = ended(WHOLE, WHOLE[:20], after=WHOLE[20:])
    assert found.startswith(b"HTTP/1.1 200 ")
    assert found.endswith(b"ok")


@pytest.mark.parametrize(("before", "refuse"), [(WHOLE, False), (posted("/full"), True)])
def test_a_line_that_was_answered_on_is_closed_at_once(before: bytes, refuse: bool) -> None:
    """Its caller keeps it for later requests, and expects that it may be gone."""
    assert ended(before, after=WHOLE, refuse=refuse) in (b"", b"reset")


@pytest.mark.parametrize("come", [b"", b"POST / HT"])
def test_who_does_not_ask_is_not_waited_for(come: bytes) -> None:
    found = ended(come)
    assert found == b"" if not come else found.startswith(b"HTTP/1.1 408 ")
