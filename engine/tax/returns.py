"""Returns of the special schemes, summed from postings: OSS and non-Union OSS by quarter, IOSS by month.

Amounts are in euro, converted at the European Central Bank's rate of the period's last day or, where none was published, of the
next day of publication (Directive 2006/112/EC, Art. 366, 369h, 369u). What becomes known after a return was filed, or was due,
goes into a later return as a correction of the period it belongs to (Art. 365, 369g, 369t), at that period's rate. Every return
is held against the totals of the transactions it was made of; the difference is shown, and is zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

from engine.money import EXACT, Money, Rate, convert
from engine.postings import Booked, Document, from_minor
from engine.tax.filings import Filings, Scheme
from engine.tax.law import PlaceLaw, Setting
from engine.tax.model import Step
from engine.tax.periods import Period

EURO: Final = "EUR"
_CENT: Final = Decimal("0.01")

RateOn = Callable[[str, date], Rate | None]
"""(currency, last day of a period) -> the rate into euro that the law of returns names, or None."""


class Told(NamedTuple):
    """What the ledger holds of a merchant, as far as a return may need it."""

    booked: Sequence[Booked]
    documents: Sequence[Document]
    filings: Filings = Filings()


@dataclass(slots=True)
class _Sum:
    """Amounts of one row, by currency, in whole minor units; `lines` are the postings it was summed from."""

    taxable: dict[str, int] = field(default_factory=dict)
    tax: dict[str, int] = field(default_factory=dict)
    digits: dict[str, int] = field(default_factory=dict)
    lines: list[Booked] = field(default_factory=list)

    def add(self, one: Booked) -> None:
        sign = 1 if one.reversal_id is None else -1
        base = one.posting.taxable if one.posting.component else one.posting.net
        self.taxable[one.currency] = self.taxable.get(one.currency, 0) + sign * base
        self.tax[one.currency] = self.tax.get(one.currency, 0) + sign * one.posting.tax
        self.digits[one.currency] = one.digits
        self.lines.append(one)


def scheme_return(
    scheme: Scheme, period: Period, told: Told, law: PlaceLaw, rate_on: RateOn, today: date, *, again: bool = False
) -> dict[str, Any]:
    """The return of one scheme and period, JSON-ready. `told` may hold more than the period's own postings. Of a return that was
    filed it is what was in it; `again` opens it once more, for a corrected one.

    A currency without the rate that the law names leaves its rows undecided: their lines are named, and no total is given.
    """
    but = period if again else None
    chosen = [one for one in told.booked if told.filings.return_of(one, scheme, but=but) == period]
    mine = [one for one in chosen if one.posting.scheme == scheme.name]
    rows: dict[tuple[str, ...], _Sum] = {}
    late: dict[tuple[str, ...], _Sum] = {}
    for one in mine:
        posting, supplied = one.posting, scheme.period_of(one.supply_day)
        if supplied == period:
            key = (posting.country or "", posting.origin or "", _supply(one), posting.rate or "0", posting.treatment)
            rows.setdefault(key, _Sum()).add(one)
        else:
            late.setdefault((posting.country or "", supplied.label, supplied.first.isoformat()), _Sum()).add(one)
    open_lines: list[dict[str, str]] = []
    used: dict[tuple[str, date], Rate] = {}

    def euro(sums: Mapping[str, int], digits: Mapping[str, int], last: date) -> Decimal | None:
        return _in_euro(sums, digits, last, rate_on, used)

    main = [_row(key, rows[key], period, euro, open_lines) for key in sorted(rows)]
    corrections = [_correction(key, late[key], scheme, law, today, euro, open_lines) for key in sorted(late)]
    settled = [one for one in corrections if one["within_window"] is not False]
    total = _total([*main, *settled])
    documents = [one for one in told.documents if told.filings.return_of(one, scheme, but=but) == period]
    return {
        "scheme": scheme.name,
        "period": period.label,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "due": period.due.isoformat(),
        "closed": today > period.last,
        "verdict": "undecided" if open_lines else "determined",
        "currency": EURO,
        "rows": main,
        "corrections": corrections,
        "countries": _countries(main, settled),
        "total": None if total is None else f"{total:.2f}",
        "undecided": open_lines,
        "fx": [_rate(currency, rate) for (currency, _), rate in sorted(used.items(), key=lambda item: item[0])],
        "reconciliation": reconciled(chosen, mine, documents),
        "law": [_cited(step) for step in _law(scheme, law)],
    }


def held_by(scheme: Scheme, period: Period, told: Told, *, again: bool = False) -> list[str]:
    """The transactions and reversals that a return declares, by their ids."""
    but = period if again else None
    mine = (one for one in told.booked if one.posting.scheme == scheme.name)
    found = (one for one in mine if told.filings.return_of(one, scheme, but=but) == period)
    return sorted({one.reversal_id or one.transaction_id for one in found})


# -- rows -----------------------------------------------------------------------------------------------------------


def _supply(one: Booked) -> str:
    return "goods" if one.posting.kind == "goods" else "services"


def _row(
    key: tuple[str, ...], sums: _Sum, period: Period, euro: Any, open_lines: list[dict[str, str]]
) -> dict[str, Any]:
    country, origin, supply, rate, treatment = key
    taxable = euro(sums.taxable, sums.digits, period.last)
    tax = euro(sums.tax, sums.digits, period.last)
    if taxable is None or tax is None:
        open_lines.extend(_open(sums.lines, period.last))
    return {
        "country": country,
        "from": origin or None,
        "supply": supply,
        "rate_percent": rate,
        "rate_type": treatment,
        "taxable_amount": _said(taxable),
        "vat_amount": _said(tax),
        "stated": _stated(sums),
    }


def _correction(
    key: tuple[str, ...],
    sums: _Sum,
    scheme: Scheme,
    law: PlaceLaw,
    today: date,
    euro: Any,
    open_lines: list[dict[str, str]],
) -> dict[str, Any]:
    country, label, first = key
    original = scheme.period_of(date.fromisoformat(first))
    tax = euro(sums.tax, sums.digits, original.last)
    if tax is None:
        open_lines.extend(_open(sums.lines, original.last))
    years = law.setting("oss_correction_window")
    until = None if years is None or years.value is None else _years_later(original.due, int(years.value))
    return {
        "country": country,
        "original_period": label,
        "vat_amount": _said(tax),
        "stated": _stated(sums),
        "within_window": None if until is None else max(one.recorded_on for one in sums.lines) <= until,
        "window_until": until.isoformat() if until else None,
    }


def _years_later(day: date, years: int) -> date:
    later = day.year + years
    return day.replace(year=later, day=28) if (day.month, day.day) == (2, 29) and later % 4 else day.replace(year=later)


def _in_euro(
    sums: Mapping[str, int], digits: Mapping[str, int], last: date, rate_on: RateOn, used: dict[tuple[str, date], Rate]
) -> Decimal | None:
    """One amount in euro, half a cent up; None where a rate is missing. Each currency is converted once, as a sum."""
    total = Decimal(0)
    for currency, units in sorted(sums.items()):
        amount = from_minor(units, digits[currency])
        if currency != EURO:
            rate = rate_on(currency, last)
            if rate is None:
                return None
            used[currency, last] = rate
            amount = convert(Money(amount, currency), rate)
        total = EXACT.add(total, amount)
    return total.quantize(_CENT, ROUND_HALF_UP, EXACT)


def _open(lines: Iterable[Booked], last: date) -> list[dict[str, str]]:
    """The lines that wait for a rate, each with what it waits for."""
    return [
        {
            "transaction": one.transaction_id,
            **({"reversal": one.reversal_id} if one.reversal_id else {}),
            "line": one.posting.line_id,
            "missing": f"fx.{one.currency}.{EURO}.{last.isoformat()}",
        }
        for one in lines
        if one.currency != EURO
    ]


def _stated(sums: _Sum) -> list[dict[str, str]]:
    """The row in the currencies of the sales: what an auditor adds up."""
    return [
        {
            "currency": currency,
            "taxable_amount": f"{from_minor(sums.taxable[currency], sums.digits[currency]):f}",
            "vat_amount": f"{from_minor(sums.tax[currency], sums.digits[currency]):f}",
        }
        for currency in sorted(sums.tax)
    ]


def _total(rows: Sequence[Mapping[str, Any]]) -> Decimal | None:
    amounts = [row["vat_amount"] for row in rows]
    return None if None in amounts else sum((Decimal(amount) for amount in amounts), Decimal(0))


def _countries(rows: Sequence[Mapping[str, Any]], corrections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is due to each Member State of consumption: a negative balance is that State's to pay back."""
    found = []
    for country in sorted({row["country"] for row in (*rows, *corrections)}):
        sums = [_total([row for row in part if row["country"] == country]) for part in (rows, corrections)]
        balance = None if sums[0] is None or sums[1] is None else sums[0] + sums[1]
        names = ("vat_amount", "corrections", "balance")
        found.append(
            {"country": country, **{name: _said(value) for name, value in zip(names, (*sums, balance), strict=True)}}
        )
    return found


def _said(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


# -- proof ----------------------------------------------------------------------------------------------------------


def reconciled(chosen: Sequence[Booked], mine: Sequence[Booked], documents: Sequence[Document]) -> list[dict[str, Any]]:
    """By currency: the tax of all transactions less that of all reversals, against this return and what is declared elsewhere.

    The first two are the documents' own totals, the others sums of postings: two ways to the same number.
    """
    found = []
    digits = {one.currency: one.digits for one in chosen} | {one.currency: one.digits for one in documents}
    for currency in sorted(digits):
        charged, back = (
            sum(one.tax for one in documents if one.currency == currency and one.reversal is reversal)
            for reversal in (False, True)
        )
        here, all_of = (
            sum(one.posting.tax * (1 if one.reversal_id is None else -1) for one in part if one.currency == currency)
            for part in (mine, chosen)
        )
        numbers = (charged, back, here, all_of - here, charged - back - all_of)
        names = ("transactions", "reversals", "this_return", "declared_elsewhere", "difference")
        found.append(
            {
                "currency": currency,
                **{name: f"{from_minor(n, digits[currency]):f}" for name, n in zip(names, numbers, strict=True)},
            }
        )
    return found


def _law(scheme: Scheme, law: PlaceLaw) -> list[Step]:
    """What the return rests on: from the packs where they have it."""
    prefix = "ioss" if scheme.name == "ioss" else "oss"
    asked = (
        ("period", f"{prefix}_return_period", scheme.periods),
        ("due", f"{prefix}_return_deadline", scheme.periods),
        ("exchange", f"{prefix}_exchange_rate", scheme.exchange),
        ("corrections", "oss_correction_window", scheme.corrections),
    )
    found = []
    for question, name, provision in asked:
        setting: Setting | None = law.setting(name) or law.setting(name.removeprefix("i"))
        if setting is None:
            found.append(Step(question, f"{name} is in no pack of this release.", "Directive 2006/112/EC", provision))
        else:
            step = setting.step(question, f"{name}: {setting.entry.raw}")
            found.append(replace(step, provision=step.provision or provision))
    return found


def _cited(step: Step) -> dict[str, str | None]:
    return {
        "question": step.question,
        "answer": step.answer,
        "instrument": step.instrument,
        "provision": step.provision,
        "confidence": step.confidence.value if step.confidence else None,
    }


def _rate(currency: str, rate: Rate) -> dict[str, str]:
    return {
        "from": currency,
        "to": EURO,
        "rate": f"{rate.rate:f}",
        "date": rate.on.isoformat(),
        "source": rate.source,
    }
