"""Onboarding as it is asked for and answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.routes.decisions import no_nul
from api.schemas import Said
from engine.onboarding.model import (
    Activation,
    Application,
    BeneficialOwner,
    Check,
    Document,
    Missing,
    Risk,
)
from engine.onboarding.states import Stage, State, Trading

Decision = Literal[
    "approve", "reject", "request_information", "escalate", "activate", "suspend", "reinstate", "terminate"
]


class Documents(BaseModel):
    """Further documents. Nothing that was handed in is taken away."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    documents: Annotated[list[Document], Field(min_length=1, max_length=100)]


class Decided(BaseModel):
    """What an officer decides."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    decision: Decision
    reason: Annotated[
        str,
        StringConstraints(strict=True, min_length=1, max_length=2000, strip_whitespace=True),
        AfterValidator(no_nul),
    ]
    """Kept in the chain of the ledger, and never shown to the applicant."""
    conditions: Activation | None = None
    """Of `activate`: what must stand before the first payment."""


class HappenedBody(Said):
    """One transition."""

    number: int
    event: str
    at: datetime
    actor: str
    """The id of a key, or `system`."""
    reason: str
    from_: Annotated[State | None, Field(alias="from")]
    to: State
    release: str
    """Digest of the law that was applied."""
    details: dict[str, Any]


class ApplicantBody(Said):
    """What may be passed on to the applicant. Nothing else of an answer may: it could tip somebody off (AMLR Art. 73)."""

    status: Literal["draft", "more_needed", "under_review", "active", "paused", "closed"]
    missing: list[Missing]


class CaseBody(Said):
    """A merchant's case as it stands."""

    id: str
    merchant: str
    number: int
    """Of its last transition: send it as `?number=` to be refused where the case has moved since."""
    stage: Stage
    state: State
    trading: Trading
    """Whether payments may be taken for the merchant today."""
    possible: list[Decision]
    """What an officer may decide now."""
    missing: list[Missing]
    checks: list[Check]
    """What the last automatic review looked at."""
    risk: Risk | None
    beneficial_owners: list[BeneficialOwner]
    beneficial_owner_threshold: Annotated[str | None, Field(examples=[">= 25"])]
    high_risk: bool
    """Two persons approve it, and its review comes within a year."""
    held: bool
    submitter: str
    first_approver: str | None
    conditions: Activation | None
    next_review: date | None
    carry_until: date | None
    """The last day on which it goes on, within limits, while something is put in order."""
    deadline: date | None
    """The first day on which `lexgate onboarding sweep` will move it."""
    created_at: datetime
    updated_at: datetime
    applicant: ApplicantBody
    application: Application
    history: list[HappenedBody]
    masked: list[str]
    """JSON pointers of personal fields that are masked or left out for this caller."""


class CaseSummary(Said):
    """A case in a list."""

    id: str
    merchant: str
    number: int
    stage: Stage
    state: State
    country: str
    name: str
    """Of the merchant, as it was stated last."""
    missing: int
    """What is missing for the first stage."""
    risk: Literal["low", "medium", "high"] | None
    """Of the last automatic review; null: there was none yet."""
    high_risk: bool
    held: bool
    first_approver: str | None
    deadline: date | None
    created_at: datetime
    updated_at: datetime


class CasePage(Said):
    """A slice of a list."""

    data: list[CaseSummary]
    next: str | None
