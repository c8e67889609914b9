"""What an applicant states, what was looked up elsewhere, and the case that grows out of both.

What is not stated is unknown, never false: it flags, and a person looks.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.onboarding.states import State
from engine.wire import Count, CurrencyCode, Day, Flag, OwnAmount, Place, Stated, Text, Token, read_decimal


def _read_share(value: object) -> Decimal:
    share = read_decimal(value)
    if not 0 <= share <= 100:
        raise PydanticCustomError("share_range", "A share is a percentage between 0 and 100")
    return share


Share = Annotated[
    Decimal,
    BeforeValidator(_read_share),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,3}(\.\d{1,12})?$", "examples": ["25.00"]}),
]
"""Percent, as a decimal string."""
MerchantId = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}$"), Field(examples=["m-7"])
]
Name = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=400, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64)]
Exposure = Literal["none", "domestic", "foreign", "family", "former"]
LegalForm = Literal["company", "listed_company", "partnership", "sole_trader", "nonprofit", "trust", "public_body"]


class Document(Stated):
    """A document that was handed in. The file itself is kept elsewhere: here are its kind, its days and its digest."""

    type: Token
    """register_extract, articles_of_association, ownership_chart, proof_of_address, bank_statement, identity_document ..."""
    about: Name | None = None
    """Whom it is about: the name of a director or an owner; not stated: the merchant."""
    issued_on: Day | None = None
    expires_on: Day | None = None
    """The last day on which it is in date."""
    readable: Flag | None = None
    """Somebody, or some machine, could read it. Not stated: nobody has looked."""
    sha256: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")] | None = None


class NumberOf(Stated):
    """A number and the country that gave it."""

    country: Place | None = None
    value: Number


class NationalId(Stated):
    """A number of a person, and the country that gave it."""

    country: Place
    type: Token | None = None
    value: Number


class Person(Stated):
    """Who directs."""

    name: Name
    country: Place | None = None
    """Of residence."""
    date_of_birth: Day | None = None
    nationality: Place | None = None
    politically_exposed: Exposure | None = None
    national_ids: Annotated[list[NationalId], Field(max_length=20)] | None = None


class Owner(Person):
    """Who holds a share: a person, or an organisation with owners of its own."""

    id: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)] | None = None
    """The caller's own id: the same person in two places of the chart. Not stated: name and day of birth tell."""
    type: Literal["individual", "organisation"] = "individual"
    share: Share | None = None
    """Percent of the capital of what it is an owner of."""
    votes: Share | None = None
    """Percent of the votes, where it differs from the share."""
    control: Annotated[list[Token], Field(max_length=20)] | None = None
    """Control by other means: right_to_appoint, veto, agreement, family, nominee ... Any one makes a beneficial owner."""
    listed: Flag | None = None
    """An organisation whose shares are traded on a regulated market: nobody looks behind it."""
    owners: Annotated[list[Owner], Field(max_length=100)] | None = None


class Account(Stated):
    """Where the merchant's money is to be paid."""

    iban: Annotated[str, StringConstraints(strict=True, min_length=5, max_length=64)] | None = None
    number: Number | None = None
    """Where there are no IBANs."""
    country: Place | None = None
    holder: Name | None = None


class Expected(Stated):
    """What the merchant expects to do."""

    monthly_volume: OwnAmount | None = None
    average_ticket: OwnAmount | None = None
    currency: CurrencyCode | None = None
    countries: Annotated[list[Place], Field(max_length=250)] | None = None
    """Of its customers."""


class Application(Stated):
    """A merchant that wants to be taken on."""

    merchant: MerchantId
    """The caller's own id, as in `PUT /v1/merchants/{id}`."""
    legal_form: LegalForm | None = None
    name: Name
    country: Place
    """Where it is established."""
    region: Place | None = None
    acquirer_country: Place | None = None
    """Where whoever takes it on is established: whose law says who is a beneficial owner. Not stated: the merchant's country."""
    registration_number: Number | None = None
    tax_ids: Annotated[list[NumberOf], Field(max_length=50)] | None = None
    address: Text | None = None
    industry: Token | None = None
    """A merchant category code or a word: 5942, gambling, saas ..."""
    website: Annotated[str, StringConstraints(strict=True, max_length=400)] | None = None
    directors: Annotated[list[Person], Field(max_length=100)] | None = None
    owners: Annotated[list[Owner], Field(max_length=100)] | None = None
    account: Account | None = None
    documents: list[Document] = Field(default_factory=list, max_length=500)
    expected: Expected | None = None


class Activation(Stated):
    """What must stand before the first payment."""

    contract_signed_on: Day | None = None
    account_verified_on: Day | None = None
    monthly_limit: OwnAmount | None = None
    currency: CurrencyCode | None = None
    transactions_limit: Count | None = None
    """A month, at most."""
    monitoring_profile: Token | None = None
    first_review_on: Day | None = None
    """Not later than the law allows; not stated: the last day that it allows."""
    limited: Flag = False
    """To begin within limits, or to go back to them: `active_limited`."""


# -- what was looked up ---------------------------------------------------------------------------------------------------

Screened = Literal["clear", "possible", "confirmed"]


@dataclass(frozen=True, slots=True)
class Registers:
    """What the edge has looked up about one application. None: nobody looked, and so the check was not performed."""

    company: Literal["active", "dissolved", "not_found", "differs"] | None = None
    """The register of companies: found and as stated; `differs`: found under another name or address."""
    owner_register: Literal["agrees", "differs"] | None = None
    """The register of beneficial owners."""
    account_holder: str | None = None
    """The name that the bank of the account gave."""
    duplicates: Mapping[str, tuple[str, ...]] | None = None
    """Mark of the application (see `marks`) -> other cases with it. Empty: looked, and found none."""
    blacklist: Mapping[str, tuple[str, ...]] | None = None
    """The same of cases that were rejected or terminated."""
    screening: Mapping[str, Screened] | None = None
    """Name as `subjects` gives it -> what the lists say. A name that is not in it was not screened."""


Result = Literal["pass", "flag", "fail", "not_performed"]


class Check(Stated):
    """One look of the automatic review."""

    check: str
    result: Result
    why: str
    """A stable code."""
    about: str | None = None
    """Whom or what it is about, where there are several."""
    cases: list[str] = Field(default_factory=list)
    """Other cases that have to do with it."""
    due: Day | None = None
    """By when something must be reported because of it."""
    law: dict[str, Any] | None = None
    """The instrument and provision, or the choice of the house, behind it."""


class RiskReason(Stated):
    """What makes a case risky, and by how much."""

    reason: str
    points: int


class Risk(Stated):
    """How risky a case is."""

    level: Literal["low", "medium", "high"]
    score: int
    reasons: list[RiskReason] = Field(default_factory=list)


class BeneficialOwner(Stated):
    """A natural person in the end, and what makes one of them."""

    name: str
    share: str
    """Percent of the capital over all paths, rounded down to 4 decimals for show; the comparison was exact."""
    votes: str
    by: Literal["ownership", "votes", "control_of_holder", "control", "senior_manager"]
    """`control_of_holder`: by a majority in organisations that together hold enough."""
    politically_exposed: Exposure | None = None


class Review(Stated):
    """What the automatic review found."""

    on: Day
    checks: list[Check] = Field(default_factory=list)
    risk: Risk
    beneficial_owners: list[BeneficialOwner] = Field(default_factory=list)
    threshold: str
    """Such as `>= 25`: what makes a beneficial owner by shares."""

    @property
    def hit(self) -> bool:
        """A list may name somebody of this case."""
        return any(one.why in HITS for one in self.checks if one.result == "flag")


HITS = frozenset({"list_possible", "list_confirmed", "embargo"})


class Missing(Stated):
    """What is missing for the first stage."""

    what: Literal["field", "document"]
    name: str
    about: str | None = None
    because: Literal["not_stated", "not_there", "not_readable", "expired", "too_old", "not_dated"]


class Case(Stated):
    """A merchant's case as it stands after the event `number`."""

    id: str
    number: int
    state: State
    application: Application
    submitter: str
    submitters: list[str]
    """Everybody who ever handed something in: none of them decides."""
    first_approver: str | None = None
    high_risk: bool = False
    """Enhanced due diligence: two persons approve, and the review comes within a year (AMLR Art. 26)."""
    person: bool = False
    """A person must decide: something was flagged, somebody was drawn."""
    held: bool = False
    """A list hit, or somebody's doubt: nothing goes on until two persons have decided."""
    was_active: bool = False
    limited: bool = False
    """It was taken on within limits."""
    carry_until: Day | None = None
    """The last day on which a merchant in service goes on, within limits, while something is put in order."""
    next_review: Day | None = None
    review: Review | None = None
    missing: list[Missing] = Field(default_factory=list)
    activation: Activation | None = None
    account_since: Day | None = None
    """When the account was stated last: no verification of before counts."""
    deadline: Day | None = None
    """The first day on which the daily sweep has something to do with it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One step of a case, to be stored as it is."""

    kind: str
    actor: str
    reason: str
    before: State | None
    case: Case
    """As it stands after it."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON-ready."""


# -- whom and what it is about --------------------------------------------------------------------------------------------


def every_owner(owners: list[Owner] | None) -> Iterator[Owner]:
    """Every owner, and every owner of an owner."""
    for owner in owners or []:
        yield owner
        yield from every_owner(owner.owners)


def people(application: Application) -> Iterator[Person]:
    """Everybody who is named: directors, owners of every level."""
    yield from application.directors or []
    yield from every_owner(application.owners)


def subjects(application: Application) -> tuple[str, ...]:
    """Whom to screen: the merchant, its directors, all owners, its site. Each once."""
    names = [application.name, *(one.name for one in people(application)), *filter(None, [application.website])]
    return tuple(dict.fromkeys(names))


def folded(text: str) -> str:
    """Letters and digits only, in one spelling and without case: how names and numbers are compared."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum()) or text.strip()


def marks(application: Application) -> tuple[str, ...]:
    """What no two merchants share: number of registration, tax numbers, account."""
    found = []
    if application.registration_number:
        found.append(f"registration:{application.country}:{folded(application.registration_number)}")
    for tax in application.tax_ids or []:
        found.append(f"tax:{tax.country or application.country}:{folded(tax.value)}")
    account = application.account
    if account and account.iban:
        found.append(f"account:{folded(account.iban)}")
    elif account and account.number:
        found.append(f"account:{account.country or application.country}:{folded(account.number)}")
    return tuple(dict.fromkeys(found))


def last_day(years: int, since: date) -> date:
    """The same day some years later; the 28th where there is no 29th of February."""
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return since.replace(year=since.year + years, day=28)
