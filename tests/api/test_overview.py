"""A look at today: what bites, what waits and what flows is told, each to whom it concerns, and nothing is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api import overview_examples
from api.feed_trouble import feeds_body
from api.overview_schemas import CoverageBody, OverviewBody
from engine.ledger import FeedState, Ledger, Scope
from tests.api.bureau import NOW, RULES, Bureau
from tests.api.client import Client
from tests.api.test_changes import act, found, law
from tests.ledger.factories import entry, store
from tests.ledger.test_obligations import owed


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


def look(bureau: Bureau, who: str = "nosy", query: str = "") -> dict[str, Any]:
    reply = bureau[who].get(f"/v1/overview{query}")
    assert reply.status == 200, reply.body
    OverviewBody.model_validate(reply.json())
    body: dict[str, Any] = reply.json()
    return body


def test_an_idle_house_is_told_as_one(bureau: Bureau) -> None:
    told = look(bureau)
    assert told["law"]["release"] == bureau.held()
    assert (told["traffic"]["total"], told["traffic"]["verdicts"]) == (0, {"of": 0, "domains": {}})
    assert len(told["traffic"]["points"]) == 180, "three hours, every minute of them"
    assert (told["latency"]["scope"], told["latency"]["points"]) == ("this worker", [])
    assert (told["feeds"]["asked"], told["feeds"]["last_asked"]) == (0, None)
    assert told["feeds"]["watched"] > 100
    assert told["deliveries"] == {"destinations": 0, "waiting": 0, "dead": 0, "data": []}


def test_only_who_may_read_looks(bureau: Bureau, make_client: Callable[..., Client]) -> None:
    _, secret = bureau.service.ledger.keys.create([Scope.DECIDE], "till")
    till = make_client(bureau.service, secret=secret)
    assert [till.get(path).status for path in ("/v1/overview", "/v1/coverage")] == [403, 403]
    assert make_client(bureau.service, secret=None).get("/v1/overview").status == 401


@pytest.mark.parametrize("query", ["hours=0", "hours=25", "days=0", "days=367", "hours=x"])
def test_what_cannot_be_told_is_refused(bureau: Bureau, query: str) -> None:
    assert bureau["nosy"].get(f"/v1/overview?{query}").status == 422


# -- what flows --------------------------------------------------------------------------------------------------------


def test_decisions_of_all_workers_are_counted_by_the_minute(tmp_path: Path, make_client: Callable[..., Client]) -> None:
    bureau = Bureau(tmp_path, make_client)
    # Later than anything that the house itself has stored: the chain never runs backwards.
    bureau.now = now = datetime(2036, 11, 26, 9, 0, 20, tzinfo=UTC)
    clock = [now]
    with Ledger.open(bureau.settings.database, clock=lambda: clock[0]) as other:
        for back, outcomes in ((timedelta(hours=4), "a"), (timedelta(minutes=90), "abb"), (timedelta(0), "ar")):
            clock[0] = now - back
            names = {"a": "allow", "b": "block", "r": "review"}
            store(other, *(entry(outcome=names[one]) for one in outcomes))
    told = look(bureau)["traffic"]
    assert (told["total"], told["total_before"]) == (5, 1)
    assert told["outcomes"] == {"allow": 2, "challenge": 0, "collect": 0, "review": 1, "block": 2}
    points = {one["at"]: one["outcomes"] for one in told["points"] if one["decisions"]}
    assert points == {
        "2036-11-26T07:30:00+00:00": {"allow": 1, "block": 2},
        "2036-11-26T09:00:00+00:00": {"allow": 1, "review": 1},
    }
    whole_day = look(bureau, query="?hours=24")["traffic"]
    assert (whole_day["step_minutes"], whole_day["total"], len(whole_day["points"])) == (10, 6, 144)
    bureau.service.close()


def test_the_newest_decisions_are_counted_part_by_part(bureau: Bureau) -> None:
    answers = [b'{"outcome":"allow","sca":{"verdict":"exempt"}}'] * 2 + [
        b'{"sca":{"verdict":"required"},"method":{"verdict":"met"}}'
    ]
    store(bureau.service.ledger, *(entry(answer=one) for one in answers))
    assert look(bureau)["traffic"]["verdicts"] == {
        "of": 3, "domains": {"sca": {"exempt": 2, "required": 1}, "methods": {"met": 1}},
    }  # fmt: skip


def test_a_payment_that_is_answered_counts_in_this_workers_latency(bureau: Bureau, payment: dict[str, Any]) -> None:
    assert bureau["shop"].post("/v1/preflight?domains=sca", payment).status == 200
    (point,) = look(bureau)["latency"]["points"]
    assert point["answers"] == 1
    assert 0 < point["p50_ms"] <= point["p99_ms"]


# -- what bites --------------------------------------------------------------------------------------------------------


def test_a_value_that_turns_within_the_days_is_told_from_what_to_what(bureau: Bureau) -> None:
    draft = bureau.open()
    old = '      - {from: "2020-01-01", value: "20.00"}\n'
    bureau.change("ann", draft, RULES, old, f'{old}      - {{from: "2026-12-10", value: "25.00"}}\n')
    version = '  version: "2026.1.0"'.strip()
    bureau.change("ann", draft, "FR/pack.yaml", version, 'version: "2027.1.0"')
    checked = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert checked["ok"], checked["problems"]
    content = bureau.step("ann", draft, "submit").json()["content"]
    for who in ("cleo", "dan"):
        bureau.step(who, draft, "approve", content=content)
    assert bureau.step("cleo", draft, "publish").status == 200
    bureau.watch.look()
    (one,) = [one for one in look(bureau)["coming"]["data"] if one["kind"] == "parameter"]
    assert (one["day"], one["turn"], one["pack"], one["old"], one["new"]) == (
        "2026-12-10", "changes", "FR", "20.00", "25.00",
    )  # fmt: skip
    assert look(bureau, query="?days=5")["coming"]["total"] == 0


def test_a_release_that_is_scheduled_is_told_until_it_is_taken_out(bureau: Bureau) -> None:
    draft = bureau.submitted()
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    bureau.step("cleo", draft["id"], "schedule", active_from="2026-12-01T00:00:00+01:00")
    (one,) = look(bureau)["coming"]["scheduled"]
    assert (one["draft"], one["title"], one["release"]) == (draft["id"], "A change", draft["content"])
    assert bureau.step("ann", draft["id"], "withdraw").status == 200
    assert look(bureau)["coming"]["scheduled"] == []


# -- what waits --------------------------------------------------------------------------------------------------------


def test_a_draft_waits_for_those_who_may_approve_it_and_for_nobody_else(bureau: Bureau) -> None:
    draft = bureau.submitted()
    told = {who: look(bureau, who)["approvals"] for who in ("ann", "ben", "nosy")}
    assert [one["submitted"] for one in told.values()] == [1, 1, 1]
    assert told["ann"]["data"] == [], "she wrote it"
    assert told["nosy"]["data"] == [], "no scope"
    (waits,) = told["ben"]["data"]
    assert (waits["id"], waits["author"], waits["approvals"]) == (draft["id"], bureau.keys["ann"], 0)
    bureau.step("ben", draft["id"], "approve", content=draft["content"])
    assert look(bureau, "ben")["approvals"]["data"] == [], "once is enough"


def test_a_draft_waits_for_its_role_alone(bureau: Bureau) -> None:
    policy = {"required": 1, "statute_required": 2, "roles": {"law": [bureau.keys["cleo"]]}}
    assert (
        bureau["root"].request("PUT", "/v1/approval-policies/sca", policy, {"content-type": "application/json"}).status
        == 200
    )
    bureau.submitted()
    waiting = {who: len(look(bureau, who)["approvals"]["data"]) for who in ("ben", "cleo")}
    assert waiting == {"ben": 0, "cleo": 1}


def test_what_must_be_followed_within_three_days_is_due_until_its_draft_is_scheduled_in_time(bureau: Bureau) -> None:
    near = found(bureau, new=law(read={"effective": NOW.date() + timedelta(days=2)}))
    far = found(bureau, "n-2", new=law(read={"effective": date(2027, 1, 1)}))
    plan = found(bureau, "n-3", new=law(read={"status": "announced", "effective": NOW.date()}))
    told = look(bureau)["changes"]
    assert [one["id"] for one in told["due"]] == [near]
    assert [one["id"] for one in told["waiting"]] == [plan, far, near], "the newest first"
    assert (told["new"], told["assigned"]) == (3, 0)
    act(bureau["ann"], near, "assign")
    told = look(bureau)["changes"]
    assert ([one["id"] for one in told["due"]], told["new"], told["assigned"]) == ([near], 2, 1)


# -- what has fallen silent ----------------------------------------------------------------------------------------------


def test_sources_that_fail_come_before_those_that_are_silent(tmp_path: Path) -> None:
    def state(source: str, **more: Any) -> FeedState:
        return FeedState(source, NOW - timedelta(days=200), NOW, tried_at=NOW, **more)

    well = state("eu-eba-2", answered_at=NOW, new_at=NOW - timedelta(days=1))
    silent = state("eu-eba-1", answered_at=NOW, new_at=NOW - timedelta(days=190))
    broken = state("fr-acpr-1", answered_at=NOW - timedelta(days=3), failures=4, fault="gone")
    told = feeds_body((well, silent, broken, state("xx-unknown-1")), tmp_path / "feeds.csv", NOW)
    assert [(one["source"], one["trouble"]) for one in told["data"]] == [
        ("fr-acpr-1", "failing"),
        ("eu-eba-1", "silent"),
    ]
    assert (told["asked"], told["failing"], told["silent"], told["refused"]) == (3, 1, 1, False)


def test_a_table_of_the_houses_own_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    own = tmp_path / "feeds.csv"
    own.write_text("no table")
    assert feeds_body((), own, NOW)["refused"] is True


# -- how much is told ----------------------------------------------------------------------------------------------------


def test_coverage_is_of_the_release_in_force(bureau: Bureau) -> None:
    reply = bureau["nosy"].get("/v1/coverage?at=2026-11-26")
    told = reply.json()
    CoverageBody.model_validate(told)
    france = next(one for one in told["countries"] if one["country"] == "FR")["domains"]["sca"]
    assert (told["release"], france["packs"]) == (bureau.held(), ["AREA", "FR"])
    assert france["verified"]["first"] <= france["verified"]["last"]
    nowhere = next(one for one in told["countries"] if one["country"] == "AQ")["domains"]["sca"]
    assert (nowhere["level"], nowhere["verified"]) == ("none", None)
    before = bureau["nosy"].get("/v1/coverage?at=1970-01-01").json()
    assert before["at"] == "1970-01-01"


def test_the_examples_are_what_the_schemas_say() -> None:
    for (path, _), example in overview_examples.answers().items():
        (OverviewBody if path == "/v1/overview" else CoverageBody).model_validate(example)


def test_the_clock_of_the_house_decides_what_is_today(bureau: Bureau) -> None:
    assert look(bureau)["at"] == datetime(2026, 11, 26, 9, tzinfo=UTC).isoformat()


def test_obligations_are_told_by_how_near_their_day_is(bureau: Bureau) -> None:
    ledger = bureau.service.ledger
    days = {"late": -1, "soon": 3, "later": 30, "never": None}
    for name, away in days.items():
        due = None if away is None else NOW + timedelta(days=away)
        store(ledger, entry(owed=(owed(name, due),)))
    told = look(bureau)["obligations"]
    assert (told["open"], told["overdue"], told["soon"]) == (4, 1, 1)
    assert [(one["code"], one["overdue"]) for one in told["data"]] == [("late", True), ("soon", False)]
