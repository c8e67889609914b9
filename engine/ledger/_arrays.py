"""Rows for PostgreSQL as one array a column, in its binary form: one statement, and one set of types, for any number of rows.

psycopg would look at each value to find the narrowest type, so that the statement had to be prepared anew for each mixture of
types and of columns without any value; and it would take twice as long, while the head of the chain is held.

An array in binary (`array_recv` of PostgreSQL, `src/backend/utils/adt/arrayfuncs.c`): dimensions, whether it has NULLs, the OID
of its elements, then for each dimension its length and lower bound, then each element with its length in bytes before it, -1
for NULL. All are 32 bits, big-endian.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from struct import Struct
from typing import Any, Final

from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEAD: Final = Struct("!iiIii")
_NULL: Final = b"\xff\xff\xff\xff"


def _whole(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


def _same(value: bytes) -> bytes:
    return value


class Array:
    """One column of several rows. Raises TypeError, ValueError, OverflowError or AttributeError for what its type cannot hold."""

    __slots__ = ("data",)
    element: int
    encode: Callable[[Any], bytes]

    def __init__(self, values: Sequence[Any]) -> None:
        encode, parts, nulls = type(self).encode, [b""], 0
        for value in values:
            if value is None:
                nulls = 1
                parts.append(_NULL)
            else:
                data = encode(value)
                parts += (len(data).to_bytes(4, "big"), data)
        parts[0] = _HEAD.pack(1, nulls, self.element, len(values), 1)
        self.data = b"".join(parts)


class Wholes(Array):
    """BIGINT[]."""

    element = 20
    encode = staticmethod(_whole)


class Words(Array):
    """TEXT[]. The connection's encoding is UTF-8."""

    element = 25
    encode = staticmethod(str.encode)


class Bodies(Array):
    """BYTEA[]."""

    element = 17
    encode = staticmethod(_same)


_OF_TYPE: Final[dict[str, type[Array]]] = {"BIGINT": Wholes, "TEXT": Words, "BYTEA": Bodies}
_ARRAY: Final = {Wholes: 1016, Words: 1009, Bodies: 1001}
"""OIDs of the types of arrays: fixed, as those of the elements (`pg_type.dat`)."""


def columns(types: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[Array]:
    """The rows turned. `types`: of each column BIGINT, TEXT or BYTEA."""
    turned = zip(*rows, strict=True) if rows else [()] * len(types)
    return [_OF_TYPE[name](values) for name, values in zip(types, turned, strict=True)]


def register(connection: Connection[Any]) -> None:
    """Teach a connection what an array is."""
    for kind, number in _ARRAY.items():
        connection.adapters.register_dumper(kind, type(f"{kind.__name__}Dumper", (_Dumper,), {"oid": number}))


class _Dumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Array) -> bytes:
        return obj.data
