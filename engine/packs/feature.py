"""A feature as a pack declares it: what the law wants to know of past payments, under a name that conditions use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.catalogue import Field
from engine.history import COLUMNS, FeatureForm, Of
from engine.language.scope import NamedFeature
from engine.language.types import INT, Type
from engine.packs.problems import Spot
from engine.windows import Window

if TYPE_CHECKING:
    from engine.packs.model import Cite

AMOUNTS = (Of.SUM, Of.MIN, Of.MAX)
"""Features that are money."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One declared feature."""

    name: str
    label: str
    form: FeatureForm
    unit: str | None
    """The currency of an amount; None for a number."""
    window: Window
    own_included: bool
    """Whether the present payment counts too. Only where the law says so."""
    cite: Cite | None
    note: str
    spot: Spot

    @property
    def named(self) -> NamedFeature:
        """As expressions know it."""
        return NamedFeature(self.label, Type("money", unit=self.unit) if self.unit else INT, self.needs)

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts of the present payment without which nobody knows whose past is meant."""
        return tuple(COLUMNS[column] for column in (*self.form.key, *self.form.same))

    @property
    def field(self) -> Field:
        """As an embedded test states it."""
        return Field(self.name, "money" if self.unit else "int", unit=self.unit, doc=self.label)
