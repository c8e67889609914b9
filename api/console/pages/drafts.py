"""Drafts: the list, a new one, and one with its files, what the check says of it, and what may be done with it."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import N_

STATES: Final = {
    "draft": (N_("Being written"), "plain"),
    "checked": (N_("Checked"), "info"),
    "submitted": (N_("Submitted"), "warn"),
    "approved": (N_("Approved"), "good"),
    "scheduled": (N_("Scheduled"), "info"),
    "active": (N_("In force"), "good"),
    "superseded": (N_("Superseded"), "plain"),
    "withdrawn": (N_("Withdrawn"), "plain"),
}
"""States of a draft in words, and their tones."""
OPEN: Final = ("draft", "checked", "submitted", "approved")
CHANGES: Final = {
    "added": N_("new file"), "changed": N_("changed"), "removed": N_("taken out"), "same": N_("as before"),
}  # fmt: skip
_SHOWN: Final = 60
_FILTERS: Final = ("draft", "checked", "submitted", "approved", "scheduled", "withdrawn")


async def listed(page: Page) -> Response:
    """Drafts, those that were touched last first."""
    state = page.query("state")
    asked = state if state in _FILTERS else ""
    found = await page.api.get("/v1/drafts", limit=200, after=page.query("after"), state=asked)
    data = sorted(found["data"], key=lambda one: one["updated_at"], reverse=True)
    names = await names_of(page, (one["author"] for one in data))
    return page.render(
        "drafts/list.html", section="edit", drafts=data, next=found["next"], state=asked, states=STATES,
        filters=_FILTERS, names=names,
    )  # fmt: skip


async def new(page: Page) -> Response:
    """The form of a new draft. `path`, `rule`, `parameter`, `rate`: where to begin, if somebody comes from the law."""
    return _new(page, {name: page.query(name) for name in _WHERE})


_WHERE: Final = ("jurisdiction", "path", "rule", "parameter", "rate")


def _new(page: Page, where: dict[str, str], problem: Any = None, title: str = "", status: int = 200) -> Response:
    suggested = title or (_titled(page, where) if where["path"] or where["jurisdiction"] else "")
    return page.render(
        "drafts/new.html", status, section="edit", where=where, problem=problem, title=suggested
    )  # fmt: skip


def _titled(page: Page, where: dict[str, str]) -> str:
    about = where["rule"] or where["parameter"] or where["rate"] or where["path"] or where["jurisdiction"]
    return page._("Change %(what)s", what=f"{where['jurisdiction'] or where['path'].partition('/')[0]} {about}".strip())


async def opened(page: Page) -> Response:
    """A draft is opened, and what was meant is shown in it."""
    where, title = {name: page.form.get(name) for name in _WHERE}, page.form.get("title")
    try:
        made = await page.api.post("/v1/drafts", {"title": title}, once=page.form.get("once"))
    except Refused as refused:
        if refused.status != 422:
            raise
        return _new(page, where, refused.problem, title, 422)
    entry = {name: where[name] for name in ("rule", "parameter", "rate")}
    if where["path"]:
        return page.go(f"/drafts/{made['id']}/edit/{where['path']}", **entry)
    under = f"{where['jurisdiction']}/" if where["jurisdiction"] else ""
    return page.go(f"/drafts/{made['id']}", under=under)


# -- one ---------------------------------------------------------------------------------------------------------------


async def shown(page: Page) -> Response:
    """One draft."""
    return await _shown(page)


async def _shown(page: Page, check: Any = None, problem: Any = None, reason: str = "", status: int = 200) -> Response:
    draft_id = page.path["id"]
    draft = await page.api.get(f"/v1/drafts/{draft_id}")
    under = page.query("under")
    files = await page.api.get(f"/v1/drafts/{draft_id}/files", under=under, limit=_SHOWN) if under else None
    conflicts = await page.api.maybe(f"/v1/drafts/{draft_id}/conflicts")
    names = await names_of(page, (draft["author"], *draft["editors"], *(one["editor"] for one in draft["files"])))
    return page.render(
        "drafts/shown.html", status, section="edit", draft=draft, states=STATES, changes=CHANGES, under=under,
        files=files, check=check, problem=problem, reason=reason, names=names, editable=draft["state"] in OPEN,
        writers=[names(one) for one in draft["editors"]], done=page.query("done"),
        standing=[one for one in (conflicts or {"data": []})["data"] if one["stands"]],
    )  # fmt: skip


async def checked(page: Page) -> Response:
    """The whole draft is checked; what is found stands on the page."""
    try:
        found = await page.api.post(f"/v1/drafts/{page.path['id']}/check")
    except Refused as refused:
        return await _not_done(page, refused)
    return await _shown(page, check=found)


async def stepped(page: Page) -> Response:
    """Submitted, rebased, remarked on or withdrawn; or a back-test is begun."""
    step, draft_id, reason = page.path["step"], page.path["id"], page.form.get("reason")
    if step not in _STEPS:
        raise Refused(404)
    body: dict[str, Any] = {"reason": reason}
    if step == "rebase":
        body = {}
    elif step == "backtest":
        body = {"legal_day": page.form.get("day")} if page.form.get("day") else {}
    try:
        await page.api.post(f"/v1/drafts/{draft_id}/{step}", body, once=page.form.get("once"))
    except Refused as refused:
        return await _not_done(page, refused, reason)
    return page.go(f"/drafts/{draft_id}", done=step)


_STEPS: Final = ("submit", "rebase", "withdraw", "backtest")


async def _not_done(page: Page, refused: Refused, reason: str = "") -> Response:
    if refused.status not in (409, 422):
        raise refused
    return await _shown(page, problem=refused.problem, reason=reason, status=refused.status)


ROUTES: Final = (
    Route("GET", "/drafts", listed, ("read",)),
    Route("GET", "/drafts/new", new, ("edit",)),
    Route("POST", "/drafts/new", opened, ("edit",)),
    Route("GET", "/drafts/{id}", shown, ("read",)),
    Route("POST", "/drafts/{id}/check", checked, ("edit",)),
    Route("POST", "/drafts/{id}/do/{step}", stepped, ("edit",)),
)
