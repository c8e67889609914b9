"""Legal holds, and what may be erased, for FastAPI and its document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from api.case_schemas import Asking, Reason
from api.decision_schemas import no_nul
from api.schemas import Said
from engine.ledger import HoldKind, HoldState

Target = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)]
Named = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=200, strip_whitespace=True), AfterValidator(no_nul)
]


class HoldWanted(Asking):
    """What must not be erased, and on whose word."""

    kind: HoldKind
    """subject: a payer, by your own id; decision; merchant: every payer with a decision that names it."""
    target: Target
    """The id of it. It need not be here yet."""
    reason: Reason
    authority: Named
    """Court, authority or department that asks."""
    reference: Named
    """Its file number."""


class HoldBody(Said):
    """A legal hold."""

    id: str
    kind: HoldKind
    target: str
    reason: str
    authority: str
    reference: str
    state: HoldState
    set_by: str
    set_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None
    lift_reason: str | None


class HoldPage(Said):
    """Legal holds, in the order in which they were set."""

    data: list[HoldBody]
    next: str | None


class LiftWanted(Asking):
    """Why a hold ends."""

    reason: Reason


class RetentionTerm(Said):
    """A term of the law that decided one of the two days."""

    bound: Literal["keep", "erase"]
    day: date
    """Kept through this day, or erased by it."""
    years: int
    runs_from: Literal["transaction", "relationship_end", "year_end"]
    jurisdiction: str
    name: str
    """Of the parameter, or of the rule."""
    source: str
    at: str
    confidence: Literal["A", "B", "C", "R"]


class DueSubject(Said):
    """A payer whose records may go, all together."""

    subject: str
    state: Literal["may", "must"]
    """must: a law says that they go, and none asks for them."""
    last_decision_at: datetime
    records: Annotated[int, Field(ge=0)]
    keep_through: date
    """The last day on which something asked for one of them."""
    erase_by: date | None
    """The day by which a law wants one of them gone."""
    law: list[RetentionTerm]
    conflicts: list[str]
    """Terms that erase before another one lets go: the one that keeps wins."""
    by_policy: bool
    """The house's own years stand for a law that is not known (`LEXGATE_RETENTION_YEARS`)."""
    ended_by_policy: bool
    """The relationship counts as ended by the house's own word (`LEXGATE_RETENTION_DORMANT_YEARS`)."""
    unverified: bool
    """A day stands on one secondary source, or on memory, alone."""
    holds: list[str]
    """Legal holds that stand over it: nothing is erased."""


class DuePage(Said):
    """What may be erased today."""

    today: date
    release: str
    """The law that was asked."""
    runs: bool
    """Whether the service erases by itself (`LEXGATE_RETENTION=on`)."""
    eraser: bool
    """Whether there is anything here that erases."""
    data: list[DueSubject]
    counted: dict[str, int]
    """Payers that this look has seen, by what may be done: keep, unknown, may, must, held, erased."""
    next: str | None
    """Send as `after` for the next page; null: nothing more is old enough."""
