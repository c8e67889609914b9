"""What the routes of tax and of merchants take and answer, for FastAPI and its document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from api.schemas import Difference, Said
from engine.decision import AppliedPack, AppliedRate, Finding, Missing, Obligation, TaxVerdict
from engine.tax import uk_return
from engine.transaction import Payment, Transaction
from engine.wire import Amount, Day, Identifier, Instant, Open, Place, Ratio, Stated, Text, Token, part_of

# -- asked ------------------------------------------------------------------------------------------------------------


class TaxQuestion(Transaction):
    """The tax part of a Transaction: the same fields under the same names. A whole Transaction is taken as well.

    Needed are `currency`, and `amount` or lines with their amounts. What is not stated is unknown, never false.
    """

    amount: Amount | None = None  # type: ignore[assignment]
    """Decimal string in major units; optional where every line states its own."""
    payment: Payment | None = None  # type: ignore[assignment]

    @model_validator(mode="after")
    def _one_country(self) -> Self:
        """Of tax no country is needed beforehand: where one is missing the answer is undecided, and says so."""
        return self

    @model_validator(mode="after")
    def _priced(self) -> Self:
        lines = self.lines or []
        if self.amount is None and (not lines or any(one.amount is None and one.unit_amount is None for one in lines)):
            raise PydanticCustomError(
                "amount_missing",
                "State `amount`, or an `amount` or `unit_amount` of every line: otherwise there is no price",
            )
        return self


class Commit(Stated):
    """A calculation that has become a sale."""

    calculation: Annotated[
        str, Field(strict=True, min_length=1, max_length=64, examples=["calc_01kavw3e5n7x2v8g4yq0m6tz1b"])
    ]
    reference: Identifier | None = None
    """The caller's own number, such as that of the invoice; default: the calculation's."""


class FilingQuestion(Stated):
    """A return to be filed: drawn up from the ledger, and kept as it is now."""

    merchant: Identifier
    scheme: Literal["oss", "non_union_oss", "ioss", "uk"]
    period: Annotated[str, Field(strict=True, min_length=1, max_length=20, examples=["2026-Q4"])]
    """`2026-Q4`; `2026-11` for IOSS; `2026-11..2027-01` for a United Kingdom stagger group."""
    corrects: Annotated[str, Field(strict=True, min_length=1, max_length=64)] | None = None
    """The return of this period that was filed last, which this one takes the place of: only until the day on which it is due."""
    reference: Identifier | None = None
    """The tax office's own number of the return."""
    input_tax: Amount | None = None
    """`uk`: box 4, in pounds. What is not recorded here is stated, or not known."""
    purchases: Amount | None = None
    """`uk`: box 7."""
    acquisition_tax: Amount | None = None
    """`uk`: box 2."""
    acquisitions: Amount | None = None
    """`uk`: box 9."""

    def stated(self) -> uk_return.Stated:
        """What is said of purchases."""
        return uk_return.Stated(self.input_tax, self.purchases, self.acquisition_tax, self.acquisitions)


class LineBack(Stated):
    """One line to give back: an amount, a number of units, or (neither) all that is left of it."""

    id: Identifier
    amount: Amount | None = None
    quantity: Ratio | None = None


class ReversalQuestion(Stated):
    """What goes back of a transaction."""

    mode: Literal["full", "partial"]
    """full: all that is left."""
    lines: Annotated[list[LineBack], Field(min_length=1, max_length=1000)] | None = None
    amount: Amount | None = None
    """An amount without lines is spread over them by what is left of each."""
    tax_inclusive: Annotated[bool, Field(strict=True)] = True
    """Whether amounts are what goes back to the customer, tax included; false: without tax."""
    reference: Identifier | None = None
    """The caller's own number, such as that of the credit note."""
    at: Instant | None = None
    """When the price was reduced or the sale cancelled; default: now."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        stated = [self.lines is not None, self.amount is not None]
        if any(stated) if self.mode == "full" else sum(stated) != 1:
            said = "neither `lines` nor `amount`" if self.mode == "full" else "either `lines` or `amount`"
            raise PydanticCustomError("mode_conflict", "With this mode state {said}", {"said": said})
        return self


class Establishment(Stated):
    """A fixed establishment: people and equipment that take part in supplies."""

    country: Place
    region: Text | None = None
    postal_code: Text | None = None
    since: Day | None = None
    until: Day | None = None
    """The last day."""

    _part = field_validator("region")(part_of("country"))


class ProfileRegistration(Stated):
    """A registration for tax, under one scheme."""

    jurisdiction: Place | Token
    scheme: Token = "standard"
    """standard, oss, ioss, non_union_oss, small_business, voec, ..."""
    number: Identifier | None = None
    since: Day | None = None
    until: Day | None = None
    """The last day."""


class Profile(Stated):
    """A merchant as it is kept. What a caller does not state about the payee is taken from here."""

    name: Text | None = None
    type: Literal["individual", "organisation"] | None = None
    country: Place | None = None
    """Of the seat."""
    region: Text | None = None
    postal_code: Text | None = None
    address: Text | None = None
    industry: Identifier | None = None
    establishments: Annotated[list[Establishment], Field(max_length=300)] | None = None
    """Beside the seat. Not stated is unknown; an empty list is none."""
    registrations: Annotated[list[ProfileRegistration], Field(max_length=500)] | None = None
    """Not stated is unknown; an empty list is none."""
    facts: Open | None = None
    """Facts that packs ask of a seller: `eu_cross_border_total`, `turnover`, `nexus`, `small_business`, ..."""

    all_sales_recorded_since: Day | None = None
    """The merchant's word that every sale of this day and later, wherever it was made, is committed here. Totals that nobody
    states are then taken from this ledger, for windows that lie wholly after it; and where the ledger holds more than is stated,
    the larger counts. Not stated: the ledger may not know every sale, and is not asked."""

    _part = field_validator("region")(part_of("country"))

    def stored(self) -> bytes:
        """As the ledger keeps it: the same profile, the same bytes."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True), option=orjson.OPT_SORT_KEYS)


# -- answered ---------------------------------------------------------------------------------------------------------


class CalculationBody(Said):
    """A tax that was worked out and may be committed."""

    id: str
    reference: str | None
    merchant: str | None
    profile_version: int | None
    """Which version of the merchant's stored profile filled in what was not stated."""
    legal_time: str
    calculated_at: str
    valid_until: str
    tax: TaxVerdict
    obligations: list[Obligation] | None = None
    """What the seller must do later: look up a tax number again that a policy took for confirmed. Only where there is any."""
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    locale: str


class RecalculationBody(Said):
    """The same question again."""

    id: str
    identical: bool
    """The same bytes."""
    release: str
    legal_day: date | None
    differences: list[Difference]
    calculation: CalculationBody
    """The answer as it is now. It is not stored."""


class Sums(Said):
    """Amounts of a document."""

    net: str
    tax: str
    gross: str


class ReversedComponent(Said):
    """What goes back of one tax. Its rate is the one that was charged."""

    name: str
    jurisdiction: str
    rate_percent: str
    taxable_amount: str
    amount: str


class ReversedLineBody(Said):
    """What goes back of one line."""

    id: str
    country: str | None
    region: str | None
    treatment: str
    scheme: str | None
    quantity: str | None
    net: str
    tax: str
    gross: str
    components: list[ReversedComponent]


class Declared(Said):
    """Into which return a reversal goes: it corrects the period of the sale."""

    scheme: str
    original_period: str
    declared_in: str


class ReversalBody(Said):
    """What was given back. Amounts are what went back, never negative."""

    id: str
    transaction: str
    reference: str | None
    mode: Literal["full", "lines", "amount"]
    reversed_at: str
    date: str
    original_date: str
    currency: str
    given_back: Sums
    lines: list[ReversedLineBody]
    remaining: Sums
    """What is left to give back after this."""
    declared: list[Declared]
    rounding: Literal["cumulative_half_up"]
    """Each reversal is the difference of two rounded totals, so that several add up to the whole."""
    fx: list[AppliedRate]
    """The exchange rates of the sale: they stand."""
    release: str
    """The law of the sale: it stands."""


class TransactionBody(Said):
    """A tax that was charged."""

    id: str
    calculation: str
    reference: str | None
    merchant: str | None
    profile_version: int | None
    committed_at: str
    date: str
    """The local day whose law was asked: chooses the period of returns."""
    currency: str
    charged: Sums
    given_back: Sums
    remaining: Sums
    tax: TaxVerdict
    fx: list[AppliedRate]
    release: str
    reversals: list[ReversalBody]


class RateBody(Said):
    """One line of a table of rates in force."""

    id: str
    component: str
    name: str
    category: str
    kind: str
    rate_percent: str | None
    """null: exempt, or not read yet."""
    share: str
    """The share of the price that is taxed."""
    known: bool
    from_: Annotated[str | None, Field(alias="from")]
    """null: older than what was read."""
    to: str | None
    """The first day on which it does not hold any more."""
    supplies: list[str]
    condition: str | None
    instrument: str | None
    provision: str | None
    url: str | None
    confidence: Literal["A", "B", "C", "R"]
    verified_on: date | None
    note: str | None


class RatesBody(Said):
    """The rates of a place on a day."""

    place: str
    date: date
    has_consumption_tax: bool | None
    """null: not read."""
    tax_name: str | None
    number_name: str | None
    data: list[RateBody]
    release: str


class ThresholdsBody(Said):
    """How near a merchant is to each threshold, by what this ledger was told."""

    merchant: str
    date: date
    home: str | None
    """The country of the seat, from the profile; null: unknown, and the Union's own threshold is left out."""
    basis: str
    data: list[dict[str, Any]]
    fx: list[AppliedRate] | None = None
    """The exchange rates of the totals, where any were needed."""


class FiledHead(Said):
    """A return that was filed, without what is in it."""

    id: str
    merchant: str
    scheme: str
    period: str
    version: int
    """1, and one more for each corrected one."""
    corrects: str | None
    reference: str | None
    filed_at: str
    upto: int
    """The last row of the ledger's chain that it was drawn from: what was told later is not in it."""
    digest: str
    """Of the return and its documents."""
    release: str
    """The law under which it was drawn up."""


class FiledBody(FiledHead):
    """A return as it was filed."""

    documents: list[str]
    """The transactions and reversals that it declares."""
    return_: Annotated[dict[str, Any], Field(alias="return")]


class FiledPage(Said):
    """Returns of a merchant that were filed, in the order in which they were."""

    data: list[FiledHead]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


class MerchantBody(Profile):
    """A version of a merchant's profile."""

    id: str
    version: int
    updated_at: datetime


class MerchantPage(Said):
    """Merchants, in the order of their ids."""

    data: list[MerchantBody]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""
