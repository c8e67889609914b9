"""The first page: what there is to do today."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from api.console.page import Page
from api.console.routing import Route


async def shown(page: Page) -> Response:
    """The page."""
    return page.render("today/today.html", section="today")


ROUTES: Final = (Route("GET", "", shown),)
