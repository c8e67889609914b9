"""The tables of drafts, with every event and every version of their files; of who must approve; and of which release is in force.

The database itself refuses what four eyes forbid: an approval by anybody who wrote any of a draft, of other contents than were
submitted, or a second one by the same person; a schedule without enough approvals; a publication of what nobody approved.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, Whole, body, numbered, whole, words

EVENT_CHECKS: Final = {
    "ck_draft_event_number": "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind = 'opened')",
    "ck_draft_event_states": (
        "to_state IN ('draft', 'checked', 'submitted', 'approved', 'scheduled', 'withdrawn')"
        " AND (to_state <> 'draft' OR content IS NULL) AND (content IS NOT NULL OR to_state IN ('draft', 'withdrawn'))"
    ),
    "ck_draft_event_quorum": (
        "to_state NOT IN ('checked', 'submitted', 'approved') OR (required >= 1 AND (statute = 0 OR required >= 2))"
    ),
    "ck_draft_event_edits": (
        "(kind NOT IN ('opened', 'edited', 'rebased', 'sent_back') OR to_state = 'draft')"
        " AND (kind NOT IN ('edited', 'rebased') OR from_state IN ('draft', 'checked', 'submitted', 'approved'))"
        " AND (kind <> 'sent_back' OR from_state IN ('submitted', 'approved'))"
    ),
    "ck_draft_event_moves": (
        "(kind <> 'checked' OR (from_state IN ('draft', 'checked') AND to_state = 'checked'))"
        " AND (kind <> 'submitted' OR (from_state = 'checked' AND to_state = 'submitted'))"
        " AND (kind <> 'approved' OR (from_state = 'submitted' AND to_state IN ('submitted', 'approved')))"
        " AND (kind <> 'scheduled' OR (from_state = 'approved' AND to_state = 'scheduled'))"
        " AND (kind <> 'broke_glass' OR (from_state IN ('checked', 'submitted') AND to_state = 'scheduled'))"
        " AND (kind <> 'withdrawn' OR (from_state <> 'withdrawn' AND to_state = 'withdrawn'))"
        " AND (kind IN ('opened', 'edited', 'rebased', 'sent_back', 'checked', 'submitted', 'approved', 'scheduled',"
        " 'broke_glass', 'withdrawn') OR from_state = to_state)"
    ),
}
ACTIVATION_CHECKS: Final = {
    "ck_activation_kind": (
        "kind IN ('started', 'published', 'broke_glass', 'rolled_back', 'imported', 'demoted', 'cancelled')"
        " AND (kind = 'cancelled') = (cancels IS NOT NULL)"
        " AND (kind NOT IN ('published', 'broke_glass') OR draft IS NOT NULL)"
        " AND (kind <> 'demoted' OR (actor = 'system' AND draft IS NULL))"
    ),
}
"""The constraints, by name; the migration has them word by word."""


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


class DraftRow(LedgerTable, table=True):
    """A draft as it stands: what its last event left. `body` is the whole of it as JSON."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_state", "state", "id"),)

    id: str = _sorted(primary_key=True)
    number: int = whole()
    state: str = words()
    base: str = words()
    content: str | None = words(nullable=True)
    updated_at: int = whole()
    body: bytes = body()


class DraftEventRow(LedgerTable, table=True):
    """One event of a draft. `seq` is the number of the note in the chain that vouches for it."""

    __tablename__ = "draft_event"
    __table_args__ = (
        Index("ix_draft_event_number", "draft_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in EVENT_CHECKS.items()),
    )

    seq: int = numbered()
    draft_id: str = _sorted()
    number: int = whole()
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    content: str | None = words(nullable=True)
    statute: int = whole()
    required: int = whole()
    payload: bytes = body()


class DraftFileRow(LedgerTable, table=True):
    """A version of a file in a draft, by the number of the event that wrote it. `gone`: it was taken out."""

    __tablename__ = "draft_file"
    __table_args__ = (BY_KEY,)

    draft_id: str = _sorted(primary_key=True)
    path: str = _sorted(primary_key=True)
    number: int = Field(sa_column=Column(Whole, primary_key=True, autoincrement=False, nullable=False))
    editor: str = words()
    recorded_at: int = whole()
    gone: int = whole()
    text: bytes = body()


class ApprovalPolicyRow(LedgerTable, table=True):
    """Who must approve changes to one domain of the law."""

    __tablename__ = "approval_policy"
    __table_args__ = (BY_KEY,)

    domain: str = _sorted(primary_key=True)
    required: int = whole()
    statute_required: int = whole()
    roles: bytes = body()
    """JSON: role -> the keys that hold it."""
    actor: str = words()
    recorded_at: int = whole()


class ActivationRow(LedgerTable, table=True):
    """From an instant on, this release is in force, until a later activation; or an earlier one is taken back."""

    __tablename__ = "activation"
    __table_args__ = (
        Index("ix_activation_from", "active_from"),
        *(CheckConstraint(said, name=name) for name, said in ACTIVATION_CHECKS.items()),
    )

    seq: int = numbered()
    release: str = words()
    active_from: int = whole()
    kind: str = words()
    actor: str = words()
    recorded_at: int = whole()
    draft: str | None = words(nullable=True)
    cancels: int | None = whole(nullable=True)
    reason: str = words()
