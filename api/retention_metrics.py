"""What Prometheus is told of legal holds and of what was erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from api.retaining import Ran
from engine.ledger import Ledger, LedgerError


class RetentionNumbers(Collector):
    """Legal holds as the ledger has them, and the runs of this process."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._erased = self._failed = 0
        self._counted: dict[str, int] = {}
        self._ran_at: datetime | None = None

    def ran(self, ran: Ran, at: datetime) -> None:
        """A run is over."""
        self._erased, self._failed = self._erased + ran.erased, self._failed + ran.failed
        self._counted, self._ran_at = ran.counted, at

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The families. No number of holds where the ledger cannot be read: that is not the number nought."""
        try:
            standing = self._ledger.holds.count()
        except LedgerError:
            return
        yield GaugeMetricFamily("lexgate_legal_holds", "Legal holds that stand.", value=standing)
        yield CounterMetricFamily("lexgate_retention_erased", "Payers erased by this process.", value=self._erased)
        yield CounterMetricFamily(
            "lexgate_retention_failed", "Payers that could not be erased by this process.", value=self._failed
        )
        seen = GaugeMetricFamily(
            "lexgate_retention_seen", "Payers that the last run looked at, by what may be done.", labels=["state"]
        )
        for state, number in sorted(self._counted.items()):
            seen.add_metric([state], number)
        yield seen
        last = GaugeMetricFamily("lexgate_retention_run_timestamp_seconds", "When this process last ran.")
        if self._ran_at is not None:
            last.add_metric([], self._ran_at.timestamp())
        yield last
