"""Trials over HTTP and on the command line: who may start which, what is refused, and what is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from typer.testing import CliRunner

from api.cli import app
from engine.ledger import Scope
from tests.api.client import Client, Reply
from tests.api.trying import House

RUN = CliRunner()


@pytest.fixture
def house(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[House]:
    made = House(tmp_path, make_client)
    yield made
    made.service.close()


def problem(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["type"].rpartition(":")[2]


def test_an_officer_tries_a_change_and_puts_it_in_force(house: House) -> None:
    """In shadow first; then for half of the payers; then for all."""
    draft = house.checked()
    assert "shadow" in draft["possible"]
    shadow = house.start("ann", kind="shadow", draft=draft["id"]).json()
    payers = [f"c-{at}" for at in range(30)]
    assert {house.pay(payer).json()["outcome"] for payer in payers} == {"allow"}
    house.service.shadow_worker().run_once()
    told = house.trial(shadow["id"])["summary"]
    assert (told["decisions"], told["differing"], told["behind"]) == (30, 30, 0)
    assert house["ann"].post(f"/v1/trials/{shadow['id']}/end", {"reason": "As meant."}).json()["state"] == "ended"

    house.step("ann", draft["id"], "submit")
    for who in ("cleo", "dan"):
        approved = house.step(who, draft["id"], "approve", content=draft["content"]).json()
    assert "canary" in approved["possible"]
    wide = {"minimum": 20, "bands": [{"outcome": "challenge", "up": "100"}, {"outcome": "block", "up": "0"}]}
    canary = house.canary(approved, "50", guardrail=wide)
    outcomes = {payer: house.pay(payer).json()["outcome"] for payer in payers}
    assert outcomes == {payer: "challenge" if house.inside(canary, payer) else "allow" for payer in payers}
    assert not house.watch.look()
    sides = house.trial(canary["id"])["summary"]
    assert sides["canary"]["decisions"] + sides["control"]["decisions"] == 30
    ended = house["dan"].post(f"/v1/trials/{canary['id']}/end", {"reason": "It went well."}).json()
    assert (ended["state"], ended["ended_by"], ended["possible"]) == ("ended", house.keys["dan"], [])
    assert house.trial(canary["id"])["summary"] == sides, "what both sides came to is kept with its end"

    house.watch.look()
    assert house.step("cleo", draft["id"], "publish").json()["state"] == "active"
    house.watch.look()
    assert {house.pay(payer).json()["outcome"] for payer in payers} == {"challenge"}
    listed = house["nosy"].get("/v1/trials").json()
    assert [(one["id"], one["state"]) for one in listed["data"]] == [(shadow["id"], "ended"), (canary["id"], "ended")]
    assert house.service.ledger.verify().ok


def test_a_canary_wants_the_right_to_approve_and_a_shadow_the_right_to_edit(house: House) -> None:
    draft = house.approved()
    for who in ("nosy", "shop"):
        for kind in ("canary", "shadow"):
            assert problem(house.start(who, kind=kind, draft=draft["id"])) == (403, "forbidden")
    assert problem(house.start("cleo", kind="shadow", draft=draft["id"])) == (403, "forbidden")
    _, secret = house.service.ledger.keys.create([Scope.EDIT], "only edits")
    editor = type(house["ann"])(house["ann"].app, secret)
    refused = editor.post("/v1/trials", {"kind": "canary", "draft": draft["id"], "share": "1", "reason": "r"})
    assert problem(refused) == (403, "forbidden")
    assert 'scope="approve"' in refused.headers["www-authenticate"]
    assert editor.post("/v1/trials", {"kind": "shadow", "draft": draft["id"], "reason": "r"}).status == 200
    editor.close()


def test_whoever_wrote_a_draft_does_not_start_its_canary(house: House) -> None:
    draft = house.approved()
    assert problem(house.start("ann", kind="canary", draft=draft["id"], share="1")) == (409, "another_person")


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        ({"kind": "canary"}, {("/draft", "missing"), ("/share", "missing")}),
        ({"kind": "canary", "draft": "drf_1", "share": "50.01"}, {("/share", "not_allowed")}),
        ({"kind": "canary", "draft": "drf_1", "share": "0"}, {("/share", "not_allowed")}),
        ({"kind": "canary", "draft": "drf_1", "share": "1.234"}, {("/share", "form")}),
        ({"kind": "canary", "draft": "drf_1", "share": 1}, {("/share", "string_expected")}),
        ({"kind": "canary", "draft": "drf_1", "share": "1", "release": f"sha256:{'0' * 64}"}, {("/release", "not_allowed")}),
        ({"kind": "canary", "draft": "drf_1", "share": "1", "guardrail": {"minimum": 19}}, {("/guardrail/minimum", "too_small")}),
        (
            {"kind": "canary", "draft": "drf_1", "share": "1", "guardrail": {"bands": [
                {"outcome": "block"}, {"outcome": "block", "up": "1"}]}},
            {("/guardrail/bands/0", "missing"), ("/guardrail/bands/1/outcome", "not_allowed")},
        ),
        ({"kind": "canary", "draft": "drf_1", "share": "1", "guardrail": {"bands": [{"outcome": "allow", "up": "1"}]}},
         {("/guardrail/bands/0/outcome", "not_allowed")}),
        ({"kind": "shadow"}, {("", "missing")}),
        ({"kind": "shadow", "draft": "drf_1", "release": f"sha256:{'0' * 64}"}, {("", "missing")}),
        ({"kind": "shadow", "draft": "drf_1", "share": "1"}, {("/share", "not_allowed")}),
        ({"kind": "shadow", "draft": "drf_1", "guardrail": {}}, {("/guardrail", "not_allowed")}),
        ({"kind": "shadow", "draft": "drf_1"}, {("/draft", "unknown_draft")}),
        ({"kind": "shadow", "release": f"sha256:{'0' * 64}"}, {("/release", "unknown_release")}),
        ({"kind": "twin", "draft": "drf_1"}, {("/kind", "not_allowed")}),
    ],
    ids=lambda one: str(sorted(one)) if isinstance(one, set) else str(one),
)  # fmt: skip
def test_what_does_not_go_together_is_refused(
    house: House, asked: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    both = house.service.ledger.keys.create([Scope.EDIT, Scope.APPROVE], "both")[1]
    caller = type(house["ann"])(house["ann"].app, both)
    refused = caller.post("/v1/trials", {"reason": "r", **asked})
    caller.close()
    assert (refused.status, refused.codes()) == (422, faults)


def test_what_cannot_be_where_things_stand_is_refused(house: House) -> None:
    draft = house.open()
    assert problem(house.start("ann", kind="shadow", draft=draft)) == (409, "not_possible")
    assert problem(house.start("ann", kind="shadow", release=house.held())) == (409, "not_possible")
    assert problem(house.start("cleo", kind="canary", draft=draft, share="1")) == (409, "not_possible")
    approved = house.approved()
    first = house.canary(approved)
    second = house.start("dan", kind="canary", draft=approved["id"], share="1")
    assert (problem(second), first["id"] in second.json()["detail"]) == ((409, "not_possible"), True)
    end = f"/v1/trials/{first['id']}/end"
    assert house["nosy"].post(end, {"reason": "r"}).status == 403
    assert house["dan"].post(end, {"reason": "r"}).status == 200
    assert problem(house["dan"].post(end, {"reason": "r"})) == (409, "not_possible")
    assert problem(house["dan"].post("/v1/trials/trl_0/end", {"reason": "r"})) == (404, "not_found")
    assert problem(house["nosy"].get("/v1/trials/trl_0")) == (404, "not_found")
    assert problem(house["nosy"].get("/v1/trials/trl_0/differences")) == (404, "not_found")
    house.published(3)
    assert problem(house.start("cleo", kind="canary", draft=approved["id"], share="1")) == (409, "base_moved")


def test_the_same_key_starts_and_ends_one_trial(house: House) -> None:
    draft, once = house.checked(), {"idempotency-key": "k"}
    first, again = (house.start("ann", once, kind="shadow", draft=draft["id"]) for _ in range(2))
    assert (first.body, again.headers["idempotent-replayed"]) == (again.body, "true")
    assert problem(house.start("ann", once, kind="shadow", release=draft["content"])) == (422, "key_reused")
    assert len(house["nosy"].get("/v1/trials").json()["data"]) == 1
    end = f"/v1/trials/{first.json()['id']}/end"
    one, other = (house["ann"].post(end, {"reason": "r"}, once) for _ in range(2))
    assert (one.status, one.body, other.headers["idempotent-replayed"]) == (200, other.body, "true")


def test_trials_are_listed_by_state_and_page(house: House) -> None:
    draft = house.checked()
    ids = [house.start("ann", kind="shadow", draft=draft["id"]).json()["id"] for _ in range(3)]
    house["ann"].post(f"/v1/trials/{ids[1]}/end", {"reason": "r"})
    page = house["nosy"].get("/v1/trials?state=running&limit=1").json()
    rest = house["nosy"].get(f"/v1/trials?state=running&after={page['next']}").json()
    assert [one["id"] for one in (*page["data"], *rest["data"])] == [ids[0], ids[2]]
    assert [one["id"] for one in house["nosy"].get("/v1/trials?state=ended").json()["data"]] == [ids[1]]
    assert house["nosy"].get("/v1/trials?state=over").status == 422


def test_the_newest_trials_come_first_if_asked_for_and_by_page(house: House) -> None:
    draft = house.checked()
    ids = [house.start("ann", kind="shadow", draft=draft["id"]).json()["id"] for _ in range(3)]
    first = house["nosy"].get("/v1/trials?order=newest&limit=2").json()
    rest = house["nosy"].get(f"/v1/trials?order=newest&limit=2&after={first['next']}").json()
    assert ([one["id"] for one in (*first["data"], *rest["data"])], rest["next"]) == (ids[::-1], None)


def test_a_canary_has_no_differences_for_what_it_answers_is_answered(house: House) -> None:
    trial = house.canary(house.approved())
    assert house["nosy"].get(f"/v1/trials/{trial['id']}/differences").json() == {"data": [], "next": None}


def test_a_scheduled_draft_may_be_tried_until_it_bites(house: House) -> None:
    draft = house.approved()
    scheduled = house.step("cleo", draft["id"], "schedule", active_from="2026-11-27T00:00:00Z").json()
    assert scheduled["possible"] == ["shadow", "canary", "withdraw"]
    trial = house.canary(scheduled)
    assert len(house.service.ledger.signatures.of(trial["release"])) == 1, "it was signed when it was scheduled"


# -- the command line ---------------------------------------------------------------------------------------------------


@pytest.fixture
def console(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("LEXGATE_DATABASE", house.settings.database)
    monkeypatch.setattr("api.commands.lawmaking.KeptLaws.held", property(lambda _: house.service.held))
    return house


def call(house: House, *words: str, who: str | None = None, code: int = 0) -> str:
    key = [] if who is None else ["--key", house[who].secret or ""]
    done = RUN.invoke(app, ["trials", *words, *key])
    assert done.exit_code == code, done.output
    return done.output


def test_from_the_console(console: House) -> None:
    draft = console.approved()
    begun = orjson.loads(call(console, "start", "shadow", "--draft", draft["id"], "--reason", "r", "--json", who="ann"))
    console.pay("c-1")
    console.service.shadow_worker().run_once()
    assert "1 decisions, 1 told otherwise; 0 wait" in call(console, "show", begun["id"])
    assert begun["id"] in call(console, "list", "--json")
    assert "running" in call(console, "list")
    assert call(console, "list", "--state", "ended", "--json").count("trl_") == 0
    canary = ["start", "canary", "--draft", draft["id"], "--share", "12.5", "--band", "block=+1", "--minimum", "20"]
    told = orjson.loads(call(console, *canary, "--reason", "r", "--json", who="cleo"))
    assert (told["share"], told["guardrail"]) == (
        "12.50", {"minimum": 20, "bands": [{"outcome": "block", "up": "1.00", "down": None}]},
    )  # fmt: skip
    assert "nothing is judged below 20" in call(console, "show", told["id"])
    assert "Another canary is running" in call(console, *canary, "--reason", "r", who="dan", code=2)
    ended = call(console, "end", told["id"], "--reason", "Enough.", who="dan")
    assert f"ended by {console.keys['dan']}: Enough." in ended
    assert "nothing is possible any more" in call(console, "end", told["id"], "--reason", "r", who="dan", code=2)


@pytest.mark.parametrize(
    ("words", "who", "said"),
    [
        (["start", "canary", "--draft", "drf_0"], "cleo", "a canary wants --draft and --share"),
        (["start", "canary", "--share", "1"], "cleo", "a canary wants --draft and --share"),
        (["start", "shadow"], "ann", "a shadow is of --draft or of --release"),
        (["start", "shadow", "--draft", "drf_0", "--share", "1"], "ann", "wants no --share"),
        (["start", "shadow", "--draft", "drf_0"], "ann", "there is no such draft"),
        (["start", "shadow", "--draft", "drf_0"], "cleo", "lacks the scope"),
        (["start", "canary", "--draft", "drf_0", "--share", "1,5"], "cleo", "is no percentage"),
        (["start", "canary", "--draft", "drf_0", "--share", "1", "--band", "allow=1"], "cleo", "is none of block"),
        (["end", "trl_0"], "cleo", "there is no trial trl_0"),
    ],
    ids=str,
)
def test_what_the_console_refuses(console: House, words: list[str], who: str, said: str) -> None:
    assert said in " ".join(call(console, *words, "--reason", "r", who=who, code=2).split())
