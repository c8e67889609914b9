"""Where a service is supplied: Art. 44 to 59 of the Directive, one row of the table for each kind of service.

A `Where` says the place, under which article, and of which sort the rule is. The sort decides who may owe the tax: under the
general rule for businesses (Art. 44) the customer does, elsewhere the seller unless the State says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from engine.tax.eu_case import Case
from engine.tax.eu_law import by, by_regulation
from engine.tax.model import Address, Customer, SaleLine, Step
from engine.tax.territories import UNION, Placed


class Sort(StrEnum):
    """How a rule ties a service to a place."""

    BUSINESS = "business"
    """Where the business customer is (Art. 44)."""
    SELLER = "seller"
    """Where the seller is (Art. 45)."""
    HOME = "home"
    """Where the consumer lives (Art. 56(2), 59)."""
    DIGITAL = "digital"
    """Where the consumer lives, with the threshold of Art. 59c and the evidence of the Regulation (Art. 58)."""
    STREAMED = "streamed"
    """Where the consumer lives, with the evidence of the Regulation and without a threshold (Art. 54, since 2025)."""
    THERE = "there"
    """Where something stands or happens (Art. 46 to 57)."""


@dataclass(frozen=True, slots=True)
class Where:
    """The rule for a line, and the place it leads to."""

    sort: Sort
    steps: tuple[Step, ...]
    place: Placed | None = None
    missing: tuple[str, ...] = ()


LISTED: Final = frozenset({
    "advertising", "consulting", "engineering", "legal", "accounting", "data_processing", "information", "licences", "staff",
    "financial", "insurance", "hire_of_goods", "energy_access", "professional_services", "online_advertising",
})  # fmt: skip
"""Categories of Art. 59: services that follow a consumer outside the Union."""
_TABLE: Final = frozenset({"restaurant", "catering"})
_HIRE: Final = frozenset({"vehicle_hire", "vessel_hire", "pleasure_boat_hire"})
_ACTIVITIES: Final = frozenset({"education", "admission", "sport", "culture", "entertainment", "event"})
"""Activities of Art. 53 and 54, live over a network as well as in a room."""


def is_digital(case: Case) -> bool | None:
    """Whether the service is electronically supplied, telecommunication or broadcasting; None: facts are missing.

    Art. 7 of the Regulation: over a network, essentially automated, impossible without it. A person who teaches or advises live
    is not.
    """
    stated, live = case.fact("electronically_supplied"), case.fact("live")
    if isinstance(stated, bool):
        return stated
    if case.line.kind != "digital":
        return False
    if live is True:
        return False
    return None if case.line.category in _ACTIVITIES and live is None else True


def place_for(case: Case, who: Customer, *, digital: bool) -> Where:
    """The rule for a customer of that capacity."""
    if digital:
        return _business(case) if who is Customer.BUSINESS else Where(Sort.DIGITAL, (_electronic(case.line),))
    return _by_thing(case, who) or _general(case, who)


def _electronic(line: SaleLine) -> Step:
    return by_regulation(
        "kind", "7", f"{line.category or 'The line'}: electronically supplied, telecommunication or broadcasting."
    )


# -- rules that follow the customer or the seller ----------------------------------------------------------------------


def _general(case: Case, who: Customer) -> Where:
    if who is Customer.BUSINESS:
        return _business(case)
    home = case.placed(case.asked.sale.buyer.address)
    seller = seller_place(case)
    if seller.place is None:
        step = by("place", "45", "A consumer's service is supplied where the seller is, which is not stated.")
        return Where(Sort.SELLER, (step,), None, ("payee.country",))
    abroad = _outside(case, home, seller)
    if abroad is not None:
        return abroad
    words = f"To a consumer: supplied where the seller, or its establishment that supplies it, is: {seller.place}."
    return Where(Sort.SELLER, (by("place", "45", words), seller.step), seller)


def _outside(case: Case, home: Placed, seller: Placed) -> Where | None:
    """Art. 59: the listed services follow a consumer outside the Union. None: the general rule holds."""
    category = case.line.category
    if seller.vat_area != UNION or home.vat_area == UNION:
        return None
    if category is None or category == "standard":
        if home.place is None:
            return None
        step = by(
            "place", "59", f"To a consumer in {home.place}: whether the service is one of those listed is not stated."
        )
        return Where(Sort.HOME, (step,), None, ("lines.category",))
    if category not in LISTED:
        return None
    if home.place is None:
        step = by(
            "place", "59", f"{category} follows a consumer outside the Union; where the consumer is is not stated."
        )
        return Where(Sort.HOME, (step,), None, ("payer.country",))
    words = f"{category} to a consumer outside the Union: supplied where the consumer is, {home.place}."
    return Where(Sort.HOME, (by("place", "59", words), home.step), home)


def seller_place(case: Case) -> Placed:
    """The seat, or the fixed establishment from which the service is supplied."""
    stated = case.fact("supplying_establishment")
    return case.at_code(str(stated)) if stated else case.seat


def _business(case: Case) -> Where:
    """Art. 44: the customer's seat, or its fixed establishment that receives the service."""
    receiving = case.asked.sale.buyer.facts.get("receiving_establishment")
    home = case.at_code(str(receiving)) if receiving else case.placed(case.asked.sale.buyer.address)
    if home.place is None:
        step = by("place", "44", "A business's service is supplied where it is, which is not stated.")
        return Where(Sort.BUSINESS, (step,), None, ("payer.country",))
    what = "its establishment that receives it" if receiving else "its seat"
    words = f"To a business: supplied where the customer has {what}: {home.place}."
    return Where(Sort.BUSINESS, (by("place", "44", words), home.step), home)


def _home(case: Case, provision: str, words: str) -> Where:
    home = case.placed(case.asked.sale.buyer.address)
    step = by("place", provision, f"{words}: supplied where the consumer lives, {home.place or 'which is not stated'}.")
    missing = () if home.place else ("payer.country",)
    return Where(Sort.HOME, (step, home.step), home if home.place else None, missing)


# -- rules that follow a thing or an event -----------------------------------------------------------------------------


def _by_thing(case: Case, who: Customer) -> Where | None:
    """The row of the table for the line's kind and category; None: the general rules."""
    kind, category = case.line.kind, case.line.category
    if kind in ("immovable_property", "accommodation") or category == "hotel":
        return _there(case, "47", "Connected with immovable property")
    if kind == "event" or category == "admission" or (kind == "digital" and category in _ACTIVITIES):
        return _event(case, who)
    if kind == "transport":
        return _transport(case, who)
    if category in _TABLE:
        return _meals(case)
    if category in _HIRE or case.fact("hire_days") is not None:
        return _hire(case, who)
    if case.fact("intermediary") is True and who is not Customer.BUSINESS:
        return _there(case, "46", "An intermediary in another's name: follows the supply it arranges")
    return None


def _there(case: Case, provision: str, words: str) -> Where:
    at = case.placed(case.line.supplied_at)
    if at.place is None:
        step = by("place", provision, f"{words}; the place is not stated.")
        return Where(Sort.THERE, (step,), None, ("lines.supplied_at.country",))
    return Where(Sort.THERE, (by("place", provision, f"{words}: supplied in {at.place}."), at.step), at)


def _event(case: Case, who: Customer) -> Where:
    """Admission to an event where it happens; attended over a network, where the customer is (since 2025)."""
    live_online = case.line.kind == "digital" and case.fact("live") is True
    if case.fact("virtual_attendance") is True or live_online:
        if who is Customer.BUSINESS:
            return _business(case)
        virtual = case.union("virtual_event_b2c_place")
        if virtual is not None and virtual.value == "customer_country":
            return Where(Sort.STREAMED, (virtual.step("place", "Virtual attendance follows the consumer."),))
        return _there(case, "54(1)", "Attended over a network, before 2025 where the event happens")
    return _there(case, "53" if who is Customer.BUSINESS else "54(1)", "Admission to an event in a room")


def _meals(case: Case) -> Where:
    if case.fact("on_board") is True:
        return _there(case, "57", "Meals on board within the Union, where the journey departs")
    return _there(case, "55", "Restaurant and catering, where it is carried out")


def _transport(case: Case, who: Customer) -> Where:
    line = case.line
    if line.category == "passenger_transport":
        return _by_distance(case, "48", "Passengers")
    if line.category in (None, "standard"):
        step = by("place", "48 to 50", "Whether passengers or goods are carried is not stated.")
        return Where(Sort.THERE, (step,), None, ("lines.category",))
    if who is Customer.BUSINESS:
        return _business(case)
    start, end = case.placed(line.ship_from), case.placed(line.ship_to)
    if start.place is None or end.place is None:
        missing = tuple(
            f"lines.{name}.country" for name, at in (("ship_from", start), ("ship_to", end)) if at.place is None
        )
        return Where(
            Sort.THERE, (by("place", "49, 50", "Transport of goods; its ends are not stated."),), None, missing
        )
    if start.state == end.state:
        return Where(Sort.THERE, (by("place", "49", f"Goods carried within {start.state}."), start.step), start)
    if start.vat_area == end.vat_area == UNION:
        words = f"Goods carried between Member States: supplied where the transport departs, {start.place}."
        return Where(Sort.THERE, (by("place", "50", words), start.step), start)
    return _by_distance(case, "49", "Goods over the border of the Union")


def _by_distance(case: Case, provision: str, what: str) -> Where:
    """By the distance covered in each country: `distances` {country: number}. More than one country is more than one line."""
    distances = case.fact("distances")
    countries = sorted(distances) if isinstance(distances, Mapping) else []
    if not countries and case.line.supplied_at.country is not None:
        countries = [case.line.supplied_at.country]
    if len(countries) == 1:
        at = case.at_code(countries[0])
        return Where(Sort.THERE, (by("place", provision, f"{what} carried within {at.place}."), at.step), at)
    if countries:
        words = f"{what} carried through {', '.join(countries)}: each taxes its part. State one line for each country."
        return Where(Sort.THERE, (by("place", provision, words),), None, ("lines.supplied_at.country",))
    step = by("place", provision, f"{what}: taxed by the distance in each country, which is not stated.")
    return Where(Sort.THERE, (step,), None, ("lines.facts.distances",))


def _hire(case: Case, who: Customer) -> Where:
    """Means of transport: short hire where put at disposal, long hire where the customer is."""
    boat = case.line.category in ("vessel_hire", "pleasure_boat_hire")
    name = "vessel_hire_days" if boat else "vehicle_hire_days"
    setting = case.union(name)
    limit, days = _whole(setting.value if setting else None), _whole(case.fact("hire_days"))
    if days is None or limit is None:
        missing = "lines.facts.hire_days" if days is None else f"law.{UNION}.{name}"
        step = by("place", "56(1), (3)", "Hire of a means of transport: for how many days decides the place.")
        return Where(Sort.THERE, (step,), None, (missing,))
    if days <= limit:
        return _there(case, "56(1), (3)", f"Hired for {days} days, not over {limit}: where it is put at disposal")
    if who is Customer.BUSINESS:
        return _business(case)
    at, seller = case.placed(case.line.supplied_at), seller_place(case)
    if case.line.category == "pleasure_boat_hire":
        if at.place is None:
            return _there(case, "56(2), second subparagraph", "A pleasure boat hired for longer")
        if at.state == seller.state:
            words = f"A pleasure boat hired for {days} days, handed over where the seller is: {at.place}."
            return Where(Sort.THERE, (by("place", "56(2), second subparagraph", words), at.step), at)
    return _home(case, "56(2)", f"Hired for {days} days, over {limit}")


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        return None
    return int(value)


# -- use and enjoyment -------------------------------------------------------------------------------------------------


def used_elsewhere(case: Case, found: Where) -> Where:
    """Art. 59a: a State may move the place over the border of the Union to where a service is really used. Only where a pack
    lists the kind or category in `use_and_enjoyment`, and never for what follows a thing or an event."""
    if found.place is None or found.place.place is None or found.sort is Sort.THERE:
        return found
    inside = found.place.vat_area == UNION
    used = case.fact("used_in")
    at = case.at_code(str(used)) if used else None
    state = found.place if inside else (at if at and at.vat_area == UNION else case.seat)
    setting = None
    if state.place is not None and state.vat_area == UNION:
        setting = case.asked.at(state.place).setting("use_and_enjoyment", within=state.state)
    listed = setting.value if setting and isinstance(setting.value, tuple) else ()
    if setting is None or not {case.line.kind, case.line.category} & set(listed):
        return found
    if at is None:
        step = setting.step("place", f"{state.state} looks at where this service is used, which is not stated.")
        return Where(found.sort, (*found.steps, step), None, ("lines.facts.used_in",))
    if (at.vat_area == UNION) == inside or (at.vat_area == UNION and at.state != state.state):
        return found
    words = f"Used in {at.place}: {state.state} takes it as supplied there."
    return Where(found.sort, (*found.steps, setting.step("place", words), by("place", "59a", words)), at)


def address_of(country: str, region: str | None, known: Address) -> Address:
    """The address in a located country: with the stated postcode where that country is the stated one."""
    return Address(country, region, known.postal_code if known.country == country else None)
