"""People, sessions and keys as they are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.ledger import ApiKey, Person, Role, Scope, Session, SignedIn
from engine.ledger.roles import SCOPES, conflict


def caller_body(key: ApiKey) -> dict[str, Any]:
    """Who calls."""
    if isinstance(key, SignedIn):
        return person_caller(key.person)
    return {
        "id": key.id, "kind": "key", "name": key.name, "display_name": key.name, "roles": [], "scopes": _in_order(key.scopes),
        "locale": None,
    }  # fmt: skip


def person_caller(person: Person) -> dict[str, Any]:
    """A person who calls."""
    return {
        "id": person.id, "kind": "person", "name": person.login, "display_name": person.display_name,
        "roles": [role.value for role in person.roles], "scopes": _in_order(person.scopes), "locale": person.locale,
    }  # fmt: skip


def person_body(person: Person) -> dict[str, Any]:
    """A person as administrators see them."""
    return {
        "id": person.id,
        "name": person.login,
        "display_name": person.display_name,
        "locale": person.locale,
        "roles": [role.value for role in person.roles],
        "scopes": _in_order(person.scopes),
        "state": person.state.value,
        "second_factor": bool(person.factor),
        "password": bool(person.password),
        "openid_connect": bool(person.subject),
        "setup_until": _said(person.setup_until),
        "created_at": person.created_at.isoformat(),
        "changed_at": person.changed_at.isoformat(),
    }


def session_body(session: Session, current: str) -> dict[str, Any]:
    """A session as its person sees it."""
    return {
        "id": session.id,
        "method": session.method,
        "source": session.source,
        "created_at": session.created_at.isoformat(),
        "seen_at": session.seen_at.isoformat(),
        "expires_at": session.expires_at.isoformat(),
        "current": session.id == current,
    }


def key_body(key: ApiKey, now: datetime) -> dict[str, Any]:
    """A key as administrators see it."""
    terms = key.terms
    over = terms.expires_at is not None and now >= terms.expires_at
    return {
        "id": key.id,
        "name": key.name,
        "scopes": _in_order(key.scopes),
        "state": "revoked" if key.revoked_at is not None else "expired" if over else "good",
        "created_at": key.created_at.isoformat(),
        "expires_at": _said(terms.expires_at),
        "revoked_at": _said(key.revoked_at),
        "used_at": _said(key.used_at),
        "sources": list(terms.sources),
        "countries": list(terms.countries),
        "merchants": list(terms.merchants),
        "rate": None if key.rate is None else {"requests": key.rate.requests, "seconds": key.rate.seconds},
    }


def roles_body() -> dict[str, Any]:
    """All roles, with what each allows and what each excludes."""
    data = [
        {
            "role": role.value,
            "scopes": _in_order(SCOPES[role]),
            "excludes": [other.value for other in Role if conflict({role, other}) is not None],
        }
        for role in Role
    ]
    return {"data": data, "next": None}


def _in_order(scopes: frozenset[Scope]) -> list[str]:
    return [scope.value for scope in Scope if scope in scopes]


def _said(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
