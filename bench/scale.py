"""`python -m bench.scale --report docs/reference/scale-run.md`: one worker and two, part of what they can do, and far more.

Starts an embedded PostgreSQL, serves with one worker and then with two, worker *i* confined to core *i*, and measures how many
preflights they answer to callers who wait for each answer. Then it asks two workers at a rate of its own: 60 % of that, and three
times of it for a minute, and looks how long it takes afterwards until all is as before. The load generator and the database share
the two cores with the workers: what they use of them is told. Some six minutes; `--quick`: one.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
import uvloop

from api.bundled import rulepacks
from bench.fault_run import Store
from bench.load import drive, percentile, request_bytes
from bench.machine import machine
from bench.open_loop import Part, Sender, Sent, recovered_after, schedule
from bench.payments import bodies
from bench.scale_report import STEADY_MS, Capacity, Found, Overload, Steady, report
from bench.shares import confine, family, seconds_used
from bench.traffic import LEXGATE, free_port, serving
from engine.ledger import Ledger

KEY: Final = "lx_scale_0123456789abcdef0123456789abcdef"
PAYMENTS: Final = 2000
CONNECTIONS: Final = 64
"""Callers in the closed loop, for each worker."""
LINES: Final = {"steady": 256, "overload": 1536}
"""Connections of the open loop: more than both workers let in at once (2 x 320), so that none waits for one."""
WARM: Final = 4000
"""Answers of each worker before anything counts."""
WARM_SECONDS: Final = 2.0
LONGEST_WARM_UP: Final = 4
"""Times as long as wanted, where a busy machine does not come to so many answers."""
SHARE: Final = 0.6
TIMES: Final = 3
USUAL: Final = 0.9
"""Of the seconds of the steady part: what 99 of 100 answers took in them, or less, is how it was before."""
BEFORE_OTHERS: Final = -10
"""Priority of the load generator in the open loop."""
START_SECONDS: Final = 300.0
"""The whole law takes half a minute of a core for each worker."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How long each part of a run takes, in seconds."""

    law: Path
    warm_up: float = 10
    rounds: int = 2
    round: float = 10
    steady: float = 40
    overload: float = 60
    after: float = 15
    seed: int = 1


QUICK: Final[dict[str, Any]] = {"warm_up": 4, "rounds": 1, "round": 4, "steady": 8, "overload": 8, "after": 8}


@dataclass(frozen=True, slots=True)
class Serving:
    """A service, and who takes part in a run."""

    port: int
    workers: list[int]
    database: int

    def used(self) -> tuple[float, float]:
        """Seconds of a core that the workers and the database have used."""
        return seconds_used(self.workers), seconds_used(family(self.database))

    def confine(self, *, all_on: int | None, cores: Sequence[int]) -> None:
        """Worker *i* to core *i*. `all_on`: the database and this process to that core as well; None: they may use all."""
        for place, process in enumerate(self.workers):
            confine([process], {cores[place % len(cores)]})
        confine([*family(self.database), os.getpid()], set(cores) if all_on is None else {all_on})


@contextmanager
def service(folder: Path, store: Store, wanted: Wanted, workers: int) -> Iterator[Serving]:
    """So many workers, from the moment they all answer."""
    port, log = free_port(), folder / f"workers-{workers}.log"
    settings = {
        "LEXGATE_DATABASE": store.url, "LEXGATE_HOST": "127.0.0.1", "LEXGATE_PORT": str(port),
        "LEXGATE_WORKERS": str(workers), "LEXGATE_BOOTSTRAP_KEY": KEY, "LEXGATE_RULEPACKS": str(wanted.law),
        "LEXGATE_MASTER_KEY": str(store.master_key), "LEXGATE_CONSOLE": "off",
        "LEXGATE_MONITOR": "off",  # looks at payments afterwards, and in production in a process of its own
        "LEXGATE_RATE_REQUESTS": "0",  # one key asks for all callers
    }  # fmt: skip
    with serving([str(LEXGATE), "serve"], settings, port, log, seconds=START_SECONDS) as process:
        yield Serving(port, [process] if workers == 1 else _workers(log, workers), store.process)


def _workers(log: Path, number: int) -> list[int]:
    """The processes that the supervisor names once all of them answer."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        for line in log.read_text(errors="replace").splitlines():
            if line.startswith("{") and (said := json.loads(line))["event"] == "workers_ready":
                found: list[int] = said["processes"]
                assert len(found) == number, "it names all"
                return found
        time.sleep(0.1)
    raise RuntimeError(f"{number} workers did not start:\n{log.read_text(errors='replace')[-3000:]}")


def _requests(port: int) -> list[bytes]:
    return [request_bytes(orjson.dumps(body), port=port, key=KEY) for body in bodies(PAYMENTS)]


def _closed(served: Serving, requests: list[bytes], seconds: float) -> Capacity:
    before, begun, own = served.used(), time.perf_counter(), time.process_time()
    found = uvloop.run(
        drive(requests, port=served.port, seconds=seconds, warm_up=0.0, connections=CONNECTIONS * len(served.workers))
    )
    elapsed, after = time.perf_counter() - begun, served.used()
    answers = sum(found["statuses"].values())
    return Capacity(
        per_second=found["per_second"],
        workers=(after[0] - before[0]) / elapsed,
        database=(after[1] - before[1]) / elapsed,
        generator=(time.process_time() - own) / elapsed,
        p99_ms=found["p99_ms"],
        wrong=answers - found["statuses"].get("200", 0) + len(found["lost"]),
    )


def _warm(served: Serving, wanted: Wanted, requests: list[bytes]) -> None:
    """Until the law has code for the shapes of the payments, in each worker: that takes answers, and not only time."""
    begun, answers = time.monotonic(), 0.0
    while (passed := time.monotonic() - begun) < wanted.warm_up or (
        answers < WARM * len(served.workers) and passed < LONGEST_WARM_UP * wanted.warm_up
    ):
        answers += _closed(served, requests, WARM_SECONDS).per_second * WARM_SECONDS


def _open(served: Serving, requests: list[bytes], times: list[float], lines: int) -> tuple[Sent, float]:
    """What became of a schedule, and what this process used of a core meanwhile."""
    begun, own = time.perf_counter(), time.process_time()
    with _in_time():
        sent = uvloop.run(Sender(requests, served.port, lines).run(times))
    return sent, (time.process_time() - own) / (time.perf_counter() - begun)


@contextmanager
def _in_time() -> Iterator[None]:
    """Callers are elsewhere, and do not wait for a core of the service: where it is allowed, this process goes before the others,
    and it collects no garbage meanwhile. Else what it is late by is told as the service's."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    gc.disable()
    try:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, BEFORE_OTHERS)
        yield
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)
        gc.enable()


def _seconds(sent: Sent, since: float, seconds: float) -> list[Part]:
    """What became of what was due in each of so many seconds."""
    return [sent.between(since + second, since + second + 1) for second in range(int(seconds))]


def _steady(served: Serving, wanted: Wanted, requests: list[bytes], rate: float) -> Steady:
    times = schedule(rate, wanted.steady, wanted.seed)
    sent, generator = _open(served, requests, times, LINES["steady"])
    each = sorted(part.answered_ms(0.99) for part in _seconds(sent, 0, wanted.steady))
    return Steady(
        rate, sent.between(0, wanted.steady), sorted(sent.late), generator, sent.unanswered, percentile(each, USUAL)
    )


def _overload(served: Serving, wanted: Wanted, requests: list[bytes], capacity: float, bound_ms: float) -> Overload:
    """`bound_ms`: 99 of 100 answers within that is as it was before."""
    over, until = wanted.overload, wanted.overload + wanted.after
    times = schedule(TIMES * capacity, over, wanted.seed)
    times += schedule(SHARE * capacity, wanted.after, wanted.seed + 1, start=over)
    sent, generator = _open(served, requests, times, LINES["overload"])
    return Overload(
        rate=TIMES * capacity,
        part=sent.between(0, over),
        after=_seconds(sent, over, wanted.after),
        back=recovered_after(sent, over, until, bound_ms),
        bound_ms=bound_ms,
        late=sorted(sent.late),
        generator=generator,
        unanswered=sent.unanswered,
    )


def _say(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def scale_run(wanted: Wanted) -> Found:
    """The whole of it."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    one: list[Capacity] = []
    alone: list[Capacity] = []
    two: list[Capacity] = []
    with tempfile.TemporaryDirectory(prefix="lexgate-scale-", dir=Path.cwd()) as name:
        folder = Path(name)
        store = Store(folder)
        try:
            looked = machine(folder)
            Ledger.open(store.url).close()
            _say("one worker")
            with service(folder, store, wanted, 1) as served:
                requests = _requests(served.port)
                served.confine(all_on=None, cores=cores)
                _warm(served, wanted, requests)
                for _ in range(wanted.rounds):
                    served.confine(all_on=cores[0], cores=cores)
                    alone.append(_closed(served, requests, wanted.round))
                    served.confine(all_on=None, cores=cores)
                    one.append(_closed(served, requests, wanted.round))
            _say("two workers")
            with service(folder, store, wanted, 2) as served:
                requests = _requests(served.port)
                served.confine(all_on=None, cores=cores)
                _warm(served, wanted, requests)
                two += [_closed(served, requests, wanted.round) for _ in range(wanted.rounds)]
                capacity = max(found.per_second for found in two)
                _say(f"{SHARE * capacity:.0f} a second")
                steady = _steady(served, wanted, requests, SHARE * capacity)
                _say(f"{TIMES * capacity:.0f} a second")
                overload = _overload(served, wanted, requests, capacity, max(STEADY_MS, steady.usual_ms))
        finally:
            confine([os.getpid()], set(cores))
            store.end()
    return Found(looked, alone, one, two, steady, overload)


def main() -> int:
    """Run, and write the report. 0 where the service held what is wanted of it under load, 1 where not."""
    parser = argparse.ArgumentParser(description="One worker and two, steady load and overload, on PostgreSQL.")
    parser.add_argument("--report", type=Path, help="where the report is written; default: standard output alone")
    parser.add_argument("--quick", action="store_true", help="a minute, to see that it works: its figures say little")
    parser.add_argument("--law", type=Path, default=rulepacks(), help="folder of the law; default: all of it")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    found = scale_run(Wanted(asked.law, seed=asked.seed, **(QUICK if asked.quick else {})))
    text = report(found, quick=asked.quick)
    if asked.report:
        asked.report.write_text(text, encoding="utf-8")
    print(text)
    return 0 if found.held else 1


if __name__ == "__main__":
    sys.exit(main())
