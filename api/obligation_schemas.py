"""Obligations as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.routes.decisions import no_nul
from api.schemas import Said
from engine.ledger import Ending
from engine.wire import Instant


class End(BaseModel):
    """How an obligation ended."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    outcome: Ending
    at: Instant | None = None
    """When; default: now."""
    note: Annotated[str, Field(max_length=2000), AfterValidator(no_nul)] | None = None
    """The number of the report, or why it need not be done. No personal data."""


class EndedBody(Said):
    """That it ended is on disk."""

    id: str
    ended: Ending
    at: datetime
    note: str | None


class Ended(Said):
    """How, when, by whose key and why."""

    outcome: Ending
    at: datetime
    by: str | None
    note: str | None


class ObligationBody(Said):
    """What a decision asked somebody to do."""

    id: str
    """The decision's id and the place in its list."""
    decision: str
    reference: str | None
    """The caller's own id of the payment."""
    code: str
    domain: str
    who: str
    due: str | None
    """An instant, a day, or the law's own words."""
    overdue: bool
    """Its instant is past, or its day is over in UTC, and it has not ended."""
    executed: bool | None
    """Whether the payment was authorised or captured; null: nothing was told of it. A report of what never happened may lapse;
    one of a suspicion does not."""
    message: str
    decided_at: datetime
    ended: Ended | None


class ObligationPage(Said):
    """A slice of a list."""

    data: list[ObligationBody]
    next: str | None
