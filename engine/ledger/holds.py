"""Legal holds: while one stands, nothing of its subject is erased or dropped by anybody. Set by one person, lifted by another.

A hold on a decision or on a merchant holds the payers of those decisions too: what is one person's is erased as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import head_of
from engine.ledger._database import Database, Readers
from engine.ledger._time import from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.decisions import Decisions
from engine.ledger.entries import KeyedAnswer, KeyReused, Page, Replayed
from engine.ledger.errors import BodyErased, LedgerCorrupt, LedgerError
from engine.ledger.hold_tables import LegalHoldRow


class HoldKind(StrEnum):
    """What a hold is on."""

    SUBJECT = "subject"
    """A payer, by the caller's own id."""
    DECISION = "decision"
    MERCHANT = "merchant"
    """A merchant: every payer with a decision that names it."""


class HoldState(StrEnum):
    """Where a hold stands."""

    STANDING = "standing"
    LIFTED = "lifted"


@dataclass(frozen=True, slots=True)
class LegalHold:
    """A hold, with whoever asked for it."""

    id: str
    kind: HoldKind
    target: str
    reason: str
    authority: str
    """Court, authority or department."""
    reference: str
    """Its file number."""
    set_by: str
    set_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lift_reason: str | None = None

    @property
    def state(self) -> HoldState:
        """Where it stands."""
        return HoldState.STANDING if self.lifted_at is None else HoldState.LIFTED


class UnknownHold(LookupError):
    """There is no hold with this id."""


class HoldLifted(ValueError):
    """It was lifted before."""


class OwnHold(ValueError):
    """Whoever set it does not lift it."""


class Held(LedgerError):
    """A legal hold stands over what was to be erased."""

    code = "held"

    def __init__(self, holds: Sequence[LegalHold]) -> None:
        self.holds = tuple(holds)
        super().__init__(f"Under legal hold: {', '.join(one.id for one in holds)}")


class CaseOpen(Held):
    """Nobody has decided yet a case about whom was to be erased: its evidence must stay until somebody has."""

    code = "case_open"

    def __init__(self, cases: Sequence[str]) -> None:
        self.cases = tuple(cases)
        LedgerError.__init__(self, f"Cases are open, and must be decided first: {', '.join(self.cases)}")
        self.holds = ()


_ONE: Final = text(
    "SELECT id, kind, target, reason, authority, reference, set_by, set_at, lifted_by, lifted_at, lift_reason"
    " FROM legal_hold WHERE id = :id"
)
_PAGE: Final = text(
    "SELECT id, kind, target, reason, authority, reference, set_by, set_at, lifted_by, lifted_at, lift_reason"
    " FROM legal_hold WHERE id > :after AND (CAST(:kind AS TEXT) IS NULL OR kind = :kind)"
    " AND (CAST(:target AS TEXT) IS NULL OR target = :target)"
    " AND (CAST(:state AS TEXT) IS NULL OR (CAST(:state AS TEXT) = 'standing') = (lifted_at IS NULL)) ORDER BY id LIMIT :limit"
)
_STANDING: Final = text(
    "SELECT id, kind, target, reason, authority, reference, set_by, set_at, lifted_by, lifted_at, lift_reason"
    " FROM legal_hold WHERE lifted_at IS NULL ORDER BY id"
)
_COUNT: Final = text("SELECT count(*) FROM legal_hold WHERE lifted_at IS NULL")
_LIFT: Final = text("UPDATE legal_hold SET lifted_by = :by, lifted_at = :at, lift_reason = :reason WHERE id = :id")
_PAID: Final = text("SELECT count(*) FROM decision WHERE id = :target AND payer_id = :subject")
_BOUGHT: Final = text("SELECT count(*) FROM decision_search WHERE payer = :subject AND merchant = :target")
_KEYS: Final = text("SELECT id FROM subject WHERE pseudonym = :subject")
_TAXED: Final = text("SELECT count(*) FROM tax_calculation WHERE substr(facts, 1, 13) = :head AND merchant = :merchant")
_UNTAKEN: Final = text(
    "SELECT id FROM decision WHERE seq > (SELECT coalesce(max(seq), 0) FROM decision_search) AND payer_id = :subject"
)
_DECIDED: Final = text("SELECT count(*) FROM decision WHERE id = :target AND at >= :since AND at < :until")
_PAYER_IN: Final = text("SELECT count(*) FROM decision_search WHERE payer = :target AND at >= :since AND at < :until")
_MERCHANT_IN: Final = text(
    "SELECT count(*) FROM decision_search WHERE merchant = :target AND at >= :since AND at < :until"
)
_BEHIND: Final = text(
    "SELECT count(*) FROM decision WHERE seq > (SELECT coalesce(max(seq), 0) FROM decision_search)"
    " AND at >= :since AND at < :until"
)

Outcome = Replayed | KeyReused | None
Rows = Callable[[str, dict[str, Any]], list[Any]]


class Holds:
    """The legal holds of the ledger."""

    def __init__(
        self, database: Database, readers: Readers, writer: Writer, decisions: Decisions,
        kept_as: Callable[[str], tuple[str, ...]] = lambda _: (),
    ) -> None:  # fmt: skip
        """`kept_as`: how the ledger calls a payer, or a tax number, that the caller calls so, where that is another name."""
        self._readers, self._writer, self._decisions, self._kept_as = readers, writer, decisions, kept_as
        words = database.worded
        self._one, self._page, self._standing, self._lift = words(_ONE), words(_PAGE), words(_STANDING), words(_LIFT)
        self._count, self._untaken, self._behind = words(_COUNT), words(_UNTAKEN), words(_BEHIND)
        self._of = {HoldKind.DECISION: words(_PAID), HoldKind.MERCHANT: words(_BOUGHT)}
        self._in = {
            HoldKind.SUBJECT: words(_PAYER_IN), HoldKind.DECISION: words(_DECIDED), HoldKind.MERCHANT: words(_MERCHANT_IN),
        }  # fmt: skip
        self._keys, self._taxed = words(_KEYS), words(_TAXED)
        self._insert = database.insertion(LegalHoldRow)

    def one(self, hold_id: str) -> LegalHold | None:
        """The hold with this id."""
        row = self._readers.row(self._one, {"id": hold_id})
        return None if row is None else _stored(row)

    def page(
        self, *, limit: int, after: str | None, state: HoldState | None = None, kind: HoldKind | None = None,
        target: str | None = None,
    ) -> Page[LegalHold]:  # fmt: skip
        """Holds in the order in which they were set. None: any."""
        asked = {"state": state and state.value, "kind": kind and kind.value, "target": target, "after": after or ""}
        rows = self._readers.rows(self._page, {**asked, "limit": limit + 1})
        data = tuple(_stored(row) for row in rows[:limit])
        return Page(data, data[-1].id if len(rows) > limit else None)

    def count(self) -> int:
        """How many stand."""
        return int(self._readers.row(self._count)[0])

    def standing(self, subject: str) -> tuple[LegalHold, ...]:
        """Those that stand over anything of a payer: over it, over one of its decisions, over a merchant that it paid."""
        return self._over(self._readers.rows, subject)

    def require_none(self, batch: Batch, subject: str) -> None:
        """Within the transaction that is to erase it: raises Held where a hold stands over anything of a payer."""
        found = self._over(batch.rows, subject)
        if found:
            raise Held(found)

    def standing_between(self, since: datetime, until: datetime) -> tuple[LegalHold, ...]:
        """Those that stand over a decision of a stretch of time, without its end: it must not be dropped.

        Where decisions of the stretch are not indexed yet, all that stand are meant: nobody knows what they hold.
        """
        held = [_stored(row) for row in self._readers.rows(self._standing, {})]
        if not held:
            return ()
        span = {"since": to_micros(since), "until": to_micros(until)}
        if self._readers.row(self._behind, span)[0]:
            return tuple(held)
        return tuple(
            one
            for one in held
            if any(self._readers.row(self._in[one.kind], {**span, "target": name})[0] for name in self._names(one.target))
        )  # fmt: skip

    def impose(self, hold: LegalHold, once: KeyedAnswer | None = None) -> Outcome:
        """Keep one, which stands at once. Waits for the disk."""

        def work(batch: Batch) -> Outcome:
            given = None if once is None else batch.claim(once.key, once.answer)
            if given is None:
                batch.execute(self._insert, _row(hold))
                _note(batch, "hold.set", hold, hold.set_by, hold.set_at, hold.reason)
            return given

        return self._writer.run(work)

    def lift(self, hold_id: str, by: str, at: datetime, reason: str, once: KeyedAnswer | None = None) -> Outcome:
        """By another person than whoever set it. Waits for the disk. Raises UnknownHold, HoldLifted, OwnHold."""

        def work(batch: Batch) -> Outcome | Exception:
            given = None if once is None else batch.known(once.key)
            if given is not None:
                return given
            rows = batch.rows(self._one, {"id": hold_id})
            if not rows:
                return UnknownHold(hold_id)
            found = _stored(rows[0])
            if found.lifted_at is not None:
                return HoldLifted(hold_id)
            if found.set_by == by:
                return OwnHold(hold_id)
            batch.execute(self._lift, {"by": by, "at": to_micros(at), "reason": reason, "id": hold_id})
            lifted = replace(found, lifted_by=by, lifted_at=at, lift_reason=reason)
            _note(batch, "hold.lifted", lifted, by, at, reason)
            return None if once is None else batch.claim(once.key, once.answer)

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def _over(self, rows: Rows, subject: str) -> tuple[LegalHold, ...]:
        held = [_stored(row) for row in rows(self._standing, {})]
        if not held:
            return ()
        # What is decided is not findable at once: those few are looked into.
        names = self._names(subject)
        newest = {
            merchant
            for name in names
            for (identity,) in rows(self._untaken, {"subject": name})
            for merchant in self._merchants(identity)
        }
        return tuple(one for one in held if self._concerns(rows, one, names, newest))

    def _names(self, payer: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys((payer, *self._kept_as(payer))))

    def _concerns(self, rows: Rows, one: LegalHold, names: tuple[str, ...], newest: set[str]) -> bool:
        if one.kind is HoldKind.SUBJECT:
            return not set(self._names(one.target)).isdisjoint(names)
        if one.kind is HoldKind.MERCHANT and (
            not newest.isdisjoint((one.target, _ANY)) or self._taxed_by(rows, one.target, names)
        ):
            return True
        return any(rows(self._of[one.kind], {"target": one.target, "subject": name})[0][0] for name in names)

    def _taxed_by(self, rows: Rows, merchant: str, names: tuple[str, ...]) -> bool:
        """Whether a merchant worked out a tax that is kept under a key of the payer."""
        keys = [key for name in names for (key,) in rows(self._keys, {"subject": name})]
        return any(rows(self._taxed, {"head": head_of(key), "merchant": merchant})[0][0] for key in keys)

    def _merchants(self, decision_id: str) -> tuple[str, ...]:
        """Whom a decision's payment goes to. What cannot be read may be about any merchant."""
        try:
            stored = self._decisions.one(decision_id)
            payee = {} if stored is None else orjson.loads(stored.facts).get("payee")
        except (orjson.JSONDecodeError, BodyErased, LedgerCorrupt):
            return (_ANY,)
        found = payee.get("merchant") if isinstance(payee, dict) else None
        return (found,) if isinstance(found, str) else () if stored is not None else (_ANY,)


_ANY: Final = ""
"""No merchant is called so."""


def _note(batch: Batch, kind: str, hold: LegalHold, actor: str, at: datetime, reason: str) -> None:
    told = {"actor": actor, "reason": reason, "on": hold.kind.value}
    vouch(batch, kind, hold.id, to_micros(at), told, [("legal_hold", hold.id, _row(hold))])


def _row(one: LegalHold) -> tuple[object, ...]:
    return (
        one.id, one.kind.value, one.target, one.reason, one.authority, one.reference, one.set_by, to_micros(one.set_at),
        one.lifted_by, None if one.lifted_at is None else to_micros(one.lifted_at), one.lift_reason,
    )  # fmt: skip


def _stored(row: Sequence[Any]) -> LegalHold:
    identity, kind, target, reason, authority, reference, set_by, set_at, lifted_by, lifted_at, lift_reason = row
    return LegalHold(
        identity, HoldKind(kind), target, reason, authority, reference, set_by, from_micros(set_at), lifted_by,
        None if lifted_at is None else from_micros(lifted_at), lift_reason,
    )  # fmt: skip
