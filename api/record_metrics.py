"""What Prometheus is told of the record itself: where its chain ends, when that was signed and copied, and since when which law
answers. Read when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.list_views import listed
from engine.ledger import LedgerError

if TYPE_CHECKING:
    from api.service import Service


class Record(Collector):
    """Moments, as seconds since 1970: an age is `time()` less one of them, and goes on growing while nobody answers."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families. No number where the ledger cannot be read, or nothing has happened yet: that is not the number nought."""
        service = self._service
        try:
            end, recorded_at = service.ledger.checkpoints.end()
            checkpoint, activation = service.ledger.checkpoints.last(), service.ledger.activations.now(service.clock())
        except LedgerError:
            return
        yield GaugeMetricFamily("lexgate_chain_rows", "Rows of the chain.", value=end.seq)
        yield _moment("chain_head", "When the last row of the chain was written.", recorded_at)
        yield _moment("checkpoint", "When the end of the chain was last signed.", checkpoint and checkpoint.at)
        yield _moment("release", "Since when the release in force is.", activation and activation.active_from)
        yield _moment("backup", "When the newest backup was finished.", newest_backup(service.settings.backups))
        yield from _archive(service.settings.archive)


def _archive(folder: Path | None) -> Iterator[GaugeMetricFamily]:
    """How much lies in the archive, and until when. No number where there is none, or it cannot be read."""
    rows = GaugeMetricFamily("lexgate_archived_rows", "Rows of the chain in the archive.")
    until = None
    if folder is not None:
        from engine.ledger.archive.manifest import manifests_in
        from engine.ledger.archive.write import end_of

        try:
            months = manifests_in(folder)
        except LedgerError:
            months = ()
        if months:
            rows.add_metric([], months[-1].head.seq)
            until = end_of(months[-1].month)
    yield rows
    yield _moment("archive", "Until when the chain is archived.", until)


def newest_backup(folder: Path | None) -> datetime | None:
    """When the newest backup in a folder was finished: of any kind, a file or a folder whose name does not begin with a point.
    None: there is none, or the folder cannot be read."""
    if folder is None:
        return None
    try:
        moments = [one.stat().st_mtime for one in folder.iterdir() if not one.name.startswith(".")]
    except OSError:
        return None
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def _moment(name: str, text: str, at: datetime | None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"lexgate_{name}_timestamp_seconds", text)
    if at is not None:
        family.add_metric([], at.timestamp())
    return family


class Stale(Collector):
    """Which lists are too old, by their own limits, or required and not there."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One family. Nothing at all where the ledger cannot be read."""
        service = self._service
        try:
            chosen = service.settings
            found = listed(service.ledger, chosen.required_lists, chosen.stale_days, service.clock())
        except LedgerError:
            return
        text = "1 where a list is older than it may be, or required and not loaded."
        stale = GaugeMetricFamily("lexgate_list_stale", text, labels=["list"])
        for one in found:
            stale.add_metric([one.code], int(one.stale))
        yield stale
