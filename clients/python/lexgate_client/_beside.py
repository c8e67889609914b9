"""Answers beside the checkout: screenings, merchants, keys, changes, and pages of anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Generic, Literal, TypedDict, TypeVar

from pydantic import AwareDatetime, Field

from lexgate_client._model import Answer, Part
from lexgate_client._scalars import Day

T = TypeVar("T")
Scope = Literal["decide", "tax", "read", "edit", "approve", "review", "screen", "onboard", "admin"]


class Page(Answer, Generic[T]):
    """A slice of a list."""

    data: list[T]
    next: str | None
    """Send as `after` for the next one; None: this is the last."""


class IdOf(TypedDict, total=False):
    """A number or address that names one alone."""

    type: str
    value: str
    country: str
    detail: str


class ScreeningReason(Part):
    """Why the verdict is what it is."""

    code: str
    message: str


class Screened(Answer):
    """What the lists say. For whoever screens: never to be shown to the person it is about."""

    id: str
    at: AwareDatetime
    subject: str | None
    verdict: str
    """clear, review, hit."""
    reasons: list[ScreeningReason]
    matches: list[ScreeningMatch]
    """Best first."""
    lists: list[dict[str, Any]]
    stale: list[str]
    missing: list[str]
    query: dict[str, Any]

    @property
    def is_clear(self) -> bool:
        """Nothing was found, in lists that are all there and not too old. False for every other word."""
        return self.verdict == "clear"


class ScreeningMatch(Part):
    """An entry that might be meant."""

    entry: dict[str, Any]
    score: Decimal
    band: str
    features: list[dict[str, Any]]
    cleared_by: str | None


class Establishment(TypedDict, total=False):
    """A fixed establishment."""

    country: str
    region: str
    postal_code: str
    since: Day
    until: Day


class ProfileRegistration(TypedDict, total=False):
    """A registration for tax, under one scheme."""

    jurisdiction: str
    scheme: str
    number: str
    since: Day
    until: Day


class Profile(TypedDict, total=False):
    """A merchant as it is kept: the whole of it. What is not in it is not known any more."""

    name: str
    type: Literal["individual", "organisation"]
    country: str
    region: str
    postal_code: str
    address: str
    industry: str
    establishments: Sequence[Establishment]
    registrations: Sequence[ProfileRegistration]
    facts: Mapping[str, object]
    all_sales_recorded_since: Day


class Merchant(Answer):
    """A version of a merchant's profile."""

    id: str
    version: int
    updated_at: AwareDatetime
    name: str | None = None
    type: str | None = None
    country: str | None = None
    region: str | None = None
    postal_code: str | None = None
    address: str | None = None
    industry: str | None = None
    establishments: list[dict[str, Any]] | None = None
    registrations: list[dict[str, Any]] | None = None
    facts: dict[str, Any] | None = None
    all_sales_recorded_since: dt.date | None = None


class KeyRate(Answer):
    """How often a key may ask: so many requests in so many seconds."""

    requests: int
    seconds: int


class Key(Answer):
    """An API key, without its secret."""

    id: str
    name: str
    scopes: list[str]
    state: str
    """good, expired, revoked."""
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    used_at: AwareDatetime | None
    sources: list[str]
    countries: list[str]
    merchants: list[str]
    rate: KeyRate | None
    """None: as often as the settings allow."""


class KeyMade(Key):
    """A key with its secret."""

    secret: str | None = Field(repr=False)
    """Shown once; None where this answer is given again."""


class Change(Answer):
    """A change of the law that a regulator published. Of one that is asked for by its id, `model_extra` has all the rest."""

    id: str
    number: int
    """Of its last step: send it as `?number=` to be refused where the change has moved since."""
    state: str
    title: str
    status: str
    jurisdiction: str
    domains: list[str]
    change: str
    effective: dt.date | None
    draftable: bool
    source: str
    publisher: str
    confidence: str
    assignee: str | None
    draft: str | None
    opened_at: AwareDatetime
    updated_at: AwareDatetime
