"""Pictures of every page of the console, for the documentation: `python -m tests.browser.shots [--out docs/console]`.

A house is filled with payments of a week, drafts, changes, cases and merchants, and each page is looked at as a person does:
1440 and 390 pixels wide, light and dark.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from engine.ledger import Scope
from tests.browser.conftest import chromium
from tests.browser.house import House
from tests.browser.scene import set_scene

WIDTHS = (1440, 390)
KINDS = tuple((width, scheme) for width in WIDTHS for scheme in ("light", "dark"))
_KEPT = ((1440, "light"), (390, "dark"))
"""Those that the documentation shows."""
_COLOURS = 96


def pages(house: House) -> Iterator[tuple[str, str]]:
    """Name of the picture and path, of every page that is worth one."""
    yield from set_scene(house)


def take(
    out: Path, only: str = "", *, languages: tuple[str, ...] = ("en",), kinds: tuple[tuple[int, str], ...] = KINDS
) -> None:
    """Take them."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="lexgate-") as folder:
        house = House(Path(folder), opened=datetime.now(UTC) - timedelta(hours=7))
        shown = [(name, path) for name, path in pages(house) if only in name]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            for width, scheme in kinds:
                for language in languages:
                    context = browser.new_context(
                        viewport={"width": width, "height": 900 if width > 400 else 844},
                        color_scheme=scheme,
                        locale="zh-CN" if language == "zh" else "en-GB",
                    )
                    value = house.key("Ana Duarte", Scope)
                    context.add_cookies(
                        [{"name": "lexgate_session", "value": value, "url": f"{house.address}/console"}]
                    )
                    page = context.new_page()
                    for name, path in shown:
                        page.goto(f"{house.address}/console{path}", wait_until="networkidle")
                        suffix = "" if language == "en" else f"-{language}"
                        _keep(page.screenshot(), out / f"{name}-{width}-{scheme}{suffix}.png")
                    context.close()
            browser.close()
        house.close()


def _keep(picture: bytes, path: Path) -> None:
    """As a palette of colours: a page has few, and the repository is no place for photographs."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(_COLOURS).save(path, optimize=True)


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/console"))
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--language", action="append", choices=("en", "zh"))
    parser.add_argument(
        "--all", action="store_true", help="both widths in both schemes, and not only those that are kept"
    )
    chosen = parser.parse_args()
    kinds = KINDS if chosen.all else _KEPT
    take(chosen.out, chosen.only, languages=tuple(chosen.language or ("en",)), kinds=kinds)


if __name__ == "__main__":
    main()
