"""Page 4, review: a change is read, asked of the past, approved by two others, tried, scheduled, and taken back."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.house import House
from tests.browser.lawmaking import Lawmakers, a_day_to_come

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module")
def law(house: House) -> Lawmakers:
    """People who change the law of a house in which payments were made."""
    made = Lawmakers(house)
    made.pay("12.00", "31.00", "45.00", "80.00")
    made.pay("12.00", "45.00", country="DE")
    return made


@pytest.fixture(scope="module")
def watch(house: House):
    """Puts in force what is due, when the test says so."""
    return house.service.watch_law(by_hand=True)


def test_a_change_is_reviewed_from_the_list_to_the_schedule(visit, law):
    draft = law.submitted("Low-value payments: EUR 50")
    visitor = visit("approver")
    page = visitor.go("/reviews")
    page.get_by_role("link", name="Low-value payments: EUR 50", exact=True).click()
    page.get_by_role("heading", level=1, name="Low-value payments: EUR 50").wait_for()
    expect(page.get_by_text("(was EUR 30.00)").first).to_be_visible()
    visitor.accessible()

    page.get_by_role("link", name="What changes").click()
    expect(page.locator("tr.plus", has_text='value: "50"').first).to_be_visible()
    visitor.accessible()
    page.get_by_role("link", name="What it means", exact=True).click()
    expect(page.get_by_text("Decides payments otherwise").first).to_be_visible()
    visitor.accessible()

    page.get_by_role("link", name="On past payments").click()
    assert page.get_by_label("Under the law of the day").input_value() == a_day_to_come()
    page.get_by_role("button", name="Ask past payments").click()
    page.get_by_role("heading", name="What would have been answered otherwise").wait_for(
        timeout=300_000
    )  # a process that gives way to everybody
    matrix = page.get_by_role("table", name="From which outcome to which")
    assert matrix.locator("td.milder").inner_text().startswith("3")
    page.locator("canvas").first.wait_for()
    visitor.accessible()
    visitor.fits()
    page.get_by_role("link", name="EUR 31.00").first.click()
    expect(page.get_by_role("heading", name="As this draft would answer")).to_be_visible()
    expect(page.get_by_text("31.00 EUR <= 50.00 EUR", exact=True)).to_be_visible()
    visitor.accessible()

    page.get_by_role("link", name="Approve", exact=True).click()
    assert "1 more must agree after you" in page.locator("#will").inner_text()
    visitor.accessible()
    page.get_by_label("Why").fill("Art. 16(a) as amended.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Another person must approve it as well.").first).to_be_visible()
    assert page.get_by_role("link", name="Approve", exact=True).count() == 0
    assert law.call("auditor", "GET", f"/v1/drafts/{draft}")["state"] == "submitted"


def test_a_second_person_approves_by_keyboard_alone_and_schedules_in_words(visit, law):
    draft = law.submitted("By keyboard: EUR 42", 42)
    content = law.call("auditor", "GET", f"/v1/drafts/{draft}")["content"]
    law.step("approver", draft, "approve", "Read.", content=content)
    visitor = visit("approver-2")
    page = visitor.go(f"/reviews/{draft}")
    link = page.get_by_role("link", name="Approve", exact=True)
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="What this will do").wait_for()
    assert "Nobody else has to agree after you." in page.locator("#will").inner_text()
    reason, button = page.get_by_label("Why"), page.get_by_role("button", name="Approve")
    for _ in range(60):
        page.keyboard.press("Tab")
        if reason.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.type("The second pair of eyes.")
    for _ in range(10):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_text("You have approved it.").wait_for()

    page.get_by_role("link", name="Schedule", exact=True).click()
    page.get_by_label("Day").fill("2031-01-01")
    page.get_by_label("Day").press("Tab")
    page.get_by_text("From 1 January 2031, 00:00 in the time of Brussels (31 December 2030, 23:00 UTC) on").wait_for()
    visitor.accessible()
    page.get_by_label("Why").fill("With the new year.")
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_text("It is scheduled.").wait_for()
    found = law.call("auditor", "GET", f"/v1/drafts/{draft}")
    assert (found["state"], found["active_from"]) == ("scheduled", "2030-12-31T23:00:00+00:00")
    law.step("approver-2", draft, "withdraw", "Only a test of the schedule.")


def test_whoever_wrote_it_cannot_approve_it_by_button_address_or_interface(visit, law, house):
    draft = law.submitted("Mine: EUR 44", 44)
    content = law.call("auditor", "GET", f"/v1/drafts/{draft}")["content"]
    author = house.key("author-of-both", ("read", "edit", "approve"))
    before = law.call("auditor", "GET", f"/v1/drafts/{draft}")["number"]
    headers = {"Authorization": f"Bearer {author}"}
    with httpx.Client(base_url=house.address, headers=headers, timeout=60) as client:
        own = client.post("/v1/drafts", json={"title": "Written by somebody who may approve"}).json()["id"]
        read = client.get(f"/v1/drafts/{own}/files/EEA/pack.yaml").json()
        text = re.sub(r'version: "[^"]*"', 'version: "2028.1.0"', read["text"], count=1)
        put = client.put(
            f"/v1/drafts/{own}/files/EEA/pack.yaml", json={"text": text}, headers={"if-match": read["etag"]}
        )
        assert put.status_code == 200, put.text
        assert client.post(f"/v1/drafts/{own}/check").json()["ok"]
        handed = client.post(f"/v1/drafts/{own}/submit", json={"reason": "Done."}).json()
        refused = client.post(f"/v1/drafts/{own}/approve", json={"content": handed["content"], "reason": "Mine."})
        assert refused.status_code == 409
    visitor = visit()
    visitor.page.context.add_cookies([{"name": "lexgate_session", "value": author, "url": f"{house.address}/console"}])
    page = visitor.go(f"/reviews/{own}")
    assert page.get_by_role("link", name="Approve", exact=True).count() == 0
    expect(page.get_by_text("another person must approve it").first).to_be_visible()
    page = visitor.go(f"/reviews/{own}/do/approve")
    expect(page.get_by_text("another person must do that")).to_be_visible()
    assert page.get_by_role("button", name="Approve").count() == 0
    form = {"content": content, "reason": "By hand."}
    cookies = {"lexgate_session": house.key("officer")}
    sent = httpx.post(
        f"{house.address}/console/reviews/{draft}/do/approve", data=form, cookies=cookies,
        headers={"Origin": house.address}, timeout=60,
    )  # fmt: skip
    assert sent.status_code == 403
    assert law.call("auditor", "GET", f"/v1/drafts/{draft}")["number"] == before


def test_an_officer_tries_a_change_in_shadow_and_reads_what_would_differ(visit, law, house):
    draft = law.ceiling("In shadow: no payment above EUR 50,000", 50000)
    visitor = visit("officer")
    page = visitor.go(f"/reviews/{draft}")
    page.get_by_role("link", name="Start a shadow").click()
    assert "No payer notices anything." in page.locator("#will").inner_text()
    page.get_by_label("Why").fill("Before it is handed in.")
    page.get_by_role("button", name="Start a shadow").click()
    page.get_by_role("heading", level=1, name="Shadow: In shadow: no payment above EUR 50,000").wait_for()
    law.pay("45.00", "50000.01", "80000.00", domains="aml")
    worker = house.service.shadow_worker()
    trial = page.url.partition("/trials/")[2].partition("?")[0]
    for _ in range(20):
        worker.run_once()
        if law.call("auditor", "GET", f"/v1/trials/{trial}")["summary"]["decisions"] == 3:
            break
    page.reload()
    assert page.get_by_role("table", name="Decisions that would be answered otherwise").locator("tbody tr").count() == 2
    visitor.accessible()
    visitor.fits()
    page.get_by_role("link", name="End the trial").click()
    assert "are not asked of it any more" in page.locator(".will").inner_text()
    page.get_by_label("Why").fill("Seen enough.")
    page.get_by_role("button", name="End the trial").click()
    page.get_by_text("Seen enough.").first.wait_for()


def test_what_is_in_force_is_rolled_back_after_it_was_said_in_words(visit, law, watch):
    draft = law.approved("For a moment: EUR 48", 48)
    visitor = visit("approver")
    page = visitor.go(f"/reviews/{draft}/do/publish")
    said = page.locator("#will").inner_text()
    assert "Within a second, every payment that Lexgate is asked about is decided by this release." in said
    assert "begins on its own day, at midnight of each country" in said
    page.get_by_label("Why").fill("Now.")
    page.get_by_role("button", name="Publish now").click()
    page.get_by_text("It is in force: every process answers by it within a second.").wait_for()
    watch.look()
    page.get_by_role("link", name="Roll back").click()
    said = page.locator("#will").inner_text()
    assert re.search(r"every payment is decided by release 2026\.\d+\.\d+ again", said)
    visitor.accessible()
    page.get_by_label("Why").fill("The regulator takes it back.")
    page.get_by_role("button", name="Roll back").click()
    page.get_by_text("It is rolled back").wait_for()
    watch.look()
    page = visitor.go("/releases")
    expect(page.get_by_text("The regulator takes it back.")).to_be_visible()
    expect(page.get_by_text("Rolled back").first).to_be_visible()
    visitor.accessible()


def test_every_page_fits_a_narrow_dark_screen_and_speaks_chinese(visit, law):
    draft = law.submitted("窄屏: EUR 43", 43)
    visitor = visit("approver", width=390, dark=True, language="zh")
    for path in (
        "/reviews", f"/reviews/{draft}", f"/reviews/{draft}/changes", f"/reviews/{draft}/meaning",
        f"/reviews/{draft}/effect", f"/reviews/{draft}/do/approve", "/trials", "/releases", "/demotions",
        "/reevaluations",
    ):  # fmt: skip
        page = visitor.go(path)
        assert re.search(r"[\u4e00-\u9fff]", page.get_by_role("heading", level=1).inner_text()), path
        visitor.accessible()
        visitor.fits()


def test_without_scripts_a_change_is_sent_back_with_plain_forms(visit, law):
    draft = law.submitted("Plain: EUR 47", 47)
    visitor = visit("approver", scripts=False)
    page = visitor.go(f"/reviews/{draft}")
    page.get_by_label("Say something about it").fill("Where is the recital?")
    page.get_by_role("button", name="Send the remark").click()
    expect(page.get_by_text("Where is the recital?")).to_be_visible()
    page.get_by_role("link", name="Send back").click()
    page.get_by_label("What must be changed").fill("Cite the recital.")
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("It is back with its author")).to_be_visible()
    assert law.call("auditor", "GET", f"/v1/drafts/{draft}")["state"] == "draft"


def test_an_auditor_reads_everything_and_is_offered_nothing(visit, law):
    draft = law.submitted("Read only: EUR 41", 41)
    page = visit("auditor").go(f"/reviews/{draft}")
    expect(page.get_by_text("There is nothing for you to do here.")).to_be_visible()
    assert page.locator("main form").count() == 0
    assert page.locator("a[href*='/do/']").count() == 0
