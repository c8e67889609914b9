"""Reading decisions back: one by its id, many by page, the answer of an idempotency key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import TextClause, text

from engine.ledger._answers import Answers
from engine.ledger._bodies import Bodies
from engine.ledger._database import Database, Readers
from engine.ledger._opened import Kept, Opener
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._vault import REFERENCE, Vault
from engine.ledger.entries import CountedPayment, IdempotencyKey, KeyReused, Page, Replayed, StoredDecision

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
    " WHERE reference IN (:reference, :plain) AND id < :after ORDER BY id DESC LIMIT :limit"
)
_NEWEST_SEQ: Final = text("SELECT seq, hash FROM decision ORDER BY seq DESC LIMIT 1")
_STRETCH: Final = text(
    "SELECT seq, id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, instrument, channel,"
    " card, occurred_at, amount, currency, authenticated, facts, inputs, answer, hash FROM decision"
    " WHERE seq > :after AND seq <= :upto AND at >= :since AND at < :until ORDER BY seq LIMIT :limit"
)
_COUNT: Final = text("SELECT count(*), coalesce(max(seq), 0) FROM decision WHERE at >= :since AND at < :until")
_OUTCOMES: Final = text(
    "SELECT release, outcome, count(*), max(seq) FROM (SELECT seq, release, outcome FROM decision"
    " WHERE seq > :after AND seq < :below ORDER BY seq LIMIT :limit) d GROUP BY release, outcome"
)
_MINUTES: Final = text(
    "SELECT recorded_at / 60000000, outcome, count(*) FROM decision WHERE recorded_at >= :since AND recorded_at < :until"
    " GROUP BY 1, 2"
)
_ANSWERED: Final = text(
    "SELECT seq, release, payer_id, id, facts, answer FROM decision WHERE seq > :after ORDER BY seq LIMIT :limit"
)
_ABOVE_ALL: Final = "\U0010ffff"
"""Sorts after every id."""


class Decisions:
    """The stored decisions, to be read."""

    def __init__(self, database: Database, readers: Readers, vault: Vault) -> None:
        self._readers, self._vault, self._opener = readers, vault, Opener(vault)
        self._answers = Answers(database, self._opener)
        statements: tuple[TextClause, ...] = (
            _ONE, _NEWEST, _NEWEST_OF, _NEWEST_SEQ, _STRETCH, _COUNT, _OUTCOMES, _MINUTES,
            _ANSWERED,
        )  # fmt: skip
        words = map(database.worded, statements)
        self._one, self._newest, self._newest_of, self._newest_seq, self._stretch, *rest = words
        self._count, self._outcomes, self._minutes, self._answered = rest

    def one(self, decision_id: str) -> StoredDecision | None:
        """The decision with this id."""
        row = self._readers.row(self._one, {"id": decision_id})
        return None if row is None else self.opened([row])[0]

    def page(self, *, limit: int, after: str | None, reference: str | None) -> Page[StoredDecision]:
        """The newest first; `after` is the cursor of the page before."""
        sql = self._newest if reference is None else self._newest_of
        wanted: dict[str, Any] = {"after": after or _ABOVE_ALL, "limit": limit + 1}
        if reference is not None:
            wanted |= {"reference": self._vault.pseudonym(REFERENCE, reference), "plain": reference}
        data = self.opened(self._readers.rows(sql, wanted))
        more = len(data) > limit
        data = data[:limit]
        return Page(data, data[-1].id if more and data else None)

    def newest(self) -> tuple[int, bytes] | None:
        """The number and the hash of the newest decision: whoever reads up to it reads the same decisions again."""
        row = self._readers.row(self._newest_seq)
        return None if row is None else (int(row[0]), bytes(row[1]))

    def counted(self, since: datetime | None, until: datetime | None) -> tuple[int, int]:
        """How many were made from one instant to another, without it; and the number of the last of them."""
        number, last = self._readers.row(self._count, _between(since, until))
        return int(number), int(last)

    def minutes(self, since: datetime, until: datetime) -> dict[tuple[datetime, str], int]:
        """How many were stored in each minute from one instant to another, without it, by outcome. Minutes begin with those of
        UTC; where none was stored there is no entry."""
        rows = self._readers.rows(self._minutes, _between(since, until))
        return {(from_micros(int(minute) * 60_000_000), outcome): int(number) for minute, outcome, number in rows}

    def outcomes(self, *, after: int, below: int | None, limit: int) -> tuple[dict[tuple[str, str], int], int]:
        """By release and outcome, how many of the next decisions; and the row of the last, `after` where there is none."""
        rows = self._readers.rows(
            self._outcomes, {"after": after, "below": EVER if below is None else below, "limit": limit}
        )
        counts = {(release, outcome): int(number) for release, outcome, number, _ in rows}
        return counts, max((int(last) for *_, last in rows), default=after)

    def answered(self, *, after: int, limit: int) -> list[tuple[int, str, str | None, bytes]]:
        """The next decisions after a row, the oldest first: number, release, payer, answer; empty where it was erased."""
        rows = self._readers.rows(self._answered, {"after": after, "limit": limit})
        opened = self._opener.bodies(self._readers.rows, [Kept(row[3], row[4], b"", row[5]) for row in rows])
        return [
            (int(row[0]), row[1], row[2] if found is None or found.names is None else found.names.payer,
             b"" if found is None else bytes(found.answer))
            for row, found in zip(rows, opened, strict=True)
        ]  # fmt: skip

    def stretch(
        self, since: datetime | None, until: datetime | None, *, after: int, upto: int, limit: int
    ) -> tuple[StoredDecision, ...]:
        """Those among the rows from `after`, without it, to `upto`: the oldest first."""
        wanted = {**_between(since, until), "after": after, "upto": upto, "limit": limit}
        return self.opened(self._readers.rows(self._stretch, wanted))

    def given(self, wanted: IdempotencyKey) -> Replayed | KeyReused | None:
        """What an idempotency key stands for; None: it is free. Where the decision was taken out of the ledger, it stands for no
        request any more. Raises BodyErased, LedgerLocked."""
        return self._answers.given(self._readers.rows, wanted)

    def opened(self, rows: Sequence[Sequence[Any]]) -> tuple[StoredDecision, ...]:
        """Rows, their columns as the statements above ask for them, as decisions: whatever is stored of one is read here, bodies
        included, wherever the row lies."""
        bodies = self._opener.bodies(self._readers.rows, [Kept(row[1], *row[17:20]) for row in rows])
        return tuple(stored_of(row, found) for row, found in zip(rows, bodies, strict=True))


def _between(since: datetime | None, until: datetime | None) -> dict[str, int]:
    return {
        "since": -EVER if since is None else to_micros(since), "until": EVER if until is None else to_micros(until),
    }  # fmt: skip


def stored_of(row: Sequence[Any], found: Bodies | None) -> StoredDecision:
    """A row with its bodies; None: they were erased."""
    seq, decision_id, at, recorded_at, key_id, reference, payer_id, outcome, country, release, *payment = row[:17]
    if found is not None and found.names is not None:
        payer_id, reference, payment[2] = found.names
    if found is None:
        # A pseudonym names nobody: whoever sees it as a name would look for it.
        payer_id = reference = None
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
        None if found is None else (found.facts, found.inputs, found.answer),
        row[20],
    )


def _payment(payer_id: str | None, columns: Sequence[Any]) -> CountedPayment | None:
    instrument, channel, card, occurred_at, amount, currency, authenticated = columns
    if payer_id is None or amount is None:
        return None
    return CountedPayment(
        payer_id, instrument, channel, card, from_micros(occurred_at), Decimal(amount), currency, authenticated == 1
    )
