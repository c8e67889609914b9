"""People: invited, given roles, kept out, helped when a password is lost."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from api.console.administering import ADMIN, everybody, shown, told
from api.console.backend import Refused
from api.console.page import Page
from api.console.routing import Route

_TAB: Final = "/people"


async def people(page: Page) -> Response:
    """Everybody, with roles and state."""
    return shown(page, "people", _TAB, people=await everybody(page))


async def inviting(page: Page) -> Response:
    """The form for a new account."""
    return await _invitation(page, 200, {}, [], None)


async def invited(page: Page) -> Response:
    """The form was sent: the one-time code is shown, this once."""
    form, roles = page.form, page.form.all("role")
    body = {**form.given("name", "display_name"), "roles": roles, "locale": form.get("locale") or page.language}
    try:
        made = await page.api.post("/v1/people", body, once=form.get("once"))
    except Refused as refused:
        return await _invitation(page, 422, body, roles, told(refused))
    return shown(page, "code", _TAB, person=made, first=True)


async def person(page: Page) -> Response:
    """One account."""
    return await _person(page, 200, None)


async def changed(page: Page) -> Response:
    """Other roles, out, in again, or a new code."""
    step, found = page.path["step"], str(page.path["id"])
    if step not in ("roles", "disable", "enable", "reset"):
        raise Refused(404)
    body: dict[str, Any] = {"reason": page.form.get(f"reason-{step}")}
    if step == "roles":
        body["roles"] = page.form.all("role")
    try:
        made = await page.api.post(f"/v1/people/{found}/{step}", body, once=page.form.get("once"))
    except Refused as refused:
        return await _person(page, refused.status, told(refused))
    if step == "reset":
        return shown(page, "code", _TAB, person=made, first=False)
    return page.go(f"/admin/people/{found}", done={"disable": "disabled", "enable": "enabled"}.get(step, step))


async def _person(page: Page, status: int, problem: Any) -> Response:
    found = await page.api.get(f"/v1/people/{page.path['id']}")
    roles = (await page.api.get("/v1/roles"))["data"]
    own = page.caller is not None and page.caller.id == found["id"]
    return shown(page, "person", _TAB, status, person=found, roles=roles, problem=problem, own=own, typed=page.form)


async def _invitation(page: Page, status: int, typed: Any, chosen: list[str], problem: Any) -> Response:
    roles = (await page.api.get("/v1/roles"))["data"]
    return shown(page, "invite", _TAB, status, typed=typed, chosen=chosen, problem=problem, roles=roles)


ROUTES: Final = (
    Route("GET", "/admin/people", people, ADMIN),
    Route("GET", "/admin/people/invite", inviting, ADMIN),
    Route("POST", "/admin/people/invite", invited, ADMIN),
    Route("GET", "/admin/people/{id}", person, ADMIN),
    Route("POST", "/admin/people/{id}/{step}", changed, ADMIN),
)
