"""What a payment and its lines say of each other: names that are there once, and an amount that the lines can come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from engine.money import DIGITS, EXACT

PAID_OTHERWISE: Final = "paid_otherwise"
"""Fact of the payment: what is paid for the same lines by other means, as a voucher; a decimal string in its currency."""
DISCOUNT: Final = "discount"
STRIP: Final = ("price_of_home_rate", "strip")
"""With it prices change on the way to the customer, and the lines do not tell what is paid."""


class Priced(NamedTuple):
    """A line as stated. Amounts are in the payment's currency."""

    id: str | None
    amount: Decimal | None
    unit_amount: Decimal | None
    quantity: Decimal | None
    discount: Decimal | None
    tax_inclusive: bool | None


class Disagreement(NamedTuple):
    """Two statements that cannot both be true, told at one of them."""

    pointer: str
    code: str
    message: str


def repeated(ids: Sequence[str | None]) -> Iterator[Disagreement]:
    """Lines with the same id. A line without one is named by its number, as the answer names it."""
    numbers = {str(at) for at, name in enumerate(ids, start=1) if name is None}
    known: set[str] = set()
    for at, name in enumerate(ids):
        if name is None:
            continue
        if name in known:
            yield Disagreement(f"/lines/{at}/id", "duplicate_id", "Another line has this id")
        elif name in numbers:
            yield Disagreement(f"/lines/{at}/id", "duplicate_id", "Another line has this number, and no id of its own")
        known.add(name)


def disagreement(
    amount: Decimal, currency: str, lines: Sequence[Priced], facts: Mapping[str, Any] | None
) -> Disagreement | None:
    """Why the lines cannot come to the amount, if they cannot: `docs/reference/tax.md`, "What is paid and what is sold".

    Prices that include the tax must add up to it. Prices of which some do not, or do not say so, may come to more with their
    tax, and never to less. Where a price cannot be told there is nothing to hold it against.
    """
    facts = facts or {}
    if facts.get(STRIP[0]) == STRIP[1]:
        return None
    stated = _sum(lines, currency)
    if stated is None:
        return None
    least = stated - (_number(facts.get(DISCOUNT)) or 0)
    paid = amount + (_number(facts.get(PAID_OTHERWISE)) or 0)
    if paid < least:
        words = "The lines come to more than is paid: state under facts.paid_otherwise what is paid by other means"
        return Disagreement("/amount", "amount_mismatch", words)
    if paid > least and all(line.tax_inclusive is True for line in lines):
        words = "The lines, whose prices include the tax, come to less than is paid: state all of them, a tip as well"
        return Disagreement("/amount", "amount_mismatch", words)
    return None


def agree(facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the lines of flat facts (`engine.facts`), amounts as money, can be as many as they seem and come to the amount."""
    if len(lines) > 1:
        ids = [line.get("id") for line in lines]
        if (len(set(ids)) < len(ids) or None in ids) and next(repeated(ids), None) is not None:
            return False
    if facts["kind"] != "sale" or facts["payment.instrument"] == "cash" or _adds_up(facts, lines):
        return True
    priced = [
        Priced(
            None,
            _amount(line, "amount"),
            _amount(line, "unit_amount"),
            line.get("quantity"),
            _amount(line, "discount"),
            line.get("tax_inclusive"),
        )
        for line in lines
    ]
    return disagreement(facts["amount"][0], facts["currency"], priced, facts.get("facts")) is None


def _adds_up(facts: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> bool:
    """Whether plain prices add up to what is paid, as nearly always; False: it wants a closer look."""
    total = Decimal(0)
    for line in lines:
        price = line.get("amount")
        if price is None or "discount" in line:
            return False
        total = EXACT.add(total, price[0])
    return bool(total == facts["amount"][0]) and "facts" not in facts


def _amount(line: Mapping[str, Any], name: str) -> Decimal | None:
    stated = line.get(name)
    return None if stated is None else stated[0]


def _sum(lines: Sequence[Priced], currency: str) -> Decimal | None:
    """The prices as stated, each less its own discount; None: one of them cannot be told."""
    total = Decimal(0)
    for _, amount, unit, quantity, discount, _ in lines:
        if amount is None:
            if unit is None:
                return None
            amount = unit
            if quantity is not None:
                unit_of = Decimal((0, (1,), -DIGITS[currency]))
                amount = EXACT.multiply(unit, quantity).quantize(unit_of, ROUND_HALF_UP, EXACT)
        if discount is not None:
            if discount > amount:
                return None
            amount -= discount
        total = EXACT.add(total, amount)
    return total


def _number(stated: object) -> Decimal | None:
    """An open fact that is an amount."""
    if isinstance(stated, bool) or not isinstance(stated, str | int):
        return None
    try:
        found = Decimal(stated)
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None
