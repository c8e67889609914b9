"""The life of a case as a table: which event leads where, and who may bring it about. What is not in it does not happen.

1 submission     draft, submitted, documents_missing
2 automatic      auto_review, auto_passed, auto_flagged, auto_rejected
3 by a person    in_review, info_requested, escalated, approved, rejected
4 in service     activating, active, active_limited, suspended, terminated
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple


class State(StrEnum):
    """Where a case stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DOCUMENTS_MISSING = "documents_missing"
    AUTO_REVIEW = "auto_review"
    AUTO_PASSED = "auto_passed"
    AUTO_FLAGGED = "auto_flagged"
    AUTO_REJECTED = "auto_rejected"
    """A formal fault or a ban of law, of somebody who never was in service. Final."""
    IN_REVIEW = "in_review"
    INFO_REQUESTED = "info_requested"
    ESCALATED = "escalated"
    """Held: a list may name somebody, or an officer passed it on. Two persons decide."""
    APPROVED = "approved"
    REJECTED = "rejected"
    """By a person. Final."""
    ACTIVATING = "activating"
    ACTIVE = "active"
    ACTIVE_LIMITED = "active_limited"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    """Ended. Final."""


class Stage(StrEnum):
    """The same in the six words of the interface. `active` is said of nobody who may not trade yet."""

    SUBMITTED = "submitted"
    AUTOMATIC_REVIEW = "automatic_review"
    MANUAL_REVIEW = "manual_review"
    ACTIVE = "active"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class Trading(StrEnum):
    """Whether payments may be taken for a merchant on a day."""

    NONE = "none"
    LIMITED = "limited"
    FULL = "full"


class Who(StrEnum):
    """Who may bring an event about."""

    SUBMITTER = "submitter"
    OFFICER = "officer"
    """Never one who handed something in, but to stop or to ask."""
    MACHINE = "machine"


MACHINE: Final = "system"
"""The actor of what nobody did."""

S = State
STAGES: Final = {
    S.DRAFT: Stage.SUBMITTED,
    S.SUBMITTED: Stage.SUBMITTED,
    S.DOCUMENTS_MISSING: Stage.SUBMITTED,
    S.AUTO_REVIEW: Stage.AUTOMATIC_REVIEW,
    S.AUTO_PASSED: Stage.AUTOMATIC_REVIEW,
    S.AUTO_FLAGGED: Stage.AUTOMATIC_REVIEW,
    S.AUTO_REJECTED: Stage.REFUSED,
    S.IN_REVIEW: Stage.MANUAL_REVIEW,
    S.INFO_REQUESTED: Stage.MANUAL_REVIEW,
    S.ESCALATED: Stage.MANUAL_REVIEW,
    S.APPROVED: Stage.MANUAL_REVIEW,
    S.REJECTED: Stage.REFUSED,
    S.ACTIVATING: Stage.MANUAL_REVIEW,
    S.ACTIVE: Stage.ACTIVE,
    S.ACTIVE_LIMITED: Stage.ACTIVE,
    S.SUSPENDED: Stage.SUSPENDED,
    S.TERMINATED: Stage.REFUSED,
}
FINAL: Final = frozenset({S.AUTO_REJECTED, S.REJECTED, S.TERMINATED})
PASSING: Final = frozenset({S.SUBMITTED, S.AUTO_REVIEW, S.AUTO_PASSED, S.AUTO_FLAGGED, S.APPROVED})
"""Where no case is found at rest: the machine goes on at once."""
IN_SERVICE: Final = frozenset({S.ACTIVE, S.ACTIVE_LIMITED})
BY_A_PERSON: Final = frozenset({S.IN_REVIEW, S.ESCALATED})


class Row(NamedTuple):
    """One line of the table."""

    before: State | None
    event: str
    after: State
    who: Who
    guard: str = ""
    """What must hold besides, for readers; `life` keeps it."""


def _rows(befores: Iterable[State], event: str, after: State | None, who: Who, guard: str = "") -> list[Row]:
    """The same event from several states; `after` None: it stays where it is."""
    return [Row(before, event, before if after is None else after, who, guard) for before in befores]


_HANDED_IN: Final = (S.DRAFT, S.ESCALATED, S.SUSPENDED, S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED)
_REOPENED: Final = (S.DOCUMENTS_MISSING, S.IN_REVIEW, S.INFO_REQUESTED, S.ACTIVATING)
"""Where a case rests that was in service and is looked at again."""
_SERVED: Final = "was in service"

TABLE: Final[tuple[Row, ...]] = (
    Row(None, "created", S.DRAFT, Who.SUBMITTER),
    # What is handed in while somebody decides begins anew; what is held stays held.
    *_rows((S.DRAFT, S.DOCUMENTS_MISSING, S.INFO_REQUESTED, S.IN_REVIEW), "submitted", S.SUBMITTED, Who.SUBMITTER),
    *_rows(_HANDED_IN, "changed", None, Who.SUBMITTER, "in service: nothing material"),
    *_rows(_HANDED_IN, "documents_added", None, Who.SUBMITTER),
    *_rows((S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED), "materially_changed", S.AUTO_REVIEW, Who.SUBMITTER,
           "owner, director, account, category, country or name"),
    Row(S.SUBMITTED, "documents_missing", S.DOCUMENTS_MISSING, Who.MACHINE, "something is missing"),
    Row(S.SUBMITTED, "documents_complete", S.AUTO_REVIEW, Who.MACHINE, "nothing is missing"),
    Row(S.AUTO_REVIEW, "passed", S.AUTO_PASSED, Who.MACHINE, "every check passed, low risk, nothing held"),
    Row(S.AUTO_REVIEW, "flagged", S.AUTO_FLAGGED, Who.MACHINE),
    Row(S.AUTO_REVIEW, "failed", S.AUTO_REJECTED, Who.MACHINE, "formal fault or ban, never in service, no list hit"),
    Row(S.AUTO_REVIEW, "held", S.ESCALATED, Who.MACHINE, "a list hit, or held before"),
    Row(S.AUTO_PASSED, "sampled", S.IN_REVIEW, Who.MACHINE, "drawn by its id"),
    Row(S.AUTO_PASSED, "approved", S.APPROVED, Who.MACHINE, "not drawn, low risk"),
    Row(S.AUTO_FLAGGED, "assigned", S.IN_REVIEW, Who.MACHINE),
    *_rows(BY_A_PERSON, "first_approved", None, Who.OFFICER, "high risk, nobody approved yet"),
    *_rows(BY_A_PERSON, "approved", S.APPROVED, Who.OFFICER, "high risk: by a second person"),
    *_rows((S.IN_REVIEW, S.ESCALATED, S.INFO_REQUESTED), "rejected", S.REJECTED, Who.OFFICER),
    *_rows(BY_A_PERSON, "information_requested", S.INFO_REQUESTED, Who.OFFICER),
    *_rows((S.IN_REVIEW, S.INFO_REQUESTED), "escalated", S.ESCALATED, Who.OFFICER),
    *_rows((S.IN_REVIEW, S.INFO_REQUESTED, S.ACTIVATING), "list_hit", S.ESCALATED, Who.MACHINE, "was never in service"),
    Row(S.APPROVED, "activation_begun", S.ACTIVATING, Who.MACHINE),
    *_rows((S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED), "activated", S.ACTIVE, Who.OFFICER, "all conditions stand"),
    *_rows((S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED), "activated", S.ACTIVE_LIMITED, Who.OFFICER,
           "all conditions stand, within limits"),
    *_rows((S.ACTIVE, S.ACTIVE_LIMITED), "document_expired", S.INFO_REQUESTED, Who.MACHINE),
    *_rows((S.ACTIVE, S.ACTIVE_LIMITED), "review_due", S.AUTO_REVIEW, Who.MACHINE),
    *_rows(_REOPENED, "grace_over", S.SUSPENDED, Who.MACHINE, _SERVED),
    *_rows((*_REOPENED, S.ACTIVE, S.ACTIVE_LIMITED), "list_hit", S.SUSPENDED, Who.MACHINE, _SERVED),
    *_rows((S.ESCALATED, S.SUSPENDED), "list_hit", None, Who.MACHINE, "what was approved of it is void"),
    *_rows((S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED), "suspended", S.SUSPENDED, Who.OFFICER),
    *_rows((S.DOCUMENTS_MISSING, S.IN_REVIEW, S.INFO_REQUESTED, S.ESCALATED), "suspended", S.SUSPENDED, Who.OFFICER, _SERVED),
    # Back into service leads through every stage again: nothing skips.
    Row(S.SUSPENDED, "reinstated", S.AUTO_REVIEW, Who.OFFICER),
    *_rows((S.DRAFT, S.DOCUMENTS_MISSING, S.INFO_REQUESTED, S.ACTIVATING, S.ACTIVE, S.ACTIVE_LIMITED, S.SUSPENDED),
           "terminated", S.TERMINATED, Who.OFFICER),
)  # fmt: skip

DECISIONS: Final = {
    "approve": ("first_approved", "approved"),
    "reject": ("rejected",),
    "request_information": ("information_requested",),
    "escalate": ("escalated",),
    "activate": ("activated",),
    "suspend": ("suspended",),
    "reinstate": ("reinstated",),
    "terminate": ("terminated",),
}
"""What an officer may say -> the events it may become."""
CAUTIOUS: Final = frozenset({"suspended", "escalated", "information_requested"})
"""What makes nothing milder: whoever sees a reason may do it at once."""
_KNOWN: Final = frozenset((row.before, row.event, row.after, row.who) for row in TABLE)


def allowed(before: State | None, event: str, after: State, who: Who) -> bool:
    """Whether the table has such a line. Its guard is not looked at."""
    return (before, event, after, who) in _KNOWN


def possible(state: State, was_active: bool) -> list[str]:
    """What an officer may decide here, in the order of `DECISIONS`."""
    events = {
        row.event
        for row in TABLE
        if row.before is state and row.who is Who.OFFICER and (was_active or row.guard != _SERVED)
    }
    return [name for name, becomes in DECISIONS.items() if events & set(becomes)]
