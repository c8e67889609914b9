"""The Kingdom's articles, and who is liable there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.packs.model import Confidence
from engine.tax.eu_case import DOMESTIC, UNSTATED, Capacity, Case, charged, silence
from engine.tax.model import Address, Customer, Ruling, Step, Treatment
from engine.tax.sale import places_fact
from engine.tax.territories import KINGDOM, NORTHERN_IRELAND

ACT: Final = "Value Added Tax Act 1994"
ACT_URL: Final = "https://www.legislation.gov.uk/ukpga/1994/23"
GUIDANCE_URL: Final = "https://gov.uk/guidance/charging-vat-on-goods-sold-direct-to-customers-in-the-uk"

SELF_ASSESSED: Final = "Reverse charge: customer to account for VAT to HMRC"
EXPORT: Final = "Zero-rated export"
OUTSIDE: Final = "Outside the scope of UK VAT"
_OWN: Final = (KINGDOM, NORTHERN_IRELAND)


def by(question: str, provision: str, answer: str) -> Step:
    """A step on the Act that was not read again: recalled."""
    instrument = "Windsor Framework" if provision.startswith("Windsor") else ACT
    at = provision.removeprefix("Windsor Framework, ")
    return Step(question, answer, instrument, at, ACT_URL if instrument == ACT else None, Confidence.R)


def gov(question: str, provision: str, answer: str) -> Step:
    """A step on the Act as the government's guidance on goods from abroad explains it, which was read."""
    return Step(question, answer, ACT, provision, GUIDANCE_URL, Confidence.A)


def own_number(case: Case) -> Capacity:
    """Whether the customer gave a number of the Kingdom: a business; one that nobody confirmed: unknown, unless a policy says
    what holds until then; none: a consumer, whoever it is."""
    own = [one for one in case.asked.sale.buyer.tax_ids if one.country in _OWN and one.state != "invalid"]
    if any(one.state == "valid" for one in own):
        return Capacity(Customer.BUSINESS, KINGDOM, (), ())
    if not own:
        return Capacity(Customer.CONSUMER, None, (), ())
    told = silence(case, own, KINGDOM)
    if told.word == "undecided":
        return Capacity(Customer.UNKNOWN, None, (), ("payer.tax_ids.verified",))
    if told.word == "charge":
        return Capacity(Customer.CONSUMER, None, (told.step,), ())
    return Capacity(Customer.BUSINESS, KINGDOM, (told.step,), (), told.number)


def established(case: Case) -> bool:
    """Whether the seller has its seat or a fixed establishment in the Kingdom."""
    stated = [*case.seller.establishments, *places_fact(case.seller.facts, "established_in")]
    return case.seat.vat_area in _OWN or any(case.at_code(code).vat_area in _OWN for code in stated)


def taxed(case: Case, what: str) -> Ruling:
    """The Kingdom taxes the line and the seller is liable: its registration, and the rate."""
    at = case.placed(Address(KINGDOM))
    registered = any(case.registration("standard", own) for own in _OWN)
    if established(case):
        small = case.seller.facts.get("small_business")
        listed = any(case.registration("small_business", own) for own in _OWN)
        if listed or (small is True and case.seat.vat_area in _OWN):
            step = by("liability", "Sch. 1 para. 1", "The seller is below the threshold for registration.")
            return case.say(step).ruling(Treatment.NO_OBLIGATION, at, "below_threshold")
        if case.seller.registrations is not None and not registered and small is None:
            words = "Established in the Kingdom and not registered: below the threshold nothing is charged, above it the tax is."
            step = by("liability", "Sch. 1 para. 1", words)
            return case.say(step).undecided(at, "small_business.unknown", "payee.facts.small_business")
        if case.seller.registrations is None or registered:
            return charged(case.say(Step("liability", "Established in the Kingdom: liable.")), at, what, DOMESTIC)
    elif case.seller.registrations is None:
        words = (
            "The seller is not established in the Kingdom; its registrations are not stated. There is no threshold for"
        )
        words += " sellers from abroad: registered or not, the tax is due."
        open_one = charged(case.say(by("liability", "Sch. 1A", words)), at, UNSTATED, None)
        unread = open_one.treatment is Treatment.UNDECIDED
        return open_one if unread else replace(open_one, missing=("payee.registrations",))
    elif registered:
        words = "Not established in the Kingdom, and registered there: there is no threshold for sellers from abroad."
        return charged(case.say(by("liability", "Sch. 1A", words)), at, what, DOMESTIC)
    words = "Liable and not registered. The tax is due all the same, and charged."
    return charged(case.say(by("liability", "Sch. 1A", words)), at, "registration_required", None)


def silent(case: Case, words: str) -> Ruling:
    """Nothing to say here: another answer holds for this supply."""
    return replace(case.say(Step("place", words)), customer=None).ruling(
        Treatment.OUT_OF_SCOPE, None, "answered_elsewhere"
    )
