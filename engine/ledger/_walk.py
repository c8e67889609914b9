"""Rows of the chain in the order of their numbers, table by table and merged."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from heapq import merge
from operator import itemgetter
from typing import Any

from sqlalchemy import select, text

from engine.ledger._chain import CHAINED, Chained
from engine.ledger._database import Connection, Database


@cache
def slice_of(chained: Chained) -> Any:
    """The statement for the rows above one number and up to another: envelope, `prev`, `hash`, parts."""
    columns = chained.table.__table__.columns  # type: ignore[attr-defined]
    order = (*chained.envelope, "prev", "hash", *chained.parts)
    wanted = select(*(columns[name] for name in order))
    return wanted.where(text("seq > :above AND seq <= :upto")).order_by(columns["seq"])


def rows_between(connection: Connection, database: Database, above: int, upto: int) -> Iterator[tuple[Chained, Any]]:
    """All tables' rows above one number and up to another, in the order of their numbers."""
    bounds = {"above": above, "upto": upto}
    tables = (_rows(connection, database, chained, bounds) for chained in CHAINED)
    return ((chained, row) for _, chained, row in merge(*tables, key=itemgetter(0)))


def _rows(
    connection: Connection, database: Database, chained: Chained, bounds: dict[str, int]
) -> Iterator[tuple[int, Chained, Any]]:
    cursor = connection.cursor()
    try:
        cursor.execute(database.worded(slice_of(chained)), bounds)
        while (row := cursor.fetchone()) is not None:
            yield row[0], chained, row
    finally:
        cursor.close()
