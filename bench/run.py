"""`make bench`: everything in one run, written to docs/benchmarks.md.

python -m bench.run [--quick] [--only engines,decide,domains,http,tax,history] [--output FILE]
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
from bench.lexgate import Law
from bench.machine import cores, machine
from bench.report import Run, fastest, ratio
from bench.tax import TaxRun
from engine.language.render import source

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("engines", "decide", "domains", "http", "tax", "history")
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


FULL = Effort(payments=2000, rounds=9, engine_s=0.4, http_rounds=5, http_s=5.0)
QUICK = Effort(payments=300, rounds=3, engine_s=0.1, http_rounds=2, http_s=1.0)


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
    derived = tuple(source(node) for node in law.exporter.derived.values())
    return Run(found, effort.payments, len(law.rules), derived, engines, steps, http, tax, history, domains)


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


def verdict(run: Run) -> int:
    """0 where every engine agreed and every preflight was answered; speed alone never fails a run."""
    trouble = [f"{result.name}: {result.failure}" for result in run.results if result.failure]
    trouble += [f"{result.name}: {len(result.differing)} other answers" for result in run.results if result.differing]
    trouble += [
        part
        for part in (run.engines, run.steps, run.domains, run.http, run.tax, run.history)
        if isinstance(part, str) and part != "not asked for"
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
