"""Drafts, approvals and releases as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from api.case_schemas import Reason
from api.routes.decisions import no_nul
from api.schemas import CALLER_PATTERN, Said
from engine.drafting import ActivationKind
from engine.packs.model import DOMAINS
from engine.wire import Instant

FILE_PATTERN: Final = (
    r"^([A-Z][A-Z0-9-]{0,39}/([a-z_0-9-]{1,60}/)?[a-z_0-9-]{1,60}\.yaml|messages/[A-Za-z_]{2,20}\.po"
    r"|regions/[a-z_0-9-]{1,40}\.csv|house/demoted\.yaml)$"
)
"""The path of a file of a release."""
Title = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=200, strip_whitespace=True),
    AfterValidator(no_nul),
]
Digest = Annotated[str, StringConstraints(strict=True, pattern=r"^sha256:[0-9a-f]{64}$")]
Standing = Literal["draft", "checked", "submitted", "approved", "scheduled", "active", "superseded", "withdrawn"]
Quorum = Annotated[int, Field(strict=True, ge=1, le=9)]


class Asking(BaseModel):
    """A body that is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Opening(Asking):
    """A new draft."""

    title: Title
    base: Digest | None = None
    """The release it changes; default: the one in force."""


class Writing(Asking):
    """A file, whole."""

    text: Annotated[str, StringConstraints(strict=True, max_length=1_000_000), AfterValidator(no_nul)]


class Because(Asking):
    """What somebody does, and why."""

    reason: Reason


class Agreeing(Asking):
    """Agreement with what was looked at."""

    content: Digest
    """`content` of the draft, as it was read: of anything else nobody approves."""
    reason: Reason
    signature: Annotated[str, StringConstraints(strict=True, max_length=200)] | None = None
    """Base64 of the approver's own Ed25519 signature of the statement of approval; needs a registered key."""


class Rebasing(Asking):
    """Upon which release a draft is brought."""

    onto: Digest | None = None
    """Default: the one in force."""


class SigningKeyAsked(Asking):
    """A public key to be registered."""

    public_key: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
    """The 32 bytes of an Ed25519 public key, as hexadecimal digits."""


class SigningKeyBody(Said):
    """The public key that approvals of an API key are verified with."""

    holder: str
    public_key: str


class Breaking(Asking):
    """What goes in force at once without anybody's approval."""

    content: Digest
    reason: Reason


class Scheduling(Asking):
    """From when on it is in force."""

    active_from: Instant
    reason: Reason


class PolicyAsked(Asking):
    """Who must approve changes to a domain."""

    required: Quorum = 1
    """How many persons."""
    statute_required: Annotated[int, Field(strict=True, ge=2, le=9)] = 2
    """How many where what a statute says changes."""
    roles: dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")],
        Annotated[list[Annotated[str, StringConstraints(pattern=CALLER_PATTERN)]], Field(min_length=1, max_length=50)],
    ] = {}
    """Role -> the keys that hold it; one of each role must be among those who approve. Empty: anybody who may approve."""


class DraftFileBody(Said):
    """A file that a draft changes."""

    path: str
    change: Literal["added", "changed", "removed", "same"]
    editor: str
    etag: str | None


class ConflictBody(Said):
    """An entry that two sides changed in different ways, in all three versions. null: it is not there."""

    number: int
    """The marks in the file say it."""
    file: str
    path: str
    """Of the entry in its file; empty: the whole file."""
    base: str | None
    """As both sides had it."""
    ours: str | None
    """As the house, or the draft, has it."""
    theirs: str | None
    """As what came with the software, or the release in force, has it."""
    stands: bool
    """Whether its marks stand in the draft still: while they do, it cannot be submitted."""
    line: int | None
    """Of the last of its marks."""
    said: str


class ConflictPage(Said):
    """What the last merge of a draft could not settle."""

    data: list[ConflictBody]


class UpgradeBody(Said):
    """What came with the software, and waits for persons to put it in force."""

    shipped: str
    """Digest of it."""
    version: str
    upstream: str
    """Digest of what came with the software that the law in force was made of."""
    in_force: str
    draft: str | None
    """The newest draft of the upgrade."""
    state: Standing | None
    conflicts: list[ConflictBody]


class UpgradePage(Said):
    """Whether an upgrade waits."""

    waits: bool
    upgrade: UpgradeBody | None


class DraftBody(Said):
    """A draft as it stands."""

    id: str
    title: str
    state: Standing
    number: int
    """Of its last event."""
    base: str
    content: str | None
    """The digest of the release that it would become; known since it was checked."""
    author: str
    editors: list[str]
    """Whoever wrote any of it; none of them approves it."""
    domains: list[str]
    statute: bool | None
    """Whether what a statute says changes; null: it was not checked yet."""
    required: int | None
    approvals: list[str]
    roles: list[str]
    """`domain:role` that must be among those who approve."""
    active_from: datetime | None
    emergency: bool
    """It went in force by broken glass."""
    reviewed_by: str | None
    follows: str
    """Digest of the release that must be in force when it begins to be: its base, unless it is an upgrade."""
    rolls_back_to: str | None
    """Digest of the release that `rollback` would put in force; null: it is not in force, or nothing was before it."""
    created_at: datetime
    updated_at: datetime
    possible: list[str]
    """What may be done now, by somebody who may."""
    files: list[DraftFileBody]


class DraftSummary(Said):
    """A draft in a list."""

    id: str
    title: str
    state: Standing
    author: str
    editors: list[str]
    """Whoever wrote any of it; none of them approves it."""
    content: str | None
    domains: list[str]
    statute: bool | None
    """Whether what a statute says changes; null: it was not checked yet."""
    required: int | None
    approvals: list[str]
    roles: list[str]
    active_from: datetime | None
    emergency: bool
    reviewed_by: str | None
    created_at: datetime
    updated_at: datetime
    possible: list[str]
    """What may be done now, by somebody who may."""


class DraftPage(Said):
    """Drafts in the order in which they were opened, or against it."""

    data: list[DraftSummary]
    next: str | None


class FileBody(Said):
    """A file as the draft has it."""

    path: str
    text: str
    etag: str
    """Send as `If-Match` to write it."""
    changed: bool
    base_text: str | None
    """As the base has it; null: it has no such file."""


class FileVersion(Said):
    """A version of a file in a draft."""

    number: int
    editor: str
    text: str | None
    etag: str | None
    """What it was read under; null: the file was taken out."""


class FileHistory(Said):
    """Every version that was written, the first one first: nothing is lost."""

    path: str
    versions: list[FileVersion]


class ProblemFound(Said):
    """What the checker says, with its place and its remedy."""

    code: str
    severity: Literal["error", "warning"]
    file: str
    line: int
    column: int
    message: str
    remedy: str


class CheckBody(Said):
    """What a check found. `ok`: nothing is refused, and the draft may be submitted."""

    ok: bool
    problems: list[ProblemFound]
    tests: int
    """Embedded tests that were run."""
    changes: list[dict[str, Any]]
    """What changes, by stable ids."""
    draft: DraftBody


class DraftEventBody(Said):
    """One event of a draft."""

    number: int
    event: str
    at: datetime
    recorded_at: datetime
    actor: str
    from_: Annotated[str | None, Field(alias="from")]
    to: str
    content: str | None
    details: dict[str, Any]


class DraftHistory(Said):
    """Every event, the first one first."""

    data: list[DraftEventBody]


class PolicyBody(Said):
    """Who must approve changes to a domain."""

    domain: str
    required: int
    statute_required: int
    roles: dict[str, list[str]]
    laid_down_by: str


class PolicyPage(Said):
    """Of every domain."""

    data: list[PolicyBody]


class ActivationBody(Said):
    """From an instant on, a release is in force."""

    number: int
    """Of it in the chain."""
    release: str
    active_from: datetime
    kind: ActivationKind
    actor: str
    recorded_at: datetime
    draft: str | None
    reason: str
    cancelled: bool


class ActivationPage(Said):
    """The newest first."""

    in_force: str
    """Digest of the release that is in force now."""
    data: list[ActivationBody]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


DOMAIN_PATTERN = "^(" + "|".join(DOMAINS) + ")$"
