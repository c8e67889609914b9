"""How the monitor goes: how much at a time, how far back, how often again, and how long it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at a time, how far back, how often again."""

    words: int = 200
    """Rows of the chain in one step of the intake."""
    events: int = 50
    parties: int = 50
    window: int = 256
    """Events of a subject that are looked up before the one at hand, and after it."""
    reach: timedelta = timedelta(days=180)
    """The longest window of any scenario of one subject; the service takes it from the release."""
    late: timedelta = timedelta(days=30)
    """So much longer than any window are records kept: for what is told late, and for a release that looks further back."""
    forgotten: int = 500
    """Records that are taken out in one step."""
    tries: int = 3
    lease: timedelta = timedelta(seconds=60)
    """How long a dead worker keeps the others waiting."""
    pause: timedelta = timedelta(seconds=1)
    """Between two looks when there is nothing to do."""
    graph_reach: timedelta = timedelta(days=60)
    """The longest window of any graph scenario."""
    graph_late: timedelta = timedelta(days=7)
    """So late may a payment be told that completes what a graph scenario looks for."""
    graph_page: int = 2_000
    graph_events: int = 100_000
    """Payments between two parties that one look holds in memory."""
    graph_lease: timedelta = timedelta(hours=1)
    """A look takes longer than a step, and nobody else may begin it meanwhile."""

    @property
    def kept(self) -> timedelta:
        """How long after it happened the record of a payment is kept."""
        return max(self.reach, self.graph_reach + self.graph_late) + self.late
