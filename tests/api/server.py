"""A real `lexgate serve` in a process of its own, and a small HTTP caller for it."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from api.bundled import rulepacks
from api.master_key import MasterKey
from api.settings import Settings
from engine.ledger import Ledger
from engine.money import RateRow
from tests.house.source import ROOT

KEY = "lx_serve_0123456789"
READY = "Application startup complete"
_ADDRESS = re.compile(r"Lexgate answers on http://127\.0\.0\.1:(\d+)")


def lists() -> list[str]:
    """The lists that the law of the whole world asks for."""
    return sorted(path.name for path in rulepacks().iterdir() if path.name.startswith(("EMBARGO-", "FATF-")))


def small_world(folder: Path) -> dict[str, str]:
    """Settings for a quick start: the law of one region, and a ledger with a few rates of its own."""
    law = folder / "law"
    if not law.exists():
        for code in ("WORLD", "EEA", *lists()):
            shutil.copytree(rulepacks() / code, law / code)
        with Ledger.open(f"sqlite:///{folder / 'lexgate.db'}") as ledger:
            ledger.load_rates([RateRow(date(2026, 11, 20), "USD", Decimal("1.1172"))])
    return {"LEXGATE_RULEPACKS": str(law)}


def opened(url: str, master_key: Path | None = None) -> Ledger:
    """The ledger of a service, opened with the master key of the service. Where it lies, if not beside the ledger."""
    ledger = Ledger.open(url)
    MasterKey(Settings(database=url, master_key=master_key)).unlock(ledger)
    return ledger


class Server:
    """The process. What it says on standard error is kept."""

    def __init__(
        self, folder: Path, *, key: str | None = KEY, arguments: Sequence[str] = (), ready: str = READY, **chosen: str
    ) -> None:
        """`ready`: what it says once it answers."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LEXGATE_")}
        environment |= {
            "LEXGATE_DATABASE": f"sqlite:///{folder / 'lexgate.db'}",
            "LEXGATE_PORT": "0",
            "COLUMNS": "200",
            **({"LEXGATE_BOOTSTRAP_KEY": key} if key else {}),
            **chosen,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api", "serve", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self.port = 0
        self._ready_line = ready
        self._ready = threading.Event()
        self._readers = [threading.Thread(target=self._listen, args=(stream,)) for stream in self._streams()]
        for reader in self._readers:
            reader.start()

    def _streams(self) -> list[IO[str]]:
        return [stream for stream in (self.process.stdout, self.process.stderr) if stream is not None]

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.append(line.rstrip("\n"))
            found = _ADDRESS.search(line)
            if found:
                self.port = int(found[1])
            if self._ready_line in line:
                self._ready.set()

    def wait(self, seconds: float = 180) -> Server:
        """Until it answers."""
        until = time.monotonic() + seconds
        while not (self._ready.wait(0.05) and self._listens()):
            assert self.process.poll() is None, "\n".join(self.lines)
            assert time.monotonic() < until, "\n".join(self.lines)
        return self

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except ConnectionRefusedError:
            return False
        return True

    def end(self, how: int = signal.SIGTERM) -> int:
        """Stop it, and say how it ended."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout=180)
        for reader in self._readers:
            reader.join()
        for stream in self._streams():
            stream.close()
        return status

    def answered(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Any:
        """As `call`, asked again for as long as it says to come again: a process that has just begun, on a machine that has much
        else to do, may be late and say so."""
        until = time.monotonic() + 60
        while (reply := self.call(method, path, body, headers)).status == 503 and time.monotonic() < until:
            time.sleep(int(reply.getheader("retry-after")))
        return reply

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None, *, port: int = 0
    ) -> Any:
        """One request: the response, with its `body`. `port`: another than that of the service."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        named = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **(headers or {})}
        try:
            connection.request(method, path, body, named)
            response: Any = connection.getresponse()
            response.body = response.read()
            return response
        finally:
            connection.close()
