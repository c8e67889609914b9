"""A ledger, a clock, and workers for what a site gives."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from api.ids import DecisionIds
from engine.ledger import AlertsWanted, Ledger, Occasion
from ingest.directory import Form, Source
from ingest.feeds.apart import Apart
from ingest.fetch import Fetcher, Manners, Targets
from ingest.gathering import Gathered, Gatherer, by_id
from tests.ingest.site import Site, site

START = datetime(2026, 11, 27, 9, tzinfo=UTC)
MANNERS = Manners(pause=timedelta(0), seconds=5, every=timedelta(hours=1), silent_after=timedelta(days=10))


def feed(*items: tuple[str, str]) -> bytes:
    """A feed with these publications: id and title."""
    told = "".join(f"<item><guid isPermaLink='false'>{key}</guid><title>{title}</title></item>" for key, title in items)
    return f'<rss version="2.0"><channel><title>N</title>{told}</channel></rss>'.encode()


class Watch:
    """A ledger, a clock, and a worker for what a site gives."""

    def __init__(self, ledger: Ledger, manners: Manners = MANNERS) -> None:
        self.ledger, self.now, self.manners = ledger, START, manners
        self.apart: Callable[[], Apart] = lambda: Apart(number=1)
        self.heard: list[Gathered] = []

    def worker(self, there: Site, *paths: str, name: str = "ing_1") -> Gatherer:
        """A worker for some pages of a site, each a source."""
        return self.gatherer({path.strip("/"): there.url + path for path in paths}, there.targets, name)

    def gatherer(
        self, urls: dict[str, str], targets: Targets, name: str = "ing_1", form: Form = Form.FEED, language: str = "de"
    ) -> Gatherer:
        """A worker for sources by their names."""
        sources = by_id(
            Source(
                f"de-{short}-1", "DE", "BaFin", ("aml",), url, form if short == "hostile" else Form.FEED, language, watch=True,
                noise=False, confidence="B", found_in="", note="", manners=self.manners,
            )
            for short, url in urls.items()
        )  # fmt: skip
        fetcher = Fetcher("mailto:tests@example.org", clock=lambda: self.now, targets=targets)
        return Gatherer(
            self.ledger.feeds, sources, fetcher, lambda: self.now, self.occasion, name, lambda: 0.5, apart=self.apart(),
            heard=self.heard.append,
        )  # fmt: skip

    def occasion(self) -> Occasion:
        return Occasion(self.now, "sha256:" + "cd" * 32, DecisionIds(kind="case_"))

    def look(self, there_pages: dict[str, Any], *paths: str, later: timedelta = timedelta(0)) -> list[Gathered]:
        """One look, some time later."""
        self.now += later

        async def once() -> list[Gathered]:
            async with site(there_pages) as there:
                worker = self.worker(there, *(paths or ("/feed",)))
                try:
                    return await worker.once()
                finally:
                    await worker.close()

        return asyncio.run(once())

    @property
    def titles(self) -> list[str]:
        return [str(one.body["title"]) for one in self.ledger.feeds.items(0, 100)]

    def alerts(self) -> list[Any]:
        return [one.alert for one in self.ledger.alerts.page(AlertsWanted(), limit=9, after=None).data]
