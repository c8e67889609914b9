"""What was read of one publication: each statement with the span of the text that it stands on.

Offsets count characters of `Reading.text`, half-open; `text[start:end]` is the evidence, as it is shown to an officer. Amounts
and percentages are exact decimals; scores of classifiers are floats between 0 and 1 and decide nothing that is law.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """How far a change of the law is. Only what is adopted can become a draft of a value."""

    ANNOUNCED = "announced"
    """Somebody intends it: a plan, a budget speech, a bill that is not passed."""
    CONSULTATION = "consultation"
    ADOPTED = "adopted"
    """Passed, published or made; the day it applies from is not told."""
    IN_FORCE_SCHEDULED = "in_force_scheduled"
    """Adopted, and applies from a day after its publication."""
    IN_FORCE = "in_force"
    POSTPONED = "postponed"
    WITHDRAWN = "withdrawn"
    """Given up, struck down, or denied: it will not be."""
    GUIDANCE = "guidance"
    """A reading of law that is there: guidelines, questions and answers, circulars."""
    ENFORCEMENT = "enforcement"
    """A fine, a licence taken away, a warning of somebody."""
    IRRELEVANT = "irrelevant"

    @property
    def is_law(self) -> bool:
        """Whether the change is made, be it that it applies later."""
        return self in {Status.ADOPTED, Status.IN_FORCE_SCHEDULED, Status.IN_FORCE}


class Topic(StrEnum):
    """What field of law: Lexgate's own domains, and what its readers ask for beside them."""

    SCA = "sca"
    AML = "aml"
    KYC = "kyc"
    SANCTIONS = "sanctions"
    RESIDENCY = "residency"
    """Personal data and where it may be: localisation, transfers, adequacy."""
    METHODS = "methods"
    """Payment tools: instant payments, wallets, cards, cash, open banking."""
    TAX = "tax"
    """VAT, GST, sales tax, withholding on payments."""
    LICENSING = "licensing"
    """Of payment institutions, e-money, crypto-asset services."""


class ChangeType(StrEnum):
    """What is changed."""

    RATE = "rate"
    """A percentage: VAT, withholding, a cap on fees."""
    THRESHOLD = "threshold"
    """An amount, a count or a period from which something holds: limits, exemptions, reporting."""
    LIST = "list"
    """Who or what stands on a list: sanctioned parties, high-risk countries, adequate countries."""
    DUTY = "duty"
    """Something must be done, reported, kept or shown that need not before, or differently."""
    PROHIBITION = "prohibition"
    DATE = "date"
    """The day from which something applies is moved."""
    REPEAL = "repeal"
    NONE = "none"
    """Nothing changes: guidance on what is there, enforcement, news."""


class DateRole(StrEnum):
    """What happens on a day."""

    PUBLISHED = "published"
    ADOPTED = "adopted"
    IN_FORCE = "in_force"
    APPLIES = "applies"
    """The day from which it must be followed; a text may be in force long before."""
    CONSULTATION_UNTIL = "consultation_until"
    ENDS = "ends"
    """The last day or the day of lapse of what is temporary."""
    MENTIONED = "mentioned"


class Unit(StrEnum):
    """Of a number that is replaced by another."""

    PERCENT = "percent"
    AMOUNT = "amount"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. `currency`: ISO 4217, of amounts only."""

    span: Span
    value: Decimal
    unit: Unit
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A number and the one that takes its place. `old` is None where the text tells the new one only."""

    span: Span
    """From the first to the last of its words."""
    old: Quantity | None
    new: Quantity
    about: str = ""
    """The words of the sentence that say of what, as they stand: `the standard rate of VAT`."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A day and what happens on it."""

    span: Span
    day: date
    role: DateRole
    exact: bool = True
    """False: only the month or the year is told; `day` is its first."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, a directive, a circular that is named. `name`: canonical, `Directive (EU) 2015/2366`; `provision`: `Art. 16(2)`."""

    span: Span
    name: str
    kind: str
    """`directive`, `regulation`, `act`, `decree`, `circular`, `notice`, `decision`, `guidelines`, `bill`, `other`."""
    provision: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A regulator (`name`: its short name) or a place (`name`: ISO 3166-1, 3166-2, `EU`, `EEA`, `INT`)."""

    span: Span
    name: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A word or phrase that says how far a thing is, with the status that it speaks for. `negated`: it is denied."""

    span: Span
    status: Status
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """A class and how sure the classifier is of it."""

    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read of an item. `text`: its title, a line feed, and its text."""

    text: str
    language: str
    """ISO 639-1, of the language that most of it is in; `und` where that cannot be told."""
    status: Status
    status_span: Span | None
    """The words that decided it; None where the classifiers or the absence of such words did."""
    relevance: float
    relevant: bool
    topics: tuple[Scored, ...]
    """Those that are held to be meant, best first; empty where irrelevant."""
    change: ChangeType
    change_score: float
    places: tuple[Named, ...]
    """Of the law that is told of, the likeliest first; the source's own where the text names none."""
    regulators: tuple[Named, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    pairs: tuple[Pair, ...] = ()
    dates: tuple[Dated, ...] = ()
    clauses: tuple[Clause, ...] = ()
    corrects: Span | None = None
    """Words that say that this corrects or takes back an earlier publication."""

    @property
    def effective(self) -> Dated | None:
        """The day from which it must be followed: `applies` before `in_force`, an exact one before a month; None if not told."""
        for role in (DateRole.APPLIES, DateRole.IN_FORCE):
            found = sorted((one for one in self.dates if one.role is role), key=lambda one: not one.exact)
            if found:
                return found[0]
        return None

    def quoted(self, span: Span) -> str:
        """The evidence."""
        return self.text[span.start : span.end]
