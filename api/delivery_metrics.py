"""What Prometheus is told of alerts on their way. Counted in the ledger when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from engine.ledger import Ledger, LedgerError


class DeliveryNumbers(Collector):
    """Deliveries by destination."""

    def __init__(self, ledger: Ledger, clock: Callable[[], datetime]) -> None:
        self._ledger, self._clock = ledger, clock

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The families. Nothing at all where the ledger cannot be read: no number is not the number nought."""
        try:
            counted, known = self._ledger.deliveries.counted(), self._ledger.deliveries.destinations()
        except LedgerError:
            return
        now, of = self._clock(), ["destination"]
        delivered = CounterMetricFamily("lexgate_alerts_delivered", "Alerts that a destination has taken.", labels=of)
        failed = CounterMetricFamily("lexgate_alert_attempts_failed", "Attempts that did not deliver.", labels=of)
        dead = GaugeMetricFamily("lexgate_alerts_dead", "Alerts given up, for a person to send again.", labels=of)
        waiting = GaugeMetricFamily("lexgate_alerts_waiting", "Alerts not delivered yet.", labels=of)
        oldest = GaugeMetricFamily("lexgate_alerts_oldest_seconds", "Since when the first that waits does.", labels=of)
        off = GaugeMetricFamily("lexgate_destination_off", "1 where a destination is switched off.", labels=of)
        for name, one in sorted(counted.items()):
            delivered.add_metric([name], one.delivered)
            failed.add_metric([name], one.failed)
            dead.add_metric([name], one.dead)
            waiting.add_metric([name], one.waiting)
            oldest.add_metric([name], 0 if one.oldest is None else max(0, (now - one.oldest).total_seconds()))
        for stored in known:
            off.add_metric([stored.destination.name], int(stored.off_at is not None))
        yield from (delivered, failed, dead, waiting, oldest, off)
