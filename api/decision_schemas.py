"""Stored decisions as they are looked for, listed and handed to an auditor, for FastAPI and its document."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from api.explanations import ExplanationBody
from api.schemas import DecisionPage, Difference, Said
from engine.decision import DecisionBody, Outcome
from engine.history import EventKind
from engine.ledger import DecisionsWanted
from engine.places import country_of
from engine.wire import Amount, Instant, read_place


def no_nul(text: str) -> str:
    """A text without U+0000, which no store here can hold."""
    if "\0" in text:
        raise PydanticCustomError("nul_character", "The character U+0000 is in no stored text")
    return text


def _country(value: object) -> object:
    place = read_place(value)
    if country_of(place) != place:
        raise PydanticCustomError("place_type", "A country is wanted")
    return place


def _amount(value: object) -> object:
    """An amount in a query is written as text."""
    if isinstance(value, str) and not value.strip():
        raise PydanticCustomError("decimal_form", "A decimal number is wanted")
    return value


Text = Annotated[str, AfterValidator(no_nul), Field(min_length=1, max_length=200)]
Size = Annotated[Amount, BeforeValidator(_amount)]
Country = Annotated[
    str, BeforeValidator(_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"}), Field(examples=["FR"])
]
Verdict = Annotated[
    str, Field(pattern=r"^(sca|aml|kyc|residency|tax|methods):[a-z_]{1,40}$", examples=["sca:required"])
]


class DecisionQuery(BaseModel):
    """What a decision must be to be listed. Whatever is not asked, does not matter."""

    model_config = ConfigDict(use_attribute_docstrings=True, frozen=True)

    outcome: Outcome | None = None
    """What was answered."""
    reference: Text | None = None
    """The caller's own id, in full."""
    q: Text | None = None
    """A part of the reference or of the decision's id, whatever the case of its letters."""
    country: Country | None = None
    """A country that was stated."""
    role: Literal["payer", "payee", "issuer", "acquirer"] | None = None
    """Whose country it must be; default: anybody's."""
    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9\-]{1,19}$", examples=["EEA"])] | None = None
    """Whose rulepack was applied."""
    rule: (
        Annotated[str, Field(pattern=r"^([A-Z0-9\-]{2,20}/)?[a-z0-9_.]{1,100}$", examples=["EEA/sca.low_value"])] | None
    ) = None
    """A rule that fired, with its pack or without."""
    verdict: Annotated[list[Verdict], Field(max_length=6)] = []
    """Domain and its verdict; several: each of them."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])] | None = None
    """Of the amount."""
    amount_from: Size | None = None
    """At least so much, in whatever currency unless `currency` is told."""
    amount_to: Size | None = None
    """At most so much."""
    since: Instant | None = None
    """Decided at this instant or later."""
    until: Instant | None = None
    """Decided before this instant."""
    payer: Text | None = None
    """The caller's id of the payer."""
    merchant: Text | None = None
    """Id of a merchant."""
    release: Annotated[str, Field(pattern=r"^(sha256:)?[0-9a-f]{64}$")] | None = None
    """The law that answered, by its digest."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    """How many at most."""
    after: Annotated[str, AfterValidator(no_nul), Field(max_length=64)] | None = None
    """`next` of the page before."""
    view: Literal["whole", "summary"] = "whole"
    """Decisions as they were answered, or what a list shows of them."""

    def wanted(self) -> DecisionsWanted:
        """The same for the ledger."""
        release = self.release
        return DecisionsWanted(
            self.outcome, self.reference, self.q, self.country, self.role if self.country else None, self.jurisdiction,
            self.rule, tuple((one.split(":")[0], one.split(":")[1]) for one in self.verdict), self.currency,
            self.amount_from, self.amount_to, self.since, self.until, self.payer, self.merchant,
            release if release is None or release.startswith("sha256:") else f"sha256:{release}",
        )  # fmt: skip


class DecisionSummary(Said):
    """What a list shows of a decision."""

    id: str
    at: datetime
    """When it was made."""
    outcome: Outcome
    reference: str | None
    payer: str | None
    """The caller's id."""
    merchant: str | None
    amount: str | None
    currency: str | None
    verdicts: dict[str, str]
    """By domain."""
    countries: dict[str, str]
    """By role: payer, payee, issuer, acquirer."""
    stated: dict[str, str]
    """kind, instrument, method, channel, as far as they were stated."""
    rulepacks: list[str]
    rules: list[str]
    """Those that fired, with their packs."""
    release: str
    erased: bool | None = None
    """true: whom it was about was erased, and what would say more of them is null or empty. Absent: it was not."""


class SummaryPage(Said):
    """Decisions in short, the newest first."""

    data: list[DecisionSummary]
    next: str | None
    """Send as `after` for what is older; null: nothing is."""
    searched_until: datetime | None = None
    """A search looks at 100,000 decisions at most: it came back to here, and `next` goes on. Absent: it came to the end, or
    the page is full."""
    searched_from: datetime | None = None
    """Only decisions up to here can be found by now; what is newer is being taken in. Absent: all can."""


class WholePage(DecisionPage):
    """Decisions as they were answered, the newest first."""

    searched_until: datetime | None = None
    """As in the short form."""
    searched_from: datetime | None = None


class ToldEvent(Said):
    """What was told of a decision. Its details stay where they are."""

    kind: EventKind
    at: datetime
    recorded_at: datetime


class EventList(Said):
    """All that was told of a decision, in the order in which it was."""

    data: list[ToldEvent]


class AskedOfPayer(Said):
    """Something that the payer is asked for."""

    field: str
    why: str


class PayerMessage(Said):
    """What the payer is told in one language."""

    locale: str
    message: str
    collect: list[AskedOfPayer]
    """What is asked for, and why, in the payer's words."""
    checks: list[AskedOfPayer]
    """What cannot be right."""


class MessagesBody(Said):
    """What the payer is told, by language. It gives away nothing of why a payment is looked at or stopped."""

    id: str
    outcome: Outcome
    locale: str
    """The language of the answer that was given."""
    data: list[PayerMessage]


class DocumentedPayment(Said):
    """What was asked about, without anything of a person."""

    kind: str | None
    instrument: str | None
    method: str | None
    channel: str | None
    amount: str | None
    currency: str | None
    countries: dict[str, str]
    merchant: str | None


class DocumentedRequest(Said):
    """The request, which is not repeated here."""

    sha256: str
    bytes: int
    key: str
    """The id of the API key that asked."""


class ChainPlace(Said):
    """Where the decision stands in the audit chain."""

    table: Literal["decision"]
    seq: int
    hash: str
    recorded_at: datetime


class DocumentedReplay(Said):
    """What the same question is answered now, under the release that answered it then."""

    identical: bool
    """The same bytes."""
    differences: list[Difference]


class DocumentBody(Said):
    """One decision with all that shows how it came about. The same bytes each time, until something more is told of it."""

    document: Literal["lexgate.decision"]
    version: Literal[1]
    notice: str
    locale: str
    id: str
    release: str
    release_version: str | None
    decision: DecisionBody
    payment: DocumentedPayment
    request: DocumentedRequest
    chain: ChainPlace
    replay: DocumentedReplay
    events: list[ToldEvent]
    explanation: ExplanationBody
    """Names that were held against lists are left out, unless personal data are wanted whole."""
    masked: list[str]
    """The facts whose values are masked in this document, by their paths. Empty: none came up, or all are whole."""


Document = dict[str, Any]
"""JSON-ready, shaped like `DocumentBody`."""
