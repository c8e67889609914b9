"""A list has changed: whom what is new or changed in it may mean, and nobody else, is held against everything again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from engine.screening.model import Query, Screened, Screener


class OnlyNew:
    """A `Screener` that answers matches with some entries alone, found and scored as among all: how rare a name is, all entries
    tell. INVARIANT: it finds whatever the screener finds among those entries."""

    def __init__(self, screener: Screener, ids: frozenset[str]) -> None:
        """`ids`: `LIST:key` of the entries that are new or changed."""
        self._screener, self._ids = screener, ids

    def screen(self, query: Query, at: datetime) -> Screened:
        """As `Screener` says."""
        found = self._screener.screen(query, at)
        return replace(found, matches=tuple(one for one in found.matches if one.entry.id in self._ids))
