"""Tax in the browser: a quote is worked out, thresholds are drawn, a return is drawn up, filed and taken away."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.conftest import sample
from tests.browser.house import House

pytestmark = pytest.mark.untraced
SALES = (("2026-01-12", "1200.00"), ("2026-04-02", "2300.00"), ("2026-07-12", "1100.00"), ("2026-10-11", "800.00"))


@pytest.fixture(scope="module", autouse=True)
def sold(house: House) -> None:
    """A merchant of Germany that has sold books to France over the year."""
    house.api.put("/v1/merchants/m-1", json=sample("tax/merchant"))
    question: dict[str, Any] = sample("tax/eu-book")
    for number, (day, amount) in enumerate(SALES):
        question |= {"occurred_at": f"{day}T10:00:00Z", "reference": f"inv-{number}"}
        question["lines"][0]["amount"] = amount
        made = house.api.post("/v1/tax/calculations", json=question).json()
        sale = house.api.post("/v1/tax/transactions", json={"calculation": made["id"], "reference": f"inv-{number}"})
        assert sale.status_code == 200, sale.text


def test_a_quote_says_what_is_charged_where_and_why(visit):
    visitor = visit("tax")
    page = visitor.go("/tax")
    visitor.accessible()
    page.get_by_role("link", name="A book from France to a reader in Germany").click()
    page.get_by_role("button", name="Work out the tax").click()
    answer = page.locator("#answer")
    expect(answer.get_by_text("EUR 1.54").first).to_be_visible()
    expect(answer.get_by_text("7 %").first).to_be_visible()
    expect(answer.get_by_role("link", name="Council Directive 2006/112/EC").first).to_be_visible()
    visitor.accessible()
    page.get_by_label("Amount", exact=True).first.fill("107.00")
    page.get_by_role("button", name="Work out the tax").click()
    expect(page.locator("#answer").get_by_text("EUR 7.00").first).to_be_visible()
    page.locator("#answer").get_by_role("link", name="calc_").click()
    expect(page.locator("#answer").get_by_text("EUR 7.00").first).to_be_visible()


def test_a_quote_that_is_not_settled_names_what_would_settle_it(visit):
    page = visit("tax").go("/tax/quote")
    page.get_by_label("Amount", exact=True).first.fill("100.00")
    page.get_by_role("button", name="Work out the tax").click()
    expect(page.locator("#answer").get_by_text("undecided").first).to_be_visible()
    expect(page.locator("#answer .notice").get_by_text("kind").first).to_be_visible()


def test_what_cannot_be_read_is_told_and_nothing_typed_is_lost(visit):
    visitor = visit("tax")
    visitor.expected.append("422")
    page = visitor.go("/tax/quote?sample=book")
    page.get_by_label("Joined with the form").fill('{"payee": ')
    page.get_by_role("button", name="Work out the tax").click()
    assert "no JSON" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Joined with the form").input_value() == '{"payee": '
    page.get_by_label("Joined with the form").fill("")
    page.get_by_label("Amount", exact=True).first.fill("a lot")
    page.get_by_role("button", name="Work out the tax").click()
    assert "/lines/0/amount" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Amount", exact=True).first.input_value() == "a lot"
    visitor.accessible()


def test_thresholds_are_drawn_with_the_line_on_which_sales_go_on(visit):
    visitor = visit("tax")
    page = visitor.go("/tax/thresholds?merchant=m-1")
    union = page.locator(".threshold").filter(has=page.get_by_role("heading", name="European Union"))
    expect(union.get_by_text("EUR 10,000.00").first).to_be_visible()
    union.get_by_text("The numbers as a table").click()
    expect(union.get_by_role("row").filter(has_text="2026-04")).to_be_visible()
    page.get_by_label("What if it sold this much more?").fill("9000")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("That crosses it.")).to_be_visible()
    visitor.accessible()


def test_a_return_is_drawn_up_filed_once_and_taken_away(visit):
    visitor = visit("tax")
    visitor.expected.append("409")
    page = visitor.go("/tax/returns")
    page.get_by_label("Merchant").select_option("m-1")
    page.get_by_label("Period").fill("2026-Q3")
    page.get_by_role("button", name="Draw up").click()
    expect(page.get_by_text("tax to pay")).to_be_visible()
    with page.expect_download() as waiting:
        page.locator("main").get_by_role("link", name="CSV").first.click()
    assert waiting.value.path().read_text(encoding="utf-8").startswith("section,period")
    page.get_by_label("The tax office's number").fill("OSS-77")
    page.get_by_role("button", name="File this return").click()
    expect(page.get_by_text("The return is filed.")).to_be_visible()
    expect(page.get_by_text("OSS-77")).to_be_visible()
    visitor.accessible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").click()
    assert waiting.value.suggested_filename.startswith("ret_")
    page = visitor.go("/tax/returns?merchant=m-1&scheme=oss&period=2026-Q3")
    expect(page.get_by_role("link", name="Filed on")).to_be_visible()
    assert page.get_by_role("button", name="File this return").count() == 0
    visitor.accessible()


def test_rates_and_registrations_are_looked_up(visit):
    visitor = visit("tax")
    visitor.expected.append("404")
    page = visitor.go("/tax/rates?country=fr")
    expect(page.get_by_role("row").filter(has_text="standard").filter(has_text="20 %").first).to_be_visible()
    visitor.accessible()
    page = visitor.go("/tax/rates?country=AQ")
    expect(page.get_by_text("it is unknown, not zero")).to_be_visible()
    page = visitor.go("/tax/merchants")
    page.get_by_role("link", name="m-1").click()
    expect(page.get_by_role("row").filter(has_text="oss").filter(has_text="DE123456788")).to_be_visible()
    visitor.accessible()


@pytest.mark.parametrize(("width", "dark", "language"), [(390, True, "zh"), (1440, True, "en")])
def test_the_pages_fit(visit, width, dark, language):
    visitor = visit("tax", width=width, dark=dark, language=language)
    for path in ("", "/quote?sample=basket", "/rates?country=DE", "/thresholds?merchant=m-1", "/returns?merchant=m-1"):
        visitor.go(f"/tax{path}")
        visitor.fits()
    visitor.accessible()


def test_somebody_who_may_only_read_sees_merchants_and_no_more(visit, house: House):
    page = visit("auditor").go("/tax")
    tabs = page.get_by_role("navigation", name="Tax")
    assert tabs.get_by_role("link").all_inner_texts() == ["Overview", "Merchants"]
    assert page.get_by_role("link", name="New quote").count() == 0
    with httpx.Client(base_url=house.address, cookies={"lexgate_session": house.key("auditor")}) as auditor:
        for path in ("/quote", "/rates", "/thresholds", "/returns", "/returns/download.csv", "/quotes/calc_x"):
            assert auditor.get(f"/console/tax{path}").status_code == 403, path
        for path in ("/quote", "/returns"):
            sent = auditor.post(f"/console/tax{path}", data={"currency": "EUR"}, headers={"Origin": house.address})
            assert sent.status_code == 403, path
