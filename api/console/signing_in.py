"""Signing in and out, and going on after a session has ended: what was typed comes back."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.routing import PREFIX, Route
from api.console.wording import LANGUAGES

COOKIE: Final = "lexgate_session"
_BEGUN: Final = "lexgate_openid"
_AT_PROVIDER: Final = 600
_MOST_KEPT: Final = 2_000_000
"""Characters of a form that are carried over a new sign-in."""


def token_of(request: Request) -> str | None:
    """The token of whoever is signed in; None: nobody."""
    found = request.cookies.get(COOKIE)
    return found if found and found.isascii() and found.isprintable() and " " not in found else None


async def shown(page: Page) -> Response:
    """The form to sign in."""
    ways = (await page.api.ask("GET", "/v1/sign-in", allow=(404, 503))).json()
    failed = page._("Your provider does not let you in here. Ask an administrator.") if page.query("failed") else ""
    return signing_in(page, 200, then=inside(page.query("then")), provider=ways.get("openid") or "", error=failed)


def signing_in(page: Page, status: int, **values: Any) -> Response:
    """The form to sign in; what else was typed travels along. A part of a page that htmx asked for gets it as a dialog."""
    values = {"then": PREFIX, "kept": "", "error": "", "name": "", "with_key": False, "provider": "", **values}
    if not page.fragment:
        return page.render("sign-in.html", status, **values)
    answer = page.render("sign-in-dialog.html", status, **values)
    answer.headers["hx-retarget"], answer.headers["hx-reswap"] = "#dialog", "innerHTML"
    return answer


def interrupted(page: Page) -> Response:
    """Somebody whose session has ended: sign in again, and go on where it was."""
    request = page.request
    kept, then = "", request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method != "POST" and not page.fragment:
        return page.go("/sign-in", then=then)
    if request.method == "POST":
        kept = json.dumps({"to": then, "pairs": page.form.pairs})
        if len(kept) > _MOST_KEPT:
            kept = ""
    return signing_in(page, 401, then=then if request.method == "GET" else PREFIX, kept=kept)


async def signed_in(page: Page) -> Response:
    """The form was sent."""
    form, key = page.form, page.form.get("key")
    then, kept = inside(form.get("then")), form.raw("kept")
    try:
        token = await _session_of_key(page, key) if key else await _session(page)
        caller = await page.api.ask("GET", "/v1/session", headers={"authorization": f"Bearer {token}"})
    except Refused as refused:
        if refused.status not in (401, 403, 422, 429):
            raise
        said = _why(page, refused, bool(key))
        return signing_in(page, 401, then=then, kept=kept, error=said, name=form.get("name"), with_key=bool(key))
    answer = _after(page, then, kept)
    _keep(page, answer, COOKIE, token, seconds=None)
    said_language = (caller.json().get("caller") or {}).get("locale")
    if said_language in LANGUAGES and "lexgate_language" not in page.request.cookies:
        _keep(page, answer, "lexgate_language", said_language, seconds=_YEAR)
    return answer


async def _session(page: Page) -> str:
    body = {"name": page.form.get("name"), "password": page.form.raw("password"), **page.form.given("code")}
    return str((await page.api.post("/v1/sessions", body))["token"])


async def _session_of_key(page: Page, key: str) -> str:
    """A session in place of the key, which goes no further than this."""
    headers = {"authorization": f"Bearer {key}"}
    return str((await page.api.ask("POST", "/v1/key-sessions", body={}, headers=headers)).json()["token"])


def _after(page: Page, then: str, kept: str) -> Response:
    if page.fragment:
        return Response(status_code=204, headers={"hx-trigger": "signed-in"})
    if kept:
        try:
            found = json.loads(kept)
            to, pairs = inside(found["to"]), [(str(name), str(text)) for name, text in found["pairs"]]
        except (ValueError, KeyError, TypeError):
            return page.go("")
        return page.render("go-on.html", 200, to=to, pairs=pairs)
    return page.go(then.removeprefix(PREFIX))


async def to_provider(page: Page) -> Response:
    """Off to the house's own provider, with what it takes to come back."""
    begun = await page.api.post("/v1/sign-in/openid")
    answer = RedirectResponse(begun["url"], 303)
    _keep(page, answer, _BEGUN, begun["kept"], seconds=_AT_PROVIDER)
    return answer


async def from_provider(page: Page) -> Response:
    """Back from there: signed in, or told that it was not to be."""
    body = {
        "kept": page.request.cookies.get(_BEGUN, ""), "state": page.query("state"), "code": page.query("code"),
    }  # fmt: skip
    answer = await page.api.ask("POST", "/v1/sign-in/openid/finish", body=body, allow=(401, 404, 422))
    went = page.go("") if answer.ok else page.go("/sign-in", failed="1")
    went.delete_cookie(_BEGUN, path=PREFIX)
    return keep_signed_in(page, went, answer.json()["token"]) if answer.ok else went


async def signed_out(page: Page) -> Response:
    """The session ends, here and in the ledger."""
    if token_of(page.request) is not None:
        await page.api.ask("DELETE", "/v1/session", allow=tuple(range(400, 600)))
    answer = page.go("/sign-in")
    answer.delete_cookie(COOKIE, path=PREFIX)
    return answer


async def preferred(page: Page) -> Response:
    """The language or the colours were chosen."""
    answer = page.go(inside(page.form.get("then")).removeprefix(PREFIX))
    for name, known in _PREFERRED.items():
        if page.form.get(name) in known:
            _keep(page, answer, f"lexgate_{name}", page.form.get(name), seconds=_YEAR)
    return answer


def keep_signed_in(page: Page, answer: Response, token: str) -> Response:
    """The answer, with the token in a cookie that no script reads."""
    _keep(page, answer, COOKIE, token, seconds=None)
    return answer


_PREFERRED: Final[dict[str, Collection[str]]] = {"language": LANGUAGES, "theme": ("light", "dark")}
"""What a browser is given to keep, of what it said itself."""
_YEAR: Final = 365 * 24 * 3600


def _keep(page: Page, answer: Response, name: str, value: str, *, seconds: int | None) -> None:
    secure = page.request.url.scheme == "https"
    answer.set_cookie(name, value, seconds, path=PREFIX, secure=secure, httponly=True, samesite="lax")


def inside(address: str) -> str:
    """An address of the console; anything else becomes its first page, so that nobody is sent elsewhere."""
    parts = urlsplit(address)
    own = parts.path == PREFIX or parts.path.startswith(f"{PREFIX}/")
    if parts.scheme or parts.netloc or not own or "\\" in address or address.startswith("//"):
        return PREFIX
    return address


def _why(page: Page, refused: Refused, with_key: bool) -> str:
    if refused.status == 429:
        return page._("Too many tries. Wait a little, then try again.")
    if refused.code == "second_factor_wanted":
        return page._("Enter the code of your authenticator as well.")
    if with_key:
        return page._("This key is not known, or no longer valid.")
    return page._("Name, password or code is wrong.")


ROUTES: Final = (
    Route("GET", "/sign-in", shown, open=True),
    Route("POST", "/sign-in", signed_in, open=True),
    Route("GET", "/sign-in/provider", to_provider, open=True),
    Route("GET", "/sign-in/openid", from_provider, open=True),
    Route("POST", "/sign-out", signed_out, open=True),
    Route("POST", "/preferences", preferred, open=True),
)
