"""Alerts on their way to other systems and to people. Queued once for each destination, tried until they are taken or given up.

Queueing reads the notes of the chain that tell alerts, after the one that a destination has come to, and moves it on in the same
transaction: an alert that is told is queued, whoever dies in between. Sending is at least once: whoever sends holds what it sends
for a while, and leaves what came of it only while it still does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from engine.alerts import Alert
from engine.ledger._batch import Batch
from engine.ledger._database import Database, Readers
from engine.ledger._deliveries_sql import STATEMENTS
from engine.ledger._sealed import DELIVERY, DESTINATION, SEALED, sealed
from engine.ledger._time import EVER, from_micros, to_micros
from engine.ledger._vouched import vouch
from engine.ledger._writer import Writer
from engine.ledger.alerts import ONE, AlertWriter, Occasion, stored_alerts
from engine.ledger.delivery_entries import (
    AttemptOutcome,
    Counted,
    Delivery,
    DeliveryState,
    Destination,
    Sending,
    StoredAttempt,
    StoredDestination,
    Tried,
    UnknownDelivery,
)
from engine.ledger.delivery_tables import AttemptRow, DeliveryRow, DestinationRow
from engine.ledger.entries import Page
from engine.ledger.errors import LeaseLost

_IDLE: Final = 5_000
"""Notes without an alert after which a destination is moved on all the same: they need not be looked at again."""
_LONGEST: Final = 300
"""Characters of what is kept about an attempt."""


class Deliveries:
    """What is told beyond the ledger."""

    def __init__(self, database: Database, readers: Readers, writer: Writer) -> None:
        self._readers, self._writer = readers, writer
        self._sql = {name: database.worded(statement) for name, statement in STATEMENTS.items()}
        self._alert = database.worded(ONE)
        tables = (DestinationRow, AttemptRow)
        self._insert = {table: database.insertion(table) for table in tables}
        self._queue = database.insertion(DeliveryRow, unless_known=True)
        self._alerts = AlertWriter(database)

    # -- destinations --

    def destinations(self) -> tuple[StoredDestination, ...]:
        """Every destination that there ever was."""
        return tuple(map(_destination, self._readers.rows(self._sql["destinations"])))

    def know(self, one: Destination, now: datetime) -> StoredDestination:
        """Have a destination: a new one is told of alerts from now on; one whose address or secrets are others is switched on
        again. Waits for the disk where anything is to be written."""
        rows = self._readers.rows(self._sql["destination"], {"name": one.name})
        if rows and (known := _destination(rows[0])).destination == one:
            return known

        def work(batch: Batch) -> StoredDestination:
            found = batch.rows(self._sql["destination"], {"name": one.name})
            if not found:
                made = StoredDestination(one, now, batch.seq, None, "")
                batch.execute(self._insert[DestinationRow], sealed(DESTINATION, _destination_row(made)))
                return made
            known = _destination(found[0])
            if known.destination != one:
                known = replace(known, destination=one, off_at=None, why="")
                self._put_destination(batch, known)
            return known

        return self._writer.run(work)

    def switch_on(self, name: str, now: datetime, actor: str) -> bool:
        """Send there again. False: it is sent there, or there is no such destination. Waits for the disk."""

        def work(batch: Batch) -> bool:
            found = batch.rows(self._sql["destination"], {"name": name})
            if not found or _destination(found[0]).off_at is None:
                return False
            self._put_destination(batch, replace(_destination(found[0]), off_at=None, why=""))
            vouch(batch, "delivery.switched_on", name, to_micros(now), {"actor": actor}, [])
            return True

        return self._writer.run(work)

    # -- queueing and sending --

    def queue(self, name: str, wanted: Callable[[Alert], bool], now: datetime, limit: int = 200) -> int:
        """Queue the alerts that were told since the last time, as far as they are wanted. Returns how many. Waits for the disk
        where there are any."""
        rows = self._readers.rows(self._sql["destination"], {"name": name})
        if not rows:
            return 0
        through, head = _destination(rows[0]).through, int(self._readers.row(self._sql["head"])[0])
        idle = head - through < _IDLE
        if idle and not self._readers.rows(self._sql["told"], {"after": through, "upto": head, "limit": 1}):
            return 0

        def work(batch: Batch) -> int:
            known = _destination(batch.rows(self._sql["destination"], {"name": name})[0])
            asked = {"after": known.through, "upto": batch.seq, "limit": limit}
            notes = batch.rows(self._sql["told"], asked)
            queued = sum(self._add(batch, name, alert_id, wanted, now) for _, alert_id in notes)
            # INVARIANT: no note lies between the last one read and the one it is moved on to.
            self._put_destination(batch, replace(known, through=notes[-1][0] if len(notes) == limit else batch.seq))
            return queued

        return self._writer.run(work)

    def take(self, name: str, holder: str, now: datetime, lease: timedelta, limit: int) -> list[Sending]:
        """Hold what is due at a destination, the longest due first, until `now + lease`; nothing where it is switched off. Waits
        for the disk where there is anything."""
        asked = {"destination": name, "now": to_micros(now), "limit": limit}
        if not self._readers.rows(self._sql["due"], asked):
            return []

        def work(batch: Batch) -> list[Sending]:
            found = batch.rows(self._sql["destination"], {"name": name})
            if not found or _destination(found[0]).off_at is not None:
                return []
            sending, due = [], batch.rows(self._sql["due"], asked)
            alerts = stored_alerts(batch.vault, batch.rows, [row[:14] for row in due])
            for row, told in zip(due, alerts, strict=True):
                held = replace(_delivery(row[14:]), holder=holder, held_until=now + lease)
                self._put(batch, held)
                sending.append(Sending(held, told.alert, told.case_id))
            return sending

        return self._writer.run(work)

    def leave(self, held: Delivery, tried: Tried, occasion: Occasion) -> Delivery:
        """Keep what came of an attempt, and let go. Waits for the disk. Raises LeaseLost where another has taken it meanwhile."""

        def work(batch: Batch) -> Delivery | Exception:
            rows = batch.rows(self._sql["one"], {"id": held.id})
            now = _delivery(rows[0]) if rows else None
            if now is None or (now.holder, now.held_until) != (held.holder, held.held_until):
                return LeaseLost(f"The delivery {held.id} is not any more as this worker holds it")
            self._add_attempt(batch, held.id, tried)
            after = _after(now, tried)
            self._put(batch, after)
            if tried.outcome is AttemptOutcome.GONE:
                known = _destination(batch.rows(self._sql["destination"], {"name": held.destination})[0])
                self._put_destination(batch, replace(known, off_at=tried.at, why=tried.detail[:_LONGEST]))
            for told in tried.told:
                self._alerts.tell(batch, told, occasion)
            return after

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    def replay(self, delivery_id: str, now: datetime, actor: str, reason: str = "") -> Delivery:
        """Have one that was given up sent again, with all its tries. Waits for the disk. Raises UnknownDelivery."""

        def work(batch: Batch) -> Delivery | Exception:
            rows = batch.rows(self._sql["one"], {"id": delivery_id})
            known = _delivery(rows[0]) if rows else None
            if known is None or known.state is not DeliveryState.DEAD:
                return UnknownDelivery(delivery_id)
            again = replace(known, state=DeliveryState.WAITING, tries=0, next_at=now, ended_at=None)
            self._put(batch, again)
            said = {"actor": actor, **({"reason": reason} if reason else {})}
            vouch(batch, "delivery.replayed", delivery_id, to_micros(now), said, [])
            return again

        found = self._writer.run(work)
        if isinstance(found, Exception):
            raise found
        return found

    # -- reading --

    def page(
        self,
        *,
        state: DeliveryState | None = None,
        destination: str | None = None,
        limit: int,
        after: str | None = None,
    ) -> Page[Delivery]:
        """Deliveries by their ids, which say nothing of time."""
        asked = {
            "state": None if state is None else state.value, "destination": destination, "after": after or "",
            "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._sql["page"], asked)
        data = tuple(map(_delivery, rows[:limit]))
        return Page(data, data[-1].id if len(rows) > limit else None)

    def newest(
        self, *, state: DeliveryState | None, destination: str | None, limit: int, after: str | None
    ) -> Page[Delivery]:
        """Deliveries as they were queued, the newest first. `after`: the cursor of the page before."""
        at, _, before = (after or f"{EVER}:").partition(":")
        asked = {
            "state": None if state is None else state.value, "destination": destination, "at": int(at), "before": before,
            "limit": limit + 1,
        }  # fmt: skip
        rows = self._readers.rows(self._sql["newest"], asked)
        data = tuple(map(_delivery, rows[:limit]))
        return Page(data, f"{rows[limit - 1][5]}:{data[-1].id}" if len(rows) > limit else None)

    def one(self, delivery_id: str) -> Delivery | None:
        """The delivery with this id."""
        row = self._readers.row(self._sql["one"], {"id": delivery_id})
        return None if row is None else _delivery(row)

    def attempts(self, delivery_id: str) -> tuple[StoredAttempt, ...]:
        """What was tried, in its order."""
        return tuple(map(_attempt, self._readers.rows(self._sql["attempts"], {"delivery": delivery_id})))

    def counted(self) -> dict[str, Counted]:
        """The numbers of every destination that has any."""
        failed = {name: int(number) for name, number in self._readers.rows(self._sql["failed"])}
        return {
            name: Counted(int(waiting), int(delivered), int(dead), _instant(oldest or 0), failed.get(name, 0))
            for name, waiting, delivered, dead, oldest in self._readers.rows(self._sql["counted"])
        }

    # -- within a transaction --

    def _add(self, batch: Batch, name: str, alert_id: str, wanted: Callable[[Alert], bool], now: datetime) -> bool:
        told = stored_alerts(batch.vault, batch.rows, batch.rows(self._alert, {"id": alert_id}))
        if not told or told[0].erased or not wanted(told[0].alert):
            return False
        made = Delivery(delivery_id(alert_id, name), alert_id, name, DeliveryState.WAITING, 0, now, now)
        batch.execute(self._queue, sealed(DELIVERY, _row(made)))
        return True

    def _add_attempt(self, batch: Batch, delivery: str, tried: Tried) -> None:
        number = 1 + batch.rows(self._sql["last"], {"delivery": delivery})[0][0]
        at = to_micros(tried.at)
        row = (
            batch.seq + 1, delivery, number, at, batch.now, tried.outcome.value, tried.status, tried.milliseconds,
            tried.detail[:_LONGEST],
        )  # fmt: skip
        said = {"outcome": tried.outcome.value, "number": number}
        vouch(batch, "delivery.tried", delivery, at, said, [("delivery_attempt", str(row[0]), row)])
        batch.execute(self._insert[AttemptRow], row)

    def _put(self, batch: Batch, one: Delivery) -> None:
        names = (*SEALED[DELIVERY], "seal")
        batch.execute(self._sql["put"], dict(zip(names, sealed(DELIVERY, _row(one)), strict=True)))

    def _put_destination(self, batch: Batch, one: StoredDestination) -> None:
        names = (*SEALED[DESTINATION], "seal")
        batch.execute(
            self._sql["put_destination"], dict(zip(names, sealed(DESTINATION, _destination_row(one)), strict=True))
        )


def delivery_id(alert_id: str, destination: str) -> str:
    """`dl_` and 32 hex digits: the same alert at the same destination is the same delivery."""
    return "dl_" + sha256(f"{alert_id}\x1f{destination}".encode()).hexdigest()[:32]


def _after(now: Delivery, tried: Tried) -> Delivery:
    let_go = replace(now, tries=now.tries + 1, holder="", held_until=None)
    if tried.outcome is AttemptOutcome.FAILED:
        assert tried.next_at is not None, "what failed is tried again at some time"
        return replace(let_go, next_at=tried.next_at)
    delivered = tried.outcome is AttemptOutcome.DELIVERED
    return replace(let_go, state=DeliveryState.DELIVERED if delivered else DeliveryState.DEAD, ended_at=tried.at)


def _row(one: Delivery) -> tuple[object, ...]:
    return (
        one.id, one.alert, one.destination, one.state.value, one.tries, to_micros(one.queued_at), to_micros(one.next_at),
        _micros(one.ended_at), one.holder, _micros(one.held_until),
    )  # fmt: skip


def _delivery(row: Sequence[Any]) -> Delivery:
    identity, alert, destination, state, tries, queued_at, next_at, ended_at, holder, held_until = row
    return Delivery(
        identity, alert, destination, DeliveryState(state), tries, from_micros(queued_at), from_micros(next_at),
        _instant(ended_at), holder, _instant(held_until),
    )  # fmt: skip


def _destination_row(one: StoredDestination) -> tuple[object, ...]:
    to = one.destination
    return (
        to.name, to.kind, to.address, to.fingerprint, to_micros(one.known_at), one.through, _micros(one.off_at), one.why,
    )  # fmt: skip


def _destination(row: Sequence[Any]) -> StoredDestination:
    name, kind, address, fingerprint, known_at, through, off_at, why = row
    return StoredDestination(
        Destination(name, kind, address, fingerprint), from_micros(known_at), through, _instant(off_at), why
    )


def _attempt(row: Sequence[Any]) -> StoredAttempt:
    delivery, number, at, outcome, status, milliseconds, detail = row
    return StoredAttempt(delivery, number, from_micros(at), AttemptOutcome(outcome), status, milliseconds, detail)


def _micros(at: datetime | None) -> int:
    return 0 if at is None else to_micros(at)


def _instant(micros: int) -> datetime | None:
    return from_micros(micros) if micros else None
