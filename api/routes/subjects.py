"""Whom decisions are about, for those who look after them: what is kept, and erasure. Names stand in bodies, since addresses
are logged."""

from __future__ import annotations

import orjson
from fastapi import APIRouter, Response

from api.answers import given_answer, json_answer
from api.gate import Entered, Serving, needs
from api.logs import logger
from api.once import given_before, given_by, keyed, once_of
from api.problems import Problem, not_found
from api.schemas import WRITES, problems
from api.subject_schemas import Erasing, ErasureBody, SubjectBody, SubjectWanted
from api.subject_views import erasure_body, subject_body
from api.twin import IdempotencyKey
from engine.ledger import Held, Scope, UnknownSubject

router = APIRouter(route_class=needs(Scope.ADMIN), tags=["identity"])
_log = logger("lexgate.subjects")


@router.post(
    "/v1/subjects/status", response_model=SubjectBody, responses={**WRITES, **problems(404)}, summary="Show a subject"
)
def status(asked: SubjectWanted, service: Serving) -> Response:
    """Whether anything of somebody can be read here, and when they were erased."""
    found = service.ledger.subjects.status(asked.subject)
    if found is None:
        raise not_found("subject")
    return json_answer(orjson.dumps(subject_body(found)))


@router.post(
    "/v1/subjects/erase",
    response_model=ErasureBody,
    responses={**WRITES, **problems(404, 409)},
    summary="Erase a subject",
)
def erase(asked: Erasing, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Destroys the key of somebody: what was kept under it can be read by nobody any more. Nothing undoes this. The chain stays
    whole; their decisions are listed with their envelopes, and answer 410, as do their taxes.
    """
    once = once_of(admitted)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    try:
        done = service.ledger.subjects.erase(asked.subject, admitted.key.id, asked.reason, service.clock())
    except Held as held:
        raise Problem("not_possible", str(held)) from None
    except UnknownSubject:
        raise not_found("subject") from None
    _log.info("subject_erased", pseudonym=done.pseudonym, keys=done.keys)
    answer = orjson.dumps(erasure_body(done))
    kept = keyed(once, answer)
    if kept is not None:
        service.ledger.writer.run(lambda batch: batch.claim(kept.key, kept.answer))
    return given_answer(given_by(None, answer))
