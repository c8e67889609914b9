"""The process that writes beside a service, killed again and again under load: whoever was answered is stored, whoever may not be
is told to ask again, and the service goes on."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

from engine.ledger import verify
from tests.api.server import Server, small_world
from tests.fault.callers import Caller, not_stored

KILLS = 3
CONNECTIONS = 24

pytestmark = pytest.mark.slow


_BESIDE = re.compile(r"Process (\d+) writes decisions beside this one")


async def _next(server: Server, known: set[int]) -> int:
    """The process that writes now, another than those that were known."""
    until = time.monotonic() + 90
    while True:
        found = {int(one[1]) for line in server.lines if (one := _BESIDE.search(line))} - known
        if found:
            return found.pop()
        assert time.monotonic() < until, "it never came again"
        await asyncio.sleep(0.05)


async def _load(server: Server, answered: dict[str, bytes], kills: int) -> None:
    chance = random.Random(20261128)
    callers = [Caller(server.port, f"w-{number}", answered, may_refuse=True) for number in range(CONNECTIONS)]
    tasks = [asyncio.create_task(caller.run()) for caller in callers]
    known: set[int] = set()
    for _ in range(kills):
        victim = await _next(server, known)
        known.add(victim)
        await asyncio.sleep(chance.uniform(0.1, 1))
        os.kill(victim, signal.SIGKILL)
        before = len(answered)
        until = time.monotonic() + 30
        while len(answered) < before + CONNECTIONS:
            assert time.monotonic() < until, "it answers nobody any more"
            await asyncio.sleep(0.05)
    await _next(server, known)
    await asyncio.sleep(1)
    server.process.send_signal(signal.SIGTERM)
    await asyncio.gather(*tasks)


def test_whoever_was_answered_is_stored(tmp_path: Path) -> None:
    answered: dict[str, bytes] = {}
    server = Server(tmp_path, **small_world(tmp_path), LEXGATE_WRITER="beside").wait()
    try:
        asyncio.run(_load(server, answered, KILLS))
    finally:
        server.end()
    assert len([line for line in server.lines if "was lost" in line]) >= KILLS, "each was told"
    url = f"sqlite:///{tmp_path / 'lexgate.db'}"
    assert verify(url).first_bad is None
    assert not_stored(url, answered) == []
