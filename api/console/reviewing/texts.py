"""What differs leaf by leaf between two values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of a record that differs; None: it is not there."""

    name: str
    was: str | None
    now: str | None


def leaves(was: Any, now: Any, named: list[str]) -> list[Leaf]:
    """The leaves of a change that differ: those that are named, or all of what came or went."""
    if not isinstance(was, Mapping) and not isinstance(now, Mapping):
        return [Leaf("", shown(was), shown(now))]
    before = was if isinstance(was, Mapping) else {}
    after = now if isinstance(now, Mapping) else {}
    names = named or [name for name in {**before, **after} if before.get(name) != after.get(name)]
    found = [(name, _at(before, name), _at(after, name)) for name in names]
    return [Leaf(name, shown(old), shown(new)) for name, old, new in found if _told(old) or _told(new)]


def _told(value: Any) -> bool:
    return value not in (None, "", [], {})


def _at(record: Mapping[str, Any], name: str) -> Any:
    """A leaf by its path with points; what is not there is None."""
    if name in record:
        return record[name]
    head, _, rest = name.partition(".")
    inner = record.get(head)
    return _at(inner, rest) if rest and isinstance(inner, Mapping) else None


def shown(value: Any) -> str | None:
    """A value for people to read: text as it is, the rest as JSON."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=None if not isinstance(value, dict | list) else 1)
