"""The tables of signatures: who signed which release, whose key is whose, what was brought here, and where the chain ended
day by day. All are only added to; a note in the chain vouches for each row. No private key is ever here.

The database itself refuses what four eyes forbid: an imported release put in force by whoever imported it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field

from engine.ledger.tables import LedgerTable, Sorted, body, numbered, whole, words


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


class ReleaseSignatureRow(LedgerTable, table=True):
    """A publisher's signature under a statement about a release. `draft`: the publisher's own name of it."""

    __tablename__ = "release_signature"
    __table_args__ = (Index("ix_release_signature_release", "release", "seq"),)

    seq: int = numbered()
    release: str = _sorted()
    draft: str = words()
    recorded_at: int = whole()
    public_key: bytes = body()
    statement: bytes = body()
    signature: bytes = body()


class SigningKeyRow(LedgerTable, table=True):
    """The public key that a person's API key registered; the latest holds."""

    __tablename__ = "signing_key"
    __table_args__ = (Index("ix_signing_key_holder", "holder", "seq"),)

    seq: int = numbered()
    holder: str = _sorted()
    recorded_at: int = whole()
    public_key: bytes = body()


class ReleaseImportRow(LedgerTable, table=True):
    """A release that somebody brought here in a signed file."""

    __tablename__ = "release_import"
    __table_args__ = (Index("ix_release_import_release", "release", "seq"),)

    seq: int = numbered()
    release: str = _sorted()
    actor: str = words()
    recorded_at: int = whole()
    public_key: bytes = body()


class CheckpointRow(LedgerTable, table=True):
    """Where the chain ended at an instant, signed; `statement` names the one before."""

    __tablename__ = "checkpoint"

    seq: int = numbered()
    at: int = whole()
    head_seq: int = whole()
    recorded_at: int = whole()
    head_hash: bytes = body()
    public_key: bytes = body()
    statement: bytes = body()
    signature: bytes = body()
