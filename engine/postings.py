"""What a committed tax, or its reversal, is as numbers: one posting for each tax on each line, in whole minor units.

Totals are sums of postings, so they are exact in any database; the answers that people read are made from the same numbers.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from engine.money import DIGITS, EXACT

LARGEST: Final = 10**15
"""Minor units of one document at most: sums over every document of a merchant stay far within 64 bits."""


class Posting(NamedTuple):
    """One tax on one line of a transaction, or of what was given back of it. Amounts are whole minor units, never negative.

    A line has at least one posting; the first one (`part` 0) carries the line's `net`, `gross` and `quantity`, the others zero
    and None, so that a sum over postings counts each line once.
    """

    line: int
    """Its place in the basket, from 0."""
    part: int
    """Which of its taxes, from 0."""
    line_id: str
    country: str | None
    """The country that taxes it."""
    region: str | None
    origin: str | None
    """Where goods start, or where the seller of a service is."""
    destination: str | None
    """Where goods arrive, or where the customer is: the place whose threshold the sale counts towards."""
    kind: str | None
    customer: str
    """business | consumer | unknown."""
    platform: int
    """1: sold through, and taxed by, a platform."""
    scheme: str | None
    treatment: str
    component: str | None
    jurisdiction: str | None
    rate: str | None
    """Percent, as it was answered."""
    quantity: str | None
    net: int
    taxable: int
    tax: int
    gross: int


class Booked(NamedTuple):
    """A posting with the document it belongs to. Of a reversal (`reversal_id`) the amounts are what went back."""

    posting: Posting
    transaction_id: str
    reversal_id: str | None
    currency: str
    digits: int
    day: date
    """Of the sale, or of what was given back."""
    supply_day: date
    """Of the sale in both cases."""
    recorded_on: date
    """The date, in UTC, on which the ledger was told."""
    seq: int = 0
    """The row of the chain that booked it."""


class Document(NamedTuple):
    """A transaction, or a reversal of one, by its total: what a report made of postings is held against."""

    id: str
    reversal: bool
    currency: str
    digits: int
    day: date
    recorded_on: date
    tax: int
    seq: int = 0


class Flow(NamedTuple):
    """What was sold on one day in one direction, and what was given back that day. Whole minor units without tax."""

    destination: str | None
    origin: str | None
    kind: str | None
    customer: str
    platform: bool
    currency: str
    digits: int
    day: date
    sold: int
    back: int


class Filed(NamedTuple):
    """A return that was filed. `upto` is the last row of the chain that it was drawn from."""

    id: str
    period: str
    first: date
    last: date
    version: int
    upto: int
    filed_on: date


class Running(NamedTuple):
    """What was sold in one direction in a window of days, read from running sums; `flow.day` is the window's last day."""

    flow: Flow
    transactions: int
    """Each counted once for each destination."""


def to_minor(amount: Decimal, digits: int) -> int:
    """Whole minor units. Raises ValueError for an amount that is finer than they are, or that no document may have."""
    scaled = EXACT.scaleb(amount, digits)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is finer than {digits} digits: it was never charged in this currency")
    if abs(scaled) > LARGEST:
        raise ValueError(f"{amount} is more than one document may say")
    return int(scaled)


def from_minor(units: int, digits: int) -> Decimal:
    """The amount in major units, with as many digits as the currency has.

    >>> from_minor(130, 2), from_minor(5, 3), from_minor(7, 0)
    (Decimal('1.30'), Decimal('0.005'), Decimal('7'))
    """
    return Decimal((int(units < 0), tuple(int(digit) for digit in str(abs(units))), -digits))


def digits_of(currency: str) -> int:
    """Digits after the point, by ISO 4217."""
    return DIGITS[currency]
