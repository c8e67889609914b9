"""Singapore, Japan and Korea.

Singapore: Goods and Services Tax Act 1993, Seventh Schedule (overseas vendor registration), s 14, 21(3), 26.
Japan: Consumption Tax Act Art. 2(1)(viii-3) and (viii-4), 4(3)(ii) and (iii), 5, 7, 9, 15-2.
Korea: Value-Added Tax Act Art. 20, 21 to 24, 50, 52, 53-2.
"""

from __future__ import annotations

from typing import Final

from engine.packs.model import Confidence
from engine.tax import low_value
from engine.tax.asked import Asked
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.remote import (
    automated,
    business,
    domestic,
    exported,
    imported,
    liability,
    opening,
    performed,
    platform,
    settle,
    unasked,
    unread,
)
from engine.tax.world import PERFORMED, Act, Case, Liable, truth

GST_SG: Final = "Goods and Services Tax Act 1993"
OVR: Final = Act(GST_SG, "Seventh Schedule: overseas vendor registration")
OVR_GOODS: Final = Act(GST_SG, "Seventh Schedule: low-value goods by air or post", Confidence.A)
SG_REVERSE: Final = Act(GST_SG, "s. 14, Fourth Schedule")
SG_EXPORT: Final = Act(GST_SG, "s. 21(3), 26")
SG_PLATFORM: Final = Act(GST_SG, "Seventh Schedule: electronic marketplaces")
WORLDWIDE: Final = "worldwide_turnover_threshold"
SCOPE: Final = "nonresident_services_scope"
"""`digital`, or `remote`: every service that can be supplied from far away."""

CTA: Final = "Consumption Tax Act (Shohizei-ho)"
JP_PLACE: Final = Act(CTA, "Art. 4(3)(iii): domicile of the recipient")
JP_BUSINESS: Final = Act(CTA, "Art. 2(1)(viii-4), 5(1): for businesses by its nature")
JP_CONSUMER: Final = Act(CTA, "Art. 2(1)(viii-3), 9: base period")
JP_PLATFORM: Final = Act(CTA, "Art. 15-2")
JP_ELSEWHERE: Final = Act(CTA, "Art. 4(3)(ii): where the service is performed")
JP_EXPORT: Final = Act(CTA, "Art. 7(1)")
JP_IMPORT: Final = Act(CTA, "Art. 4(2), 5(2)")
FOR_ANYBODY: Final = ("digital", "ebooks", "audiobooks", "enewspapers", "streaming", "music", "video", "games")
"""Digital things that are sold to anybody: never `for businesses by their nature`."""

KR_ACT: Final = "Value-Added Tax Act (Korea)"
KR_SIMPLE: Final = Act(KR_ACT, "Art. 53-2")
KR_PROXY: Final = Act(KR_ACT, "Art. 52: payment by proxy")
KR_PLACE: Final = Act(KR_ACT, "Art. 20(1)")
KR_EXPORT: Final = Act(KR_ACT, "Art. 21 to 24")
KR_IMPORT: Final = Act(KR_ACT, "Art. 50")
KR_PLATFORM: Final = Act(KR_ACT, "Art. 53-2(2)")


class Singapore:
    """GST with overseas vendor registration."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Singapore."""
        return domestic(Case.at(asked, "SG"))

    def inbound(self, asked: Asked) -> Ruling:
        """Remote services and low-value goods to whoever is not registered, above two thresholds at once."""
        case = Case.at(asked, "SG")
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind in PERFORMED:
            return performed(case)
        if asked.line.kind == "goods":
            return _goods_sg(case)
        scope = None if automated(case) else case.law.setting(SCOPE)
        if not automated(case) and (scope is None or scope.value not in ("digital", "remote")):
            answer = "Whether services that are not digital were taxed on that day has not been read."
            return case.undecided("law.unknown", answer, f"law.{SCOPE}", by=OVR)
        if scope is not None and scope.value == "digital":
            case.say("place", "Not a digital service: performed abroad, outside the tax on that day.", scope)
            return case.zero(Treatment.OUT_OF_SCOPE, "performed_abroad")
        return _ovr(case, OVR)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports and international services are zero-rated."""
        return exported(Case.at(asked, "SG"), SG_EXPORT, SG_EXPORT)


def _goods_sg(case: Case) -> Ruling:
    limit = low_value.limit_of(case)
    if isinstance(limit, Ruling):
        return limit
    if limit is None or low_value.excise(case):
        return imported(case)
    value = low_value.item(case, limit)
    if value.low is None:
        answer = f"Whether an item is worth at most {limit.value:f} {limit.unit} is not stated, or cannot be converted."
        return case.undecided("value.unknown", answer, *value.missing, by=limit)
    return _ovr(case, OVR_GOODS) if value.low else imported(case)


def _ovr(case: Case, by: Act) -> Ruling:
    settled = platform(case, "marketplace_deemed_supplier", SG_PLATFORM) or business(case, case.customer(SG_REVERSE))
    if settled is not None:
        if settled.treatment is Treatment.REVERSE_CHARGE:
            case.say("liability", "Only a customer without full deduction has to account for it.", SG_REVERSE)
            return case.zero(settled.treatment, settled.reason, note=settled.invoice_note)
        return settled
    return settle(case, _both(case, by), scheme="nonresident")


def _both(case: Case, by: Act) -> Liable:
    """Registered, or above the worldwide threshold and the one of sales to Singapore together."""
    if case.registered():
        return liability(case, by=by)
    world = case.law.setting(WORLDWIDE)
    total = case.sold(WORLDWIDE, "worldwide_turnover")
    if world is None or unread(world) or world.value is None:
        case.say("liability", "The worldwide threshold has not been read.", by)
        return Liable(None, "law.unknown", (f"law.{WORLDWIDE}",))
    wide = case.exceeds(world, total)
    if wide is False and case.registered() is False:
        case.say("liability", f"Worldwide turnover does not pass {world.value:f} {world.unit}; not registered.", world)
        return Liable(False, "below_threshold")
    local = liability(case, by=by)
    if local.liable is False or wide:
        return local
    if wide is None:
        case.say("liability", f"Worldwide turnover against {world.value:f} {world.unit} is not stated.", world)
        return Liable(None, "turnover.unknown", ("payee.facts.worldwide_turnover", *local.missing))
    return Liable(None, "registration.unknown", ("payee.registrations",))


class Japan:
    """Consumption tax: the nature of a digital service tells who pays it."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Japan."""
        return domestic(Case.at(asked, "JP"))

    def inbound(self, asked: Asked) -> Ruling:
        """Electronic services are taxed at the recipient; what only businesses buy by its nature is theirs to account for."""
        case = Case.at(asked, "JP")
        settled = opening(case, JP_IMPORT, JP_ELSEWHERE)
        if settled is not None:
            return settled
        if not automated(case):
            case.say("place", "Not an electronic service: taxed where it is performed, abroad.", JP_ELSEWHERE)
            return case.zero(Treatment.OUT_OF_SCOPE, "performed_abroad")
        case.say("place", "An electronic service: taxed where the recipient lives or has its seat.", JP_PLACE)
        return _electronic_jp(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports, and services to non-residents, are exempt with deduction."""
        return exported(Case.at(asked, "JP"), JP_EXPORT, JP_EXPORT)


def _electronic_jp(case: Case) -> Ruling:
    nature = truth(case.line.facts, "b2b_only_by_nature")
    if nature is None and (case.line.category in FOR_ANYBODY or case.own_word() is Customer.CONSUMER):
        nature = False
    if nature is None:
        answer = (
            "Whether the service is by its nature or terms only for businesses decides who pays; the customer does not."
        )
        return case.undecided("nature.unknown", answer, "lines.facts.b2b_only_by_nature", by=JP_BUSINESS)
    if nature:
        answer = (
            "Only for businesses by its nature: the customer accounts for the tax; the seller must tell it beforehand."
        )
        case.say("customer", answer, JP_BUSINESS)
        return case.zero(Treatment.REVERSE_CHARGE, "reverse_charge.b2b_by_nature", note="Subject to reverse charge")
    case.say("customer", "Sold to anybody: the seller is the taxpayer, also where a business buys.", JP_CONSUMER)
    settled = _platform_jp(case)
    if settled is not None:
        return settled
    return settle(case, liability(case, past=True, by=JP_CONSUMER), scheme="nonresident")


def _platform_jp(case: Case) -> Ruling | None:
    """Platforms above a volume of foreign sales were made the taxpayer; before that the seller behind them stays it."""
    role, rule = case.platform(), case.law.setting("platform_taxation_threshold")
    if role is None or rule is None:
        return None
    named = truth(case.line.facts, "platform_designated")
    if named is None:
        answer = f"Whether the platform is one of those above {rule.value:f} {rule.unit} that the tax office named is not stated."
        return case.undecided("platform.unclear", answer, "lines.facts.platform_designated", by=JP_PLATFORM)
    if role == "other" and named:
        case.say("supplier", "A named platform is the taxpayer for the foreign seller's service.", JP_PLATFORM)
        return case.zero(Treatment.NO_OBLIGATION, "platform_liable")
    if role == "payee" and not named:
        case.say("supplier", "Not a named platform: the seller behind it stays the taxpayer.", JP_PLATFORM)
        return case.zero(Treatment.NO_OBLIGATION, "seller_liable")
    if named:
        case.say("supplier", "The payee is a named platform and the taxpayer, whatever its own turnover.", JP_PLATFORM)
        return case.charge(scheme="platform")
    return None


class Korea:
    """VAT with simplified registration for foreign electronic services."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Korea."""
        return domestic(Case.at(asked, "KR"))

    def inbound(self, asked: Asked) -> Ruling:
        """Electronic services to whoever is no business; businesses pay by proxy where they cannot deduct."""
        case = Case.at(asked, "KR")
        settled = opening(case, KR_IMPORT, KR_PLACE)
        if settled is not None:
            return settled
        return _service_kr(case)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports are zero-rated."""
        return exported(Case.at(asked, "KR"), KR_EXPORT, KR_EXPORT)


def _service_kr(case: Case) -> Ruling:
    settled = platform(case, "marketplace_deemed_supplier", KR_PLATFORM) if automated(case) else None
    if settled is None:
        settled = business(case, case.customer(KR_PROXY))
    if settled is not None:
        return settled
    if not automated(case):
        case.say(
            "place", "Not electronic: performed abroad, outside the tax; the recipient may owe it by proxy.", KR_PROXY
        )
        return case.zero(Treatment.OUT_OF_SCOPE, "performed_abroad")
    case.say("place", "An electronic service of a foreign supplier to a customer in Korea.", KR_SIMPLE)
    return settle(case, liability(case, by=KR_SIMPLE), scheme="nonresident")


SINGAPORE: Final = Singapore()
JAPAN: Final = Japan()
KOREA: Final = Korea()
