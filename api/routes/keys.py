"""API keys, for those who look after them: made, replaced with an overlap, revoked for good."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Response

from api.answers import given_answer, json_answer
from api.gate import Entered, Serving, needs
from api.identity_schemas import KeyBody, KeyMade, KeyPage, KeyWanted, Pacing, RateWanted, Reason, Rotating
from api.identity_views import key_body
from api.once import given_before, given_by, keyed, once_of
from api.problems import Fault, Problem, not_found, refused
from api.routes.decisions import Limit
from api.schemas import READS, WRITES, problems
from api.service import Service
from api.twin import IdempotencyKey
from engine.ledger import ApiKey, KeyRate, KeyTerms, MadeKey, Once, Scope
from engine.places import is_place

router = APIRouter(route_class=needs(Scope.ADMIN), tags=["identity"])

KeyId = Annotated[str, Path(pattern=r"^key_[0-9a-f]{1,40}$", examples=["key_5f0c2b9a7d3e"])]
AfterKey = Annotated[str | None, Query(pattern=r"^key_[0-9a-f]{1,40}$", description="`next` of the page before.")]
_MOVES: Final[Any] = {**WRITES, **problems(404)}


@router.get("/v1/keys", response_model=KeyPage, responses={**READS, **problems(422)}, summary="List API keys")
def listed(service: Serving, limit: Limit = 50, after: AfterKey = None) -> Response:
    """The oldest first, those that are over too. No secret can be read."""
    keys, now = service.ledger.keys.list(), service.clock()
    begin = 0 if after is None else next((at for at, one in enumerate(keys, 1) if one.id == after), len(keys))
    data = keys[begin : begin + limit]
    last = data[-1].id if begin + limit < len(keys) else None
    return json_answer(orjson.dumps({"data": [key_body(one, now) for one in data], "next": last}))


@router.get(
    "/v1/keys/{key_id}", response_model=KeyBody, responses={**READS, **problems(404, 422)}, summary="Show an API key"
)
def shown(key_id: KeyId, service: Serving) -> Response:
    """What it may do, its limits, and when it was last seen."""
    found = service.ledger.keys.one(key_id)
    if found is None:
        raise not_found("key")
    return json_answer(orjson.dumps(key_body(found, service.clock())))


@router.post("/v1/keys", response_model=KeyMade, status_code=201, responses=WRITES, summary="Make an API key")
def make(asked: KeyWanted, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """For a program. Its secret is in this answer and nowhere else."""
    terms = _terms(asked, service)
    scopes = frozenset(asked.scopes)
    if Scope.ADMIN in scopes and scopes & {Scope.EDIT, Scope.APPROVE}:
        said = "Whoever makes accounts must not also make law: `admin` goes with neither `edit` nor `approve`"
        raise refused(Fault("/scopes", "roles_conflict", said))
    made = service.ledger.keys.make(
        scopes, asked.name, terms, by=admitted.key.id, once=_kept(service, admitted), rate=_rate(asked.rate)
    )
    return _told(service, made, 201)


@router.post(
    "/v1/keys/{key_id}/rotate", response_model=KeyMade, status_code=201, responses=_MOVES, summary="Replace an API key"
)
def rotate(
    key_id: KeyId, asked: Rotating, service: Serving, admitted: Entered, _once: IdempotencyKey = None
) -> Response:
    """Another key with the same name, scopes and limits; the old one is good for some hours more, so that programs can change."""
    until = service.clock() + timedelta(hours=asked.overlap_hours)
    once = _kept(service, admitted, key_id)
    if service.ledger.keys.one(key_id) is None:
        raise not_found("key")
    made = service.ledger.keys.rotate(key_id, until, by=admitted.key.id, once=once)
    if made is None:
        raise Problem("not_possible", "The key is over: make another one.")
    service.door.forget()
    return _told(service, made, 201)


@router.post("/v1/keys/{key_id}/rate", response_model=KeyBody, responses=_MOVES, summary="Set the rate of an API key")
def pace(key_id: KeyId, asked: Pacing, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """How often it may ask, within ten seconds in every process; null: as often as the settings allow."""
    once = once_of(admitted, f"{key_id} rate")
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    key = service.ledger.keys.pace(key_id, _rate(asked.rate), by=admitted.key.id, reason=asked.reason)
    if key is None:
        raise not_found("key")
    service.door.forget()
    answer = orjson.dumps(key_body(key, service.clock()))
    kept = keyed(once, answer)
    if kept is not None:
        service.ledger.writer.run(lambda batch: batch.claim(kept.key, kept.answer))
    return given_answer(given_by(None, answer))


@router.post("/v1/keys/{key_id}/revoke", response_model=KeyBody, responses=_MOVES, summary="Revoke an API key")
def revoke(key_id: KeyId, asked: Reason, service: Serving, admitted: Entered, _once: IdempotencyKey = None) -> Response:
    """For good, within ten seconds in every process. A second time changes nothing."""
    once = once_of(admitted, key_id)
    given = given_before(service.ledger, once)
    if given is not None:
        return given_answer(given)
    if service.ledger.keys.one(key_id) is None:
        raise not_found("key")
    if key_id == admitted.key.id:
        raise Problem("not_possible", "A key does not revoke itself: nobody would be left to see that it was right.")
    key = service.ledger.keys.revoke(key_id, admitted.key.id, asked.reason)
    service.door.forget()
    assert key is not None, "keys stay"
    answer = orjson.dumps(key_body(key, service.clock()))
    kept = keyed(once, answer)
    if kept is not None:
        service.ledger.writer.run(lambda batch: batch.claim(kept.key, kept.answer))
    return given_answer(given_by(None, answer))


def _rate(asked: RateWanted | None) -> KeyRate | None:
    return None if asked is None else KeyRate(asked.requests, asked.seconds)


def _terms(asked: KeyWanted, service: Service) -> KeyTerms:
    """The limits. Raises 422 for what is no network, no country or no future."""
    faults = []
    networks: list[str] = []
    for at, said in enumerate(asked.sources):
        try:
            networks.append(str(ip_network(said)))
        except ValueError:
            faults.append(Fault(f"/sources/{at}", "network_form", "An address or a network: 203.0.113.7, 10.0.0.0/8"))
    unknown = (at for at, code in enumerate(asked.countries) if not is_place(code))
    faults += [Fault(f"/countries/{at}", "unknown_place", "No country of ISO 3166-1") for at in unknown]
    if asked.expires_at is not None and asked.expires_at <= service.clock():
        faults.append(Fault("/expires_at", "instant_range", "It lies in the future"))
    if faults:
        raise refused(*faults)
    once_each = (tuple(dict.fromkeys(said)) for said in (networks, asked.countries, asked.merchants))
    return KeyTerms(asked.expires_at, *once_each)


def _kept(service: Service, admitted: Any, name: str = "") -> Once | None:
    """Under the key of the request goes the answer without its secret: what is shown once is kept nowhere."""
    key = once_of(admitted, name)
    return None if key is None else Once(key, lambda made: _body(service, made, None))


def _told(service: Service, made: MadeKey, status: int) -> Response:
    told = b"" if made.key is None else _body(service, made.key, made.secret)
    answer = given_answer(given_by(made.given, told))
    answer.status_code = status
    answer.headers["cache-control"] = "no-store"
    return answer


def _body(service: Service, key: ApiKey, secret: str | None) -> bytes:
    return orjson.dumps({**key_body(key, service.clock()), "secret": secret})
