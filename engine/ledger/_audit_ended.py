"""How obligations ended, against the notes in the chain that say so."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text

from engine.ledger._database import Connection, Database
from engine.ledger.obligations import ENDED

_ENDED: Final = text(
    "SELECT id, ended_at, ended_as, ended_by, ended_note FROM obligation"
    " WHERE ended_at IS NOT NULL OR ended_as IS NOT NULL OR ended_by IS NOT NULL OR ended_note IS NOT NULL ORDER BY id"
)


class Ended:
    """What the chain says of each end, heard row by row."""

    def __init__(self, connection: Connection, database: Database) -> None:
        self._connection = connection
        self._stored = database.worded(_ENDED)
        self._said: dict[str, tuple[int, tuple[Any, ...]]] = {}

    def hear(self, seq: int, kind: str, subject: str, at: int, said: dict[str, Any]) -> None:
        """Take in a note; those of other rooms are let pass."""
        if kind == ENDED:
            self._said[subject] = seq, (at, said["outcome"], said["by"], said["note"])

    def fault(self) -> tuple[int, str, str] | None:
        """The first obligation that did not end as its note says; None: all did."""
        said = dict(self._said)
        cursor = self._connection.execute(self._stored)
        while (row := cursor.fetchone()) is not None:
            seq, wanted = said.pop(row[0], (0, ()))
            if tuple(row[1:]) != wanted:
                return seq, "obligation", f"the obligation {row[0]} did not end as it says"
        if said:
            identity = min(said)
            return said[identity][0], "obligation", f"the obligation {identity} ended, and its row does not say so"
        return None
