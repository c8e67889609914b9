"""Any life of idempotency keys: few keys, bodies and callers, many routes, repeated, at once, after a restart, after an end
between the disk and the answer. One thing is stored for each caller, route and key, its answer comes again byte for byte, and
another body is told so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from api.bundled import samples
from engine.ledger import LedgerUnavailable
from tests.api.client import SECRET, Client, Reply
from tests.api.taxes import book
from tests.machines.walking import House, walk

PAYMENT: dict[str, Any] = orjson.loads((samples() / "eu-low-value.json").read_bytes())
ROUTES = ("preflight", "batch", "calculation", "event", "transaction")
ROUTE, WHO, KEY, BODY = st.sampled_from(ROUTES), st.integers(0, 1), st.sampled_from(["k-1", "k-2"]), st.integers(0, 2)
Place = tuple[str, int, str]
"""Route, caller, key: what is one thing."""
TABLES = {"decision": "decision", "calculation": "tax_calculation", "event": "event", "transaction": "tax_transaction"}


@dataclass(frozen=True)
class Kept:
    """What was answered, and to which of the bodies."""

    body: int
    answer: bytes


class Once(RuleBasedStateMachine):
    """Two callers, two keys, three bodies a route, two processes."""

    @initialize()
    def begin(self) -> None:
        self.house = House()
        _, other = self.house.service.ledger.keys.create(["decide", "tax", "read"], "other")
        self.secrets = (SECRET, other)
        self.kept: dict[Place, Kept] = {}
        self.stored = dict.fromkeys(TABLES, 0)
        self.claimed: dict[Place, int] = {}
        """Batches whose key was taken by a body before any of their lines was decided."""
        self.told: set[int] = set()
        """Events: the same kind at the same instant is the same one, under whichever key it is told."""
        self.sold: dict[int, Place] = {}
        """Which calculation was committed, and under what."""
        self.twin, _ = self.house.another()
        post = self.house.client.post
        self.decided = [post("/v1/preflight", PAYMENT | {"reference": f"first-{at}"}).json()["id"] for at in range(2)]
        calculated = [post("/v1/tax/calculations", _sale(reference=f"s-{at}")) for at in range(3)]
        assert {one.json()["tax"]["verdict"] for one in calculated} == {"determined"}
        self.calculated = [one.json()["id"] for one in calculated]
        self.stored |= {"decision": 2, "calculation": 3}

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.twin.close()
            self.house.leave()

    # -- what callers and machines do --

    @rule(route=ROUTE, who=WHO, key=KEY, body=BODY, twin=st.booleans())
    def somebody_asks(self, route: str, who: int, key: str, body: int, twin: bool) -> None:
        caller = self.twin if twin else self.house.client
        (reply,) = self._send(caller, route, who, key, [body])
        self._judged((route, who, key), body, reply)

    @rule(route=ROUTE, who=WHO, key=KEY, bodies=st.lists(BODY, min_size=2, max_size=4), twin=st.booleans())
    def somebody_asks_several_times_at_once(
        self, route: str, who: int, key: str, bodies: list[int], twin: bool
    ) -> None:
        """One of them wins, whichever it is; whoever asked the same is given its answer or told to wait."""
        place: Place = (route, who, key)
        before, claimed, sold = self.kept.get(place), self.claimed.get(place), dict(self.sold)
        replies = self._send(self.twin if twin else self.house.client, route, who, key, bodies)
        won = {body for body, reply in zip(bodies, replies, strict=True) if reply.status == 200}
        assert len(won) <= 1, "two bodies under one key"
        if before is not None:
            assert won <= {before.body}
        if claimed is not None:
            assert won <= {claimed}
        for body, reply in zip(bodies, replies, strict=True):
            if reply.status == 200:
                self._is_kept(place, body, reply)
            else:
                waits = (409, "still_running")
                spent = (409, "already_committed") if route == "transaction" and body in sold else waits
                assert _told(reply) in {waits, spent, (422, "key_reused")}, reply.body

    @rule(route=ROUTE, who=WHO, key=KEY, body=BODY, written=st.booleans())
    def the_process_ends_at_the_disk(self, route: str, who: int, key: str, body: int, written: bool) -> None:
        """Before anything is written, nothing was; after it, whoever asks again is given the answer that never came."""
        place: Place = (route, who, key)
        fresh = (
            place not in self.kept and place not in self.claimed and not (route == "transaction" and body in self.sold)
        )
        with self._ending(written):
            (lost,) = self._send(self.house.client, route, who, key, [body])
        if fresh:
            assert lost.status == 503, lost.body
        elif lost.status == 200 and place in self.kept:
            assert lost.body == self.kept[place].answer or route == "batch"
        self._restart()
        if fresh and written and route == "batch":
            self.claimed[place] = body
        (again,) = self._send(self.house.client, route, who, key, [body])
        self._judged(place, body, again)
        if fresh:
            assert ("idempotent-replayed" in again.headers) is written

    @rule()
    def the_process_ends_and_another_begins(self) -> None:
        self._restart()

    @rule(at=st.integers(0, 9))
    def a_decision_is_read_and_made_again(self, at: int) -> None:
        found = [one.answer for place, one in self.kept.items() if place[0] == "preflight"]
        if found:
            answer = found[at % len(found)]
            path = f"/v1/decisions/{orjson.loads(answer)['id']}"
            assert self.house.client.get(path).body == answer
            assert self.house.client.post(f"{path}/replay").json()["identical"] is True

    # -- what must hold --

    @invariant()
    def each_is_stored_once(self) -> None:
        if hasattr(self, "house"):
            assert {name: self.house.rows(table) for name, table in TABLES.items()} == self.stored

    # -- inside --

    def _send(self, caller: Client, route: str, who: int, key: str, bodies: list[int]) -> list[Reply]:
        headers = {"idempotency-key": key, "authorization": f"Bearer {self.secrets[who]}"}
        if route == "batch":
            headers["content-type"] = "application/x-ndjson"
        return caller.together(caller.send("POST", *self._asked(route, body), headers) for body in bodies)

    def _asked(self, route: str, body: int) -> tuple[str, Any]:
        """Path and body. Of events, the third is the first one of another decision."""
        match route:
            case "preflight":
                return "/v1/preflight", PAYMENT | {"reference": f"ord-{body}"}
            case "batch":
                lines = [orjson.dumps(PAYMENT | {"reference": f"line-{body}-{at}"}) for at in range(2)]
                return "/v1/preflight/batch", b"\n".join(lines)
            case "calculation":
                return "/v1/tax/calculations", _sale(amount=f"{body + 7}.00")
            case "event":
                kind = ("authorised", "captured", "authorised")[body]
                event = {"kind": kind, "at": "2026-11-22T10:15:04+01:00"}
                return f"/v1/decisions/{self.decided[body // 2]}/events", event
            case _:
                return "/v1/tax/transactions", {"calculation": self.calculated[body], "reference": None}

    def _judged(self, place: Place, body: int, reply: Reply) -> None:
        """An answer that came while nobody else asked."""
        known, claimed = self.kept.get(place), self.claimed.get(place, body)
        if claimed != body or (known is not None and known.body != body):
            assert _told(reply) == (422, "key_reused"), reply.body
        elif known is not None:
            assert (reply.status, reply.body) == (200, known.answer)
            assert reply.headers["idempotent-replayed"] == "true"
        elif place[0] == "transaction" and body in self.sold:
            assert _told(reply) == (409, "already_committed"), reply.body
        else:
            assert reply.status == 200, reply.body
            self._is_kept(place, body, reply)

    def _is_kept(self, place: Place, body: int, reply: Reply) -> None:
        """Of the first answer: it is one from now on. Of any other: it is that one."""
        known = self.kept.get(place)
        if known is not None:
            assert known == Kept(body, reply.body)
            return
        route = place[0]
        if route == "batch":
            answers = [orjson.loads(line) for line in reply.body.splitlines()]
            assert [one["reference"] for one in answers] == [f"line-{body}-0", f"line-{body}-1"]
            self.stored["decision"] = self.stored["decision"] + 2
        elif route == "event":
            self.told.add(body)
            self.stored["event"] = len(self.told)
        else:
            self.stored["decision" if route == "preflight" else route] += 1
        if route == "transaction":
            assert body not in self.sold, "sold twice"
            self.sold[body] = place
        self.kept[place] = Kept(body, reply.body)

    @contextmanager
    def _ending(self, written: bool) -> Iterator[None]:
        """Whatever waits for the disk hears nothing good of it, whether or not it was written."""
        writer = self.house.service.ledger.writer
        real = writer._outcome

        def outcome(items: list[Any]) -> list[LedgerUnavailable]:
            if written:
                real(items)
            return [LedgerUnavailable("The process is gone") for _ in items]

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(writer, "_outcome", outcome)
            yield

    def _restart(self) -> None:
        self.twin.close()
        self.house.end()
        self.house.open()
        self.twin, _ = self.house.another()


def _sale(**said: str) -> dict[str, Any]:
    """A book sold within Germany, whose tax is known."""
    payee = {"country": "DE", "registrations": [{"jurisdiction": "DE", "scheme": "oss", "number": "DE136695976"}]}
    return book(to="DE", payee=payee, **said)


def _told(reply: Reply) -> tuple[int, str]:
    """Status and kind of a problem."""
    return reply.status, "" if reply.status == 200 else reply.json()["type"].rpartition(":")[2]


@pytest.mark.slow
def test_any_life_of_idempotency_keys() -> None:
    walk(Once, 6, 25)
