"""Real pages in a real browser: one house a process, one fresh context a visitor."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.house import House
from tests.browser.looking import Visitor

expect.set_options(timeout=60_000)

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Where it is."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    assert found, "There is no Chromium: make browser"
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium. Missing is a failure: `make browser` brings it. It goes with the file: while it is there, an
    event loop runs in this thread, and tests of others could not run theirs."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house for the tests of one file. A file that needs its own data fills it through `house.api`."""
    made = House(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture
def visit(house: House, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """`visit("officer")`: somebody signed in at a desk; `visit("officer", width=390, dark=True, language="zh")`. `visit()` is
    signed in as nobody. At the end nothing may have gone wrong on any of their pages."""
    made: list[Visitor] = []

    def come(
        name: str = "", *, width: int = 1440, dark: bool = False, language: str = "en", scripts: bool = True
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            locale="zh-CN" if language == "zh" else "en-GB",
            java_script_enabled=scripts,
            timezone_id="Europe/Berlin",
        )
        visitor = Visitor(house, context)
        made.append(visitor)
        if not name:
            return visitor
        # A cookie, as the page to sign in gives it: that page has tests of its own.
        cookie = {"name": "lexgate_session", "value": house.key(name), "url": f"{house.address}/console"}
        context.add_cookies([cookie])
        return visitor

    yield come
    for visitor in made:
        visitor.clean()
        visitor.page.context.close()
