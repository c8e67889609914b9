"""How long a record is kept: what the packs say of it, and what follows for its day. Pure: nothing is erased here.

A term that keeps outweighs one that erases. Where no law of the place says how long, nothing may be erased by rule.
"""

from engine.retention.law import Bound, Concern, RetentionLaw, Term, Trigger, terms_of
from engine.retention.schedule import (
    CALENDAR_YEAR,
    CONCERNS,
    NO_POLICY,
    Kind,
    Policy,
    Reckoned,
    Record,
    Schedule,
    State,
    schedule,
)

__all__ = [
    "CALENDAR_YEAR",
    "CONCERNS",
    "NO_POLICY",
    "Bound",
    "Concern",
    "Kind",
    "Policy",
    "Reckoned",
    "Record",
    "RetentionLaw",
    "Schedule",
    "State",
    "Term",
    "Trigger",
    "schedule",
    "terms_of",
]
