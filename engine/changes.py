"""The life of a change of the law that was read of a publication: from what a machine found to a draft of a person's.

    new -> assigned        somebody has taken it on
    new, assigned -> drafted     a draft of a rulepack was made of it; only of adopted law
                  -> dismissed   with a reason
                  -> merged      the same as another one
                  -> superseded  its own publication was mended: the change of the later version stands for it
    drafted -> done        the draft is in force
            -> assigned    the draft was withdrawn
    dismissed, merged, superseded, done -> new, assigned   looked at again, with a reason

What the machine reads never moves what a person has decided on: it adds a step that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

MACHINE: Final = "system"
PREFIX: Final = "chg_"
LAW: Final = frozenset(("adopted", "in_force_scheduled", "in_force"))
"""Statuses of law that is made. Nothing else becomes a draft."""
TAKEN_BACK: Final = frozenset(("withdrawn", "postponed"))
Told = Mapping[str, Any]
NOTHING: Final[Told] = MappingProxyType({})


class ChangeState(StrEnum):
    """Where a change stands."""

    NEW = "new"
    ASSIGNED = "assigned"
    DRAFTED = "drafted"
    DISMISSED = "dismissed"
    MERGED = "merged"
    DONE = "done"
    SUPERSEDED = "superseded"


OPEN: Final = (ChangeState.NEW, ChangeState.ASSIGNED)
"""Where somebody is still to do something about it."""
_AGAIN: Final = (ChangeState.DISMISSED, ChangeState.MERGED, ChangeState.SUPERSEDED, ChangeState.DONE)
_POSSIBLE: Final[Mapping[ChangeState, tuple[str, ...]]] = {
    ChangeState.NEW: ("assign", "comment", "dismiss", "merge", "draft"),
    ChangeState.ASSIGNED: ("assign", "comment", "dismiss", "merge", "draft"),
    ChangeState.DRAFTED: ("comment",),
    **dict.fromkeys(_AGAIN, ("comment", "reopen")),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is said with a number, and the sentence of the publication that says it."""

    says: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """What of a reading a change is found and worked by."""

    title: str
    status: str
    """As `ingest.read.model.Status`."""
    jurisdiction: str
    domains: tuple[str, ...]
    change: str
    """As `ingest.read.model.ChangeType`."""
    effective: date | None
    """The first day on which it must be followed; None: not told."""
    draftable: bool
    """Whether a value of a rulepack is proposed."""
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_law(self) -> bool:
        """Whether it is made."""
        return self.status in LAW


@dataclass(frozen=True, slots=True)
class LawChange:
    """A change as its last step leaves it."""

    id: str
    number: int
    """Of its last step, from 1."""
    state: ChangeState
    item: int
    """The version of the publication that it was read of. Each is of one change at most."""
    reading: int
    """The reading that it stands on."""
    source: str
    publisher: str
    """Whose publication it is."""
    read: Read
    confidence: str
    """`B`: two publishers say the same; else `C`."""
    opened_at: datetime
    updated_at: datetime
    assignee: str | None = None
    draft: str | None = None
    merged_into: str | None = None
    corrects: str | None = None
    """The change that this one mends or takes back."""


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """One step of a change, and the change after it."""

    kind: str
    actor: str
    before: ChangeState | None
    change: LawChange
    reason: str = ""
    details: Told = field(default_factory=lambda: NOTHING)


class ChangeRefused(ValueError):
    """What is asked for is not done where the change stands. The message says why, and what is possible."""


def index_of(read: Read) -> dict[str, Any]:
    """What is indexed of a reading, JSON-ready."""
    effective = None if read.effective is None else read.effective.isoformat()
    return {
        "title": read.title, "status": read.status, "jurisdiction": read.jurisdiction, "domains": list(read.domains),
        "change": read.change, "effective": effective, "draftable": read.draftable,
        "evidence": [[one.says, one.sentence] for one in read.evidence],
    }  # fmt: skip


def read_of(index: Mapping[str, Any]) -> Read:
    """The inverse of `index_of`."""
    effective = index["effective"]
    return Read(
        index["title"], index["status"], index["jurisdiction"], tuple(index["domains"]), index["change"],
        None if effective is None else date.fromisoformat(effective), index["draftable"],
        tuple(Evidence(*one) for one in index["evidence"]),
    )  # fmt: skip


def change_id(item: int) -> str:
    """The name of the change of a version of a publication, whether there is one yet or not. They sort as the versions do."""
    return f"{PREFIX}{item:012d}"


def item_of(name: str) -> int | None:
    """The inverse of `change_id`; None for what is no such name."""
    number = name.removeprefix(PREFIX)
    return int(number) if len(number) == 12 and number.isascii() and number.isdigit() else None


def possible(change: LawChange) -> list[str]:
    """What a person may do now."""
    steps = _POSSIBLE[change.state]
    return [one for one in steps if one != "draft" or (change.read.draftable and change.read.is_law)]


# -- what the machine does ----------------------------------------------------------------------------------------------


def found(change: LawChange, details: Told = NOTHING) -> ChangeStep:
    """The first step of a change that was read."""
    return ChangeStep("found", MACHINE, None, change, "", details)


def joined(first: LawChange, other: LawChange, at: datetime) -> ChangeStep:
    """Another publication says the same. By two publishers it is surer."""
    surer = "B" if other.publisher != first.publisher else first.confidence
    told = {"change": other.id, "source": other.source, "publisher": other.publisher}
    return _step("joined", MACHINE, first, replace(first, confidence=surer), at, "", told)


def parted(first: LawChange, other: LawChange, publishers: frozenset[str], at: datetime) -> ChangeStep:
    """What was merged into it is looked at by itself again. `publishers`: of those that are left, its own among them."""
    after = replace(first, confidence="B" if len(publishers) > 1 else "C")
    return _step("parted", MACHINE, first, after, at, "", {"change": other.id})


def merged_alike(change: LawChange, first: LawChange, at: datetime) -> ChangeStep:
    """The same as a change that is there already, in nearly the same words."""
    after = replace(change, state=ChangeState.MERGED, merged_into=first.id)
    return _step("merged_alike", MACHINE, change, after, at, "", {"into": first.id})


def superseded(former: LawChange, by: LawChange, at: datetime) -> ChangeStep:
    """A later version of its own publication takes its place, where nobody has made anything of it."""
    after = replace(former, state=ChangeState.SUPERSEDED)
    return _step("superseded", MACHINE, former, after, at, "", {"by": by.id, "status": by.read.status})


def corrected(former: LawChange, told: Told, at: datetime) -> ChangeStep:
    """Something later mends it or takes it back. It stays where a person has put it."""
    return _step("corrected", MACHINE, former, former, at, "", told)


def reread(change: LawChange, read: Read, reading: int, at: datetime, told: Told) -> ChangeStep:
    """Read again. What nobody has decided on stands on the new reading; anything else stays on the one it was decided on."""
    after = replace(change, read=read, reading=reading) if change.state in OPEN else change
    return _step("reread", MACHINE, change, after, at, "", {**told, "reading": reading})


def released(change: LawChange, at: datetime, told: Told) -> ChangeStep:
    """Its draft is in force."""
    return _step("released", MACHINE, change, replace(change, state=ChangeState.DONE), at, "", told)


def draft_withdrawn(change: LawChange, at: datetime) -> ChangeStep:
    """Its draft was given up: somebody must look again."""
    after = replace(_back(change), draft=None)
    return _step("draft_withdrawn", MACHINE, change, after, at, "", {"draft": change.draft})


# -- what persons do ----------------------------------------------------------------------------------------------------


def brought_back(change: LawChange, actor: str, reason: str) -> ChangeStep:
    """A person sees a change in what the reader held to be none."""
    return ChangeStep("brought_back", actor, None, change, reason, NOTHING)


def assigned(change: LawChange, actor: str, at: datetime, assignee: str | None, reason: str) -> ChangeStep:
    """Somebody takes it on, or gives it to another; None puts it back. Raises ChangeRefused."""
    _must(change, *OPEN)
    if assignee == change.assignee:
        raise ChangeRefused("It is so already.")
    if change.assignee not in (None, actor) and not reason:
        raise ChangeRefused("Another person has it; say why.")
    after = replace(change, assignee=assignee, state=ChangeState.NEW if assignee is None else ChangeState.ASSIGNED)
    return _step("assigned", actor, change, after, at, reason, {"assignee": assignee, "was": change.assignee})


def commented(change: LawChange, actor: str, at: datetime, text: str) -> ChangeStep:
    """A remark; it moves nothing."""
    return _step("commented", actor, change, change, at, text)


def dismissed(change: LawChange, actor: str, at: datetime, reason: str) -> ChangeStep:
    """Nothing is to be done about it. Raises ChangeRefused."""
    _must(change, *OPEN)
    return _step("dismissed", actor, change, replace(change, state=ChangeState.DISMISSED), at, reason)


def merged(change: LawChange, into: LawChange, actor: str, at: datetime, reason: str) -> ChangeStep:
    """The same as another one, which stands for it from now on. Raises ChangeRefused."""
    _must(change, *OPEN)
    if into.id == change.id:
        raise ChangeRefused("It cannot be merged into itself.")
    if into.state not in (*OPEN, ChangeState.DRAFTED, ChangeState.DONE):
        raise ChangeRefused(f"The other change is {into.state}: nothing is merged into it.")
    after = replace(change, state=ChangeState.MERGED, merged_into=into.id)
    return _step("merged", actor, change, after, at, reason, {"into": into.id})


def drafted(change: LawChange, actor: str, at: datetime, draft: str, details: Told = NOTHING) -> ChangeStep:
    """A draft was made of it. Raises ChangeRefused for what is not adopted, or proposes no value."""
    _must(change, *OPEN)
    why = undraftable(change.read)
    if why is not None:
        raise ChangeRefused(why)
    after = replace(change, state=ChangeState.DRAFTED, draft=draft, assignee=change.assignee or actor)
    return _step("drafted", actor, change, after, at, "", {**details, "draft": draft})


def undraftable(read: Read) -> str | None:
    """Why no draft is made of it; None: one may be."""
    if not read.is_law:
        return f"Its status is {read.status}: only adopted law becomes a draft."
    if not read.draftable:
        return "No value of a rulepack is proposed: it is to be drafted by hand."
    return None


def reopened(change: LawChange, actor: str, at: datetime, reason: str) -> ChangeStep:
    """Looked at again. Raises ChangeRefused."""
    _must(change, *_AGAIN)
    after = replace(_back(change), merged_into=None, draft=None)
    return _step("reopened", actor, change, after, at, reason)


def _back(change: LawChange) -> LawChange:
    return replace(change, state=ChangeState.NEW if change.assignee is None else ChangeState.ASSIGNED)


def _must(change: LawChange, *states: ChangeState) -> None:
    if change.state not in states:
        raise ChangeRefused(f"The change is {change.state}. Possible now: {', '.join(possible(change))}.")


def _step(
    kind: str,
    actor: str,
    change: LawChange,
    after: LawChange,
    at: datetime,
    reason: str,
    details: Told = NOTHING,
) -> ChangeStep:
    moved = replace(after, number=change.number + 1, updated_at=max(at, change.updated_at))
    return ChangeStep(kind, actor, change.state, moved, reason, details)
