"""What is told of changes of the law, and when. Each number stands with the sentence that says it; a number without one is not
told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from engine.alerts import Alert, AlertKind
from engine.changes import OPEN, ChangeState, LawChange, Read

NEW: Final = "change.new"
DUE: Final = "change.due"
OVERDUE: Final = "change.overdue"
CORRECTED: Final = "change.corrected"
WITHDRAWN: Final = "change.withdrawn"
SUBJECT: Final = "change"
SOON: Final = timedelta(hours=72)
LONGEST: Final = 2_000
"""Characters of an alert's sentence."""


def of_new(change: LawChange, at: datetime, reader: str) -> Alert:
    """A change of which a draft can be made."""
    said = f"A change that can be drafted was read: {_told(change.read)}"
    return _alert(NEW, change, at, reader, "medium", said, f"item:{change.item}")


def of_correction(former: LawChange, told: Read, by: str, at: datetime, reader: str) -> Alert:
    """What was read, or drafted, is mended or taken back. `told`: what is read now; `by`: the change or item that says so."""
    back = told.status == "withdrawn"
    what = f"The draft {former.draft} was made of it. " if former.draft else ""
    verb = "withdrawn" if back else "postponed" if told.status == "postponed" else "corrected"
    said = f"{former.id} was {verb}. {what}Now it is read: {_told(told)}"
    grave = "high" if former.state in (ChangeState.DRAFTED, ChangeState.DONE) else "medium"
    return _alert(WITHDRAWN if back else CORRECTED, former, at, reader, grave, said, by)


def of_day(change: LawChange, at: datetime, reader: str) -> Alert | None:
    """What is to be told because its day is near, or over; None: nothing is. Days are those of UTC, the first of them counted in:
    72 hours before its midnight, and overdue once the day has begun."""
    effective = change.read.effective
    if effective is None or not change.read.is_law or change.state not in (*OPEN, ChangeState.DRAFTED):
        return None
    if not change.read.draftable and effective <= change.opened_at.date():
        # No value is missing in a rulepack, and it was past when it was heard of: it is in the queue, and no alarm.
        return None
    if effective <= at.date():
        said = f"Overdue, and not released: {_told(change.read)}"
        return _alert(OVERDUE, change, at, reader, "high", said, f"applies:{effective.isoformat()}")
    if effective <= (at + SOON).date():
        said = f"Applies within 72 hours, and is not released: {_told(change.read)}"
        return _alert(DUE, change, at, reader, "high", said, f"applies:{effective.isoformat()}")
    return None


def in_time(active_from: datetime | None, effective: date) -> bool:
    """Whether a draft that is scheduled bites on the day that the law does."""
    return active_from is not None and active_from.date() <= effective


def _told(read: Read) -> str:
    """The title as it was published, then each thing that is said with a number, and its sentence."""
    parts = [f"\N{LEFT DOUBLE QUOTATION MARK}{read.title[:300]}\N{RIGHT DOUBLE QUOTATION MARK} ({read.jurisdiction})"]
    length = len(parts[0])
    for one in read.evidence:
        part = f"{one.says}: \N{LEFT DOUBLE QUOTATION MARK}{one.sentence}\N{RIGHT DOUBLE QUOTATION MARK}"
        length += len(part) + 2
        if length > LONGEST:
            break
        parts.append(part)
    return "; ".join(parts)


def _alert(rule: str, change: LawChange, at: datetime, reader: str, severity: str, said: str, by: str) -> Alert:
    evidence = tuple(sorted({change.id, by}))
    return Alert(AlertKind.CHANGE, rule, "lexgate", reader, SUBJECT, change.id, evidence, at, severity, said)
