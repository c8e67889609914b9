"""A sale that notes whether anybody looked at what differs from one sale to the next: amounts, quantities, names, numbers."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final, TypeVar

from engine.tax.model import Buyer, Sale, SaleLine, TaxId

EVIDENCE: Final = "evidence"
_VARYING: Final = frozenset({"id", "amount", "consignment_value", "quantity", "value", EVIDENCE})
"""Of a line, the number itself of a tax number, and what shows where the customer is."""
_OF_THE_ANSWER: Final = frozenset({"id", "amount"})
"""What every answer repeats of a line."""


class Reads:
    """What was looked at."""

    __slots__ = ("_ruled", "names")

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._ruled = False

    def close(self) -> None:
        """The rulings are made: prices are reckoned with from now on, and the names of lines repeated."""
        self._ruled = True

    def note(self, name: str) -> None:
        """Somebody looked at it."""
        if not (self._ruled and name in _OF_THE_ANSWER):
            self.names.add(name)


class _Watched:
    """Attributes that are noted when they are read."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        found = object.__getattribute__(self, name)
        if name in _VARYING and found is not None:  # that it is not stated does not vary among sales of one kind
            reads: Reads | None = getattr(self, "reads", None)
            if reads is not None:  # a copy has none; whoever made it has read the amount
                reads.note(name)
        return found


class _Line(_Watched, SaleLine):
    __slots__ = ("reads",)

    def of_category(self, category: str | None) -> SaleLine:
        """The same line, of another category, and as closely watched."""
        found = _copied(self, _Line, object.__getattribute__(self, "reads"))
        object.__setattr__(found, "category", category)
        return found


class _TaxId(_Watched, TaxId):
    __slots__ = ("reads",)


class _Buyer(_Watched, Buyer):
    __slots__ = ("reads",)


def watched(sale: Sale, reads: Reads) -> Sale:
    """The same sale, that tells `reads` when what varies is read. What is copied field by field was read."""
    numbers = tuple([_copied(number, _TaxId, reads) for number in sale.buyer.tax_ids])
    lines = tuple([_copied(line, _Line, reads) for line in sale.lines])
    return replace(sale, lines=lines, buyer=_copied(replace(sale.buyer, tax_ids=numbers), _Buyer, reads))


T = TypeVar("T", _Line, _TaxId, _Buyer)


def _copied(original: Any, kind: type[T], reads: Reads) -> T:
    found = object.__new__(kind)
    for one in fields(original):
        object.__setattr__(found, one.name, object.__getattribute__(original, one.name))
    object.__setattr__(found, "reads", reads)
    return found
