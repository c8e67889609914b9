"""The order of decisions on one line: date, kind, supplier, customer, place; then the law of the place where the supply starts
and of the place where it ends.

Which facts make a place: goods start at `ship_from` and arrive at `ship_to`, or change hands at `supplied_at`; what is tied to a
property, an event or a table is where that is (`supplied_at`); everything else goes from its seller to its customer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from engine.packs.model import Confidence
from engine.places import country_of
from engine.tax import africa, asia, brazil, canada, customer, eu, general, gulf, india, nordic_alpine, oceania, uk, us
from engine.tax.asked import Asked, Regime
from engine.tax.basket import DIRECTIVE, DIRECTIVE_URL, undecided
from engine.tax.evidence import located
from engine.tax.law import PlaceLaw, TaxLaw
from engine.tax.model import Address, Ruling, Step, Treatment
from engine.tax.territories import place_of

UNION: Final = "EU"
KINGDOM: Final = "GB"
NORTHERN_IRELAND: Final = "XI"
_AREAS: Final = {"IM": "GB", "LI": "CH", "MC": "FR"}
"""Places within another's tax area, where no module of territories says so."""

_REGIMES: Final[Mapping[str, Regime]] = {
    "GB": uk.UK,
    "XI": uk.UK,
    "IM": uk.UK,
    "US": us.US,
    "CA": canada.CANADA,
    "IN": india.INDIA,
    "BR": brazil.BRAZIL,
    "AU": oceania.AUSTRALIA,
    "NZ": oceania.NEW_ZEALAND,
    "SG": asia.SINGAPORE,
    "JP": asia.JAPAN,
    "KR": asia.KOREA,
    "NO": nordic_alpine.NORWAY,
    "CH": nordic_alpine.SWITZERLAND,
    "LI": nordic_alpine.SWITZERLAND,
    **dict.fromkeys(("AE", "SA", "BH", "OM", "KW", "QA"), gulf.GULF),
    "ZA": africa.SOUTH_AFRICA,
}
"""Families of laws by country; every other place outside the Union asks the general one."""

_CHARGED: Final = frozenset({Treatment.STANDARD, Treatment.REDUCED, Treatment.ZERO, Treatment.IOSS})
_TIED: Final = frozenset({"accommodation", "immovable_property", "event"})
"""Kinds that are taxed where they are, whoever buys."""
_EATEN: Final = frozenset({"restaurant", "catering"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for tax: its code, the area within which it is domestic, and how it was found."""

    place: str | None
    area: str | None
    steps: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def lawless(self) -> bool:
        """A territory without a code of its own, outside its country's area: the country's rates do not hold there."""
        return self.area is not None and "/" in self.area


def rule(asked: Asked) -> Ruling:
    """The law's word on one line of a sale: what is due, to whom, under which article, or which facts are missing."""
    line, sale = asked.line, asked.sale
    if line.unpriced is not None:
        words = f"The price of the line cannot be told: {line.unpriced} is missing or contradicts it."
        return undecided("price.unknown", (line.unpriced,), Step("kind", words))
    if line.kind is None:
        return undecided("kind.unknown", ("lines.kind",), Step("kind", "What is supplied is not stated."))
    steps = [Step("kind", f"{line.kind}, {line.category or 'category not stated'}"), _supplier(asked)]
    if sale.seller.address.country is None:
        missing = ("payee.country", "payee.registrations") if sale.seller.registrations is None else ("payee.country",)
        return undecided("supplier.unknown", missing, *steps)
    start, end = _start(asked), _end(asked)
    steps += [*start.steps, *(step for step in end.steps if step not in start.steps)]
    if start.place is None or end.place is None:
        return undecided("place.unknown", (*start.missing, *end.missing), *steps)
    placed = Asked(sale, line, asked.law, asked.exchange, start.place, end.place, asked.recorded)
    digital = line.kind == "digital" or line.facts.get("electronically_supplied") is True
    steps.append(_date(placed))
    start, end = _apart(line.kind, start, end)
    found = _within(placed, end) if start.area == end.area else _across(placed, start, end)
    if not any(step.question == "customer" for step in found.steps):
        # Told all the same, but nothing rests on it: how sure it is does not matter to the answer.
        told = customer.status(sale.buyer, end.place, digital=digital).step
        steps.append(Step(told.question, told.answer, told.instrument, told.provision, told.url))
    once: dict[tuple[str, str], Step] = {}
    for step in (*steps, *found.steps):  # a law may ask again what was asked before it
        once.setdefault((step.question, step.answer), step)
    return found.with_steps(tuple(once.values()))


# -- by one law, or by two ------------------------------------------------------------------------------------------------------


def _apart(kind: str, start: Spot, end: Spot) -> tuple[Spot, Spot]:
    """Northern Ireland's area for this line: the Union's for goods from and to its States, the Kingdom's for everything else."""
    areas = {start.area, end.area}
    if NORTHERN_IRELAND not in areas or areas == {NORTHERN_IRELAND}:
        return start, end
    if kind == "goods" and not areas & {UNION, KINGDOM}:
        return start, end
    area = UNION if kind == "goods" and UNION in areas else KINGDOM
    start, end = (replace(one, area=area) if one.area == NORTHERN_IRELAND else one for one in (start, end))
    return start, end


def _within(asked: Asked, end: Spot) -> Ruling:
    assert end.place is not None
    if end.lawless:
        return _lawless(end)
    return regime_of(end.place, asked.at(end.place), end.area).domestic(asked)


def _across(asked: Asked, start: Spot, end: Spot) -> Ruling:
    """Into one area and out of another. Both laws are asked; the one that charges speaks, and where both do nobody is sure."""
    into, out = _into(asked, end), _out_of(asked, start)
    if into.treatment is Treatment.UNDECIDED:
        return into.with_steps((*out.steps, *into.steps, *_settled_at_origin(asked, out)))
    if not charges(into):
        if _says_why(asked, out, into, start):
            return replace(into, components=(), steps=(*out.steps, *into.steps))
        if asked.line.kind == "goods" and _arrives(into, out, start, end):
            return replace(into, components=(), steps=(*out.steps, *into.steps))
        notes = dict.fromkeys(note for note in (out.invoice_note, into.invoice_note) if note)
        return replace(out, steps=(*into.steps, *out.steps), invoice_note=" ".join(notes) or None)
    if charges(out):
        return _twice(asked, out, into)
    if out.treatment is Treatment.UNDECIDED:
        words = f"{asked.destination} charges; whether {asked.origin} charges as well is not settled."
        steps = (*into.steps, *out.steps, Step("liability", words))
        return undecided(out.reason, out.missing, *steps)
    return into.with_steps((*out.steps, *into.steps))


def _settled_at_origin(asked: Asked, out: Ruling) -> tuple[Step, ...]:
    """What is settled of a line that its destination leaves open: an export is zero-rated where it leaves, whatever the place of
    arrival asks of the seller (Art. 146 of the Directive; s. 30(6) VATA). The line stays undecided, and only its arrival is
    asked."""
    if out.treatment is Treatment.UNDECIDED:
        return ()
    words = f"{asked.origin} is settled: {out.treatment.value} ({out.reason})."
    words += f" Open is only what {asked.destination} asks of this seller."
    return (Step("liability", words),)


def _says_why(asked: Asked, out: Ruling, into: Ruling, start: Spot) -> bool:
    """Whether the place of taxation says better than the place of origin why nothing is charged: below a threshold, a platform
    owes it, the customer or whoever imports the goods accounts for it, no tax is levied there. An invoice from the Union or the
    Kingdom to a business elsewhere is outside the scope of their tax, and speaks of no reverse charge of theirs (Art. 44, 196);
    of an export the law of its origin speaks, if one was read."""
    if into.treatment is Treatment.IMPORT and out.treatment is Treatment.ZERO:
        return start.place is not None and regime_of(start.place, asked.at(start.place), start.area) is general.GENERAL
    if out.treatment is not Treatment.OUT_OF_SCOPE:
        return False
    if into.treatment in (Treatment.REVERSE_CHARGE, Treatment.IMPORT, Treatment.OUT_OF_SCOPE):
        return start.area not in (UNION, KINGDOM, NORTHERN_IRELAND)
    return into.treatment is Treatment.NO_OBLIGATION


def _arrives(into: Ruling, out: Ruling, start: Spot, end: Spot) -> bool:
    """Whether goods enter the Union or the Kingdom, and its law says who owes the tax there: the importer, the customer, a
    platform. That the place of origin exempts the export is a step then. What leaves the Kingdom or the Union for elsewhere is
    told as an export, which the seller's own return counts (Art. 146; s. 30(6))."""
    kingdom = (KINGDOM, NORTHERN_IRELAND)
    enters = end.area in kingdom if start.area == UNION else end.area in (UNION, *kingdom) and start.area not in kingdom
    owed = into.treatment in (Treatment.IMPORT, Treatment.REVERSE_CHARGE, Treatment.NO_OBLIGATION)
    return enters and owed and out.treatment in (Treatment.ZERO, Treatment.EXEMPT, Treatment.OUT_OF_SCOPE)


def _into(asked: Asked, end: Spot) -> Ruling:
    assert end.place is not None
    if end.lawless:
        return _lawless(end)
    return regime_of(end.place, asked.at(end.place), end.area).inbound(asked)


def _out_of(asked: Asked, start: Spot) -> Ruling:
    assert start.place is not None
    if start.lawless:
        return _lawless(start)
    return regime_of(start.place, asked.at(start.place), start.area).outbound(asked)


def _lawless(place: Spot) -> Ruling:
    """A territory outside every tax area, of which no tax of its own is known: Heligoland, Livigno."""
    words = f"{place.area} lies outside the tax area of its country and has no tax of its own that is known."
    country = place.place[:2] if place.place else None
    return Ruling(Treatment.OUT_OF_SCOPE, country, None, reason="territory.outside", steps=(Step("place", words),))


def charges(ruling: Ruling) -> bool:
    """Whether a place levies its tax through this seller, if only at 0 %."""
    return bool(ruling.components) and ruling.treatment in _CHARGED


def _twice(asked: Asked, out: Ruling, into: Ruling) -> Ruling:
    """Two countries that each claim the supply: which gives way is for a treaty, a credit or an adviser."""
    if all(part.percent == 0 for part in out.components):  # at 0 % the place of origin takes nothing away
        return into.with_steps((*out.steps, *into.steps))
    words = (
        f"{asked.origin} ({out.reason}) and {asked.destination} ({into.reason}) both tax this supply. Check where the seller is"
        " established and registered, and whether one of them exempts what the other taxes."
    )
    step = Step("liability", words)
    return undecided("double_taxation", ("payee.registrations", "lines.facts"), *out.steps, *into.steps, step)


def regime_of(place: str, law: PlaceLaw, area: str | None = None) -> Regime:
    """The family of laws that speaks for a place."""
    named = _REGIMES.get(place) or _REGIMES.get(country_of(place))
    if named is not None:
        return named
    return eu.EU if (area or _area(place, law)) == UNION else general.GENERAL


# -- the questions before the law ---------------------------------------------------------------------------------------------


def _supplier(asked: Asked) -> Step:
    """Who supplies for tax; what follows from a platform's part is each law's own question."""
    seller, line = asked.sale.seller, asked.line
    if seller.unknown_merchant is not None:
        return Step(
            "supplier", f"The profile of merchant {seller.unknown_merchant} is not stored here: its seat is unknown."
        )
    if seller.address.country is None:
        return Step("supplier", "The seat of the seller is not stated.")
    seat = seller.address.region or seller.address.country
    if line.marketplace is True:
        return Step("supplier", f"The payee, of {seat}, is a platform that may be the supplier for tax.")
    return Step("supplier", f"The payee, of {seat}, is the supplier.")


def _date(asked: Asked) -> Step:
    """What `occurred_at` stands for: the law of the local day on which the tax becomes due."""
    assert asked.origin is not None
    assert asked.destination is not None
    # Both are asked each time, kept or not: whose law was looked into is part of the answer.
    law, start = asked.at(asked.destination), asked.at(asked.origin)
    key = "date", asked.origin, asked.line.marketplace
    found: Step | None = law.derived.get(key)
    if found is None:
        union = UNION in (_area(asked.destination, law), _area(asked.origin, start))
        found = law.derived[key] = _due(law, asked, union=union)
    return found


def _due(law: PlaceLaw, asked: Asked, *, union: bool) -> Step:
    words = f"The law of {law.day.isoformat()} at {law.place}: the day on which the price is paid or committed to"
    if not union:
        return Step("date", f"{words}, unless the supply was made before.")
    if asked.line.marketplace is True:
        words += ": of a platform's deemed supply the acceptance of the payment."
        return Step("date", words, DIRECTIVE, "Art. 66a", DIRECTIVE_URL, Confidence.A)
    words += ". A payment on account makes the tax due on the amount received, unless the supply was made before."
    return Step("date", words, DIRECTIVE, "Art. 65", DIRECTIVE_URL, Confidence.A)


# -- places ------------------------------------------------------------------------------------------------------------------


def _start(asked: Asked) -> Spot:
    """Where the supply starts."""
    line, seller = asked.line, asked.sale.seller
    if asked.origin is not None:
        return Spot(asked.origin, _area(asked.origin, asked.at(asked.origin)))
    if line.kind == "goods":
        handed_over = line.supplied_at.country is not None and line.ship_to.country is None
        stated = line.supplied_at if handed_over and line.ship_from.country is None else line.ship_from
        return spot(stated, asked, "lines.ship_from.country")
    return spot(line.ship_from if line.ship_from.country else seller.address, asked, "payee.country")


def _end(asked: Asked) -> Spot:
    """Where it ends."""
    line, buyer = asked.line, asked.sale.buyer
    if asked.destination is not None:
        return Spot(asked.destination, _area(asked.destination, asked.at(asked.destination)))
    if line.kind == "goods":
        return spot(line.ship_to if line.ship_to.country else line.supplied_at, asked, "lines.ship_to.country")
    virtual = line.facts.get("virtual_attendance") is True
    if (line.kind in _TIED and not virtual) or line.category in _EATEN:
        return spot(line.supplied_at, asked, "lines.supplied_at.country")
    if line.kind == "transport" and (line.ship_to.country or line.supplied_at.country):
        return spot(line.ship_to if line.ship_to.country else line.supplied_at, asked, "lines.ship_to.country")
    if buyer.address.country is not None:
        return spot(buyer.address, asked, "payer.country")
    found = located(asked, simplified=False)
    if found.country is None and _in_union(asked, asked.sale.seller.address.country):
        # One item may do for a small seller of the Union (Art. 24b): whether it does is for the Union's law to say.
        found = next((one for one in (located(asked, simplified=True),) if _in_union(asked, one.country)), found)
    if found.country is None:
        return Spot(None, None, found.steps, found.missing)
    return spot(Address(found.country, found.region), asked, "payer.country", found.steps)


def _in_union(asked: Asked, country: str | None) -> bool:
    return country is not None and _area(country, asked.at(country)) == UNION


def spot(address: Address, asked: Asked, path: str, steps: tuple[Step, ...] = ()) -> Spot:
    """A stated address as a place for tax: a country, a subdivision with tax law of its own, or a special territory."""
    country = address.country
    if country is None:
        step = Step(
            "place", f"{path} is not stated: where the supply {'starts' if 'from' in path else 'ends'} is unknown."
        )
        return Spot(None, None, (*steps, step), (path,))
    day = asked.law.local_day(country, asked.sale.occurred_at)
    found = asked.law.kept(("spot", address, day), lambda law: _placed(address, law, day))
    if not found.missing and not steps:
        return found
    missing = tuple([f"{path.rpartition('.')[0]}.{name}" for name in found.missing])
    return Spot(found.place, found.area, (*steps, *found.steps), missing)


def _placed(address: Address, law: TaxLaw, day: date) -> Spot:
    """Where an address lies; what is missing is named as a part of an address."""
    placed = place_of(address, law, day)
    return Spot(placed.place, placed.vat_area or placed.place, (placed.step,), tuple(placed.missing))


def _area(place: str, law: PlaceLaw) -> str:
    """The tax area of a place: the Union for its States, a territory's own where it lies outside, else its country."""
    key = "area", place
    found: str | None = law.derived.get(key)
    if found is None:
        found = law.derived[key] = _area_of(place, law)
    return found


def _area_of(place: str, law: PlaceLaw) -> str:
    if any(territory.place == place and not territory.vat_area for _, territory in law.territories()):
        return place
    if place == "XI" or country_of(place) in _AREAS:
        return _AREAS.get(country_of(place), place)
    return UNION if any(pack.jurisdiction == UNION for pack in law.packs) else country_of(place)
