"""Subjects as they are asked for and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from api.identity_schemas import Asking, Why
from api.routes.decisions import no_nul
from api.schemas import Said

SubjectName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200), AfterValidator(no_nul)]


class SubjectWanted(Asking):
    """Whom decisions are about."""

    subject: SubjectName
    """The id of a payer, a tax number with its prefix, a pseudonym, or the id of a decision or a calculation that names no
    payer."""


class Erasing(SubjectWanted):
    """Whom to erase."""

    reason: Why
    """Kept for good, in the chain too: it must name nobody."""


class SubjectKeyBody(Said):
    """A key of a subject."""

    number: int
    made_at: datetime
    erased_at: datetime | None
    by: str | None
    """Who erased it: a key's id, or `operator`."""
    reason: str | None


class SubjectBody(Said):
    """Whom decisions are about, by pseudonym."""

    pseudonym: str
    kept: bool
    """Whether anything about them can be read."""
    keys: list[SubjectKeyBody]
    unprotected: int
    """Decisions about them from before personal data were protected: they lie in the clear, and no erasure reaches them."""


class ErasureBody(Said):
    """What an erasure did."""

    pseudonym: str
    keys: int
    """That were destroyed; 0: there was none any more."""
    unprotected: int
    """As in a subject."""
    log_emptied: bool
    """SQLite's log holds the key no more. With PostgreSQL false: rotate the master key to make its logs and copies useless."""
