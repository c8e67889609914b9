"""The access matrix as it was written down, and the routes as the application has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.routing import APIRoute

from api.app import bare_app
from api.console import menu, signing_in
from api.console.routing import PREFIX

_HERE = Path(__file__).parent

ROLES = {
    "officer": {"read", "edit", "review", "decide"},
    "approver": {"read", "approve", "review"},
    "analyst": {"read", "review", "screen", "onboard"},
    "tax": {"read", "tax"},
    "auditor": {"read"},
    "engineer": {"read", "decide"},
    "administrator": {"read", "admin"},
}
"""docs/reference/identity.md, "Roles"."""
SCOPES = ("decide", "tax", "read", "edit", "approve", "review", "screen", "onboard", "admin")
"""docs/reference/http-api.md, "Authentication"."""


@dataclass(frozen=True)
class Line:
    """A line of the matrix."""

    method: str
    path: str
    who: str
    limits: str = ""

    @property
    def open(self) -> bool:
        """Whether no key is asked for."""
        return self.who == "nobody"

    def lets_in(self, scopes: Iterable[str]) -> bool:
        """Whether somebody with these scopes may enter."""
        return self.who == "any" or not set(self.who.split("|")).isdisjoint(scopes)


def written(name: str) -> list[Line]:
    """The lines of a file."""
    lines = (_HERE / name).read_text().splitlines()
    return [Line(*line.split()) for line in lines if line.strip() and not line.startswith("#")]


INTERFACE = written("api_routes.txt")
CONSOLE = written("console_routes.txt")


def routes_of_the_interface() -> set[tuple[str, str]]:
    """Method and path of everything that the application answers."""
    return {(method, route.path) for route in _routes(bare_app().routes) for method in route.methods}


def routes_of_the_console() -> set[tuple[str, str]]:
    """Method and path of every page."""
    return {(one.method, PREFIX + one.path) for one in (*signing_in.ROUTES, *menu.routes())}


def _routes(found: Iterable[Any]) -> Iterator[APIRoute]:
    for one in found:
        if isinstance(one, APIRoute):
            yield one
        else:
            # What includes a router. Whatever else answers must be told of here.
            yield from _routes(one.original_router.routes)
