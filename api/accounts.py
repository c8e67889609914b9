"""Accounts made by whoever has the ledger at hand: at the first start, and by the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from api.ids import DecisionIds
from api.settings import Settings
from api.signing_in import new_setup_code
from engine.ledger import Change, Ledger, Person, PersonRefused, PersonState, Role
from engine.ledger.people import OPERATOR
from engine.ledger.sessions import digest_of

FIRST: Final = "admin"
_new_person: Final = DecisionIds(kind="per_")


def first_administrator(ledger: Ledger, settings: Settings, now: datetime) -> str | None:
    """Where nobody is there, make an administrator, and return the one-time code. None: somebody is."""
    if ledger.people.are_there():
        return None
    try:
        _, code = invited(ledger, settings, now, FIRST, "Administrator", (Role.ADMINISTRATOR,))
    except PersonRefused:
        # Another process has started at the same moment, and shows the code.
        return None
    return code


def invited(
    ledger: Ledger, settings: Settings, now: datetime, login: str, display_name: str, roles: tuple[Role, ...]
) -> tuple[Person, str]:
    """A person with a one-time code. Raises PersonRefused."""
    code = new_setup_code()
    person = Person(
        _new_person(), login.casefold(), display_name, "en", roles, PersonState.INVITED, now, now,
        setup_code=digest_of(code), setup_until=now + timedelta(hours=settings.setup_hours),
    )  # fmt: skip
    return ledger.people.create(person, OPERATOR).person, code


def reset(ledger: Ledger, settings: Settings, now: datetime, person_id: str) -> tuple[Person, str]:
    """A new one-time code; password, second factor and sessions are void. Raises PersonRefused."""
    code = new_setup_code()
    until = now + timedelta(hours=settings.setup_hours)

    def alter(found: Person) -> Person:
        return as_reset(found, code, until)

    return ledger.people.change(person_id, Change("reset", OPERATOR, now, alter, ends_sessions=True)).person, code


def as_reset(found: Person, code: str, until: datetime) -> Person:
    """What a person becomes who must choose a password anew. Raises PersonRefused."""
    if found.state is PersonState.DISABLED:
        raise PersonRefused("is_disabled", "The person is disabled: let them in again first")
    return replace(
        found, state=PersonState.INVITED, password="", factor="", pending_factor="", factor_step=0, recovery=(),
        setup_code=digest_of(code), setup_until=until,
    )  # fmt: skip


def may_come_in(ledger: Ledger, caller: str) -> bool:
    """Whether there is such a person or key, and nobody keeps them out."""
    person = ledger.people.one(caller)
    if person is not None:
        return person.state is not PersonState.DISABLED
    key = ledger.keys.one(caller)
    return key is not None and key.revoked_at is None


def with_roles(found: Person, roles: tuple[Role, ...]) -> Person:
    """Who does something else from now on."""
    return replace(found, roles=roles)


def as_disabled(found: Person) -> Person:
    """Who cannot come in any more."""
    return replace(found, state=PersonState.DISABLED, setup_code="", setup_until=None)


def as_enabled(found: Person) -> Person:
    """Who can come in again, with the password that was. Raises PersonRefused."""
    if found.state is not PersonState.DISABLED:
        raise PersonRefused("not_disabled", "The person is not disabled")
    there = PersonState.ACTIVE if found.password or found.subject else PersonState.INVITED
    return replace(found, state=there)
