"""Re-evaluations: what stored decisions would be answered today."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field

from api.gate import Serving, needs
from api.problems import not_found
from api.reevaluations import Run
from api.schemas import READS, Said, problems
from engine.ledger import Scope

router = APIRouter(route_class=needs(Scope.READ), tags=["decisions"])

_FORM = r"^ree_[0-9a-z]{1,40}$"
RunId = Annotated[str, Path(pattern=_FORM, examples=["ree_01kavw3e5n7x2v8g4yq0m6tz1b"])]
Limit = Annotated[int, Query(ge=1, le=100)]
After = Annotated[str | None, Query(pattern=_FORM, description="`next` of the page before.")]


class ReevaluationCount(Said):
    """How many stored decisions were asked again, and what came of them."""

    evaluated: int
    differing: int
    """Another outcome, verdict, rule or tax than was answered."""
    changed: int
    """Another outcome."""
    left_out: int
    """Could not be asked again."""


class ReevaluationLine(Said):
    """A re-evaluation in short."""

    id: str
    state: Annotated[str, Field(pattern="^(waiting|running|done|failed|stopped)$")]
    began: datetime
    ended: datetime | None
    release: str
    """Under which the decisions were asked again."""
    decisions: ReevaluationCount | None
    """Null until it is done."""


class ReevaluationPage(Said):
    """Re-evaluations, the newest first."""

    data: list[ReevaluationLine]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


class ReevaluationBody(ReevaluationLine):
    """A re-evaluation as it stands."""

    asked: int
    """Decisions looked at so far."""
    detail: str
    """Why it failed, in one sentence."""
    result: dict[str, Any] | None
    """What came out, once it is done: `docs/reference/back-test.md`."""


@router.get(
    "/v1/reevaluations", response_model=ReevaluationPage, responses={**READS, **problems(422)},
    summary="List re-evaluations",
)  # fmt: skip
def listed(service: Serving, limit: Limit = 20, after: After = None) -> Any:
    """Each asked the stored decisions again under the law of its day. The newest first."""
    found, cursor = service.reevaluations.page(limit, after)
    return {"data": [_line(run) for run in found], "next": cursor}


@router.get(
    "/v1/reevaluations/{reevaluation_id}", response_model=ReevaluationBody, responses={**READS, **problems(404, 422)},
    summary="Show a re-evaluation",
)  # fmt: skip
def shown(reevaluation_id: RunId, service: Serving) -> Any:
    """How far it is; once it is done, how many would be answered otherwise, from what to what, and examples."""
    run = service.reevaluations.one(reevaluation_id)
    if run is None:
        raise not_found("re-evaluation")
    return {**_line(run), "asked": run.decisions, "detail": run.detail, "result": run.result}


def _line(run: Run) -> dict[str, Any]:
    body = run.result or {}
    return {
        "id": run.id, "state": run.state, "began": run.began, "ended": body.get("ended"), "release": run.release,
        "decisions": body.get("decisions"),
    }  # fmt: skip
