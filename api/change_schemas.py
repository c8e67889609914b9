"""Changes of the law as they are asked for and answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.case_schemas import Reason
from api.draft_schemas import DraftBody, ProblemFound
from api.schemas import CALLER_PATTERN, Said

CHANGE_PATTERN: Final = r"^chg_[0-9]{12}$"
Status = Literal[
    "announced", "consultation", "adopted", "in_force_scheduled", "in_force", "postponed", "withdrawn", "guidance",
    "enforcement", "irrelevant",
]  # fmt: skip
State = Literal["new", "assigned", "drafted", "dismissed", "merged", "done", "superseded", "irrelevant"]
KeyId = Annotated[str, StringConstraints(strict=True, pattern=CALLER_PATTERN)]


class Asking(BaseModel):
    """A body that is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Assigning(Asking):
    """Who is to work on it."""

    assignee: KeyId | None = None
    """The id of a key; null: nobody. Left out: whoever asks."""
    reason: Reason | None = None
    """Needed where another person has it."""


class Merging(Asking):
    """The same as another one."""

    into: Annotated[str, StringConstraints(strict=True, pattern=CHANGE_PATTERN)]
    reason: Reason


class DraftingAsked(Asking):
    """A draft of a rulepack is to be made of it."""

    title: (
        Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200, strip_whitespace=True)] | None
    ) = None
    """Of the draft; default: the change's own."""


class ChangeEvidenceBody(Said):
    """What is said with a number, and the sentence that says it."""

    says: str
    sentence: str


class ChangeSummary(Said):
    """A change in a list."""

    id: str
    number: int
    """Of its last step: send it as `?number=` to be refused where the change has moved since. 0: held to be none."""
    state: State
    title: str
    status: Status
    jurisdiction: str
    domains: list[str]
    change: str
    effective: date | None
    """The first day on which it must be followed, where the text tells it."""
    draftable: bool
    source: str
    publisher: str
    confidence: Literal["B", "C"]
    """`B`: two publishers say the same."""
    assignee: str | None
    draft: str | None
    merged_into: str | None
    corrects: str | None
    """The change that this one mends or takes back."""
    relevance: float | None
    """How sure the reader is that it is a change, of 1; told of what it held to be none."""
    opened_at: datetime
    updated_at: datetime


class ChangePage(Said):
    """A slice of a list."""

    data: list[ChangeSummary]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


class ChangeSpanBody(Said):
    """A piece of the text that something stands on: `text[start:end]`, counted in characters."""

    start: int
    end: int
    what: str
    """`status`, `pair`, `number`, `instrument`, `regulator`, `place`, `clause`, `corrects`, or `date.` and its role."""
    quote: str


class PublicationBody(Said):
    """What was published, and where."""

    change: str
    item: int
    """The number of this version of the publication."""
    source: str
    publisher: str
    link: str | None
    published_at: datetime | None
    kept_at: datetime
    digest: str
    """Of what it says."""
    document: str
    """Digest of the document as it came."""


class ChangeReadingBody(Said):
    """Which reader read it."""

    number: int
    reader: str
    release: str
    """Digest of the law that it was linked with."""
    at: datetime
    relevance: float


class ChangeStepBody(Said):
    """One step of a change."""

    number: int
    step: str
    at: datetime
    actor: str
    """The id of a key, or `system`."""
    reason: str
    from_: Annotated[State | None, Field(alias="from")]
    to: State
    release: str
    details: dict[str, Any]


class ChangeBody(ChangeSummary):
    """A change, whole."""

    possible: list[str]
    """What may be done now."""
    undraftable: list[str]
    """Why no draft can be made of it; empty: one can."""
    evidence: list[ChangeEvidenceBody]
    text: str
    """What was published: title, a line feed, text."""
    spans: list[ChangeSpanBody]
    """What of it something stands on, in its order."""
    publications: list[PublicationBody]
    """Its own first, then those of the changes that were merged into it."""
    reading: dict[str, Any]
    """All that was read: status, topics, places, instruments, pairs, dates."""
    links: list[dict[str, Any]]
    """Rows of the law that it would change, best first, each with its reasons."""
    proposals: list[dict[str, Any]]
    impact: dict[str, Any] | None
    readings: list[ChangeReadingBody]
    """Every reading of this version, the first one first."""
    history: list[ChangeStepBody]


class DraftedChangeBody(Said):
    """The draft that was made of a change."""

    change: ChangeBody
    draft: DraftBody
    ok: bool
    """Whether its check refuses nothing: lint, embedded tests, cases."""
    problems: list[ProblemFound]
