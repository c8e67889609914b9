"""What the monitor works with: how far each consumer has come and who holds it; and, worked out from the chain and beside it,
the events of each subject and the parties whose names are known."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, Whole, body, sealing, whole, words


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


def _key() -> Any:
    return Field(sa_column=Column(Whole, primary_key=True, autoincrement=False, nullable=False))


class MonitorRow(LedgerTable, table=True):
    """A consumer: how far it has come, who holds it until when, and what it stumbled over how often."""

    __tablename__ = "monitor"
    __table_args__ = (BY_KEY,)

    name: str = _sorted(primary_key=True)
    through: int = whole()
    mark: str = words()
    holder: str = words()
    held_until: int = whole()
    stumbled_at: int = whole()
    tries: int = whole()
    seal: bytes = sealing()


class WatchedEventRow(LedgerTable, table=True):
    """A payment as the last word leaves it. `seq`: of that word in the chain; `data_key`: under which the body is sealed."""

    __tablename__ = "watched_event"
    __table_args__ = (Index("ix_watched_event_seq", "seq"), Index("ix_watched_event_data_key", "data_key"), BY_KEY)

    id: str = _sorted(primary_key=True)
    seq: int = whole()
    at: int = whole()
    body: bytes = body()
    seal: bytes = sealing()
    data_key: int | None = whole(nullable=True)


class WatchedSubjectRow(LedgerTable, table=True):
    """Whose events they are: party (who pays or is paid), account, card, merchant; in the order of time.

    In a ledger that protects personal data by pseudonym, but for merchants.
    """

    __tablename__ = "watched_subject"
    __table_args__ = (BY_KEY,)

    subject_kind: str = _sorted(primary_key=True)
    subject: str = _sorted(primary_key=True)
    at: int = _key()
    event: str = _sorted(primary_key=True)
    seal: bytes = sealing()


class KnownPartyRow(LedgerTable, table=True):
    """Somebody with a name, as last stated: `digest` is of what is screened, `screened_by` the lists' fingerprint that saw it.

    In a ledger that protects personal data the subject is a pseudonym and the number of the key (`data_key`) under which the body
    is sealed: what two people say of one name is two rows, so that either may be erased.
    """

    __tablename__ = "known_party"
    __table_args__ = (
        Index("ix_known_party_screened", "screened_by", "subject_kind", "subject"),
        Index("ix_known_party_data_key", "data_key"),
        BY_KEY,
    )

    subject_kind: str = _sorted(primary_key=True)
    subject: str = _sorted(primary_key=True)
    seq: int = whole()
    digest: str = words()
    screened_by: str = _sorted()
    body: bytes = body()
    seal: bytes = sealing()
    data_key: int | None = whole(nullable=True)


WATCHED = ("watched_event", "watched_subject", "known_party")
"""Tables that may be made anew from the chain."""
