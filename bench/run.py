"""`make bench`: everything in one run, written to docs/benchmarks.md.

python -m bench.run [--quick] [--output FILE]
    [--only engines,decide,domains,http,tax,history,screening,scenarios,sequences,backtest,ingest]

The scenarios of a whole bank take a quarter of an hour; with --quick it is a small one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from bench import contest, report
from bench.backtest_report import MISSING
from bench.lexgate import Law
from bench.machine import cores, machine
from bench.report import Run, fastest, ratio
from bench.scenarios import FALSE as FALSE_ALERTS
from bench.scenarios import ScenariosRun
from bench.screening import ScreeningRun
from bench.screening_report import FALSE, RECALL
from bench.sequences import SequencesRun
from bench.tax import TaxRun
from engine.language.render import source

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "engines",
    "decide",
    "domains",
    "http",
    "tax",
    "history",
    "screening",
    "scenarios",
    "sequences",
    "backtest",
    "ingest",
)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    payments: int
    rounds: int
    engine_s: float
    http_rounds: int
    http_s: float
    connections: int = 64
    bank: int = 100_000
    """Ordinary payments of the simulated bank."""
    each: int = 50
    """Instances of each scenario that are laid among them."""
    windows: int = 4_200
    """In which the two matchers of sequences are compared."""


FULL = Effort(payments=2000, rounds=9, engine_s=0.4, http_rounds=5, http_s=5.0)
QUICK = Effort(
    payments=300, rounds=3, engine_s=0.1, http_rounds=2, http_s=1.0, bank=3_000, each=2, windows=420
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Measure, write the page, and fail where engines disagree or preflights were refused."""
    parser = argparse.ArgumentParser(prog="bench", description="Lexgate against other engines and a bare echo.")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that everything works")
    parser.add_argument("--only", default=",".join(PARTS), help=f"comma-separated parts: {', '.join(PARTS)}")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md")
    asked = parser.parse_args(arguments)
    wanted = set(asked.only.split(","))
    if not wanted <= set(PARTS):
        parser.error(f"--only takes {', '.join(PARTS)}")
    run = measure(QUICK if asked.quick else FULL, wanted)
    asked.output.write_text(report.markdown(run), encoding="utf-8")
    say(f"written: {asked.output}")
    return verdict(run)


def measure(effort: Effort, wanted: set[str]) -> Run:
    """Run the wanted parts, one after the other: nothing else may use the cores."""
    found, law = machine(ROOT), Law()
    cpus = cores()
    engines = _part("engines", wanted, lambda: _engines(effort, cpus[0]))
    steps = _part("decide", wanted, lambda: _isolated(_steps, effort, cpus[0]))
    domains = _part("domains", wanted, lambda: _isolated(_domains, effort, cpus[0]))
    http = _part("http", wanted, lambda: _traffic(effort, cpus))
    tax = _part("tax", wanted, lambda: _isolated(_taxes, effort, cpus[0]))
    history = _part("history", wanted, lambda: _isolated(_past, effort, cpus[0]))
    names = _part("screening", wanted, lambda: _isolated(_names, effort, cpus[0]))
    found_of_laid = _part("scenarios", wanted, lambda: _isolated(_scenarios, effort))
    compared = _part("sequences", wanted, lambda: _isolated(_sequences, effort))
    backtest = _part("backtest", wanted, lambda: _isolated(_backtest, effort))
    spark = _part("backtest", wanted, lambda: _isolated(_spark, effort))
    read = _part("ingest", wanted, lambda: _isolated(_publications, effort, cpus[0]))
    derived = tuple(source(node) for node in law.exporter.derived.values())
    return Run(
        found, effort.payments, len(law.rules), derived, engines, steps, http, tax, history, domains, names,
        found_of_laid, compared, backtest, spark, read,
    )  # fmt: skip


def _part(name: str, wanted: set[str], work: Callable[[], T]) -> T | str:
    """A part of the run; its failure is reported and does not lose the others."""
    if name not in wanted:
        return "not asked for"
    say(f"{name} ...")
    try:
        return work()
    except Exception as error:  # the edge of the process: the page says what went wrong
        say(f"{name} failed: {type(error).__name__}: {error}")
        return f"{type(error).__name__}: {error}"


def _isolated(work: Callable[..., T], *arguments: Any) -> T:
    """In a fresh process, so that nothing measured before is still in memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _engines(effort: Effort, cpu: int | None) -> list[contest.Result]:
    results = contest.contest(payments=effort.payments, rounds=effort.rounds, seconds=effort.engine_s, cpu=cpu)
    _say_engines(results)
    return results


def _steps(effort: Effort, cpu: int | None) -> Any:
    from bench.validation import steps

    return steps(payments=effort.payments, rounds=effort.rounds, cpu=cpu)


def _domains(effort: Effort, cpu: int | None) -> Any:
    from bench.domains import measure as domains

    return domains(payments=effort.payments, rounds=effort.rounds, cpu=cpu)


def _taxes(effort: Effort, cpu: int | None) -> Any:
    from bench.tax import measure as taxes

    return taxes(rounds=effort.rounds, seconds=effort.engine_s, cpu=cpu)


def _past(effort: Effort, cpu: int | None) -> Any:
    from bench.history import measure as history

    return history(rounds=effort.rounds, cpu=cpu)


def _publications(effort: Effort, cpu: int | None) -> Any:
    from bench.ingest import measure as publications

    return publications(rounds=effort.rounds, cpu=cpu)


def _names(effort: Effort, cpu: int | None) -> Any:
    from bench.screening import measure as names
    from bench.screening import settings

    return names(cpu=cpu, **settings(quick=effort is not FULL and effort.rounds < FULL.rounds))


def _scenarios(effort: Effort) -> Any:
    from bench.scenarios import measure as scenarios

    return scenarios(effort.bank, effort.each)


def _sequences(effort: Effort) -> Any:
    from bench.sequences import measure as sequences

    return sequences(effort.windows)


def _backtest(effort: Effort) -> Any:
    from bench.backtest import measure as backtest

    quick = effort.rounds < FULL.rounds
    return backtest(
        payments=100_000 if quick else 1_000_000, compared=2_000 if quick else 20_000, rounds=1 if quick else 3
    )


def _spark(effort: Effort) -> Any:
    from api.spark.errors import SparkTrouble
    from bench.spark import measure as spark

    quick = effort.rounds < FULL.rounds
    try:
        return spark(payments=100_000 if quick else 1_000_000, rounds=1 if quick else 3)
    except SparkTrouble as error:
        return f"{MISSING}{error}"


def _traffic(effort: Effort, cpus: tuple[int | None, int | None]) -> Any:
    from bench.traffic import measure as traffic

    return traffic(rounds=effort.http_rounds, seconds=effort.http_s, connections=effort.connections, cpus=cpus)


def _say_engines(results: list[contest.Result]) -> None:
    base = results[0]
    for result in results:
        if result.failure:
            say(f"  {result.name:48} {result.failure}")
        else:
            times = f"{result.typical:10.2f} µs  x{ratio(result, base):8.1f}"
            say(f"  {result.name:48} {times}  {len(result.differing)} differ")


def _say_taxes(found: TaxRun) -> None:
    for speed in found.speeds:
        if speed.failure:
            say(f"! tax: {speed.name} SKIPPED: {speed.failure}")
        else:
            say(f"tax: {speed.name}: {speed.per_second:,.0f} a second, {len(speed.differing)} countries differ")


def _say_screening(found: ScreeningRun) -> list[str]:
    """What of it misses its bar, peers apart: they are told, and never fail a run."""
    held_out = found.sets[1]
    recall, false = held_out.found.share, held_out.wrong.share
    say(f"screening: {recall:.1%} found, {false:.2%} false, {found.speed:,.0f} a second")
    for peer in found.peers:
        if peer.failure:
            say(f"! screening: {peer.name} SKIPPED: {peer.failure}")
        else:
            say(f"screening: {peer.name}: {peer.recall:.1%} found, {peer.per_second:,.1f} a second")
    return [f"screening: {recall:.1%} found, {false:.2%} false"] if recall < RECALL or false > FALSE else []


def _say_scenarios(found: ScenariosRun) -> list[str]:
    """What of it misses its bar."""
    say(
        f"scenarios: {found.hits} of {found.laid} found, {found.false_share:.3%} false, {found.per_second:,.0f} a second"
    )
    trouble = [f"scenarios: too little found of {', '.join(found.missed)}"] if found.missed else []
    trouble += [f"scenarios: {found.false_share:.3%} false"] if found.false_share > FALSE_ALERTS else []
    return trouble + ([f"scenarios: {found.incidents} incidents"] if found.incidents else [])


def _say_sequences(found: SequencesRun) -> list[str]:
    say(f"sequences: {found.windows:,} windows, {found.matched:,} with matches: {found.differed} differ")
    return [f"sequences: {found.differed} windows differ"] if found.differed else []


def verdict(run: Run) -> int:
    """0 where every engine agreed and every preflight was answered; speed alone never fails a run."""
    trouble = [f"{result.name}: {result.failure}" for result in run.results if result.failure]
    trouble += [f"{result.name}: {len(result.differing)} other answers" for result in run.results if result.differing]
    parts = (
        run.engines, run.steps, run.domains, run.http, run.tax, run.history, run.screening, run.scenarios, run.sequences,
        run.backtest, run.spark,
    )  # fmt: skip
    trouble += [
        part for part in parts if isinstance(part, str) and part != "not asked for" and not part.startswith(MISSING)
    ]
    if not isinstance(run.http, str):
        say(f"http: {run.http.ratio:.2f} preflights an echo")
        if run.http.everything:
            say(f"http: {run.http.everything_ratio:.2f} preflights with all domains an echo")
        trouble += [f"{run.http.refused} preflights refused"] if run.http.refused else []
    if not isinstance(run.tax, str):
        _say_taxes(run.tax)
    if not isinstance(run.history, str):
        say(f"history: {run.history.ratio:.2f} of one SELECT, {run.history.growth:.2f} as a key grows")
    if not isinstance(run.steps, str):
        say(f"decide: {run.steps.ratio:.2f} of pydantic's validation")
    if not isinstance(run.domains, str):
        say(f"domains: {run.domains.ratio:.2f} of pydantic's validation, {run.domains.together} rules in scope")
    if not isinstance(run.backtest, str):
        say(f"backtest: {run.backtest.per_second:,.0f} payments a second, {run.backtest.ratio:.1f} times one by one")
        trouble += [f"backtest: {run.backtest.differing} other answers"] if run.backtest.differing else []
    if isinstance(run.spark, str) and run.spark.startswith(MISSING):
        say(f"! spark: {run.spark}")
    elif not isinstance(run.spark, str):
        say(f"spark: {run.spark.ratio:.2f} of a core of one process, {run.spark.start_s:.0f} s to start")
        trouble += [] if run.spark.same else ["spark: not the bytes that one process comes to"]
    if not isinstance(run.screening, str):
        trouble += _say_screening(run.screening)
    if not isinstance(run.scenarios, str):
        trouble += _say_scenarios(run.scenarios)
    if not isinstance(run.sequences, str):
        trouble += _say_sequences(run.sequences)
    rival = fastest(run.results)
    if rival:
        times = ratio(rival, run.results[0])
        say(f"engines: the fastest other ({rival.name}) takes {times:.1f} times the compiled executor")
    for line in trouble:
        say(f"! {line}")
    return 1 if trouble else 0


def say(line: str) -> None:
    """Progress, for a person."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
