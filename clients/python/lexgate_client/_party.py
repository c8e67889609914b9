"""Who pays and who is paid, as a caller states it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from lexgate_client._scalars import Day, Instant, Money, Number


class Phone(TypedDict, total=False):
    """A telephone number."""

    number: str
    verified: bool


class TaxId(TypedDict, total=False):
    """A tax identification number."""

    country: str
    value: str
    verified: bool


class NationalId(TypedDict, total=False):
    """A national identity number."""

    country: str
    type: str
    value: str


class Identity(TypedDict, total=False):
    """How far the customer has been identified."""

    level: Literal["none", "basic", "verified", "enhanced"]
    verified_at: Day | Instant
    documents: Sequence[str]


class PartyAccount(TypedDict, total=False):
    """The party's own account at its payment service provider, or a reference that stands for one."""

    iban: str
    number: str


class Owner(TypedDict, total=False):
    """A beneficial owner."""

    share: Number
    name: str
    country: str
    listed: bool
    """Its shares are traded on a regulated market: nobody behind it is looked for."""
    sanctioned: bool
    """The caller knows that a list of sanctions names this owner, whatever the lists say that are loaded here."""
    controls: bool
    """Steers the party otherwise than by its share: by votes, by whom it appoints, by contract."""
    date_of_birth: Day
    address: str
    verified: bool


class Totals(TypedDict, total=False):
    """What a wallet tier counts, when history does not know it; in the transaction's currency, the present payment not included.
    Days, months and years are those of the calendar where the law holds."""

    balance: Money
    spent_today: Money
    """Out of the wallet in any way."""
    spent_month: Money
    spent_year: Money
    received_today: Money
    """Into the wallet in any way."""
    received_month: Money
    received_year: Money
    loaded_today: Money
    """Paid in by the holder: cash at an agent, or from an account."""
    loaded_month: Money
    loaded_year: Money
    withdrawn_today: Money
    """Taken out as cash."""
    withdrawn_month: Money
    transferred_today: Money
    """Sent to other people."""
    transferred_month: Money
    moved_today: Money
    """In and out together."""
    moved_month: Money
    moved_year: Money
    spent_lifetime: Money


class Evidence(TypedDict, total=False):
    """Where the customer is."""

    billing_country: str
    ip_country: str
    bank_country: str
    sim_country: str
    other_country: str


class Registration(TypedDict, total=False):
    """A registration for tax."""

    jurisdiction: str
    scheme: str
    number: str
    since: Day


class Party(TypedDict, total=False):
    """The payer or the payee."""

    id: str
    merchant: str
    type: Literal["individual", "organisation"]
    name: str
    country: str
    region: str
    """ISO 3166-2 in full, or without its country beside it: `US-CA` or `CA`. It lies in `country`."""
    postal_code: str
    address: str
    date_of_birth: Day
    place_of_birth: str
    nationality: str
    email: str
    phone: Phone
    tax_ids: Sequence[TaxId]
    national_ids: Sequence[NationalId]
    identity: Identity
    account: PartyAccount
    lei: str
    """Legal Entity Identifier, ISO 17442."""
    government_controlled: bool
    """The address lies where the government of its country is in control. Silence, in a region that is partly occupied: it is
    not known to."""
    politically_exposed: Literal["none", "domestic", "foreign", "family", "former"]
    exposed_until: Day
    """The last day in the office, of somebody who was politically exposed."""
    risk: Literal["low", "medium", "high"]
    opened_at: Day | Instant
    monthly_income: Money
    expected_daily_cash: Money
    owners: Sequence[Owner]
    last_review: Day
    edd: bool
    balance: Money
    totals: Totals
    wallet_tier: str
    evidence: Evidence
    registrations: Sequence[Registration]
    industry: str
    facts: Mapping[str, object]
