"""A hundred times another law while sixteen callers ask: no answer is missing, and each is of exactly one release."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.packs import PackSet
from tests.api.bureau import NOW, Bureau
from tests.api.client import Client, Reply

SWITCHES = 100
CONNECTIONS = 16
PAYMENT: dict[str, Any] = {
    "amount": "15.00", "currency": "EUR", "occurred_at": NOW.isoformat(), "asked_by": "issuer",
    "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                "acquirer_country": "FR", "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0}},
}  # fmt: skip


class Switching(threading.Thread):
    """An officer who goes back and forth between two releases, each of which is in force before the next word."""

    def __init__(self, bureau: Bureau, releases: tuple[str, str]) -> None:
        super().__init__()
        self._bureau, self._releases = bureau, releases
        self.done, self.refused = 0, [""]

    def run(self) -> None:
        for number in range(SWITCHES):
            wanted = self._releases[number % 2]
            said = self._bureau["cleo"].post(f"/v1/releases/{wanted}/rollback", {"reason": f"Switch {number}."})
            self._bureau.watch.look()
            if said.status != 200 or self._bureau.service.law.digest != wanted:
                self.refused.append(f"{number}: {said.status} {said.body!r}")
            self.done += 1


async def _ask(caller: Client, number: int, switching: Switching, replies: list[Reply]) -> None:
    """Until every switch is done, and once more."""
    at, last = 0, False
    while not last:
        last, at = not switching.is_alive(), at + 1
        headers = {"idempotency-key": f"{number}-{at}"} if at % 3 == 0 else {}
        replies.append(await caller.send("POST", "/v1/preflight", {**PAYMENT, "reference": f"{number}-{at}"}, headers))


@pytest.mark.parametrize("hot", [True, False])
def test_every_answer_is_of_exactly_one_release(tmp_path: Path, make_client: Callable[..., Client], hot: bool) -> None:
    bureau = Bureau(tmp_path, make_client)
    shipped = bureau.held()
    changed = bureau.published()["content"]
    caller = make_client(bureau.service, hot=hot, secret=bureau["shop"].secret)
    switching, replies = Switching(bureau, (shipped, changed)), list[Reply]()
    switching.start()

    async def everybody() -> None:
        await asyncio.gather(*(_ask(caller, number, switching, replies) for number in range(CONNECTIONS)))

    caller.loop.run_until_complete(everybody())
    switching.join()
    assert (switching.done, switching.refused) == (SWITCHES, [""])
    packs = {digest: bureau.service.packs_of(digest) for digest in (shipped, changed)}
    told = Counter(_release_of(reply, packs) for reply in replies)
    assert set(told) == {shipped, changed}
    assert min(told.values()) > CONNECTIONS, "both laws were asked, again and again"
    for reply in replies[:: len(replies) // 20]:
        stored = bureau.service.ledger.decision(reply.json()["id"])
        assert stored is not None
        assert (stored.release, stored.answer) == (reply.headers["lexgate-release"], reply.body)
        replayed = bureau["shop"].post(f"/v1/decisions/{reply.json()['id']}/replay").json()
        assert (replayed["identical"], replayed["release"]) == (True, stored.release)
    assert bureau.service.ledger.verify().ok
    bureau.service.close()


def _release_of(reply: Reply, packs: dict[str, PackSet | None]) -> str:
    """The release of an answer: its header, with every pack in its body as that release has it."""
    assert reply.status == 200, reply.body
    release = reply.headers["lexgate-release"]
    of = packs[release]
    assert of is not None
    applied = {one["jurisdiction"]: one["digest"] for one in reply.json()["rulepacks"]}
    assert "FR" in applied
    assert applied == {code: of.digests[code] for code in applied}
    return release
