"""Alerts that come too late: whoever they are about was erased between the look and the telling."""

from __future__ import annotations

from typing import Final

import orjson
from sqlalchemy import text

from engine.alerts import Alert, AlertKind
from engine.ledger._batch import Batch
from engine.ledger._bodies import HEAD_BYTES, is_sealed, key_of
from engine.ledger._database import Database
from engine.ledger._parties import PartyWriter
from engine.ledger._time import to_micros
from engine.ledger._vault import Vault
from engine.ledger._watched import Watching

_PARTIES: Final = ("payer", "payee", "merchant")
_SQLITE: Final = text(
    "SELECT at, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id IN (SELECT value FROM json_each(:ids))"
)
_POSTGRES: Final = text(
    "SELECT at, substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id = ANY(CAST(:ids AS TEXT[]))"
)


class LateAlerts:
    """Looked at within the transaction that would tell them. In a ledger without protection none is late."""

    def __init__(self, database: Database, vault: Vault, parties: PartyWriter) -> None:
        self._vault, self._parties = vault, parties
        self._watching = Watching(database, vault)
        self._heads = database.worded(_SQLITE if database.is_sqlite else _POSTGRES)
        self._as_list = (lambda ids: orjson.dumps(ids).decode()) if database.is_sqlite else list

    def is_late(self, batch: Batch, alert: Alert) -> bool:
        """Whether an alert is about somebody who was erased since what it rests on, rests on nothing but payments of the
        erased, or on the name of somebody who is not known any more. Raises LedgerLocked."""
        if not self._watching.is_protected:
            return False
        erased = self._erased(batch, alert)
        if alert.decisions:
            asked = {"ids": self._as_list(list(alert.decisions)), "head": HEAD_BYTES}
            rows = batch.rows(self._heads, asked)
            newest = max((row[0] for row in rows), default=to_micros(alert.occurred_at))
            if erased is not None and erased >= newest:
                return True
            return len(rows) == len(alert.decisions) and self._are_gone(batch, [bytes(row[1]) for row in rows])
        if erased is not None:
            return True
        return alert.kind is AlertKind.SCREENING and not self._parties.knows(batch, alert.subject)

    def _erased(self, batch: Batch, alert: Alert) -> int | None:
        """When a party was erased, or the one that it owns; None: it was not, or came back."""
        if alert.subject_kind not in _PARTIES:
            return None
        return self._watching.erased_at(batch, alert.subject.partition("/")[0])

    def _are_gone(self, batch: Batch, heads: list[bytes]) -> bool:
        return all(map(is_sealed, heads)) and not any(self._vault.read(batch.rows, map(key_of, heads)).values())
