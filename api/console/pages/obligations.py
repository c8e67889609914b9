"""Obligations: what decisions asked somebody to do, by its day, ended with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.case_words import Words
from api.console.casework import told_back
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import DOMAINS

STATUSES: Final = ("open", "overdue", "ended")
_FILTERS: Final = ("domain", "code", "who", "due")


async def obligations(page: Page) -> Response:
    """What is open by its day, or what is over."""
    status = page.query("status") if page.query("status") in STATUSES else "open"
    kept = {"status": status, **{name: page.query(name) for name in _FILTERS}}
    asked = {name: text for name, text in kept.items() if name != "due"}
    if kept["due"]:
        asked["due_before"] = f"{kept['due']}T23:59:59Z"
    problem: Mapping[str, Any] | None = None
    try:
        found = await page.api.get("/v1/obligations", limit=50, after=page.query("after"), **asked)
    except Refused as refused:
        found, problem = {"data": [], "next": None}, told_back(refused)
    names = await names_of(page, ((one["ended"] or {}).get("by") for one in found["data"]))
    return page.render(
        "obligations/list.html", 200, section="cases", tab="obligations", obligations=found["data"], next=found["next"],
        status=status, kept=kept, statuses=STATUSES, domains=list(DOMAINS), names=names, w=Words(page.language),
        problem=problem, done=page.query("done"),
    )  # fmt: skip


async def shown(page: Page) -> Response:
    """One obligation."""
    return await _shown(page)


async def _shown(page: Page, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    found = await page.api.get(f"/v1/obligations/{page.part('id')}")
    names = await names_of(page, [(found["ended"] or {}).get("by")])
    return page.render(
        "obligations/obligation.html", status, section="cases", tab="obligations", one=found, names=names,
        w=Words(page.language), problem=problem, form=page.form,
    )  # fmt: skip


async def ended(page: Page) -> Response:
    """It was done, has lapsed or was waived: once and for good."""
    form = page.form
    body: dict[str, Any] = {"outcome": form.get("outcome"), **form.given("note")}
    if form.get("on"):
        body["at"] = f"{form.get('on')}T12:00:00Z"
    try:
        await page.api.post(f"/v1/obligations/{page.part('id')}/end", body, once=form.get("once"))
    except Refused as refused:
        return await _shown(page, told_back(refused), refused.status)
    return page.go("/obligations", done="ended")


ROUTES: Final = (
    Route("GET", "/obligations", obligations, ("read",)),
    Route("GET", "/obligations/{id}", shown, ("read",)),
    Route("POST", "/obligations/{id}/end", ended, ("review",)),
)
