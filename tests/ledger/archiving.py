"""Ledgers with a past of several months, and archives of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.ledger import EventKind, Ledger
from engine.ledger.archive.manifest import Manifest
from engine.ledger.archive.write import write
from tests.ledger.factories import counted, entry, store

NOW = datetime(2023, 4, 3, 12, tzinfo=UTC)
"""When archives are written: the ledger was filled from January to March of 2021, and in April of 2023."""
BEFORE = date(2021, 4, 1)


def facts_at(at: datetime) -> bytes:
    """A payment that happened at a moment."""
    return (
        f'{{"occurred_at":"{at.isoformat()}","amount":"24.90","currency":"EUR","payer":{{"id":"c-7"}},'
        '"payment":{"instrument":"card","issuer_country":"DE"}}'
    ).encode()


class Calendar:
    """A clock that stands where it is put, and goes a second further each time it is read."""

    def __init__(self) -> None:
        self.now = datetime(2021, 1, 5, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def past(url: str, each: int = 3) -> list[str]:
    """Three months with decisions and events, a key, and this month's decisions. Returns the ids of all decisions."""
    clock, ids = Calendar(), []
    with Ledger.open(url, clock=clock) as ledger:
        ledger.keys.create(["decide", "read"], "till 7", secret="lx_given")
        for month in (1, 2, 3, 4):
            clock.now = datetime(2023 if month == 4 else 2021, month, 2, 10, tzinfo=UTC)
            for _ in range(each):
                ids.append(decided(ledger, clock.now))
                ledger.history.record_event(ids[-1], EventKind.AUTHORISED, clock.now, {"amount": "24.90"})
    return ids


def decided(ledger: Ledger, at: datetime, **changes: Any) -> str:
    """One decision of a moment."""
    made = entry(at=at, facts=facts_at(at), counted=counted(occurred_at=at))
    made = replace(made, **changes)
    store(ledger, made)
    return made.id


def archived(url: str, folder: Path, before: date = BEFORE, **more: Any) -> tuple[Manifest, ...]:
    """Write the months that are over."""
    return write(url, folder, before, **{"at": NOW, "by": "the tests", **more})
