"""A merchant's stored profile, and how it fills what a caller leaves unsaid about the payee."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.facts import Facts

_PLAIN: Final = ("type", "name", "country", "region", "postal_code", "industry")
"""Fields of a profile that are fields of a Party under the same name."""


def with_profile(facts: Facts, profile: Mapping[str, Any] | None, day: date | None = None) -> Facts:
    """The facts with the payee's profile behind them. What the caller states stands, field by field.

    `profile` is one version of the stored profile, JSON-ready; None: no such merchant, and nothing is filled in. `day`, the date
    of the sale, leaves out registrations and establishments that had ended by then; None: those that have an end at all.
    A list that is stated (`registrations`, a name under `facts`) replaces the profile's whole list: two halves of a list from two
    sources would be a list that nobody stated.
    """
    if not profile:
        return facts
    filled: dict[str, Any] = {}
    # The address is one thing: half of it from the caller and half from the profile could be no place at all.
    apart = {"region", "postal_code"} if "payee.country" in facts else set()
    for key in _PLAIN:
        if profile.get(key) is not None and f"payee.{key}" not in facts and key not in apart:
            filled[f"payee.{key}"] = profile[key]
    if profile.get("registrations") is not None and "payee.registrations" not in facts:
        filled["payee.registrations"] = tuple(
            _registration(one) for one in profile["registrations"] if _holds(one, day)
        )
    own = {**(profile.get("facts") or {}), **_established(profile, day), **facts.get("payee.facts", {})}
    if own:
        filled["payee.facts"] = own
    return Facts({**facts, **filled}) if filled else facts


def _registration(stored: Mapping[str, Any]) -> dict[str, Any]:
    """As the catalogue has it: only what is stated, the day as a date."""
    found = {key: stored[key] for key in ("jurisdiction", "scheme", "number") if stored.get(key) is not None}
    if stored.get("since"):
        found["since"] = date.fromisoformat(stored["since"])
    return found


def _established(profile: Mapping[str, Any], day: date | None) -> dict[str, Any]:
    """`established_in`: the seat's country first, then those of the fixed establishments. Unsaid where they are not stated."""
    if profile.get("establishments") is None:
        return {}
    fixed = [one["country"] for one in profile["establishments"] if _holds(one, day) and _begun(one, day)]
    seat = [profile["country"]] if profile.get("country") else []
    return {"established_in": list(dict.fromkeys([*seat, *fixed]))}


def _holds(stored: Mapping[str, Any], day: date | None) -> bool:
    """`until` is the last day."""
    until = stored.get("until")
    return not until or (day is not None and day <= date.fromisoformat(until))


def _begun(stored: Mapping[str, Any], day: date | None) -> bool:
    since = stored.get("since")
    return not since or (day is not None and day >= date.fromisoformat(since))
