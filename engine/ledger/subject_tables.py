"""Whom decisions are about: a pseudonym, and the key under which what they stated is kept, wrapped under the master key.

A row without a key is the stone of somebody who was erased: what was kept under it can be read by nobody.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, numbered, whole, words

_LIVE: Final = text("erased_at IS NULL")
_GONE: Final = text("erased_at IS NOT NULL")


class SubjectRow(LedgerTable, table=True):
    """A key of a subject. Whoever comes back after an erasure is given another row.

    Numbers rise, and a row keeps its size until it loses its key: so SQLite moves no row to another page and leaves no copy of a
    key behind.
    """

    __tablename__ = "subject"
    __table_args__ = (
        Index("ix_subject_live", "pseudonym", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index("ix_subject_erased", "pseudonym", sqlite_where=_GONE, postgresql_where=_GONE),
        CheckConstraint("(wrapped IS NULL) = (erased_at IS NOT NULL)", name="ck_subject_erased"),
    )

    id: int = numbered()
    pseudonym: str = Field(sa_column=Column(Sorted, nullable=False))
    wrapped: str | None = words(nullable=True)
    made_at: int = whole()
    erased_at: int | None = whole(nullable=True)
    erased_by: str | None = words(nullable=True)
    reason: str | None = words(nullable=True)


class SubjectLookupRow(LedgerTable, table=True):
    """The key that makes pseudonyms, wrapped. One row, from the day on which protection began; `since`: where the chain ended."""

    __tablename__ = "subject_lookup"

    id: int = numbered()
    wrapped: str = words()
    since: int = whole()
