"""Alerts that come too late: whoever they are about was erased between the look and the telling."""

from __future__ import annotations

from typing import Final

from engine.alerts import Alert, AlertKind
from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed, key_of
from engine.ledger._database import Database
from engine.ledger._opened import Heads
from engine.ledger._parties import PartyWriter
from engine.ledger._time import to_micros
from engine.ledger._vault import Vault
from engine.ledger._watched import Watching

_PARTIES: Final = ("payer", "payee", "merchant")


class LateAlerts:
    """Looked at within the transaction that would tell them. In a ledger without protection none is late."""

    def __init__(self, database: Database, vault: Vault, parties: PartyWriter) -> None:
        self._vault, self._parties = vault, parties
        self._watching = Watching(database, vault)
        self._heads = Heads(database)

    def is_late(self, batch: Batch, alert: Alert) -> bool:
        """Whether an alert is about somebody who was erased since what it rests on, rests on nothing but payments of the
        erased, or on the name of somebody who is not known any more. Raises LedgerLocked."""
        if not self._watching.is_protected:
            return False
        erased = self._erased(batch, alert)
        if alert.decisions:
            rows = self._heads.of(batch.rows, alert.decisions)
            newest = max((at for at, _ in rows), default=to_micros(alert.occurred_at))
            if erased is not None and erased >= newest:
                return True
            return len(rows) == len(alert.decisions) and self._are_gone(batch, [head for _, head in rows])
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
