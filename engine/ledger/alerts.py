"""Alerts in the ledger: told once, gathered in the open case of their subject, ended when their match is over.

Telling, gathering and vouching are one transaction: there is no alert without a case, and none twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.alerts import MOST_EVIDENCE, Alert, AlertKind
from engine.casework import CaseFile, CaseState, Step, ended, gathered, grown, opened
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import AlertRow
from engine.ledger.cases import CaseWriter
from engine.ledger.entries import Page
from engine.ledger.screenings import ScreeningEntry, ScreeningWriter

NewId = Callable[[], str]
MOST_PAYMENTS: Final = 100
"""Decisions that an alert of a match names: the last ones."""


@dataclass(frozen=True, slots=True)
class Told:
    """An alert to be told. Of a match: what it was found by, as a digest, and the screening that found it. The same alert again
    is told anew only where it had ended, where `likeness` differs from the last one's, where another payment met it, or where it
    had no screening."""

    alert: Alert
    likeness: str | None = None
    screening: ScreeningEntry | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """An alert whose match is over."""

    alert_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """When, under which law, and where ids of cases come from."""

    at: datetime
    release: str
    new_case: NewId


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert as it stands. `told`: how often; `ended_at`: since when its match is over."""

    alert: Alert
    recorded_at: datetime
    told: int
    case_id: str
    likeness: str | None
    screening: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlertsWanted:
    """What a list is narrowed to. None: anything."""

    kind: AlertKind | None = None
    rule: str | None = None
    subject_kind: str | None = None
    subject: str | None = None
    case_id: str | None = None


_ONE: Final = text("SELECT body, recorded_at, told, case_id, likeness, screening, ended_at FROM alert WHERE id = :id")
_PAGE: Final = text(
    "SELECT body, recorded_at, told, case_id, likeness, screening, ended_at FROM alert"
    " WHERE id > :after AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind) AND (CAST(:rule AS TEXT) IS NULL OR rule = :rule)"
    " AND (CAST(:subject_kind AS TEXT) IS NULL OR subject_kind = :subject_kind)"
    " AND (CAST(:subject AS TEXT) IS NULL OR subject = :subject)"
    " AND (CAST(:case_id AS TEXT) IS NULL OR case_id = :case_id)"
    " ORDER BY id LIMIT :limit"
)
_MATCHES: Final = text(
    "SELECT body, recorded_at, told, case_id, likeness, screening, ended_at FROM alert"
    " WHERE subject_kind = :subject_kind AND subject = :subject AND kind = 'screening' AND ended_at IS NULL ORDER BY id"
)
_OF_RULE: Final = text(
    "SELECT body, recorded_at, told, case_id, likeness, screening, ended_at FROM alert"
    " WHERE subject_kind = :subject_kind AND subject = :subject AND kind = 'scenario' AND rule = :rule"
    " ORDER BY recorded_at DESC, id"
)
_COUNT: Final = text("SELECT kind, severity, sum(told) FROM alert GROUP BY kind, severity")
_RETELL: Final = text(
    "UPDATE alert SET severity = :severity, told = :told, case_id = :case_id, likeness = :likeness,"
    " screening = :screening, ended_at = NULL, body = :body, occurred_at = :occurred_at WHERE id = :id"
)
_END: Final = text("UPDATE alert SET ended_at = :at WHERE id = :id")


class AlertWriter:
    """Tells and ends alerts within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        words = map(database.worded, (_ONE, _RETELL, _END, _OF_RULE))
        self._one, self._retell, self._end, self._of_rule = words
        self._insert = database.insertion(AlertRow)
        self._cases, self._screenings = CaseWriter(database), ScreeningWriter(database)

    def tell(self, batch: Batch, told: Told, occasion: Occasion) -> bool:
        """Store an alert and gather it; where one that is open tells of the same pattern, let that one grow. False: it was told
        before, and nothing has changed."""
        rows = batch.rows(self._one, {"id": told.alert.id})
        known = _stored(rows[0]) if rows else None
        if known is not None and _says_nothing_new(known, told):
            return False
        if known is None and told.alert.kind is AlertKind.SCENARIO:
            alike = self._alike(batch, told.alert)
            if any(set(told.alert.evidence) <= set(one.alert.evidence) for one in alike):
                return False
            for one in alike:
                case = self._cases.one(batch, one.case_id)
                if case is not None and case.state != CaseState.DECIDED and len(one.alert.evidence) < MOST_EVIDENCE:
                    self._grow(batch, one, told, case, occasion)
                    return True
        case = self._cases.open_one(batch, told.alert.subject_kind, told.alert.subject)
        if known is not None and case is not None and known.case_id == case.id:
            if _is_full(known, told):
                return False
            told = replace(told, alert=_joined(known.alert, told.alert))
        step = (
            opened(occasion.new_case(), told.alert, occasion.at)
            if case is None
            else gathered(case, told.alert, occasion.at)
        )
        if told.screening is not None:
            self._screenings.write(batch, told.screening)
        row = _row(told, step, batch.now, known)
        self._write(batch, row, fresh=known is None)
        said = {"case": step.case.id, "rule": told.alert.rule, "release": occasion.release}
        kind = "alert.told" if known is None else "alert.told_anew"
        vouch(batch, kind, told.alert.id, to_micros(occasion.at), said, [("alert", told.alert.id, row)])
        self._cases.write(batch, step, occasion.at, occasion.release)
        return True

    def end(self, batch: Batch, over: Over, occasion: Occasion) -> bool:
        """End an alert, and its case with it where nothing else is left there. False: it had ended, or never was."""
        rows = batch.rows(self._one, {"id": over.alert_id})
        known = _stored(rows[0]) if rows else None
        if known is None or known.ended_at is not None:
            return False
        at = to_micros(occasion.at)
        batch.execute(self._end, {"at": at, "id": over.alert_id})
        row = (*_columns(known), at, bytes(rows[0][0]))
        said = {"reason": over.reason, "case": known.case_id, "release": occasion.release}
        vouch(batch, "alert.ended", over.alert_id, at, said, [("alert", over.alert_id, row)])
        case = self._cases.one(batch, known.case_id)
        if case is not None and case.state != "decided":
            step = ended(case, over.alert_id, occasion.at, over.reason)
            self._cases.write(batch, step, occasion.at, occasion.release)
        return True

    def _alike(self, batch: Batch, alert: Alert) -> list[StoredAlert]:
        """The alerts of the same scenario about the same subject that name some of the same payments, the newest first."""
        asked = {"subject_kind": alert.subject_kind, "subject": alert.subject, "rule": alert.rule}
        found = (_stored(row) for row in batch.rows(self._of_rule, asked))
        return [one for one in found if not set(alert.evidence).isdisjoint(one.alert.evidence)]

    def _grow(self, batch: Batch, known: StoredAlert, told: Told, case: CaseFile, occasion: Occasion) -> None:
        alert = known.alert.grown(told.alert)
        step = grown(case, alert, tuple(sorted(set(alert.evidence) - set(known.alert.evidence))), occasion.at)
        row = _row(replace(told, alert=alert), step, batch.now, known)
        self._write(batch, row, fresh=False)
        said = {"case": case.id, "rule": alert.rule, "release": occasion.release}
        vouch(batch, "alert.grown", alert.id, to_micros(occasion.at), said, [("alert", alert.id, row)])
        self._cases.write(batch, step, occasion.at, occasion.release)

    def _write(self, batch: Batch, row: tuple[object, ...], *, fresh: bool) -> None:
        if fresh:
            batch.execute(self._insert, row)
            return
        identity, _, _, _, _, severity, occurred_at, _, told, case_id, likeness, screening, _, body = row
        changed = {
            "id": identity, "severity": severity, "occurred_at": occurred_at, "told": told, "case_id": case_id,
            "likeness": likeness, "screening": screening, "body": body,
        }  # fmt: skip
        batch.execute(self._retell, changed)


class Alerts:
    """The alerts of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._one, self._page, self._matches, self._count = map(database.worded, (_ONE, _PAGE, _MATCHES, _COUNT))
        self._alerts = AlertWriter(database)

    def one(self, alert_id: str) -> StoredAlert | None:
        """The alert with this id."""
        row = self._readers.row(self._one, {"id": alert_id})
        return None if row is None else _stored(row)

    def page(self, wanted: AlertsWanted, *, limit: int, after: str | None) -> Page[StoredAlert]:
        """Alerts by their ids, which say nothing of time."""
        kind = None if wanted.kind is None else wanted.kind.value
        asked = {
            "kind": kind, "rule": wanted.rule, "subject_kind": wanted.subject_kind, "subject": wanted.subject,
            "case_id": wanted.case_id, "after": after or "", "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._page, asked)
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, data[-1].alert.id if len(rows) > limit else None)

    def matches(self, subject_kind: str, subject: str) -> tuple[StoredAlert, ...]:
        """The matches of a subject with lists that are not over."""
        rows = self._readers.rows(self._matches, {"subject_kind": subject_kind, "subject": subject})
        return tuple(_stored(row) for row in rows)

    def counted(self) -> dict[tuple[str, str], int]:
        """How often alerts of each kind and severity were told."""
        return {(kind, severity): int(number) for kind, severity, number in self._readers.rows(self._count)}

    def tell(self, told: Sequence[Told], occasion: Occasion) -> int:
        """Store alerts and gather them in cases, all or none. Returns how many were new. Waits for the disk."""
        return self._writer.run(lambda batch: sum(self._alerts.tell(batch, one, occasion) for one in told))

    def end(self, over: Sequence[Over], occasion: Occasion) -> int:
        """End alerts, all or none. Returns how many had not ended before. Waits for the disk."""
        return self._writer.run(lambda batch: sum(self._alerts.end(batch, one, occasion) for one in over))


def _says_nothing_new(known: StoredAlert, told: Told) -> bool:
    """Whether the same was told before, of the same payments. What was seen of a payment is told once, whatever became of it."""
    if told.alert.decisions:
        return set(told.alert.decisions) <= set(known.alert.decisions)
    screened = known.screening is not None or told.screening is None
    return known.ended_at is None and known.likeness == told.likeness and screened


def _is_full(known: StoredAlert, told: Told) -> bool:
    """Whether it waits for a person with as many payments as are named: one more says nothing to whoever looks at it."""
    same = known.ended_at is None and known.likeness == told.likeness
    return same and len(known.alert.decisions) >= MOST_PAYMENTS


def _joined(known: Alert, told: Alert) -> Alert:
    """An alert with the payments that it named so far, as long as its case is open."""
    decisions = sorted({*known.decisions, *told.decisions})
    others = [one for one in told.evidence if one not in told.decisions]
    return replace(
        told,
        evidence=tuple(sorted((*others, *decisions[-MOST_PAYMENTS:]))),
        truncated=told.truncated or known.truncated or len(decisions) > MOST_PAYMENTS,
    )


def body_of(alert: Alert) -> bytes:
    """An alert as it is stored."""
    said = {
        "kind": alert.kind.value, "rule": alert.rule, "pack": alert.pack, "version": alert.version,
        "subject_kind": alert.subject_kind, "subject": alert.subject, "evidence": list(alert.evidence),
        "occurred_at": to_micros(alert.occurred_at), "severity": alert.severity, "summary": alert.summary,
        "truncated": alert.truncated,
    }  # fmt: skip
    if alert.first_id is not None:
        said["first_id"] = alert.first_id
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


def alert_of(body: bytes) -> Alert:
    """The inverse of `body_of`."""
    said = orjson.loads(body)
    said["occurred_at"] = from_micros(said["occurred_at"])
    return Alert(**{**said, "kind": AlertKind(said["kind"]), "evidence": tuple(said["evidence"])})


def _row(told: Told, step: Step, now: int, known: StoredAlert | None) -> tuple[object, ...]:
    alert = told.alert
    recorded = now if known is None else to_micros(known.recorded_at)
    return (
        alert.id, alert.kind.value, alert.rule, alert.subject_kind, alert.subject, alert.severity,
        to_micros(alert.occurred_at), recorded, 1 if known is None else known.told + 1, step.case.id, told.likeness,
        None if told.screening is None else told.screening.id, None, body_of(alert),
    )  # fmt: skip


def _columns(known: StoredAlert) -> tuple[object, ...]:
    """The columns of an alert before its end."""
    alert = known.alert
    return (
        alert.id, alert.kind.value, alert.rule, alert.subject_kind, alert.subject, alert.severity,
        to_micros(alert.occurred_at), to_micros(known.recorded_at), known.told, known.case_id, known.likeness,
        known.screening,
    )  # fmt: skip


def _stored(row: Sequence[Any]) -> StoredAlert:
    body, recorded_at, told, case_id, likeness, screening, ended_at = row
    over = None if ended_at is None else from_micros(ended_at)
    return StoredAlert(alert_of(bytes(body)), from_micros(recorded_at), told, case_id, likeness, screening, over)
