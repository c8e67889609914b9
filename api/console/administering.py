"""What the pages of administration share: their tabs, their words, and the answer to a form that was refused."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.identity_words import Words
from api.console.page import Page

ADMIN: Final = ("admin",)
TOLD: Final = (409, 412, 422)
"""Refusals that are told beside the form; others have a page of their own."""


def shown(page: Page, template: str, tab: str, status: int = 200, /, **values: Any) -> Response:
    """A page of administration."""
    words = Words(page.language)
    shared = {"section": "admin", "tab": tab, "w": words, "done": words.done(page.query("done")), "problem": None}
    return page.render(f"admin/{template}.html", status, **{**shared, **values})


def told(refused: Refused) -> Any:
    """The problem, to be told beside the form. Raises it where it is none of the form's."""
    if refused.status not in TOLD:
        raise refused
    return refused.problem


async def everybody(page: Page) -> list[dict[str, Any]]:
    """All people."""
    return (await page.api.every("/v1/people"))[0]


async def every_key(page: Page) -> list[dict[str, Any]]:
    """All keys, those that are over too."""
    return (await page.api.every("/v1/keys"))[0]
