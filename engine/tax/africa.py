"""South Africa: electronic services from abroad, to businesses as well.

Value-Added Tax Act 89 of 1991: s 1 "enterprise" (b)(vi) (two of three links), s 7(1), 11, 14, 23(1A), 54(2B); Regulation 429 of
2014 as changed by 5993 of 2025 (a supplier to vendors only).
"""

from __future__ import annotations

from typing import Final

from engine.packs.model import Confidence
from engine.places import country_of
from engine.tax.asked import Asked
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.remote import (
    automated,
    business,
    domestic,
    exported,
    liability,
    opening,
    platform,
    settle,
)
from engine.tax.world import Act, Case, truth

VAT: Final = "Value-Added Tax Act 89 of 1991"
LINKS: Final = Act(VAT, 's. 1 "enterprise" (b)(vi)', Confidence.C)
LIABLE: Final = Act(VAT, "s. 23(1A)", Confidence.C)
PLATFORMS: Final = Act(VAT, "s. 54(2B)")
VENDORS: Final = Act("Regulation 429 of 2014 as changed by Regulation 5993", "suppliers to vendors only", Confidence.C)
IMPORTED: Final = Act(VAT, "s. 7(1)(c), 14: imported services")
IMPORT: Final = Act(VAT, "s. 7(1)(b), 13")
EXPORT: Final = Act(VAT, "s. 11(1)(a), 11(2)")
HOME: Final = Act(VAT, "s. 7(1)(a)")
VENDORS_ONLY: Final = "digital_vendors_only_exempt"


class SouthAfrica:
    """VAT of South Africa."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within South Africa."""
        return domestic(Case.at(asked, "ZA"), by=HOME)

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: electronic services where two of three links hold and the seller is past the threshold."""
        case = Case.at(asked, "ZA")
        settled = opening(case, IMPORT, HOME)
        if settled is not None:
            return settled
        if not automated(case):
            case.say(
                "treatment",
                "An imported service: the recipient accounts for the tax unless it makes taxable supplies.",
                IMPORTED,
            )
            return case.zero(Treatment.REVERSE_CHARGE, "imported_services")
        return _electronic(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports are zero-rated."""
        return exported(Case.at(asked, "ZA"), EXPORT, EXPORT)


def _electronic(case: Case) -> Ruling:
    settled = platform(case, "platform_deemed_supplier", PLATFORMS) or _linked(case) or _vendors(case)
    if settled is None:
        settled = business(case, case.customer(LINKS))
    return settled or settle(case, liability(case, by=LIABLE), scheme="nonresident")


def _linked(case: Case) -> Ruling | None:
    """Two of three: the recipient resides there, pays from a bank there, has an address there. None: two hold."""
    buyer = case.asked.sale.buyer
    elsewhere = [country for kind, country in buyer.evidence.items() if kind in ("other", "sim", "ip")]
    address = buyer.evidence.get("billing") or buyer.address.country
    residence = elsewhere[0] if len(set(elsewhere)) == 1 else buyer.address.country if not elsewhere else None
    links = {"residence": residence, "bank": buyer.evidence.get("bank"), "address": address}
    here = [name for name, country in links.items() if country is not None and country_of(country) == "ZA"]
    there = [name for name, country in links.items() if country is not None and country_of(country) != "ZA"]
    if len(here) > 1:
        case.say("place", f"Two of three links to South Africa hold: {', '.join(here)}.", LINKS)
        return None
    if len(there) > 1:
        case.say("place", f"Two of three links lie elsewhere: {', '.join(there)}.", LINKS)
        return case.zero(Treatment.NO_OBLIGATION, "links_missing")
    answer = "Residence, bank and address of the recipient: two of the three would decide, and are not stated."
    return case.undecided("evidence.unknown", answer, "payer.evidence", by=LINKS)


def _vendors(case: Case) -> Ruling | None:
    """Since the change of the regulation: no duty for who serves only VAT vendors."""
    rule, only = case.law.setting(VENDORS_ONLY), truth(case.asked.sale.seller.facts, "vendors_only")
    if rule is None or rule.value not in (True, "yes") or not only or case.registered():
        return None
    if case.customer(VENDORS) is not Customer.BUSINESS:
        answer = "The seller says that it serves only vendors, and this customer has shown no vendor number."
        return case.undecided("customer.unknown", answer, "payer.tax_ids", by=VENDORS)
    case.say("liability", "All South African customers are VAT vendors: no duty to register.", rule)
    return case.zero(Treatment.NO_OBLIGATION, "vendors_only")


SOUTH_AFRICA: Final = SouthAfrica()
