"""A house as it is on an ordinary day, for pictures: payments of a week, drafts, changes, cases, merchants, obligations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bench.filled import fill as fill_with_payments
from tests.browser.caseroom import fill as fill_with_cases
from tests.browser.house import House
from tests.browser.lawmaking import LIMITS, Lawmakers
from tests.browser.published import publish

_PAYMENTS = 1200


def set_scene(house: House) -> Iterator[tuple[str, str]]:
    """Fill the house; then the name of a picture and its path, for every page that is worth one."""
    fill_with_payments(house.service, _PAYMENTS, over=timedelta(hours=6))
    cases = fill_with_cases(house)
    publish(house, "European Banking Authority", "SARS", "FATF")
    lawmakers = Lawmakers(house)
    written = lawmakers.opened("Low-value payments up to EUR 50")
    lawmakers.submitted("Low-value payments up to EUR 45", 45)
    approved = lawmakers.approved("Low-value payments up to EUR 40", 40)
    blocked = house.api.get("/v1/decisions", params={"limit": 1, "outcome": "collect"}).json()["data"][0]["id"]
    changes = house.api.get("/v1/changes", params={"limit": 20}).json()["data"]
    change = next((one["id"] for one in changes if one["status"] == "adopted"), changes[0]["id"])
    onboarding = house.api.get("/v1/onboarding", params={"limit": 1}).json()["data"][0]["id"]
    yield from {
        "today": "",
        "law": "/law",
        "law-place": "/law/DE",
        "law-compare": "/law/compare?a=DE&b=GB",
        "law-grid": "/law/grid",
        "drafts": "/drafts",
        "draft": f"/drafts/{written}",
        "draft-edit": f"/drafts/{written}/edit/{LIMITS}",
        "reviews": "/reviews",
        "review": f"/reviews/{approved}",
        "releases": "/releases",
        "changes": "/changes",
        "change": f"/changes/{change}",
        "decisions": "/decisions",
        "decision": f"/decisions/{blocked}",
        "cases": "/cases",
        "case": f"/cases/{next(iter(cases.values()))}",
        "onboarding": "/onboarding",
        "merchant-case": f"/onboarding/{onboarding}",
        "obligations": "/obligations",
        "tax": "/tax",
        "admin": "/admin",
        "account": "/account",
    }.items()
