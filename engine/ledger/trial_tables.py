"""The tables of trials: what became of each, and what shadows counted, piece by piece.

The database itself refuses a canary of anything but what was approved, by anybody who wrote it, and a second one beside it; and a
piece that does not begin where the one before ended, so that two workers never count a decision twice.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import CheckConstraint, Column, Index
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, body, numbered, whole, words

EVENT_CHECKS: Final = {
    "ck_trial_event_kind": (
        "kind IN ('started', 'ended', 'withdrawn', 'superseded') AND trial_kind IN ('shadow', 'canary')"
        " AND number IN (1, 2) AND (number = 1) = (kind = 'started')"
    ),
    "ck_trial_event_share": (
        "share BETWEEN 0 AND 5000 AND (trial_kind = 'canary') = (share > 0)"
        " AND (trial_kind = 'shadow' OR draft IS NOT NULL) AND release <> base"
    ),
    "ck_trial_event_cause": (
        "(kind = 'withdrawn') = (cause IS NOT NULL) AND (kind <> 'withdrawn' OR trial_kind = 'canary')"
        " AND (kind IN ('withdrawn', 'superseded')) = (actor = 'system')"
    ),
}
PIECE_CHECKS: Final = {
    "ck_trial_piece": (
        "number >= 1 AND upto_seq > after_seq AND decisions >= 1 AND differing >= 0 AND differing <= decisions"
    ),
}
"""The constraints, by name; the migration has them word by word."""


def _sorted() -> Any:
    return Field(sa_column=Column(Sorted, nullable=False))


class TrialEventRow(LedgerTable, table=True):
    """How a trial began, or how it ended. `seq` is the number of the note in the chain that vouches for it; `payload` JSON."""

    __tablename__ = "trial_event"
    __table_args__ = (
        Index("ix_trial_event_number", "trial_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in EVENT_CHECKS.items()),
    )

    seq: int = numbered()
    trial_id: str = _sorted()
    number: int = whole()
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    actor: str = words()
    trial_kind: str = words()
    release: str = words()
    draft: str | None = words(nullable=True)
    base: str = words()
    share: int = whole()
    cause: str | None = words(nullable=True)
    payload: bytes = body()


class TrialPieceRow(LedgerTable, table=True):
    """What a shadow came to over the decisions from row `after_seq`, without it, to row `upto_seq`: a tally, and those that
    differ, both JSON."""

    __tablename__ = "trial_piece"
    __table_args__ = (
        Index("ix_trial_piece_number", "trial_id", "number", unique=True),
        *(CheckConstraint(said, name=name) for name, said in PIECE_CHECKS.items()),
    )

    seq: int = numbered()
    trial_id: str = _sorted()
    number: int = whole()
    after_seq: int = whole()
    upto_seq: int = whole()
    decisions: int = whole()
    differing: int = whole()
    recorded_at: int = whole()
    tally: bytes = body()
    differences: bytes = body()
