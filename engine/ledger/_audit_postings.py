"""The postings of tax beside the chain, against what the chained rows say, and the running sums against the postings."""

from __future__ import annotations

import json
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._audit_found import Broken, columns_of
from engine.ledger._chain import TRANSACTION, Chained
from engine.ledger._database import Connection, Database
from engine.ledger._totals import DRIFTED


class Postings:
    """The postings beside the chain, against what the chained rows say: a slice at a time, since there are many."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._slice, self._bounds = map(database.worded, (_POSTINGS, _POSTING_BOUNDS))
        self._drifted = database.worded(DRIFTED)
        self._above = 0
        self._said: dict[int, tuple[str, list[Any], tuple[Any, ...]]] = {}

    def hear(self, chained: Chained, row: Any) -> None:
        """Take in a transaction or a reversal: its postings, and what they repeat of it."""
        columns = columns_of(chained, row)
        if chained is TRANSACTION:
            document = (columns["id"], None, columns["day"], columns["recorded_at"])
        else:
            document = (columns["transaction_id"], columns["id"], columns["day"], columns["recorded_at"])
        self._said[columns["seq"]] = chained.name, json.loads(columns["postings"]), document

    def check(self, upto: int) -> None:
        """Raise for the first posting of the slice that is not as it was booked."""
        said, self._said = self._said, {}
        found: dict[int, list[Any]] = {}
        for seq, *rest in self._connection.execute(self._slice, {"above": self._above, "upto": upto}).fetchall():
            repeated, original = rest[-8:-4], rest[-4:]
            # What a posting repeats of its transaction is the chained row's own, or the posting is void.
            found.setdefault(seq, []).append(rest[:-8] if repeated == original else [])
        self._above = upto
        for seq in sorted(said.keys() | found.keys()):
            name, wanted, document = said.get(seq, ("tax_posting", [], ()))
            booked = [[*posting, *document] for posting in wanted]
            if booked != found.get(seq, []):
                what = f"the postings are not those that this row of {name} holds"
                raise Broken(seq, "tax_posting", what if wanted else "nothing in the chain booked this posting")

    def check_bounds(self, last: int) -> None:
        """Raise for a posting that no row of the chain could have booked."""
        lowest, highest = self._connection.execute(self._bounds).fetchone()
        for seq in (lowest, highest):
            if seq is not None and not 1 <= seq <= last:
                raise Broken(seq, "tax_posting", "nothing in the chain booked this posting")

    def check_totals(self) -> None:
        """Raise for a running sum that is not the sum of its postings."""
        found = self._connection.execute(self._drifted).fetchone()
        if found is not None:
            merchant, period = found
            raise Broken(0, "tax_total", f"the running sum of {merchant} for {period} is not the sum of its postings")


_POSTINGS: Final = text(
    "SELECT p.seq, p.line, p.part, p.line_id, p.country, p.region, p.origin, p.destination, p.kind, p.customer, p.platform,"
    " p.scheme, p.treatment, p.component, p.jurisdiction, p.rate, p.quantity, p.net, p.taxable, p.tax, p.gross,"
    " p.transaction_id, p.reversal_id, p.day, p.recorded_at, p.merchant, p.currency, p.digits, p.supply_day,"
    " t.merchant, t.currency, t.digits, t.day FROM tax_posting p LEFT JOIN tax_transaction t ON t.id = p.transaction_id"
    " WHERE p.seq > :above AND p.seq <= :upto ORDER BY p.seq, p.line, p.part"
)
_POSTING_BOUNDS: Final = text("SELECT min(seq), max(seq) FROM tax_posting")
