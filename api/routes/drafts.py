"""The law, changed by people: drafts written, checked, approved by others, put in force on their day, taken back in a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Header, Path, Query, Response

from api.answers import given_answer, json_answer
from api.draft_schemas import (
    DOMAIN_PATTERN,
    FILE_PATTERN,
    ActivationPage,
    Agreeing,
    Because,
    Breaking,
    CheckBody,
    DraftBody,
    DraftHistory,
    DraftPage,
    FileBody,
    FileHistory,
    Opening,
    PolicyAsked,
    PolicyBody,
    PolicyPage,
    Scheduling,
    Writing,
)
from api.draft_views import (
    check_body,
    draft_body,
    event_body,
    policies_body,
    policy_body,
    summary_of,
)
from api.drafting import Desk, SignatureRefused, etag_of
from api.gate import Caller, Entered, Serving, needs
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.replaying import digest_of
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.drafting import (
    ActivationKind,
    Draft,
    DraftChanged,
    DraftOfAnother,
    DraftOutdated,
    DraftRefused,
    DraftState,
    DraftStep,
    commented,
    reviewed,
    sent_back,
    submitted,
)
from engine.ledger import Along, ApprovalPolicy, DraftMoved, EntryRefused, Scope, UnknownDraft

reading = APIRouter(route_class=needs(Scope.READ), tags=["drafts"])
editing = APIRouter(route_class=needs(Scope.EDIT), tags=["drafts"])
approving = APIRouter(route_class=needs(Scope.APPROVE), tags=["drafts"])
either = APIRouter(route_class=needs(Scope.EDIT, otherwise=Scope.APPROVE), tags=["drafts"])
ruling = APIRouter(route_class=needs(Scope.ADMIN), tags=["drafts"])

DraftId = Annotated[str, Path(pattern=r"^drf_[0-9a-z]{1,40}$", examples=["drf_01kavw3e5n7x2v8g4yq0m6tz1b"])]
FilePath = Annotated[
    str,
    Path(
        pattern=FILE_PATTERN,
        max_length=200,
        description="A file of the release: `EEA/sca/exemptions.yaml`.",
    ),
]
AfterDraft = Annotated[str | None, Query(pattern=r"^drf_[0-9a-z]{1,40}$", description="`next` of the page before.")]
Sequence = Annotated[Literal["oldest", "newest"], Query(description="Which come first.")]
Match = Annotated[
    str | None,
    Header(alias="If-Match", description="`etag` of the file as it was read; 412 where it has changed since."),
]
NoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="`*`: the file must not be there yet.")]
DomainName = Annotated[str, Path(pattern=DOMAIN_PATTERN)]
Release = Annotated[str, Path(pattern=r"^(sha256:)?[0-9a-f]{64}$")]
_MOVES: Final[Any] = {**WRITES, **problems(404)}

Step = Callable[[Desk, Draft], DraftStep | tuple[DraftStep, Along]]


@reading.get("/v1/drafts", response_model=DraftPage, responses={**READS, **problems(422)}, summary="List drafts")
def listed(
    service: Serving,
    caller: Caller,
    state: DraftState | None = None,
    order: Sequence = "oldest",
    limit: Limit = 50,
    after: AfterDraft = None,
) -> Response:
    """In the order in which they were opened, or the newest first. `state` is the last step that persons took: `active` ones are
    `scheduled`."""
    desk, drafts = Desk(service, caller.id), service.ledger.drafts
    page = drafts.page(state=state, limit=limit, after=after, newest_first=order == "newest")
    return _json({"data": [summary_of(desk, one) for one in page.data], "next": page.next})


@reading.get(
    "/v1/drafts/{draft_id}", response_model=DraftBody, responses={**READS, **problems(404, 422)}, summary="Show a draft"
)
def shown(draft_id: DraftId, service: Serving, caller: Caller) -> Response:
    """As it stands now, with the files it changes."""
    return _json(_told(Desk(service, caller.id), draft_named(service, draft_id)))


@reading.get(
    "/v1/drafts/{draft_id}/history", response_model=DraftHistory, responses={**READS, **problems(404, 422)},
    summary="Show what was done with a draft",
)  # fmt: skip
def history(draft_id: DraftId, service: Serving) -> Response:
    """Every event: who, when, what, and the contents it was about."""
    draft_named(service, draft_id)
    return _json({"data": [event_body(one) for one in service.ledger.drafts.history(draft_id)]})


@reading.get(
    "/v1/drafts/{draft_id}/files/{path:path}", response_model=FileBody, responses={**READS, **problems(404, 422)},
    summary="Read a file of a draft",
)  # fmt: skip
def file(draft_id: DraftId, path: FilePath, service: Serving, caller: Caller) -> Response:
    """As the draft has it, with the tag to write it back under, and as the base has it."""
    desk, draft = Desk(service, caller.id), draft_named(service, draft_id)
    text = desk.files_of(draft).get(path)
    if text is None:
        raise not_found("file")
    return _file(desk, draft, path, text)


@reading.get(
    "/v1/drafts/{draft_id}/versions/{path:path}", response_model=FileHistory,
    responses={**READS, **problems(404, 422)}, summary="Read every version of a file of a draft",
)  # fmt: skip
def versions(draft_id: DraftId, path: FilePath, service: Serving) -> Response:
    """What was ever written to it here: of two officers who wrote at once, neither lost anything."""
    draft_named(service, draft_id)
    found = service.ledger.drafts.versions(draft_id, path)
    return _json({
        "path": path, "versions": [
            {"number": one.number, "editor": one.editor, "text": one.text, "etag": etag_of(one.text)} for one in found
        ],
    })  # fmt: skip


# -- writing ------------------------------------------------------------------------------------------------------------


@editing.post("/v1/drafts", response_model=DraftBody, responses=WRITES, summary="Open a draft")
def open_draft(wanted: Opening, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """A change to the law, on the release in force unless another is named. Nothing is changed yet."""
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    desk = Desk(service, admitted.key.id)
    try:
        step = desk.open(service.new_draft(), wanted.title, wanted.base)
    except LookupError:
        raise refused(Fault("/base", "unknown_release", "There is no such release here")) from None
    answer = orjson.dumps(draft_body(desk, step.draft, {}))
    return given_answer(given_by(service.ledger.drafts.store(step, desk.now, None, keyed(once, answer)), answer))


@editing.put(
    "/v1/drafts/{draft_id}/files/{path:path}", response_model=FileBody, responses={**WRITES, **problems(404, 412, 428)},
    summary="Write a file of a draft",
)  # fmt: skip
def write(
    draft_id: DraftId,
    path: FilePath,
    written: Writing,
    service: Serving,
    admitted: Entered,
    if_match: Match = None,
    if_none_match: NoneMatch = None,
) -> Response:
    """The whole file anew. `If-Match` names what was read: where somebody has written meanwhile nothing is written, and the
    tag of what is there now is told. Whatever was checked or approved of the draft is void."""
    text = written.text.replace("\r\n", "\n")
    desk, draft = Desk(service, admitted.key.id), draft_named(service, draft_id)
    now = desk.files_of(draft).get(path)
    matching(etag_of(now), if_match, if_none_match)
    if text != now:
        _store(service, desk, lambda: desk.edit(draft, path, text))
    return _file(desk, draft, path, text)


@editing.delete(
    "/v1/drafts/{draft_id}/files/{path:path}", response_model=DraftBody,
    responses={**READS, **problems(404, 409, 412, 422, 428)}, summary="Take a file out of a draft",
)  # fmt: skip
def take_out(draft_id: DraftId, path: FilePath, service: Serving, caller: Caller, if_match: Match = None) -> Response:
    """The release that the draft becomes has no such file."""
    desk, draft = Desk(service, caller.id), draft_named(service, draft_id)
    now = desk.files_of(draft).get(path)
    if now is None:
        raise not_found("file")
    matching(etag_of(now), if_match, None)
    step = _store(service, desk, lambda: desk.edit(draft, path, None))
    return _json(_told(desk, step.draft))


@editing.post(
    "/v1/drafts/{draft_id}/check", response_model=CheckBody, responses={**READS, **problems(404, 409, 422)},
    summary="Check a draft",
)  # fmt: skip
def check(draft_id: DraftId, service: Serving, caller: Caller) -> Response:
    """The linter, the embedded tests and the cases of every pack that changes or extends one that does; what changes, and who
    must approve it. Nothing that is refused here can be submitted."""
    desk, draft = Desk(service, caller.id), draft_named(service, draft_id)
    found = desk.check(draft)
    if found.outcome is None or draft.state not in (DraftState.DRAFT, DraftState.CHECKED):
        return _json(check_body(found, _told(desk, draft)))
    step = _store(service, desk, lambda: _kept(desk.keep_check(draft, found)))
    return _json(check_body(found, _told(desk, step.draft)))


def _kept(step: DraftStep | None) -> DraftStep:
    assert step is not None, "a check without a refusal is kept"
    return step


def told_by(step: Step, service: Service, admitted: Any, draft_id: str) -> Response:
    """A step that a person takes, once under a key, and the draft after it."""
    once = once_of(admitted, f"\0{draft_id}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    desk, draft = Desk(service, admitted.key.id), draft_named(service, draft_id)
    taken = refusing(lambda: step(desk, draft))
    moved, along = taken if isinstance(taken, tuple) else (taken, Along())
    desk.activations = [*desk.activations, *([along.activation] if along.activation else [])]
    files = desk.written(draft) | {one.path: one for one in along.files}
    answer = orjson.dumps(draft_body(desk, moved.draft, files))
    stored = refusing(lambda: service.ledger.drafts.store(moved, desk.now, along, keyed(once, answer)))
    return given_answer(given_by(stored, answer))


@editing.post("/v1/drafts/{draft_id}/submit", response_model=DraftBody, responses=_MOVES, summary="Submit a draft")
def submit(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """To those who approve. What they approve is this very content, by its digest."""
    return told_by(lambda desk, draft: submitted(draft, desk.actor, desk.now, why.reason), service, admitted, draft_id)


@either.post("/v1/drafts/{draft_id}/comment", response_model=DraftBody, responses=_MOVES, summary="Remark on a draft")
def comment(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Moves nothing. Those who wrote it and those who decide talk it over here."""
    return told_by(lambda desk, draft: commented(draft, desk.actor, desk.now, why.reason), service, admitted, draft_id)


@either.post("/v1/drafts/{draft_id}/withdraw", response_model=DraftBody, responses=_MOVES, summary="Withdraw a draft")
def withdraw(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Given up; or taken out of the schedule, before it bites."""
    return told_by(lambda desk, draft: desk.withdraw(draft, why.reason), service, admitted, draft_id)


# -- deciding -----------------------------------------------------------------------------------------------------------


@approving.post("/v1/drafts/{draft_id}/approve", response_model=DraftBody, responses=_MOVES, summary="Approve a draft")
def approve(
    draft_id: DraftId, agreed: Agreeing, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Never by anybody who wrote any of it; two persons where what a statute says changes. The database refuses less."""
    return told_by(
        lambda desk, draft: desk.approve(draft, agreed.content, agreed.reason, agreed.signature),
        service, admitted, draft_id,
    )  # fmt: skip


@approving.post(
    "/v1/drafts/{draft_id}/send-back", response_model=DraftBody, responses=_MOVES, summary="Send a draft back"
)
def send_back(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Not like this: to its author, with the reason."""
    return told_by(lambda desk, draft: sent_back(draft, desk.actor, desk.now, why.reason), service, admitted, draft_id)


@approving.post(
    "/v1/drafts/{draft_id}/schedule", response_model=DraftBody, responses=_MOVES, summary="Schedule a draft"
)
def schedule(
    draft_id: DraftId, when: Scheduling, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """In force from an instant on. The dates in the law are its own: a value of next month bites next month, by itself."""
    return told_by(lambda desk, draft: desk.schedule(draft, when.active_from, when.reason), service, admitted, draft_id)


@approving.post("/v1/drafts/{draft_id}/publish", response_model=DraftBody, responses=_MOVES, summary="Publish a draft")
def publish(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """In force now. Every process that serves answers by it within a second; no request is dropped or decided by halves."""
    return told_by(lambda desk, draft: desk.schedule(draft, desk.now, why.reason), service, admitted, draft_id)


@approving.post(
    "/v1/drafts/{draft_id}/review", response_model=DraftBody, responses=_MOVES, summary="Review broken glass"
)
def review(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """What another person says afterwards of what went in force without approval."""
    broke = next((one.actor for one in service.ledger.drafts.history(draft_id) if one.kind == "broke_glass"), "")
    return told_by(
        lambda desk, draft: reviewed(draft, desk.actor, desk.now, why.reason, broke), service, admitted, draft_id
    )


@approving.post(
    "/v1/drafts/{draft_id}/rollback", response_model=ActivationPage, responses=_MOVES, summary="Roll a draft back"
)
def roll_back(
    draft_id: DraftId, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """In force is, at once, what was before this draft. One person may: going back to what held before waits for nobody."""
    desk, draft = Desk(service, admitted.key.id), draft_named(service, draft_id)
    if desk.stands(draft) != "active" or draft.content is None:
        raise Problem("not_possible", "Only what is in force now can be rolled back.")
    earlier = desk.before(draft.content)
    if earlier is None:
        raise Problem("not_possible", "Nothing was in force before it.")
    return switched(service, admitted, earlier, why.reason)


@approving.post(
    "/v1/releases/{digest}/rollback", response_model=ActivationPage, responses=_MOVES, summary="Go back to a release"
)
def go_back(
    digest: Release, why: Because, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """In force is, at once, a release that was in force before."""
    return switched(service, admitted, digest_of(digest), why.reason)


@approving.post(
    "/v1/drafts/{draft_id}/revoke", response_model=DraftBody, responses=_MOVES, summary="Take a schedule back",
    include_in_schema=False,
)  # fmt: skip
def revoke(draft_id: DraftId, why: Because, service: Serving, admitted: Entered) -> Response:
    """As `withdraw`, for those who approve."""
    return told_by(lambda desk, draft: desk.withdraw(draft, why.reason), service, admitted, draft_id)


# -- ruling -------------------------------------------------------------------------------------------------------------


@ruling.post("/v1/drafts/{draft_id}/break-glass", response_model=DraftBody, responses=_MOVES, summary="Break the glass")
def break_glass(
    draft_id: DraftId, why: Breaking, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """In force at once, without approval, with a reason: for the hour in which nobody else can be reached. It says so for ever,
    and another person reviews it afterwards."""
    return told_by(lambda desk, draft: desk.break_glass(draft, why.content, why.reason), service, admitted, draft_id)


@reading.get("/v1/approval-policies", response_model=PolicyPage, responses=READS, summary="Show who must approve")
def policies(service: Serving) -> Response:
    """How many, where a statute's word changes, and of which roles; of every domain."""
    return _json(policies_body(service.ledger.drafts.policies()))


@ruling.put(
    "/v1/approval-policies/{domain}", response_model=PolicyBody, responses=WRITES, summary="Lay down who must approve"
)
def lay_down(domain: DomainName, asked: PolicyAsked, service: Serving, admitted: Entered) -> Response:
    """Of drafts that are checked from now on. What changes a statute's word never takes fewer than two."""
    roles = {role: tuple(keys) for role, keys in asked.roles.items()}
    policy = ApprovalPolicy(domain, asked.required, asked.statute_required, roles, admitted.key.id)
    service.ledger.drafts.set_policy(policy, service.clock())
    return _json(policy_body(policy))


# -- inside -------------------------------------------------------------------------------------------------------------


def draft_named(service: Service, draft_id: str) -> Draft:
    draft = service.ledger.drafts.one(draft_id)
    if draft is None:
        raise not_found("draft")
    return draft


def _told(desk: Desk, draft: Draft) -> dict[str, Any]:
    return draft_body(desk, draft, desk.written(draft))


def _store(service: Service, desk: Desk, take: Callable[[], DraftStep | tuple[DraftStep, Along]]) -> DraftStep:
    """A step without a key: writing the same again, or checking again, changes nothing."""
    taken: DraftStep | tuple[DraftStep, Along] = refusing(take)
    step, along = taken if isinstance(taken, tuple) else (taken, None)
    refusing(lambda: service.ledger.drafts.store(step, desk.now, along))
    return step


def switched(
    service: Service, admitted: Any, digest: str, reason: str, kind: ActivationKind = ActivationKind.ROLLED_BACK
) -> Response:
    """Another release in force at once. Raises the problems that forbid it."""
    once = once_of(admitted, f"\0{digest}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    if service.ledger.release(digest) is None:
        raise not_found("release")
    answer = orjson.dumps({"in_force": digest, "data": [], "next": None})
    stored = refusing(
        lambda: service.ledger.activations.switch(
            digest, service.clock(), kind, admitted.key.id, reason, keyed(once, answer)
        )
    )
    return given_answer(given_by(stored, answer))


def refusing(act: Callable[[], Any]) -> Any:
    """What the law of drafts and the ledger refuse, as problems."""
    try:
        return act()
    except DraftOfAnother as error:
        raise Problem("another_person", str(error)) from error
    except DraftChanged as error:
        raise Problem("case_moved", str(error)) from error
    except DraftOutdated as error:
        raise Problem("base_moved", str(error)) from error
    except SignatureRefused as error:
        raise refused(Fault("/signature", error.code, str(error))) from error
    except DraftRefused as error:
        raise Problem("not_possible", str(error)) from error
    except DraftMoved as error:
        raise Problem("case_moved", "Somebody has changed the draft meanwhile: read it again.") from error
    except UnknownDraft:
        raise not_found("draft") from None
    except EntryRefused as error:
        raise Problem("another_person", "The ledger refuses it: nobody else has approved this.") from error


def matching(tag: str | None, if_match: str | None, if_none_match: str | None) -> None:
    """Raises 428 where nothing says what was read, 412 where it is not what is there."""
    if if_match is None and if_none_match is None:
        raise Problem(
            "precondition_needed", "Say in `If-Match` what you have read, or `If-None-Match: *` of a new file."
        )
    named = [one.strip() for one in (if_match or "").split(",")]
    fits = (tag is not None and (tag in named or "*" in named)) if if_match is not None else tag is None
    if not fits:
        told = {} if tag is None else {"etag": tag}
        raise Problem("precondition_failed", "The file is not what was read: read it again and merge.", headers=told)


def _file(desk: Desk, draft: Draft, path: str, text: str) -> Response:
    """A file as the draft has it, with the tag of its text."""
    before, tag = desk.base_files(draft).get(path), etag_of(text) or ""
    found = _json({"path": path, "text": text, "etag": tag, "changed": text != before, "base_text": before})
    found.headers["etag"] = tag
    return found


def _json(body: Any) -> Response:
    return json_answer(orjson.dumps(body))
