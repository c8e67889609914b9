"""What decisions are searched by, worked out once more: a row that says otherwise than the chain hides a decision.

Of a decision whose bodies cannot be opened, because its payer was erased or the master key is not here, the columns are compared
that its own row holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._bodies import Bodies, is_sealed
from engine.ledger._database import Connection, Database
from engine.ledger._opened import Kept, Opener
from engine.ledger._search_terms import decided_of, row_of
from engine.ledger._vault import Vault

_TABLE: Final = "decision_search"
_PART: Final = 100
_ENVELOPE: Final = (0, 1, 2, 3, 4, 5, 10)
"""at, id, seq, outcome, reference, payer, release."""


class SearchRows:
    """Names the first row of the search that is not what its decision says."""

    def __init__(self, connection: Connection, database: Database, vault: Vault) -> None:
        self._connection = connection
        self._vault, self._opener = vault, Opener(vault)
        self._rows, self._missing = database.worded(_ROWS), database.worded(_MISSING)

    def fault(self) -> tuple[int, str, str] | None:
        """Number, table and what is wrong; None: nothing is."""
        cursor = self._connection.execute(self._rows)
        while rows := cursor.fetchmany(_PART):
            fault = self._part(rows)
            if fault is not None:
                return fault
        (missing,) = self._connection.execute(self._missing).fetchone()
        return None if missing is None else (missing, _TABLE, "the row of a decision is missing")

    def _part(self, rows: Sequence[Any]) -> tuple[int, str, str] | None:
        for row in rows:
            if row[12] is None:
                return 0, _TABLE, f"the row {row[1]} is of no decision"
        for row, bodies in zip(rows, self._opened(rows), strict=True):
            found, wanted = tuple(row[:12]), row_of(decided_of(row[12:], bodies))
            if bodies is None:
                found, wanted = (tuple(one[at] for at in _ENVELOPE) for one in (found, wanted))
            if not _same(found, wanted):
                return row[12], _TABLE, f"the row {row[1]} is not what its decision says"
        return None

    def _opened(self, rows: Sequence[Any]) -> Sequence[Bodies | None]:
        kept = [Kept(row[13], row[19], b"", row[20]) for row in rows]
        if self._vault.is_open:
            return self._opener.bodies(lambda sql, asked: self._connection.execute(sql, asked).fetchall(), kept)
        return [None if is_sealed(one.facts) else Bodies(None, *one[1:]) for one in kept]


def _same(found: tuple[Any, ...], wanted: tuple[Any, ...]) -> bool:
    """Also of the same types: SQLite keeps in any column what it is given."""
    return found == wanted and [type(one) for one in found] == [type(one) for one in wanted]


_ROWS: Final = text(
    "SELECT s.at, s.id, s.seq, s.outcome, s.reference, s.payer, s.merchant, s.amount, s.size, s.currency, s.release, s.terms,"
    " d.seq, d.id, d.at, d.reference, d.payer_id, d.outcome, d.release, d.facts, d.answer"
    " FROM decision_search s LEFT JOIN decision d ON d.seq = s.seq ORDER BY s.at, s.id"
)
_MISSING: Final = text(
    "SELECT min(d.seq) FROM decision d WHERE d.seq <= (SELECT max(seq) FROM decision_search)"
    " AND NOT EXISTS (SELECT 1 FROM decision_search s WHERE s.seq = d.seq)"
)
