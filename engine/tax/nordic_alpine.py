"""Norway, and Switzerland with Liechtenstein.

Norway: merverdiavgiftsloven s 3-1, 3-30, 6-21, 6-22, 11-3, ch. 14 (VOEC). Switzerland: MWSTG Art. 7, 8, 10, 14, 20a, 23, 45, 53;
it holds in Liechtenstein by treaty, and the two are one territory.
"""

from __future__ import annotations

from typing import Final

from engine.packs.model import Confidence
from engine.tax import low_value
from engine.tax.asked import Asked
from engine.tax.law import Setting
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
from engine.tax.world import HUNDRED, PERFORMED, Act, Case, nowhere

MVAL: Final = "Merverdiavgiftsloven (2009)"
NO_SERVICES: Final = Act(MVAL, "s. 3-30", Confidence.C)
NO_REVERSE: Final = Act(MVAL, "s. 3-30, 11-3")
NO_HOME: Final = Act(MVAL, "s. 3-1")
VOEC: Final = Act(MVAL, "ch. 14 (VOEC)", Confidence.A)
NO_IMPORT: Final = Act(MVAL, "s. 3-29")
NO_EXPORT: Final = Act(MVAL, "s. 6-21, 6-22")
SCOPE: Final = "nonresident_services_scope"
OUTSIDE_VOEC: Final = ("food", *low_value.EXCISE)

MWSTG: Final = "Mehrwertsteuergesetz (MWSTG, SR 641.20)"
CH_PLACE: Final = Act(MWSTG, "Art. 8(1)")
CH_LIABLE: Final = Act(MWSTG, "Art. 10(2)(b), 14")
CH_ACQUISITION: Final = Act(MWSTG, "Art. 45")
CH_MAIL_ORDER: Final = Act(MWSTG, "Art. 7(3)(b)", Confidence.B)
CH_PLATFORM: Final = Act(MWSTG, "Art. 20a")
CH_IMPORT: Final = Act(MWSTG, "Art. 50 to 54")
CH_EXPORT: Final = Act(MWSTG, "Art. 23(2)(1)")
CH_SPOT: Final = Act(MWSTG, "Art. 8(2)")
MAIL_ORDER: Final = "mail_order_turnover_threshold"
ALPS: Final = ("CH", "LI")


class Norway:
    """VAT of Norway; Svalbard and Jan Mayen (SJ) lie outside."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Norway."""
        return domestic(Case.at(asked, "NO"), by=NO_HOME)

    def inbound(self, asked: Asked) -> Ruling:
        """Remote services where the recipient lives; goods below the item limit under VOEC."""
        case = Case.at(asked, "NO")
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind in PERFORMED:
            return performed(case, NO_HOME)
        return _goods_no(case) if asked.line.kind == "goods" else _service_no(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports are zero-rated."""
        return exported(Case.at(asked, "NO"), NO_EXPORT, NO_EXPORT)


def _service_no(case: Case) -> Ruling:
    settled = business(case, case.customer(NO_REVERSE))
    if settled is not None:
        return settled
    if not automated(case):
        scope = case.law.setting(SCOPE)
        if scope is None or scope.value not in ("digital", "remote"):
            answer = "Whether services that are not digital were taxed on that day has not been read."
            return case.undecided("law.unknown", answer, f"law.{SCOPE}", by=NO_SERVICES)
        if scope.value == "digital":
            case.say("place", "Not a digital service: outside the duty of foreign suppliers on that day.", scope)
            return case.zero(Treatment.NO_OBLIGATION, "not_digital")
    settled = platform(case, "platform_deemed_supplier", VOEC)
    if settled is not None:
        return settled
    case.say("place", "Deliverable from a remote place: taxed where the recipient lives.", NO_SERVICES)
    return settle(case, liability(case, by=NO_SERVICES), scheme="voec")


def _goods_no(case: Case) -> Ruling:
    """VOEC is for consumers, item by item; everything else is taxed at the border."""
    limit = low_value.limit_of(case)
    if isinstance(limit, Ruling):
        return limit
    if case.line.category in OUTSIDE_VOEC or low_value.excise(case):
        return imported(case, VOEC, "Food, excise and restricted goods stay outside VOEC: taxed on import.")
    if case.own_word() is Customer.BUSINESS or case.number() is not None:
        return imported(case, VOEC, "VOEC is for consumers only: a business declares the import itself.")
    if limit is None:
        return imported(case, NO_IMPORT)
    value = low_value.item(case, limit, below=True)
    if value.low is None:
        answer = (
            f"Whether an item is worth less than {limit.value:f} {limit.unit} is not stated, or cannot be converted."
        )
        return case.undecided("value.unknown", answer, *value.missing, by=limit)
    if not value.low:
        return imported(case, NO_IMPORT)
    settled = platform(case, "platform_deemed_supplier", VOEC)
    if settled is not None:
        return settled
    registered = case.registered()
    if registered is None:
        answer = "A VOEC seller charges at checkout, any other leaves it to the border: registrations are not stated."
        return case.undecided("registration.unknown", answer, "payee.registrations", by=VOEC)
    if not registered:
        return imported(case, NO_IMPORT, "Not in VOEC: taxed on import.")
    case.say("liability", "The seller is registered: VAT at checkout, on the price with freight and insurance.", VOEC)
    return case.charge(scheme="voec")


class Switzerland:
    """Swiss VAT, which is Liechtenstein's too."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Switzerland and Liechtenstein."""
        case = _alps(asked)
        return case if isinstance(case, Ruling) else domestic(case, by=CH_LIABLE)

    def inbound(self, asked: Asked) -> Ruling:
        """Services at the recipient; goods at the border, or by mail order once the seller is liable."""
        case = _alps(asked)
        if isinstance(case, Ruling):
            return case
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind in PERFORMED:
            return performed(case, CH_SPOT)
        return _goods_ch(case) if asked.line.kind == "goods" else _service_ch(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exported goods are free of tax; services to customers abroad are supplied abroad."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), CH_EXPORT, CH_PLACE, abroad=Treatment.OUT_OF_SCOPE)


def _alps(asked: Asked) -> Case | Ruling:
    if asked.destination is None:
        return nowhere(asked, "Where the goods or the customer are is not stated.")
    case = Case.at(asked, asked.destination)
    case.area = ALPS
    return case


def _service_ch(case: Case) -> Ruling:
    case.say("place", "A service is taxed where the recipient is.", CH_PLACE)
    if not case.registered():
        settled = business(case, case.customer(CH_ACQUISITION))
        if settled is not None:
            return settled
    if not automated(case) and not case.registered():
        answer = "Not electronic: the foreign supplier is not liable; the recipient owes acquisition tax above a yearly amount."
        case.say("liability", answer, CH_ACQUISITION)
        return case.zero(Treatment.NO_OBLIGATION, "acquisition_tax")
    liable = liability(case, counts="worldwide_turnover", reached=True, by=CH_LIABLE)
    return settle(case, liable, scheme="nonresident")


def _goods_ch(case: Case) -> Ruling:
    """Small consignments, those on which customs would not collect, count towards the mail-order threshold."""
    swiss = Case(
        case.asked, case.place, case.asked.at("CH"), case.steps, case.area
    )  # it is Swiss law in Liechtenstein too
    rule = "platform_deemed_supplier"
    if case.platform() and swiss.law.setting(rule) is not None:
        settled = platform(swiss, rule, CH_PLATFORM)
        if settled is not None:
            return settled
    registered = case.registered()
    if registered:
        case.say("place", "A liable mail-order seller: the goods count as supplied in the country.", CH_MAIL_ORDER)
        return case.charge(scheme="mail_order")
    small, relief = _small(swiss), swiss.law.setting("import_vat_relief")
    if small and relief is not None:
        case.say(
            "relief",
            f"A consignment whose tax is at most {relief.value:f} {relief.unit}: not collected at the border.",
            relief,
        )
        liable = liability(swiss, MAIL_ORDER, reached=True, by=CH_MAIL_ORDER)
        if liable.liable is not False:
            return settle(case, liable, scheme="mail_order")
        return imported(swiss, CH_IMPORT)
    if registered is None:
        answer = "A seller liable under the mail-order rule charges at the sale: registrations are not stated."
        return case.undecided("registration.unknown", answer, "payee.registrations", by=CH_MAIL_ORDER)
    return imported(case, CH_IMPORT)


def _small(case: Case) -> bool:
    """Whether the import tax of the parcel is at most the amount that customs does not collect."""
    relief: Setting | None = case.law.setting("import_vat_relief")
    percent, value = case.standard_percent(), case.line.consignment_value
    if relief is None or relief.value is None or percent is None:
        return False
    worth = case.asked.worth_at_border(case.line.amount if value is None else value, relief.unit or "CHF", case.place)
    return worth is not None and worth * percent / HUNDRED <= relief.value


NORWAY: Final = Norway()
SWITZERLAND: Final = Switzerland()
