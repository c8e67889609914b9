"""Re-evaluations that were made here: begun by the clock or by hand, each a folder that any process finds."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from api.backtest_files import Wanted
from api.backtest_folder import ORDER, RESULT, keep_release, put, release_file, release_in
from api.backtest_life import alive_in, is_alive
from api.backtesting import BacktestJob, Progress, State
from api.reevaluating import Reevaluation
from api.settings import PREFIX, Settings
from engine.packs import PackSet

RUNS, NIGHTS, RELEASES = "runs", "nights", "releases"
WORKER: Final = "api.reevaluation_worker"
KEPT: Final = 400
"""Re-evaluations of which is remembered what came of them: more than a year of nights."""


@dataclass(frozen=True, slots=True)
class Run:
    """A re-evaluation as it stands."""

    id: str
    state: State
    began: str
    release: str
    chunks: int = 0
    decisions: int = 0
    detail: str = ""
    result: dict[str, Any] | None = None


def ordered(folder: Path, run: str, asked: Reevaluation, began: datetime) -> Path:
    """Write down what is asked. Returns the folder of the run."""
    releases = folder / RELEASES
    releases.mkdir(parents=True, exist_ok=True)
    where = folder / RUNS / run
    where.mkdir(parents=True)
    told = asked.wanted.told()
    tree = {
        "release": keep_release(releases, asked.packs), "from": told["from"], "to": told["to"],
        "began": began.isoformat(),
    }  # fmt: skip
    put(where / ORDER, orjson.dumps(tree))
    return where


def asked_in(where: Path) -> Reevaluation:
    """What a run asks. Raises ValueError where the release is not what its name says, and OSError."""
    tree = orjson.loads((where / ORDER).read_bytes())
    days = [date.fromisoformat(tree[key]) if tree[key] else None for key in ("from", "to")]
    return Reevaluation(release_in(where.parents[1] / RELEASES, tree["release"]), Wanted(*days))


def done(where: Path, body: dict[str, Any], ended: datetime) -> dict[str, Any]:
    """Write down what came of a run, and forget what nobody asks for any more."""
    tree = orjson.loads((where / ORDER).read_bytes())
    whole = {"id": where.name, "began": tree["began"], "ended": ended.isoformat(), **body}
    put(where / RESULT, orjson.dumps(whole, option=orjson.OPT_INDENT_2))
    for old in sorted(where.parent.iterdir())[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    kept = release_file(tree["release"])
    for release in where.parents[1].joinpath(RELEASES).glob("*.release"):
        if release.name != kept:
            release.unlink(missing_ok=True)
    return whole


@dataclass(slots=True)
class Reevaluations:
    """The re-evaluations of a service. Those begun elsewhere, on the command line or by another process, are among them."""

    settings: Settings
    _jobs: dict[str, BacktestJob] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def folder(self) -> Path:
        """Where they are kept."""
        return self.settings.reevaluations_folder

    def begin(self, run: str, packs: PackSet, began: datetime) -> None:
        """Ask everything again, in a process of its own that gives way. Nothing happens while another such one runs,
        whichever process began it."""
        with self._turn:
            if self._jobs_run() or alive_in(self.folder / RUNS):
                return
            where = ordered(self.folder, run, Reevaluation(packs), began)
            job = BacktestJob(where, {f"{PREFIX}DATABASE": self.settings.database}.items(), worker=WORKER)
            self._jobs[run] = job
            job.start()

    def begin_night(self, night: date, new_id: Callable[[], str], packs: PackSet, began: datetime) -> bool:
        """The same once a night, whoever of several processes with one folder comes first. Whether it was this one."""
        nights = self.folder / NIGHTS
        nights.mkdir(parents=True, exist_ok=True)
        try:
            (nights / night.isoformat()).touch(exist_ok=False)
        except FileExistsError:
            return False
        self.begin(new_id(), packs, began)
        return True

    def one(self, run: str) -> Run | None:
        """A re-evaluation as it stands."""
        where = self.folder / RUNS / run
        if not (where / ORDER).is_file():
            return None
        tree = orjson.loads((where / ORDER).read_bytes())
        path = where / RESULT
        body = orjson.loads(path.read_bytes()) if path.is_file() else None
        progress = self._progress(run, body)
        return Run(
            run, progress.state, tree["began"], tree["release"], progress.chunks, progress.payments, progress.detail, body
        )  # fmt: skip

    def page(self, limit: int, after: str | None) -> tuple[list[Run], str | None]:
        """The newest first, and where the next page begins."""
        names = [name for name in self._names() if after is None or name < after]
        found = [run for name in names[:limit] if (run := self.one(name)) is not None]
        return found, names[limit - 1] if len(names) > limit else None

    def last_done(self) -> dict[str, Any] | None:
        """What came of the last one over everything."""
        for name in self._names():
            path = self.folder / RUNS / name / RESULT
            if path.is_file():
                body: dict[str, Any] = orjson.loads(path.read_bytes())
                if body["from"] is None and body["to"] is None:
                    return body
        return None

    def close(self) -> None:
        """Stop what runs. What was counted is kept for the next time."""
        for job in self._jobs.values():
            job.cancel()
            job.wait(10)

    def _names(self) -> list[str]:
        runs = self.folder / RUNS
        return sorted((path.name for path in runs.iterdir()), reverse=True) if runs.is_dir() else []

    def _progress(self, run: str, body: dict[str, Any] | None) -> Progress:
        if body is not None:
            return Progress("done", payments=body["decisions"]["evaluated"])
        job, elsewhere = self._jobs.get(run), is_alive(self.folder / RUNS / run)
        if job is not None and (job.progress.state == "running" or not elsewhere):
            return job.progress
        return Progress("running" if elsewhere else "stopped")

    def _jobs_run(self) -> bool:
        return any(job.progress.state == "running" for job in self._jobs.values())


__all__ = ["Reevaluations", "Run", "asked_in", "done", "ordered"]
