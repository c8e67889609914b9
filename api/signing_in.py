"""Signing in: by name and password, and a code where one is set up; and setting up with a one-time code.

Nothing that is answered tells whether there is somebody of a name: the same words, the same work, the same patience.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil
from typing import Final, NoReturn

from api import passwords
from api.identity_schemas import SettingUp, SigningIn
from api.identity_views import person_caller
from api.problems import Problem, refused, unauthenticated
from api.second_factor import plain_code, step_of
from api.service import Service
from engine.ledger import Change, Opening, Person, PersonRefused, PersonState
from engine.ledger.sessions import digest_of, new_token

SETUP_PREFIX: Final = "lxi_"
_SETUP_BYTES: Final = 20
_CHANGED: Final = PersonRefused("changed", "The person was changed meanwhile")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session with its token, which is shown once."""

    token: str
    person: Person
    lasts: timedelta


def new_setup_code() -> str:
    """`lxi_` and 160 bits of chance."""
    return SETUP_PREFIX + secrets.token_urlsafe(_SETUP_BYTES)


def sign_in(service: Service, asked: SigningIn, source: str) -> dict[str, object]:
    """A session for whoever shows the password, and the code where one is wanted. Raises 401 or 429."""
    entry = _Entry(service, asked.name, source)
    person = entry.person
    may = person is not None and person.state is PersonState.ACTIVE
    right = passwords.matches(asked.password, person.password if person is not None and may else "")
    if person is None or not right:
        entry.refuse("password" if may else "disabled" if person is not None else "unknown")
    if person.factor and asked.code is None:
        service.ledger.tries.give_back(asked.name, source)
        raise _wanted()
    method, alter = _shown(service, person, asked.code)
    if alter is None:
        entry.refuse("code")
    return entry.open(person, f"{method}", alter)


def set_up(service: Service, asked: SettingUp, source: str) -> dict[str, object]:
    """A password for whoever has the one-time code, and a session. Raises 401, 422 or 429."""
    entry = _Entry(service, asked.name, source)
    person, now = entry.person, service.clock()
    right = hmac.compare_digest(person.setup_code if person else "", digest_of(asked.code))
    if person is None or not right or person.state is not PersonState.INVITED:
        entry.refuse("code" if person is not None else "unknown")
    if person.setup_until is None or now >= person.setup_until:
        entry.refuse("expired")
    fault = passwords.fault_of(asked.password, least=service.settings.password_length, login=person.login)
    if fault is not None:
        service.ledger.tries.give_back(asked.name, source)
        raise refused(fault)
    kept = passwords.kept(asked.password)

    def alter(found: Person) -> Person:
        if found.setup_code != person.setup_code or found.state is not PersonState.INVITED:
            raise _CHANGED
        return replace(found, state=PersonState.ACTIVE, password=kept, setup_code="", setup_until=None)

    return entry.open(person, "set_up", alter)


def opening(service: Service, method: str, source: str) -> Opening:
    """A session that is to be opened now."""
    lasts = timedelta(hours=service.settings.session_hours)
    return Opening(new_token(), method, source[:100], service.clock(), lasts)


def opened_body(asked: Opening, person: Person) -> dict[str, object]:
    """What is answered to whoever has signed in."""
    return {
        "token": asked.token,
        "expires_at": (asked.now + asked.lasts).isoformat(),
        "caller": person_caller(person),
    }


def check_again(service: Service, person: Person, password: str, source: str) -> None:
    """Whether it is the person's password, within a session. Raises 401 or 429: a borrowed session must not try for ever."""
    if not person.password:
        raise Problem("not_possible", "You sign in by OpenID Connect: there is no password here.")
    entry = _Entry(service, person.login, source)
    if not passwords.matches(password, person.password):
        entry.refuse("password")
    service.ledger.tries.good(person.login, source)


class _Entry:
    """One try of somebody to come in, counted from the begin."""

    def __init__(self, service: Service, name: str, source: str) -> None:
        """Raises 429 where nobody is heard now."""
        self._service, self._name, self._source = service, name.strip(), source
        wait = service.ledger.tries.begin(name.strip(), source, service.clock())
        if wait is not None:
            seconds = str(max(1, ceil(wait.total_seconds())))
            raise Problem("too_many_tries", "Wait, and try again then.", headers={"retry-after": seconds})
        self.person = service.ledger.people.named(name.strip())

    def refuse(self, why: str) -> NoReturn:
        """Note why somebody is not let in, and say nothing of it."""
        person = None if self.person is None else self.person.id
        said = {"person": person, "source": self._source, "why": why, "name_sha256": digest_of(self._name.casefold())}
        self._service.ledger.people.refuse(self._service.clock(), said)
        denied = unauthenticated("")
        raise Problem("sign_in_refused", "Name, password or code is wrong.", headers=denied.headers)

    def open(self, person: Person, method: str, alter: Callable[[Person], Person]) -> dict[str, object]:
        """A session for a person as they are now."""
        service = self._service
        asked = opening(service, method, self._source)
        change = Change("signed_in", person.id, asked.now, alter, {"method": method}, opens=asked)
        try:
            changed = service.ledger.people.change(person.id, change)
        except PersonRefused:
            self.refuse("changed")
        service.ledger.tries.good(self._name, self._source)
        return opened_body(asked, changed.person)


def _shown(service: Service, person: Person, code: str | None) -> tuple[str, Callable[[Person], Person] | None]:
    """How somebody has shown who they are besides the password, and what that changes; None: they have not."""
    if not person.factor:
        return "password", lambda found: _same(found, person)
    assert code is not None, "asked for before"
    # First what needs no master key: for the day on which it is lost.
    digest = digest_of(plain_code(code))
    if digest in person.recovery:
        left = tuple(one for one in person.recovery if one != digest)
        return "recovery_code", lambda found: replace(_same(found, person), recovery=left)
    secret = service.master.secret_of(person.id, person.factor)
    step = step_of(secret, code, service.clock(), person.factor_step)
    if step is not None:
        return "second_factor", lambda found: replace(_same(found, person), factor_step=step)
    return "", None


def _same(found: Person, seen: Person) -> Person:
    """INVARIANT: what was looked at is what is there: a code, or an old password, opens nothing twice."""
    wanted = (seen.state, seen.password, seen.factor, seen.factor_step, seen.recovery)
    if (found.state, found.password, found.factor, found.factor_step, found.recovery) != wanted:
        raise _CHANGED
    return found


def _wanted() -> Problem:
    return Problem(
        "second_factor_wanted",
        "Send the code of your authenticator, or a recovery code.",
        headers=unauthenticated("").headers,
    )
