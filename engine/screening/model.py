"""What a list says of whom, what is asked about whom, and what comes of it: the shapes every format is read into.

A list is read into `Listed` entries; a `Query` is held against many lists at once; a `Screened` answer says which entries might
be meant, why, and by which editions it was found. Nothing here decides what a match means for a payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class EntityKind(StrEnum):
    """What is listed, or asked about."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    UNKNOWN = "unknown"
    """The list does not say; matches any kind."""


class NameKind(StrEnum):
    """How a list uses a name."""

    PRIMARY = "primary"
    ALIAS = "alias"
    FORMER = "former"
    NOW = "now"
    """Now known as (OFAC n.k.a.)."""
    ORIGINAL = "original"
    """The name in the script of its language."""


@dataclass(frozen=True, slots=True)
class ListedName:
    """One name of an entry."""

    text: str
    """As the list has it, trimmed; parts in reading order where the list has them apart ("Given Family")."""
    kind: NameKind = NameKind.PRIMARY
    weak: bool = False
    """The list itself calls it weak or of low quality: it never holds alone."""
    language: str | None = None
    """ISO 639, where the list says."""
    given: str | None = None
    family: str | None = None
    """Parts that the list has apart, else None."""


@dataclass(frozen=True, slots=True)
class Born:
    """When somebody was born, as far as it is told: a day is `earliest == latest`, a year the first and the last of its days."""

    earliest: date
    latest: date
    circa: bool = False


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or address that names one alone, or nearly."""

    kind: str
    """passport | national_id | tax_id | registration | lei | imo | mmsi | call_sign | aircraft_serial | tail_number | bic |
    crypto | email | phone | website | driving_licence | birth_certificate | account | other"""
    value: str
    """As the list has it, trimmed."""
    country: str | None = None
    """ISO 3166-1 of who issued it."""
    detail: str | None = None
    """What the list calls it; of a crypto address its currency (XBT, ETH, ...)."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Who holds a share of an entry, or controls it, where a list or a register says so."""

    key: str
    """The owner's key in the same list, or a key of the caller's."""
    percent: Decimal | None = None
    controls: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of one list."""

    list: str
    """The list's code: OFAC-SDN, OFAC-NONSDN, UN-SC, EU-FSF, UK-SL, UK-OFSI, US-CSL, OS-<dataset>."""
    key: str
    """The publisher's stable key within the list."""
    kind: EntityKind
    names: tuple[ListedName, ...]
    births: tuple[Born, ...] = ()
    birth_places: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    """male | female; both where the list contradicts itself."""
    nationalities: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2, citizenships among them."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-2 of addresses, flags, registrations."""
    addresses: tuple[str, ...] = ()
    """As text; for the eye."""
    identifiers: tuple[Identifier, ...] = ()
    programmes: tuple[str, ...] = ()
    """The list's own codes of programme or regime."""
    measures: tuple[str, ...] = ()
    """asset_freeze | travel_ban | arms_embargo | export_control | investment_ban | sectoral | other:<text>."""
    reference: str | None = None
    """The public reference, where it is not the key."""
    listed_on: date | None = None
    remarks: str | None = None
    owners: tuple[Owner, ...] = ()

    @property
    def id(self) -> str:
        """Unique over all lists."""
        return f"{self.list}:{self.key}"


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of one list, as it was read."""

    list: str
    digest: str
    """sha256 of the file as it came, hex."""
    published: datetime | None
    """What the file says of itself; None: it says nothing."""
    loaded_at: datetime
    source: str
    """Where it came from: an address or a file's name."""
    entries: int
    counts: tuple[tuple[str, int], ...] = ()
    """Entries by kind, sorted."""
    stale_after_days: int | None = None
    """By the list's policy: older than this, counted from `published` or else `loaded_at`, nothing is ever clear."""


@dataclass(frozen=True, slots=True)
class Query:
    """Whom to look for. Only what is known; nothing is guessed from what is missing."""

    name: str | None = None
    kind: EntityKind = EntityKind.UNKNOWN
    aliases: tuple[str, ...] = ()
    births: tuple[Born, ...] = ()
    gender: str | None = None
    countries: tuple[str, ...] = ()
    """Of residence, nationality, establishment: ISO 3166-1."""
    identifiers: tuple[Identifier, ...] = ()
    customer: str | None = None
    """The caller's stable id of whom it is, where it has one: clearances are given for it."""


class Band(StrEnum):
    """What a score means."""

    CLEAR = "clear"
    POSSIBLE = "possible"
    """A person decides; until then held."""
    CONFIRMED = "confirmed"
    """High, with a strong identifier or with name and birth date; still a person's to lift, never a machine's."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for a score."""

    code: str
    """name | alias | weak_alias | initials | order | birth_date | birth_year | country | gender | identifier | kind | ..."""
    weight: Decimal
    """What it adds to the score, or takes from it."""
    queried: str
    listed: str
    """The two values held against each other."""


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that might be meant."""

    entry: Listed
    score: Decimal
    """0 to 1, at most four decimals."""
    band: Band
    features: tuple[Feature, ...]
    """They add up to the score, before it is held within 0 and 1."""
    cleared_by: str | None = None
    """The clearance that takes this match away, if one does; it is shown, and does not count."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of a query over all lists that were asked."""

    verdict: str
    """clear | review | hit; review also where a list was missing or stale: then never clear."""
    matches: tuple[Match, ...]
    """Best first."""
    editions: tuple[Edition, ...]
    stale: tuple[str, ...] = ()
    """Codes of lists older than their policy at the time of asking."""
    missing: tuple[str, ...] = ()
    """Codes of lists that policy asks for and nobody has loaded."""


class Screener(Protocol):
    """What the service needs of whoever screens."""

    def screen(self, query: Query, at: datetime) -> Screened:
        """Hold one query against every list, as of an aware instant."""
        ...
