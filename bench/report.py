"""docs/benchmarks.md: ratios first, absolutes second, and what a reader should not conclude."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.backtest import BacktestRun
from bench.backtest_report import section as backtest_section
from bench.backtest_report import spark_section, spark_summary
from bench.backtest_report import summary as backtest_summary
from bench.contest import AS_WRITTEN, COMPILED, INTERPRETED, Result
from bench.domains import Domains
from bench.domains_report import section as domains_section
from bench.domains_report import summary as domains_summary
from bench.history import HistoryRun
from bench.history_report import section as history_section
from bench.history_report import summary as history_summary
from bench.ingest import IngestRun
from bench.ingest_report import section as ingest_section
from bench.ingest_report import summary as ingest_summary
from bench.lexgate import DAY
from bench.machine import Machine
from bench.scenarios import ScenariosRun
from bench.scenarios_report import section as scenarios_section
from bench.scenarios_report import summary as scenarios_summary
from bench.screening import ScreeningRun
from bench.screening_report import section as screening_section
from bench.screening_report import summary as screening_summary
from bench.sequences import SequencesRun
from bench.spark import SparkRun
from bench.tax import TaxRun
from bench.tax_report import ratio as tax_ratio
from bench.tax_report import section as tax_section
from bench.traffic import Http
from bench.validation import Steps
from engine.decide import BUILT

SHOWN = 3
EVERYTHING = 0.20
"""Preflights with all domains for each echo: what is asked for at least."""


@dataclass(frozen=True, slots=True)
class Run:
    """All that one run found. A part that could not run says why instead."""

    machine: Machine
    payments: int
    rules: int
    derived: Sequence[str]
    engines: Sequence[Result] | str
    steps: Steps | str
    http: Http | str
    tax: TaxRun | str = "not asked for"
    history: HistoryRun | str = "not asked for"
    domains: Domains | str = "not asked for"
    screening: ScreeningRun | str = "not asked for"
    scenarios: ScenariosRun | str = "not asked for"
    sequences: SequencesRun | str = "not asked for"
    backtest: BacktestRun | str = "not asked for"
    spark: SparkRun | str = "not asked for"
    ingest: IngestRun | str = "not asked for"

    @property
    def results(self) -> Sequence[Result]:
        """The engines' results; none where that part did not run."""
        return () if isinstance(self.engines, str) else self.engines


def ratio(result: Result, base: Result) -> float:
    """How many times the base's decisions one of these costs: the median of the rounds' ratios."""
    return median(theirs / ours for theirs, ours in zip(result.microseconds, base.microseconds, strict=True))


def fastest(results: Sequence[Result]) -> Result | None:
    """The fastest engine that is not Lexgate, in whichever form."""
    ran = [result for result in results if result.distribution and not result.failure and not result.differing]
    return min(ran, key=lambda result: result.typical, default=None)


def markdown(run: Run) -> str:
    """The page."""
    parts = [
        _head(run), _engines(run), _steps(run.steps), domains_section(run.domains), _http(run.http), tax_section(run.tax),
        history_section(run.history), screening_section(run.screening),
        scenarios_section(run.scenarios, run.sequences), backtest_section(run.backtest), spark_section(run.spark),
        ingest_section(run.ingest), _machine(run.machine),
    ]  # fmt: skip
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(run: Run) -> Iterator[str]:
    yield "# Benchmarks"
    yield ""
    yield (
        f"Written by `make bench` on {run.machine.at:%Y-%m-%d %H:%M} UTC. One run, one machine: "
        "**compare the ratios, not the absolutes.**"
    )
    yield ""
    yield from _summary(run)


def _summary(run: Run) -> Iterator[str]:
    yield "| question | answer |"
    yield "|---|---|"
    base, rival = _named(run.results, COMPILED), fastest(run.results)
    if base and rival:
        question = f"the fastest other engine (`{rival.name}`) to the compiled executor, time a decision"
        yield f"| {question} | **{ratio(rival, base):.1f} : 1** |"
        plain = fastest([result for result in run.results if _is_plain(result)])
        if plain and plain.name != rival.name:
            yield f"| the fastest of them without help (`{plain.name}`) | **{ratio(plain, base):.1f} : 1** |"
    interpreter = _named(run.results, INTERPRETED)
    if base and interpreter:
        yield f"| the interpreter to the compiled executor | {ratio(interpreter, base):.0f} : 1 |"
    if isinstance(run.steps, Steps):
        yield f"| `engine.decide` to pydantic's validation of the same body | **{run.steps.ratio:.2f} : 1** |"
    yield from domains_summary(run.domains)
    if isinstance(run.http, Http):
        question = f"durable preflights to bare echoes a second, {run.http.connections} connections"
        yield f"| {question} | **{run.http.ratio:.2f} : 1** |"
        if run.http.everything:
            question = f"the same with all {len(BUILT)} domains, of mixed payments"
            yield f"| {question} | **{run.http.everything_ratio:.2f} : 1** (bar: at least {EVERYTHING:.2f}) |"
    yield from history_summary(run.history)
    yield from screening_summary(run.screening)
    yield from scenarios_summary(run.scenarios, run.sequences)
    yield from backtest_summary(run.backtest)
    yield from spark_summary(run.spark)
    yield from ingest_summary(run.ingest)
    if isinstance(run.tax, TaxRun):
        yield f"| taxes a second in process, the whole procedure with its articles | **{run.tax.ours.per_second:,.0f}** |"
        for speed in run.tax.speeds[1:]:
            if not speed.failure:
                question = f"`{speed.name}`'s bare rates to Lexgate's taxes, answers a second"
                yield f"| {question} | {tax_ratio(speed, run.tax.ours):.1f} : 1 |"


def _is_plain(result: Result) -> bool:
    """Not helped by hoisting: the form without it, and the engines that have no other."""
    return result.name.endswith(AS_WRITTEN) or result.name == "durable_rules"


def _named(results: Sequence[Result], name: str) -> Result | None:
    return next((result for result in results if result.name == name and not result.failure), None)


# -- engines ----------------------------------------------------------------------------------------------------------


def _engines(run: Run) -> Iterator[str]:
    yield "## Rule engines"
    yield ""
    if isinstance(run.engines, str):
        yield f"Did not run: {run.engines}"
        return
    yield (
        f"The {run.rules} rules of strong customer authentication in force in the European Economic Area on "
        f"{DAY.isoformat()}, as compiled from `rulepacks/EEA`, over {run.payments:,} generated payments: one optional "
        "field in ten missing, amounts around every threshold. Each engine answers one question a payment: which rules "
        "are true? Every engine has a process of its own on the same core; rounds are interleaved; figures are medians "
        "of rounds."
    )
    yield ""
    yield "| engine | version | times the compiled executor | µs a decision | slowest round | other answers |"
    yield "|---|---|---:|---:|---:|---:|"
    base = _named(run.results, COMPILED)
    for result in sorted(run.results, key=_order):
        yield _engine_line(result, base)
    yield ""
    yield from _fairness(run)
    yield from _adaptations(run.results)
    yield from _disagreements(run)


def _order(result: Result) -> tuple[bool, float]:
    return (result.failure is not None, result.typical if result.microseconds else 0.0)


def _engine_line(result: Result, base: Result | None) -> str:
    shown = result.version or ""
    if result.failure:
        return f"| {result.name} | {shown} | {result.failure} | | | |"
    times = f"{ratio(result, base):.1f}" if base else ""
    worst = max(result.microseconds)
    return f"| {result.name} | {shown} | {times} | {result.typical:,.1f} | {worst:,.1f} | {len(result.differing)} |"


def _fairness(run: Run) -> Iterator[str]:
    yield "### What each engine was given"
    yield ""
    yield (
        "- The same conditions, translated from the typed tree into the engine's own language and compiled once. The "
        "others get flat rows with the keys, nulls and absences they handle fastest, prepared before the clock starts; "
        "turning a row into their own values is timed, as it is in use. Lexgate gets its facts: exact decimals with "
        "their currency, instants, lists."
    )
    yield (
        "- Two forms where the language can bind a name: *rules as written*, each by itself; and with what several "
        "rules share computed once. That is the work of the benchmark, not of the engine."
    )
    if run.derived:
        listed = ", ".join(f"`{expression}`" for expression in run.derived)
        yield f"- These are computed for the others before the clock starts, as not all of them can: {listed}."
    yield (
        "- Lexgate also tells *unknown* from false and answers it for every rule; CEL comes closest to that, with "
        "errors that its connectives absorb. Engines are compared only on what is true."
    )
    yield ""


def _adaptations(results: Sequence[Result]) -> Iterator[str]:
    yield "### What had to be adapted"
    yield ""
    for result in results:
        if result.adapted:
            yield f"- **{result.name}**: {'; '.join(result.adapted)}."
    yield ""


def _disagreements(run: Run) -> Iterator[str]:
    yield "### Answers"
    yield ""
    wrong = [result for result in run.results if result.differing]
    if not wrong:
        ran = sum(not result.failure for result in run.results) - 1
        yield f"The compiled executor's answer was given {ran} times over for each of the {run.payments:,} payments."
        return
    for result in wrong:
        yield f"- **{result.name}** differs on {len(result.differing)} of {run.payments:,} payments, for example:"
        for line in result.differing[:SHOWN]:
            yield f"  - {line}"


# -- decide and HTTP --------------------------------------------------------------------------------------------------


def _steps(steps: Steps | str) -> Iterator[str]:
    yield "## Deciding against validating"
    yield ""
    if isinstance(steps, str):
        yield f"Did not run: {steps}"
        return
    yield "One process, the same bodies, the steps in turn. Medians of rounds."
    yield ""
    yield "| step | times pydantic's validation | µs a payment |"
    yield "|---|---:|---:|"
    named = {
        "pydantic: `Transaction.model_validate_json(body)`": steps.validate,
        "the model's facts: `facts_of(transaction)`": steps.facts,
        "straight from JSON: `decode(body)`": steps.decode,
        "`decide(facts, ...)`, the whole answer": steps.decide,
        "`orjson.dumps(answer)`": steps.serialise,
    }
    for name, values in named.items():
        share = median(value / base for value, base in zip(values, steps.validate, strict=True))
        yield f"| {name} | {share:.2f} | {median(values):.1f} |"


def _http(http: Http | str) -> Iterator[str]:
    yield "## HTTP"
    yield ""
    if isinstance(http, str):
        yield f"Did not run: {http}"
        return
    yield (
        "`POST /v1/preflight?domains=sca` of `lexgate serve` with SQLite at `synchronous=FULL`: every answer leaves after "
        "its decision is on disk, and a bare Starlette route that reads JSON and writes it back. One process each answers, on "
        "all cores; beside that of Lexgate, and started by it, another writes to the disk, as wherever there are two cores; "
        f"{http.connections} keep-alive connections from one of them, the same bytes to both, rounds in turn."
    )
    yield ""
    yield "| server | ratio | requests/s | p50 ms | p99 ms | not 200 |"
    yield "|---|---:|---:|---:|---:|---:|"
    rows = [("bare echo", http.echo, 1.0), ("durable preflight", http.preflight, http.ratio)]
    if http.taxed:
        rows.append(("durable preflight with the tax of a basket", http.taxed, http.taxed_ratio))
    if http.everything:
        rows.append(("bare echo of mixed payments", http.mixed_echo, 1.0))
        rows.append((f"durable preflight with all {len(BUILT)} domains", http.everything, http.everything_ratio))
    for name, runs, share in rows:
        yield f"| {name} | {share:.2f} | {_http_columns(runs)} |"
    yield ""
    runs = (*http.echo, *http.preflight, *http.taxed, *http.mixed_echo, *http.everything)
    busy = max(run["generator_cpu"] for run in runs)
    yield f"The generator used at most {busy:.0%} of its core{'' if busy < 0.9 else ': it may have been the limit'}."
    refused = next((run["refused"] for run in runs if run["refused"]), "")
    if refused:
        yield ""
        yield "The first answer that was not a success:"
        yield ""
        yield "```"
        yield refused.rstrip()
        yield "```"


def _http_columns(runs: Sequence[Mapping[str, Any]]) -> str:
    throughput, p50, p99 = (median(run[key] for run in runs) for key in ("per_second", "p50_ms", "p99_ms"))
    wrong = sum(count for run in runs for status, count in run["statuses"].items() if status != "200")
    return f"{throughput:,.0f} | {p50:.1f} | {p99:.1f} | {wrong}"


def _machine(found: Machine) -> Iterator[str]:
    yield "## Machine"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| CPU | {found.cpu}, {found.cores} cores usable |"
    yield f"| system | {found.system} |"
    yield f"| Python | {found.python} |"
    yield f"| SQLite | {found.sqlite} |"
    yield f"| write and fsync of 4 kB, median | {found.fsync_ms:.2f} ms |"
    yield f"| load average at the start | {found.load:.2f} |"
    yield f"| packages | {', '.join(f'{name} {version}' for name, version in found.packages)} |"
    yield ""
    yield (
        "Not measured: TLS, several workers, PostgreSQL, payments in other currencies, a history that has grown for "
        "years, and engines as network services."
    )
