"""Cases of alerts: the queue, and one case with what was found, what was done, and what may be done now."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from api.console.backend import Refused
from api.console.case_words import Words
from api.console.casework import per_day, sides, suggested_end, told_back, weighed
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route

_LIVE: Final = ["open", "claimed", "proposed"]
VIEWS: Final[Mapping[str, Mapping[str, Any]]] = {
    "waiting": {"state": _LIVE},
    "mine": {"state": _LIVE},
    "approve": {"state": ["proposed"]},
    "high": {"state": _LIVE, "severity": "high"},
    "overdue": {"state": _LIVE, "overdue": "true"},
    "decided": {"state": ["decided"], "order": "newest"},
}
"""Tab of the queue -> what the interface is asked."""
_FILTERS: Final = ("severity", "subject_kind", "subject", "due")
_STEPS: Final = frozenset({"claim", "release", "notes", "decision", "approval", "reopen"})
_SCREENINGS: Final = 20
"""Screenings whose matches are laid out; further ones are linked."""


async def queue(page: Page) -> Response:
    """What waits, by tab and filter. Whoever does not review is shown what else there is."""
    if not page.may("review"):
        return page.go("/screening" if page.may("screen") else "/onboarding")
    view = page.query("view") if page.query("view") in VIEWS else "waiting"
    asked: dict[str, Any] = {**VIEWS[view], **{name: page.query(name) for name in _FILTERS if name != "due"}}
    if view == "high":
        asked["severity"] = "high"
    if view == "mine" and page.caller is not None:
        asked["claimed_by"] = page.caller.id
    due = page.query("due")
    if due:
        asked["due_before"] = f"{due}T23:59:59Z"
    problem: Mapping[str, Any] | None = None
    totals = await page.api.get("/v1/cases/totals")
    try:
        found = await page.api.get("/v1/cases", limit=50, after=page.query("after"), **asked)
    except Refused as refused:
        found, problem = {"data": [], "next": None}, told_back(refused)
    names = await names_of(page, (one[key] for one in found["data"] for key in ("claimed_by", "proposed_by")))
    kept = {"view": view, **{name: page.query(name) for name in _FILTERS}}
    return page.render(
        "cases/queue.html", 200, section="cases", tab="cases", view=view, totals=totals, cases=found["data"],
        next=found["next"], kept=kept, names=names, w=Words(page.language), problem=problem,
    )  # fmt: skip


async def shown(page: Page) -> Response:
    """One case."""
    return await _case(page)


async def moved(page: Page) -> Response:
    """A step of a case, by its form."""
    case_id, step, form = page.part("id"), page.path["step"], page.form
    if step not in _STEPS:
        raise Refused(404)
    number = form.get("number") or None
    try:
        await page.api.post(
            f"/v1/cases/{case_id}/{step}", _body(page, step), once=form.get("once"),
            number=None if step == "notes" else number,
        )  # fmt: skip
    except Refused as refused:
        return await _case(page, step, told_back(refused), refused.status)
    return page.go(f"/cases/{case_id}", done=step)


def _body(page: Page, step: str) -> dict[str, Any]:
    reason = page.form.get("reason")
    if step == "claim":
        return {"reason": reason} if reason else {}
    if step == "notes":
        return {"text": reason}
    if step == "decision":
        return {"decision": page.form.get("decision"), "reason": reason}
    if step == "approval":
        return {"approve": page.form.get("approve") == "yes", "reason": reason}
    return {"reason": reason}


async def _case(page: Page, step: str = "", problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    case_id = page.part("id")
    case, (payments, more) = await asyncio.gather(
        page.api.get(f"/v1/cases/{case_id}"), page.api.every(f"/v1/cases/{case_id}/payments", most=400)
    )
    subject = case["subject"]
    others, alerts, clearances, matches = await asyncio.gather(
        page.api.get("/v1/cases", subject_kind=case["subject_kind"], subject=subject, order="newest", limit=20),
        page.api.get("/v1/alerts", subject_kind=case["subject_kind"], subject=subject, limit=50),
        page.api.get("/v1/clearances", subject=subject, limit=50),
        _matches(page, case),
    )
    actors = [one["actor"] for one in case["history"]]
    people = [case["claimed_by"], case["proposed_by"], case["decided_by"], *actors]
    people += [one["author"] for one in clearances["data"]]
    names = await names_of(page, people)
    suggested, last = suggested_end(datetime.now(UTC))
    own = page.caller is not None and case["proposed_by"] == page.caller.id
    mine = page.caller is not None and case["claimed_by"] == page.caller.id
    return page.render(
        "cases/case.html", status, section="cases", tab="cases", case=case, payments=payments, more_payments=more,
        plots=per_day(payments), matches=matches, others=[one for one in others["data"] if one["id"] != case_id],
        alerts=[one for one in alerts["data"] if one["case"] != case_id], clearances=clearances["data"], names=names,
        w=Words(page.language), problem=problem, step=step, own=own, mine=mine, form=page.form, suggested=suggested,
        last=last, subject_address=quote(subject, safe=""), done=page.query("done"),
    )  # fmt: skip


async def _matches(page: Page, case: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Alert -> its match as it was screened, laid out side by side."""
    wanted = [one for one in case["evidence"] if one["screening"]][:_SCREENINGS]
    screened = await asyncio.gather(*(page.api.maybe(f"/v1/screenings/{one['screening']}") for one in wanted))
    found: dict[str, dict[str, Any]] = {}
    for alert, screening in zip(wanted, screened, strict=True):
        if screening is None:
            continue
        match = next((one for one in screening["matches"] if one["entry"]["id"] in alert["evidence"]), None)
        if match is not None:
            found[alert["id"]] = {
                "screening": screening, "match": match, "sides": sides(match, screening["query"]),
                "features": weighed(match),
            }  # fmt: skip
    return found


ROUTES: Final = (
    Route("GET", "/cases", queue, ("review", "screen", "read")),
    Route("GET", "/cases/{id}", shown, ("review",)),
    Route("POST", "/cases/{id}/{step}", moved, ("review",)),
)
