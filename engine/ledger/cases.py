"""Cases of alerts in the ledger: every event chained, each case as it stands, moved only from where it was seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.alerts import AlertKind
from engine.casework import CaseAlert, CaseFile, CaseState, Step, Verdict
from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed
from engine.ledger._case_seals import ERASED, CaseSeals, Under, names, opened, opened_with
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Ask, Vault
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alert_tables import AlertCaseEventRow, AlertCaseRow
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import BodyErased
from engine.ledger.onboarding import CaseMoved, UnknownCase


@dataclass(frozen=True, slots=True)
class StoredStep:
    """An event of a case as it stands beside the chain. `seq`: of the note that vouches for it."""

    seq: int
    number: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    before: str | None
    after: str
    severity: str
    verdict: str | None
    release: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class CasesWanted:
    """What a list is narrowed to. None or empty: anything. `due_before`: only cases with a day, and that earlier."""

    states: tuple[CaseState, ...] = ()
    severity: str | None = None
    subject_kind: str | None = None
    subject: str | None = None
    claimed_by: str | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    """Only cases that are not decided and whose day is over by then."""
    newest: bool = False
    """The last opened first."""


@dataclass(frozen=True, slots=True)
class CaseTotals:
    """How many cases there are, and what waits for one person. `overdue`, `high`, `mine`: of those not decided."""

    states: dict[str, int]
    overdue: int
    high: int
    mine: int
    to_approve: int
    """Proposed by somebody else."""


_ONE: Final = text(
    "SELECT id, number, subject_kind, subject, state, severity, claimed_by, verdict, proposed_by, proposal, decided_by,"
    " opened_at, updated_at, due_at FROM alert_case WHERE id = :id"
)
_OPEN: Final = text(
    "SELECT id, number, subject_kind, subject, state, severity, claimed_by, verdict, proposed_by, proposal, decided_by,"
    " opened_at, updated_at, due_at FROM alert_case"
    " WHERE subject_kind = :subject_kind AND subject IN (:subject, :plain) AND state <> 'decided'"
)
_NARROWED: Final = (
    "SELECT id, number, subject_kind, subject, state, severity, claimed_by, verdict, proposed_by, proposal, decided_by,"
    " opened_at, updated_at, due_at FROM alert_case"
    " WHERE (CAST(:states AS TEXT) = '' OR CAST(:states AS TEXT) LIKE '%,' || state || ',%')"
    " AND (CAST(:severity AS TEXT) IS NULL OR severity = :severity)"
    " AND (CAST(:subject_kind AS TEXT) IS NULL OR subject_kind = :subject_kind)"
    " AND (CAST(:subject AS TEXT) IS NULL OR subject IN (:subject, :plain))"
    " AND (CAST(:claimed_by AS TEXT) IS NULL OR claimed_by = :claimed_by)"
    " AND (:before = 0 OR due_at < :before) AND (:late = 0 OR (state <> 'decided' AND due_at < :late))"
)
_PAGE: Final = text(_NARROWED + " AND id > :after ORDER BY id LIMIT :limit")
_NEWEST: Final = text(_NARROWED + " AND (CAST(:after AS TEXT) = '' OR id < :after) ORDER BY id DESC LIMIT :limit")
_TOTALS: Final = text(
    "SELECT state, count(*), sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END),"
    " sum(CASE WHEN severity = 'high' THEN 1 ELSE 0 END), sum(CASE WHEN claimed_by = :who THEN 1 ELSE 0 END),"
    " sum(CASE WHEN proposed_by <> :who THEN 1 ELSE 0 END) FROM alert_case GROUP BY state"
)
_ALERTS: Final = text("SELECT id, kind, severity, ended_at FROM alert WHERE case_id = :id ORDER BY id")
_EVENTS: Final = text(
    "SELECT seq, number, kind, at, recorded_at, actor, from_state, to_state, severity, verdict, release, payload"
    " FROM alert_case_event WHERE case_id = :id ORDER BY number"
)
_FIRST: Final = text("SELECT payload FROM alert_case_event WHERE case_id = :id AND number = 1")
_COUNT: Final = text(
    "SELECT state, count(*), sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END) FROM alert_case GROUP BY state"
)
_MOVE: Final = text(
    "UPDATE alert_case SET number = :number, state = :state, severity = :severity, claimed_by = :claimed_by,"
    " verdict = :verdict, proposed_by = :proposed_by, proposal = :proposal, decided_by = :decided_by,"
    " updated_at = :updated_at, due_at = :due_at WHERE id = :id"
)


class CaseWriter:
    """Reads and moves cases within a transaction of the caller's."""

    def __init__(self, database: Database) -> None:
        words = map(database.worded, (_ONE, _OPEN, _ALERTS, _FIRST, _MOVE))
        self._one, self._open, self._alerts, self._first, self._move = words
        self._seals = CaseSeals(database)
        self._insert_case = database.insertion(AlertCaseRow)
        self._insert_event = database.insertion(AlertCaseEventRow)

    def one(self, batch: Batch, case_id: str) -> CaseFile | None:
        """The case with this id."""
        return self._filled(batch, batch.rows(self._one, {"id": case_id}))

    def open_one(self, batch: Batch, subject_kind: str, subject: str) -> CaseFile | None:
        """The subject's case that is not decided."""
        kept, plain = names(batch.vault, subject)
        asked = {"subject_kind": subject_kind, "subject": kept, "plain": plain}
        return self._filled(batch, batch.rows(self._open, asked))

    def write(self, batch: Batch, step: Step, at: datetime, release: str, under: Under | None = None) -> None:
        """Chain an event of a case, and keep the case as it leaves it. `under`: what the alert that is told is kept under.

        Raises BodyErased where what was said of its subject is gone.
        """
        case, when = step.case, to_micros(at)
        kept = self._under(batch, case, under)
        said = {"reason": step.reason, **step.details}
        about, plain = _about(case.id, case.number), orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        payload = kept.seal_with(about, case.subject, plain)
        before = None if step.before is None else step.before.value
        verdict = None if case.verdict is None else case.verdict.value
        seq = batch.seq + 1
        event = (
            seq, case.id, case.number, step.kind, when, batch.now, step.actor, before, case.state.value, case.severity,
            verdict, case.proposal, release, payload,
        )  # fmt: skip
        row = _row(case, kept.subject)
        # What the chain says for good says nothing of a person.
        more = said if kept.key is None else {}
        told = {"actor": step.actor, "from": before, "to": case.state.value, "release": release, **more}
        left = [("alert_case", case.id, row), ("alert_case_event", f"{case.id}#{case.number}", event)]
        vouch(batch, f"case.{step.kind}", case.id, when, told, left)
        if case.number == 1:
            batch.execute(self._insert_case, row)
        else:
            batch.execute(self._move, _named(row))
        batch.execute(self._insert_event, event)

    def _under(self, batch: Batch, case: CaseFile, under: Under | None) -> Under:
        """An event lies under the key of the first one."""
        rows = batch.rows(self._first, {"id": case.id})
        if not rows:
            return under or self._seals.under(batch, case.subject_kind, case.subject)
        subject, first = batch.rows(self._one, {"id": case.id})[0][3], bytes(rows[0][0])
        if is_sealed(first):
            key = batch.key_of(first)
            if key is not None:
                return Under(key, subject)
            if under is None:
                raise BodyErased(case.id)
        elif under is None:
            under = self._seals.under(batch, case.subject_kind, case.subject)
        return Under(under.key, subject)

    def _filled(self, batch: Batch, rows: Sequence[Any]) -> CaseFile | None:
        if not rows:
            return None
        identity = rows[0][0]
        (first,) = batch.rows(self._first, {"id": identity})
        subject = _subject(batch.vault, batch.rows, rows[0], bytes(first[0]))
        return _case(rows[0], subject, batch.rows(self._alerts, {"id": identity}))


class AlertCases:
    """The cases of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer, self._vault = readers, writer, vault
        words = map(database.worded, (_ONE, _PAGE, _NEWEST, _ALERTS, _FIRST, _EVENTS, _COUNT, _TOTALS))
        self._one, self._page, self._newest, self._alerts, self._first, self._events, self._count, self._totals = words
        self._cases = CaseWriter(database)

    def one(self, case_id: str) -> CaseFile | None:
        """The case with this id."""
        row = self._readers.row(self._one, {"id": case_id})
        return None if row is None else self._filled(row)

    def page(self, wanted: CasesWanted, *, limit: int, after: str | None) -> Page[CaseFile]:
        """Cases in the order in which they were opened, or the other way round."""
        states = "".join(f"{one.value}," for one in wanted.states)
        before = 0 if wanted.due_before is None else to_micros(wanted.due_before)
        late = 0 if wanted.overdue_at is None else to_micros(wanted.overdue_at)
        subject, plain = names(self._vault, wanted.subject)
        asked = {
            "states": states and f",{states}", "severity": wanted.severity, "subject_kind": wanted.subject_kind,
            "subject": subject, "plain": plain, "claimed_by": wanted.claimed_by, "before": before, "late": late,
            "after": after or "", "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._newest if wanted.newest else self._page, asked)
        data = tuple(map(self._filled, rows[:limit]))
        return Page(data, data[-1].id if len(rows) > limit else None)

    def history(self, case_id: str) -> tuple[StoredStep, ...]:
        """Every event, the first one first. Of the erased it says that they were."""
        rows = self._readers.rows(self._events, {"id": case_id})
        kept = [(_about(case_id, row[1]), bytes(row[11])) for row in rows]
        found = opened(self._vault, self._readers.rows, kept)
        return tuple(_step(row, said) for row, said in zip(rows, found, strict=True))

    def _filled(self, row: Sequence[Any]) -> CaseFile:
        first = self._readers.row(self._first, {"id": row[0]})
        subject = _subject(self._vault, self._readers.rows, row, bytes(first[0]))
        return _case(row, subject, self._readers.rows(self._alerts, {"id": row[0]}))

    def counted(self, now: datetime) -> dict[str, tuple[int, int]]:
        """Of each state: how many cases, and how many whose day is over."""
        rows = self._readers.rows(self._count, {"now": to_micros(now)})
        return {state: (int(number), int(late or 0)) for state, number, late in rows}

    def totals(self, who: str, now: datetime) -> CaseTotals:
        """How many cases there are, and what waits for one person."""
        rows = self._readers.rows(self._totals, {"now": to_micros(now), "who": who})
        states = {state: int(number) for state, number, *_ in rows}
        live = [row for row in rows if row[0] != "decided"]
        overdue, high, mine = (sum(int(row[column] or 0) for row in live) for column in (2, 3, 4))
        others = sum(int(row[5] or 0) for row in rows if row[0] == "proposed")
        return CaseTotals(states, overdue, high, mine, others)

    def store(
        self, step: Step, at: datetime, release: str, once: KeyedAnswer | None = None
    ) -> Replayed | KeyReused | None:
        """Chain what a person did, if the case is as that person saw it. Waits for the disk.

        Raises CaseMoved where it is not, UnknownCase, and EntryRefused where the database itself says no.
        """

        def work(batch: Batch) -> Replayed | KeyReused | Exception | None:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            found = self._cases.one(batch, step.case.id)
            if found is None:
                return UnknownCase(step.case.id)
            if found.number + 1 != step.case.number:
                return CaseMoved(step.case.id)
            if step.kind == "reopened" and self._cases.open_one(batch, found.subject_kind, found.subject):
                return CaseMoved(step.case.id)
            self._cases.write(batch, step, at, release)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found


def _about(case_id: str, number: int) -> str:
    return f"case {case_id}#{number}"


def _subject(vault: Vault, ask: Ask, row: Sequence[Any], first: bytes) -> str:
    """Whom a case is about; of the erased its pseudonym. `first`: what its first event holds."""
    (said,) = opened(vault, ask, [(_about(row[0], 1), first)])
    known: str = row[3] if said is None or not is_sealed(first) else opened_with(said)[0]
    return known


def _row(case: CaseFile, subject: str) -> tuple[object, ...]:
    return (
        case.id, case.number, case.subject_kind, subject, case.state.value, case.severity, case.claimed_by,
        None if case.verdict is None else case.verdict.value, case.proposed_by, case.proposal, case.decided_by,
        to_micros(case.opened_at), to_micros(case.updated_at), None if case.due_at is None else to_micros(case.due_at),
    )  # fmt: skip


def _named(row: tuple[object, ...]) -> dict[str, object]:
    names = (
        "id", "number", "subject_kind", "subject", "state", "severity", "claimed_by", "verdict", "proposed_by",
        "proposal", "decided_by", "opened_at", "updated_at", "due_at",
    )  # fmt: skip
    return dict(zip(names, row, strict=True))


def _case(row: Sequence[Any], subject: str, alerts: Sequence[Any]) -> CaseFile:
    identity, number, subject_kind, _, state, severity, claimed_by, verdict, proposed_by, proposal = row[:10]
    decided_by, opened_at, updated_at, due_at = row[10:]
    return CaseFile(
        identity, subject_kind, subject, number, CaseState(state), severity, from_micros(opened_at),
        from_micros(updated_at),
        tuple(CaseAlert(one, AlertKind(kind), how, over is not None) for one, kind, how, over in alerts),
        claimed_by, None if verdict is None else Verdict(verdict), proposed_by, proposal, decided_by,
        None if due_at is None else from_micros(due_at),
    )  # fmt: skip


def _step(row: Sequence[Any], said: bytes | None) -> StoredStep:
    seq, number, kind, at, recorded_at, actor, before, after, severity, verdict, release, stored = row
    payload = _GONE if said is None else opened_with(said)[1] if is_sealed(bytes(stored)) else said
    return StoredStep(
        seq, number, kind, from_micros(at), from_micros(recorded_at), actor, before, after, severity, verdict, release,
        payload,
    )  # fmt: skip


_GONE: Final = orjson.dumps({"reason": ERASED})
