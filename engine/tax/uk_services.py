"""Services before the Kingdom's law: VATA 1994 s. 7A, 8 and Sch. 4A, recalled and marked so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from engine.tax.eu_case import Case, by_capacity, capacity
from engine.tax.eu_places import LISTED, address_of, is_digital, seller_place
from engine.tax.eu_services import either_kind
from engine.tax.model import Customer, Ruling, Step, Treatment
from engine.tax.territories import KINGDOM, NORTHERN_IRELAND, Placed
from engine.tax.uk_law import OUTSIDE, SELF_ASSESSED, by, established, taxed

_WITHIN: Final = (KINGDOM, NORTHERN_IRELAND)
_TIED: Final = frozenset({"accommodation", "immovable_property", "event"})
_TIED_CATEGORIES: Final = frozenset({"restaurant", "catering", "hotel", "admission"})


def service(case: Case) -> Ruling:
    """A service of any kind."""
    digital = is_digital(case)
    if digital is None:
        return either_kind(case, _of_kind)
    return _of_kind(case, digital=digital)


def _of_kind(case: Case, *, digital: bool) -> Ruling:
    line = case.line
    if not digital and (line.kind in _TIED or line.category in _TIED_CATEGORIES):
        return _tied(case)
    if not digital and line.kind == "transport":
        return _carried(case)
    if digital and case.fact("named_supplier") == "platform" and line.marketplace is not True:
        words = "Sold through a platform that is the supplier for tax: it owes the tax."
        return case.say(by("supplier", "s. 47(4)", words)).ruling(Treatment.NO_OBLIGATION, None, "platform_liable")
    buyer = case.placed(case.asked.sale.buyer.address)
    found = capacity(case, buyer.place, digital=digital, service=True, pack=KINGDOM)
    return by_capacity(case, found, lambda one, who: _follows(one, who, digital=digital))


def _tied(case: Case) -> Ruling:
    """Where the land, the event or the table is."""
    if case.fact("virtual_attendance") is True:
        step = by("place", "Sch. 4A", "Where an event attended over a network is supplied was not read.")
        return case.say(step).undecided(None, "law.not_read", f"law.{KINGDOM}.virtual_event_b2c_place")
    return _there(case, case.placed(case.line.supplied_at), "lines.supplied_at.country")


def _carried(case: Case) -> Ruling:
    """Transport within one country; over borders by the distance in each, which is one line for each country."""
    distances = case.fact("distances")
    if isinstance(distances, Mapping) and len(distances) == 1:
        return _there(case, case.at_code(next(iter(distances))), "lines.supplied_at.country")
    if isinstance(distances, Mapping) and distances:
        step = by("place", "Sch. 4A para. 2", "Carried through several countries: state one line for each.")
        return case.say(step).undecided(None, "place.unknown", "lines.supplied_at.country")
    return _there(case, case.placed(case.line.supplied_at), "lines.facts.distances")


def _there(case: Case, at: Placed, missing: str) -> Ruling:
    if at.place is None:
        step = by("place", "Sch. 4A", "Supplied where it is performed or where the thing is, which is not stated.")
        return case.say(step).undecided(None, "place.unknown", missing)
    case = case.say(
        by("place", "Sch. 4A", f"Supplied where it is performed or where the thing is: {at.place}."), at.step
    )
    if at.vat_area not in _WITHIN:
        return _outside(case, at)
    if established(case):
        return taxed(case, "")
    found = capacity(case, at.place, service=True, pack=KINGDOM)

    def rule(one: Case, who: Customer) -> Ruling:
        return _reverse_charge(one, at) if who is Customer.BUSINESS else taxed(one, "service.local")

    return by_capacity(case, found, rule)


def _follows(case: Case, who: Customer, *, digital: bool) -> Ruling:
    """General and digital services."""
    if who is Customer.BUSINESS:
        return _to_business(case)
    if digital:
        return _digital(case)
    seller, home = seller_place(case), case.placed(case.asked.sale.buyer.address)
    if seller.place is None:
        step = by(
            "place", "s. 7A(2)(b)", "A consumer's service is supplied where the seller belongs, which is not stated."
        )
        return case.say(step).undecided(None, "place.unknown", "payee.country")
    if seller.vat_area not in _WITHIN:
        words = f"To a consumer: supplied where the seller belongs, {seller.place}."
        return _outside(case.say(by("place", "s. 7A(2)(b)", words)), seller)
    category = case.line.category
    if home.vat_area not in _WITHIN and category in (None, "standard", *LISTED):
        return _listed(case, home, category)
    words = f"To a consumer: supplied where the seller belongs, {seller.place}."
    return taxed(case.say(by("place", "s. 7A(2)(b)", words)), "")


def _listed(case: Case, home: Placed, category: str | None) -> Ruling:
    """Sch. 4A para. 16: listed services follow a consumer abroad."""
    missing = "lines.category" if category not in LISTED else "payer.country"
    if category not in LISTED or home.place is None:
        step = by(
            "place",
            "Sch. 4A para. 16",
            "Listed services follow a consumer abroad: which service, or where, is not stated.",
        )
        return case.say(step).undecided(None, "place.unknown", missing)
    words = f"{category} to a consumer abroad: supplied where the consumer belongs, {home.place}."
    return _outside(case.say(by("place", "Sch. 4A para. 16", words), home.step), home)


def _to_business(case: Case) -> Ruling:
    home = case.placed(case.asked.sale.buyer.address)
    if home.place is None:
        step = by("place", "s. 7A(2)(a)", "A business's service is supplied where it belongs, which is not stated.")
        return case.say(step).undecided(None, "place.unknown", "payer.country")
    words = f"To a business: supplied where the customer belongs, {home.place}."
    case = case.say(by("place", "s. 7A(2)(a)", words), home.step)
    if home.vat_area not in _WITHIN:
        return _outside(case, home)
    return taxed(case, "") if established(case) else _reverse_charge(case, home)


def _reverse_charge(case: Case, at: Placed) -> Ruling:
    step = by("liability", "s. 8", "The seller belongs abroad: the customer accounts for the tax.")
    return case.say(step).ruling(Treatment.REVERSE_CHARGE, at, "reverse_charge.s_8", note=SELF_ASSESSED)


def _digital(case: Case) -> Ruling:
    """Where the consumer belongs, on two items of evidence; sellers from abroad have no threshold."""
    from engine.tax.evidence import located

    found = located(case.asked, simplified=False)
    case = replace(case.say(*found.steps), evidence=found.items)
    if found.country is None:
        step = by("place", "Sch. 4A para. 15", "Supplied where the consumer belongs; the evidence does not show where.")
        return case.say(step).undecided(None, "customer.place_unknown", *found.missing)
    at = case.placed(address_of(found.country, found.region, case.asked.sale.buyer.address))
    words = f"A digital service to a consumer: supplied where it belongs, {at.place}."
    case = case.say(by("place", "s. 7A, Sch. 4A para. 15", words), at.step)
    if at.vat_area not in _WITHIN:
        return _outside(case, at)
    return taxed(case, "" if established(case) else "digital")


def _outside(case: Case, at: Placed) -> Ruling:
    step = Step("treatment", f"Supplied in {at.place}, outside the Kingdom: not subject to its tax.")
    return case.say(step).ruling(Treatment.OUT_OF_SCOPE, at, "service.outside_the_kingdom", note=OUTSIDE)
