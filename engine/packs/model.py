"""A rulepack as the engine holds it: immutable records, each with its place in the file and its citation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from engine.language.law import Gap
from engine.language.tree import Expr
from engine.language.types import Type
from engine.packs.feature import Feature
from engine.packs.problems import Spot
from engine.packs.scenario import Scenario
from engine.packs.yaml import Scalar

UNREAD_START: Final = date.min
"""`from: unread`: the rule is older than what was read; it holds on every earlier day that anybody asks for."""

DOMAINS: Final = ("sca", "aml", "kyc", "residency", "methods", "tax")


class Basis(StrEnum):
    """Whose rule it is."""

    STATUTE = "statute"
    """Law, regulation, or a regulator's binding instruction."""
    GUIDANCE = "guidance"
    """A supervisor's reading, a scheme's or an industry's rule."""
    HOUSE = "house"
    """The operator's own choice, never milder than the law."""


class Confidence(StrEnum):
    """How surely the fact is known."""

    A = "A"
    """Read in a primary text."""
    B = "B"
    """Two independent sources."""
    C = "C"
    """One secondary source."""
    R = "R"
    """Recalled; to be checked."""


def weakest(grades: Iterable[str | None]) -> str | None:
    """The least sure of these grades, which sort by their letters; None where nothing is graded."""
    found = max([grade for grade in grades if grade is not None], default=None)
    return None if found is None else str(found)


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument that a pack cites."""

    id: str
    title: str
    kind: str
    url: str | None
    published: date | None
    in_force: date | None
    applies: date | None
    spot: Spot


@dataclass(frozen=True, slots=True)
class Cite:
    """A provision of a source."""

    source: str
    at: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Verified:
    """When somebody last saw that it still holds."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Member:
    """A place within a group, from a day, to the day before another."""

    place: str
    start: date
    end: date | None
    time_zone: str | None
    cite: Cite | None
    confidence: Confidence | None
    note: str
    evidence: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from a day on: a value, or why there is none. Pending values are never selected."""

    start: date
    value: Any
    raw: str
    cite: Cite | None
    confidence: Confidence | None
    note: str
    evidence: str
    spot: Spot
    pending: bool = False
    deadline: date | None = None

    @property
    def known(self) -> bool:
        """Whether there is a number to compute with."""
        return not isinstance(self.value, Gap)


@dataclass(frozen=True, slots=True)
class Overridable:
    """Who may set another value, and in which direction."""

    by: str
    direction: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated number, word or list. `type` is None for lists and words that no condition compares."""

    name: str
    label: str
    kind: str
    unit: str | None
    type: Type | None
    basis: Basis
    cite: Cite | None
    confidence: Confidence
    note: str
    evidence: str
    """Where it was read: `title <url>`."""
    values: tuple[Value, ...]
    overridable: Overridable | None
    verified: Verified | None
    spot: Spot

    def at(self, day: date) -> Value | None:
        """The entry in force on a day."""
        found = None
        for value in self.values:
            if value.start <= day and not value.pending:
                found = value
        return found


@dataclass(frozen=True, slots=True)
class LetDef:
    """A named expression."""

    name: str
    label: str
    text: Scalar
    body: Expr
    spot: Spot


@dataclass(frozen=True, slots=True)
class Oblige:
    """What somebody must do."""

    code: str
    who: str
    within: str | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows when a rule fires: `kind` of the domain's closed set, the name it gives, and its details."""

    kind: str
    name: str
    by: tuple[str, ...] = ()
    always: bool = False
    dynamic_linking: bool = False
    forbid: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    liability: str | None = None
    outcome: str | None = None
    oblige: tuple[Oblige, ...] = ()
    details: Mapping[str, Detail] = field(default_factory=dict)
    """What the domain wants to know beside the name: the authority of a report, the fields to collect. See `effects.DETAILS`."""


@dataclass(frozen=True, slots=True)
class ParameterRef:
    """A detail that a parameter gives, so that it has dates and a citation of its own."""

    name: str


Detail = str | int | tuple[str, ...] | ParameterRef


@dataclass(frozen=True, slots=True)
class Reading:
    """A choice between two readings of the law, and whose it is."""

    chosen: str
    alternative: str
    by: str


@dataclass(frozen=True, slots=True)
class Test:
    """An example that travels with the rule: facts in, `fires`, `silent` or the missing facts out."""

    name: str
    on: date | None
    hour: int
    """Local hour of the payment, 0 to 23; noon unless stated."""
    given: Mapping[str, Any]
    expect: str
    missing: tuple[str, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Case:
    """A whole payment and what the law makes of it: facts in, named fields of the answer out."""

    name: str
    on: date | None
    hour: int
    """Local hour of the pack, 0 to 23; noon unless stated."""
    given: Mapping[str, Any]
    expect: Mapping[str, Any]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of law with everything that belongs to it."""

    id: str
    title: str
    basis: Basis
    cite: Cite | None
    confidence: Confidence
    connecting: str
    start: date
    end: date | None
    text: Scalar
    when: Expr
    effect: Effect
    unless: tuple[str, ...]
    message: str
    """Key of the sentence in the message catalogues; the title itself unless a rule names another."""
    reading: Reading | None
    note: str
    evidence: str
    tests: tuple[Test, ...]
    verified: Verified | None
    spot: Spot


class RateKind(StrEnum):
    """What the law calls a rate of tax."""

    STANDARD = "standard"
    REDUCED = "reduced"
    SUPER_REDUCED = "super_reduced"
    PARKING = "parking"
    INCREASED = "increased"
    ZERO = "zero"
    """Taxable at 0 %."""
    EXEMPT = "exempt"
    """Not taxed: there is no percentage."""


@dataclass(frozen=True, slots=True)
class TaxRate:
    """One line of a table of consumption tax rates: what one tax takes of one category of supplies, from a day to the day
    before another."""

    id: str
    """Unique within the pack; it survives sorting and is never used for another line."""
    category: str
    """`standard` for whatever has no line of its own, or a category of `contract.md`: food, books, ebooks, hotel, ..."""
    kind: str
    """A `RateKind`: what the law calls the rate."""
    component: str
    """Which of several taxes on one supply: vat, gst, cgst, sgst, igst, pst, qst, sales_tax, icms, iss, pis, cofins, cbs, ..."""
    percent: Decimal | None
    """None: exempt, or (`unread`) a rate that nobody has read yet."""
    unread: bool
    share: Decimal
    """The share of the price that is taxed: 1 but where the law taxes a part (11/12 in Indonesia, 80 % of data processing in
    Texas). Written as a fraction or a decimal in the file, exact here as far as 28 digits go."""
    supplies: tuple[str, ...]
    """Kinds of line it speaks of (goods, digital, service, ...); none: all."""
    condition: str
    """What else the law asks, in words, where no fact of a line tells it: shown with the answer."""
    start: date
    end: date | None
    basis: Basis
    cite: Cite | None
    confidence: Confidence
    evidence: str
    note: str
    verified: Verified | None
    spot: Spot

    def on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Territory:
    """A part of a country that its tax law, or the customs union, treats otherwise: known by postcode, or by its own code."""

    id: str
    name: str
    place: str | None
    """Its own ISO code where it has one (`ES-CN`, `GP`)."""
    postal_codes: tuple[str, ...]
    """Prefixes of postcodes in the country of the pack, or ranges `6991-6993`. Where buyers write the neighbour's country, the
    neighbour's postcode as `CH:8238`."""
    vat_area: bool
    """Within the country's (and the Union's) tax area."""
    customs_area: bool
    treated_as: str | None
    """The place whose rates hold there (`CH` for Büsingen, `FR` for Monaco); None: the country's own or none."""
    start: date
    end: date | None
    cite: Cite | None
    confidence: Confidence
    evidence: str
    note: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Domain:
    """One domain file of a pack."""

    name: str
    parameters: Mapping[str, Parameter]
    lets: Mapping[str, LetDef]
    rules: tuple[Rule, ...]
    cases: tuple[Case, ...]
    note: str
    files: tuple[str, ...]
    rates: tuple[TaxRate, ...] = ()
    territories: tuple[Territory, ...] = ()
    features: Mapping[str, Feature] = field(default_factory=dict)
    scenarios: tuple[Scenario, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A jurisdiction's law, as one version states it."""

    jurisdiction: str
    name: str
    version: str
    extends: tuple[str, ...]
    members: tuple[Member, ...]
    time_zone: str
    currency: str
    on_unknown: Mapping[str, str]
    sources: Mapping[str, Source]
    verified: Verified
    spot: Spot
    list_for: tuple[str, ...] = ()
    """Of a list, such as the FATF's: the domains whose conditions may ask who is on it. A list is nobody's law."""
    domains: Mapping[str, Domain] = field(default_factory=dict)

    def members_on(self, day: date) -> frozenset[str]:
        """The places within the group on a day."""
        return frozenset(m.place for m in self.members if m.start <= day and (m.end is None or day < m.end))


def on_unknown(chain: Sequence[Pack], domain: str) -> str | None:
    """The outcome of what cannot be told, as the most particular pack of a chain says that says anything."""
    return next((pack.on_unknown[domain] for pack in reversed(chain) if domain in pack.on_unknown), None)
