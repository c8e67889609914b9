"""The first page: what bites, what waits, what has fallen silent, and how payments went."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from starlette.responses import Response

from api.console import world
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import DOMAINS, N_, OUTCOMES

_READ: Final = ("read",)
HOURS: Final = (1, 3, 24)
DAYS: Final = (30, 90)
TONES: Final = {"allow": "good", "challenge": "info", "collect": "plain", "review": "warn", "block": "bad"}
VERDICTS: Final = {
    "exempt": N_("Exempt"),
    "required": N_("Required"),
    "out_of_scope": N_("Out of scope"),
    "not_applicable": N_("Does not apply"),
    "undecided": N_("Undecided"),
    "clear": N_("Clear"),
    "report": N_("To be reported"),
    "review": N_("To be looked at"),
    "block": N_("Blocked"),
    "met": N_("Met"),
    "collect": N_("Data wanted"),
    "refuse": N_("Refused"),
    "determined": N_("Determined"),
    "allow": N_("Allowed"),
    "allow_with_mechanism": N_("Allowed with a mechanism"),
    "require_local_copy": N_("A local copy is needed"),
    "deny": N_("Denied"),
    "ok": N_("In order"),
}
_OLD_RATES: Final = 5
"""Days without a new exchange rate that are more than a long weekend."""


async def shown(page: Page) -> Response:
    """The whole page."""
    told, covered = await page.api.get("/v1/overview", **_span(page)), await page.api.get("/v1/coverage")
    return page.render("today/today.html", section="today", **await _living(page, told), **_map(page, covered))


async def living(page: Page) -> Response:
    """What changes by itself: fetched anew every half a minute."""
    told = await page.api.get("/v1/overview", **_span(page))
    return page.render("today/live.html", **await _living(page, told))


async def mapped(page: Page) -> Response:
    """The map of one domain."""
    if not page.fragment:
        return page.go("", map=_domain(page))
    return page.render("today/map.html", **_map(page, await page.api.get("/v1/coverage")))


def _span(page: Page) -> dict[str, int]:
    return {"hours": _one_of(HOURS, page.query("hours"), 3), "days": _one_of(DAYS, page.query("days"), 30)}


def _one_of(choices: tuple[int, ...], said: str, otherwise: int) -> int:
    return next((one for one in choices if str(one) == said), otherwise)


def _domain(page: Page) -> str:
    wanted = page.query("map")
    return wanted if wanted in DOMAINS else "sca"


# -- what lives ----------------------------------------------------------------------------------------------------------


async def _living(page: Page, told: dict[str, Any]) -> dict[str, Any]:
    names = await names_of(page, [one["author"] for one in told["approvals"]["data"]])
    return {
        "told": told,
        "span": _span(page),
        "hours": HOURS,
        "days": DAYS,
        "names": names,
        "wanted": attention(page, told),
        "numbers": numbers(told),
        "plots": plots(page, told),
        "verdicts": verdicts(page, told["traffic"]["verdicts"]),
        "coming": coming(told["coming"]["data"]),
    }


def attention(page: Page, told: dict[str, Any]) -> list[dict[str, Any]]:
    """What should not wait, the gravest first: a number, a sentence, and where to go."""
    changes, duties, law = told["changes"], told["obligations"], told["law"]
    feeds, dead = told["feeds"], told["deliveries"]["dead"]
    required = sum(one["required"] for one in told["lists"]["stale"])
    found = [
        ("bad", duties["overdue"], page._("obligations are overdue"), "/obligations?status=overdue"),
        ("bad", told["cases"]["overdue"], page._("cases should have been reported by now"), "/cases"),
        ("bad", len(changes["due"]), page._("changes of the law apply within 72 hours, and are not released"), "/changes"),
        ("bad", required, page._("lists that every screening needs are stale: nobody is clear"), "/screening"),
        ("bad", dead, page._("alerts could not be delivered"), "/admin"),
        ("warn", len(told["approvals"]["data"]), page._("drafts wait for your approval"), "/reviews"),
        ("warn", law["demoted"], page._("rules are held back by the circuit breaker"), "/reviews"),
        ("warn", feeds["failing"], page._("sources of regulators cannot be read"), "/changes"),
        ("warn", feeds["silent"], page._("sources have published nothing for longer than they should"), "/changes"),
        ("warn", len(told["lists"]["stale"]) - required, page._("lists are stale"), "/screening"),
        ("warn", told["facts"]["stale"], page._("facts of the law should have been looked at again"), "/law"),
        ("info", duties["soon"], page._("obligations are due within seven days"), "/obligations"),
        ("info", changes["new"], page._("changes nobody has taken on"), "/changes?state=new"),
    ]  # fmt: skip
    rows = [
        {"tone": tone, "number": number, "text": text, "path": path} for tone, number, text, path in found if number
    ]
    return sorted([*rows, *_silent(page, told)], key=lambda one: ("bad", "warn", "info").index(one["tone"]))


def _silent(page: Page, told: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing altogether, in a sentence without a number."""
    law, found = told["law"], []
    if law["upgrade"]:
        text = page._(
            "The law of version %(version)s came with the software and waits to be put in force", version=law["upgrade"]
        )
        found.append({"tone": "warn", "number": None, "text": text, "path": "/releases"})
    if told["feeds"]["refused"]:
        text = page._(
            "The table of your own sources cannot be read: only those that came with the software are watched"
        )
        found.append({"tone": "warn", "number": None, "text": text, "path": "/changes"})
    if told["feeds"]["asked"] == 0:
        text = page._("Nobody watches the regulators: no ingester has run yet")
        found.append({"tone": "info", "number": None, "text": text, "path": "/changes"})
    latest = law["rates_until"]
    if latest is not None and (_day(told["at"]) - date.fromisoformat(latest)).days > _OLD_RATES:
        text = page._("The exchange rates are more than five days old: amounts in other currencies may stay undecided")
        found.append({"tone": "warn", "number": None, "text": text, "path": ""})
    return found


def _day(instant: str) -> date:
    return datetime.fromisoformat(instant).date()


def numbers(told: dict[str, Any]) -> dict[str, Any]:
    """The four that stand above the plots."""
    traffic, took = told["traffic"], told["latency"]["points"]
    total, before = traffic["total"], traffic["total_before"]
    whole = traffic["points"][:-1][-5:]
    minutes = len(whole) * traffic["step_minutes"]
    stopped = traffic["outcomes"].get("block", 0)
    return {
        "total": total,
        "change": None if not before else round((total - before) * 100 / before),
        "rate": None if not minutes else round(sum(one["decisions"] for one in whole) / minutes, 1),
        "blocked": None if not total else round(stopped * 100 / total, 1),
        "p99": None if not took else max(one["p99_ms"] for one in took[-5:]),
        "p50": None if not took else took[-1]["p50_ms"],
    }


def plots(page: Page, told: dict[str, Any]) -> dict[str, Any]:
    """Labels are times of the day in UTC: every reader compares the same."""
    points = told["traffic"]["points"]
    outcomes = [name for name in OUTCOMES if told["traffic"]["outcomes"].get(name)] or ["allow"]
    step = told["traffic"]["step_minutes"]
    took = told["latency"]["points"]
    return {
        "labels": [_clock(one["at"]) for one in points],
        "outcomes": [
            {
                "label": page._(OUTCOMES[name]),
                "tone": TONES[name],
                "values": [_per_minute(one["outcomes"].get(name, 0), step) for one in points],
            }
            for name in outcomes
        ],
        "took_labels": [_clock(one["at"]) for one in took],
        "took": [
            {"label": page._("99 of 100"), "tone": "accent", "values": [one["p99_ms"] for one in took]},
            {"label": page._("half of them"), "tone": "info", "values": [one["p50_ms"] for one in took]},
        ],
        "mix": [
            {"label": page._(OUTCOMES[name]), "tone": TONES[name], "number": told["traffic"]["outcomes"].get(name, 0)}
            for name in OUTCOMES
        ],
    }


def _clock(instant: str) -> str:
    return instant[11:16]


def _per_minute(number: int, step: int) -> float | int:
    return number if step == 1 else round(number / step, 1)


def verdicts(page: Page, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Domain by domain what the newest decisions say, in the order of the domains."""
    return [
        {
            "domain": name,
            "parts": [
                {"label": page._(VERDICTS[one]) if one in VERDICTS else one, "number": number}
                for one, number in told["domains"][name].items()
            ],
        }
        for name in DOMAINS
        if name in told["domains"]
    ]


def coming(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By day, and within a day by place: one block for each."""
    return [
        {
            "day": day,
            "places": [
                {"pack": pack, "place": rows[0]["place"], "rows": rows}
                for pack, rows in ((key, list(found)) for key, found in groupby(of_day, lambda one: one["pack"]))
            ],
        }
        for day, of_day in ((key, list(found)) for key, found in groupby(entries, lambda one: one["day"]))
    ]


# -- the map -------------------------------------------------------------------------------------------------------------


def _map(page: Page, covered: dict[str, Any]) -> dict[str, Any]:
    domain, countries = _domain(page), covered["countries"]
    return {
        "domain": domain,
        "covered": covered["domains"],
        "size": world.outlines()[0],
        "shapes": world.drawn(countries, domain),
        "counted": world.counted(countries, domain),
        "countries": sorted(countries, key=lambda one: one["name"]),
    }


ROUTES: Final = (
    Route("GET", "", shown, _READ),
    Route("GET", "/today/live", living, _READ),
    Route("GET", "/today/map", mapped, _READ),
)
