"""Canada: GST everywhere, HST in its place in five provinces, QST beside it in Quebec, retail sales taxes beside it in British
Columbia, Manitoba and Saskatchewan; each of the last four has its own registration.

Excise Tax Act, R.S.C. 1985, c. E-15: s 165, s 211.1 to 211.25, Sch. VI and IX; New Harmonized Value-added Tax System Regulations.
Every tax is computed on the price without the others. Components: gst, hst (whole), qst, pst (Manitoba calls it RST).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.packs.model import Confidence
from engine.tax.asked import Asked
from engine.tax.model import Customer, Ruling, SaleLine, Treatment
from engine.tax.remote import at_home, exported, imported, kindless, liability, platform, settle
from engine.tax.world import PERFORMED, Act, Case, Liable, nowhere

ETA: Final = "Excise Tax Act (R.S.C. 1985, c. E-15)"
PLACE: Final = Act(
    "New Harmonized Value-added Tax System Regulations",
    "place of supply: province of the recipient or of delivery",
    Confidence.R,
)
RATE: Final = Act(ETA, "s. 165", Confidence.R)
SIMPLIFIED: Final = Act(ETA, "s. 211.1 to 211.25", Confidence.R)
PLATFORMS: Final = Act(ETA, "s. 211.13 and 211.23, distribution platforms", Confidence.R)
IMPORTS: Final = Act(ETA, "s. 212", Confidence.R)
EXPORT_GOODS: Final = Act(ETA, "Sch. VI, Part V, s. 1", Confidence.R)
EXPORT_SERVICES: Final = Act(ETA, "Sch. VI, Part V, s. 7 and 10.1", Confidence.R)
OWN: Final = {"CA-BC": "pst", "CA-MB": "pst", "CA-SK": "pst", "CA-QC": "qst"}
"""Provinces that run a tax of their own beside GST."""
RETAIL: Final = ("CA-BC", "CA-MB", "CA-SK")


class Canada:
    """GST/HST by the recipient's province, and the provinces' own taxes."""

    def domestic(self, asked: Asked) -> Ruling:
        """Supplied within Canada by a seller there."""
        case = _case(asked)
        if isinstance(case, Ruling):
            return case
        return at_home(case, RATE) or _together(case, _provincial_at_home(case))

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: simplified or ordinary registration above CAD 30,000 of sales to consumers; goods by the border."""
        case = _case(asked)
        if isinstance(case, Ruling):
            return case
        kind = asked.line.kind
        if kind is None:
            return kindless(case)
        if kind == "goods":
            own_import = asked.sale.buyer.facts.get("recipient_importer") is False
            return self.domestic(asked) if own_import else imported(case, IMPORTS)
        settled = platform(case, "marketplace_deemed_supplier", PLATFORMS)
        if settled is not None:
            return settled
        customer = case.customer(SIMPLIFIED) if kind not in PERFORMED else Customer.CONSUMER
        if customer is Customer.UNKNOWN:
            return case.undecided(
                "customer.unknown", "A GST number given and checked would settle it.", "payer.tax_ids"
            )
        if customer is Customer.BUSINESS:
            return _registrant(case)
        federal = _federal_liability(case)
        if federal.liable is None:
            return settle(case, federal)
        return _together(case, _own_liability(case), federal=bool(federal.liable))

    def outbound(self, asked: Asked) -> Ruling:
        """Exports are zero-rated."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), EXPORT_GOODS, EXPORT_SERVICES)


def _registrant(case: Case) -> Ruling:
    """A customer who gave its GST number: no GST, HST or QST; a retail sales tax knows no such relief for its end users."""
    case.say(
        "treatment", "Not charged to a customer who gave its GST number; it accounts for the tax itself.", SIMPLIFIED
    )
    own = _own_liability(case) if case.place in RETAIL else None
    if own is None or own.liable is False:
        return case.zero(Treatment.OUT_OF_SCOPE, "b2b.not_charged")
    return _together(case, own, federal=False)


def _case(asked: Asked) -> Case | Ruling:
    """The case at the province that taxes: of delivery or of the recipient, of the counter where goods are picked up."""
    place = asked.destination
    if place is None:
        return nowhere(asked, "Where the goods or the customer are is not stated.")
    case = Case.at(asked, place)
    if "-" not in place:
        missing = "lines.ship_to.region" if asked.line.kind == "goods" else "payer.region"
        answer = "Canada's rate is that of a province: which one is not stated."
        return case.undecided("place.province_unknown", answer, missing, by=PLACE)
    rule = case.law.setting("place_of_supply")
    pickup = asked.line.kind == "goods" and asked.line.ship_to.country is None and asked.origin == place
    said = "picked up" if pickup else "delivered" if asked.line.kind == "goods" else "the recipient is"
    case.say("place", f"{place}: the province where {said}.", rule or PLACE)
    return case


def _federal_liability(case: Case) -> Liable:
    """GST/HST: the threshold and the registration are the country's, whatever the province."""
    national = Case(case.asked, "CA", case.asked.at("CA"), case.steps)
    return liability(national, by=SIMPLIFIED)


def _own_liability(case: Case) -> Liable | None:
    """The province's own tax, for a seller from abroad. None: the province has none."""
    if case.place not in OWN:
        return None
    own = Case(case.asked, case.place, case.law, case.steps)
    if own.registered(case.place):
        own.say("liability", f"The seller is registered with {case.place} itself.")
        return Liable(True, "registered")
    if own.asked.sale.seller.registrations is not None:
        # A registration with Canada (GST) is not one with the province.
        own = Case(_without_federal(case.asked), case.place, case.law, case.steps)
    return liability(own)


def _without_federal(asked: Asked) -> Asked:
    seller = asked.sale.seller
    kept = tuple(one for one in seller.registrations or () if one.jurisdiction != "CA")
    return replace(asked, sale=replace(asked.sale, seller=replace(seller, registrations=kept)))


def _provincial_at_home(case: Case) -> Liable | None:
    """The province's own tax, for a seller in Canada: registered with it, at home there, or past what it asks of outsiders."""
    if case.place not in OWN:
        return None
    seller = case.asked.sale.seller
    if seller.address.region == case.place or case.place in seller.establishments:
        case.say("liability", f"The seller is at home in {case.place}: registered with the province too.")
        return Liable(True, "established")
    return _own_liability(case)


def _together(case: Case, own: Liable | None, *, federal: bool = True) -> Ruling:
    """The federal part and the province's own, each on the price without the other."""
    if own is not None and own.liable is None:
        return settle(case, own)
    names = {rate.row.component for rate in case.law.rates()}
    wanted = ["hst" if "hst" in names else "gst"] if federal and {"hst", "gst"} & names else []
    untaxed = own is not None and own.liable and case.place in RETAIL and _software(case.line) and _cloud(case)
    if isinstance(untaxed, Ruling):
        return untaxed
    if own is not None and own.liable and not untaxed:
        wanted.append(OWN[case.place])
    if not wanted and federal:
        return case.undecided("rate.unknown", f"No rate of {case.place} has been read.", "law.standard_rate")
    if not wanted:
        return case.zero(Treatment.NO_OBLIGATION, "below_threshold")
    if len(wanted) > 1:
        case.say("rate", "The two taxes are computed on the price, not one on the other.", RATE)
    ruling = case.charge(*wanted)
    federal_first = sorted(ruling.components, key=lambda part: part.jurisdiction != "CA")
    harmonized = "hst" in wanted  # one tax, whatever the country's pack calls the two together
    return replace(
        ruling, components=tuple(replace(part, name="HST") if harmonized else part for part in federal_first)
    )


def _software(line: SaleLine) -> bool:
    """What the provinces' rules on cloud software speak of; other services are outside their retail sales taxes."""
    return line.kind in ("digital", "service")


def _cloud(case: Case) -> Ruling | bool:
    """True: the retail sales tax of the province does not reach this software or service; a ruling: nobody read whether."""
    name = f"{case.line.category or 'saas'}_taxable"
    found = case.law.setting(name)
    if case.line.category in (None, "standard"):
        answer = f"Whether {case.place}'s own tax reaches this depends on what it is: software or something else."
        return case.undecided("category.unknown", answer, "lines.category")
    if found is None or found.value not in ("taxable", "not_taxable"):
        return case.undecided(
            "law.unknown", f"Whether {case.place}'s own tax reaches it has not been read.", f"law.{name}"
        )
    taxed = found.value == "taxable"
    case.say("treatment", f"{case.place}'s own tax {'reaches' if taxed else 'does not reach'} it.", found)
    return not taxed


CANADA: Final = Canada()
