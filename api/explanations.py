"""The explanation of a decision, for FastAPI and its document."""

from __future__ import annotations

from typing import Any, Literal

from api.schemas import Said
from engine.decision import Law


class Rung(Said):
    """A part of a condition, what it came to, and the parts below it."""

    expression: str
    value: str | None
    """`24.90 EUR`, `true`, `2026-11-22`; null: it cannot be told."""
    since: str | None = None
    """Of a number of the law: its first day."""
    not_read: bool = False
    """Of a number of the law: nobody has read what it is on that day."""
    missing: tuple[str, ...] = ()
    """The facts without which it cannot be told."""
    below: tuple[Rung, ...] = ()


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


class ExplanationBody(Said):
    """Every law that was asked, in the order of the domains, and under `tax` every question of its procedure."""

    id: str
    release: str
    locale: str
    places: list[ExplainedPlace]
    tax: dict[str, Any] | None = None
