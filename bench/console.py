"""How long the pages of the console take in a browser, over a ledger with many decisions and all packs.

    python -m bench.console [--decisions 100000] [--rounds 5] [--folder PATH]

For each page: from the call until it can be used (styles, scripts, plots and the editor included), the median and the worst
of the rounds. The bar is one second. A folder that was given is kept, and what is in it is measured again without filling it.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.filled import fill
from engine.ledger import Scope
from tests.browser.conftest import chromium
from tests.browser.house import House
from tests.browser.lawmaking import LIMITS, RULES, Lawmakers

BAR_SECONDS = 1.0
PAGES = (
    "", "/?hours=168", "/law", "/law/DE", "/law/US", "/law/compare?a=DE&b=FR", "/law/grid",
    "/law/DE/parameters/low_value_single_max", "/drafts", "/drafts/{draft}", "/drafts/{draft}/edit/{limits}",
    "/drafts/{draft}/edit/{limits}?parameter=low_value_single_max", "/drafts/{draft}/edit/{rules}?rule=sca.low_value",
    "/reviews", "/reviews/{draft}", "/reviews/{draft}/changes", "/reviews/{draft}/meaning", "/reviews/{draft}/effect",
    "/releases", "/demotions", "/reevaluations", "/changes", "/decisions", "/decisions?outcome=block",
    "/decisions?currency=JPY&amount_from=12000", "/decisions/{decision}", "/cases", "/cases/{case}", "/onboarding",
    "/obligations", "/screening", "/clearances", "/lists", "/merchants", "/tax", "/tax/quote", "/tax/rates",
    "/tax/thresholds", "/tax/returns", "/admin", "/admin/people", "/admin/keys", "/admin/webhooks", "/admin/feeds",
    "/admin/audit", "/admin/policies", "/account",
)  # fmt: skip


def things(house: House) -> dict[str, str]:
    """What stands in the addresses: something of each kind that there is one of."""
    made = {"limits": LIMITS, "rules": RULES}
    made["draft"] = Lawmakers(house).submitted("Low value: EUR 50")
    made["decision"] = house.api.get("/v1/decisions", params={"limit": 1}).json()["data"][0]["id"]
    cases = house.api.get("/v1/cases", params={"limit": 1}).json()["data"]
    return made | ({"case": cases[0]["id"]} if cases else {})


def used(page: Page, address: str) -> float:
    """The seconds until the page can be used."""
    begun = time.perf_counter()
    answer = page.goto(address, wait_until="load")
    if "/edit/" in address:
        page.locator(".cm-content").wait_for()
    passed = time.perf_counter() - begun
    assert answer is not None and answer.status < 400, f"{address}: {answer and answer.status}"  # noqa: PT018
    return passed


@contextlib.contextmanager
def filled(folder: Path, decisions: int) -> Iterator[House]:
    """A house with as many decisions in its ledger, which is filled where it is new."""
    new = not (folder / "lexgate.db").exists()
    house = House(folder, opened=datetime.now(UTC) - timedelta(days=8) if new else None)
    if new:
        fill(house.service, decisions)
        # So many are not made in a minute: searching has long taken them in.
        while house.service.ledger.search.take_in(10_000):
            pass
    try:
        yield house
    finally:
        house.close()


def measure(folder: Path, decisions: int, rounds: int) -> dict[str, list[float]]:
    """Page -> the seconds of each round, after one that is not counted."""
    with filled(folder, decisions) as house, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        cookie = {"name": "lexgate_session", "value": house.key("everything", Scope), "url": f"{house.address}/console"}
        context.add_cookies([cookie])
        page = context.new_page()
        made = things(house)
        taken: dict[str, list[float]] = {}
        for path in PAGES:
            if "{case}" in path and "case" not in made:
                continue
            address = f"{house.address}/console{path.format(**made)}"
            used(page, address)
            taken[path or "/"] = [used(page, address) for _ in range(rounds)]
        browser.close()
    return taken


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the ledger is, or is to be kept")
    chosen = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lexgate-")))
        taken = measure(folder, chosen.decisions, chosen.rounds)
    print(f"{chosen.decisions} decisions, median and worst of {chosen.rounds} rounds, bar {BAR_SECONDS} s")
    for path, seconds in taken.items():
        late = "  LATE" if max(seconds) > BAR_SECONDS else ""
        print(f"{path:66} {statistics.median(seconds):6.3f} {max(seconds):6.3f}{late}")


if __name__ == "__main__":
    main()
