"""The recorded documents and what is expected of them, from index.json.

`key` of an item is the one that reading gives it (`ingest.feeds.Item.key`); of pages, the end of it. `draft`: a draft of the
value must come of it, untouched by hands. `effective` is the day that the law applies from; `proposed_from` the day that a
proposal names, which is no law's. The texts were written for this project; their values are true in the packs before, and
invented after.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ingest.feeds import Adapter
from ingest.feeds.pages import Listing
from ingest.feeds.records import Records
from ingest.read.model import ChangeType, Status

FOLDER: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Expected:
    """What one item must become. `old` and `new` are as packs write them; None where nothing is told of a value."""

    key: str
    kind: str
    status: Status
    draft: bool
    change: ChangeType = ChangeType.NONE
    place: str | None = None
    domain: str | None = None
    name: str | None = None
    """`*`: the rows of a list."""
    old: str | None = None
    new: str | None = None
    unit: str | None = None
    currency: str | None = None
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    effective: date | None = None
    proposed_from: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document of one source."""

    path: str
    """Where a server of a test answers with it."""
    content_type: str
    regulator: str
    jurisdiction: str
    language: str
    adapter: Adapter | None
    body: bytes
    items: tuple[Expected, ...]


def documents(folder: Path = FOLDER) -> tuple[Document, ...]:
    """All of them."""
    told = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return tuple(
        Document(
            path=one["path"],
            content_type=one["content_type"],
            regulator=one["regulator"],
            jurisdiction=one["jurisdiction"],
            language=one["language"],
            adapter=_adapter(one["adapter"]),
            body=(folder / one["file"]).read_bytes(),
            items=tuple(map(_expected, one["items"])),
        )
        for one in told["documents"]
    )


def _adapter(told: dict[str, str] | None) -> Adapter | None:
    if told is None:
        return None
    parts = {name: value for name, value in told.items() if name != "kind"}
    return Listing(**parts) if told["kind"] == "listing" else Records(**parts)  # type: ignore[arg-type]


def _expected(row: dict[str, Any]) -> Expected:
    plain = ("key", "kind", "draft", "place", "domain", "name", "old", "new", "unit", "currency")
    return Expected(
        **{name: row[name] for name in plain if name in row},
        status=Status(row["status"]),
        change=ChangeType(row.get("change", "none")),
        added=tuple(row.get("added", ())),
        removed=tuple(row.get("removed", ())),
        effective=_day(row.get("effective")),
        proposed_from=_day(row.get("proposed_from")),
    )


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
