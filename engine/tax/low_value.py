"""Goods of low value from abroad: whether an item, or its consignment, is below the limit up to which the tax is charged at the
sale instead of the border. Freight and insurance never count in the test, and are taxed all the same."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine.money import EXACT
from engine.tax import rates
from engine.tax.law import Setting
from engine.tax.model import Ruling, Treatment
from engine.tax.remote import LOW_VALUE, unread
from engine.tax.turnover import decimal_of
from engine.tax.world import HUNDRED, ZERO, Case, truth

EXCISE: Final = ("alcohol", "tobacco", "fuel")
"""Categories that the low-value schemes leave to customs."""


@dataclass(frozen=True, slots=True)
class Value:
    """Whether goods are of low value. `low` None: the facts do not tell, and `missing` names them."""

    low: bool | None
    missing: tuple[str, ...] = ()


def limit_of(case: Case) -> Setting | Ruling | None:
    """The limit of the place's scheme on the day; None: there is no such scheme; a ruling: nobody read the limit."""
    found = case.law.setting(LOW_VALUE)
    if found is None or (found.value is None and not unread(found)):
        return None
    if found.value is None:
        answer = f"Up to which value goods are taxed at the sale in {case.place} has not been read."
        return case.undecided("law.unknown", answer, f"law.{LOW_VALUE}", by=found)
    return found


def excise(case: Case) -> bool:
    """Goods under excise, as the line or its category says."""
    return bool(truth(case.line.facts, "excise")) or case.line.category in EXCISE


def item(case: Case, limit: Setting, *, below: bool = False) -> Value:
    """By the price of one item, without tax, freight and insurance. `below`: the limit itself is not of low value."""
    freight = decimal_of(case.line.facts.get("transport_included")) or ZERO
    readings = {_converted(case, limit, net) for net in _nets(case, case.line.amount - freight)}
    if None in readings or not readings:
        return Value(None, ("lines.amount",) if not readings else (_lacking(case, limit),))
    answers = {_one(case, value, limit, below=below) for value in readings if value is not None}
    if len(answers) > 1 and None not in answers:
        return Value(None, ("lines.tax_inclusive",))
    if None in answers:
        return Value(None, ("lines.quantity",))
    low = answers.pop()
    amount = f"{limit.value:f} {limit.unit}"
    words = "below" if below else "at most"
    case.say(
        "value", f"Each item is {'' if low else 'not '}{words} {amount}, freight, insurance and tax not counted.", limit
    )
    return Value(low)


def consignment(case: Case, limit: Setting) -> Value:
    """By the value of the whole parcel, as stated or as all goods of the sale come to."""
    stated = case.line.consignment_value
    nets = [case.net(line) for line in case.asked.sale.lines if line.kind == "goods"]
    basket = sum((net for net in nets if net is not None), ZERO)
    worth = case.asked.worth_at_border(
        basket if stated is None else stated, limit.unit or case.asked.sale.currency, case.place
    )
    if worth is None:
        return Value(None, (_lacking(case, limit),))
    if worth <= limit.value:
        return Value(True)
    return Value(False) if stated is not None else Value(None, ("lines.consignment_value",))


def _one(case: Case, whole: Decimal, limit: Setting, *, below: bool) -> bool | None:
    """One item of the line against the limit; a line without a quantity is of low value only as a whole."""
    quantity = case.line.quantity
    each = EXACT.divide(whole, quantity) if quantity else whole
    low = each < limit.value if below else each <= limit.value
    return low if low or quantity else None


def _converted(case: Case, limit: Setting, amount: Decimal) -> Decimal | None:
    return case.asked.worth_at_border(amount, limit.unit or case.asked.sale.currency, case.place)


def _lacking(case: Case, limit: Setting) -> str:
    return case.asked.lacking_at_border(limit.unit or case.asked.sale.currency, case.place)


def _nets(case: Case, amount: Decimal) -> set[Decimal]:
    """The price without tax: one reading, or two where it is not stated whether the price contains the tax."""
    picked = rates.pick(case.law, case.line)
    percent = sum((part.percent * part.share for part in picked.components), ZERO)
    if picked.treatment is Treatment.UNDECIDED:
        standard = case.standard_percent()
        if standard is None:
            return {amount} if case.line.inclusive is False else set()
        percent = standard
    without = EXACT.divide(amount * HUNDRED, HUNDRED + percent)
    return {amount} if case.line.inclusive is False else {without} if case.line.inclusive else {amount, without}
