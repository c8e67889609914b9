"""What the service answers besides decisions, for FastAPI and its document; and the problems each route can give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from api.problems import MEDIA_TYPE
from engine.decision import DecisionBody
from engine.history import EventKind
from engine.wire import Instant, Open

CALLER_PATTERN: Final = r"^(key_[0-9a-f]{1,64}|per_[0-9a-z]{1,40})$"
"""The id of whoever calls: a key's or a person's."""


class Said(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class FaultBody(Said):
    """One thing wrong with a request. Either `pointer` or `parameter` says where."""

    pointer: str | None = None
    """JSON Pointer (RFC 6901) into the body; empty: the body as a whole."""
    parameter: str | None = None
    """Name of a query parameter, path parameter or header."""
    code: str
    """Stable."""
    message: str


class ProblemBody(Said):
    """A refusal (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:lexgate:problem:body_refused"])]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: str | None = None
    request_id: str | None = None
    line: int | None = None
    """In a batch: the line, counted from 1."""
    errors: list[FaultBody] | None = None
    """Every fault at once."""


class Event(BaseModel):
    """What became of a payment after it was decided."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: EventKind
    at: Instant | None = None
    """When it happened; default: now."""
    details: Open | None = None
    """Whatever should be kept with it. No card data."""


class EventBody(Said):
    """An event that is on disk."""

    decision: str
    kind: EventKind
    at: datetime


class Difference(Said):
    """Where two answers differ."""

    pointer: str
    was: Any
    now: Any


class ReplayBody(Said):
    """The same question again."""

    id: str
    identical: bool
    """The same bytes."""
    release: str
    legal_day: date | None
    """The day whose law was asked for, if not the payment's own."""
    differences: list[Difference]
    decision: DecisionBody
    """The answer as it is now. It is not stored."""


class DecisionPage(Said):
    """Decisions, the newest first."""

    data: list[DecisionBody]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


class ReleaseBody(Said):
    """A release of the law that is kept here."""

    digest: str
    version: str
    kept_at: datetime
    activated_at: datetime | None
    """Since when it was first in force, or will be; null: it was not put in force yet."""
    current: bool


class ReleasePage(Said):
    """Releases, the newest first."""

    data: list[ReleaseBody]
    next: str | None


class ReleaseFile(Said):
    """A file of a release."""

    path: str
    sha256: str
    bytes: int


class ReleaseDetail(ReleaseBody):
    """A release with what is in it."""

    files: list[ReleaseFile]


class HealthBody(Said):
    """The process lives."""

    status: Annotated[str, Field(examples=["ok"])]


class ReadyBody(Said):
    """Decisions can be made and stored."""

    status: Annotated[str, Field(examples=["ready"])]
    release: str
    jurisdictions: int
    rates_until: date | None
    """The newest exchange rate."""
    upgrade: str | None = None
    """The version of what came with the software, while it waits for persons to put it in force."""


_PROBLEM: Final = {"$ref": "#/components/schemas/ProblemBody"}
_WORDS: Final = {
    401: "No API key, or one that is not known",
    403: "The API key lacks the scope",
    404: "Nothing of that name",
    408: "The body did not come in time",
    409: "The first request with this idempotency key is still running, or what is asked for cannot be done any more",
    410: "Whom it was about was erased",
    412: "It is not any more what was read",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "The request cannot be accepted; `errors` names every fault",
    428: "It must be said what was read",
    429: "Asked too often, or tried; nobody is heard before `Retry-After` seconds are over",
    503: "Nothing was stored, or `too_slow`: it is not known; try again after `Retry-After` seconds",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems a route can answer with, for its `responses`."""
    return {
        status: {"description": _WORDS[status], "content": {MEDIA_TYPE: {"schema": _PROBLEM}}} for status in statuses
    }


READS: Final = problems(401, 403, 429, 503)
WRITES: Final = problems(401, 403, 408, 409, 413, 415, 422, 429, 503)
