"""The rules that are held back, for FastAPI and its document."""

from __future__ import annotations

from typing import Literal

from api.schemas import Said


class DemotionNumbers(Said):
    """What the circuit breaker counted."""

    stopped: int
    """Payments that the rule stopped within the window."""
    asked: int
    """Payments within the window that its pack was applied to."""
    stopped_before: int
    """The same of the time before."""
    asked_before: int
    window: str
    """ISO 8601 duration."""


class DemotionIncident(Said):
    """What a person was told."""

    alert: str
    case: str


class DemotionBody(Said):
    """A rule that stops no payment under the release in force."""

    pack: str
    rule: str
    domain: Literal["sca", "aml", "kyc", "methods"]
    title: str
    effect: str
    """What it would lead to."""
    basis: Literal["statute", "guidance", "house"]
    since: str
    why: str
    by: Literal["breaker", "draft"]
    """Who held it back: the circuit breaker, or persons."""
    numbers: DemotionNumbers | None
    """null: it was held back by persons."""
    incident: DemotionIncident | None


class DemotionPage(Said):
    """All of them, by pack and rule."""

    release: str
    """The one in force."""
    data: list[DemotionBody]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""
