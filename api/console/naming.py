"""What people, keys and Lexgate itself are called on a page: ids of the ledger become names where the interface knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from api.console.page import Page

MACHINE: Final = "system"
"""The actor of what nobody did."""
_MOST: Final = 200
"""Ids that the interface names at once."""


class Names:
    """`names(id)` is what somebody is called."""

    def __init__(self, page: Page, known: Mapping[str, str]) -> None:
        self._page, self._known = page, known

    def __call__(self, identity: str | None) -> str:
        """A name; the id itself where there is none."""
        if not identity:
            return "–"
        if identity == MACHINE:
            return "Lexgate"
        if self._page.caller is not None and identity == self._page.caller.id:
            return self._page._("you")
        return self._known.get(identity, identity)


async def known_names(page: Page, ids: Iterable[str | None]) -> dict[str, str]:
    """Id -> name, of those people and keys that the interface knows, asked for in as few calls as it allows."""
    wanted = sorted({one for one in ids if one and one != MACHINE})
    known: dict[str, str] = {}
    for start in range(0, len(wanted), _MOST):
        known |= await page.api.maybe("/v1/people/names", ids=",".join(wanted[start : start + _MOST])) or {}
    return known


async def names_of(page: Page, ids: Iterable[str | None]) -> Names:
    """The names of these ids. Whoever reads is `you`."""
    own = None if page.caller is None else page.caller.id
    return Names(page, await known_names(page, (one for one in ids if one != own)))
