"""Back-tests: what a draft would have answered otherwise, over past payments. Nothing is decided, nothing is stored of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from api.answers import json_answer
from api.backtest_sources import LEDGER, Wanted
from api.backtesting import Order
from api.domains import chosen
from api.draft_schemas import Asking
from api.drafting import Desk
from api.gate import Caller, Entered, Locale, Serving, needs
from api.past_payments import NoSuchSource, Standing, TooMany
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit
from api.routes.drafts import DraftId, draft_named
from api.schemas import READS, WRITES, Said, problems
from api.service import Service
from engine.backtest import markdown
from engine.ledger import Scope
from engine.packs import PackError
from engine.wire import read_date

reading = APIRouter(route_class=needs(Scope.READ), tags=["drafts"])
testing = APIRouter(route_class=needs(Scope.EDIT, otherwise=Scope.APPROVE), tags=["drafts"])

BacktestId = Annotated[str, Path(pattern=r"^bt_[0-9a-z]{1,40}$", examples=["bt_01kavw3e5n7x2v8g4yq0m6tz1b"])]
AfterBacktest = Annotated[str | None, Query(pattern=r"^bt_[0-9a-z]{1,40}$", description="`next` of the page before.")]
AfterSource = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,109}$", description="`next` of the page before.")
]
Day = Annotated[date, BeforeValidator(read_date), WithJsonSchema({"type": "string", "format": "date"})]


class BacktestAsked(Asking):
    """Over which payments, and how."""

    source: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=110)] = LEDGER
    """`ledger`: the decisions that are stored here, with what was known then; or a file in the folder of past payments."""
    domains: Annotated[list[str], Field(min_length=1, max_length=6)] | None = None
    """Default: all; of a table of payments all but tax."""
    first: Day | None = None
    """The first day, in UTC."""
    last: Day | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=10**9)] | None = None
    """At most so many payments, the oldest first."""
    legal_day: Day | None = None
    """Ask both releases under the law of this day: a change that is dated in the future shows only so."""
    full: Annotated[bool, Field(strict=True)] = False
    """Ask both releases of every payment, also where they hold the same law."""


class BacktestLine(Said):
    """A back-test in short."""

    id: str
    draft: str
    ordered_at: datetime
    was: str
    """Digest of the release that the draft followed when it was ordered."""
    now: str
    """Digest of what the draft was then: another one than its `content` is outdated."""
    legal_day: date | None
    """Both releases were asked under the law of this day; null: of each payment's own."""
    state: Annotated[str, Field(pattern="^(waiting|running|done|failed|stopped)$")]
    chunks: int
    payments: int
    """Looked at so far."""
    detail: str
    source: str
    domains: list[str]


class BacktestBody(BacktestLine):
    """A back-test as it stands."""

    result: dict[str, Any] | None
    """What came out, once it is done: `docs/reference/back-test.md`."""


class BacktestPage(Said):
    """Back-tests of a draft, the newest first."""

    data: list[BacktestLine]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


class SourceBody(Said):
    """Past payments that a draft can be back-tested against."""

    name: str
    """What an order names as its `source`."""
    bytes: int | None
    """Of the file; null: the decisions that are stored here."""


class SourcePage(Said):
    """The ledger first, then the files by their names."""

    data: list[SourceBody]
    next: str | None
    """Send as `after` for the next page; null: this is the last."""


@testing.post(
    "/v1/drafts/{draft_id}/backtest", response_model=BacktestBody, responses={**WRITES, **problems(404)},
    summary="Back-test a draft",
)  # fmt: skip
def order(draft_id: DraftId, asked: BacktestAsked, service: Serving, admitted: Entered, locale: Locale) -> Response:
    """Begins, in a process of its own that gives way to every answer; ask for it by its id. The draft against what it
    follows."""
    draft = service.ledger.drafts.one(draft_id)
    if draft is None:
        raise not_found("draft")
    desk = Desk(service, admitted.key.id)
    try:
        source = service.backtests.source(asked.source)
    except NoSuchSource:
        raise refused(Fault("/source", "unknown_source", "Neither `ledger` nor a file of past payments")) from None
    domains = chosen(",".join(asked.domains) if asked.domains else None)
    if asked.domains is None and source.endswith((".csv", ".parquet")):
        domains = tuple(one for one in domains if one != "tax")
    try:
        candidate = desk.candidate(draft)
    except PackError as error:
        raise Problem("not_possible", f"The draft cannot be read: {error.problems[0]}") from None
    wanted = Wanted(asked.first, asked.last, asked.limit)
    made = Order(source, domains, wanted, asked.legal_day, asked.full, locale or "en")
    try:
        return _told(
            service, service.backtests.order(service.new_backtest(), draft_id, made, (desk.followed(draft), candidate))
        )
    except TooMany:
        raise _enough() from None


@reading.get(
    "/v1/drafts/{draft_id}/backtests", response_model=BacktestPage, responses={**READS, **problems(404, 422)},
    summary="List the back-tests of a draft",
)  # fmt: skip
def listed(draft_id: DraftId, service: Serving, limit: Limit = 50, after: AfterBacktest = None) -> Response:
    """The newest first, also those of earlier contents: `now` says what was asked."""
    draft_named(service, draft_id)
    asked = [one for one in service.backtests.of(draft_id) if after is None or one.id < after]
    page = asked[:limit]
    cursor = page[-1].id if len(page) < len(asked) else None
    return json_answer(orjson.dumps({"data": [_line(one) for one in page], "next": cursor}))


@reading.get(
    "/v1/past-payments", response_model=SourcePage, responses={**READS, **problems(422)},
    summary="List what a draft can be back-tested against",
)  # fmt: skip
def sources(service: Serving, limit: Limit = 50, after: AfterSource = None) -> Response:
    """The decisions that are stored here, and the files in the folder of past payments (`LEXGATE_PAST_PAYMENTS`)."""
    names = [LEDGER, *service.backtests.files()]
    asked = names[names.index(after) + 1 :] if after in names else names
    page = asked[:limit]
    data = [{"name": one, "bytes": service.backtests.size(one)} for one in page]
    return json_answer(orjson.dumps({"data": data, "next": page[-1] if len(page) < len(asked) else None}))


@reading.get(
    "/v1/backtests/{backtest_id}", response_model=BacktestBody, responses={**READS, **problems(404, 422)},
    summary="Show a back-test",
)  # fmt: skip
def shown(backtest_id: BacktestId, service: Serving) -> Response:
    """How far it is; once it is done, what came out."""
    return _told(service, _found(service, backtest_id))


@reading.get(
    "/v1/backtests/{backtest_id}/page", responses={**READS, **problems(404, 409, 422)}, response_class=Response,
    summary="Read a back-test as a page",
)  # fmt: skip
def page(backtest_id: BacktestId, service: Serving) -> Response:
    """What came out, in Markdown."""
    _found(service, backtest_id)
    body = service.backtests.result(backtest_id)
    if body is None:
        raise Problem("not_possible", "It is not done.")
    return Response(markdown(body), media_type="text/markdown; charset=utf-8")


@testing.post(
    "/v1/backtests/{backtest_id}/cancel", response_model=BacktestBody, responses={**READS, **problems(404, 422)},
    summary="Stop a back-test",
)  # fmt: skip
def cancel(backtest_id: BacktestId, service: Serving, _caller: Caller) -> Response:
    """After the chunk under way; what was counted is kept."""
    _found(service, backtest_id)
    service.backtests.cancel(backtest_id)
    return _told(service, _found(service, backtest_id))


@testing.post(
    "/v1/backtests/{backtest_id}/resume", response_model=BacktestBody, responses={**READS, **problems(404, 409, 422)},
    summary="Go on with a back-test",
)  # fmt: skip
def resume(backtest_id: BacktestId, service: Serving, _caller: Caller) -> Response:
    """Where it stopped; it ends in the same bytes."""
    _found(service, backtest_id)
    try:
        service.backtests.resume(backtest_id)
    except TooMany:
        raise _enough() from None
    return _told(service, _found(service, backtest_id))


def _enough() -> Problem:
    return Problem("not_possible", "As many back-tests run as may: wait for one of them, or stop one.")


def _found(service: Service, backtest_id: str) -> Standing:
    found = service.backtests.one(backtest_id)
    if found is None:
        raise not_found("back-test")
    return found


def _told(service: Service, one: Standing) -> Response:
    result = service.backtests.result(one.id) if one.progress.state == "done" else None
    return json_answer(orjson.dumps({**_line(one), "result": result}))


def _line(one: Standing) -> dict[str, Any]:
    progress, (was, now) = one.progress, one.releases
    return {
        "id": one.id, "draft": one.draft, "ordered_at": one.ordered_at, "was": was, "now": now,
        "legal_day": one.legal_day, "state": progress.state, "chunks": progress.chunks,
        "payments": progress.payments, "detail": progress.detail, "source": one.source.rsplit("/", 1)[-1],
        "domains": list(one.domains),
    }  # fmt: skip
