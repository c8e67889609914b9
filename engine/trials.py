"""A release tried before it is in force: beside the law, or on a part of the payments.

    shadow   evaluated beside what was answered; the differences are counted, and nothing of it is ever served
    canary   answers a part of the payers in earnest, chosen by a stable hash, as long as nothing leaves its band

    started -> ended        by a person, with a reason
            -> withdrawn    a canary, by itself: the guardrail, a crash, or nobody stands behind it any more
            -> superseded   another release is in force than it ran beside

A trial compares two releases by name, so it ends with its base: what a canary did beside one law says nothing of it beside
another, and a shadow's numbers against two laws would be numbers against none. All of it is counted in whole numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from engine.drafting import MACHINE, Draft, DraftState

WHOLE: Final = 10_000
"""All payers, in hundredths of a percent."""
MOST: Final = WHOLE // 2
"""The largest share of a canary: with less than half beside it there would be nothing to hold it against."""
LEAST_MINIMUM: Final = 20
"""With fewer decisions a single payment moves a rate by more than any band."""

Told = Mapping[str, Any]
NOTHING: Final[Told] = MappingProxyType({})


class TrialKind(StrEnum):
    """How a release is tried."""

    SHADOW = "shadow"
    CANARY = "canary"


class TrialState(StrEnum):
    """Where a trial stands."""

    RUNNING = "running"
    ENDED = "ended"
    """By a person."""
    WITHDRAWN = "withdrawn"
    """By itself."""
    SUPERSEDED = "superseded"
    """Another release is in force than it ran beside."""


class Cause(StrEnum):
    """Why a canary was withdrawn."""

    GUARDRAIL = "guardrail"
    """A rate left its band."""
    CRASH = "crash"
    """A payment could not be decided under it."""
    DRAFT = "draft"
    """Its draft was edited, sent back or withdrawn: what was approved is void."""
    UNUSABLE = "unusable"
    """A process that serves cannot read it, or nobody who is trusted signed it."""


# -- the guardrail ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Band:
    """How far apart an outcome's rates may be, in hundredths of a percentage point. None: as far as they like."""

    outcome: str
    up: int | None
    """How much more often under the canary."""
    down: int | None
    """How much less often."""


@dataclass(frozen=True, slots=True)
class Guardrail:
    """What withdraws a canary. Judged once both sides have `minimum` decisions; a crash is judged at once."""

    bands: tuple[Band, ...] = (Band("block", 200, 200), Band("challenge", 500, 500))
    minimum: int = 1_000


@dataclass(frozen=True, slots=True)
class Counts:
    """Decisions of one side since the canary began."""

    decided: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)

    def plus(self, outcome: str, number: int) -> Counts:
        """With so many more of an outcome."""
        outcomes = {**self.outcomes, outcome: self.outcomes.get(outcome, 0) + number}
        return Counts(self.decided + number, outcomes)


class GuardState(StrEnum):
    """What the guardrail says."""

    WAITING = "waiting"
    """Too few decisions on one side to say anything."""
    WITHIN = "within"
    LEFT = "left"
    """A rate is farther from the other side's than it may be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One band, read."""

    band: Band
    canary: int
    """Decisions with this outcome under the canary."""
    control: int
    apart: int
    """Hundredths of a percentage point, canary less control; away from nought where the band is left, else towards it, so that
    what is shown is beyond the band exactly where the band is left."""
    left: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guardrail says of two sides, and by which numbers."""

    state: GuardState
    canary: Counts
    control: Counts
    minimum: int
    readings: tuple[Reading, ...]

    def sentences(self) -> list[str]:
        """For an officer, what left its band first."""
        if self.state is GuardState.WAITING:
            return [
                f"{self.canary.decided:,} decisions under the canary, {self.control.decided:,} beside it: nothing is judged"
                f" below {self.minimum:,} on both sides."
            ]
        return [self._sentence(one) for one in sorted(self.readings, key=lambda one: not one.left)]

    def _sentence(self, one: Reading) -> str:
        rates = (
            f"{one.band.outcome} {percent(one.canary, self.canary.decided)} % of {self.canary.decided:,} under the canary,"
            f" {percent(one.control, self.control.decided)} % of {self.control.decided:,} beside it"
        )
        limits = [
            f"{points(limit)} {way}"
            for way, limit in (("more", one.band.up), ("less", one.band.down))
            if limit is not None
        ]
        return f"{rates}: {points(abs(one.apart))} points apart; at most {' and '.join(limits) or 'anything'}."


def judged(guardrail: Guardrail, canary: Counts, control: Counts) -> Verdict:
    """Hold the two sides against the bands, exactly: no rate is rounded before it is compared."""
    enough = min(canary.decided, control.decided) >= guardrail.minimum
    readings = tuple(_read(band, canary, control, enough=enough) for band in guardrail.bands)
    if enough:
        state = GuardState.LEFT if any(one.left for one in readings) else GuardState.WITHIN
    else:
        state = GuardState.WAITING
    return Verdict(state, canary, control, guardrail.minimum, readings)


def _read(band: Band, canary: Counts, control: Counts, *, enough: bool) -> Reading:
    here, there = canary.outcomes.get(band.outcome, 0), control.outcomes.get(band.outcome, 0)
    both = canary.decided * control.decided
    if not both:
        return Reading(band, here, there, 0, left=False)
    # The difference of the two rates in hundredths of a point, as a fraction over `both`.
    over = (here * control.decided - there * canary.decided) * WHOLE
    limit = band.up if over >= 0 else band.down
    left = enough and limit is not None and abs(over) > limit * both
    apart = (abs(over) + both - 1) // both if left else abs(over) // both
    return Reading(band, here, there, apart if over >= 0 else -apart, left)


def percent(part: int, whole: int) -> str:
    """A share in percent with two decimals, half up. Of nothing it is nought."""
    return points((part * WHOLE * 2 + whole) // (whole * 2)) if whole else "0.00"


def points(hundredths: int) -> str:
    """Hundredths as they are read: `2.00`."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


# -- who is in ----------------------------------------------------------------------------------------------------------


def in_canary(salt: str, subject: bytes, share: int) -> bool:
    """Whether a subject is answered by a canary of so many hundredths of a percent.

    The place of a subject depends on it and the salt alone: it stays in while the canary runs, and also when the share grows.
    """
    place = int.from_bytes(sha256(salt.encode() + b"\0" + subject).digest()[:8], "big")
    return place * WHOLE >> 64 < share


def subject_of(payer: str | None, reference: str | None, body: bytes) -> bytes:
    """Whom a request is about, for the hash: the payer, else the payment, else these very bytes. Kinds are told apart."""
    if payer is not None:
        return b"payer\0" + payer.encode()
    return b"body\0" + body if reference is None else b"reference\0" + reference.encode()


# -- a trial ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial as its last event leaves it."""

    id: str
    kind: TrialKind
    release: str
    """Digest of what is tried."""
    draft: str | None
    base: str
    """Digest of the release in force that it runs beside."""
    share: int
    """Hundredths of a percent of the payers; 0 of a shadow."""
    guardrail: Guardrail | None
    reason: str
    started_by: str
    started_at: datetime
    state: TrialState = TrialState.RUNNING
    ended_by: str | None = None
    ended_at: datetime | None = None
    end_reason: str = ""
    cause: Cause | None = None
    numbers: Told = field(default_factory=lambda: NOTHING)
    """What was counted when a canary ended: `canary` and `control`."""
    begun: int = 0
    """Number of its first event in the chain: decisions after it belong to the trial."""
    over: int | None = None
    """Number of its last event: decisions before it do."""

    @property
    def salt(self) -> str:
        """Of the hash. A canary of the same release that is ended and started again with a larger share keeps whoever was in
        it; another release meets others first."""
        return self.release

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state is TrialState.RUNNING

    def takes(self, subject: bytes) -> bool:
        """Whether a subject is answered by this canary."""
        return in_canary(self.salt, subject, self.share)


@dataclass(frozen=True, slots=True)
class TrialStep:
    """One event of a trial, and the trial after it."""

    kind: str
    actor: str
    trial: Trial
    reason: str
    details: Told = field(default_factory=lambda: NOTHING)


class TrialRefused(ValueError):
    """What is asked for is not done.

    TrialRefused
    ├── TrialNotPossible   the draft or the trial stands where this is not done
    ├── TrialOfAnother     whoever wrote a draft does not start its canary
    └── TrialOutdated      another release is in force than it was made of
    """


class TrialNotPossible(TrialRefused):
    """The draft or the trial stands where this is not done."""


class TrialOfAnother(TrialRefused):
    """Whoever wrote a draft does not start its canary."""


class TrialOutdated(TrialRefused):
    """Another release is in force than the draft was made of."""


_READY_FOR_SHADOW: Final = (DraftState.CHECKED, DraftState.SUBMITTED, DraftState.APPROVED, DraftState.SCHEDULED)
_READY_FOR_CANARY: Final = (DraftState.APPROVED, DraftState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who begins a trial, when, beside which release, and why."""

    trial_id: str
    actor: str
    at: datetime
    in_force: str
    reason: str


def shadow_started(begins: Beginning, release: str, draft: Draft | None) -> TrialStep:
    """A release is evaluated beside the law from now on. Of a draft: what it would become, once it is checked."""
    if draft is not None and (draft.state not in _READY_FOR_SHADOW or draft.content != release):
        raise TrialNotPossible(f"The draft is {draft.state}: a shadow takes what was checked.")
    if release == begins.in_force:
        raise TrialNotPossible("It is in force: beside itself it would differ in nothing.")
    return _started(begins, TrialKind.SHADOW, release, draft, 0, None)


def canary_started(begins: Beginning, draft: Draft, share: int, guardrail: Guardrail) -> TrialStep:
    """What was approved answers a part of the payers from now on."""
    if draft.state not in _READY_FOR_CANARY or draft.content is None or draft.emergency:
        raise TrialNotPossible(f"The draft is {draft.state}: a canary takes what was approved.")
    if begins.actor in draft.editors:
        raise TrialOfAnother("Whoever wrote any of it does not start its canary.")
    if draft.follows != begins.in_force:
        raise TrialOutdated("Another release is in force than it was made of: bring it up to date (rebase) first.")
    if not 1 <= share <= MOST:
        raise TrialNotPossible(f"A canary takes 0.01 to {points(MOST)} percent of the payers.")
    return _started(begins, TrialKind.CANARY, draft.content, draft, share, guardrail)


def _started(
    begins: Beginning, kind: TrialKind, release: str, draft: Draft | None, share: int, guardrail: Guardrail | None
) -> TrialStep:
    trial = Trial(
        begins.trial_id, kind, release, None if draft is None else draft.id, begins.in_force, share, guardrail,
        begins.reason, begins.actor, begins.at,
    )  # fmt: skip
    return TrialStep("started", begins.actor, trial, begins.reason)


def ended(trial: Trial, actor: str, at: datetime, reason: str, numbers: Told = NOTHING) -> TrialStep:
    """A person ends it."""
    return _over(trial, TrialState.ENDED, actor, at, reason, numbers=numbers)


def withdrawn(trial: Trial, at: datetime, cause: Cause, reason: str, numbers: Told = NOTHING) -> TrialStep:
    """A canary ends by itself."""
    return _over(trial, TrialState.WITHDRAWN, MACHINE, at, reason, cause=cause, numbers=numbers)


def superseded(trial: Trial, at: datetime, in_force: str, numbers: Told = NOTHING) -> TrialStep:
    """Another release is in force than it ran beside."""
    return _over(trial, TrialState.SUPERSEDED, MACHINE, at, f"{in_force} is in force.", numbers=numbers)


def _over(
    trial: Trial,
    state: TrialState,
    actor: str,
    at: datetime,
    reason: str,
    *,
    cause: Cause | None = None,
    numbers: Told = NOTHING,
) -> TrialStep:
    if not trial.running:
        raise TrialNotPossible(f"The trial is {trial.state}: nothing is possible any more.")
    after = replace(
        trial, state=state, ended_by=actor, ended_at=max(at, trial.started_at), end_reason=reason, cause=cause,
        numbers=numbers,
    )  # fmt: skip
    return TrialStep(state.value, actor, after, reason, numbers)


def stands_behind(draft: Draft | None, trial: Trial) -> bool:
    """Whether what a canary serves is still what people approved. Nobody needs to stand behind a shadow."""
    if trial.kind is TrialKind.SHADOW:
        return True
    return draft is not None and draft.state in _READY_FOR_CANARY and draft.content == trial.release


def numbers_of(canary: Counts, control: Counts) -> dict[str, Any]:
    """Two sides as they are kept."""
    return {
        name: {"decided": side.decided, "outcomes": dict(sorted(side.outcomes.items()))}
        for name, side in (("canary", canary), ("control", control))
    }


def sides_in(numbers: Told) -> tuple[Counts, Counts] | None:
    """The inverse of `numbers_of`; None where nothing was counted."""
    if "canary" not in numbers:
        return None
    canary, control = (Counts(numbers[side]["decided"], numbers[side]["outcomes"]) for side in ("canary", "control"))
    return canary, control
