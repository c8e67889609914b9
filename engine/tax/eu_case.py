"""What every branch of the Union's procedure asks: where the seller is, in what capacity the customer buys, who must charge.

A `Case` is one line with the steps taken so far. It never changes: a branch that is tried for both capacities of a customer
leaves no trace in the other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from engine.packs.model import Confidence
from engine.tax import rates
from engine.tax.asked import Asked
from engine.tax.eu_law import SELF_ASSESSED, SMALL, by, by_regulation
from engine.tax.law import Setting
from engine.tax.model import (
    RECHECK,
    Address,
    Customer,
    Registration,
    Ruling,
    SaleLine,
    Seller,
    Step,
    TaxId,
    Treatment,
)
from engine.tax.sale import places_fact
from engine.tax.territories import KINGDOM, NORTHERN_IRELAND, UNION, Placed, place_of, state_of

DOMESTIC: Final = "domestic"
UNSTATED: Final = "registrations.unknown"
"""The reason of a line whose seller does not say where it is registered; of one that is charged, its scheme is not known."""
STANDARD: Final = ("standard",)
UNION_SCHEME: Final = ("oss", "standard")
"""The scheme is all or nothing (Art. 369b): who uses it declares there what it covers, whatever other number it has."""
NON_UNION_SCHEME: Final = ("non_union_oss", "standard")
_SCHEMES: Final = {
    "oss": ("the Union scheme (one-stop shop)", "369b"),
    "non_union_oss": ("the non-Union scheme", "359"),
    "standard": ("a registration of that State", None),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One line before the Union's law, and what was noted so far."""

    asked: Asked
    steps: tuple[Step, ...] = ()
    customer: Customer | None = None
    evidence: tuple[str, ...] = ()

    def say(self, *steps: Step | None) -> Case:
        """The case with more steps."""
        more = [step for step in steps if step is not None]
        return Case(self.asked, (*self.steps, *more), self.customer, self.evidence)

    @property
    def line(self) -> SaleLine:
        """The line."""
        return self.asked.line

    @property
    def seller(self) -> Seller:
        """The seller."""
        return self.asked.sale.seller

    def fact(self, name: str) -> Any:
        """A fact of the line; None: not stated."""
        return self.asked.line.facts.get(name)

    def day(self, place: str) -> date:
        """The local day of the supply at a place."""
        return self.asked.law.local_day(place, self.asked.sale.occurred_at)

    def placed(self, address: Address) -> Placed:
        """Where an address lies on the day of the supply."""
        return place_of(address, self.asked.law, self.day(address.country or UNION))

    def at_code(self, code: str) -> Placed:
        """Where a place lies that is only known by its code."""
        if "/" in code:
            return Placed(code, code, None, Step("territory", f"{code} lies outside every tax area."), (), code)
        return self.placed(Address(state_of(code), code if "-" in code else None))

    def union(self, name: str, place: str = UNION) -> Setting | None:
        """A parameter of the Union's own pack on the day of the supply, by the calendar of a place."""
        return self.asked.law.in_force(UNION, name, self.day(place))

    # -- the seller ----------------------------------------------------------------------------------------------------

    @property
    def seat(self) -> Placed:
        """Where the seller has its seat."""
        return self.placed(self.seller.address)

    @property
    def established(self) -> tuple[str, ...]:
        """The Member States in which the seller has its seat or a fixed establishment."""
        seat = self.seat
        stated = [*self.seller.establishments, *places_fact(self.seller.facts, "established_in")]
        found = [seat.state] if seat.vat_area == UNION else []
        found += [at.state for at in map(self.at_code, stated) if at.vat_area == UNION]
        return tuple(dict.fromkeys(state for state in found if state))

    def registration(self, scheme: str, state: str | None = None) -> Registration | None:
        """A registration under a scheme, in force on the day; `state`: of that State."""
        for one in self.seller.registrations or ():
            fits = one.scheme == scheme and (state is None or self._of(one.jurisdiction, state))
            if fits and (one.since is None or one.since <= self.day(state or UNION)):
                return one
        return None

    def _of(self, jurisdiction: str, state: str) -> bool:
        """Whether a jurisdiction is a State's: Monaco's number is a French one, the Isle of Man's a British one (Art. 7)."""
        return state_of(jurisdiction) == state or self.at_code(jurisdiction).state == state

    # -- answers -------------------------------------------------------------------------------------------------------

    def ruling(self, treatment: Treatment, at: Placed | None, reason: str, *, note: str | None = None) -> Ruling:
        """An answer without tax."""
        country, region = where(at)
        return Ruling(
            treatment, country, region, (), reason, note, self.steps, (), None, self.evidence, customer=self.customer
        )

    def undecided(self, at: Placed | None, reason: str, *missing: str) -> Ruling:
        """No answer, and the facts that would settle it."""
        return replace(self.ruling(Treatment.UNDECIDED, at, reason), missing=tuple(dict.fromkeys(missing)))

    def reverse_charge(self, at: Placed, reason: str) -> Ruling:
        """The customer accounts for the tax of a place."""
        return self.ruling(Treatment.REVERSE_CHARGE, at, reason, note=SELF_ASSESSED)


def where(at: Placed | None) -> tuple[str | None, str | None]:
    """Country and region of an answer."""
    if at is None or at.place is None:
        return None, None
    own = at.place if "-" in at.place else at.territory.place if at.territory and at.territory.place else None
    return at.state, own if own and "-" in own else None


# -- liability ---------------------------------------------------------------------------------------------------------


def taxed(
    case: Case,
    at: Placed,
    what: str,
    schemes: tuple[str, ...] = STANDARD,
    *,
    treatment: Treatment = Treatment.STANDARD,
    duties: tuple[tuple[str, Decimal, str], ...] = (),
) -> Ruling:
    """A place taxes the line, and the seller is the person liable: under which scheme, and at which rate.

    `what` is the reason where something other than the rate explains it. A tax that is due is charged although the seller
    states registrations and the one it needs is not among them: the reason says so. Registrations not stated at all leave the
    scheme open, not the tax: place, treatment and rate are the same under each, and `missing` asks who declares it where.
    """
    assert at.place is not None
    state = state_of(at.place)
    if state in (*case.established, case.seat.state):
        return _at_home(case, at, what)
    if case.seller.registrations is None:
        return _scheme_open(case, at, schemes, treatment=treatment, duties=duties)
    for scheme in schemes:
        found = case.registration(scheme, state if scheme == "standard" else None)
        if found is not None:
            label = DOMESTIC if scheme == "standard" else scheme
            reason = f"{label}.{what}" if label != DOMESTIC and what else what
            words, provision = f"Liable in {state}; declared under {_SCHEMES[scheme][0]}.", _SCHEMES[scheme][1]
            step = by("liability", provision, words) if provision else Step("liability", words)
            return charged(case.say(step), at, reason, label, treatment=treatment, duties=duties)
    needed = " or ".join(_SCHEMES[scheme][0] for scheme in schemes)
    words = f"Liable in {state}, and not registered for it: needs {needed}. The tax is due all the same, and charged."
    return charged(
        case.say(Step("liability", words)), at, "registration_required", None, treatment=treatment, duties=duties
    )


def _scheme_open(
    case: Case,
    at: Placed,
    schemes: tuple[str, ...],
    *,
    treatment: Treatment,
    duties: tuple[tuple[str, Decimal, str], ...],
) -> Ruling:
    """Registrations not stated: whichever of them the seller uses, the State, the treatment and the rate are the same. But for a
    small enterprise of the Union: if it uses the exemption in this State as well, nothing is charged (Art. 284(2), (3))."""
    assert at.place is not None
    state = state_of(at.place)
    words = f"{state} taxes it and the seller is not established there; its registrations are not stated."
    if case.established and case.seller.facts.get("small_business") is True:
        words += " A small enterprise is exempt there if it notified that it uses the exemption there too; else the tax is due."
        return case.say(by("liability", "284", words)).undecided(at, UNSTATED, "payee.registrations")
    ways = ", ".join(_SCHEMES[scheme][0] for scheme in schemes)
    words += f" Under {ways}, or with none, the tax is the same and due; which, decides where it is declared."
    case = case.say(by("liability", "369b, 359, 193", words))
    found = charged(case, at, UNSTATED, None, treatment=treatment, duties=duties)
    return found if found.treatment is Treatment.UNDECIDED else replace(found, missing=("payee.registrations",))


def _at_home(case: Case, at: Placed, what: str) -> Ruling:
    """In a State where the seller is established."""
    assert at.place is not None
    state, seller = state_of(at.place), case.seller
    small = seller.facts.get("small_business")
    exempt = case.registration("small_business", state) is not None
    if exempt or (small is True and state == case.seat.state):
        words = f"The seller is a small enterprise in {state}: exempt, without deduction."
        return case.say(by("liability", "284", words)).ruling(Treatment.EXEMPT, at, "small_business", note=SMALL)
    known = seller.registrations is None or case.registration("oss") or case.registration("standard", state)
    if not known and small is None:
        words = f"Established in {state} and not registered there: a small enterprise would be exempt, another owes the tax."
        step = by("liability", "284", words)
        return case.say(step).undecided(at, "small_business.unknown", "payee.facts.small_business")
    if not known:
        words = f"Established in {state} and not registered there. The tax is due all the same, and charged."
        return charged(case.say(Step("liability", words)), at, "registration_required", None)
    return charged(case.say(Step("liability", f"Established in {state}: liable there.")), at, what, DOMESTIC)


def charged(
    case: Case,
    at: Placed,
    reason: str,
    scheme: str | None,
    *,
    treatment: Treatment = Treatment.STANDARD,
    duties: tuple[tuple[str, Decimal, str], ...] = (),
) -> Ruling:
    """The line at the rates of a place. Where the rate cannot be told, its own reason stands instead of `reason`."""
    assert at.place is not None
    base = replace(case.ruling(treatment, at, ""), scheme=scheme, duties=duties)
    # Northern Ireland has the Kingdom's rates, under the Union's law as well.
    found = rates.charge(case.asked.at(KINGDOM if at.place == NORTHERN_IRELAND else at.place), case.line, base)
    if found.treatment is Treatment.UNDECIDED:
        return replace(found, components=(), duties=())
    return replace(found, reason=reason or found.reason)


def for_business_abroad(case: Case, at: Placed, what: str) -> Ruling:
    """A supply to a business in a State where the seller is not established, and Art. 196 does not govern it: each State
    says whether the customer is liable instead (Art. 194)."""
    assert at.place is not None
    if at.state in case.established:
        return taxed(case, at, what)
    found = case.asked.at(at.place).setting("reverse_charge_nonestablished", within=state_of(at.place))
    if found is None or found.value is None:
        words = (
            f"Whether {at.state} makes the customer liable for supplies of sellers not established there was not read."
        )
        missing = f"law.{at.state}.reverse_charge_nonestablished"
        return case.say(by("liability", "194", words)).undecided(at, "reverse_charge.art_194", missing)
    case = case.say(
        by("liability", "194", "A State may make the customer liable where the seller is not established there.")
    )
    if found.value:
        step = found.step("liability", f"{at.state} does.")
        return case.say(step).reverse_charge(at, "reverse_charge.art_194")
    return taxed(case.say(found.step("liability", f"{at.state} leaves the tax with the seller.")), at, what)


# -- the customer ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capacity:
    """In what capacity the customer buys, and the State of the number that shows it."""

    customer: Customer
    number_of: str | None
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    unconfirmed: TaxId | None = None
    """The number that a policy takes for confirmed: it is looked up again."""


def capacity(
    case: Case, place: str | None, *, digital: bool = False, service: bool = False, pack: str = UNION
) -> Capacity:
    """The customer's capacity, and what to do while no register answers.

    For a `service` Art. 17 to 19 of the Regulation tell it, which presume nothing of who buys goods. `pack`: whose law asks.
    """
    from engine.tax.customer import status

    buyer = case.asked.sale.buyer
    found = status(buyer, place, digital=digital, presumed=service and pack == UNION)
    pending = [one for one in buyer.tax_ids if one.state in ("format_valid", "unchecked")]
    if found.customer is not Customer.UNKNOWN or not pending:
        return Capacity(found.customer, found.country_of_id, (found.step,), found.missing)
    told = silence(case, pending, pack)
    if told.word == "charge":
        return Capacity(Customer.CONSUMER, None, (found.step, told.step), ())
    if told.word == "reverse_charge_and_recheck":
        return Capacity(Customer.BUSINESS, told.number.country, (found.step, told.step), (), told.number)
    return Capacity(Customer.UNKNOWN, None, (found.step, told.step), found.missing)


@dataclass(frozen=True, slots=True)
class Silence:
    """What holds while no register confirms a number: `undecided`, `charge` (as though none had been given) or
    `reverse_charge_and_recheck` (as though it had been confirmed, to be asked again)."""

    word: str
    number: TaxId
    """Of which."""
    step: Step


def silence(case: Case, pending: Sequence[TaxId], pack: str) -> Silence:
    """What holds while numbers are unconfirmed: by the `vies_down_policy` of `pack`, else by the house's policy, which speaks
    only of numbers that stand in a register which can be asked."""
    listed = next((one for one in pending if one.heard is not None), None)
    policy = case.asked.law.in_force(pack, "vies_down_policy", case.day(pack))
    house = case.asked.sale.buyer.unconfirmed if listed is not None and policy is None else None
    word = str(policy.value) if policy is not None else house
    number = listed if house is not None and listed is not None else pending[0]
    said = _POLICIES.get(word or "")
    if said is None:
        words = "The number is not confirmed, and no policy says what holds until it is."
        step = by_regulation("customer", "18(1)(a)", words) if policy is None else policy.step("customer", words)
        return Silence("undecided", number, step)
    if policy is not None:
        return Silence(word or "", number, policy.step("customer", f"Policy while the number is unconfirmed: {said}"))
    assert number.heard is not None
    why = number.heard.silence or "not_asked"
    heard = "was not asked" if why == "not_asked" else f"gave no answer ({why})"
    words = f"{number.heard.source} {heard}. The house's own policy while the number is unconfirmed: {said}"
    return Silence(word or "", number, Step("customer", words, confidence=Confidence.R))


_POLICIES: Final = {
    "charge": "charged as to a consumer.",
    "reverse_charge_and_recheck": "taken as a business; to be asked again.",
}


def rechecked(ruling: Ruling, number: TaxId | None) -> Ruling:
    """A ruling that leaves the tax to the customer on a number that nobody confirmed obliges the seller to look it up again."""
    free = ruling.treatment is not Treatment.UNDECIDED and not any(part.percent for part in ruling.components)
    if number is None or not free:
        return ruling
    whose = number.country or "a country not named"
    words = f"Look the customer's number of {whose} up again, and charge the tax if its register denies it."
    return ruling.with_steps((*ruling.steps, by_regulation(RECHECK, "18(1)(a)", words)))


def by_capacity(case: Case, found: Capacity, rule: Callable[[Case, Customer], Ruling]) -> Ruling:
    """The rule for the customer's capacity. An unknown one only matters where business and consumer are treated otherwise."""
    noted = replace(case.say(*found.steps), customer=found.customer)
    if found.customer is not Customer.UNKNOWN:
        return rechecked(rule(noted, found.customer), found.unconfirmed)
    business, consumer = rule(noted, Customer.BUSINESS), rule(noted, Customer.CONSUMER)
    if alike(business, consumer):
        return consumer
    words = f"To a business {business.treatment} in {business.country}, to a consumer {consumer.treatment} in {consumer.country}."
    missing = found.missing or ("payer.tax_ids",)
    tried = [step for step in dict.fromkeys((*business.steps, *consumer.steps)) if step not in noted.steps]
    return noted.say(Step("customer", words), *tried).undecided(None, "customer.unknown", *missing)


def alike(one: Ruling, other: Ruling) -> bool:
    """Whether two answers are the same for whoever pays and whoever declares."""
    return Treatment.UNDECIDED not in (one.treatment, other.treatment) and all(
        getattr(one, name) == getattr(other, name)
        for name in ("treatment", "country", "region", "components", "scheme")
    )
