"""Small laws written in a few words of YAML, and sales before them: what the tests of the regimes outside the Union stand on.

    AU:
      zone: Australia/Sydney
      settings: {has_consumption_tax: true, digital_nonresident_threshold: 75000 AUD}
      rates: [gst standard 10, gst food 0]

A setting is a flag, a word, a whole number, money (`75000 AUD`), a percentage (`4 %`), `null`, or `{day: value}`. A rate is a
tax, a category and a percentage or `exempt`, then what applies of `from=`, `to=`, `share=`, `for=` (kinds of line), `if=` and
`conf=`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

from engine.language.law import Gap
from engine.money import EXACT
from engine.packs.model import (
    UNREAD_START,
    Basis,
    Cite,
    Confidence,
    Domain,
    Pack,
    Parameter,
    Source,
    TaxRate,
    Value,
    Verified,
)
from engine.packs.packset import PackSet
from engine.packs.problems import Spot
from engine.packs.release import seal
from engine.tax.asked import Asked, Exchange
from engine.tax.law import TaxLaw
from engine.tax.model import Address, Buyer, Registration, Ruling, Sale, SaleLine, Seller, TaxId, Treatment

SPOT = Spot("test", 1, 1)
NOW = "2026-11-22"
QUOTES = {
    "EUR": "1", "USD": "1.10", "AUD": "1.65", "NZD": "1.80", "SGD": "1.50", "JPY": "160", "KRW": "1500", "NOK": "11.5",
    "CHF": "0.95", "CAD": "1.50", "INR": "90", "BRL": "6", "ZAR": "20", "GBP": "0.85", "AED": "4.0", "THB": "40", "CLP": "1000",
}  # fmt: skip
"""Units for one euro, every day."""


def fixed(amount: Decimal, base: str, target: str, _day: date) -> Decimal | None:
    """The same rates on every day; none for a currency that is not quoted."""
    if base not in QUOTES or target not in QUOTES:
        return None
    return EXACT.divide(amount * Decimal(QUOTES[target]), Decimal(QUOTES[base]))


def no_rates(_amount: Decimal, _base: str, _target: str, _day: date) -> Decimal | None:
    """As if no rate had been published."""
    return None


@cache
def law(text: str) -> TaxLaw:
    """The law of a few places. Every place extends WORLD; a subdivision lies below its country by its code."""
    packs = {"WORLD": _pack("WORLD", {})} | {
        code: _pack(code, body or {}) for code, body in yaml.safe_load(text).items()
    }
    files = {f"{code}/pack.yaml": "" for code in packs}
    return TaxLaw(PackSet(packs, files, seal(files, "test")))


def _pack(code: str, body: Mapping[str, Any]) -> Pack:
    rates = tuple(_rate(number, line) for number, line in enumerate(body.get("rates", ())))
    settings = {name: _parameter(name, stated) for name, stated in body.get("settings", {}).items()}
    domain = Domain("tax", settings, {}, (), (), "", (), rates)
    return Pack(
        code, code, "2026.11.0", () if code == "WORLD" else ("WORLD",), (), body.get("zone", "UTC"), "EUR", {},
        {"act": Source("act", f"Tax Act of {code}", "act", None, None, None, None, SPOT)},
        Verified(date(2026, 11, 22), "test"), SPOT, domains={"tax": domain} if body else {},
    )  # fmt: skip


def _parameter(name: str, stated: Any) -> Parameter:
    dated = stated if isinstance(stated, dict) else {None: stated}
    values, units = [], set[str]()
    for day, raw in dated.items():
        value, unit = _value(raw)
        units |= {unit} if unit else set()
        start = UNREAD_START if day is None else day if isinstance(day, date) else date.fromisoformat(str(day))
        values.append(Value(start, value, str(raw), None, None, "", "", SPOT))
    return Parameter(
        name, name, "token", min(units, default=None), None, Basis.STATUTE, Cite("act", name, SPOT), Confidence.B, "", "",
        tuple(values), None, None, SPOT,
    )  # fmt: skip


def _value(raw: Any) -> tuple[Any, str | None]:
    if raw is None or raw == "unread":
        return Gap.NONE if raw is None else Gap.UNREAD, None
    if not isinstance(raw, str):
        return raw, None
    amount, _, unit = raw.partition(" ")
    if unit == "%":
        return Decimal(amount), "percent"
    return (Decimal(amount), unit) if len(unit) == 3 and unit.isupper() else (raw, None)


def _rate(number: int, line: str) -> TaxRate:
    component, category, percent, *rest = line.split()
    more = dict(part.split("=", 1) for part in rest)
    exempt, unread = percent == "exempt", percent == "unread"
    kind = "exempt" if exempt else "zero" if percent == "0" else "standard" if category == "standard" else "reduced"
    share = Fraction(more.get("share", "1"))
    return TaxRate(
        f"{component}.{category}.{number}", category, kind, component, None if exempt or unread else Decimal(percent), unread,
        EXACT.divide(Decimal(share.numerator), Decimal(share.denominator)), tuple(filter(None, more.get("for", "").split(","))),
        more.get("if", ""), date.fromisoformat(more["from"]) if "from" in more else UNREAD_START,
        date.fromisoformat(more["to"]) if "to" in more else None, Basis.STATUTE, Cite("act", "rates", SPOT),
        Confidence(more.get("conf", "B")), "", "", None, SPOT,
    )  # fmt: skip


# -- sales


def at(code: str | None, postal_code: str | None = None) -> Address:
    """An address at a country or a part of one."""
    if code is None:
        return Address()
    return Address(code.partition("-")[0], code if "-" in code else None, postal_code)


def asked(
    text: str,
    origin: str | None,
    destination: str | None,
    *,
    kind: str | None = "digital",
    category: str | None = "standard",
    amount: str = "100",
    currency: str = "EUR",
    inclusive: bool | None = False,
    on: str = NOW,
    rates: Exchange = fixed,
    registrations: tuple[str, ...] | None = (),
    seller: Mapping[str, Any] | None = None,
    establishments: tuple[str, ...] = (),
    ids: tuple[str, ...] = (),
    type: str | None = None,
    buyer: Mapping[str, Any] | None = None,
    evidence: Mapping[str, str] | None = None,
    line: Mapping[str, Any] | None = None,
    basket: tuple[SaleLine, ...] = (),
    **fields: Any,
) -> Asked:
    """A question: one line from a place to a place. `registrations`: `NO` or `NO:voec`; `ids`: `AU:valid`."""
    sold = SaleLine(
        "1", kind, category, Decimal(amount), inclusive,
        ship_from=at(origin) if kind == "goods" else Address(), ship_to=at(destination) if kind == "goods" else Address(),
        facts=line or {}, **fields,
    )  # fmt: skip
    named = None if registrations is None else tuple(_registration(one) for one in registrations)
    sale = Sale(
        datetime.fromisoformat(f"{on}T12:00:00").replace(tzinfo=UTC), currency, (sold, *basket),
        Seller(at(origin), named, establishments, seller or {}),
        Buyer(at(destination), type, tuple(_id(one) for one in ids), evidence or {}, buyer or {}),
    )  # fmt: skip
    return Asked(sale, sold, law(text), rates, origin, destination)


def _registration(stated: str) -> Registration:
    jurisdiction, _, scheme = stated.partition(":")
    return Registration(jurisdiction, scheme or "standard")


def _id(stated: str) -> TaxId:
    country, _, state = stated.partition(":")
    return TaxId(country, "123456789", state or "valid")


def sold(amount: str, currency: str, count: int | None = None, previous: str | None = None) -> dict[str, Any]:
    """Turnover of a place, as the seller states it."""
    before = {} if previous is None else {"previous": {"amount": previous}}
    return {"amount": amount, "currency": currency, **({} if count is None else {"count": count}), **before}


# -- answers


def percents(ruling: Ruling) -> str:
    """`gst 5 + pst 7`: each component's name and percentage."""
    return " + ".join(f"{part.name} {part.percent.normalize():f}" for part in ruling.components)


def said(ruling: Ruling, question: str) -> str:
    """Every answer to a question of the procedure."""
    return " | ".join(step.answer for step in ruling.steps if step.question == question)


def cited(ruling: Ruling) -> str:
    """Every article that the ruling names."""
    return " | ".join(f"{step.instrument} {step.provision}" for step in ruling.steps if step.instrument)


def holds(ruling: Ruling) -> Ruling:
    """What holds of every answer: nothing undecided charges, nothing decided lacks facts, a zero names its reason, and some
    step rests on a source."""
    undecided = ruling.treatment is Treatment.UNDECIDED
    assert bool(ruling.missing) == undecided, ruling
    assert not (undecided and ruling.components), ruling
    assert ruling.reason, ruling
    charged = ruling.treatment in (Treatment.STANDARD, Treatment.REDUCED)
    assert bool(ruling.components) == charged or ruling.treatment is Treatment.ZERO, ruling
    assert undecided or any(step.instrument for step in ruling.steps), ruling
    assert len(set(ruling.missing)) == len(ruling.missing), ruling
    return ruling


Way = Callable[[Asked], Ruling]
