"""What payers did: events told about decisions, and the counters the law asks for, at any point in time.

The payment's own time (`occurred_at`) says whether it lies before the present one and after the last authentication.
An event's time orders it among the events of its payment; its `recorded_at` says from when on it was known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.history import EventKind, FeatureAnswer, FeatureQuestion, History, PastPayments
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._writer import Writer
from engine.ledger.entries import EventWritten, KeyedAnswer, Recorded, StoredEvent
from engine.ledger.errors import UnknownDecision
from engine.money import Money

_EXACT: Final = Context(prec=1000)
"""A sum of payments is never rounded."""

_RESET_BY: Final = {
    "contactless": ("chip", "unattended_terminal"),
    "chip": ("contactless", "unattended_terminal"),
    "unattended_terminal": ("contactless", "chip"),
}
"""The channels beside its own in which an authentication resets a counter: at a till or a machine, however the card was read
(EBA Q&A 2018_4226). Remote payments stand alone."""

# The last word of a payment among authorised, captured and failed says whether it is executed, and the decision that
# word was said of says what it was. A payment authenticated under any of its decisions is not counted.
_PAST: Final = text("""
SELECT c.amount, c.currency FROM event c
WHERE c.payer_id = :payer AND c.instrument = :instrument AND c.channel = :channel
  AND c.kind IN ('authorised', 'captured') AND c.authenticated = 0
  AND c.occurred_at < :before AND c.recorded_at <= :known
  AND (c.card IS NULL OR c.card = :card OR CAST(:card AS TEXT) IS NULL)
  AND c.occurred_at >= coalesce((
    SELECT max(r.at) FROM event r
    WHERE r.payer_id = :payer AND r.instrument = :instrument AND r.channel IN (:channel, :beside, :behind)
      AND r.kind = 'authenticated' AND r.at < :before AND r.recorded_at <= :known
      AND (r.card = :card OR (r.card IS NULL AND CAST(:card AS TEXT) IS NULL))), c.occurred_at)
  AND NOT EXISTS (
    SELECT 1 FROM event g
    WHERE g.payer_id = c.payer_id AND g.payment = c.payment AND g.recorded_at <= :known
      AND (g.kind = 'authenticated' OR (g.kind IN ('authorised', 'captured', 'failed')
        AND (g.at > c.at OR (g.at = c.at AND g.seq > c.seq)))))
  AND NOT EXISTS (
    SELECT 1 FROM decision d
    WHERE d.payer_id = c.payer_id AND d.reference = c.reference AND d.authenticated = 1 AND d.recorded_at <= :known)
""")
_SUBJECT: Final = text(
    "SELECT payer_id, reference, instrument, channel, card, occurred_at, amount, currency, authenticated"
    " FROM decision WHERE id = :id"
)
_TOLD: Final = text("SELECT seq FROM event WHERE decision_id = :id AND kind = :kind AND at = :at")
_EVENTS: Final = text(
    "SELECT seq, decision_id, kind, at, recorded_at, key_id, details FROM event WHERE decision_id = :id ORDER BY seq"
)


class LedgerHistory(History):
    """The History of the rules, read from what the ledger was told. A payer it was never told of has paid nothing."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers = readers
        self._writer = writer
        self._past, self._subject, self._told, self._events = map(database.worded, (_PAST, _SUBJECT, _TOLD, _EVENTS))

    def since_authenticated(
        self,
        *,
        payer_id: str,
        instrument: str,
        channel: str,
        card: str | None,
        before: datetime,
        known_at: datetime | None = None,
    ) -> PastPayments:
        """Executed, unauthenticated payments that began before `before`, as far as it was known at `known_at`."""
        beside, behind = _RESET_BY.get(channel, (channel, channel))
        rows = self._readers.rows(
            self._past,
            {
                "payer": payer_id,
                "instrument": instrument,
                "channel": channel,
                "beside": beside,
                "behind": behind,
                "card": card,
                "before": to_micros(before),
                "known": EVER if known_at is None else to_micros(known_at),
            },
        )
        return PastPayments(_totals(rows), len(rows)) if rows else _NONE

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """Not kept yet: None for each."""
        return [None] * len(asked)

    def record_event(
        self,
        decision_id: str,
        kind: EventKind,
        at: datetime,
        details: Mapping[str, Any] | None = None,
        *,
        key_id: str | None = None,
        once: KeyedAnswer | None = None,
    ) -> EventWritten:
        """Record what became of a decision; the same decision, kind and instant again is the same event.

        Raises UnknownDecision. `once` is kept as what to say when the very request comes again. Waits for the disk:
        from an event loop, call it in a thread.
        """
        event = (decision_id, EventKind(kind).value, to_micros(at))
        written = orjson.dumps(dict(details or {}), option=orjson.OPT_SORT_KEYS)

        def record(batch: Batch) -> EventWritten:
            known = None if once is None else batch.claim(once.key, once.answer)
            return known or self._record(batch, event, key_id, written)

        return self._writer.run(record)

    def events(self, decision_id: str) -> tuple[StoredEvent, ...]:
        """What was told about a decision, in the order it was told."""
        return tuple(_stored(row) for row in self._readers.rows(self._events, {"id": decision_id}))

    def _record(self, batch: Batch, event: tuple[str, str, int], key_id: str | None, details: bytes) -> Recorded:
        decision_id, kind, at = event
        subject = batch.rows(self._subject, {"id": decision_id})
        if not subject:
            raise UnknownDecision(decision_id)
        told = batch.rows(self._told, {"id": decision_id, "kind": kind, "at": at})
        if told:
            return Recorded(told[0][0], fresh=False)
        payer_id, reference, *payment = subject[0]
        name = f"id {decision_id}" if reference is None else f"reference {reference}"
        columns = (*event, batch.now, key_id, payer_id, reference, name, *payment)
        return Recorded(batch.event(columns, details), fresh=True)


_NONE: Final = PastPayments((), 0)


def _totals(rows: Sequence[tuple[str, str]]) -> tuple[Money, ...]:
    """One exact total for each currency, in the order of their codes."""
    totals: dict[str, Decimal] = {}
    for amount, currency in rows:
        known = totals.get(currency)
        totals[currency] = Decimal(amount) if known is None else _EXACT.add(known, Decimal(amount))
    return tuple(Money(totals[currency], currency) for currency in sorted(totals))


def _stored(row: Sequence[Any]) -> StoredEvent:
    seq, decision_id, kind, at, recorded_at, key_id, details = row
    return StoredEvent(seq, decision_id, EventKind(kind), from_micros(at), from_micros(recorded_at), key_id, details)
