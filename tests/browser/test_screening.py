"""Screening in a real browser: an analyst clears a false hit, and it takes another person; lists and what changed in them."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import caseroom

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module")
def made(house):
    return caseroom.fill(house)


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "zh"), (1440, True, "en")])
def test_every_page_is_accessible_and_fits(visit, house, made, width, dark, language):
    visitor = visit("analyst", width=width, dark=dark, language=language)
    screening = house.api.get("/v1/screenings?subject=c-7").json()["data"][0]["id"]
    for path in (
        "/screening",
        f"/screenings/{screening}",
        "/clearances",
        "/clearances?state=holding",
        "/lists",
        "/lists/UN-SC",
    ):
        visitor.go(path)
        visitor.accessible()
        visitor.fits()


def test_an_analyst_clears_a_false_hit_and_a_second_person_agrees(visit, house, made):
    """From the case to the clearance, the second person's word, and a screening that is clear."""
    case = caseroom.matched(house, {**caseroom.ORLIN, "subject": "c-77"})
    analyst = visit("analyst")
    page = analyst.go(f"/cases/{case}")
    match = page.locator("#found")
    assert "1991-04-17" in match.inner_text()
    expect(match.get_by_text("differs").first).to_be_visible()
    expect(match.get_by_text("Born at another time")).to_be_visible()
    page.get_by_text("This is not the one listed").click()
    page.get_by_label("Why it is somebody else").fill(
        "Born 1991 by passport C01X00T47; the listed man was born in 1968."
    )
    analyst.accessible()
    page.get_by_role("button", name="Propose to clear").click()
    page.get_by_text("The clearance was proposed.").wait_for()
    assert house.api.post("/v1/screenings", json={**caseroom.ORLIN, "subject": "c-77"}).json()["verdict"] == "review"

    page = analyst.go("/clearances")
    page.get_by_role("link", name="c-77").click()
    expect(page.get_by_text("You proposed it: another person agrees to it.")).to_be_visible()
    assert page.get_by_role("button", name="Approve the clearance").count() == 0

    second = visit("approver")
    page = second.go("/clearances")
    page.get_by_role("link", name="c-77").click()
    second.accessible()
    page.get_by_label("Why you agree").fill("Passport seen.")
    page.get_by_role("button", name="Approve the clearance").click()
    page.get_by_text("The clearance holds").wait_for()
    expect(page.get_by_text("Approved by")).to_be_visible()

    page = analyst.go("/screening")
    page.get_by_label("Full name").fill(caseroom.ORLIN["name"])
    page.get_by_label("Kind", exact=True).select_option("person")
    page.get_by_label("Date of birth").fill("1991-04-17")
    page.get_by_label("Country", exact=True).fill("de")
    page.get_by_label("Nationality").fill("bg")
    page.get_by_label("Your id of the subject").fill("c-77")
    page.get_by_role("button", name="Screen", exact=True).click()
    page.get_by_role("heading", name="Orlin Draganov").wait_for()
    assert page.locator(".marks").inner_text().startswith("Clear")
    expect(page.get_by_text("cleared", exact=True)).to_be_visible()

    page = analyst.go(f"/cases/{case}")
    page.get_by_role("button", name="Claim the case").click()
    page.get_by_role("radio", name="False alarm").check()
    page.locator("form[action$='/decision']").get_by_label("Why").fill("Cleared, by two.")
    page.get_by_role("button", name="Keep what I came to").click()
    page.locator("#now").get_by_text("Decided by you").wait_for()


def test_a_clearance_is_revoked_by_anybody_at_once(visit, house, made):
    screening = house.api.post("/v1/screenings", json={**caseroom.ORLIN, "subject": "c-78"}).json()["id"]
    analyst = visit("analyst")
    page = analyst.go(f"/screenings/{screening}")
    page.get_by_text("This is not the one listed").click()
    page.get_by_label("Why it is somebody else").fill("Another man.")
    page.get_by_role("button", name="Propose to clear").click()
    page.get_by_role("link", name="The clearance").click()
    page.get_by_text("Withdraw or refuse it").click()
    page.locator("form[action$='/revoke']").get_by_label("Why").fill("Passport was forged.")
    page.get_by_role("button", name="Revoke", exact=True).click()
    page.get_by_text("The clearance was revoked.").wait_for()


def test_what_cannot_be_asked_is_said_beside_what_was_typed(visit, made):
    visitor = visit("analyst")
    visitor.expected.append("422")
    page = visitor.go("/screening")
    page.get_by_label("Full name").fill("Orlin Draganov")
    page.get_by_label("Date of birth").fill("last spring")
    page.get_by_role("button", name="Screen", exact=True).click()
    page.get_by_role("alert").wait_for()
    assert "birth_date" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Full name").input_value() == "Orlin Draganov"
    visitor.accessible()


def test_a_match_without_a_subject_cannot_be_cleared_and_the_page_says_why(visit, house, made):
    body = {name: value for name, value in caseroom.ORLIN.items() if name != "subject"}
    screening = house.api.post("/v1/screenings", json=body).json()["id"]
    page = visit("analyst").go(f"/screenings/{screening}")
    expect(page.get_by_text("This screening names no subject")).to_be_visible()
    assert page.get_by_text("This is not the one listed").count() == 0


def test_a_list_tells_its_age_and_what_changed_by_name(visit, made):
    page = visit("auditor").go("/lists")
    page.get_by_role("link", name="UN-SC").click()
    difference = page.locator("#diff").inner_text()
    assert "Silver Meridian Shipping" in difference
    assert "Blue Lantern Freight" in difference


def test_who_reviews_and_does_not_screen_sees_no_form(visit, made):
    page = visit("approver").go("/screening")
    assert page.get_by_role("button", name="Screen", exact=True).count() == 0
    expect(page.get_by_role("heading", name="Screenings, the last first")).to_be_visible()
