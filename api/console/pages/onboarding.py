"""Merchants on their way into service: the board of the stages, one case, an application handed in or changed, a decision."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from starlette.responses import Response

from api.console.applying import Sheet, application_of, blamed, document_of, stated, typed
from api.console.backend import Refused
from api.console.case_words import Words
from api.console.casework import told_back
from api.console.naming import names_of
from api.console.page import Page
from api.console.routing import Route

BOARD: Final = ("submitted", "automatic_review", "manual_review", "active")
BESIDE: Final = ("suspended", "refused")
_CONDITIONS: Final = (
    "contract_signed_on", "account_verified_on", "monthly_limit", "currency", "transactions_limit", "monitoring_profile",
    "first_review_on",
)  # fmt: skip
_WORDLESS: Final = frozenset({
    "created", "submitted", "changed", "documents_added", "materially_changed", "documents_missing", "documents_complete",
    "passed", "flagged", "failed", "held", "sampled", "assigned", "activation_begun", "document_expired", "review_due",
    "grace_over", "list_hit",
})  # fmt: skip
"""Events whose reason is a code that their name says already."""
_COLUMN: Final = 50


async def board(page: Page) -> Response:
    """Cases by stage; or one stage whole, as a list."""
    stage, country = page.query("stage"), page.query("country").upper()
    wanted = (stage,) if stage in (*BOARD, *BESIDE) else (*BOARD, *BESIDE)
    try:
        found = await asyncio.gather(
            *(
                page.api.get("/v1/onboarding", stage=one, country=country, limit=_COLUMN, after=page.query("after"))
                for one in wanted
            )
        )
        problem: Mapping[str, Any] | None = None
    except Refused as refused:
        found, problem = [{"data": [], "next": None} for _ in wanted], told_back(refused)
    columns = dict(zip(wanted, found, strict=True))
    return page.render(
        "onboarding/list.html" if len(wanted) == 1 else "onboarding/board.html", 200, section="cases", tab="onboarding",
        columns=columns, stage=stage, country=country, board=BOARD, beside=BESIDE, w=Words(page.language), problem=problem,
    )  # fmt: skip


async def shown(page: Page) -> Response:
    """One case."""
    return await _case(page)


async def _case(page: Page, step: str = "", problem: Mapping[str, Any] | None = None, status: int = 200) -> Response:
    case = await page.api.get(f"/v1/onboarding/{page.part('id')}")
    names = await names_of(
        page, (case["submitter"], case["first_approver"], *(one["actor"] for one in case["history"]))
    )
    own = page.caller is not None and page.caller.id in _handed_in(case)
    approved = page.caller is not None and case["first_approver"] == page.caller.id
    return page.render(
        "onboarding/case.html", status, section="cases", tab="onboarding", case=case, names=names, w=Words(page.language),
        problem=problem, step=step, form=page.form, own=own, approved=approved, machine=_WORDLESS, done=page.query("done"),
    )  # fmt: skip


def _handed_in(case: Mapping[str, Any]) -> set[str]:
    """Whoever handed something in: none of them decides."""
    acts = ("created", "submitted", "changed", "documents_added", "materially_changed")
    return {case["submitter"], *(one["actor"] for one in case["history"] if one["event"] in acts)}


async def decided(page: Page) -> Response:
    """What an officer decides."""
    form = page.form
    body: dict[str, Any] = {"decision": form.get("decision"), "reason": form.get("reason")}
    if form.get("decision") == "activate":
        conditions: dict[str, Any] = form.given(*_CONDITIONS)
        if "transactions_limit" in conditions and conditions["transactions_limit"].isdecimal():
            conditions["transactions_limit"] = int(conditions["transactions_limit"])
        body["conditions"] = {**conditions, "limited": form.ticked("limited")}
    case_id = page.part("id")
    try:
        await page.api.post(
            f"/v1/onboarding/{case_id}/decision", body, once=form.get("once"), number=form.get("number")
        )
    except Refused as refused:
        return await _case(page, "decision", told_back(refused), refused.status)
    return page.go(f"/onboarding/{case_id}", done="decision")


async def documented(page: Page) -> Response:
    """A document is added. Of a file that is chosen only the digest goes on: files are kept elsewhere."""
    file = page.form.files.get("file", b"")
    document = document_of(page.form, sha256(file).hexdigest() if file else "")
    case_id = page.part("id")
    try:
        await page.api.post(
            f"/v1/onboarding/{case_id}/documents", {"documents": [document]}, once=page.form.get("once"),
            number=page.form.get("number"),
        )  # fmt: skip
    except Refused as refused:
        return await _case(page, "documents", told_back(refused), refused.status)
    return page.go(f"/onboarding/{case_id}", done="documents")


async def new(page: Page) -> Response:
    """An empty application."""
    return _sheet(page, Sheet())


async def handed_in(page: Page) -> Response:
    """An application is handed in, or kept as a draft; or one more row is wanted."""
    sheet = typed(page.form)
    if page.form.get("more"):
        return _sheet(page, sheet)
    body, where = application_of(sheet)
    draft = "true" if page.form.get("draft") else ""
    try:
        case = await page.api.post("/v1/onboarding", body, once=page.form.get("once"), draft=draft)
    except Refused as refused:
        sheet.errors = blamed(refused.faults, where)
        return _sheet(page, sheet, problem=told_back(refused), status=refused.status)
    return page.go(f"/onboarding/{case['id']}", done="handed_in")


async def edit(page: Page) -> Response:
    """An application that is there, to be changed."""
    case = await page.api.get(f"/v1/onboarding/{page.part('id')}")
    return _sheet(page, stated(case["application"]), case=case)


async def changed(page: Page) -> Response:
    """The whole application anew."""
    case_id = page.part("id")
    sheet = typed(page.form)
    case = await page.api.get(f"/v1/onboarding/{case_id}")
    if page.form.get("more"):
        return _sheet(page, sheet, case=case)
    body, where = application_of(sheet)
    query = {"number": page.form.get("number"), "draft": "true" if page.form.get("draft") else ""}
    headers = {"content-type": "application/json"}
    try:
        await page.api.ask("PUT", f"/v1/onboarding/{case_id}", query=query, body=json.dumps(body), headers=headers)
    except Refused as refused:
        sheet.errors = blamed(refused.faults, where)
        return _sheet(page, sheet, case=case, problem=told_back(refused), status=refused.status)
    return page.go(f"/onboarding/{case_id}", done="handed_in")


def _sheet(
    page: Page,
    sheet: Sheet,
    *,
    case: Mapping[str, Any] | None = None,
    problem: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    number = page.form.get("number") or (case["number"] if case else "")
    return page.render(
        "onboarding/application.html", status, section="cases", tab="onboarding", sheet=sheet.filled(), case=case,
        number=number, w=Words(page.language), problem=problem,
    )  # fmt: skip


ROUTES: Final = (
    Route("GET", "/onboarding", board, ("read",)),
    Route("GET", "/onboarding/new", new, ("onboard",)),
    Route("POST", "/onboarding", handed_in, ("onboard",)),
    Route("GET", "/onboarding/{id}", shown, ("read",)),
    Route("GET", "/onboarding/{id}/application", edit, ("onboard",)),
    Route("POST", "/onboarding/{id}/application", changed, ("onboard",)),
    Route("POST", "/onboarding/{id}/documents", documented, ("onboard",)),
    Route("POST", "/onboarding/{id}/decision", decided, ("review",)),
)
