"""Small tax laws told in Python, families of laws that answer as a test says, and sales told as a caller would.

law = release(FR=place(rate("20"), rate("5.5", "books", "reduced"), b2c_price_display="tax_inclusive"), EU=union("FR", "DE"))
sold(law, line(amount="24.90", tax_inclusive=True)) -> the `tax` object
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from unittest import mock

import orjson

from engine.facts import Facts
from engine.language.law import Gap
from engine.money import RateRow, RateTable
from engine.packs.model import (
    UNREAD_START,
    Basis,
    Cite,
    Confidence,
    Domain,
    Member,
    Pack,
    Parameter,
    Source,
    TaxRate,
    Territory,
    Value,
    Verified,
)
from engine.packs.packset import PackSet
from engine.packs.problems import Spot
from engine.packs.release import seal
from engine.replay import facts_from
from engine.tax import procedure, remembered
from engine.tax.asked import Asked, Regime
from engine.tax.assess import assess
from engine.tax.law import TaxLaw
from engine.tax.model import Address, Ruling, Sale, Step, Treatment
from engine.tax.rates import charge
from engine.tax.sale import sale_of
from engine.tax.territories import Placed

SPOT = Spot("test", 1, 1)
NOW = datetime(2026, 11, 22, 9, 15, tzinfo=UTC)
DAY = date(2026, 11, 22)
ACT = Source("act", "The tax act", "statute", "https://law.example/act", None, None, None, SPOT)
ZONES = {
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "JP": "Asia/Tokyo",
    "US": "America/New_York",
    "NZ": "Pacific/Auckland",
}
FRIDAY = date(2026, 11, 20)
RATES = RateTable(
    [RateRow(day, code, Decimal(quote)) for day in (FRIDAY, DAY) for code, quote in (("USD", "1.25"), ("JPY", "160"))]
)
"""One euro is USD 1.25 and JPY 160 on the day, a Sunday, and on the day of publication before it; nothing else is quoted."""


# -- laws ---------------------------------------------------------------------------------------------------------------


def rate(
    percent: str | None,
    category: str = "standard",
    kind: str = "standard",
    *,
    tax: str = "vat",
    share: str = "1",
    **more: Any,
) -> TaxRate:
    """One line of a table of rates. `start` and `end` are dates; `percent` None is exempt."""
    return TaxRate(
        more.get("id") or f"{tax}.{category}.{percent}",
        category,
        kind,
        tax,
        None if percent is None else Decimal(percent),
        False,
        Decimal(share),
        more.get("supplies", ()),
        "",
        more.get("start", UNREAD_START),
        more.get("end"),
        Basis.STATUTE,
        Cite("act", f"s. {category}", SPOT),
        more.get("confidence", Confidence.A),
        "",
        "",
        None,
        SPOT,
    )


def place(*rates: TaxRate, territories: tuple[Territory, ...] = (), **settings: Any) -> Domain:
    """The tax file of a place: rates and parameters (a value, or {day: value})."""
    return Domain("tax", {name: _parameter(name, value) for name, value in settings.items()}, {}, (), (), "", (), rates,
                  territories)  # fmt: skip


def _parameter(name: str, value: Any) -> Parameter:
    dated = value if isinstance(value, dict) else {UNREAD_START: value}
    values = tuple(Value(start, Gap.UNREAD if said == "unread" else said, str(said), None, None, "", "", SPOT)
                   for start, said in dated.items())  # fmt: skip
    return Parameter(name, name, "token", None, None, Basis.STATUTE, Cite("act", name, SPOT), Confidence.A, "", "", values,
                     None, None, SPOT)  # fmt: skip


def territory(name: str, place: str | None = None, *, vat_area: bool = False) -> Territory:
    """A special territory."""
    return Territory(
        name.lower(), name, place, (), vat_area, True, None, UNREAD_START, None, None, Confidence.A, "", "", SPOT
    )


def union(*members: str, **settings: Any) -> tuple[tuple[str, ...], Domain]:
    """The Union's pack: members of all times, and its law."""
    return members, place(**settings)


def release(**laws: Domain | tuple[tuple[str, ...], Domain]) -> PackSet:
    """A release with these places; `US_TX` is US-TX. WORLD is there, and so is its answer to what is unknown."""
    packs = {"WORLD": _pack("WORLD", place(), (), {"tax": "collect"})}
    for name, law in laws.items():
        members, domain = law if isinstance(law, tuple) else ((), law)
        packs[name.replace("_", "-")] = _pack(name.replace("_", "-"), domain, members, {})
    files = {f"{code}/tax.yaml": repr(pack.domains) for code, pack in packs.items()}
    return PackSet(packs, files, seal(files, "2026.11.0"))


def _pack(code: str, domain: Domain, members: tuple[str, ...], on_unknown: Mapping[str, str]) -> Pack:
    inside = tuple(Member(member, UNREAD_START, None, None, None, None, "", "", SPOT) for member in members)
    return Pack(code, code, "2026.11.0", () if code == "WORLD" else ("WORLD",), inside, ZONES.get(code[:2], "UTC"), "EUR",
                on_unknown, {"act": ACT}, Verified(DAY, "the tests"), SPOT, domains={"tax": domain})  # fmt: skip


# -- families of laws that answer as a test says ---------------------------------------------------------------------------

Answer = Callable[[Asked], Ruling]


class Family:
    """A regime: at home the rates of the destination, into it what `inbound` says, out of it what `outbound` says."""

    def __init__(self, inbound: Answer | None = None, outbound: Answer | None = None, domestic: Answer | None = None):
        self._inbound = inbound or says(Treatment.NO_OBLIGATION, "below_threshold")
        self._outbound = outbound or says(Treatment.ZERO, "export")
        self._domestic = domestic or charged

    def domestic(self, asked: Asked) -> Ruling:
        return self._domestic(asked)

    def inbound(self, asked: Asked) -> Ruling:
        return self._inbound(asked)

    def outbound(self, asked: Asked) -> Ruling:
        return self._outbound(asked)


def charged(asked: Asked) -> Ruling:
    """The rates of the destination."""
    return _charged_at(asked, asked.destination)


def charged_at_origin(asked: Asked) -> Ruling:
    """The rates of the origin, whatever the destination."""
    return _charged_at(asked, asked.origin)


def _charged_at(asked: Asked, where: str | None) -> Ruling:
    assert where is not None
    base = Ruling(Treatment.STANDARD, where[:2], where if len(where) > 2 else None, scheme="domestic",
                  steps=(Step("liability", f"Charged in {where}.", "The tax act", "s. 1", None, Confidence.A),))  # fmt: skip
    return charge(asked.at(where), asked.line, base)


def says(treatment: Treatment, reason: str, *missing: str, **more: Any) -> Answer:
    """An answer without rates."""

    def answer(asked: Asked) -> Ruling:
        country = (asked.destination or "")[:2] or None
        return Ruling(
            treatment, country, None, reason=reason, missing=missing, steps=(Step("treatment", reason),), **more
        )

    return answer


@contextmanager
def families(default: Regime | None = None, place_of: Any = None, **by_country: Regime) -> Iterator[None]:
    """Within the block these families speak: for the countries named, and `default` for all others. `place_of` says where an
    address lies; without it no territories are known by their postcodes."""

    def regime_of(place: str, _law: Any, _area: str | None = None) -> Regime:
        return by_country.get(place[:2], default or Family())

    with (
        mock.patch.object(procedure, "regime_of", regime_of),
        mock.patch.object(procedure, "place_of", place_of or plainly),
        mock.patch.object(remembered, "memory_of", return_value=remembered.Memory()),
    ):
        yield


def plainly(address: Address, law: TaxLaw, day: date) -> Placed:
    """Where an address lies where no territory is known by its postcode."""
    country, region = address.country, address.region
    assert country is not None
    known = any(territory.place == region for _, territory in law.at(country, day).territories())
    place = region if region is not None and (known or region in law.packs.packs) else country
    return Placed(place, procedure._area(place, law.at(place, day)), None, Step("territory", place))


# -- sales ---------------------------------------------------------------------------------------------------------------


def line(at: str = "1", **stated: Any) -> dict[str, Any]:
    """A line of goods within France, unless told otherwise. None takes a fact away."""
    told = {
        "id": at,
        "kind": "goods",
        "category": "standard",
        "ship_from": {"country": "FR"},
        "ship_to": {"country": "FR"},
    }
    return {key: value for key, value in {**told, **stated}.items() if value is not None}


def body(*lines: dict[str, Any], currency: str = "EUR", **stated: Any) -> dict[str, Any]:
    """A request: a French shop sells to a French consumer on 2026-11-22, unless told otherwise."""
    told: dict[str, Any] = {
        "amount": "1",
        "currency": currency,
        "occurred_at": "2026-11-22T10:15:00+01:00",
        "payment": {"instrument": "card"},
        "payer": {"type": "individual", "country": "FR"},
        "payee": {"country": "FR", "registrations": [{"jurisdiction": "FR"}]},
        "lines": list(lines),
    }
    return {key: value for key, value in {**told, **stated}.items() if value is not None}


def facts_told(*lines: dict[str, Any], **stated: Any) -> Facts:
    """The facts of a request, through the door a caller uses."""
    return facts_from(orjson.dumps(body(*lines, **stated)))


def sale_told(*lines: dict[str, Any], **stated: Any) -> Sale:
    """The sale of a request."""
    sale = sale_of(facts_told(*lines, **stated), NOW)
    assert sale is not None
    return sale


def sold(packs: PackSet, *lines: dict[str, Any], rates: RateTable = RATES, **stated: Any) -> dict[str, Any]:
    """The `tax` object for a request."""
    return assess(sale_told(*lines, **stated), TaxLaw(packs), rates)


def asked_of(packs: PackSet, sale: Sale, **changed: Any) -> Asked:
    """A question about the first line."""
    return replace(Asked(sale, sale.lines[0], TaxLaw(packs), lambda *_: None, None, None), **changed)
