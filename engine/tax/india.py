"""India: CGST with SGST or UTGST within a state, IGST between states and from abroad.

IGST Act 2017: s 2(16), 2(17) and 14 (OIDAR: online information and database access or retrieval services), s 5, 7, 8, 10, 12,
13, 16; CGST Act 2017: s 9, 9(5), 22. The slabs and their dates are lines of the pack's table of rates, as `igst`, as `cgst` with
`sgst` and `utgst`, or as the whole `gst`, which is halved within a state.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from engine.packs.model import Confidence
from engine.tax.asked import Asked
from engine.tax.model import Component, Customer, Ruling, Treatment
from engine.tax.remote import at_home, automated, exported, imported, kindless, liability, settle
from engine.tax.world import PERFORMED, Act, Case, nowhere, part_of, truth

IGST: Final = "Integrated Goods and Services Tax Act 2017"
CGST: Final = "Central Goods and Services Tax Act 2017"
OIDAR: Final = Act(IGST, "s. 2(16), 2(17), 14", Confidence.R)
INDICATORS: Final = Act(IGST, "s. 13(12): two non-contradictory of seven indicators", Confidence.R)
REVERSE: Final = Act(IGST, "s. 5(3); Notification 10/2017-IT(R)", Confidence.R)
PRIVATE: Final = Act(IGST, "s. 6; Notification 9/2017-IT(R), entry 10", Confidence.R)
GOODS: Final = Act(IGST, "s. 10(1)(a)", Confidence.R)
BILL_TO: Final = Act(IGST, "s. 10(1)(b)", Confidence.R)
REGISTERED: Final = Act(IGST, "s. 12(2)(a)", Confidence.R)
UNREGISTERED: Final = Act(IGST, "s. 12(2)(b)", Confidence.R)
PERFORMANCE: Final = Act(IGST, "s. 12(3) to 12(7)", Confidence.R)
WITHIN: Final = Act(f"{CGST}; {IGST}", "CGST s. 9; IGST s. 8", Confidence.R)
BETWEEN: Final = Act(IGST, "s. 5, 7", Confidence.R)
OPERATORS: Final = Act(CGST, "s. 9(5)", Confidence.R)
IMPORTS: Final = Act(IGST, "s. 5(1) proviso; Customs Tariff Act 1975, s. 3(7)", Confidence.R)
EXPORTS: Final = Act(IGST, "s. 16 (under bond or letter of undertaking)", Confidence.R)
WITHOUT_LEGISLATURE: Final = ("IN-AN", "IN-CH", "IN-DD", "IN-DH", "IN-DN", "IN-LA", "IN-LD")
"""Union territories that levy UTGST in the place of SGST."""
OPERATOR_OWES: Final = ("passenger_transport", "restaurant", "takeaway", "hotel")
"""Services on which the electronic commerce operator owes the tax: rides, restaurant meals, accommodation."""


class India:
    """Goods and services tax of the Union, the states and the union territories."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within India: place of supply against the supplier's state tells CGST and SGST from IGST."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = _operator(case) or at_home(case, WITHIN)
        if settled is not None:
            return settled
        supplier = part_of(asked, "IN")
        place = _place_of_supply(case, supplier)
        if isinstance(place, Ruling):
            return place
        if supplier is None:
            return case.undecided(
                "place.state_unknown", "The supplier's state is not stated.", "payee.region", by=WITHIN
            )
        here = Case(asked, place, asked.at(place), case.steps)
        if supplier != place:
            here.say("treatment", f"From {supplier} to {place}, another state: IGST.", BETWEEN)
            return _whole(here)
        here.say("treatment", f"Supplier and place of supply in {place}: half CGST, half state tax.", WITHIN)
        return _halves(here)

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: IGST by the supplier of OIDAR to whoever is not registered; registered recipients pay themselves."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        kind = asked.line.kind
        if kind is None:
            return kindless(case)
        if kind == "goods":
            own_import = asked.sale.buyer.facts.get("recipient_importer") is False
            return self.domestic(asked) if own_import else imported(case, IMPORTS)
        if kind in PERFORMED:
            answer = "A foreign supplier who performs in India needs a registration of its own: not stated."
            return self.domestic(asked) if case.registered() else case.undecided(
                "registration.unknown", answer, "payee.registrations", by=PERFORMANCE
            )  # fmt: skip
        customer = case.customer(OIDAR if automated(case) else REVERSE)
        if customer is Customer.UNKNOWN:
            return case.undecided(
                "customer.unknown", "A GSTIN given and checked would settle it.", "payer.tax_ids", by=OIDAR
            )
        if customer is Customer.BUSINESS:
            case.say("treatment", "Import of a service by a registered person: it pays the tax itself.", REVERSE)
            return case.zero(Treatment.REVERSE_CHARGE, "reverse_charge.import", note="Reverse charge")
        return _oidar(case) if automated(case) else _other_service(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports of goods and services are zero-rated."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), EXPORTS, EXPORTS)


def _oidar(case: Case) -> Ruling:
    """Automated services of a foreign supplier to an unregistered person: IGST from the first sale."""
    role = case.platform()
    if role == "other":
        case.say("supplier", "The intermediary is deemed to receive and to supply the service.", OIDAR)
        return case.zero(Treatment.NO_OBLIGATION, "platform_liable")
    settled = case.two_items(INDICATORS)
    if settled is not None:
        return settled
    case.say("place", "OIDAR: the place of supply is where the recipient is.", OIDAR)
    settled = settle(case, liability(case, by=OIDAR))
    return settled if settled.treatment in (Treatment.UNDECIDED, Treatment.NO_OBLIGATION) else _whole(case, "oidar")


def _other_service(case: Case) -> Ruling:
    """A service by people, from abroad, to an unregistered person."""
    if case.own_word() is not Customer.CONSUMER:
        answer = "Whether the unregistered customer buys for itself or for a business is not stated."
        return case.undecided("customer.unknown", answer, "payer.facts.business", by=PRIVATE)
    case.say("treatment", "Not automated, from abroad, for no business: exempt.", PRIVATE)
    return case.zero(Treatment.EXEMPT, "exempt.private_import_of_service")


def _operator(case: Case) -> Ruling | None:
    """Electronic commerce operators owe the tax on the services of s 9(5); on all else the seller stays liable."""
    role = case.platform()
    if role is None:
        return None
    listed = case.line.category in OPERATOR_OWES or case.line.kind == "accommodation"
    if case.line.category is None and case.line.kind != "goods" and not listed:
        answer = "Whether the service is one for which the operator owes the tax is not stated."
        return case.undecided("category.unknown", answer, "lines.category", by=OPERATORS)
    if listed and role == "other":
        case.say("supplier", "The electronic commerce operator owes the tax as if it were the supplier.", OPERATORS)
        return case.zero(Treatment.NO_OBLIGATION, "platform_liable")
    if role == "payee" and not listed:
        answer = "An operator owes no tax on such supplies: the seller behind it is the supplier, and is not stated."
        return case.undecided("platform.unclear", answer, "lines.facts.named_supplier", by=OPERATORS)
    said = (
        "The operator owes the tax itself."
        if listed
        else "The seller stays liable; the operator only collects at source."
    )
    case.say("supplier", said, OPERATORS)
    return None


def _place_of_supply(case: Case, supplier: str | None) -> str | Ruling:
    """The state whose tax it is."""
    line, buyer = case.line, case.asked.sale.buyer
    address = line.ship_to if line.kind == "goods" and line.ship_to.country else line.supplied_at
    state = case.place if "-" in case.place else address.region  # no state has a pack of its own
    if line.kind is None:
        return kindless(case)
    if line.kind == "goods":
        third = truth(line.facts, "bill_to_ship_to")
        place = buyer.address.region if third else state
        missing = "payer.region" if third else "lines.ship_to.region"
        said = (
            "delivered to a third person: the place of whoever ordered" if third else "the movement of the goods ends"
        )
        return _told(case, place, said, missing, BILL_TO if third else GOODS)
    if line.kind in PERFORMED:
        return _told(case, state, "performed, or the property is", "lines.supplied_at.region", PERFORMANCE)
    if case.customer(REGISTERED) is Customer.BUSINESS:
        return _told(case, state or buyer.address.region, "the registered recipient is", "payer.region", REGISTERED)
    recorded = state or buyer.address.region
    said = "the recipient's address on record is" if recorded else "no address on record: the supplier is"
    return _told(case, recorded or supplier, said, "payee.region", UNREGISTERED)


def _told(case: Case, place: str | None, said: str, missing: str, by: Act) -> str | Ruling:
    if place is None:
        return case.undecided("place.state_unknown", "The state of the place of supply is not stated.", missing, by=by)
    case.say("place", f"{place}: {said} there.", by)
    return place


def _tables(case: Case) -> set[str]:
    return {rate.row.component for rate in case.law.rates()}


def _whole(case: Case, scheme: str = "standard") -> Ruling:
    """IGST: the whole rate, of the Union."""
    ruling = case.charge("igst" if "igst" in _tables(case) else "gst", scheme=scheme)
    return replace(ruling, components=tuple(replace(part, name="IGST") for part in ruling.components))


def _halves(case: Case) -> Ruling:
    """CGST and the state's tax."""
    state_tax = "utgst" if case.place in WITHOUT_LEGISLATURE else "sgst"
    if {"cgst", state_tax} <= _tables(case):
        ruling = case.charge("cgst", state_tax)
        names = ("CGST", state_tax.upper())
        return replace(
            ruling,
            components=tuple(replace(part, name=name) for part, name in zip(ruling.components, names, strict=False)),
        )
    ruling = case.charge("gst" if "gst" in _tables(case) else "igst")
    halves: list[Component] = []
    for part in ruling.components:
        half = part.percent / Decimal(2)
        halves.append(replace(part, name="CGST", percent=half))
        halves.append(replace(part, name=state_tax.upper(), percent=half, jurisdiction=case.place))
    return replace(ruling, components=tuple(halves))


INDIA: Final = India()
