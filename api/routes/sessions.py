"""Signing in and out, and what people do with their own account."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Response

from api import passwords
from api.answers import json_answer
from api.auth import Door
from api.gate import Caller, Entered, Open, Serving, Source, needs
from api.identity_schemas import (
    CodeShown,
    FactorBegun,
    NewPassword,
    Nothing,
    OpenIdBack,
    OpenIdBegun,
    PasswordShown,
    Profile,
    RecoveryCodes,
    SessionOpened,
    SessionPage,
    SessionShown,
    SettingUp,
    SigningIn,
    SignInWays,
)
from api.identity_views import caller_body, session_body
from api.openid_people import begun, finished
from api.problems import Fault, Problem, not_found, refused
from api.schemas import READS, WRITES, problems
from api.second_factor import new_recovery_codes, new_secret, picture_of, plain_code, step_of, uri_of
from api.service import Service
from api.signing_in import check_again, opening, set_up, sign_in
from engine.ledger import ApiKey, Change, KeySession, Person, PersonRefused, SignedIn
from engine.ledger.sessions import digest_of

entering = APIRouter(route_class=Open, tags=["identity"])
asking = APIRouter(tags=["identity"])
own = APIRouter(route_class=needs(None), tags=["identity"])

SessionId = Annotated[str, Path(pattern=r"^ses_[0-9a-f]{1,40}$", examples=["ses_5f0c2b9a7d3e41c8a6b0d9e2"])]
_ENTERS: Any = problems(401, 408, 413, 415, 422, 429, 503)
_AGAIN: Any = WRITES


@entering.post("/v1/sessions", response_model=SessionOpened, status_code=201, responses=_ENTERS, summary="Sign in")
def signed_in(asked: SigningIn, service: Serving, source: Source) -> Response:
    """By name and password, and the code of the authenticator where one is set up. After some tries that failed nobody is heard
    under the name, or from the address, for a while: known or not."""
    return _json(sign_in(service, asked, source), 201)


@entering.post(
    "/v1/setup", response_model=SessionOpened, status_code=201, responses=_ENTERS, summary="Choose a first password"
)
def was_set_up(asked: SettingUp, service: Serving, source: Source) -> Response:
    """With the one-time code that an administrator, or the first start, has handed out. Signs in as well."""
    return _json(set_up(service, asked, source), 201)


@asking.get("/v1/sign-in", response_model=SignInWays, summary="Say how people sign in")
def ways(service: Serving) -> Response:
    """By password, and by the house's own provider where there is one."""
    label = service.settings.oidc_label if service.openid is not None else None
    return _json({"password": True, "openid": label})


@entering.post(
    "/v1/sign-in/openid", response_model=OpenIdBegun, responses={**_ENTERS, **problems(404)},
    summary="Begin to sign in by OpenID Connect",
)  # fmt: skip
def openid_begun(_asked: Nothing, service: Serving) -> Response:
    """Authorization code with PKCE, state and nonce. The provider sends people back to the console of `LEXGATE_PUBLIC_URL`."""
    return _json(begun(service))


@entering.post(
    "/v1/sign-in/openid/finish", response_model=SessionOpened, status_code=201, responses={**_ENTERS, **problems(404)},
    summary="Sign in by OpenID Connect",
)  # fmt: skip
def openid_finished(back: OpenIdBack, service: Serving, source: Source) -> Response:
    """People are made at their first sign-in, and have the roles that the provider says, at each one anew. Without a role nobody
    is let in."""
    return _json(finished(service, back.kept, back.state, back.code, source), 201)


@own.get("/v1/session", response_model=SessionShown, responses=READS, summary="Show who calls")
def shown(caller: Caller) -> Response:
    """Of a person or a key: name, roles, scopes, and until when at most."""
    person = caller.person if isinstance(caller, SignedIn) else None
    in_session = isinstance(caller, SignedIn | KeySession)
    expires = caller.session.expires_at if in_session else caller.terms.expires_at
    return _json({
        "caller": caller_body(caller),
        "expires_at": None if expires is None else expires.isoformat(),
        "second_factor": person is not None and bool(person.factor),
        "password": person is not None and bool(person.password),
        "recovery_codes": 0 if person is None else len(person.recovery),
    })  # fmt: skip


@own.post(
    "/v1/key-sessions", response_model=SessionOpened, status_code=201, responses=WRITES,
    summary="Open a session for an API key",
)  # fmt: skip
def key_session(_asked: Nothing, service: Serving, admitted: Entered, source: Source) -> Response:
    """So that a browser keeps a token that ends by itself, and not the key. It opens what the key does, from where the key may be
    used, until the key ends or the session does."""
    key = admitted.key
    if isinstance(key, SignedIn | KeySession):
        raise Problem("not_possible", "This is a session already: open one with the key itself.")
    asked = opening(service, "api_key", source)
    if key.terms.expires_at is not None:
        asked = replace(asked, lasts=min(asked.lasts, key.terms.expires_at - asked.now))
    service.ledger.sessions.open_for_key(key, asked)
    return _json(
        {"token": asked.token, "expires_at": (asked.now + asked.lasts).isoformat(), "caller": caller_body(key)}, 201
    )


@own.delete("/v1/session", status_code=204, responses={**READS, **problems(409)}, summary="Sign out")
def signed_out(service: Serving, caller: Caller) -> Response:
    """The session of the token ends, for good."""
    who = caller if isinstance(caller, KeySession) else _person(caller)
    service.ledger.sessions.end(who.id, who.session.id, service.clock())
    return _gone(service.door)


@own.get("/v1/sessions", response_model=SessionPage, responses={**READS, **problems(409)}, summary="List own sessions")
def listed(service: Serving, caller: Caller) -> Response:
    """Those that are still good, the newest first."""
    who = _person(caller)
    found = service.ledger.sessions.of(who.id, service.clock(), service.settings.session_idle)
    return _json({"data": [session_body(one, who.session.id) for one in found], "next": None})


@own.delete("/v1/sessions", status_code=204, responses={**READS, **problems(409)}, summary="End all other sessions")
def others_ended(service: Serving, caller: Caller) -> Response:
    """All of one's own but this one."""
    who = _person(caller)
    service.ledger.sessions.end_others(who.id, who.session.id, service.clock())
    return _gone(service.door)


@own.delete(
    "/v1/sessions/{session_id}", status_code=204, responses={**READS, **problems(404, 409, 422)},
    summary="End one of one's own sessions",
)  # fmt: skip
def ended(session_id: SessionId, service: Serving, caller: Caller) -> Response:
    """For good; somebody else's is not found."""
    if not service.ledger.sessions.end(_person(caller).id, session_id, service.clock()):
        raise not_found("session")
    return _gone(service.door)


@own.post(
    "/v1/session/profile", response_model=SessionShown, responses=WRITES, summary="Change one's own name or language"
)
def profile(asked: Profile, service: Serving, admitted: Entered) -> Response:
    """What is not named stays."""
    said = {name: value for name, value in asked.model_dump().items() if value is not None}
    who = _changed(service, admitted.key, "profile", lambda found: replace(found, **said))
    return shown(who)


@own.post("/v1/session/password", status_code=204, responses=_AGAIN, summary="Change one's own password")
def password(asked: NewPassword, service: Serving, admitted: Entered, source: Source) -> Response:
    """With the one that was. All other sessions end."""
    who = _person(admitted.key)
    check_again(service, who.person, asked.current, source)
    fault = passwords.fault_of(
        asked.new, least=service.settings.password_length, login=who.person.login, pointer="/new"
    )
    if fault is not None:
        raise refused(fault)
    kept, seen = passwords.kept(asked.new), who.person.password

    def alter(found: Person) -> Person:
        if found.password != seen:
            raise PersonRefused("changed", "The password was changed meanwhile")
        return replace(found, password=kept)

    _changed(service, who, "password", alter, ends=True)
    return _gone(service.door)


@own.post(
    "/v1/session/second-factor", response_model=FactorBegun, responses=_AGAIN, summary="Begin to set up a second factor"
)
def factor_begun(asked: PasswordShown, service: Serving, admitted: Entered, source: Source) -> Response:
    """A new secret for an authenticator, which counts once its first code is sent. The one from before holds until then."""
    who = _person(admitted.key)
    check_again(service, who.person, asked.password, source)
    secret = new_secret()
    kept = service.master.kept(service.ledger, who.id, secret)
    _changed(service, who, "second_factor_begun", lambda found: replace(found, pending_factor=kept))
    uri = uri_of(secret, who.person.login)
    return _json({"secret": secret, "uri": uri, "svg": picture_of(uri)})


@own.post(
    "/v1/session/second-factor/confirm",
    response_model=RecoveryCodes,
    responses=WRITES,
    summary="Confirm a second factor",
)
def factor_confirmed(asked: CodeShown, service: Serving, admitted: Entered) -> Response:
    """By its first code. The recovery codes are shown this once; those of before are void."""
    who, codes = _person(admitted.key), new_recovery_codes()
    kept = tuple(digest_of(plain_code(code)) for code in codes)
    now = service.clock()

    def alter(found: Person) -> Person:
        if not found.pending_factor:
            raise PersonRefused("nothing_begun", "Begin to set up a second factor first")
        step = step_of(service.master.secret_of(found.id, found.pending_factor), asked.code, now, 0)
        if step is None:
            raise PersonRefused("code_wrong", "The code is wrong, or its half minute is over")
        return replace(found, factor=found.pending_factor, pending_factor="", factor_step=step, recovery=kept)

    _changed(service, who, "second_factor", alter, ends=True)
    return _json({"recovery_codes": codes})


@own.post("/v1/session/second-factor/remove", status_code=204, responses=_AGAIN, summary="Do without a second factor")
def factor_removed(asked: PasswordShown, service: Serving, admitted: Entered, source: Source) -> Response:
    """With the password once more. Its recovery codes are void as well."""
    who = _person(admitted.key)
    check_again(service, who.person, asked.password, source)
    _changed(
        service, who, "second_factor_removed",
        lambda found: replace(found, factor="", pending_factor="", factor_step=0, recovery=()),
    )  # fmt: skip
    return _gone(service.door)


Ids = Annotated[
    str,
    Query(
        pattern=r"^[A-Za-z0-9_,.\-]{0,9000}$",
        description="Ids of people and keys, with commas, 200 at most; others are left out of the answer.",
        examples=["per_01kavw3e5n7x2v8g4yq0m6tz1b,key_5f0c2b9a7d3e"],
    ),
]


@own.get(
    "/v1/people/names", response_model=dict[str, str], responses={**READS, **problems(422)},
    summary="Say what people and keys are called",
)  # fmt: skip
def names(service: Serving, ids: Ids = "") -> Response:
    """So that a record can be read: by their ids. For whoever may sign in."""
    wanted = list(dict.fromkeys(one for one in ids.split(",") if one))
    if len(wanted) > _NAMES:
        raise Problem("parameters_refused", "1 fault.", faults=[Fault("", "too_many", "200 at most", parameter="ids")])
    return _json(service.ledger.people.names(wanted) | service.ledger.keys.names(wanted))


_NAMES = 200


def _changed(service: Service, caller: ApiKey, kind: str, alter: Any, *, ends: bool = False) -> SignedIn:
    """Somebody's own account after a change of theirs. Raises 409 for what is not possible."""
    who = _person(caller)
    change = Change(kind, who.id, service.clock(), alter, ends_sessions=ends, but=who.session.id)
    try:
        person = service.ledger.people.change(who.id, change).person
    except PersonRefused as error:
        if error.code == "code_wrong":
            raise refused(Fault("/code", "code_wrong", str(error))) from error
        raise Problem("not_possible", f"{error}.") from error
    service.door.forget()
    return replace(who, person=person)


def _person(caller: ApiKey) -> SignedIn:
    if not isinstance(caller, SignedIn):
        raise Problem("not_possible", "This is for people who have signed in: a key has no session and no account.")
    return caller


def _gone(door: Door) -> Response:
    door.forget()
    return Response(status_code=204)


def _json(body: Any, status: int = 200) -> Response:
    answer = json_answer(orjson.dumps(body))
    answer.status_code = status
    # A token, or who somebody is, is nobody else's business.
    answer.headers["cache-control"] = "no-store"
    return answer
