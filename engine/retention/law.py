"""What the packs say of how long records are kept: their parameters by name, and what their rules of anti-money-laundering ask.

A parameter of a narrower place stands for the one of that name above it, as it does for rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from engine.packs import PackSet
from engine.packs.layers import WORLD
from engine.packs.model import Cite, Confidence, Pack, Parameter, ParameterRef, Rule


class Concern(StrEnum):
    """The body of law that a term belongs to."""

    AML = "aml"
    """Customers' files and transactions, for whoever is obliged; identification is part of it."""
    ACCOUNTING = "accounting"
    """Books, vouchers and records for tax."""
    SCHEME = "scheme"
    """Records of special schemes for tax, and of platforms."""
    PAYMENT = "payment"
    """Records of payments and of trade, where a law of their own asks for them."""


class Bound(StrEnum):
    """Which side a term binds."""

    KEEP = "keep"
    """Kept at least so long."""
    ERASE = "erase"
    """Erased at the latest then."""


class Trigger(StrEnum):
    """What a term runs from."""

    TRANSACTION = "transaction"
    RELATIONSHIP_END = "relationship_end"
    """The end of the relationship; an occasional transaction is its own end."""
    YEAR_END = "year_end"
    """The end of the financial year."""


@dataclass(frozen=True, slots=True)
class Term:
    """A number of years that a law asks for. `years` is None where the pack says that nobody has read it yet."""

    pack: str
    domain: str
    name: str
    """Of the parameter, or of the rule."""
    concern: Concern
    bound: Bound
    trigger: Trigger
    years: int | None
    source: str
    """Title of the law."""
    at: str
    """The provision."""
    confidence: Confidence
    ruled: bool = False
    """`name` is that of a rule."""

    @property
    def settles(self) -> bool:
        """Whether it tells how long the law of a place keeps records in general: what the world recommends does not, nor what is
        asked of one kind of report or of one trade."""
        return (
            self.pack != WORLD and self.bound is Bound.KEEP and (self.ruled or self.name.startswith("retention_min_"))
        )

    @property
    def unverified(self) -> bool:
        """Whether the number stands on one secondary source, or on memory."""
        return self.confidence in (Confidence.C, Confidence.R)


_NAMES: Final = (
    ("residency", re.compile(r"(fatf_)?retention_min_aml(_.+)?"), Concern.AML, Bound.KEEP, Trigger.RELATIONSHIP_END),
    ("residency", re.compile(r"retention_min_accounting(_.+)?"), Concern.ACCOUNTING, Bound.KEEP, Trigger.YEAR_END),
    (
        "residency", re.compile(r"retention_min_(payment|transaction)"), Concern.PAYMENT, Bound.KEEP,
        Trigger.TRANSACTION,
    ),
    ("residency", re.compile(r"amlr_retention_max|retention_(max|end)_aml"), Concern.AML, Bound.ERASE,
     Trigger.RELATIONSHIP_END),
    ("tax", re.compile(r".+_record_retention"), Concern.SCHEME, Bound.KEEP, Trigger.YEAR_END),
    ("aml", re.compile(r"(.+_)?retention_years"), Concern.AML, Bound.KEEP, Trigger.RELATIONSHIP_END),
)  # fmt: skip
"""Domain, name, and what parameters of that name mean. The later trigger is taken where a pack says none: for a term that keeps,
the safe side."""
_DOMAINS: Final = ("aml", "residency", "tax")
_AML: Final = "aml"
_RETAIN: Final = "retain"


def meaning(domain: str, name: str) -> tuple[Concern, Bound, Trigger] | None:
    """What a parameter of this name says of records; None: nothing.

    >>> meaning("residency", "retention_max_aml")
    (<Concern.AML: 'aml'>, <Bound.ERASE: 'erase'>, <Trigger.RELATIONSHIP_END: 'relationship_end'>)
    >>> meaning("residency", "retention_max_aml_extension")
    """
    for wanted, pattern, concern, bound, trigger in _NAMES:
        if wanted == domain and pattern.fullmatch(name):
            return concern, bound, trigger
    return None


def terms_of(packs: PackSet, place: str, day: date) -> tuple[Term, ...]:
    """Every term that the law of a place has in force on a day, the most general first."""
    return tuple(term for domain in _DOMAINS for term in _terms(packs, place, domain, day))


class RetentionLaw:
    """The terms of one day, each place looked up once."""

    def __init__(self, packs: PackSet, day: date) -> None:
        self.packs, self.day = packs, day
        self._known: dict[str, tuple[Term, ...]] = {}

    def of(self, place: str) -> tuple[Term, ...]:
        """The terms of a place."""
        found = self._known.get(place)
        if found is None:
            found = self._known[place] = terms_of(self.packs, place, self.day)
        return found


def _terms(packs: PackSet, place: str, domain: str, day: date) -> Iterator[Term]:
    chain = [packs.packs[code] for code in packs.layers.speaking(place, domain, day)]
    ruled: set[str] = set()
    for pack in chain if domain == _AML else ():
        for rule in _rules(pack, day):
            for term, stands_in in _asked(chain, pack, rule, day):
                ruled.add(stands_in)
                yield term
    named: dict[str, tuple[Pack, Parameter]] = {}
    for pack in chain:
        found = pack.domains.get(domain)
        for parameter in found.parameters.values() if found is not None else ():
            if meaning(domain, parameter.name) and parameter.at(day) is not None:
                # The narrower place comes later.
                named[parameter.name] = pack, parameter
    for name, (pack, parameter) in named.items():
        said = meaning(domain, name)
        if said is not None and name not in ruled:
            years, cite, confidence = _value(parameter, day)
            yield Term(pack.jurisdiction, domain, name, *said, years, *_article(pack, cite), confidence)


def _rules(pack: Pack, day: date) -> list[Rule]:
    found = pack.domains.get(_AML)
    rules = () if found is None else found.rules
    return [
        rule
        for rule in rules
        if rule.effect.kind == _RETAIN and rule.start <= day and (rule.end is None or day < rule.end)
    ]


def _asked(chain: list[Pack], pack: Pack, rule: Rule, day: date) -> Iterator[tuple[Term, str]]:
    """The terms of a rule that keeps records, and the parameter that they stand in."""
    # Grades sort by their letters: the greater one is the less sure.
    trigger = Trigger(str(rule.effect.details.get("from", Trigger.TRANSACTION)))
    years, cite, confidence, name = None, rule.cite, rule.confidence, ""
    stated = rule.effect.details.get("years")
    if isinstance(stated, ParameterRef):
        name = stated.name
        parameter = _nearest(chain, name)
        if parameter is not None:
            years, found, grade = _value(parameter, day)
            cite, confidence = cite or found, max(confidence, grade)
    elif isinstance(stated, int):
        years = stated
    article = _article(pack, cite)
    yield (
        Term(
            pack.jurisdiction, _AML, rule.id, Concern.AML, Bound.KEEP, trigger, years, *article, confidence, ruled=True
        ),
        name,
    )
    most = rule.effect.details.get("at_most")
    if isinstance(most, int):
        term = Term(
            pack.jurisdiction, _AML, rule.id, Concern.AML, Bound.ERASE, trigger, most, *article, confidence, ruled=True
        )
        yield term, name


def _nearest(chain: list[Pack], name: str) -> Parameter | None:
    found = None
    for pack in chain:
        domain = pack.domains.get(_AML)
        found = (None if domain is None else domain.parameters.get(name)) or found
    return found


def _value(parameter: Parameter, day: date) -> tuple[int | None, Cite | None, Confidence]:
    """Years, provision and confidence on a day. Another unit than years is a number that nobody has read here."""
    value = parameter.at(day)
    if value is None:
        return None, parameter.cite, parameter.confidence
    known = value.known and isinstance(value.value, int) and parameter.unit in (None, "years")
    return (
        int(value.value) if known else None,
        value.cite or parameter.cite,
        value.confidence or parameter.confidence,
    )


def _article(pack: Pack, cite: Cite | None) -> tuple[str, str]:
    if cite is None:
        return "", ""
    source = pack.sources.get(cite.source)
    return (source.title if source is not None else cite.source), cite.at
