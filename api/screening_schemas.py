"""Screenings as they are asked for and answered."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from api.routes.decisions import no_nul
from api.schemas import Said
from api.screening_query import born_of
from engine.screening.model import Band, EntityKind, NameKind
from engine.wire import FIRST_YEAR, LAST_YEAR, Place

_BIRTH: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
IdType = Literal[
    "passport", "national_id", "tax_id", "registration", "lei", "imo", "mmsi", "call_sign", "aircraft_serial",
    "tail_number", "bic", "crypto", "email", "phone", "website", "driving_licence", "birth_certificate", "account", "other",
]  # fmt: skip
Name = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=400, strip_whitespace=True),
    AfterValidator(no_nul),
]


def _read_birth(value: object) -> str:
    """A day, a month or a year: what is not known is not made up."""
    if not isinstance(value, str) or not _BIRTH.fullmatch(value):
        raise PydanticCustomError("date_form", "A day is wanted, or a month or a year: 1961-05-03, 1961-05, 1961")
    try:
        born_of(value)
    except ValueError:
        raise PydanticCustomError("date_range", "There is no such day") from None
    if not FIRST_YEAR - 100 <= int(value[:4]) <= LAST_YEAR:
        raise PydanticCustomError("date_range", "The year is out of range")
    return value


Birth = Annotated[
    str,
    BeforeValidator(_read_birth),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$", "examples": ["1961-05-03", "1961"]}),
]


class IdOf(BaseModel):
    """A number or address that names one alone."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    type: IdType
    value: Annotated[
        str, StringConstraints(strict=True, min_length=1, max_length=200, strip_whitespace=True), AfterValidator(no_nul)
    ]
    country: Place | None = None
    """Who issued it."""
    detail: (
        Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40), AfterValidator(no_nul)] | None
    ) = None
    """Of a crypto address its currency."""


class ScreeningQuestion(BaseModel):
    """Whom to look for. State only what is known: nothing is guessed from what is missing."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    name: Name | None = None
    """In any script, in any order."""
    kind: EntityKind | None = None
    aliases: Annotated[list[Name], Field(max_length=50)] | None = None
    birth_date: Birth | None = None
    """A day, a month or a year."""
    gender: Literal["male", "female"] | None = None
    country: Place | None = None
    """Of residence or establishment."""
    nationality: Place | None = None
    ids: Annotated[list[IdOf], Field(max_length=50)] | None = None
    subject: (
        Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)] | None
    ) = None
    """The caller's own id of whom it is about: clearances are bound to it."""

    @model_validator(mode="after")
    def _named(self) -> ScreeningQuestion:
        if self.name is None and not self.ids:
            raise PydanticCustomError("name_missing", "A name or an identifier is needed: nobody can be looked for")
        return self

    def asked(self) -> dict[str, Any]:
        """What is screened, as it is stored: only what is stated."""
        stated = self.model_dump(mode="json", exclude_none=True, exclude={"subject"})
        return {name: value for name, value in stated.items() if value != []}


class NameBody(Said):
    """A name of an entry."""

    text: str
    kind: NameKind
    weak: bool
    """The list itself calls it weak: it never holds alone."""


class BornBody(Said):
    """When somebody was born, as far as the list says."""

    earliest: date
    latest: date
    circa: bool


class EntryBody(Said):
    """An entry of a list."""

    id: str
    list_: Annotated[str, Field(alias="list")]
    key: str
    kind: EntityKind
    names: list[NameBody]
    births: list[BornBody]
    genders: list[str]
    nationalities: list[str]
    countries: list[str]
    programmes: list[str]
    measures: list[str]
    reference: str | None
    listed_on: date | None
    digest: str
    """SHA-256 of the entry as it was matched: another one is another version of it."""


class FeatureBody(Said):
    """One reason for a score."""

    code: str
    weight: str
    """What it adds to the score, or takes from it."""
    queried: str
    listed: str


class MatchBody(Said):
    """An entry that might be meant."""

    entry: EntryBody
    score: Annotated[str, Field(examples=["0.9312"])]
    band: Band
    features: list[FeatureBody]
    """They add up to the score, before it is held within 0 and 1."""
    cleared_by: str | None
    """The clearance that takes the match away, if one does: it is shown, and does not count."""


class ListBody(Said):
    """An edition that was asked."""

    list_: Annotated[str, Field(alias="list")]
    label: str
    url: str
    """Where the publisher has it."""
    digest: str
    published: datetime | None
    loaded_at: datetime
    entries: int
    age_days: int
    """Since it was published, or else loaded."""
    stale: bool
    stale_after_days: int | None


class ReasonBody(Said):
    """Why the verdict is what it is."""

    code: Literal[
        "no_lists",
        "list_missing",
        "list_stale",
        "match_possible",
        "match_confirmed",
        "not_comparable",
        "no_match",
        "cleared",
    ]
    message: str


class ScreeningBody(Said):
    """What the lists say. For whoever screens: never to be shown to the person it is about."""

    id: str
    at: datetime
    subject: str | None
    verdict: Literal["clear", "review", "hit"]
    reasons: list[ReasonBody]
    matches: list[MatchBody]
    """Best first."""
    lists: list[ListBody]
    stale: list[str]
    """Lists older than their policy: while there is one, nothing is clear."""
    missing: list[str]
    """Lists that policy asks for and nobody has loaded."""
    query: dict[str, Any]
    """What was asked."""


class ScreeningSummary(Said):
    """A screening in a list."""

    id: str
    at: datetime
    actor: str
    """The id of whoever asked, or `system`: the monitor."""
    subject: str | None
    verdict: Literal["clear", "review", "hit"]
    name: str | None
    """As it was asked for."""
    kind: EntityKind | None
    matches: int
    best: str | None
    """The highest score of a match that no clearance took away."""


class ScreeningPage(Said):
    """A slice of a list."""

    data: list[ScreeningSummary]
    next: str | None
