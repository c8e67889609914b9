"""The lists that names are held against: how old each is, and what changed in it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from api.console.case_words import Words
from api.console.page import Page
from api.console.routing import Route

_SHOWN: Final = 200
"""Entries of each kind of change that are shown."""


async def lists(page: Page) -> Response:
    """Every list that is loaded or required."""
    found = (await page.api.get("/v1/lists"))["data"]
    return page.render(
        "screening/lists.html", 200, section="cases", tab="lists", lists=found, w=Words(page.language),
    )  # fmt: skip


async def one(page: Page) -> Response:
    """One list, and what changed against the edition before."""
    code = page.part("code")
    found = (await page.api.get("/v1/lists"))["data"]
    known = next((each for each in found if each["code"] == page.path["code"]), None)
    diff = await page.api.maybe(f"/v1/lists/{code}/diff", names="true")
    if known is None and diff is None:
        await page.api.get(f"/v1/lists/{code}/diff")
    return page.render(
        "screening/list.html", 200, section="cases", tab="lists", code=page.path["code"], known=known, diff=diff,
        shown=_SHOWN, w=Words(page.language),
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/lists", lists, ("read",)),
    Route("GET", "/lists/{code}", one, ("read",)),
)
