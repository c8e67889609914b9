"""People and their sessions as they are read, and what is refused of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.ledger._time import from_micros, to_micros
from engine.ledger.errors import LedgerError
from engine.ledger.keys import ApiKey, Scope
from engine.ledger.roles import Role, scopes_of


class PersonState(StrEnum):
    """Whether somebody may come in."""

    INVITED = "invited"
    """Has a one-time code, or had one, and no password yet."""
    ACTIVE = "active"
    DISABLED = "disabled"


class PersonRefused(LedgerError):
    """What is asked of a person is not done. `code` says why, and the message says it in words."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Person:
    """A person, with what tells their password and codes from others. Empty text: there is none."""

    id: str
    login: str
    display_name: str
    locale: str
    roles: tuple[Role, ...]
    state: PersonState
    created_at: datetime
    changed_at: datetime
    password: str = field(default="", repr=False)
    factor: str = field(default="", repr=False)
    pending_factor: str = field(default="", repr=False)
    factor_step: int = 0
    """The last half minute whose code was used: a code is taken once."""
    recovery: tuple[str, ...] = field(default=(), repr=False)
    """SHA-256 of the recovery codes that are left, in hex."""
    setup_code: str = field(default="", repr=False)
    """SHA-256 of the one-time code, in hex."""
    setup_until: datetime | None = None
    subject: str = ""
    """Issuer and subject of OpenID Connect, with a blank between."""

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the roles allow."""
        return scopes_of(self.roles)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. `seen_at` is coarse: to the minute."""

    id: str
    person: str
    method: str
    """`password`, `second_factor`, `recovery_code`, `set_up` or `openid_connect`."""
    source: str
    """The address it was opened from."""
    created_at: datetime
    expires_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(ApiKey):
    """A person who calls with the token of a session. Stands wherever a key does; its id is the person's."""

    person: Person
    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySession(ApiKey):
    """A key that calls with the token of a session, which a browser may keep. It opens nothing once the key does not."""

    session: Session


PERSON_COLUMNS = (
    "id", "login", "display_name", "locale", "roles", "state", "password", "factor", "pending_factor", "factor_step",
    "recovery", "setup_code", "setup_until", "subject", "created_at", "changed_at",
)  # fmt: skip
SESSION_COLUMNS = ("id", "person", "digest", "method", "source", "created_at", "expires_at", "ended_at")


def person_row(one: Person) -> tuple[object, ...]:
    """All columns in their order."""
    return (
        one.id, one.login, one.display_name, one.locale, " ".join(one.roles), one.state.value, one.password, one.factor,
        one.pending_factor, one.factor_step, " ".join(one.recovery), one.setup_code, micros(one.setup_until), one.subject,
        to_micros(one.created_at), to_micros(one.changed_at),
    )  # fmt: skip


def person_of(row: Sequence[Any]) -> Person:
    """The inverse."""
    (
        identity, login, display_name, locale, roles, state, password, factor, pending, step, recovery, code, until, subject,
        created_at, changed_at,
    ) = row  # fmt: skip
    return Person(
        identity, login, display_name, locale, tuple(map(Role, roles.split())), PersonState(state),
        from_micros(created_at), from_micros(changed_at), password, factor, pending, step, tuple(recovery.split()), code,
        instant(until), subject,
    )  # fmt: skip


def session_of(row: Sequence[Any], seen_at: int) -> Session:
    """A session from its columns, and when it was last seen."""
    identity, person, _, method, source, created_at, expires_at, ended_at = row
    return Session(
        identity, person, method, source, from_micros(created_at), from_micros(expires_at), from_micros(seen_at),
        instant(ended_at),
    )  # fmt: skip


def micros(at: datetime | None) -> int:
    """Nought for no instant."""
    return 0 if at is None else to_micros(at)


def instant(at: int) -> datetime | None:
    """The inverse."""
    return from_micros(at) if at else None
