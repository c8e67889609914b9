"""How the ingester stands: sources and how fresh they are, what waits, how long each stage takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rich.table import Table

from api.commands.console import out, say
from engine.ledger import FeedState, Ledger, Stage
from ingest.directory import Source


def status_of(ledger: Ledger, sources: Mapping[str, Source], now: datetime) -> dict[str, Any]:
    """All of it, JSON-ready. Ages in seconds."""
    known = {one.source: one for one in ledger.feeds.states()}
    watched = [(one, known.get(one.id)) for one in sources.values() if one.watch]
    watched.sort(key=lambda pair: (-(pair[1].failures if pair[1] else 0), pair[0].id))
    return {
        "sources": [_source(source, state, now) for source, state in watched],
        "versions": ledger.feeds.number(),
        "queue": {
            state: {"number": number, "oldest_seconds": _age(since, now)}
            for state, (number, since) in sorted(ledger.readings.queue().items())
        },
        "changes": {
            state: {"number": number, "oldest_seconds": _age(first, now)}
            for state, (number, first) in sorted(ledger.changes.counted().items())
        },
        "stages": [_stage(one) for one in ledger.readings.stages()],
        "unread": [{"item": one.item, "source": one.source, "fault": one.fault} for one in ledger.readings.failed(50)],
    }


def show_status(told: Mapping[str, Any]) -> None:
    """The same for people."""
    table = Table("source", "regulator", "answered", "new", "failures", "fault", "next")
    for one in told["sources"]:
        names = ("answered_at", "new_at", "failures", "fault", "next_at")
        table.add_row(one["source"], one["regulator"][:40], *(str(one[name] or "") for name in names))
    out.print(table)
    say(f"{told['versions']} versions of publications are kept")
    for what in ("queue", "changes"):
        for state, one in told[what].items():
            say(f"{what}: {one['number']} {state}, the oldest since {_days(one['oldest_seconds'])}")
    if told["stages"]:
        stages = Table("stage", "last run", "number", "failed", "middle ms", "95 of 100 ms", "longest ms", "ever")
        for one in told["stages"]:
            stages.add_row(*(str(one[name]) for name in one))
        out.print(stages)
    for one in told["unread"]:
        say(f"not read: version {one['item']} of {one['source']}: {one['fault']}")


def _source(source: Source, state: FeedState | None, now: datetime) -> dict[str, Any]:
    new_at, answered_at = (None, None) if state is None else (state.new_at, state.answered_at)
    return {
        "source": source.id,
        "regulator": source.regulator,
        "url": source.url,
        "answered_at": _minute(answered_at),
        "answered_seconds": _age(answered_at, now),
        "new_at": _minute(new_at),
        "new_seconds": _age(new_at, now),
        "failures": state.failures if state else 0,
        "fault": state.fault if state else "",
        "detail": state.detail if state else "",
        "moved_to": state.moved_to if state else "",
        "next_at": _minute(state.next_at if state else None),
    }


def _stage(one: Stage) -> dict[str, Any]:
    return {
        "stage": one.stage, "ran_at": _minute(one.ran_at), "number": one.number, "failed": one.failed,
        "middle_ms": one.middle.total_seconds() * 1000, "high_ms": one.high.total_seconds() * 1000,
        "longest_ms": one.longest.total_seconds() * 1000, "total": one.total,
    }  # fmt: skip


def _minute(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="minutes")


def _age(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else max(0, int((now - since).total_seconds()))


def _days(seconds: int | None) -> str:
    if seconds is None:
        return "never"
    return f"{seconds // 86_400} days" if seconds >= 2 * 86_400 else f"{seconds // 3600} hours"
