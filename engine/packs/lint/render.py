"""Facts as a test writes them, so that a witness can be pasted into a pack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.money import Money
from engine.packs.yaml import is_ambiguous


def given(facts: Mapping[str, Any]) -> str:
    """`{amount: "30.00 EUR", payment.channel: remote}`; what every test has anyway is left out."""
    shown = {path: value for path, value in sorted(facts.items()) if (path, value) not in _USUAL and path != "currency"}
    return _value(shown)


_USUAL = (("kind", "sale"), ("asked_by", "merchant"))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {_value(item)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, tuple | list) and not isinstance(value, Money):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, str) and not is_ambiguous(value):
        return value
    if isinstance(value, datetime | date):
        return f'"{value.isoformat()}"'
    return f'"{value:f}"' if isinstance(value, Decimal) else str(value) if isinstance(value, int) else f'"{value}"'
