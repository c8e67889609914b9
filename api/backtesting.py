"""Back-tests as work: what is ordered, done here or in a process of its own, watched, stopped and taken up again.

An order is a folder: `order.json`, the two releases as files that carry their digests as names, `chunks/` with what has been
counted, and in the end `result.json`. Who finds the folder can go on from it, and ends in the same bytes.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from api import backtest_life
from api.backtest_folder import CHUNKS, ORDER, RESULT, Folder, OtherBacktest, keep_release, put, release_in
from api.backtest_sources import Decided, Opened, Wanted, decided, is_stored, open_file, open_ledger
from api.current_rates import current_rates
from api.settings import Settings
from engine.backtest import NOBODY, Bench, Kept, NothingKept, Releases, Watch, count, identity, result
from engine.ledger import Ledger
from engine.money import RateTable
from engine.packs import PackSet
from engine.packs.release import digest_of

State = Literal["waiting", "running", "done", "failed", "stopped"]

NICE: Final = 10
"""A back-test gives way to whoever waits for an answer."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked: of which payments, in which domains, under the law of which day (None: each payment's own)."""

    source: str
    """`ledger`, `archive:` with the folder of an archive, or the path of a file."""
    domains: tuple[str, ...]
    wanted: Wanted = field(default_factory=Wanted)
    legal_day: date | None = None
    full: bool = False
    """Ask both releases of every payment, also where they hold the same law."""
    locale: str = "en"

    def json(self) -> bytes:
        """As it is written down."""
        return orjson.dumps(asdict(self))

    @classmethod
    def read(cls, text: bytes) -> Order:
        """As it was written down."""
        tree = orjson.loads(text)
        first, last, day = tree["wanted"]["first"], tree["wanted"]["last"], tree["legal_day"]
        wanted = Wanted(_day(first), _day(last), tree["wanted"]["limit"])
        order = cls(tree["source"], tuple(tree["domains"]), wanted, _day(day))
        return replace(order, full=tree["full"], locale=tree["locale"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class World:
    """What a back-test needs beside the candidate: the active release, the rates, and stored decisions where they are the
    source."""

    active: PackSet
    rates: RateTable
    rates_digest: str
    ledger: Decided | None = None


def world_of(active: PackSet, ledger: Ledger, settings: Settings, source: str) -> World:
    """The world as a ledger knows it now. Raises ArchiveRefused where the source is an archive, and there is none."""
    rates = current_rates(ledger, settings)
    rows = sorted((row.on.isoformat(), row.currency, str(row.per_euro)) for row in ledger.rates())
    digest = digest_of(orjson.dumps([rows, settings.fx_max_age_days]))
    return World(active, rates, digest, decided(source, ledger))


def run_backtest(
    order: Order, candidate: PackSet, world: World, *, folder: Path | None = None, watch: Watch = NOBODY
) -> dict[str, Any]:
    """The body of a back-test, JSON-ready. With a folder, what was counted there before is taken up.

    Raises BadTable for a file that cannot be read, OtherBacktest for a folder with other work, and Stopped.
    """
    bench = Bench(world.active, order.domains, world.rates, order.legal_day)
    releases = Releases.of(bench, candidate, full=order.full)
    opened = _open(order, world)
    kept: Kept = NothingKept() if folder is None else Folder(folder, identity(releases, opened.source, opened.size))
    counted = count(opened.chunks, releases, kept, watch)
    return result(counted, releases, opened.source, world.active.words(order.locale))


def _open(order: Order, world: World) -> Opened:
    if not is_stored(order.source):
        return open_file(Path(order.source), order.wanted, world.rates_digest)
    if world.ledger is None:
        raise ValueError("stored decisions are asked for, and no ledger is given")
    return open_ledger(world.ledger, order.wanted, world.rates_digest)


# -- in a process of its own ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a back-test is."""

    state: State
    chunks: int = 0
    payments: int = 0
    detail: str = ""
    """Why it failed, in one sentence."""


class BacktestJob:
    """A back-test in a process of its own, which gives way to everybody else. Started again in its folder, it goes on."""

    def __init__(
        self, folder: Path, environment: Iterable[tuple[str, str]] = (), *, worker: str = "api.backtest_worker"
    ):
        self.folder = folder
        self._worker = worker
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._progress = Progress("done" if (folder / RESULT).exists() else "waiting")

    @classmethod
    def ordered(
        cls,
        folder: Path,
        order: Order,
        active: PackSet,
        candidate: PackSet,
        environment: Iterable[tuple[str, str]] = (),
    ) -> BacktestJob:
        """Write an order down. `environment`: settings that the process reads beside this one's."""
        folder.mkdir(parents=True, exist_ok=True)
        digests = {"was": keep_release(folder, active), "now": keep_release(folder, candidate)}
        put(folder / ORDER, orjson.dumps({"order": orjson.loads(order.json()), **digests}))
        return cls(folder, environment)

    def start(self) -> None:
        """Begin, or go on."""
        cpus = max(1, (os.cpu_count() or 2) // 2)
        environment = {**os.environ, "POLARS_MAX_THREADS": str(cpus), **self._environment}
        command = [sys.executable, "-m", self._worker, str(self.folder)]
        self._progress = Progress("running")
        backtest_life.begin(self.folder)
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)  # noqa: S603  our own module
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def cancel(self) -> None:
        """Let it stop after the chunk under way. What was counted is kept."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self, seconds: float | None = None) -> Progress:
        """Until it has ended, or the time is over."""
        if self._reader is not None:
            self._reader.join(seconds)
        return self._progress

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._progress

    def result(self) -> dict[str, Any] | None:
        """The body, where it is done."""
        path = self.folder / RESULT
        found: dict[str, Any] | None = orjson.loads(path.read_bytes()) if path.exists() else None
        return found

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        with process:  # closes its end of the pipe, and waits for it
            for line in process.stdout or ():
                self._progress = Progress(**orjson.loads(line))
        backtest_life.end(self.folder)
        if self._progress.state == "running":
            self._progress = replace(
                self._progress, state="failed", detail=f"The process ended with {process.returncode}."
            )


__all__ = [
    "CHUNKS",
    "ORDER",
    "RESULT",
    "BacktestJob",
    "Order",
    "OtherBacktest",
    "Progress",
    "World",
    "put",
    "release_in",
    "run_backtest",
    "world_of",
]
