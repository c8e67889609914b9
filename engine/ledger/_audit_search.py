"""What decisions are searched by, worked out once more: a row that says otherwise than the chain hides a decision."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text

from engine.ledger._database import Connection, Database
from engine.ledger._search_terms import Decided, row_of

_TABLE: Final = "decision_search"


class SearchRows:
    """Names the first row of the search that is not what its decision says."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._rows, self._missing = database.worded(_ROWS), database.worded(_MISSING)

    def fault(self) -> tuple[int, str, str] | None:
        """Number, table and what is wrong; None: nothing is."""
        cursor = self._connection.execute(self._rows)
        while (row := cursor.fetchone()) is not None:
            found, decision = tuple(row[:12]), row[12:]
            if decision[0] is None:
                return 0, _TABLE, f"the row {found[1]} is of no decision"
            if not _same(found, row_of(Decided(*decision))):
                return decision[0], _TABLE, f"the row {found[1]} is not what its decision says"
        (missing,) = self._connection.execute(self._missing).fetchone()
        return None if missing is None else (missing, _TABLE, "the row of a decision is missing")


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
