"""What is constant within one period of law: the values of parameters and the members of groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from engine.money import Money


class Gap(Enum):
    """Why a parameter has no number on a day."""

    UNREAD = "unread"
    """The law has one; nobody has read it yet. Never guessed."""
    NONE = "none"
    """The law sets none on that day."""


@dataclass(frozen=True, slots=True)
class Law:
    """Parameters and memberships of one period. Money is a Decimal in the parameter's unit, rates are basis points."""

    params: Mapping[str, Any] = field(default_factory=dict)
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)


Convert = Callable[[Money, str], Decimal | None]
"""An amount in another currency at the payment's dated rate, or None where there is no rate."""


@dataclass(slots=True)
class Moment:
    """The circumstances that are not facts: the local day and hour, and the exchange rates of that day."""

    day: date
    hour: int
    convert: Convert


def no_rates(_money: Money, _unit: str) -> Decimal | None:
    """The convert of a world without exchange rates."""
    return None


OWN: Final = "="
"""The unit that stands for the transaction's own currency."""


def missing_rate(source: str, target: str) -> str:
    """How an absent exchange rate is named among missing facts."""
    return f"rates.{source}.{target}"


def missing_law(param: str) -> str:
    """How an unread parameter is named among missing facts."""
    return f"law.{param}"
