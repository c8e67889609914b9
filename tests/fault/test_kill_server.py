"""kill -9 under load: whatever was answered is found afterwards, byte for byte, and the chain is whole."""

from __future__ import annotations

import asyncio
import json
import random
import signal
from pathlib import Path

import pytest

from api.bundled import samples
from engine.ledger import Ledger, verify
from tests.api.server import KEY, Server, opened, small_world

KILLS = 20
DECISIONS = 2000
CONNECTIONS = 24

_BODY = json.loads((samples() / "eu-low-value.json").read_bytes())


class Caller:
    """One connection that asks as fast as it is answered. It remembers only answers that came whole."""

    def __init__(self, port: int, name: str, answered: dict[str, bytes]) -> None:
        self.port, self.name, self.answered = port, name, answered

    async def run(self) -> None:
        """Until the connection ends."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        number = 0
        try:
            while True:
                number += 1
                writer.write(self._request(f"{self.name}-{number}"))
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = await reader.readexactly(length)
                assert head.startswith(b"HTTP/1.1 200 "), head + body
                self.answered[json.loads(body)["id"]] = body
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()

    def _request(self, reference: str) -> bytes:
        body = json.dumps({**_BODY, "reference": reference, "payer": {"id": f"payer-{self.name}"}}).encode()
        head = (
            "POST /v1/preflight HTTP/1.1\r\nHost: lexgate\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {KEY}\r\nIdempotency-Key: {reference}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


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
    report = verify(f"sqlite:///{tmp_path / 'lexgate.db'}")
    assert report.first_bad is None
    with opened(f"sqlite:///{tmp_path / 'lexgate.db'}") as ledger:
        lost = [one for one, body in answered.items() if _answer(ledger, one) != body]
    assert lost == []
    assert kills >= KILLS
    assert len(answered) >= DECISIONS


def _answer(ledger: Ledger, decision_id: str) -> bytes | None:
    stored = ledger.decision(decision_id)
    return None if stored is None else stored.answer
