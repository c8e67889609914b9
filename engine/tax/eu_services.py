"""Services before the Union's law: who taxes them and who owes the tax, once `eu_places` has said where they are supplied."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol

from engine.money import exact_number
from engine.postings import Flow
from engine.tax.eu_case import (
    NON_UNION_SCHEME,
    STANDARD,
    UNION_SCHEME,
    Case,
    alike,
    by_capacity,
    capacity,
    for_business_abroad,
    taxed,
)
from engine.tax.eu_goods import PACKAGE
from engine.tax.eu_law import OUTSIDE, by, by_regulation
from engine.tax.eu_places import Sort, Where, address_of, is_digital, place_for, seller_place, used_elsewhere
from engine.tax.eu_threshold import look
from engine.tax.law import Setting
from engine.tax.model import Customer, Ruling, Step, Treatment
from engine.tax.territories import UNION, Placed
from engine.tax.threshold_tests import Test, windows

ONE_ITEM: Final = "evidence_single_item_threshold"
_REASONS: Final = {Sort.BUSINESS: "service.business", Sort.DIGITAL: "digital"}


def service(case: Case) -> Ruling:
    """A service of any kind."""
    digital = is_digital(case)
    if digital is None:
        return either_kind(case, _of_kind)
    return _of_kind(case, digital=digital)


class ByKind(Protocol):
    """The answer for a service that is electronically supplied, or is not."""

    def __call__(self, case: Case, *, digital: bool) -> Ruling: ...


def either_kind(case: Case, rule: ByKind) -> Ruling:
    """Live or recorded is not stated: it only matters where the two are taxed otherwise."""
    line = replace(case.line, facts={**case.line.facts, "live": True})
    recorded = rule(case, digital=True)
    live = rule(replace(case, asked=replace(case.asked, line=line)), digital=False)
    if alike(recorded, live):
        return recorded
    words = f"{case.line.category}: recorded it is electronically supplied, live it is not; which is not stated."
    return case.say(by_regulation("kind", "7", words)).undecided(None, "kind.unknown", "lines.facts.live")


def _of_kind(case: Case, *, digital: bool) -> Ruling:
    platform = _supplier(case, digital=digital)
    if isinstance(platform, Ruling):
        return platform
    case = case.say(platform)
    buyer = case.placed(case.asked.sale.buyer.address)
    found = capacity(case, buyer.place, digital=digital, service=True)
    return by_capacity(case, found, lambda one, who: _settle(one, who, place_for(one, who, digital=digital)))


def _supplier(case: Case, *, digital: bool) -> Step | Ruling | None:
    """Whether the payee supplies a digital service: a platform is presumed to, unless the seller is named and the platform
    neither authorises the charge or the delivery nor sets the terms (Art. 9a of the Regulation)."""
    named, marketplace = case.fact("named_supplier"), case.line.marketplace is True
    if not digital or not (marketplace or named == "platform"):
        return None
    if not marketplace:
        words = "Sold through a platform that is the supplier for tax: it owes the tax."
        return case.say(by_regulation("supplier", "9a(1)", words)).ruling(
            Treatment.NO_OBLIGATION, None, "platform_liable"
        )
    if named != "seller" or case.fact("platform_decides") is True:
        return by_regulation("supplier", "9a(1)", "The platform is presumed to supply the service in its own name.")
    words = "The seller is named as supplier in contract, invoice and receipt. Whether the platform authorises the charge or the"
    words += " delivery, or sets the terms, decides whether it can name another"
    if case.fact("platform_decides") is None:
        step = by_regulation("supplier", "9a(1)", f"{words}, and is not stated.")
        return case.say(step).undecided(None, "platform.unknown", "lines.facts.platform_decides")
    step = by_regulation("supplier", "9a(1)", f"{words}; it does not: the seller owes the tax.")
    return case.say(step).ruling(Treatment.NO_OBLIGATION, None, "seller_liable")


def _settle(case: Case, who: Customer, found: Where) -> Ruling:
    """Who owes what at the place of supply."""
    if found.sort in (Sort.DIGITAL, Sort.STREAMED):
        return _by_evidence(case.say(*found.steps), found.sort)
    moved = used_elsewhere(case, found)
    case = case.say(*moved.steps)
    if moved.place is None:
        return case.undecided(None, "place.unknown", *moved.missing)
    if moved.place.vat_area != UNION:
        return _outside(case, moved.place, moved.sort)
    return _inside(case, who, moved, moved.place)


def _outside(case: Case, at: Placed, sort: Sort) -> Ruling:
    words = f"Supplied in {at.place}, outside the tax area of the Union: not subject to its tax, and no reverse charge either."
    reason = _REASONS.get(sort, "service")
    return case.say(Step("treatment", words)).ruling(
        Treatment.OUT_OF_SCOPE, at, f"{reason}.outside_the_union", note=OUTSIDE
    )


def _inside(case: Case, who: Customer, found: Where, at: Placed) -> Ruling:
    if found.sort is Sort.BUSINESS:
        return _to_business(case, at)
    if at.state in case.established:
        return taxed(case, at, "")
    if found.sort is Sort.THERE and who is Customer.BUSINESS:
        return for_business_abroad(case, at, "service.local")
    return _consumer_abroad(case, at, "service")


def _consumer_abroad(case: Case, at: Placed, what: str) -> Ruling:
    """To a consumer in a State where the seller is not established: both schemes for services cover it."""
    if case.union(PACKAGE) is None:
        step = by("liability", "358a to 369k", "The schemes before 2021-07-01 are not built here.")
        return case.say(step).undecided(at, "law.not_read", f"law.{UNION}.{PACKAGE}")
    if case.seat.place is None:
        step = by("liability", "359, 369b", "Which scheme covers it turns on where the seller is, which is not stated.")
        return case.say(step).undecided(at, "seller.unknown", "payee.country")
    return taxed(case, at, what, UNION_SCHEME if case.established else NON_UNION_SCHEME)


def _to_business(case: Case, at: Placed) -> Ruling:
    """Art. 44 and 196: the customer owes the tax, unless the seller is established in its State and takes part from there."""
    assert at.state is not None
    if case.seat.place is None:
        step = by("liability", "196", "Where the seller is established decides whether the customer owes the tax.")
        return case.say(step).undecided(at, "seller.unknown", "payee.country")
    if at.state == case.seat.state:
        words = f"Seller and customer are both in {at.state}: its own tax, no reverse charge."
        return taxed(case.say(by("liability", "44, 196", words)), at, "")
    if at.state in case.established:
        taking_part = case.fact("supplying_establishment")
        if taking_part is None:
            words = f"The seller has a fixed establishment in {at.state}; whether it takes part in this supply is not stated."
            step = by("liability", "192a", words)
            return case.say(step).undecided(at, "establishment.unknown", "lines.facts.supplying_establishment")
        if seller_place(case).state == at.state:
            words = (
                f"The seller's establishment in {at.state} takes part with its people or equipment: established there."
            )
            steps = by("liability", "192a", words), by_regulation("liability", "53", words)
            return taxed(case.say(*steps), at, "")
        words = f"The seller's establishment in {at.state} takes no part: bookkeeping and invoicing do not count."
        case = case.say(by("liability", "192a", words), by_regulation("liability", "53(2)", words))
    words = f"The seller is not established in {at.state}: the customer owes the tax."
    listed = "The invoice shows both numbers, no tax, and the words; a line in the recapitulative statement."
    steps = by("liability", "196", words), by("invoice", "226(11a), 262(1)(c)", listed)
    return case.say(*steps).reverse_charge(at, "reverse_charge.art_196")


# -- digital services to consumers -------------------------------------------------------------------------------------


def _by_evidence(case: Case, sort: Sort) -> Ruling:
    """Art. 58 and 54: where the consumer lives, as the evidence shows it (Art. 24b and 24f of the Regulation, which since 2025
    speak of streamed events too)."""
    from engine.tax.evidence import located

    provision = "58" if sort is Sort.DIGITAL else "54(1), second subparagraph"
    found = located(case.asked, simplified=sort is Sort.DIGITAL and _one_item(case))
    case = replace(case.say(*found.steps), evidence=found.items)
    if found.country is None:
        words = "Supplied where the consumer lives; the evidence does not show where."
        return case.say(by("place", provision, words)).undecided(None, "customer.place_unknown", *found.missing)
    at = case.placed(address_of(found.country, found.region, case.asked.sale.buyer.address))
    step = by("place", provision, f"To a consumer: supplied where it lives, {at.place}.")
    moved = used_elsewhere(case, Where(sort, (step, at.step), at))
    case = case.say(*moved.steps)
    if moved.place is None:
        return case.undecided(None, "place.unknown", *moved.missing)
    if moved.place.vat_area != UNION:
        return _outside(case, moved.place, sort)
    if moved.place.state in case.established:
        return taxed(case, moved.place, "")
    return (
        _digital_abroad(case, moved.place) if sort is Sort.DIGITAL else _consumer_abroad(case, moved.place, "service")
    )


def _digital_abroad(case: Case, at: Placed) -> Ruling:
    """In another Member State: the threshold of Art. 59c, then the schemes."""
    if case.union(PACKAGE) is None:
        return _consumer_abroad(case, at, "digital")
    below = look(case)
    case = case.say(*below.steps)
    if below.below is None:
        return case.undecided(None, "threshold.unknown", *below.missing)
    if below.below:
        words = f"Below the threshold: supplied where the seller is, {case.seat.place}."
        return taxed(case.say(by("place", "59c, 45", words)), case.seat, "below_threshold", STANDARD)
    return _consumer_abroad(case, at, "digital")


def _one_item(case: Case) -> bool:
    """Whether one item of evidence from somebody else is enough: for sellers in a Member State whose such sales, of this year
    with this sale and of last year, do not exceed the limit. Unknown totals want two items."""
    limit = case.union(ONE_ITEM)
    if not case.established or limit is None or not isinstance(limit.value, Decimal):
        return False
    if case.asked.sale.currency != (limit.unit or "EUR"):
        return False
    now, before = _digital_totals(case, limit)
    if now is None or before is None or before > limit.value:
        return False
    # Amounts are looked at last: of most sellers nothing turns on them, and their sales are alike (engine.tax.remembered).
    this_sale = sum((line.amount for line in case.asked.sale.lines if line.kind == "digital"), Decimal(0))
    return now + this_sale <= limit.value


def _digital(flow: Flow) -> bool:
    return flow.kind in ("digital", None)


def _digital_totals(case: Case, limit: Setting) -> tuple[Decimal | None, Decimal | None]:
    """The year's and last year's digital sales: as stated, and as the ledger behind the seller knows. Sales of which nobody said
    what they are count."""
    names = ("eu_digital_total", "eu_digital_total_previous_year")
    stated = [exact_number(case.seller.facts.get(name)) for name in names]
    recorder, seat = case.asked.recorded, case.seat.place
    if recorder is None or seat is None:
        return stated[0], stated[1]
    day = case.asked.sold_on(seat)
    window = "current_or_previous_calendar_year"
    test = Test(UNION, ONE_ITEM, limit, None, False, False, window, _digital, everywhere=True)
    found = [
        recorder.amount(name, test, looked, day, told)
        for name, looked, told in zip(names, windows(window, day), stated, strict=True)
    ]
    return found[0], found[1]
