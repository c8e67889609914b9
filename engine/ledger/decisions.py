"""Reading decisions back: one by its id, many by page, the answer of an idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import TextClause, text

from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros
from engine.ledger.entries import CountedPayment, Page, StoredAnswer, StoredDecision

_ONE: Final = text(
    "SELECT seq, id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, instrument, channel,"
    " card, occurred_at, amount, currency, authenticated, facts, inputs, answer, hash FROM decision WHERE id = :id"
)
_NEWEST: Final = text(
    "SELECT seq, id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, instrument, channel,"
    " card, occurred_at, amount, currency, authenticated, facts, inputs, answer, hash FROM decision"
    " WHERE id < :after ORDER BY id DESC LIMIT :limit"
)
_NEWEST_OF: Final = text(
    "SELECT seq, id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, instrument, channel,"
    " card, occurred_at, amount, currency, authenticated, facts, inputs, answer, hash FROM decision"
    " WHERE reference = :reference AND id < :after ORDER BY id DESC LIMIT :limit"
)
_ANSWER: Final = text(
    "SELECT a.decision_id, a.request_sha256, coalesce(a.answer, d.answer) FROM answer a"
    " LEFT JOIN decision d ON d.id = a.decision_id WHERE a.scope = :scope AND a.key = :key"
)
_ABOVE_ALL: Final = "\U0010ffff"
"""Sorts after every id."""


class Decisions:
    """The stored decisions, to be read."""

    def __init__(self, database: Database, readers: Readers) -> None:
        self._readers = readers
        statements: tuple[TextClause, ...] = (_ONE, _NEWEST, _NEWEST_OF, _ANSWER)
        self._one, self._newest, self._newest_of, self._answer = map(database.worded, statements)

    def one(self, decision_id: str) -> StoredDecision | None:
        """The decision with this id."""
        row = self._readers.row(self._one, {"id": decision_id})
        return None if row is None else _stored(row)

    def page(self, *, limit: int, after: str | None, reference: str | None) -> Page[StoredDecision]:
        """The newest first; `after` is the cursor of the page before."""
        sql = self._newest if reference is None else self._newest_of
        wanted: dict[str, Any] = {"after": after or _ABOVE_ALL, "limit": limit + 1}
        if reference is not None:
            wanted["reference"] = reference
        data = tuple(_stored(row) for row in self._readers.rows(sql, wanted))
        more = len(data) > limit
        data = data[:limit]
        return Page(data, data[-1].id if more and data else None)

    def answer(self, scope: str, key: str) -> StoredAnswer | None:
        """What was answered under this key."""
        row = self._readers.row(self._answer, {"scope": scope, "key": key})
        return None if row is None else StoredAnswer(*row)


def _stored(row: Sequence[Any]) -> StoredDecision:
    seq, decision_id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, *payment = row[:17]
    facts, inputs, answer, digest = row[17:]
    return StoredDecision(
        seq,
        decision_id,
        from_micros(at),
        from_micros(recorded_at),
        key_id,
        reference,
        payer_id,
        outcome,
        country,
        release,
        _payment(payer_id, payment),
        facts,
        inputs,
        answer,
        digest,
    )


def _payment(payer_id: str | None, columns: Sequence[Any]) -> CountedPayment | None:
    instrument, channel, card, occurred_at, amount, currency, authenticated = columns
    if payer_id is None or amount is None:
        return None
    return CountedPayment(
        payer_id, instrument, channel, card, from_micros(occurred_at), Decimal(amount), currency, authenticated == 1
    )
