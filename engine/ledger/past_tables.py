"""The tables of the past that features are answered from. They say nothing that the chain does not: they are worked out from its
events, kept up within the same transaction, and can be made anew at any time.

A payment has an entry for each form of feature that counts it, under the values of the form's columns (`grp`). Beside it stands
the total of its day up to and with it, and beside each day the total of all time up to and with that day: what lies between two
instants is found with four look-ups, however much it is.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Index
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, Whole, numbered, sealing, whole, words


def _sorted(**more: Any) -> Any:
    return Field(sa_column=Column(Sorted, **{"nullable": False, **more}))


def _key() -> Any:
    return Field(sa_column=Column(Whole, primary_key=True, autoincrement=False, nullable=False))


class PastStateRow(LedgerTable, table=True):
    """The number in the chain up to which events are taken in. One row."""

    __tablename__ = "past_state"

    id: int = numbered()
    through: int = whole()


class PastFormRow(LedgerTable, table=True):
    """A form of feature that entries are kept for, as JSON. Written with its entries, never without."""

    __tablename__ = "past_form"
    __table_args__ = (Index("ix_past_form_spec", "spec", unique=True),)

    id: int = numbered()
    spec: str = _sorted()
    seal: bytes = sealing()


class PastPaymentRow(LedgerTable, table=True):
    """A payment that is executed as far as is known now: what the last word said of it was said about."""

    __tablename__ = "past_payment"
    __table_args__ = (Index("ix_past_payment_at", "at", "payment"), BY_KEY)

    payment: str = _sorted(primary_key=True)
    at: int = whole()
    amount: str = words()
    currency: str = words()
    stated: str = words()


class PastEntryRow(LedgerTable, table=True):
    """A payment as one form counts it. `total`: of its day (UTC), up to and with it, in the order of `at` and `payment`."""

    __tablename__ = "past_entry"
    __table_args__ = (Index("ix_past_entry_value", "form", "grp", "value", "at"), BY_KEY)

    form: int = _key()
    grp: str = _sorted(primary_key=True)
    at: int = _key()
    payment: str = _sorted(primary_key=True)
    currency: str = words()
    size: str = words()
    value: str | None = _sorted(nullable=True)
    total: str | None = words(nullable=True)


class PastDayRow(LedgerTable, table=True):
    """A day (UTC) with entries, and the total of all time up to and with it."""

    __tablename__ = "past_day"
    __table_args__ = BY_KEY

    form: int = _key()
    grp: str = _sorted(primary_key=True)
    day: int = _key()
    total: str = words()


class PastSpanRow(LedgerTable, table=True):
    """The smallest and the largest amount of a whole hour or day (UTC) in one currency."""

    __tablename__ = "past_span"
    __table_args__ = BY_KEY

    form: int = _key()
    grp: str = _sorted(primary_key=True)
    length: int = _key()
    start: int = _key()
    currency: str = _sorted(primary_key=True)
    low: str = words()
    high: str = words()


DERIVED: Final = ("past_state", "past_form", "past_payment", "past_entry", "past_day", "past_span")
"""Tables that may be made anew from the chain."""
