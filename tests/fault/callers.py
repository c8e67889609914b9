"""Connections that ask a real server as fast as it answers."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from api.bundled import samples
from tests.api.server import KEY, opened

_BODY = json.loads((samples() / "eu-low-value.json").read_bytes())


def not_stored(url: str, answered: dict[str, bytes]) -> list[str]:
    """Of what was answered, by id, whatever the ledger does not have byte for byte."""
    lost = []
    with opened(url) as ledger:
        for one, body in answered.items():
            stored = ledger.decision(one)
            if stored is None or stored.answer != body:
                lost.append(one)
    return lost


class Caller:
    """One connection that asks as fast as it is answered. It remembers only answers that came whole."""

    def __init__(self, port: int, name: str, answered: dict[str, bytes], *, may_refuse: bool = False) -> None:
        """`may_refuse`: an honest 503 is an answer, too."""
        self.port, self.name, self.answered, self.may_refuse = port, name, answered, may_refuse
        self.statuses: Counter[int] = Counter()

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
                status = int(head.split(b" ", 2)[1])
                self.statuses[status] += 1
                if status == 200:
                    self.answered[json.loads(body)["id"]] = body
                else:
                    assert self.may_refuse, head + body
                    assert status == 503, head + body
                    assert b"retry-after: " in head.lower(), head
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
