"""The tables of the ledger, as SQLModel classes: the one place where a column is named.

Instants are whole microseconds since 1970 in UTC, amounts and rates exact decimals in text, bodies the bytes that came.
`decision`, `event`, `note`, `merchant`, `tax_calculation`, `tax_transaction`, `tax_reversal`, `tax_return` and `onboarding_event`
are the chain: they share one numbering (`seq`), and each row holds the hash of the row before it (`prev`) and its own (`hash`).
Rows are only ever added to them, and to `answer`, `release`, `quotation`, `published_rate`, `tax_posting`, `screening_edition`
and `screening_refusal`; `tax_total` is summed up from the postings by a trigger. Alerts, cases, clearances and stored screenings
(`alert_tables`) stand beside the chain: a note in it vouches for each of their rows. Decisions of a month that lies in an archive
may be taken out (`archive_tables`).
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

Whole: Final = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits everywhere; SQLite wants the word INTEGER to make the key and the row number one."""
Sorted: Final = Text().with_variant(Text(collation="C"), "postgresql")
"""Text whose order is that of its bytes, whatever the locale of the server."""

BY_KEY: Final = {"sqlite_with_rowid": False}
# The key is the order on disk: one tree instead of a table and an index.


def whole(**more: Any) -> Any:
    """A column of whole numbers."""
    return Field(sa_column=Column(Whole, **{"nullable": False, **more}))


def words(**more: Any) -> Any:
    """A column of text."""
    return Field(sa_column=Column(Text(), **{"nullable": False, **more}))


def body(**more: Any) -> Any:
    """A column of bytes."""
    return Field(sa_column=Column(LargeBinary(), **{"nullable": False, **more}))


def sealing() -> Any:
    """The seal of a row that no note in the chain vouches for (`_sealed`)."""
    return body()


def numbered() -> Any:
    """The number of a row in the chain."""
    return whole(primary_key=True, autoincrement=False)


class LedgerTable(SQLModel):
    """The root of all tables here, with metadata of its own: other rooms' models are not the ledger's business."""

    metadata = MetaData()


class DecisionRow(LedgerTable, table=True):
    """One answer that was given. Bodies stand last, so that the columns before them are read without their pages."""

    __tablename__ = "decision"
    __table_args__ = (
        Index("ix_decision_id", "id", unique=True),
        Index(
            "ix_decision_reference",
            "reference",
            "id",
            sqlite_where=text("reference IS NOT NULL"),
            postgresql_where=text("reference IS NOT NULL"),
        ),
        # Few decisions state an authentication: history asks only for those.
        Index(
            "ix_decision_authenticated",
            "payer_id",
            "reference",
            sqlite_where=text("authenticated = 1"),
            postgresql_where=text("authenticated = 1"),
        ),
        # Decisions a minute are counted in the index alone: the rows, with their bodies, are many pages.
        Index("ix_decision_recorded", "recorded_at", "outcome"),
    )

    seq: int = numbered()
    id: str = Field(sa_column=Column(Sorted, nullable=False))
    at: int = whole()
    recorded_at: int = whole()
    key_id: str = words()
    reference: str | None = words(nullable=True)
    payer_id: str | None = words(nullable=True)
    outcome: str = words()
    country: str | None = words(nullable=True)
    release: str = words()
    instrument: str | None = words(nullable=True)
    channel: str | None = words(nullable=True)
    card: str | None = words(nullable=True)
    occurred_at: int | None = whole(nullable=True)
    amount: str | None = words(nullable=True)
    currency: str | None = words(nullable=True)
    authenticated: int | None = whole(nullable=True)
    prev: bytes = body()
    hash: bytes = body()
    facts: bytes = body()
    inputs: bytes = body()
    answer: bytes = body()


class EventRow(LedgerTable, table=True):
    """What became of a decision. The columns from `payer_id` on repeat the decision's, so that history reads one table.

    `payment` names the payment among those of its payer: decisions with one reference are one payment.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_once", "decision_id", "kind", "at", unique=True),
        Index(
            "ix_event_executed",
            "payer_id",
            "instrument",
            "channel",
            "occurred_at",
            sqlite_where=text("kind IN ('authorised', 'captured')"),
            postgresql_where=text("kind IN ('authorised', 'captured')"),
        ),
        Index(
            "ix_event_reset",
            "payer_id",
            "instrument",
            "channel",
            "at",
            sqlite_where=text("kind = 'authenticated'"),
            postgresql_where=text("kind = 'authenticated'"),
        ),
        Index("ix_event_payment", "payer_id", "payment"),
    )

    seq: int = numbered()
    decision_id: str = Field(sa_column=Column(Sorted, nullable=False))
    kind: str = words()
    at: int = whole()
    recorded_at: int = whole()
    key_id: str | None = words(nullable=True)
    payer_id: str | None = words(nullable=True)
    reference: str | None = words(nullable=True)
    payment: str = words()
    instrument: str | None = words(nullable=True)
    channel: str | None = words(nullable=True)
    card: str | None = words(nullable=True)
    occurred_at: int | None = whole(nullable=True)
    amount: str | None = words(nullable=True)
    currency: str | None = words(nullable=True)
    authenticated: int | None = whole(nullable=True)
    prev: bytes = body()
    hash: bytes = body()
    details: bytes = body()


class NoteRow(LedgerTable, table=True):
    """What else happened and must not be denied: keys made and revoked, releases put to use, rates loaded,
    answers of registers."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_kind", "kind", "subject"),)

    seq: int = numbered()
    kind: str = words()
    subject: str = words()
    at: int = whole()
    recorded_at: int = whole()
    prev: bytes = body()
    hash: bytes = body()
    payload: bytes = body()


class HeadRow(LedgerTable, table=True):
    """Where the chain ends. One row, read and moved inside each write transaction: two writers wait for one another."""

    __tablename__ = "head"

    id: int = numbered()
    seq: int = whole()
    hash: bytes = body()
    recorded_at: int = whole()
    probed_at: int = whole()
    erasures: int | None = whole(nullable=True)
    """How often a subject was erased: keys that a process remembers from before it are looked up again. None: personal data are
    not protected here."""


class AnswerRow(LedgerTable, table=True):
    """Which decision, or which other answer, an idempotency key stands for."""

    __tablename__ = "answer"
    __table_args__ = BY_KEY

    scope: str = words(primary_key=True)
    key: str = words(primary_key=True)
    request_sha256: bytes = body()
    decision_id: str | None = words(nullable=True)
    answer: bytes | None = body(nullable=True)
    recorded_at: int = whole()
    seal: bytes = sealing()


class ReleaseRow(LedgerTable, table=True):
    """The rules as they were applied, whole, by the digest that decisions name."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_seq", "seq", unique=True),)

    digest: str = words(primary_key=True)
    seq: int = whole()
    version: str = words()
    activated_at: int = whole()
    recorded_at: int = whole()
    canonical: bytes = body()


class QuotationRow(LedgerTable, table=True):
    """A published exchange rate. A correction is a further row: the later `seq` holds, and the earlier is kept."""

    __tablename__ = "quotation"
    __table_args__ = BY_KEY

    day: str = words(primary_key=True)
    currency: str = words(primary_key=True)
    seq: int = whole(primary_key=True, autoincrement=False)
    per_euro: str = words()
    recorded_at: int = whole()


class PublishedRateRow(LedgerTable, table=True):
    """An exchange rate of another publisher, with the days on which it is used. A correction is a further row, as above."""

    __tablename__ = "published_rate"
    __table_args__ = BY_KEY

    publisher: str = words(primary_key=True)
    base: str = words(primary_key=True)
    target: str = words(primary_key=True)
    valid_from: str = words(primary_key=True)
    seq: int = whole(primary_key=True, autoincrement=False)
    valid_to: str = words()
    day: str = words()
    rate: str = words()
    recorded_at: int = whole()


class KeyRow(LedgerTable, table=True):
    """An API key: everything about it except the secret, of which only the SHA-256 is kept."""

    __tablename__ = "api_key"
    __table_args__ = (Index("ix_api_key_digest", "digest", unique=True),)

    id: str = words(primary_key=True)
    name: str = words()
    scopes: str = words()
    digest: bytes = body()
    created_at: int = whole()
    revoked_at: int | None = whole(nullable=True)


METADATA: Final = LedgerTable.metadata
APPEND_ONLY: Final = (
    "decision",
    "event",
    "note",
    "answer",
    "release",
    "quotation",
    "published_rate",
    "merchant",
    "tax_calculation",
    "tax_transaction",
    "tax_reversal",
    "tax_posting",
    "tax_return",
    "onboarding_event",
    "screening_edition",
    "screening_refusal",
    "alert_case_event",
    "screening",
    "draft_event",
    "draft_file",
    "activation",
    "release_signature",
    "signing_key",
    "release_import",
    "checkpoint",
    "trial_event",
    "trial_piece",
    "demotion",
    "feed_document",
    "feed_item",
    "feed_reading",
    "change_step",
    "delivery_attempt",
)
