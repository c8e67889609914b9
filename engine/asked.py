"""One question as every domain is asked it, and the part of the answer that each gives."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from engine.facts import Facts
from engine.history import History
from engine.language.law import Moment
from engine.local_times import LocalTimes
from engine.money import Money, Rate, RateTable, convert
from engine.packs.compile import Compiled
from engine.packs.model import Pack
from engine.packs.packset import LawsOfPlace, PackSet
from engine.places import COUNTRIES
from engine.tax.sale import Profiles
from engine.words import Words

ISSUER: Final = "payment.issuer_country"
_KEPT: Final = 2000
"""Sets of packs that spoke together, one a set and day."""

Entries = list[dict[str, Any]]


class Conversion:
    """Converts at the rates of one day and remembers which were used."""

    __slots__ = ("_day", "_rates", "used")

    def __init__(self, rates: RateTable, day: date):
        self._rates, self._day = rates, day
        self.used: dict[tuple[str, str], Rate] = {}

    def __call__(self, money: Money, unit: str) -> Decimal | None:
        if money[1] == unit:
            return money[0]
        rate = self._rates.rate(money[1], unit, self._day)
        if rate is None:
            return None
        self.used[money[1], unit] = rate
        return convert(money, rate)


def issuer_by_iban(facts: Facts) -> str | None:
    """The place of the payer's provider as an IBAN says it, where it is not stated."""
    number = facts.get("payment.account.iban")
    place = number[:2] if number and ISSUER not in facts else None
    return place if place in COUNTRIES else None


def with_issuer(facts: Facts) -> Facts:
    """The facts with the provider's place read off an IBAN, where it is not stated."""
    place = issuer_by_iban(facts)
    return facts if place is None else Facts({**facts, ISSUER: place})


class Lookout(Protocol):
    """Looks, before a payment is made, where the engine cannot: at lists of names, and at what scenarios watch for."""

    def screened(self, facts: Facts, at: datetime) -> dict[str, Any] | None:
        """Whether somebody named is on a list: verdict, parties, lists; JSON-ready. None: there is no list, none is wanted."""
        ...

    def scenarios(self, facts: Facts, at: datetime, decision_id: str) -> list[dict[str, Any]] | None:
        """Each scenario that was asked of this payment, and what came of it: id, pack, severity, whether it fired, evidence with
        this decision's id; JSON-ready. None: of such a payment none is asked."""
        ...


class Asked(NamedTuple):
    """One question, as every domain is asked it. `occurred` is among the facts too, as `occurred_at`."""

    facts: Facts
    packs: PackSet
    words: Words
    occurred: datetime
    legal_day: date | None
    """The law of this day is asked, in every jurisdiction, instead of that of the local day of the payment."""
    decision_id: str
    evaluated: str
    conversion: Conversion
    """Shared by all domains but tax; the rates it was asked for are kept with the decision."""
    history: History
    profiles: Profiles
    places: dict[str, tuple[LawsOfPlace, Moment]]
    """The laws of each place that was asked for so far, on its own local day, and the moment of the payment there."""
    times: LocalTimes
    """Local times of the payment."""
    kept: Mapping[str, Any] = MappingProxyType({})
    """What the domain kept with the decision that is being repeated, as its `Part.inputs` were; empty at the first time."""
    lookout: Lookout | None = None
    """None: nobody looks; what was seen when the decision was first made is kept with it."""
    before: Mapping[str, Part] = MappingProxyType({})
    """What other domains have said of the same payment so far, in the order of the answer."""

    def under(self, packs: PackSet) -> Asked:
        """The same question under another release: what was looked up of this one's laws is not carried over."""
        return self._replace(packs=packs, places={})

    def law(self, place: str, domain: str) -> tuple[Compiled, Moment]:
        """The law of one domain at a place on its own local day."""
        found = self.places.get(place)
        if found is None:
            packs = self.packs
            local = self.times[packs.layers.zone(place)]
            day = self.legal_day or local.date()
            found = self.places[place] = packs.laws(place, day), Moment(day, local.hour, self.conversion)
        laws, moment = found
        return laws[domain], moment


class Part(NamedTuple):
    """What one domain adds to an answer."""

    said: dict[str, Any]
    """The domain's own object: `aml`, `kyc`, `residency`, `method`."""
    outcome: str
    """allow, challenge, collect, review or block: the strictest of all domains is the decision's."""
    obligations: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    """`{field, asked_by, would_settle}`, one entry a fact."""
    findings: list[dict[str, Any]]
    applied: list[dict[str, Any]]
    """The packs that spoke, as `applied` tells them."""
    inputs: dict[str, Any] | None = None
    """JSON-ready: what was used beside the facts, the release and the rates, kept so that the decision can be reproduced."""


class LookedAt(NamedTuple):
    """One law that a domain asked, and the facts as it asked about them: all that an explanation needs to ask it again."""

    side: str
    """Why this place's law: obliged_entity, wallet, payer, payee, home, subject, establishment, standard."""
    place: str
    compiled: Compiled
    moment: Moment
    facts: Facts
    only: Collection[str] | None = None
    """Ids of the rules that were asked; None: all."""
    about: Mapping[str, Any] = MappingProxyType({})
    """Which of several questions of one payment it was, JSON-ready."""
    beside: Sequence[dict[str, Any]] = ()
    """What was asked besides rules, each told as a rule is."""


def applied(packs: PackSet, compiled: Compiled, day: date) -> list[dict[str, Any]]:
    """Exactly which packs were applied, and the local day that chose the law."""
    known: dict[date, list[dict[str, Any]]] | None = compiled.derived.get("applied")
    if known is None:
        known = compiled.derived["applied"] = {}
    found = known.get(day)
    if found is None:
        if len(known) > 1000:
            known.clear()
        found = known[day] = [_applied(packs, pack, day) for pack in compiled.chain]
    return found


def applied_alone(packs: PackSet, pack: Pack, day: date) -> Entries:
    """A pack that was applied beside the law of a place: the same list for the same day."""
    known: dict[tuple[str, date], Entries] = packs.derived.setdefault("applied_alone", {})
    key = (pack.jurisdiction, day)
    if key not in known:
        if len(known) > _KEPT:
            known.clear()
        known[key] = [_applied(packs, pack, day)]
    return known[key]


def _applied(packs: PackSet, pack: Pack, day: date) -> dict[str, Any]:
    return {
        "jurisdiction": pack.jurisdiction,
        "version": pack.version,
        "digest": packs.digests[pack.jurisdiction],
        "as_of": day.isoformat(),
    }


def together(packs: PackSet, lists: list[Entries]) -> Entries:
    """The packs that spoke, each once and by its code: one list, as it is, where there is no other, be it an empty one."""
    if len(lists) == 1:
        return lists[0]
    known: dict[tuple[int, ...], tuple[list[Entries], Entries]] | None = packs.derived.get("packs_together")
    if known is None:
        known = packs.derived["packs_together"] = {}
    spoken = list(filter(None, lists))
    key = tuple(map(id, spoken))  # each list is held with what it led to, so that its identity stays its own
    found = known.get(key)
    if found is None:
        if len(known) >= _KEPT:
            known.clear()
        first: dict[str, dict[str, Any]] = {}
        for entries in spoken:
            for entry in entries:
                first.setdefault(entry["jurisdiction"], entry)
        found = known[key] = spoken, [first[code] for code in sorted(first)]
    return found[1]


def asked_once(profiles: Profiles) -> Profiles:
    """Stored merchants of whom every domain hears the same."""
    heard: dict[str, Mapping[str, Any] | None] = {}

    def profile(merchant: str) -> Mapping[str, Any] | None:
        if merchant not in heard:
            heard[merchant] = profiles(merchant)
        return heard[merchant]

    return profile
