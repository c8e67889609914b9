"""The tables of onboarding: every transition of every case in the chain, and beside it each case as it stands.

The database itself refuses what four eyes forbid: an approval by whoever handed something in, a second approval by the first
approver, an approval of a high risk without two persons; and an event that does not follow the one before.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, numbered, sealing, whole, words

EVENT_CHECKS: Final = {
    "ck_onboarding_event_number": "number >= 1 AND (number = 1) = (from_state IS NULL) AND high_risk IN (0, 1)",
    "ck_onboarding_event_submitter": (
        "actor <> submitter OR (to_state <> 'approved' AND kind NOT IN ('first_approved', 'rejected', 'activated',"
        " 'reinstated', 'terminated'))"
    ),
    "ck_onboarding_event_two": (
        "to_state <> 'approved' OR high_risk = 0"
        " OR (first_approver IS NOT NULL AND first_approver <> submitter AND actor <> 'system')"
    ),
    "ck_onboarding_event_second": "to_state <> 'approved' OR first_approver IS NULL OR first_approver <> actor",
    "ck_onboarding_event_first": (
        "kind <> 'first_approved' OR (first_approver IS NOT NULL AND first_approver = actor AND actor <> 'system')"
    ),
}
"""The constraints, by name; the migration has them word by word."""


class OnboardingEventRow(LedgerTable, table=True):
    """One transition of a case. `payload` holds its details and the SHA-256 of the case's body after it."""

    __tablename__ = "onboarding_event"
    __table_args__ = (
        Index("ix_onboarding_event_number", "case_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in EVENT_CHECKS.items()),
    )

    seq: int = numbered()
    case_id: str = Field(sa_column=Column(Sorted, nullable=False))
    number: int = whole()
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    from_state: str | None = words(nullable=True)
    to_state: str = words()
    submitter: str = words()
    first_approver: str | None = words(nullable=True)
    high_risk: int = whole()
    release: str = words()
    prev: bytes = body()
    hash: bytes = body()
    payload: bytes = body()


class OnboardingCaseRow(LedgerTable, table=True):
    """A case as it stands: what its last event left. `body` is the whole of it."""

    __tablename__ = "onboarding_case"
    __table_args__ = (
        Index("ix_onboarding_case_state", "state", "id"),
        Index("ix_onboarding_case_deadline", "deadline"),
        Index("ix_onboarding_case_merchant", "merchant"),
    )

    id: str = Field(sa_column=Column(Sorted, primary_key=True))
    number: int = whole()
    merchant: str = words()
    state: str = words()
    stage: str = words()
    country: str = words()
    created_at: int = whole()
    updated_at: int = whole()
    deadline: str | None = words(nullable=True)
    body: bytes = body()
    seal: bytes = sealing()


class OnboardingMarkRow(LedgerTable, table=True):
    """What no two merchants share, by which a second application of the same is found."""

    __tablename__ = "onboarding_mark"
    __table_args__ = BY_KEY

    mark: str = Field(sa_column=Column(Sorted, primary_key=True))
    case_id: str = Field(sa_column=Column(Sorted, ForeignKey("onboarding_case.id"), primary_key=True))
    seal: bytes = sealing()
