"""What regulators published and what it would change: the queue, each change with its evidence, and one step to a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from api.console import marking
from api.console.backend import Refused
from api.console.change_words import STATE_TONES, STATES, STATUS_TONES, STATUSES, TABLES, TYPES
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import DOMAINS

_READ: Final = ("read",)
_EDIT: Final = ("edit",)
_FILTERS: Final = ("q", "status", "jurisdiction", "domain", "assignee", "effective_before", "order")
_FURTHER: Final = ("sanctions", "licensing")
"""Fields of law that publications are read of, and that have no domain here."""
_ALL, _NONE = "all", "irrelevant"
TABS: Final = ("new", "assigned", "drafted", "done", "dismissed", "merged", "superseded", _NONE)
MARKS: Final = {
    "comment": "reason",
    "dismiss": "reason",
    "reopen": "reason",
    "merge": "merge_reason",
    "assign": "take_reason",
}
"""Which field of a step's form says why."""


async def listed(page: Page) -> Response:
    """The queue."""
    state = page.query("state") or "new"
    state = state if state in (*TABS, _ALL) else "new"
    asked = {name: page.query(name) for name in _FILTERS}
    query = _query(page, state, asked)
    try:
        found = await page.api.get("/v1/changes", **query, limit=25, after=page.query("after"))
        fault = None
    except Refused as refused:
        if refused.status != 422:
            raise
        found, fault = {"data": [], "next": None}, refused.problem
    names = await names_of(page, [one["assignee"] for one in found["data"]])
    sent = {name: value for name, value in asked.items() if value}
    return page.render(
        "changes/list.html", 422 if fault else 200, section="changes", found=found, state=state, asked=asked, sent=sent,
        fault=fault, names=names, tabs=TABS, **_words(page),
        status_options=[(code, page._(text)) for code, text in STATUSES.items() if code != _NONE],
        domain_options=[*((code, page._(text)) for code, text in DOMAINS.items()), *((code, code) for code in _FURTHER)],
    )  # fmt: skip


def _query(page: Page, state: str, asked: dict[str, str]) -> dict[str, str]:
    if state == _NONE:
        return {"state": _NONE}
    mine = page.caller.id if page.caller is not None and asked["assignee"] == "me" else asked["assignee"]
    chosen = {"order": "newest", **{name: value for name, value in asked.items() if value}, "assignee": mine}
    return {**chosen, "jurisdiction": asked["jurisdiction"].upper(), **({} if state == _ALL else {"state": state})}


async def shown(page: Page) -> Response:
    """One change, whole."""
    return await _shown(page, 200)


async def _shown(
    page: Page, status: int, problem: Mapping[str, Any] | None = None, typed: Mapping[str, str] | None = None
) -> Response:
    change = await page.api.get(f"/v1/changes/{page.path['id']}")
    actors = [change["assignee"], *(one["actor"] for one in change["history"])]
    near = await page.api.get("/v1/changes", jurisdiction=change["jurisdiction"], order="newest", limit=50)
    parts = marking.pieces(change["text"], change["spans"])
    later = [one["details"].get("by") for one in change["history"] if one["step"] == "corrected"]
    return page.render(
        "changes/change.html", status, section="changes", change=change, pieces=parts, legend=marking.legend(parts),
        names=await names_of(page, actors), later=[one for one in later if one], others=_others(change, near["data"]),
        kind_of=marking.kind_of, did=page.query("did"), problem=problem, typed=typed or {}, **_words(page),
    )  # fmt: skip


def _others(change: dict[str, Any], near: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What it may be merged into: of the same place, and not settled."""
    found = [one for one in near if one["id"] != change["id"] and one["state"] in ("new", "assigned", "drafted")]
    return [(one["id"], f"{one['title'][:80]} ({one['publisher']})") for one in found]


async def stepped(page: Page) -> Response:
    """A step was asked for: assign, comment, dismiss, merge or reopen."""
    step, identity = page.path["step"], page.path["id"]
    if step not in MARKS:
        raise Refused(404)
    reason = page.form.get(MARKS[step])
    body: dict[str, Any] = {"reason": reason} if reason or step not in ("assign",) else {}
    if step == "assign" and page.form.ticked("back"):
        body["assignee"] = None
    if step == "merge":
        body["into"] = page.form.get("into")
    return await _done(page, f"/v1/changes/{identity}/{step}", body, step)


async def drafted(page: Page) -> Response:
    """A draft is to be made of it: the interface makes and checks it, and the page of the draft goes on."""
    return await _done(page, f"/v1/changes/{page.path['id']}/draft", page.form.given("title"), "draft")


async def _done(page: Page, path: str, body: dict[str, Any], step: str) -> Response:
    number = page.form.get("number")
    try:
        answer = await page.api.post(path, body, once=page.form.get("once") or None, number=number)
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        # The page as the change stands now, with what was typed.
        typed = {"step": step, **{name: str(text) for name, text in body.items() if text}}
        return await _shown(page, refused.status, refused.problem, typed)
    if step == "draft":
        return page.go(f"/drafts/{answer['draft']['id']}")
    return page.go(f"/changes/{page.path['id']}", did=step)


def _words(page: Page) -> dict[str, Any]:
    """Codes in words: `word("statuses", code)`."""

    def word(table: str, code: str | None) -> str:
        known = TABLES[table]
        return "" if code is None else page._(known[code]) if code in known else str(code).replace("_", " ")

    return {
        "word": word,
        "states": STATES,
        "statuses": STATUSES,
        "types": TYPES,
        "domains": DOMAINS,
        "state_tones": STATE_TONES,
        "status_tones": STATUS_TONES,
    }


ROUTES: Final = (
    Route("GET", "/changes", listed, _READ),
    Route("GET", "/changes/{id}", shown, _READ),
    Route("POST", "/changes/{id}/draft", drafted, _EDIT),
    Route("POST", "/changes/{id}/{step}", stepped, _EDIT),
)
