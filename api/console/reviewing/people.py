"""Names in the place of identities, as the interface tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from api.console.page import Page
from api.console.vocabulary import N_

MACHINE: Final = "system"
_ITSELF: Final = N_("Lexgate itself")
_MOST: Final = 100


async def names_of(page: Page, wanted: Iterable[str | None]) -> dict[str, str]:
    """Identity -> name, of each that is wanted; who has no name here is shown by the identity."""
    ids = sorted({one for one in wanted if one} - {MACHINE})
    found: dict[str, str] = {one: one for one in ids}
    for start in range(0, len(ids), _MOST):
        told: Any = await page.api.maybe("/v1/people/names", ids=",".join(ids[start : start + _MOST]))
        if isinstance(told, dict):
            found.update({key: name for key, name in told.items() if isinstance(name, str) and name})
    if page.caller is not None and page.caller.id in found:
        found[page.caller.id] = page.caller.name
    return {**found, MACHINE: page._(_ITSELF)}
