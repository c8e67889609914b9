"""Cases to store: short ways to open one and to move it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.ledger import CaseEntry, CaseEvent, KeyedAnswer, KeyReused, Ledger, Moved, Replayed
from tests.ledger.factories import AT

RELEASE = "sha256:" + "ab" * 32


def event(kind: str, before: str | None, after: str, actor: str, **changes: Any) -> CaseEvent:
    """A transition of a case that key_1 handed in."""
    made: dict[str, Any] = {
        "submitter": "key_1",
        "first_approver": None,
        "high_risk": False,
        "payload": {"reason": "r"},
    }
    return CaseEvent(kind, actor, before, after, **{**made, **changes})


def entry(case_id: str = "onb_1", state: str = "in_review", **changes: Any) -> CaseEntry:
    """A case as it stands."""
    made: dict[str, Any] = {
        "merchant": "m-7", "stage": "manual_review", "country": "DE", "deadline": None, "body": b'{"id":"onb_1"}',
        "marks": ("registration:DE:hrb1",),
    }  # fmt: skip
    return CaseEntry(case_id, state=state, **{**made, **changes})


OPENED = event("created", None, "in_review", "key_1")


def put(
    ledger: Ledger,
    *events: CaseEvent,
    number: int = 0,
    seen: Mapping[str, tuple[str, ...]] | None = None,
    once: KeyedAnswer | None = None,
    **changes: Any,
) -> Replayed | KeyReused | None:
    """Store transitions, the last of which says where the case stands."""
    kept = entry(state=events[-1].after if events else "in_review", **changes)
    return ledger.onboarding.store(kept, events, Moved(number, AT, RELEASE, seen, once))
