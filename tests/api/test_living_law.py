"""The law changes while payments are made: the story of one limit, told through the interface only.

A regulator raises the limit of a low-value payment from a day to come. An officer writes it down, is told of a mistake, corrects
it, and submits it; may not approve it, and neither by hand in the database; two others approve. It is put in force, bites at
local midnight and not before, last week's decision replays byte for byte, and one word takes all of it back.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from api.service import Service
from api.settings import Settings
from bench.past_payments import past_payments
from engine.ledger import Ledger, Scope
from engine.packs import PackSet
from tests.api.client import Client, Reply
from tests.api.conftest import _rates

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
MILLION = 1_000_000
LIMITS = "EEA/sca/limits.yaml"
RULES = "EEA/sca/exemptions.yaml"
OLD = '{from: "2019-09-14", value: "30"}'
TYPO = '{from: "2026-12-01", value: "fifty"}'
NEW = '{from: "2026-12-01", value: "50"}'


FIRST_TEST = '      - {name: at the limit, given: {amount: "30.00 EUR"'
COUNTERS = 'since_authenticated: {amount: "0.00 EUR", count: 0, policy: amount}'
TESTS = "".join(
    f'      - {{name: {name}, on: "{day}", given: {{amount: "{amount} EUR", payment: {{instrument: card, channel: remote, '
    f"{COUNTERS}}}}}, expect: {expect}}}\n"
    for name, day, amount, expect in (
        ("at the limit of December", "2026-12-01", "50.00", "fires"),
        ("one cent over that of December", "2026-12-01", "50.01", "silent"),
        ("at the limit of December on its eve", "2026-11-30", "50.00", "silent"),
    )
)


class Office:
    """A service whose clock the test holds, and those who work with it."""

    def __init__(self, service: Service, client: Callable[..., Client]) -> None:
        self.now = NOW
        service.clock = lambda: self.now
        self.service = service
        self.people = {name: self._person(client, name, scopes) for name, scopes in ROLES.items()}

    def _person(self, client: Callable[..., Client], name: str, scopes: list[Scope]) -> Client:
        _, secret = self.service.ledger.keys.create(scopes, name)
        return client(self.service, secret=secret)

    def pay(self, amount: str, at: datetime) -> dict[str, Any]:
        body = {
            "amount": amount, "currency": "EUR", "occurred_at": at.isoformat(), "asked_by": "issuer",
            "payment": {"instrument": "card", "channel": "remote", "initiator": "payer", "issuer_country": "FR",
                        "acquirer_country": "DE",
                        "since_authenticated": {"amount": "0.00", "currency": "EUR", "count": 0, "policy": "amount"}},
        }  # fmt: skip
        found: dict[str, Any] = self.people["shop"].post("/v1/preflight?domains=sca", body).json()
        return found


ROLES = {
    "shop": [Scope.DECIDE, Scope.READ],
    "ann": [Scope.EDIT, Scope.APPROVE, Scope.READ],
    "ben": [Scope.APPROVE, Scope.READ],
    "cleo": [Scope.APPROVE, Scope.READ],
}


@pytest.fixture
def office(law: PackSet, tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Office]:
    """On a ledger in which the shipped law has been in force for a month."""
    past_quarter().write_parquet(tmp_path / "quarter.parquet")
    settings = Settings(database=f"sqlite:///{tmp_path / 'lexgate.db'}", past_payments=tmp_path)
    with Ledger.open(settings.database) as ledger:
        service = Service.around(settings, law, _rates(), ledger)
        ledger.remember_release(service.packs.release, NOW - timedelta(days=30))
        yield Office(service, make_client)
        service.law.scenarios.close()


def past_quarter() -> pl.DataFrame:
    """A million payments, with the columns that a caller's table has."""
    past = past_payments(MILLION).frame
    counters = "payment.since_authenticated"
    named = past.rename({f"{counters}.amount.currency": f"{counters}.currency"})
    return named.drop("row", "amount.currency", "occurred_at.offset")


def back_tested(client: Client, path: str) -> dict[str, Any]:
    """What the draft would have said of a million payments of the past quarter, under the law of the day on which it bites."""
    asked = {"source": "quarter.parquet", "domains": ["sca"], "legal_day": "2026-12-01"}
    begun = client.post(f"{path}/backtest", asked).json()
    deadline = time.monotonic() + 1200
    while True:
        found = client.get(f"/v1/backtests/{begun['id']}").json()
        if found["state"] not in ("waiting", "running") or time.monotonic() > deadline:
            assert found["state"] == "done", found["detail"]
            result: dict[str, Any] = found["result"]
            return result
        time.sleep(0.5)


def write(client: Client, draft: str, path: str, change: Callable[[str], str]) -> Reply:
    """Reads a file of a draft, changes it, writes it back."""
    read = client.get(f"/v1/drafts/{draft}/files/{path}").json()
    return client.request(
        "PUT",
        f"/v1/drafts/{draft}/files/{path}",
        {"text": change(read["text"])},
        {"content-type": "application/json", "if-match": read["etag"]},
    )


def raised(text: str) -> str:
    """The manifest with the next version."""
    line = next(line for line in text.splitlines() if line.startswith("version:"))
    return text.replace(line, 'version: "2026.12.0"')


def test_a_limit_is_raised(office: Office) -> None:
    ann, ben, cleo = (office.people[name] for name in ("ann", "ben", "cleo"))
    before = office.pay("45.00", NOW)
    assert before["sca"]["verdict"] == "required"

    draft = ann.post("/v1/drafts", {"title": "Low value: EUR 50 from December"}).json()["id"]
    path = f"/v1/drafts/{draft}"
    assert write(ann, draft, LIMITS, lambda text: text.replace(OLD, f"{OLD}\n      - {TYPO}")).status == 200

    refused = ann.post(f"{path}/check").json()
    assert refused["ok"] is False
    fault = next(one for one in refused["problems"] if one["severity"] == "error")
    assert (fault["file"], "fifty" in fault["message"], bool(fault["remedy"])) == (LIMITS, True, True)
    assert ann.post(f"{path}/submit", {"reason": "Done."}).status == 409

    write(ann, draft, LIMITS, lambda text: text.replace(TYPO, NEW))
    write(ann, draft, "EEA/pack.yaml", raised)
    untested = ann.post(f"{path}/check").json()
    assert {one["code"] for one in untested["problems"]} == {"test-threshold", "test-date"}
    write(ann, draft, RULES, lambda text: text.replace(FIRST_TEST, TESTS + FIRST_TEST, 1))
    checked = ann.post(f"{path}/check").json()
    assert [one for one in checked["problems"] if one["severity"] == "error"] == []
    assert (checked["draft"]["state"], checked["draft"]["statute"], checked["draft"]["required"]) == (
        "checked",
        True,
        2,
    )
    assert [one["name"] for one in checked["changes"] if one["kind"] == "value"] == [
        "low_value_single_max[from=2026-12-01]"
    ]

    counted = back_tested(ann, path)
    assert (counted["payments"]["evaluated"], counted["left_out"]) == (MILLION, [])
    eased = {(one["was"], one["now"]): one["payments"] for one in counted["outcomes"] if one["was"] != one["now"]}
    assert set(eased) == {("challenge", "allow")}
    assert eased["challenge", "allow"] == counted["payments"]["changed"] > 0

    content = ann.post(f"{path}/submit", {"reason": "Delegated Regulation of today."}).json()["content"]
    agreed = {"content": content, "reason": "As the text says."}
    own = ann.post(f"{path}/approve", agreed)
    assert (own.status, own.json()["type"]) == (409, "urn:lexgate:problem:another_person")
    assert "another person must approve" in by_hand(office.service, draft, content)

    assert ben.post(f"{path}/approve", agreed).json()["state"] == "submitted"
    assert ben.post(f"{path}/schedule", {"active_from": NOW.isoformat(), "reason": "Go."}).status == 409
    assert cleo.post(f"{path}/approve", agreed).json()["state"] == "approved"
    tonight = NOW + timedelta(hours=8)
    scheduled = cleo.post(f"{path}/schedule", {"active_from": tonight.isoformat(), "reason": "Tonight."}).json()
    assert scheduled["state"] == "scheduled"

    watch = office.service.watch_law(by_hand=True)
    watch.prepare()
    assert watch.look() is False
    office.now = tonight
    assert watch.look() is True
    assert office.people["ann"].get(path).json()["state"] == "active"

    last_evening = datetime(2026, 11, 30, 22, 59, tzinfo=UTC)  # 23:59 in Brussels
    office.now = last_evening
    assert office.pay("45.00", last_evening)["sca"]["verdict"] == "required"
    office.now = midnight = last_evening + timedelta(minutes=1)
    after = office.pay("45.00", midnight)
    assert (after["sca"]["verdict"], after["sca"]["exemption"]) == ("exempt", "low_value")
    assert {one["version"] for one in after["rulepacks"] if one["jurisdiction"] == "EEA"} == {"2026.12.0"}

    replayed = office.people["shop"].post(f"/v1/decisions/{before['id']}/replay").json()
    assert (replayed["identical"], replayed["release"]) == (True, scheduled["base"])

    back = ben.post(f"{path}/rollback", {"reason": "The regulator takes it back."})
    assert back.json()["in_force"] == scheduled["base"]
    assert watch.look() is True
    assert office.pay("45.00", midnight)["sca"]["verdict"] == "required"
    assert ben.get(path).json()["state"] == "superseded"
    assert office.service.ledger.verify().ok


def by_hand(service: Service, draft: str, content: str) -> str:
    """What the database says to an approval by the author that somebody writes into it."""
    where = service.settings.database.removeprefix("sqlite:///")
    with sqlite3.connect(where) as hand:
        (actor,) = hand.execute("SELECT actor FROM draft_event WHERE draft_id = ? AND number = 1", (draft,)).fetchone()
        (number,) = hand.execute("SELECT max(number) FROM draft_event WHERE draft_id = ?", (draft,)).fetchone()
        try:
            hand.execute(
                "INSERT INTO draft_event VALUES (999, ?, ?, 'approved', 0, 0, ?, 'submitted', 'submitted', ?, 1, 2, x'7b7d')",
                (draft, number + 1, actor, content),
            )
        except sqlite3.IntegrityError as error:
            return str(error)
        return "nothing"
