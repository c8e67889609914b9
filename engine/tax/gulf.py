"""Gulf Cooperation Council: VAT in the Emirates, Saudi Arabia, Bahrain and Oman; none in Kuwait and Qatar.

Unified VAT Agreement of the GCC States Art. 10 to 21; UAE Federal Decree-Law 8/2017 Art. 27 to 31; KSA VAT Implementing
Regulations Art. 14 to 24. Supplies between member states are still treated as exports and imports.
"""

from __future__ import annotations

from typing import Final

from engine.tax.asked import Asked
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.remote import (
    automated,
    business,
    domestic,
    exported,
    imported,
    liability,
    performed,
    platform,
    settle,
    unasked,
)
from engine.tax.world import PERFORMED, Act, Case, nowhere, truth

AGREEMENT: Final = "Unified VAT Agreement of the GCC States"
TO_BUSINESS: Final = Act(AGREEMENT, "Art. 16")
TO_CONSUMER: Final = Act(AGREEMENT, "Art. 15: residence of the supplier")
ELECTRONIC: Final = Act(AGREEMENT, "Art. 20: where it is actually used")
SPOT: Final = Act(AGREEMENT, "Art. 17 to 19")
EXPORT: Final = Act(AGREEMENT, "Art. 34; transitional rules between member states")
IMPORT: Final = Act(AGREEMENT, "Art. 39 to 42; transitional rules between member states")
ZONES: Final = Act("UAE Federal Decree-Law 8/2017", "Art. 50, 51: designated zones")
HOME: Final = Act(AGREEMENT, "Art. 10 to 14")
PLATFORMS: Final = Act(
    "VAT Implementing Regulations of the member state", "electronic platforms acting for a non-resident"
)


class Gulf:
    """The six member states."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within a member state."""
        if asked.destination is None:
            return nowhere(asked, "Where the supply is taxed is not stated.")
        case = Case.at(asked, asked.destination)
        return _zone(case) or domestic(case, by=HOME)

    def inbound(self, asked: Asked) -> Ruling:
        """From outside the member state, another member state included."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind == "goods":
            return _zone(case) or imported(case, IMPORT)
        if asked.line.kind in PERFORMED:
            return performed(case, SPOT)
        return _service(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Out of the member state, to another one included."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), EXPORT, EXPORT)


def _zone(case: Case) -> Ruling | None:
    """Goods in a designated zone of the Emirates are outside the state, unless they are consumed there."""
    if case.country != "AE" or case.line.kind != "goods" or not truth(case.line.facts, "designated_zone"):
        return None
    case.say("territory", "The goods stay in a designated zone, which counts as outside the Emirates.", ZONES)
    return case.zero(Treatment.OUT_OF_SCOPE, "designated_zone")


def _service(case: Case) -> Ruling:
    settled = platform(case, "platform_deemed_supplier", PLATFORMS) if automated(case) else None
    customer = case.customer(TO_BUSINESS)
    if settled is None and (automated(case) or customer is not Customer.CONSUMER):
        settled = business(case, customer)
    if settled is not None:
        return settled
    if not automated(case):
        case.say("place", "A service to a consumer: taxed where the supplier is, abroad.", TO_CONSUMER)
        return case.zero(Treatment.OUT_OF_SCOPE, "supplier_abroad")
    case.say("place", "An electronic service: taxed where the consumer uses it.", ELECTRONIC)
    return settle(case, liability(case, by=ELECTRONIC), scheme="nonresident")


GULF: Final = Gulf()
