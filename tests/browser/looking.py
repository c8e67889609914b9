"""A browser that holds every page to the house's rules while a test walks through it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.browser.house import House

_AXE = Path(__file__).parents[2] / "api/console/assets/node_modules/axe-core/axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


class Visitor:
    """One person at a browser. `page` is Playwright's; what goes wrong meanwhile is kept in `faults`."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.house = house
        self.page: Page = context.new_page()
        self.page.set_default_timeout(20_000)
        self.faults: list[str] = []
        self.expected: list[str] = []
        """Patterns of console errors that a test provokes: a 403 or a 412 is one to a browser."""
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.house.address, "data:", "blob:")):
            self.faults.append(f"foreign request: {request.url}")

    def go(self, path: str) -> Page:
        """Open a page of the console: `go("/drafts")`."""
        self.page.goto(f"{self.house.address}/console{path}")
        return self.page

    def sign_in(self, name: str) -> Visitor:
        """As somebody of a role, by a key."""
        if "/sign-in" not in self.page.url:
            self.go("/sign-in")
        self.page.get_by_text("Sign in with an API key").click()
        self.page.get_by_label("API key", exact=True).fill(self.house.key(name))
        self.page.get_by_role("button", name="Go on with this key").click()
        self.page.wait_for_url(re.compile(r"/console($|\?|/(?!sign-in))"))
        return self

    def accessible(self) -> None:
        """axe finds nothing serious on the page that is open."""
        self.page.evaluate(_axe())
        found: dict[str, Any] = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", _TAGS
        )
        told = [
            f"{one['id']} ({one['impact']}): {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
            for one in found["violations"]
            if one["impact"] in ("serious", "critical")
        ]
        assert not told, "\n".join(told)

    def fits(self) -> None:
        """Nothing is wider than the window but what scrolls in a box of its own."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} pixels wider than the window"

    def clean(self) -> None:
        """Nothing went wrong that the test did not expect."""
        left = [one for one in self.faults if not any(re.search(pattern, one) for pattern in self.expected)]
        assert not left, "\n".join(left)
