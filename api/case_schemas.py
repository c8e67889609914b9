"""Alerts, cases and clearances as they are asked for and answered. All of it is for officers, none of it for the payer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.routes.decisions import no_nul
from api.schemas import Said
from engine.alerts import AlertKind
from engine.casework import CaseState, Verdict
from engine.ledger import ClearanceState
from engine.wire import Instant

Reason = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=2000, strip_whitespace=True),
    AfterValidator(no_nul),
]
Severity = Literal["low", "medium", "high"]


class Asking(BaseModel):
    """A body that is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Claim(Asking):
    """Taking a case on."""

    reason: Reason | None = None
    """Needed where another person has it."""


class Note(Asking):
    """A remark."""

    text: Reason


class Decided(Asking):
    """What whoever has the case comes to."""

    decision: Literal["false_positive", "explained", "monitor", "report", "confirm_match"]
    reason: Reason
    """Kept in the chain of the ledger."""


class Approval(Asking):
    """Another person's word on a proposal."""

    approve: Annotated[bool, Field(strict=True)]
    """False: the case goes back; said by the proposer, the proposal is withdrawn."""
    reason: Reason


class Reopen(Asking):
    """Looking again at what was decided."""

    reason: Reason


class GiveBack(Asking):
    """Letting a case go."""

    reason: Reason


class Clear(Asking):
    """Why a match of a stored screening is not meant."""

    screening: Annotated[str, StringConstraints(strict=True, pattern=r"^scr_[0-9a-z]{1,40}$")]
    """The screening that found it, made with a `subject`."""
    entry: Annotated[str, StringConstraints(strict=True, min_length=3, max_length=200), AfterValidator(no_nul)]
    """`id` of the entry: `LIST:key`."""
    reason: Reason
    expires_at: Instant
    """At most a year from now."""


class Agree(Asking):
    """Why another person agrees."""

    reason: Reason


class Revoke(Asking):
    """Why a clearance ends."""

    reason: Reason


class AlertBody(Said):
    """What a scenario or a list found. It accuses nobody."""

    id: str
    kind: AlertKind
    rule: str
    pack: str
    version: str
    subject_kind: str
    subject: str
    severity: Severity
    summary: str
    evidence: list[str]
    """Ids of decisions, or `LIST:key` of entries."""
    truncated: bool
    """The window held more events than were looked at."""
    occurred_at: datetime
    recorded_at: datetime
    told: int
    """How often: a match on other data, or of one who is listed again, is told again."""
    case: str
    screening: str | None
    """The stored screening that found the match."""
    ended_at: datetime | None
    """Since when the match is over."""


class AlertPage(Said):
    """A slice of a list."""

    data: list[AlertBody]
    next: str | None


class StepBody(Said):
    """One event of a case."""

    number: int
    event: str
    at: datetime
    actor: str
    """The id of a key, or `system`."""
    reason: str
    from_: Annotated[CaseState | None, Field(alias="from")]
    to: CaseState
    decision: Verdict | None
    release: str
    """Digest of the law in force."""
    details: dict[str, Any]


class CaseSummary(Said):
    """A case in a list."""

    id: str
    number: int
    """Of its last event: send it as `?number=` to be refused where the case has moved since."""
    subject_kind: str
    subject: str
    state: CaseState
    severity: Severity
    alerts: int
    claimed_by: str | None
    decision: Verdict | None
    """Proposed, or decided."""
    proposed_by: str | None
    decided_by: str | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    """By when to report, where the law in force gives a day from the suspicion on."""
    overdue: bool


class AlertCasePage(Said):
    """A slice of a list."""

    data: list[CaseSummary]
    next: str | None


class FurtherBody(Said):
    """Payments that a pattern came to have after a decision was proposed."""

    alert: str
    evidence: list[str]
    at: datetime


class AlertCaseBody(CaseSummary):
    """A case as it stands."""

    possible: list[str]
    """What may be done now."""
    since_proposed: list[FurtherBody]
    """What came after the decision was proposed, for whoever approves it: nobody else has looked at it."""
    evidence: list[AlertBody]
    history: list[StepBody]


class CaseTotalsBody(Said):
    """How many cases there are, and what waits for whoever asks."""

    open: int
    claimed: int
    proposed: int
    decided: int
    overdue: int
    """Not decided, and the day of its report is over."""
    high: int
    """Not decided, of high severity."""
    mine: int
    """Claimed by whoever asks, and not decided."""
    to_approve: int
    """Proposed by somebody else."""


class CasePaymentBody(Said):
    """A payment that an alert of a case was found by."""

    decision: str
    alerts: list[str]
    """The alerts that name it."""
    readable: bool
    """False: no such decision is kept here, or it cannot be read; then nothing else is known."""
    at: datetime | None
    """When it happened."""
    amount: Annotated[str | None, Field(examples=["24.90"])]
    currency: str | None
    kind: str | None
    direction: str | None
    instrument: str | None
    method: str | None
    channel: str | None
    payer: str | None
    payee: str | None
    payer_country: str | None
    payee_country: str | None
    merchant: str | None
    outcome: str | None
    """Of the decision."""
    reference: str | None
    status: Literal["executed", "failed", "refunded", "abandoned"] | None
    """What became of it, as far as it was told; null: the record was forgotten."""


class CasePaymentPage(Said):
    """A slice of a list."""

    data: list[CasePaymentBody]
    next: str | None


class ClearanceBody(Said):
    """Why a match is not meant. It holds for these data, this version of the entry and these features, and nothing else."""

    id: str
    subject: str
    subject_digest: str
    entry: str
    entry_digest: str
    features: list[str]
    """What matched, with its weight."""
    screening: str
    reason: str
    author: str
    created_at: datetime
    expires_at: datetime
    approver: str | None
    approved_at: datetime | None
    revoked_by: str | None
    revoked_at: datetime | None
    revoke_reason: str | None
    holds: bool
    state: ClearanceState


class ClearancePage(Said):
    """A slice of a list."""

    data: list[ClearanceBody]
    next: str | None
