"""Goods that enter or leave the Union: consignments up to EUR 150 and the import scheme, the platform of Art. 14a(1), exports."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from engine.tax.eu_case import Case, by_capacity, capacity, charged, for_business_abroad, taxed
from engine.tax.eu_goods import buyer_of_goods, inside, installed
from engine.tax.eu_law import EXPORT, OUTSIDE, by
from engine.tax.exchange import Lacking, for_limit
from engine.tax.law import Setting
from engine.tax.model import Customer, Ruling, SaleLine, Treatment
from engine.tax.territories import UNION, Placed

LIMIT: Final = "low_value_import_threshold"
DUTY: Final = "customs_duty_low_value_flat"
_EXCISE: Final = frozenset({"alcohol", "tobacco", "fuel"})
"""Categories that bear excise duty in every State; others do where the line says `excise`."""


def entering(case: Case, start: Placed, end: Placed) -> Ruling:
    """Goods from a third country or territory into the Union."""
    if case.fact("installed_by_seller") is True:
        return installed(case, end)
    case = case.say(start.step, end.step)
    importer = case.asked.sale.buyer.facts.get("recipient_importer")
    if importer is False:
        return _by_seller(case, end)
    found = buyer_of_goods(case, end.place)
    return by_capacity(case, found, lambda one, who: _entering(one, who, start, end))


def leaving(case: Case, start: Placed, end: Placed) -> Ruling:
    """Goods out of the Union."""
    if case.fact("installed_by_seller") is True:
        step = by("place", "36", f"Installed by the seller in {end.place}, outside the Union: supplied there.")
        return case.say(step, end.step).ruling(Treatment.OUT_OF_SCOPE, end, "installed_abroad", note=OUTSIDE)
    words = f"From {start.place} to {_there(end)}, outside the tax area of the Union: exempt with deduction."
    proof = by(
        "liability", "146(1)(a), (b)", "Needs proof that the goods left: the export declaration, or what stands for it."
    )
    step = by("treatment", "146(1)(a), (b)", words)
    return case.say(start.step, end.step, step, proof).ruling(Treatment.ZERO, start, "export", note=EXPORT)


def _there(end: Placed) -> str:
    return end.territory.name if end.territory else str(end.place)


def _by_seller(case: Case, end: Placed) -> Ruling:
    """The seller imports: its supply and every later one is placed in the State of import."""
    assert end.place is not None
    release = str(case.fact("import_country") or end.state)
    importing = case.at_code(release)
    words = f"The seller is the importer of record in {release}: its supply is placed there."
    case = case.say(by("place", "32, second paragraph", words))
    found = capacity(case, end.place)

    def rule(one: Case, who: Customer) -> Ruling:
        if importing.state != end.state and who is not Customer.BUSINESS:
            return _elsewhere(one, importing, end)
        if who is Customer.BUSINESS:
            return for_business_abroad(one, importing, "import.seller")
        return taxed(one, end, "import.seller")

    return by_capacity(case, found, rule)


def _elsewhere(case: Case, importing: Placed, end: Placed) -> Ruling:
    """Imported in one State, delivered in another: the Union scheme does not cover it, only the import scheme would."""
    words = f"Imported in {importing.state}, delivered in {end.state}: taxed where the transport ends all the same."
    return taxed(case.say(by("place", "33(b)", words)), end, "import.other_state")


def _entering(case: Case, who: Customer, start: Placed, end: Placed) -> Ruling:
    if who is Customer.BUSINESS:
        return _at_border(
            case, end, "import.recipient", "30, 201", "A business imports: it owes the tax at the border."
        )
    limit = _limit(case, end)
    if limit is None:
        words = "No import scheme was in force: the tax is due at the border."
        return _at_border(case, end, "import.recipient", "30, 60, 201", words)
    value, why, missing = _value(case, end)
    if value is None:
        return _whatever_the_value(case, end) or case.say(by("place", "14(4)(2), 33(c)", why)).undecided(
            end, "consignment.unknown", *missing
        )
    assert isinstance(limit.value, Decimal)
    if value > limit.value:
        words = f"The consignment is worth {value:f} EUR, over {limit.value:f}: a customs import."
        case = case.say(limit.step("consignment", words))
        return _above(case, end)
    case = case.say(limit.step("consignment", f"The consignment is worth {value:f} EUR, not over {limit.value:f}."))
    bears = excise(case.line)
    if bears is None:
        words = "Whether the goods bear excise duty is not stated: they would be outside the import scheme."
        return case.say(by("place", "369l", words)).undecided(end, "excise.unknown", "lines.category")
    if bears:
        words = "Goods under excise duty are outside the import scheme: a customs import."
        return _at_border(case, end, "import.excise", "369l, 30, 201", words)
    return _low_value(case, start, end)


def _whatever_the_value(case: Case, end: Placed) -> Ruling | None:
    """A seller without the import scheme, and no platform between: up to the limit and above it the recipient pays at the border.
    None: the value decides."""
    through_platform = case.line.marketplace is True or case.fact("named_supplier") == "platform"
    release = case.fact("import_country")
    if through_platform or case.seller.registrations is None or case.registration("ioss") is not None:
        return None
    if release is not None and release != end.state:
        return None
    words = "Whatever the consignment is worth: the seller does not use the import scheme, and the tax is due at the border."
    return _at_border(case, end, "import.recipient", "30, 60, 201", words)


def _above(case: Case, end: Placed) -> Ruling:
    release = case.fact("import_country")
    if release is not None and release != end.state:
        return _elsewhere(case, case.at_code(str(release)), end)
    words = (
        "The recipient imports, unless the sale says otherwise: the tax is due at the border, the supply lies outside."
    )
    return _at_border(case, end, "import.above_threshold", "30, 60, 201", words)


def _at_border(case: Case, end: Placed, reason: str, provision: str, words: str) -> Ruling:
    return case.say(by("treatment", provision, words)).ruling(Treatment.IMPORT, end, reason)


def _limit(case: Case, end: Placed) -> Setting | None:
    """The Union's limit for the import scheme. Northern Ireland follows the Union's."""
    found = case.union(LIMIT, str(end.place))
    return found if found is not None and isinstance(found.value, Decimal) else None


def _value(case: Case, end: Placed) -> tuple[Decimal | None, str, tuple[str, ...]]:
    """The intrinsic value of the consignment in euro: of the parcel, without tax and separately shown transport and insurance."""
    stated, currency = case.line.consignment_value, case.asked.sale.currency
    parcel = case.asked.sale.facts.get("consignment")
    if stated is None and isinstance(parcel, dict) and parcel.get("value") is not None:
        stated, currency = Decimal(str(parcel["value"])), str(parcel.get("currency") or currency)
    if stated is None:
        return None, "The value of the consignment is not stated.", ("lines.consignment_value",)
    if currency == "EUR":
        return stated, "", ()
    # The seller tests the limit when it takes the payment, at the rate of Art. 91(2); customs tests it again at the border, at
    # its own (Commission, Explanatory Notes on VAT e-commerce rules, 2020).
    place = str(end.place)
    wanted = for_limit(case.union("invoice_exchange_rate", place), place, case.day(place))
    if isinstance(wanted, Lacking):
        return None, wanted.message, (wanted.missing,)
    euro = case.asked.exchange(stated, currency, "EUR", wanted)
    words = f"There is no exchange rate of {currency} for that day: {wanted.source}, {wanted.day}."
    return euro, words, (wanted.missing(currency, "EUR"),)


def excise(line: SaleLine) -> bool | None:
    """Whether the goods bear excise duty: as stated, or by their category; None: neither is stated."""
    stated = line.facts.get("excise")
    if isinstance(stated, bool):
        return stated
    return None if line.category is None else line.category in _EXCISE


# -- the import scheme -------------------------------------------------------------------------------------------------


def _low_value(case: Case, start: Placed, end: Placed) -> Ruling:
    """Up to the limit, to a consumer."""
    line = case.line
    if line.marketplace is not True and case.fact("named_supplier") == "platform":
        words = "Sold through a platform: of imports up to the limit it is deemed the supplier, whoever sells."
        step = by("supplier", "14a(1), 36b", words)
        return case.say(step).ruling(Treatment.NO_OBLIGATION, end, "platform_liable")
    if line.marketplace is True:
        words = "The platform is deemed to have bought and sold the goods; the transport is its own."
        case = case.say(by("supplier", "14a(1), 36b", words))
    if case.seller.registrations is None:
        words = "Whether the seller uses the import scheme is not stated."
        step = by("liability", "369l, 369m", words)
        return case.say(step).undecided(end, "registrations.unknown", "payee.registrations")
    scheme = case.registration("ioss")
    if scheme is None:
        return _without_scheme(case, end)
    if scheme.number is None:
        words = (
            "Customs exempts the import only against the number of the import scheme, and the registration states none."
        )
        step = by("liability", "143(1)(ca)", words)
        return case.say(step).undecided(end, "ioss.number_unknown", "payee.registrations.number")
    return _with_scheme(case, start, end)


def _without_scheme(case: Case, end: Placed) -> Ruling:
    release = case.fact("import_country")
    if release is not None and release != end.state:
        return _elsewhere(case, case.at_code(str(release)), end)
    words = "No import scheme: the recipient owes the tax, collected by whoever presents the parcel to customs."
    return _at_border(case, end, "import.special_arrangements", "369y to 369zb", words)


def _with_scheme(case: Case, start: Placed, end: Placed) -> Ruling:
    words = f"A distance sale of imported goods, taxed at checkout where the transport ends, {end.place}."
    exempt = "The import itself is exempt once customs has the number of the import scheme."
    declared = "Declared under the import scheme, by the month."
    case = case.say(
        by("place", "14(4)(2), 33(c)", words),
        by("treatment", "143(1)(ca)", exempt),
        by("liability", "369l to 369x", declared),
    )
    duty = case.union(DUTY, str(end.place))
    if duty is None or not isinstance(duty.value, Decimal) or start.customs_area == UNION:
        return charged(case, end, "ioss.import", "ioss", treatment=Treatment.IOSS)
    if case.fact("duty_in_price") is True:
        step = by(
            "base", "86(1)(a), 78", "The price holds the customs duty on small consignments, and so the base does."
        )
        return charged(case.say(step), end, "ioss.import", "ioss", treatment=Treatment.IOSS)
    headings = _headings(case)
    if headings is None:
        step = duty.step(
            "base", "The customs duty on small consignments enters the base; how many tariff headings is not stated."
        )
        return case.say(step).undecided(end, "headings.unknown", "lines.facts.tariff_headings")
    amount, unit = duty.value * headings, duty.unit or "EUR"
    words = f"Customs duty on small consignments: {headings} of the parcel's headings at {duty.value:f} {unit} on this line."
    case = case.say(duty.step("base", words), by("base", "86(1)(a), 78", "The duty is part of the base of the tax."))
    duties = (("customs_duty", amount, unit),) if amount else ()
    return charged(case, end, "ioss.import", "ioss", treatment=Treatment.IOSS, duties=duties)


def _headings(case: Case) -> int | None:
    """How many of the parcel's tariff headings fall on this line: whole headings, one after the other over the parcel's lines,
    so that they add up to the parcel's."""
    stated = case.fact("tariff_headings")
    if isinstance(stated, bool) or not isinstance(stated, int | str) or not str(stated).isdecimal():
        return None
    total = int(stated)
    parcel = [line for line in case.asked.sale.lines if line.kind == "goods" and line.ship_to == case.line.ship_to]
    at = next((index for index, line in enumerate(parcel) if line.id == case.line.id), 0)
    share, rest = divmod(total, max(len(parcel), 1))
    return share + (1 if at < rest else 0)


def refused(case: Case, end: Placed) -> Ruling:
    """Goods whose both ends lie outside the Union."""
    step = by("place", "31, 32", "The goods neither start nor end in the Union.")
    return replace(case.say(step), customer=None).ruling(Treatment.OUT_OF_SCOPE, end, "outside_the_union")


def crosses(start: Placed, end: Placed) -> str:
    """Which way goods go over the border of the Union: `within`, `entering`, `leaving`, `outside`."""
    return {(True, True): "within", (False, True): "entering", (True, False): "leaving", (False, False): "outside"}[
        inside(start), inside(end)
    ]
