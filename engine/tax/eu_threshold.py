"""The EUR 10,000 of Art. 59c: below it a small seller taxes distance sales and digital services at home.

One total for both, without tax, of this calendar year and the one before. The very supply that crosses it is taxed where the
customer is. Whatever is not known never opens the exception: it leaves the line undecided.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from engine.money import EXACT, exact_number
from engine.tax import rates
from engine.tax.eu_case import Case
from engine.tax.eu_law import by
from engine.tax.law import Setting
from engine.tax.model import SaleLine, Step, Treatment
from engine.tax.territories import NORTHERN_IRELAND, UNION
from engine.tax.threshold_tests import union_test, windows

THRESHOLD: Final = "distance_sales_threshold"
RATE_DAY: Final = "distance_sales_threshold_rate_date"
TOTAL: Final = "eu_cross_border_total"
PREVIOUS: Final = "eu_cross_border_total_previous_year"
OPENED: Final = "opened_at"
"""The seller's fact on which day it began to trade."""
_HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Look:
    """Whether the exception holds: True, False, or None with the facts that would tell."""

    below: bool | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...] = ()


def look(case: Case, leaves_from: str | None = None) -> Look:
    """Whether this supply stays below the threshold. `leaves_from`: the State from which goods leave; None for services."""
    if case.seat.place is None:
        return Look(None, (by("threshold", "59c(1)(a)", "Where the seller is is not stated."),), ("payee.country",))
    closed = _closed(case, leaves_from)
    if closed is not None:
        return Look(False, (by("threshold", *closed),))
    setting = case.union(THRESHOLD)
    if setting is None or not isinstance(setting.value, Decimal):
        words = "The threshold of that day was not read."
        return Look(None, (by("threshold", "59c", words),), (f"law.{UNION}.{THRESHOLD}",))
    opted = _opted(case)
    if opted:
        return Look(False, (by("threshold", "59c(3)", "The seller opted for taxation at destination."),))
    found = _totals(case, setting)
    if opted is None and found.below is not False:
        words = "Whether the seller opted for taxation at destination is not stated."
        missing = ("payee.facts.eu_total_opted_out", "payee.registrations")
        return Look(None, (by("threshold", "59c(3)", words),), missing)
    recorder = case.asked.recorded
    held = recorder.sentences(TOTAL, PREVIOUS) if recorder is not None else []
    return replace(found, steps=(*(setting.step("threshold", words) for words in held), *found.steps))


def _closed(case: Case, leaves_from: str | None) -> tuple[str, str] | None:
    """The condition that closes the exception whatever was sold: its article and what it turned on."""
    seat, established = case.seat.place, case.established
    if case.seat.vat_area == NORTHERN_IRELAND and leaves_from is not None:
        established = (NORTHERN_IRELAND, *established)
    elif case.seat.vat_area != UNION:
        return "59c(1)(a)", f"The seller has its seat in {seat}, outside the Union: the threshold is not for it."
    if len(established) > 1:
        return "59c(1)(a)", f"The seller is established in more than one Member State: {', '.join(established)}."
    if leaves_from is not None and leaves_from not in established:
        words = f"The goods leave from {leaves_from}, not from the State of establishment (the Commission's reading)."
        return "33, 59c(3)", words
    return None


def _opted(case: Case) -> bool | None:
    """The seller's own word; without it, whoever is registered for the Union scheme declares everything there."""
    stated = case.seller.facts.get("eu_total_opted_out")
    if isinstance(stated, bool):
        return stated
    if case.seller.registrations is None:
        return None
    return case.registration("oss") is not None


def _totals(case: Case, setting: Setting) -> Look:
    assert isinstance(setting.value, Decimal)
    limit, begun = setting.value, _begun_this_year(case)
    so_far, before = _told(case, begun)
    if before is not None and before > limit:
        return Look(False, (setting.step("threshold", f"Last year's total was {before:f} EUR, over {limit:f}."),))
    least, most, missing = _this_sale(case)
    if least is not None and (so_far or Decimal(0)) + least > limit:
        total = (so_far or Decimal(0)) + least
        words = (
            f"With this supply the year's total is at least {_plain(total)} EUR, over {limit:f}: taxed at destination."
        )
        return Look(False, (setting.step("threshold", words),))
    absent = [f"payee.facts.{name}" for name, value in ((TOTAL, so_far), (PREVIOUS, before)) if value is None]
    if absent:
        words = f"Whether {limit:f} EUR is crossed turns on: {', '.join(absent)}."
        lacking = case.asked.recorded.lacking if case.asked.recorded is not None else ()
        return Look(None, (setting.step("threshold", words),), (*absent, *lacking))
    assert so_far is not None
    if most is None or so_far + most > limit:
        words = f"This supply is close to the {limit:f} EUR, and its value without tax in euro cannot be told."
        return Look(None, (setting.step("threshold", words),), missing or ("lines.tax_inclusive",))
    last = f"last year's was {before:f}" if begun is None or before else f"the business began on {begun}, this year"
    words = f"The year's total with this supply is {_plain(so_far + most)} EUR, not over {limit:f}; {last}."
    return Look(True, (setting.step("threshold", words),))


def _begun_this_year(case: Case) -> date | None:
    """The day on which the seller began to trade, if that was in the calendar year of this supply: no year before has a total."""
    stated = case.seller.facts.get(OPENED)
    if isinstance(stated, date):
        day = stated
    else:
        try:
            day = date.fromisoformat(str(stated)[:10])
        except ValueError:
            return None
    return day if day.year == case.day(str(case.seat.place)).year and day <= case.day(str(case.seat.place)) else None


def _told(case: Case, begun: date | None) -> tuple[Decimal | None, Decimal | None]:
    """This year's total and last year's: as stated, and as the ledger behind the seller knows. `begun`: the day on which the
    seller began, if that was this year: it sold nothing last year, unless a total that is stated or recorded says otherwise."""
    so_far, before = [exact_number(case.seller.facts.get(name)) for name in (TOTAL, PREVIOUS)]
    if before is None and begun is not None:
        before = Decimal(0)
    recorder, seat = case.asked.recorded, case.seat.place
    if recorder is None or seat is None:
        return so_far, before
    day = case.asked.sold_on(seat)
    test = union_test(case.asked.at(seat), case.asked.law, day)
    if test is None:
        return so_far, before
    year, last = windows(test.window, day)
    return recorder.amount(TOTAL, test, year, day, so_far), recorder.amount(PREVIOUS, test, last, day, before)


def _this_sale(case: Case) -> tuple[Decimal | None, Decimal | None, tuple[str, ...]]:
    """The least and the most that this sale adds, in euro without tax. Its cross-border lines count together: one order is one
    supply, and the first of its lines is not taxed otherwise than the last."""
    least, most, missing = Decimal(0), Decimal(0), list[str]()
    for line in case.asked.sale.lines:
        if line is not case.line and not _crosses(case, line):
            continue
        low, high, need = _without_tax(case, line)
        missing += need
        least += low
        most += high
    euro = [_in_euro(case, amount) for amount in (least, most)]
    if None in euro:
        missing.append(f"fx.{case.asked.sale.currency}.EUR")
    return euro[0], euro[1], tuple(dict.fromkeys(missing))


def _crosses(case: Case, line: SaleLine) -> bool:
    """Whether another line of the sale counts as well: goods that cross a border of the Union, or a digital service."""
    if line.kind == "goods":
        ends = [case.placed(line.ship_from), case.placed(line.ship_to)]
        return all(end.vat_area == UNION for end in ends) and ends[0].state != ends[1].state
    buyer = case.placed(case.asked.sale.buyer.address)
    return line.kind == "digital" and buyer.vat_area == UNION and buyer.state != case.seat.state


def _without_tax(case: Case, line: SaleLine) -> tuple[Decimal, Decimal, list[str]]:
    """The least and the most that a line is worth without tax: of a price with tax, the home rate is taken out, because it is
    the one that holds as long as the threshold is not crossed."""
    if line.inclusive is False:
        return line.amount, line.amount, []
    assert case.seat.place is not None
    picked = rates.pick(case.asked.at(case.seat.place), line)
    if picked.treatment is Treatment.UNDECIDED:
        return Decimal(0), line.amount, list(picked.missing)
    percent = sum((part.percent * part.share for part in picked.components), Decimal(0))
    net = EXACT.divide(line.amount * _HUNDRED, _HUNDRED + percent)
    return net, net if line.inclusive else line.amount, []


def _in_euro(case: Case, amount: Decimal) -> Decimal | None:
    """In euro, at the rate of the day that Art. 59c(5) fixes once and for all."""
    currency = case.asked.sale.currency
    if currency == "EUR":
        return amount
    fixed = case.union(RATE_DAY)
    day = fixed.value if fixed else None
    return case.asked.exchange(amount, currency, "EUR", day) if isinstance(day, date) else None


def _plain(amount: Decimal) -> str:
    return f"{EXACT.quantize(amount, Decimal('0.01')):f}"
