"""People for tests: made, set up and signed in as they would be."""

from __future__ import annotations

import json
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from api.second_factor import STEP_SECONDS
from api.service import Service
from tests.api.client import Client, Reply
from tests.ledger.tampering import by_hand

PASSWORD = "correct horse battery staple"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        self.at += timedelta(**time)


def bearer(token: str) -> dict[str, str | None]:
    return {"authorization": f"Bearer {token}"}


def invite(client: Client, name: str, *roles: str) -> dict[str, Any]:
    """The person, with the one-time code."""
    body = {"name": name, "display_name": name.title(), "roles": list(roles)}
    reply = client.post("/v1/people", body)
    assert reply.status == 201, reply.body
    found: dict[str, Any] = reply.json()
    return found


def choose(client: Client, name: str, code: str, password: str = PASSWORD) -> Reply:
    return client.post("/v1/setup", {"name": name, "code": code, "password": password}, {"authorization": None})


def sign_in(client: Client, name: str, password: str = PASSWORD, code: str | None = None) -> Reply:
    body = {"name": name, "password": password, **({} if code is None else {"code": code})}
    return client.post("/v1/sessions", body, {"authorization": None})


def made(client: Client, name: str, *roles: str) -> tuple[str, str]:
    """Id and token of a person who has just chosen a password."""
    person = invite(client, name, *roles)
    reply = choose(client, name, person["setup_code"])
    assert reply.status == 201, reply.body
    return person["id"], reply.json()["token"]


def forget(service: Service) -> None:
    """As if the seconds were over for which the door remembers."""
    service.door.forget()


def notes(service: Service, begin: str) -> list[tuple[str, dict[str, Any]]]:
    """Kind and content of the notes of the chain whose kind begins so, in their order."""
    with by_hand(service.settings.database, guarded=True) as hand:
        rows = hand.execute("SELECT kind, payload FROM note ORDER BY seq").fetchall()
    return [(kind, json.loads(said)) for kind, said in rows if kind.startswith(begin)]


def code_of(secret: str, clock: Clock) -> str:
    return TOTP(b32decode(secret), 6, SHA1(), STEP_SECONDS).generate(int(clock().timestamp())).decode()


def set_up_factor(client: Client, token: str, clock: Clock) -> tuple[str, list[str]]:
    """Secret and recovery codes of somebody who has set up a second factor."""
    begun = client.post("/v1/session/second-factor", {"password": PASSWORD}, bearer(token)).json()
    confirmed = client.post(
        "/v1/session/second-factor/confirm", {"code": code_of(begun["secret"], clock)}, bearer(token)
    )
    assert confirmed.status == 200, confirmed.body
    clock.passes(seconds=STEP_SECONDS)
    return begun["secret"], confirmed.json()["recovery_codes"]
