"""The tables of who may come in: people, their sessions, terms of keys, when each was last seen, and failed tries.

People, sessions and terms are vouched for by notes in the chain; last uses and tries change too often for that, and are sealed.
No password, code or token stands in any of them: only what tells the right one from others.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import CheckConstraint, Column, Index, text
from sqlmodel import Field

from engine.ledger.tables import BY_KEY, LedgerTable, Sorted, sealing, whole, words

KEY_RATE_CHECKS: Final = {"ck_api_key_rate": "(requests > 0) = (seconds > 0) AND requests >= 0 AND seconds >= 0"}
PERSON_CHECKS: Final = {
    "ck_person_state": "state IN ('invited', 'active', 'disabled')",
    "ck_person_code": "(setup_code = '') = (setup_until = 0)",
}
"""The constraints, by name; the migration has them word by word."""


def _sorted(*, primary_key: bool = False) -> str:
    found: str = Field(sa_column=Column(Sorted, primary_key=primary_key, nullable=False))
    return found


class PersonRow(LedgerTable, table=True):
    """A person. Empty text: there is none; instants in microseconds, nought: none.

    `password`: parameters, salt and hash (`scrypt$n$r$p$salt$hash`); `factor`: the secret of the second factor, wrapped under a
    master key (`lxw1.key.text`); `factor_step`: the last half minute whose code was used; `recovery`, `setup_code`: SHA-256 of
    codes; `subject`: issuer and subject of OpenID Connect.
    """

    __tablename__ = "person"
    __table_args__ = (
        Index("ix_person_login", "login", unique=True),
        Index(
            "ix_person_subject",
            "subject",
            unique=True,
            sqlite_where=text("subject <> ''"),
            postgresql_where=text("subject <> ''"),
        ),
        *(CheckConstraint(said, name=name) for name, said in PERSON_CHECKS.items()),
        BY_KEY,
    )

    id: str = _sorted(primary_key=True)
    login: str = _sorted()
    display_name: str = words()
    locale: str = words()
    roles: str = words()
    state: str = words()
    password: str = words()
    factor: str = words()
    pending_factor: str = words()
    factor_step: int = whole()
    recovery: str = words()
    setup_code: str = words()
    setup_until: int = whole()
    subject: str = words()
    created_at: int = whole()
    changed_at: int = whole()


class SessionRow(LedgerTable, table=True):
    """A person signed in, or a key that is used in a browser: `person` is the id of either. `digest`: SHA-256 of the token, in
    hex; `ended_at` nought: not before `expires_at`."""

    __tablename__ = "person_session"
    __table_args__ = (
        Index("ix_person_session_digest", "digest", unique=True),
        Index("ix_person_session_person", "person", "ended_at"),
        BY_KEY,
    )

    id: str = _sorted(primary_key=True)
    person: str = _sorted()
    digest: str = _sorted()
    method: str = words()
    source: str = words()
    created_at: int = whole()
    expires_at: int = whole()
    ended_at: int = whole()


class LastUseRow(LedgerTable, table=True):
    """When a key or a session was last seen, to the minute."""

    __tablename__ = "last_use"
    __table_args__ = (BY_KEY,)

    holder: str = _sorted(primary_key=True)
    seen_at: int = whole()
    seal: bytes = sealing()


class SignInTryRow(LedgerTable, table=True):
    """Tries to sign in under a name, or from an address, that have failed. `key`: a word and the SHA-256 of what was said."""

    __tablename__ = "sign_in_try"
    __table_args__ = (BY_KEY,)

    key: str = _sorted(primary_key=True)
    failed: int = whole()
    last_at: int = whole()
    until: int = whole()
    turned_away: int = whole()
    seal: bytes = sealing()


class KeyTermRow(LedgerTable, table=True):
    """What limits an API key beyond its scopes. Empty text: nothing; `expires_at` nought: never."""

    __tablename__ = "api_key_term"
    __table_args__ = (BY_KEY,)

    key_id: str = _sorted(primary_key=True)
    expires_at: int = whole()
    sources: str = words()
    countries: str = words()
    merchants: str = words()


class KeyRateRow(LedgerTable, table=True):
    """How many requests an API key may make in so many seconds. Without a row, or with noughts: as many as the settings
    allow."""

    __tablename__ = "api_key_rate"
    __table_args__ = (*(CheckConstraint(said, name=name) for name, said in KEY_RATE_CHECKS.items()), BY_KEY)

    key_id: str = _sorted(primary_key=True)
    requests: int = whole()
    seconds: int = whole()
