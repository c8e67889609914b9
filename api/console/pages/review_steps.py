"""Steps of a change: what each will do is said on a page of its own, before the button that does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.responses import Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.reviewing.moments import Moment, NoSuchMoment, moment
from api.console.reviewing.reading import beginning_after, comparison_of, draft_of, world_of, zones_of
from api.console.reviewing.steps import STEPS, Step, allowed, own, told
from api.console.reviewing.words import STATES, said
from api.console.routing import Route
from api.console.vocabulary import N_

_DATED: Final = frozenset({"schedule", "publish"})
_CONTENT: Final = frozenset({"approve", "break-glass"})
_TRIALS: Final = frozenset({"shadow", "canary"})
CANARY: Final[Mapping[str, str]] = {"share": "5", "block": "2", "challenge": "5", "minimum": "1000"}
"""What a canary begins with, unless somebody chooses otherwise: the guardrail is the interface's own."""
_OWN_WORDS: Final = N_("You wrote some of this change: another person must do that.")
_NOT_NOW: Final = N_("This cannot be done now, or not by you.")


async def asked(page: Page) -> Response:
    """What the step will do, and the form for it."""
    draft = await draft_of(page)
    return await _shown(page, draft, _step(page))


def _step(page: Page) -> Step:
    found = STEPS.get(page.path["step"])
    if found is None:
        raise Refused(404, {"title": page._("There is no such page"), "detail": "", "request_id": ""})
    return found


async def _shown(page: Page, draft: dict[str, Any], step: Step, refused: Refused | None = None) -> Response:
    world = await world_of(page)
    values, problem, chosen, zones = _values(page), "", None, []
    if step.key in _DATED:
        world = replace(world, later=beginning_after(await _texts(page, draft), datetime.now(UTC).date()))
    if step.key == "schedule":
        zones = await zones_of(page, draft)
        values = _dated(values, zones)
        chosen, problem = _chosen(values)
    if step.key == "canary":
        values = {**CANARY, **values}
    world = replace(world, chosen=chosen, values=values if step.key == "canary" else {})
    return page.render(
        "reviews/step.html", 200 if refused is None else refused.status, section="review", draft=draft, step=step,
        state=said(page, STATES, draft["state"]), sentences=told(page, step, draft, world), values=values,
        zones=zones, allowed=allowed(page, step, draft), own=own(page, draft), refused=refused,
        problem=page._(problem) if problem else "", world=world, own_words=_OWN_WORDS, not_now=_NOT_NOW,
    )  # fmt: skip


async def _texts(page: Page, draft: Mapping[str, Any]) -> dict[str, Any] | None:
    return await comparison_of(page, draft["id"], meaning=False)


def _values(page: Page) -> dict[str, str]:
    """What was typed, or stands in the address."""
    names = ("day", "time", "zone", "reason", "signature", "share", "block", "challenge", "minimum")
    if page.request.method == "POST":
        return page.form.given(*names)
    return {name: value for name in names if (value := page.query(name))}


def _dated(values: dict[str, str], zones: list[tuple[str, str]]) -> dict[str, str]:
    """With tomorrow's midnight in the first zone, where nothing was chosen."""
    zone = values.get("zone") or zones[0][0]
    try:
        tomorrow = datetime.now(ZoneInfo(zone)).date() + timedelta(days=1)
    except (KeyError, ValueError, OSError):
        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return {"day": tomorrow.isoformat(), "time": "00:00", **values, "zone": zone}


def _chosen(values: Mapping[str, str]) -> tuple[Moment | None, str]:
    try:
        return moment(values["day"], values["time"], values["zone"]), ""
    except NoSuchMoment as error:
        return None, str(error)


async def done(page: Page) -> Response:
    """The step was taken."""
    step, draft = _step(page), await draft_of(page)
    body: dict[str, Any] = {"reason": page.form.get("reason")}
    values = _values(page)
    if step.key == "schedule":
        chosen, _ = _chosen(_dated(values, await zones_of(page, draft)))
        if chosen is None:
            return await _shown(page, draft, step)
        body["active_from"] = chosen.utc.isoformat()
    if step.key in _CONTENT:
        # What was on the page, and not what is there now: an edit in between is refused by the interface.
        body["content"] = page.form.get("content")
    if step.key == "approve" and values.get("signature"):
        body["signature"] = values["signature"]
    if step.key == "rebase":
        body = {}
    try:
        return await _take(page, draft, step, body, {**CANARY, **values})
    except Refused as refused:
        if refused.status in (409, 422):
            return await _shown(page, await draft_of(page), step, refused)
        raise


async def _take(
    page: Page, draft: Mapping[str, Any], step: Step, body: dict[str, Any], values: Mapping[str, str]
) -> Response:
    once = page.form.get("once") or None
    if step.key in _TRIALS:
        asked_for = {"kind": step.key, "draft": draft["id"], **body}
        if step.key == "canary":
            asked_for |= {"share": values["share"], "guardrail": _guardrail(values)}
        trial = await page.api.post("/v1/trials", asked_for, once=once)
        return page.go(f"/trials/{trial['id']}", done=step.key)
    await page.api.post(f"/v1/drafts/{draft['id']}/{step.route}", body, once=once)
    return page.go(f"/reviews/{draft['id']}", done=step.key)


def _guardrail(values: Mapping[str, str]) -> dict[str, Any]:
    minimum = values["minimum"]
    bands = [{"outcome": outcome, "up": values[outcome], "down": values[outcome]} for outcome in ("block", "challenge")]
    return {"minimum": int(minimum) if minimum.isdecimal() else minimum, "bands": bands}


ROUTES: Final = (
    Route("GET", "/reviews/{draft}/do/{step}", asked, ("read",)),
    Route("POST", "/reviews/{draft}/do/{step}", done, ("edit", "approve", "admin")),
)
