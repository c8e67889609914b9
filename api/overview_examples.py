"""Examples of a look at today for the document of the interface. Persons, sources and numbers are invented."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any, Final

from api.change_examples import answers as changes
from api.draft_examples import BASE, DRAFT
from api.upcoming import Coming

_AT: Final = datetime(2026, 11, 26, 9, 15, tzinfo=UTC)
_MINUTE: Final = "2026-11-26T09:14:00+00:00"
_COMING: Final = Coming(
    date(2027, 3, 1), "changes", "BE", "Belgium", "tax", "rate", "restaurant.2027", "restaurant, vat", "6", "12", "percent",
    "Royal Decree no 20", "Art. 1", None, "B", "",
)  # fmt: skip


def answers() -> dict[tuple[str, str], Any]:
    """What is answered, by path and method."""
    return {("/v1/overview", "get"): _overview(), ("/v1/coverage", "get"): _coverage()}


def _overview() -> dict[str, Any]:
    (change,) = changes()["/v1/changes", "get"]["data"]
    outcomes = {"allow": 131, "challenge": 38, "review": 4, "block": 2}
    return {
        "at": _AT.isoformat(),
        "law": {
            "release": BASE, "version": "2026.11.0", "since": "2026-11-22T00:00:00+00:00", "jurisdictions": 363,
            "demoted": 0, "upgrade": None, "rates_until": "2026-11-25",
        },
        "traffic": {
            "since": _MINUTE, "step_minutes": 1, "total": 175, "total_before": 168, "outcomes": outcomes,
            "points": [{"at": _MINUTE, "decisions": 175, "outcomes": outcomes}],
            "verdicts": {"of": 100, "domains": {"sca": {"exempt": 61, "required": 22, "not_applicable": 17}}},
        },
        "latency": {
            "scope": "this worker", "since": "2026-11-22T06:00:00+00:00",
            "points": [{"at": _MINUTE, "answers": 88, "p50_ms": 1.46, "p99_ms": 4.18}],
        },
        "coming": {
            "days": 120, "total": 1, "data": [{**asdict(_COMING), "day": _COMING.day.isoformat()}],
            "scheduled": [
                {"release": BASE, "active_from": "2026-12-01T00:00:00+01:00", "draft": DRAFT, "title": "Low value: EUR 25"}
            ],
        },
        "obligations": {"open": 0, "overdue": 0, "soon": 0, "data": []},
        "changes": {"new": 0, "assigned": 1, "drafted": 0, "due": [], "waiting": [change]},
        "approvals": {"submitted": 0, "data": []},
        "feeds": {
            "watched": 201, "asked": 201, "last_asked": _AT.isoformat(), "failing": 0, "silent": 1, "refused": False,
            "data": [
                {
                    "source": "be-fin-1", "regulator": "FPS Finance", "jurisdiction": "BE", "trouble": "silent",
                    "since": "2026-10-01T08:00:00+00:00", "failures": 0, "fault": "",
                }
            ],
        },
        "lists": {"loaded": 4, "stale": []},
        "facts": {
            "total": 8679, "stale": 0, "soon": 12, "oldest": "2026-11-22", "packs": [],
            "confidence": {"A": 2165, "B": 2335, "C": 1426, "R": 2753},
        },
        "deliveries": {"destinations": 1, "waiting": 0, "dead": 0, "data": []},
        "cases": {"alerts": {"open": 3}, "overdue": 0, "onboarding": {"human_review": 1}},
    }  # fmt: skip


def _coverage() -> dict[str, Any]:
    grades = {"A": 41, "B": 12, "C": 3, "R": 1}
    cell = {
        "level": "law", "entries": 57, "unread": 0, "confidence": grades, "typical": "A", "weakest": "R", "surest": "A",
        "verified": {"first": "2026-11-22", "last": "2026-11-25"}, "packs": ["EU", "FR"], "subdivisions": 0,
    }  # fmt: skip
    whole = {
        "countries": 251, "law": 166, "little": 72, "none": 13, "entries": 7015, "unread": 3, "typical": grades,
        "missing": ["AQ"],
    }  # fmt: skip
    return {
        "at": "2026-11-26",
        "release": BASE,
        "countries": [{"country": "FR", "name": "France", "domains": {"tax": cell}}],
        "domains": {"tax": whole},
    }
