"""Approval policies: how many must approve a change to a domain of law, and who must be among them."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.responses import Response

from api.console.administering import ADMIN, every_key, everybody, shown, told
from api.console.backend import Refused
from api.console.naming import known_names
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import DOMAINS

_TAB: Final = "/policies"
_ROWS: Final = 2
"""Empty rows for roles that a form offers beyond those there are."""


async def policies(page: Page) -> Response:
    """Of every domain; where none was laid down, what holds without one."""
    found = {one["domain"]: one for one in (await page.api.get("/v1/approval-policies"))["data"]}
    ids = {one["laid_down_by"] for one in found.values()}
    ids |= {holder for one in found.values() for holders in one["roles"].values() for holder in holders}
    names = await known_names(page, ids)
    return shown(
        page, "policies", _TAB, policies=found, domains=[*DOMAINS, *sorted(set(found) - set(DOMAINS))], names=names
    )


async def policy(page: Page) -> Response:
    """The form of one domain."""
    return await _form(page, 200, None)


async def laid_down(page: Page) -> Response:
    """The form was sent."""
    form, roles = page.form, {}
    for at in range(50):
        name = re.sub(r"[^a-z0-9_]+", "_", form.get(f"role-{at}").lower()).strip("_")
        if name and (holders := form.all(f"holders-{at}")):
            roles[name] = holders
    body = {name: int(text) for name, text in form.given("required", "statute_required").items() if text.isdecimal()}
    try:
        await page.api.ask("PUT", f"/v1/approval-policies/{page.path['domain']}", body={**body, "roles": roles})
    except Refused as refused:
        return await _form(page, 422, told(refused))
    return page.go("/admin/policies", done="policy")


async def _form(page: Page, status: int, problem: Any) -> Response:
    domain = str(page.path["domain"])
    found = {one["domain"]: one for one in (await page.api.get("/v1/approval-policies"))["data"]}
    known = found.get(domain, {"required": 1, "statute_required": 2, "roles": {}})
    keys = await every_key(page)
    approvers = [(one["id"], one["display_name"]) for one in await everybody(page) if "approve" in one["scopes"]] + [
        (one["id"], one["name"]) for one in keys if one["state"] == "good" and "approve" in one["scopes"]
    ]
    rows = [*known["roles"].items(), *[("", [])] * _ROWS]
    return shown(
        page, "policy", _TAB, status, domain=domain, policy=known, rows=rows, approvers=approvers, problem=problem,
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/admin/policies", policies, ADMIN),
    Route("GET", "/admin/policies/{domain}", policy, ADMIN),
    Route("POST", "/admin/policies/{domain}", laid_down, ADMIN),
)
