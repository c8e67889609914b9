"""The ingester as a whole: it fetches and reads side by side, stops when it is told to, and goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.ingest_metrics import Ingest
from api.ingesting import Ingester, ingester, now
from engine.ledger import ChangesWanted, Ledger
from tests.empty import empty_ledger
from tests.ingest.test_working import SOURCES, Reader, told
from tests.ledger.reading import publish


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(empty_ledger(tmp_path / "lexgate.db")) as opened:
        yield opened
        assert opened.verify().ok


def made(ledger: Ledger, reader: Reader) -> Ingester:
    """One that has nobody to ask, and reads what is kept."""
    found = ingester(ledger, {}, "mailto:us@example.org", reader)
    found.worker.sources = SOURCES
    return found


def changes(ledger: Ledger) -> int:
    return len(ledger.changes.page(ChangesWanted(), limit=200, after=None).data)


async def _until(wanted: int, ledger: Ledger, reader: Reader) -> None:
    """Run until there are so many changes, then say stop."""
    stop = asyncio.Event()
    running = asyncio.create_task(made(ledger, reader).run(stop, pause=0.01))
    while changes(ledger) < wanted:
        await asyncio.sleep(0.01)
    stop.set()
    await running


def test_it_runs_until_told_to_stop_and_another_goes_on_where_it_was(ledger: Ledger) -> None:
    publish(ledger, "n-1", said="one", at=now())
    reader = Reader({})
    asyncio.run(asyncio.wait_for(_until(1, ledger, reader), 30))
    publish(ledger, "n-2", said="two", at=now())
    publish(ledger, "n-3", said="three", source="be-gov-1", at=now())
    asyncio.run(asyncio.wait_for(_until(3, ledger, reader), 30))
    assert (changes(ledger), reader.asked) == (3, 3)


def test_a_ledger_that_cannot_be_written_is_waited_for(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.ledger import LedgerBusy

    publish(ledger, at=now())
    refusals = [LedgerBusy(9), LedgerBusy(9)]
    take = type(ledger.readings).take

    def busy(*asked: object) -> object:
        if refusals:
            raise refusals.pop()
        return take(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(type(ledger.readings), "take", busy)
    asyncio.run(asyncio.wait_for(_until(1, ledger, Reader({})), 30))
    assert (refusals, changes(ledger)) == ([], 1)


def test_prometheus_is_told_what_waits_how_fresh_it_is_and_how_long_it_took(ledger: Ledger) -> None:
    publish(ledger, "n-1", said="one", at=now())
    asyncio.run(made(ledger, Reader({"one": told()})).once())
    publish(ledger, "n-2", said="two", at=now())
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in Ingest(ledger).collect()
        for sample in family.samples
    }
    assert samples["lexgate_ingest_versions", "change"] == samples["lexgate_ingest_versions", "waiting"] == 1
    assert samples["lexgate_changes", "new"] == samples["lexgate_ingest_stage_runs_total", "keep"] == 1
    assert samples["lexgate_ingest_stage_seconds", "keep", "0.95"] > 0
    assert samples["lexgate_feed_failures", "be-fin-1"] == 0
    assert 0 <= samples["lexgate_ingest_versions_age_seconds", "waiting"] < 600
