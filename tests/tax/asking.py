"""Sales as a test states them, and the question put to a regime: addresses as `DE`, `DE 27498` or `ES-CN`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from engine.tax.asked import Asked, Regime
from engine.tax.eu import EU
from engine.tax.law import TaxLaw
from engine.tax.model import Address, Buyer, Registration, Ruling, Sale, SaleLine, Seller, TaxId, Treatment
from tests.tax.laws import europe

TODAY = "2026-11-22"
RATES = {("USD", "EUR"): Decimal("0.9"), ("USD", "GBP"): Decimal("0.75"), ("EUR", "GBP"): Decimal("0.85"),
         ("GBP", "EUR"): Decimal("1.2")}  # fmt: skip
FIXED = {("SEK", "EUR"): Decimal("0.1")}
"""Rates of 2017-12-05 only."""


def exchange(amount: Decimal, base: str, target: str, day: date) -> Decimal | None:
    """A few rates that never change, and one pair that only has a rate on the day that Art. 59c(5) fixes."""
    table = {**RATES, **(FIXED if day == date(2017, 12, 5) else {})}
    found = table.get((base, target))
    return amount * found if found is not None else None


def at(text: str | None) -> Address:
    """`FR`, `FR 97110`, `ES-CN`, `GB BT1 1AA`."""
    if not text:
        return Address()
    place, _, postcode = text.partition(" ")
    return Address(place[:2], place if "-" in place else None, postcode or None)


def goods(
    start: str | None, end: str | None, *, amount: str = "100.00", category: str | None = "standard", **facts: Any
) -> SaleLine:
    """A line of goods. `value`: of the consignment, `marketplace`, `inclusive`, `supplied_at`; the rest are facts."""
    return _line("goods", amount, category, facts, ship_from=at(start), ship_to=at(end))


def service(
    kind: str, category: str | None = "standard", *, where: str | None = None, amount: str = "100.00", **facts: Any
) -> SaleLine:
    """A line of a service, supplied at `where` if it is tied to a place."""
    ends = {name: at(facts.pop(name, None)) for name in ("ship_from", "ship_to")}
    return _line(kind, amount, category, facts, supplied_at=at(where), **ends)


def _line(kind: str, amount: str, category: str | None, facts: dict[str, Any], **places: Address) -> SaleLine:
    value, spot = facts.pop("value", None), facts.pop("supplied_at", None)
    marketplace, inclusive = facts.pop("marketplace", None), facts.pop("inclusive", False)
    identity = facts.pop("id", "1")
    if spot is not None:
        places["supplied_at"] = at(spot)
    return SaleLine(
        id=identity, kind=kind, category=category, amount=Decimal(amount), inclusive=inclusive, marketplace=marketplace,
        consignment_value=None if value is None else Decimal(value), facts=facts, **places,
    )  # fmt: skip


def seller(country: str | None = "DE", *registrations: str, unknown: bool = False, **facts: Any) -> Seller:
    """A seller with registrations as `oss:DE`, `standard:FR`, `ioss:IE:IM3720000012`; none stated means none, `unknown` not said.
    `establishments` beside the seat; the rest are facts."""
    establishments = tuple(facts.pop("establishments", ()))
    return Seller(at(country), None if unknown else tuple(map(_registration, registrations)), establishments, facts)


def _registration(text: str) -> Registration:
    scheme, place, *rest = text.split(":")
    since = date.fromisoformat(rest[1]) if len(rest) > 1 else None
    return Registration(place, scheme, rest[0] if rest and rest[0] else None, since)


def home(country: str = "DE", *registrations: str, **facts: Any) -> Seller:
    """A seller registered at home, far above every threshold unless the facts say otherwise."""
    facts = {"eu_cross_border_total": "50000", "eu_cross_border_total_previous_year": "50000", **facts}
    return seller(country, f"standard:{country[:2]}", *registrations, **facts)


def consumer(country: str | None, **evidence: Any) -> Buyer:
    """A private customer; its bank is at home too, unless evidence is stated."""
    address = at(country)
    shown = evidence or ({"bank": address.country} if address.country else {})
    return Buyer(address, "individual", (), {kind: place for kind, place in shown.items() if place}, {})


def business(country: str | None, *numbers: str, **facts: Any) -> Buyer:
    """A company with tax numbers as `FR:valid`, `IT:format_valid`; without any, one of its country that VIES confirmed."""
    ids = tuple(TaxId(place, "X", state) for place, _, state in (number.partition(":") for number in numbers))
    address = at(country)
    if not numbers and address.country:
        ids = (TaxId(address.country, "X", "valid"),)
    return Buyer(address, "organisation", ids, {}, facts)


def nameless(country: str | None, **facts: Any) -> Buyer:
    """A company that gave no number."""
    return Buyer(at(country), "organisation", (), {}, facts)


def without_number(country: str | None, **facts: Any) -> Buyer:
    """A company of which the seller states that it gave none."""
    return Buyer(at(country), "organisation", (), {}, facts, without_number=True)


def asked(
    line: SaleLine, who: Seller, buyer: Buyer, *, on: str = TODAY, currency: str = "EUR", law: TaxLaw | None = None,
    beside: Iterable[SaleLine] = (), facts: Mapping[str, Any] | None = None, origin: str | None = None,
    destination: str | None = None,
) -> Asked:  # fmt: skip
    """The question, at noon of a day."""
    day = datetime.fromisoformat(f"{on}T12:00:00").replace(tzinfo=UTC)
    sale = Sale(day, currency, (line, *beside), who, buyer, dict(facts or {}))
    return Asked(sale, line, law or europe(), exchange, origin, destination)


def ask(
    line: SaleLine, who: Seller, buyer: Buyer, *, regime: Regime = EU, way: str = "domestic", **more: Any
) -> Ruling:
    """The answer, after the promises that hold for every answer."""
    found: Ruling = getattr(regime, way)(asked(line, who, buyer, **more))
    keeps_promises(found)
    return found


def keeps_promises(found: Ruling) -> None:
    """What is true of every ruling: an undecided one names facts and charges nothing; of the others only one whose seller does
    not state its registrations asks for them, and charges; each says why."""
    undecided = found.treatment is Treatment.UNDECIDED
    undeclared = found.reason == "registrations.unknown" and bool(found.components)
    assert bool(found.missing) == (undecided or undeclared), found
    if undeclared:
        assert (found.missing, found.scheme) == (("payee.registrations",), None), found
    assert not (undecided and (found.components or found.duties or found.invoice_note)), found
    assert found.reason, found
    assert found.steps, found
    assert any(step.provision for step in found.steps) or found.reason in ("answered_elsewhere", "kind.unknown"), found
    if found.treatment in (Treatment.STANDARD, Treatment.REDUCED, Treatment.IOSS):
        assert found.components, found
        assert found.scheme or found.reason in ("registration_required", "registrations.unknown"), found
    if found.treatment in (Treatment.OUT_OF_SCOPE, Treatment.REVERSE_CHARGE, Treatment.IMPORT, Treatment.NO_OBLIGATION):
        assert not found.components, found


def provisions(found: Ruling) -> list[str]:
    """Every provision cited."""
    return [step.provision for step in found.steps if step.provision]


def cites(found: Ruling, provision: str) -> bool:
    """Whether an article is cited: `Art. 33(a)`."""
    wanted = provision.removeprefix("Art. ")
    return any(wanted in cited for cited in provisions(found))


def told(found: Ruling) -> tuple[str, str | None, str, str | None]:
    """Treatment, country, reason, scheme."""
    return found.treatment.value, found.country, found.reason, found.scheme


def percent(found: Ruling) -> str | None:
    """The one rate charged, as written."""
    return f"{found.components[0].percent:f}" if len(found.components) == 1 else None
