"""What the interface knows of a draft and of what it stands in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from api.console.page import Page
from api.console.reviewing.moments import UTC_NAME
from api.console.reviewing.steps import World

MANY: Final = 200
_ZONES: Final = 12


async def draft_of(page: Page) -> dict[str, Any]:
    """The draft that the path names. Raises Refused."""
    found: dict[str, Any] = await page.api.get(f"/v1/drafts/{page.path['draft']}")
    return found


async def world_of(page: Page) -> World:
    """The release in force, and the versions of those that are kept."""
    activations, releases = await asyncio.gather(
        page.api.get("/v1/activations", limit=1), page.api.get("/v1/releases", limit=MANY)
    )
    versions = {one["digest"]: one["version"] for one in releases["data"]}
    return World(activations["in_force"], versions)


async def comparison_of(page: Page, draft: str, *, meaning: bool) -> dict[str, Any] | None:
    """What a draft changes; None where its files cannot be read."""
    asked = {} if meaning else {"meaning": "false"}
    answer = await page.api.ask("GET", f"/v1/drafts/{draft}/diff", query=asked, allow=(409,))
    found: dict[str, Any] | None = answer.json() if answer.ok else None
    return found


def packs_in(draft: Mapping[str, Any]) -> list[str]:
    """The packs whose files a draft changes."""
    folders = {one["path"].partition("/")[0] for one in draft["files"] if one["change"] != "same"}
    return sorted(one for one in folders if one.replace("-", "").isalnum() and one[:1].isupper())


async def zones_of(page: Page, draft: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The time zones of the places that a draft speaks of, each with the packs it is of; UTC last."""
    packs = packs_in(draft)[:_ZONES]
    found = await asyncio.gather(*(page.api.maybe(f"/v1/rulepacks/{code}") for code in packs))
    zones: dict[str, list[str]] = {}
    for code, pack in zip(packs, found, strict=True):
        if pack is not None and pack.get("time_zone"):
            zones.setdefault(pack["time_zone"], []).append(pack["name"] or code)
    named = [(zone, f"{zone} ({', '.join(sorted(set(names)))})") for zone, names in sorted(zones.items())]
    return [*(one for one in named if one[0] != UTC_NAME), (UTC_NAME, "UTC")]


def beginning_after(comparison: Mapping[str, Any] | None, day: date) -> list[str]:
    """Changes that have a date of their own after a day, in words."""
    changes: Iterable[Mapping[str, Any]] = () if comparison is None else comparison["comparison"]["changes"]
    later = [one for one in changes if one["effective"] and date.fromisoformat(one["effective"]) > day]
    return [f"{one['pack']}: {one['said']}" for one in later if one["bears"]]


def when(text: str) -> datetime:
    """An instant of the interface."""
    return datetime.fromisoformat(text)
