"""The first page and the queue of changes as text: what each person sees, and what no form gets through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.console import marking, world
from api.console.pages import today
from engine.ledger import NewReading
from tests.api import test_changes as desk
from tests.api.bureau import NOW
from tests.api.test_changes import Hand, act, found
from tests.console.rooms import Rooms

CHANGE = re.compile(r"/console/changes/(chg_\d+)")
_TARGET = {
    "id": "FR/sca/small_max", "place": "FR", "domain": "sca", "name": "small_max", "label": "small payments",
    "kind": "parameter", "path": "FR/sca.yaml", "line": 3,
}  # fmt: skip
_PROPOSAL = {
    "action": "set", "target": _TARGET, "old": "20.00", "new": "25.00", "unit": "EUR", "places": [], "also": [],
    "effective": "2027-01-01", "direction": "milder", "status": "in_force_scheduled", "confidence": "C", "hindrances": [],
    "countries": ["FR"], "rules": ["FR/sca.small"], "deadline": "2027-01-01T00:00:00+01:00", "days_left": 36,
    "overdue": False, "estimate": None, "steps": [{"by": "2026-11-27", "code": "draft", "words": "Make a draft of it"}],
}  # fmt: skip
BODY = {
    **desk.BODY,
    "links": [
        {"target": _TARGET, "score": 0.9, "reasons": [{"code": "value", "words": "20 is what it is", "span": None}]}
    ],
    "proposals": [_PROPOSAL],
    "impact": _PROPOSAL,
}
"""As `ingest` tells it."""


def law(**more: Any) -> NewReading:
    return desk.law(**{"body": BODY, **more})


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    made = Rooms(tmp_path)
    made.bureau.service.redraft = Hand()
    yield made
    made.close()


# -- the first page ------------------------------------------------------------------------------------------------------


def test_an_idle_house_is_taught_what_will_stand_here(rooms: Rooms) -> None:
    page = rooms.text("nosy", "")
    assert "Nobody watches the regulators: no ingester has run yet" in page
    assert "POST /v1/preflight" in page
    assert "lexgate ingest run" in page
    assert "No dated rule or value turns in these days" in page


def test_only_those_who_may_approve_see_what_waits_for_approval(rooms: Rooms) -> None:
    draft = rooms.bureau.submitted()
    seen = {who: rooms.text(who, "") for who in ("ann", "cleo", "nosy")}
    assert f"/console/reviews/{draft['id']}" in seen["cleo"]
    assert "drafts wait for your approval" in seen["cleo"]
    assert f"/console/reviews/{draft['id']}" not in seen["ann"], "she wrote it"
    assert "nobody approves what they wrote" in seen["ann"]
    assert "Waiting for your approval" not in seen["nosy"]


def test_what_must_be_followed_soon_is_urgent(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law(read={"effective": NOW.date() + timedelta(days=2)}))
    page = rooms.text("nosy", "")
    assert "changes of the law apply within 72 hours, and are not released" in page
    assert page.index(f"/console/changes/{change}") > 0
    assert "urgent" in page


def test_the_part_that_lives_is_the_part_alone(rooms: Rooms) -> None:
    part = rooms["nosy"].get("/console/today/live", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert 'id="attention"' in part
    map_part = rooms["nosy"].get("/console/today/map?map=tax", headers={"hx-request": "true"}).text
    assert map_part.count("<section") == 1
    assert 'aria-current="true"' in map_part
    whole = rooms["nosy"].get("/console/today/map?map=tax")
    assert (whole.status_code, whole.headers["location"]) == (303, "/console?map=tax")


def test_who_is_not_signed_in_is_asked_to(rooms: Rooms) -> None:
    rooms["nosy"].browser.cookies.clear()
    answer = rooms["nosy"].get("/console/changes")
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/sign-in?then=%2Fconsole%2Fchanges")


@pytest.mark.parametrize("query", ["?hours=7&days=1", "?map=everything", "?hours=<script>"])
def test_odd_addresses_show_the_usual_page(rooms: Rooms, query: str) -> None:
    page = rooms.text("nosy", query)
    assert "What bites in the next 30 days" in page
    assert "<script>" not in page


def test_the_numbers_above_the_plots_are_those_of_the_points() -> None:
    def point(number: int) -> dict[str, object]:
        return {"at": "2026-11-26T09:00:00+00:00", "decisions": number, "outcomes": {"block": number}}

    traffic = {
        "total": 60, "total_before": 50, "step_minutes": 1, "outcomes": {"block": 60},
        "points": [point(n) for n in (0, 10, 10, 10, 10, 10, 10)],
    }  # fmt: skip
    told = today.numbers({"traffic": traffic, "latency": {"points": []}})
    assert told == {"total": 60, "change": 20, "rate": 10.0, "blocked": 100.0, "p99": None, "p50": None}
    nothing = {**traffic, "total": 0, "total_before": 0}
    assert today.numbers({"traffic": nothing, "latency": {"points": []}})["change"] is None


def test_the_map_draws_every_country_and_counts_each_once() -> None:
    cell = {"typical": "A", "weakest": "B", "level": "little", "entries": 2}
    empty = {"typical": None, "weakest": None, "level": "none", "entries": 0}
    countries = [
        {"country": "FR", "name": "France", "domains": {"tax": cell}},
        {"country": "AD", "name": "Andorra", "domains": {"tax": empty}},
    ]
    shapes = {one.shape.code: one for one in world.drawn(countries, "tax")}
    assert (shapes["FR"].grade, shapes["FR"].pale, shapes["AD"].grade) == ("A", True, "none")
    assert shapes["DE"].grade == "unclaimed", "nobody told of it"
    assert world.counted(countries, "tax") == {"A": 1, "B": 0, "C": 0, "R": 0, "none": 1}


# -- a text and its pieces -------------------------------------------------------------------------------------------------


def test_pieces_put_together_are_the_text_and_the_weightiest_gives_the_look() -> None:
    text = "from EUR 20 to EUR 25 on 1 May"
    spans = [
        {"start": 5, "end": 21, "what": "pair"},
        {"start": 5, "end": 11, "what": "number"},
        {"start": 25, "end": 99, "what": "date.applies"},
        {"start": 7, "end": 7, "what": "place"},
    ]
    parts = marking.pieces(text, spans)
    assert "".join(one.text for one in parts) == text
    assert [(one.text, one.kind) for one in parts if one.kind] == [
        ("EUR 20", "pair"), (" to EUR 25", "pair"), ("1 May", "date"),
    ]  # fmt: skip
    assert parts[1].what == ("pair", "number")
    assert marking.legend(parts) == ["pair", "date"]


@pytest.mark.parametrize(
    ("quote", "kind"), [("12 %", "rate"), ("EUR 30", "money"), ("30 EUR", "money"), ("€ 5", "money"), ("5", "number")]
)
def test_a_number_is_money_or_a_rate_where_its_words_say_so(quote: str, kind: str) -> None:
    assert marking.kind_of("number", quote) == kind


# -- changes ---------------------------------------------------------------------------------------------------------------


def _number(rooms: Rooms, change: str) -> str:
    return str(rooms.bureau["nosy"].get(f"/v1/changes/{change}").json()["number"])


def test_a_change_becomes_a_draft_by_a_plain_form(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    page = rooms.text("ann", f"/changes/{change}")
    form = {"number": _number(rooms, change), "once": "once-1", "title": "Ceiling: EUR 25"}
    assert "Make a draft" in page
    first = rooms["ann"].post(f"/console/changes/{change}/draft", data=form)
    again = rooms["ann"].post(f"/console/changes/{change}/draft", data=form)
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"]), "sent twice, made once"
    draft = rooms.bureau["nosy"].get(f"/v1{first.headers['location'].removeprefix('/console')}").json()
    assert draft["title"] == "Ceiling: EUR 25"


def test_who_may_only_read_sees_no_form_and_sends_none(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    assert "<form" not in rooms.text("nosy", f"/changes/{change}").partition("<main")[2].partition("</main")[0]
    for step in ("assign", "comment", "dismiss", "merge", "reopen", "draft"):
        answer = rooms["nosy"].post(f"/console/changes/{change}/{step}", data={"reason": "r", "number": "1"})
        assert answer.status_code == 403, step
    assert _number(rooms, change) == "1"


def test_what_moved_meanwhile_keeps_what_was_typed(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    act(rooms.bureau["ben"], change, "assign")
    answer = rooms["ann"].post(f"/console/changes/{change}/dismiss", data={"reason": "Known & done.", "number": "1"})
    assert answer.status_code == 409
    assert "Known &amp; done." in answer.text
    assert 'name="number" value="2"' in answer.text, "the next try is about what is there now"


def test_a_reason_that_is_missing_is_asked_for(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    answer = rooms["ann"].post(f"/console/changes/{change}/dismiss", data={"reason": " ", "number": "1"})
    assert answer.status_code == 422
    assert "/reason" in answer.text


def test_what_another_has_is_taken_over_with_a_reason_and_put_back(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    act(rooms.bureau["ben"], change, "assign")
    assert "Why you take it over" in rooms.text("ann", f"/changes/{change}")
    form = {"number": "2", "take_reason": "Ben is away."}
    assert rooms["ann"].post(f"/console/changes/{change}/assign", data=form).status_code == 303
    assert "You have it." in rooms.text("ann", f"/changes/{change}")
    rooms["ann"].post(f"/console/changes/{change}/assign", data={"number": "3", "back": "1"})
    told = rooms.bureau["nosy"].get(f"/v1/changes/{change}").json()
    assert (told["state"], told["assignee"]) == ("new", None)


def test_what_a_publisher_writes_is_text_and_links_only_where_it_is_an_address(rooms: Rooms) -> None:
    bad = {"title": "<script>alert(1)</script> & more"}
    change = found(rooms.bureau, new=law(read=bad))
    for path in ("/changes", f"/changes/{change}", ""):
        page = rooms.text("ann", path)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
        assert 'href="javascript:' not in page


def test_the_queue_is_narrowed_by_its_address_and_mine_means_mine(rooms: Rooms) -> None:
    first = found(rooms.bureau, new=law())
    plan = found(rooms.bureau, "n-2", new=law(read={"status": "announced", "effective": None, "title": "A plan"}))
    act(rooms.bureau["ann"], plan, "assign")
    for query, wanted in {
        "": [first],
        "?state=all": [plan, first],
        "?state=all&order=oldest": [first, plan],
        "?state=assigned&assignee=me": [plan],
        "?state=all&jurisdiction=fr&q=plan": [plan],
        "?state=nonsense": [first],
        "?state=done": [],
    }.items():
        assert list(dict.fromkeys(CHANGE.findall(rooms.text("ann", f"/changes{query}")))) == wanted, query
    assert CHANGE.findall(rooms.text("ben", "/changes?state=assigned&assignee=me")) == []
    assert "Nothing fits this search" in rooms.text("ann", "/changes?q=zzz")


def test_a_search_that_cannot_be_is_told(rooms: Rooms) -> None:
    page = rooms.text("ann", "/changes?effective_before=soon", 422)
    assert "effective_before" in page


def test_there_is_no_other_step_and_no_other_change(rooms: Rooms) -> None:
    change = found(rooms.bureau, new=law())
    assert rooms["ann"].post(f"/console/changes/{change}/found", data={"number": "1"}).status_code == 404
    assert rooms.text("ann", "/changes/chg_000000009999", 404)
    assert rooms.text("ann", "/changes/nothing", 422)
