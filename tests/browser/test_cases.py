"""Cases in a real browser: what was found, who works on it, two people for what is grave, and nothing that is typed is lost."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import expect

from tests.browser import caseroom
from tests.browser.looking import Visitor

pytestmark = pytest.mark.untraced
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def made(house):
    return caseroom.fill(house)


def case(house, **more) -> tuple[str, str]:
    """A case of a subject that no other test speaks of: its id, and the subject."""
    subject = f"s-{next(_numbers)}"
    alert = caseroom.told_of(house, subject, **more)
    return caseroom.tell(house, alert), subject


def claim(visitor: Visitor, case_id: str) -> None:
    visitor.go(f"/cases/{case_id}")
    visitor.page.get_by_role("button", name="Claim the case").click()
    visitor.page.get_by_text("The case is yours.").wait_for()


PAGES = (
    "/cases",
    "/cases?view=decided",
    "/cases/{match}",
    "/cases/{pattern}",
    "/obligations",
    "/merchants",
    "/merchants/m-9",
)


@pytest.mark.parametrize(("width", "dark", "language"), [(1440, False, "en"), (390, True, "zh")])
def test_every_page_is_accessible_and_fits(visit, made, width, dark, language):
    visitor = visit("analyst", width=width, dark=dark, language=language)
    for path in PAGES:
        visitor.go(re.sub(r"\{(\w+)\}", lambda name: made[name[1]], path))
        visitor.accessible()
        visitor.fits()


def test_the_queue_is_narrowed_by_view_and_subject(visit, house, made):
    _, subject = case(house, severity="high")
    visitor = visit("analyst")
    page = visitor.go("/cases")
    page.get_by_role("link", name="High severity").click()
    expect(page.get_by_role("link", name=subject)).to_be_visible()
    page.get_by_label("Subject", exact=True).fill(subject)
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.locator("tbody tr").count() == 1
    page.get_by_role("link", name="Show everything").click()
    assert page.locator("tbody tr").count() > 1


def test_one_person_decides_on_what_is_not_grave(visit, house, made):
    case_id, _ = case(house)
    visitor = visit("analyst")
    claim(visitor, case_id)
    page = visitor.page
    page.get_by_text("Write a note").click()
    page.get_by_label("Note", exact=False).fill("Asked the branch for the contract of sale.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("Asked the branch for the contract of sale.")).to_be_visible()
    page.get_by_role("radio", name="Explained").check()
    page.locator("form[action$='/decision']").get_by_label("Why").fill("A house was sold.")
    page.get_by_role("button", name="Keep what I came to").click()
    page.get_by_text("What you came to was kept.").wait_for()
    expect(page.locator("#now").get_by_text("Decided by you")).to_be_visible()
    history = page.locator("#history li")
    assert [text.split(" by ")[0] for text in history.locator("p:first-child").all_inner_texts()] == [
        "Settled", "Note", "Claimed", "Case opened",
    ]  # fmt: skip
    page.get_by_text("Look at it again").click()
    page.get_by_label("Why it is reopened").fill("The deed was forged.")
    page.get_by_role("button", name="Reopen the case").click()
    expect(page.get_by_role("button", name="Claim the case")).to_be_visible()


def test_a_report_takes_a_second_person_and_never_the_first(visit, house, made):
    case_id, _ = case(house)
    first = visit("analyst")
    claim(first, case_id)
    page = first.page
    page.get_by_role("radio", name="Report the suspicion").check()
    page.locator("form[action$='/decision']").get_by_label("Why").fill("Cash in parts, below the line each time.")
    page.get_by_role("button", name="Keep what I came to").click()
    page.get_by_text("Another person approves it or sends it back.").wait_for()
    assert page.get_by_role("button", name="Approve").count() == 0
    with house.as_("analyst") as client:
        answer = client.post(f"/v1/cases/{case_id}/approval", json={"approve": True, "reason": "Mine."})
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "another_person")
    second = visit("approver")
    page = second.go("/cases?view=approve")
    page.get_by_role("link", name=re.compile("Payer s-")).first.click()
    expect(page.get_by_text("Cash in parts, below the line each time.").first).to_be_visible()
    second.accessible()
    page.locator("form[action$='/approval']").get_by_label("Why").fill("I have seen the slips.")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Your word was kept.").wait_for()
    assert house.api.get(f"/v1/cases/{case_id}").json()["decision"] == "report"


def test_what_was_typed_stays_where_the_case_has_moved(visit, house, made):
    case_id, subject = case(house)
    visitor = visit("analyst")
    visitor.expected.append("409")
    claim(visitor, case_id)
    page = visitor.page
    page.get_by_role("radio", name="False alarm").check()
    page.locator("form[action$='/decision']").get_by_label("Why").fill("Another Orlin.")
    caseroom.tell(house, caseroom.told_of(house, subject, rule="scenario.rapid_turnover"))
    page.get_by_role("button", name="Keep what I came to").click()
    page.get_by_role("alert").wait_for()
    assert page.locator("form[action$='/decision']").get_by_label("Why").input_value() == "Another Orlin."
    expect(page.get_by_text("scenario.rapid_turnover")).to_be_visible()
    page.get_by_role("button", name="Keep what I came to").click()
    page.locator("#now").get_by_text("Decided by you").wait_for()


def test_a_case_goes_from_hand_to_hand(visit, house, made):
    case_id, _ = case(house)
    first, second = visit("analyst"), visit("analyst-2")
    claim(first, case_id)
    page = second.go(f"/cases/{case_id}")
    page.get_by_text("Take it over", exact=True).first.click()
    page.get_by_label("Why you take it over").fill("She is on leave.")
    page.get_by_role("button", name="Take it over").click()
    page.get_by_text("The case is yours.").wait_for()
    page.get_by_text("Give the case back").click()
    page.locator("form[action$='/release']").get_by_label("Why").fill("Not my market.")
    page.get_by_role("button", name="Give it back").click()
    page.get_by_role("button", name="Claim the case").wait_for()
    assert house.api.get(f"/v1/cases/{case_id}").json()["state"] == "open"


def test_a_case_is_worked_on_by_keyboard_and_without_scripts(visit, house, made):
    case_id, _ = case(house)
    visitor = visit("analyst", scripts=False)
    page = visitor.go(f"/cases/{case_id}")
    page.get_by_role("button", name="Claim the case").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The case is yours.").wait_for()
    page.get_by_role("radio", name="False alarm").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Not this person.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#now").get_by_text("Decided by you").wait_for()


def test_an_obligation_ends_once_with_a_reason(visit, house, made):
    caseroom.owed(house, "c-41")
    visitor = visit("analyst")
    page = visitor.go("/obligations")
    page.get_by_label("Code").fill(house.api.get("/v1/obligations").json()["data"][0]["code"])
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("tbody a").first.click()
    visitor.accessible()
    page.get_by_role("radio", name="Done").check()
    page.get_by_label("Note").fill("Filed under 2026-114.")
    page.get_by_role("button", name="End the obligation").click()
    page.get_by_text("The obligation has ended.").wait_for()
    page.get_by_role("link", name="Ended").click()
    page.locator("tbody a").first.click()
    expect(page.get_by_text("Filed under 2026-114.")).to_be_visible()
    assert page.get_by_role("button", name="End the obligation").count() == 0
    visitor.accessible()


def test_who_reads_sees_obligations_and_no_button(visit, made):
    visitor = visit("auditor")
    visitor.expected.append("403")
    page = visitor.go("/cases")
    assert page.url.endswith("/onboarding")
    assert page.get_by_role("navigation", name="Cases and onboarding").get_by_role("link", name="Cases").count() == 0
    page.get_by_role("link", name="Obligations").click()
    page.locator("tbody a").first.click()
    assert page.get_by_role("button", name="End the obligation").count() == 0
    visitor.go(f"/cases/{made['match']}")
    expect(page.get_by_role("heading", name="You may not do this")).to_be_visible()


def test_a_merchants_profile_is_changed_and_its_version_kept(visit, made):
    visitor = visit("officer")
    visitor.expected.append("422")
    page = visitor.go("/merchants")
    page.get_by_label("Id of the merchant").fill("m-9")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Change the profile").click()
    visitor.accessible()
    page.get_by_label("Country of its seat").fill("Germany")
    page.get_by_role("button", name="Keep the profile").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("Country of its seat").fill("AT")
    page.get_by_role("button", name="Keep the profile").click()
    page.get_by_text("The profile was kept.").wait_for()
    expect(page.get_by_text("version 3")).to_be_visible()
    page.get_by_role("link", name="version 2").click()
    expect(page.get_by_text("An earlier version.")).to_be_visible()
