"""The tables of alerts and of what persons do about them: alerts, cases with every event, clearances, stored screenings.

The database itself refuses what four eyes forbid: an approval by whoever proposed, a report or a decision on a case of high
severity by one person, a clearance approved by its author; and an event that does not follow the one before.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, numbered, whole, words

EVENT_CHECKS: Final = {
    "ck_alert_case_event_number": "number >= 1 AND (number = 1) = (from_state IS NULL) AND (number = 1) = (kind = 'opened')",
    "ck_alert_case_event_machine": (
        "(actor = 'system') = (kind IN ('opened', 'alert_added', 'alert_ended', 'delisted'))"
    ),
    "ck_alert_case_event_decided": (
        "(kind IN ('decided', 'approved', 'delisted')) = (to_state = 'decided')"
        " AND (kind = 'delisted') = (verdict IS NOT NULL AND verdict = 'delisted')"
        " AND (to_state NOT IN ('proposed', 'decided') OR verdict IS NOT NULL)"
    ),
    "ck_alert_case_event_two": "kind <> 'decided' OR (verdict <> 'report' AND severity <> 'high')",
    "ck_alert_case_event_approval": (
        "(kind <> 'approved' OR (proposal IS NOT NULL AND proposal < number))"
        " AND (kind <> 'proposed' OR (proposal IS NOT NULL AND proposal = number))"
    ),
    "ck_alert_case_event_states": (
        "to_state IN ('open', 'claimed', 'proposed', 'decided') AND severity IN ('low', 'medium', 'high')"
        " AND (from_state <> 'decided' OR kind = 'reopened')"
    ),
}
CLEARANCE_CHECKS: Final = {
    "ck_clearance_approver": (
        "approver IS NULL OR (approver <> author AND approver <> 'system' AND author <> 'system')"
    ),
    "ck_clearance_times": "expires_at > created_at AND (approver IS NULL) = (approved_at IS NULL)",
    "ck_clearance_revoked": "(revoked_by IS NULL) = (revoked_at IS NULL)",
}
"""The constraints, by name; the migration has them word by word."""


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


class AlertRow(LedgerTable, table=True):
    """An alert, told once. `body` is the whole of it; `likeness` is what a match was found by: another one tells it anew.

    Only the case it is in, how often it was told, by what, and its end ever change.
    """

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_case", "case_id", "id"),
        Index("ix_alert_subject", "subject_kind", "subject", "kind"),
        Index("ix_alert_rule", "rule", "id"),
    )

    id: str = _sorted(primary_key=True)
    kind: str = words()
    rule: str = _sorted()
    subject_kind: str = words()
    subject: str = words()
    severity: str = words()
    occurred_at: int = whole()
    recorded_at: int = whole()
    told: int = whole()
    case_id: str = _sorted()
    likeness: str | None = words(nullable=True)
    screening: str | None = words(nullable=True)
    ended_at: int | None = whole(nullable=True)
    body: bytes = body()


class AlertCaseRow(LedgerTable, table=True):
    """A case as it stands: what its last event left. A subject has at most one that is not decided."""

    __tablename__ = "alert_case"
    __table_args__ = (
        Index("ix_alert_case_state", "state", "id"),
        Index("ix_alert_case_due", "due_at"),
        Index(
            "ix_alert_case_open",
            "subject_kind",
            "subject",
            unique=True,
            sqlite_where=text("state <> 'decided'"),
            postgresql_where=text("state <> 'decided'"),
        ),
    )

    id: str = _sorted(primary_key=True)
    number: int = whole()
    subject_kind: str = words()
    subject: str = words()
    state: str = words()
    severity: str = words()
    claimed_by: str | None = words(nullable=True)
    verdict: str | None = words(nullable=True)
    proposed_by: str | None = words(nullable=True)
    proposal: int | None = whole(nullable=True)
    decided_by: str | None = words(nullable=True)
    opened_at: int = whole()
    updated_at: int = whole()
    due_at: int | None = whole(nullable=True)


class AlertCaseEventRow(LedgerTable, table=True):
    """One event of a case. `seq` is the number of the note in the chain that vouches for it."""

    __tablename__ = "alert_case_event"
    __table_args__ = (
        Index("ix_alert_case_event_number", "case_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in EVENT_CHECKS.items()),
    )

    seq: int = numbered()
    case_id: str = _sorted()
    number: int = whole()
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    severity: str = words()
    verdict: str | None = words(nullable=True)
    proposal: int | None = whole(nullable=True)
    release: str = words()
    payload: bytes = body()


class ClearanceRow(LedgerTable, table=True):
    """Why a match is not meant: bound to the subject's data, the entry's version and what matched; approved by another person."""

    __tablename__ = "clearance"
    __table_args__ = (
        Index("ix_clearance_subject", "subject", "id"),
        *(CheckConstraint(said, name=name) for name, said in CLEARANCE_CHECKS.items()),
    )

    id: str = _sorted(primary_key=True)
    subject: str = words()
    subject_digest: str = words()
    entry: str = words()
    entry_digest: str = words()
    features: str = words()
    screening: str = words()
    reason: str = words()
    author: str = words()
    created_at: int = whole()
    expires_at: int = whole()
    approver: str | None = words(nullable=True)
    approved_at: int | None = whole(nullable=True)
    revoked_by: str | None = words(nullable=True)
    revoked_at: int | None = whole(nullable=True)
    revoke_reason: str | None = words(nullable=True)


class ScreeningRow(LedgerTable, table=True):
    """What was asked of the lists, and the very bytes that were answered."""

    __tablename__ = "screening"
    __table_args__ = (Index("ix_screening_subject", "subject", "id"), BY_KEY)

    id: str = _sorted(primary_key=True)
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    subject: str | None = words(nullable=True)
    verdict: str = words()
    fingerprint: str = words()
    query: bytes = body()
    answer: bytes = body()
