"""Administration at a glance: what somebody must look after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from starlette.responses import Response

from api.console.administering import ADMIN, every_key, everybody, shown
from api.console.page import Page
from api.console.routing import Route

_SOON: Final = timedelta(days=14)


async def overview(page: Page) -> Response:
    """People without a second factor, keys that end soon, deliveries given up, sources that give nothing, the last walk."""
    people = await everybody(page)
    keys = await every_key(page)
    feeds = (await page.api.get("/v1/feeds", limit=1000))["data"]
    destinations = (await page.api.get("/v1/destinations"))["data"]
    walks = (await page.api.get("/v1/audit/verifications"))["data"]
    active = [one for one in people if one["state"] == "active"]
    return shown(
        page, "overview", "", people=people, active=active, keys=[one for one in keys if one["state"] == "good"],
        ending=[one for one in keys if _ends_soon(one)], destinations=destinations,
        bare=[one for one in active if one["password"] and not one["second_factor"]],
        dead=sum(one["dead"] for one in destinations), feeds=feeds, last=walks[0] if walks else None,
        stuck=[one for one in feeds if one["state"] in ("failing", "moved", "silent")],
    )  # fmt: skip


def _ends_soon(key: dict[str, Any]) -> bool:
    if key["state"] != "good" or key["expires_at"] is None:
        return False
    return datetime.fromisoformat(key["expires_at"]) - datetime.now(UTC) < _SOON


ROUTES: Final = (Route("GET", "/admin", overview, ADMIN),)
