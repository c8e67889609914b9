"""Page *Law*: places, a place on any day, as it was known, two places side by side, one value everywhere."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.untraced


def test_a_place_is_found_and_read(visit):
    """From the list to Germany's law in sentences, with its article, its doubt and the way to change it."""
    visitor = visit("officer")
    page = visitor.go("/law")
    assert page.get_by_role("heading", level=1).inner_text() == "Law"
    visitor.accessible()
    visitor.fits()
    page.get_by_label("Place", exact=True).press_sequentially("germ")
    page.get_by_role("link", name="France", exact=True).wait_for(state="detached")
    page.get_by_role("link", name="Payer authentication, Germany").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Germany"
    rule = page.locator('[id="r-sca.low_value"]')
    rule.locator("summary").first.click()
    said = rule.locator(".law-rule-words").inner_text()
    assert "the amount is at most EUR 30" in said
    assert "the channel is remote" in said
    assert (
        rule.get_by_role("link", name="Delegated Regulation (EU) 2018/389, Art. 16")
        .get_attribute("href")
        .startswith("https://eur-lex")
    )
    assert "primary text" in rule.inner_text()
    assert "not legal advice" not in page.locator("main").inner_text()
    assert "None of this is legal advice." in page.locator("main").inner_text()
    change = rule.get_by_role("link", name="Change this").get_attribute("href")
    assert change == "/console/drafts/new?jurisdiction=EEA&path=EEA%2Fsca%2Fexemptions.yaml&rule=sca.low_value"
    visitor.accessible()
    visitor.fits()


def test_the_day_is_moved_by_the_slider_and_by_the_field(visit):
    """The German rate of the pandemic's half year, once with the keyboard, once as a date."""
    visitor = visit("auditor")
    page = visitor.go("/law/DE?domain=tax&at=2021-01-01")
    standard = page.locator("#rates tr", has_text="Standard").locator("td").first
    assert standard.inner_text() == "19%"
    slider = page.get_by_role("slider")
    slider.press("ArrowLeft")
    page.wait_for_url(re.compile("at=2020-07-01"))
    assert standard.inner_text() == "16%"
    assert "1 Jul 2020" in page.locator("#slide-day").inner_text()
    page.get_by_label("As of", exact=True).fill("2020-06-30")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("at=2020-06-30"))
    assert standard.inner_text() == "19%"
    page.get_by_role("form", name="The day").get_by_role("link", name="Today").click()
    assert "at=" not in page.url
    visitor.accessible()


def test_without_scripts_the_slider_is_a_field_of_the_form(visit):
    visitor = visit("auditor", scripts=False)
    page = visitor.go("/law/DE?domain=tax&at=2021-01-01")
    page.get_by_role("slider").press("ArrowLeft")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("at=2020-07-01"))
    assert page.locator("#rates tr", has_text="Standard").locator("td").first.inner_text() == "16%"


def test_what_nobody_knew_yet_is_said_so(visit):
    """The house began today: yesterday it knew nothing."""
    visitor = visit("auditor")
    visitor.expected.append("404")
    before = (datetime.now(UTC) - timedelta(days=2)).date()
    page = visitor.go(f"/law/DE?known={before.isoformat()}")
    assert "Nothing was known here on" in page.locator("main").inner_text()
    page.get_by_role("link", name="As known now").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Germany"


def test_a_search_within_the_law_and_a_link_to_a_rule(visit):
    visitor = visit("auditor")
    page = visitor.go("/law/FR?domain=sca")
    page.get_by_label("Find in this law").fill("low_value_single_max")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("q=low_value_single_max"))
    assert page.locator("details.law-rule").count() == 1
    visitor.go("/law/FR?domain=sca#r-sca.contactless")
    rule = page.locator('[id="r-sca.contactless"]')
    rule.locator(".law-rule-words").wait_for()
    assert rule.get_attribute("open") is not None
    rule.get_by_role("link", name="contactless counter").click()
    page.locator("#t-contactless_counter_ok").wait_for()


def test_who_may_not_edit_sees_no_button(visit):
    visitor = visit("auditor")
    page = visitor.go("/law/FR?domain=sca")
    assert page.locator("main").get_by_role("link", name=re.compile("^Change")).count() == 0
    expect(page.locator("#p-low_value_single_max").get_by_role("link", name=re.compile("^History"))).to_be_visible()


def test_two_places_side_by_side(visit):
    """Germany and the United Kingdom: the same rule, another amount, marked on both sides."""
    visitor = visit("officer")
    page = visitor.go("/law/compare")
    visitor.accessible()
    page.get_by_label("One place").select_option("DE")
    page.get_by_label("The other place").select_option("GB")
    page.get_by_role("button", name="Compare").click()
    row = page.get_by_role("article", name="Low-value remote payment")
    expect(row.locator(".law-only-here").nth(1)).to_be_visible()
    marked = row.locator(".law-only-here").all_inner_texts()
    assert any("EUR 30" in one for one in marked)
    assert any("GBP 25" in one for one in marked)
    assert "entries differ" in page.locator("main").inner_text()
    visitor.accessible()
    visitor.fits()


def test_one_value_everywhere_and_its_history(visit):
    visitor = visit("officer")
    page = visitor.go("/law/grid")
    assert "19%" in page.locator("tr", has_text="Germany").first.inner_text()
    page.get_by_label("Value", exact=True).select_option("contactless_single_max")
    page.get_by_role("button", name="Show").click()
    assert "EUR 50" in page.locator("tr", has_text="European Economic Area").inner_text()
    visitor.accessible()
    visitor.fits()
    visitor.go("/law/DE/parameters/low_value_single_max")
    said = page.locator("main").inner_text()
    assert "EUR 30" in said
    assert "14 Sept 2019" in said
    assert "Low-value remote payment" in said
    visitor.accessible()


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "en"), (390, True, "zh"), (1440, True, "en")])
def test_every_page_fits_and_is_accessible(visit, width, dark, language):
    visitor = visit("officer", width=width, dark=dark, language=language)
    for path in (
        "/law?q=fr",
        "/law/IN?domain=kyc",
        "/law/compare?a=DE&b=FR&domain=tax",
        "/law/GB/parameters/contactless_single_max",
    ):
        page = visitor.go(path)
        visitor.fits()
        visitor.accessible()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_the_law_speaks_chinese(visit):
    visitor = visit("officer", language="zh")
    page = visitor.go("/law/FR?domain=sca&q=low_value_single_max")
    assert page.get_by_role("heading", level=1).inner_text() == "法国"
    assert "金额不超过 30 欧元" in page.locator(".law-rule-words").first.inner_text()
