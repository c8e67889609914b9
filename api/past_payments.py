"""Back-tests that were asked for over HTTP: ordered, found again by any process, stopped."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from api.backtest_life import alive_in, ask_to_stop, is_alive
from api.backtest_sources import LEDGER
from api.backtesting import CHUNKS, ORDER, RESULT, BacktestJob, Order, Progress, State
from api.settings import PREFIX, Settings
from engine.packs import PackSet

AT_ONCE: Final = 2
"""Back-tests that run beside a service; more must wait for those."""
_FILE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,99}\.(csv|parquet|ndjson)", re.ASCII)
_MARK: Final = "draft"


class NoSuchSource(ValueError):
    """Neither the ledger nor a file in the folder of past payments."""


class TooMany(RuntimeError):
    """As many run as may."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A back-test as it stands."""

    id: str
    draft: str
    progress: Progress
    source: str
    domains: tuple[str, ...]
    releases: tuple[str, str]
    """Digests: what answers now, and what would."""
    ordered_at: datetime
    legal_day: date | None = None


@dataclass(slots=True)
class Backtests:
    """The back-tests of a service. Each is a folder, so that another process, or the next start, finds it."""

    settings: Settings
    at_once: int = AT_ONCE
    _jobs: dict[str, BacktestJob] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self.settings.backtests_folder

    def source(self, named: str) -> str:
        """What an order names. Raises NoSuchSource: nothing outside the folder of past payments is ever read."""
        if named == LEDGER:
            return named
        inside = self.settings.past_payments
        if inside is None or not _FILE.fullmatch(named) or not (inside / named).is_file():
            raise NoSuchSource(named)
        return str((inside / named).resolve())

    def files(self) -> list[str]:
        """The files of past payments that an order may name."""
        inside = self.settings.past_payments
        if inside is None or not inside.is_dir():
            return []
        return sorted(one.name for one in inside.iterdir() if _FILE.fullmatch(one.name) and one.is_file())

    def size(self, named: str) -> int | None:
        """Bytes of a file of past payments; None of the ledger, and of what is gone meanwhile."""
        inside = self.settings.past_payments
        if named == LEDGER or inside is None or not (inside / named).is_file():
            return None
        return (inside / named).stat().st_size

    def order(self, backtest: str, draft: str, order: Order, releases: tuple[PackSet, PackSet]) -> Standing:
        """Write a back-test down and begin it. Raises TooMany."""
        with self._turn:
            if len(self._running()) >= self.at_once:
                raise TooMany
            where = self.folder / backtest
            environment = {f"{PREFIX}DATABASE": self.settings.database}
            job = BacktestJob.ordered(where, order, *releases, environment=environment.items())
            (where / _MARK).write_text(draft)
            self._jobs[backtest] = job
            job.start()
        digests = releases[0].release.digest, releases[1].release.digest
        return Standing(
            backtest, draft, job.progress, order.source, order.domains, digests, _written(where), order.legal_day
        )

    def one(self, backtest: str) -> Standing | None:
        """A back-test as it stands."""
        where = self.folder / backtest
        if not (where / ORDER).is_file():
            return None
        written = orjson.loads((where / ORDER).read_bytes())
        order, digests = Order.read(orjson.dumps(written["order"])), (written["was"], written["now"])
        mark = where / _MARK
        source = order.source if order.source == LEDGER else Path(order.source).name
        draft = mark.read_text() if mark.is_file() else ""
        progress = self._progress(backtest, where)
        return Standing(backtest, draft, progress, source, order.domains, digests, _written(where), order.legal_day)

    def of(self, draft: str) -> list[Standing]:
        """The back-tests of a draft, the newest first."""
        marked = (path.parent.name for path in self.folder.glob(f"*/{_MARK}") if path.read_text() == draft)
        return [one for name in sorted(marked, reverse=True) if (one := self.one(name)) is not None]

    def result(self, backtest: str) -> dict[str, Any] | None:
        """What came out, where it is done."""
        path = self.folder / backtest / RESULT
        found: dict[str, Any] | None = orjson.loads(path.read_bytes()) if path.is_file() else None
        return found

    def cancel(self, backtest: str) -> None:
        """Stop after the chunk under way; what was counted is kept."""
        job = self._jobs.get(backtest)
        if job is not None and job.progress.state == "running":
            job.cancel()
        elif is_alive(self.folder / backtest):
            ask_to_stop(self.folder / backtest)

    def resume(self, backtest: str) -> None:
        """Go on where it stopped. Raises TooMany."""
        with self._turn:
            job = self._jobs.setdefault(backtest, self._found(backtest))
            running = self._running()
            if backtest in running or (job.folder / RESULT).exists():
                return
            if len(running) >= self.at_once:
                raise TooMany
            job.start()

    def close(self) -> None:
        """Stop what runs. It can be taken up again."""
        for job in self._jobs.values():
            job.cancel()
            job.wait(10)

    def _found(self, backtest: str) -> BacktestJob:
        return BacktestJob(self.folder / backtest, {f"{PREFIX}DATABASE": self.settings.database}.items())

    def _running(self) -> set[str]:
        """Those at work, whichever process of the service began them."""
        own = {name for name, job in self._jobs.items() if job.progress.state == "running"}
        return own | alive_in(self.folder)

    def _progress(self, backtest: str, where: Path) -> Progress:
        job, elsewhere = self._jobs.get(backtest), is_alive(where)
        if job is not None and (job.progress.state in ("running", "done") or not elsewhere):
            return job.progress
        state: State = "done" if (where / RESULT).is_file() else "running" if elsewhere else "stopped"
        chunks = where / CHUNKS
        return Progress(state, sum(1 for _ in chunks.glob("*.json")) if chunks.is_dir() else 0)


def _written(where: Path) -> datetime:
    """When an order was written down."""
    return datetime.fromtimestamp((where / ORDER).stat().st_mtime, UTC)
