"""What regulators published, and what it would change: a queue for persons, who make drafts of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import AfterValidator

from api.accounts import may_come_in
from api.answers import given_answer, json_answer
from api.change_drafting import Made, NotDraftable, make
from api.change_schemas import (
    CHANGE_PATTERN,
    Assigning,
    ChangeBody,
    ChangePage,
    DraftedChangeBody,
    DraftingAsked,
    Merging,
    State,
    Status,
)
from api.change_views import NONE, change_body, held_to_be_none, of_reading, summary_of
from api.change_views import made as step_body
from api.draft_schemas import Because
from api.draft_views import draft_body, problem_body
from api.drafting import Desk
from api.gate import Entered, Serving, needs
from api.ids import DecisionIds
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit, no_nul
from api.schemas import CALLER_PATTERN, READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.changes import (
    ChangeRefused,
    ChangeState,
    ChangeStep,
    LawChange,
    assigned,
    brought_back,
    commented,
    dismissed,
    drafted,
    item_of,
    joined,
    merged,
    parted,
    reopened,
)
from engine.ledger import ChangeMoved, ChangesWanted, DraftMoved, EntryRefused, Occasion, Scope

reading = APIRouter(route_class=needs(Scope.READ), tags=["changes"])
editing = APIRouter(route_class=needs(Scope.EDIT), tags=["changes"])

ChangeId = Annotated[str, Path(pattern=CHANGE_PATTERN, examples=["chg_000000000042"])]
AfterChange = Annotated[str | None, Query(pattern=CHANGE_PATTERN, description="`next` of the page before.")]
Place = Annotated[
    str | None, Query(pattern=r"^[A-Z0-9-]{2,12}$", description="ISO 3166-1, ISO 3166-2, or a union: `EU`, `INT`.")
]
Domain = Annotated[str | None, Query(pattern=r"^[a-z_]{2,20}$", description="`sca`, `aml`, `tax`, `licensing` ...")]
Assignee = Annotated[str | None, Query(pattern=CALLER_PATTERN, description="Who works on it.")]
Before = Annotated[date | None, Query(description="It must be followed before this day.")]
Words = Annotated[
    str | None,
    AfterValidator(no_nul),
    Query(min_length=1, max_length=200, description="Words of the title, in their order."),
]
Order = Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")]
Seen = Annotated[
    int | None,
    Query(ge=0, le=10**9, description="The `number` of the change as it was seen; 409 where it has moved since."),
]
Form = Annotated[str | None, Header(description="`text/markdown`: what it would change, for people.")]
_MARKDOWN: Final = {"content": {"text/markdown": {"schema": {"type": "string"}}}, "description": "The change"}
_MOVES: Final[Any] = {**WRITES, **problems(404)}
StepsOf = Callable[[LawChange], list[ChangeStep]]


@reading.get("/v1/changes", response_model=ChangePage, responses={**READS, **problems(422)}, summary="List changes")
def listed(
    service: Serving,
    state: State | None = None,
    status: Status | None = None,
    jurisdiction: Place = None,
    domain: Domain = None,
    assignee: Assignee = None,
    effective_before: Before = None,
    q: Words = None,
    order: Order = "oldest",
    limit: Limit = 50,
    after: AfterChange = None,
) -> Response:
    """In the order in which their publications came, or the newest first. `state=irrelevant`: what the reader held to be none,
    which a person may bring back; it is not narrowed further."""
    if state == NONE:
        further = {
            "status": status, "jurisdiction": jurisdiction, "domain": domain, "assignee": assignee,
            "effective_before": effective_before, "q": q, "order": None if order == "oldest" else order,
        }  # fmt: skip
        return _irrelevant(service, [name for name, value in further.items() if value is not None], limit, after)
    chosen = None if state is None else ChangeState(state)
    wanted = ChangesWanted(chosen, status, jurisdiction, domain, assignee, effective_before, q)
    page = service.ledger.changes.page(wanted, limit=limit, after=after, newest=order == "newest")
    return _json({"data": [summary_of(one) for one in page.data], "next": page.next})


def _irrelevant(service: Service, further: list[str], limit: int, after: str | None) -> Response:
    if further:
        faults = [Fault("", "not_allowed", "Not with state=irrelevant", parameter=name) for name in further]
        raise Problem("parameters_refused", f"{len(faults)} faults.", faults=faults)
    readings = service.ledger.readings
    page = readings.irrelevant(limit=limit, after=0 if after is None else item_of(after) or 0)
    data = []
    for one in page.data:
        work = readings.work(one.item)
        assert work is not None, "it was just read there"
        data.append(summary_of(of_reading(one, work.source), one.relevance))
    return _json({"data": data, "next": None if page.next is None else f"chg_{int(page.next):012d}"})


@reading.get(
    "/v1/changes/{change_id}", response_model=ChangeBody, responses={200: _MARKDOWN, **READS, **problems(404, 422)},
    summary="Show a change",
)  # fmt: skip
def shown(change_id: ChangeId, service: Serving, accept: Form = None) -> Response:
    """Whole: what was published with the pieces that something stands on, what was read, the rows of the law that it would
    change, what is proposed, and what it would do. With `Accept: text/markdown` the last, for people."""
    change = _named(service, change_id)
    vary = {"vary": "Accept"}
    if accept and "text/markdown" in accept:
        kept = service.ledger.readings.reading(change.reading)
        text = "" if kept is None else str(kept.body.get("markdown", ""))
        return Response(text, media_type="text/markdown", headers=vary)
    return Response(orjson.dumps(change_body(service.ledger, change)), media_type="application/json", headers=vary)


# -- working on it ------------------------------------------------------------------------------------------------------


@editing.post("/v1/changes/{change_id}/assign", response_model=ChangeBody, responses=_MOVES, summary="Assign a change")
def assign(
    change_id: ChangeId,
    who: Assigning,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """To whoever asks, unless another key is named; null puts it back. What another person has is taken over with a reason."""
    actor, now = admitted.key.id, service.clock()
    wanted = who.assignee if "assignee" in who.model_fields_set else actor
    if wanted is not None and not may_come_in(service.ledger, wanted):
        raise refused(Fault("/assignee", "unknown_key", "There is no such person or key here"))
    return _moved_on(
        service, admitted, change_id, number, lambda change: [assigned(change, actor, now, wanted, who.reason or "")]
    )


@editing.post(
    "/v1/changes/{change_id}/comment", response_model=ChangeBody, responses=_MOVES, summary="Remark on a change"
)
def comment(
    change_id: ChangeId,
    why: Because,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """Kept with the change, for good; it moves nothing."""
    actor, now = admitted.key.id, service.clock()
    return _moved_on(service, admitted, change_id, number, lambda change: [commented(change, actor, now, why.reason)])


@editing.post(
    "/v1/changes/{change_id}/dismiss", response_model=ChangeBody, responses=_MOVES, summary="Dismiss a change"
)
def dismiss(
    change_id: ChangeId,
    why: Because,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """Nothing is to be done about it. It stays, with the reason, and may be reopened."""
    actor, now = admitted.key.id, service.clock()
    return _moved_on(service, admitted, change_id, number, lambda change: [dismissed(change, actor, now, why.reason)])


@editing.post("/v1/changes/{change_id}/merge", response_model=ChangeBody, responses=_MOVES, summary="Merge a change")
def merge(
    change_id: ChangeId,
    asked: Merging,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """The same as another one, which has it as a further source from now on."""
    actor, now = admitted.key.id, service.clock()
    into = service.ledger.changes.one(asked.into)
    if into is None:
        raise refused(Fault("/into", "unknown_change", "There is no such change here"))

    def steps(change: LawChange) -> list[ChangeStep]:
        return [merged(change, into, actor, now, asked.reason), joined(into, change, now)]

    return _moved_on(service, admitted, change_id, number, steps)


@editing.post("/v1/changes/{change_id}/reopen", response_model=ChangeBody, responses=_MOVES, summary="Reopen a change")
def reopen(
    change_id: ChangeId,
    why: Because,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """Looked at again: what was dismissed, merged, superseded or done; and what the reader held to be no change."""
    actor, now = admitted.key.id, service.clock()

    def steps(change: LawChange) -> list[ChangeStep]:
        if change.number == 0:
            return [brought_back(_begun(change, now), actor, why.reason)]
        first = reopened(change, actor, now, why.reason)
        root = None if change.merged_into is None else service.ledger.changes.one(change.merged_into)
        if root is None:
            return [first]
        gone = {change.id, *(one.id for one in service.ledger.changes.sources(change.id))}
        left = [one for one in service.ledger.changes.sources(root.id) if one.id not in gone]
        return [first, parted(root, change, frozenset(one.publisher for one in (root, *left)), now)]

    return _moved_on(service, admitted, change_id, number, steps)


@editing.post(
    "/v1/changes/{change_id}/draft",
    response_model=DraftedChangeBody,
    responses=_MOVES,
    summary="Make a draft of a change",
)
def draft(
    change_id: ChangeId,
    asked: DraftingAsked,
    service: Serving,
    admitted: Entered,
    number: Seen = None,
    _once: IdempotencyKey = None,
) -> Response:
    """On the release in force, with the change, its source, and tests for the day before and after; checked. Only of adopted law.
    It lives as any other draft does: others approve it, and nothing that is released is touched."""
    once = once_of(admitted, f"{change_id}\0{number}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    change, desk = _seen(service, change_id, number), Desk(service, admitted.key.id)
    if change.number == 0:
        raise _none()
    named = service.new_draft()
    try:
        step = drafted(change, desk.actor, desk.now, named)
        made = make(desk, service.redraft, service.packs, change, named, asked.title or change.read.title[:200])
    except ChangeRefused as error:
        raise Problem("not_possible", str(error)) from None
    except NotDraftable as error:
        faults = [Fault("", "not_draftable", reason) for reason in error.reasons]
        raise Problem("not_possible", str(error), faults=faults) from None
    occasion = _occasion(service)
    body = change_body(service.ledger, step.change, [step_body(step, occasion.at, occasion.release)])
    answer = orjson.dumps(_drafted_body(desk, body, made))
    try:
        written = service.ledger.changes.store([step], occasion, keyed(once, answer), made.steps)
    except (ChangeMoved, DraftMoved):
        raise _moved() from None
    except EntryRefused:
        raise _refused() from None
    return given_answer(given_by(written, answer))


# -- what they share ----------------------------------------------------------------------------------------------------


def _drafted_body(desk: Desk, change: dict[str, Any], made: Made) -> dict[str, Any]:
    return {
        "change": change,
        "draft": draft_body(desk, made.draft, dict(made.files)),
        "ok": made.check.outcome is not None,
        "problems": [problem_body(one) for one in made.check.problems],
    }


def _named(service: Service, change_id: str) -> LawChange:
    change = service.ledger.changes.one(change_id) or held_to_be_none(service.ledger, change_id)
    if change is None:
        raise not_found("change")
    return change


def _seen(service: Service, change_id: str, number: int | None) -> LawChange:
    change = _named(service, change_id)
    if number is not None and number != change.number:
        raise _moved()
    return change


def _occasion(service: Service) -> Occasion:
    return Occasion(service.clock(), service.packs.release.digest, DecisionIds(kind="case_"))


def _begun(change: LawChange, now: datetime) -> LawChange:
    return replace(change, number=1, opened_at=now, updated_at=now)


def _moved_on(service: Service, admitted: Entered, change_id: str, number: int | None, steps_of: StepsOf) -> Response:
    """Take steps, the first of them of the change itself, store them, and tell where it rests."""
    once = once_of(admitted, f"{change_id}\0{number}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    change = _seen(service, change_id, number)
    try:
        steps = steps_of(change)
    except ChangeRefused as refusal:
        raise Problem("not_possible", str(refusal)) from None
    if change.number == 0 and steps[0].before is not None:
        raise _none()
    occasion = _occasion(service)
    told = step_body(steps[0], occasion.at, occasion.release)
    answer = orjson.dumps(change_body(service.ledger, steps[0].change, [told]))
    try:
        written = service.ledger.changes.store(steps, occasion, keyed(once, answer))
    except ChangeMoved:
        raise _moved() from None
    except EntryRefused:
        raise _refused() from None
    return given_answer(given_by(written, answer))


def _none() -> Problem:
    return Problem("not_possible", "The reader held it to be no change. Possible now: reopen.")


def _refused() -> Problem:
    return Problem("not_possible", "The ledger refuses it where the change stands.")


def _moved() -> Problem:
    return Problem("case_moved", "Read it again, and decide on what is there now.")


def _json(body: dict[str, Any]) -> Response:
    return json_answer(orjson.dumps(body))
