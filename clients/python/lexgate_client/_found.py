"""What every answer about the law is made of: findings with their articles, duties, facts that are missing, packs, rates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from pydantic import Field

from lexgate_client._model import Part


class Citation(Part):
    """A provision that a step rests on."""

    instrument: str
    provision: str | None
    url: str | None


class AppliedRate(Part):
    """An exchange rate that was used."""

    from_: str = Field(alias="from")
    to: str
    rate: Decimal
    date: dt.date
    """The day for which it was published."""
    source: str
    """Whose it is: the European Central Bank, or a publisher by the name under which its rates were loaded."""
    rule: str | None = None
    """Which day's rate of which publisher; threshold: of a limit for which no law was read, the day's of the European Central
    Bank. Only tax says it."""
    law: Citation | None = None
    """Where the law wants this rate."""
    confidence: str | None = None
    """How surely the rule is known."""


class Obligation(Part):
    """What somebody must do, now or later."""

    code: str
    domain: str
    who: str
    due: str | None
    message: str
    years: int | None = None
    """Of records: how long they are kept at least, from the event that `from` names."""
    from_: str | None = Field(default=None, alias="from")
    """transaction, relationship_end ..."""
    at_most_years: int | None = None
    """Of records: after how long they must be gone, whatever else asks for them."""


class Missing(Part):
    """A fact that could still change the answer."""

    field: str
    asked_by: list[str]
    would_settle: list[str]
    """Domains; none for a fact that only tells who declares a tax that is settled."""


class Law(Part):
    """The article behind a finding."""

    instrument: str | None
    provision: str | None
    url: str | None
    basis: str


class HeldBack(Part):
    """That a rule stops nothing under this release: where it would, a person looks at the payment."""

    since: str
    why: str
    effect: str
    """What the rule would lead to."""
    fired: bool
    """False: it cannot be told whether it holds."""


class Finding(Part):
    """A rule that fired, with the values that made it fire."""

    rule: str
    pack: str
    domain: str
    effect: str
    name: str
    message: str
    law: Law
    confidence: str
    because: dict[str, str]
    demoted: HeldBack | None = None
    """Only there for a rule that the release holds back. Where it would have stopped the payment, its `effect` is `review`."""


class AppliedPack(Part):
    """Exactly what was applied."""

    jurisdiction: str
    version: str
    digest: str
    as_of: dt.date
    """The local date that chose the law."""
