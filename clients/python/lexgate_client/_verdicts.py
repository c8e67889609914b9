"""The verdict of each domain."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import Field

from lexgate_client._found import Obligation
from lexgate_client._model import Part
from lexgate_client._screened import OwnedParty, Screening


class Available(Part):
    """An exemption that is open to somebody."""

    name: str
    by: list[str]
    liability: str


class Closed(Part):
    """An exemption that is closed to the party that asks, and why."""

    name: str
    because: str


class MethodRule(Part):
    """Which methods of authentication the law forbids or wants."""

    code: str
    forbid: list[str]
    need: list[str]
    message: str


class OnRefusal(Part):
    """What to do when the issuer answers 'authenticate first'."""

    action: str
    challenge_indicator: str | None
    codes: dict[str, str]
    """Response codes by scheme or processor that mean a soft decline."""


class ScaVerdict(Part):
    """Strong customer authentication."""

    verdict: str
    regime: str
    one_leg: bool
    exemption: str | None
    by: str | None
    reason: str | None
    satisfied: bool
    """The authentication already stated meets the duty."""
    available: list[Available]
    closed: list[Closed]
    dynamic_linking: bool
    method_rules: list[MethodRule]
    on_refusal: OnRefusal | None
    confidence: str | None
    """The weakest confidence the verdict rests on; R is unverified."""


class ResidencyReason(Part):
    """What one regime makes of a question."""

    regime: str
    rule: str
    """Id of the rule, or `DE.transfer` for the general law of a place."""
    verdict: str
    ground: str | None
    mechanism: str | None
    confidence: str
    message: str


class ResidencyCheck(Part):
    """One question on where data may be, under every law that applies to it."""

    data_class: str | None
    action: str | None
    place: str | None
    """The region as the question names it."""
    verdict: str
    """The strictest of all regimes."""
    mechanism: str | None
    """What carries it, where it is allowed."""
    regime: str | None
    """The law that decides: `IN-RBI`, `EU-GDPR`, `PCI-DSS`."""
    ground: str | None
    mechanisms: list[str]
    """What would carry it, where it is denied for want of a ground."""
    copy_in: str | None
    """The country that must keep a complete copy."""
    region_country: str | None
    """The country that the region resolves to."""
    reasons: list[ResidencyReason]
    """Of all regimes, the strictest first."""
    obligations: list[Obligation]
    missing: list[str]
    confidence: str | None
    valid_until: dt.date | None
    """The last day before a known change of any law that spoke."""


class ResidencyVerdict(Part):
    """Where the data of this payment may be."""

    verdict: str
    """The strictest of all questions."""
    checks: list[ResidencyCheck]
    confidence: str | None


class Collect(Part):
    """Something to ask of the customer or payer."""

    field: str
    """Where it belongs in the Transaction."""
    why: str
    """In the payer's language."""


class TierLimit(Part):
    """A limit of a wallet's tier or of a method that counts this payment. Amounts are in `currency`; a number of instalments has
    none."""

    name: str
    tier: str | None
    counts: str
    """payment, payment_in, payment_out, balance, or what it adds up: spent_today, received_month, loaded_year, day_total,
    installments ...; always: this kind of payment is not allowed at all."""
    period: str | None
    amount: Decimal | None
    currency: str | None
    counted: Decimal | None
    """With this payment."""
    remaining: Decimal | None
    """After this payment; never below nought."""
    exceeded: bool | None
    """null: what it counts is not known."""
    rejects: str | None
    """What must not go through where it is exceeded: money that comes in is rejected, the account is not."""
    rule: str


class KycVerdict(Part):
    """What must be known of the customer, and what the tier of the wallet allows."""

    verdict: str
    level_required: str
    collect: list[Collect]
    limits: list[TierLimit]
    confidence: str | None


class MethodCheck(Part):
    """Something that addresses a way of paying, and whether it can be right."""

    name: str
    field: str
    verdict: str
    why: str | None
    """In the payer's language, where it failed."""


class MethodVerdict(Part):
    """The rules of the local way to pay."""

    verdict: str
    method: str | None
    checks: list[MethodCheck]
    limits: list[TierLimit]
    collect: list[Collect]
    confidence: str | None


class DueDiligenceReason(Part):
    """A rule that asks for due diligence."""

    rule: str
    level: str
    told: bool
    """False: the rule lacks a fact, and counts as if it held."""
    measures: list[str]


class AmlReport(Part):
    """A report to an authority."""

    code: str
    """CTR, LCTR, TTR, SAR ... as the law or its authority names it; TR where it has no name."""
    authority: str | None
    due: str | None
    """The last day, or the instant where the law counts hours; null where the law states no term that can be counted."""
    within: str | None
    """The term in the law's own words."""
    from_: str = Field(alias="from")
    """The event from which the term runs: transaction, suspicion, detection, awareness ..."""
    form: str | None
    rule: str
    confidence: str


class TravelRule(Part):
    """Data that must go with a transfer."""

    applies: bool
    missing: list[str]
    """Facts that are not stated and must go with it."""
    on_request: list[str] | None = None
    """Facts that are not stated and must be handed over when they are asked for."""
    on_request_within: str | None = None
    rules: list[str] | None = None


class FoundScenario(Part):
    """A scenario to which the payment gives rise."""

    id: str
    pack: str
    severity: str
    evidence: list[str]
    """Decisions of the payments it was found by; this one among them."""


class AmlVerdict(Part):
    """Money laundering law, cash limits and embargoes. Nothing of it is for the payer's eyes."""

    verdict: str
    due_diligence: str
    due_diligence_reasons: list[DueDiligenceReason]
    reports: list[AmlReport]
    travel_rule: TravelRule
    scenarios: list[FoundScenario]
    screening: Screening
    ownership: list[OwnedParty] | None = None
    """Parties with owners who are listed. Absent: there is none."""
    retain_until: dt.date | None
    """The first day on which no law asks for the records any more, counted from the payment."""
    confidence: str | None
