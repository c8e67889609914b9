"""What a page is made with: who asks, in which language, the interface in their name, and how to answer."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.console.backend import Answer, Api
from api.console.forms import Form
from api.console.routing import PREFIX
from api.console.wording import translations

if TYPE_CHECKING:
    from api.console.rendering import Templates


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in."""

    id: str
    name: str
    kind: str = "person"
    roles: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()

    def may(self, *scopes: str) -> bool:
        """Whether one of these scopes is held. The interface asks again."""
        return not scopes or any(scope in self.scopes for scope in scopes)


@dataclass(slots=True)
class Page:
    """One request of the console, and the answer to it."""

    request: Request
    api: Api
    templates: Templates
    language: str
    caller: Caller | None = None
    form: Form = field(default_factory=Form)
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    """Lets the editor bring its own styles in; nothing else may."""

    # -- what was asked

    @property
    def path(self) -> Mapping[str, Any]:
        """The parameters of the path."""
        found: Mapping[str, Any] = self.request.path_params
        return found

    def part(self, name: str) -> str:
        """A parameter of the path, ready to stand in a path of the interface."""
        return quote(str(self.path[name]), safe="")

    def query(self, name: str, default: str = "") -> str:
        """A parameter of the address, without blanks at its ends."""
        found: str = self.request.query_params.get(name, default)
        return found.strip()

    @property
    def fragment(self) -> bool:
        """Whether htmx asks for a part of the page. Whoever answers with less than a page looks at this."""
        return self.request.headers.get("hx-request") == "true"

    def may(self, *scopes: str) -> bool:
        """Whether the caller holds one of these scopes: for what is shown. The interface checks what is done."""
        return self.caller is not None and self.caller.may(*scopes)

    def _(self, text: str, **values: Any) -> str:
        """A sentence in the language of the reader: `page._("%(count)s drafts", count=3)`."""
        said = translations(self.language).gettext(text)
        return said % values if values else said

    # -- how it is answered

    def render(self, template: str, status: int = 200, /, **values: Any) -> Response:
        """A page or a part of one. `section` is the key of the menu's entry."""
        return self._html(self.templates.render(self, template, values), status)

    def _html(self, text: str, status: int) -> Response:
        return HTMLResponse(text, status, {"content-security-policy": _policy(self.nonce)})

    def go(self, path: str, /, **query: Any) -> Response:
        """To another page, which is fetched anew: after whatever was done. `path` is below `/console`."""
        address = link(path, **query)
        if self.fragment:
            return Response(status_code=204, headers={"hx-redirect": address})
        return RedirectResponse(address, 303)

    def file(self, answer: Answer, name: str) -> Response:
        """What the interface has answered, as a file to keep."""
        kind = answer.headers.get("content-type", "application/octet-stream")
        header = f"attachment; filename=\"{_plain(name)}\"; filename*=UTF-8''{quote(name)}"
        return Response(answer.content, answer.status, {"content-disposition": header}, kind)


def link(path: str, /, **query: Any) -> str:
    """An address of the console: `link("/drafts", state="open")`. Parameters that are empty are left out."""
    said = [(name, str(value)) for name, value in query.items() if value not in (None, "", False)]
    return f"{PREFIX}{path}" + (f"?{urlencode(said)}" if said else "")


def _plain(name: str) -> str:
    return "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)


def _policy(nonce: str) -> str:
    return (
        "default-src 'none'; script-src 'self'; "
        f"style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
