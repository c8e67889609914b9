"""What is told of deliveries: where alerts go, what is on its way there, what came of each attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.alerts import Alert
from engine.ledger.alerts import Told


class DeliveryState(StrEnum):
    """How an alert stands at a destination."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up; a person may have it sent again."""


class AttemptOutcome(StrEnum):
    """What came of an attempt."""

    DELIVERED = "delivered"
    FAILED = "failed"
    """It is tried again."""
    DEAD = "dead"
    """It was the last one."""
    GONE = "gone"
    """The destination wants nothing any more: it is switched off."""


class UnknownDelivery(LookupError):
    """There is no such delivery, or it is not dead."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where alerts go. `address`: as it may be shown; `fingerprint`: of all of it, a webhook's
    secrets too."""

    name: str
    kind: str
    address: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StoredDestination:
    """A destination as it stands."""

    destination: Destination
    known_at: datetime
    through: int
    off_at: datetime | None
    """Since when nothing is sent there, and why; None: it is."""
    why: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """An alert for a destination."""

    id: str
    alert: str
    destination: str
    state: DeliveryState
    tries: int
    """Since it was queued, or last sent again by a person."""
    queued_at: datetime
    next_at: datetime
    ended_at: datetime | None = None
    holder: str = ""
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent: the alert as it stands now, and the case that it is in."""

    delivery: Delivery
    alert: Alert
    case_id: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of an attempt. `next_at`: when it is tried again, where it is."""

    outcome: AttemptOutcome
    at: datetime
    status: int = 0
    milliseconds: int = 0
    detail: str = ""
    next_at: datetime | None = None
    told: tuple[Told, ...] = ()
    """Incidents to be told in the same transaction."""


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """An attempt as it was kept."""

    delivery: str
    number: int
    at: datetime
    outcome: AttemptOutcome
    status: int
    milliseconds: int
    detail: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of a destination."""

    waiting: int
    delivered: int
    dead: int
    oldest: datetime | None
    """Since when the first of those that wait does."""
    failed: int
    """Attempts that did not deliver."""
