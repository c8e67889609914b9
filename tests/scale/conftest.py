"""Two workers of one service on the embedded PostgreSQL, started once for all tests of the room."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from engine.ledger import Ledger, verify
from engine.money import RateRow
from engine.signing import SigningKey
from tests.api.server import KEY, Server, small_world
from tests.ledger.conftest import Postgres, postgres

__all__ = ["postgres"]
READY = '"event": "workers_ready"'
SECONDS = 60
"""How long a test waits for what is stated to take ten at most: the machine may be busy."""


class Pair:
    """The service, and each of its workers by itself: "A" and "B"."""

    def __init__(self, folder: Path, url: str, **chosen: str) -> None:
        world = small_world(folder)
        # What is left of the law must pass the checks of a draft: these cases speak of countries that are not there.
        for path in ("EEA/residency.yaml", "WORLD/residency.yaml", "EEA/sca/cases.yaml"):
            Path(world["LEXGATE_RULEPACKS"], path).unlink()
        settings = {"LEXGATE_DATABASE": url, "LEXGATE_WORKER_PORTS": "0", **world, **chosen}
        self.url = url
        self.server = Server(folder, arguments=("--workers", "2"), ready=READY, **settings).wait()
        found = (re.search(r"Worker \d answers on http://127\.0\.0\.1:(\d+)", line) for line in self.server.lines)
        ports = [int(match[1]) for match in found if match is not None]
        self._ports = dict(zip("AB", ports, strict=True))

    def ask(
        self, who: str, method: str, path: str, body: Any = None, *, key: str = KEY, **headers: str
    ) -> tuple[int, Any, Any]:
        """Status, headers and the body as JSON. `who`: "A", "B" or "" for whoever takes it."""
        named = {"Authorization": f"Bearer {key}", **{name.replace("_", "-"): said for name, said in headers.items()}}
        sent = b"" if body is None else orjson.dumps(body)
        reply = self.server.call(method, path, sent, named, port=self._ports[who] if who else 0)
        return reply.status, reply.headers, orjson.loads(reply.body)

    def processes(self) -> list[int]:
        """The workers that were last said to be there, by their places."""
        known: dict[int, int] = {}
        for line in self.server.lines:
            if not line.startswith("{"):
                continue
            said = orjson.loads(line)
            if said["event"] == "workers_ready":
                known = dict(enumerate(said["processes"], 1))
            elif said["event"] in ("worker_restarted", "worker_replaced"):
                known[said["worker"]] = said["process"]
        return [known[place] for place in sorted(known)]


def until(said: Callable[[], bool], what: str) -> None:
    """Wait for what must come about."""
    end = time.monotonic() + SECONDS
    while not said():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def scale_url(postgres: Postgres) -> Iterator[str]:
    """A ledger with few rates of its own."""
    name = f"scale_{uuid4().hex}"
    url = postgres.empty(name)
    with Ledger.open(url) as ledger:
        ledger.load_rates([RateRow(date(2026, 11, 20), "USD", Decimal("1.1172"))])
    yield url
    postgres.sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def pair(scale_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two workers with a signing key."""
    folder = tmp_path_factory.mktemp("scale")
    key = folder / "signing.pem"
    key.write_bytes(SigningKey.new().pem())
    made = Pair(folder, scale_url, LEXGATE_SIGNING_KEY=str(key), LEXGATE_VERIFICATIONS=str(folder / "walks"))
    yield made
    last = made.processes()
    try:
        assert made.server.end(signal.SIGTERM) == 0, "all workers ended in order"
    finally:
        made.server.end(signal.SIGKILL)
    assert not any(map(lives, last))
    assert verify(made.url).first_bad is None


def lives(process: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
