"""What differs between two releases: changes of the text by stable ids, and what each means for payments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What changed."""

    PACK = "pack"
    DOMAIN = "domain"
    SETTING = "setting"
    """Of a pack: its time zone, currency, what it extends, the outcome of what is not known."""
    MEMBER = "member"
    SOURCE = "source"
    PARAMETER = "parameter"
    VALUE = "value"
    """One dated entry of a parameter."""
    TERM = "term"
    FEATURE = "feature"
    RULE = "rule"
    TEST = "test"
    CASE = "case"
    RATE = "rate"
    TERRITORY = "territory"
    SCENARIO = "scenario"
    REGION = "region"
    MESSAGE = "message"
    DEMOTION = "demotion"
    """A rule that is held back: it stops no payment."""


class Act(StrEnum):
    """What became of it."""

    ADDED = "added"
    ENDED = "ended"
    """It has a last day now, or an earlier one."""
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    """It stands elsewhere: in another file, domain or pack, or in another order."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the text. `before` and `after` are JSON-ready; None where there was, or is, nothing."""

    kind: Kind
    act: Act
    pack: str
    domain: str | None
    name: str
    """The stable id: of a value its first day, of a member its place and first day."""
    path: str
    """`parameters.low_value_limit.values[from=2026-12-01]`, below the domain or the pack."""
    label: str
    """What people call it."""
    before: Any
    after: Any
    fields: tuple[str, ...]
    """The leaves that differ, by dots; none where it came or went."""
    cite: Mapping[str, str | None] | None
    """`{source, at, title, url}` of the law it rests on now, or rested on before it went."""
    basis: str | None
    """statute, guidance or house; None where it is nobody's law."""
    effective: date | None
    """The first day on which it bears; None: on every day."""
    statute: bool
    """What a statute says changes, in what it says or in what it cites: a second person approves."""
    bears: bool
    """A decision may turn on it. False: words, citations, tests and the order of files."""
    touches: frozenset[str]
    """The domains in which a decision may turn on it."""
    file: str
    was_file: str | None = None
    """Where it stood, if that was elsewhere."""
    unit: str | None = None


class Verdict(StrEnum):
    """What a change means for payments."""

    EQUIVALENT = "equivalent"
    """No payment is decided otherwise: proved."""
    SAME_OUTCOME = "same_outcome"
    """Equivalent in outcome: only findings differ, such as the rule that is named."""
    COUNTEREXAMPLE = "counterexample"
    """A payment is decided otherwise: here it is, decided under both releases."""
    NOT_DECIDED = "not_decided"


class Why(StrEnum):
    """What a verdict rests on."""

    SAME_CONDITION = "same_condition"
    """Written otherwise, the condition says the same."""
    NO_PAYMENT = "no_payment"
    """Every range of every fact was gone through: nothing tells the two apart."""
    NEVER = "never"
    """No payment meets the condition."""
    NOBODY_READS = "nobody_reads"
    """No rule, effect, scenario or question of the engine asks for it."""
    SAME_TABLE = "same_table"
    """The lines say the same on every day."""
    NEVER_IN_FORCE = "never_in_force"
    """It is in force on no day, in either release."""
    SAME_EFFECT = "same_effect"
    """Other rules of the same effect hold wherever this one did, and nowhere else."""
    DECIDED = "decided"
    """The payment was decided under both releases, and the answers differ."""
    ONLY_FINDINGS = "only_findings"
    """Payments were found of which findings differ, none of which the outcome does; not all could be tried."""
    NO_EXAMPLE = "no_example"
    """The conditions differ, but no whole payment was found that is decided otherwise."""
    CAPPED = "capped"
    """The search was cut off."""
    SEVERAL_FACTS = "several_facts"
    """Comparisons of several facts with one another stood in the way."""
    CURRENCIES = "currencies"
    """Amounts in several currencies are compared: it turns on exchange rates."""
    AFTERWARDS = "afterwards"
    """It is looked for in payments together, after they were made: a back-test tells."""
    EXAMPLES_ONLY = "examples_only"
    """No condition reads it: the examples of the packs were decided under both releases, and none differs."""
    TOO_MANY = "too_many"
    """There are more questions than one comparison looks at."""


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A payment decided under both releases. Everything is JSON-ready."""

    transaction: Mapping[str, Any]
    """A whole Transaction of the contract."""
    domains: tuple[str, ...]
    """What was asked about it."""
    past: tuple[Mapping[str, Any], ...]
    """Payments made before, where the law asks the past."""
    known: Mapping[str, Any]
    """What history was taken to answer, by the name of the feature."""
    was: Mapping[str, Any]
    """`{outcome, verdict, said}`: the answer under the old release, without its words."""
    now: Mapping[str, Any]
    differences: tuple[Mapping[str, Any], ...]
    """`{pointer, was, now}` of the answer, words and citations left out."""
    findings_was: tuple[str, ...]
    """Rules that speak under the old release alone."""
    findings_now: tuple[str, ...]
    day_before: bool | None
    """Whether the same payment a day before the period is decided alike; None: it was not asked."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one rule, parameter, table or membership means for payments in one period of law."""

    kind: Kind
    pack: str
    domain: str | None
    name: str
    label: str
    verdict: Verdict
    why: Why
    start: date | None
    """First day of the period; None: from the beginning, or on every day."""
    end: date | None
    """First day after it."""
    places: tuple[str, ...]
    """Where the law differs so; none: it was not asked of a place."""
    equal_before: bool
    """On the day before `start` both releases say the same of it."""
    because: tuple[str, ...]
    """Paths of the changes that it comes from."""
    within: str | None = None
    """The currency of the payments of which it is proved, where amounts converted from another may fall between two cents."""
    example: Counterexample | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two releases compared."""

    was: str
    """Digest of the old release."""
    now: str
    changes: tuple[Change, ...]
    meanings: tuple[Meaning, ...]
    reformatted: tuple[str, ...]
    """Files whose text differs in form alone: comments, spaces, brackets."""

    @property
    def touches_statute(self) -> bool:
        """Whether a second person of the law must approve."""
        return touches_statute(self.changes)

    @property
    def domains(self) -> frozenset[str]:
        """The domains in which anything changed that a decision may turn on."""
        return domains_touched(self.changes)

    @property
    def text_only(self) -> bool:
        """Whether nothing changed that a decision may turn on."""
        return not any(change.bears for change in self.changes)


def touches_statute(changes: Iterable[Change]) -> bool:
    """Whether what a statute says, or which statute says it, is among the changes."""
    return any(change.statute for change in changes)


def domains_touched(changes: Iterable[Change]) -> frozenset[str]:
    """The domains in which a decision may turn on these changes. What belongs to a whole pack touches all its domains."""
    return frozenset(domain for change in changes if change.bears for domain in change.touches)


def place_of(change: Change) -> str:
    """Where a change stands: `EEA/sca: rules[sca.low_value]`."""
    return f"{change.pack}/{change.domain}: {change.path}" if change.domain else f"{change.pack}: {change.path}"
