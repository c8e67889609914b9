"""Changes of the law, as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from engine.changes import TAKEN_BACK, ChangeState, ChangeStep, LawChange, item_of, possible, undraftable
from engine.ledger import Ledger, StoredChangeStep, StoredItem, StoredReading

NONE: Final = "irrelevant"
"""The state of what a reader held to be no change, and no person has brought back."""


def held_to_be_none(ledger: Ledger, name: str) -> LawChange | None:
    """What a reader held to be no change, as a change that has had no step yet. None: there is no such thing."""
    item = item_of(name)
    work = None if item is None else ledger.readings.work(item)
    if work is None or work.state != NONE:
        return None
    reading = ledger.readings.reading(work.reading)
    return None if reading is None else of_reading(reading, work.source)


def of_reading(reading: StoredReading, source: str) -> LawChange:
    """A change that would begin with this reading."""
    return LawChange(
        f"chg_{reading.item:012d}", 0, ChangeState.NEW, reading.item, reading.seq, source, reading.publisher, reading.read, "C",
        reading.recorded_at, reading.recorded_at,
    )  # fmt: skip


def summary_of(change: LawChange, relevance: int | None = None) -> dict[str, Any]:
    """A change in a list."""
    read = change.read
    return {
        "id": change.id,
        "number": change.number,
        "state": change.state.value if change.number else NONE,
        "title": read.title,
        "status": read.status,
        "jurisdiction": read.jurisdiction,
        "domains": list(read.domains),
        "change": read.change,
        "effective": None if read.effective is None else read.effective.isoformat(),
        "draftable": undraftable(read) is None,
        "source": change.source,
        "publisher": change.publisher,
        "confidence": change.confidence,
        "assignee": change.assignee,
        "draft": change.draft,
        "merged_into": change.merged_into,
        "corrects": change.corrects,
        "relevance": None if relevance is None else relevance / 1000,
        "opened_at": change.opened_at.isoformat(),
        "updated_at": change.updated_at.isoformat(),
    }


def change_body(ledger: Ledger, change: LawChange, steps: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """A change, whole; with steps that are about to be stored."""
    reading = ledger.readings.reading(change.reading)
    assert reading is not None, "what a change stands on is kept"
    history = ledger.changes.history(change.id)
    why = undraftable(change.read)
    kept: Mapping[str, Any] = reading.body
    said = dict(kept.get("reading", {}))
    text = str(said.pop("text", ""))
    return {
        **summary_of(change, None if change.number else reading.relevance),
        "possible": possible(change) if change.number else ["reopen"],
        "undraftable": [*([] if why is None else [why]), *kept.get("reasons", ()), *taken_back(ledger, history)],
        "evidence": [{"says": one.says, "sentence": one.sentence} for one in change.read.evidence],
        "text": text,
        "spans": [{**one, "quote": text[one["start"] : one["end"]]} for one in kept.get("spans", ())],
        "publications": [
            publication_of(one, ledger.feeds.item(one.item)) for one in (change, *ledger.changes.sources(change.id))
        ],
        "reading": said,
        "links": list(kept.get("links", ())),
        "proposals": list(kept.get("proposals", ())),
        "impact": kept.get("impact"),
        "readings": [reading_of(one) for one in ledger.readings.readings(change.item)],
        "history": [*map(happened, history), *steps],
    }


def taken_back(ledger: Ledger, history: Iterable[StoredChangeStep]) -> list[str]:
    """What speaks against a draft although it was adopted: later changes that take it back, and that nobody has dismissed."""
    said = []
    for one in history:
        by = ledger.changes.one(one.payload["by"]) if one.kind == "corrected" else None
        if by is not None and by.read.status in TAKEN_BACK and by.state is not ChangeState.DISMISSED:
            said.append(f"{by.id} says that it was {by.read.status}: dismiss that first if it is not so.")
    return said


def publication_of(change: LawChange, item: StoredItem | None) -> dict[str, Any]:
    """What was published, and where."""
    assert item is not None, "what is read is kept"
    return {
        "change": change.id, "item": item.seq, "source": item.source, "publisher": change.publisher,
        "link": item.body.get("link"), "published_at": item.body.get("published_at"), "kept_at": item.recorded_at.isoformat(),
        "digest": item.digest, "document": item.document,
    }  # fmt: skip


def reading_of(one: StoredReading) -> dict[str, Any]:
    """Which reader read it."""
    return {
        "number": one.seq, "reader": one.reader, "release": one.release, "at": one.recorded_at.isoformat(),
        "relevance": one.relevance / 1000,
    }  # fmt: skip


def happened(one: StoredChangeStep) -> dict[str, Any]:
    """A stored step as it is answered."""
    return {
        "number": one.number, "step": one.kind, "at": one.at.isoformat(), "actor": one.actor, "reason": one.reason,
        "from": one.before, "to": one.after, "release": one.release, "details": one.payload,
    }  # fmt: skip


def made(step: ChangeStep, at: datetime, release: str) -> dict[str, Any]:
    """A step that is about to be stored, as it will be answered."""
    return {
        "number": step.change.number, "step": step.kind, "at": at.isoformat(), "actor": step.actor, "reason": step.reason,
        "from": None if step.before is None else step.before.value, "to": step.change.state.value, "release": release,
        "details": dict(step.details),
    }  # fmt: skip
