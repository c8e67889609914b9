"""The nine boxes of a United Kingdom VAT return, as far as this ledger knows them.

Boxes 1 and 6 are summed from sales, box 8 from goods that left Northern Ireland for a Member State. What was given back reduces
the period in which it was (VAT Regulations 1995, reg. 38). Purchases and acquisitions are not recorded here: boxes 2, 4, 7 and 9
are what the merchant states, and null where it states nothing, never zero; boxes 3 and 5 follow from the others, and are null
where one of them is. Boxes 1 to 5 are in pounds and pence, 6 to 9 in whole pounds, pence left out (VAT Notice 700/12).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.money import EXACT, Money, Rate, convert
from engine.places import country_of
from engine.postings import Booked, from_minor
from engine.tax.exchange import Lacking, Wanted, cited, told_rate
from engine.tax.filings import national
from engine.tax.periods import Period
from engine.tax.returns import Told, reconciled

POUND: Final = "GBP"
KINGDOM: Final = frozenset({"GB", "XI"})
NORTHERN_IRELAND: Final = "XI"
IMPORT: Final = "import"
_SCHEMES: Final = frozenset({None, "domestic", "standard"})
_PENNY: Final = Decimal("0.01")
_NOTICE: Final = "VAT Notice 700/12"
_REGULATIONS: Final = "VAT Regulations 1995"
_LAW: Final = (
    ("boxes", _REGULATIONS, "reg. 25 and Sch. 1 form 4"),
    ("calculation", _REGULATIONS, "reg. 39"),
    ("filling in", _NOTICE, "section 3"),
    ("reductions", _REGULATIONS, "reg. 38"),
    ("errors of earlier returns", _REGULATIONS, "reg. 34"),
)
_LEAST: Final = Decimal(10_000)
_MOST: Final = Decimal(50_000)
_HUNDRED: Final = Decimal(100)


RateOn = Callable[[str, date], tuple[Wanted | Lacking, Rate | None]]
"""(currency, day of the sale) -> the rate into pounds that the law of the Kingdom wants, and where it is known, the rate."""
Used = Mapping[tuple[str, date], tuple[Wanted | Lacking, Rate | None]]
"""What was found, by currency and day of the sale."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the merchant says of its purchases, in pounds. None: it says nothing."""

    input_tax: Decimal | None = None
    """Box 4: tax reclaimed on purchases, acquisitions included."""
    purchases: Decimal | None = None
    """Box 7: their value without tax, box 9 included."""
    acquisition_tax: Decimal | None = None
    """Box 2: tax due on goods acquired in Northern Ireland from Member States."""
    acquisitions: Decimal | None = None
    """Box 9: their value without tax."""


NOTHING: Final = Stated()


def summary(
    period: Period,
    told: Told,
    today: date,
    rate_on: RateOn,
    *,
    stated: Stated = NOTHING,
    union: Collection[str] = (),
    again: bool = False,
) -> dict[str, Any]:
    """The period's boxes, JSON-ready. `union`: the Member States; `again`: the period's own return is being corrected.

    Sales in other currencies than the pound are converted at the rate of the day of the sale, reversals at the sale's own; those
    without one leave the boxes undecided, and are named. The rate that the law wants is the market's or HM Revenue & Customs':
    not one of those that are published in euro.
    """
    chosen, late = national(told.booked, period, told.filings, again=again)
    mine, errors = _mine(chosen), _mine(late)
    abroad = [one for one in (*mine, *errors) if one.currency != POUND]
    used = {key: rate_on(*key) for key in dict.fromkeys((one.currency, one.supply_day) for one in abroad)}
    open_lines = [_open(one) for one in abroad if used[one.currency, one.supply_day][1] is None]
    sums = None if open_lines else _Sums.of(mine, errors, union, used)
    documents = [one for part in national(told.documents, period, told.filings, again=again) for one in part]
    put_right = errors if sums is not None and sums.within else []
    boxes = _boxes(sums, stated)
    return {
        "scheme": "uk",
        "period": period.label,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "closed": today > period.last,
        "verdict": "undecided" if open_lines else "determined",
        "currency": POUND,
        "boxes": boxes,
        "net": _net(boxes),
        "unknown": [{"box": box, "why": why} for box, why in _WHY.items() if boxes[box] is None],
        "errors": None if sums is None or not errors else sums.said(),
        "undecided": open_lines,
        **_fx(used),
        "reconciliation": reconciled([*chosen, *late], [*mine, *put_right], documents),
        "law": [
            {"question": question, "answer": "", "instrument": title, "provision": at, "confidence": "R"}
            for question, title, at in _LAW
        ],
    }


def held_by(period: Period, told: Told, *, again: bool = False) -> list[str]:
    """The transactions and reversals that a return was drawn from, by their ids."""
    chosen, late = national(told.booked, period, told.filings, again=again)
    return sorted({one.reversal_id or one.transaction_id for one in _mine([*chosen, *late])})


_STATE_IT: Final = "is not recorded here: state `{}`"
_WHY: Final[Mapping[str, str]] = {
    "1": "sales in another currency have no rate",
    "2": "tax on acquisitions into Northern Ireland " + _STATE_IT.format("acquisition_tax"),
    "3": "box 1 or box 2 is not known",
    "4": "tax on purchases " + _STATE_IT.format("input_tax"),
    "5": "box 3 or box 4 is not known",
    "6": "sales in another currency have no rate",
    "7": "the value of purchases " + _STATE_IT.format("purchases"),
    "8": "sales in another currency have no rate",
    "9": "the value of acquisitions into Northern Ireland " + _STATE_IT.format("acquisitions"),
}


def _mine(booked: Sequence[Booked]) -> list[Booked]:
    """What the Kingdom taxes, or frees, under its own return; not what is supplied before it reaches the Kingdom."""
    here = [one for one in booked if one.posting.country in KINGDOM and one.posting.scheme in _SCHEMES]
    return [one for one in here if one.posting.treatment != IMPORT]


@dataclass(frozen=True, slots=True)
class _Sums:
    """The sales of the period, and the errors of earlier returns beside them. Pounds and pence."""

    due: Decimal
    sales: Decimal
    dispatched: Decimal
    error_due: Decimal
    error_sales: Decimal

    @classmethod
    def of(cls, mine: Sequence[Booked], errors: Sequence[Booked], union: Collection[str], used: Used) -> _Sums:
        gone = [one for one in mine if _left_northern_ireland(one, union)]
        summed = [(mine, "tax"), (mine, "net"), (gone, "net"), (errors, "tax"), (errors, "net")]
        return cls(*(_sum(lines, name, used) for lines, name in summed))

    @property
    def limit(self) -> Decimal:
        """Up to which errors may be put right in a return: GBP 10,000, or a hundredth of box 6 up to GBP 50,000 (reg. 34(3))."""
        return max(_LEAST, min(_MOST, self.sales / _HUNDRED))

    @property
    def within(self) -> bool:
        """Whether they may."""
        return abs(self.error_due) <= self.limit

    def said(self) -> dict[str, Any]:
        """The errors of earlier returns, and whether they are in this one."""
        after = "in boxes 1 and 6" if self.within else "not in the boxes: tell HM Revenue & Customs (form VAT652)"
        return {
            "vat_amount": f"{_pence(self.error_due):f}",
            "value": f"{_pence(self.error_sales):f}",
            "limit": f"{_pence(self.limit):f}",
            "included": self.within,
            "note": f"Told after the return of their period was filed; {after}.",
        }


def _left_northern_ireland(one: Booked, union: Collection[str]) -> bool:
    posting = one.posting
    to = country_of(posting.destination) if posting.destination else None
    from_there = NORTHERN_IRELAND in (posting.origin, posting.country)
    return posting.kind == "goods" and from_there and to in union


def _boxes(sums: _Sums | None, stated: Stated) -> dict[str, str | None]:
    due, sales, dispatched = (None, None, None) if sums is None else (sums.due, sums.sales, sums.dispatched)
    if sums is not None and sums.within:
        due, sales = EXACT.add(sums.due, sums.error_due), EXACT.add(sums.sales, sums.error_sales)
    # Converted amounts are rounded here, once: boxes 3 and 5 follow from the boxes as they stand.
    due, acquired, reclaimed = map(_pence, (due, stated.acquisition_tax, stated.input_tax))
    total = None if due is None or acquired is None else due + acquired
    net = None if total is None or reclaimed is None else abs(total - reclaimed)
    pence = {"1": due, "2": acquired, "3": total, "4": reclaimed, "5": net}
    pounds = {"6": sales, "7": stated.purchases, "8": dispatched, "9": stated.acquisitions}
    return {
        **{box: None if amount is None else f"{amount:f}" for box, amount in pence.items()},
        **{box: None if one is None else f"{one.quantize(Decimal(1), ROUND_DOWN):f}" for box, one in pounds.items()},
    }


def _pence(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(_PENNY, ROUND_HALF_UP)


def _net(boxes: Mapping[str, str | None]) -> str | None:
    """Whether box 5 is paid or reclaimed; it has no sign of its own."""
    if boxes["3"] is None or boxes["4"] is None:
        return None
    return "pay" if Decimal(boxes["3"]) >= Decimal(boxes["4"]) else "reclaim"


def _sum(lines: Sequence[Booked], name: str, used: Used) -> Decimal:
    total = Decimal(0)
    for one in lines:
        amount = from_minor(getattr(one.posting, name), one.digits)
        rate = used[one.currency, one.supply_day][1] if one.currency != POUND else None
        worth = amount if rate is None else convert(Money(amount, one.currency), rate)
        total = EXACT.add(total, worth if one.reversal_id is None else -worth)
    return total


def _fx(used: Used) -> dict[str, Any]:
    """The rates in use, where there are any."""
    found = [
        {**told_rate(rate), "rule": wanted.rule.value, **cited(wanted.step)}
        for _, (wanted, rate) in sorted(used.items(), key=lambda item: item[0])
        if rate is not None and isinstance(wanted, Wanted)
    ]
    return {"fx": found} if found else {}


def _open(one: Booked) -> dict[str, str]:
    return {
        "transaction": one.transaction_id,
        **({"reversal": one.reversal_id} if one.reversal_id else {}),
        "line": one.posting.line_id,
        "missing": f"fx.{one.currency}.{POUND}.{one.supply_day.isoformat()}",
    }
