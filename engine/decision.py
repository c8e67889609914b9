"""What Lexgate answers: the Decision of the contract, and the record that reproduces it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import Field

from engine.decision_part import Answer
from engine.decision_screening import OwnedParty, Screening

Outcome = Literal["allow", "challenge", "collect", "review", "block"]
Verdict = Literal["required", "exempt", "out_of_scope", "not_applicable", "undecided"]
Grade = Literal["A", "B", "C", "R"]
"""A primary text, B two sources, C one secondary source, R recalled and to be checked."""


class Decision(NamedTuple):
    """`body`: the answer, JSON-ready, keys in the contract's order. `inputs`: what it used beside the facts and the release."""

    body: dict[str, Any]
    inputs: dict[str, Any]


class Available(Answer):
    """An exemption that is open to somebody."""

    name: str
    by: list[Literal["issuer", "acquirer"]]
    liability: str


class Closed(Answer):
    """An exemption that is closed to the party that asks, and why."""

    name: str
    because: str


class MethodRule(Answer):
    """Which methods of authentication the law forbids or wants."""

    code: str
    forbid: list[str]
    need: list[str]
    message: str


class OnRefusal(Answer):
    """What to do when the issuer answers 'authenticate first'."""

    action: Literal["authenticate_and_retry_once", "return_to_payer"]
    challenge_indicator: str | None
    codes: dict[str, str]
    """Response codes by scheme or processor that mean a soft decline."""


class ScaVerdict(Answer):
    """Strong customer authentication."""

    verdict: Verdict
    regime: str
    one_leg: bool
    exemption: str | None
    by: Literal["issuer", "acquirer"] | None
    reason: str | None
    satisfied: bool
    """The authentication already stated meets the duty."""
    available: list[Available]
    closed: list[Closed]
    dynamic_linking: bool
    method_rules: list[MethodRule]
    on_refusal: OnRefusal | None
    confidence: Literal["A", "B", "C", "R"] | None
    """The weakest confidence the verdict rests on; R is unverified."""


class Obligation(Answer):
    """What somebody must do, now or later."""

    code: str
    domain: str
    who: str
    due: str | None
    message: str
    years: int | None = None
    """Of records: how long they are kept at least, from the event that `from` names."""
    from_: str | None = Field(default=None, alias="from")
    """transaction, relationship_end ..."""
    at_most_years: int | None = None
    """Of records: after how long they must be gone, whatever else asks for them."""


class Missing(Answer):
    """A fact that could still change the answer."""

    field: str
    asked_by: list[str]
    would_settle: list[str]
    """Domains; none for a fact that only tells who declares a tax that is settled."""


class Law(Answer):
    """The article behind a finding."""

    instrument: str | None
    provision: str | None
    url: str | None
    basis: Literal["statute", "guidance", "house"]


class HeldBack(Answer):
    """That a rule stops nothing under this release: where it would, a person looks at the payment."""

    since: str
    why: str
    effect: str
    """What the rule would lead to."""
    fired: bool
    """False: it cannot be told whether it holds."""


class Finding(Answer):
    """A rule that fired, with the values that made it fire."""

    rule: str
    pack: str
    domain: str
    effect: str
    name: str
    message: str
    law: Law
    confidence: Literal["A", "B", "C", "R"]
    because: dict[str, str]
    demoted: HeldBack | None = None
    """Only there for a rule that the release holds back. Where it would have stopped the payment, its `effect` is `review`."""


class AppliedPack(Answer):
    """Exactly what was applied."""

    jurisdiction: str
    version: str
    digest: str
    as_of: str
    """The local date that chose the law."""


class TaxComponent(Answer):
    """One tax on one line."""

    name: str
    """Its local name: TVA, USt, CGST, Sales tax."""
    jurisdiction: str
    rate_percent: str
    taxable_amount: str
    amount: str
    unrounded: str
    """Before rounding, to ten decimals."""
    rate: str
    """The pack and the line of its table: `FR/reduced.books`."""
    confidence: Grade


class Citation(Answer):
    """A provision that a step rests on."""

    instrument: str
    provision: str | None
    url: str | None


class AppliedRate(Answer):
    """An exchange rate that was used."""

    from_: str = Field(alias="from")
    to: str
    rate: str
    date: str
    """The day for which it was published."""
    source: str
    """Whose it is: the European Central Bank, or a publisher by the name under which its rates were loaded."""
    rule: Literal["chargeable_event", "customs", "national", "threshold"] | None = None
    """Which day's rate of which publisher; threshold: of a limit for which no law was read, the day's of the European Central
    Bank. Only tax says it."""
    law: Citation | None = None
    """Where the law wants this rate."""
    confidence: Grade | None = None
    """How surely the rule is known."""


class TaxInCurrencyOfState(Answer):
    """The tax of a country in its own money, as its invoices must show it. Its rate being lacking, amounts are null and
    `missing` names it."""

    country: str
    currency: str
    amount: str | None
    unrounded: str | None
    """To ten decimals."""
    rate: str | None
    date: str | None
    source: str
    """Whose rate the law wants."""
    rule: Literal["chargeable_event", "national"]
    law: Citation | None
    confidence: Grade | None
    rounding: str
    """The rule in whose direction the amount is rounded: the place's for tax, or `house`."""
    missing: list[str]


class TaxStep(Answer):
    """One question of the procedure and its answer."""

    question: str
    """date, kind, supplier, customer, place, liability, treatment, rate, price, composition, rounding, ..."""
    answer: str


class TaxPart(Answer):
    """A portion of a line that is taxed as another line is: shipping of goods with several rates, a bundle at one price."""

    like: str
    """The lines, or the category of the bundle, that it follows."""
    country: str | None
    region: str | None
    treatment: str
    reason: str
    scheme: str | None
    net: str
    tax: str
    gross: str


class TaxLine(Answer):
    """One line. Where it is undecided nothing is charged and nothing is said to be free: amounts are null."""

    id: str
    country: str | None
    region: str | None
    treatment: Literal[
        "standard", "reduced", "zero", "exempt", "reverse_charge", "out_of_scope", "ioss", "import", "no_obligation",
        "undecided",
    ]  # fmt: skip
    reason: str
    """Why, as a stable code."""
    scheme: str | None
    """Under which it is declared: domestic, oss, ioss, non_union_oss, ..."""
    components: list[TaxComponent]
    net: str | None
    """Without tax; duties that are taxed are within it. net + tax = gross."""
    tax: str | None
    gross: str | None
    duties: str | None
    invoice_note: str | None
    law: list[Citation]
    confidence: Grade | None
    missing: list[str]
    """The facts that would settle it; of a line that is decided, who declares its tax and where."""
    steps: list[TaxStep]
    evidence: list[str]
    """Items of evidence of the customer's place that were relied on, as `billing=FR`: keep them."""
    parts: list[TaxPart]


class TaxRounding(Answer):
    """How tax was rounded."""

    method: str
    level: str
    """line, line_total, invoice, invoice_rate; by_place where lines are taxed at several places."""
    source: str
    """Pack and rule, or `house`."""
    confidence: Grade | None


class RecordedTotal(Answer):
    """A total of the seller's sales that the ledger knows, held against a threshold."""

    fact: str
    """The fact of the payee that it stands for, or beside."""
    jurisdiction: str
    window: str
    """calendar_year, previous_calendar_year, twelve_months, ..."""
    from_: str = Field(alias="from")
    to: str
    """The day of the sale at the latest: nothing later counts."""
    amount: str | None
    """Without tax, less what was given back, in the threshold's currency; null: an exchange rate is missing, and what is stated
    could not be compared."""
    highest: str | None
    """The total when the threshold was crossed, where refunds brought it below since."""
    currency: str
    transactions: int | None
    """Their number, where the threshold counts it."""
    stated: str | None
    """What was stated instead, in the same currency; null: nothing."""
    used: Literal["ledger", "stated"]
    """The larger of both."""
    as_of: str
    """The instant at which the ledger was read."""


class TaxVerdict(Answer):
    """Value added tax, goods and services tax, sales tax."""

    verdict: Literal["determined", "undecided", "not_applicable"]
    total: str | None
    """All taxes of all lines; null unless determined."""
    currency: str
    inclusive: bool | None
    """Whether the prices as stated include the tax; null: lines differ, or it is not known."""
    lines: list[TaxLine]
    customer: Literal["business", "consumer", "unknown"]
    date: str | None
    """The local day whose law was asked."""
    rounding: TaxRounding | None
    confidence: Grade | None
    in_currency_of_state: list[TaxInCurrencyOfState] | None = None
    """Only there where the sale is in another currency than that of a State whose law wants the tax in its own."""
    recorded: list[RecordedTotal] | None = None
    """Totals that were read off this ledger; only there for sellers who declare `all_sales_recorded_since`."""


ResidencyWord = Literal["allow", "allow_with_mechanism", "require_local_copy", "deny"]
ResidencyGround = Literal["form", "retention_over", "place", "mechanism_missing", "no_rulepack", "needs_input"]
"""Why something is denied: never in this form; should have been deleted; not there; not on this ground; no law is known; what
decides is not stated."""


class ResidencyReason(Answer):
    """What one regime makes of a question."""

    regime: str
    rule: str
    """Id of the rule, or `DE.transfer` for the general law of a place."""
    verdict: ResidencyWord
    ground: ResidencyGround | None
    mechanism: str | None
    confidence: Grade
    message: str


class ResidencyCheck(Answer):
    """One question on where data may be, under every law that applies to it."""

    data_class: str | None
    action: Literal["store", "process", "transfer", "mirror"] | None
    place: str | None
    """The region as the question names it."""
    verdict: ResidencyWord
    """The strictest of all regimes."""
    mechanism: str | None
    """What carries it, where it is allowed."""
    regime: str | None
    """The law that decides: `IN-RBI`, `EU-GDPR`, `PCI-DSS`."""
    ground: ResidencyGround | None
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
    confidence: Grade | None
    valid_until: str | None
    """The last day before a known change of any law that spoke."""


class ResidencyVerdict(Answer):
    """Where the data of this payment may be."""

    verdict: Literal["allow", "allow_with_mechanism", "require_local_copy", "deny", "not_applicable"]
    """The strictest of all questions."""
    checks: list[ResidencyCheck]
    confidence: Grade | None


class Collect(Answer):
    """Something to ask of the customer or payer."""

    field: str
    """Where it belongs in the Transaction."""
    why: str
    """In the payer's language."""


class TierLimit(Answer):
    """A limit of a wallet's tier or of a method that counts this payment. Amounts are in `currency`; a number of instalments has
    none."""

    name: str
    tier: str | None
    counts: str
    """payment, payment_in, payment_out, balance, or what it adds up: spent_today, received_month, loaded_year, day_total,
    installments ...; always: this kind of payment is not allowed at all."""
    period: Literal["day", "night", "calendar_month", "calendar_year"] | None
    amount: str | None
    currency: str | None
    counted: str | None
    """With this payment."""
    remaining: str | None
    """After this payment; never below nought."""
    exceeded: bool | None
    """null: what it counts is not known."""
    rejects: Literal["credit", "payment"] | None
    """What must not go through where it is exceeded: money that comes in is rejected, the account is not."""
    rule: str


class KycVerdict(Answer):
    """What must be known of the customer, and what the tier of the wallet allows."""

    verdict: Literal["met", "collect", "refuse", "undecided"]
    level_required: Literal["none", "basic", "verified", "enhanced"]
    collect: list[Collect]
    limits: list[TierLimit]
    confidence: Grade | None


class MethodCheck(Answer):
    """Something that addresses a way of paying, and whether it can be right."""

    name: str
    field: str
    verdict: Literal["ok", "failed", "unchecked"]
    why: str | None
    """In the payer's language, where it failed."""


class MethodVerdict(Answer):
    """The rules of the local way to pay."""

    verdict: Literal["ok", "collect", "refuse", "not_applicable", "undecided"]
    method: str | None
    checks: list[MethodCheck]
    limits: list[TierLimit]
    collect: list[Collect]
    confidence: Grade | None


class DueDiligenceReason(Answer):
    """A rule that asks for due diligence."""

    rule: str
    level: Literal["simplified", "standard", "enhanced"]
    told: bool
    """False: the rule lacks a fact, and counts as if it held."""
    measures: list[str]


class AmlReport(Answer):
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
    confidence: Grade


class TravelRule(Answer):
    """Data that must go with a transfer."""

    applies: bool
    missing: list[str]
    """Facts that are not stated and must go with it."""
    on_request: list[str] | None = None
    """Facts that are not stated and must be handed over when they are asked for."""
    on_request_within: str | None = None
    rules: list[str] | None = None


class FoundScenario(Answer):
    """A scenario to which the payment gives rise."""

    id: str
    pack: str
    severity: Literal["low", "medium", "high"]
    evidence: list[str]
    """Decisions of the payments it was found by; this one among them."""


class AmlVerdict(Answer):
    """Money laundering law, cash limits and embargoes. Nothing of it is for the payer's eyes."""

    verdict: Literal["clear", "report", "review", "block", "undecided"]
    due_diligence: Literal["none", "simplified", "standard", "enhanced"]
    due_diligence_reasons: list[DueDiligenceReason]
    reports: list[AmlReport]
    travel_rule: TravelRule
    scenarios: list[FoundScenario]
    screening: Screening
    ownership: list[OwnedParty] | None = None
    """Parties with owners who are listed. Absent: there is none."""
    retain_until: str | None
    """The first day on which no law asks for the records any more, counted from the payment."""
    confidence: Grade | None


class DecisionBody(Answer):
    """One decision. Lexgate informs; it is not legal advice."""

    id: str
    reference: str | None
    legal_time: str
    evaluated_at: str
    outcome: Outcome
    domains: list[str]
    """The domains that were assessed: each has its own part of the answer, the others none."""
    sca: ScaVerdict | None = None
    aml: AmlVerdict | None = None
    kyc: KycVerdict | None = None
    residency: ResidencyVerdict | None = None
    tax: TaxVerdict | None = None
    method: MethodVerdict | None = None
    obligations: list[Obligation]
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    message: str
    """One sentence for the payer, in the language asked for."""
    locale: str
    livemode: Literal[False] | None = None
    """Only there, and false, in answers to a test key: they are about no payment."""
