"""Trials of releases: shadows and canaries, what they have come to, and their end."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.reviewing.effect import told
from api.console.reviewing.people import names_of
from api.console.reviewing.reading import world_of
from api.console.reviewing.words import CAUSES, GUARDS, TRIAL_KINDS, TRIALS, phrase, said
from api.console.routing import Route

_SHOWN: Final = 50


async def listed(page: Page) -> Response:
    """All of them, the newest first."""
    found, world = await asyncio.gather(
        page.api.get("/v1/trials", order="newest", limit=_SHOWN, after=page.query("after")), world_of(page)
    )
    names = await names_of(page, {one["started_by"] for one in found["data"]})
    return page.render(
        "reviews/trials.html", section="review", trials=[_row(page, one, names) for one in found["data"]],
        next=found["next"], world=world,
    )  # fmt: skip


def _row(page: Page, one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        **one, "said": said(page, TRIALS, one["state"]), "word": phrase(page, TRIAL_KINDS, one["kind"]),
        "by": names.get(one["started_by"], one["started_by"]),
        "ender": names.get(one["ended_by"] or "", one["ended_by"]),
        "why": phrase(page, CAUSES, one["cause"]) if one["cause"] else "",
    }  # fmt: skip


async def shown(page: Page) -> Response:
    """One of them, with what it has come to. While it runs, it is shown anew now and then."""
    return await _shown(page)


async def _shown(page: Page, refused: Refused | None = None) -> Response:
    trial = await page.api.get(f"/v1/trials/{page.path['trial']}")
    draft, world, names = await asyncio.gather(
        page.api.maybe(f"/v1/drafts/{trial['draft']}") if trial["draft"] else _nothing(),
        world_of(page),
        names_of(page, {trial["started_by"], trial["ended_by"]}),
    )
    shadow = trial["kind"] == "shadow"
    differences = None
    if shadow:
        differences = await page.api.get(
            f"/v1/trials/{trial['id']}/differences", limit=_SHOWN, after=page.query("after")
        )
    result = trial["summary"].get("result") if shadow else None
    guard = None if shadow else said(page, GUARDS, trial["summary"]["guardrail"]["state"])
    template = "reviews/trial-part.html" if page.fragment else "reviews/trial.html"
    return page.render(
        template, 200 if refused is None else refused.status, section="review", trial=_row(page, trial, names),
        draft=draft, world=world, told=told(page, result) if result else None, differences=differences, guard=guard,
        outcomes=None if shadow else _sides(trial["summary"]), refused=refused,
        may_end=page.may("edit", "approve") and "end" in trial["possible"],
    )  # fmt: skip


async def _nothing() -> None:
    return None


def _sides(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Rates of both sides of a canary, outcome by outcome, for a table and a plot."""
    names = sorted({one["outcome"] for side in ("canary", "control") for one in summary[side]["outcomes"]})
    rates = {
        side: {one["outcome"]: one for one in summary[side]["outcomes"]} for side in ("canary", "control")
    }  # fmt: skip
    rows = [(name, rates["canary"].get(name), rates["control"].get(name)) for name in names]
    return {"names": names, "rows": rows, "readings": {one["outcome"]: one for one in summary["guardrail"]["readings"]}}


async def ending(page: Page) -> Response:
    """What ending it will do, and the form for it."""
    trial = await page.api.get(f"/v1/trials/{page.path['trial']}")
    names = await names_of(page, {trial["started_by"]})
    return page.render(
        "reviews/trial-end.html", section="review", trial=_row(page, trial, names), refused=None,
        may_end=page.may("edit", "approve") and "end" in trial["possible"],
    )  # fmt: skip


async def ended(page: Page) -> Response:
    """It was ended."""
    trial = page.path["trial"]
    try:
        await page.api.post(f"/v1/trials/{trial}/end", {"reason": page.form.get("reason")}, once=page.form.get("once"))
    except Refused as refused:
        if refused.status in (409, 422):
            return await _shown(page, refused)
        raise
    return page.go(f"/trials/{trial}")


ROUTES: Final = (
    Route("GET", "/trials", listed, ("read",)),
    Route("GET", "/trials/{trial}", shown, ("read",)),
    Route("GET", "/trials/{trial}/end", ending, ("edit", "approve")),
    Route("POST", "/trials/{trial}/end", ended, ("edit", "approve")),
)
