"""What pages load: bundles with the digest of their content in their names, as `scripts/assets` has built them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Final

from api.console.routing import PREFIX

BUILT: Final = Path(__file__).parent / "static"
SOURCES: Final = Path(__file__).parent / "assets" / "src"


@cache
def _manifest() -> dict[str, str]:
    file = BUILT / "manifest.json"
    if not file.exists():
        return {}
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def asset(name: str) -> str | None:
    """The address of `console.css`, `plots.js` ... None: not built; styles are then read as they were written."""
    built = _manifest().get(name)
    if built is not None:
        return f"{PREFIX}/static/{built}"
    return f"{PREFIX}/source/{name}" if name.endswith(".css") and (SOURCES / name).exists() else None
