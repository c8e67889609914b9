"""The tables of lists: every edition that was put to use, whole, and every load that was refused. Both are only added to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index

from engine.ledger.tables import LedgerTable, body, numbered, whole, words

EDITION: Final = "screening_edition"
REFUSAL: Final = "screening_refusal"


class ScreeningEditionRow(LedgerTable, table=True):
    """One edition of one list. `seq` is that of the note in the chain that vouches for it. Bodies are compressed and stand
    last.
    """

    __tablename__ = EDITION
    __table_args__ = (Index("ix_screening_edition_list", "list", "seq", unique=True),)

    seq: int = numbered()
    list: str = words()
    digest: str = words()
    source: str = words()
    format: str = words()
    published: int | None = whole(nullable=True)
    at: int = whole()
    recorded_at: int = whole()
    entries: int = whole()
    stale_after_days: int | None = whole(nullable=True)
    added: int = whole()
    removed: int = whole()
    changed: int = whole()
    after: int | None = whole(nullable=True)
    accepted_by: str | None = words(nullable=True)
    accepted_reason: str | None = words(nullable=True)
    counts: str = words()
    delta: bytes = body()
    versions: bytes = body()
    content: bytes = body()
    original: bytes | None = body(nullable=True)


class ScreeningRefusalRow(LedgerTable, table=True):
    """One load that was refused: what came, from where, why, and which edition stayed in force."""

    __tablename__ = REFUSAL
    __table_args__ = (Index("ix_screening_refusal_list", "list", "seq", unique=True),)

    seq: int = numbered()
    list: str = words()
    source: str = words()
    digest: str | None = words(nullable=True)
    at: int = whole()
    recorded_at: int = whole()
    code: str = words()
    reason: str = words()
    kept: str | None = words(nullable=True)
