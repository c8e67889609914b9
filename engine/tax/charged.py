"""A committed tax, read back from the answer that was stored: what each line bore, in whole minor units.

Nothing is worked out again: rates, bases and amounts are those that were charged, whatever the law says today (Directive
2006/112/EC, Art. 90).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.postings import Posting, digits_of, to_minor
from engine.tax.sale import address_of


class NotCharged(ValueError):
    """The answer is no tax that could be committed: something in it is undecided, or it does not add up. `code` is stable."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Part:
    """One tax on a line."""

    name: str
    jurisdiction: str
    rate: str
    taxable: int
    tax: int


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """One line. INVARIANT: net + tax = gross, and tax is the sum of its parts."""

    index: int
    id: str
    net: int
    tax: int
    gross: int
    quantity: Decimal | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Charged:
    """A committed tax. Amounts are whole minor units of `currency`, which has `digits` of them after the point."""

    currency: str
    digits: int
    lines: tuple[ChargedLine, ...]

    @property
    def net(self) -> int:
        """Of all lines."""
        return sum(line.net for line in self.lines)

    @property
    def tax(self) -> int:
        """Of all lines."""
        return sum(line.tax for line in self.lines)

    @property
    def gross(self) -> int:
        """Of all lines."""
        return sum(line.gross for line in self.lines)


def charged_of(tax: Mapping[str, Any], quantities: Sequence[Decimal | None] = ()) -> Charged:
    """The `tax` object of an answer as numbers; `quantities` are those of the basket's lines, in their order.

    Raises NotCharged where a line is undecided, where net, tax and gross do not meet, or where the lines miss the total.
    """
    if tax.get("verdict") != "determined":
        raise NotCharged("undecided", f"The tax is {tax.get('verdict')}: only what is determined can be committed")
    currency = tax["currency"]
    digits = digits_of(currency)
    lines = tuple(
        _line(index, told, digits, quantities[index] if index < len(quantities) else None)
        for index, told in enumerate(tax["lines"])
    )
    charged = Charged(currency, digits, lines)
    if charged.tax != to_minor(Decimal(tax["total"]), digits):
        raise NotCharged("not_a_sum", f"The taxes of the lines do not add up to the total of {tax['total']} {currency}")
    return charged


def _line(index: int, told: Mapping[str, Any], digits: int, quantity: Decimal | None) -> ChargedLine:
    if told.get("tax") is None:
        raise NotCharged(
            "undecided", f"The tax of line {told['id']} is undecided: nothing can be committed before it is known"
        )
    net, tax, gross = (to_minor(Decimal(told[key]), digits) for key in ("net", "tax", "gross"))
    parts = tuple(
        Part(
            part["name"],
            part["jurisdiction"],
            part["rate_percent"],
            to_minor(Decimal(part["taxable_amount"]), digits),
            to_minor(Decimal(part["amount"]), digits),
        )
        for part in told["components"]
    )
    if net + tax != gross or sum(part.tax for part in parts) != tax or min(net, tax, gross) < 0:
        raise NotCharged("not_a_sum", f"Net, tax and gross of line {told['id']} do not add up")
    return ChargedLine(index, told["id"], net, tax, gross, quantity, parts)


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What reports ask of a line beside its amounts."""

    origin: str | None
    destination: str | None
    kind: str | None
    customer: str
    platform: bool


def postings_of(charged: Charged, tax: Mapping[str, Any], dimensions: Sequence[Dimensions]) -> tuple[Posting, ...]:
    """The postings of a committed tax, in the order of the basket."""
    return tuple(
        posting
        for line, told, about in zip(charged.lines, tax["lines"], dimensions, strict=True)
        for posting in _postings(line, told, about)
    )


def _postings(line: ChargedLine, told: Mapping[str, Any], about: Dimensions) -> Iterable[Posting]:
    quantity = None if line.quantity is None else f"{line.quantity:f}"
    for number, part in enumerate(line.parts or (None,)):
        first = number == 0
        yield Posting(
            line.index,
            number,
            line.id,
            told.get("country"),
            told.get("region"),
            about.origin,
            about.destination,
            about.kind,
            about.customer,
            int(about.platform),
            told.get("scheme"),
            told["treatment"],
            part.name if part else None,
            part.jurisdiction if part else None,
            part.rate if part else None,
            quantity if first else None,
            line.net if first else 0,
            part.taxable if part else 0,
            part.tax if part else 0,
            line.gross if first else 0,
        )


def dimensions_of(facts: Mapping[str, Any], tax: Mapping[str, Any]) -> tuple[Dimensions, ...]:
    """Where each line of the basket comes from and goes to, and to whom: read off the facts that were asked about."""
    stated: Sequence[Mapping[str, Any]] = facts.get("lines") or ({},)
    customer = tax.get("customer") or "unknown"
    seller = _place(facts, "payee")
    buyer = _place(facts, "payer") or next(
        (facts[f"payer.evidence.{kind}_country"] for kind in _EVIDENCE if f"payer.evidence.{kind}_country" in facts),
        None,
    )
    found = []
    for line, told in zip(stated, tax["lines"], strict=True):
        kind = line.get("kind")
        arrives = (
            _place(line, "supplied_at") or _place(line, "ship_to") or buyer or told.get("region") or told.get("country")
        )
        platform = told.get("reason") == "platform_liable"
        found.append(Dimensions(_place(line, "ship_from") or seller, arrives, kind, customer, platform))
    return tuple(found)


_EVIDENCE = ("billing", "ip", "bank", "sim", "other")


def _place(facts: Mapping[str, Any], part: str) -> str | None:
    """A subdivision where it is stated with its country's code, else the country."""
    address = address_of(facts.get(f"{part}.country"), facts.get(f"{part}.region"))
    return address.region if address.country in _BY_SUBDIVISION and address.region else address.country


_BY_SUBDIVISION = frozenset({"US", "CA", "IN", "BR"})
"""Countries whose parts tax by themselves, and so have thresholds of their own."""
