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
from engine.casework import CaseFile, CaseState, Step, ended, gathered, grown
from engine.casework import opened as begun
from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed
from engine.ledger._case_seals import ERASED, CaseSeals, Under, names, opened, opened_with
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Ask, Vault
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
    kept_as: str = ""
    """How its subject is called in the ledger."""
    erased: bool = False
    """What it said of its subject was erased: it shows its envelope, and the pseudonym."""


@dataclass(frozen=True, slots=True)
class AlertsWanted:
    """What a list is narrowed to. None: anything."""

    kind: AlertKind | None = None
    rule: str | None = None
    subject_kind: str | None = None
    subject: str | None = None
    case_id: str | None = None


ONE: Final = text(
    "SELECT id, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told, case_id, likeness, screening,"
    " ended_at, body FROM alert WHERE id = :id"
)
_PAGE: Final = text(
    "SELECT id, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told, case_id, likeness, screening,"
    " ended_at, body FROM alert"
    " WHERE id > :after AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind) AND (CAST(:rule AS TEXT) IS NULL OR rule = :rule)"
    " AND (CAST(:subject_kind AS TEXT) IS NULL OR subject_kind = :subject_kind)"
    " AND (CAST(:subject AS TEXT) IS NULL OR subject IN (:subject, :plain))"
    " AND (CAST(:case_id AS TEXT) IS NULL OR case_id = :case_id)"
    " ORDER BY id LIMIT :limit"
)
_MATCHES: Final = text(
    "SELECT id, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told, case_id, likeness, screening,"
    " ended_at, body FROM alert"
    " WHERE subject_kind = :subject_kind AND subject IN (:subject, :plain) AND kind = 'screening'"
    " AND ended_at IS NULL ORDER BY id"
)
_OF_RULE: Final = text(
    "SELECT id, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at, told, case_id, likeness, screening,"
    " ended_at, body FROM alert"
    " WHERE subject_kind = :subject_kind AND subject IN (:subject, :plain) AND kind = 'scenario' AND rule = :rule"
    " ORDER BY recorded_at DESC, id"
)
WAITING: Final = text(
    "SELECT a.id, a.kind, a.rule, a.subject_kind, a.subject, a.severity, a.occurred_at, a.recorded_at, a.told, a.case_id,"
    " a.likeness, a.screening, a.ended_at, a.body FROM alert a JOIN alert_case c ON c.id = a.case_id"
    " WHERE c.state <> 'decided' ORDER BY a.case_id, a.id"
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
        words = map(database.worded, (ONE, _RETELL, _END, _OF_RULE))
        self._one, self._retell, self._end, self._of_rule = words
        self._insert = database.insertion(AlertRow)
        self._cases, self._screenings = CaseWriter(database), ScreeningWriter(database)
        self._seals = CaseSeals(database)

    def tell(self, batch: Batch, told: Told, occasion: Occasion) -> bool:
        """Store an alert and gather it; where one that is open tells of the same pattern, let that one grow. False: it was told
        before, and nothing has changed. Raises BodyErased where it rests on nothing but what was erased."""
        rows = batch.rows(self._one, {"id": told.alert.id})
        known = next(iter(stored_alerts(batch.vault, batch.rows, rows)), None)
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
        under = self._under(batch, told.alert)
        step = (
            begun(occasion.new_case(), told.alert, occasion.at)
            if case is None
            else gathered(case, told.alert, occasion.at)
        )
        if told.screening is not None:
            self._screenings.write(batch, told.screening, under)
        row = _row(told, step, batch.now, known, under)
        self._write(batch, row, fresh=known is None)
        said = {"case": step.case.id, "rule": told.alert.rule, "release": occasion.release}
        kind = "alert.told" if known is None else "alert.told_anew"
        vouch(batch, kind, told.alert.id, to_micros(occasion.at), said, [("alert", told.alert.id, row)])
        self._cases.write(batch, step, occasion.at, occasion.release, under)
        return True

    def end(self, batch: Batch, over: Over, occasion: Occasion) -> bool:
        """End an alert, and its case with it where nothing else is left there. False: it had ended, or never was."""
        rows = batch.rows(self._one, {"id": over.alert_id})
        known = next(iter(stored_alerts(batch.vault, batch.rows, rows)), None)
        if known is None or known.ended_at is not None:
            return False
        at = to_micros(occasion.at)
        batch.execute(self._end, {"at": at, "id": over.alert_id})
        row = (*rows[0][:12], at, bytes(rows[0][13]))
        said = {"reason": over.reason, "case": known.case_id, "release": occasion.release}
        vouch(batch, "alert.ended", over.alert_id, at, said, [("alert", over.alert_id, row)])
        case = self._cases.one(batch, known.case_id)
        if case is not None and case.state != "decided":
            step = ended(case, over.alert_id, occasion.at, over.reason)
            self._cases.write(batch, step, occasion.at, occasion.release)
        return True

    def _alike(self, batch: Batch, alert: Alert) -> list[StoredAlert]:
        """The alerts of the same scenario about the same subject that name some of the same payments, the newest first."""
        kept, plain = names(batch.vault, alert.subject)
        asked = {"subject_kind": alert.subject_kind, "subject": kept, "plain": plain, "rule": alert.rule}
        found = stored_alerts(batch.vault, batch.rows, batch.rows(self._of_rule, asked))
        return [one for one in found if not set(alert.evidence).isdisjoint(one.alert.evidence)]

    def _grow(self, batch: Batch, known: StoredAlert, told: Told, case: CaseFile, occasion: Occasion) -> None:
        alert = known.alert.grown(told.alert)
        step = grown(case, alert, tuple(sorted(set(alert.evidence) - set(known.alert.evidence))), occasion.at)
        under = self._under(batch, alert)
        row = _row(replace(told, alert=alert), step, batch.now, known, under)
        self._write(batch, row, fresh=False)
        said = {"case": case.id, "rule": alert.rule, "release": occasion.release}
        vouch(batch, "alert.grown", alert.id, to_micros(occasion.at), said, [("alert", alert.id, row)])
        self._cases.write(batch, step, occasion.at, occasion.release, under)

    def _under(self, batch: Batch, alert: Alert) -> Under:
        return self._seals.under(batch, alert.subject_kind, alert.subject, alert.decisions)

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

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer, self._vault = readers, writer, vault
        self._one, self._page, self._matches, self._count = map(database.worded, (ONE, _PAGE, _MATCHES, _COUNT))
        self._waiting = database.worded(WAITING)
        self._alerts = AlertWriter(database)

    def one(self, alert_id: str) -> StoredAlert | None:
        """The alert with this id."""
        return next(iter(self._stored(self._readers.rows(self._one, {"id": alert_id}))), None)

    def page(self, wanted: AlertsWanted, *, limit: int, after: str | None) -> Page[StoredAlert]:
        """Alerts by their ids, which say nothing of time."""
        kind = None if wanted.kind is None else wanted.kind.value
        subject, plain = names(self._vault, wanted.subject)
        asked = {
            "kind": kind, "rule": wanted.rule, "subject_kind": wanted.subject_kind, "subject": subject, "plain": plain,
            "case_id": wanted.case_id, "after": after or "", "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._page, asked)
        data = self._stored(rows[:limit])
        return Page(data, data[-1].alert.id if len(rows) > limit else None)

    def matches(self, subject_kind: str, subject: str) -> tuple[StoredAlert, ...]:
        """The matches of a subject with lists that are not over."""
        kept, plain = names(self._vault, subject)
        asked = {"subject_kind": subject_kind, "subject": kept, "plain": plain}
        return self._stored(self._readers.rows(self._matches, asked))

    def counted(self) -> dict[tuple[str, str], int]:
        """How often alerts of each kind and severity were told."""
        return {(kind, severity): int(number) for kind, severity, number in self._readers.rows(self._count)}

    def waiting(self) -> tuple[StoredAlert, ...]:
        """Those of cases that nobody has decided."""
        return self._stored(self._readers.rows(self._waiting))

    def _stored(self, rows: Sequence[Any]) -> tuple[StoredAlert, ...]:
        return stored_alerts(self._vault, self._readers.rows, rows)

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


def _row(told: Told, step: Step, now: int, known: StoredAlert | None, under: Under) -> tuple[object, ...]:
    """As it is stored. What a match was found by is a digest of whoever it is: it is sealed with the rest."""
    alert = told.alert
    recorded = now if known is None else to_micros(known.recorded_at)
    return (
        alert.id, alert.kind.value, alert.rule, alert.subject_kind, under.subject if known is None else known.kept_as,
        alert.severity, to_micros(alert.occurred_at), recorded, 1 if known is None else known.told + 1, step.case.id,
        told.likeness if under.key is None else None, None if told.screening is None else told.screening.id, None,
        under.seal_with(_about(alert.id), told.likeness, body_of(alert)),
    )  # fmt: skip


def stored_alerts(vault: Vault, ask: Ask, rows: Sequence[Any]) -> tuple[StoredAlert, ...]:
    """Alerts by their rows. Raises LedgerLocked, LedgerCorrupt."""
    bodies = opened(vault, ask, [(_about(row[0]), bytes(row[13])) for row in rows])
    return tuple(_stored(row, body) for row, body in zip(rows, bodies, strict=True))


def _about(identity: str) -> str:
    return f"alert {identity}"


def _stored(row: Sequence[Any], body: bytes | None) -> StoredAlert:
    identity, kind, rule, subject_kind, subject, severity, occurred_at, recorded_at = row[:8]
    told, case_id, likeness, screening, ended_at, stored = row[8:]
    if body is None:
        alert = Alert(
            AlertKind(kind), rule, "", "", subject_kind, subject, (), from_micros(occurred_at), severity, ERASED,
            first_id=identity,
        )  # fmt: skip
    else:
        if is_sealed(bytes(stored)):
            likeness, body = opened_with(body)
        alert = alert_of(body)
    over = None if ended_at is None else from_micros(ended_at)
    return StoredAlert(
        alert, from_micros(recorded_at), told, case_id, likeness, screening, over, subject, body is None
    )  # fmt: skip
