"""Tax: quotes to play with, rates, merchants and their registrations, thresholds, returns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from starlette.responses import Response

from api.console import deciding, taxing
from api.console.backend import Refused
from api.console.forms import Form
from api.console.page import Page
from api.console.routing import Route
from api.console.vocabulary import N_

_TABS: Final = (
    ("overview", "/tax", N_("Overview"), ("tax", "read")),
    ("quote", "/tax/quote", N_("Quote"), ("tax",)),
    ("rates", "/tax/rates", N_("Rates"), ("tax",)),
    ("merchants", "/tax/merchants", N_("Merchants"), ("read",)),
    ("thresholds", "/tax/thresholds", N_("Thresholds"), ("tax",)),
    ("returns", "/tax/returns", N_("Returns"), ("tax",)),
)
_UK_BOXES: Final = ("input_tax", "purchases", "acquisition_tax", "acquisitions")


def _page(page: Page, template: str, tab: str, status: int = 200, **values: Any) -> Response:
    tabs = [(key, path, page._(label)) for key, path, label, needs in _TABS if page.may(*needs)]
    return page.render(f"tax/{template}.html", status, section="tax", tabs=tabs, tab=tab, **values)


async def _merchants(page: Page) -> list[dict[str, Any]]:
    """Those that can be chosen; none for somebody who may not list them."""
    found = await page.api.maybe("/v1/merchants", limit=200)
    return (found or {}).get("data") or []


def _chosen(merchants: list[dict[str, Any]], wanted: str) -> list[tuple[str, str]]:
    """To choose from, with the one that was asked for, should it be none of those that are stored."""
    names = [(one["id"], f"{one['id']} · {one['name']}" if one.get("name") else one["id"]) for one in merchants]
    known = not wanted or any(key == wanted for key, _ in names)
    return names if known else [*names, (wanted, wanted)]


async def overview(page: Page) -> Response:
    """What there is."""
    return _page(page, "overview", "overview", merchants=await _merchants(page), samples=_samples(page))


def _samples(page: Page) -> list[tuple[str, str]]:
    return [(key, page._(name)) for key, (name, _) in taxing.SAMPLES.items()]


# -- quotes -----------------------------------------------------------------------------------------------------------


async def quote(page: Page) -> Response:
    """The form, empty or with a sample."""
    sample = taxing.SAMPLES.get(page.query("sample"))
    form = (
        Form(tuple(sample[1].items())) if sample else Form((("currency", "EUR"), ("merchant", page.query("merchant"))))
    )
    return await _quote(page, form)


async def quoted(page: Page) -> Response:
    """The answer to a form, above the form that was sent."""
    try:
        body = taxing.question(page.form)
    except taxing.NotJson as error:
        problem = {"title": page._("The further facts are no JSON"), "detail": str(error)}
        return await _quote(page, page.form, problem=problem, status=422)
    try:
        answer = await page.api.post("/v1/tax/calculations", body, once=page.form.get("once"))
    except Refused as refused:
        if refused.status not in (409, 422):
            raise
        return await _quote(page, page.form, problem=refused.problem, status=refused.status)
    return await _quote(page, page.form, answer=answer)


async def _quote(
    page: Page, form: Form, *, answer: Any = None, problem: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    typed = taxing.typed(form)
    shown = [n for n in range(1, taxing.LINES + 1) if n == 1 or typed[f"{n}.amount"] or typed[f"{n - 1}.amount"]]
    return _page(
        page, "quote", "quote", status, typed=typed, lines=shown, answer=answer, problem=problem, samples=_samples(page),
        merchants=_chosen(await _merchants(page), typed["merchant"]), sample=page.query("sample"), **_words(page),
    )  # fmt: skip


def _words(page: Page) -> dict[str, Any]:
    return {
        "treatment": lambda code: page._(taxing.TREATMENTS.get(code, code)), "tones": taxing.TONES,
        "verdict": lambda code: page._(deciding.VERDICTS.get(code, code)), "verdict_tones": deciding.TONES,
    }  # fmt: skip


async def kept_quote(page: Page) -> Response:
    """A quote as it was answered."""
    answer = await page.api.get(f"/v1/tax/calculations/{page.part('id')}")
    return _page(page, "kept-quote", "quote", answer=answer, **_words(page))


# -- rates, merchants, thresholds -------------------------------------------------------------------------------------


async def rates(page: Page) -> Response:
    """The rates of a place on a day."""
    asked = {"country": page.query("country").upper(), "date": page.query("date"), "category": page.query("category")}
    found, problem = None, None
    if asked["country"]:
        country, _, part = asked["country"].partition("-")
        try:
            found = await page.api.get(
                "/v1/tax/rates", country=country, region=asked["country"] if part else "", date=asked["date"],
                category=asked["category"],
            )  # fmt: skip
        except Refused as refused:
            if refused.status not in (404, 422):
                raise
            problem = refused.problem
    return _page(
        page, "rates", "rates", int(problem["status"]) if problem else 200, asked=asked, found=found, problem=problem
    )


async def merchants(page: Page) -> Response:
    """Stored merchants with their registrations."""
    found = await page.api.get("/v1/merchants", limit=50, after=page.query("after"))
    return _page(page, "merchants", "merchants", found=found)


async def merchant(page: Page) -> Response:
    """One merchant: seat, establishments, registrations."""
    version = page.query("version")
    return _page(
        page, "merchant", "merchants", version=version,
        it=await page.api.get(f"/v1/merchants/{page.part('id')}", version=version),
        now=await page.api.get(f"/v1/merchants/{page.part('id')}"),
    )  # fmt: skip


async def thresholds(page: Page) -> Response:
    """How near a merchant is to each threshold, with the line on which its sales go on."""
    wanted, what_if = page.query("merchant"), page.query("what_if")
    stored = await _merchants(page)
    found, problem = None, None
    if wanted:
        try:
            found = await page.api.get("/v1/tax/thresholds", merchant=wanted, what_if=what_if)
        except Refused as refused:
            if refused.status not in (404, 422):
                raise
            problem = refused.problem
    today = datetime.now(UTC).date()
    plots = {id(one): taxing.line_of_forecast(one, today) for one in (found or {}).get("data") or ()}
    return _page(
        page, "thresholds", "thresholds", int(problem["status"]) if problem else 200, merchants=_chosen(stored, wanted),
        merchant=wanted, what_if=what_if, found=found, problem=problem, plot_of=lambda one: plots[id(one)],
    )  # fmt: skip


# -- returns ----------------------------------------------------------------------------------------------------------


async def returns(page: Page) -> Response:
    """A return drawn up as it is now, and those that were filed."""
    return await _returns(page, page.query)


async def _returns(page: Page, given: Any, problem: Any = None) -> Response:
    usual = taxing.periods(datetime.now(UTC).date())
    scheme = given("scheme") or "oss"
    asked = {"merchant": given("merchant"), "scheme": scheme, "period": given("period")}
    asked |= {name: given(name) for name in _UK_BOXES if scheme == "uk"}
    found, filed = None, None
    if asked["merchant"] and asked["period"]:
        try:
            found, filed = await asyncio.gather(
                page.api.get("/v1/tax/returns", **asked),
                page.api.maybe("/v1/tax/returns/filed", merchant=asked["merchant"], limit=50),
            )
        except Refused as refused:
            if refused.status not in (404, 422):
                raise
            problem = problem or refused.problem
    elif asked["merchant"]:
        filed = await page.api.maybe("/v1/tax/returns/filed", merchant=asked["merchant"], limit=50)
    return _page(
        page, "returns", "returns", int(problem.get("status") or 422) if problem else 200, asked=asked, found=found,
        filed=(filed or {}).get("data") or [], problem=problem, usual=usual,
        merchants=_chosen(await _merchants(page), asked["merchant"]),
        schemes=[(key, page._(name)) for key, name in taxing.SCHEMES.items()],
        treatment=lambda code: page._(taxing.TREATMENTS.get(code, code)), boxes=_UK_BOXES,
    )  # fmt: skip


async def file(page: Page) -> Response:
    """File a return as it is now."""
    given = page.form.given("merchant", "scheme", "period", "corrects", "reference", *_UK_BOXES)
    try:
        filed = await page.api.post("/v1/tax/returns", given, once=page.form.get("once"))
    except Refused as refused:
        if refused.status not in (404, 409, 422):
            raise
        return await _returns(page, page.form.get, refused.problem)
    return page.go(f"/tax/returns/filed/{filed['id']}", filed="now")


async def download(page: Page) -> Response:
    """A return as it is now, as a file."""
    kind = page.path["kind"]
    asked = {name: page.query(name) for name in ("merchant", "scheme", "period", *_UK_BOXES)}
    answer = await page.api.ask("GET", "/v1/tax/returns", query={**asked, "format": kind})
    return page.file(answer, f"{asked['merchant']}-{asked['scheme']}-{asked['period']}.{kind}")


async def filed_return(page: Page) -> Response:
    """A return as it was filed."""
    found = await page.api.get(f"/v1/tax/returns/filed/{page.part('id')}")
    return _page(
        page, "filed", "returns", it=found, found=found["return"], just=page.query("filed") == "now",
        treatment=lambda code: page._(taxing.TREATMENTS.get(code, code)),
        scheme=page._(taxing.SCHEMES.get(found["scheme"], found["scheme"])),
    )  # fmt: skip


async def filed_file(page: Page) -> Response:
    """A return that was filed, as a file."""
    kind = page.path["kind"]
    answer = await page.api.ask("GET", f"/v1/tax/returns/filed/{page.part('id')}", query={"format": kind})
    return page.file(answer, f"{page.path['id']}.{kind}")


ROUTES: Final = (
    Route("GET", "/tax", overview, ("tax", "read")),
    Route("GET", "/tax/quote", quote, ("tax",)),
    Route("POST", "/tax/quote", quoted, ("tax",)),
    Route("GET", "/tax/quotes/{id}", kept_quote, ("tax",)),
    Route("GET", "/tax/rates", rates, ("tax",)),
    Route("GET", "/tax/merchants", merchants, ("read",)),
    Route("GET", "/tax/merchants/{id}", merchant, ("read",)),
    Route("GET", "/tax/thresholds", thresholds, ("tax",)),
    Route("GET", "/tax/returns", returns, ("tax",)),
    Route("POST", "/tax/returns", file, ("tax",)),
    Route("GET", "/tax/returns/download.{kind}", download, ("tax",)),
    Route("GET", "/tax/returns/filed/{id}", filed_return, ("tax",)),
    Route("GET", "/tax/returns/filed/{id}/return.{kind}", filed_file, ("tax",)),
)
