"""The cage of sequences under strain: agreement with the reference matcher, deaths at random, a day of traffic.

python -m bench.sequences agree --windows 4000      random windows over all plans, every match of both compared
python -m bench.sequences kill --windows 10000      the caged process is killed at random moments; no answer may change
python -m bench.sequences day                       24 hours of payments; the memory of the process by the hour
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from api.sequence_worker.matcher import DurableMatcher
from api.sequence_worker.worker import Worker
from bench.laid import LAYS, Hand
from bench.monitored import START
from engine.alerts import Alert
from engine.packs import load_packs
from engine.packs.scenario import ScenarioKind
from engine.scenarios import Means, Scenarios, evaluate, subjects_of
from engine.scenarios.durable import handed, ruleset
from engine.scenarios.plan import Plan
from engine.scenarios.reference import REFERENCE
from tests.scenarios.windows import random_window

ROOT = Path(__file__).parents[1]
DAY_SECONDS = 86_400


def shipped() -> Scenarios:
    """The scenarios of the packs in this checkout."""
    return Scenarios.of(load_packs(ROOT / "rulepacks"))


@dataclass(frozen=True, slots=True)
class SequencesRun:
    """How the two matchers did on the same windows."""

    windows: int
    plans: int
    matched: int
    """Windows in which there is something to find."""
    differed: int
    """Windows in which the engine finds other matches than the reference."""
    caged_s: float
    reference_s: float

    @property
    def ratio(self) -> float:
        """Times the reference that the engine in its cage takes, the way over the pipe included."""
        return self.caged_s / self.reference_s


def agree(plans: Sequence[Plan], windows: int, dice: Random) -> SequencesRun:
    """Every match of both matchers on so many windows, each plan's in turn."""
    worker, differed, matched, caged, plain = Worker(ruleset(plans)), 0, 0, 0.0, 0.0
    for turn in range(windows):
        plan = plans[turn % len(plans)]
        facts = random_window(plan, dice)
        begun = time.perf_counter()
        found = {tuple(sorted(int(name[1:]) for name in ids)) for ids in worker.ask(handed(plan, facts), 30)}
        asked = time.perf_counter()
        truth = REFERENCE.all(plan, facts)
        caged, plain = caged + asked - begun, plain + time.perf_counter() - asked
        differed, matched = differed + (found != truth), matched + bool(truth)
    worker.close()
    return SequencesRun(windows, len(plans), matched, differed, caged, plain)


def measure(windows: int, seed: int = 1) -> SequencesRun:
    """Both matchers on random windows over the plans in this checkout."""
    return agree(shipped().plans, windows, Random(seed))


def survive(plans: Sequence[Plan], windows: int, dice: Random, one_in: int) -> tuple[int, int, int]:
    """Answers that are missing or other than the reference's, processes that were killed, and incidents that were told.

    About one window in so many is asked while somebody is about to kill the process: before it, in the middle, or just after.
    """
    incidents: list[Alert] = []
    matcher, wrong = DurableMatcher(plans, incidents.append, lambda: datetime.now(UTC)), 0
    dead: set[int] = set()
    for turn in range(windows):
        plan = plans[turn % len(plans)]
        facts = random_window(plan, dice)
        killer = threading.Timer(dice.uniform(0, 0.002), kill, (matcher, dead)) if dice.randrange(one_in) == 0 else None
        if killer:
            killer.start()
        wrong += matcher.first(plan, facts) != REFERENCE.first(plan, facts)
        if killer:
            killer.join()
    matcher.close()
    return wrong, len(dead), len(incidents)


def kill(matcher: DurableMatcher, dead: set[int]) -> None:
    """Kill the caged process, if there is one."""
    pid = matcher.pid
    if pid is not None and pid not in dead:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        dead.add(pid)


def day(scenarios: Scenarios, payments: int, dice: Random) -> Iterator[tuple[int, int, int]]:
    """So many payments spread over 24 hours of event time: hour, KiB resident in the caged process, windows it was asked."""
    names = [
        one.scenario.id.removeprefix("scenario.")
        for one in scenarios.ready
        if one.scenario.kind is ScenarioKind.SEQUENCE
    ]
    matcher = DurableMatcher(scenarios.plans, lambda _alert: None, lambda: datetime.now(UTC))
    matcher.keep_for_ever()
    means, hand, told = Means(matcher=matcher), Hand(dice, "d"), 0
    while told < payments:
        name, turn = names[told % len(names)], told
        events = LAYS[name](hand, f"c{turn}", START)
        for at in range(1, len(events) + 1):
            for subject in subjects_of(events[at - 1]):
                evaluate(scenarios, subject, events[:at], means)
            told += 1
            if told % (payments // 24) == 0:
                yield told * 24 // payments, resident(matcher.pid), matcher.asked
    matcher.close()


def resident(pid: int | None) -> int:
    """Resident memory of a process in KiB; nought where there is none."""
    if pid is None:
        return 0
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main(given: Sequence[str] | None = None) -> None:
    """Run one of them and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=("agree", "kill", "day"))
    asked.add_argument("--windows", type=int, default=10_000)
    asked.add_argument("--payments", type=int, default=DAY_SECONDS)
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args(given)
    scenarios, dice, started = shipped(), Random(chosen.seed), time.perf_counter()
    if chosen.what == "agree":
        run = agree(scenarios.plans, chosen.windows, dice)
        said = f"{run.windows} windows over {run.plans} plans, {run.matched} with matches: {run.differed} differ"
    elif chosen.what == "kill":
        wrong, dead, incidents = survive(scenarios.plans, chosen.windows, dice, 60)
        said = f"{chosen.windows} windows, {dead} processes killed, {incidents} incidents told: {wrong} answers other"
    else:
        for hour, kib, windows in day(scenarios, chosen.payments, dice):
            sys.stdout.write(f"hour {hour:2}: {kib} KiB resident after {windows} windows\n")
        said = f"{chosen.payments} payments"
    sys.stdout.write(f"{said}; {time.perf_counter() - started:.0f} s\n")


if __name__ == "__main__":
    main()
