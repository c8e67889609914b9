"""Whether a case that nobody has decided is about somebody: as long as one is, its evidence must stay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import orjson
from sqlalchemy import text

from engine.ledger._batch import Batch
from engine.ledger._database import Database
from engine.ledger.holds import CaseOpen

_OPEN: Final = text(
    "SELECT c.id, c.subject, a.body FROM alert_case c LEFT JOIN alert a ON a.case_id = c.id"
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
        self._open = database.worded(_OPEN)
        self._paid = database.worded(_PAID_SQLITE if database.is_sqlite else _PAID_POSTGRES)
        self._as_list = (lambda ids: orjson.dumps(ids).decode()) if database.is_sqlite else list

    def require_none(self, batch: Batch, subject: str) -> None:
        """Within the transaction that is to erase it: raises CaseOpen where a case is open about a payer, or about anybody else
        by one of its payments."""
        cases: dict[str, None] = {}
        evidence: dict[str, dict[str, None]] = {}
        for case, about, body in batch.rows(self._open):
            if self._is(about, subject):
                cases[case] = None
            for one in () if body is None else orjson.loads(bytes(body))["evidence"]:
                evidence.setdefault(one, {})[case] = None
        named = {"subject": subject, "ids": self._as_list(list(evidence))}
        paid = [row[0] for row in batch.rows(self._paid, named)] if evidence else []
        # Of a decision without a payer the subject is the decision.
        for one in (*paid, subject):
            cases.update(evidence.get(one, {}))
        if cases:
            raise CaseOpen(sorted(cases))

    def _is(self, about: str, subject: str) -> bool:
        """Whether a case is about somebody, or about an owner of theirs."""
        name = about.partition("/")[0]
        return subject in (about, name, self._kept_as(about), self._kept_as(name))
