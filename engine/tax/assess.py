"""The whole of it: a sale before the law of a release, and the answer as it stands on the wire. Pure.

sale -> discount on the whole -> a ruling for each line -> whose price includes what -> amounts -> the `tax` object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from engine.money import RateKey, RateTable, plain
from engine.packs.model import Confidence, weakest
from engine.tax import answer, basket, customer, state_currency
from engine.tax.amounts import Amounts, Charged, allocate, minor_unit, reckon, sum_of, without_tax
from engine.tax.answer import Settled
from engine.tax.asked import Asked
from engine.tax.basket import Portion, undecided
from engine.tax.exchange import Exchange, Found, Lacking, Wanted, for_tax
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.model import Customer, Ruling, Sale, SaleLine, Step, Treatment
from engine.tax.procedure import charges, rule
from engine.tax.rates import pick
from engine.tax.recorder import Recorder
from engine.tax.rounding import rounding_of
from engine.tax.sale import in_minor_units

_ZERO: Final = Decimal(0)
_DISPLAY: Final = {"tax_inclusive": True, "tax_exclusive": False}


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment, and everything it rests on."""

    answer: dict[str, Any]
    settled: tuple[tuple[Settled, ...], ...]
    """The portions of each line."""
    laws: tuple[PlaceLaw, ...]
    """Whose law was asked."""
    rates: dict[RateKey, Found]
    """Exchange rates by what was asked for, the lacking ones too."""
    days: Mapping[tuple[str, datetime], date]
    """The local days that were asked for, by place."""


def assess(sale: Sale, law: TaxLaw, rates: RateTable) -> dict[str, Any]:
    """The `tax` object of the answer (contract.md): total, lines with their taxes, and why."""
    return assessed(sale, law, rates).answer


def assessed(
    sale: Sale,
    law: TaxLaw,
    rates: RateTable,
    *,
    legal_day: date | None = None,
    recorded: Recorder | None = None,
    ruled: Callable[[], None] | None = None,
) -> Assessed:
    """The assessment with what it rests on. `legal_day`: under the law of that day, everywhere. `recorded`: the ledger's totals
    of a seller who declared them whole; it notes what was used. `ruled` is called between the rulings and the arithmetic."""
    case = _Case(basket.discounted(sale), law.noted(legal_day), Exchange(rates), recorded)
    portions = basket.portions(case.sale, case.rule, case.ask)
    if ruled is not None:
        ruled()
    settled = _settled(portions, case)
    said = _answer(settled, case)
    laws = tuple((case.law.consulted or {}).values())
    return Assessed(said, settled, laws, case.exchange.asked, case.law.days or {})


class _Case:
    """One sale before the law."""

    __slots__ = ("_customers", "exchange", "law", "recorded", "sale")

    def __init__(self, sale: Sale, law: TaxLaw, exchange: Exchange, recorded: Recorder | None):
        self.sale, self.law, self.exchange, self.recorded = sale, law, exchange, recorded
        self._customers: dict[tuple[str | None, bool], Customer] = {}

    def ask(self, line: SaleLine) -> Asked:
        return Asked(self.sale, line, self.law, self.exchange, None, None, self.recorded)

    def rule(self, line: SaleLine) -> Ruling:
        return rule(self.ask(line))

    def wanted(self, place: str) -> Wanted | Lacking:
        """The exchange rate for tax that becomes due at a place."""
        return for_tax(self.law.at(place, self.law.local_day(place, self.sale.occurred_at)))

    def customer(self, ruling: Ruling, place: str | None, line: SaleLine) -> Customer:
        """In what capacity the customer buys: as the law of the place took it, where it turned on that."""
        if ruling.customer is not None:
            return ruling.customer
        key = place, line.kind == "digital" or line.facts.get("electronically_supplied") is True
        if key not in self._customers:
            self._customers[key] = customer.status(self.sale.buyer, place, digital=key[1]).customer
        return self._customers[key]


# -- from rulings to amounts ------------------------------------------------------------------------------------------------


def _settled(lines: Sequence[Sequence[Portion]], case: _Case) -> tuple[tuple[Settled, ...], ...]:
    portions = [part for parts in lines for part in parts]
    opened = [_charged(part, case, duty) for part, duty in zip(portions, _duties(portions, case), strict=True)]
    amounts = iter(reckon([charged for _, charged in opened if charged is not None], case.sale.currency))
    settled = iter(
        [
            Settled(part.line, ruling, None, None, part.line.inclusive, part.like)
            if charged is None
            else Settled(
                part.line, ruling, next(amounts), charged.rounding, _mode(part.line, charged), part.like, charged
            )
            for part, (ruling, charged) in zip(portions, opened, strict=True)
        ]
    )
    return tuple([tuple([next(settled) for _ in parts]) for parts in lines])


def _mode(line: SaleLine, charged: Charged) -> bool | None:
    """Whether the price that was stated includes the tax, as far as that matters."""
    return charged.inclusive if line.inclusive is None and charged.components else line.inclusive


def _charged(portion: Portion, case: _Case, duty: Decimal | None) -> tuple[Ruling, Charged | None]:
    """What the arithmetic needs of a portion; the ruling again, with what was settled on the way."""
    line, ruling, sale = portion.line, portion.ruling, case.sale
    if ruling.treatment is Treatment.UNDECIDED:
        return ruling, None
    amount, inclusive = line.amount, line.inclusive
    if inclusive is True and _is_stripped(ruling, sale):
        ruling, stripped = _stripped(ruling, case.ask(line))
        if stripped is None:
            return ruling, None
        amount, inclusive = stripped, False
    if not charges(ruling):
        return _kept(ruling, inclusive), Charged(amount, False, (), ruling.country or "", None)
    if duty is None:
        return _without_rate(ruling, case), None
    place = _place(ruling)
    law = case.law.at(place, case.law.local_day(place, sale.occurred_at))
    buys = case.customer(ruling, place, line)
    if inclusive is None:
        ruling, inclusive = _displayed(ruling, law, buys)
        if inclusive is None:
            return ruling, None
    return ruling, Charged(amount, inclusive, ruling.components, place, rounding_of(law, sale, buys), duty)


def _place(ruling: Ruling) -> str:
    return ruling.region or ruling.country or ruling.components[0].jurisdiction


def _without_rate(ruling: Ruling, case: _Case) -> Ruling:
    """A ruling whose duty cannot be told in the currency of the sale."""
    currency, target = ruling.duties[0][2], case.sale.currency
    words, missing = f"No exchange rate from {currency} to {target} for that day", f"fx.{currency}.{target}"
    if case.exchange.by_law:
        wanted = case.wanted(_place(ruling))
        if isinstance(wanted, Lacking):
            return _opened(ruling, "exchange.unknown", wanted.missing, Step("base", wanted.message))
        words, missing = f"{words}: {wanted.source}, {wanted.day}", wanted.missing(currency, target)
    return _opened(ruling, "exchange.unknown", missing, Step("base", f"{words}."))


def _opened(ruling: Ruling, reason: str, missing: str, step: Step) -> Ruling:
    """A ruling that turns out to lack a fact."""
    found = undecided(reason, (missing,), *ruling.steps, step)
    return replace(
        found, country=ruling.country, region=ruling.region, evidence=ruling.evidence, customer=ruling.customer
    )


def _displayed(ruling: Ruling, law: PlaceLaw, buys: Customer) -> tuple[Ruling, bool | None]:
    """Whether a price that does not say so includes the tax: to consumers, what the law of the place makes prices show."""
    setting = law.setting("b2c_price_display")
    shown = _DISPLAY.get(setting.value) if setting is not None and isinstance(setting.value, str) else None
    if buys is Customer.CONSUMER and setting is not None and shown is not None:
        words = (
            f"Prices to consumers in {law.place} are shown {'with' if shown else 'without'} tax; the line does not say."
        )
        return ruling.with_steps((*ruling.steps, setting.step("price", words))), shown
    step = Step(
        "price", "Whether the price includes the tax is not stated, and no law that was read says so for this sale."
    )
    return _opened(ruling, "price_mode.unknown", "lines.tax_inclusive", step), None


def _kept(ruling: Ruling, inclusive: bool | None) -> Ruling:
    """A price that includes a tax, where none is charged: what is asked is what is paid, unless the seller says otherwise."""
    if inclusive is not True:
        return ruling
    words = (
        "No tax is in the price that is said to include it: the price is kept (the house's own choice; the fact"
        " price_of_home_rate: strip takes the seller's home tax out of it)."
    )
    return ruling.with_steps((*ruling.steps, Step("price", words)))


def _home(sale: Sale) -> str:
    return sale.seller.address.region or sale.seller.address.country or ""


def _is_stripped(ruling: Ruling, sale: Sale) -> bool:
    """Whether the seller wants its home tax out of the price, and that is another tax than the one charged."""
    if sale.facts.get("price_of_home_rate") != "strip":
        return False
    return not charges(ruling) or _home(sale) not in (ruling.region, ruling.country)


def _stripped(ruling: Ruling, asked: Asked) -> tuple[Ruling, Decimal | None]:
    """A price that was made with the seller's home rate in it, without that. None: the home rate cannot be told."""
    line, sale = asked.line, asked.sale
    home = _home(sale)
    picked = pick(asked.at(home), line)
    if picked.treatment is Treatment.UNDECIDED:
        step = Step("price", f"The rate of {home} that the price is said to include cannot be told.")
        missing = picked.missing[0] if picked.missing else "payee.country"
        return _opened(ruling, "home_rate.unknown", missing, step), None
    net = without_tax(line.amount, picked.components, sale.currency)
    words = f"The price includes the tax of {home}: {line.amount:f} is {net:f} without it."
    return ruling.with_steps((*ruling.steps, *picked.steps, Step("price", words))), net


def _duties(portions: Sequence[Portion], case: _Case) -> list[Decimal | None]:
    """The duties in each portion's base, in the sale's currency. A consignment bears a duty once: lines that name the same one
    share it by value. None: there is no exchange rate for it."""
    found: list[Decimal | None] = [_ZERO] * len(portions)
    if not any(part.ruling.duties for part in portions):
        return found
    bearing: dict[tuple[str, str, Decimal, str], list[int]] = {}
    for at, part in enumerate(portions):
        if part.ruling.duties and charges(part.ruling):
            for duty in part.ruling.duties:
                bearing.setdefault((_place(part.ruling), *duty), []).append(at)
    for (place, _, amount, currency), places in bearing.items():
        sale = case.sale
        worth = _worth(amount, currency, place, case)
        shares = None
        if worth is not None:
            weights = [portions[at].line.amount for at in places]
            shares = allocate(in_minor_units(worth, sale.currency), weights, minor_unit(sale.currency))
        for number, at in enumerate(places):
            before = found[at]
            found[at] = before + shares[number] if shares is not None and before is not None else None
    return found


def _worth(amount: Decimal, currency: str, place: str, case: _Case) -> Decimal | None:
    """A duty in the currency of the sale, at the rate for tax that becomes due at the place: it is part of its base."""
    sale, day = case.sale, case.law.local_day(place, case.sale.occurred_at)
    if currency == sale.currency or not case.exchange.by_law:
        return case.exchange(amount, currency, sale.currency, day)
    wanted = case.wanted(place)
    return case.exchange(amount, currency, sale.currency, wanted) if isinstance(wanted, Wanted) else None


# -- the answer ---------------------------------------------------------------------------------------------------------------


def _answer(settled: tuple[tuple[Settled, ...], ...], case: _Case) -> dict[str, Any]:
    sale, law = case.sale, case.law
    lines = [answer.line_of(line, parts, sale.currency) for line, parts in zip(sale.lines, settled, strict=True)]
    parts = [part for portions in settled for part in portions]
    amounts: list[Amounts] = [part.amounts for part in parts if part.amounts is not None]
    decided = len(amounts) == len(parts)
    first = parts[0]
    place = first.ruling.region or first.ruling.country
    day = law.local_day(place, sale.occurred_at) if place else law.legal_day or sale.occurred_at.date()
    modes = {part.inclusive for part in parts}
    return {
        "verdict": "determined" if decided else "undecided",
        "total": _total(amounts, lines, sale.currency) if decided else None,
        "currency": sale.currency,
        "inclusive": modes.pop() if len(modes) == 1 else None,
        "lines": lines,
        "customer": case.customer(first.ruling, place, first.line).value,
        "date": day.isoformat(),
        "rounding": answer.rounding_of(part.rounding for part in parts),
        "confidence": weakest(_grade(line["confidence"]) for line in lines) if decided else None,
        **state_currency.told(parts, sale, law, case.exchange),
    }


def _total(amounts: Sequence[Amounts], lines: Sequence[dict[str, Any]], currency: str) -> str:
    if len(lines) == 1:
        said: str = lines[0]["tax"]
        return said
    return plain(sum_of([part.tax for part in amounts]), currency)


def _grade(letter: str | None) -> Confidence | None:
    return Confidence(letter) if letter else None
