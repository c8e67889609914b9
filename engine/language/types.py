"""The types of the rule language. Every value may also be unknown; that is not a type but a third truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.catalogue import Field


@dataclass(frozen=True, slots=True)
class Type:
    """`kind`: bool int decimal money rate date instant duration place string enum list."""

    kind: str
    unit: str | None = None
    """Of money: its currency, or None for the currency the caller stated (converted where compared)."""
    values: frozenset[str] | None = None
    item: Type | None = None

    def __str__(self) -> str:
        if self.kind == "money":
            return f"money in {self.unit}" if self.unit else "money"
        if self.kind == "list" and self.item:
            return f"list of {self.item}"
        return {"bool": "yes or no", "int": "a whole number", "string": "text"}.get(self.kind, f"a {self.kind}")


BOOL: Final = Type("bool")
INT: Final = Type("int")
DECIMAL: Final = Type("decimal")
MONEY: Final = Type("money")
RATE: Final = Type("rate")
DATE: Final = Type("date")
INSTANT: Final = Type("instant")
DURATION: Final = Type("duration")
PLACE: Final = Type("place")
STRING: Final = Type("string")

NUMBERS: Final = frozenset({"int", "decimal"})
ORDERED: Final = frozenset({"int", "decimal", "money", "rate", "date", "instant", "duration"})
WORDS: Final = frozenset({"string", "enum", "place"})

_KINDS: Final = {
    "bool": BOOL, "int": INT, "decimal": DECIMAL, "money": MONEY, "rate": RATE, "date": DATE,
    "instant": INSTANT, "place": PLACE, "token": STRING, "text": STRING,
}  # fmt: skip


def of_field(field: Field) -> Type | None:
    """The type of a catalogued fact; None for lists of objects and open facts, which only quantifiers may enter."""
    kind, _, item = field.kind.partition(":")
    if kind == "enum":
        return Type("enum", values=field.values)
    if kind == "list" and item != "object":
        return Type("list", item=Type("enum", values=field.values) if field.values else _KINDS[item])
    return _KINDS.get(kind)
