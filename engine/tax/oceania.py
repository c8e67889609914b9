"""Australia and New Zealand: GST on services and goods of low value from abroad, charged by the seller or the platform.

A New Tax System (Goods and Services Tax) Act 1999 (AU): s 9-25(5)(d), Div 84, Subdiv 84-B, 84-C, s 38-185, 38-190.
Goods and Services Tax Act 1985 (NZ): s 8(3)(c), 8(4D), 8B, 8BB, 10C, 11, 11A(1)(k), 11A(1)(x), 60C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.packs.model import Confidence
from engine.tax import low_value
from engine.tax.asked import Asked
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.remote import domestic, exported, imported, liability, performed, platform, settle, unasked
from engine.tax.world import PERFORMED, Act, Case, nowhere, truth

GST_AU: Final = "A New Tax System (Goods and Services Tax) Act 1999"
GST_NZ: Final = "Goods and Services Tax Act 1985"
PLATFORM: Final = "marketplace_deemed_supplier"


@dataclass(frozen=True, slots=True)
class Articles:
    """Where each branch stands in a country's own Act."""

    home: Act
    services: Act
    goods: Act
    platforms: Act
    business: Act
    residence: Act
    border: Act
    export_goods: Act
    export_services: Act


AU: Final = Articles(
    home=Act(GST_AU, "s. 9-5, 9-25"),
    services=Act(GST_AU, "s. 9-25(5)(d), Div. 84: inbound intangible consumer supplies"),
    goods=Act(GST_AU, "Subdiv. 84-C: offshore supplies of low value goods", Confidence.A),
    platforms=Act(GST_AU, "Subdiv. 84-B", Confidence.B),
    business=Act(GST_AU, "s. 9-25(7), 84-100, 84-105: not an Australian consumer"),
    residence=Act(GST_AU, "s. 9-25(7), 84-100"),
    border=Act(GST_AU, "Div. 13"),
    export_goods=Act(GST_AU, "s. 38-185"),
    export_services=Act(GST_AU, "s. 38-190"),
)
NZ: Final = Articles(
    home=Act(GST_NZ, "s. 8(1), 8(2)"),
    services=Act(GST_NZ, "s. 8(3)(c): remote services to residents"),
    goods=Act(GST_NZ, "s. 8(4D) to (4G), 10C: distantly taxable goods", Confidence.A),
    platforms=Act(GST_NZ, "s. 60C", Confidence.B),
    business=Act(GST_NZ, "s. 8(4), 8(4D), 8BB"),
    residence=Act(GST_NZ, "s. 8B: two items of evidence"),
    border=Act(GST_NZ, "s. 12"),
    export_goods=Act(GST_NZ, "s. 11(1)"),
    export_services=Act(GST_NZ, "s. 11A(1)(k)"),
)
NZ_OPTION: Final = Act(GST_NZ, "s. 11A(1)(x)")


@dataclass(frozen=True, slots=True)
class Antipodes:
    """The scheme the two countries share. `statement`: the customer must also say that it is registered (Australia);
    `reached`: turnover at the threshold is enough; `together`: several items in one consignment count as one (Australia)."""

    articles: Articles
    statement: bool
    reached: bool
    together: bool

    def domestic(self, asked: Asked) -> Ruling:
        """Within the country."""
        if asked.destination is None:
            return nowhere(asked, "Where the supply is taxed is not stated.")
        return domestic(Case.at(asked, asked.destination), by=self.articles.home)

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: remote services and goods of low value to whoever is not registered."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind in PERFORMED:
            return performed(case, self.articles.home)
        if asked.line.kind == "goods":
            return self._goods(case)
        settled = case.two_items(self.articles.residence)
        return settled if settled is not None else self._charged(case, self.articles.services)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports are free of GST."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), self.articles.export_goods, self.articles.export_services)

    def _goods(self, case: Case) -> Ruling:
        limit = low_value.limit_of(case)
        if isinstance(limit, Ruling):
            return limit
        if limit is None or low_value.excise(case):
            return imported(case, self.articles.border)
        value = low_value.item(case, limit)
        if value.low and self.together:
            value = low_value.consignment(case, limit)
        if value.low is None:
            answer = f"Whether the goods are worth at most {limit.value:f} {limit.unit} is not stated, or cannot be converted."
            return case.undecided("value.unknown", answer, *value.missing, by=limit)
        if not value.low:
            return imported(case, self.articles.border)
        return self._charged(case, self.articles.goods)

    def _charged(self, case: Case, by: Act) -> Ruling:
        settled = platform(case, PLATFORM, self.articles.platforms)
        if settled is None:
            settled = self._registered_customer(case)
        if settled is not None:
            return settled
        case.say("place", f"Taxed in {case.place}, where the customer is or the goods arrive.", by)
        return settle(case, liability(case, reached=self.reached, by=by), scheme="nonresident")

    def _registered_customer(self, case: Case) -> Ruling | None:
        """Who shows that it is registered is not charged; who only says so is."""
        if case.customer(self.articles.business) is not Customer.BUSINESS:
            if case.number() is not None and case.own_word() is not Customer.CONSUMER:
                answer = "The customer's number was not checked, though it can be."
                return case.undecided("customer.unknown", answer, "payer.tax_ids", by=self.articles.business)
            return None
        if self.statement:
            said = truth(case.asked.sale.buyer.facts, "gst_registered_statement")
            if said is None:
                answer = "An ABN alone does not do: whether the customer says it is registered for GST is not stated."
                missing = "payer.facts.gst_registered_statement"
                return case.undecided("customer.unknown", answer, missing, by=self.articles.business)
            if not said:
                case.say(
                    "customer",
                    "It has an ABN and does not say it is registered for GST: charged.",
                    self.articles.business,
                )
                return None
        elif truth(case.asked.sale.seller.facts, "zero_rates_registered"):
            case.say("treatment", "The seller opts to zero-rate supplies to registered persons.", NZ_OPTION)
            return case.zero(Treatment.ZERO, "b2b.zero_rated")
        case.say("treatment", "A supply to a registered customer is not taxed.", self.articles.business)
        return case.zero(Treatment.OUT_OF_SCOPE, "b2b.not_charged")


AUSTRALIA: Final = Antipodes(AU, statement=True, reached=True, together=True)
NEW_ZEALAND: Final = Antipodes(NZ, statement=False, reached=False, together=False)
