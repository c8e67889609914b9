"""Sources of regulators that give nothing: those that cannot be read, and those that have fallen silent."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from api.bundled import directory_file
from engine.ledger import FeedState
from ingest.directory import DirectoryRefused, Source, read_directory
from ingest.own_feeds import own_sources, together

_SHOWN: Final = 20


def watched(own: Path) -> tuple[dict[str, Source], bool]:
    """The sources that are to be watched, and whether the house's own table was refused. Raises OSError where what came with the
    software cannot be read."""
    try:
        changed = own.stat().st_mtime_ns
    except OSError:
        changed = 0
    return _watched(own, changed)


@lru_cache(maxsize=4)
def _watched(own: Path, _changed: int) -> tuple[dict[str, Source], bool]:
    shipped = read_directory(directory_file().read_text(encoding="utf-8"))
    try:
        sources, refused = together(shipped, own_sources(own)), False
    except (DirectoryRefused, UnicodeDecodeError, OSError):
        sources, refused = together(shipped, ()), True
    return {name: one for name, one in sources.items() if one.watch}, refused


def feeds_body(states: tuple[FeedState, ...], own: Path, now: datetime) -> dict[str, Any]:
    """How the sources stand, the worst first: those that fail for longest, then those that are silent for longest."""
    sources, refused = watched(own)
    known = [one for one in states if one.source in sources and one.tried_at is not None]
    troubles = [found for one in known if (found := _trouble(sources[one.source], one, now)) is not None]
    troubles.sort(key=lambda one: (one["trouble"], one["since"]))
    by = [one["trouble"] for one in troubles]
    last = max((one.tried_at for one in known if one.tried_at is not None), default=None)
    return {
        "watched": len(sources),
        "asked": len(known),
        "last_asked": None if last is None else last.isoformat(),
        "failing": by.count("failing"),
        "silent": by.count("silent"),
        "data": troubles[:_SHOWN],
        "refused": refused,
    }


def _trouble(source: Source, state: FeedState, now: datetime) -> dict[str, Any] | None:
    if state.failures:
        kind, since = "failing", state.answered_at or state.known_at
    else:
        kind, since = "silent", state.new_at or state.known_at
        if now - since < source.manners.silent_after:
            return None
    return {
        "source": source.id, "regulator": source.regulator, "jurisdiction": source.jurisdiction, "trouble": kind,
        "since": since.isoformat(), "failures": state.failures, "fault": state.fault,
    }  # fmt: skip
