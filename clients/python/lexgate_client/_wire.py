"""Between Python's values and the wire: decimals as strings, aware instants, and never a float."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from typing import TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError

from lexgate_client._model import Meta
from lexgate_client.errors import UnexpectedAnswer

T = TypeVar("T")
Scalar = str | int | bool | Decimal | dt.date | Enum
Query = Mapping[str, Scalar | Sequence[Scalar] | None]


def encode(value: object) -> bytes:
    """JSON of a body. Raises TypeError for a float, and ValueError for an instant without an offset or a number that is none."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def plain(value: object) -> object:
    """The same in JSON's own types."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (Decimal, dt.date)):
        return text(value)
    if isinstance(value, float):
        raise TypeError(f"A float has lost cents already: write Decimal('{value}') or a string")
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def text(value: Scalar) -> str:
    """One value as text: of a query, and of what JSON has no type for."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("Not a finite number")
        return format(value, "f")
    if isinstance(value, dt.datetime):
        if value.utcoffset() is None:
            raise ValueError("An instant needs its offset: datetime.now(UTC), not datetime.now()")
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value)


def parameters(query: Query) -> list[tuple[str, str]]:
    """A query, without what is None; a sequence is the same parameter several times."""
    found: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        several = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        found += [(name, text(one)) for one in several]
    return found


def part(segment: str) -> str:
    """One step of a path. An id cannot lead anywhere else."""
    if segment in ("", ".", ".."):
        raise ValueError("An id is wanted")
    return quote(segment, safe="")


def read(body: bytes, into: type[T], meta: Meta) -> T:
    """An answer as it is typed. Raises UnexpectedAnswer: what is not understood is nothing to go on."""
    try:
        return TypeAdapter(into).validate_json(body)
    except ValidationError as error:
        raise UnexpectedAnswer(f"The answer is not what is expected: {_where(error)}", meta) from None


def _where(error: ValidationError) -> str:
    """Places and kinds of the first faults, without the values."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[:3]
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['type']}" for one in first)
