"""What idempotency keys stand for: how a key is kept, what was answered under it, and whether the same request came before.

In a ledger that protects personal data neither the caller's key nor the digest of a request lies in the clear: both are HMACs
under a key of the ledger. A key that was taken before stands as it came, and is found all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import text

from engine.ledger._bodies import DataKey, NotOpened, is_sealed, joined, open_parts, pieces_of, seal_parts
from engine.ledger._bodies import key_of as number_of
from engine.ledger._database import Database
from engine.ledger._opened import Kept, Opener
from engine.ledger._sealed import ANSWER, seal_of
from engine.ledger._vault import Ask
from engine.ledger.entries import DecisionEntry, IdempotencyKey, KeyReused, Piece, Replayed, StoredAnswer, Written
from engine.ledger.errors import BodyErased, LedgerCorrupt, LedgerError


class Holder(NamedTuple):
    """The row of an idempotency key, with what was answered."""

    decision_id: str | None
    request: bytes
    answer: bytes | None
    """None: the decision was taken out of the ledger, or stands in this very transaction."""
    bodies: bytes | None
    """Those of its decision, where they hold the answer sealed."""
    key: str


class Answers:
    """The answers of one ledger, by the keys of callers."""

    def __init__(self, database: Database, opener: Opener) -> None:
        self._opener, self._vault = opener, opener.vault
        self._find = database.worded(_GIVEN)
        self.claims = database.worded(_CLAIM if database.is_sqlite else _CLAIM_POSTGRES)
        """Takes keys for decisions: each that nobody has."""

    def kept_as(self, wanted: IdempotencyKey) -> IdempotencyKey:
        """A key as it is kept. Raises LedgerLocked."""
        return self._vault.asked(wanted)

    def claiming(self, wanted: IdempotencyKey, decision_id: str, now: int) -> dict[str, object]:
        """What `claims` needs to take a key. Raises LedgerLocked."""
        scope, key, request = kept = self._vault.asked(wanted)
        return {
            "scope": scope, "key": key, "request": request, "decision": decision_id, "now": now,
            "seal": seal_of(ANSWER, (*kept, decision_id, None, now)), "plain": wanted.key,
        }  # fmt: skip

    def of_decisions(self, ask: Ask, keyed: Sequence[tuple[int, DecisionEntry]]) -> dict[int, Written | LedgerError]:
        """Of entries whose keys were asked for in this transaction those that did not get theirs, by their place, with what to
        answer them."""
        known: dict[int, Written | LedgerError] = {}
        winners: dict[str, DecisionEntry] = {}
        for place, entry in keyed:
            wanted = key_of(entry)
            holder = self.holder(ask, wanted)
            assert holder is not None
            decision = str(holder.decision_id)
            if holder.answer is None and decision == entry.id and decision not in winners:
                winners[decision] = entry
            elif not self.is_of(wanted, holder) or (holder.answer is None and decision not in winners):
                # Without an answer, and not of this batch, the decision was taken out of the ledger: the key stays taken.
                known[place] = KeyReused(wanted.scope, wanted.key)
            else:
                # Without a stored answer the first with this key stands in this very batch, before this one.
                try:
                    given = winners[decision].answer if holder.answer is None else self.said(ask, wanted.scope, holder)
                except BodyErased as erased:
                    known[place] = erased
                else:
                    known[place] = Replayed(StoredAnswer(holder.decision_id, wanted.request_sha256, given))
        return known

    def holder(self, ask: Ask, wanted: IdempotencyKey) -> Holder | None:
        """Who has taken a key; None: it is free. Raises LedgerLocked."""
        kept = self._vault.asked(wanted)
        rows = ask(self._find, {"scope": wanted.scope, "key": kept.key, "plain": wanted.key})
        return Holder(*rows[0]) if rows else None

    def is_of(self, wanted: IdempotencyKey, holder: Holder) -> bool:
        """Whether the key was taken by this very request."""
        kept = self._vault.asked(wanted)
        return holder.request == (kept if holder.key == kept.key else wanted).request_sha256

    def given(self, ask: Ask, wanted: IdempotencyKey) -> Replayed | KeyReused | None:
        """What a key stands for; None: it is free. Raises BodyErased, LedgerLocked, LedgerCorrupt."""
        holder = self.holder(ask, wanted)
        if holder is None:
            return None
        # Where the decision was taken out of the ledger its answer is not at hand, and the key stays taken.
        if holder.answer is None or not self.is_of(wanted, holder):
            return KeyReused(wanted.scope, wanted.key)
        return Replayed(StoredAnswer(holder.decision_id, wanted.request_sha256, self.said(ask, wanted.scope, holder)))

    def said(self, ask: Ask, scope: str, holder: Holder) -> bytes:
        """What was answered. Raises BodyErased, LedgerLocked, LedgerCorrupt."""
        if holder.decision_id is not None and holder.bodies is not None and is_sealed(holder.bodies):
            (found,) = self._opener.bodies(ask, [Kept(holder.decision_id, holder.bodies)])
            if found is None:
                raise BodyErased(f"the decision {holder.decision_id}")
            return found.answer
        answer = holder.answer or b""
        return self._opened(ask, scope, holder.key, answer) if is_sealed(answer) else answer

    def sealed(self, wanted: IdempotencyKey, pieces: Sequence[Piece], keys: Mapping[str, DataKey]) -> bytes:
        """An answer as it is kept: each piece under the key of whom it is about, bound to the idempotency key and its place."""
        name = self._vault.asked(wanted).key
        return joined(
            [
                seal_parts(keys[one.subject], _about(wanted.scope, name, place), (one.said,))
                for place, one in enumerate(pieces)
            ]
        )

    def _opened(self, ask: Ask, scope: str, name: str, body: bytes) -> bytes:
        try:
            pieces = pieces_of(body)
            keys = self._vault.read(ask, [number_of(one) for one in pieces])
            said = list[bytes]()
            for place, one in enumerate(pieces):
                key = keys[number_of(one)]
                if key is None:
                    raise BodyErased("an answer")
                said += open_parts(key, _about(scope, name, place), one, 1)
        except NotOpened as error:
            raise LedgerCorrupt(f"What was answered under an idempotency key cannot be opened: {error}") from error
        return b"".join(said)


def key_of(entry: DecisionEntry) -> IdempotencyKey:
    """The idempotency key of an entry that has one."""
    assert entry.idempotency is not None
    return IdempotencyKey(*entry.idempotency)


def _about(scope: str, name: str, place: int) -> str:
    return f"answer {scope} {name} {place}"


_GIVEN: Final = text(
    "SELECT a.decision_id, a.request_sha256, coalesce(a.answer, d.answer), CASE WHEN length(d.answer) = 0 THEN d.facts END, a.key"
    " FROM answer a LEFT JOIN decision d ON d.id = a.decision_id WHERE a.scope = :scope AND a.key IN (:key, :plain)"
    " ORDER BY a.recorded_at"
)
# A key that was taken before protection began stands as it came: whoever brings it again has not got it.
_CLAIM: Final = text(
    "INSERT INTO answer (scope, key, request_sha256, decision_id, answer, recorded_at, seal)"
    " SELECT :scope, :key, :request, :decision, NULL, :now, :seal"
    " WHERE NOT EXISTS (SELECT 1 FROM answer WHERE scope = :scope AND key = :plain) ON CONFLICT DO NOTHING"
)
_CLAIM_POSTGRES: Final = text(
    "INSERT INTO answer (scope, key, request_sha256, decision_id, answer, recorded_at, seal)"
    " SELECT CAST(:scope AS TEXT), CAST(:key AS TEXT), CAST(:request AS BYTEA), CAST(:decision AS TEXT), NULL,"
    " CAST(:now AS BIGINT), CAST(:seal AS BYTEA)"
    " WHERE NOT EXISTS (SELECT 1 FROM answer WHERE scope = CAST(:scope AS TEXT) AND key = CAST(:plain AS TEXT))"
    " ON CONFLICT DO NOTHING"
)
