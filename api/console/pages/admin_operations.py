"""Webhooks with their log, sources that are watched, and the chain of the ledger verified on request."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from api.console.administering import ADMIN, shown, told
from api.console.backend import Refused
from api.console.naming import known_names
from api.console.page import Page
from api.console.routing import Route

_READ: Final = ("read",)
_FORMS: Final = tuple((one, one) for one in ("feed", "links", "page", "listing", "records"))
_TOPICS: Final = (
    "licensing", "aml", "kyc", "sanctions", "sca", "vat/gst", "data_residency", "payments", "other",
)  # fmt: skip


# -- webhooks -------------------------------------------------------------------------------------------------------------


async def webhooks(page: Page) -> Response:
    """Where alerts go, and the log of what went there."""
    state, destination = page.query("state"), page.query("destination")
    log = await page.api.get(
        "/v1/deliveries", state=state, destination=destination, after=page.query("after"), limit=50
    )
    destinations = (await page.api.get("/v1/destinations"))["data"]
    return shown(
        page,
        "webhooks",
        "/webhooks",
        log=log,
        destinations=destinations,
        state=state,
        destination=destination,
        choices=[(one["name"], one["name"]) for one in destinations],
    )


async def delivery(page: Page) -> Response:
    """One alert at one destination, with every attempt."""
    return await _delivery(page, 200, None)


async def replayed(page: Page) -> Response:
    """Sent again."""
    found = str(page.path["id"])
    body = {"reason": page.form.get("reason")}
    try:
        await page.api.post(f"/v1/deliveries/{found}/replay", body, once=page.form.get("once"))
    except Refused as refused:
        return await _delivery(page, refused.status, told(refused))
    return page.go(f"/admin/webhooks/{found}", done="replayed")


async def _delivery(page: Page, status: int, problem: Any) -> Response:
    found = await page.api.get(f"/v1/deliveries/{page.path['id']}")
    return shown(page, "delivery", "/webhooks", status, delivery=found, problem=problem)


# -- sources --------------------------------------------------------------------------------------------------------------


async def feeds(page: Page) -> Response:
    """Those that need somebody first."""
    state = page.query("state")
    found = await page.api.get("/v1/feeds", state=state, after=page.query("after"), limit=40)
    return shown(page, "feeds", "/feeds", feeds=found, state=state)


async def adding(page: Page) -> Response:
    """The form for another source."""
    return shown(page, "feed-new", "/feeds", typed=page.form, forms=_FORMS, topics=_TOPICS)


async def added(page: Page) -> Response:
    """The form was sent."""
    form = page.form
    body: dict[str, Any] = {
        **form.given("id", "jurisdiction", "regulator", "url", "form", "language", "how", "note"),
        "topics": form.all("topic") or ["other"],
    }
    for name in ("every_hours", "silent_days"):
        if form.get(name).isdecimal():
            body[name] = int(form.get(name))
    try:
        await page.api.post("/v1/feeds", body, once=form.get("once"))
    except Refused as refused:
        return shown(page, "feed-new", "/feeds", 422, typed=form, forms=_FORMS, topics=_TOPICS, problem=told(refused))
    return page.go("/admin/feeds", state="own", done="added")


# -- the chain ------------------------------------------------------------------------------------------------------------


async def audit(page: Page) -> Response:
    """The walks along the chain, and the one under way."""
    walks = (await page.api.get("/v1/audit/verifications"))["data"]
    names = await known_names(page, {one["by"] for one in walks})
    template = "audit-walks" if page.fragment else "audit"
    return shown(page, template, "/audit", walks=walks, names=names)


async def verified(page: Page) -> Response:
    """A walk begins."""
    await page.api.post("/v1/audit/verifications")
    return page.go("/admin/audit")


ROUTES: Final = (
    Route("GET", "/admin/webhooks", webhooks, ADMIN),
    Route("GET", "/admin/webhooks/{id}", delivery, ADMIN),
    Route("POST", "/admin/webhooks/{id}/replay", replayed, ADMIN),
    Route("GET", "/admin/feeds", feeds, ADMIN),
    Route("GET", "/admin/feeds/new", adding, ADMIN),
    Route("POST", "/admin/feeds/new", added, ADMIN),
    Route("GET", "/admin/audit", audit, _READ),
    Route("POST", "/admin/audit", verified, _READ),
)
