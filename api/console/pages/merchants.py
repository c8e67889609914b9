"""Stored merchants: their profiles, each version, and where they stand in onboarding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from api.console.backend import Refused
from api.console.case_words import Words
from api.console.casework import told_back
from api.console.page import Page
from api.console.routing import Route

_OWN: Final = ("id", "version", "updated_at")
_FIELDS: Final = ("name", "type", "country", "region", "postal_code", "address", "industry", "all_sales_recorded_since")


async def merchants(page: Page) -> Response:
    """Every merchant whose profile is kept."""
    found = await page.api.get("/v1/merchants", limit=50, after=page.query("after"))
    return page.render(
        "merchants/list.html", 200, section="cases", tab="merchants", merchants=found["data"], next=found["next"],
        w=Words(page.language),
    )  # fmt: skip


async def looked_up(page: Page) -> Response:
    """A merchant by its id."""
    wanted = page.query("id")
    return page.go(f"/merchants/{quote(wanted, safe='')}") if wanted else page.go("/merchants")


async def shown(page: Page) -> Response:
    """One profile; an earlier version where the address says so."""
    merchant = await page.api.get(f"/v1/merchants/{page.part('id')}", version=page.query("version"))
    cases = await page.api.get("/v1/onboarding", merchant=merchant["id"], limit=50)
    return page.render(
        "merchants/merchant.html", 200, section="cases", tab="merchants", merchant=merchant, fields=_FIELDS,
        cases=cases["data"], old=bool(page.query("version")),
        w=Words(page.language), done=page.query("done"),
    )  # fmt: skip


async def edit(page: Page) -> Response:
    """The profile, to be changed."""
    merchant = await page.api.get(f"/v1/merchants/{page.part('id')}")
    profile = {name: value for name, value in merchant.items() if name not in _OWN and value is not None}
    return _form(page, profile, json.dumps(_rest(profile), indent=2, ensure_ascii=False))


async def kept(page: Page) -> Response:
    """The whole profile anew."""
    plain = page.form.given(*_FIELDS)
    typed = page.form.raw("rest")
    try:
        rest = json.loads(typed or "{}")
        if not isinstance(rest, dict):
            raise ValueError
    except ValueError:
        problem = {"title": page._("Establishments, registrations and facts are not JSON.")}
        return _form(page, plain, typed, problem, 422)
    headers = {"content-type": "application/json"}
    try:
        await page.api.ask(
            "PUT", f"/v1/merchants/{page.part('id')}", body=json.dumps({**rest, **plain}), headers=headers
        )
    except Refused as refused:
        return _form(page, plain, typed, told_back(refused), refused.status)
    return page.go(f"/merchants/{page.part('id')}", done="kept")


def _rest(profile: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in profile.items() if name not in _FIELDS}


def _form(
    page: Page, profile: Mapping[str, Any], rest: str, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    return page.render(
        "merchants/edit.html", status, section="cases", tab="merchants", id=page.path["id"], profile=profile, rest=rest,
        w=Words(page.language), problem=problem,
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/merchants", merchants, ("read",)),
    Route("GET", "/merchants/find", looked_up, ("read",)),
    Route("GET", "/merchants/{id}", shown, ("read",)),
    Route("GET", "/merchants/{id}/profile", edit, ("edit",)),
    Route("POST", "/merchants/{id}/profile", kept, ("edit",)),
)
