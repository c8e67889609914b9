"""Decisions in the browser: an auditor, who may only read, finds a blocked payment, sees why, asks again, and takes it away."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.conftest import sample
from tests.browser.house import House

pytestmark = pytest.mark.untraced
CASH: dict[str, Any] = {
    "reference": "inv-78/blocked", "occurred_at": "2026-11-20T10:00:00Z", "amount": "90000.00", "currency": "EUR",
    "payment": {"instrument": "cash"}, "payer": {"id": "p-42", "type": "individual", "country": "FR"},
    "payee": {"country": "FR", "merchant": "m-1"},
}  # fmt: skip
"""Far above what may be paid in cash in France."""


@pytest.fixture(scope="module")
def decided(house: House) -> dict[str, str]:
    """Ids of decisions, one of them a payment that was blocked."""
    house.api.put("/v1/merchants/m-1", json=sample("tax/merchant"))
    found = {}
    for name in ("eu-low-value", "gb-remote", "jp-3ds"):
        found[name] = house.api.post("/v1/preflight", json=sample(name)).json()["id"]
    blocked = house.api.post("/v1/preflight", json=CASH).json()
    assert blocked["outcome"] == "block", json.dumps(blocked)[:2000]
    found["blocked"] = blocked["id"]
    house.api.post(f"/v1/decisions/{found['eu-low-value']}/events", json={"kind": "authorised"})
    return found


def test_an_auditor_finds_and_replays_a_blocked_payment(visit, decided):
    visitor = visit("auditor")
    page = visitor.go("")
    page.get_by_role("link", name="Decisions").first.click()
    page.get_by_label("Outcome").select_option("block")
    page.get_by_role("button", name="Search").click()
    assert "outcome=block" in page.url
    rows = page.get_by_role("row").filter(has_text="inv-")
    assert rows.count() == 1
    page.get_by_role("link", name="inv-78/blocked").click()
    expect(page.get_by_role("heading", name="The payment was blocked.")).to_be_visible()
    expect(page.get_by_text("What led to it")).to_be_visible()
    visitor.accessible()
    # The ladder: a rule that fired, with the values of its parts and its article.
    rule = page.locator("#ladder .ladder-fired").first
    rule.locator("summary").first.click()
    expect(rule.locator(".rung").first).to_be_visible()
    # Asked again under the law of another day.
    page.get_by_label("Under the law of").fill("2009-01-01")
    page.get_by_role("button", name="Ask again").click()
    assert "day=2009-01-01" in page.url
    assert page.get_by_role("heading", level=1).inner_text() == "Asked again"
    assert "another outcome" in page.get_by_role("status").last.inner_text().lower()
    expect(page.get_by_role("row").filter(has_text="Outcome").get_by_text("Blocked")).to_be_visible()
    expect(page.get_by_text("Rules that no longer fire")).to_be_visible()
    visitor.accessible()
    # And as it was: the same bytes.
    page.get_by_label("Under the law of").fill("")
    page.get_by_role("button", name="Ask again").click()
    expect(page.get_by_text("The same answer, byte for byte.")).to_be_visible()


def test_the_document_is_taken_away_as_pdf_and_json(visit, decided):
    visitor = visit("auditor")
    page = visitor.go(f"/decisions/{decided['blocked']}")
    for kind, begin in (("PDF", b"%PDF-"), ("JSON", b"{")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=f"Export as {kind}").click()
        made = waiting.value
        assert made.suggested_filename == f"{decided['blocked']}.{kind.lower()}"
        assert made.path().read_bytes().startswith(begin)


def test_why_in_one_minute(visit, decided):
    visitor = visit("auditor")
    page = visitor.go(f"/decisions/{decided['eu-low-value']}")
    assert page.get_by_role("heading", level=1).inner_text() == "ord-1001"
    first = page.locator(".found-rules > li").first
    assert "Low-value remote payment" in first.inner_text()
    article = page.locator(".found-rules").get_by_role("link", name="2018/389, Art. 16")
    assert article.first.get_attribute("href").startswith("https://eur-lex.europa.eu/")
    expect(page.locator("#payer").get_by_text("Deutsch")).to_be_visible()
    assert page.locator("#payer li").count() == 8
    expect(page.locator("#events").get_by_text("Authorised")).to_be_visible()
    expect(page.locator("#record").get_by_text("byte for byte")).to_be_visible()
    law = page.locator(".found-rules").get_by_role("link", name="The law of that day").first.get_attribute("href")
    assert law == "/console/law/EEA?at=2026-11-22&domain=sca#r-sca.low_value"
    visitor.accessible()


def test_every_part_of_every_rule_can_be_seen(visit, decided):
    visitor = visit("auditor")
    page = visitor.go(f"/decisions/{decided['gb-remote']}")
    before = page.locator("#ladder .rung").count()
    page.get_by_role("link", name="Every part of every rule").click()
    assert page.locator("#ladder .rung").count() > before


def test_a_search_stands_in_its_address_and_tells_what_it_cannot_read(visit, decided):
    visitor = visit("auditor")
    visitor.expected.append("422")
    page = visitor.go("/decisions?currency=JPY&amount_from=12000")
    assert page.get_by_label("Currency").input_value() == "JPY"
    assert page.get_by_role("row").filter(has_text="JPY 12,000").count() == 1
    page.get_by_label("Amount from").fill("plenty")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_label("Amount from").get_attribute("aria-invalid") == "true"
    assert page.get_by_label("Amount from").input_value() == "plenty"
    visitor.accessible()
    page.get_by_role("link", name="Show all").first.click()
    page.get_by_label("Country", exact=True).fill("nz")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("No decision is like that")).to_be_visible()


@pytest.mark.parametrize(("width", "dark", "language"), [(390, True, "en"), (390, False, "zh"), (1440, True, "zh")])
def test_the_pages_fit_and_are_read_by_everybody(visit, decided, width, dark, language):
    visitor = visit("auditor", width=width, dark=dark, language=language)
    for path in ("", f"/{decided['blocked']}/replay?day=2009-01-01"):
        visitor.go(f"/decisions{path}")
        visitor.accessible()
        visitor.fits()
    visitor.go(f"/decisions/{decided['eu-low-value']}")
    visitor.fits()


def test_without_scripts_the_search_works_too(visit, decided):
    page = visit("auditor", scripts=False).go("/decisions")
    page.get_by_label("Reference or id").fill("ORD-10")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="ord-1001")).to_be_visible()


def test_who_may_not_read_sees_nothing(house: House, decided):
    key = house.key("till", ["decide"])
    with httpx.Client(base_url=house.address, cookies={"lexgate_session": key}) as till:
        for path in (
            "",
            f"/{decided['blocked']}",
            f"/{decided['blocked']}/replay",
            f"/{decided['blocked']}/document.pdf",
        ):
            answer = till.get(f"/console/decisions{path}")
            assert answer.status_code == 403, path
            assert "inv-78" not in answer.text


def test_a_decision_that_is_not_there_says_so(visit):
    visitor = visit("auditor")
    visitor.expected.append("404")
    page = visitor.go("/decisions/dec_nobody")
    assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"
