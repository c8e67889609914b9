"""What Lexgate answers: the Decision of the contract, and the record that reproduces it."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal["allow", "challenge", "collect", "review", "block"]
Verdict = Literal["required", "exempt", "out_of_scope", "not_applicable", "undecided"]


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


class DecisionBody(Answer):
    """One decision. Lexgate informs; it is not legal advice."""

    id: str
    reference: str | None
    legal_time: str
    evaluated_at: str
    outcome: Outcome
    domains: list[str]
    """The domains that were assessed."""
    sca: ScaVerdict
    obligations: list[Obligation]
    missing: list[Missing]
    findings: list[Finding]
    rulepacks: list[AppliedPack]
    fx: list[AppliedRate]
    message: str
    """One sentence for the payer, in the language asked for."""
    locale: str
