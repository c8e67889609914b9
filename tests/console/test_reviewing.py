"""The pages of reviews, trials and releases without a browser: who sees what, and what is said before it is done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.console.lines_apart import differing
from api.console.reviewing.effect import matrix, stricter_and_milder
from api.console.reviewing.moments import NoSuchMoment, moment
from api.console.reviewing.texts import leaves
from tests.api.bureau import MANIFEST, RULES, Bureau
from tests.api.client import Client
from tests.api.conftest import make_client  # noqa: F401  a fixture

ORIGIN = "http://lexgate.test"


@pytest.fixture
def bureau(tmp_path: Path, make_client: Callable[..., Client]) -> Iterator[Bureau]:  # noqa: F811
    made = Bureau(tmp_path, make_client)
    yield made
    made.service.close()


class Desk:
    """Somebody at the pages of one service, without a browser."""

    def __init__(self, bureau: Bureau, who: str) -> None:
        self._app = create_app(bureau.service)
        self._cookies = {"lexgate_session": str(bureau[who].secret)}

    def get(self, path: str) -> httpx.Response:
        return self._ask("GET", path)

    def send(self, path: str, **form: str) -> httpx.Response:
        return self._ask("POST", path, form)

    def _ask(self, method: str, path: str, form: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, cookies=self._cookies) as client:
                return await client.request(method, f"/console{path}", data=form, headers={"origin": ORIGIN})

        return asyncio.run(ask())


def offered(answer: httpx.Response) -> list[str]:
    """The steps that a page about a draft offers."""
    return re.findall(r"/do/([a-z-]+)\"", answer.text)


# -- who sees what --------------------------------------------------------------------------------------------------------


def test_what_waits_is_shown_to_those_who_may_decide_and_not_to_whoever_wrote_it(bureau: Bureau) -> None:
    draft = bureau.submitted()
    assert "Waits for approval" in Desk(bureau, "cleo").get("/reviews").text
    assert "Nothing waits for you" in Desk(bureau, "ann").get("/reviews").text
    assert draft["id"] in Desk(bureau, "ann").get("/reviews?view=mine").text


@pytest.mark.parametrize(
    ("who", "steps"),
    [
        ("cleo", ["approve", "send-back", "withdraw"]),
        ("ann", ["send-back", "shadow", "withdraw"]),
        ("nosy", []),
        ("root", ["approve", "send-back", "withdraw", "break-glass"]),
    ],
)
def test_only_what_somebody_may_do_is_offered(bureau: Bureau, who: str, steps: list[str]) -> None:
    assert offered(Desk(bureau, who).get(f"/reviews/{bureau.submitted()['id']}")) == steps


def test_whoever_wrote_it_neither_sees_the_button_nor_gets_through_by_its_address(bureau: Bureau) -> None:
    draft, ann = bureau.submitted(), Desk(bureau, "ann")
    asked = ann.get(f"/reviews/{draft['id']}/do/approve")
    assert "another person must do that" in asked.text
    assert "<textarea" not in asked.text
    sent = ann.send(f"/reviews/{draft['id']}/do/approve", content=draft["content"], reason="Mine.")
    assert sent.status_code == 409
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["approvals"] == []


def test_whoever_only_reads_gets_through_nowhere(bureau: Bureau) -> None:
    draft, nosy = bureau.submitted(), Desk(bureau, "nosy")
    path = f"/reviews/{draft['id']}"
    for address, form in (
        (f"{path}/do/approve", {"content": draft["content"], "reason": "r"}),
        (f"{path}/do/withdraw", {"reason": "r"}), (f"{path}/remarks", {"reason": "r"}), (f"{path}/effect", {}),
        (f"/releases/{bureau.held()}/do/rollback", {"reason": "r"}),
    ):  # fmt: skip
        assert nosy.send(address, **form).status_code == 403, address
    assert "<textarea" not in nosy.get(path).text
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["number"] == draft["number"]


# -- what is said before it is done ---------------------------------------------------------------------------------------


def test_a_change_is_approved_scheduled_and_taken_back_through_the_pages(bureau: Bureau) -> None:
    draft, cleo = bureau.submitted(), Desk(bureau, "cleo")
    path = f"/reviews/{draft['id']}"
    words = cleo.get(f"{path}/do/approve").text
    assert "Nobody else has to agree after you." in words
    assert "No payment is decided otherwise yet" in words
    sent = cleo.send(f"{path}/do/approve", content=draft["content"], reason="As the text says.", once="one")
    assert (sent.status_code, sent.headers["location"]) == (303, f"/console{path}?done=approve")
    day = (bureau.now + timedelta(days=40)).date().isoformat()
    said = cleo.get(f"{path}/do/schedule?day={day}&time=00:00&zone=Europe/Paris").text
    assert "in the time of Paris" in said
    assert "every payment that Lexgate is asked about is decided by this release" in said
    done = cleo.send(f"{path}/do/schedule", day=day, time="00:00", zone="Europe/Paris", reason="New year.")
    assert done.status_code == 303
    scheduled = bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()
    assert scheduled["active_from"].startswith((bureau.now + timedelta(days=39)).date().isoformat() + "T23:00")
    assert "taken off the schedule" in cleo.get(f"{path}/do/withdraw").text
    cleo.send(f"{path}/do/withdraw", reason="Not yet.")
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["state"] == "withdrawn"


def test_an_instant_that_is_over_is_refused_in_words_and_nothing_typed_is_lost(bureau: Bureau) -> None:
    draft, cleo = bureau.submitted(), Desk(bureau, "cleo")
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    sent = cleo.send(
        f"/reviews/{draft['id']}/do/schedule", day="2026-11-01", time="00:00", zone="UTC", reason="A long reason."
    )
    assert sent.status_code == 409
    assert "Nothing goes in force in the past" in sent.text
    assert "A long reason." in sent.text


def test_what_is_changed_after_it_was_looked_at_is_not_approved(bureau: Bureau) -> None:
    draft, cleo = bureau.submitted(), Desk(bureau, "cleo")
    bureau.change("ann", draft["id"], RULES, "No codes by text message, 1", "No codes by text message, ever")
    bureau["ann"].post(f"/v1/drafts/{draft['id']}/check")
    bureau.step("ann", draft["id"], "submit")
    sent = cleo.send(f"/reviews/{draft['id']}/do/approve", content=draft["content"], reason="Read it.")
    assert sent.status_code == 409
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["approvals"] == []


def test_a_rollback_says_what_it_will_put_in_force(bureau: Bureau) -> None:
    before = bureau["nosy"].get("/v1/releases").json()["data"][0]["version"]
    draft, dan = bureau.published(), Desk(bureau, "dan")
    said = dan.get(f"/reviews/{draft['id']}/do/rollback").text
    assert f"every payment is decided by release {before} again" in said
    assert dan.send(f"/reviews/{draft['id']}/do/rollback", reason="The regulator takes it back.").status_code == 303
    bureau.watch.look()
    assert bureau.held() == draft["base"]
    assert "Rolled back" in dan.get("/releases").text


def test_broken_glass_says_so_and_another_person_reviews_it(bureau: Bureau) -> None:
    draft, root, cleo = bureau.submitted(), Desk(bureau, "root"), Desk(bureau, "cleo")
    path = f"/reviews/{draft['id']}"
    assert "nobody but you has agreed to" in root.get(f"{path}/do/break-glass").text
    assert root.send(f"{path}/do/break-glass", content=draft["content"], reason="Night.").status_code == 303
    bureau.watch.look()
    assert "Nobody has reviewed it afterwards yet." in cleo.get(path).text
    assert draft["id"] in cleo.get("/reviews").text
    cleo.send(f"{path}/do/review", reason="It was needed.")
    assert bureau["nosy"].get(f"/v1/drafts/{draft['id']}").json()["reviewed_by"] == bureau.keys["cleo"]


def test_a_canary_says_how_many_payers_and_when_it_is_withdrawn(bureau: Bureau) -> None:
    draft, cleo = bureau.submitted(), Desk(bureau, "cleo")
    bureau.step("cleo", draft["id"], "approve", content=draft["content"])
    path = f"/reviews/{draft['id']}/do/canary"
    said = cleo.get(f"{path}?share=10&block=1&challenge=3&minimum=500").text
    assert "about 10 percent of the payers" in said
    assert "more than 1 points" in said
    refused = cleo.send(path, share="60", block="1", challenge="3", minimum="500", reason="Try it.")
    assert (refused.status_code, "0.01 to 50 percent" in refused.text) == (422, True)
    begun = cleo.send(path, share="10", block="1", challenge="3", minimum="500", reason="Try it.")
    trial = bureau["nosy"].get("/v1/trials").json()["data"][0]
    assert begun.headers["location"].startswith(f"/console/trials/{trial['id']}")
    assert trial["guardrail"]["bands"][0] == {"outcome": "block", "up": "1.00", "down": "1.00"}
    shown = cleo.get(f"/trials/{trial['id']}").text
    assert "Too few decisions to judge" in shown
    assert "everybody is answered by the release in force again" in cleo.get(f"/trials/{trial['id']}/end").text
    assert cleo.send(f"/trials/{trial['id']}/end", reason="Seen enough.").status_code == 303
    assert "Seen enough." in cleo.get(f"/trials/{trial['id']}").text


def test_a_draft_that_the_law_has_overtaken_is_brought_up_to_date(bureau: Bureau) -> None:
    late = bureau.submitted(1)
    bureau.published(2)
    path, ann = f"/reviews/{late['id']}", Desk(bureau, "ann")
    assert "Another release is in force than this was made of" in ann.get(path).text
    assert "put upon the release in force" in ann.get(f"{path}/do/rebase").text
    assert ann.send(f"{path}/do/rebase").status_code == 303
    assert "To be settled by hand" in ann.get(path).text


# -- what is read ----------------------------------------------------------------------------------------------------------


def test_a_change_is_read_in_sentences_in_its_meaning_and_line_by_line(bureau: Bureau) -> None:
    draft = bureau.open()
    bureau.change("ann", draft, RULES, 'value: "20.00"', 'value: "15.00"')
    bureau.change("ann", draft, MANIFEST, 'version: "2026.1.0"', 'version: "2026.2.0"')
    nosy = Desk(bureau, "nosy")
    text = nosy.get(f"/reviews/{draft}/changes").text
    assert "what a statute says" in text
    assert re.search(r'class="minus".*20\.00.*class="plus".*15\.00', text, re.DOTALL)
    assert "Decides payments otherwise" in nosy.get(f"/reviews/{draft}/meaning").text
    bureau.change("ann", draft, RULES, "domain: sca", "domain: [")
    for tab in ("changes", "meaning"):
        assert "cannot be read as it stands" in nosy.get(f"/reviews/{draft}/{tab}").text
    assert nosy.get(f"/reviews/{draft}").status_code == 200


def test_any_two_releases_are_compared_and_one_is_taken_out_as_a_file(bureau: Bureau) -> None:
    before, draft, nosy = bureau.held(), bureau.published(), Desk(bureau, "nosy")
    assert "No codes by text message" in nosy.get(f"/releases/compare?was={before}&now={draft['content']}").text
    taken = nosy.get(f"/releases/{draft['content']}/export")
    assert taken.headers["content-disposition"].startswith('attachment; filename="lexgate-')
    assert taken.json()["format"] == "lexgate-signed-release/1"
    assert "was in force" in nosy.get(f"/releases/{before}").text


@pytest.mark.parametrize("path", ["/reviews?view=nonsense", "/trials", "/releases", "/demotions", "/reevaluations"])
def test_every_list_is_there_when_it_is_empty(bureau: Bureau, path: str) -> None:
    assert Desk(bureau, "nosy").get(path).status_code == 200


@pytest.mark.parametrize("path", ["/reviews/drf_none", "/trials/trl_none", f"/releases/sha256:{'0' * 64}"])
def test_what_is_not_there_is_said_so(bureau: Bureau, path: str) -> None:
    assert Desk(bureau, "nosy").get(path).status_code == 404


# -- parts ------------------------------------------------------------------------------------------------------------------


def test_a_time_that_clocks_skip_is_no_instant() -> None:
    assert moment("2027-01-01", "00:00", "Europe/Berlin").utc.isoformat() == "2026-12-31T23:00:00+00:00"
    assert moment("2027-03-28", "01:59", "Europe/Berlin").utc.isoformat() == "2027-03-28T00:59:00+00:00"
    for day, time, zone in (
        ("2027-03-28", "02:30", "Europe/Berlin"), ("2027-02-30", "00:00", "UTC"), ("2027-01-01", "00:00", "Mars/North"),
        ("2027-01-01", "00:00+01:00", "UTC"),
    ):  # fmt: skip
        with pytest.raises(NoSuchMoment):
            moment(day, time, zone)


def test_lines_are_told_apart_and_numbered_on_both_sides() -> None:
    found = differing("a\nb\nc\n", "a\nB\nc\nd\n")
    told = [(one.sign, one.before, one.after, one.text) for one in found.lines if one.sign in "+-"]
    assert told == [("-", 2, None, "b"), ("+", None, 2, "B"), ("+", None, 4, "d")]
    assert (found.added, found.removed, found.cut) == (2, 1, False)


def test_leaves_of_a_record_are_told_by_their_paths() -> None:
    was, now = {"when": {"text": "a"}, "same": 1}, {"when": {"text": "b"}, "same": 1}
    assert [(one.name, one.was, one.now) for one in leaves(was, now, ["when.text"])] == [("when.text", "a", "b")]
    assert [one.name for one in leaves(None, {"id": "x", "note": ""}, [])] == ["id"]


def test_a_matrix_tells_stricter_from_milder() -> None:
    moved = [("allow", "allow", 7), ("allow", "block", 2), ("review", "allow", 3)]
    result: dict[str, Any] = {"outcomes": [{"was": was, "now": now, "payments": count} for was, now, count in moved]}
    assert stricter_and_milder(result) == (2, 3)
    outcomes, rows = matrix(result)
    assert outcomes == ["allow", "review", "block"]
    assert [(cell.payments, cell.way) for cell in dict(rows)["allow"]] == [
        (7, "same"),
        (0, "stricter"),
        (2, "stricter"),
    ]


def test_a_line_that_begins_with_dashes_is_a_line_like_any_other() -> None:
    found = differing("a\n-- note\nb\n", "a\nb\n++ note\n")
    assert [(line.sign, line.text) for line in found.lines if line.sign in "+-"] == [("-", "-- note"), ("+", "++ note")]
