"""Decisions: found, told in one minute, asked again under another day or release, and taken away as a document."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from api.console import deciding
from api.console.backend import Refused
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import DOMAINS, OUTCOMES

_FILTERS: Final = (
    "q", "outcome", "verdict", "country", "role", "amount_from", "amount_to", "currency", "from", "to", "payer", "merchant",
    "jurisdiction", "rule", "release",
)  # fmt: skip
_FURTHER: Final = (
    "role",
    "payer",
    "merchant",
    "jurisdiction",
    "rule",
    "release",
    "amount_from",
    "amount_to",
    "currency",
)
"""Fields that stand below, until one of them is used."""
_UPPER: Final = ("country", "currency", "jurisdiction")
_ROWS: Final = 50


async def listed(page: Page) -> Response:
    """The search and what it has found. All of it stands in the address."""
    asked = {name: page.query(name) for name in _FILTERS}
    problem = None
    found: dict[str, Any] = {"data": [], "next": None}
    try:
        found = await page.api.get("/v1/decisions", **_query(asked), after=page.query("after"))
    except Refused as refused:
        if refused.status != 422:
            raise
        problem = refused.problem
    used = {name: value for name, value in asked.items() if value}
    return page.render(
        "decisions/list.html", 422 if problem else 200, section="decisions", means=deciding.means, way=deciding.way,
        asked=asked, used=used, found=found,
        problem=problem, faults=_faults(problem), further=any(name in used for name in _FURTHER), after=page.query("after"),
        tones=deciding.TONES, verdicts=_choices(page), outcomes=[(key, page._(text)) for key, text in OUTCOMES.items()],
        say=lambda code: page._(deciding.VERDICTS.get(code, code)),
    )  # fmt: skip


def _query(asked: dict[str, str]) -> dict[str, Any]:
    """What is asked of the interface: days are whole days in UTC, the last one with it."""
    query: dict[str, Any] = {name: value for name, value in asked.items() if name not in ("from", "to")}
    for name in _UPPER:
        query[name] = asked[name].upper()
    query["since"], query["until"] = _midnight(asked["from"], 0), _midnight(asked["to"], 1)
    return {**query, "view": "summary", "limit": _ROWS}


def _midnight(day: str, later: int) -> str:
    try:
        return f"{(date.fromisoformat(day) + timedelta(days=later)).isoformat()}T00:00:00Z"
    except (ValueError, OverflowError):
        return day


def _faults(problem: Any) -> dict[str, str]:
    """By field of the form, what is wrong with it."""
    names = {"since": "from", "until": "to"}
    return {
        names.get(one.get("parameter") or "", one.get("parameter") or ""): one["message"]
        for one in (problem or {}).get("errors") or ()
    }


def _choices(page: Page) -> list[tuple[str, str]]:
    return [
        (f"{domain}:{word}", f"{page._(DOMAINS[domain])}: {page._(deciding.VERDICTS[word])}")
        for domain, words in deciding.CHOICES.items()
        for word in words
    ]


async def shown(page: Page) -> Response:
    """One decision with all that shows how it came about."""
    decision_id = page.part("id")
    whole = page.query("ladder") == "whole"
    summary, document, messages, owed, releases = await asyncio.gather(
        page.api.get(f"/v1/decisions/{decision_id}/summary"),
        page.api.get(f"/v1/decisions/{decision_id}/document"),
        page.api.get(f"/v1/decisions/{decision_id}/messages"),
        page.api.maybe("/v1/obligations", decision=decision_id, status="all", limit=200),
        page.api.maybe("/v1/releases", limit=50),
    )
    decision, key = document["decision"], document["request"]["key"]
    names = await page.api.maybe("/v1/people/names", ids=key)
    sentence = deciding.SENTENCES[decision["outcome"]]
    return page.render(
        "decisions/one.html", section="decisions", means=deciding.means(summary), it=decision,
        summary=summary, document=document, messages=messages,
        obligations=(owed or {}).get("data") or [], releases=_releases(page, releases),
        domains=deciding.domains(decision), findings=deciding.findings(decision), whole=whole,
        ladder=deciding.ladder(document["explanation"], whole=whole), languages_of=deciding.LOCALES, tones=deciding.TONES,
        asked_by=(names or {}).get(key, key), sentence=page._(sentence), events=_events(page, document["events"]),
        say=lambda code: page._(deciding.VERDICTS.get(code, code)),
    )  # fmt: skip


def _events(page: Page, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "word": page._(deciding.EVENTS.get(one["kind"], one["kind"]))} for one in told]


async def replayed(page: Page) -> Response:
    """The same question under another day or release, beside the answer that was given. Nothing is stored."""
    decision_id, day, release = page.part("id"), page.query("day"), page.query("release")
    summary, was, releases = await asyncio.gather(
        page.api.get(f"/v1/decisions/{decision_id}/summary"),
        page.api.get(f"/v1/decisions/{decision_id}"),
        page.api.maybe("/v1/releases", limit=50),
    )
    again, problem = None, None
    try:
        again = await page.api.post(f"/v1/decisions/{decision_id}/replay", legal_time=day, release=release)
    except Refused as refused:
        if refused.status not in (404, 422):
            raise
        problem = refused.problem
    now = again["decision"] if again else was
    return page.render(
        "decisions/replay.html", refused_status(problem), section="decisions", it=was, summary=summary, again=again, now=now,
        problem=problem, day=day, release=release, releases=_releases(page, releases), tones=deciding.TONES,
        rows=deciding.replay_rows(was, now), moved=deciding.moved_rules(was, now),
        differences=list(deciding.flat(again["differences"])) if again else [],
        say=lambda code: page._(deciding.VERDICTS.get(code, code)),
    )  # fmt: skip


def _releases(page: Page, found: Any) -> list[tuple[str, str]]:
    """Those that were in force, to choose from."""
    used = [one for one in (found or {}).get("data") or () if one["activated_at"]]
    return [
        (
            one["digest"],
            f"{one['version']} · {one['digest'][7:19]}" + (f" · {page._('in force')}" if one["current"] else ""),
        )
        for one in used
    ]


def refused_status(problem: Any) -> int:
    """The status of a page that tells what was refused."""
    return int(problem.get("status") or 422) if problem else 200


async def exported(page: Page) -> Response:
    """The document, in the language of the reader."""
    decision_id, kind = page.part("id"), page.path["kind"]
    answer = await page.api.ask("GET", f"/v1/decisions/{decision_id}/document", query={"format": kind})
    return page.file(answer, f"{decision_id}.{kind}")


ROUTES: Final = (
    Route("GET", "/decisions", listed, ("read",)),
    Route("GET", "/decisions/{id}", shown, ("read",)),
    Route("GET", "/decisions/{id}/replay", replayed, ("read",)),
    Route("GET", "/decisions/{id}/document.{kind}", exported, ("read",)),
)
