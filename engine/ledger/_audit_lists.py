"""The lists beside the chain, against the notes in the chain that vouch for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import text

from engine.ledger._database import Connection, Database
from engine.ledger.lists import LOADED, REFUSED, seal
from engine.ledger.screening_tables import EDITION, REFUSAL

KINDS: Final = frozenset({LOADED, REFUSED})
"""The notes that this listens to."""
_BODIES: Final = 4


class Lists:
    """Hears the notes, and names the first row that is not as its note says."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._editions, self._refusals = map(database.worded, (_EDITIONS, _REFUSALS))
        self._said: dict[str, dict[int, tuple[str, str, int]]] = {LOADED: {}, REFUSED: {}}

    def hear(self, kind: str, seq: int, subject: str, recorded_at: int, sha256: str) -> None:
        """Take in a note."""
        self._said[kind][seq] = (sha256, subject, recorded_at)

    def fault(self) -> tuple[int, str, str] | None:
        """Number, table and what is wrong with the first row that does not match; None: all do."""
        return self._first(EDITION, self._said[LOADED], self._editions, _BODIES) or self._first(
            REFUSAL, self._said[REFUSED], self._refusals, 0
        )

    def _first(
        self, table: str, said: dict[int, tuple[str, str, int]], sql: str, bodies: int
    ) -> tuple[int, str, str] | None:
        left = dict(said)
        for seq, *columns in self._rows(sql):
            plain, packed = columns[: len(columns) - bodies], columns[len(columns) - bodies :]
            recorded_at = plain[6] if table == EDITION else plain[4]
            if left.pop(seq, None) != (_sealed(table, plain, packed), plain[0], recorded_at):
                return seq, table, "the row is not as the chain says it was written"
        if left:
            return min(left), table, "the row is missing"
        return None

    def _rows(self, sql: str) -> Iterator[Any]:
        """One by one: an edition has megabytes."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql)
            while (row := cursor.fetchone()) is not None:
                yield row
        finally:
            cursor.close()


def _sealed(table: str, plain: list[Any], packed: list[Any]) -> str:
    try:
        return seal(table, plain, *(None if body is None else bytes(body) for body in packed))
    except (TypeError, ValueError):
        return ""


_EDITIONS: Final = text(
    "SELECT seq, list, digest, source, format, published, at, recorded_at, entries, stale_after_days, added, removed, changed,"
    " after, accepted_by, accepted_reason, counts, delta, versions, content, original FROM screening_edition ORDER BY seq"
)
_REFUSALS: Final = text(
    "SELECT seq, list, source, digest, at, recorded_at, code, reason, kept FROM screening_refusal ORDER BY seq"
)
