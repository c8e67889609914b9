"""What the tax procedure is told, and what it answers. Amounts are exact decimals with a currency, dates are the place's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from engine.packs.model import Confidence


class Treatment(StrEnum):
    """How a line is treated. Where no tax is charged these are different outcomes: other wording, other reports, other proof."""

    STANDARD = "standard"
    REDUCED = "reduced"
    """Any rate between zero and standard, and increased ones: the component names the rate."""
    ZERO = "zero"
    """Taxable at 0 %, with deduction: exports and intra-Community supplies as well."""
    EXEMPT = "exempt"
    REVERSE_CHARGE = "reverse_charge"
    """The customer accounts for the tax."""
    OUT_OF_SCOPE = "out_of_scope"
    """The place that taxes is outside every tax this seller could charge."""
    IOSS = "ioss"
    """A consignment of low value, taxed at checkout under the import scheme."""
    IMPORT = "import"
    """Taxed at the border, by the recipient or the carrier."""
    NO_OBLIGATION = "no_obligation"
    """The place taxes it, but this seller need not charge: below a threshold, no nexus, or a platform owes it."""
    UNDECIDED = "undecided"
    """Facts are missing or contradict each other. Never a silent zero."""


class Customer(StrEnum):
    """In what capacity the customer buys."""

    BUSINESS = "business"
    CONSUMER = "consumer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Address:
    """A place as stated: `country` ISO 3166-1, `region` ISO 3166-2 or None, the postcode as written."""

    country: str | None = None
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known from its register of a number that stands in one which can be asked."""

    country: str | None
    """Whose number it is, as its form tells."""
    source: str
    """The register: VIES."""
    valid: bool | None
    """None: it said nothing, and `silence` says why."""
    at: datetime | None = None
    """When it answered."""
    consultation_number: str | None = None
    """The register's own word that it was asked: the proof."""
    asked_by: str | None = None
    """The number of who asked."""
    silence: str | None = None
    """Why nothing is known: `not_asked`, or the register's own code (`ms_unavailable`)."""


@dataclass(frozen=True, slots=True)
class TaxId:
    """A tax number. `state`: valid (a register confirmed it), format_valid (offline only), invalid, unchecked."""

    country: str | None
    value: str
    state: str
    heard: Heard | None = None
    """What its register said, where that and not the caller tells."""


@dataclass(frozen=True, slots=True)
class Registration:
    """Where the seller is registered: `scheme` is standard, oss, ioss, non_union_oss, small_business, voec, ..."""

    jurisdiction: str
    scheme: str
    number: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Seller:
    """The payee. `facts` are the pack's own questions: turnover so far, thresholds crossed, establishments."""

    address: Address
    registrations: tuple[Registration, ...] | None = None
    """None: not stated, which is not the same as none."""
    establishments: tuple[str, ...] = ()
    """Countries of fixed establishments, beside the seat."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    unknown_merchant: str | None = None
    """The id of a merchant whose stored profile should have told the seat, and did not."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """The payer. `evidence`: kind (billing, ip, bank, sim, other) -> country."""

    address: Address
    type: str | None = None
    """individual | organisation."""
    tax_ids: tuple[TaxId, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    without_number: bool = False
    """The caller states that the customer gave no tax number, which is not the same as stating none."""
    unconfirmed: str | None = None
    """The house's policy while no register has confirmed a number (`engine.tax.registers`); None: none is declared."""


@dataclass(frozen=True, slots=True)
class SaleLine:
    """One line of the basket. `amount` is after the line's own discount, gross where `inclusive`, in the sale's currency."""

    id: str
    kind: str | None
    category: str | None
    amount: Decimal
    inclusive: bool | None
    ship_from: Address = Address()
    ship_to: Address = Address()
    supplied_at: Address = Address()
    origin_country: str | None = None
    consignment_value: Decimal | None = None
    """Of the whole parcel, without tax, transport and insurance; in the sale's currency."""
    marketplace: bool | None = None
    """The payee is a platform that may be the supplier for tax."""
    quantity: Decimal | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    unpriced: str | None = None
    """Why `amount` says nothing: the path of the fact that is missing or contradicts the others (`lines.amount`)."""

    def of_category(self, category: str | None) -> SaleLine:
        """The same line, of another category."""
        return replace(self, category=category)


@dataclass(frozen=True, slots=True)
class Sale:
    """What is sold, by whom, to whom, when."""

    occurred_at: datetime
    currency: str
    lines: tuple[SaleLine, ...]
    seller: Seller
    buyer: Buyer
    facts: Mapping[str, Any] = field(default_factory=dict)


RECHECK: Final = "tax_id.recheck"
"""The question of a step that obliges the seller to look a tax number up again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One question of the procedure and its answer, as an accountant would note it."""

    question: str
    """A stable code: date, kind, supplier, customer, place, territory, liability, treatment, rate, rounding, ..."""
    answer: str
    """In plain English, with the values it turned on."""
    instrument: str | None = None
    provision: str | None = None
    url: str | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """One tax on one line."""

    name: str
    """The tax's local name: TVA, USt, CGST, Sales tax."""
    jurisdiction: str
    percent: Decimal
    share: Decimal
    """The share of the price that is its base."""
    rate_id: str
    """Pack and id of the rate's line: `FR/reduced.books`."""
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the law says of one line, before any arithmetic."""

    treatment: Treatment
    country: str | None
    region: str | None
    components: tuple[Component, ...] = ()
    reason: str = ""
    """A stable code for why: rate.standard, oss.distance_sale, export, reverse_charge.art_196, below_threshold, platform_liable,
    not_registered, ..."""
    invoice_note: str | None = None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    """Facts that would settle it, as paths of the Transaction: `lines.ship_from.country`, `payer.tax_ids`."""
    scheme: str | None = None
    """Under which it is declared: domestic, oss, ioss, non_union_oss, ..."""
    evidence: tuple[str, ...] = ()
    """The items of evidence of the customer's place that were relied on, as `billing=FR`."""
    duties: tuple[tuple[str, Decimal, str], ...] = ()
    """Charges that enter the base: name, amount, currency (the EU customs duty of 2026 on small consignments)."""

    customer: Customer | None = None
    """In what capacity the law of this place takes the customer; None where it did not turn on it."""

    @property
    def confidence(self) -> Confidence | None:
        """The weakest that it rests on."""
        grades = [c.confidence for c in self.components] + [s.confidence for s in self.steps if s.confidence]
        return max(grades, default=None)  # their letters are in the order of their names

    def with_steps(self, steps: tuple[Step, ...]) -> Ruling:
        """The same with other steps."""
        return Ruling(
            self.treatment, self.country, self.region, self.components, self.reason, self.invoice_note, steps, self.missing,
            self.scheme, self.evidence, self.duties, self.customer,
        )  # fmt: skip
