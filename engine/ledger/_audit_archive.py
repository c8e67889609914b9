"""Months that were taken out of the ledger: what stayed of them, and with an archive every row that went."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.ledger._audit_found import Broken
from engine.ledger._chain import DECISION, Chained, Head
from engine.ledger._database import Connection, Database
from engine.ledger._spans import ALL, Span, span_of
from engine.ledger.archive_tables import SPAN

Gone = Callable[[str, int, bytes], tuple[int, str, str] | None]
"""Told of a decision that is in the archive only: id, when it was made, its facts. Returns what is wrong."""


def spans_in(connection: Connection, database: Database) -> tuple[Span, ...]:
    """The months that were taken out, the oldest first. Raises Broken."""
    rows = connection.execute(database.worded(ALL)).fetchall()
    try:
        return tuple(map(span_of, rows))
    except (TypeError, ValueError, zlib.error) as error:
        raise Broken(0, SPAN, "a column holds what was never written") from error


class Beside:
    """A month in its archive, walked beside what stayed of it in the ledger."""

    def __init__(self, folder: Path, span: Span, expected: Mapping[int, bytes], gone: Gone) -> None:
        """Raises Broken where the archive does not hold the month that was taken out."""
        # Whoever reads no archive need not load what reads Parquet.
        from engine.ledger.archive.manifest import ArchiveRefused, manifests_in
        from engine.ledger.archive.parts import rows_of
        from engine.ledger.archive.write import fault_of

        self._refused: type[Exception] = ArchiveRefused
        self._fault_of = fault_of
        self._span, self._expected, self._gone = span, expected, gone
        self._place = Head(span.first - 1, span.prev)
        try:
            found = [one for one in manifests_in(folder) if one.month == span.month]
        except ArchiveRefused as error:
            raise Broken(span.first, "archive", str(error)) from error
        if not found or found[0].sha256 != span.manifest:
            raise Broken(span.first, "archive", f"{folder} does not hold the {span.month} that was taken out")
        self._rows: Iterator[tuple[Chained, tuple[Any, ...]]] = rows_of(folder, found[0])

    def require(self, seq: int, digest: bytes) -> None:
        """Walk on to a row that stayed. Raises Broken where the archive holds another one."""
        while self._place.seq < seq:
            self._next(seq)
        if self._place.hash != digest:
            raise Broken(seq, "archive", "the row in the ledger is another one than that in the archive")

    def end(self) -> None:
        """Walk on to the end. Raises Broken where it is another one."""
        while self._place.seq < self._span.head.seq:
            self._next(self._span.head.seq + 1)
        if self._place != self._span.head:
            raise Broken(self._span.head.seq, "archive", f"{self._span.month} ends otherwise in the archive")

    def _next(self, stayed: int) -> None:
        """One row. `stayed`: the number of the next one that is in the ledger as well."""
        try:
            chained, row = next(self._rows)
            fault = self._fault_of(chained, row, self._place)
        except StopIteration:
            raise Broken(self._place.seq + 1, "archive", "the row is missing") from None
        except self._refused as error:
            raise Broken(self._place.seq + 1, "archive", str(error)) from error
        if fault is not None:
            raise Broken(self._place.seq + 1, "archive", fault)
        width = len(chained.envelope)
        self._place = Head(row[0], row[width + 1])
        if self._expected.get(row[0], self._place.hash) != self._place.hash:
            raise Broken(row[0], "archive", "the row is not that of the expected head: the chain was made anew")
        if chained is DECISION and row[0] != stayed:
            named = dict(zip(chained.envelope, row[:width], strict=True))
            wrong = self._gone(named["id"], named["at"], row[width + 2])
            if wrong is not None:
                raise Broken(*wrong)
