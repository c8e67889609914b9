"""What lists of sanctions say of the parties. Nothing of it is for their eyes."""

from __future__ import annotations

from decimal import Decimal

from pydantic import AwareDatetime

from lexgate_client._model import Part

Strings = list[str]
"""Where a field of the same object is called `list`."""


class ScreenedEntry(Part):
    """An entry of a list."""

    id: str
    list: str
    name: str | None
    digest: str | None = None
    """Of the entry as it was matched: another one is another version of it."""
    programmes: Strings | None = None
    measures: Strings | None = None
    """asset_freeze, travel_ban, arms_embargo, export_control, investment_ban, sectoral or `other:` and the list's words."""


class ScoreReason(Part):
    """One reason for a score; together they are the score."""

    code: str
    weight: Decimal
    queried: str
    listed: str


class ScreenedMatch(Part):
    """An entry that may be meant."""

    entry: ScreenedEntry
    score: Decimal
    band: str
    features: list[ScoreReason]
    cleared_by: str | None
    """The clearance that takes the match away."""
    effect: str | None = None
    """What it does to the payment, by the law of the place that asks."""
    because: str | None = None
    """Why it does that."""


class ScreenedParty(Part):
    """What lists say of one party."""

    role: str
    """payer, payee, payer_owner, payee_owner, payer_bank, payer_wallet or payee_wallet."""
    pointer: str
    verdict: str
    matches: list[ScreenedMatch]


class ScreenedList(Part):
    """A list that was asked."""

    list: str
    label: str
    url: str
    digest: str
    published: AwareDatetime | None
    loaded_at: AwareDatetime | None = None
    entries: int | None = None
    age_days: int
    stale: bool
    stale_after_days: int | None = None


class Screening(Part):
    """Whether parties were compared with lists of sanctions, and what was found. Nothing of it is for their eyes."""

    performed: bool
    reason: str | None = None
    verdict: str | None = None
    """`incomplete`: nothing was found, and somebody has neither a name nor an identifier to look for."""
    parties: list[ScreenedParty] | None = None
    unnamed: list[str] | None = None
    """Pointers of parties that have neither."""
    lists: list[ScreenedList] | None = None
    stale: list[str] | None = None
    missing: list[str] | None = None
    """Lists that are wanted, and that nobody has loaded."""
    required: Strings | None = None
    """Lists that are wanted here, loaded or not."""


class ListedOwner(Part):
    """An owner who is listed, or may be."""

    pointer: str
    share: Decimal | None
    """Percent; null: it is not stated."""
    listed_by: list[str]
    """Codes of lists; `stated`: the caller says so."""


class OwnedParty(Part):
    """What follows from the listed owners of a party under one regime."""

    role: str
    pointer: str
    regime: str
    effect: str
    percent: Decimal
    """Held by listed owners, as the regime counts."""
    sum: str
    """The arithmetic: `30 + 25 = 55 >= 50`."""
    by: list[ListedOwner]
    reasons: list[str]
    """ownership, control, multiplied, together, share_unknown, over_100, circular; below: less than the rule asks for."""
