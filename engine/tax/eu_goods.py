"""Goods within the Union: Art. 31 to 36, 59c, 138, and the platform of Art. 14a(2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.tax.eu_case import UNION_SCHEME, Capacity, Case, by_capacity, capacity, for_business_abroad, taxed
from engine.tax.eu_law import INTRA_COMMUNITY, NEW_VEHICLE, by
from engine.tax.eu_threshold import look
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.territories import NORTHERN_IRELAND, UNION, Placed

PACKAGE: Final = "oss_return_period"
"""In force since the rules for cross-border trade with consumers are: 2021-07-01. What held before was not built."""


def inside(at: Placed) -> bool:
    """Whether goods there are within the Union: Northern Ireland counts as a Member State for goods."""
    return at.vat_area in (UNION, NORTHERN_IRELAND)


def origin_of(case: Case) -> Placed:
    """Where the goods start. The seller's address says nothing of its warehouse. Handed over on the spot, that is where."""
    line = case.line
    spot = line.supplied_at if line.ship_from.country is None and line.ship_to.country is None else line.ship_from
    return case.placed(spot)


def destination_of(case: Case) -> Placed:
    """Where the goods arrive; handed over on the spot, that is where."""
    line = case.line
    address = line.ship_to if line.ship_to.country else line.supplied_at
    if address.country is None and case.asked.destination is not None:
        return case.at_code(case.asked.destination)
    return case.placed(address)


def not_placed(case: Case, start: Placed, end: Placed) -> Ruling | None:
    """Undecided where either end of the transport is unknown."""
    if end.place is None:
        missing = f"lines.ship_to.{end.missing[0]}"
        step = by("place", "32, 33", "Where the goods arrive decides which State taxes, and is not stated.")
        return case.say(step, end.step).undecided(None, "destination.unknown", missing)
    if start.place is None:
        missing = f"lines.ship_from.{start.missing[0]}"
        step = by("place", "32, 33", "Where the goods start decides which State taxes, and is not stated.")
        return case.say(step, start.step).undecided(None, "origin.unknown", missing)
    return None


def within(case: Case, start: Placed, end: Placed) -> Ruling:
    """Goods that start and end inside the Union."""
    if case.fact("installed_by_seller") is True:
        return installed(case, end)
    case = case.say(start.step, *([end.step] if end.step != start.step else []))
    if case.fact("second_hand_margin") is True:
        return _margin(case, start)
    if start.state == end.state:
        return _domestic(case, start, end)
    if case.fact("new_vehicle") is True:
        step = by("place", "14(4)(1)(b)", "A new means of transport is never a distance sale.")
        exempt = by("treatment", "138(2)(a)", "Exempt where it leaves, to whomever; its buyer taxes the acquisition.")
        return case.say(step, exempt).ruling(Treatment.ZERO, start, "intra_community.new_vehicle", note=NEW_VEHICLE)
    found = buyer_of_goods(case, end.place)
    return by_capacity(case, found, lambda one, who: _across(one, who, found, start, end))


SUBJECT: Final = "acquisitions_taxed"
"""The customer's fact that its acquisitions from other States are subject to the tax: it is not one of Art. 3(1)."""


def buyer_of_goods(case: Case, place: str | None) -> Capacity:
    """The customer's capacity where goods cross a border. Art. 18 of the Regulation presumes nothing here: of an organisation
    without a number the goods are a distance sale only if its acquisitions are not taxed (Art. 14(4), 3(1))."""
    found = capacity(case, place)
    if found.customer is not Customer.UNKNOWN or "payer.tax_ids" not in found.missing:
        return found
    subject = case.asked.sale.buyer.facts.get(SUBJECT)
    if subject is True:
        words = "The customer's acquisitions from other States are subject to the tax: no distance sale."
        return replace(found, customer=Customer.BUSINESS, steps=(*found.steps, by("customer", "3(1), 14(4)", words)))
    if subject is False:
        words = "The customer's acquisitions from other States are not subject to the tax: it buys as a consumer does."
        return replace(found, customer=Customer.CONSUMER, steps=(*found.steps, by("customer", "3(1), 14(4)", words)))
    return replace(found, missing=(f"payer.facts.{SUBJECT}",)) if _none_given(case) else found


def _none_given(case: Case) -> bool:
    """Whether it is known that the customer gave no number that is one: none was stated to exist, or what was given is none."""
    buyer = case.asked.sale.buyer
    return buyer.without_number or (bool(buyer.tax_ids) and all(one.state == "invalid" for one in buyer.tax_ids))


def installed(case: Case, at: Placed) -> Ruling:
    """Installed or assembled by the seller: Art. 36, wherever the goods came from."""
    step = by("place", "36", f"Installed by the seller in {at.place}: supplied there, and never a distance sale.")
    return local(case.say(step, at.step), at, "goods.installed")


def local(case: Case, at: Placed, what: str, schemes: tuple[str, ...] = ("standard",)) -> Ruling:
    """Supplied in one State: the seller owes the tax there, unless that State makes a business customer liable."""
    if at.state in case.established:
        return taxed(case, at, what, schemes)
    found = capacity(case, at.place)
    if found.customer is Customer.UNKNOWN and _none_given(case):
        words = "The customer gave no number that is one: it is not shown to be the person liable, and the seller is."
        found = replace(found, customer=Customer.CONSUMER, steps=(*found.steps, by("liability", "193, 194", words)))

    def rule(one: Case, who: Customer) -> Ruling:
        return for_business_abroad(one, at, what) if who is Customer.BUSINESS else taxed(one, at, what, schemes)

    return by_capacity(case, found, rule)


def _margin(case: Case, start: Placed) -> Ruling:
    """The tax is in the dealer's margin, which is no amount of this sale and is not shown on its invoice."""
    step = by("place", "35, 14(4)(1)(b)", "Sold under the margin scheme: never a distance sale, taxed where it leaves.")
    base = by("treatment", "315", "The tax is on the dealer's margin, which is no amount of this sale.")
    shown = by("invoice", "325", "The price holds it, and no invoice may show it.")
    return case.say(step, base, shown).undecided(start, "margin_scheme", "lines.facts.second_hand_margin")


def _domestic(case: Case, start: Placed, end: Placed) -> Ruling:
    """Begin and end in one State."""
    handed = case.line.ship_to.country is None
    words = f"Not transported: supplied where the goods are, {start.place}."
    step = by("place", "31", words) if handed else by("place", "32", f"Transport begins in {start.place}.")
    case = case.say(step)
    if case.line.marketplace is True or case.fact("named_supplier") == "platform":
        found = capacity(case, end.place)
        return by_capacity(
            case, found, lambda one, who: platform(one, who, start) or local(one, start, "", _schemes(one))
        )
    return local(case, start, "")


def _schemes(case: Case) -> tuple[str, ...]:
    """A platform may declare what it is deemed to sell within one State under the Union scheme too (Art. 369b)."""
    return UNION_SCHEME if case.line.marketplace is True else ("standard",)


def _across(case: Case, who: Customer, found: Capacity, start: Placed, end: Placed) -> Ruling:
    """From one State to another."""
    if who is Customer.BUSINESS:
        return platform(case, who, start) or _to_business(case, found, start, end)
    return platform(case, who, start) or distance_sale(case, start, end)


def _to_business(case: Case, found: Capacity, start: Placed, end: Placed) -> Ruling:
    """Art. 138: exempt where the transport begins, if the customer gave a number of another State."""
    number = found.number_of
    if number is None:
        # An unconfirmed number, tried as though it were confirmed: the case of interest is that it counts.
        number = next((one.country for one in case.asked.sale.buyer.tax_ids if one.state != "invalid"), None)
    if number is None:
        return _without_number(case, start, end)
    issued = case.at_code(number)
    if not inside(issued):
        return _without_number(case, start, end)
    if issued.state == start.state:
        words = f"The customer's number is of {number}, from where the goods leave: not exempt, taxed there."
        return for_business_abroad(
            case.say(by("treatment", "138(1)(b), 32", words)), start, "intra_community.own_number"
        )
    words = f"From {start.state} to {end.state}, to a business identified in {number}: exempt where it leaves."
    listed = "Needs the customer's line in the seller's recapitulative statement; the customer taxes the acquisition."
    case = case.say(by("treatment", "138(1)", words), by("liability", "138(1a), 40, 262", listed))
    if issued.state != end.state:
        words = f"Number of {number}, goods to {end.state}: the customer owes tax there, and in {number} until it did."
        case = case.say(by("place", "40, 41", words))
    return case.ruling(Treatment.ZERO, start, "intra_community", note=INTRA_COMMUNITY)


def _without_number(case: Case, start: Placed, end: Placed) -> Ruling:
    """A business that gave no number of another Member State: never exempt (Art. 138(1)(b)). Either its acquisitions are not
    taxed, and it buys as a consumer does (Art. 3(1), 14(4)(1)(a)), or they are, and the supply is taxed where the goods leave
    (Art. 32). Below the threshold both come to the same."""
    subject = case.asked.sale.buyer.facts.get(SUBJECT)
    if subject is False:
        return distance_sale(case, start, end)
    words = "Without a number of another State the supply is not exempt: taxed where the goods leave."
    if subject is True:
        found = case.say(by("treatment", "138(1)(b), 32", words))
        return for_business_abroad(found, start, "intra_community.no_number")
    seen = look(case, start.state)
    case = case.say(*seen.steps)
    if seen.below:
        return taxed(case, start, "below_threshold")
    words = "A business without a number of another State: not exempt. Taxed where the goods leave if its acquisitions are taxed,"
    words += " else where they arrive."
    missing = f"payer.facts.{SUBJECT}" if _none_given(case) else "payer.tax_ids"
    return case.say(by("customer", "138(1)(b), 14(4)(1)(a)", words)).undecided(None, "number.missing", missing)


def distance_sale(case: Case, start: Placed, end: Placed) -> Ruling:
    """To a consumer in another State: Art. 33(a), and the exception of Art. 59c."""
    if case.union(PACKAGE) is None:
        step = by("place", "33", "The rules for cross-border sales before 2021-07-01 are not built here.")
        return case.say(step).undecided(end, "law.not_read", f"law.{UNION}.{PACKAGE}")
    found = look(case, start.state)
    case = case.say(by("place", "14(4)(1)", f"A distance sale within the Union, from {start.state} to {end.state}."))
    case = case.say(*found.steps)
    if found.below is None:
        return case.undecided(None, "threshold.unknown", *found.missing)
    if found.below:
        step = by("place", "59c, 32", f"Below the threshold: taxed where the transport begins, {start.place}.")
        return taxed(case.say(step), start, "below_threshold")
    step = by("place", "33(a)", f"Taxed where the transport ends, {end.place}.")
    return taxed(case.say(step), end, "distance_sale", UNION_SCHEME)


def platform(case: Case, who: Customer, start: Placed) -> Ruling | None:
    """Who is the supplier of goods already in the Union: Art. 14a(2) makes it the platform where the seller behind it is not
    established in the Union and the customer is a consumer. None: the payee sells."""
    line, named = case.line, case.fact("named_supplier")
    if line.marketplace is not True and named != "platform":
        return None
    if who is Customer.BUSINESS:
        return None if line.marketplace is not True else _other_sells(case, start, "The customer is a business")
    if line.marketplace is not True:
        if case.established:
            return None
        words = (
            "The seller is not established in the Union and sells through a platform: the platform is deemed to sell."
        )
        exempt = by("treatment", "136a", "The seller's supply to the platform is exempt.")
        return case.say(by("supplier", "14a(2)", words), exempt).ruling(
            Treatment.NO_OBLIGATION, start, "platform_liable"
        )
    behind = case.fact("underlying_seller_country")
    if behind is None:
        words = "The payee is a platform; where the seller behind it is established is not stated."
        step = by("supplier", "14a(2)", words)
        return case.say(step).undecided(None, "platform.unknown", "lines.facts.underlying_seller_country")
    if case.at_code(str(behind)).vat_area == UNION:
        return _other_sells(case, start, f"The seller behind the platform is established in {behind}")
    return None  # the platform is the supplier, and the branch that asked goes on with it


def _other_sells(case: Case, start: Placed, why: str) -> Ruling:
    step = by("supplier", "14a(2)", f"{why}: the platform is not deemed to sell, the seller behind it owes the tax.")
    return case.say(step).ruling(Treatment.NO_OBLIGATION, start, "seller_liable")
