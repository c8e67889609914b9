"""Brazil until 2032: ICMS on goods, split between two states by the inter-state rate; ISS on services and software; PIS and
COFINS on the seller's revenue; CBS and IBS, in their test year without collection.

Constitution Art. 155 § 2; EC 87/2015; LC 87/1996 Art. 13; LC 190/2022; Senate Resolutions 22/1989 and 13/2012; LC 116/2003
Art. 3, 8; STF ADI 1945 and 5659; LCP 214/2025 Art. 11, 343 to 348. ICMS and ISS are part of their own base: their percentage is
taken of the price with the tax in it, so that the base is a share above one of the price without it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from engine.packs.model import Confidence
from engine.tax import rates
from engine.tax.asked import Asked
from engine.tax.law import Setting
from engine.tax.model import Component, Customer, Ruling, Treatment
from engine.tax.remote import REGIME, at_home, exported, imported, kindless, liability, settle, unasked
from engine.tax.turnover import decimal_of
from engine.tax.world import PERFORMED, ZERO, Act, Case, inside, nowhere, part_of, truth

INTERNAL: Final = Act("Lei Complementar 87/1996", "Art. 2, 11, 13", Confidence.R)
BETWEEN: Final = Act(
    "Constitution of Brazil; Senate Resolutions 22/1989 and 13/2012", "Art. 155 § 2 IV, VII", Confidence.R
)
DIFAL: Final = Act("EC 87/2015; LC 190/2022", "Art. 155 § 2 VII, VIII of the Constitution", Confidence.R)
INSIDE: Final = Act("Lei Complementar 87/1996", "Art. 13 § 1 I: the tax is part of its own base", Confidence.R)
ISS: Final = Act("Lei Complementar 116/2003", "Art. 3, 7, 8, 8-A", Confidence.R)
SOFTWARE: Final = Act("STF, ADI 1945 and ADI 5659", "software bears ISS, not ICMS", Confidence.R)
TEST: Final = Act("LCP 214/2025", "Art. 343 to 348", Confidence.B)
REVENUE: Final = Act("Laws 9.718/1998, 10.637/2002, 10.833/2003", "contributions on revenue", Confidence.R)
FOREIGN: Final = Act(
    "Law 10.865/2004; LC 116/2003", "Art. 1, 5; Art. 6 § 2 I: the recipient of the service", Confidence.R
)
IMPORT: Final = Act("LC 87/1996; Remessa Conforme", "Art. 2 § 1 I", Confidence.R)
EXPORT: Final = Act("Constitution of Brazil; LC 116/2003", "Art. 155 § 2 X a; Art. 2 I", Confidence.R)

INTERSTATE: Final = "icms_interstate_rate"
INTERSTATE_IMPORTED: Final = "icms_interstate_rate_imported"
INTERSTATE_SOUTH: Final = "icms_interstate_rate_south_southeast"
"""From the South and Southeast, but for Espírito Santo, to everywhere else and to Espírito Santo."""
ISS_LEAST: Final = "iss_rate_bound_minimum"
ISS_MOST: Final = "iss_rate_bound_maximum"
RICH: Final = frozenset({"BR-PR", "BR-SC", "BR-RS", "BR-SP", "BR-RJ", "BR-MG"})
"""South and Southeast without Espírito Santo."""
TELECOM: Final = "telecom"


class Brazil:
    """Taxes of the Union, the states and the municipalities."""

    def domestic(self, asked: Asked) -> Ruling:
        """Within Brazil."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = at_home(case, INTERNAL)
        if settled is not None:
            return settled
        if asked.line.kind is None:
            return kindless(case)
        if case.flag("cbs_full_start"):
            answer = "CBS has taken the place of PIS and COFINS; its rate has not been read."
            return case.undecided("law.unknown", answer, "law.cbs_rate", by=TEST)
        if case.law.rates("cbs"):
            case.say("obligation", "CBS and IBS are shown at their test rates on the invoice and not collected.", TEST)
        icms = asked.line.kind == "goods" or asked.line.category == TELECOM
        return _icms(case) if icms else _iss(case)

    def inbound(self, asked: Asked) -> Ruling:
        """From abroad: goods at the border; services by the recipient, until non-residents must register."""
        if asked.destination is None:
            return nowhere(asked, "Where the goods or the customer are is not stated.")
        case = Case.at(asked, asked.destination)
        settled = unasked(case)
        if settled is not None:
            return settled
        if asked.line.kind == "goods":
            own_import = asked.sale.buyer.facts.get("recipient_importer") is False
            return self.domestic(asked) if own_import else imported(case, IMPORT)
        regime = case.law.setting(REGIME)
        if regime is None or regime.value is None:
            case.say(
                "liability",
                "No duty of non-residents to register yet; the recipient owes what falls on the import.",
                FOREIGN,
            )
            return case.zero(Treatment.NO_OBLIGATION, "no_nonresident_regime")
        liable = liability(case, by=TEST)
        if liable.liable is False:
            return settle(case, liable)
        answer = "Non-residents register for CBS and IBS; their rates have not been read."
        return case.undecided("law.unknown", answer, "law.cbs_rate", *liable.missing, by=TEST)

    def outbound(self, asked: Asked) -> Ruling:
        """Exports bear none of these taxes."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        return exported(Case.at(asked, asked.origin), EXPORT, EXPORT)


# -- ICMS


def _icms(case: Case) -> Ruling:
    """One state's internal rate, or an inter-state rate of the first and the difference to the second."""
    origin = part_of(case.asked, "BR")
    if "-" not in case.place or origin is None:
        missing = "payee.region" if "-" in case.place else "lines.ship_to.region"
        return case.undecided(
            "place.state_unknown", "ICMS belongs to states: one of the two is not stated.", missing, by=INTERNAL
        )
    if origin == case.place:
        case.say("place", f"Within {case.place}: its internal rate.", INTERNAL)
        return _inside(case, case.charge("icms"))
    contributor = _contributor(case)
    if contributor is None:
        answer = "Whether the business pays ICMS itself decides who pays the difference between the states."
        return case.undecided("customer.unknown", answer, "payer.facts.icms_contributor", by=DIFAL)
    between = _interstate(case, origin, strict=contributor)
    if isinstance(between, Ruling):
        return between
    first = Component(
        "ICMS",
        origin,
        between.value,
        Decimal(1),
        f"{between.pack.jurisdiction}/{between.parameter.name}",
        between.confidence,
    )
    if contributor:
        case.say(
            "treatment",
            "The customer pays ICMS itself: only the inter-state rate; the difference is the customer's.",
            DIFAL,
        )
        return _inside(
            case, replace(case.zero(Treatment.STANDARD, "icms.interstate", scheme="standard"), components=(first,))
        )
    return _with_difference(case, first)


def _contributor(case: Case) -> bool | None:
    """Whether the customer pays ICMS itself: never a consumer."""
    stated = truth(case.asked.sale.buyer.facts, "icms_contributor")
    if stated is not None:
        return stated
    if case.own_word() is Customer.BUSINESS or case.number() is not None:
        return None
    case.say("customer", "A final consumer, who pays no ICMS itself.", DIFAL)
    return False


def _interstate(case: Case, origin: str, *, strict: bool) -> Setting | Ruling:
    """4, 7 or 12 percent: by where the goods were made and between which states."""
    made = case.line.origin_country
    if made is None and strict:
        answer = "Imported goods bear another inter-state rate: their origin is not stated."
        return case.undecided("origin.unknown", answer, "lines.origin.country", by=BETWEEN)
    name = INTERSTATE_SOUTH if origin in RICH and case.place not in RICH else INTERSTATE
    name = INTERSTATE_IMPORTED if made not in (None, "BR") else name
    found = case.law.setting(name)
    if found is None or not isinstance(found.value, Decimal):
        return case.undecided("law.unknown", "The inter-state rate has not been read.", f"law.{name}", by=BETWEEN)
    said = " (taken as made in Brazil: another origin shifts the split, not the total)" if made is None else ""
    case.say("rate", f"From {origin} to {case.place}: inter-state rate {found.value:f} %{said}.", found)
    return found


def _with_difference(case: Case, first: Component) -> Ruling:
    """A consumer bears the whole internal rate of its own state; the seller pays the difference there."""
    picked = rates.pick(case.law, case.line, "icms")
    if picked.treatment is Treatment.UNDECIDED or len(picked.components) != 1:
        return case.charge("icms")
    whole = picked.components[0]
    difference = max(whole.percent - first.percent, ZERO)
    case.say("treatment", f"The seller owes the difference of {difference:f} % to {case.place}.", DIFAL)
    second = replace(whole, name="DIFAL", jurisdiction=case.place, percent=difference)
    base = replace(case.zero(picked.treatment, picked.reason, scheme="standard"), components=(first, second))
    return _inside(case, replace(base, steps=(*base.steps, *picked.steps)))


# -- ISS


def _iss(case: Case) -> Ruling:
    """The municipality's rate, which only its law tells: the caller states it, the federal law bounds it."""
    said = "Software, licensed or as a service" if case.line.kind == "digital" else "A service"
    where = "where it is performed" if case.line.kind in PERFORMED else "where the provider is established"
    case.say("place", f"{said}: ISS of the municipality {where}.", SOFTWARE if case.line.kind == "digital" else ISS)
    percent, least, most = (
        decimal_of(case.line.facts.get("iss_rate")),
        case.law.setting(ISS_LEAST),
        case.law.setting(ISS_MOST),
    )
    bounds = [bound.value for bound in (least, most) if bound is not None and isinstance(bound.value, Decimal)]
    if percent is None or len(bounds) < 2 or not bounds[0] <= percent <= bounds[1]:
        limits = f" between {bounds[0]:f} and {bounds[1]:f} %" if len(bounds) == 2 else ""
        answer = f"ISS is set by the municipality{limits}: state it in percent as `iss_rate` among the line's facts."
        missing = "lines.facts.iss_rate" if len(bounds) == 2 else f"law.{ISS_LEAST}"
        return case.undecided("local_rate.unknown", answer, missing, by=least or ISS)
    case.say("rate", f"ISS of {percent:f} % as the caller states it for the municipality.", most)
    part = Component("ISS", case.place, percent, Decimal(1), f"{case.place}/iss.stated", Confidence.C)
    return _inside(case, replace(case.zero(Treatment.STANDARD, "rate.standard", scheme="standard"), components=(part,)))


# -- what all share


def _inside(case: Case, ruling: Ruling) -> Ruling:
    """With the contributions the seller states, and every tax on the price that contains them all."""
    if ruling.treatment is Treatment.UNDECIDED:
        return ruling
    added = _contributions(case)
    if isinstance(added, Ruling):
        return added
    case.steps = [*ruling.steps, *(step for step in case.steps if step not in ruling.steps)]
    case.say("base", "Each is taken of the price with all of them in it.", INSIDE)
    return replace(ruling, components=inside((*ruling.components, *added)), steps=tuple(case.steps))


def _contributions(case: Case) -> tuple[Component, ...] | Ruling:
    """PIS and COFINS by the seller's own regime; not stated, they stay a cost within the price."""
    stated = case.asked.sale.seller.facts.get("pis_cofins")
    if stated is None:
        case.say(
            "obligation",
            "PIS and COFINS fall on the seller's revenue and are not shown as part of the tax here.",
            REVENUE,
        )
        return ()
    parts: list[Component] = []
    for name in ("pis", "cofins"):
        parameter = f"{name}_rate_{stated}"
        found = case.law.setting(parameter)
        if found is None or not isinstance(found.value, Decimal):
            answer = f"The regime {stated!r} of the seller's {name.upper()} is not known: cumulative or non_cumulative."
            return case.undecided("law.unknown", answer, "payee.facts.pis_cofins", by=REVENUE)
        case.say("rate", f"{name.upper()} of {found.value:f} % ({str(stated).replace('_', '-')}).", found)
        parts.append(Component(name.upper(), "BR", found.value, Decimal(1), f"BR/{parameter}", found.confidence))
    return tuple(parts)


BRAZIL: Final = Brazil()
