"""Limits of a wallet's tier: what each counts, whether this payment keeps within it, and which tier would have room for it.

A limit on money that comes in rejects that credit, never the wallet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from engine.language.law import Gap, missing_law, missing_rate
from engine.money import DIGITS, EXACT, Money
from engine.regimes.kyc_found import Found, Spoke, detail, graded, parameter_of, stated
from engine.regimes.ruling import Line

IN, OUT, ANY = "in", "out", "any"

_FLOWS: Final = {"received": IN, "loaded": IN, "spent": OUT, "withdrawn": OUT, "transferred": OUT, "moved": ANY}
_KINDS: Final = {"loaded": ("deposit",), "withdrawn": ("withdrawal",), "transferred": ("transfer",)}
"""What is counted apart from the rest: money paid in by the holder, taken out as cash, sent to others."""
_SINGLE: Final = {"payment": ANY, "payment_in": IN, "payment_out": OUT}
_ALWAYS: Final = "always"
"""`counts` of what a tier forbids outright."""
_PERIODS: Final = {"today": "day", "month": "calendar_month", "year": "calendar_year"}


@dataclass(frozen=True, slots=True)
class Counted:
    """One limit and this payment. `exceeded` None: what it counts, or the limit itself, is not known."""

    exceeded: bool | None
    amount: Decimal | None = None
    unit: str | None = None
    total: Decimal | None = None
    lacks: tuple[str, ...] = ()


_NOT_TOUCHED: Final = Counted(False)


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
    if counts == _ALWAYS:
        return Counted(True)
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
    total, wanted = _so_far(spoke, facts, counts, unit)
    strict = detail(spoke, line, "comparator") == "gte"
    if total is None:
        alone = _beyond(paid, limit, strict=strict)
        return Counted(True, limit, unit, paid) if alone else Counted(None, limit, unit, lacks=wanted)
    total = EXACT.add(total, paid)
    return Counted(_beyond(total, limit, strict=strict), limit, unit, total)


def _beyond(total: Decimal, limit: Decimal, *, strict: bool) -> bool:
    return total >= limit if strict else total > limit


def _touched(facts: Mapping[str, Any], counts: str) -> bool:
    if counts in _SINGLE:
        return _SINGLE[counts] in (ANY, flow_of(facts))
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


def _so_far(spoke: Spoke, facts: Mapping[str, Any], counts: str, unit: str) -> tuple[Decimal | None, tuple[str, ...]]:
    """What the limit had counted before this payment."""
    if counts in _SINGLE:
        return Decimal(0), ()
    paths = ("payer.balance", "payer.totals.balance") if counts == "balance" else (f"payer.totals.{counts}",)
    path = next((path for path in paths if path in facts), paths[0])
    before: Money | None = facts.get(path)
    if before is None:
        return None, (path,)
    total = spoke.moment.convert(before, unit)
    return total, () if total is not None else (missing_rate(before.currency, unit),)


# -- all limits of a wallet ---------------------------------------------------------------------------------------------------


def limits(found: Found, spoke: Spoke, lines: list[Line], every: tuple[Line, ...]) -> None:
    """Judge the limits that hold (`lines` that fired) or might hold; `every` is all of them, for the tiers above."""
    fired, is_open = set(spoke.ruled.fired), set(spoke.ruled.open)
    for line in lines:
        if line in fired:
            _holds(found, spoke, line, every)
    doubtful = []
    for line in lines:
        if line in is_open:
            counted = count(found, spoke, line)
            if counted is not None and counted.exceeded is not False:
                doubtful.append(line)
                found.lack(counted.lacks, line.id)
    if doubtful:
        found.lacking(spoke, doubtful)


def _holds(found: Found, spoke: Spoke, line: Line, every: tuple[Line, ...]) -> None:
    counted = count(found, spoke, line)
    if counted is None:
        return
    found.limits.append(_entry(found, line, counted))
    found.grades.add(line.grade)
    graded(found, spoke, line, "amount")
    if counted.exceeded is None:
        found.lack(counted.lacks, line.id)
    elif counted.exceeded:
        found.tell(spoke, line)
        _upgrade(found, spoke, line, every)


def _upgrade(found: Found, spoke: Spoke, line: Line, every: tuple[Line, ...]) -> None:
    """Ask for what the next tier with room for this payment wants; refuse where there is none."""
    words, tier, needs = found.asked.words, line, list[str]()
    seen = set[str]()
    while (after := tier.effect.details.get("next")) is not None and after not in seen:
        seen.add(str(after))
        needs += detail(spoke, tier, "needs") or ()
        own = [other for other in every if other.effect.details.get("tier") == after]
        if not any(_over(found, spoke, other) for other in own):
            why = words.say("kyc.upgrade")
            for field in needs:
                if not stated(found.facts, field):
                    found.want(field, why)
            found.want("payer.wallet_tier", why)
            return
        tier = next((other for other in own if "next" in other.effect.details), tier)
    found.refused = True


def _over(found: Found, spoke: Spoke, line: Line) -> bool:
    counted = count(found, spoke, line)
    return counted is not None and counted.exceeded is True and line.effect.details.get("counts") != _ALWAYS


def _entry(found: Found, line: Line, counted: Counted) -> dict[str, Any]:
    details = line.effect.details
    counts = str(details.get("counts", "payment"))
    remaining = None
    if counted.amount is not None and counted.total is not None:
        remaining = max(Decimal(0), EXACT.subtract(counted.amount, counted.total))
    return {
        "name": line.name,
        "tier": details.get("tier"),
        "counts": counts,
        "period": _PERIODS.get(counts.rpartition("_")[2]),
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
