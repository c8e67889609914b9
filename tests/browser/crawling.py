"""Reads pages as a person without a browser would: which links, forms and buttons there are, and which routes they lead to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from starlette.routing import compile_path

from api.console import menu, signing_in
from api.console.routing import PREFIX, Route

SAMPLES = {"id": "case_0", "code": "UN-SC", "step": "notes", "path": "EU/sca.yaml", "number": "1"}
"""What stands for the parameters of a path that nobody has."""


def every_route() -> tuple[Route, ...]:
    """The route table of the console."""
    return (*signing_in.ROUTES, *menu.routes())


def address_of(route: Route) -> str:
    """An address of a route, of something that is not there."""
    _, _, convertors = compile_path(PREFIX + route.path)
    values = {
        name: "1" if "Integer" in type(one).__name__ else SAMPLES.get(name, "x") for name, one in convertors.items()
    }
    found = PREFIX + route.path
    for name, value in values.items():
        for written in (f"{{{name}}}", f"{{{name}:path}}", f"{{{name}:int}}"):
            found = found.replace(written, value)
    return found


class Table:
    """Finds the route behind an address."""

    def __init__(self) -> None:
        self._routes = [(one, compile_path(PREFIX + one.path)[0]) for one in every_route()]
        self._built = {self._first(PREFIX + one.path) for one in every_route()}

    def route(self, method: str, address: str) -> Route | None:
        """The route that answers; None: there is none."""
        path = urlsplit(address).path
        return next((one for one, form in self._routes if one.method == method and form.match(path)), None)

    def ours(self, address: str) -> bool:
        """Whether it is a page of a part of the console that is there."""
        path = urlsplit(address).path
        inside = path == PREFIX or path.startswith(f"{PREFIX}/")
        return (
            inside
            and not path.startswith((f"{PREFIX}/static/", f"{PREFIX}/source/"))
            and self._first(path) in self._built
        )

    @staticmethod
    def _first(path: str) -> str:
        return path.removeprefix(PREFIX).strip("/").split("/")[0]


@dataclass(slots=True)
class Seen(HTMLParser):
    """The links and forms of one page."""

    links: list[str] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    """Method and address of each form, of each button that sends elsewhere, and of what htmx asks for."""

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.links.append(told["href"])
        if tag == "form":
            self.sent.append((told.get("method", "get").upper(), told.get("action", "")))
        if "formaction" in told:
            self.sent.append((told.get("formmethod", "post").upper(), told["formaction"]))
        for name in ("hx-get", "hx-post"):
            if name in told:
                self.sent.append((name[3:].upper(), told[name]))


def read(text: str) -> Seen:
    """A page as it was answered."""
    seen = Seen()
    seen.feed(text)
    return seen


def led_to(page: str, seen: Seen) -> Iterator[tuple[str, str]]:
    """Method and address of everything that a page offers. A form without an address sends to the page itself."""
    yield from (("GET", link) for link in seen.links if link.startswith("/"))
    yield from ((method, address or page) for method, address in seen.sent)


def may(scopes: Iterable[str], route: Route) -> bool:
    """Whether somebody with these scopes may use a route."""
    return route.open or not route.needs or bool(set(scopes) & set(route.needs))
