"""Any life of API keys: made, stated again, replaced with an overlap, revoked, over by the clock: a model says who gets in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.ledger import KeyRevoked
from tests.api.client import Client
from tests.api.people import bearer
from tests.machines.walking import House, walk

SCOPES = ("read", "decide", "tax", "admin")
SOURCES: dict[str, list[str]] = {"anywhere": [], "here": ["127.0.0.0/8"], "elsewhere": ["203.0.113.0/24"]}
ROUTES = {"read": "/v1/rulepacks", "tax": "/v1/tax/rates?country=FR", "admin": "/v1/keys?limit=1"}
PAYMENT = {
    "amount": "9.00", "currency": "EUR", "payment": {"instrument": "card", "channel": "remote", "issuer_country": "FR"},
}  # fmt: skip
WHICH = st.integers(0, 9)
MOST = 8


@dataclass
class Known:
    """What is believed of a key, without the ledger's word."""

    id: str
    secret: str
    scopes: frozenset[str]
    source: str = "anywhere"
    merchant: str | None = None
    until: datetime | None = None
    revoked: bool = False
    asked: dict[str, Any] = field(default_factory=dict)
    """The request that has made it."""

    def good(self, now: datetime) -> bool:
        return not self.revoked and (self.until is None or now < self.until)

    def opens(self, now: datetime) -> int:
        """The status of what asks for no scope."""
        return 401 if not self.good(now) else 403 if self.source == "elsewhere" else 200

    def status(self, scope: str, now: datetime, merchant: str = "") -> int:
        """The status of what asks for a scope, and is about a merchant perhaps."""
        found = self.opens(now)
        if found != 200:
            return found
        closed = scope == "admin" and self.merchant is not None
        beyond = bool(merchant) and self.merchant not in (None, merchant)
        return 200 if scope in self.scopes and not closed and not beyond else 403


class Keys(RuleBasedStateMachine):
    """An administrator, eight keys at most, two processes on one ledger, a clock."""

    @initialize()
    def begin(self) -> None:
        self.house = House()
        self.twin, self.twin_service = self.house.another()
        self.keys: list[Known] = []
        self.number = 0

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.twin.close()
            self.house.leave()

    # -- what the administrator does --

    @precondition(lambda self: len(self.keys) < MOST)
    @rule(
        scopes=st.sets(st.sampled_from(SCOPES), min_size=1),
        source=st.sampled_from(list(SOURCES)),
        merchant=st.sampled_from([None, None, "m-1"]),
        hours=st.sampled_from([None, None, 1, 5]),
    )
    def a_key_is_made(self, scopes: set[str], source: str, merchant: str | None, hours: int | None) -> None:
        self.number += 1
        until = None if hours is None else self.house.now + timedelta(hours=hours)
        body = {
            "name": f"key {self.number}",
            "scopes": sorted(scopes),
            "sources": SOURCES[source],
            "merchants": [merchant] if merchant else [],
            "expires_at": until.isoformat() if until else None,
        }
        reply = self.house.client.post("/v1/keys", body, self._once())
        assert reply.status == 201, reply.body
        made = reply.json()
        assert made["state"] == "good"
        self.keys.append(
            Known(
                made["id"],
                made["secret"],
                frozenset(scopes),
                source,
                merchant,
                until,
                asked={**self._once(), "body": body},
            )
        )

    @precondition(lambda self: bool(self.keys))
    @rule(which=WHICH)
    def the_same_is_asked_again(self, which: int) -> None:
        """No second key, and no secret a second time."""
        known = self._of(which)
        if not known.asked or (known.until is not None and known.until <= self.house.now):
            return
        said = dict(known.asked)
        body = said.pop("body")
        again = self.house.client.post("/v1/keys", body, said)
        assert (again.status, again.json()["id"], again.json()["secret"]) == (201, known.id, None)

    @precondition(lambda self: bool(self.keys) and len(self.keys) < MOST)
    @rule(which=WHICH, hours=st.sampled_from([0, 2, 24]))
    def a_key_is_replaced(self, which: int, hours: int) -> None:
        old = self._of(which)
        self.number += 1
        reply = self.house.client.post(f"/v1/keys/{old.id}/rotate", {"overlap_hours": hours}, self._once())
        if not old.good(self.house.now):
            assert reply.status == 409
            return
        made = reply.json()
        assert (reply.status, set(made["scopes"]), made["sources"]) == (201, old.scopes, SOURCES[old.source])
        self.keys.append(replace(old, id=made["id"], secret=made["secret"], asked={}))
        until = self.house.now + timedelta(hours=hours)
        old.until = until if old.until is None else min(old.until, until)

    @precondition(lambda self: bool(self.keys))
    @rule(which=WHICH)
    def a_key_is_revoked(self, which: int) -> None:
        known = self._of(which)
        reply = self.house.client.post(f"/v1/keys/{known.id}/revoke", {"reason": "Lost"})
        assert (reply.status, reply.json()["state"]) == (200, "revoked")
        known.revoked = True

    @precondition(lambda self: bool(self.keys))
    @rule(which=WHICH, scopes=st.sets(st.sampled_from(SCOPES), min_size=1))
    def a_secret_is_stated_again(self, which: int, scopes: set[str]) -> None:
        """As at the start of a service: other scopes, and neither a revoked key nor one whose time is over comes back."""
        known, store = self._of(which), self.house.service.ledger.keys
        if known.revoked:
            with pytest.raises(KeyRevoked):
                store.create(scopes, "again", known.secret)
            return
        key, _ = store.create(scopes, "again", known.secret)
        assert key.id == known.id
        known.scopes = frozenset(scopes)
        self.house.service.door.forget()

    @rule(minutes=st.sampled_from([1, 59, 60, 61, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.house.passes(minutes=minutes)
        self.house.service.door.forget()

    @rule()
    def the_process_ends_and_another_begins(self) -> None:
        self.twin.close()
        self.house.end()
        self.house.open()
        self.twin, self.twin_service = self.house.another()

    # -- what must hold --

    @invariant()
    def who_may_gets_in_and_nobody_else(self) -> None:
        for known in getattr(self, "keys", ()):
            self._holds(self.house.client, known)

    @rule(which=WHICH)
    def another_process_says_the_same_ten_seconds_later(self, which: int) -> None:
        if self.keys:
            self.twin_service.door.forget()
            self._holds(self.twin, self._of(which))

    @invariant()
    def what_is_shown_is_so(self) -> None:
        for known in getattr(self, "keys", ()):
            shown = self.house.client.get(f"/v1/keys/{known.id}").json()
            over = "revoked" if known.revoked else "expired"
            assert shown["state"] == ("good" if known.good(self.house.now) else over)
            assert set(shown["scopes"]) == known.scopes

    def _holds(self, client: Client, known: Known) -> None:
        now, header = self.house.now, bearer(known.secret)
        assert client.get("/v1/session", header).status == known.opens(now), known
        for scope, path in ROUTES.items():
            assert client.get(path, header).status == known.status(scope, now), (scope, known)
        for merchant in ("m-1", "m-2"):
            reply = client.post("/v1/preflight", PAYMENT | {"payee": {"merchant": merchant}}, header)
            assert reply.status == known.status("decide", now, merchant), (merchant, known)

    def _of(self, which: int) -> Known:
        return self.keys[which % len(self.keys)]

    def _once(self) -> dict[str, str]:
        return {"idempotency-key": f"k-{self.number}"}


@pytest.mark.slow
def test_any_life_of_keys() -> None:
    walk(Keys, 5, 20)
