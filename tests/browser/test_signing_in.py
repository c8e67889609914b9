"""Signing in, going on after a session has ended, and what stands before every page."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.house import House

pytestmark = pytest.mark.untraced


def test_somebody_signs_in_with_a_key_and_out_again(visit, house):
    visitor = visit()
    page = visitor.go("?tab=second")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.accessible()
    visitor.fits()
    visitor.sign_in("officer")
    assert page.url.endswith("?tab=second")
    assert page.get_by_role("heading", level=1).inner_text() == "Today"
    visitor.accessible()
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("heading", name="Sign in").wait_for()
    visitor.go("")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_wrong_key_is_told_in_words(visit):
    visitor = visit()
    visitor.expected.append("401")
    page = visitor.go("/sign-in")
    page.get_by_text("Sign in with an API key").click()
    page.get_by_label("API key", exact=True).fill("lx_nobody")
    page.get_by_role("button", name="Go on with this key").click()
    assert "not known" in page.get_by_role("alert").inner_text()
    visitor.accessible()


def test_the_pages_speak_chinese_to_those_who_ask_for_it(visit):
    visitor = visit("officer", language="zh")
    page = visitor.go("")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    assert page.get_by_role("heading", level=1).inner_text() == "今日"
    visitor.accessible()


def test_language_and_colours_are_chosen_and_kept(visit):
    visitor = visit("officer")
    page = visitor.go("")
    page.get_by_role("button", name="简体中文").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "今日"
    page.get_by_role("button", name="深色").first.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    visitor.accessible()


@pytest.mark.parametrize("dark", [False, True])
def test_a_narrow_screen_has_the_menu_above(visit, dark):
    visitor = visit("officer", width=390, dark=dark)
    page = visitor.go("")
    expect(page.locator(".side")).to_be_hidden()
    page.locator("#menu summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#menu").get_by_role("link", name="Law")).to_be_visible()
    visitor.accessible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu").get_by_role("link", name="Law")).to_be_hidden()
    visitor.fits()


def test_a_page_that_is_not_there_says_so(visit):
    visitor = visit("officer")
    visitor.expected.append("404")
    page = visitor.go("/nowhere")
    assert page.get_by_role("heading", level=1).inner_text() == "There is no such page"
    visitor.accessible()


def test_what_another_site_sends_in_somebodys_name_is_refused(house: House):
    cookies = {"lexgate_session": house.key("officer")}
    with httpx.Client(base_url=house.address, cookies=cookies) as client:
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {}):
            answer = client.post("/console/preferences", data={"theme": "dark"}, headers=headers)
            assert answer.status_code == 403, headers
        assert (
            client.post("/console/preferences", data={"theme": "dark"}, headers={"Origin": house.address}).status_code
            == 303
        )


@pytest.mark.parametrize(
    "then",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/v1/keys", "javascript:alert(1)"],
)
def test_nobody_is_sent_elsewhere_after_signing_in(house: House, then):
    form = {"key": house.key("officer"), "then": then, "kept": ""}
    answer = httpx.post(f"{house.address}/console/sign-in", data=form, headers={"Origin": house.address})
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")


def test_every_page_forbids_what_it_does_not_need(house: House):
    answer = httpx.get(f"{house.address}/console/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text
    assert "style=" not in answer.text


def test_somebody_who_was_invited_chooses_a_password_and_signs_in_with_it(visit, house: House):
    invited = house.api.post("/v1/people", json={"name": "mei", "display_name": "Mei Lin", "roles": ["officer"]}).json()
    visitor = visit()
    visitor.expected.append("422")
    page = visitor.go("/sign-in")
    page.get_by_role("link", name="I have a one-time code").click()
    page.get_by_label("Name").fill("mei")
    page.get_by_label("One-time code").fill(invited["setup_code"])
    page.get_by_label("New password", exact=True).fill("a horse eats seven apples")
    page.get_by_label("New password once more").fill("a horse eats eight apples")
    page.get_by_role("button", name="Choose it and sign in").click()
    assert "not the same" in page.get_by_role("alert").inner_text()
    visitor.accessible()
    page.get_by_label("One-time code").fill(invited["setup_code"])
    page.get_by_label("New password", exact=True).fill("a horse eats seven apples")
    page.get_by_label("New password once more").fill("a horse eats seven apples")
    page.get_by_role("button", name="Choose it and sign in").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Today"
    assert "Mei Lin" in page.locator(".side .who").inner_text()
    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_label("Name").fill("mei")
    page.get_by_label("Password").fill("a horse eats seven apples")
    page.get_by_role("button", name="Sign in", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Today"


def test_a_part_of_a_page_asks_to_sign_in_and_leaves_what_was_typed(visit, house: House):
    visitor = visit("officer")
    visitor.expected.append("401")
    page = visitor.go("")
    page.context.clear_cookies()
    page.evaluate(
        "() => { const one = document.createElement('textarea'); one.id = 'typed'; one.value = 'half a sentence';"
        " document.querySelector('main').append(one); htmx.ajax('GET', '/console', {target: '#notices'}); }"
    )
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Sign in with an API key").click()
    dialog.get_by_label("API key", exact=True).fill(house.key("officer"))
    visitor.accessible()
    dialog.get_by_role("button", name="Go on with this key").click()
    dialog.wait_for(state="hidden")
    assert page.locator("#typed").input_value() == "half a sentence"
