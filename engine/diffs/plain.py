"""Records of a pack as plain data, so that two of them can be compared leaf by leaf and shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from engine.language.law import Gap
from engine.language.render import duration, source
from engine.language.tree import Expr
from engine.packs.model import UNREAD_START, ParameterRef
from engine.packs.problems import Spot
from engine.packs.yaml import Scalar
from engine.windows import Window

_PLACES: Final = frozenset({"spot"})
"""Where a record stands is nothing that it says."""


def plain(value: Any) -> Any:
    """JSON-ready: records as objects without their places, conditions as text, days as ISO 8601, numbers as texts."""
    if isinstance(value, Expr):
        return source(value)
    if isinstance(value, Scalar):
        return " ".join(value.text.split())
    if isinstance(value, Gap):
        return None if value is Gap.NONE else "unread"
    if isinstance(value, ParameterRef):
        return {"parameter": value.name}
    if isinstance(value, Window):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type | Spot):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value) if one.name not in _PLACES}
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in sorted(value.items())}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, frozenset):
        return sorted(str(plain(inner)) for inner in value)
    return _leaf(value)


def _leaf(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return None if value == UNREAD_START else value.isoformat()
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration(value)
    return f"{value:f}" if isinstance(value, Decimal) else value


def differing(was: Any, now: Any, path: str = "") -> Iterator[str]:
    """The leaves in which two plain values differ, by dots; lists are leaves."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from differing(was.get(key), now.get(key), f"{path}.{key}" if path else key)
    elif was != now:
        yield path
