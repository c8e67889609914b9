"""Whose records lie here, the longest untouched first, and what each is: read by whoever reckons what may be erased.

Subjects are payers, by the caller's own ids. What a run did is a note of the chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import text

from engine.ledger._bodies import head_of
from engine.ledger._case_seals import names
from engine.ledger._database import Database, Readers
from engine.ledger._opened import Opener
from engine.ledger._tax_bodies import CALCULATED, Said, read
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vault import PAYER, REFERENCE, Vault
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.decisions import Decisions

RAN: Final = "retention.ran"
_TOGETHER: Final = 200
"""Rows read at once."""


class Untouched(NamedTuple):
    """A payer, and the last decision about it: the place in the order of time."""

    subject: str
    at: datetime
    decision: str

    @property
    def place(self) -> str:
        """Send as `after` to go on behind it."""
        return f"{to_micros(self.at)}:{self.decision}"


@dataclass(frozen=True, slots=True)
class RetainedDecision:
    """What a term of a decision is reckoned from."""

    id: str
    at: datetime
    reference: str | None
    payer: str | None
    """As the caller calls the payer; None: nobody can say any more."""
    facts: bytes | None
    """The request; None: it is not here to be read, and nothing can be told of it."""


class RetainedTax(NamedTuple):
    """What a term of a tax that was charged is reckoned from: the last day of the sale or of what went back, and the request."""

    day: date
    facts: bytes


class Bite(NamedTuple):
    """What one look found. `next`: where the next look begins; None: there is nothing more before the horizon."""

    found: tuple[Untouched, ...]
    next: str | None


_ROWS: Final = text(
    "SELECT s.at, s.id, s.payer FROM decision_search s WHERE (s.at, s.id) > (:at, :id) AND s.at < :before"
    " ORDER BY s.at, s.id LIMIT :limit"
)
_LAST: Final = text("SELECT at, id FROM decision_search WHERE payer = :payer ORDER BY at DESC, id DESC LIMIT 1")
_NEWER: Final = text(
    "SELECT count(*) FROM decision WHERE seq > (SELECT coalesce(max(seq), 0) FROM decision_search)"
    " AND payer_id = :payer"
)
_OF: Final = text(
    "SELECT at, id FROM decision_search WHERE payer = :payer AND (at, id) < (:at, :id) ORDER BY at DESC, id DESC LIMIT :limit"
)
_SCREENED: Final = text("SELECT max(at) FROM screening WHERE subject IN (:payer, :plain)")
_CASES: Final = text(
    "SELECT max(c.updated_at), max(CASE WHEN c.state <> 'decided' THEN 1 ELSE 0 END) FROM alert a"
    " JOIN alert_case c ON c.id = a.case_id WHERE a.subject IN (:payer, :plain) AND a.subject_kind IN ('party', 'payer')"
)
_TAXED: Final = text("SELECT max(day) FROM tax_transaction WHERE reference IN (:reference, :plain)")
_KEYS: Final = text("SELECT id FROM subject WHERE pseudonym = :payer")
_TAXES: Final = text(
    "SELECT c.id, c.reference, c.facts, c.inputs, c.answer, t.day,"
    " (SELECT max(r.day) FROM tax_reversal r WHERE r.transaction_id = t.id)"
    " FROM tax_calculation c JOIN tax_transaction t ON t.calculation_id = c.id WHERE substr(c.facts, 1, 13) = :head"
    " ORDER BY t.seq DESC"
)
_EVER: Final = 2**62


class Retained:
    """The records of the ledger, by whose they are."""

    def __init__(
        self, database: Database, readers: Readers, writer: Writer, decisions: Decisions, vault: Vault
    ) -> None:  # fmt: skip
        self._readers, self._writer, self._decisions = readers, writer, decisions
        self._vault, self._opener = vault, Opener(vault)
        words = map(database.worded, (_ROWS, _LAST, _NEWER, _OF, _SCREENED, _CASES, _TAXED, _KEYS, _TAXES))
        self._rows, self._last, self._newer, self._of, self._screened, self._cases, *rest = words
        self._taxed, self._keys, self._taxes = rest

    def untouched(self, before: datetime, *, after: str | None, rows: int) -> Bite:
        """Payers about whom the last decision is older than `before`, among so many decisions after a place. Each payer is found
        once, at its last decision. Raises ValueError for a place that no look gave."""
        at, _, last = (after or "0:").partition(":")
        asked = {"at": int(at), "id": last, "before": to_micros(before), "limit": rows}
        looked = self._readers.rows(self._rows, asked)
        found = [
            Untouched(payer, from_micros(when), decision)
            for when, decision, payer in looked
            if payer is not None and self._is_last(payer, when, decision)
        ]
        more = f"{looked[-1][0]}:{looked[-1][1]}" if len(looked) == rows else None
        return Bite(tuple(found), more)

    def decisions(self, subject: str) -> Iterator[RetainedDecision]:
        """Every decision about a payer, the newest first."""
        place: dict[str, Any] = {"at": _EVER, "id": ""}
        while True:
            rows = self._readers.rows(self._of, {**place, "payer": subject, "limit": _TOGETHER})
            for at, identity in rows:
                # Read as everybody reads a decision: wherever it lies, and under whatever key.
                stored = self._decisions.one(identity)
                if stored is None:
                    yield RetainedDecision(identity, from_micros(at), None, None, None)
                else:
                    yield RetainedDecision(
                        identity, from_micros(at), stored.reference, stored.payer_id, stored.facts or None
                    )
            if len(rows) < _TOGETHER:
                return
            place = {"at": rows[-1][0], "id": rows[-1][1]}

    def screened(self, subject: str) -> datetime | None:
        """When a payer was last screened, where that was stored."""
        at = self._readers.row(self._screened, self._called(subject))[0]
        return None if at is None else from_micros(at)

    def taxed(self, reference: str) -> date | None:
        """The last day of a tax that was charged under a reference of the caller's."""
        asked = {"reference": self._vault.pseudonym(REFERENCE, reference), "plain": reference}
        day = self._readers.row(self._taxed, asked)[0]
        return None if day is None else date.fromisoformat(day)

    def taxes(self, subject: str) -> Iterator[RetainedTax]:
        """Every tax that was charged and is kept under a key of a payer: whoever erases the payer erases it. The newest first."""
        names = dict.fromkeys((subject, self._vault.pseudonym(PAYER, subject)))
        for key in [row[0] for name in names for row in self._readers.rows(self._keys, {"payer": name})]:
            for identity, reference, *bodies, day, back in self._readers.rows(self._taxes, {"head": head_of(key)}):
                kept = [(identity, Said(reference, tuple(bodies)))]
                (said,) = read(self._opener, self._readers.rows, CALCULATED, kept)
                # Of one that was erased before there is nothing to keep any more.
                if said is not None:
                    yield RetainedTax(date.fromisoformat(max(day, back or day)), said.bodies[0])

    def case(self, subject: str) -> tuple[datetime | None, bool]:
        """When a case about a payer last moved, and whether one is not decided yet."""
        at, waits = self._readers.row(self._cases, self._called(subject))
        return None if at is None else from_micros(at), bool(waits)

    def _called(self, subject: str) -> dict[str, Any]:
        kept, plain = names(self._vault, subject)
        return {"payer": kept, "plain": plain}

    def ran(self, by: str, at: datetime, said: Mapping[str, Any]) -> None:
        """Tell in the chain what a run did: numbers only. Waits for the disk."""
        told = {**said, "by": by}
        self._writer.run(lambda batch: vouch(batch, RAN, by, to_micros(at), told, []))

    def _is_last(self, payer: str, at: int, decision: str) -> bool:
        newest = self._readers.row(self._last, {"payer": payer})
        # What is decided is not findable at once.
        return tuple(newest) == (at, decision) and not self._readers.row(self._newer, {"payer": payer})[0]
