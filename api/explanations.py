"""The explanation of a decision, for FastAPI and its document."""

from __future__ import annotations

from typing import Any, Literal

from api.schemas import Said
from engine.decision import Law
from engine.decision_screening import OwnedParty, ScreenedParty, Screening


class Rung(Said):
    """A part of a condition, what it came to, and the parts below it."""

    expression: str
    said: str | None = None
    """The same in words: in Chinese where that is asked for, else in English. Of the grounds of a transfer: null."""
    value: str | None
    """`24.90 EUR`, `true`, `2026-11-22`; null: it cannot be told."""
    since: str | None = None
    """Of a number of the law: its first day."""
    not_read: bool = False
    """Of a number of the law: nobody has read what it is on that day."""
    missing: tuple[str, ...] = ()
    """The facts without which it cannot be told."""
    below: tuple[Rung, ...] = ()


class ExplainedDemotion(Said):
    """Since when a rule stops nothing, and why."""

    since: str
    why: str


class ExplainedRule(Said):
    """A rule that was looked at. Of data residency also the general law on transfers, under `<place>.transfer`, whose rungs are
    the grounds that it knows."""

    rule: str
    pack: str
    title: str
    fired: bool | None
    """null: it cannot be told."""
    effect: str
    name: str
    law: Law
    confidence: Literal["A", "B", "C", "R"]
    reading: dict[str, str] | None
    """Which reading of the law was chosen, the other one, and why."""
    note: str | None
    missing: list[str]
    because: Rung
    demoted: ExplainedDemotion | None = None
    """Only there for a rule that the release holds back."""


class ExplainedPlace(Said):
    """One law that a domain asked: all its rules in force on that day."""

    domain: str
    side: str
    """Why this place's law: `payment.issuer_country`, `payment.acquirer_country` (sca); `obliged_entity` (aml, kyc); `wallet`
    (kyc); `payer`, `payee`, `home` of the method (methods); `subject`, `establishment`, `standard` (residency)."""
    place: str
    question: int | None = None
    """Of data residency: the place of the question in `data`, counted from 0."""
    region: str | None = None
    """Of data residency: the region as it was named; `region_country` where it was found to be."""
    region_country: str | None = None
    verdict: str | None = None
    """Of data residency: what all laws together made of the question about this region."""
    law_of: str
    """The local day that chose the law."""
    period_from: str
    """Since when these rules have stood as they do."""
    packs: list[str]
    rules: list[ExplainedRule]


class ScreeningReason(Said):
    """Why a verdict of lists is what it is, and of which lists, entries or parties that holds."""

    code: Literal[
        "not_asked", "no_lists", "list_missing", "list_stale", "match_confirmed", "match_possible", "cleared", "not_comparable",
        "unnamed", "no_match",
    ]  # fmt: skip
    of: list[str]


class LookedFor(Said):
    """What was held against the lists of a party, as far as it is stated."""

    name: str | None
    kind: str
    births: list[dict[str, str]]
    countries: list[str]
    identifiers: list[dict[str, str | None]]
    customer: str | None
    """The caller's id of whom it is: clearances are bound to it."""


class ExplainedParty(ScreenedParty):
    """What lists said of one party, and why."""

    reasons: list[ScreeningReason]
    asked: LookedFor | None


class ExplainedScreening(Screening):
    """What lists said before the payment, as it was kept, and why."""

    reasons: list[ScreeningReason]
    parties: list[ExplainedParty] | None = None


class ScenarioSubject(Said):
    """In whose window a scenario was asked."""

    kind: str
    key: str


class ScenarioNumber(Said):
    """A parameter or a measure of a scenario."""

    name: str
    label: str
    value: str | None
    """`3000.00 EUR`, `48 hours`, `4`. Of a measure null: it could be told without, or an amount has no exchange rate."""


class ScenarioEvent(Said):
    """An event that a sequence names."""

    name: str
    condition: str
    absent: bool
    """It must not lie between the first and the last."""
    possible: int | None
    """How many of the newest payments it could be, by what each states alone."""
    payment: str | None
    """The decision that it was found to be."""


class ExplainedScenario(Said):
    """A scenario that was asked before the payment, as it was then."""

    scenario: str
    pack: str
    version: str
    title: str
    kind: Literal["counting", "sequence", "graph"]
    severity: Literal["low", "medium", "high"]
    subject: ScenarioSubject | None
    segment: str | None
    payments: int | None
    """In the window, this one among them."""
    truncated: bool
    fired: bool | None
    """null: it cannot be told, for want of `missing`."""
    missing: list[str]
    evidence: list[str]
    """Decisions of the payments it was found by."""
    parameters: list[ScenarioNumber]
    measures: list[ScenarioNumber]
    condition: str | None
    because: dict[str, str | None] | None
    """Of a counting scenario: each comparison and fact of the condition with its value; null: not known."""
    events: list[ScenarioEvent]
    law: Law
    """The typology, and on what it rests: `house`."""
    confidence: Literal["A", "B", "C", "R"]
    note: str | None


class ExplanationBody(Said):
    """Every law that was asked, in the order of the domains; where money laundering law was, what lists and scenarios said; and
    under `tax` every question of its procedure. For whoever watches: never to be shown to the payer."""

    id: str
    release: str
    locale: str
    places: list[ExplainedPlace]
    screening: ExplainedScreening | None = None
    ownership: list[OwnedParty] | None = None
    """What follows from owners who are listed, under each regime that was asked."""
    scenarios: list[ExplainedScenario] | None = None
    """Empty: of such a payment none is asked beforehand."""
    tax: dict[str, Any] | None = None
