"""What Lexgate answers: the Decision of the contract, and the record that reproduces it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal["allow", "challenge", "collect", "review", "block"]
Verdict = Literal["required", "exempt", "out_of_scope", "not_applicable", "undecided"]
Grade = Literal["A", "B", "C", "R"]
"""A primary text, B two sources, C one secondary source, R recalled and to be checked."""


class Decision(NamedTuple):
    """`body`: the answer, JSON-ready, keys in the contract's order. `inputs`: what it used beside the facts and the release."""

    body: dict[str, Any]
    inputs: dict[str, Any]


class Answer(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


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


class Missing(Answer):
    """A fact that could still change the answer."""

    field: str
    asked_by: list[str]
    would_settle: list[str]


class Law(Answer):
    """The article behind a finding."""

    instrument: str | None
    provision: str | None
    url: str | None
    basis: Literal["statute", "guidance", "house"]


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


class AppliedPack(Answer):
    """Exactly what was applied."""

    jurisdiction: str
    version: str
    digest: str
    as_of: str
    """The local date that chose the law."""


class AppliedRate(Answer):
    """An exchange rate that was used."""

    from_: str = Field(alias="from")
    to: str
    rate: str
    date: str
    source: str


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
    """The facts that would settle it."""
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
    kyc: KycVerdict | None = None
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
