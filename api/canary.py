"""A release that answers a part of the payers: who meets it, and what happens where it falls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from api.law_in_force import LawInForce
from engine.facts import Facts
from engine.ledger import LedgerError
from engine.trials import Trial, subject_of

if TYPE_CHECKING:
    from api.service import Service

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fall:
    """A payment that could not be decided under a canary, and was decided by the law in force."""

    trial: Trial
    error: str
    """The name of the exception's type: its text may hold what a payer stated."""


def law_for(law: LawInForce, facts: Facts, body: bytes) -> LawInForce:
    """The law that answers a request: the canary's for whoever is in it, else the law in force. To be asked once a request."""
    canary = law.canary
    if canary is None or canary.trial is None:
        return law
    subject = subject_of(facts.get("payer.id"), facts.get("reference"), body)
    return canary if canary.trial.takes(subject) else law


def tried(service: Service, law: LawInForce, decide: Callable[[LawInForce], T]) -> T:
    """What a law decides. Where it is a canary's and falls, the law in force decides, and the canary is withdrawn.

    Raises what the law in force raises, which says nothing against the canary, and LedgerError.
    """
    beside = law.beside
    if beside is None:
        return decide(law)
    try:
        return decide(law)
    except LedgerError:
        raise
    except Exception as error:  # the edge of a release under trial: no payer is refused for it
        found = decide(beside)
        service.fell(law, error)
        return found
