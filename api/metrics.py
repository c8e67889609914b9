"""What Prometheus is told. The hot route only adds to plain numbers; they are put into form when somebody asks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from api.everybody import GRAPHS
from api.ingest_metrics import Ingest
from api.latency import Latency
from api.screening_lists import edition_of
from engine.decision import Outcome
from engine.ledger import Lag, Ledger, LedgerError
from engine.money import RateTable
from engine.screening.lists.reading import age

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class Tally(Collector):
    """Decisions by outcome, and how long they took. Written by one event loop, read by whoever asks."""

    def __init__(self) -> None:
        self.decided: dict[str, int] = dict.fromkeys(get_args(Outcome), 0)
        self._took = [0] * (len(_SECONDS) + 1)
        self._seconds = 0.0
        self.latency: Final = Latency()

    def took(self, seconds: float) -> None:
        """An answer was given after so long."""
        self._took[bisect_left(_SECONDS, seconds)] += 1
        self._seconds += seconds
        self.latency.took(seconds)

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


class Lists(Collector):
    """Lists that names are held against: how old each is, and how many loads were refused. Read from the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """The two families. Nothing at all where the ledger cannot be read."""
        try:
            latest, refused = self._ledger.lists.latest(), self._ledger.lists.refused()
        except LedgerError:
            return
        now = datetime.now(UTC)
        ages = GaugeMetricFamily(
            "lexgate_list_age_days", "Days since the edition in force was published.", labels=["list"]
        )
        for stored in latest:
            ages.add_metric([stored.list], age(edition_of(stored), now) / timedelta(days=1))
        refusals = CounterMetricFamily(
            "lexgate_list_load_refused", "Loads of a list that were refused.", labels=["list"]
        )
        for code in sorted({stored.list for stored in latest} | set(refused)):
            refusals.add_metric([code], refused.get(code, 0))
        yield ages
        yield refusals


class Watch(Collector):
    """Alerts told, cases by state, and how far behind the monitor is. Counted in the ledger when somebody asks."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The families. Nothing at all where the ledger cannot be read."""
        now = datetime.now(UTC)
        try:
            alerts, cases = self._ledger.alerts.counted(), self._ledger.cases.counted(now)
            lags, looked = self._ledger.monitoring.lags(), self._ledger.monitoring.mark(GRAPHS)
        except LedgerError:
            return
        told = CounterMetricFamily("lexgate_alerts", "Alerts told.", labels=["kind", "severity"])
        for labels, number in sorted(alerts.items()):
            told.add_metric(list(labels), number)
        states = GaugeMetricFamily("lexgate_cases", "Cases of alerts.", labels=["state"])
        overdue = GaugeMetricFamily("lexgate_cases_overdue", "To be reported, and the day is over.", labels=["state"])
        for state, (number, late) in sorted(cases.items()):
            states.add_metric([state], number)
            if state != "decided":
                overdue.add_metric([state], late)
        yield told
        yield states
        yield overdue
        yield from _lags(lags, now)
        if looked:
            yield GaugeMetricFamily(
                "lexgate_monitor_graphs_timestamp_seconds",
                "Begin of the UTC day on which everybody's payments were last looked over.",
                value=datetime.combine(date.fromisoformat(looked), time(), UTC).timestamp(),
            )


def _lags(lags: Mapping[str, Lag], now: datetime) -> Iterator[GaugeMetricFamily]:
    words = GaugeMetricFamily("lexgate_monitor_lag_rows", "Rows of the ledger not looked at yet.", labels=["consumer"])
    seconds = GaugeMetricFamily("lexgate_monitor_lag_seconds", "Since when the first waits.", labels=["consumer"])
    for name, lag in sorted(lags.items()):
        words.add_metric([name], lag.words)
        waited = 0 if lag.since is None else max(0, (now - lag.since).total_seconds())
        seconds.add_metric([name], waited)
    yield words
    yield seconds


class Upgrades(Collector):
    """Whether an upgrade waits."""

    def __init__(self, asked: Callable[[], bool]) -> None:
        self._asked = asked

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """1 while one does; nothing while the ledger cannot be read."""
        try:
            waits = self._asked()
        except LedgerError:
            return
        text = "1 while what came with the software waits for persons to put it in force."
        yield GaugeMetricFamily("lexgate_upgrade_waits", text, value=int(waits))


class Reevaluated(Collector):
    """What came of the last re-evaluation of everything. Its age: `time() - lexgate_reevaluation_timestamp_seconds`."""

    def __init__(self, asked: Callable[[], Mapping[str, Any] | None]) -> None:
        self._asked = asked

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Nothing while there was none, or its folder cannot be read: no number is not the number nought."""
        try:
            body = self._asked()
        except OSError:
            return
        if body is None:
            return
        told = body["decisions"]
        for name, text, value in (
            ("decisions", "Stored decisions asked again by the last re-evaluation.", told["evaluated"]),
            ("differing", "Of these, those that would be answered otherwise today.", told["differing"]),
            ("changed", "Of these, those with another outcome today.", told["changed"]),
            ("left_out", "Stored decisions that could not be asked again.", told["left_out"]),
            (
                "timestamp_seconds",
                "When the last re-evaluation ended.",
                datetime.fromisoformat(body["ended"]).timestamp(),
            ),
        ):
            yield GaugeMetricFamily(f"lexgate_reevaluation_{name}", text, value=value)


class Metrics:
    """The numbers of one service."""

    def __init__(self, ledger: Ledger, release: str) -> None:
        self.registry = CollectorRegistry()
        self.tally: Final = Tally()
        self.registry.register(self.tally)
        self.problems = Counter("lexgate_problems", "Requests refused.", ["kind"], registry=self.registry)
        for kind in ("busy", "overloaded", "too_slow", "unavailable", "internal_error"):
            # An alarm sees a counter grow only if it was there before.
            self.problems.labels(kind)
        self.replayed = Counter("lexgate_idempotent_replays", "Stored answers given again.", registry=self.registry)
        ProcessCollector(registry=self.registry)
        self._ledger_numbers(ledger)
        self._in_force = Gauge("lexgate_release_info", "The release in force.", ["digest"], registry=self.registry)
        self.released(release)

    def released(self, digest: str) -> None:
        """Another release answers from now on."""
        self._in_force.clear()
        self._in_force.labels(digest).set(1)

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
        self.registry.register(Lists(ledger))
        self.registry.register(Watch(ledger))
        self.registry.register(Ingest(ledger))

    def upgrade_waits(self, asked: Callable[[], bool]) -> None:
        """Whether what came with the software waits to be put under the house's own law: asked for when Prometheus asks."""
        self.registry.register(Upgrades(asked))

    def rules_demoted(self, asked: Callable[[], int]) -> None:
        """How many rules the release in force holds back: asked for when Prometheus asks."""
        gauge = Gauge("lexgate_rules_demoted", "Rules that the release in force holds back.", registry=self.registry)
        gauge.set_function(asked)

    def reevaluated(self, asked: Callable[[], Mapping[str, Any] | None]) -> None:
        """What came of the last re-evaluation: asked for when Prometheus asks."""
        self.registry.register(Reevaluated(asked))

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
