"""Facts of the law that nobody has looked at in time: counted, listed, and kept out of releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from api.bundled import bundled
from engine.diffs import Change
from engine.language.tree import params_used
from engine.packs import PackSet, Problem
from engine.packs.lint.changed import not_looked_at
from engine.packs.model import Rule
from engine.packs.staleness import Fact, Keeps, facts, read_table, stale


@cache
def table_of(path: Path | None) -> tuple[Keeps, ...]:
    """How long facts keep: the table that is named, or the one that came with the software. Raises BadTable, OSError."""
    return read_table((path or bundled("data") / "staleness" / "recheck.csv").read_text("utf-8"))


def fact_body(one: Fact, today: date) -> dict[str, Any]:
    """A fact as it is listed."""
    return {
        "pack": one.pack, "domain": one.domain, "kind": one.kind, "name": one.name, "confidence": one.confidence,
        "verified_on": one.verified_on.isoformat(), "verified_by": one.verified_by, "due": one.due.isoformat(),
        "overdue_days": one.overdue(today), "source": one.source, "at": one.at, "url": one.url,
        "file": one.spot.file, "line": one.spot.line,
    }  # fmt: skip


def stale_of_change(
    release: PackSet, changes: Iterable[Change], table: tuple[Keeps, ...], today: date, *, refuse: bool
) -> Iterator[Problem]:
    """What a draft touches, or a rule that it touches reads, and nobody has looked at in time."""
    touched = _touched(release, changes)
    for one in stale(release.packs, table, today):
        if (one.pack, one.domain, one.name.partition("[")[0]) in touched:
            yield not_looked_at(one, refuse=refuse)


def _touched(release: PackSet, changes: Iterable[Change]) -> set[tuple[str, str | None, str]]:
    """Pack, domain and name of what is changed, and of the parameters of the same domain that a changed rule reads."""
    found: set[tuple[str, str | None, str]] = set()
    for change in changes:
        name = change.name.partition("[")[0].partition(" from=")[0]
        found.add((change.pack, change.domain, name))
        for rule in _rules_named(release, change.pack, change.domain, name):
            found |= {
                (pack, change.domain, parameter) for parameter in params_used(rule.when) for pack in release.packs
            }
    return found


def _rules_named(release: PackSet, pack: str, domain: str | None, name: str) -> list[Rule]:
    part = release.packs[pack].domains.get(domain or "") if pack in release.packs else None
    return [] if part is None else [rule for rule in part.rules if rule.id == name]


class Ages(Collector):
    """How many facts of the law in force nobody has looked at in time, and how old the oldest is. Worked out once a day and
    release."""

    def __init__(self, law: Callable[[], PackSet], table: Path | None, today: Callable[[], date]) -> None:
        self._law, self._table, self._today = law, table, today
        self._known: tuple[tuple[str, date], list[GaugeMetricFamily]] | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The two families, by domain and confidence."""
        packs, today = self._law(), self._today()
        key = packs.release.digest, today
        if self._known is None or self._known[0] != key:
            self._known = key, self._counted(packs, today)
        yield from self._known[1]

    def _counted(self, packs: PackSet, today: date) -> list[GaugeMetricFamily]:
        labels = ["domain", "confidence"]
        late = GaugeMetricFamily("lexgate_facts_stale", "Facts of the law to be looked at again by now.", labels=labels)
        ages = GaugeMetricFamily("lexgate_facts_oldest_days", "Days since the oldest was seen to hold.", labels=labels)
        counted: dict[tuple[str, str], tuple[int, int]] = {}
        for one in facts(packs.packs, table_of(self._table), today):
            place = one.domain or "pack", one.confidence
            number, oldest = counted.get(place, (0, 0))
            counted[place] = number + (one.overdue(today) > 0), max(oldest, (today - one.verified_on).days)
        for place, (number, oldest) in sorted(counted.items()):
            late.add_metric(list(place), number)
            ages.add_metric(list(place), oldest)
        return [late, ages]
