"""Lists as they are shown: the edition in force, its age, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas import Said
from api.screening_lists import edition_of, policies
from engine.ledger import Ledger, StoredEdition
from engine.screening.lists.reading import age, is_stale
from engine.screening.lists.registry import ListPolicy


class EditionBody(Said):
    """One edition of a list."""

    digest: str
    """sha256 of the file as it came."""
    format: str
    source: str
    published: datetime | None
    """What the file says of itself; null: it says nothing."""
    loaded_at: datetime
    entries: int
    counts: dict[str, int]
    """Entries by kind."""
    added: int
    """Against the edition before."""
    removed: int
    changed: int
    accepted_by: str | None = None
    """Who accepted an edition smaller or older than the one before."""
    accepted_reason: str | None = None


class ListBody(Said):
    """One list and its edition in force."""

    code: Annotated[str, Field(examples=["OFAC-SDN"])]
    label: str
    publisher: str
    terms: str
    source: str
    """Where the publisher has it."""
    required: bool
    """Every screening needs it."""
    stale_after_days: int
    age_days: int | None
    """Whole days since it was published, or else loaded; null: there is no edition."""
    stale: bool
    """Older than its limit, or not there: while it is, nobody is clear."""
    refused: int
    """Loads that were ever refused."""
    edition: EditionBody | None


class ListsBody(Said):
    """The lists that are loaded or required."""

    data: list[ListBody]


class DiffBody(Said):
    """What differs between two editions of a list, by the publisher's keys."""

    code: str
    older: str
    """Digest of the older edition."""
    newer: str
    added: list[str]
    removed: list[str]
    changed: list[str]
    names: dict[str, str]
    """Key -> the entry's first name; empty unless it was asked for."""


def listed(ledger: Ledger, required: tuple[str, ...], stale_days: Mapping[str, int], at: datetime) -> list[ListBody]:
    """Every list that is loaded or required, by code."""
    latest = {stored.list: stored for stored in ledger.lists.latest()}
    refused = ledger.lists.refused()
    return [
        _shown(one, latest.get(one.code), refused.get(one.code, 0), one.code in required, stale_days, at)
        for one in policies(ledger, required, stale_days)
    ]


def _shown(
    one: ListPolicy,
    stored: StoredEdition | None,
    refused: int,
    required: bool,
    stale_days: Mapping[str, int],
    at: datetime,
) -> ListBody:
    edition = None if stored is None else edition_of(stored, stale_days)
    return ListBody(
        code=one.code,
        label=one.label,
        publisher=one.publisher,
        terms=one.terms,
        source=one.source,
        required=required,
        stale_after_days=one.stale_after_days if edition is None else edition.stale_after_days or 0,
        age_days=None if edition is None else age(edition, at).days,
        stale=edition is None or is_stale(edition, at),
        refused=refused,
        edition=None if stored is None else _edition(stored),
    )


def _edition(stored: StoredEdition) -> EditionBody:
    return EditionBody(
        digest=stored.digest,
        format=stored.format,
        source=stored.source,
        published=stored.published,
        loaded_at=stored.loaded_at,
        entries=stored.entries,
        counts=dict(stored.counts),
        added=stored.added,
        removed=stored.removed,
        changed=stored.changed,
        accepted_by=stored.accepted_by,
        accepted_reason=stored.accepted_reason,
    )
