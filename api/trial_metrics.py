"""What Prometheus is told of trials: read from the ledger when somebody asks, never on a request."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from api.canary_sides import Sides
from engine.ledger import Ledger, LedgerError
from engine.trials import TrialKind


class Trials(Collector):
    """Decisions of both sides of the running canary, what shadows have counted, and canaries that ended by themselves."""

    def __init__(self, ledger: Ledger, sides: Callable[[], Sides | None]) -> None:
        self._ledger, self._sides = ledger, sides

    def collect(self) -> Iterator[CounterMetricFamily | GaugeMetricFamily]:
        """The families. Nothing at all where the ledger cannot be read."""
        trials = self._ledger.trials
        try:
            running, withdrawn = trials.running(), trials.withdrawn()
            shadows = [one for one in running if one.kind is TrialKind.SHADOW]
            counted = {one.id: trials.counted(one.id) for one in shadows}
            behind = {one.id: trials.waiting(one, trials.cursor(one)[1]).decisions for one in shadows}
        except LedgerError:
            return
        yield from self._canary({one.id for one in running})
        looked = CounterMetricFamily("lexgate_shadow_decisions", "Decisions a shadow looked at.", labels=["trial"])
        apart = CounterMetricFamily("lexgate_shadow_differences", "Of these, told otherwise.", labels=["trial"])
        waits = GaugeMetricFamily(
            "lexgate_shadow_behind", "Decisions that wait to be looked at, up to 10,000.", labels=["trial"]
        )
        for trial, (decisions, differing) in counted.items():
            looked.add_metric([trial], decisions)
            apart.add_metric([trial], differing)
            waits.add_metric([trial], behind[trial])
        ended = CounterMetricFamily(
            "lexgate_canaries_withdrawn", "Canaries that ended by themselves.", labels=["cause"]
        )
        for cause, number in sorted(withdrawn.items()):
            ended.add_metric([cause], number)
        yield from (looked, apart, waits, ended)

    def _canary(self, running: set[str]) -> Iterator[CounterMetricFamily]:
        """As this process has last read them."""
        sides = self._sides()
        found = CounterMetricFamily(
            "lexgate_trial_decisions", "Decisions since the running canary began.", labels=["trial", "group", "outcome"]
        )
        if sides is not None and sides.trial.id in running:
            for group, side in zip(("canary", "control"), sides.known(), strict=True):
                for outcome, number in sorted(side.outcomes.items()):
                    found.add_metric([sides.trial.id, group, outcome], number)
        yield found
