"""How long the pages of the console take in a browser, over a ledger with many decisions and all packs.

    python -m bench.console [--decisions 100000] [--rounds 5]

For each page: from the call to the end of its load (styles, scripts and plots included), the median and the worst of the
rounds. The bar is one second.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.filled import fill
from engine.ledger import Scope
from tests.browser.conftest import chromium
from tests.browser.house import House

BAR_SECONDS = 1.0
PAGES = (
    "", "/law", "/law/DE", "/law/compare?a=DE&b=FR", "/law/grid", "/drafts", "/reviews", "/releases", "/changes",
    "/decisions", "/cases", "/onboarding", "/obligations", "/screening", "/tax", "/admin", "/account",
)  # fmt: skip


def measure(decisions: int, rounds: int, pages: tuple[str, ...] = PAGES) -> dict[str, list[float]]:
    """Page -> the seconds of each round, after one that is not counted."""
    with tempfile.TemporaryDirectory(prefix="lexgate-") as folder, sync_playwright() as playwright:
        house = House(Path(folder))
        fill(house.service, decisions)
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        cookie = {"name": "lexgate_session", "value": house.key("everything", Scope), "url": f"{house.address}/console"}
        context.add_cookies([cookie])
        page = context.new_page()
        decided = house.api.get("/v1/decisions", params={"limit": 1}).json()["data"][0]["id"]
        taken: dict[str, list[float]] = {}
        for path in (*pages, f"/decisions/{decided}"):
            for number in range(rounds + 1):
                begun = time.perf_counter()
                answer = page.goto(f"{house.address}/console{path}", wait_until="load")
                passed = time.perf_counter() - begun
                assert answer is not None and answer.status < 400, f"{path}: {answer and answer.status}"  # noqa: PT018
                if number:
                    taken.setdefault(path.replace(decided, "{id}") or "/", []).append(passed)
        browser.close()
        house.close()
    return taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    taken = measure(chosen.decisions, chosen.rounds)
    print(f"{chosen.decisions} decisions, median and worst of {chosen.rounds} rounds, bar {BAR_SECONDS} s")
    for path, seconds in taken.items():
        late = "  LATE" if max(seconds) > BAR_SECONDS else ""
        print(f"{path:28} {statistics.median(seconds):6.3f} {max(seconds):6.3f}{late}")


if __name__ == "__main__":
    main()
