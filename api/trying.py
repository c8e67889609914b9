"""Trials begun and ended, by one person at one moment: for the interface and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from api.canary_sides import Sides
from api.drafting import Desk
from engine.drafting import Draft
from engine.ledger import Brought
from engine.packs import PackError
from engine.trials import (
    Beginning,
    Guardrail,
    Trial,
    TrialKind,
    TrialNotPossible,
    TrialStep,
    canary_started,
    ended,
    numbers_of,
    shadow_started,
)


class Unknown(LookupError):
    """There is no such draft or release here. `what`: which of the two."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be tried: of a canary a draft, of a shadow a draft or the digest of a release. `share` in hundredths."""

    kind: TrialKind
    reason: str
    draft: str | None = None
    release: str | None = None
    share: int = 0
    guardrail: Guardrail = field(default_factory=Guardrail)


def hundredths(decimal: str) -> int:
    """Of a percentage with up to two decimals.

    >>> hundredths("12.5"), hundredths("0.01")
    (1250, 1)
    """
    return int(Decimal(decimal) * 100)


def begin(desk: Desk, trial_id: str, wanted: Wanted) -> tuple[TrialStep, Brought]:
    """The first step of a trial, and what is kept with it. Raises Unknown, TrialRefused, DraftNotPossible."""
    draft = _draft(desk, wanted)
    begins = Beginning(trial_id, desk.actor, desk.now, desk.laws.held, wanted.reason)
    if wanted.kind is TrialKind.CANARY:
        if draft is None:
            raise Unknown("draft")
        # What is refused is refused first: nothing is signed that does not happen.
        step = canary_started(begins, draft, wanted.share, wanted.guardrail)
        return step, desk.for_canary(draft)
    if draft is None:
        return _beside(desk, begins, wanted.release or ""), Brought()
    step = shadow_started(begins, draft.content or "", draft)
    release = desk.candidate(draft).release
    assert release.digest == draft.content, "the contents are those that were checked"
    return step, Brought(release)


def _draft(desk: Desk, wanted: Wanted) -> Draft | None:
    if wanted.draft is None:
        return None
    draft = desk.ledger.drafts.one(wanted.draft)
    if draft is None:
        raise Unknown("draft")
    return draft


def _beside(desk: Desk, begins: Beginning, release: str) -> TrialStep:
    """A release that is kept here, if this version of the software can read it."""
    if desk.ledger.release_version(release) is None:
        raise Unknown("release")
    step = shadow_started(begins, release, None)
    try:
        desk.laws.packs_of(release)
    except (PackError, ValueError) as error:
        raise TrialNotPossible("This version of the software cannot read that release.") from error
    return step


def end(desk: Desk, trial: Trial, reason: str) -> TrialStep:
    """A person ends a trial; of a canary it is kept what both sides came to. Raises TrialNotPossible, LedgerError."""
    step = ended(trial, desk.actor, desk.now, reason)
    if trial.kind is TrialKind.SHADOW:
        return step
    return ended(trial, desk.actor, desk.now, reason, numbers_of(*Sides(desk.ledger, trial).read()))
