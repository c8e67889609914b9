"""What workers need beside the payments: two releases and the exchange rates, as files that carry their digests as names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import orjson

from api.backtest_folder import content_of, keep_release, put, release_in
from engine.backtest import Bench, Releases
from engine.money import PublishedRate, PublisherTable, RateRow, RateTable
from engine.packs.release import digest_of

LOADED_AT_ONCE: Final = 2
"""Pairs of releases that a worker keeps read; one takes some 50 MB, and the reading of one seconds."""


@dataclass(frozen=True, slots=True)
class Law:
    """Two releases and how they are asked, by digests."""

    was: str
    now: str
    rates: str
    domains: tuple[str, ...]
    legal_day: date | None = None
    full: bool = False


def ship(folder: Path, releases: Releases) -> Law:
    """Write the files that are not there yet."""
    bench = releases.was
    content = rates_bytes(bench.rates)
    rates = digest_of(content)
    if not (folder / _rates_file(rates)).exists():
        put(folder / _rates_file(rates), content)
    was, now = keep_release(folder, bench.packs), keep_release(folder, releases.now.packs)
    return Law(was, now, rates, bench.domains, bench.legal_day, releases.full)


_LOADED: dict[Law, Releases] = {}
"""Of this process. By digests: what was read for one back-test serves the next."""


def loaded(folder: Path, law: Law) -> Releases:
    """The releases, read once a process. Raises ValueError where a file is not what its name says, and OSError."""
    if law not in _LOADED:
        rates = rates_from(content_of(folder / _rates_file(law.rates), law.rates))
        was = release_in(folder, law.was)
        now = was if law.now == law.was else release_in(folder, law.now, near=was)
        while len(_LOADED) >= LOADED_AT_ONCE:
            _LOADED.pop(next(iter(_LOADED)))
        _LOADED[law] = Releases.of(Bench(was, law.domains, rates, law.legal_day), now, full=law.full)
    return _LOADED[law]


def _rates_file(digest: str) -> str:
    return f"{digest.replace(':', '-')}.rates"


def rates_bytes(rates: RateTable) -> bytes:
    """All that a table knows, the same bytes for the same rates."""
    publishers = {
        name: {"source": table.source, "rows": sorted(_published(table.rows()))}
        for name, table in rates.publishers.items()
    }
    rows = sorted([row.on.isoformat(), row.currency, str(row.per_euro)] for row in rates.rows())
    tree = {"rows": rows, "source": rates.source, "max_age_days": rates.max_age_days, "publishers": publishers}
    return orjson.dumps(tree, option=orjson.OPT_SORT_KEYS)


def _published(rows: Iterable[PublishedRate]) -> list[list[str]]:
    return [
        [row.on.isoformat(), row.base, row.target, str(row.rate), row.start.isoformat(), row.end.isoformat()]
        for row in rows
    ]


def rates_from(content: bytes) -> RateTable:
    """The table that these bytes tell of."""
    tree: dict[str, Any] = orjson.loads(content)
    rows = [RateRow(date.fromisoformat(on), currency, Decimal(rate)) for on, currency, rate in tree["rows"]]
    publishers = {
        name: PublisherTable(map(_rate, one["rows"]), source=one["source"]) for name, one in tree["publishers"].items()
    }
    return RateTable(rows, source=tree["source"], max_age_days=tree["max_age_days"], publishers=publishers)


def _rate(row: list[str]) -> PublishedRate:
    on, base, target, rate, start, end = row
    days = [date.fromisoformat(one) for one in (on, start, end)]
    return PublishedRate(days[0], base, target, Decimal(rate), days[1], days[2])


__all__ = ["Law", "loaded", "rates_bytes", "rates_from", "ship"]
