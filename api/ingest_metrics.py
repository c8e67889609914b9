"""The ingester's numbers for Prometheus, read from the ledger when somebody asks: whichever process fetches and reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.ledger import Ledger, LedgerError, Stage


class Ingest(Collector):
    """How fresh each source is, what waits to be read and to be looked at and since when, and how long stages take."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """The families. Nothing at all where the ledger cannot be read: no number is not the number nought."""
        now = datetime.now(UTC)
        try:
            states, queue = self._ledger.feeds.states(), self._ledger.readings.queue()
            changes, stages = self._ledger.changes.counted(), self._ledger.readings.stages()
        except LedgerError:
            return
        fresh = GaugeMetricFamily(
            "lexgate_feed_new_age_seconds", "Since a source last published something new.", labels=["source"]
        )
        answered = GaugeMetricFamily(
            "lexgate_feed_answered_age_seconds", "Since a source last answered.", labels=["source"]
        )
        failures = GaugeMetricFamily("lexgate_feed_failures", "Failures in a row.", labels=["source"])
        for one in states:
            failures.add_metric([one.source], one.failures)
            if one.new_at is not None:
                fresh.add_metric([one.source], _age(one.new_at, now))
            if one.answered_at is not None:
                answered.add_metric([one.source], _age(one.answered_at, now))
        yield from (fresh, answered, failures)
        yield from _states("lexgate_ingest_versions", "Versions of publications", queue, now)
        yield from _states("lexgate_changes", "Changes of the law", changes, now)
        yield from _stages(stages)


def _states(
    name: str, what: str, counted: Mapping[str, tuple[int, datetime | None]], now: datetime
) -> Iterator[GaugeMetricFamily]:
    numbers = GaugeMetricFamily(name, f"{what}, by state.", labels=["state"])
    ages = GaugeMetricFamily(f"{name}_age_seconds", f"{what}: age of the oldest in the state.", labels=["state"])
    for state, (number, since) in sorted(counted.items()):
        numbers.add_metric([state], number)
        if since is not None:
            ages.add_metric([state], _age(since, now))
    yield from (numbers, ages)


def _stages(stages: tuple[Stage, ...]) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
    total = CounterMetricFamily("lexgate_ingest_stage_runs", "How often a stage ran.", labels=["stage"])
    took = GaugeMetricFamily(
        "lexgate_ingest_stage_seconds", "How long a stage took in its last run.", labels=["stage", "quantile"]
    )
    failed = GaugeMetricFamily("lexgate_ingest_stage_failed", "Failures in the last run.", labels=["stage"])
    for one in stages:
        total.add_metric([one.stage], one.total)
        failed.add_metric([one.stage], one.failed)
        for quantile, seconds in (("0.5", one.middle), ("0.95", one.high), ("1", one.longest)):
            took.add_metric([one.stage, quantile], seconds.total_seconds())
    yield from (total, took, failed)


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
