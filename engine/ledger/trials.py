"""Trials in the ledger: each begins and ends by an event that is chained; what shadows count is left piece by piece."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.drafting import in_force
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.activations import ActivationWriter
from engine.ledger.alerts import AlertWriter, Occasion, Told
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import EntryRefused
from engine.ledger.releases import Release, ReleaseWriter
from engine.ledger.signatures import ReleaseSignature, SignatureWriter
from engine.ledger.trial_tables import TrialEventRow, TrialPieceRow
from engine.trials import (
    Band,
    Cause,
    Guardrail,
    Trial,
    TrialKind,
    TrialNotPossible,
    TrialOutdated,
    TrialState,
    TrialStep,
)

BEHIND: Final = 10_000
"""Decisions that wait are counted up to here: more is only told as so many."""


class TrialMoved(ValueError):
    """The trial is over already, or another worker has counted these decisions."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What is kept with the beginning of a trial: the release, and the publisher's signature under it."""

    release: Release | None = None
    signature: ReleaseSignature | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What a shadow came to over the decisions from row `after`, without it, to row `upto`. `tally` is as `engine.backtest` makes
    it; a difference is [decision, was, now, what is not the same]."""

    trial: str
    number: int
    after: int
    upto: int
    decisions: int
    tally: Mapping[str, Any]
    differences: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Decisions that a shadow has not looked at: how many (at most as many as were asked for), and since when the first waits."""

    decisions: int
    since: datetime | None


_COLUMNS: Final = (
    "s.trial_id, s.trial_kind, s.release, s.draft, s.base, s.share, s.payload, s.actor, s.at, s.seq,"
    " e.kind, e.actor, e.at, e.cause, e.payload, e.seq"
    " FROM trial_event s LEFT JOIN trial_event e ON e.trial_id = s.trial_id AND e.number = 2"
)
_SQL: Final = {
    "one": text(f"SELECT {_COLUMNS} WHERE s.number = 1 AND s.trial_id = :id"),
    "page": text(
        f"SELECT {_COLUMNS} WHERE s.number = 1 AND s.trial_id > :after"
        " AND (CAST(:state AS TEXT) IS NULL OR coalesce(e.kind, 'running') = :state) ORDER BY s.trial_id LIMIT :limit"
    ),
    "newest": text(
        f"SELECT {_COLUMNS} WHERE s.number = 1 AND (CAST(:after AS TEXT) IS NULL OR s.trial_id < :after)"
        " AND (CAST(:state AS TEXT) IS NULL OR coalesce(e.kind, 'running') = :state) ORDER BY s.trial_id DESC LIMIT :limit"
    ),
    "running": text(f"SELECT {_COLUMNS} WHERE s.number = 1 AND e.seq IS NULL ORDER BY s.seq"),
    "to_count": text(
        f"SELECT {_COLUMNS} WHERE s.number = 1 AND s.trial_kind = 'shadow' AND EXISTS ("  # noqa: S608  constants only
        "SELECT 1 FROM decision d WHERE (e.seq IS NULL OR d.seq < e.seq) AND d.seq > coalesce("
        "(SELECT max(p.upto_seq) FROM trial_piece p WHERE p.trial_id = s.trial_id), s.seq)) ORDER BY s.seq"
    ),
    "last": text("SELECT coalesce(max(seq), 0) FROM trial_event"),
    "cursor": text(
        "SELECT number, upto_seq FROM trial_piece WHERE trial_id = :id ORDER BY number DESC LIMIT 1"
    ),
    "waiting": text(
        "SELECT count(*), min(recorded_at) FROM (SELECT recorded_at FROM decision WHERE seq > :after AND seq < :below"
        " ORDER BY seq LIMIT :limit) w"
    ),
    "pieces": text(
        "SELECT trial_id, number, after_seq, upto_seq, decisions, tally, differences FROM trial_piece"
        " WHERE trial_id = :id AND number > :after ORDER BY number LIMIT :limit"
    ),
    "differing": text(
        "SELECT number, differences FROM trial_piece WHERE trial_id = :id AND number >= :first AND differing > 0"
        " ORDER BY number LIMIT :limit"
    ),
    "counted": text("SELECT coalesce(sum(decisions), 0), coalesce(sum(differing), 0) FROM trial_piece WHERE trial_id = :id"),
    "withdrawn": text("SELECT cause, count(*) FROM trial_event WHERE kind = 'withdrawn' GROUP BY cause"),
}  # fmt: skip
_ENDLESS: Final = 2**63 - 1
_PIECES: Final = 200
"""Pieces that are read at once."""

Outcome = Replayed | KeyReused | None


class Trials:
    """The trials of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._sql = {name: database.worded(statement) for name, statement in _SQL.items()}
        self._insert_event, self._insert_piece = database.insertion(TrialEventRow), database.insertion(TrialPieceRow)
        self._activations, self._releases = ActivationWriter(database), ReleaseWriter(database)
        self._signatures, self._alerts = SignatureWriter(database), AlertWriter(database)

    # -- reading --

    def one(self, trial_id: str) -> Trial | None:
        """The trial with this id."""
        row = self._readers.row(self._sql["one"], {"id": trial_id})
        return None if row is None else _trial(row)

    def page(
        self, *, state: TrialState | None, limit: int, after: str | None, newest_first: bool = False
    ) -> Page[Trial]:
        """Trials in the order in which they were started, or against it."""
        asked = {"state": state and state.value, "after": after, "limit": limit + 1}
        if newest_first:
            rows = self._readers.rows(self._sql["newest"], asked)
        else:
            rows = self._readers.rows(self._sql["page"], {**asked, "after": after or ""})
        data = tuple(_trial(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def running(self) -> tuple[Trial, ...]:
        """Those that go on; at most one of them is a canary."""
        return tuple(_trial(row) for row in self._readers.rows(self._sql["running"]))

    def to_count(self) -> tuple[Trial, ...]:
        """Shadows for which decisions wait; of one that is over, those that were made before."""
        return tuple(_trial(row) for row in self._readers.rows(self._sql["to_count"]))

    def last(self) -> int:
        """The number of the newest event: while it stays the same, so does every trial."""
        return int(self._readers.row(self._sql["last"])[0])

    def withdrawn(self) -> dict[str, int]:
        """How many canaries ended by themselves, by cause."""
        return {cause: int(number) for cause, number in self._readers.rows(self._sql["withdrawn"])}

    # -- what shadows count --

    def cursor(self, trial: Trial) -> tuple[int, int]:
        """Of the last piece the number and the row up to which it looked; 0 and the trial's own row before the first."""
        row = self._readers.row(self._sql["cursor"], {"id": trial.id})
        return (0, trial.begun) if row is None else (int(row[0]), int(row[1]))

    def waiting(self, trial: Trial, after: int, limit: int = BEHIND) -> Waiting:
        """Decisions of a trial after a row, counted up to a limit."""
        asked = {"after": after, "below": trial.over or _ENDLESS, "limit": limit}
        number, since = self._readers.row(self._sql["waiting"], asked)
        return Waiting(int(number), None if since is None else from_micros(since))

    def pieces(self, trial_id: str, after: int = 0) -> tuple[Piece, ...]:
        """The next pieces after a number; empty: there are no more."""
        asked = {"id": trial_id, "after": after, "limit": _PIECES}
        return tuple(_piece(row) for row in self._readers.rows(self._sql["pieces"], asked))

    def counted(self, trial_id: str) -> tuple[int, int]:
        """How many decisions were looked at, and how many of them differ."""
        decisions, differing = self._readers.row(self._sql["counted"], {"id": trial_id})
        return int(decisions), int(differing)

    def differences(self, trial_id: str, place: tuple[int, int], limit: int) -> list[tuple[int, int, Sequence[Any]]]:
        """Differences from a place on, each with the number of its piece and its place there, from 0 on."""
        number, first = place
        found: list[tuple[int, int, Sequence[Any]]] = []
        while len(found) < limit:
            asked = {"id": trial_id, "first": number, "limit": limit}
            rows = self._readers.rows(self._sql["differing"], asked)
            if not rows:
                break
            for piece, body in rows:
                start = first if piece == number else 0
                found += [(piece, at, one) for at, one in enumerate(orjson.loads(body)) if at >= start]
            number, first = int(rows[-1][0]) + 1, 0
        return found[:limit]

    def leave(self, piece: Piece) -> None:
        """Keep what a shadow came to. Waits for the disk. Raises TrialMoved where the piece does not begin where the last one
        ended: another worker was quicker."""
        tally = orjson.dumps(piece.tally, option=orjson.OPT_SORT_KEYS)
        differences = orjson.dumps(piece.differences)

        def work(batch: Batch) -> Exception | None:
            rows = batch.rows(self._sql["cursor"], {"id": piece.trial})
            if (int(rows[0][0]), int(rows[0][1])) != (piece.number - 1, piece.after) if rows else piece.number != 1:
                return TrialMoved(piece.trial)
            row = (
                batch.seq + 1, piece.trial, piece.number, piece.after, piece.upto, piece.decisions,
                len(piece.differences), batch.now, tally, differences,
            )  # fmt: skip
            key = f"{piece.trial}#{piece.number}"
            vouch(batch, "trial.piece", piece.trial, batch.now, {"upto": piece.upto}, [("trial_piece", key, row)])
            batch.execute(self._insert_piece, row)
            return None

        try:
            found = self._writer.run(work)
        except EntryRefused as refusal:
            raise TrialMoved(piece.trial) from refusal
        if found is not None:
            raise found

    # -- beginning and ending --

    def start(self, step: TrialStep, brought: Brought | None = None, once: KeyedAnswer | None = None) -> Outcome:
        """Begin a trial. Waits for the disk.

        Raises TrialOutdated where another release is in force than it is to run beside, TrialNotPossible where a canary is
        running, and EntryRefused where the database itself says no.
        """
        along, trial = brought or Brought(), step.trial

        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            holds = in_force(self._activations.all(batch), trial.started_at)
            if holds is None or holds.release != trial.base:
                return TrialOutdated("Another release is in force than it was to run beside: look again.")
            running = [row[0] for row in batch.rows(self._sql["running"]) if row[1] == TrialKind.CANARY.value]
            if running and trial.kind is TrialKind.CANARY:
                return TrialNotPossible(f"Another canary is running: {running[0]}. End it first.")
            at = to_micros(trial.started_at)
            if along.release is not None:
                self._releases.keep(batch, along.release, at)
            if along.signature is not None:
                self._signatures.keep(batch, along.signature, at)
            self._write(batch, step, 1, at)
            return None if once is None else batch.claim(once.key, once.answer)

        return self._done(work)

    def end(
        self,
        step: TrialStep,
        once: KeyedAnswer | None = None,
        told: Told | None = None,
        occasion: Occasion | None = None,
    ) -> Outcome:
        """End a trial that is running, and tell of it in the same transaction. Waits for the disk.

        Raises TrialMoved where it is over already: of many who end it at once, one does.
        """

        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            rows = batch.rows(self._sql["one"], {"id": step.trial.id})
            if not rows or rows[0][10] is not None:
                return TrialMoved(step.trial.id)
            ended_at = step.trial.ended_at
            assert ended_at is not None, "a trial that ends does so at an instant"
            self._write(batch, step, 2, to_micros(ended_at))
            if told is not None and occasion is not None:
                self._alerts.tell(batch, told, occasion)
            return None if once is None else batch.claim(once.key, once.answer)

        return self._done(work)

    def _done(self, work: Any) -> Outcome:
        found: Outcome | Exception = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def _write(self, batch: Batch, step: TrialStep, number: int, at: int) -> None:
        trial = step.trial
        said = {"reason": step.reason, **step.details}
        if number == 1:
            said["guardrail"] = guardrail_body(trial.guardrail)
        payload = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
        row = (
            batch.seq + 1, trial.id, number, step.kind, at, batch.now, step.actor, trial.kind.value, trial.release,
            trial.draft, trial.base, trial.share, None if trial.cause is None else trial.cause.value, payload,
        )  # fmt: skip
        told = {"actor": step.actor, "kind": trial.kind.value, "release": trial.release, "reason": step.reason}
        vouch(batch, f"trial.{step.kind}", trial.id, at, told, [("trial_event", f"{trial.id}#{number}", row)])
        batch.execute(self._insert_event, row)


def guardrail_body(guardrail: Guardrail | None) -> dict[str, Any] | None:
    """As it is kept: bands in hundredths of a percentage point."""
    if guardrail is None:
        return None
    return {"minimum": guardrail.minimum, "bands": [[one.outcome, one.up, one.down] for one in guardrail.bands]}


def _guardrail(body: Mapping[str, Any] | None) -> Guardrail | None:
    return None if body is None else Guardrail(tuple(Band(*one) for one in body["bands"]), body["minimum"])


def _trial(row: Sequence[Any]) -> Trial:
    trial_id, kind, release, draft, base, share, payload, actor, at, seq, *rest = row
    end, ended_by, ended_at, cause, numbers, over = rest
    said, last = orjson.loads(payload), {} if numbers is None else orjson.loads(numbers)
    return Trial(
        trial_id, TrialKind(kind), release, draft, base, share, _guardrail(said["guardrail"]), said["reason"], actor,
        from_micros(at), TrialState.RUNNING if end is None else TrialState(end), ended_by,
        None if ended_at is None else from_micros(ended_at), last.get("reason", ""),
        None if cause is None else Cause(cause), last, int(seq), None if over is None else int(over),
    )  # fmt: skip


def _piece(row: Sequence[Any]) -> Piece:
    trial, number, after, upto, decisions, tally, differences = row
    return Piece(trial, number, after, upto, decisions, orjson.loads(tally), orjson.loads(differences))
