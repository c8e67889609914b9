"""Limits of the law: what each counts, and whether this payment keeps within it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.features import asked_alone
from engine.language.law import Gap, missing_law, missing_rate
from engine.money import DIGITS, EXACT, Money
from engine.regimes.found import Found, Spoke, detail, parameter_of
from engine.regimes.ruling import Line

IN, OUT, ANY = "in", "out", "any"

_FLOWS: Final = {"received": IN, "loaded": IN, "spent": OUT, "withdrawn": OUT, "transferred": OUT, "moved": ANY}
_KINDS: Final = {"loaded": ("deposit",), "withdrawn": ("withdrawal",), "transferred": ("transfer",)}
"""What is counted apart from the rest: money paid in by the holder, taken out as cash, sent to others."""
_SINGLE: Final = {"payment": ANY, "payment_in": IN, "payment_out": OUT}
ALWAYS: Final = "always"
"""`counts` of what a tier forbids outright."""
_OF_PAYMENT: Final = ("day_total", "night_total", "month_total")
"""What a limit of a method counts: the caller states it under `payment.limits`."""
INSTALMENTS: Final = "installments"
_PERIODS: Final = {
    "spent_today": "day", "received_today": "day", "loaded_today": "day", "withdrawn_today": "day", "transferred_today": "day",
    "moved_today": "day", "day_total": "day", "night_total": "night", "month_total": "calendar_month",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """One limit and this payment. `exceeded` None: what it counts, or the limit itself, is not known."""

    exceeded: bool | None
    amount: Decimal | None = None
    unit: str | None = None
    total: Decimal | None = None
    lacks: tuple[str, ...] = ()


def flow_of(facts: Mapping[str, Any]) -> str:
    """Which way money goes in the customer's wallet. The customer stands as the payer; `customer` tells who that really is."""
    kind = facts["kind"]
    if kind == "deposit":
        return IN
    if kind == "withdrawal":
        return OUT
    received = facts.get("customer") == "payee"
    return (OUT if received else IN) if kind == "refund" else (IN if received else OUT)


def count(found: Found, spoke: Spoke, line: Line) -> Counted | None:
    """One limit and this payment; None where the limit counts nothing of it."""
    facts, counts = found.facts, str(line.effect.details.get("counts", "payment"))
    if counts == ALWAYS:
        return Counted(True)
    if counts == INSTALMENTS:
        return _instalments(spoke, line, facts)
    if not _touched(facts, counts):
        return None
    limit, unit, lacks = _limit(spoke, line)
    if lacks:
        return Counted(None, lacks=lacks)
    if limit is None or unit is None:
        return None  # the law sets none on that day
    paid = spoke.moment.convert(facts["amount"], unit)
    if paid is None:
        return Counted(None, limit, unit, lacks=(missing_rate(facts["currency"], unit),))
    total, wanted = _so_far(found, spoke, line, counts, unit)
    sign = str(detail(spoke, line, "comparator") or "gt")
    if total is None:
        alone = _beyond(paid, limit, sign)
        return Counted(True, limit, unit, paid) if alone else Counted(None, limit, unit, lacks=wanted)
    total = EXACT.add(total, paid)
    return Counted(_beyond(total, limit, sign), limit, unit, total)


def _beyond(total: Decimal, limit: Decimal, sign: str) -> bool:
    if sign == "lt":
        return total < limit
    return total >= limit if sign == "gte" else total > limit


class Single(NamedTuple):
    """A limit of a single payment, in a currency in which payments are stated."""

    limit: Decimal
    sign: str

    def exceeded_by(self, amount: Decimal) -> bool:
        """Whether a payment of so much goes beyond it."""
        return _beyond(amount, self.limit, self.sign)


def single(spoke: Spoke, line: Line, currency: str) -> Single | bool | None:
    """What `count` compares every payment in this currency with. True: it can never be told; False: it counts nothing; None:
    each payment must be counted by itself."""
    if line.effect.details.get("counts", "payment") != "payment":
        return None
    limit, unit, lacks = _limit(spoke, line)
    if lacks:
        return True
    if limit is None or unit is None:
        return False
    return Single(limit, str(detail(spoke, line, "comparator") or "gt")) if unit == currency else None


def _instalments(spoke: Spoke, line: Line, facts: Mapping[str, Any]) -> Counted | None:
    """In how many parts a payment is paid. Where no plan is stated, and in one part, it is paid at once."""
    limit, parts = detail(spoke, line, "amount"), facts.get("payment.installments") or 1
    if limit is Gap.UNREAD:
        return Counted(None, lacks=(missing_law(parameter_of(line, "amount")),))
    if limit is None or limit is Gap.NONE or parts < 2:
        return None
    return Counted(parts > limit, Decimal(limit), None, Decimal(parts))


def _period(counts: str) -> str | None:
    if counts.endswith("_month"):
        return "calendar_month"
    return "calendar_year" if counts.endswith("_year") else _PERIODS.get(counts)


def _touched(facts: Mapping[str, Any], counts: str) -> bool:
    if counts in _SINGLE:
        return _SINGLE[counts] in (ANY, flow_of(facts))
    if counts in _OF_PAYMENT:
        return True
    if counts == "balance":
        return flow_of(facts) == IN
    verb = counts.partition("_")[0]
    if verb in _KINDS and facts["kind"] not in _KINDS[verb]:
        return False
    return _FLOWS[verb] in (ANY, flow_of(facts))


def _limit(spoke: Spoke, line: Line) -> tuple[Decimal | None, str | None, tuple[str, ...]]:
    """The limit in money, its currency, and what of the law was not read. An index unit takes its value of the date."""
    amount, name = detail(spoke, line, "amount"), parameter_of(line, "amount")
    if amount is Gap.UNREAD:
        return None, None, (missing_law(name),)
    if amount is None or amount is Gap.NONE:
        return None, None, ()
    held = spoke.compiled.params[name]
    index = line.effect.details.get("index")
    if index is None:
        return amount, held.parameter.unit, ()
    value = detail(spoke, line, "index")
    if value is None or isinstance(value, Gap):
        return None, None, (missing_law(parameter_of(line, "index")),)
    return EXACT.multiply(Decimal(amount), value), str(line.effect.details["currency"]), ()


def _so_far(found: Found, spoke: Spoke, line: Line, counts: str, unit: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """What the limit had counted before this payment: as stated, else as history knows."""
    facts = found.facts
    if counts in _SINGLE:
        return Decimal(0), ()
    paths = ("payer.balance", "payer.totals.balance") if counts == "balance" else (f"payer.totals.{counts}",)
    if counts in _OF_PAYMENT:
        paths = (f"payment.limits.{counts}",)
    path = next((path for path in paths if path in facts), paths[0])
    before: Money | None = facts.get(path) or _past(found, spoke, line)
    if before is None:
        return None, (path,)
    total = spoke.moment.convert(before, unit)
    return total, () if total is not None else (missing_rate(before.currency, unit),)


def _past(found: Found, spoke: Spoke, line: Line) -> Money | None:
    """The sum of past payments that a limit counts, where its pack declares one and history knows the holder."""
    feature = spoke.compiled.features.get(str(line.effect.details.get("past")))
    if feature is None or "payer.id" not in found.facts:
        return None
    value, remembered = asked_alone(feature, found.facts, found.asked.history, spoke.moment.convert)
    found.past += remembered
    return value if isinstance(value, Money) else None


def entry(found: Found, line: Line, counted: Counted) -> dict[str, Any]:
    """A limit as the answer tells it."""
    details = line.effect.details
    counts = str(details.get("counts", "payment"))
    remaining = None
    if counted.amount is not None and counted.total is not None:
        remaining = max(Decimal(0), EXACT.subtract(counted.amount, counted.total))
    return {
        "name": line.name,
        "tier": details.get("tier"),
        "counts": counts,
        "period": _period(counts),
        "amount": _money(counted.amount, counted.unit),
        "currency": counted.unit,
        "counted": _money(counted.total, counted.unit),
        "remaining": _money(remaining, counted.unit),
        "exceeded": counted.exceeded,
        "rejects": ("credit" if flow_of(found.facts) == IN else "payment") if counted.exceeded else None,
        "rule": line.id,
    }


def _money(amount: Decimal | None, unit: str | None) -> str | None:
    """With the currency's own decimals at least; never rounded."""
    if amount is None:
        return None
    digits, exponent = DIGITS.get(unit or "", 2), amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent < digits:
        amount = amount.quantize(Decimal(1).scaleb(-digits), context=EXACT)
    return f"{amount:f}"
