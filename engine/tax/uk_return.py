"""The nine boxes of a United Kingdom VAT return, as far as this ledger knows them.

Boxes 1 and 6 are summed from sales, box 8 from goods that left Northern Ireland for a Member State. What was given back reduces
the period in which it was (VAT Regulations 1995, reg. 38). Purchases and acquisitions are not recorded here: boxes 2, 4, 7 and 9
are what the merchant states, and null where it states nothing, never zero; boxes 3 and 5 follow from the others, and are null
where one of them is. Boxes 1 to 5 are in pounds and pence, 6 to 9 in whole pounds, pence left out (VAT Notice 700/12).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from engine.places import country_of
from engine.postings import Booked, from_minor
from engine.tax.filings import national
from engine.tax.periods import Period
from engine.tax.returns import Told, reconciled

POUND: Final = "GBP"
KINGDOM: Final = frozenset({"GB", "XI"})
NORTHERN_IRELAND: Final = "XI"
IMPORT: Final = "import"
_SCHEMES: Final = frozenset({None, "domestic", "standard"})
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
    *,
    stated: Stated = NOTHING,
    union: Collection[str] = (),
    again: bool = False,
) -> dict[str, Any]:
    """The period's boxes, JSON-ready. `union`: the Member States; `again`: the period's own return is being corrected.

    Sales in other currencies than the pound leave the boxes undecided, and are named: the rate that the law wants for them is the
    market's or HM Revenue & Customs' of the day of each sale, not one of those that are published in euro.
    """
    chosen, late = national(told.booked, period, told.filings, again=again)
    mine, errors = _mine(chosen), _mine(late)
    open_lines = [_open(one) for one in (*mine, *errors) if one.currency != POUND]
    sums = None if open_lines else _Sums.of(mine, errors, union)
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
    def of(cls, mine: Sequence[Booked], errors: Sequence[Booked], union: Collection[str]) -> _Sums:
        gone = [one for one in mine if _left_northern_ireland(one, union)]
        return cls(_sum(mine, "tax"), _sum(mine, "net"), _sum(gone, "net"), _sum(errors, "tax"), _sum(errors, "net"))

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
            "vat_amount": f"{self.error_due:.2f}",
            "value": f"{self.error_sales:.2f}",
            "limit": f"{self.limit:.2f}",
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
    if sums is not None and due is not None and sales is not None and sums.within:
        due, sales = due + sums.error_due, sales + sums.error_sales
    total = None if due is None or stated.acquisition_tax is None else due + stated.acquisition_tax
    net = None if total is None or stated.input_tax is None else abs(total - stated.input_tax)
    pence = {"1": due, "2": stated.acquisition_tax, "3": total, "4": stated.input_tax, "5": net}
    pounds = {"6": sales, "7": stated.purchases, "8": dispatched, "9": stated.acquisitions}
    return {
        **{box: None if amount is None else f"{amount:.2f}" for box, amount in pence.items()},
        **{box: None if one is None else f"{one.quantize(Decimal(1), ROUND_DOWN):f}" for box, one in pounds.items()},
    }


def _net(boxes: Mapping[str, str | None]) -> str | None:
    """Whether box 5 is paid or reclaimed; it has no sign of its own."""
    if boxes["3"] is None or boxes["4"] is None:
        return None
    return "pay" if Decimal(boxes["3"]) >= Decimal(boxes["4"]) else "reclaim"


def _sum(lines: Sequence[Booked], name: str) -> Decimal:
    units = sum(getattr(one.posting, name) * (1 if one.reversal_id is None else -1) for one in lines)
    return from_minor(units, lines[0].digits if lines else 2)


def _open(one: Booked) -> dict[str, str]:
    return {
        "transaction": one.transaction_id,
        **({"reversal": one.reversal_id} if one.reversal_id else {}),
        "line": one.posting.line_id,
        "missing": f"fx.{one.currency}.{POUND}.{one.supply_day.isoformat()}",
    }
