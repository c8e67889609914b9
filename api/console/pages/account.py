"""One's own account: name, language, password, second factor, sessions; and choosing a first password."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.identity_words import Words
from api.console.page import Page
from api.console.routing import Route
from api.console.signing_in import keep_signed_in

_BESIDE: Final = (401, 409, 422, 429)
"""Refusals of a form here: a password that is wrong is no session that has ended."""


async def account(page: Page) -> Response:
    """Who one is here."""
    return await _account(page, 200)


async def profile(page: Page) -> Response:
    """Another name, or another language."""
    return await _did(page, "profile", "/v1/session/profile", page.form.given("display_name", "locale"), "profile")


async def password(page: Page) -> Response:
    """Another password."""
    form = page.form
    if form.raw("new") != form.raw("again"):
        problem = {"title": page._("The two new passwords are not the same.")}
        return await _account(page, 422, problem=problem, about="password")
    body = {"current": form.raw("current"), "new": form.raw("new")}
    return await _did(page, "password", "/v1/session/password", body, "password")


async def factor_begun(page: Page) -> Response:
    """A secret for an authenticator, shown once."""
    body = {"password": page.form.raw("password")}
    answer = await page.api.ask("POST", "/v1/session/second-factor", body=body, allow=_BESIDE)
    if not answer.ok:
        return await _refused(page, answer, "factor")
    return _shown(page, "factor", 200, begun=answer.json(), problem=None)


async def factor_confirmed(page: Page) -> Response:
    """Its first code: the recovery codes are shown, this once."""
    body = {"code": page.form.get("code")}
    answer = await page.api.ask("POST", "/v1/session/second-factor/confirm", body=body, allow=_BESIDE)
    if answer.ok:
        return _shown(page, "recovery", 200, codes=answer.json()["recovery_codes"])
    if answer.status == 422:
        begun = {"svg": "", "secret": "", "uri": ""}
        return _shown(page, "factor", 422, begun=begun, problem=answer.json())
    return await _refused(page, answer, "factor")


async def factor_removed(page: Page) -> Response:
    """Without one again."""
    body = {"password": page.form.raw("password")}
    return await _did(page, "factor", "/v1/session/second-factor/remove", body, "factor_removed")


async def session_ended(page: Page) -> Response:
    """One of one's own sessions, or all others."""
    found = page.form.get("session")
    await page.api.ask("DELETE", f"/v1/sessions/{found}" if found else "/v1/sessions", allow=(404, 409, 422))
    return page.go("/account", done="session" if found else "sessions")


async def setting_up(page: Page) -> Response:
    """The form for a one-time code."""
    return page.render("account/set-up.html", 200, problem=None, error="", name=page.query("name"))


async def was_set_up(page: Page) -> Response:
    """A first password was chosen: signed in."""
    form = page.form
    problem: Any = None
    error = ""
    if form.raw("password") != form.raw("again"):
        error = page._("The two passwords are not the same.")
    else:
        body = {"name": form.get("name"), "code": form.get("code"), "password": form.raw("password")}
        answer = await page.api.ask("POST", "/v1/setup", body=body, allow=_BESIDE)
        if answer.ok:
            return keep_signed_in(page, page.go(""), answer.json()["token"])
        if answer.status == 422:
            problem = answer.json()
        elif answer.status == 429:
            error = page._("Too many tries. Wait a little, then try again.")
        else:
            error = page._("Name or code is wrong, or the code is too old. Ask an administrator for a new one.")
    return page.render("account/set-up.html", 422, problem=problem, error=error, name=form.get("name"))


async def _did(page: Page, about: str, path: str, body: Any, done: str) -> Response:
    answer = await page.api.ask("POST", path, body=body, allow=_BESIDE)
    return page.go("/account", done=done) if answer.ok else await _refused(page, answer, about)


async def _refused(page: Page, answer: Any, about: str) -> Response:
    """Told beside the form. A session that has ended meanwhile is none of the form's."""
    problem = answer.json()
    if answer.status == 401 and str(problem.get("type", "")).endswith(":unauthenticated"):
        raise Refused(401, problem)
    if answer.status == 401:
        problem = {"title": page._("The password is wrong.")}
    elif answer.status == 429:
        problem = {"title": page._("Too many tries. Wait a little, then try again.")}
    return await _account(page, 422, problem=problem, about=about)


async def _account(page: Page, status: int, problem: Any = None, about: str = "") -> Response:
    shown = await page.api.get("/v1/session")
    person = shown["caller"]["kind"] == "person"
    sessions = (await page.api.get("/v1/sessions"))["data"] if person else []
    return _shown(page, "account", status, me=shown, person=person, sessions=sessions, problem=problem, about=about)


def _shown(page: Page, template: str, status: int, **values: Any) -> Response:
    words = Words(page.language)
    return page.render(f"account/{template}.html", status, w=words, done=words.done(page.query("done")), **values)


ROUTES: Final = (
    Route("GET", "/account", account),
    Route("POST", "/account/profile", profile),
    Route("POST", "/account/password", password),
    Route("POST", "/account/second-factor", factor_begun),
    Route("POST", "/account/second-factor/confirm", factor_confirmed),
    Route("POST", "/account/second-factor/remove", factor_removed),
    Route("POST", "/account/sessions", session_ended),
    Route("GET", "/set-up", setting_up, open=True),
    Route("POST", "/set-up", was_set_up, open=True),
)
