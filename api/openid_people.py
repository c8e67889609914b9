"""People whom the house's own provider knows: made at their first sign-in, with the roles that it says, at each one anew."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import Final

from api.logs import logger
from api.openid import OpenIdRefused, Told
from api.problems import Problem, unauthenticated
from api.service import Service
from api.signing_in import opened_body, opening
from engine.ledger import Change, Person, PersonRefused, PersonState

ACTOR: Final = "openid_connect"
_LOGIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+\-]{0,79}")
_log = logger("lexgate.openid")


def begun(service: Service) -> dict[str, str]:
    """Where somebody goes, and what their browser brings back. Raises 401 or 404."""
    openid = service.openid
    if openid is None:
        raise Problem("not_found", "There is no provider to sign in by: LEXGATE_OIDC_ISSUER names one.")
    try:
        url, kept = openid.begin()
    except OpenIdRefused as error:
        raise _refused(service, error, "") from error
    return {"url": url, "kept": kept}


def finished(service: Service, kept: str, state: str, code: str, source: str) -> dict[str, object]:
    """A session for whom the provider knows, with the roles that it says. Raises 401 or 404."""
    openid = service.openid
    if openid is None:
        raise Problem("not_found", "There is no provider to sign in by: LEXGATE_OIDC_ISSUER names one.")
    try:
        told = openid.finish(kept, state, code)
        return _signed_in(service, told, source)
    except (OpenIdRefused, PersonRefused) as error:
        raise _refused(service, error, source) from error


def _signed_in(service: Service, told: Told, source: str) -> dict[str, object]:
    people, asked = service.ledger.people, opening(service, ACTOR, source)
    known = people.known_as(told.subject)
    if known is None:
        person = Person(
            service.new_person(), _free_login(service, told), told.display_name, "en", told.roles, PersonState.ACTIVE,
            asked.now, asked.now, subject=told.subject,
        )  # fmt: skip
        return opened_body(asked, people.create(person, ACTOR, opens=asked).person)

    def alter(found: Person) -> Person:
        if found.state is not PersonState.ACTIVE:
            raise PersonRefused("disabled", "The person is kept out")
        return replace(found, roles=told.roles)

    said = {"method": ACTOR, "roles": [role.value for role in told.roles]}
    change = Change("signed_in", ACTOR, asked.now, alter, said, opens=asked)
    answer = opened_body(asked, people.change(known.id, change).person)
    service.door.forget()
    return answer


def _free_login(service: Service, told: Told) -> str:
    """The name that the provider gives, where it is none yet: an account here is never taken over by its name."""
    wanted = told.name.casefold()
    if _LOGIN.fullmatch(wanted) and service.ledger.people.named(wanted) is None:
        return wanted
    return "openid-" + sha256(told.subject.encode()).hexdigest()[:16]


def _refused(service: Service, error: Exception, source: str) -> Problem:
    _log.warning("openid_refused", why=str(error))
    said = {"person": None, "source": source, "why": ACTOR}
    service.ledger.people.refuse(service.clock(), said)
    detail = (
        "Your provider does not let you in here, or could not be asked. An administrator finds the reason in the log."
    )
    return Problem("openid_refused", detail, headers=unauthenticated("").headers)
