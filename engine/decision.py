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


class Screening(Answer):
    """Whether names were compared with lists of sanctions."""

    performed: bool
    reason: str | None = None


class AmlVerdict(Answer):
    """Money laundering law, cash limits and embargoes. Nothing of it is for the payer's eyes."""

    verdict: Literal["clear", "report", "review", "block", "undecided"]
    due_diligence: Literal["none", "simplified", "standard", "enhanced"]
    due_diligence_reasons: list[DueDiligenceReason]
    reports: list[AmlReport]
    travel_rule: TravelRule
    scenarios: list[dict[str, Any]]
    screening: Screening
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
    tax: TaxVerdict | None = None
    obligations: list[Obligation]
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    message: str
    """One sentence for the payer, in the language asked for."""
    locale: str
