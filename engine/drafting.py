"""The life of a draft: a change to the law from its first edit to the release that it becomes.

    draft -> checked      nothing refused: lint, embedded tests, cases
    checked -> submitted  handed to others; what it would put in force is fixed by its digest
    submitted -> approved by as many other persons as are asked for, each for that very digest
             -> draft     sent back
    approved -> scheduled to be in force from an instant on (or at once)
    draft, checked or submitted -> scheduled    broken glass: in force at once, looked at afterwards by another person
    any of these -> withdrawn

Any edit leads back to draft, and whatever was approved is void. Whoever wrote any of it approves none of it. That a scheduled
draft is in force, or was superseded, is not said here: the activations of releases say it (`standing`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

MACHINE: Final = "system"
Told = Mapping[str, Any]
NOTHING: Final[Told] = MappingProxyType({})


class DraftState(StrEnum):
    """Where a draft stands."""

    DRAFT = "draft"
    CHECKED = "checked"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    WITHDRAWN = "withdrawn"


OPEN: Final = (DraftState.DRAFT, DraftState.CHECKED, DraftState.SUBMITTED, DraftState.APPROVED)
"""Where a draft may still be edited."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its last event leaves it."""

    id: str
    number: int
    """Of its last event, from 1."""
    base: str
    """The digest of the release whose files it edits."""
    title: str
    author: str
    state: DraftState
    created_at: datetime
    updated_at: datetime
    editors: frozenset[str]
    """Whoever wrote any of it, the author among them."""
    content: str | None = None
    """The digest of the release that it would become; known once it is checked, and gone with the next edit."""
    domains: tuple[str, ...] = ()
    statute: bool = False
    """Whether a value or a rule of a statute changes."""
    required: int = 0
    """How many persons must approve."""
    roles: tuple[str, ...] = ()
    """`domain:role` of each role that must be among those who approve; empty: anybody may who may approve at all."""
    approvals: tuple[str, ...] = ()
    """Who approved this content since it was submitted."""
    held: tuple[str, ...] = ()
    """Of `roles`, those that have spoken."""
    active_from: datetime | None = None
    emergency: bool = False
    reviewed_by: str | None = None
    """Who looked afterwards at what went in force by broken glass."""
    replaces: str | None = None
    """The digest of the release that it is to follow, where that is not its base: an upgrade edits what came with the software
    and follows what the house has in force."""

    @property
    def follows(self) -> str:
        """The digest of the release that must be in force when it begins to be."""
        return self.replaces or self.base


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One event of a draft, and the draft after it."""

    kind: str
    actor: str
    before: DraftState | None
    draft: Draft
    reason: str
    details: Told = field(default_factory=lambda: NOTHING)


class DraftRefused(ValueError):
    """What is asked for is not done.

    DraftRefused
    ├── DraftNotPossible   the draft stands where this is not done
    ├── DraftOfAnother     whoever wrote it does not decide on it
    ├── DraftChanged       it is not any more what was looked at
    └── DraftOutdated      something else is in force, or about to be, than it was made of
    """


class DraftNotPossible(DraftRefused):
    """The draft stands where this is not done."""


class DraftOfAnother(DraftRefused):
    """Whoever wrote it, or has spoken before, does not decide on it."""


class DraftChanged(DraftRefused):
    """It is not any more what was looked at."""


class DraftOutdated(DraftRefused):
    """Something else is in force, or about to be, than it was made of: it would take that back without a word."""


def possible(draft: Draft) -> list[str]:
    """What may be done now, by somebody who may."""
    steps = {
        DraftState.DRAFT: ["edit", "rebase", "check", "withdraw"],
        DraftState.CHECKED: ["edit", "rebase", "check", "backtest", "shadow", "submit", "break_glass", "withdraw"],
        DraftState.SUBMITTED: [
            "edit",
            "rebase",
            "backtest",
            "shadow",
            "approve",
            "send_back",
            "break_glass",
            "withdraw",
        ],
        DraftState.APPROVED: [
            "edit",
            "rebase",
            "backtest",
            "shadow",
            "canary",
            "schedule",
            "publish",
            "send_back",
            "withdraw",
        ],
        DraftState.SCHEDULED: ["withdraw"],
        DraftState.WITHDRAWN: [],
    }[draft.state]
    return [*steps, "review"] if draft.emergency and draft.reviewed_by is None else steps


# -- writing ------------------------------------------------------------------------------------------------------------


def opened(
    draft_id: str,
    base: str,
    title: str,
    author: str,
    at: datetime,
    *,
    replaces: str | None = None,
    details: Told = NOTHING,
) -> DraftStep:
    """A new draft on a release, in which nothing is changed yet; or, of an upgrade, what a merge made of it."""
    draft = Draft(draft_id, 1, base, title, author, DraftState.DRAFT, at, at, frozenset((author,)), replaces=replaces)
    return DraftStep("opened", author, None, draft, title, details)


def edited(draft: Draft, actor: str, at: datetime, path: str, digest: str | None) -> DraftStep:
    """A file is written anew, or taken out (no digest). Whatever was checked or approved is void."""
    _must(draft, *OPEN)
    after = replace(_unchecked(draft), editors=draft.editors | {actor})
    return _step("edited", actor, draft, after, at, "", {"path": path, "sha256": digest})


def renamed(draft: Draft, actor: str, at: datetime, title: str) -> DraftStep:
    """Another title; what it says of the law stays."""
    _must(draft, *OPEN)
    return _step("renamed", actor, draft, replace(draft, title=title), at, title)


def rebased(
    draft: Draft, actor: str, at: datetime, onto: str, *, upgrade: bool = False, details: Told = NOTHING
) -> DraftStep:
    """The same edits upon another release, merged. An upgrade stays upon what came with the software, and follows the other."""
    _must(draft, *OPEN)
    if onto == draft.follows:
        raise DraftNotPossible("It is made of that release already.")
    moved = replace(_unchecked(draft), editors=draft.editors | {actor})
    after = replace(moved, replaces=onto) if upgrade else replace(moved, base=onto, replaces=None)
    return _step("rebased", actor, draft, after, at, "", {"base": after.base, "follows": onto, **details})


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check without a refusal found: the release that the draft would become, and what it touches."""

    content: str
    domains: tuple[str, ...]
    statute: bool
    required: int
    roles: tuple[str, ...] = ()


def checked(draft: Draft, actor: str, at: datetime, found: Checked, details: Told) -> DraftStep:
    """Lint, embedded tests and cases refuse nothing."""
    _must(draft, DraftState.DRAFT, DraftState.CHECKED)
    after = replace(
        draft, state=DraftState.CHECKED, content=found.content, domains=found.domains, statute=found.statute,
        required=found.required, roles=found.roles, approvals=(), held=(),
    )  # fmt: skip
    return _step("checked", actor, draft, after, at, "", {**details, "content": found.content})


def submitted(draft: Draft, actor: str, at: datetime, reason: str) -> DraftStep:
    """Handed to those who approve."""
    _must(draft, DraftState.CHECKED)
    after = replace(draft, state=DraftState.SUBMITTED, approvals=(), held=())
    return _step("submitted", actor, draft, after, at, reason)


@dataclass(frozen=True, slots=True)
class Approval:
    """What one person agrees with: the digest that was looked at. `roles`: all `domain:role` that this person holds; `signature`:
    the person's own, where there is one."""

    content: str
    reason: str
    roles: frozenset[str] = frozenset()
    signature: Mapping[str, str] | None = None


# -- deciding -----------------------------------------------------------------------------------------------------------


def approved(draft: Draft, actor: str, at: datetime, approval: Approval) -> DraftStep:
    """One person's agreement with this very content. Enough of them, of every role that is wanted, and the draft is approved."""
    _must(draft, DraftState.SUBMITTED)
    _same(draft, approval.content)
    if actor in draft.editors:
        raise DraftOfAnother("Whoever wrote any of it does not approve it.")
    if actor in draft.approvals:
        raise DraftOfAnother("You have approved it before; another person must.")
    speaks_for = frozenset(draft.roles) & approval.roles
    if draft.roles and not speaks_for:
        raise DraftOfAnother(f"It is for others to approve: {', '.join(draft.roles)}.")
    approvals, held = (*draft.approvals, actor), tuple(sorted({*draft.held, *speaks_for}))
    enough = len(approvals) >= draft.required and set(draft.roles) <= set(held)
    after = replace(
        draft, state=DraftState.APPROVED if enough else DraftState.SUBMITTED, approvals=approvals, held=held
    )
    told = {"content": approval.content, "roles": sorted(speaks_for), "signature": approval.signature}
    return _step("approved", actor, draft, after, at, approval.reason, told)


def sent_back(draft: Draft, actor: str, at: datetime, reason: str) -> DraftStep:
    """Not like this: back to its author, with a reason."""
    _must(draft, DraftState.SUBMITTED, DraftState.APPROVED)
    return _step("sent_back", actor, draft, _unchecked(draft), at, reason)


def scheduled(draft: Draft, actor: str, at: datetime, active_from: datetime, reason: str) -> DraftStep:
    """In force from an instant on that is not over yet. Whoever approved it may do this; whoever wrote it may too."""
    _must(draft, DraftState.APPROVED)
    if active_from < at:
        raise DraftNotPossible("Nothing goes in force in the past: decisions that were made stay as they are.")
    after = replace(draft, state=DraftState.SCHEDULED, active_from=active_from)
    return _step("scheduled", actor, draft, after, at, reason, {"active_from": active_from.isoformat()})


def broken_glass(draft: Draft, actor: str, at: datetime, reason: str, content: str) -> DraftStep:
    """In force at once, by one person, with a reason; another one looks at it afterwards."""
    _must(draft, DraftState.CHECKED, DraftState.SUBMITTED)
    _same(draft, content)
    after = replace(draft, state=DraftState.SCHEDULED, active_from=at, emergency=True)
    return _step("broke_glass", actor, draft, after, at, reason, {"content": content})


def reviewed(draft: Draft, actor: str, at: datetime, reason: str, breaker: str) -> DraftStep:
    """What another person says afterwards of what went in force by broken glass."""
    if not draft.emergency or draft.reviewed_by is not None:
        raise DraftNotPossible("Nothing waits for a review afterwards.")
    if actor in draft.editors or actor == breaker:
        raise DraftOfAnother("Whoever wrote it or broke the glass does not review it.")
    return _step("reviewed", actor, draft, replace(draft, reviewed_by=actor), at, reason)


def withdrawn(draft: Draft, actor: str, at: datetime, reason: str) -> DraftStep:
    """Given up, or taken out of the schedule before it bites."""
    _must(draft, *OPEN, DraftState.SCHEDULED)
    if draft.state is DraftState.SCHEDULED and draft.active_from is not None and draft.active_from <= at:
        raise DraftNotPossible("It is in force already: roll back instead.")
    return _step("withdrawn", actor, draft, replace(draft, state=DraftState.WITHDRAWN), at, reason)


def commented(draft: Draft, actor: str, at: datetime, text: str) -> DraftStep:
    """A remark; it moves nothing."""
    return _step("commented", actor, draft, draft, at, text)


def _must(draft: Draft, *states: DraftState) -> None:
    if draft.state not in states:
        now = ", ".join(possible(draft)) or "nothing any more"
        raise DraftNotPossible(f"The draft is {draft.state}. Possible now: {now}.")


def _same(draft: Draft, content: str) -> None:
    if content != draft.content:
        raise DraftChanged("The draft is not what was looked at: read it again.")


def _unchecked(draft: Draft) -> Draft:
    return replace(
        draft,
        state=DraftState.DRAFT,
        content=None,
        domains=(),
        statute=False,
        required=0,
        roles=(),
        approvals=(),
        held=(),
    )


def _step(
    kind: str,
    actor: str,
    draft: Draft,
    after: Draft,
    at: datetime,
    reason: str,
    details: Told = NOTHING,
) -> DraftStep:
    moved = replace(after, number=draft.number + 1, updated_at=max(at, draft.updated_at))
    return DraftStep(kind, actor, draft.state, moved, reason, details)


# -- which release is in force ------------------------------------------------------------------------------------------


class ActivationKind(StrEnum):
    """Why a release is put in force."""

    STARTED = "started"
    """It came with the software."""
    PUBLISHED = "published"
    """A draft of the house, approved."""
    BROKE_GLASS = "broke_glass"
    ROLLED_BACK = "rolled_back"
    """An earlier one again."""
    IMPORTED = "imported"
    """A signed file from elsewhere."""
    DEMOTED = "demoted"
    """The circuit breaker: the one before, with one rule held back."""
    CANCELLED = "cancelled"
    """Takes a scheduled one back before it bites."""


@dataclass(frozen=True, slots=True)
class Activation:
    """From `active_from` on this release is in force, until a later activation. `cancels`: the number of the one taken back."""

    seq: int
    release: str
    active_from: datetime
    kind: ActivationKind
    actor: str
    recorded_at: datetime
    draft: str | None = None
    cancels: int | None = None
    reason: str = ""


def in_force(activations: list[Activation], now: datetime) -> Activation | None:
    """Of all activations the one that holds now: the latest by its instant, and of two with one instant the one made later."""
    cancelled = {one.cancels for one in activations}
    holding = [
        one
        for one in activations
        if one.kind is not ActivationKind.CANCELLED and one.seq not in cancelled and one.active_from <= now
    ]
    return max(holding, key=lambda one: (one.active_from, one.seq), default=None)


def must_follow(draft: Draft, activations: list[Activation], active_from: datetime) -> None:
    """A release holds the whole law: put after anything but what it was made of, it would take that back without a word.

    Raises DraftOutdated. Broken glass does not wait for what is scheduled later; that must be made anew.
    """
    holds = in_force(activations, active_from)
    if holds is None or holds.release != draft.follows:
        raise DraftOutdated(
            "Another release is in force by then than it was made of: bring it up to date (rebase) first."
        )
    cancelled = {one.cancels for one in activations}
    later = [one for one in activations if one.active_from > active_from and one.seq not in cancelled]
    if later and not draft.emergency:
        raise DraftOutdated("Another release is scheduled after it, and was not made of it: withdraw that first.")


def standing(draft: Draft, activations: list[Activation], now: datetime) -> str:
    """Where a draft stands, to be shown: `active` and `superseded` are what became of a scheduled one."""
    if draft.state is not DraftState.SCHEDULED:
        return draft.state.value
    own = next((one for one in activations if one.draft == draft.id), None)
    if own is None or own.active_from > now:
        return draft.state.value
    holds = in_force(activations, now)
    return "active" if holds is not None and holds.release == own.release else "superseded"
