"""A seller at a place whose tax it may have to charge: registered, above a threshold, or replaced by a platform or a withholder.
The parts that every country's own regime puts together; the countries without a regime of their own use them as they are."""

from __future__ import annotations

from typing import Final

from engine.language.law import Gap
from engine.packs.model import Confidence
from engine.tax.law import Setting
from engine.tax.model import Customer, Ruling, Treatment
from engine.tax.world import PERFORMED, Act, Case, Liable, truth

REGIME: Final = "digital_nonresident_regime"
THRESHOLD: Final = "digital_nonresident_threshold"
REVERSE: Final = "reverse_charge_b2b_digital"
NOT_CHARGED: Final = "b2b_digital_not_charged"
"""A supply to a registered business is outside the tax, and nobody accounts for it."""
LOW_VALUE: Final = "low_value_import_threshold"
DESTINATION: Final = Act(
    "OECD International VAT/GST Guidelines (2017)",
    "Guideline 3.1, destination principle",
    Confidence.R,
    "https://www.oecd.org/tax/consumption/international-vat-gst-guidelines-9789264271401-en.htm",
)


def taxless(case: Case) -> Ruling | None:
    """The answer where the place levies no such tax, or where nobody has read whether it does."""
    found = case.law.setting("has_consumption_tax")
    if found is None or found.value is None:
        answer = f"Whether {case.place} levies a consumption tax is not known to the packs."
        return case.undecided("law.unknown", answer, "law.has_consumption_tax")
    if found.value in (True, "yes"):
        return None
    case.say("place", f"{case.place} levies no general consumption tax.", found)
    return case.zero(Treatment.OUT_OF_SCOPE, "no_such_tax")


def unread(setting: Setting) -> bool:
    """The law has such a parameter, and its value was not read."""
    return setting.entry.value is Gap.UNREAD


def liability(
    case: Case,
    threshold: str = THRESHOLD,
    *,
    counts: str = "turnover",
    reached: bool = False,
    past: bool = False,
    by: Act | None = None,
) -> Liable:
    """Whether a seller from abroad must charge here: registered, or above the threshold with this sale.

    `counts`: the seller's fact that the law counts (default: turnover at this place); `reached`: the limit itself is enough;
    `past`: it is a period gone by, without this sale."""
    registered = case.registered()
    if registered:
        case.say("liability", f"The seller is registered in {case.place}.", by)
        return Liable(True, "registered")
    limit = case.law.setting(threshold)
    if limit is None or unread(limit):
        case.say("liability", f"The threshold of {case.place} for sellers from abroad has not been read.", by)
        return Liable(None, "law.unknown", (f"law.{threshold}", *_unsaid(registered)))
    if not limit.value:
        case.say(
            "liability", f"{case.place} has no threshold for sellers from abroad: liable from the first sale.", limit
        )
        return _must_register(case, "first_sale", registered)
    so_far = case.sold(threshold, counts)
    crossed = case.exceeds(limit, so_far or case.sold(threshold), reached=reached, past=past)
    if crossed is False and so_far is None:
        crossed = None  # sales to one place are a part of all: enough to pass a limit, never to stay below it
    amount = f"{limit.value:f} {limit.unit}"
    if crossed:
        case.say("liability", f"The sales that count pass {amount}{_with(past)}.", limit)
        return _must_register(case, "threshold_crossed", registered)
    if crossed is None:
        case.say("liability", f"How near {amount} the seller's sales are is not stated, or cannot be converted.", limit)
        return Liable(None, "turnover.unknown", (f"payee.facts.{counts}", *case.lacking(), *_unsaid(registered)))
    if registered is None:
        case.say("liability", f"Below {amount}; whether the seller registered all the same is not stated.", limit)
        return Liable(None, "registration.unknown", _unsaid(registered))
    case.say("liability", f"The sales that count do not pass {amount}{_with(past)}; not registered.", limit)
    return Liable(False, "below_threshold")


def _with(past: bool) -> str:
    return " in the period before" if past else ", this one included"


def _unsaid(registered: bool | None) -> tuple[str, ...]:
    return ("payee.registrations",) if registered is None else ()


def _must_register(case: Case, reason: str, registered: bool | None) -> Liable:
    if registered is False:
        case.say("obligation", f"The seller is not registered in {case.place} and must register.")
    return Liable(True, reason)


def settle(case: Case, liable: Liable, *components: str, scheme: str = "standard") -> Ruling:
    """Charged, not obliged, or undecided, as the liability says."""
    if liable.liable is None:
        return case.undecided(liable.reason, f"Whether this seller owes {case.place} tax is open.", *liable.missing)
    if not liable.liable:
        return case.zero(Treatment.NO_OBLIGATION, liable.reason)
    return case.charge(*components, scheme=scheme)


def platform(case: Case, rule: str, by: Act | None = None) -> Ruling | None:
    """The answer where another platform owes the tax, or where no law on its role is known: neither the parameter `rule` nor an
    article (`by`). None: the payee is the supplier for tax, be it the seller or the platform."""
    role = case.platform()
    if role is None:
        return None
    found = case.law.setting(rule)
    if found is not None and found.value in (False, "no"):
        case.say("supplier", "A platform takes part, and the seller stays the supplier for tax.", found)
        return None
    if (found is None and by is None) or (found is not None and found.value not in (True, "yes")):
        answer = f"A platform takes part, and no rule of {case.place} on platforms has been read."
        return case.undecided("platform.unclear", answer, f"law.{rule}", by=by)
    if role == "other":
        case.say("supplier", "The platform is the supplier for tax, not this seller.", by or found)
        return case.zero(Treatment.NO_OBLIGATION, "platform_liable")
    case.say("supplier", "The payee is a platform and the supplier for tax.", by or found)
    return None


def domestic(case: Case, *components: str, by: Act | None = None) -> Ruling:
    """A supply within the place by a trader at home there, or by one from abroad who is registered there."""
    return at_home(case, by) or case.charge(*components)


def at_home(case: Case, by: Act | Setting | None = None) -> Ruling | None:
    """Why a supply within the place is not charged by this seller. None: it charges."""
    free = taxless(case)
    if free is not None:
        return free
    by = by or case.law.setting("has_consumption_tax")
    registered, small = case.registered_within(), case.small_business()
    if registered:
        case.say("liability", f"The seller is registered in {case.place}.", by)
        return None
    if small:
        case.say("liability", "The seller uses the exemption of small enterprises.", by)
        return case.zero(Treatment.NO_OBLIGATION, "small_business")
    if registered is False and case.established() and small is False:
        case.say(
            "obligation", f"Established in {case.place}, no small enterprise, not registered: it must register.", by
        )
        return None
    if registered is False:
        case.say(
            "liability", f"The seller states no registration in {case.place}: who is not registered charges no tax.", by
        )
        return case.zero(Treatment.NO_OBLIGATION, "not_registered")
    if case.established():
        case.say("liability", f"A trader at home in {case.place}, taken to be registered: it states nothing else.", by)
        return None
    answer = "Supplied within the country by a seller from abroad: its registration is not stated."
    return case.undecided("registration.unknown", answer, "payee.registrations", by=by)


def imported(case: Case, by: Act | None = None, why: str = "") -> Ruling:
    """Goods taxed at the border: nothing at checkout, unless the seller itself is the importer."""
    if case.asked.sale.buyer.facts.get("recipient_importer") is False:
        case.say("place", "The seller imports the goods in its own name: its supply follows the import.", by)
        return domestic(case, by=by)
    relief, words = case.law.setting("import_vat_relief"), "Goods from abroad: taxed on import, owed by the importer."
    case.say("treatment", why or words, by or case.law.setting("has_consumption_tax"))
    if relief is not None and relief.value is not None:
        case.say(
            "relief", f"Import relief of {case.place}: {relief.value:f} {relief.unit}, applied by customs.", relief
        )
    return case.zero(Treatment.IMPORT, "import")


def exported(case: Case, goods: Act, services: Act, *, abroad: Treatment = Treatment.ZERO) -> Ruling:
    """Supplied out of the place: goods are exported at zero; a remote service is what the law calls `abroad`."""
    free = taxless(case)
    if free is not None:
        return free
    kind = case.line.kind
    if kind == "goods":
        case.say("treatment", "Goods leave the country: zero-rated export; the proof of export is kept.", goods)
        return case.zero(Treatment.ZERO, "export")
    if kind in PERFORMED:
        case.say("place", "Performed, or situated, abroad: outside this place's tax.", services)
        return case.zero(Treatment.OUT_OF_SCOPE, "performed_abroad")
    if kind is None:
        return case.undecided("kind.unknown", "Whether goods or a service leave is not stated.", "lines.kind")
    case.say("treatment", "Supplied to a customer abroad.", services)
    return case.zero(abroad, "export" if abroad is Treatment.ZERO else "customer_abroad")


def business(case: Case, customer: Customer) -> Ruling | None:
    """What a proven business changes for a digital service from abroad, by the place's parameter. None: it is charged alike."""
    free, rule = case.law.setting(NOT_CHARGED), case.law.setting(REVERSE)
    rule = free if free is not None and free.value else rule
    value = rule.value if rule else None
    if customer is Customer.CONSUMER or value in (False, "no"):
        if customer is not Customer.CONSUMER and rule:
            case.say("customer", "The seller from abroad charges business customers too.", rule)
        return None
    if customer is Customer.UNKNOWN:
        answer = (
            "The customer says it is a business; its tax number would settle whether it accounts for the tax itself."
        )
        return case.undecided("customer.unknown", answer, "payer.tax_ids")
    if rule is None or value is None:
        answer = f"Who owes the tax on a business's purchase from abroad has not been read for {case.place}."
        return case.undecided("law.unknown", answer, f"law.{REVERSE}")
    if rule is free:
        case.say("treatment", "A supply to a registered business is not charged.", rule)
        return case.zero(Treatment.OUT_OF_SCOPE, "b2b.not_charged")
    case.say("treatment", "A registered business accounts for the tax itself.", rule)
    return case.zero(Treatment.REVERSE_CHARGE, "reverse_charge.nonresident", note="Reverse charge")


def performed(case: Case, by: Act = DESTINATION) -> Ruling:
    """A service of a seller from abroad that is performed here, or hangs on a thing here: whoever is registered charges."""
    case.say("place", f"Performed, or situated, in {case.place}: taxed there.", by)
    if case.registered() or case.established():
        return domestic(case, by=by)
    if case.registered() is None:
        answer = "The service is taxed here; whether the seller is registered is not stated."
        return case.undecided("registration.unknown", answer, "payee.registrations", by=by)
    answer = f"Whether a seller from abroad must register in {case.place} for such a service has not been read."
    return case.undecided("law.unknown", answer, "law.services_nonresident", by=by)


def kindless(case: Case) -> Ruling:
    """Nothing can be said before it is known what is supplied."""
    return case.undecided("kind.unknown", "Goods, a digital or another service: the kind is not stated.", "lines.kind")


def unasked(case: Case) -> Ruling | None:
    """The answer before anything is asked of the line: the place has no such tax, or what is supplied is not stated."""
    return taxless(case) or (kindless(case) if case.line.kind is None else None)


def opening(case: Case, border: Act, here: Act) -> Ruling | None:
    """The answers that most places give alike of what comes from abroad: `unasked`, goods taxed at the border, services that are
    performed here. None: a service that its own rule places."""
    settled = unasked(case)
    if settled is None and case.line.kind == "goods":
        return imported(case, border)
    if settled is None and case.line.kind in PERFORMED:
        return performed(case, here)
    return settled


def automated(case: Case) -> bool:
    """Electronically supplied: a digital line, or a service that says so; never a person teaching live."""
    stated = truth(case.line.facts, "electronically_supplied")
    if truth(case.line.facts, "live"):
        return False
    return case.line.kind == "digital" if stated is None else stated
