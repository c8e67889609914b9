"""Releases of the law: what was in force when, what differs between any two, and back to one that held before."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.pages.reviews import by_pack
from api.console.reviewing.effect import told
from api.console.reviewing.people import names_of
from api.console.reviewing.reading import MANY, world_of
from api.console.reviewing.words import KINDS, RUNS, STATES, VERDICTS, said
from api.console.routing import Route

_SHOWN: Final = 30
_NOT_SHOWN: Final = frozenset({"left_out_decisions", "known_then", "named_in"})
_STEPS: Final = ("rollback", "activate")


async def listed(page: Page) -> Response:
    """What was in force from when, and what will be; what waits, and what is held back."""
    activations, releases, upgrade, demotions = await asyncio.gather(
        page.api.get("/v1/activations", limit=_SHOWN, after=page.query("after")),
        page.api.get("/v1/releases", limit=MANY),
        page.api.get("/v1/upgrade"),
        page.api.get("/v1/demotions", limit=MANY),
    )
    names = await names_of(page, {one["actor"] for one in activations["data"]})
    versions = {one["digest"]: one["version"] for one in releases["data"]}
    return page.render(
        "reviews/releases.html", section="review", next=activations["next"], in_force=activations["in_force"],
        activations=[_activation(page, one, names, versions) for one in activations["data"]], versions=versions,
        releases=[(one["digest"], f"{one['version']} · {one['digest'][7:15]}") for one in releases["data"]],
        upgrade=_upgrade(page, upgrade), demotions=demotions["data"],
    )  # fmt: skip


def _activation(
    page: Page, one: Mapping[str, Any], names: Mapping[str, str], versions: Mapping[str, str]
) -> dict[str, Any]:
    return {
        **one, "said": said(page, KINDS, one["kind"]), "by": names.get(one["actor"], one["actor"]),
        "version": versions.get(one["release"], one["release"][:19]),
    }  # fmt: skip


def _upgrade(page: Page, waits: Mapping[str, Any]) -> dict[str, Any] | None:
    found = waits["upgrade"]
    if found is None:
        return None
    return {**found, "said": said(page, STATES, found["state"]) if found["state"] else None}


async def shown(page: Page) -> Response:
    """One release: when it was in force, who put it there, its files."""
    release, activations, releases = await asyncio.gather(
        page.api.get(f"/v1/releases/{page.path['digest']}"),
        page.api.get("/v1/activations", limit=MANY),
        page.api.get("/v1/releases", limit=MANY),
    )
    own = [one for one in activations["data"] if one["release"] == release["digest"]]
    names = await names_of(page, {one["actor"] for one in own})
    versions = {one["digest"]: one["version"] for one in releases["data"]}
    others = [one for one in releases["data"] if one["digest"] != release["digest"]]
    return page.render(
        "reviews/release.html", section="review", release=release,
        activations=[_activation(page, one, names, versions) for one in own], held=_held(own),
        in_force=activations["in_force"],
        others=[(one["digest"], f"{one['version']} · {one['digest'][7:15]}") for one in others],
    )  # fmt: skip


def _held(activations: list[Mapping[str, Any]]) -> bool:
    """Whether it was in force, and so may be gone back to."""
    return any(one["kind"] != "cancelled" and not one["cancelled"] for one in activations)


async def exported(page: Page) -> Response:
    """The release as one signed file."""
    digest = page.path["digest"]
    answer = await page.api.ask("GET", f"/v1/releases/{digest}/export")
    return page.file(answer, f"lexgate-{digest.removeprefix('sha256:')[:16]}.json")


async def compared(page: Page) -> Response:
    """What differs between any two: in the text, and in payments."""
    was, now = page.query("was"), page.query("now")
    releases = await page.api.get("/v1/releases", limit=MANY)
    options = [(one["digest"], f"{one['version']} · {one['digest'][7:15]}") for one in releases["data"]]
    found, refused = None, None
    if was and now:
        try:
            found = await page.api.get(f"/v1/releases/{was}/diff/{now}")
        except Refused as error:
            if error.status not in (404, 422):
                raise
            refused = error
    order = {name: at for at, name in enumerate(VERDICTS)}
    meanings = [
        {**one, "told": said(page, VERDICTS, one["verdict"])}
        for one in sorted(found["meanings"] if found else (), key=lambda one: order[one["verdict"]])
    ]
    return page.render(
        "reviews/compare.html", section="review", options=options, was=was, now=now, comparison=found,
        packs=by_pack(page, found["changes"] if found else ()), meanings=meanings, refused=refused,
    )  # fmt: skip


async def asked(page: Page) -> Response:
    """What going back to it, or putting it in force, will do."""
    return await _asked(page)


async def _asked(page: Page, refused: Refused | None = None) -> Response:
    step = page.path["step"]
    if step not in _STEPS:
        raise Refused(404, {"title": page._("There is no such page"), "detail": "", "request_id": ""})
    release, world = await asyncio.gather(page.api.get(f"/v1/releases/{page.path['digest']}"), world_of(page))
    return page.render(
        "reviews/release-step.html", 200 if refused is None else refused.status, section="review", release=release,
        world=world, step=step, refused=refused, reason=page.form.get("reason"), now=release["digest"] == world.in_force,
    )  # fmt: skip


async def done(page: Page) -> Response:
    """It is in force."""
    step, digest = page.path["step"], page.path["digest"]
    if step not in _STEPS:
        return await _asked(page)
    body = {"reason": page.form.get("reason")}
    try:
        await page.api.post(f"/v1/releases/{digest}/{step}", body, once=page.form.get("once"))
    except Refused as refused:
        if refused.status in (409, 422):
            return await _asked(page, refused)
        raise
    return page.go("/releases", done=step)


async def reopened(page: Page) -> Response:
    """The upgrade was opened again, as a draft."""
    found = await page.api.post("/v1/upgrade")
    draft = found["upgrade"]["draft"]
    return page.go(f"/reviews/{draft}" if draft else "/releases")


async def held_back(page: Page) -> Response:
    """The rules that stop no payment at this moment."""
    found = await page.api.get("/v1/demotions", limit=MANY, after=page.query("after"))
    return page.render("reviews/demotions.html", section="review", demotions=found["data"], next=found["next"])


async def again(page: Page) -> Response:
    """Stored decisions asked again under the law of a day: each run."""
    found = await page.api.get("/v1/reevaluations", limit=_SHOWN, after=page.query("after"))
    world = await world_of(page)
    runs = [{**one, "said": said(page, RUNS, one["state"])} for one in found["data"]]
    return page.render("reviews/reevaluations.html", section="review", runs=runs, next=found["next"], world=world)


async def one_again(page: Page) -> Response:
    """One run: how far it is, and what came out."""
    run, world = await asyncio.gather(page.api.get(f"/v1/reevaluations/{page.path['run']}"), world_of(page))
    result = None
    if run["result"] is not None:
        result = told(page, {name: value for name, value in run["result"].items() if name not in _NOT_SHOWN})
    shown = {**run, "said": said(page, RUNS, run["state"])}
    return page.render("reviews/reevaluation.html", section="review", run=shown, told=result, world=world)


ROUTES: Final = (
    Route("GET", "/releases", listed, ("read",)),
    Route("GET", "/releases/compare", compared, ("read",)),
    Route("GET", "/releases/{digest}", shown, ("read",)),
    Route("GET", "/releases/{digest}/export", exported, ("read",)),
    Route("GET", "/releases/{digest}/do/{step}", asked, ("approve",)),
    Route("POST", "/releases/{digest}/do/{step}", done, ("approve",)),
    Route("POST", "/upgrade", reopened, ("edit",)),
    Route("GET", "/demotions", held_back, ("read",)),
    Route("GET", "/reevaluations", again, ("read",)),
    Route("GET", "/reevaluations/{run}", one_again, ("read",)),
)
