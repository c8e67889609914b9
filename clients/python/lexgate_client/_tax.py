"""The life of a tax: calculated, committed, given back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Required, TypedDict

from pydantic import AwareDatetime, Field

from lexgate_client._found import AppliedPack, AppliedRate, Finding, Missing, Obligation
from lexgate_client._model import Answer, Part
from lexgate_client._scalars import Money, Number
from lexgate_client._tax_parts import TaxVerdict


class LineBack(TypedDict, total=False):
    """One line to give back: an amount, a number of units, or (neither) all that is left of it."""

    id: Required[str]
    amount: Money
    quantity: Number


class TaxNumber(TypedDict, total=False):
    """A tax number to be looked at."""

    country: str
    """Whose it is; without it, its prefix tells."""
    value: Required[str]
    own: OwnNumber
    """The number of who asks: VIES then gives a consultation number."""


class OwnNumber(TypedDict, total=False):
    """The number of who asks."""

    country: str
    value: Required[str]


class Calculation(Answer):
    """A tax that was worked out, and may be committed."""

    id: str
    reference: str | None
    merchant: str | None
    profile_version: int | None
    legal_time: AwareDatetime
    calculated_at: AwareDatetime
    valid_until: AwareDatetime
    tax: TaxVerdict
    obligations: list[Obligation] | None = None
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    locale: str

    @property
    def may_be_charged(self) -> bool:
        """Whether every line is determined. False for every other word."""
        return self.tax.verdict == "determined"


class Sums(Part):
    """Amounts of a document."""

    net: Decimal
    tax: Decimal
    gross: Decimal


class ReversedComponent(Part):
    """What goes back of one tax."""

    name: str
    jurisdiction: str
    rate_percent: Decimal
    taxable_amount: Decimal
    amount: Decimal


class ReversedLine(Part):
    """What goes back of one line."""

    id: str
    country: str | None
    region: str | None
    treatment: str
    scheme: str | None
    quantity: Decimal | None
    net: Decimal
    tax: Decimal
    gross: Decimal
    components: list[ReversedComponent]


class Declared(Part):
    """Into which return a reversal goes."""

    scheme: str
    original_period: str
    declared_in: str


class Reversal(Answer):
    """What was given back."""

    id: str
    transaction: str
    reference: str | None
    mode: str
    reversed_at: AwareDatetime
    date: dt.date
    original_date: dt.date
    currency: str
    given_back: Sums
    lines: list[ReversedLine]
    remaining: Sums
    """What is left to give back after this."""
    declared: list[Declared]
    rounding: str
    fx: list[AppliedRate]
    release: str


class TaxTransaction(Answer):
    """A tax that was charged."""

    id: str
    calculation: str
    reference: str | None
    merchant: str | None
    profile_version: int | None
    committed_at: AwareDatetime
    date: dt.date
    currency: str
    charged: Sums
    given_back: Sums
    remaining: Sums
    tax: TaxVerdict
    fx: list[AppliedRate]
    release: str
    reversals: list[Reversal]


class Rate(Part):
    """One line of a table of rates in force."""

    id: str
    component: str
    name: str
    category: str
    kind: str
    rate_percent: Decimal | None
    """None: exempt, or not read yet."""
    share: Decimal
    known: bool
    from_: dt.date | None = Field(alias="from")
    to: dt.date | None
    supplies: list[str]
    condition: str | None
    instrument: str | None
    provision: str | None
    url: str | None
    confidence: str
    verified_on: dt.date | None
    note: str | None


class Rates(Answer):
    """The rates of a place on a day."""

    place: str
    date: dt.date
    has_consumption_tax: bool | None
    tax_name: str | None
    number_name: str | None
    data: list[Rate]
    release: str


class Thresholds(Answer):
    """How near a merchant is to each threshold."""

    merchant: str
    date: dt.date
    home: str | None
    basis: str
    data: list[dict[str, Any]]
    fx: list[AppliedRate] | None = None


class TaxNumberFound(Part):
    """What can be said of one tax number."""

    country: str | None
    value: str
    normalised: str | None
    state: str
    """valid: a register confirmed it now. format_valid, invalid, unchecked."""
    kind: str | None
    region: str | None
    checked_at: AwareDatetime
    source: str
    consultation_number: str | None
    reason: str | None
    message: str
    policy: str | None
    recheck_after: AwareDatetime | None

    @property
    def is_confirmed(self) -> bool:
        """Whether a register confirmed it. False for every other word."""
        return self.state == "valid"
