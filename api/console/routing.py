"""Routes of the console: which page, by which method, for whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from starlette.responses import Response

if TYPE_CHECKING:
    from api.console.page import Page

Handler = Callable[["Page"], Awaitable[Response]]
PREFIX: Final = "/console"


@dataclass(frozen=True, slots=True)
class Route:
    """One page. `needs`: scopes of which the caller must hold one; none: whoever is signed in. The interface checks again."""

    method: Literal["GET", "POST"]
    path: str
    """Below `/console`, with Starlette's parameters: `/drafts/{id}`. Empty: the first page."""
    handler: Handler
    needs: tuple[str, ...] = ()
    open: bool = False
    """Whether it is shown to somebody who is not signed in."""


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the menu."""

    key: str
    """Of the pages that belong to it: `Page.render(section=)`."""
    path: str
    label: str
    """English, to be translated."""
    icon: str
    """Of `templates/icons.html`."""
    needs: tuple[str, ...] = ()
