"""A draft under an officer's hands: the checker while it is typed, the form beside the text, tests in place, a payment tried."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Final, TypeVar

import orjson
from fastapi import APIRouter, Header, Query, Response

from api.answers import given_answer, json_answer
from api.deciding import problem_of
from api.drafting import Desk, etag_of
from api.editing import Table, edited_files, lint_body, outline_body, run_body, table_of, tried_body
from api.editing_schemas import (
    EditedBody,
    Editing,
    FilePage,
    LintBody,
    Looked,
    OutlineBody,
    RunBody,
    Running,
    TriedBody,
    Trying,
    Typed,
)
from api.gate import Caller, Entered, Locale, Serving, needs
from api.languages import best_language
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.drafts import DraftId, Match, draft_named, matching, refusing
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import KeyedAnswer, LedgerError, Scope
from engine.packs import PackError
from engine.packs.lines import EditRefused
from engine.prose import LEXICONS

looking = APIRouter(route_class=needs(Scope.READ, otherwise=Scope.EDIT), tags=["drafts"])
editing = APIRouter(route_class=needs(Scope.EDIT), tags=["drafts"])

Under = Annotated[str, Query(max_length=200, description="How the paths begin: `EEA/`, `EEA/sca`.")]
FileLimit = Annotated[int, Query(ge=1, le=1000)]
AfterFile = Annotated[str | None, Query(max_length=200, description="`next` of the page before.")]
Spoken = Annotated[str | None, Header(alias="Accept-Language", description="Language of the sentences.")]
_READS: Final[Any] = {**READS, **problems(404, 409, 422)}
_ASKS: Final[Any] = {**_READS, **problems(413, 415)}
T = TypeVar("T")


@looking.get(
    "/v1/drafts/{draft_id}/files", response_model=FilePage, responses={**READS, **problems(404, 422)},
    summary="List the files of a draft",
)  # fmt: skip
def files(
    draft_id: DraftId,
    service: Serving,
    caller: Caller,
    under: Under = "",
    limit: FileLimit = 100,
    after: AfterFile = None,
) -> Response:
    """Every file of the release that the draft would become, by path, and whether the draft changes it."""
    draft, desk = draft_named(service, draft_id), Desk(service, caller.id)
    written, base = desk.written(draft), desk.base_files(draft)
    found = [path for path in sorted(desk.files_of(draft)) if path.startswith(under) and path > (after or "")]
    data = [{"path": one, "changed": one in written and written[one].text != base.get(one)} for one in found[:limit]]
    return _json({"data": data, "next": found[limit - 1] if len(found) > limit else None})


@looking.post(
    "/v1/drafts/{draft_id}/lint", response_model=LintBody, responses=_ASKS, summary="Check a file as it is typed"
)
def lint(draft_id: DraftId, typed: Typed, service: Serving, caller: Caller) -> Response:
    """What the checker of drafts says of one file with a text that is not saved, and of its pack. Keeps nothing."""
    table = _table(service, caller.id, draft_id)
    return _json(lint_body(table, typed.path, _text(typed.text), typed.depth))


@looking.post(
    "/v1/drafts/{draft_id}/outline", response_model=OutlineBody, responses=_ASKS, summary="Show a file as a form"
)
def shown(draft_id: DraftId, looked: Looked, service: Serving, caller: Caller, language: Spoken = None) -> Response:
    """What a file of a draft says, entry by entry with its lines: parameters with their dated values, rules with their tests,
    rates; and the lines of time of all of them, with the days on which nothing holds or two do."""
    table = _table(service, caller.id, draft_id)
    return _json(outline_body(table, looked.path, _of(table, looked), _prose_in(language)))


@looking.post(
    "/v1/drafts/{draft_id}/tests", response_model=RunBody, responses=_ASKS, summary="Run tests of a file of a draft"
)
def tests(draft_id: DraftId, wanted: Running, service: Serving, caller: Caller) -> Response:
    """Those that stand in the file, or those of one rule, on what the draft says, or on what is typed."""
    table = _table(service, caller.id, draft_id)
    text = _of(table, wanted)
    return _json(_readable(lambda: run_body(table, wanted.path, text, wanted.rule)))


@looking.post(
    "/v1/drafts/{draft_id}/try", response_model=TriedBody, responses=_ASKS, summary="Try a payment under a draft"
)
def tried(draft_id: DraftId, asked: Trying, service: Serving, caller: Caller, locale: Locale) -> Response:
    """What a payment would get under the draft, beside what it gets under the release in force. Keeps nothing; scenarios are
    looked for as they are in force."""
    table = _table(service, caller.id, draft_id)
    try:
        body = _readable(
            lambda: tried_body(service, table, asked.transaction, asked.day, asked.domains, locale)
        )  # fmt: skip
    except OverflowError:
        raise refused(Fault("/transaction/occurred_at", "instant_range", "Too far from today")) from None
    except LedgerError as error:
        raise problem_of(error) from error
    return _json(body)


@editing.post(
    "/v1/drafts/{draft_id}/edits", response_model=EditedBody, responses={**WRITES, **problems(404, 412, 428)},
    summary="Change a file of a draft by a form",
)  # fmt: skip
def edit(
    draft_id: DraftId,
    asked: Editing,
    service: Serving,
    admitted: Entered,
    if_match: Match = None,
    _once: IdempotencyKey = None,
) -> Response:
    """One value, condition, test or rate; the rest of the file stays as it is, byte by byte. With `text`, what is typed is
    rewritten and given back, and nothing is kept; without, the draft's file is, under `If-Match`, and whatever was checked or
    approved of the draft is void."""
    once = once_of(admitted, f"\0{draft_id}")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    table = _table(service, admitted.key.id, draft_id)
    if asked.text is None:
        matching(etag_of(table.files.get(asked.path)), if_match, None)
    texts, notes = _edited(table, asked)
    body = {
        "path": asked.path, "text": texts[asked.path], "etag": etag_of(texts[asked.path]), "stored": asked.text is None,
        "also": sorted(texts.keys() - {asked.path}), "notes": list(notes),
    }  # fmt: skip
    answer = orjson.dumps(body)
    if asked.text is not None:
        return json_answer(answer)
    return given_answer(given_by(_keep(service, table, texts, keyed(once, answer)), answer))


def _edited(table: Table, asked: Editing) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        return edited_files(table, asked)
    except LookupError:
        raise not_found("file") from None
    except PackError as error:
        raise refused(Fault("/text", "not_readable", str(error.problems[0]))) from None
    except EditRefused as error:
        raise refused(Fault("/edit", "edit_refused", str(error))) from None


def _keep(service: Service, table: Table, texts: dict[str, str], once: KeyedAnswer | None) -> object:
    """Write what differs, the file that was asked for last: under its step the answer is remembered."""
    draft, desk, stored = table.draft, table.desk, None
    changed = [(path, text) for path, text in reversed(texts.items()) if table.files.get(path) != text]
    for at, (path, text) in enumerate(changed, start=1):
        step, along = refusing(partial(desk.edit, draft, path, text))
        last = once if at == len(changed) else None
        stored = refusing(partial(service.ledger.drafts.store, step, desk.now, along, last))
        draft = step.draft
    return stored


def _table(service: Service, caller: str, draft_id: str) -> Table:
    return table_of(Desk(service, caller), draft_named(service, draft_id))


def _of(table: Table, looked: Looked) -> str:
    """What is typed, or what the draft has. Raises 404."""
    text = looked.text if looked.text is not None else table.files.get(looked.path)
    if text is None:
        raise not_found("file")
    return _text(text)


def _prose_in(wanted: str | None) -> str | None:
    return best_language(wanted.encode("latin-1", "replace") if wanted else None, tuple(LEXICONS))


def _text(text: str) -> str:
    """As a file has it: forms end their lines otherwise."""
    return text.replace("\r\n", "\n")


def _readable(act: Callable[[], T]) -> T:
    try:
        return act()
    except PackError as error:
        raise Problem("not_possible", f"The draft cannot be read: {error.problems[0]}") from None


def _json(body: Any) -> Response:
    return json_answer(orjson.dumps(body))
