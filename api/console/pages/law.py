"""The law: which places there are, what is in force in each as of a day, two side by side, one value everywhere."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from api.console.backend import Refused
from api.console.page import Page
from api.console.pages.law_shapes import (
    DOMAINS,
    MOST_OPEN,
    OLD_DAYS,
    REGIONS,
    by_region,
    chosen_day,
    line_of,
    marked,
    parameter_groups,
    parts_of,
    rule_groups,
    stops,
)
from api.console.routing import Route
from api.console.showing import Showing
from api.console.vocabulary import Vocabulary
from api.console.wording import locale_of

_RATES: Final = "rates:"


async def places(page: Page) -> Response:
    """The list of jurisdictions, with how surely each domain is known."""
    asked = {name: page.query(name) for name in ("q", "region", "domain")}
    found = await page.api.get("/v1/law")
    groups = by_region(found["data"], asked["q"], asked["region"], asked["domain"])
    count = sum(len(entries) for _, entries in groups)
    values = {
        "groups": groups,
        "asked": asked,
        "count": count,
        "regions": REGIONS,
        "region_options": [(name, page._(said)) for name, said in REGIONS.items()],
        "domains": DOMAINS,
        "domain_options": _domains(page),
        "heads": [said for _, said in _domains(page)],
    }
    return page.render("law/places.html", section="law", **values)


def _domains(page: Page) -> list[tuple[str, str]]:
    """Domains in words."""
    say = Vocabulary(page.language).filters()["domain"]
    return [(name, say(name)) for name in DOMAINS]


async def place(page: Page) -> Response:
    """One domain of the law of one place, as of a day, as known on a day."""
    code = str(page.path["place"])
    if page.query("stop"):
        day = chosen_day(page.query("at"), page.query("stood"), page.query("stop"), page.query("stops"))
        kept = {name: page.query(name) for name in ("domain", "known", "q")}
        return page.go(f"/law/{code}", at=day, **kept)
    at, known, wanted = (page.query(name) for name in ("at", "known", "q"))
    try:
        law = await _law(page, code, page.query("domain"), at, known)
    except Refused as refused:
        if not known or refused.status not in (404, 422):
            raise
        return page.render("law/unknown.html", refused.status, section="law", code=code, at=at, known=known)
    domain = law["domains"][0] if law["domains"] else None
    values: dict[str, Any] = {"law": law, "domain": domain, "at": at, "known": known, "wanted": wanted, "old": OLD_DAYS}
    if domain is not None:
        values |= _shaped(page, law, domain, wanted)
    return page.render("law/place.html", section="law", **values)


def _shaped(page: Page, law: dict[str, Any], domain: dict[str, Any], wanted: str) -> dict[str, Any]:
    """What the page shows of one domain."""
    figures, words = parameter_groups(domain, wanted)
    groups = rule_groups(law, domain, wanted)
    found = stops(domain["turns"], law["at"], _today() if page.query("at") else law["at"])
    day = Showing(locale_of(page.language), page.language).day
    today = date.fromisoformat(_today())
    return {
        "groups": groups,
        "shown": sum(len(rules) for _, rules in groups),
        "figures": figures,
        "words": words,
        "stops": found,
        "days_shown": [day(one) for one in found.days],
        "lines": {one["name"]: line_of(one["values"], today) for one in (*figures, *words)},
        "open": bool(wanted) or len(domain["rules"]) <= MOST_OPEN,
        "doubtful": domain["confidence"]["C"] + domain["confidence"]["R"],
        "entries": sum(domain["confidence"].values()),
        "found": sum(len(rules) for _, rules in groups) + len(figures) + len(words),
    }


async def _law(page: Page, code: str, domain: str, at: str, known: str) -> Any:
    """The law with one domain: the one asked for, or else the first of which there is any."""
    path = f"/v1/law/{quote(code, safe='')}"
    found = await page.api.get(path, domain=domain or DOMAINS[0], at=at, known=known)
    if not found["domains"] and found["speaks_of"] and not domain:
        found = await page.api.get(path, domain=found["speaks_of"][0], at=at, known=known)
    return found


async def parameter(page: Page) -> Response:
    """Everything that was ever known of one parameter."""
    code, name = str(page.path["place"]), str(page.path["name"])
    path = f"/v1/law/{quote(code, safe='')}/parameters/{quote(name, safe='')}/history"
    found = await page.api.get(path, at=page.query("at"), known=page.query("known"))
    today = date.fromisoformat(_today())
    lines = {layer["pack"] + layer["domain"]: line_of(layer["parameter"]["values"], today) for layer in found["layers"]}
    return page.render("law/parameter.html", section="law", history=found, lines=lines, old=OLD_DAYS)


async def compare(page: Page) -> Response:
    """Two places side by side."""
    a, b, at, domain = (page.query(name) for name in ("a", "b", "at", "domain"))
    listed, found = await asyncio.gather(
        page.api.get("/v1/law"),
        page.api.get("/v1/law/compare", a=a, b=b, at=at, domain=domain or DOMAINS[0]) if a and b else _nothing(),
    )
    options = [(one["jurisdiction"], f"{one['name']} ({one['jurisdiction']})") for one in _by_name(listed["data"])]
    values = {
        "options": options,
        "a": a,
        "b": b,
        "at": at,
        "chosen": domain or DOMAINS[0],
        "domain_options": _domains(page),
    }
    told = found["domains"][0] if found and found["domains"] else None
    if told is not None:
        told["rules"] = marked(told["rules"])
        values["tables"] = parts_of(told)
    return page.render("law/compare.html", section="law", found=found, told=told, old=OLD_DAYS, **values)


async def _nothing() -> None:
    return None


def _by_name(places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Places of which anything is told, and their parts, by name."""
    parts = [part for one in places for part in one["parts"]]
    return sorted([*(one for one in places if one["domains"]), *parts], key=lambda one: str(one["name"]))


async def grid(page: Page) -> Response:
    """One parameter, or one kind of rate, in every pack that has it."""
    of, at, state = page.query("of", f"{_RATES}standard"), page.query("at"), page.query("state", "in_force")
    asked = {"table": "rates", "category": of.removeprefix(_RATES)} if of.startswith(_RATES) else {"parameter": of}
    names, found = await asyncio.gather(
        page.api.get("/v1/law/parameters"), page.api.get("/v1/law/grid", at=at, **asked)
    )
    lines = [one for one in found["data"] if state == "all" or one["state"] == state]
    title = next((one["said"] for one in names["data"] if one["name"] == of), of.removeprefix(_RATES))
    values = {
        "names": names["data"],
        "found": found,
        "lines": lines,
        "of": of,
        "at": at,
        "state": state,
        "title": title,
    }
    return page.render("law/grid.html", section="law", old=OLD_DAYS, **values)


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


ROUTES: Final = (
    Route("GET", "/law", places, ("read",)),
    Route("GET", "/law/compare", compare, ("read",)),
    Route("GET", "/law/grid", grid, ("read",)),
    Route("GET", "/law/{place}", place, ("read",)),
    Route("GET", "/law/{place}/parameters/{name}", parameter, ("read",)),
)
