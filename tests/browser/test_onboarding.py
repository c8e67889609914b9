"""Onboarding in a real browser: handed in by one person, taken on by two others where the risk is high."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import caseroom

pytestmark = pytest.mark.untraced


@pytest.fixture(scope="module")
def made(house):
    return caseroom.fill(house)


@pytest.mark.parametrize(("width", "dark", "language"), [(390, True, "en"), (1440, False, "zh")])
def test_every_page_is_accessible_and_fits(visit, made, width, dark, language):
    visitor = visit("analyst", width=width, dark=dark, language=language)
    paths = ("/onboarding", "/onboarding?stage=active", "/onboarding/new", "/onboarding/{merchant_risky}")
    for path in (*paths, "/onboarding/{merchant_lacking}", "/onboarding/{merchant_active}/application"):
        visitor.go(re.sub(r"\{(\w+)\}", lambda name: made[name[1]], path))
        visitor.accessible()
        visitor.fits()


def test_a_high_risk_takes_two_people(visit, house, made):
    """The first approval alone activates nobody, and does not count twice; conditions stand before the first payment."""
    case = caseroom.apply(house, caseroom.exposed(21, name="Maison Aubert"))["id"]
    officer, approver = visit("officer"), visit("approver")
    officer.expected.append("409")
    for visitor in (officer, approver):
        page = visitor.go(f"/onboarding/{case}")
        page.get_by_role("radio", name="Approve").check()
        page.get_by_label("Why").fill("Source of funds seen.")
        page.get_by_role("button", name="Keep the decision").click()
        page.get_by_text("The decision was kept.").wait_for()
        if visitor is officer:
            expect(page.get_by_text("You gave the first approval. Another person gives the second.")).to_be_visible()
            assert page.get_by_role("radio", name="Approve").count() == 0
            with house.as_("officer") as client:
                again = {"decision": "approve", "reason": "Again."}
                refused = client.post(f"/v1/onboarding/{case}/decision", json=again)
            assert refused.json()["type"].endswith("another_person")
            assert house.api.get(f"/v1/onboarding/{case}").json()["state"] == "in_review"
    assert house.api.get(f"/v1/onboarding/{case}").json()["state"] == "activating"

    page = officer.go(f"/onboarding/{case}")
    officer.expected.append("422")
    page.get_by_role("radio", name="Activate").check()
    page.get_by_label("Why").fill("Contract signed.")
    page.get_by_role("button", name="Keep the decision").click()
    page.get_by_role("alert").wait_for()
    assert "monthly_limit" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Why").input_value() == "Contract signed."
    day = house.service.clock().date().isoformat()
    page.get_by_label("Contract signed on").fill(day)
    page.get_by_label("Account verified on").fill(day)
    page.get_by_label("Monthly limit").fill("20000.00")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_role("button", name="Keep the decision").click()
    page.get_by_text("Open for payments").wait_for()
    board = officer.go("/onboarding")
    expect(
        board.locator("section[aria-labelledby=stage-active]").get_by_role("link", name="Maison Aubert")
    ).to_be_visible()


def test_an_application_is_typed_in_missed_a_document_and_is_completed(visit, house, made, tmp_path):
    visitor = visit("analyst")
    page = visitor.go("/onboarding")
    page.get_by_role("link", name="New application").click()
    page.get_by_label("Your id of the merchant").fill("m-501")
    merchant = page.locator("#merchant")
    merchant.get_by_label("Full name").fill("Fromagerie Duret")
    page.get_by_label("Legal form").select_option("sole_trader")
    page.get_by_label("Country of its seat").fill("fr")
    page.get_by_label("Address", exact=True).fill("3 place du Marché, Lyon")
    page.get_by_label("Line of business").fill("5451")
    page.get_by_label("Website").fill("https://fromagerie.example")
    page.get_by_role("button", name="One more director").click()
    expect(page.get_by_role("group", name="Director 3")).to_be_visible()
    assert merchant.get_by_label("Full name").input_value() == "Fromagerie Duret"
    for group in ("Director 1", "Owner 1"):
        person = page.get_by_role("group", name=group)
        person.get_by_label("Full name").fill("Luc Duret")
        person.get_by_label("Country", exact=True).fill("FR")
        person.get_by_label("Date of birth").fill("1975-06-30")
        person.get_by_label("Nationality").fill("FR")
        person.get_by_label("Political exposure").select_option("none")
    page.get_by_label("Share of the capital").first.fill("100")
    page.get_by_label("IBAN", exact=True).fill("FR7630006000011234567890189")
    page.get_by_label("Holder of the account").fill("Luc Duret")
    page.get_by_label("Expected a month").fill("9000.00")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_label("Countries of its customers").fill("fr, be")
    page.get_by_role("button", name="Hand in").last.click()
    page.get_by_text("The application was kept.").wait_for()
    missing = page.locator("#missing")
    expect(missing.get_by_text("Proof of address")).to_be_visible()
    visitor.accessible()

    file = tmp_path / "proof.pdf"
    file.write_bytes(b"%PDF-1.7 an invented proof of address")
    for _ in range(missing.locator("li").count()):
        form = page.locator("form[action$='/documents']")
        form.get_by_label("Issued on").fill("2026-11-02")
        form.get_by_label("Last day in date").fill("2031-01-31")
        form.get_by_label("The file").set_input_files(file)
        form.get_by_role("button", name="Add it").click()
        page.get_by_text("The document was added").wait_for()
    case_id = page.url.rpartition("/")[2].partition("?")[0]
    case = house.api.get(f"/v1/onboarding/{case_id}").json()
    assert (case["missing"], case["stage"]) == ([], "manual_review")
    assert all(len(one["sha256"]) == 64 for one in case["application"]["documents"])
    assert case["application"]["expected"]["countries"] == ["FR", "BE"]

    # Whoever handed it in may stop it or ask, and nothing else.
    expect(page.get_by_text("You handed something in to this case")).to_be_visible()
    assert page.get_by_role("radio", name="Approve").count() == 0
    expect(page.get_by_role("radio", name="Ask for information")).to_be_visible()


def test_a_fault_stands_at_its_field_and_the_rest_stays_typed(visit, made):
    visitor = visit("analyst")
    visitor.expected.append("422")
    page = visitor.go("/onboarding/new")
    page.get_by_label("Your id of the merchant").fill("m-502")
    page.locator("#merchant").get_by_label("Full name").fill("Somebody")
    page.get_by_label("Country of its seat").fill("ZZ")
    owner = page.get_by_role("group", name="Owner 2")
    owner.get_by_label("Full name").fill("A Person")
    owner.get_by_label("Share of the capital").fill("140")
    page.get_by_role("button", name="Hand in").last.click()
    page.get_by_role("alert").wait_for()
    expect(page.locator("#f-country-error")).to_be_visible()
    assert owner.get_by_label("Share of the capital").get_attribute("aria-invalid") == "true"
    assert owner.get_by_label("Share of the capital").input_value() == "140"
    visitor.accessible()


def test_a_draft_is_changed_and_handed_in(visit, house, made):
    visitor = visit("analyst")
    page = visitor.go(f"/onboarding/{made['merchant_draft']}")
    expect(page.get_by_text("Draft application").first).to_be_visible()
    page.get_by_role("link", name="Change the application").click()
    assert page.get_by_role("group", name="Director 1").get_by_label("Full name").input_value() == "Anne Martin"
    page.get_by_label("Address", exact=True).fill("9 quai du Port, Nantes")
    page.get_by_role("button", name="Hand in").last.click()
    page.get_by_text("The application was kept.").wait_for()
    case = house.api.get(f"/v1/onboarding/{made['merchant_draft']}").json()
    assert case["application"]["address"] == "9 quai du Port, Nantes"
    assert case["stage"] == "manual_review"
    assert len(case["application"]["documents"]) == 5


def test_who_reads_sees_the_board_and_no_way_to_change_it(visit, house, made):
    visitor = visit("auditor")
    page = visitor.go("/onboarding")
    assert page.get_by_role("link", name="New application").count() == 0
    page.get_by_role("link", name="Galerie Beaumont").click()
    assert page.get_by_role("button", name="Keep the decision").count() == 0
    assert page.get_by_role("link", name="Change the application").count() == 0
    visitor.accessible()
