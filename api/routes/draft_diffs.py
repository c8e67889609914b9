"""What a draft changes, on one page: in the text, in its meaning, and in what past payments would have been answered."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Response

from api.compared import Found
from api.diff_page import in_form, page
from api.diff_schemas import ComparisonBody
from api.drafting import Desk
from api.gate import Caller, Locale, Serving, needs
from api.problems import Problem
from api.routes.drafts import DraftId, draft_named
from api.routes.rulepacks import MOST, PAGE, InDomain, InPack, Meaning, Wanted, compared_body
from api.schemas import READS, Said, problems
from api.service import Service
from engine.diffs import compare
from engine.ledger import Scope
from engine.packs import PackError

router = APIRouter(route_class=needs(Scope.READ), tags=["drafts"])


class EffectBody(Said):
    """What past payments would have been answered."""

    state: Literal["none", "outdated", "under_way", "stopped", "failed", "done"]
    """`none`: no back-test was ordered; `outdated`: one was, but the draft, or what it follows, has changed since."""
    backtest: str | None
    result: dict[str, Any] | None
    """Once it is done: `docs/reference/back-test.md`."""


class DraftDiffBody(Said):
    """A draft held against the release that it follows."""

    draft: str
    comparison: ComparisonBody
    """The text and its meaning."""
    effect: EffectBody


@router.get(
    "/v1/drafts/{draft_id}/diff", response_model=DraftDiffBody, responses={200: PAGE, **READS, **problems(404, 409, 422)},
    summary="Show what a draft changes",
)  # fmt: skip
def diff(
    draft_id: DraftId,
    service: Serving,
    caller: Caller,
    locale: Locale,
    domain: InDomain = None,
    jurisdiction: InPack = None,
    meaning: Meaning = True,
    accept: Wanted = None,
) -> Response:
    """In the text, by stable ids; in its meaning, as between two releases; and what the newest back-test of exactly these
    contents found. Against the release that the draft follows."""
    draft, desk, rates = draft_named(service, draft_id), Desk(service, caller.id), service.rates
    follows = desk.followed(draft)

    def work() -> Found:
        candidate = desk.candidate(draft)
        return compare(
            follows, candidate, domains=domain, jurisdictions=jurisdiction, rates=rates, meaning=meaning, most=MOST
        ), candidate

    key = draft_id, draft.number, follows.release.digest, tuple(domain or ()), tuple(jurisdiction or ()), rates
    try:
        found, candidate = service.compared.of(key, work, meaning=meaning)
    except PackError as error:
        raise Problem("not_possible", f"The draft cannot be read: {error.problems[0]}") from None
    effect = _effect(service, draft_id, (follows.release.digest, candidate.release.digest))
    words = candidate.words(locale)
    return in_form(
        accept, words,
        lambda: page(found, words, effect),
        lambda: {"draft": draft_id, "comparison": compared_body(found, words, meaning=meaning), "effect": effect},
    )  # fmt: skip


def _effect(service: Service, draft_id: str, releases: tuple[str, str]) -> dict[str, Any]:
    """What the newest back-test of these two releases found; where there is none, how far another is."""
    backtests = service.backtests
    ordered = backtests.of(draft_id)
    found = next((one for one in ordered if one.releases == releases), None)
    if found is None:
        return {"state": "outdated" if ordered else "none", "backtest": None, "result": None}
    state = found.progress.state
    result = backtests.result(found.id) if state == "done" else None
    told = "under_way" if state in ("waiting", "running") else state
    return {"state": told, "backtest": found.id, "result": result}
