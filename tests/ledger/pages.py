"""Where in a SQLite file its rows are: the bytes of every record, and of nothing else.

A page of a file has room that no row uses, and numbers that only lead the way: a flip there changes no row. What is named here is
each cell's own length and row number, its header, its values, and the rest of it on overflow pages with the numbers that lead
there. Left out are page headers, lists of cells, free room, free pages, the first 100 bytes of the file, and the keys that
part the pages of a table (they repeat, or round, a row number that stands below).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LEAF = frozenset((0x0D, 0x0A))
TABLE = frozenset((0x0D, 0x05))


class Span(NamedTuple):
    """Bytes of a file that belong to a row."""

    start: int
    length: int


def spans(path: Path) -> dict[str, list[Span]]:
    """By table or index, where its records are."""
    data = path.read_bytes()
    size = int.from_bytes(data[16:18], "big")
    size = 65_536 if size == 1 else size
    usable = size - data[20]
    connection = sqlite3.connect(path)
    roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0"))
    connection.close()
    walk = _Walk(data, size, usable)
    return {name: list(walk.tree(root)) for name, root in roots.items()}


class _Walk:
    def __init__(self, data: bytes, size: int, usable: int) -> None:
        self.data, self.size, self.usable = data, size, usable

    def tree(self, page: int) -> Iterator[Span]:
        start = (page - 1) * self.size
        head = start + (100 if page == 1 else 0)
        kind, cells = self.data[head], int.from_bytes(self.data[head + 3 : head + 5], "big")
        pointers = head + (8 if kind in LEAF else 12)
        for at in range(cells):
            place = start + int.from_bytes(self.data[pointers + 2 * at : pointers + 2 * at + 2], "big")
            if kind not in LEAF:
                yield from self.tree(int.from_bytes(self.data[place : place + 4], "big"))
                place += 4
            if kind != 0x05:
                yield from self.cell(place, kind in TABLE)
        if kind not in LEAF:
            yield from self.tree(int.from_bytes(self.data[head + 8 : head + 12], "big"))

    def cell(self, place: int, table: bool) -> Iterator[Span]:
        payload, after = self.varint(place)
        if table:
            _, after = self.varint(after)
        local = self.local(payload, table)
        yield Span(place, after - place + local + (4 if local < payload else 0))
        left, following = payload - local, after + local
        while left > 0:
            start = (int.from_bytes(self.data[following : following + 4], "big") - 1) * self.size
            here = min(left, self.usable - 4)
            left -= here
            # The number that leads on is nought on the last page, and nothing reads it there.
            yield Span(start, here + 4) if left else Span(start + 4, here)
            following = start

    def local(self, payload: int, table: bool) -> int:
        """How much of a record stands in its cell (https://www.sqlite.org/fileformat2.html#cell_payload)."""
        most = self.usable - 35 if table else (self.usable - 12) * 64 // 255 - 23
        if payload <= most:
            return payload
        least = (self.usable - 12) * 32 // 255 - 23
        found = least + (payload - least) % (self.usable - 4)
        return found if found <= most else least

    def varint(self, place: int) -> tuple[int, int]:
        value = 0
        for at in range(8):
            byte = self.data[place + at]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, place + at + 1
        return value << 8 | self.data[place + 8], place + 9
