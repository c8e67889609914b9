"""What an answer says of lists of sanctions, and of who owns whom. Nothing of it is for the payer's eyes."""

from __future__ import annotations

from typing import Literal

from engine.decision_part import Answer

Strings = list[str]
"""Where a field of the same object is called `list`."""


class ScreenedEntry(Answer):
    """An entry of a list."""

    id: str
    list: str
    name: str | None
    digest: str | None = None
    """Of the entry as it was matched: another one is another version of it."""
    programmes: Strings | None = None
    measures: Strings | None = None
    """asset_freeze, travel_ban, arms_embargo, export_control, investment_ban, sectoral or `other:` and the list's words."""


class ScoreReason(Answer):
    """One reason for a score; together they are the score."""

    code: str
    weight: str
    queried: str
    listed: str


class ScreenedMatch(Answer):
    """An entry that may be meant."""

    entry: ScreenedEntry
    score: str
    band: Literal["possible", "confirmed"]
    features: list[ScoreReason]
    cleared_by: str | None
    """The clearance that takes the match away."""
    effect: Literal["block", "review", "none"] | None = None
    """What it does to the payment, by the law of the place that asks."""
    because: (
        Literal[
            "law",
            "currency",
            "place_unknown",
            "foreign_list",
            "no_freeze",
            "not_obeyed",
            "possible",
            "owner",
            "cleared",
        ]
        | None
    ) = None
    """Why it does that."""


class ScreenedParty(Answer):
    """What lists say of one party."""

    role: str
    """payer, payee, payer_owner, payee_owner, payer_bank, payer_wallet or payee_wallet."""
    pointer: str
    verdict: Literal["clear", "review", "hit"]
    matches: list[ScreenedMatch]


class ScreenedList(Answer):
    """A list that was asked."""

    list: str
    label: str
    url: str
    digest: str
    published: str | None
    loaded_at: str | None = None
    entries: int | None = None
    age_days: int
    stale: bool
    stale_after_days: int | None = None


class Screening(Answer):
    """Whether parties were compared with lists of sanctions, and what was found. Nothing of it is for their eyes."""

    performed: bool
    reason: str | None = None
    verdict: Literal["clear", "incomplete", "review", "hit"] | None = None
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


class ListedOwner(Answer):
    """An owner who is listed, or may be."""

    pointer: str
    share: str | None
    """Percent; null: it is not stated."""
    listed_by: list[str]
    """Codes of lists; `stated`: the caller says so."""


class OwnedParty(Answer):
    """What follows from the listed owners of a party under one regime."""

    role: Literal["payer", "payee"]
    pointer: str
    regime: Literal["us", "eu", "uk"]
    effect: Literal["block", "review"]
    percent: str
    """Held by listed owners, as the regime counts."""
    sum: str
    """The arithmetic: `30 + 25 = 55 >= 50`."""
    by: list[ListedOwner]
    reasons: list[str]
    """ownership, control, multiplied, together, share_unknown, over_100, circular; below: less than the rule asks for."""
