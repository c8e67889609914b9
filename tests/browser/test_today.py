"""The first page in a real browser: what it tells, that it keeps itself up to date without moving anybody, and the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from api.bundled import samples
from tests.browser.house import House
from tests.browser.looking import Visitor
from tests.ledger.factories import entry, store

pytestmark = pytest.mark.untraced
_JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def lively(house: House) -> House:
    """Payments were decided, and one was answered by this worker."""
    body = (samples() / "eu-low-value.json").read_bytes()
    assert house.api.post("/v1/preflight", content=body, headers=_JSON).status_code == 200
    outcomes = ["allow"] * 6 + ["challenge"] * 3 + ["block"]
    store(house.service.ledger, *(entry(outcome=one, answer=b'{"sca":{"verdict":"exempt"}}') for one in outcomes))
    return house


def _total(visitor: Visitor) -> int:
    text = visitor.page.locator("#payments .stat b").first.inner_text()
    return int(text.replace(",", ""))


def test_the_morning_is_told_in_numbers_plots_and_words(visit, lively):
    visitor = visit("approver")
    page = visitor.go("")
    assert page.get_by_role("heading", level=1).inner_text() == "Today"
    assert _total(visitor) >= 11
    assert page.locator(".mix-words li", has_text="Blocked").locator("b").inner_text() == "1"
    for name in ("Needs attention", "Payments", "Waiting for your approval", "Obligations", "What we stand on"):
        expect(page.get_by_role("heading", name=name, exact=True), name).to_be_visible()
    expect(page.locator("#coming h4", has_text="Chile"), "its data law begins on 1 December").to_be_visible()
    for canvas in page.locator("canvas[data-plot]").all():
        drawn = "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some((part) => part)"
        assert canvas.evaluate(drawn), canvas.get_attribute("aria-label")
    page.locator("#flow summary").click()
    numbers = page.locator("#flow tbody tr").all_inner_texts()
    assert len(numbers) == 180
    assert sum(int(part) for row in numbers for part in row.split("\t")[1:]) >= 11, "the table says what the plot shows"
    visitor.accessible()
    visitor.fits()


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "en"), (390, True, "zh"), (1440, True, "en")])
def test_it_is_readable_narrow_dark_and_in_chinese(visit, lively, width, dark, language):
    visitor = visit("officer", width=width, dark=dark, language=language)
    page = visitor.go("?days=90")
    assert page.get_by_role("heading", level=1).inner_text() == ("今日" if language == "zh" else "Today")
    visitor.accessible()
    visitor.fits()


def test_it_keeps_itself_up_to_date_and_moves_nobody(visit, lively):
    visitor = visit("officer")
    visitor.page.clock.install()
    page = visitor.go("")
    before = _total(visitor)
    page.locator("#flow summary").click()
    focused = page.locator("#coming .spans a").first
    focused.focus()
    store(lively.service.ledger, *(entry() for _ in range(5)))
    page.clock.fast_forward(31_000)
    page.wait_for_function(
        "wanted => document.querySelector('#payments .stat b').textContent == wanted", arg=str(before + 5)
    )
    assert focused.evaluate("one => one === document.activeElement")
    assert page.locator("#flow details").evaluate("one => one.open"), "what was folded out stays so"
    page.get_by_role("button", name="Pause updates").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(65_000)
    page.wait_for_timeout(300)
    assert asked == [], "paused"


def test_nobody_there_and_the_session_may_end(visit, lively):
    visitor = visit("officer")
    visitor.page.clock.install()
    page = visitor.go("")
    page.clock.fast_forward(11 * 60_000)
    page.wait_for_timeout(300)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(65_000)
    page.wait_for_timeout(300)
    assert asked == []


def test_the_map_is_walked_by_keyboard_and_told_as_a_table(visit, lively):
    visitor = visit("auditor")
    page = visitor.go("")
    assert page.locator("svg.world title", has_text=re.compile("^Germany: .* entries, typically A")).count() == 1
    tab = page.get_by_role("link", name=re.compile("^Tax 1"))
    tab.focus()
    page.keyboard.press("Enter")
    page.locator("#coverage .tabs [aria-current]", has_text="Tax").wait_for()
    assert tab.evaluate("one => one === document.activeElement"), "the focus stays"
    page.locator("#world-table summary").focus()
    page.keyboard.press("Enter")
    rows = page.locator("#world-table tbody tr")
    assert rows.count() == 251
    assert rows.get_by_role("link", name="France").get_attribute("href") == "/console/law/FR"
    assert "nothing is told" in rows.filter(has_text="Antarctica").inner_text()
    visitor.accessible()


def test_without_scripts_everything_is_there_and_links_lead_on(visit, lively):
    visitor = visit("officer", scripts=False)
    page = visitor.go("")
    page.get_by_role("link", name="24 h").click()
    assert "hours=24" in page.url
    page.get_by_role("link", name=re.compile("^Tax 1")).click()
    assert "map=tax" in page.url
    assert page.locator("#coverage .tabs [aria-current]").inner_text().startswith("Tax")
    expect(page.get_by_role("button", name="Pause updates"), "nothing to pause").to_be_hidden()
