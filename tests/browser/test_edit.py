"""An officer edits a limit: by the form, by the text and by the keyboard alone; sees an error, mends it, runs tests, back-tests
and submits. Two officers meet in one file; a session ends in the middle of a sentence. Nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.house import House
from tests.browser.looking import Visitor

pytestmark = pytest.mark.untraced
LIMITS, RULES = "EEA/sca/limits.yaml", "EEA/sca/exemptions.yaml"
LINE = '{from: "2027-03-01", value: "50"}'
Visit = Callable[..., Visitor]


def draft_of(house: House, title: str = "Low value: EUR 50 from March", who: str = "officer") -> str:
    with house.as_(who) as api:
        found: str = api.post("/v1/drafts", json={"title": title}).json()["id"]
        return found


def text_of(house: House, draft: str, path: str = LIMITS) -> str:
    found: str = house.api.get(f"/v1/drafts/{draft}/files/{path}").json()["text"]
    return found


def editor(visitor: Visitor, draft: str, path: str = LIMITS, entry: str = "parameter=low_value_single_max") -> Page:
    visitor.page.set_default_timeout(60_000)
    return visitor.go(f"/drafts/{draft}/edit/{path}?{entry}")


def add_value(page: Page, value: str = "50", day: str = "2027-03-01") -> None:
    new = page.get_by_role("group", name="A new value from a day on")
    new.get_by_label("From").fill(day)
    new.get_by_label("Value (EUR)").fill(value)
    new.get_by_role("button", name="Add the value").click()
    expect(page.get_by_text("Changed in the text. Save to keep it.")).to_be_visible()


def typed(page: Page) -> str:
    return page.locator("#text").input_value()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()


# -- the journey -------------------------------------------------------------------------------------------------------


def test_an_officer_edits_a_limit_from_a_new_draft_to_its_submission(visit: Visit, house: House) -> None:
    officer = visit("officer")
    page = officer.go("/drafts")
    page.set_default_timeout(60_000)
    page.get_by_role("link", name="New draft").click()
    page.get_by_label("Title").fill("Low value: EUR 50 from March")
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Begin of its path").fill("EEA/sca")
    page.get_by_role("button", name="Show files").click()
    page.get_by_role("link", name=LIMITS).click()
    page.get_by_role("button", name="low_value_single_max").click()
    expect(page.get_by_role("heading", name="remote, inclusive")).to_be_visible()

    add_value(page, "fifty")  # what is no amount
    problems = page.locator("#problems")
    expect(problems).to_contain_text("'fifty' is not a plain decimal number")
    expect(page.get_by_role("button", name=re.compile("low_value_single_max.*1"))).to_be_visible()
    officer.accessible()
    page.get_by_label("Value from 2027-03-01").fill("50")
    page.get_by_label("Value from 2027-03-01").press("Enter")
    expect(problems).not_to_contain_text("plain decimal")
    assert LINE in typed(page)
    expect(page.get_by_text("EUR 50 from 1 March 2027 on")).to_be_visible()
    save(page)
    assert LINE in text_of(house, page.url.split("/drafts/")[1].split("/")[0])

    page.get_by_role("button", name="Check", exact=True).click()
    expect(problems).to_contain_text("no test runs on 2027-02-28 or on 2027-03-01")
    page.get_by_role("button", name="Add the missing tests").first.click()
    expect(page.get_by_text(f"Tests for both days are saved in {RULES}")).to_be_visible()
    problems.get_by_role("button", name="Raise the version").click()
    expect(page.get_by_text("EEA/pack.yaml has its next version")).to_be_visible()
    expect(problems).to_contain_text("No problems")

    draft = page.url.split("/drafts/")[1].split("/")[0]
    page = editor(officer, draft, RULES, "rule=sca.low_value")
    page.get_by_role("button", name="Run the tests").click()
    expect(page.locator("#tests")).to_contain_text(re.compile(r"\d+ passed"))
    assert "failed" not in page.locator("#tests").inner_text()
    expect(page.locator("#tests")).to_contain_text("from 2027-03-01")

    officer.go(f"/drafts/{draft}")
    page.get_by_role("button", name="Check the whole draft").click()
    expect(page.get_by_text("Nothing is refused: it may be submitted.")).to_be_visible()
    officer.accessible()
    page.get_by_label("Under the law of the day").fill("2027-03-01")
    page.get_by_role("button", name="Start a back-test").click()
    expect(page.get_by_text("The back-test has begun")).to_be_visible()
    page.get_by_label("Why the law changes").fill("Delegated Regulation of 26 November 2026, Art. 1")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_text("Submitted. Somebody else approves it now.")).to_be_visible()
    assert house.api.get(f"/v1/drafts/{draft}").json()["state"] == "submitted"
    house.service.backtests.close()


def test_the_edit_is_made_by_the_keyboard_alone(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    page = editor(officer, draft)
    keyboard = page.keyboard

    def tab_to(name: str) -> None:
        """By the label, the words or the name of what has the focus."""
        for _ in range(40):
            keyboard.press("Tab")
            focused = page.evaluate(
                "(e => [e.name, e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText])(document.activeElement)"
            )
            if any((one or "").strip().startswith(name) for one in focused):
                return
        raise AssertionError(f"Tab never comes to {name}")

    page.locator(".skip").focus()
    keyboard.press("Enter")  # to the content, behind the menu
    tab_to("To the form")
    keyboard.press("Enter")  # past the entries of the file
    tab_to("new-from")
    keyboard.type("03032027")
    tab_to("Value (EUR)")
    keyboard.type("50")
    keyboard.press("Enter")
    expect(page.get_by_text("Changed in the text. Save to keep it.")).to_be_visible()
    expect(page.locator("[name=new-value]")).to_be_focused()
    keyboard.press("Control+s")
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    assert '{from: "2027-03-03", value: "50"}' in text_of(house, draft)
    page.locator("button[value=save]").focus()
    tab_to("The text")
    keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')"), "nobody is caught in the text"


def test_what_is_typed_in_the_text_is_checked_and_shows_in_the_form(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    page = editor(officer, draft, RULES, "rule=sca.low_value")
    expect(page.get_by_role("group", name="The rule in words")).to_contain_text("the channel is remote")
    lines = text_of(house, draft, RULES).split("\n")
    at = next(n for n, line in enumerate(lines, 1) if "electronic and amount <= low_value_single_max and low" in line)
    editor(officer, draft, RULES, f"rule=sca.low_value&line={at}")
    page.evaluate("document.querySelector('.cm-content').focus()")
    for _ in range(4):  # to the end of what is shown of the line, and at last to the end of the line
        page.keyboard.press("End")
    page.keyboard.type(" and payment.chanel")
    problems = page.locator("#problems")
    expect(problems).to_contain_text("payment.chanel")
    expect(problems).to_contain_text(re.compile("payment.channel"))
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    expect(page.locator("#problems-said")).to_contain_text("1 error")
    problems.get_by_role("link", name=f"Line {at}").first.click()
    assert page.evaluate("Boolean(document.activeElement.closest('.cm-editor'))")
    expect(page.get_by_text("The rule cannot be said in words until it can be read")).to_be_visible()
    for _ in range(4):
        page.keyboard.press("End")
    for _ in range(len(" and payment.chanel")):
        page.keyboard.press("Backspace")
    expect(page.get_by_role("group", name="The rule in words")).to_contain_text("the channel is remote")
    officer.accessible()


# -- time, tests, a payment --------------------------------------------------------------------------------------------


def test_a_payment_is_tried_beside_the_law_in_force(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    read = house.api.get(f"/v1/drafts/{draft}/files/{LIMITS}").json()
    change = {"kind": "add_value", "parameter": "low_value_single_max", "from": "2027-03-01", "value": "50"}
    with house.as_("officer") as api:
        made = api.post(
            f"/v1/drafts/{draft}/edits", json={"path": LIMITS, "edit": change}, headers={"if-match": read["etag"]}
        )
    assert made.status_code == 200, made.text
    page = editor(officer, draft)
    expect(page.get_by_role("img", name=re.compile("In time"))).to_be_visible()
    page.get_by_text("Ask the draft, beside the law in force").click()
    expect(page.get_by_label("Under the law of the day")).to_have_value("2027-03-01")
    page.get_by_role("button", name="Ask", exact=True).click()
    answers = page.get_by_role("group", name="Answers")
    expect(answers).to_contain_text("low_value")
    expect(page.get_by_role("region", name="What differs")).to_contain_text("/sca/verdict")
    officer.accessible()
    officer.fits()
    page.get_by_label("Payment", exact=True).fill("{")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("This is not JSON.")).to_be_visible()
    assert house.api.get("/v1/decisions").json()["data"] == []


# -- two at once, and a session that ends -------------------------------------------------------------------------------


def other_writes(house: House, draft: str, parameter: str, value: str) -> None:
    with house.as_("officer-2") as api:
        read = api.get(f"/v1/drafts/{draft}/files/{LIMITS}").json()
        change: dict[str, Any] = {"kind": "set_value", "parameter": parameter, "from": "2019-09-14", "value": value}
        done = api.post(
            f"/v1/drafts/{draft}/edits", json={"path": LIMITS, "edit": change}, headers={"if-match": read["etag"]}
        )
        assert done.status_code == 200, done.text


def test_two_officers_who_touch_different_lines_both_keep_theirs(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    officer.expected.append("412")
    page = editor(officer, draft)
    add_value(page)
    other_writes(house, draft, "contactless_single_max", "60")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Two wrote at once")).to_be_visible()
    expect(page.get_by_text("You touched different lines")).to_be_visible()
    expect(page.locator(".cm-mergeView")).to_be_visible()
    assert LINE not in text_of(house, draft)
    officer.accessible()
    officer.fits()
    page.get_by_role("button", name="Save this text").click()
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    kept = text_of(house, draft)
    assert LINE in kept
    assert '{from: "2019-09-14", value: "60"}' in kept


def test_of_the_same_line_the_second_sees_both_texts_and_chooses(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer", scripts=False)
    officer.expected.append("412")
    page = editor(officer, draft)
    page.get_by_label("Value from 2019-09-14").fill("35")
    page.get_by_role("button", name="Change 2019-09-14").click()
    expect(page.get_by_text("Changed in the text. Save to keep it.")).to_be_visible()
    other_writes(house, draft, "low_value_single_max", "45")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You touched the same lines")).to_be_visible()
    assert 'value: "45"' in page.get_by_role("textbox", name="Theirs, as it is saved").input_value()
    mine = page.get_by_role("textbox", name="Yours, to be saved").input_value()
    assert 'value: "35"' in mine
    assert 'value: "45"' in page.get_by_role("region", name="What they changed").inner_text()
    page.get_by_role("textbox", name="Yours, to be saved").fill(mine.replace('value: "35"', 'value: "40"'))
    page.get_by_role("button", name="Save this text").click()
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    assert 'value: "40"' in text_of(house, draft)
    versions = house.api.get(f"/v1/drafts/{draft}/versions/{LIMITS}").json()["versions"]
    assert any('value: "45"' in one["text"] for one in versions)


def test_a_session_that_ends_while_somebody_writes_loses_nothing(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    officer.expected.append("401")
    page = editor(officer, draft)
    add_value(page)
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    _sign_in(page, house)
    expect(page.get_by_role("heading", name="Go on where you were")).to_be_visible()
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("Saved in the draft.")).to_be_visible()
    assert LINE in text_of(house, draft)


def _sign_in(page: Page, house: House) -> None:
    page.get_by_text("Sign in with an API key").click()
    page.get_by_label("API key", exact=True).fill(house.key("officer"))
    page.get_by_role("button", name="Go on with this key").click()


def test_what_was_typed_before_a_window_closed_is_there_again(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer")
    page = editor(officer, draft)
    add_value(page)
    context = page.context
    page.close()
    officer.page = context.new_page()
    page = editor(officer, draft)
    expect(page.get_by_text("not saved")).to_be_visible()
    assert LINE in typed(page)


# -- without scripts, on a small screen, without the right --------------------------------------------------------------


def test_every_step_works_as_a_plain_form(visit: Visit, house: House) -> None:
    draft, officer = draft_of(house), visit("officer", scripts=False, width=390)
    page = editor(officer, draft)
    add_value(page)
    assert LINE in typed(page)
    page.get_by_role("button", name="low_value_count_max").click()
    assert LINE in typed(page), "another entry is opened, and the text is as it was typed"
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#problems")).to_contain_text("no test runs on 2027-02-28")
    page.get_by_role("textbox", name="The text").fill("domain: sca\nparameters: [")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("The text cannot be read yet")).to_be_visible()
    assert typed(page) == "domain: sca\nparameters: ["


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(
    "path",
    ["/drafts", "/drafts/new", "/drafts/{}?under=EEA", f"/drafts/{{}}/edit/{LIMITS}?parameter=low_value_single_max",
     f"/drafts/{{}}/edit/{RULES}?rule=sca.low_value", "/drafts/{}/edit/DE/tax.yaml", "/drafts/{}/edit/EEA/pack.yaml"],
)  # fmt: skip
def test_the_pages_are_for_everybody_on_every_screen(visit: Visit, house: House, path: str, dark: bool) -> None:
    draft = draft_of(house)
    officer = visit("officer", width=390, dark=dark, language="zh" if dark else "en")
    officer.page.set_default_timeout(60_000)
    officer.go(path.format(draft))
    officer.accessible()
    officer.fits()


def test_whoever_may_only_read_sees_no_button_and_gets_nowhere(visit: Visit, house: House) -> None:
    draft, auditor = draft_of(house), visit("auditor")
    auditor.expected.append("403")
    page = auditor.go("/drafts")
    assert page.get_by_role("link", name="New draft").count() == 0
    editor(auditor, draft)
    assert page.get_by_role("button", name="Save", exact=True).count() == 0
    assert page.get_by_role("button", name=re.compile("Add the value|Change|Raise")).count() == 0
    assert page.locator("#text").get_attribute("readonly") is not None
    auditor.accessible()
    auditor.go("/drafts/new")
    expect(page.get_by_role("heading", level=1)).to_contain_text("You may not do this")
    own = {"cookies": {"lexgate_session": house.key("auditor")}, "headers": {"Sec-Fetch-Site": "same-origin"}}
    form = {"do": "save", "text": "domain: sca\n", "etag": "x"}
    sent = httpx.post(f"{house.address}/console/drafts/{draft}/edit/{LIMITS}", data=form, timeout=60, **own)
    assert sent.status_code == 403
    change = {"kind": "add_value", "parameter": "low_value_single_max", "from": "2027-03-01", "value": "50"}
    with house.as_("auditor") as api:
        assert api.post(f"/v1/drafts/{draft}/edits", json={"path": LIMITS, "edit": change}).status_code == 403
    assert house.api.get(f"/v1/drafts/{draft}").json()["files"] == []
