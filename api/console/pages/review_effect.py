"""What a change would have done to past payments: back-tests ordered, watched, read, down to the single payment."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from starlette.responses import Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.pages.reviews import frame
from api.console.reviewing.effect import told
from api.console.reviewing.reading import MANY, comparison_of, draft_of
from api.console.reviewing.words import RUNS, said
from api.console.routing import Route
from api.console.vocabulary import DOMAINS

_ORDERS: Final = ("edit", "approve")
_LEDGER: Final = "ledger"


async def shown(page: Page) -> Response:
    """The back-test that was asked for, or the newest of exactly this text."""
    return await _page(page, await draft_of(page))


async def _page(page: Page, draft: dict[str, Any], refused: Refused | None = None) -> Response:
    path = f"/v1/drafts/{draft['id']}"
    shared, listed, sources = await asyncio.gather(
        frame(page, draft, "effect"),
        page.api.get(f"{path}/backtests", limit=MANY),
        page.api.get("/v1/past-payments", limit=MANY),
    )
    tests = [_line(page, one, draft) for one in listed["data"]]
    chosen = page.query("backtest") or next((one["id"] for one in tests if one["current"]), "")
    found = await page.api.get(f"/v1/backtests/{chosen}") if chosen else None
    result = None if found is None or found["result"] is None else told(page, found["result"])
    may_order = page.may(*_ORDERS) and "backtest" in draft["possible"]
    values = page.form.given("source", "first", "last", "limit", "legal_day", "full") if page.form.pairs else {}
    if may_order and not page.form.pairs:
        values["legal_day"] = await _day_of(page, draft)
    return page.render(
        "reviews/effect.html", 200 if refused is None else refused.status, **shared, tests=tests,
        backtest=None if found is None else _line(page, found, draft), told=result, refused=refused,
        sources=[(one["name"], _source(page, one)) for one in sources["data"]], values=values, domains=list(DOMAINS),
        chosen=page.form.all("domains") or list(DOMAINS), may_order=may_order,
    )  # fmt: skip


async def _day_of(page: Page, draft: Mapping[str, Any]) -> str:
    """The day to ask under: the last on which something new begins, if that is still to come."""
    compared = await comparison_of(page, draft["id"], meaning=False)
    changes = compared["comparison"]["changes"] if compared else ()
    days = [date.fromisoformat(one["effective"]) for one in changes if one["effective"] and one["bears"]]
    today = datetime.now(UTC).date()
    return max(days).isoformat() if days and max(days) > today else ""


def _source(page: Page, one: Mapping[str, Any]) -> str:
    if one["name"] == _LEDGER:
        return page._("The decisions that are stored here")
    megabytes = f"{(one['bytes'] or 0) / 1_000_000:.1f}"
    return page._("%(name)s (a file of %(size)s MB)", name=one["name"], size=megabytes)


def _line(page: Page, one: Mapping[str, Any], draft: Mapping[str, Any]) -> dict[str, Any]:
    current = one["was"] == draft["follows"] and one["now"] == draft["content"]
    return {
        **one, "said": said(page, RUNS, one["state"]), "current": current,
        "under_way": one["state"] in ("waiting", "running"),
    }  # fmt: skip


async def ordered(page: Page) -> Response:
    """A back-test was ordered."""
    draft, form = await draft_of(page), page.form
    asked: dict[str, Any] = form.given("source", "first", "last", "legal_day")
    domains = [one for one in form.all("domains") if one in DOMAINS]
    if domains and len(domains) < len(DOMAINS):
        asked["domains"] = domains
    limit = form.get("limit").replace(",", "").replace(" ", "")
    if limit:
        asked["limit"] = int(limit) if limit.isdecimal() else limit
    if form.ticked("full"):
        asked["full"] = True
    try:
        begun = await page.api.post(f"/v1/drafts/{draft['id']}/backtest", asked)
    except Refused as refused:
        if refused.status in (409, 422):
            return await _page(page, draft, refused)
        raise
    return page.go(f"/reviews/{draft['id']}/effect", backtest=begun["id"])


async def progress(page: Page) -> Response:
    """How far a back-test is: a part of the page, asked for again and again. Once it is over, the whole page anew."""
    draft = await draft_of(page)
    found = await page.api.get(f"/v1/backtests/{page.path['backtest']}")
    one = _line(page, found, draft)
    if not page.fragment or not one["under_way"]:
        return page.go(f"/reviews/{draft['id']}/effect", backtest=one["id"])
    return page.render("reviews/effect-progress.html", draft=draft, backtest=one, may_order=page.may(*_ORDERS))


async def stopped(page: Page) -> Response:
    """A back-test was stopped, or goes on."""
    draft, backtest, what = (page.path[name] for name in ("draft", "backtest", "what"))
    if what not in ("cancel", "resume"):
        raise Refused(404, {"title": page._("There is no such page"), "detail": "", "request_id": ""})
    await page.api.post(f"/v1/backtests/{backtest}/{what}")
    return page.go(f"/reviews/{draft}/effect", backtest=backtest)


async def payment(page: Page) -> Response:
    """One payment of the past: as it was answered, and as the draft would answer it now."""
    draft, decision = await draft_of(page), page.path["decision"]
    day = page.query("day")
    shared, was, again = await asyncio.gather(
        frame(page, draft, "effect"),
        page.api.get(f"/v1/decisions/{decision}"),
        page.api.post(f"/v1/decisions/{decision}/replay", draft=draft["id"], legal_time=day),
    )
    now = again["decision"]
    sides = [{(one["rule"], one["pack"]): one for one in body["findings"]} for body in (was, now)]
    return page.render(
        "reviews/payment.html", **shared, was=was, now=now, day=day, differences=again["differences"],
        identical=again["identical"], gone=[one for key, one in sides[0].items() if key not in sides[1]],
        new=[one for key, one in sides[1].items() if key not in sides[0]],
        verdicts=[(name, _verdict(was, name), _verdict(now, name)) for name in was["domains"]],
    )  # fmt: skip


def _verdict(body: Mapping[str, Any], domain: str) -> str | None:
    part = body.get("method" if domain == "methods" else domain)
    if not isinstance(part, Mapping):
        return None
    if domain == "tax":
        return f"{part['currency']} {part['total']}" if part.get("total") is not None else part.get("verdict")
    found = part.get("verdict")
    return None if found is None else str(found)


ROUTES: Final = (
    Route("GET", "/reviews/{draft}/effect", shown, ("read",)),
    Route("POST", "/reviews/{draft}/effect", ordered, _ORDERS),
    Route("GET", "/reviews/{draft}/effect/{backtest}/progress", progress, ("read",)),
    Route("POST", "/reviews/{draft}/effect/{backtest}/{what}", stopped, _ORDERS),
    Route("GET", "/reviews/{draft}/payments/{decision}", payment, ("read",)),
)
