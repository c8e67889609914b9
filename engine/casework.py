"""The life of a case: alerts about one subject gathered for a person, who decides; a grave decision takes two.

    open -> claimed -> decided               false_positive, explained, monitor, confirm_match; not of high severity
            claimed -> open                  given back
            claimed -> proposed -> decided   every report, and every decision on a case of high severity, by another person
    decided -> open                          reopened, with a reason

What is found anew while an approval is awaited takes the proposal back: nobody approves what the proposer had not seen. Where a
pattern that the proposer has seen only goes on, the proposal stands, and whoever approves it is shown what came since. A match
whose entry left its list ends; when all of a case have, the machine closes it, unless a person has proposed something. Nothing
here is ever told to the payer: Directive (EU) 2015/849, Art. 39; Regulation (EU) 2024/1624, Art. 73.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from engine.alerts import SEVERITIES, Alert, AlertKind

MACHINE: Final = "system"


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    PROPOSED = "proposed"
    """A decision waits for the approval of another person."""
    DECIDED = "decided"


class Verdict(StrEnum):
    """What a case comes to."""

    FALSE_POSITIVE = "false_positive"
    """It is not so, or not this person."""
    EXPLAINED = "explained"
    """It is so, and there is a lawful reason."""
    MONITOR = "monitor"
    """Nothing to report now; the relationship is watched more closely."""
    REPORT = "report"
    """A suspicion is reported to the authority. Always by two."""
    CONFIRM_MATCH = "confirm_match"
    """The subject is whom the list means."""
    DELISTED = "delisted"
    """Every match ended because its entry left the list. The machine's alone."""


HUMAN: Final = tuple(one for one in Verdict if one is not Verdict.DELISTED)


@dataclass(frozen=True, slots=True)
class CaseAlert:
    """An alert as its case sees it."""

    id: str
    kind: AlertKind
    severity: str
    ended: bool = False


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as its last event leaves it."""

    id: str
    subject_kind: str
    subject: str
    number: int
    """Of its last event, from 1."""
    state: CaseState
    severity: str
    """The highest of its alerts; it never falls."""
    opened_at: datetime
    updated_at: datetime
    alerts: tuple[CaseAlert, ...] = ()
    claimed_by: str | None = None
    verdict: Verdict | None = None
    """Proposed or decided."""
    proposed_by: str | None = None
    proposal: int | None = None
    """The number of the event that proposed it."""
    decided_by: str | None = None
    """Who decided alone, or approved."""
    due_at: datetime | None = None
    """By when a report must be made, where the law in force gives a day."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a case, and the case after it."""

    kind: str
    actor: str
    before: CaseState | None
    case: CaseFile
    reason: str
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


class CaseRefused(ValueError):
    """What is asked for is not done.

    CaseRefused
    ├── CaseNotPossible      the case stands where this is not done
    ├── CaseOfAnother        another person has claimed it
    └── OwnProposal          nobody approves a proposal of their own
    """


class CaseNotPossible(CaseRefused):
    """The case stands where this is not done."""


class CaseOfAnother(CaseRefused):
    """Another person has claimed the case."""


class OwnProposal(CaseRefused):
    """Nobody approves a proposal of their own."""


def possible(case: CaseFile) -> list[str]:
    """What a person may do now."""
    steps = {
        CaseState.OPEN: ["claim", "note"],
        CaseState.CLAIMED: ["claim", "note", "decide", "release"],
        CaseState.PROPOSED: ["note", "approve"],
        CaseState.DECIDED: ["reopen"],
    }
    return steps[case.state]


def needs_two(case: CaseFile, verdict: Verdict) -> bool:
    """Whether another person must approve: a report always, anything where the severity is high."""
    return verdict is Verdict.REPORT or case.severity == "high"


def worst(*severities: str) -> str:
    """The highest of some severities."""
    return max(severities, key=SEVERITIES.index)


# -- what the machine does ----------------------------------------------------------------------------------------------


def opened(case_id: str, alert: Alert, at: datetime) -> Step:
    """A new case for an alert whose subject has none that is open."""
    one = CaseAlert(alert.id, alert.kind, alert.severity)
    case = CaseFile(
        case_id, alert.subject_kind, alert.subject, 1, CaseState.OPEN, alert.severity, at, at, alerts=(one,)
    )
    return Step("opened", MACHINE, None, case, alert.summary, {"alert": alert.id})


def gathered(case: CaseFile, alert: Alert, at: datetime) -> Step:
    """An alert about the same subject joins. A proposal that had not seen it is taken back."""
    one = CaseAlert(alert.id, alert.kind, alert.severity)
    rest = tuple(known for known in case.alerts if known.id != alert.id)
    state = CaseState.CLAIMED if case.state is CaseState.PROPOSED else case.state
    after = replace(_unproposed(case), state=state, severity=worst(case.severity, alert.severity), alerts=(*rest, one))
    return _step("alert_added", MACHINE, case, after, at, alert.summary, {"alert": alert.id})


def grown(case: CaseFile, alert: Alert, further: tuple[str, ...], at: datetime) -> Step:
    """An alert of the case names further payments. A proposal stands: the pattern is the one that the proposer judged, and what
    came since is shown to whoever approves it. Only where the case becomes graver it is taken back."""
    one = CaseAlert(alert.id, alert.kind, alert.severity)
    alerts = tuple(one if known.id == alert.id else known for known in case.alerts)
    severity = worst(case.severity, alert.severity)
    after = replace(case, severity=severity, alerts=alerts)
    if case.state is CaseState.PROPOSED and severity != case.severity:
        after = replace(_unproposed(after), state=CaseState.CLAIMED)
    details = {"alert": alert.id, "further": list(further)}
    return _step("alert_added", MACHINE, case, after, at, alert.summary, details)


def ended(case: CaseFile, alert_id: str, at: datetime, reason: str) -> Step:
    """A match ended. Closes the case where nothing else is left in it, and no person has proposed otherwise."""
    alerts = tuple(replace(one, ended=True) if one.id == alert_id else one for one in case.alerts)
    over = all(one.ended and one.kind is AlertKind.SCREENING for one in alerts)
    after = replace(case, alerts=alerts)
    if not over or case.state not in (CaseState.OPEN, CaseState.CLAIMED):
        return _step("alert_ended", MACHINE, case, after, at, reason, {"alert": alert_id})
    after = replace(after, state=CaseState.DECIDED, verdict=Verdict.DELISTED, decided_by=MACHINE)
    return _step("delisted", MACHINE, case, after, at, reason, {"alert": alert_id})


# -- what persons do ----------------------------------------------------------------------------------------------------


def claimed(case: CaseFile, actor: str, at: datetime, reason: str | None) -> Step:
    """Take a case on. One that another person has is taken over with a reason."""
    _must(case, CaseState.OPEN, CaseState.CLAIMED)
    if case.claimed_by == actor:
        raise CaseNotPossible("It is yours already.")
    if case.claimed_by is not None and not reason:
        raise CaseOfAnother("Another person has it; say why you take it over.")
    kind = "claimed" if case.claimed_by is None else "taken_over"
    after = replace(case, state=CaseState.CLAIMED, claimed_by=actor)
    return _step(kind, actor, case, after, at, reason or "", {})


def released(case: CaseFile, actor: str, at: datetime, reason: str) -> Step:
    """Give a case back that one has claimed, for anybody to take on."""
    _must(case, CaseState.CLAIMED)
    if case.claimed_by != actor:
        raise CaseOfAnother("Another person has it, and gives it back.")
    return _step("released", actor, case, replace(case, state=CaseState.OPEN, claimed_by=None), at, reason, {})


def noted(case: CaseFile, actor: str, at: datetime, text: str) -> Step:
    """A remark, by whoever works on it; it moves nothing."""
    _must(case, CaseState.OPEN, CaseState.CLAIMED, CaseState.PROPOSED)
    return _step("noted", actor, case, case, at, text, {})


def decided(
    case: CaseFile,
    actor: str,
    at: datetime,
    verdict: Verdict,
    reason: str,
    *,
    due_at: datetime | None = None,
    details: Mapping[str, Any] = MappingProxyType({}),
) -> Step:
    """What whoever has claimed the case comes to; proposed only, where two must agree. `due_at`: by when to report."""
    _must(case, CaseState.CLAIMED)
    if verdict not in HUMAN:
        raise CaseNotPossible("Only the machine closes a case as delisted.")
    if verdict is Verdict.CONFIRM_MATCH and all(one.kind is not AlertKind.SCREENING for one in case.alerts):
        raise CaseNotPossible("No match with a list is in this case.")
    if case.claimed_by != actor:
        raise CaseOfAnother("Another person has it; claim it first.")
    due = due_at or case.due_at
    if needs_two(case, verdict):
        after = replace(
            case, state=CaseState.PROPOSED, verdict=verdict, proposed_by=actor, proposal=case.number + 1, due_at=due
        )
        return _step("proposed", actor, case, after, at, reason, details)
    after = replace(case, state=CaseState.DECIDED, verdict=verdict, decided_by=actor, due_at=due)
    return _step("decided", actor, case, after, at, reason, details)


def approved(case: CaseFile, actor: str, at: datetime, reason: str, *, agrees: bool) -> Step:
    """The second person's word. One that declines sends the case back; so may the proposer, who withdraws."""
    _must(case, CaseState.PROPOSED)
    if not agrees:
        kind = "withdrawn" if actor == case.proposed_by else "declined"
        return _step(kind, actor, case, replace(_unproposed(case), state=CaseState.CLAIMED), at, reason, {})
    if actor == case.proposed_by:
        raise OwnProposal("Whoever proposed it does not approve it.")
    after = replace(case, state=CaseState.DECIDED, decided_by=actor)
    return _step("approved", actor, case, after, at, reason, {})


def reopened(case: CaseFile, actor: str, at: datetime, reason: str) -> Step:
    """A decided case is looked at again, by whoever claims it next."""
    _must(case, CaseState.DECIDED)
    after = replace(_unproposed(case), state=CaseState.OPEN, claimed_by=None, decided_by=None)
    return _step("reopened", actor, case, after, at, reason, {})


def _must(case: CaseFile, *states: CaseState) -> None:
    if case.state not in states:
        raise CaseNotPossible(f"The case is {case.state}. Possible now: {', '.join(possible(case))}.")


def _unproposed(case: CaseFile) -> CaseFile:
    return replace(case, verdict=None, proposed_by=None, proposal=None)


def _step(
    kind: str, actor: str, case: CaseFile, after: CaseFile, at: datetime, reason: str, details: Mapping[str, Any]
) -> Step:
    moved = replace(after, number=case.number + 1, updated_at=max(at, case.updated_at))
    return Step(kind, actor, case.state, moved, reason, details)
