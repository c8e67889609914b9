"""What Prometheus is told. The hot route only adds to plain numbers; they are put into form when somebody asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from engine.decision import Outcome
from engine.ledger import Ledger, LedgerError
from engine.money import RateTable

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Tally(Collector):
    """Decisions by outcome, and how long they took. Written by one event loop, read by whoever asks."""

    def __init__(self) -> None:
        self.decided: dict[str, int] = dict.fromkeys(get_args(Outcome), 0)
        self._took = [0] * (len(_SECONDS) + 1)
        self._seconds = 0.0

    def took(self, seconds: float) -> None:
        """An answer was given after so long."""
        self._took[bisect_left(_SECONDS, seconds)] += 1
        self._seconds += seconds

    def collect(self) -> Iterator[CounterMetricFamily | HistogramMetricFamily]:
        """The two families."""
        decisions = CounterMetricFamily("lexgate_decisions", "Decisions answered.", labels=["outcome"])
        for outcome, number in self.decided.items():
            decisions.add_metric([outcome], number)
        yield decisions
        seconds = HistogramMetricFamily("lexgate_preflight_seconds", "Time from request to answer.")
        seconds.add_metric([], self._buckets(), self._seconds)
        yield seconds

    def _buckets(self) -> list[tuple[str, float]]:
        total, found = 0, []
        for bound, number in zip((*map(str, _SECONDS), "+Inf"), self._took, strict=True):
            total += number
            found.append((bound, float(total)))
        return found


class Duties(Collector):
    """Obligations that are open, and those whose day is over. Counted in the ledger when somebody asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The two families, by domain. Nothing at all where the ledger cannot be read: no number is not the number nought."""
        try:
            counted = self._ledger.obligations.counted(datetime.now(UTC))
        except LedgerError:
            return
        open_ones = GaugeMetricFamily("lexgate_obligations_open", "Obligations that have not ended.", labels=["domain"])
        overdue = GaugeMetricFamily("lexgate_obligations_overdue", "Open, and their day is over.", labels=["domain"])
        for domain, (number, late) in sorted(counted.items()):
            open_ones.add_metric([domain], number)
            overdue.add_metric([domain], late)
        yield open_ones
        yield overdue


class Cases(Collector):
    """Cases of onboarding by state. Counted in the ledger when somebody asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family. Nothing at all where the ledger cannot be read."""
        try:
            counted = self._ledger.onboarding.counted()
        except LedgerError:
            return
        cases = GaugeMetricFamily("lexgate_onboarding_cases", "Cases of merchants.", labels=["state"])
        for state, number in sorted(counted.items()):
            cases.add_metric([state], number)
        yield cases


class Metrics:
    """The numbers of one service."""

    def __init__(self, ledger: Ledger, release: str) -> None:
        self.registry = CollectorRegistry()
        self.tally: Final = Tally()
        self.registry.register(self.tally)
        self.problems = Counter("lexgate_problems", "Requests refused.", ["kind"], registry=self.registry)
        self.replayed = Counter("lexgate_idempotent_replays", "Stored answers given again.", registry=self.registry)
        self._ledger_numbers(ledger)
        in_force = Gauge("lexgate_release_info", "The release in force.", ["digest"], registry=self.registry)
        in_force.labels(release).set(1)

    def _ledger_numbers(self, ledger: Ledger) -> None:
        """Asked for when Prometheus asks, never on a request."""
        waiting = Gauge("lexgate_ledger_waiting", "Entries that wait to be written.", registry=self.registry)
        waiting.set_function(lambda: ledger.health().waiting)
        writable = Gauge("lexgate_ledger_writable", "1 if a decision could be stored now.", registry=self.registry)
        writable.set_function(lambda: int(ledger.health().ok))
        rows = Gauge("lexgate_ledger_rows_written", "Rows written since the start.", registry=self.registry)
        rows.set_function(lambda: ledger.health().rows)
        batches = Gauge("lexgate_ledger_batches", "Commits since the start.", registry=self.registry)
        batches.set_function(lambda: ledger.health().batches)
        commit = Gauge("lexgate_ledger_commit_seconds", "Duration of the last commit.", registry=self.registry)
        commit.set_function(lambda: ledger.health().last_commit.total_seconds())
        self.registry.register(Duties(ledger))
        self.registry.register(Cases(ledger))

    def rates_until(self, rates: RateTable) -> None:
        """Until when whose rates are known: an alarm on it comes before the first undecided answer."""
        name, text = "lexgate_fx_until_timestamp_seconds", "The last day with exchange rates of a publisher."
        gauge = Gauge(name, text, ["publisher"], registry=self.registry)
        days = {"ecb": rates.latest(), **{name: table.latest() for name, table in rates.publishers.items()}}
        for publisher, latest in days.items():
            if latest is not None:
                gauge.labels(publisher).set(datetime.combine(latest, time(), UTC).timestamp())

    def text(self) -> bytes:
        """In the text format."""
        return generate_latest(self.registry)
