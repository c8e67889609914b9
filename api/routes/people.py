"""People, for those who look after accounts: invited, given roles, disabled, helped when a password is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.accounts import as_disabled, as_enabled, as_reset
from api.answers import given_answer, json_answer
from api.gate import Entered, Serving, needs
from api.identity_schemas import (
    Inviting,
    PersonBody,
    PersonInvited,
    PersonPage,
    Reason,
    RolePage,
    RolesWanted,
)
from api.identity_views import person_body, roles_body
from api.once import given_by, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.signing_in import new_setup_code
from api.twin import IdempotencyKey
from engine.ledger import Change, Changed, Once, Person, PersonRefused, PersonState, Scope
from engine.ledger.sessions import digest_of

router = APIRouter(route_class=needs(Scope.ADMIN), tags=["identity"])
anybody = APIRouter(route_class=needs(None), tags=["identity"])

PersonId = Annotated[str, Path(pattern=r"^per_[0-9a-z]{1,40}$", examples=["per_01kavw3e5n7x2v8g4yq0m6tz1b"])]
AfterPerson = Annotated[str | None, Query(pattern=r"^per_[0-9a-z]{1,40}$", description="`next` of the page before.")]
_MOVES: Final[Any] = {**WRITES, **problems(404)}


@anybody.get("/v1/roles", response_model=RolePage, responses=READS, summary="List roles")
def roles() -> Response:
    """What each allows, and which others the same person cannot hold: whoever makes accounts must not also make law."""
    return _json(roles_body())


@router.get("/v1/people", response_model=PersonPage, responses={**READS, **problems(422)}, summary="List people")
def listed(
    service: Serving, state: PersonState | None = None, limit: Limit = 50, after: AfterPerson = None
) -> Response:
    """In the order in which they were made, those who are disabled too."""
    page = service.ledger.people.page(limit=limit, after=after, state=state)
    return _json({"data": [person_body(one) for one in page.data], "next": page.next})


@router.get(
    "/v1/people/{person_id}",
    response_model=PersonBody,
    responses={**READS, **problems(404, 422)},
    summary="Show a person",
)
def shown(person_id: PersonId, service: Serving) -> Response:
    """Name, roles and state. No password can be read."""
    found = service.ledger.people.one(person_id)
    if found is None:
        raise not_found("person")
    return _json(person_body(found))


@router.post("/v1/people", response_model=PersonInvited, status_code=201, responses=WRITES, summary="Invite a person")
def invite(asked: Inviting, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """Makes an account and a one-time code, with which the person chooses a password at `POST /v1/setup`. Hand the code over by
    another way than the name."""
    code, now = new_setup_code(), service.clock()
    person = Person(
        service.new_person(), asked.name, asked.display_name, asked.locale, _once_each(asked.roles), PersonState.INVITED,
        now, now, setup_code=digest_of(code), setup_until=now + timedelta(hours=service.settings.setup_hours),
    )  # fmt: skip
    once = _kept(admitted)
    return _told(lambda: service.ledger.people.create(person, admitted.key.id, once=once), code, 201)


@router.post(
    "/v1/people/{person_id}/roles", response_model=PersonBody, responses=_MOVES, summary="Give a person other roles"
)
def give_roles(
    person_id: PersonId, asked: RolesWanted, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """From now on, in sessions that are open too. Nobody changes their own."""
    wanted = _once_each(asked.roles)
    said = {"reason": asked.reason, "roles": [role.value for role in wanted]}
    return _moved(service, admitted, person_id, "roles", lambda found: replace(found, roles=wanted), said)


@router.post("/v1/people/{person_id}/disable", response_model=PersonBody, responses=_MOVES, summary="Keep a person out")
def disable(
    person_id: PersonId, asked: Reason, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """All sessions end. What the person did stays under their name."""
    return _moved(service, admitted, person_id, "disabled", as_disabled, {"reason": asked.reason})


@router.post(
    "/v1/people/{person_id}/enable", response_model=PersonBody, responses=_MOVES, summary="Let a person in again"
)
def enable(
    person_id: PersonId, asked: Reason, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """With the password that was; who has none needs a new code."""
    return _moved(service, admitted, person_id, "enabled", as_enabled, {"reason": asked.reason})


@router.post(
    "/v1/people/{person_id}/reset",
    response_model=PersonInvited,
    responses=_MOVES,
    summary="Give a person a new one-time code",
)
def reset(
    person_id: PersonId, asked: Reason, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """For a lost password or authenticator, or a code that was never used. Password, second factor and sessions are void."""
    code, until = new_setup_code(), service.clock() + timedelta(hours=service.settings.setup_hours)
    said = {"reason": asked.reason}
    return _moved(service, admitted, person_id, "reset", lambda found: as_reset(found, code, until), said, code)


# -- inside ---------------------------------------------------------------------------------------------------------------


def _moved(
    service: Service,
    admitted: Any,
    person_id: str,
    kind: str,
    alter: Callable[[Person], Person],
    said: dict[str, Any],
    code: str | None = None,
) -> Response:
    change = Change(
        kind, admitted.key.id, service.clock(), alter, said, ends_sessions=kind in ("disabled", "reset"),
        once=_kept(admitted, person_id, code is not None),
    )  # fmt: skip
    answer = _told(lambda: service.ledger.people.change(person_id, change), code)
    service.door.forget()
    return answer


def _kept(admitted: Any, name: str = "", secret: bool = True) -> Once | None:
    """Under the key of the request goes the answer without its code: what is shown once is kept nowhere."""
    key = once_of(admitted, name)
    return None if key is None else Once(key, lambda person: _body(person, *([None] if secret else [])))


def _told(act: Callable[[], Changed], code: str | None, status: int = 200) -> Response:
    try:
        changed = act()
    except PersonRefused as error:
        raise problem_of(error) from error
    told = _body(changed.person, *([] if code is None else [code]))
    answer = given_answer(given_by(changed.given, told))
    answer.status_code = status
    answer.headers["cache-control"] = "no-store"
    return answer


def problem_of(error: PersonRefused) -> Problem:
    """What is refused of a person, as a problem."""
    if error.code == "unknown_person":
        return not_found("person")
    if error.code == "login_taken":
        return refused(Fault("/name", "taken", str(error)))
    if error.code == "roles_conflict":
        return refused(Fault("/roles", "roles_conflict", str(error)))
    kind = "another_person" if error.code in ("own_roles", "last_administrator") else "not_possible"
    return Problem(kind, f"{error}.")


def _body(person: Person, *code: str | None) -> bytes:
    return orjson.dumps(person_body(person) | ({"setup_code": code[0]} if code else {}))


def _once_each(roles: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(roles))


def _json(body: Any) -> Response:
    return json_answer(orjson.dumps(body))
