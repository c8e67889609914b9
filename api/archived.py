"""Decisions that are not in the ledger any more: where they lie, as far as their ids tell when they were made."""

from __future__ import annotations

from api.ids import ms_of
from api.problems import Problem, not_found
from api.settings import Settings
from engine.ledger import Ledger, Span


def read_archive(ledger: Ledger, settings: Settings) -> None:
    """Read what was taken out of the ledger from the folder that the settings name, if they do."""
    if settings.archive is not None:
        ledger.read_archive(settings.archive)


def missing(ledger: Ledger, settings: Settings, decision_id: str) -> Problem:
    """404 for a decision that is not here. Where it may have been taken out, and no archive is read: which month holds it, and by
    which manifest it is known."""
    span = None if settings.archive is not None else _span(ledger, decision_id)
    if span is None:
        return not_found("decision")
    return Problem(
        "archived",
        f"Decisions of {span.month} were taken out of this ledger. They lie in the archive whose manifest of that month has the"
        f" SHA-256 {span.manifest}: LEXGATE_ARCHIVE names its folder where it is read.",
    )


def _span(ledger: Ledger, decision_id: str) -> Span | None:
    """The month that was taken out in which an id was made."""
    made = ms_of(decision_id)
    if made is None:
        return None
    spans = ledger.taken_out()
    return next((span for span in spans if made * 1000 < span.until), None)


__all__ = ["missing", "read_archive"]
