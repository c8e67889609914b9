"""A scale run as a page: what one worker and two can do, and how two behave at part of it and far beyond it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import percentile
from bench.machine import Machine
from bench.open_loop import Part

GROWTH = 1.8
STEADY_MS = 25.0
BACK_SECONDS = 5.0
QUIET = 1.0
"""Load of the machine before the run, above which others take what is measured."""
_BUSY = (
    "**The machine was busy with other work** (load {:.1f} before the run): rates and latencies are of what was left of it. Only"
    " what is counted, and time of a core, say something of the service."
)


@dataclass(frozen=True, slots=True)
class Capacity:
    """One round of the closed loop: answers a second, and what each took of the cores meanwhile (1: one whole core)."""

    per_second: float
    workers: float
    database: float
    generator: float
    p99_ms: float
    wrong: int
    """Answers that were not 200, and lines that were cut."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The open loop at part of what can be done."""

    rate: float
    part: Part
    late: Sequence[float]
    """Seconds by which requests were sent late, ascending."""
    generator: float
    unanswered: int
    usual_ms: float
    """In nine of ten seconds 99 of 100 answers took no longer."""


@dataclass(frozen=True, slots=True)
class Overload:
    """The open loop far beyond, and the seconds after it at part of what can be done."""

    rate: float
    part: Part
    after: Sequence[Part]
    """Second by second."""
    back: float | None
    bound_ms: float
    """Within that 99 of 100 were answered before: the wanted bound, or what was usual where that is more."""
    late: Sequence[float]
    generator: float
    unanswered: int

    @property
    def clean(self) -> bool:
        """Whether each request was answered, or refused with 503 and Retry-After."""
        wrong = self.part.other.total() + sum(part.other.total() for part in self.after)
        return wrong == 0 and self.unanswered == 0 and bool(self.part.answered)


@dataclass(frozen=True, slots=True)
class Found:
    """A whole run."""

    machine: Machine
    alone: Sequence[Capacity]
    """One worker, the database and the generator on one core."""
    one: Sequence[Capacity]
    """One worker on one core, the database and the generator on two."""
    two: Sequence[Capacity]
    """Two workers on a core each, the database and the generator on both."""
    steady: Steady
    overload: Overload

    @property
    def held(self) -> bool:
        """What does not turn on the machine: nothing is lost, refusals are honest, and it comes back."""
        wrong = sum(found.wrong for found in (*self.alone, *self.one, *self.two))
        return wrong == 0 and self.overload.clean and self.overload.back is not None

    @property
    def doubled(self) -> float:
        """Two workers on two cores to one worker on one core, the database and the generator among each."""
        return _rate(self.two) / _rate(self.alone)

    @property
    def growth(self) -> float:
        """Two workers to one, where the database and the generator have two cores in both."""
        return _rate(self.two) / _rate(self.one)

    @property
    def by_time(self) -> float:
        """Two workers to one, for the same time of a core: what is left of 2 is what they cost each other."""
        return 2 * _each(self.one) / _each(self.two)


def report(found: Found, *, quick: bool = False) -> str:
    """Markdown."""
    machine, steady, over = found.machine, found.steady, found.overload
    return "\n".join([
        "# Scale run",
        "",
        f"{machine.at:%Y-%m-%d %H:%M} UTC, {machine.cpu}, {machine.system}, {machine.python}, load {machine.load:.1f} before the"
        f" run, {machine.fsync_ms:.1f} ms for a small write and its sync. `python -m bench.scale{' --quick' if quick else ''}`.",
        *(["", "**A quick run**: it shows that the command works. Its figures say little."] if quick else []),
        *(["", _BUSY.format(machine.load)] if machine.load > QUIET else []),
        "",
        "PostgreSQL with `fsync` on. Authentication alone (`domains=sca`), every request stored before it is answered. Worker 1"
        " runs on core 1 alone, worker 2 on core 2 alone. **The load generator (one process) and the database have no cores of"
        " their own: they share these two with the workers.** What they use is told beside each figure.",
        "",
        "## What must hold",
        "",
        "| | wanted | found | |",
        "|---|---|---|---|",
        *_wanted(found),
        "",
        "## One worker and two",
        "",
        "Callers who wait for each answer, 64 for each worker. Median of the rounds; shares are of one core.",
        "",
        "| | answers a second | p99 | workers | database | generator | of one answer: worker | database | generator |",
        "|---|---|---|---|---|---|---|---|---|",
        _capacity("one worker, everything on one core", found.alone),
        _capacity("one worker on core 1, the rest on both", found.one),
        _capacity("two workers, the rest on both", found.two),
        "",
        f"- **{found.doubled:.2f} times** as many with two workers on two cores as with one worker on one core, where the"
        " database and the generator have no more cores than the workers: both cores and workers are doubled.",
        f"- **{found.growth:.2f} times** as many as with one worker that has its core to itself, while the database and the"
        f" generator use the other. No more than {_most(found):.2f} is possible there: two cores hold {2 / _whole(found.two):.0f}"
        f" answers a second of {_whole(found.two) * 1e6:.0f} us each, all told.",
        f"- **{found.by_time:.2f} times** as many for the same time of a core: a worker uses {_each(found.one) * 1e6:.0f} us for"
        f" an answer when it is alone, and {_each(found.two) * 1e6:.0f} us beside another one. So much two workers would answer,"
        " were each to have its core to itself, as long as one chain takes it.",
        "",
        "## At 60 %",
        "",
        "Requests of independent callers, due at random times; latencies from when a request was due.",
        "",
        "| | |",
        "|---|---|",
        f"| asked | {steady.part.number}, {steady.rate:.0f} a second |",
        *_part(steady.part),
        f"| sent late by, p50 / p99 | {_late(steady.late)} |",
        f"| the generator's share of a core | {steady.generator:.2f} |",
        f"| never answered | {steady.unanswered} |",
        "",
        f"## Three times of what can be done, for {over.part.seconds:.0f} s",
        "",
        "| | |",
        "|---|---|",
        f"| asked | {over.part.number}, {over.part.number / over.part.seconds:.0f} a second of {over.rate:.0f} wanted |",
        *_part(over.part),
        f"| sent late by, p50 / p99 | {_late(over.late)} |",
        f"| the generator's share of a core | {over.generator:.2f} |",
        f"| never answered | {over.unanswered} |",
        "",
        "Then 60 % again. As before is the first of two seconds in a row in which all were answered, 99 of 100 within"
        f" {over.bound_ms:.0f} ms: {_bound(over)}.",
        "",
        "| second after | answered | refused | other | p99 |",
        "|---|---|---|---|---|",
        *(
            f"| {second} | {len(part.answered)} | {len(part.refused)} | {_other(part)} | {part.answered_ms(0.99):.1f} ms |"
            for second, part in enumerate(over.after, 1)
        ),
        "",
    ])  # fmt: skip


def _wanted(found: Found) -> list[str]:
    steady, over = found.steady, found.overload
    p99, back = steady.part.answered_ms(0.99), over.back
    return [
        _row(
            "growth, from one core with all on it to two",
            f">= {GROWTH}",
            f"{found.doubled:.2f}",
            found.doubled >= GROWTH,
        ),
        _row(
            f"99 of 100 at {steady.rate:.0f} a second (60 %)",
            f"<= {STEADY_MS:.0f} ms",
            f"{p99:.1f} ms",
            p99 <= STEADY_MS and len(steady.part.answered) == steady.part.number > 0,
        ),
        _row("an overload is answered or refused honestly", "all", "all" if over.clean else "not all", over.clean),
        _row(
            "all as before, after its end",
            f"<= {BACK_SECONDS:.0f} s",
            "never" if back is None else f"{back:.2f} s",
            back is not None and back <= BACK_SECONDS,
        ),
    ]


def _bound(over: Overload) -> str:
    if over.bound_ms <= STEADY_MS:
        return "what is wanted"
    return "at 60 % nine of ten seconds were within that before the overload"


def _row(what: str, wanted: str, found: str, held: bool) -> str:
    return f"| {what} | {wanted} | {found} | {'holds' if held else '**does not hold**'} |"


def _capacity(what: str, rounds: Sequence[Capacity]) -> str:
    workers, database, generator = (
        median(getattr(found, who) for found in rounds) for who in ("workers", "database", "generator")
    )
    each = " | ".join(f"{used / _rate(rounds) * 1e6:.0f} us" for used in (workers, database, generator))
    p99 = median(found.p99_ms for found in rounds)
    return (
        f"| {what} | {_rate(rounds):.0f} | {p99:.0f} ms | {workers:.2f} | {database:.2f} | {generator:.2f} | {each} |"
    )


def _part(part: Part) -> list[str]:
    return [
        f"| answered with 200 | {len(part.answered)}, {len(part.answered) / part.seconds:.0f} a second |",
        f"| of them p50 / p99 / longest | {_ms(part.answered)} |",
        f"| refused with 503 and `Retry-After` | {len(part.refused)} |",
        f"| of them p50 / p99 / longest | {_ms(part.refused)} |",
        f"| anything else | {_other(part)} |",
    ]


def _other(part: Part) -> str:
    return ", ".join(f"{number} of {status or 'cut lines'}" for status, number in sorted(part.other.items())) or "none"


def _ms(took: Sequence[float]) -> str:
    ordered = sorted(took)
    if not ordered:
        return "none"
    return (
        " / ".join(
            f"{seconds * 1000:.1f}" for seconds in (percentile(ordered, 0.5), percentile(ordered, 0.99), ordered[-1])
        )
        + " ms"
    )


def _late(late: Sequence[float]) -> str:
    return f"{percentile(late, 0.5) * 1000:.1f} / {percentile(late, 0.99) * 1000:.1f} ms"


def _rate(rounds: Sequence[Capacity]) -> float:
    return median(found.per_second for found in rounds)


def _each(rounds: Sequence[Capacity]) -> float:
    """Seconds of a core that a worker uses for an answer."""
    return median(found.workers / found.per_second for found in rounds)


def _whole(rounds: Sequence[Capacity]) -> float:
    """The same of all who take part."""
    return median((found.workers + found.database + found.generator) / found.per_second for found in rounds)


def _most(found: Found) -> float:
    return 2 / _whole(found.two) / _rate(found.one)
