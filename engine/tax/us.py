"""United States: no federal tax. A seller collects a state's sales tax where it has nexus, by presence or by its sales there;
what is taxable, and how much the localities add, differs from state to state.

*South Dakota v. Wayfair*, 585 U.S. (2018); Streamlined Sales and Use Tax Agreement s 310 (sourcing), s 317 (certificates).
Parameters per state: economic_nexus_amount, economic_nexus_transactions (null: no such test), economic_nexus_test,
economic_nexus_transactions_above (more than the count, not the count itself), economic_nexus_starts, marketplace_facilitator_law,
intrastate_sourcing, saas_taxable, digital_goods_taxable (also with the suffix _business or _consumer), average_local_rate.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.packs.model import Confidence
from engine.tax.asked import Asked
from engine.tax.model import Component, Customer, Ruling, Treatment
from engine.tax.remote import kindless, platform, settle, taxless, unread
from engine.tax.sale import places_fact
from engine.tax.turnover import decimal_of
from engine.tax.world import HUNDRED, ZERO, Act, Case, Liable, above, nowhere

WAYFAIR: Final = Act(
    "South Dakota v. Wayfair, 585 U.S. (2018)", "substantial nexus by sales, without presence", Confidence.R
)
SOURCING: Final = Act("Streamlined Sales and Use Tax Agreement", "s. 310", Confidence.R)
CERTIFICATES: Final = Act("Streamlined Sales and Use Tax Agreement", "s. 317", Confidence.R)
HOME_RULE: Final = Act("State and local sales tax law", "local rates by street address", Confidence.C)
ABROAD: Final = Act("Constitution of the United States", "art. I, s. 10, cl. 2 (exports)", Confidence.R)
LOCAL_RATE: Final = "lines.facts.local_rate"
"""What is missing where localities add a tax: the percentage for the street address, as the caller states it."""
DOWNLOADS: Final = ("digital", "ebooks", "audiobooks", "enewspapers", "music", "video", "games")
"""What the states' `digital_goods_taxable` speaks of; streaming is not among it."""


class UnitedStates:
    """Sales and use tax of the states."""

    def domestic(self, asked: Asked) -> Ruling:
        """Between two places of the United States, or within one state."""
        return _sale(asked)

    def inbound(self, asked: Asked) -> Ruling:
        """A seller from abroad: the same nexus decides."""
        return _sale(asked)

    def outbound(self, asked: Asked) -> Ruling:
        """To a customer abroad: no state taxes it."""
        if asked.origin is None:
            return nowhere(asked, "Where the seller supplies from is not stated.")
        case = Case.at(asked, asked.origin)
        case.say("place", "Sold to a destination abroad: no state taxes it.", ABROAD)
        return case.zero(Treatment.OUT_OF_SCOPE, "customer_abroad")


def _sale(asked: Asked) -> Ruling:
    if asked.destination is None:
        return nowhere(asked, "Where the customer receives it is not stated.")
    case = Case.at(asked, asked.destination)
    if "-" not in asked.destination:
        missing = "lines.ship_to.region" if asked.line.kind == "goods" else "payer.region"
        return case.undecided("place.state_unknown", "There is no federal tax: the state decides.", missing)
    if case.law.setting("has_consumption_tax", within=case.place) is None:
        answer = f"Whether {case.place} levies a sales tax, and at what rate, has not been read."
        return case.undecided("law.unknown", answer, "law.has_consumption_tax")
    free = taxless(case)
    if free is not None and case.law.setting("economic_nexus_amount") is None:
        return free
    _sourced(case)
    settled = platform(case, "marketplace_facilitator_law")
    if settled is not None:
        return settled
    liable = nexus(case)
    if liable.liable is False:
        return settle(case, liable)
    if free is not None:
        return settle(case, liable) if liable.liable is None else _local_only(case)
    settled = _untaxed(case, liable)
    if settled is not None:
        return settled
    return _with_local(case, case.charge("sales_tax", category=_category(case)))


def _sourced(case: Case) -> None:
    """Which address is the place: the buyer's, or within some states the seller's."""
    within = case.asked.origin == case.place
    rule = case.law.setting("intrastate_sourcing" if within else "remote_seller_sourcing")
    if within and rule is not None and rule.value in ("origin", "mixed"):
        said = (
            "local tax follows the seller's address"
            if rule.value == "origin"
            else "city and county part follow the seller"
        )
        case.say("place", f"Sold within {case.place}, sourced by {rule.value}: {said}.", rule)
        return
    said = (
        f"{case.place}, where the customer receives it"
        if rule is None or rule.value == "destination"
        else str(rule.value)
    )
    case.say("place", f"Sourced by destination: {said}.", rule or SOURCING)


def nexus(case: Case) -> Liable:
    """Whether the seller must collect for the state: registered, present, or past the state's economic threshold."""
    if case.registered(case.place):
        case.say("liability", f"The seller is registered in {case.place} and collects.", WAYFAIR)
        return Liable(True, "registered")
    if case.place in _presence(case):
        case.say("liability", f"The seller has a physical presence in {case.place}: nexus.", WAYFAIR)
        return Liable(True, "physical_nexus")
    return _economic(case)


def _presence(case: Case) -> set[str]:
    """States where the seller is: its seat, its establishments, what it names, and where these goods are kept."""
    seller, line = case.asked.sale.seller, case.line
    named = (place for name in ("nexus", "established_in") for place in places_fact(seller.facts, name))
    stated = (*named, *seller.establishments)
    stock = line.ship_from.region if line.kind == "goods" else None
    return {str(place) for place in (*stated, seller.address.region, stock) if place}


def _economic(case: Case) -> Liable:
    """The state's tests of sales so far: the amount, the count, either or both."""
    registered = case.registered(case.place)
    unsaid = ("payee.registrations",) if registered is None else ()
    amount = case.law.setting("economic_nexus_amount")
    if amount is None or unread(amount) or amount.value is None:
        case.say("liability", f"The economic threshold of {case.place} has not been read.", WAYFAIR)
        return Liable(None, "law.unknown", ("law.economic_nexus_amount", *unsaid))
    hit, words = _tests(case, this=False)
    if hit:
        case.say("liability", f"Economic nexus in {case.place}: the sales so far pass {words}.", amount)
        return Liable(True, "economic_nexus")
    if hit is None:
        case.say("liability", f"How near {words} the seller's sales to {case.place} are is not stated.", amount)
        return Liable(None, "turnover.unknown", ("payee.facts.turnover", *case.lacking(), *unsaid))
    if registered is None:
        case.say("liability", f"Sales so far do not pass {words}; whether the seller registered is not stated.", amount)
        return Liable(None, "registration.unknown", unsaid)
    if _tests(case, this=True)[0]:
        starts = case.word("economic_nexus_starts")
        if starts == "crossing_sale":
            case.say("liability", f"This sale passes {words} and is taxed itself.", amount)
            return Liable(True, "economic_nexus")
        answer = f"This sale passes {words}: register; collecting starts with the next sale, in some states some weeks later."
        case.say("obligation", answer, WAYFAIR)
    case.say(
        "liability", f"Sales to {case.place} before this one do not pass {words}, no presence, not registered.", amount
    )
    return Liable(False, "below_threshold")


def _tests(case: Case, *, this: bool) -> tuple[bool | None, str]:
    """Whether the state's tests are met by the sales before (`this`: with this sale), and the tests in words."""
    amount, count = case.law.setting("economic_nexus_amount"), case.law.setting("economic_nexus_transactions")
    assert amount is not None  # INVARIANT: `_economic` has looked
    unit, sold = amount.unit or "USD", case.sold("economic_nexus_amount")
    periods = [period for period in (sold, sold.previous if sold else None) if period]
    totals = [case.converted(period.money, unit) if period.money else None for period in periods]
    counts = [period.count for period in periods]
    if this and periods:
        extra = case.this_sale(unit)
        totals[0] = None if totals[0] is None or extra is None else totals[0] + extra
        counts[0] = None if counts[0] is None else counts[0] + 1
    by_amount = _any([None if t is None else above(t, amount.value, reached=False) for t in totals])
    words = f"{amount.value:f} {unit}"
    if count is None or (count.value is None and not unread(count)):
        return by_amount, words
    reached = not case.flag("economic_nexus_transactions_above")
    by_count = (
        None
        if count.value is None
        else _any([None if n is None else above(n, count.value, reached=reached) for n in counts])
    )
    both = case.word("economic_nexus_test") == "and"
    words += f" {'and' if both else 'or'} {count.value} transactions"
    if both:
        met = False if False in (by_amount, by_count) else None if None in (by_amount, by_count) else True
    else:
        met = _any([by_amount, by_count])
    return met, words


def _any(answers: list[bool | None]) -> bool | None:
    """True where one is; unknown where none was asked or one is unknown."""
    return True if True in answers else None if None in answers or not answers else False


def _untaxed(case: Case, liable: Liable) -> Ruling | None:
    """Why a seller who may have to collect charges nothing, or cannot tell: an exemption holds whether there is nexus or not.
    None: it charges."""
    certificate = _certificate(case)
    if certificate is not None and certificate.treatment is Treatment.EXEMPT:
        return certificate
    untaxed = _not_taxable(case)
    if untaxed is not None and untaxed.treatment is Treatment.EXEMPT:
        return untaxed
    if liable.liable is None:
        return settle(case, liable)
    return certificate or untaxed


def _certificate(case: Case) -> Ruling | None:
    """A resale or exemption certificate of this state, in force. None: none that counts, so that a business pays like anybody."""
    stated = case.asked.sale.buyer.facts.get("certificate")
    if stated is None:
        if case.own_word() is Customer.BUSINESS:
            case.say(
                "customer", "A business without a certificate pays the tax; there is no reverse charge.", CERTIFICATES
            )
        return None
    where, kind = _of(stated, "jurisdiction"), _of(stated, "kind")
    until = _day(_of(stated, "valid_until"))
    if where is None or kind not in ("resale", "exemption"):
        missing = "payer.facts.certificate.jurisdiction" if where is None else "payer.facts.certificate.kind"
        return case.undecided(
            "certificate.unclear", "A certificate without its state or its kind.", missing, by=CERTIFICATES
        )
    if until == "unreadable":
        answer = "The certificate's last day cannot be read."
        return case.undecided("certificate.unclear", answer, "payer.facts.certificate.valid_until", by=CERTIFICATES)
    if where != case.place:
        case.say(
            "customer", f"The certificate is for {where}, not for {case.place}: it does not count here.", CERTIFICATES
        )
        return None
    if isinstance(until, date) and until < case.law.day:
        case.say("customer", f"The {kind} certificate ended on {until}: it does not count any more.", CERTIFICATES)
        return None
    ends = f"valid until {until}" if isinstance(until, date) else "which names no last day"
    case.say(
        "treatment", f"The customer gave a certificate of {where} ({kind}), {ends}: keep it on file.", CERTIFICATES
    )
    exempt = case.zero(Treatment.EXEMPT, f"certificate.{kind}", note=f"Exempt: {kind} certificate")
    return replace(exempt, customer=Customer.BUSINESS)


def _of(stated: Any, name: str) -> Any:
    return stated.get(name) if hasattr(stated, "get") else None


def _day(stated: Any) -> date | str | None:
    if stated is None or isinstance(stated, date):
        return stated
    try:
        return date.fromisoformat(str(stated))
    except ValueError:
        return "unreadable"


def _not_taxable(case: Case) -> Ruling | None:
    """Exempt where the state does not tax such a thing, undecided where that was not read. None: taxable."""
    kind, category = case.line.kind, case.line.category
    if kind == "goods":
        return None
    if kind is None:
        return kindless(case)
    named = category not in (None, "standard")
    own = [rate for rate in case.law.rates("sales_tax") if named and rate.row.category == category]
    if named and case.law.setting(f"{category}_taxable"):
        return _by_parameter(case, f"{category}_taxable")
    if kind == "digital" and category in DOWNLOADS:
        return _by_parameter(case, "digital_goods_taxable")
    if kind == "digital" and not named:
        words = {case.word("saas_taxable"), case.word("digital_goods_taxable")}
        if len(words) == 1 and None not in words:
            return _by_parameter(case, "saas_taxable")
        answer = f"{case.place} taxes software as a service and downloads differently: which this is, is not stated."
        return case.undecided("category.unknown", answer, "lines.category")
    if own:
        return None
    name = category if named else "services"
    answer = f"States tax only listed services; whether {case.place} taxes this one has not been read."
    return case.undecided("law.unknown", answer, f"law.{name}_taxable")


def _by_parameter(case: Case, name: str) -> Ruling | None:
    """By the state's own word on such a thing, for this customer where the state tells customers apart."""
    split = {who: case.law.setting(f"{name}_{who}") for who in ("business", "consumer")}
    found = case.law.setting(name)
    if any(split.values()) or _split(case):
        word = case.own_word()
        if word is Customer.UNKNOWN:
            answer = f"{case.place} tells businesses from consumers here; which the customer is, is not stated."
            return case.undecided("customer.unknown", answer, "payer.facts.business")
        found = split[word.value] or found
    if found is None or found.value not in ("taxable", "not_taxable"):
        answer = f"Whether {case.place} taxes this has not been read, or is not settled."
        return case.undecided("law.unknown", answer, f"law.{name}", by=found)
    if found.value == "taxable":
        case.say("treatment", f"{case.place} taxes it.", found)
        return None
    case.say("treatment", f"{case.place} does not tax it.", found)
    return case.zero(Treatment.EXEMPT, "not_taxable")


def _category(case: Case) -> str | None:
    """`saas_business` where a state has a rate of its own for a business's purchase (Connecticut), else the line's."""
    return f"{case.line.category}_business" if _split(case) and case.own_word() is Customer.BUSINESS else None


def _split(case: Case) -> bool:
    """Whether the state has a rate of its own for a business's purchase of this."""
    return any(rate.row.category == f"{case.line.category}_business" for rate in case.law.rates("sales_tax"))


def _with_local(case: Case, ruling: Ruling) -> Ruling:
    """The state's part completed with the localities', which only a street address tells."""
    if ruling.treatment in (Treatment.UNDECIDED, Treatment.EXEMPT):
        return ruling
    average = case.law.setting("average_local_rate")
    stated = case.line.facts.get("local_rate")
    if stated is None and average is not None and average.value == 0:
        step = average.step("local", f"No locality of {case.place} adds a tax.")
        return replace(ruling, steps=(*ruling.steps, step))
    local = decimal_of(stated)
    case.steps = list(ruling.steps)
    if local is None or not ZERO <= local <= HUNDRED:
        answer = (
            f"Localities of {case.place} add their own tax, which follows the street address, not the postcode: "
            "state it in percent as `local_rate` among the line's facts."
        )
        return case.undecided("local_rate.unknown", answer, LOCAL_RATE, by=average or HOME_RULE)
    case.say("local", f"Local tax of {local:f} % as the caller states it for the address.", HOME_RULE)
    share = ruling.components[0].share if ruling.components else Decimal(1)
    part = Component("local", case.place, local, share, f"{case.place}/local.stated", Confidence.C)
    zero = ruling.treatment is Treatment.ZERO and local
    return replace(
        ruling,
        treatment=Treatment.REDUCED if zero else ruling.treatment,
        components=(*ruling.components, part),
        steps=tuple(case.steps),
    )


def _local_only(case: Case) -> Ruling:
    """Alaska: no state tax, but boroughs and cities levy one together."""
    local = decimal_of(case.line.facts.get("local_rate"))
    if local == 0:
        case.say("local", "No state tax, and the caller states that the locality levies none.", HOME_RULE)
        return case.zero(Treatment.OUT_OF_SCOPE, "no_such_tax")
    return _with_local(case, replace(case.zero(Treatment.STANDARD, "rate.local"), scheme="standard"))


US: Final = UnitedStates()
