"""Changes over HTTP: found by a reader, worked on by persons, made a draft of; and nothing that is no law ever is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api import change_examples
from api.app import bare_app
from api.change_schemas import ChangeBody, ChangePage, DraftedChangeBody
from api.openapi import describe
from engine.changes import Evidence, LawChange, change_id
from engine.ledger import NewReading, StoredItem
from engine.packs import PackSet
from ingest.working import Drafted
from tests.api.bureau import MANIFEST, NOW, RULES, Bureau
from tests.api.client import Client, Reply
from tests.ledger.reading import occasion, publish, read_all, read_law, read_nothing

SENTENCE = "The ceiling rises from EUR 20 to EUR 25 on 1 January 2027."
TEXT = f"Ceiling of small payments\n{SENTENCE}"
LAW = {
    "title": "Ceiling of small payments", "status": "in_force_scheduled", "jurisdiction": "FR", "domains": ("sca",),
    "change": "threshold", "effective": date(2027, 1, 1), "evidence": (Evidence("EUR 20 -> EUR 25", SENTENCE),),
}  # fmt: skip
BODY = {
    "reading": {"text": TEXT, "language": "en", "status": "in_force_scheduled"},
    "spans": [{"start": TEXT.index("EUR 20"), "end": TEXT.index(" on 1"), "what": "pair"}],
    "links": [{"target": {"place": "FR", "name": "small_max"}, "score": 0.9, "reasons": []}],
    "proposals": [{"target": "FR/sca.yaml", "old": "20.00", "new": "25.00"}],
    "impact": {"answers": 3},
    "markdown": "# Ceiling of small payments\n",
    "reasons": [],
}
OLD = '      - {from: "2020-01-01", value: "20.00"}\n'
RAISED = f'{OLD}      - {{from: "2027-01-01", value: "25.00"}}\n'


class Hand:
    """What edits the law as the change says; or as a test wants it."""

    def __init__(self) -> None:
        self.edit: Callable[[str], str] = lambda text: text.replace(OLD, RAISED)
        self.reasons: tuple[str, ...] = ()
        self.seen: list[str] = []

    def draft(self, item: StoredItem, change: LawChange, packs: PackSet, /) -> Drafted:
        """The files of a release, edited."""
        self.seen.append(f"{item.seq} {change.id} {packs.release.digest}")
        if self.reasons:
            return Drafted(reasons=self.reasons)
        manifest = packs.files[MANIFEST].replace('version: "2026.1.0"', 'version: "2027.1.0"')
        return Drafted({RULES: self.edit(packs.files[RULES]), MANIFEST: manifest})


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client], hand: Hand) -> Iterator[Bureau]:
    made = Bureau(tmp_path, make_client)
    made.service.redraft = hand
    yield made
    assert made.service.ledger.verify().ok
    made.service.close()


def law(**more: Any) -> NewReading:
    read = {**LAW, **more.pop("read", {})}
    return read_law(**{"read": read, "body": BODY, "bands": (), "publisher": "Banque de France", **more})


def found(bureau: Bureau, key: str = "n-1", *, source: str = "fr-bdf-1", new: NewReading | None = None) -> str:
    """The id of a change that was read of a publication."""
    item = publish(bureau.service.ledger, key, source=source, said=key, at=NOW)
    assert read_all(bureau.service.ledger, new or law(), at=NOW) == ["change"]
    return change_id(item.seq)


def act(client: Client, change: str, step: str, query: str = "", **body: Any) -> Reply:
    return client.post(f"/v1/changes/{change}/{step}{query}", body)


def kind(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["type"].rpartition(":")[2]


def draft_of(bureau: Bureau, change: str) -> dict[str, Any]:
    reply = act(bureau["ann"], change, "draft")
    assert reply.status == 200, reply.body
    DraftedChangeBody.model_validate(reply.json())
    made: dict[str, Any] = reply.json()
    return made


# -- reading ------------------------------------------------------------------------------------------------------------


def test_a_change_is_shown_whole_with_its_evidence(bureau: Bureau) -> None:
    change = found(bureau)
    reply = bureau["nosy"].get(f"/v1/changes/{change}")
    told = reply.json()
    ChangeBody.model_validate(told)
    assert (told["state"], told["text"], told["spans"][0]["quote"]) == ("new", TEXT, "EUR 20 to EUR 25")
    assert told["evidence"] == [{"says": "EUR 20 -> EUR 25", "sentence": SENTENCE}]
    assert told["links"] == BODY["links"]
    assert told["impact"] == {"answers": 3}
    (publication,) = told["publications"]
    assert (publication["source"], publication["publisher"]) == ("fr-bdf-1", "Banque de France")
    assert publication["document"].startswith("sha256:")
    assert [one["step"] for one in told["history"]] == ["found"]
    people = bureau["nosy"].request("GET", f"/v1/changes/{change}", None, {"accept": "text/markdown"})
    assert (people.headers["content-type"], people.body) == (
        "text/markdown; charset=utf-8",
        b"# Ceiling of small payments\n",
    )


def test_lists_are_narrowed(bureau: Bureau) -> None:
    first = found(bureau)
    plan = found(bureau, "n-2", new=law(read={"status": "announced", "effective": None, "title": "A plan"}))
    act(bureau["ann"], plan, "assign")
    for query, wanted in {
        "": [first, plan],
        "?state=assigned": [plan],
        "?status=announced": [plan],
        "?jurisdiction=FR&domain=sca": [first, plan],
        "?jurisdiction=DE": [],
        "?effective_before=2027-01-02": [first],
        "?effective_before=2027-01-01": [],
        f"?assignee={bureau.keys['ann']}": [plan],
        "?q=SMALL%20payments": [first],
        "?q=payments%20small": [],
        "?limit=1": [first],
    }.items():
        page = bureau["nosy"].get(f"/v1/changes{query}").json()
        ChangePage.model_validate(page)
        assert [one["id"] for one in page["data"]] == wanted, query
    rest = bureau["nosy"].get(f"/v1/changes?limit=1&after={first}").json()
    assert ([one["id"] for one in rest["data"]], rest["next"]) == ([plan], None)


def test_the_newest_may_come_first(bureau: Bureau) -> None:
    made = [found(bureau, f"n-{number}") for number in range(3)]
    first = bureau["nosy"].get("/v1/changes?order=newest&limit=2").json()
    rest = bureau["nosy"].get(f"/v1/changes?order=newest&limit=2&after={first['next']}").json()
    assert [one["id"] for one in (*first["data"], *rest["data"])] == made[::-1]
    assert rest["next"] is None
    assert bureau["nosy"].get("/v1/changes?order=newest&state=irrelevant").status == 422


def test_what_was_held_to_be_none_is_brought_back_as_it_was_seen(bureau: Bureau) -> None:
    item = publish(bureau.service.ledger, "n-1", at=NOW)
    read_all(bureau.service.ledger, read_nothing(), at=NOW)
    change = change_id(item.seq)
    assert bureau["nosy"].get(f"/v1/changes/{change}").json()["number"] == 0
    assert act(bureau["ann"], change, "reopen", "?number=0", reason="It is one.").json()["state"] == "new"
    assert kind(act(bureau["ann"], change, "comment", "?number=0", reason="r")) == (409, "case_moved")


def test_what_is_not_there_is_not_there(bureau: Bureau) -> None:
    assert kind(bureau["nosy"].get("/v1/changes/chg_000000009999")) == (404, "not_found")
    assert kind(act(bureau["ann"], "chg_000000009999", "dismiss", reason="r")) == (404, "not_found")
    assert bureau["nosy"].get("/v1/changes/chg_1").status == 422


def test_who_may_only_read_moves_nothing(bureau: Bureau) -> None:
    change = found(bureau)
    for step, body in (("assign", {}), ("dismiss", {"reason": "r"}), ("draft", {}), ("reopen", {"reason": "r"})):
        assert kind(act(bureau["nosy"], change, step, **body)) == (403, "forbidden")
    assert bureau["shop"].get(f"/v1/changes/{change}").status == 200


# -- working on it ------------------------------------------------------------------------------------------------------


def test_a_change_is_taken_on_by_who_asks_and_taken_over_with_a_reason(bureau: Bureau) -> None:
    change = found(bureau)
    mine = act(bureau["ann"], change, "assign").json()
    assert (mine["state"], mine["assignee"]) == ("assigned", bureau.keys["ann"])
    assert kind(act(bureau["ann"], change, "assign")) == (409, "not_possible"), "it is so already"
    assert kind(act(bureau["ben"], change, "assign")) == (409, "not_possible")
    assert act(bureau["ben"], change, "assign", reason="Ann is away.").json()["assignee"] == bureau.keys["ben"]
    back = act(bureau["ben"], change, "assign", assignee=None).json()
    assert (back["state"], back["assignee"], len(back["history"])) == ("new", None, 4)
    assert act(bureau["ben"], change, "assign", assignee="key_00").codes() == {("/assignee", "unknown_key")}


def test_a_dismissal_needs_its_reason_and_may_be_taken_back(bureau: Bureau) -> None:
    change = found(bureau)
    assert act(bureau["ann"], change, "dismiss").codes() == {("/reason", "missing")}
    gone = act(bureau["ann"], change, "dismiss", reason="In the pack.").json()
    assert (gone["state"], gone["possible"], gone["history"][-1]["reason"]) == (
        "dismissed",
        ["comment", "reopen"],
        "In the pack.",
    )
    assert kind(act(bureau["ann"], change, "draft")) == (409, "not_possible")
    again = act(bureau["ben"], change, "reopen", reason="Not for cards.").json()
    assert (again["state"], again["possible"]) == ("new", ["assign", "comment", "dismiss", "merge", "draft"])
    assert bureau["nosy"].get(f"/v1/changes/{change}").json() == again


def test_who_saw_another_step_is_refused(bureau: Bureau) -> None:
    change = found(bureau)
    act(bureau["ann"], change, "comment", reason="See the gazette.")
    assert kind(act(bureau["ben"], change, "dismiss", "?number=1", reason="r")) == (409, "case_moved")
    assert act(bureau["ben"], change, "dismiss", "?number=2", reason="r").status == 200


def test_what_is_asked_twice_under_a_key_is_done_once(bureau: Bureau) -> None:
    change, headers = found(bureau), {"idempotency-key": "k-1"}
    first = bureau["ann"].post(f"/v1/changes/{change}/draft", {}, headers)
    again = bureau["ann"].post(f"/v1/changes/{change}/draft", {}, headers)
    assert (first.status, again.status, again.headers["idempotent-replayed"]) == (200, 200, "true")
    assert first.body == again.body
    assert len(bureau["nosy"].get("/v1/drafts").json()["data"]) == 1
    assert kind(bureau["ann"].post(f"/v1/changes/{change}/draft", {"title": "T"}, headers)) == (422, "key_reused")


def test_two_that_are_the_same_are_merged_and_taken_apart(bureau: Bureau) -> None:
    first = found(bureau)
    second = found(bureau, "n-2", source="fr-gov-1", new=law(publisher="Legifrance"))
    assert act(bureau["ann"], second, "merge", into="chg_000000009999", reason="r").codes() == {
        ("/into", "unknown_change")
    }
    assert kind(act(bureau["ann"], second, "merge", into=second, reason="r")) == (409, "not_possible")
    merged = act(bureau["ann"], second, "merge", into=first, reason="The same decree.").json()
    assert (merged["state"], merged["merged_into"]) == ("merged", first)
    told = bureau["nosy"].get(f"/v1/changes/{first}").json()
    assert (told["confidence"], [one["publisher"] for one in told["publications"]]) == (
        "B",
        ["Banque de France", "Legifrance"],
    )
    act(bureau["ann"], second, "reopen", reason="Another decree.")
    told = bureau["nosy"].get(f"/v1/changes/{first}").json()
    assert (told["confidence"], len(told["publications"])) == ("C", 1)


def test_what_the_reader_held_to_be_none_is_listed_and_brought_back(bureau: Bureau) -> None:
    item = publish(bureau.service.ledger, at=NOW)
    none = law(relevance=20, relevant=False, read={"status": "guidance", "draftable": False})
    assert read_all(bureau.service.ledger, none, at=NOW) == ["irrelevant"]
    name = change_id(item.seq)
    assert bureau["nosy"].get("/v1/changes").json()["data"] == []
    (listed,) = bureau["nosy"].get("/v1/changes?state=irrelevant").json()["data"]
    assert (listed["id"], listed["state"], listed["relevance"], listed["number"]) == (name, "irrelevant", 0.02, 0)
    refused = bureau["nosy"].get("/v1/changes?state=irrelevant&domain=sca")
    assert kind(refused) == (422, "parameters_refused")
    shown = bureau["nosy"].get(f"/v1/changes/{name}").json()
    ChangeBody.model_validate(shown)
    assert (shown["possible"], shown["history"]) == (["reopen"], [])
    for step in ("comment", "dismiss"):
        assert kind(act(bureau["ann"], name, step, reason="r")) == (409, "not_possible")
    assert kind(act(bureau["ann"], name, "draft")) == (409, "not_possible")
    back = act(bureau["ann"], name, "reopen", reason="It moves the ceiling.").json()
    assert (back["state"], back["number"], back["history"][0]["step"]) == ("new", 1, "brought_back")
    assert bureau["nosy"].get("/v1/changes?state=irrelevant").json()["data"] == []
    assert [one["id"] for one in bureau["nosy"].get("/v1/changes").json()["data"]] == [name]


# -- a draft of it ------------------------------------------------------------------------------------------------------


def test_a_draft_is_made_on_the_release_in_force_checked_and_bites_on_its_day(bureau: Bureau, hand: Hand) -> None:
    change, held = found(bureau), bureau.held()
    made = draft_of(bureau, change)
    assert hand.seen == [f"{int(change[4:])} {change} {held}"]
    assert (made["ok"], made["problems"], made["draft"]["state"], made["draft"]["base"]) == (True, [], "checked", held)
    assert (made["change"]["state"], made["change"]["draft"]) == ("drafted", made["draft"]["id"])
    assert {one["path"]: one["change"] for one in made["draft"]["files"]} == {RULES: "changed", MANIFEST: "changed"}
    assert made["draft"]["title"] == "Ceiling of small payments"
    assert bureau.held() == held, "nothing that is released was touched"
    (begun,) = [
        one
        for one in bureau["nosy"].get(f"/v1/drafts/{made['draft']['id']}/history").json()["data"]
        if one["event"] == "opened"
    ]
    assert begun["details"]["change"] == change
    draft = bureau.step("ann", made["draft"]["id"], "submit").json()
    assert bureau.step("ann", draft["id"], "approve", content=draft["content"]).status == 409, (
        "never by whoever made it"
    )
    for who in ("ben", "cleo")[: draft["required"]]:
        assert bureau.step(who, draft["id"], "approve", content=draft["content"]).status == 200
    assert bureau.step("cleo", draft["id"], "publish").status == 200
    bureau.watch.look()
    assert bureau.held() == draft["content"]


@pytest.mark.parametrize("status", ["announced", "consultation", "withdrawn", "postponed", "guidance"])
def test_what_is_not_adopted_is_never_drafted(bureau: Bureau, status: str) -> None:
    change = found(bureau, new=law(read={"status": status}))
    assert bureau["nosy"].get(f"/v1/changes/{change}").json()["undraftable"] == [
        f"Its status is {status}: only adopted law becomes a draft."
    ]
    refused = act(bureau["ann"], change, "draft")
    assert kind(refused) == (409, "not_possible")
    assert f"Its status is {status}" in refused.json()["detail"]
    assert bureau["nosy"].get("/v1/drafts").json()["data"] == []


def test_what_cannot_be_drafted_is_told_with_every_reason(bureau: Bureau, hand: Hand) -> None:
    change = found(bureau)
    hand.reasons = ("No day is told.", "Two rows would change.")
    refused = act(bureau["ann"], change, "draft")
    assert kind(refused) == (409, "not_possible")
    assert [one["message"] for one in refused.json()["errors"]] == ["No day is told.", "Two rows would change."]
    hand.reasons, hand.edit = (), lambda text: text
    bureau.service.redraft = None
    assert "nothing that reads" in act(bureau["ann"], change, "draft").json()["detail"]
    assert bureau["nosy"].get(f"/v1/changes/{change}").json()["state"] == "new"


def test_what_was_taken_back_is_drafted_only_once_a_person_has_dismissed_that(bureau: Bureau) -> None:
    change = found(bureau)
    back = found(bureau, "n-2", source="fr-gov-1", new=law(read={"status": "withdrawn", "draftable": False}))
    told = bureau["nosy"].get(f"/v1/changes/{change}").json()
    assert told["undraftable"] == [f"{back} says that it was withdrawn: dismiss that first if it is not so."]
    assert kind(act(bureau["ann"], change, "draft")) == (409, "not_possible")
    assert bureau["nosy"].get("/v1/drafts").json()["data"] == []
    act(bureau["ann"], back, "dismiss", reason="It speaks of another ceiling.")
    assert bureau["nosy"].get(f"/v1/changes/{change}").json()["undraftable"] == []
    assert draft_of(bureau, change)["ok"]


def test_what_the_release_says_already_is_no_draft(bureau: Bureau) -> None:
    change, again = found(bureau), found(bureau, "n-2", source="fr-gov-1")
    made = draft_of(bureau, change)
    draft = bureau.step("ann", made["draft"]["id"], "submit").json()
    for who in ("ben", "cleo")[: draft["required"]]:
        bureau.step(who, draft["id"], "approve", content=draft["content"])
    bureau.step("cleo", draft["id"], "publish")
    bureau.watch.look()
    hand = Hand()
    hand.edit = lambda text: text
    bureau.service.redraft = hand
    refused = act(bureau["ann"], again, "draft")
    assert (refused.status, "says so already" in refused.json()["detail"]) == (409, True)


def test_a_draft_that_its_check_refuses_is_made_and_says_why(bureau: Bureau, hand: Hand) -> None:
    hand.edit = lambda text: text.replace('value: "20.00"', 'value: "twenty"')
    made = draft_of(bureau, found(bureau))
    assert (made["ok"], made["draft"]["state"]) == (False, "draft")
    assert made["problems"][0]["severity"] == "error"


def test_a_draft_that_is_withdrawn_leads_the_change_back(bureau: Bureau) -> None:
    change = found(bureau)
    made = draft_of(bureau, change)
    assert bureau.step("ann", made["draft"]["id"], "withdraw").status == 200
    assert bureau.service.ledger.changes.follow(occasion(NOW))[0] == 1
    told = bureau["nosy"].get(f"/v1/changes/{change}").json()
    assert (told["state"], told["draft"], told["assignee"]) == ("assigned", None, bureau.keys["ann"])
    assert draft_of(bureau, change)["change"]["state"] == "drafted"


def test_the_examples_of_the_document_are_what_the_schemas_say() -> None:
    answers, requests = change_examples.answers(), change_examples.requests()
    for (path, method), answer in answers.items():
        model = {"/v1/changes": ChangePage, "/v1/changes/{change_id}/draft": DraftedChangeBody}.get(path, ChangeBody)
        model.model_validate(answer)
        assert method in ("get", "post")
    paths = describe(bare_app())["paths"]
    steps = {path for path in paths if re.match(r"/v1/changes/\{change_id\}/", path)}
    assert {path for path, _ in requests} == steps
