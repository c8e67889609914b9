"""The console as one application: pages, what they load, and the guards that stand before all of them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.routing import Route as Path
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.console import menu, signing_in
from api.console.assets import BUILT, SOURCES
from api.console.backend import Api, Backend, Refused
from api.console.forms import read_form
from api.console.page import Caller, Page
from api.console.rendering import Templates
from api.console.routing import PREFIX, Route
from api.console.wording import chosen
from api.logs import logger, places

_log = logger("lexgate.console")
_LONGEST: Final = 200
"""Signs of a file's name."""
_FOREVER: Final = "public, max-age=31536000, immutable"
_GUARDS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


def console(backend: Backend) -> ASGIApp:
    """The pages, over an interface. The paths begin with `/console`."""
    templates = Templates()

    def served(route: Route) -> Path:
        async def answer(request: Request) -> Response:
            return await _answer(route, request, backend, templates)

        methods = ["GET", "HEAD"] if route.method == "GET" else ["POST"]
        return Path(PREFIX + route.path, answer, methods=methods)

    async def lost(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        page = _page(request, backend, templates)
        page.caller = await _known(page)
        return _refused(page, Refused(error.status_code, {"title": error.detail}))

    async def broken(request: Request, error: Exception) -> Response:
        _log.error("fault", exception=type(error).__name__, places=places(error.__traceback__))
        page = Page(request, Api(backend, None, "en"), templates, "en")
        return page.render("problem.html", 500, refused=Refused(500))

    built = StaticFiles(directory=BUILT, check_dir=False)
    pages = Starlette(
        routes=[
            Path(f"{PREFIX}/", _first),
            *(served(route) for route in (*signing_in.ROUTES, *menu.routes())),
            Mount(f"{PREFIX}/static", built),
            Path(f"{PREFIX}/source/{{name:path}}", _source),
        ],
        exception_handlers={HTTPException: lost, Exception: broken},
    )
    # Its own redirects name the host that the caller named: nobody is sent there.
    pages.router.redirect_slashes = False
    return _Guarded(pages)


async def _answer(route: Route, request: Request, backend: Backend, templates: Templates) -> Response:
    page = _page(request, backend, templates)
    if request.method == "POST":
        page.form = await read_form(request)
    try:
        page.caller = await _known(page)
        if page.caller is None and not route.open:
            return signing_in.interrupted(page)
        if not route.open and not page.may(*route.needs):
            return _refused(page, Refused(403))
        return await route.handler(page)
    except Refused as refused:
        return signing_in.interrupted(page) if refused.status == 401 else _refused(page, refused)


def _page(request: Request, backend: Backend, templates: Templates) -> Page:
    language = chosen(request.cookies.get("lexgate_language"), request.headers.get("accept-language"))
    return Page(request, Api(backend, signing_in.token_of(request), language, _source_of(request)), templates, language)


def _source_of(request: Request) -> str:
    """Where a visitor comes from, with what proxies before this one have said of it."""
    said, client = request.headers.get("x-forwarded-for"), request.client
    at = client.host if client is not None else ""
    return f"{said}, {at}" if said and at else at


async def _known(page: Page) -> Caller | None:
    """Who is signed in, as the interface says; None: nobody."""
    if signing_in.token_of(page.request) is None:
        return None
    answer = await page.api.ask("GET", "/v1/session", allow=(401, 403))
    return _caller(answer.json()["caller"]) if answer.ok else None


def _caller(found: dict[str, object]) -> Caller:
    roles, scopes = found.get("roles") or (), found.get("scopes") or ()
    assert isinstance(roles, list | tuple)
    assert isinstance(scopes, list | tuple)
    name = str(found.get("display_name") or found["name"])
    return Caller(str(found["id"]), name, str(found["kind"]), tuple(roles), frozenset(scopes))


def _refused(page: Page, refused: Refused) -> Response:
    status = refused.status if refused.status >= 400 else 500
    template = "problem-part.html" if page.fragment else "problem.html"
    answer = page.render(template, status, refused=refused)
    if page.fragment:
        answer.headers["hx-retarget"], answer.headers["hx-reswap"] = "#notices", "innerHTML"
    if refused.retry_after:
        answer.headers["retry-after"] = refused.retry_after
    return answer


async def _first(_request: Request) -> Response:
    return RedirectResponse(PREFIX, 307)


async def _source(request: Request) -> Response:
    """Styles as they were written, where nothing was built."""
    name = request.path_params["name"]
    if not name.isprintable() or len(name) > _LONGEST:
        raise HTTPException(404)
    wanted = (SOURCES / name).resolve()
    if wanted.suffix != ".css" or not wanted.is_relative_to(SOURCES) or not wanted.is_file():
        raise HTTPException(404)
    return FileResponse(wanted, media_type="text/css", headers={"cache-control": "no-cache"})


class _Guarded:
    """Refuses what another site sends in somebody's name, and gives every answer its headers.

    Browsers say where a request comes from (Fetch Metadata, RFC 6454 origins): a write that does not come from the
    console's own pages is refused, so forms need no tokens that could expire with what was typed.
    """

    def __init__(self, inner: ASGIApp) -> None:
        self._inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        kept = _FOREVER if scope["path"].startswith(f"{PREFIX}/static/") else "no-store"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name for name, _ in message["headers"]}
                own = [] if b"cache-control" in names else [(b"cache-control", kept.encode())]
                message["headers"] = [*message["headers"], *own, *_GUARDS]
            await send(message)

        if scope["method"] not in ("GET", "HEAD") and not _own(scope):
            await Response("This did not come from the console's own pages.", 403)(scope, receive, send_guarded)
            return
        await self._inner(scope, receive, send_guarded)


def _own(scope: Scope) -> bool:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get(b"origin")
    return origin is not None and urlsplit(origin).netloc == headers.get(b"host")
