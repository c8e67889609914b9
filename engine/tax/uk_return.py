"""The boxes of a United Kingdom VAT return, as far as sales fill them.

Box 1 is the tax due on sales, box 6 their value without tax. What was given back reduces the period in which it was (VAT
Regulations 1995, reg. 38). Purchases are not known here: boxes 2, 4, 7, 8 and 9 are null, and so is what follows from them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from engine.money import EXACT, Money, Rate, convert
from engine.postings import Booked, from_minor
from engine.tax.exchange import Lacking, Wanted, cited, told_rate
from engine.tax.periods import Period
from engine.tax.returns import Told, reconciled

POUND: Final = "GBP"
UNITED_KINGDOM: Final = "GB"
IMPORT: Final = "import"
_SCHEMES: Final = frozenset({None, "domestic", "standard"})
_PENNY: Final = Decimal("0.01")
_LAW: Final = (
    ("boxes", "VAT Regulations 1995", "reg. 25 and Sch. 1 form 4"),
    ("reductions", "VAT Regulations 1995", "reg. 38"),
)


RateOn = Callable[[str, date], tuple[Wanted | Lacking, Rate | None]]
"""(currency, day of the sale) -> the rate into pounds that the law of the Kingdom wants, and where it is known, the rate."""


def summary(period: Period, told: Told, today: date, rate_on: RateOn) -> dict[str, Any]:
    """The period's boxes, JSON-ready. Sales in other currencies than the pound are converted at the rate of the day of the sale,
    reversals at the sale's own; those without one leave the boxes undecided, and are named.

    The rate that the law wants is the market's or HM Revenue & Customs': not one of those that are published in euro.
    """
    chosen = [one for one in told.booked if period.first <= one.day <= period.last]
    here = [one for one in chosen if one.posting.country == UNITED_KINGDOM and one.posting.scheme in _SCHEMES]
    mine = [one for one in here if one.posting.treatment != IMPORT]  # supplied before it reached the Kingdom
    used = {
        (one.currency, one.supply_day): rate_on(one.currency, one.supply_day) for one in mine if one.currency != POUND
    }
    open_lines = [_open(one) for one in mine if one.currency != POUND and used[one.currency, one.supply_day][1] is None]
    documents = [one for one in told.documents if period.first <= one.day <= period.last]
    due = None if open_lines else _sum(mine, "tax", used)
    sales = None if open_lines else _sum(mine, "net", used)
    pounds = None if sales is None else f"{sales.quantize(Decimal(1), ROUND_DOWN):f}"
    return {
        "scheme": "uk",
        "period": period.label,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "closed": today > period.last,
        "verdict": "undecided" if open_lines else "determined",
        "currency": POUND,
        "boxes": {
            "1": None if due is None else f"{due.quantize(_PENNY, ROUND_HALF_UP):f}",
            **dict.fromkeys(("2", "3", "4", "5")),
            "6": pounds,
            **dict.fromkeys(("7", "8", "9")),
        },
        "unknown": [
            {"box": "2", "why": "acquisitions into Northern Ireland are not told here"},
            {"box": "4", "why": "tax on purchases is not told here"},
            {"box": "7", "why": "purchases are not told here"},
            {"box": "8", "why": "supplies of goods from Northern Ireland to Member States are not told apart here"},
            {"box": "9", "why": "acquisitions into Northern Ireland are not told here"},
        ],
        "undecided": open_lines,
        **_fx(used),
        "reconciliation": reconciled(chosen, mine, documents),
        "law": [
            {"question": question, "answer": "", "instrument": title, "provision": at, "confidence": "R"}
            for question, title, at in _LAW
        ],
    }


Used = dict[tuple[str, date], tuple[Wanted | Lacking, Rate | None]]


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
