"""What decisions asked somebody to do: listed by day, ended once, counted when overdue."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._opened import References
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import Vault
from engine.ledger._writer import Writer
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.obligation_tables import NO_DAY

ENDED: Final = "obligation.ended"


class Ending(StrEnum):
    """How an obligation ended."""

    FULFILLED = "fulfilled"
    """It was done: the report filed, the notice sent."""
    LAPSED = "lapsed"
    """What it hung on never happened: the payment was not executed."""
    WAIVED = "waived"
    """Somebody who may decided that it does not hold here."""


class Status(StrEnum):
    """Which obligations to list."""

    OPEN = "open"
    OVERDUE = "overdue"
    ENDED = "ended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to. None: anything."""

    status: Status = Status.OPEN
    domain: str | None = None
    code: str | None = None
    who: str | None = None
    decision_id: str | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredObligation:
    """An obligation as it stands. `executed`: its payment was authorised or captured; None: nothing was told of it."""

    id: str
    decision_id: str
    reference: str | None
    code: str
    domain: str
    who: str
    due: str | None
    due_at: datetime | None
    message: str
    recorded_at: datetime
    executed: bool | None
    ended_at: datetime | None
    ended_as: Ending | None
    ended_by: str | None
    note: str | None


class UnknownObligation(LookupError):
    """There is no obligation with this id."""


class EndedBefore(ValueError):
    """The obligation has ended already."""


_ONE: Final = text("""
SELECT o.id, o.decision_id, o.reference, o.code, o.domain, o.who, o.due, o.due_at, o.message, o.recorded_at,
  (SELECT max(CASE WHEN e.kind IN ('authorised', 'captured') THEN 2 WHEN e.kind = 'failed' THEN 1 ELSE 0 END)
   FROM event e WHERE e.decision_id = o.decision_id), o.ended_at, o.ended_as, o.ended_by, o.ended_note
FROM obligation o
WHERE o.id = :id
""")
_BY_DAY: Final = text("""
SELECT o.id, o.decision_id, o.reference, o.code, o.domain, o.who, o.due, o.due_at, o.message, o.recorded_at,
  (SELECT max(CASE WHEN e.kind IN ('authorised', 'captured') THEN 2 WHEN e.kind = 'failed' THEN 1 ELSE 0 END)
   FROM event e WHERE e.decision_id = o.decision_id), o.ended_at, o.ended_as, o.ended_by, o.ended_note
FROM obligation o
WHERE o.ended_at IS NULL AND o.due_at < :before AND (o.due_at > :day OR (o.due_at = :day AND o.id > :after))
  AND (CAST(:domain AS TEXT) IS NULL OR o.domain = :domain) AND (CAST(:code AS TEXT) IS NULL OR o.code = :code)
  AND (CAST(:who AS TEXT) IS NULL OR o.who = :who)
  AND (CAST(:decision AS TEXT) IS NULL OR o.decision_id = :decision)
ORDER BY o.due_at, o.id LIMIT :limit
""")
_BY_ID: Final = text("""
SELECT o.id, o.decision_id, o.reference, o.code, o.domain, o.who, o.due, o.due_at, o.message, o.recorded_at,
  (SELECT max(CASE WHEN e.kind IN ('authorised', 'captured') THEN 2 WHEN e.kind = 'failed' THEN 1 ELSE 0 END)
   FROM event e WHERE e.decision_id = o.decision_id), o.ended_at, o.ended_as, o.ended_by, o.ended_note
FROM obligation o
WHERE o.id > :after AND (:all = 1 OR o.ended_at IS NOT NULL) AND o.due_at < :before
  AND (CAST(:domain AS TEXT) IS NULL OR o.domain = :domain) AND (CAST(:code AS TEXT) IS NULL OR o.code = :code)
  AND (CAST(:who AS TEXT) IS NULL OR o.who = :who)
  AND (CAST(:decision AS TEXT) IS NULL OR o.decision_id = :decision)
ORDER BY o.id LIMIT :limit
""")
_COUNT: Final = text(
    "SELECT domain, count(*), sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END) FROM obligation WHERE ended_at IS NULL"
    " GROUP BY domain"
)
_DUE: Final = text(
    "SELECT count(*), coalesce(sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END), 0),"
    " coalesce(sum(CASE WHEN due_at < :soon THEN 1 ELSE 0 END), 0) FROM obligation WHERE ended_at IS NULL"
)
_END: Final = text(
    "UPDATE obligation SET ended_at = :at, ended_as = :outcome, ended_by = :by, ended_note = :note"
    " WHERE id = :id AND ended_at IS NULL"
)


class Obligations:
    """The obligations of the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers, self._writer = readers, writer
        self._named = References(database, readers, vault)
        words = map(database.worded, (_ONE, _BY_DAY, _BY_ID, _COUNT, _END, _DUE))
        self._one, self._by_day, self._by_id, self._count, self._end, self._due = words

    def one(self, obligation_id: str) -> StoredObligation | None:
        """The obligation with this id."""
        row = self._readers.row(self._one, {"id": obligation_id})
        return None if row is None else _stored(row, self._named.of([(row[1], row[2])])[0])

    def page(self, wanted: Wanted, *, now: datetime, limit: int, after: str | None) -> Page[StoredObligation]:
        """What is open by its day, the most urgent first, what has no day last; what ended, or all, by id.

        `after` is the cursor of the page before. Raises ValueError for one that no page gave.
        """
        by_day = wanted.status in (Status.OPEN, Status.OVERDUE)
        before = NO_DAY + 1 if wanted.due_before is None else to_micros(wanted.due_before)
        if wanted.status is Status.OVERDUE:
            before = min(before, to_micros(now))
        parameters: dict[str, Any] = {
            "before": before,
            "domain": wanted.domain,
            "code": wanted.code,
            "who": wanted.who,
            "decision": wanted.decision_id,
            "limit": limit + 1,
        }
        if by_day:
            day, _, last = (after or f"{-NO_DAY}:").partition(":")
            parameters |= {"day": int(day), "after": last}
        else:
            parameters |= {"after": after or "", "all": int(wanted.status is Status.ALL)}
        rows = self._readers.rows(self._by_day if by_day else self._by_id, parameters)
        named = self._named.of([(row[1], row[2]) for row in rows[:limit]])
        data = tuple(_stored(row, one) for row, one in zip(rows, named, strict=False))
        if len(rows) <= limit:
            return Page(data, None)
        last_row = rows[limit - 1]
        return Page(data, f"{last_row[7]}:{last_row[0]}" if by_day else last_row[0])

    def counted(self, now: datetime) -> dict[str, tuple[int, int]]:
        """Of each domain: how many are open, and how many of them are overdue."""
        rows = self._readers.rows(self._count, {"now": to_micros(now)})
        return {domain: (int(number), int(late or 0)) for domain, number, late in rows}

    def due(self, now: datetime, soon: datetime) -> tuple[int, int, int]:
        """How many are open; of them, how many are overdue now, and will be then. Counted in an index alone."""
        number, late, later = self._readers.row(self._due, {"now": to_micros(now), "soon": to_micros(soon)})
        return int(number), int(late), int(later)

    def end(
        self, obligation_id: str, outcome: Ending, at: datetime, *, by: str, note: str | None, once: KeyedAnswer | None
    ) -> Replayed | KeyReused | None:
        """End an obligation, once. Waits for the disk. Raises UnknownObligation or EndedBefore.

        `once` is kept as what to say when the very request comes again.
        """

        def store(batch: Batch) -> Replayed | KeyReused | Exception | None:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            found = batch.rows(self._one, {"id": obligation_id})
            if not found:
                return UnknownObligation(obligation_id)
            if found[0][11] is not None:
                return EndedBefore(obligation_id)
            told = {"outcome": outcome.value, "by": by, "note": note}
            batch.note(ENDED, obligation_id, to_micros(at), json.dumps(told, sort_keys=True).encode())
            ended = {"at": to_micros(at), "outcome": outcome.value, "by": by, "note": note, "id": obligation_id}
            batch.execute(self._end, ended)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(store)
        if isinstance(found, Exception):
            raise found
        return found


def _stored(row: Sequence[Any], reference: str | None) -> StoredObligation:
    (
        identity, decision_id, _, code, domain, who, due, due_at, message, recorded_at, executed,
        ended_at, ended_as, ended_by, note,
    ) = row  # fmt: skip
    return StoredObligation(
        identity, decision_id, reference, code, domain, who, due,
        None if due_at == NO_DAY else from_micros(due_at), message, from_micros(recorded_at),
        {2: True, 1: False}.get(executed), None if ended_at is None else from_micros(ended_at),
        None if ended_as is None else Ending(ended_as), ended_by, note,
    )  # fmt: skip
