"""What those who decide on changes to the law need of the interface: lists by page, the newest first, a word with the author."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api.bureau import MANIFEST, RULES, Bureau
from tests.api.client import Client, Reply
from tests.api.conftest import sample


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    yield made
    made.service.close()


def problem(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["type"].rpartition(":")[2]


def test_the_newest_drafts_come_first_if_asked_for_and_by_page(bureau: Bureau) -> None:
    made = [bureau.open() for _ in range(3)]
    first = bureau["nosy"].get("/v1/drafts?order=newest&limit=2").json()
    rest = bureau["nosy"].get(f"/v1/drafts?order=newest&limit=2&after={first['next']}").json()
    assert [one["id"] for one in (*first["data"], *rest["data"])] == made[::-1]
    assert rest["next"] is None
    handed_in = bureau.submitted()["id"]
    assert [one["id"] for one in bureau["nosy"].get("/v1/drafts?order=newest&state=submitted").json()["data"]] == [
        handed_in
    ]


def test_a_line_of_the_list_says_who_wrote_it_and_who_must_still_speak(bureau: Bureau) -> None:
    draft = bureau.submitted()
    (line,) = bureau["nosy"].get("/v1/drafts?state=submitted").json()["data"]
    assert (line["editors"], line["required"], line["approvals"]) == ([bureau.keys["ann"]], 1, [])
    assert (line["domains"], line["statute"], "approve" in line["possible"]) == (draft["domains"], False, True)
    (unchecked,) = bureau["nosy"].get(f"/v1/drafts?state=draft&after={draft['id']}").json()["data"] or [None]
    assert unchecked is None


def test_whoever_approves_may_speak_with_whoever_wrote_it(bureau: Bureau) -> None:
    draft = bureau.submitted()
    assert bureau.step("cleo", draft["id"], "comment", reason="Which recital is this?").status == 200
    assert bureau.step("ann", draft["id"], "comment", reason="Recital 3.").status == 200
    assert problem(bureau.step("nosy", draft["id"], "comment", reason="Hm.")) == (403, "forbidden")
    events = bureau["nosy"].get(f"/v1/drafts/{draft['id']}/history").json()["data"]
    said = [(one["actor"], one["details"]["reason"]) for one in events if one["event"] == "commented"]
    assert said == [(bureau.keys["cleo"], "Which recital is this?"), (bureau.keys["ann"], "Recital 3.")]


def test_whoever_approves_may_take_a_schedule_back(bureau: Bureau) -> None:
    draft = bureau.submitted()
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    tomorrow = (bureau.now + timedelta(days=1)).isoformat()
    bureau.step("cleo", draft["id"], "schedule", active_from=tomorrow)
    assert problem(bureau.step("nosy", draft["id"], "withdraw")) == (403, "forbidden")
    assert bureau.step("cleo", draft["id"], "withdraw").json()["state"] == "withdrawn"


def test_what_was_in_force_comes_by_page(bureau: Bureau) -> None:
    for number in (1, 2):
        bureau.published(number)
        bureau.now += timedelta(minutes=1)
    whole = bureau["nosy"].get("/v1/activations").json()
    assert ([one["kind"] for one in whole["data"]], whole["next"]) == (["published", "published", "started"], None)
    first = bureau["nosy"].get("/v1/activations?limit=2").json()
    rest = bureau["nosy"].get(f"/v1/activations?limit=2&after={first['next']}").json()
    assert ([*first["data"], *rest["data"]], rest["next"]) == (whole["data"], None)
    assert first["in_force"] == rest["in_force"] == bureau.held()
    assert bureau["nosy"].get("/v1/activations?after=nonsense").status == 422


def test_a_draft_in_force_says_what_a_rollback_would_put_in_its_place(bureau: Bureau) -> None:
    before = bureau.held()
    draft = bureau.submitted()
    assert (draft["follows"], draft["rolls_back_to"]) == (before, None)
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    bureau.step("cleo", draft["id"], "publish")
    bureau.watch.look()
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["rolls_back_to"] == before
    bureau.step("cleo", draft["id"], "rollback")
    bureau.watch.look()
    assert bureau.held() == before
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["rolls_back_to"] is None


def test_the_text_alone_is_told_without_its_meaning(bureau: Bureau) -> None:
    draft = bureau.open()
    bureau.change("ann", draft, RULES, 'value: "20.00"', 'value: "15.00"')
    bureau.change("ann", draft, MANIFEST, 'version: "2026.1.0"', 'version: "2026.2.0"')
    whole = bureau["nosy"].get(f"/v1/drafts/{draft}/diff").json()["comparison"]
    text = bureau["nosy"].get(f"/v1/drafts/{draft}/diff?meaning=false").json()["comparison"]
    assert whole["meanings"]
    assert (text["meanings"], text["said"], text["changes"]) == (None, [], whole["changes"])


def test_one_payment_is_decided_again_under_a_draft(bureau: Bureau) -> None:
    payment = {
        "amount": "18.00", "currency": "EUR", "occurred_at": bureau.now.isoformat(), "asked_by": "issuer",
        "payment": {**sample("eu-low-value")["payment"], "issuer_country": "FR", "acquirer_country": "FR"},
    }  # fmt: skip
    decided = bureau["shop"].post("/v1/preflight?domains=sca", payment).json()
    draft = bureau.open()
    same = bureau["nosy"].request("POST", f"/v1/decisions/{decided['id']}/replay?draft={draft}").json()
    assert same["identical"] is True
    bureau.change("ann", draft, RULES, "title: No codes", "title: Never codes")
    changed = bureau["nosy"].request("POST", f"/v1/decisions/{decided['id']}/replay?draft={draft}").json()
    assert changed["release"] != decided["rulepacks"]
    assert changed["release"] != bureau.held()
    assert bureau["nosy"].request("POST", f"/v1/decisions/{decided['id']}/replay?draft=drf_none").status == 404
    bureau.change("ann", draft, RULES, "domain: sca", "domain: [")
    broken = bureau["nosy"].request("POST", f"/v1/decisions/{decided['id']}/replay?draft={draft}")
    assert problem(broken) == (409, "not_possible")


def test_a_person_registers_their_own_signing_key_and_nobody_elses(bureau: Bureau) -> None:
    body, headers = {"public_key": "0" * 64}, {"content-type": "application/json"}
    for holder, status in ((bureau.keys["cleo"], 200), ("per_01kavw3e5n7x2v8g4yq0m6tz1b", 403), ("nobody", 422)):
        assert bureau["cleo"].request("PUT", f"/v1/approvers/{holder}/signing-key", body, headers).status == status
