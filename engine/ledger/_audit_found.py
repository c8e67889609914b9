"""What an audit names, and how its parts say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.ledger._chain import Chained


@dataclass(frozen=True, slots=True)
class BadRow:
    """The first place where the record is broken. `table` is "chain" where a row is missing altogether."""

    seq: int
    table: str
    what: str


class Broken(Exception):
    """The audit ends here: number in the chain, table, what is wrong."""

    def __init__(self, seq: int, table: str, what: str) -> None:
        self.row = BadRow(seq, table, what.encode("utf-8", "backslashreplace").decode())
        super().__init__(what)


def columns_of(chained: Chained, row: Any) -> dict[str, Any]:
    """A row of the chain, by the names of its columns."""
    return dict(zip((*chained.envelope, "prev", "hash", *chained.parts), row, strict=True))
