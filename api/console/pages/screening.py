"""Screenings: ask the lists about a name, look at matches side by side, and clear those that are not meant, by two people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from api.console.backend import Refused
from api.console.case_words import Words
from api.console.casework import end_of_day, sides, suggested_end, told_back, weighed
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route

_FIELDS: Final = ("name", "kind", "birth_date", "gender", "country", "nationality", "subject")
_UPPER: Final = frozenset({"country", "nationality"})
ID_TYPES: Final = (
    "passport", "national_id", "tax_id", "registration", "lei", "imo", "mmsi", "bic", "crypto", "email", "phone", "website",
    "driving_licence", "account", "other",
)  # fmt: skip
STATES: Final = ("proposed", "holding", "lapsed", "revoked")


async def desk(page: Page) -> Response:
    """The form, and the screenings that were made last."""
    return await _desk(page)


async def asked(page: Page) -> Response:
    """Somebody is held against the lists."""
    try:
        found = await page.api.post("/v1/screenings", _question(page), once=page.form.get("once"))
    except Refused as refused:
        return await _desk(page, told_back(refused), refused.status)
    return page.go(f"/screenings/{found['id']}")


def _question(page: Page) -> dict[str, Any]:
    form = page.form
    body: dict[str, Any] = form.given(*_FIELDS)
    body |= {name: body[name].upper() for name in _UPPER & body.keys()}
    aliases = [one.strip() for one in form.raw("aliases").split("\n") if one.strip()]
    if aliases:
        body["aliases"] = aliases
    if form.get("id_value"):
        number = {"type": form.get("id_type", "other"), "value": form.get("id_value")}
        if form.get("id_country"):
            number["country"] = form.get("id_country").upper()
        body["ids"] = [number]
    return body


async def _desk(page: Page, problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    query = {"subject": page.query("subject"), "verdict": page.query("verdict")}
    found: dict[str, Any] = {"data": [], "next": None}
    try:
        found = await page.api.get("/v1/screenings", limit=25, after=page.query("after"), **query)
    except Refused as refused:
        problem, status = problem or told_back(refused), refused.status
    lists = await page.api.maybe("/v1/lists") if page.may("read") else None
    names = await names_of(page, (one["actor"] for one in found["data"]))
    return page.render(
        "screening/desk.html", status, section="cases", tab="screening", screenings=found["data"], next=found["next"],
        kept=query, lists=None if lists is None else lists["data"], names=names, w=Words(page.language), problem=problem,
        form=page.form, id_types=ID_TYPES,
    )  # fmt: skip


async def shown(page: Page) -> Response:
    """One screening with its matches."""
    return await _shown(page, page.part("id"))


async def _shown(
    page: Page, screening_id: str, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    screening = await page.api.get(f"/v1/screenings/{screening_id}")
    clearances: dict[str, dict[str, Any]] = {}
    if page.may("review") and screening["subject"]:
        known = await page.api.get("/v1/clearances", subject=screening["subject"], limit=200)
        clearances = {one["entry"]: one for one in known["data"] if one["state"] in ("proposed", "holding")}
    matches = [
        {"match": one, "sides": sides(one, screening["query"]), "features": weighed(one)}
        for one in screening["matches"]
    ]
    suggested, last = suggested_end(datetime.now(UTC))
    return page.render(
        "screening/screening.html", status, section="cases", tab="screening", screening=screening, matches=matches,
        clearances=clearances, w=Words(page.language), problem=problem, form=page.form, suggested=suggested, last=last,
        done=page.query("done"),
    )  # fmt: skip


async def proposed(page: Page) -> Response:
    """Somebody says why a match is not meant."""
    form = page.form
    body = {
        "screening": form.get("screening"), "entry": form.get("entry"), "reason": form.get("reason"),
        "expires_at": end_of_day(form.get("expires_on")),
    }  # fmt: skip
    try:
        await page.api.post("/v1/clearances", body, once=form.get("once"))
    except Refused as refused:
        return await _shown(page, quote(form.get("screening"), safe=""), told_back(refused), refused.status)
    back = form.get("back")
    return page.go(back if back.startswith(("/cases/case_", "/screenings/scr_")) else "/clearances", done="clearance")


async def clearances(page: Page) -> Response:
    """Clearances by where they stand; first those that wait for another person."""
    state = page.query("state") if page.query("state") in STATES else "proposed"
    query = {"state": state, "subject": page.query("subject")}
    found = await page.api.get("/v1/clearances", limit=50, after=page.query("after"), **query)
    names = await names_of(page, (one["author"] for one in found["data"]))
    return page.render(
        "screening/clearances.html", 200, section="cases", tab="clearances", clearances=found["data"],
        next=found["next"], state=state, kept=query, names=names, w=Words(page.language), states=STATES,
    )  # fmt: skip


async def clearance(page: Page) -> Response:
    """One clearance with the match that it takes away."""
    return await _clearance(page)


async def agreed(page: Page) -> Response:
    """Another person agrees."""
    return await _changed(page, "approval")


async def revoked(page: Page) -> Response:
    """Somebody takes it back."""
    return await _changed(page, "revoke")


async def _changed(page: Page, step: str) -> Response:
    clearance_id = page.part("id")
    body = {"reason": page.form.get("reason")}
    try:
        await page.api.post(f"/v1/clearances/{clearance_id}/{step}", body, once=page.form.get("once"))
    except Refused as refused:
        return await _clearance(page, step, told_back(refused), refused.status)
    return page.go(f"/clearances/{clearance_id}", done=step)


async def _clearance(
    page: Page, step: str = "", problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    found = await page.api.get(f"/v1/clearances/{page.part('id')}")
    screening = await page.api.maybe(f"/v1/screenings/{found['screening']}")
    matches = [] if screening is None else [one for one in screening["matches"] if one["entry"]["id"] == found["entry"]]
    match = None
    if screening is not None and matches:
        one = matches[0]
        match = {"match": one, "sides": sides(one, screening["query"]), "features": weighed(one)}
    names = await names_of(page, (found[name] for name in ("author", "approver", "revoked_by")))
    own = page.caller is not None and found["author"] == page.caller.id
    return page.render(
        "screening/clearance.html", status, section="cases", tab="clearances", clearance=found, match=match, names=names,
        own=own, w=Words(page.language), problem=problem, step=step, form=page.form, done=page.query("done"),
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/screening", desk, ("screen", "review")),
    Route("POST", "/screening", asked, ("screen",)),
    Route("GET", "/screenings/{id}", shown, ("screen", "review")),
    Route("GET", "/clearances", clearances, ("review",)),
    Route("POST", "/clearances", proposed, ("review",)),
    Route("GET", "/clearances/{id}", clearance, ("review",)),
    Route("POST", "/clearances/{id}/approval", agreed, ("review",)),
    Route("POST", "/clearances/{id}/revoke", revoked, ("review",)),
)
