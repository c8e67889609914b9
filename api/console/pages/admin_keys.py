"""API keys: made with limits, replaced with an overlap, revoked for good."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response

from api.console.administering import ADMIN, every_key, shown, told
from api.console.backend import Refused
from api.console.page import Page
from api.console.routing import Route

_TAB: Final = "/keys"
_SCOPES: Final = ("decide", "tax", "read", "edit", "approve", "review", "screen", "onboard", "admin")


async def keys(page: Page) -> Response:
    """Those that are good first."""
    found = await every_key(page)
    return shown(page, "keys", _TAB, keys=sorted(found, key=lambda one: one["state"] != "good"))


async def making(page: Page) -> Response:
    """The form for a new key."""
    return shown(page, "key-new", _TAB, scopes=_SCOPES, typed=page.form)


async def made(page: Page) -> Response:
    """The form was sent: the secret is shown, this once."""
    form = page.form
    body: dict[str, Any] = {"name": form.get("name"), "scopes": form.all("scope")}
    for name in ("sources", "countries", "merchants"):
        if lines := [one for one in re.split(r"[\s,;]+", form.get(name)) if one]:
            body[name] = [one.upper() for one in lines] if name == "countries" else lines
    if day := form.get("expires"):
        body["expires_at"] = f"{day}T00:00:00Z"
    try:
        key = await page.api.post("/v1/keys", body, once=form.get("once"))
    except Refused as refused:
        return shown(page, "key-new", _TAB, 422, scopes=_SCOPES, typed=form, problem=told(refused))
    return shown(page, "secret", _TAB, key=key, old=None)


async def key(page: Page) -> Response:
    """One key."""
    return await _key(page, 200, None)


async def changed(page: Page) -> Response:
    """Another key in its place, or none."""
    step, found = page.path["step"], str(page.path["id"])
    if step not in ("rotate", "revoke"):
        raise Refused(404)
    hours = page.form.get("overlap_hours")
    body: dict[str, Any] = {"reason": page.form.get("reason")}
    if step == "rotate":
        body = {"overlap_hours": int(hours) if hours.isdecimal() else 24}
    try:
        answer = await page.api.post(f"/v1/keys/{found}/{step}", body, once=page.form.get("once"))
    except Refused as refused:
        return await _key(page, refused.status, told(refused))
    if step == "rotate":
        return shown(page, "secret", _TAB, key=answer, old=await page.api.get(f"/v1/keys/{found}"))
    return page.go(f"/admin/keys/{found}", done="revoked")


async def _key(page: Page, status: int, problem: Any) -> Response:
    found = await page.api.get(f"/v1/keys/{page.path['id']}")
    own = page.caller is not None and page.caller.id == found["id"]
    return shown(page, "key", _TAB, status, key=found, own=own, problem=problem)


ROUTES: Final = (
    Route("GET", "/admin/keys", keys, ADMIN),
    Route("GET", "/admin/keys/new", making, ADMIN),
    Route("POST", "/admin/keys/new", made, ADMIN),
    Route("GET", "/admin/keys/{id}", key, ADMIN),
    Route("POST", "/admin/keys/{id}/{step}", changed, ADMIN),
)
