"""Two workers on one PostgreSQL: what one of them did, the other one knows."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from engine.ledger import Ledger, Scope, verify
from tests.api.conftest import sample
from tests.scale.conftest import Pair, lives, until

pytestmark = pytest.mark.slow

PREFLIGHT = "/v1/preflight?domains=sca"


def payment(payer: str, **more: Any) -> dict[str, Any]:
    """A payment of a small amount, by somebody in the Union."""
    body = sample("eu-low-value")
    for stated in ("reference", "occurred_at", "payee", "lines"):
        del body[stated]
    del body["payment"]["since_authenticated"]
    return {**body, "payer": {**body.get("payer", {}), "id": payer}, **more}


def together(work: list[Callable[[], Any]]) -> list[Any]:
    """What came of works that were begun at the same moment, each in a thread of its own."""
    gate, found = threading.Barrier(len(work)), [None] * len(work)

    def run(place: int) -> None:
        gate.wait()
        found[place] = work[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_one_key_to_both_at_once_is_one_decision(pair: Pair) -> None:
    for number in range(20):
        body = payment(f"once-{number}", reference=f"once-{number}")

        def ask(who: str, body: dict[str, Any] = body, number: int = number) -> Any:
            return pair.ask(who, "POST", PREFLIGHT, body, idempotency_key=f"once-{number}")

        (status, first, answer), (other_status, second, other) = together([lambda: ask("A"), lambda: ask("B")])
        assert (status, other_status) == (200, 200)
        assert answer == other
        assert sorted([first["idempotent-replayed"] or "", second["idempotent-replayed"] or ""]) == ["", "true"]
        stored = pair.ask("A", "GET", f"/v1/decisions?reference=once-{number}")[2]["data"]
        assert [one["id"] for one in stored] == [answer["id"]]
        changed = pair.ask("B", "POST", PREFLIGHT, payment("other"), idempotency_key=f"once-{number}")
        assert changed[0] == 422


def test_a_key_that_one_revoked_is_refused_by_the_other(pair: Pair) -> None:
    made = pair.ask("A", "POST", "/v1/keys", {"name": "short", "scopes": ["decide"]})
    key, secret = made[2]["id"], made[2]["secret"]
    for who in "AB":
        assert pair.ask(who, "POST", PREFLIGHT, payment("k"), key=secret)[0] == 200
    assert pair.ask("A", "POST", f"/v1/keys/{key}/revoke", {"reason": "gone"})[0] == 200
    assert pair.ask("A", "POST", PREFLIGHT, payment("k"), key=secret)[0] == 401
    until(lambda: pair.ask("B", "POST", PREFLIGHT, payment("k"), key=secret)[0] == 401, "it is refused by B as well")


def test_payments_that_one_took_are_counted_by_the_other(pair: Pair) -> None:
    """RTS Art. 16(b): four payments of 24.90 EUR since the payer was authenticated; the fifth would come to more than 100 EUR."""
    for number in range(4):
        status, _, taken = pair.ask("A", "POST", PREFLIGHT, payment("counted", reference=f"counted-{number}"))
        assert (status, taken["outcome"]) == (200, "allow")
        told = pair.ask("A", "POST", f"/v1/decisions/{taken['id']}/events", {"kind": "authorised"})
        assert told[0] in (200, 201), told
    fifth = pair.ask("B", "POST", PREFLIGHT, payment("counted", reference="counted-5"))[2]
    fresh = pair.ask("B", "POST", PREFLIGHT, payment("nobody", reference="nobody-1"))[2]
    assert (fifth["outcome"], fresh["outcome"]) == ("challenge", "allow")


def test_a_release_that_one_put_in_force_is_decided_by_by_the_other(pair: Pair) -> None:
    with Ledger.open(pair.url) as ledger:
        keys = {name: ledger.keys.create(scopes, name)[1] for name, scopes in _ROLES.items()}

    def step(who: str, draft: str, name: str, **body: Any) -> Any:
        status, _, found = pair.ask("A", "POST", f"/v1/drafts/{draft}/{name}", {"reason": "r", **body}, key=keys[who])
        assert status == 200, found
        return found

    draft = pair.ask("A", "POST", "/v1/drafts", {"title": "A change"}, key=keys["ann"])[2]["id"]
    path = f"/v1/drafts/{draft}/files/EEA/pack.yaml"
    file = pair.ask("A", "GET", path, key=keys["ann"])[2]
    text = file["text"].replace('version: "2026.11.0"', 'version: "2027.1.0"')
    assert pair.ask("A", "PUT", path, {"text": text}, key=keys["ann"], if_match=file["etag"])[0] == 200
    assert step("ann", draft, "check")["ok"]
    content = step("ann", draft, "submit")["content"]
    step("cleo", draft, "approve", content=content)
    before = pair.ask("B", "POST", PREFLIGHT, payment("law"))[1]["lexgate-release"]
    step("cleo", draft, "publish")

    def by_b() -> str:
        _, headers, answer = pair.ask("B", "POST", PREFLIGHT, payment("law"))
        versions = {one["jurisdiction"]: one["version"] for one in answer["rulepacks"]}
        assert (headers["lexgate-release"] != before) == (versions["EEA"] == "2027.1.0")
        return str(headers["lexgate-release"])

    until(lambda: by_b() != before, "B decides by it")
    until(lambda: pair.ask("A", "POST", PREFLIGHT, payment("law"))[1]["lexgate-release"] == by_b(), "A does as well")


def test_a_walk_that_one_began_is_told_by_the_other(pair: Pair) -> None:
    began = pair.ask("A", "POST", "/v1/audit/verifications")[2]
    path = f"/v1/audit/verifications/{began['id']}"
    until(lambda: pair.ask("B", "GET", path)[2]["state"] != "running", "the walk ends")
    assert pair.ask("B", "GET", path)[2]["state"] == "whole"
    assert began["id"] in [one["id"] for one in pair.ask("B", "GET", "/v1/audit/verifications")[2]["data"]]


def test_the_chain_is_whole_after_both_wrote_at_once(pair: Pair) -> None:
    def many(who: str, lane: int) -> list[str]:
        found = []
        for number in range(40):
            body = payment(f"{who}-{lane}-{number}")
            status, _, answer = pair.ask(who, "POST", PREFLIGHT, body)
            assert status == 200
            found.append(answer["id"])
        return found

    answered = [
        one for part in together([partial(many, who, lane) for lane, who in enumerate("ABABABAB")]) for one in part
    ]
    report = verify(pair.url)
    assert report.first_bad is None
    with Ledger.open(pair.url) as ledger:
        assert all(ledger.decision(one) is not None for one in answered)
    assert len(set(answered)) == 320


def test_one_that_dies_is_started_again_and_nobody_else_notices(pair: Pair) -> None:
    first = pair.processes()
    os.kill(first[0], signal.SIGKILL)
    for _ in range(20):
        assert pair.ask("B", "POST", PREFLIGHT, payment("still"))[0] == 200
    until(lambda: first[0] not in pair.processes(), "another one is started")
    assert pair.ask("A", "POST", PREFLIGHT, payment("again"))[0] == 200
    assert first[1] in pair.processes()


def test_both_are_replaced_one_by_one_and_nobody_is_refused(pair: Pair) -> None:
    """Also not whoever had opened a line to the one that stops, and had not asked yet."""
    before = set(pair.processes())
    pair.server.process.send_signal(signal.SIGHUP)
    answered: list[int] = []
    until(
        lambda: (
            answered.append(pair.ask("", "POST", PREFLIGHT, payment("meanwhile"))[0])
            or (not any(map(lives, before)) and before.isdisjoint(pair.processes()))
        ),
        "all were replaced, and those before have ended",
    )
    answered += [pair.ask(who, "POST", PREFLIGHT, payment("meanwhile"))[0] for who in ("A", "B", "")]
    assert set(answered) == {200}


_ROLES = {
    "ann": [Scope.EDIT, Scope.APPROVE, Scope.READ],
    "cleo": [Scope.APPROVE, Scope.READ],
}
