"""Names in the place of identities, as the interface tells them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from api.console.naming import MACHINE, known_names
from api.console.page import Page
from api.console.vocabulary import N_

_ITSELF: Final = N_("Lexgate itself")


async def names_of(page: Page, wanted: Iterable[str | None]) -> dict[str, str]:
    """Identity -> name, of each that is wanted; who has no name here is shown by the identity."""
    ids = {one for one in wanted if one} - {MACHINE}
    told = await known_names(page, ids)
    found = {one: told.get(one) or one for one in ids}
    if page.caller is not None and page.caller.id in found:
        found[page.caller.id] = page.caller.name
    return {**found, MACHINE: page._(_ITSELF)}
