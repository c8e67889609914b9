"""Changes to the law under review: which wait for whom, and each of them as its reviewers read it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from starlette.responses import Response

from api.console.lines_apart import differing
from api.console.page import Page, link
from api.console.reviewing.people import names_of
from api.console.reviewing.reading import MANY, comparison_of, draft_of, world_of
from api.console.reviewing.steps import World, left_to_approve, offers, own
from api.console.reviewing.texts import leaves
from api.console.reviewing.words import ACTS, EVENT_TONES, EVENTS, STATES, TRIAL_KINDS, VERDICTS, phrase, said
from api.console.routing import Route
from api.console.vocabulary import N_

VIEWS: Final = (
    ("waiting", N_("Waiting for me")),
    ("mine", N_("Mine")),
    ("scheduled", N_("Scheduled")),
    ("trial", N_("In trial")),
    ("done", N_("Finished")),
)
_OPEN: Final = frozenset({"draft", "checked", "submitted", "approved"})
_DONE: Final = frozenset({"active", "superseded", "withdrawn"})
_FEW: Final = 5
_FILES: Final = 40
"""Files whose lines are shown on one page."""


async def listed(page: Page) -> Response:
    """Every change that is on its way, by who has to do something."""
    view = page.query("view", "waiting")
    if view not in dict(VIEWS):
        view = "waiting"
    newest, submitted, approved, running = await asyncio.gather(
        page.api.get("/v1/drafts", order="newest", limit=MANY, after=page.query("after")),
        page.api.get("/v1/drafts", state="submitted", limit=MANY),
        page.api.get("/v1/drafts", state="approved", limit=MANY),
        page.api.get("/v1/trials", state="running", order="newest", limit=MANY),
    )
    every = {one["id"]: one for one in (*submitted["data"], *approved["data"], *newest["data"])}
    shown = {name: [one for one in every.values() if _in(page, name, one)] for name, _ in VIEWS}
    tried = {one["draft"] for one in running["data"]}
    shown["trial"] = [one for one in every.values() if one["id"] in tried]
    chosen = sorted(shown[view], key=lambda one: str(one["updated_at"]), reverse=True)
    names = await names_of(page, {who for one in chosen for who in one["editors"]})
    return page.render(
        "reviews/list.html", section="review", view=view, drafts=[_row(page, one, names) for one in chosen],
        views=[(name, page._(label), len(shown[name])) for name, label in VIEWS],
        next=newest["next"] if view == "done" else None, releases_only=not page.may("approve", "edit", "admin"),
        trials=[one for one in running["data"] if one["draft"] is None], trial_kinds=TRIAL_KINDS,
    )  # fmt: skip


def _in(page: Page, view: str, one: Mapping[str, Any]) -> bool:
    mine, state = own(page, one), one["state"]
    if view == "mine":
        return mine and state in _OPEN
    if view == "scheduled":
        return state == "scheduled"
    if view == "done":
        return state in _DONE
    if view != "waiting":
        return False
    looked_at = page.caller is not None and page.caller.id in one["approvals"]
    to_approve = state == "submitted" and not mine and not looked_at
    to_schedule = state == "approved"
    unreviewed = one["emergency"] and one["reviewed_by"] is None and not mine
    return to_approve or to_schedule or unreviewed


def _row(page: Page, one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        **one, "said": said(page, STATES, one["state"]), "left": left_to_approve(one),
        "by": [names.get(who, who) for who in one["editors"]], "own": own(page, one),
    }  # fmt: skip


# -- one draft ------------------------------------------------------------------------------------------------------------


async def frame(page: Page, draft: Mapping[str, Any], tab: str) -> dict[str, Any]:
    """What every page about one draft shows: its head, who must speak, and what the reader may do."""
    world, trials = await asyncio.gather(
        world_of(page), page.api.get("/v1/trials", state="running", order="newest", limit=MANY)
    )
    running = [one for one in trials["data"] if one["draft"] == draft["id"]]
    world = World(world.in_force, world.versions, running)
    names = await names_of(page, {*draft["editors"], *draft["approvals"], draft["reviewed_by"]})
    outdated = draft["state"] in _OPEN and draft["follows"] != world.in_force
    return {
        "section": "review", "draft": draft, "tab": tab, "state": said(page, STATES, draft["state"]), "names": names,
        "offers": offers(page, draft, world), "own": own(page, draft), "left": left_to_approve(draft),
        "authors": ", ".join(names[who] for who in draft["editors"]),
        "world": world, "outdated": outdated, "running": running, "tabs": _tabs(page, draft["id"]),
        "trial_kinds": {key: page._(word) for key, word in TRIAL_KINDS.items()},
    }  # fmt: skip


def _tabs(page: Page, draft: str) -> list[tuple[str, str, str]]:
    path = f"/reviews/{draft}"
    return [
        ("overview", page._("Discussion"), link(path)),
        ("changes", page._("What changes"), link(f"{path}/changes")),
        ("meaning", page._("What it means"), link(f"{path}/meaning")),
        ("effect", page._("On past payments"), link(f"{path}/effect")),
    ]


async def overview(page: Page) -> Response:
    """Everything that was done and said, and what comes next."""
    draft = await draft_of(page)
    shared, compared, history, conflicts = await asyncio.gather(
        frame(page, draft, "overview"),
        comparison_of(page, draft["id"], meaning=False),
        page.api.get(f"/v1/drafts/{draft['id']}/history"),
        page.api.get(f"/v1/drafts/{draft['id']}/conflicts"),
    )
    names = await names_of(page, {one["actor"] for one in history["data"]})
    events = [_event(page, one, names) for one in _grouped(history["data"])]
    standing = [one for one in conflicts["data"] if one["stands"]]
    return page.render(
        "reviews/overview.html", **shared, events=events, conflicts=standing, short=_short(page, draft, compared)
    )


def _short(page: Page, draft: Mapping[str, Any], compared: Mapping[str, Any] | None) -> dict[str, Any]:
    """What changes, and what it would have done to past payments, in a few sentences."""
    changes = [] if compared is None else [one for one in compared["comparison"]["changes"] if one["bears"]]
    effect = {"state": "none", "result": None} if compared is None else compared["effect"]
    return {
        "readable": compared is not None, "changes": [f"{one['pack']}: {one['said']}" for one in changes[:_FEW]],
        "more": max(0, len(changes) - _FEW), "state": effect["state"],
        "effect": effect["result"]["sentences"][:2] if effect["result"] else [],
        "path": f"/reviews/{draft['id']}",
    }  # fmt: skip


def _grouped(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Edits of one person that follow each other, as one event with all their files."""
    found: list[dict[str, Any]] = []
    for one in events:
        files = [one["details"]["path"]] if one["event"] == "edited" else []
        last = found[-1] if found else None
        if files and last is not None and last["event"] == "edited" and last["actor"] == one["actor"]:
            found[-1] = {**one, "files": [*dict.fromkeys([*last["files"], *files])]}
        else:
            found.append({**one, "files": files})
    return found


def _event(page: Page, one: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    details = one["details"]
    return {
        **one, "who": names.get(one["actor"], one["actor"]), "did": phrase(page, EVENTS, one["event"]),
        "tone": EVENT_TONES.get(one["event"], "plain"),
        "reason": "" if one["event"] == "opened" else details.get("reason") or "",
        "signed": (details.get("signature") or {}).get("by"), "active_from": details.get("active_from"),
    }  # fmt: skip


async def remark(page: Page) -> Response:
    """A remark was sent."""
    draft, text = page.path["draft"], page.form.get("reason")
    if text:
        await page.api.post(f"/v1/drafts/{draft}/comment", {"reason": text}, once=page.form.get("once"))
    return page.go(f"/reviews/{draft}")


async def changes(page: Page) -> Response:
    """The text: every change by its stable id, in a sentence, and line by line."""
    draft = await draft_of(page)
    shared, compared = await asyncio.gather(
        frame(page, draft, "changes"), comparison_of(page, draft["id"], meaning=False)
    )
    comparison = None if compared is None else compared["comparison"]
    return page.render(
        "reviews/changes.html", **shared, comparison=comparison, files=await _files(page, draft),
        packs=by_pack(page, comparison["changes"] if comparison else ()),
    )  # fmt: skip


def by_pack(page: Page, found: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Changes of each pack: those on which a decision may turn, and those of words and tests."""
    packs: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for one in found:
        told = {**one, "act": said(page, ACTS, one["change"]), "leaves": leaves(one["was"], one["now"], one["fields"])}
        parts = packs.setdefault(one["pack"], {"bearing": [], "words": []})
        parts["bearing" if one["bears"] else "words"].append(told)
    return packs


async def _files(page: Page, draft: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = [one for one in draft["files"] if one["change"] != "same"]
    kept = [one for one in named if one["change"] != "removed"][:_FILES]
    read = await asyncio.gather(*(page.api.get(f"/v1/drafts/{draft['id']}/files/{one['path']}") for one in kept))
    texts = {one["path"]: differing(one["base_text"] or "", one["text"]) for one in read}
    return [{**one, "differing": texts.get(one["path"])} for one in named]


async def meaning(page: Page) -> Response:
    """What it means: for every difference a payment that is decided otherwise, or a proof that none is."""
    draft = await draft_of(page)
    shared, compared = await asyncio.gather(
        frame(page, draft, "meaning"), comparison_of(page, draft["id"], meaning=True)
    )
    comparison = None if compared is None else compared["comparison"]
    order = {name: at for at, name in enumerate(VERDICTS)}
    found = [
        {**one, "told": said(page, VERDICTS, one["verdict"])} for one in (comparison["meanings"] if comparison else ())
    ]
    counts = [(said(page, VERDICTS, name), sum(one["verdict"] == name for one in found)) for name in VERDICTS]
    return page.render(
        "reviews/meaning.html", **shared, comparison=comparison,
        meanings=sorted(found, key=lambda one: order[one["verdict"]]), counts=counts,
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/reviews", listed, ("read",)),
    Route("GET", "/reviews/{draft}", overview, ("read",)),
    Route("POST", "/reviews/{draft}/remarks", remark, ("edit", "approve")),
    Route("GET", "/reviews/{draft}/changes", changes, ("read",)),
    Route("GET", "/reviews/{draft}/meaning", meaning, ("read",)),
)
