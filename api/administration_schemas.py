"""Webhooks, feeds and verifications as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.routes.decisions import no_nul
from api.schemas import Said
from engine.ledger import AttemptOutcome, DeliveryState

Line = Annotated[
    str,
    StringConstraints(strict=True, max_length=500, pattern=r"^[^\r\n]*$", strip_whitespace=True),
    AfterValidator(no_nul),
]


class DestinationBody(Said):
    """Where alerts go."""

    name: str
    kind: Literal["webhook", "email"]
    address: str
    """A webhook's host, or a mailbox; never a path, which may hold a secret."""
    known_at: datetime
    off_at: datetime | None
    """Since when nothing is sent there; null: it is."""
    why: str
    waiting: int
    delivered: int
    dead: int
    failed_attempts: int
    oldest_waiting: datetime | None


class DestinationPage(Said):
    """All destinations that there ever were."""

    data: list[DestinationBody]
    next: None


class DeliveryBody(Said):
    """An alert for a destination."""

    id: str
    alert: str
    destination: str
    state: DeliveryState
    tries: int
    queued_at: datetime
    next_at: datetime | None
    """When it is tried again; null: it is not."""
    ended_at: datetime | None


class DeliveryPage(Said):
    """Deliveries, those queued last first."""

    data: list[DeliveryBody]
    next: str | None


class AttemptBody(Said):
    """An attempt to deliver."""

    number: int
    at: datetime
    outcome: AttemptOutcome
    status: int | None
    """Of HTTP; null: there was no answer, or it was no HTTP."""
    milliseconds: int
    detail: str


class DeliveryShown(DeliveryBody):
    """A delivery with every attempt."""

    attempts: list[AttemptBody]


class FeedBody(Said):
    """A source, and how it was last asked."""

    id: str
    jurisdiction: str
    regulator: str
    url: str
    form: Literal["feed", "links", "page", "listing", "records"]
    topics: list[str]
    own: bool
    """Whether the house has added it."""
    state: Literal["never", "fresh", "silent", "failing", "moved"]
    """`never`: not asked yet; `silent`: nothing new for longer than is usual for it; `failing`: the last try gave nothing."""
    answered_at: datetime | None
    new_at: datetime | None
    next_at: datetime | None
    failures: int
    fault: str
    moved_to: str


class FeedPage(Said):
    """Sources that are watched; those that need somebody first."""

    data: list[FeedBody]
    next: str | None


class FeedWanted(BaseModel):
    """A source to be watched, as a line of the directory."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{2,5}-[a-z0-9]{1,20}-\d{1,3}$")]
    """Jurisdiction, a short name, a number: `de-bafin-9`."""
    jurisdiction: Line
    """ISO 3166-1 or -2, `EU`, `EEA`, `UN`, `INT`."""
    regulator: Line
    url: Line
    topics: Annotated[list[Line], Field(min_length=1, max_length=9)]
    form: Literal["feed", "links", "page", "listing", "records"] = "feed"
    language: Annotated[str, StringConstraints(strict=True, pattern=r"^([a-z]{2})?$")] = ""
    every_hours: Annotated[int, Field(strict=True, ge=1, le=744)] = 6
    silent_days: Annotated[int, Field(strict=True, ge=1, le=3650)] = 45
    how: Line = ""
    """Of a listing or of records: where things are."""
    note: Line = ""


class HeadBody(Said):
    """A place in the chain."""

    seq: int
    hash: str


class BadRowBody(Said):
    """The first row that is not what was written."""

    seq: int
    table: str
    what: str


class VerificationBody(Said):
    """A walk along the chain."""

    id: str
    state: Literal["running", "whole", "broken", "failed"]
    by: str
    started_at: datetime
    ended_at: datetime | None
    rows: int
    """Checked so far."""
    of: int
    """That there were; nought: not known yet."""
    head: HeadBody | None
    """Up to where the chain is whole: keep it outside the ledger."""
    first_bad: BadRowBody | None


class VerificationPage(Said):
    """The walks of this process since its start, the newest first."""

    data: list[VerificationBody]
    next: None
