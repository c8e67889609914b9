"""Drafts over HTTP: every step by the one who may take it, nothing lost of what two wrote at once, nothing done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.api.bureau import MANIFEST, NOW, RULES, Bureau
from tests.api.client import Client, Reply


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


def problem(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["type"].rpartition(":")[2]


# -- writing ------------------------------------------------------------------------------------------------------------


def test_a_draft_begins_on_the_release_in_force_with_nothing_changed(bureau: Bureau) -> None:
    opened = bureau["ann"].post("/v1/drafts", {"title": "A change"}).json()
    assert (opened["state"], opened["base"], opened["files"]) == ("draft", bureau.held(), [])
    assert bureau["nosy"].get(f"/v1/drafts/{opened['id']}").json() == opened
    listed = bureau["nosy"].get("/v1/drafts?state=draft").json()
    assert [one["id"] for one in listed["data"]] == [opened["id"]]
    assert bureau["nosy"].get("/v1/drafts?state=approved").json() == {"data": [], "next": None}


def test_drafts_come_by_page(bureau: Bureau) -> None:
    made = [bureau.open() for _ in range(3)]
    first = bureau["nosy"].get("/v1/drafts?limit=2").json()
    rest = bureau["nosy"].get(f"/v1/drafts?limit=2&after={first['next']}").json()
    assert [one["id"] for one in (*first["data"], *rest["data"])] == made


def test_no_draft_begins_on_a_release_that_is_not_here(bureau: Bureau) -> None:
    refused = bureau["ann"].post("/v1/drafts", {"title": "A change", "base": f"sha256:{'0' * 64}"})
    assert refused.codes() == {("/base", "unknown_release")}


def test_a_file_is_read_with_the_tag_to_write_it_back_under(bureau: Bureau) -> None:
    draft = bureau.open()
    read = bureau["nosy"].get(f"/v1/drafts/{draft}/files/{MANIFEST}")
    assert (read.headers["etag"], read.json()["changed"]) == (read.json()["etag"], False)
    written = bureau.write("ann", draft, MANIFEST, read.json()["text"] + "# seen\r\n")
    assert (written.status, written.json()["changed"], "\r" in written.json()["text"]) == (200, True, False)
    assert written.json()["base_text"] == read.json()["text"]
    (file,) = bureau["nosy"].get(f"/v1/drafts/{draft}").json()["files"]
    assert (file["path"], file["change"], file["editor"]) == (MANIFEST, "changed", bureau.keys["ann"])


def test_whoever_does_not_say_what_they_read_writes_nothing(bureau: Bureau) -> None:
    draft = bureau.open()
    assert problem(bureau.write("ann", draft, MANIFEST, "x", if_match=None)) == (428, "precondition_needed")
    assert problem(bureau.write("ann", draft, MANIFEST, "x", if_none_match="*")) == (412, "precondition_failed")
    assert problem(bureau.write("ann", draft, MANIFEST, "x", if_match='"other"')) == (412, "precondition_failed")
    assert bureau["ann"].request("DELETE", f"/v1/drafts/{draft}/files/{MANIFEST}").status == 428
    assert bureau["nosy"].get(f"/v1/drafts/{draft}").json()["number"] == 1


def test_of_two_officers_who_write_at_once_neither_loses_anything(bureau: Bureau) -> None:
    draft, both = bureau.open(), ("ann", "ben")
    read = bureau.read(draft, MANIFEST)
    texts = {who: f"{read['text']}# {who}\n" for who in both}
    path, headers = (
        f"/v1/drafts/{draft}/files/{MANIFEST}",
        {"content-type": "application/json", "if-match": read["etag"]},
    )
    calls = (bureau[who].send("PUT", path, {"text": texts[who]}, headers) for who in both)
    replies = dict(zip(both, bureau["ann"].together(calls), strict=True))
    first = next(who for who in both if replies[who].status == 200)
    second = "ben" if first == "ann" else "ann"
    assert replies[second].status in (409, 412)
    told = bureau.read(draft, MANIFEST)
    assert told["text"] == texts[first]
    merged = texts[first] + f"# {second}\n"
    assert bureau.write(second, draft, MANIFEST, merged).status == 200
    kept = bureau["nosy"].get(f"/v1/drafts/{draft}/versions/{MANIFEST}").json()["versions"]
    assert [one["text"] for one in kept] == [texts[first], merged]


def test_whoever_writes_over_what_changed_meanwhile_is_told_its_tag(bureau: Bureau) -> None:
    draft = bureau.open()
    old = bureau.read(draft, MANIFEST)
    new = bureau.write("ben", draft, MANIFEST, old["text"] + "# ben\n").json()["etag"]
    late = bureau.write("ann", draft, MANIFEST, old["text"] + "# ann\n", if_match=old["etag"])
    assert (late.status, late.headers["etag"]) == (412, new)
    assert bureau.write("ann", draft, MANIFEST, "x", if_match=f"{old['etag']}, {new}").status == 200


def test_a_new_file_is_written_once_and_taken_out_again(bureau: Bureau) -> None:
    draft, path = bureau.open(), "FR/aml/limits.yaml"
    assert bureau["nosy"].get(f"/v1/drafts/{draft}/files/{path}").status == 404
    made = bureau.write("ann", draft, path, "domain: aml\n", if_none_match="*")
    assert (made.status, made.json()["base_text"]) == (200, None)
    assert bureau.write("ann", draft, path, "domain: aml\n", if_none_match="*").status == 412
    match = {"if-match": made.json()["etag"]}
    gone = bureau["ann"].request("DELETE", f"/v1/drafts/{draft}/files/{path}", b"", match)
    assert [one["change"] for one in gone.json()["files"]] == ["same"]
    assert bureau["ann"].request("DELETE", f"/v1/drafts/{draft}/files/{path}", b"", match).status == 404
    removed = bureau["ann"].request("DELETE", f"/v1/drafts/{draft}/files/FR/tax.yaml", b"", {"if-match": "*"}).json()
    assert {one["path"]: one["change"] for one in removed["files"]}["FR/tax.yaml"] == "removed"


def test_writing_the_same_again_moves_nothing(bureau: Bureau) -> None:
    draft = bureau.open()
    assert bureau.write("ann", draft, MANIFEST, bureau.read(draft, MANIFEST)["text"]).status == 200
    assert bureau["nosy"].get(f"/v1/drafts/{draft}").json()["number"] == 1


@pytest.mark.parametrize("path", ["../etc/passwd", "FR/pack.txt", "fr/pack.yaml", "FR/a/b/c.yaml", "messages/de.yaml"])
def test_only_files_of_a_release_are_written(bureau: Bureau, path: str) -> None:
    assert bureau.write("ann", bureau.open(), path, "x", if_none_match="*").status == 422


# -- checking -----------------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_with_its_place(bureau: Bureau) -> None:
    draft = bureau.open()
    bureau.change("ann", draft, RULES, "domain: sca", "domain: [")
    found = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert (found["ok"], found["draft"]["state"], found["changes"]) == (False, "draft", [])
    assert {one["file"] for one in found["problems"]} == {RULES}


def test_a_draft_that_changes_nothing_or_no_version_is_refused(bureau: Bureau) -> None:
    draft = bureau.open()
    empty = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert [one["code"] for one in empty["problems"]] == ["draft-empty"]
    bureau.change("ann", draft, RULES, "title: No codes", "title: Never codes")
    same = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert [one["code"] for one in same["problems"]] == ["draft-version"]
    assert problem(bureau.step("ann", draft, "submit")) == (409, "not_possible")


def test_what_a_statute_says_takes_two_and_a_title_one(bureau: Bureau) -> None:
    assert (bureau.submitted()["statute"], bureau.submitted()["required"]) == (False, 1)
    draft = bureau.open()
    bureau.change("ann", draft, RULES, 'value: "20.00"', 'value: "15.00"')
    bureau.change("ann", draft, MANIFEST, 'version: "2026.1.0"', 'version: "2026.2.0"')
    found = bureau["ann"].post(f"/v1/drafts/{draft}/check").json()
    assert (found["draft"]["statute"], found["draft"]["required"], found["draft"]["domains"]) == (True, 2, ["sca"])


def test_a_check_of_what_was_handed_in_moves_nothing(bureau: Bureau) -> None:
    draft = bureau.submitted()
    again = bureau["ann"].post(f"/v1/drafts/{draft['id']}/check").json()
    assert (again["ok"], again["draft"]["state"]) == (True, "submitted")


# -- deciding -----------------------------------------------------------------------------------------------------------


def test_whoever_wrote_any_of_it_approves_none_of_it(bureau: Bureau) -> None:
    draft = bureau.submitted()
    for who, content, said in (
        ("ann", draft["content"], (409, "another_person")),
        ("cleo", f"sha256:{'0' * 64}", (409, "case_moved")),
    ):
        assert problem(bureau.step(who, draft["id"], "approve", content=content)) == said
    approved = bureau.step("cleo", draft["id"], "approve", content=draft["content"]).json()
    assert (approved["state"], approved["approvals"]) == ("approved", [bureau.keys["cleo"]])
    assert (
        bureau.write("ben", draft["id"], MANIFEST, bureau.read(draft["id"], MANIFEST)["text"] + "# b\n").status == 200
    )
    void = bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()
    assert (void["state"], void["approvals"], void["content"], void["required"]) == ("draft", [], None, None)


def test_a_house_lays_down_how_many_approve_and_of_which_roles(bureau: Bureau) -> None:
    roles = {"legal": [bureau.keys["cleo"]], "risk": [bureau.keys["dan"]]}
    body = {"required": 2, "statute_required": 3, "roles": roles}
    put = bureau["root"].request("PUT", "/v1/approval-policies/sca", body, {"content-type": "application/json"})
    assert put.json()["roles"] == roles
    shown = {one["domain"]: one for one in bureau["nosy"].get("/v1/approval-policies").json()["data"]}
    assert (shown["sca"]["laid_down_by"], shown["aml"]["laid_down_by"]) == (bureau.keys["root"], "system")
    draft = bureau.submitted()
    assert (draft["required"], draft["roles"]) == (2, ["sca:legal", "sca:risk"])
    assert problem(bureau.step("root", draft["id"], "approve", content=draft["content"])) == (409, "another_person")
    assert bureau.step("cleo", draft["id"], "approve", content=draft["content"]).json()["state"] == "submitted"
    assert bureau.step("dan", draft["id"], "approve", content=draft["content"]).json()["state"] == "approved"


def test_what_is_sent_back_begins_again(bureau: Bureau) -> None:
    draft = bureau.submitted()
    back = bureau.step("cleo", draft["id"], "send-back", reason="Not like this.").json()
    assert (back["state"], back["content"]) == ("draft", None)
    events = bureau["nosy"].get(f"/v1/drafts/{draft['id']}/history").json()["data"]
    assert [one["event"] for one in events] == ["opened", "edited", "edited", "checked", "submitted", "sent_back"]
    assert events[-1]["details"]["reason"] == "Not like this."


def test_a_remark_moves_nothing(bureau: Bureau) -> None:
    draft = bureau.submitted()
    assert bureau.step("ann", draft["id"], "comment", reason="See recital 3.").json()["state"] == "submitted"


def test_what_is_scheduled_bites_at_its_instant_and_not_before(bureau: Bureau) -> None:
    draft, before = bureau.submitted(), bureau.held()
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    tonight = NOW + timedelta(hours=3)
    assert problem(bureau.step("cleo", draft["id"], "schedule", active_from=(NOW - timedelta(hours=1)).isoformat())) == (
        409, "not_possible",
    )  # fmt: skip
    assert bureau.step("cleo", draft["id"], "schedule", active_from=tonight.isoformat()).json()["state"] == "scheduled"
    bureau.now = tonight - timedelta(seconds=1)
    assert (bureau.watch.look(), bureau.held()) == (False, before)
    bureau.now = tonight
    assert (bureau.watch.look(), bureau.held()) == (True, draft["content"])


@pytest.mark.parametrize(("who", "how"), [("ann", "withdraw"), ("cleo", "revoke")])
def test_what_is_scheduled_is_taken_back_before_it_bites(bureau: Bureau, who: str, how: str) -> None:
    draft, before = bureau.submitted(), bureau.held()
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    bureau.step("cleo", draft["id"], "schedule", active_from=(NOW + timedelta(hours=1)).isoformat())
    assert bureau.step(who, draft["id"], how).json()["state"] == "withdrawn"
    bureau.now += timedelta(hours=2)
    assert (bureau.watch.look(), bureau.held()) == (False, before)
    (first, second, _) = bureau["nosy"].get("/v1/activations").json()["data"]
    assert (first["kind"], second["cancelled"]) == ("cancelled", True)
    assert problem(bureau.step(who, draft["id"], how)) == (409, "not_possible")


def test_what_is_in_force_is_not_withdrawn_but_rolled_back_within_a_second(bureau: Bureau) -> None:
    before = bureau.held()
    draft = bureau.published()
    assert bureau.held() == draft["content"]
    assert draft["possible"] == ["rollback"]
    assert problem(bureau.step("ann", draft["id"], "withdraw")) == (409, "not_possible")
    began = time.perf_counter()
    back = bureau.step("cleo", draft["id"], "rollback")
    assert bureau.watch.look()
    took = time.perf_counter() - began
    assert (back.status, back.json()["in_force"], bureau.held()) == (200, before, before)
    assert took < 1, f"{took:.3f} s"
    told = bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()
    assert (told["state"], told["possible"]) == ("superseded", [])
    assert problem(bureau.step("cleo", draft["id"], "rollback")) == (409, "not_possible")
    forward = bureau["cleo"].post(f"/v1/releases/{draft['content']}/rollback", {"reason": "After all."})
    assert forward.json()["in_force"] == draft["content"]


def test_nobody_goes_back_to_what_never_was(bureau: Bureau) -> None:
    draft = bureau.submitted()
    assert bureau["cleo"].post(f"/v1/releases/sha256:{'0' * 64}/rollback", {"reason": "r"}).status == 404
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    later = {"active_from": (NOW + timedelta(hours=1)).isoformat()}
    assert bureau.step("cleo", draft["id"], "schedule", **later).status == 200
    early = bureau["cleo"].post(f"/v1/releases/{draft['content']}/rollback", {"reason": "r"})
    assert problem(early) == (409, "not_possible")


def test_a_draft_made_of_what_is_no_longer_in_force_takes_nothing_back_unsaid(bureau: Bureau) -> None:
    late = bureau.submitted(2, "ben")
    bureau.published(1)
    bureau.step("cleo", late["id"], "approve", content=late["content"])
    assert problem(bureau.step("cleo", late["id"], "publish")) == (409, "base_moved")
    assert bureau.held() != late["content"]


def test_of_two_that_are_scheduled_the_second_is_made_of_the_first(bureau: Bureau) -> None:
    one, other = bureau.submitted(1), bureau.submitted(2, "ben")
    for draft in (one, other):
        bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    at = {hours: (NOW + timedelta(hours=hours)).isoformat() for hours in (1, 2, 3)}
    assert bureau.step("cleo", one["id"], "schedule", active_from=at[2]).status == 200
    for hours in (1, 3):
        refused = bureau.step("cleo", other["id"], "schedule", active_from=at[hours])
        assert problem(refused) == (409, "base_moved")


def test_broken_glass_is_looked_at_afterwards_by_another(bureau: Bureau) -> None:
    draft = bureau.submitted()
    body = {"content": draft["content"], "reason": "Nobody can be reached."}
    assert bureau["cleo"].post(f"/v1/drafts/{draft['id']}/break-glass", body).status == 403
    wrong = {**body, "content": f"sha256:{'0' * 64}"}
    assert problem(bureau["root"].post(f"/v1/drafts/{draft['id']}/break-glass", wrong)) == (409, "case_moved")
    broken = bureau["root"].post(f"/v1/drafts/{draft['id']}/break-glass", body).json()
    assert (broken["state"], broken["emergency"], "review" in broken["possible"]) == ("active", True, True)
    assert (bureau.watch.look(), bureau.held()) == (True, draft["content"])
    for who in ("root", "ann"):
        assert problem(bureau.step(who, draft["id"], "review")) == (409, "another_person")
    reviewed = bureau.step("dan", draft["id"], "review").json()
    assert (reviewed["reviewed_by"], reviewed["state"]) == (bureau.keys["dan"], "active")
    assert problem(bureau.step("dan", draft["id"], "review")) == (409, "not_possible")


# -- who and how often --------------------------------------------------------------------------------------------------

STEPS = {
    "ann": ["submit", "comment", "withdraw"],
    "cleo": ["approve", "send-back", "schedule", "publish", "review", "rollback", "revoke"],
    "root": ["break-glass"],
}
BODIES: dict[str, dict[str, Any]] = {
    "approve": {"content": f"sha256:{'0' * 64}"}, "break-glass": {"content": f"sha256:{'0' * 64}"},
    "schedule": {"active_from": NOW.isoformat()},
}  # fmt: skip


def test_nobody_takes_a_step_that_is_not_theirs(bureau: Bureau) -> None:
    draft = bureau.open()
    for step in (step for steps in STEPS.values() for step in steps):
        assert bureau.step("nosy", draft, step, **BODIES.get(step, {})).status == 403, step
    assert bureau["nosy"].post("/v1/drafts", {"title": "A change"}).status == 403
    assert bureau.write("cleo", draft, MANIFEST, "x").status == 403
    assert bureau["cleo"].post(f"/v1/drafts/{draft}/check").status == 403
    json = {"content-type": "application/json"}
    assert bureau["cleo"].request("PUT", "/v1/approval-policies/sca", {"required": 1}, json).status == 403
    assert bureau["shop"].get("/v1/drafts").status == 200


@pytest.mark.parametrize(("who", "step"), [(who, step) for who, steps in STEPS.items() for step in steps])
def test_of_a_draft_that_is_not_there_nothing_is_done(bureau: Bureau, who: str, step: str) -> None:
    assert bureau.step(who, "drf_none", step, **BODIES.get(step, {})).status == 404
    assert bureau.step(who, "nonsense", step, **BODIES.get(step, {})).status == 422


@pytest.mark.parametrize("path", ["", "/history", f"/files/{MANIFEST}", f"/versions/{MANIFEST}"])
def test_of_a_draft_that_is_not_there_nothing_is_told(bureau: Bureau, path: str) -> None:
    assert bureau["nosy"].get(f"/v1/drafts/drf_none{path}").status == 404


def test_a_step_asked_for_twice_is_taken_once(bureau: Bureau) -> None:
    once = {"idempotency-key": "k-1"}
    opened = [bureau["ann"].post("/v1/drafts", {"title": "A change"}, once) for _ in range(2)]
    assert opened[0].json() == opened[1].json()
    assert opened[1].headers["idempotent-replayed"] == "true"
    assert problem(bureau["ann"].post("/v1/drafts", {"title": "Another"}, once)) == (422, "key_reused")
    draft = bureau.submitted()
    path, body = f"/v1/drafts/{draft['id']}/approve", {"content": draft["content"], "reason": "r"}
    told = [bureau["cleo"].post(path, body, once) for _ in range(2)]
    assert (told[0].status, told[0].json()) == (200, told[1].json())
    moved = bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()
    assert moved["approvals"] == [bureau.keys["cleo"]]
    back = [bureau["cleo"].post(f"/v1/releases/{moved['base']}/rollback", {"reason": "r"}, once) for _ in range(2)]
    assert (back[0].status, back[0].json()) == (200, back[1].json())
    kinds = [one["kind"] for one in bureau["nosy"].get("/v1/activations").json()["data"]]
    assert kinds == ["rolled_back", "started"]
