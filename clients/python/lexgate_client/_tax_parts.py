"""The tax of a payment, line by line."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import AwareDatetime, Field

from lexgate_client._found import Citation
from lexgate_client._model import Part


class TaxComponent(Part):
    """One tax on one line."""

    name: str
    """Its local name: TVA, USt, CGST, Sales tax."""
    jurisdiction: str
    rate_percent: Decimal
    taxable_amount: Decimal
    amount: Decimal
    unrounded: Decimal
    """Before rounding, to ten decimals."""
    rate: str
    """The pack and the line of its table: `FR/reduced.books`."""
    confidence: str


class TaxInCurrencyOfState(Part):
    """The tax of a country in its own money, as its invoices must show it. Its rate being lacking, amounts are null and
    `missing` names it."""

    country: str
    currency: str
    amount: Decimal | None
    unrounded: Decimal | None
    """To ten decimals."""
    rate: Decimal | None
    date: dt.date | None
    source: str
    """Whose rate the law wants."""
    rule: str
    law: Citation | None
    confidence: str | None
    rounding: str
    """The rule in whose direction the amount is rounded: the place's for tax, or `house`."""
    missing: list[str]


class TaxStep(Part):
    """One question of the procedure and its answer."""

    question: str
    """date, kind, supplier, customer, place, liability, treatment, rate, price, composition, rounding, ..."""
    answer: str


class TaxPart(Part):
    """A portion of a line that is taxed as another line is: shipping of goods with several rates, a bundle at one price."""

    like: str
    """The lines, or the category of the bundle, that it follows."""
    country: str | None
    region: str | None
    treatment: str
    reason: str
    scheme: str | None
    net: Decimal
    tax: Decimal
    gross: Decimal


class TaxLine(Part):
    """One line. Where it is undecided nothing is charged and nothing is said to be free: amounts are null."""

    id: str
    country: str | None
    region: str | None
    treatment: str
    reason: str
    """Why, as a stable code."""
    scheme: str | None
    """Under which it is declared: domestic, oss, ioss, non_union_oss, ..."""
    components: list[TaxComponent]
    net: Decimal | None
    """Without tax; duties that are taxed are within it. net + tax = gross."""
    tax: Decimal | None
    gross: Decimal | None
    duties: Decimal | None
    invoice_note: str | None
    law: list[Citation]
    confidence: str | None
    missing: list[str]
    """The facts that would settle it; of a line that is decided, who declares its tax and where."""
    steps: list[TaxStep]
    evidence: list[str]
    """Items of evidence of the customer's place that were relied on, as `billing=FR`: keep them."""
    parts: list[TaxPart]


class TaxRounding(Part):
    """How tax was rounded."""

    method: str
    level: str
    """line, line_total, invoice, invoice_rate; by_place where lines are taxed at several places."""
    source: str
    """Pack and rule, or `house`."""
    confidence: str | None


class RecordedTotal(Part):
    """A total of the seller's sales that the ledger knows, held against a threshold."""

    fact: str
    """The fact of the payee that it stands for, or beside."""
    jurisdiction: str
    window: str
    """calendar_year, previous_calendar_year, twelve_months, ..."""
    from_: dt.date = Field(alias="from")
    to: dt.date
    """The day of the sale at the latest: nothing later counts."""
    amount: Decimal | None
    """Without tax, less what was given back, in the threshold's currency; null: an exchange rate is missing, and what is stated
    could not be compared."""
    highest: Decimal | None
    """The total when the threshold was crossed, where refunds brought it below since."""
    currency: str
    transactions: int | None
    """Their number, where the threshold counts it."""
    stated: Decimal | None
    """What was stated instead, in the same currency; null: nothing."""
    used: str
    """The larger of both."""
    as_of: AwareDatetime
    """The instant at which the ledger was read."""


class TaxVerdict(Part):
    """Value added tax, goods and services tax, sales tax."""

    verdict: str
    total: Decimal | None
    """All taxes of all lines; null unless determined."""
    currency: str
    inclusive: bool | None
    """Whether the prices as stated include the tax; null: lines differ, or it is not known."""
    lines: list[TaxLine]
    customer: str
    date: dt.date | None
    """The local day whose law was asked."""
    rounding: TaxRounding | None
    confidence: str | None
    in_currency_of_state: list[TaxInCurrencyOfState] | None = None
    """Only there where the sale is in another currency than that of a State whose law wants the tax in its own."""
    recorded: list[RecordedTotal] | None = None
    """Totals that were read off this ledger; only there for sellers who declare `all_sales_recorded_since`."""
