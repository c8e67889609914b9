"""What an expression may name: facts, a pack's parameters and lets, and the places and groups that exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.catalogue import FIELDS, OBJECTS, Field
from engine.language.tree import Expr
from engine.language.types import DATE, INT, Type

PAYMENT_DATE: Final = "payment_date"
LOCAL_HOUR: Final = "local_hour"

CLOCK: Final[Mapping[str, Type]] = {PAYMENT_DATE: DATE, LOCAL_HOUR: INT}
"""What the engine itself knows of a payment: its date and its hour (0 to 23), local to the jurisdiction."""


@dataclass(frozen=True, slots=True)
class NamedLet:
    """A checked let."""

    label: str
    body: Expr


@dataclass(frozen=True, slots=True)
class NamedFeature:
    """Something known of past payments, under a name of the pack's own."""

    label: str
    type: Type
    needs: tuple[str, ...]
    """Facts of the payment that say whose past is meant: they are missing where the feature is not known."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names in reach of one pack."""

    params: Mapping[str, Type] = field(default_factory=dict)
    lets: Mapping[str, NamedLet] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    """Codes of jurisdictions with members, besides the ISO places."""
    fields: Mapping[str, Field] = field(default_factory=lambda: FIELDS)
    objects: frozenset[str] = OBJECTS
    features: Mapping[str, NamedFeature] = field(default_factory=dict)

    def names(self) -> list[str]:
        """Everything nameable, for 'did you mean'."""
        return [*self.fields, *self.params, *self.lets, *self.features, *CLOCK]
