"""The United Kingdom: consignments up to GBP 135, Northern Ireland between two laws, services under VATA 1994.

Goods to and from Northern Ireland follow the Union's law against the Union and the rest of the world, and the Kingdom's against
Great Britain. Where both laws would speak of one supply, the Union's regime speaks and this one is silent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from engine.tax import eu, uk_services
from engine.tax.asked import Asked, Regime
from engine.tax.eu_case import Case, rechecked
from engine.tax.eu_goods import destination_of, not_placed, origin_of, within
from engine.tax.eu_imports import entering, excise
from engine.tax.model import Customer, Ruling, Step, Treatment
from engine.tax.territories import KINGDOM, NORTHERN_IRELAND, UNION, Placed, area_of
from engine.tax.uk_law import EXPORT, SELF_ASSESSED, by, gov, own_number, silent, taxed

LIMIT: Final = "low_value_import_threshold"
_WITHIN: Final = (KINGDOM, NORTHERN_IRELAND)


class Kingdom:
    """Value Added Tax Act 1994, and the Windsor Framework for goods in Northern Ireland."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Great Britain and the Isle of Man, or within Northern Ireland."""
        return self._rule(asked, "domestic")

    def inbound(self, asked: Asked) -> Ruling:
        """Into the Kingdom, or over the Irish Sea."""
        return self._rule(asked, "inbound")

    def outbound(self, asked: Asked) -> Ruling:
        """Out of the Kingdom. Over the Irish Sea the inbound answer holds."""
        return self._rule(asked, "outbound")

    def _rule(self, asked: Asked, way: str) -> Ruling:
        case = Case(asked)
        if asked.law.member(KINGDOM, UNION, case.day(KINGDOM)):
            return eu.rule(asked)
        if asked.line.kind is None:
            step = Step("kind", "Whether goods or a service are supplied is not stated.")
            return case.say(step).undecided(None, "kind.unknown", "lines.kind")
        if asked.line.kind == "goods":
            return _goods(case, way)
        ends = [area_of(code, asked.law, case.day(KINGDOM)) for code in (asked.origin, asked.destination) if code]
        if way == "outbound" and len(ends) == 2 and all(end in _WITHIN for end in ends) and ends[0] != ends[1]:
            return silent(case, "Both ends lie in the Kingdom: one supply under its law, answered once.")
        return uk_services.service(case)


def _goods(case: Case, way: str) -> Ruling:
    start, end = origin_of(case), destination_of(case)
    open_end = not_placed(case, start, end)
    if open_end is not None:
        return open_end
    areas = start.vat_area, end.vat_area
    if all(area in _WITHIN for area in areas):
        if way == "outbound" and areas[0] != areas[1]:
            return silent(case, "Over the Irish Sea: the Kingdom's own tax, answered once.")
        return _domestic(case, start, end)
    if UNION in areas and NORTHERN_IRELAND in areas:
        return _with_union(case, start, end, way)
    if end.vat_area in _WITHIN:
        return _entering(case, start, end)
    words = f"From {start.place} to {end.place}, out of the Kingdom: zero-rated, with proof of export."
    return case.say(start.step, end.step, by("treatment", "s. 30(6)", words)).ruling(
        Treatment.ZERO, start, "export", note=EXPORT
    )


def _with_union(case: Case, start: Placed, end: Placed, way: str) -> Ruling:
    """Between Northern Ireland and a Member State: the Union's law. Asked from both sides (`inbound` and `outbound`), only the
    Union's own regime charges."""
    framework = "For goods Northern Ireland is as a Member State: the Union's law holds."
    case = case.say(by("place", "Windsor Framework, Art. 8 and Annex 3", framework))
    if way == "inbound":
        return silent(case, "The law of the State of departure answers.")
    found = within(case, start, end)
    if way == "domestic":
        return found
    return silent(case, "The law of the State of arrival answers.") if found.components else found


def _domestic(case: Case, start: Placed, end: Placed) -> Ruling:
    words = f"Goods from {start.place} to {end.place}, within the Kingdom: its own tax."
    case = case.say(start.step, by("place", "s. 7", words))
    return _platform_within(case) or taxed(case, "")


def _platform_within(case: Case) -> Ruling | None:
    """Goods in the Kingdom that a seller from abroad sells to a consumer through a platform (s. 5A). None: the payee sells."""
    line, named = case.line, case.fact("named_supplier")
    if line.marketplace is not True and named != "platform":
        return None
    number = own_number(case)
    case = case.say(*number.steps)
    if number.customer is Customer.BUSINESS:
        words = "The customer gave a VAT number of the Kingdom: the seller behind the platform owes the tax."
        ruled = case.say(gov("supplier", "s. 5A", words)).ruling(Treatment.NO_OBLIGATION, None, "seller_liable")
        ruled = rechecked(ruled, number.unconfirmed)
        return ruled if line.marketplace is True else None
    if line.marketplace is not True:
        if case.seat.vat_area in _WITHIN:
            return None
        words = "A seller from abroad sells goods in the Kingdom through a platform: the platform is deemed to sell."
        return case.say(gov("supplier", "s. 5A", words)).ruling(Treatment.NO_OBLIGATION, None, "platform_liable")
    behind = case.fact("underlying_seller_country")
    if behind is None:
        words = "The payee is a platform; where the seller behind it is established is not stated."
        step = gov("supplier", "s. 5A", words)
        return case.say(step).undecided(None, "platform.unknown", "lines.facts.underlying_seller_country")
    if case.at_code(str(behind)).vat_area in _WITHIN:
        words = f"The seller behind the platform is established in {behind}: it owes the tax."
        return case.say(gov("supplier", "s. 5A", words)).ruling(Treatment.NO_OBLIGATION, None, "seller_liable")
    return taxed(case.say(gov("supplier", "s. 5A", "The platform is deemed to sell for a seller from abroad.")), "")


# -- imports -----------------------------------------------------------------------------------------------------------


def _entering(case: Case, start: Placed, end: Placed) -> Ruling:
    """From abroad: into Northern Ireland by the Union's rules, into Great Britain by the Kingdom's."""
    if end.vat_area == NORTHERN_IRELAND:
        words = "From outside the Kingdom and the Union into Northern Ireland: the Union's rules for imports."
        return entering(case.say(by("place", "Windsor Framework, Art. 8 and Annex 3", words)), start, end)
    case = case.say(start.step, end.step)
    if case.fact("installed_by_seller") is True:
        return taxed(case.say(by("place", "s. 7(3)", "Installed by the seller in the Kingdom: supplied there.")), "")
    if case.asked.sale.buyer.facts.get("recipient_importer") is False:
        words = "The seller imports: its supply is made in the Kingdom."
        return taxed(case.say(by("place", "s. 7(6)", words)), "import.seller")
    if case.fact("gift") is True or excise(case.line):
        what = "A gift" if case.fact("gift") is True else "Goods under excise duty"
        return _at_border(case, end, "import.excluded", f"{what}: outside the rule for small consignments.")
    return _by_value(case, end)


def _by_value(case: Case, end: Placed) -> Ruling:
    limit = case.asked.law.in_force(KINGDOM, LIMIT, case.day(KINGDOM))
    if limit is None or not isinstance(limit.value, Decimal):
        step = by("place", "s. 7AA", "The limit for small consignments was not read.")
        return case.say(step).undecided(end, "law.not_read", f"law.{KINGDOM}.{LIMIT}")
    stated = case.line.consignment_value
    if stated is None:
        step = limit.step("consignment", "The value of the consignment is not stated.")
        return case.say(step).undecided(end, "consignment.unknown", "lines.consignment_value")
    value = case.asked.worth_at_border(stated, limit.unit or "GBP", KINGDOM)
    if value is None:
        currency = case.asked.sale.currency
        step = limit.step("consignment", f"There is no exchange rate of {currency} for that day.")
        return case.say(step).undecided(end, "consignment.unknown", case.asked.lacking_at_border("GBP", KINGDOM))
    if value > limit.value:
        words = f"The consignment is worth {value:f} GBP, over {limit.value:f}"
        return _at_border(case.say(limit.step("consignment", f"{words}.")), end, "import.above_threshold", f"{words}.")
    case = case.say(limit.step("consignment", f"The consignment is worth {value:f} GBP, not over {limit.value:f}."))
    if excise(case.line) is None:
        step = gov(
            "place", "s. 7AA", "Whether the goods bear excise duty is not stated: they would be outside the rule."
        )
        return case.say(step).undecided(end, "excise.unknown", "lines.category")
    return _small(case, end)


def _small(case: Case, end: Placed) -> Ruling:
    """Up to the limit: the tax is charged at checkout, unless a business gave its number."""
    number = own_number(case)
    case = case.say(*number.steps)
    if number.customer is Customer.UNKNOWN:
        step = gov("customer", "s. 7AA", "The customer's number of the Kingdom is not confirmed.")
        return case.say(step).undecided(end, "customer.unknown", "payer.tax_ids.verified")
    if number.customer is Customer.BUSINESS:
        words = "The customer gave a VAT number of the Kingdom: it accounts for the tax."
        found = case.say(gov("liability", "s. 7AA", words)).ruling(
            Treatment.REVERSE_CHARGE, end, "reverse_charge.import", note=SELF_ASSESSED
        )
        return rechecked(found, number.unconfirmed)
    if case.line.marketplace is True:
        case = case.say(gov("supplier", "s. 77E to 77G", "The platform is deemed to sell the consignment."))
    elif case.fact("named_supplier") == "platform":
        words = "Sold through a platform: it is deemed to sell the consignment and owes the tax."
        return case.say(gov("supplier", "s. 77E to 77G", words)).ruling(Treatment.NO_OBLIGATION, end, "platform_liable")
    words = "A small consignment from abroad: the tax on the supply is charged at checkout, none at the border."
    return taxed(case.say(gov("place", "s. 7AA, Sch. 9ZB", words)), "import.low_value")


def _at_border(case: Case, end: Placed, reason: str, words: str) -> Ruling:
    step = gov("treatment", "s. 1(1)(c), 15", f"{words} Import tax at the border.")
    return case.say(step).ruling(Treatment.IMPORT, end, reason)


UK: Final[Regime] = Kingdom()
