"""What payers did: events told about decisions, and the counters the law asks for, at any point in time.

The payment's own time (`occurred_at`) says whether it lies before the present one and after the last authentication.
An event's time orders it among the events of its payment; its `recorded_at` says from when on it was known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Context, Decimal
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.history import EventKind, FeatureAnswer, FeatureForm, FeatureQuestion, History, PastPayments, PastQuestion
from engine.ledger._batch import Batch
from engine.ledger._bodies import DataKey, NotOpened, is_sealed, key_of, open_event, seal_event
from engine.ledger._database import Database, Readers
from engine.ledger._opened import Opener
from engine.ledger._past import EXECUTED
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._vault import CARD, PAYER, REFERENCE, Vault
from engine.ledger._writer import Writer
from engine.ledger.entries import EventWritten, KeyedAnswer, Recorded, StoredEvent
from engine.ledger.errors import LedgerCorrupt, UnknownDecision
from engine.ledger.past import PastFeatures
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
# word was said of says what it was. A payment authenticated under any of its decisions is not counted. What was told before
# personal data were protected stands under the plain names, and is counted with the rest.
_PAST: Final = text("""
SELECT c.amount, c.currency FROM event c
WHERE c.payer_id IN (:payer, :plain) AND c.instrument = :instrument AND c.channel = :channel
  AND c.kind IN ('authorised', 'captured') AND c.authenticated = 0
  AND (c.occurred_at < :before OR (c.occurred_at = :before AND c.payment NOT IN (:own, :plain_own)))
  AND c.recorded_at <= :known
  AND (c.card IS NULL OR c.card IN (:card, :plain_card) OR CAST(:card AS TEXT) IS NULL)
  AND c.occurred_at >= coalesce((
    SELECT max(r.at) FROM event r
    WHERE r.payer_id IN (:payer, :plain) AND r.instrument = :instrument AND r.channel IN (:channel, :beside, :behind)
      AND r.kind = 'authenticated' AND r.at < :before AND r.recorded_at <= :known
      AND (r.card IN (:card, :plain_card) OR (r.card IS NULL AND CAST(:card AS TEXT) IS NULL))), c.occurred_at)
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
    "SELECT payer_id, reference, instrument, channel, card, occurred_at, amount, currency, authenticated, at, facts"
    " FROM decision WHERE id = :id"
)
_TOLD: Final = text("SELECT seq FROM event WHERE decision_id = :id AND kind = :kind AND at = :at")
_EVENTS: Final = text(
    "SELECT seq, decision_id, kind, at, recorded_at, key_id, details FROM event WHERE decision_id = :id ORDER BY seq"
)


class LedgerHistory(History):
    """The History of the rules, read from what the ledger was told. A payer it was never told of has paid nothing."""

    def __init__(self, database: Database, readers: Readers, writer: Writer, vault: Vault) -> None:
        self._readers = readers
        self._writer = writer
        self._vault, self._opener = vault, Opener(vault)
        self._past_features = PastFeatures(database, readers, writer, vault)
        self._past, self._subject, self._told, self._events = map(database.worded, (_PAST, _SUBJECT, _TOLD, _EVENTS))

    def since_authenticated(self, asked: PastQuestion, *, known_at: datetime | None = None) -> PastPayments:
        """Executed, unauthenticated payments, as far as it was known at `known_at`. Merchants state days or seconds: what was
        paid at the same instant under another reference was paid before, too."""
        vault, own = self._vault, asked.reference
        beside, behind = _RESET_BY.get(asked.channel, (asked.channel, asked.channel))
        rows = self._readers.rows(
            self._past,
            {
                "payer": vault.pseudonym(PAYER, asked.payer_id),
                "plain": asked.payer_id,
                "instrument": asked.instrument,
                "channel": asked.channel,
                "beside": beside,
                "behind": behind,
                "card": None if asked.card is None else vault.pseudonym(CARD, asked.card),
                "plain_card": asked.card,
                "before": to_micros(asked.before),
                "own": "" if own is None else _named(vault.pseudonym(REFERENCE, own)),
                "plain_own": "" if own is None else _named(own),
                "known": EVER if known_at is None else to_micros(known_at),
            },
        )
        return PastPayments(_totals(rows), len(rows)) if rows else _NONE

    def features(self, asked: Sequence[FeatureQuestion]) -> Sequence[FeatureAnswer | None]:
        """What was paid, as far as it is known now. None for a form of feature that is not kept (`keep`)."""
        return self._past_features.answers(asked)

    def keep(self, forms: Iterable[FeatureForm]) -> None:
        """Keep what features of these forms need, from the first event on. Waits for the disk."""
        self._past_features.prepare(forms)

    def make_features_anew(self) -> None:
        """Work the past that features are answered from out of the chain again. Waits for the disk."""
        self._past_features.make_anew()

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
        """What was told about a decision, in the order it was told. Where its payer was erased, the details are empty."""
        rows = self._readers.rows(self._events, {"id": decision_id})
        keys = self._opener.keys(self._readers.rows, [row[6] for row in rows])
        return tuple(_stored(row, _details(row, keys)) for row in rows)

    def settle(self, batch: Batch) -> None:
        """Take in every event that was told."""
        self._past_features.keeper.settle(batch)

    def _record(self, batch: Batch, event: tuple[str, str, int], key_id: str | None, details: bytes) -> Recorded:
        decision_id, kind, at = event
        subject = batch.rows(self._subject, {"id": decision_id})
        if not subject:
            raise UnknownDecision(decision_id)
        told = batch.rows(self._told, {"id": decision_id, "kind": kind, "at": at})
        if told:
            return Recorded(told[0][0], fresh=False)
        payer_id, reference, *payment, decided_at, facts = subject[0]
        name = f"id {decision_id}" if reference is None else _named(reference)
        columns = (*event, batch.now, key_id, payer_id, reference, name, *payment)
        if batch.protects():
            details = self._sealed(batch, event, payer_id, (decided_at, facts), details)
        seq = batch.event(columns, details)
        self._past_features.keeper.take_in(batch)
        return Recorded(seq, fresh=True)

    def _sealed(
        self, batch: Batch, event: tuple[str, str, int], payer: str | None, decided: tuple[int, bytes], details: bytes
    ) -> bytes:
        """Details as they are kept. Beside them stands what features count of the payment: it outlasts an erasure."""
        decision_id, kind, at = event
        subject = decision_id if payer is None else payer
        if payer is not None and not is_sealed(decided[1]):
            subject = self._vault.pseudonym(PAYER, payer)
        stays = self._past_features.keeper.stays(batch, decision_id, *decided) if kind in EXECUTED else b""
        return seal_event(batch.keys([subject])[subject], _about(decision_id, kind, at), stays, details)


def _named(reference: str) -> str:
    """What the decisions of one payment are known by."""
    return f"reference {reference}"


def _about(decision_id: str, kind: str, at: int) -> str:
    """What the details of an event belong to."""
    return f"{decision_id} {kind} {at}"


def _details(row: Sequence[Any], keys: Mapping[int, DataKey | None]) -> bytes:
    _, decision_id, kind, at, _, _, details = row
    if not is_sealed(details):
        return bytes(details)
    key = keys[key_of(details)]
    if key is None:
        return b"{}"
    try:
        return open_event(key, _about(decision_id, kind, at), details)
    except NotOpened as error:
        raise LedgerCorrupt(f"What was told of the decision {decision_id} cannot be opened: {error}") from error


_NONE: Final = PastPayments((), 0)


def _totals(rows: Sequence[tuple[str, str]]) -> tuple[Money, ...]:
    """One exact total for each currency, in the order of their codes."""
    totals: dict[str, Decimal] = {}
    for amount, currency in rows:
        known = totals.get(currency)
        totals[currency] = Decimal(amount) if known is None else _EXACT.add(known, Decimal(amount))
    return tuple(Money(totals[currency], currency) for currency in sorted(totals))


def _stored(row: Sequence[Any], details: bytes) -> StoredEvent:
    seq, decision_id, kind, at, recorded_at, key_id, _ = row
    return StoredEvent(seq, decision_id, EventKind(kind), from_micros(at), from_micros(recorded_at), key_id, details)
