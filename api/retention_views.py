"""Legal holds, and what may be erased, as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from api.retaining import Found, Judged
from api.settings import Settings
from engine.ledger import LegalHold
from engine.retention import Reckoned


def hold_body(one: LegalHold) -> dict[str, Any]:
    """A hold, shaped like `HoldBody`."""
    return {
        "id": one.id, "kind": one.kind.value, "target": one.target, "reason": one.reason, "authority": one.authority,
        "reference": one.reference, "state": one.state.value, "set_by": one.set_by, "set_at": one.set_at.isoformat(),
        "lifted_by": one.lifted_by, "lifted_at": None if one.lifted_at is None else one.lifted_at.isoformat(),
        "lift_reason": one.lift_reason,
    }  # fmt: skip


def due_body(one: Judged) -> dict[str, Any]:
    """A payer that is due, shaped like `DueSubject`."""
    assert one.is_due, "what is listed may go"
    assert one.keep_through is not None, "what may go was kept through a day"
    return {
        "subject": one.subject, "state": one.state.value, "last_decision_at": one.last.isoformat(),
        "records": one.records, "keep_through": one.keep_through.isoformat(),
        "erase_by": None if one.erase_by is None else one.erase_by.isoformat(), "law": terms_body(one.deciding),
        "conflicts": list(one.conflicts), "by_policy": one.by_policy, "ended_by_policy": one.ended_by_policy,
        "unverified": one.unverified, "holds": [hold.id for hold in one.holds],
    }  # fmt: skip


def terms_body(terms: Iterable[Reckoned]) -> list[dict[str, Any]]:
    """Terms with their days and their law."""
    return [
        {
            "bound": one.term.bound.value, "day": one.day.isoformat(), "years": one.term.years,
            "runs_from": one.term.trigger.value, "jurisdiction": one.term.pack, "name": one.term.name,
            "source": one.term.source, "at": one.term.at, "confidence": one.term.confidence.value,
        }
        for one in terms
        if one.day is not None
    ]  # fmt: skip


def due_page(found: Found, today: str, release: str, settings: Settings, *, eraser: bool) -> dict[str, Any]:
    """What may be erased, shaped like `DuePage`."""
    return {
        "today": today, "release": release, "runs": settings.retention == "on", "eraser": eraser,
        "data": [due_body(one) for one in found.due], "counted": dict(found.counted), "next": found.next,
    }  # fmt: skip
