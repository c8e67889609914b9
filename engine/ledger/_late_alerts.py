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
from engine.ledger._vault import Vault
from engine.ledger._watched import Watching

_SQLITE: Final = text(
    "SELECT substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id IN (SELECT value FROM json_each(:ids))"
)
_POSTGRES: Final = text(
    "SELECT substr(facts, 1, CAST(:head AS INTEGER)) FROM decision WHERE id = ANY(CAST(:ids AS TEXT[]))"
)


class LateAlerts:
    """Looked at within the transaction that would tell them. In a ledger without protection none is late."""

    def __init__(self, database: Database, vault: Vault, parties: PartyWriter) -> None:
        self._vault, self._parties = vault, parties
        self._watching = Watching(database, vault)
        self._heads = database.worded(_SQLITE if database.is_sqlite else _POSTGRES)
        self._as_list = (lambda ids: orjson.dumps(ids).decode()) if database.is_sqlite else list

    def is_late(self, batch: Batch, alert: Alert) -> bool:
        """Whether an alert is about somebody who was erased, rests on nothing but payments of the erased, or on the name of
        somebody who is not known any more. Raises LedgerLocked."""
        if not self._watching.is_protected:
            return False
        if alert.subject_kind in ("payer", "payee") and self._watching.is_gone(batch, alert.subject.partition("/")[0]):
            return True
        if alert.decisions:
            return self._are_gone(batch, alert.decisions)
        return alert.kind is AlertKind.SCREENING and not self._parties.knows(batch, alert.subject)

    def _are_gone(self, batch: Batch, decisions: tuple[str, ...]) -> bool:
        asked = {"ids": self._as_list(list(decisions)), "head": HEAD_BYTES}
        heads = [bytes(row[0]) for row in batch.rows(self._heads, asked)]
        if len(heads) < len(decisions) or not all(map(is_sealed, heads)):
            return False
        return not any(self._vault.read(batch.rows, map(key_of, heads)).values())
