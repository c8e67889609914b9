"""What the regimes outside the Union ask alike: who is registered, what was sold so far, in what capacity the customer buys, and
which article says so. A `Case` is one line before the law of one place, with the steps taken so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, NamedTuple

from engine.money import EXACT, Money
from engine.packs.model import Confidence
from engine.places import country_of
from engine.tax import rates
from engine.tax.asked import Asked
from engine.tax.law import PlaceLaw, Setting
from engine.tax.model import Component, Customer, Ruling, SaleLine, Step, TaxId, Treatment
from engine.tax.recorder import wanted
from engine.tax.sale import places_fact
from engine.tax.territories import PARENT
from engine.tax.turnover import Behind, Turnover, turnover_of

HUNDRED: Final = Decimal(100)
ZERO: Final = Decimal(0)
REMOTE: Final = ("digital", "service")
"""Kinds of line that can be supplied to somebody far away."""
PERFORMED: Final = ("transport", "accommodation", "event", "immovable_property")
"""Kinds that are taxed where they are performed or where the thing is."""


class Act(NamedTuple):
    """An article that a branch rests on. Confidence: A or B read, C from a secondary source, R recalled."""

    instrument: str
    provision: str
    confidence: Confidence = Confidence.R
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Liable:
    """Whether this seller must charge. `liable` None: the facts do not tell, and `missing` names them."""

    liable: bool | None
    reason: str
    missing: tuple[str, ...] = ()


@dataclass(slots=True)
class Case:
    """One line before the law of one place. Lives for one question; `steps` grow as the procedure goes on."""

    asked: Asked
    place: str
    law: PlaceLaw
    steps: list[Step] = field(default_factory=list)
    area: tuple[str, ...] = ()
    """Further places of the same tax: Liechtenstein's and Switzerland's is one."""
    evidence: tuple[str, ...] = ()
    """Items of the customer's place that were relied on, as `billing=NZ`."""

    @classmethod
    def at(cls, asked: Asked, place: str) -> Case:
        """The law of a place on its own local day."""
        return cls(asked, place, asked.at(place))

    @property
    def line(self) -> SaleLine:
        """The line."""
        return self.asked.line

    @property
    def country(self) -> str:
        """ISO 3166-1 of the place."""
        return country_of(self.place)

    # What is said.

    def say(self, question: str, answer: str, by: Act | Setting | None = None) -> None:
        """Note a step, with the article or the pack's parameter that it rests on."""
        if isinstance(by, Setting):
            self.steps.append(by.step(question, answer))
        elif by is None:
            self.steps.append(Step(question, answer))
        else:
            self.steps.append(Step(question, answer, by.instrument, by.provision, by.url, by.confidence))

    def undecided(self, reason: str, answer: str, *missing: str, by: Act | Setting | None = None) -> Ruling:
        """Nothing is charged and nothing is called zero: `missing` would settle it."""
        self.say("undecided", answer, by)
        return self._ruling(Treatment.UNDECIDED, reason, missing=missing)

    def zero(self, treatment: Treatment, reason: str, *, scheme: str | None = None, note: str | None = None) -> Ruling:
        """An outcome in which this seller charges nothing, and why."""
        return replace(self._ruling(treatment, reason), scheme=scheme, invoice_note=note)

    def charge(self, *components: str, scheme: str = "standard", category: str | None = None) -> Ruling:
        """The rates of the place on this line, or on another `category`; without `components` every tax of the nearest pack."""
        base = replace(self._ruling(Treatment.STANDARD, ""), scheme=scheme)
        line = self.line if category is None else replace(self.line, category=category)
        ruling = rates.charge(self.law, line, base, *components)
        if ruling.treatment is Treatment.ZERO and any(part.percent for part in ruling.components):
            ruling = replace(ruling, treatment=Treatment.REDUCED)  # one of several taxes is zero, and another is not
        rule = self.law.setting("rate_on_inclusive_price")
        if rule is None or not rule.value or not ruling.components:
            return ruling
        step = rule.step("base", "The rate is taken of the price with the tax in it.")
        return replace(ruling, components=inside(ruling.components), steps=(*ruling.steps, step))

    def _ruling(self, treatment: Treatment, reason: str, *, missing: tuple[str, ...] = ()) -> Ruling:
        region = self.place if "-" in self.place else None
        steps = tuple(self.steps)
        return Ruling(
            treatment, self.country, region, reason=reason, steps=steps, missing=missing, evidence=self.evidence
        )

    # What the law's parameters say.

    def flag(self, name: str) -> bool | None:
        """A yes or no of the packs; None where nobody read it."""
        found = self.law.setting(name)
        value = found.value if found else None
        return {"yes": True, "no": False}.get(value) if isinstance(value, str) else value

    def word(self, name: str) -> str | None:
        """A token of the packs."""
        found = self.law.setting(name)
        return found.value if found and isinstance(found.value, str) else None

    def standard_percent(self) -> Decimal | None:
        """The whole standard burden on this kind of line, in percent of the price without tax."""
        picked = rates.pick(self.law, replace(self.line, category=rates.STANDARD))
        if picked.treatment is Treatment.UNDECIDED:
            return None
        return sum((part.percent * part.share for part in picked.components), ZERO)

    # What the seller says.

    def registered(self, *places: str) -> bool | None:
        """Whether the seller is registered at the place (or one of `places`) on the day; None: it did not say."""
        found = self.asked.sale.seller.registrations
        wanted = (*(places or (self.place, self.country)), *self.area, *self._sovereign())
        if any(
            one.jurisdiction in wanted
            and one.scheme != "small_business"
            and (one.since is None or one.since <= self.law.day)
            for one in found or ()
        ):
            return True
        return None if found is None else False

    def _sovereign(self) -> tuple[str, ...]:
        """The State whose tax administration registers the sellers of a part with a code of its own: France's for Réunion."""
        parent = PARENT.get(self.country)
        return (parent,) if parent is not None else ()

    def registered_within(self) -> bool | None:
        """Whether it is registered anywhere in the country: in India and Brazil a seller is registered where it is itself."""
        found = self.asked.sale.seller.registrations or ()
        inside = {one.jurisdiction for one in found if country_of(one.jurisdiction) == self.country}
        return self.registered(self.place, self.country, *sorted(inside))

    def established(self) -> bool:
        """Whether the seller has its seat or a fixed establishment in the country."""
        seller = self.asked.sale.seller
        stated = places_fact(seller.facts, "established_in")
        return not {self.country, *self.area}.isdisjoint({seller.address.country, *seller.establishments, *stated})

    def small_business(self) -> bool | None:
        """Whether the seller uses a small enterprise's exemption at home."""
        seller = self.asked.sale.seller
        schemes = {(one.jurisdiction, one.scheme) for one in seller.registrations or ()}
        return True if (self.country, "small_business") in schemes else truth(seller.facts, "small_business")

    def sold(self, parameter: str, fact: str = "turnover") -> Turnover | None:
        """What was sold so far, as a threshold of the place counts it: at this place, or under another fact of the seller. The
        ledger stands behind what is stated, where the seller declared it whole. None: neither tells."""
        stated: Any = self.asked.sale.seller.facts.get(fact)
        if fact == "turnover":
            stated = stated.get(self.place) if isinstance(stated, Mapping) else None
        told, recorder = turnover_of(stated), self.asked.recorded
        if recorder is None:
            return told
        day = self.asked.sold_on(self.place)
        asked = wanted(self.law, parameter, fact, self.line.kind, day)
        if asked is None:
            return told
        found = Behind(recorder, fact, asked, day, self.converted)
        known = found.turnover(told, self.this_sale(asked.test.limit.unit or "EUR"))
        for words in recorder.sentences(*found.names):
            if all(step.answer != words for step in self.steps):
                self.say("turnover", words, asked.test.limit)
        return known

    def lacking(self) -> tuple[str, ...]:
        """The exchange rates without which the ledger's own totals are not known."""
        return () if self.asked.recorded is None else tuple(self.asked.recorded.lacking)

    def this_sale(self, currency: str) -> Decimal | None:
        """The whole sale without tax, in a currency of the law; None: no exchange rate."""
        amounts = [self.net(line) for line in self.asked.sale.lines]
        known = [amount for amount in amounts if amount is not None]
        return self.asked.worth(sum(known, ZERO), currency, self.place) if len(known) == len(amounts) else None

    def net(self, line: SaleLine) -> Decimal | None:
        """A line's price without the place's standard tax, the whole price where its mode is not stated; None: no rate known."""
        if not line.inclusive:
            return line.amount
        percent = self.standard_percent()
        return None if percent is None else EXACT.divide(line.amount * HUNDRED, HUNDRED + percent)

    def exceeds(
        self, limit: Setting, so_far: Turnover | None, *, reached: bool = False, past: bool = False
    ) -> bool | None:
        """Whether the total with this sale, or that of the period before, is above a limit of the law (`reached`: or at it;
        `past`: the period is over and this sale is not in it). None: the facts or the exchange rates do not tell."""
        unit, top = limit.unit or self.asked.sale.currency, limit.value
        this, before = ZERO if past else self.this_sale(unit), self._total(so_far, unit)
        earlier = self._total(so_far.previous if so_far else None, unit)
        totals = [before, earlier, this, None if before is None or this is None else before + this]
        if any(total is not None and above(total, top, reached=reached) for total in totals):
            return True
        unread = so_far is not None and so_far.previous is not None and earlier is None
        return None if before is None or this is None or unread else False

    def _total(self, period: Turnover | None, unit: str) -> Decimal | None:
        return self.converted(period.money, unit) if period and period.money else None

    def converted(self, money: Money, unit: str) -> Decimal | None:
        """An amount in a currency of the law at the rate of the supply's day; None: no rate."""
        if money.currency == unit:
            return money.amount
        return self.asked.exchange(money.amount, money.currency, unit, self.law.day)

    # What the customer says and shows.

    def number(self) -> TaxId | None:
        """The customer's first tax number of this country that no check refused."""
        ids = self.asked.sale.buyer.tax_ids
        return next((one for one in ids if one.country in (None, self.country) and one.state != "invalid"), None)

    def own_word(self) -> Customer:
        """In what capacity the customer says it buys."""
        buyer = self.asked.sale.buyer
        said = truth(buyer.facts, "business")
        if said is None and buyer.type in ("organisation", "individual"):
            said = buyer.type == "organisation"
        return Customer.UNKNOWN if said is None else Customer.BUSINESS if said else Customer.CONSUMER

    def customer(self, by: Act | None = None) -> Customer:
        """In what capacity it buys by proof: a tax number of the country. Unknown: it says business and shows no number, or a
        number that could have been checked and was not. Somebody who says nothing and shows no number is a consumer."""
        number, word = self.number(), self.own_word()
        name = (self.law.setting("tax_number_name") or _NAMELESS).value or "tax number"
        if number is None:
            said = "says it is a business but" if word is Customer.BUSINESS else "is treated as a consumer:"
            self.say("customer", f"The customer {said} gave no {name} that holds.", by)
            return Customer.UNKNOWN if word is Customer.BUSINESS else Customer.CONSUMER
        if truth(self.asked.sale.buyer.facts, "business") is False:
            self.say("customer", f"A {name} was given, but the purchase is private.", by)
            return Customer.CONSUMER
        if number.state == "unchecked" and self.law.setting("stdnum_module"):
            self.say("customer", f"The {name} {number.value} was not checked, though it can be.", by)
            return Customer.UNKNOWN
        self.say("customer", f"A business: {name} {number.value} ({number.state.replace('_', ' ')}).", by)
        return Customer.BUSINESS

    def two_items(self, by: Act) -> Ruling | None:
        """Whether the evidence of the customer's place hangs together: two items for this country, or none against it."""
        buyer = self.asked.sale.buyer
        items = dict(buyer.evidence)
        if buyer.address.country:
            items.setdefault("billing", buyer.address.country)
        agree = [f"{kind}={place}" for kind, place in sorted(items.items()) if country_of(place) == self.country]
        against = [f"{kind}={place}" for kind, place in sorted(items.items()) if country_of(place) != self.country]
        if len(agree) < 2 and against:
            answer = f"Evidence of the customer's place contradicts itself: {', '.join([*agree, *against])}."
            return self.undecided("evidence.contradicts", answer, "payer.evidence", by=by)
        self.evidence = tuple(agree)
        said = "two items or more" if len(agree) > 1 else "no second item stated; the law asks for two: collect it"
        self.say("evidence", f"{', '.join(agree) or 'the stated place'}: {said}.", by)
        return None

    def platform(self) -> str | None:
        """`payee`: the payee is a platform; `other`: another platform stands as the supplier; None: no platform is named."""
        if self.line.marketplace:
            return "payee"
        return "other" if self.line.facts.get("named_supplier") == "platform" else None


class _Nameless:
    value = None


_NAMELESS: Final = _Nameless()


def inside(parts: tuple[Component, ...]) -> tuple[Component, ...]:
    """Taxes that are part of their own base: each is taken of the price with all of them in it, a share above one of the net."""
    total = sum((part.percent for part in parts), ZERO)
    share = EXACT.divide(HUNDRED, HUNDRED - total)
    return tuple(replace(part, share=share) for part in parts)


def part_of(asked: Asked, country: str) -> str | None:
    """The state of a country that a supply starts from: the goods', the seller's, or the only one it is registered in."""
    seller = asked.sale.seller
    registered = {one.jurisdiction for one in seller.registrations or () if one.jurisdiction.startswith(f"{country}-")}
    stated = (asked.origin, seller.address.region, *(registered if len(registered) == 1 else ()))
    return next((place for place in stated if place and place.startswith(f"{country}-")), None)


def above(total: Decimal | int, top: Decimal | int, *, reached: bool) -> bool:
    """Above a limit, or at it where the law says `reaches`."""
    return total >= top if reached else total > top


def truth(facts: Mapping[str, Any], name: str) -> bool | None:
    """A flag among facts; whatever is no flag is unknown."""
    found = facts.get(name)
    return found if isinstance(found, bool) else None


def nowhere(asked: Asked, question: str) -> Ruling:
    """Neither the goods' nor the customer's place is known."""
    missing = "lines.ship_to.country" if asked.line.kind == "goods" else "payer.country"
    step = Step("place", question)
    return Ruling(Treatment.UNDECIDED, None, None, reason="place.unknown", steps=(step,), missing=(missing,))
