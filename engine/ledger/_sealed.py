"""Rows beside the chain that carry a seal of their own, since no note in the chain speaks of each: answers kept under a key,
obligations, and what the monitor and the features work with.

    seal = SHA-256( compact JSON array: the table's name, then the sealed columns in their order, bytes as hex )

A seal tells damage from what was written. It is no secret: against a hand that makes seals there is the chain, which holds what
these rows repeat or are worked out from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, Final

import orjson
from sqlalchemy import column, select
from sqlalchemy import table as named

from engine.ledger._database import Connection, Database

ANSWER: Final = "answer"
CASE: Final = "onboarding_case"
CHANGE_MARK: Final = "change_mark"
DELIVERY: Final = "delivery"
DESTINATION: Final = "delivery_destination"
FEED_STATE: Final = "feed_state"
FEED_WORK: Final = "feed_work"
FORM: Final = "past_form"
INGEST_STAGE: Final = "ingest_stage"
LAST_USE: Final = "last_use"
MARK: Final = "onboarding_mark"
MONITOR: Final = "monitor"
OBLIGATION: Final = "obligation"
PARTY: Final = "known_party"
SIGN_IN_TRY: Final = "sign_in_try"
WATCHED_EVENT: Final = "watched_event"
WATCHED_SUBJECT: Final = "watched_subject"

SEALED: Final = {
    ANSWER: ("scope", "key", "request_sha256", "decision_id", "answer", "recorded_at"),
    CASE: ("id", "merchant", "stage", "country", "deadline"),
    DELIVERY: (
        "id", "alert", "destination", "state", "tries", "queued_at", "next_at", "ended_at", "holder", "held_until",
    ),
    DESTINATION: ("name", "kind", "address", "fingerprint", "known_at", "through", "off_at", "why"),
    FEED_STATE: (
        "source", "etag", "last_modified", "known_at", "tried_at", "answered_at", "new_at", "failures", "fault", "detail",
        "moved_to", "next_at", "holder", "held_until",
    ),
    CHANGE_MARK: ("mark", "item"),
    FEED_WORK: (
        "item", "source", "state", "holder", "held_until", "tries", "since", "next_at", "fault", "reading",
    ),
    FORM: ("id", "spec"),
    INGEST_STAGE: ("stage", "ran_at", "number", "failed", "middle", "high", "longest", "total"),
    LAST_USE: ("holder", "seen_at"),
    MARK: ("mark", "case_id"),
    MONITOR: ("name", "through", "mark", "holder", "held_until", "stumbled_at", "tries"),
    OBLIGATION: (
        "id", "decision_id", "recorded_at", "reference", "code", "domain", "who", "due", "due_at", "message",
    ),
    PARTY: ("subject_kind", "subject", "seq", "digest", "screened_by", "body"),
    SIGN_IN_TRY: ("key", "failed", "last_at", "until", "turned_away"),
    WATCHED_EVENT: ("id", "seq", "at", "body"),
    WATCHED_SUBJECT: ("subject_kind", "subject", "at", "event"),
}  # fmt: skip
"""By table, the columns under the seal. The rest of `onboarding_case` the chain vouches for, and the end of an obligation."""


def seal_of(table: str, columns: Sequence[object]) -> bytes:
    """The seal of a row. Raises TypeError for text that is none any more."""
    plain = [bytes(one).hex() if isinstance(one, bytes | memoryview) else one for one in columns]
    return sha256(orjson.dumps([table, *plain])).digest()


def sealed(table: str, columns: Sequence[object]) -> tuple[object, ...]:
    """A row with its seal behind it."""
    return (*columns, seal_of(table, columns))


class Seals:
    """Every seal, held against its row."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._tables = [(table, database.worded(_reading(table))) for table in SEALED]

    def fault(self) -> tuple[int, str, str] | None:
        """The first row whose seal is broken: nought, its table, what is wrong. None: none is."""
        for table, sql in self._tables:
            for seal, *columns in self._rows(sql):
                if not isinstance(seal, bytes) or seal != _seal_or_none(table, columns):
                    return 0, table, f"the seal of the row {columns[0]} is broken: it is not what was written"
        return None

    def _rows(self, sql: str) -> Iterator[Any]:
        """Row by row: there are as many as answers."""
        cursor = self._connection.execute(sql)
        while (row := cursor.fetchone()) is not None:
            yield row


def _seal_or_none(table: str, columns: Sequence[object]) -> bytes | None:
    try:
        return seal_of(table, columns)
    except TypeError:
        return None


@cache
def _reading(table: str) -> Any:
    return select(column("seal"), *map(column, SEALED[table])).select_from(named(table))
