"""What regulators publish, brought into a house as its ingester would: fetched from a server of this machine, kept and read."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from api.ids import DecisionIds
from api.ingesting import worker_of
from api.understanding import recent, shipped_understanding
from engine.ledger import Occasion
from ingest.directory import Source
from ingest.fetch import Fetcher
from ingest.gathering import Gatherer
from tests.api.test_from_regulator_to_release import source_of
from tests.browser.house import House
from tests.ingest.recorded.documents import documents
from tests.ingest.site import said, site


def publish(house: House, *regulators: str) -> dict[str, int]:
    """Fetch and read what the recorded feeds of these regulators tell, or of all. Returns what came of it, by its kind."""
    service = house.service
    reader = shipped_understanding(lambda: service.packs, lambda: recent(service.ledger))
    service.redraft = reader

    def occasion() -> Occasion:
        return Occasion(service.clock(), service.packs.release.digest, DecisionIds(kind="case_"))

    # The browser's own loop runs in this thread.
    with ThreadPoolExecutor(1) as beside:
        sources = beside.submit(lambda: asyncio.run(_fetch(house, frozenset(regulators), occasion))).result()
    worker = worker_of(service.ledger, sources, reader, occasion, "ing_test")
    return worker.once()


async def _fetch(house: House, regulators: frozenset[str], occasion: object) -> dict[str, Source]:
    recorded = [one for one in documents() if not regulators or one.regulator in regulators]
    assert recorded, regulators
    ledger, clock = house.service.ledger, house.service.clock
    async with site({one.path: said(one.body, content_type=one.content_type) for one in recorded}) as there:
        sources = {one.id: one for one in (source_of(there.url, *pair) for pair in enumerate(recorded))}
        fetcher = Fetcher("mailto:tests@example.org", clock=clock, targets=there.targets)
        gatherer = Gatherer(ledger.feeds, sources, fetcher, clock, occasion, "ing_test")  # type: ignore[arg-type]
        try:
            found = await gatherer.once()
        finally:
            await gatherer.close()
    assert {one.outcome for one in found} == {"new"}, found
    return sources
