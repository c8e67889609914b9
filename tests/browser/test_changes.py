"""What regulators published, in a real browser: the queue, the evidence, and the way from a feed to a draft."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.published import publish

pytestmark = pytest.mark.untraced
LIMIT = "Higher limit for low-value remote payments"


@pytest.fixture(scope="module")
def read(house: House) -> House:
    """What two regulators publish was fetched and read."""
    came = publish(house, "European Banking Authority", "SARS", "FATF")
    assert came["change"] >= 8
    return house


def _change(house: House, words: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = house.api.get("/v1/changes", params={"q": words}).json()["data"]
    assert len(found) == 1, [one["title"] for one in found]
    return found[0]


def test_a_feed_change_becomes_a_draft(visit, read):
    """The journey: from the first page to the queue, to the evidence, to a draft that is checked and waits for others."""
    visitor = visit("officer")
    page = visitor.go("")
    page.get_by_role("link", name=re.compile("changes nobody has taken on")).click()
    page.get_by_label("Words of the title").fill("low-value remote")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile(LIMIT)).click()
    assert page.get_by_role("heading", level=1).inner_text().startswith(LIMIT)
    visitor.accessible()
    marks = {one.get_attribute("title"): one.inner_text() for one in page.locator(".evidence-text mark").all()}
    said = {title.partition(";")[0]: text for title, text in marks.items() if title}
    assert said["day: applies from"].startswith("1 June 2027")
    assert "EUR 30" in page.locator(".evidence-text mark.ev-pair").all_inner_texts()[0]
    assert "EUR 40" in page.locator(".proposal-change").inner_text()
    page.get_by_role("button", name="Make a draft", exact=True).click()
    page.wait_for_url(re.compile(r"/console/drafts/drf_"))
    visitor.expected.append("404")
    change = _change(read, "low-value remote")
    draft = read.api.get(f"/v1/drafts/{change['draft']}").json()
    assert (change["state"], draft["state"]) == ("drafted", "checked")
    assert [one["path"] for one in draft["files"]] == [
        "EEA/pack.yaml",
        "EEA/sca/exemptions.yaml",
        "EEA/sca/limits.yaml",
    ]
    page = visitor.go(f"/changes/{change['id']}")
    assert page.get_by_role("link", name=change["draft"]).get_attribute("href") == f"/console/drafts/{change['draft']}"
    assert page.get_by_role("button", name="Make a draft", exact=True).count() == 0, "once is enough"


def test_it_is_taken_on_by_keyboard_remarked_dismissed_and_reopened(visit, read):
    change = _change(read, "Budget 2027")
    visitor = visit("officer")
    page = visitor.go(f"/changes/{change['id']}")
    assert "No draft can be made of it" in page.locator("#steps").inner_text()
    page.get_by_role("button", name="Take it on").focus()
    page.keyboard.press("Enter")
    page.get_by_text("It is yours to work on.").wait_for()
    page.get_by_text("Remark on it").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Only a plan: the Rates Bill is awaited.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your remark is kept with the change.").wait_for()
    assert "the Rates Bill is awaited" in page.locator("#history").inner_text()
    page.get_by_text("Dismiss it").click()
    page.get_by_label("Why nothing is to be done").fill("Parliament has not passed it.")
    page.get_by_role("button", name="Dismiss", exact=True).click()
    page.get_by_text("Dismissed. It stays here with your reason").wait_for()
    page.get_by_label("Why it must be looked at again").fill("Passed after all.")
    page.get_by_role("button", name="Reopen").click()
    page.get_by_text("It is looked at again.").wait_for()
    history = read.api.get(f"/v1/changes/{change['id']}").json()["history"]
    steps = [one["step"] for one in history if one["actor"] != "system"]
    assert steps == ["assigned", "commented", "dismissed", "reopened"]


def test_what_moved_meanwhile_is_told_and_nothing_typed_is_lost(visit, read):
    change = _change(read, "cumulative contactless")
    visitor = visit("officer")
    visitor.expected.append("409")
    page = visitor.go(f"/changes/{change['id']}")
    page.get_by_text("Remark on it").click()
    page.get_by_label("Your remark").fill("Nothing to do for us.")
    read.api.post(f"/v1/changes/{change['id']}/comment", json={"reason": "I was first."})
    page.get_by_role("button", name="Keep the remark").click()
    assert "decide on what is there now" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Your remark").input_value() == "Nothing to do for us."
    assert "I was first." in page.locator("#history").inner_text()
    visitor.accessible()
    page.get_by_role("button", name="Keep the remark").click()
    page.get_by_text("Your remark is kept with the change.").wait_for()


def test_two_that_say_the_same_are_merged(visit, read):
    first, other = _change(read, "consults on a higher limit"), _change(read, "will not amend")
    visitor = visit("officer")
    page = visitor.go(f"/changes/{other['id']}")
    page.get_by_text("Merge it into another").click()
    page.get_by_label("The same as").select_option(first["id"])
    page.get_by_label("Why they are the same").fill("The same consultation, told twice.")
    page.get_by_role("button", name="Merge", exact=True).click()
    page.get_by_text("It is the same as another change").wait_for()
    expect(page.get_by_role("link", name=first["id"])).to_be_visible()
    page = visitor.go(f"/changes/{first['id']}")
    assert other["id"] in page.locator("#sources").inner_text()


def test_what_takes_another_back_is_told_on_both(visit, read):
    plan, back = _change(read, "Budget 2027"), _change(read, "VAT increase reversed")
    assert back["corrects"] == plan["id"]
    visitor = visit("auditor")
    page = visitor.go(f"/changes/{back['id']}")
    expect(page.locator("main > .notice", has_text="takes back an earlier change")).to_be_visible()
    page.get_by_role("link", name=plan["id"]).click()
    expect(page.locator("main > .notice", has_text="Something later mends this")).to_be_visible()
    expect(page.get_by_role("link", name=back["id"]).first).to_be_visible()


def test_who_may_not_edit_sees_no_step_and_gets_none_through(visit, read):
    change = _change(read, "Increased Monitoring")
    visitor = visit("auditor")
    page = visitor.go(f"/changes/{change['id']}")
    assert page.locator("#steps").count() == 0
    assert page.locator("main form").count() == 0
    visitor.accessible()
    visitor.expected.append("403")
    answer = page.request.post(
        f"{read.address}/console/changes/{change['id']}/draft", form={}, headers={"Origin": read.address}
    )
    assert answer.status == 403
    with read.as_("auditor") as api:
        assert api.post(f"/v1/changes/{change['id']}/draft", json={}).status_code == 403
    assert _change(read, "Increased Monitoring")["state"] == "new"


def test_the_queue_is_narrowed_and_what_was_held_to_be_none_is_brought_back(visit, read):
    visitor = visit("officer", width=390, dark=True)
    page = visitor.go("/changes?state=all")
    visitor.accessible()
    visitor.fits()
    page.get_by_label("Place").fill("za")
    page.get_by_role("button", name="Search").click()
    assert page.locator(".queue h2").count() == 2
    page.get_by_label("Place").fill("zz zz")
    visitor.expected.append("422")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("link", name="Held to be none").click()
    page.locator(".queue a").first.click()
    page.get_by_label("Why it must be looked at again").fill("It names a new duty.")
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_text("It is looked at again.").wait_for()
    visitor.accessible()
    visitor.fits()
