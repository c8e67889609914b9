"""How long each stage of the ingester takes, and what came of it: counted in a run, kept with the ledger."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from engine.ledger import Stage
from ingest.fetch import Asked, Fetched, Fetcher, Missed, Unchanged

STAGES: Final = ("fetch", "read", "link", "impact", "keep")


class Tally:
    """Durations by stage, of one run."""

    def __init__(self) -> None:
        self._took: dict[str, list[float]] = {}
        self._failed: dict[str, int] = {}

    def took(self, stage: str, seconds: float, *, failed: bool = False) -> None:
        """A stage ran for so long."""
        self._took.setdefault(stage, []).append(seconds)
        self._failed[stage] = self._failed.get(stage, 0) + failed

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Whatever is done inside is of this stage; what it raises counts as failed."""
        began, failed = time.perf_counter(), True
        try:
            yield
            failed = False
        finally:
            self.took(stage, time.perf_counter() - began, failed=failed)

    def stages(self, at: datetime) -> list[Stage]:
        """What was counted, and forgets it."""
        counted, self._took = self._took, {}
        failed, self._failed = self._failed, {}
        return [_stage(stage, at, sorted(took), failed[stage]) for stage, took in sorted(counted.items())]


def _stage(stage: str, at: datetime, took: list[float], failed: int) -> Stage:
    def at_share(share: int) -> timedelta:
        # The nearest rank: the smallest that so many of 100 do not exceed.
        return timedelta(seconds=took[(len(took) * share + 99) // 100 - 1])

    return Stage(stage, at, len(took), failed, at_share(50), at_share(95), at_share(100))


class TimedFetcher(Fetcher):
    """A fetcher that is timed."""

    tally: Tally | None = None

    async def fetch(self, asked: Asked) -> Fetched | Unchanged | Missed:
        """As the fetcher does."""
        began = time.perf_counter()
        came = await super().fetch(asked)
        if self.tally is not None:
            self.tally.took("fetch", time.perf_counter() - began, failed=isinstance(came, Missed))
        return came
