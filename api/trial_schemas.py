"""Trials of releases as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.case_schemas import Reason
from api.draft_schemas import Asking, Digest
from api.schemas import Said
from engine.trials import LEAST_MINIMUM, Cause, GuardState, TrialKind, TrialState

Percent = Annotated[str, StringConstraints(strict=True, pattern=r"^(0|[1-9][0-9]?|100)(\.[0-9]{1,2})?$")]
"""A percentage, or percentage points: a decimal string with up to two decimals."""
Guarded = Literal["block", "review", "collect", "challenge"]
DraftName = Annotated[str, StringConstraints(strict=True, pattern=r"^drf_[0-9a-z]{1,40}$")]


class BandAsked(Asking):
    """How far apart an outcome's rates may be, in percentage points; at least one way is limited."""

    outcome: Guarded
    up: Percent | None = None
    """How much more often under the canary than beside it."""
    down: Percent | None = None
    """How much less often."""


class GuardrailAsked(Asking):
    """What withdraws a canary by itself."""

    minimum: Annotated[int, Field(strict=True, ge=LEAST_MINIMUM, le=1_000_000)] = 1_000
    """Nothing is judged before there are so many decisions on both sides. A crash is judged at once."""
    bands: Annotated[list[BandAsked], Field(min_length=1, max_length=4)] | None = None
    """Default: blocked payments within 2 points, challenged ones within 5."""


class TrialAsked(Asking):
    """What is tried, and how."""

    kind: TrialKind
    draft: DraftName | None = None
    """Of a canary, one that is approved; of a shadow, one that is checked."""
    release: Digest | None = None
    """Of a shadow, in the place of a draft: any release that is kept here."""
    share: Percent | None = None
    """Of a canary: percent of the payers, at most 50."""
    guardrail: GuardrailAsked | None = None
    """Of a canary; there is one by default."""
    reason: Reason


class BandBody(Said):
    """How far apart an outcome's rates may be, in percentage points. null: as far as they like."""

    outcome: str
    up: str | None
    down: str | None


class GuardrailBody(Said):
    """What withdraws a canary by itself."""

    minimum: int
    bands: list[BandBody]


class TrialBody(Said):
    """A trial as it stands."""

    id: str
    kind: TrialKind
    state: TrialState
    release: str
    draft: str | None
    base: str
    """The release in force that it runs beside."""
    share: str | None
    """Of a canary: percent of the payers."""
    guardrail: GuardrailBody | None
    reason: str
    started_by: str
    started_at: datetime
    ended_by: str | None
    """`system`: it ended by itself."""
    ended_at: datetime | None
    end_reason: str | None
    cause: Cause | None
    """Why a canary was withdrawn."""
    possible: list[str]


class TrialPage(Said):
    """Trials in the order in which they were started, or against it."""

    data: list[TrialBody]
    next: str | None


class RateBody(Said):
    """An outcome of one side."""

    outcome: str
    decisions: int
    percent: str


class SideBody(Said):
    """What was decided by one release since a canary began."""

    decisions: int
    outcomes: list[RateBody]


class ReadingBody(Said):
    """One band, read."""

    outcome: str
    canary_percent: str
    control_percent: str
    apart: str
    """Percentage points: canary less control."""
    up: str | None
    down: str | None
    left: bool


class GuardBody(Said):
    """What the guardrail says."""

    state: GuardState
    """`waiting`: too few decisions on one side. `left`: the canary is withdrawn, or about to be."""
    readings: list[ReadingBody]
    sentences: list[str]


class CanarySummary(Said):
    """The two sides of a canary; once it is over, as they were then."""

    canary: SideBody
    control: SideBody
    """Payments decided by the release in force since the canary began."""
    guardrail: GuardBody


class ShadowSummary(Said):
    """What a shadow has come to."""

    decisions: int
    """Looked at so far."""
    differing: int
    """Of these, told otherwise: another outcome, verdict of a domain, or amount of tax."""
    behind: int
    """Decisions that wait."""
    behind_at_least: bool
    """There are more than `behind` says."""
    waiting_since: datetime | None
    result: dict[str, Any] | None
    """As of a back-test (`docs/reference/back-test.md`); null: this version of the software cannot read one of the releases."""


class TrialDetail(TrialBody):
    """A trial with what it has come to."""

    summary: CanarySummary | ShadowSummary


class TrialDifference(Said):
    """A decision that the release on trial would have made otherwise."""

    decision: str
    was: str
    """The outcome by the release in force."""
    now: str
    differs: list[str]
    """`outcome`, domains whose verdict is another, `tax_amount`."""


class DifferencePage(Said):
    """In the order in which they were decided."""

    data: list[TrialDifference]
    next: str | None
