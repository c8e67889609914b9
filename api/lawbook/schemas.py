"""The law as it is told: places, domains, rules as clauses, parameters with all their values."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from api.schemas import Said

Grade = Literal["A", "B", "C", "R"]
State = Literal["past", "in_force", "coming", "awaited"]


class PieceBody(Said):
    """A stretch of a sentence."""

    kind: str
    """text, fact, value, place, parameter (its value), name (of a parameter), term, past (a feature), rule, effect."""
    text: str
    ref: str | None
    """The path of a fact, the name of a parameter, term or feature, the code of a place, the id of a rule."""


class ClauseBody(Said):
    """A sentence and those under it.

    `kind`: `is` (one sentence); `all`, `any`, `not_all`, `none` (of the children); `choose` with `when`, `so` and `else`; `some`,
    `every`, `no_one`, `not_every` (elements of a list, `where` before it says of which); `then` (what follows) and `detail`.
    """

    kind: str
    text: str
    """Without the children."""
    pieces: list[PieceBody]
    children: list[ClauseBody]
    expression: str
    """What it stands for, in the rule language; empty for what follows."""
    start: int
    end: int
    """Columns of the rule's own text, from 0, the end excluded. 0 and 0: it stands for no stretch of it."""


class CitedBody(Said):
    """An instrument and a provision of it."""

    source: str
    instrument: str
    provision: str
    url: str | None


class VerifiedBody(Said):
    """When somebody last saw that it still holds."""

    on: date
    by: str
    own: bool
    """Whether it was said of this entry; otherwise of its pack as a whole."""
    days: int
    """Passed since, today."""


class HeldBody(Said):
    """A rule that stops no payment: where it would, a person looks at it."""

    since: datetime
    why: str


class EntryBody(Said):
    """What every entry of the law has."""

    pack: str
    path: str
    """The file of the pack that it stands in."""
    line: int
    cite: CitedBody | None
    confidence: Grade | None
    verified: VerifiedBody
    note: str | None
    evidence: str | None


class NamedBody(Said):
    """Something with an id and words."""

    id: str
    title: str


class ReadingBody(Said):
    """A choice between two readings, and whose it is."""

    chosen: str
    alternative: str
    by: str


class RuleProseBody(EntryBody):
    """A rule: its condition and its consequence as sentences, beside the expression itself."""

    id: str
    title: str
    basis: str
    applies_from: date | None
    """null: the start was not read."""
    applies_to: date | None
    """The first day on which it no longer holds."""
    expression: str
    when: ClauseBody
    sentence: str
    """The condition in one line."""
    unless: list[NamedBody]
    then: ClauseBody
    effect: str
    """The kind of what follows: require, exempt, report, limit ..."""
    effect_name: str
    """The name it gives: low_value, cash_payment_max ..."""
    reading: ReadingBody | None
    held_back: HeldBody | None
    tests: int


class ValueBody(Said):
    """A dated value of a parameter."""

    since: date | None
    """null: the start was not read, or it is awaited."""
    until: date | None
    """The first day of the next one."""
    value: Any
    """As it is written: a text, a list of words; null: the law sets none, or nobody has read it."""
    text: str
    state: State
    awaited_by: date | None
    confidence: Grade
    cite: CitedBody | None
    note: str | None


class ParameterBody(EntryBody):
    """A number, a word or a list of the law, with its value of the day and every other."""

    name: str
    said: str
    """The name in words."""
    label: str
    type: str
    unit: str | None
    basis: str
    value: ValueBody
    values: list[ValueBody]
    """All of them, the earliest first."""
    overridable: bool
    used_by: list[NamedBody]
    """The rules that turn on it."""


class TermBody(Said):
    """A named expression that conditions use."""

    name: str
    label: str
    pack: str
    expression: str
    when: ClauseBody


class FeatureBody(Said):
    """What conditions ask of past payments."""

    name: str
    label: str
    pack: str
    text: str
    """What is counted, and over which time."""


class RateBody(EntryBody):
    """A line of a table of rates of tax."""

    id: str
    component: str
    category: str
    said: str
    """The category in words."""
    kind: str
    percent: str | None
    text: str
    """`7%`, exempt, or that nobody has read it."""
    condition: str | None
    since: date | None
    until: date | None
    state: State


class TurnBody(Said):
    """A day on which something changes, and what."""

    day: date
    what: list[str]


class DomainBody(Said):
    """One domain of the law of a place."""

    domain: str
    note: str | None
    period_from: date | None
    """Since when nothing has changed; null: since ever."""
    changes_on: date | None
    """The next day on which something does."""
    turns: list[TurnBody]
    """Every day on which something of these packs begins or ends."""
    rules: list[RuleProseBody]
    parameters: list[ParameterBody]
    terms: list[TermBody]
    features: list[FeatureBody]
    rates: list[RateBody]
    confidence: dict[str, int]
    """How many entries there are of each grade."""
    unread: int
    """Values that the law has and nobody has read."""


class LayerBody(Said):
    """One pack of the law of a place, the more general first."""

    jurisdiction: str
    name: str
    version: str
    digest: str
    verified_on: date
    verified_by: str


class KnownBody(Said):
    """The release in which the law is told."""

    digest: str
    version: str
    since: datetime
    """Since when it was in force here."""
    current: bool


class PlaceBody(Said):
    """A country, a part of one, or a group."""

    jurisdiction: str
    name: str


class LawBody(Said):
    """The law of a place as of a day, as it was known on a day."""

    jurisdiction: str
    name: str
    at: date
    known: date
    release: KnownBody
    language: str
    time_zone: str
    packs: list[LayerBody]
    members: list[PlaceBody]
    parts: list[PlaceBody]
    """Parts of it that have law of their own."""
    speaks_of: list[str]
    """Every domain of which something is told there."""
    domains: list[DomainBody]


class CoverageBody(Said):
    """How much is told of one domain, and how surely."""

    level: Literal["none", "little", "law"]
    entries: int
    unread: int
    typical: Grade | None
    """The confidence of the middle entry."""
    weakest: Grade | None


class JurisdictionBody(PlaceBody):
    """A line of the list of jurisdictions."""

    kind: Literal["country", "group"]
    region: str
    """africa, americas, asia, europe, oceania; of groups: groups."""
    parts: list[PlaceBody]
    domains: dict[str, CoverageBody]


class JurisdictionPage(Said):
    """Every country there is and every group that has law."""

    at: date
    release: str
    language: str
    data: list[JurisdictionBody]
    next: str | None


class ChangedRowBody(Said):
    """One entry in two places. null: there is none like it."""

    key: str
    title: str
    same: bool
    """Whether both say the same, in the same words."""


class RuleRowBody(ChangedRowBody):
    """A rule beside its like."""

    a: RuleProseBody | None
    b: RuleProseBody | None


class ParameterRowBody(ChangedRowBody):
    """A parameter beside its like."""

    a: ParameterBody | None
    b: ParameterBody | None


class RateRowBody(ChangedRowBody):
    """A rate beside its like."""

    a: RateBody | None
    b: RateBody | None


class ComparedBody(Said):
    """One domain in two places."""

    domain: str
    rules: list[RuleRowBody]
    parameters: list[ParameterRowBody]
    rates: list[RateRowBody]
    different: int
    alike: int


class BesideBody(Said):
    """Two places side by side."""

    a: PlaceBody
    b: PlaceBody
    at: date
    known: date
    release: KnownBody
    language: str
    domains: list[ComparedBody]


class GridNameBody(Said):
    """A parameter that packs set, or a category of rates."""

    name: str
    said: str
    domain: str
    packs: int
    """How many packs say something of it."""


class GridNamePage(Said):
    """What a grid can be made of, what most packs have first."""

    data: list[GridNameBody]
    next: str | None


class GridLineBody(Said):
    """One dated value in one pack."""

    jurisdiction: str
    place: str
    """Its name."""
    domain: str
    id: str
    """The name of the parameter, or the id of the rate."""
    title: str
    unit: str | None
    value: Any
    text: str
    since: date | None
    until: date | None
    state: State
    confidence: Grade
    cite: CitedBody | None
    verified: VerifiedBody
    condition: str | None


class GridPage(Said):
    """One parameter, or one category of rates, everywhere."""

    at: date
    release: str
    language: str
    data: list[GridLineBody]
    next: str | None


class KnowledgeBody(Said):
    """What a release said of a parameter."""

    release: str
    version: str
    since: datetime
    """When it came into force here."""
    values: list[ValueBody]


class LayerHistoryBody(Said):
    """A parameter in one pack: its values, and what earlier releases said."""

    pack: str
    place: str
    domain: str
    parameter: ParameterBody
    known: list[KnowledgeBody]
    """The newest first; a release that said the same as the one before is left out."""


class HistoryBody(Said):
    """Everything that was ever known of a parameter of a place."""

    jurisdiction: str
    name: str
    parameter: str
    at: date
    language: str
    layers: list[LayerHistoryBody]
    """The most particular pack first: it is the one that holds."""
