"""The comparison of two releases as it is answered."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from api.schemas import Said


class CitedBody(Said):
    """The law that a change rests on."""

    source: str
    at: str
    title: str | None
    url: str | None


class ChangeBody(Said):
    """One change of the text, by its stable id."""

    what: Annotated[str, Field(examples=["value"])]
    change: Literal["added", "ended", "removed", "changed", "moved"]
    pack: Annotated[str, Field(examples=["EEA"])]
    domain: str | None
    """Null: of the whole pack."""
    name: str
    path: Annotated[str, Field(examples=["parameters.low_value_single_max.values[from=2026-12-01]"])]
    label: str
    was: Any
    """Null: there was nothing. Of a dated value that is new, the value that held on its day."""
    now: Any
    fields: list[str]
    """The leaves that differ; none where it came or went."""
    unit: str | None
    cite: CitedBody | None
    basis: Literal["statute", "guidance", "house"] | None
    effective: date | None
    """The first day on which it bears; null: on every day."""
    statute: bool
    """What a statute says, or which one says it, changes."""
    bears: bool
    """A decision may turn on it."""
    file: str
    was_file: str | None
    """Where it stood, if that was another file."""
    said: str


class FindingsBody(Said):
    """Rules, with their packs, that speak under one release alone."""

    was: list[str]
    now: list[str]


class SideBody(Said):
    """The answer under one release."""

    outcome: str
    said: dict[str, Any]
    """Outcome, obligations and each domain's own part, without words and citations."""
    message: str


class AnswerDifference(Said):
    """One leaf in which two answers differ."""

    pointer: str
    was: Any
    now: Any


class CounterexampleBody(Said):
    """A payment decided under both releases."""

    transaction: dict[str, Any]
    """A whole Transaction, ready to be sent."""
    domains: list[str]
    past: list[dict[str, Any]]
    """Payments made before, where the law asks the past."""
    known: dict[str, Any]
    """What history was taken to answer, by the name of the feature."""
    was: SideBody
    now: SideBody
    differences: list[AnswerDifference]
    findings: FindingsBody
    day_before: bool | None
    """The same payment a day before the period is decided alike; null: it was not asked."""


class MeaningBody(Said):
    """What one difference means for payments in one period of law."""

    what: str
    pack: str
    domain: str | None
    name: str
    label: str
    verdict: Literal["equivalent", "same_outcome", "counterexample", "not_decided"]
    why: Annotated[str, Field(examples=["decided"])]
    from_: Annotated[date | None, Field(alias="from")]
    """First day; null: from the beginning."""
    to: date | None
    """First day after it; null: it lasts."""
    places: list[str]
    equal_before: bool
    """On the day before, both releases say the same of it."""
    because: list[str]
    within: str | None
    """The currency of the payments for which it is proved."""
    example: CounterexampleBody | None
    said: str


class ComparisonBody(Said):
    """What differs between two releases: the text, and what it means."""

    was: str
    now: str
    touches_statute: bool
    text_only: bool
    domains: list[str]
    """Those in which a decision may turn on a change."""
    changes: list[ChangeBody]
    meanings: list[MeaningBody] | None
    """null: it was not asked for."""
    reformatted: list[str]
    """Files that differ in layout alone."""
    said: list[str]
    """In short; nothing, where the meaning was not asked for."""
    locale: str
