"""The tables of what regulators publish: how each source was last asked, documents as they came, items that were read of them.

Documents and items are only added to, and a note in the chain vouches for each; how a source was asked changes, and is sealed.
"""

from __future__ import annotations

from sqlalchemy import Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, body, numbered, sealing, whole, words


def _sorted(*, primary_key: bool = False) -> str:
    found: str = Field(sa_column=Column(Sorted, primary_key=primary_key, nullable=False))
    return found


class FeedStateRow(LedgerTable, table=True):
    """A source as it was last asked. Instants in microseconds; nought: never."""

    __tablename__ = "feed_state"
    __table_args__ = (Index("ix_feed_state_next", "next_at"), BY_KEY)

    source: str = _sorted(primary_key=True)
    etag: str = words()
    last_modified: str = words()
    known_at: int = whole()
    tried_at: int = whole()
    answered_at: int = whole()
    new_at: int = whole()
    failures: int = whole()
    fault: str = words()
    detail: str = words()
    moved_to: str = words()
    next_at: int = whole()
    holder: str = words()
    held_until: int = whole()
    seal: bytes = sealing()


class FeedDocumentRow(LedgerTable, table=True):
    """A document as it came, once, however many sources gave it. `packed`: its bytes, deflated."""

    __tablename__ = "feed_document"
    __table_args__ = (Index("ix_feed_document_digest", "digest", unique=True),)

    seq: int = numbered()
    digest: str = _sorted()
    url: str = words()
    content_type: str = words()
    size: int = whole()
    recorded_at: int = whole()
    packed: bytes = body()


class FeedItemRow(LedgerTable, table=True):
    """A version of a publication. `corrects`: the number of the version before, nought where it is the first."""

    __tablename__ = "feed_item"
    __table_args__ = (
        Index("ix_feed_item_version", "source", "key", "digest", unique=True),
        Index("ix_feed_item_key", "source", "key", "seq"),
    )

    seq: int = numbered()
    source: str = _sorted()
    key: str = _sorted()
    digest: str = words()
    document: str = words()
    corrects: int = whole()
    recorded_at: int = whole()
    body: bytes = body()
