"""kill -9 under load: whatever was answered is found afterwards, byte for byte, and the chain is whole."""

from __future__ import annotations

import asyncio
import random
import signal
from pathlib import Path

import pytest

from engine.ledger import verify
from tests.api.server import Server, small_world
from tests.fault.callers import Caller, not_stored

KILLS = 20
DECISIONS = 2000
CONNECTIONS = 24


async def _load_until_killed(server: Server, round_: int, answered: dict[str, bytes], seconds: float) -> None:
    names = [f"{round_}-{number}" for number in range(CONNECTIONS)]
    callers = [asyncio.create_task(Caller(server.port, name, answered).run()) for name in names]
    await asyncio.sleep(seconds)
    server.process.send_signal(signal.SIGKILL)
    await asyncio.gather(*callers)


@pytest.mark.slow
def test_nothing_answered_is_lost(tmp_path: Path) -> None:
    rolled = random.Random(20261122)
    answered: dict[str, bytes] = {}
    kills = 0
    while kills < KILLS or len(answered) < DECISIONS:
        assert kills < KILLS * 2, f"only {len(answered)} decisions in {kills} rounds"
        server = Server(tmp_path, **small_world(tmp_path)).wait()
        asyncio.run(_load_until_killed(server, kills, answered, rolled.uniform(0.1, 0.6)))
        assert server.end(signal.SIGKILL) == -signal.SIGKILL
        kills += 1
    url = f"sqlite:///{tmp_path / 'lexgate.db'}"
    assert verify(url).first_bad is None
    assert not_stored(url, answered) == []
    assert kills >= KILLS
    assert len(answered) >= DECISIONS
