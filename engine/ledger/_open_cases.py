"""Whether a case that nobody has decided is about somebody: as long as one is, its evidence must stay."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._bodies import is_sealed, key_of
from engine.ledger._case_seals import NOBODY
from engine.ledger._database import Database
from engine.ledger.alerts import WAITING, stored_alerts
from engine.ledger.holds import CaseOpen

_FIRST: Final = text(
    "SELECT c.id, c.subject, e.payload FROM alert_case c JOIN alert_case_event e ON e.case_id = c.id AND e.number = 1"
    " WHERE c.state <> 'decided' AND c.subject_kind NOT IN ('service', 'list', 'change') ORDER BY c.id"
)
_PAID_SQLITE: Final = text(
    "SELECT id FROM decision WHERE payer_id = :subject AND id IN (SELECT value FROM json_each(:ids))"
)
_PAID_POSTGRES: Final = text(
    "SELECT id FROM decision WHERE payer_id = :subject AND id = ANY(CAST(:ids AS TEXT[]))"
)  # fmt: skip


class OpenCases:
    """Looked at by whoever erases."""

    def __init__(self, database: Database, kept_as: Callable[[str], str]) -> None:
        """`kept_as`: how the ledger calls a payer whom the caller calls so."""
        self._kept_as = kept_as
        self._first, self._waiting = database.worded(_FIRST), database.worded(WAITING)
        self._paid = database.worded(_PAID_SQLITE if database.is_sqlite else _PAID_POSTGRES)
        self._listed = database.listed

    def require_none(self, batch: Batch, subject: str, keys: Collection[int]) -> None:
        """Within the transaction that is to erase it: raises CaseOpen where a case is open about a payer, or about anybody else
        by one of its payments, or lies under one of its keys."""
        cases = {
            case for case, about, said in batch.rows(self._first)
            if self._is(about, subject) or (is_sealed(bytes(said)) and key_of(bytes(said)) in keys)
        }  # fmt: skip
        evidence: dict[str, set[str]] = {}
        for one in stored_alerts(batch.vault, batch.rows, batch.rows(self._waiting)):
            if one.alert.subject_kind in NOBODY:
                continue
            if self._is(one.alert.subject, subject):
                cases.add(one.case_id)
            for named in one.alert.evidence:
                evidence.setdefault(named, set()).add(one.case_id)
        asked = {"subject": subject, "ids": self._listed(evidence)}
        paid = [row[0] for row in batch.rows(self._paid, asked)] if evidence else []
        # Of a decision without a payer the subject is the decision.
        for named in (*paid, subject):
            cases |= evidence.get(named, set())
        if cases:
            raise CaseOpen(sorted(cases))

    def _is(self, about: str, subject: str) -> bool:
        """Whether a case is about somebody, or about an owner of theirs."""
        name = about.partition("/")[0]
        return subject in (about, name, self._kept_as(about), self._kept_as(name))
